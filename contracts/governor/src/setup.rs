//! The constructor.

use alloy_primitives::{Address, U256};
use consilium_abi::Revert;

use crate::Governor;
use crate::abi::*;
use crate::rules;
use crate::words::Voting;

impl Governor {
    /// Checks and logs in the order of OpenZeppelin's constructors.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn initialize(
        &mut self,
        name: &[u8],
        token: Address,
        timelock: Address,
        voting_delay: u64,
        voting_period: u32,
        proposal_threshold: U256,
        quorum: U256,
        super_quorum: U256,
        extension: u64,
        guardian: Address,
    ) -> Result<(), Revert> {
        self.set_name(name);

        self.write_voting_delay(voting_delay);
        self.write_voting_period(voting_period)?;
        self.write_proposal_threshold(proposal_threshold);

        // The super-quorum is not there yet, so the quorum is checked against the whole alone, and it against the quorum.
        let quorum_numerator = rules::first_quorum(quorum)?;
        QuorumNumeratorUpdated { old_quorum_numerator: 0u8, new_quorum_numerator: quorum_numerator }.log(self);
        let super_quorum_numerator = rules::check_super_quorum(super_quorum, quorum_numerator)?;
        SuperQuorumNumeratorUpdated {
            old_super_quorum_numerator: 0u8,
            new_super_quorum_numerator: super_quorum_numerator,
        }
        .log(self);
        let (has_clock, since) = self.first_clock(token)?;
        let voting = Voting {
            token,
            since,
            quorum: quorum_numerator,
            answers_at_once: has_clock && self.offers_all_at_once(token),
            super_quorum: super_quorum_numerator,
            has_clock,
            period: voting_period,
        };
        self.set_voting(&voting);

        self.write_extension(extension)?;
        self.write_timelock(timelock);
        self.write_guardian(guardian);
        Ok(())
    }
}
