//! The governor's calls: proposals, votes and those by signature, and what moves a proposal on.

use alloy::{
    primitives::{Address, B256, Bytes, U256, hex, keccak256},
    sol_types::SolCall,
};
use consilium_bindings::Governor as G;
use eyre::Result;

use super::{
    action::{Ballot, Deed, Flaw, Params, Skew, Tail},
    setup::GOVERNOR_NAME,
    sign::sign,
    views::calldata,
    world::{Calls, Proposal, World},
};
use crate::typed_data;

impl World {
    pub(super) fn make_proposal(&self, deeds: &[Deed], tail: Tail, skew: Skew) -> Proposal {
        let calls = Calls::new(deeds.iter().map(|deed| self.deed(deed)), skew);
        let of = |person| format!("#proposer=0x{}", hex::encode(self.people.person(person)));
        let tail = match tail {
            Tail::None => String::new(),
            Tail::Proposer(person) => of(person),
            Tail::Broken(person) => of(person).replace(['0', 'a', '1'], "g"),
            Tail::Capitals(person) => format!("#proposer={}", self.people.person(person)),
        };
        Proposal::new(calls, format!("Proposal {}{tail}", self.proposals.len()))
    }

    pub(super) fn vote(&self, proposal: u8, ballot: &Ballot) -> Vec<u8> {
        let (id, support) = (self.proposal_id(proposal), ballot.support);
        match (&ballot.reason, &ballot.params) {
            (None, None) => calldata(G::castVoteCall::SELECTOR, &[id, U256::from(support)]),
            (Some(reason), None) => {
                let reason = reason.clone();
                G::castVoteWithReasonCall { proposalId: id, support, reason }.abi_encode()
            }
            (reason, Some(params)) => {
                let (reason, params) = (reason.clone().unwrap_or_default(), params.bytes());
                G::castVoteWithReasonAndParamsCall { proposalId: id, support, reason, params }.abi_encode()
            }
        }
    }

    pub(super) fn vote_by_sig(
        &self,
        signer: u8,
        voter: u8,
        proposal: u8,
        ballot: &Ballot,
        flaw: Flaw,
    ) -> Result<Vec<u8>> {
        let (voter, support, proposal_id) = (self.people.person(voter), ballot.support, self.proposal_id(proposal));
        let nonce = self.nonce(self.governor, voter, flaw);
        let of_voter = |message: &dyn Fn() -> Result<Vec<u8>>| match flaw {
            _ if voter != self.people.wallet() => message(),
            // The wallet answers as its signature says.
            Flaw::None => Ok(b"yes".to_vec()),
            Flaw::Nonce(_) => Ok(b"nearly".to_vec()),
            Flaw::Expired => Ok(b"revert".to_vec()),
            Flaw::Length(_) => Ok(b"short".to_vec()),
            Flaw::Noise(_) => Ok(b"burn".to_vec()),
            _ => Ok(b"no".to_vec()),
        };
        let key = self.people.signer(signer);
        if ballot.reason.is_none() && ballot.params.is_none() {
            let signature = of_voter(&|| {
                let message = typed_data::Ballot { proposalId: proposal_id, support, voter, nonce };
                Ok(sign(key, GOVERNOR_NAME, self.governor, &message, flaw)?.bytes(flaw))
            })?;
            let signature = signature.into();
            return Ok(G::castVoteBySigCall { proposalId: proposal_id, support, voter, signature }.abi_encode());
        }
        let reason = ballot.reason.clone().unwrap_or_default();
        let params = ballot.params.as_ref().map(Params::bytes).unwrap_or_default();
        let signature = of_voter(&|| {
            let (reason, params) = (reason.clone(), params.clone());
            let message = typed_data::ExtendedBallot { proposalId: proposal_id, support, voter, nonce, reason, params };
            Ok(sign(key, GOVERNOR_NAME, self.governor, &message, flaw)?.bytes(flaw))
        })?
        .into();
        let call = G::castVoteWithReasonAndParamsBySigCall {
            proposalId: proposal_id,
            support,
            voter,
            reason,
            params,
            signature,
        };
        Ok(call.abi_encode())
    }

    /// Moves a proposal on, by its id or by its content.
    pub(super) fn moved(
        &self,
        back: u8,
        by_id: bool,
        selector: [u8; 4],
        by_content: impl Fn(Vec<Address>, Vec<U256>, Vec<Bytes>, B256) -> Vec<u8>,
    ) -> Vec<u8> {
        match self.proposal(back) {
            Some(Proposal { calls, description, .. }) if !by_id => {
                let Calls { targets, values, calldatas } = calls.clone();
                by_content(targets, values, calldatas, keccak256(description))
            }
            _ => calldata(selector, &[self.proposal_id(back)]),
        }
    }
}

impl Params {
    fn bytes(&self) -> Bytes {
        match self {
            Self::Split(votes) => votes.iter().flat_map(|votes| u128::from(*votes).to_be_bytes()).collect(),
            Self::Bytes(bytes) => bytes.clone().into(),
        }
    }
}

pub(super) fn propose(proposal: &Proposal) -> Vec<u8> {
    let Calls { targets, values, calldatas } = proposal.calls.clone();
    G::proposeCall { targets, values, calldatas, description: proposal.description.clone() }.abi_encode()
}
