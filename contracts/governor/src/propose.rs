//! Proposing.

use alloy_primitives::{Address, U256, keccak256};
use consilium_abi::{List, Panic, Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;
use crate::details::Details;
use crate::rules;
use crate::words::Core;

impl Governor {
    pub(crate) fn propose(
        &mut self,
        targets: List<'_, Address>,
        values: List<'_, U256>,
        calldatas: List<'_, &[u8]>,
        description: &[u8],
    ) -> Result<U256, Revert> {
        let proposer = self.vm().msg_sender();
        ensure!(rules::may_propose(proposer, description), GovernorRestrictedProposer { proposer: &proposer });
        let now = self.clock()?;
        self.check_threshold(proposer, now)?;

        let details = Details { targets, values, calldatas, description_hash: keccak256(description) };
        let preimage = details.encode();
        let id = U256::from_be_bytes(keccak256(&preimage).0);
        ensure!(
            targets.len() == values.len() && targets.len() == calldatas.len() && !targets.is_empty(),
            // Each element takes a word of calldata, so the lengths fit.
            GovernorInvalidProposalLength {
                targets: targets.len() as u32,
                calldatas: calldatas.len() as u32,
                values: values.len() as u32,
            }
        );
        let known = self.core(id);
        if known.start != 0 {
            let (state, _) = self.state_and_time(id, &known)?;
            state.expect(id, 0)?;
        }

        // Both are below 2^48.
        let start = rules::to_time(U256::from(now + self.control().delay))?;
        let duration = self.voting().period.into();
        self.set_core(id, &Core { proposer, start, duration, executed: false, canceled: false, quorum_reached: false });
        self.add_proposal(id, &preimage);

        ProposalCreated {
            proposal_id: &id,
            proposer: &proposer,
            targets,
            values,
            signatures: List::<&[u8]>::blank(targets.len()),
            calldatas,
            vote_start: start,
            vote_end: start + duration,
            description,
        }
        .log(self);
        Ok(id)
    }

    /// Reverts unless the proposer had the threshold one timepoint ago: present votes can be borrowed.
    fn check_threshold(&self, proposer: Address, now: u64) -> Result<(), Revert> {
        let threshold = self.proposal_threshold();
        if threshold.is_zero() {
            return Ok(());
        }
        let before = now.checked_sub(1).ok_or(Panic::Arithmetic)?;
        let votes = self.get_votes(proposer, U256::from(before))?;
        ensure!(
            votes >= threshold,
            GovernorInsufficientProposerVotes { proposer: &proposer, votes: &votes, threshold: &threshold }
        );
        Ok(())
    }
}
