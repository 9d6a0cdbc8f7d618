//! Who signed a transaction, who is missing, and what has become of it.

use alloy::primitives::{Address, B256, U256};
use eyre::Result;

use super::node::{Safe, State};
use super::proposal::Proposal;

/// Where a transaction is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It was executed in this transaction; whether its call succeeded.
    Executed {
        /// The transaction of the chain.
        transaction: B256,
        /// Whether its call succeeded.
        success: bool,
    },
    /// Another one took its nonce.
    Replaced,
    /// So many transactions of the Safe come before it.
    Waits(U256),
    /// It is the next one, and owners have to sign yet.
    Signing,
    /// It can be executed.
    Ready,
}

/// A transaction and its Safe, as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The Safe.
    pub state: State,
    /// Owners whose signatures are in the file, and which the Safe takes.
    pub signed: Vec<Address>,
    /// Owners that have approved the hash on the chain, and no signature of whom is counted.
    pub approved: Vec<Address>,
    /// The other owners.
    pub missing: Vec<Address>,
    /// Signatures in the file whose keys are owners no more.
    pub foreign: Vec<Address>,
    /// Owners whose signatures in the file the Safe does not take, and why.
    pub refused: Vec<(Address, String)>,
    /// What has become of it.
    pub stage: Stage,
}

impl Standing {
    /// Looks at the chain.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn of(safe: &Safe, proposal: &Proposal) -> Result<Self> {
        let state = safe.state().await?;
        let hash = proposal.hashes().transaction;
        let approvals = safe.approvals(&state.facts.owners, hash).await?;
        let mut refused = Vec::new();
        for confirmation in proposal.signatures() {
            let owner = confirmation.owner;
            if state.facts.owners.contains(&owner)
                && let Some(reason) = safe.objection(proposal, confirmation).await?
            {
                refused.push((owner, reason));
            }
        }
        let mut standing = Self::split(proposal, state, &approvals, refused);
        standing.stage = match proposal.transaction().nonce.checked_sub(standing.state.nonce) {
            None => match safe.execution(hash).await? {
                Some((transaction, success)) => Stage::Executed { transaction, success },
                None => Stage::Replaced,
            },
            Some(U256::ZERO) if standing.lacks() == 0 => Stage::Ready,
            Some(U256::ZERO) => Stage::Signing,
            Some(before) => Stage::Waits(before),
        };
        Ok(standing)
    }

    fn split(proposal: &Proposal, state: State, approvals: &[Address], refused: Vec<(Address, String)>) -> Self {
        let (mut signed, mut approved, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for owner in &state.facts.owners {
            let is_refused = refused.iter().any(|(other, _)| other == owner);
            if proposal.signature_of(*owner).is_some() && !is_refused {
                signed.push(*owner);
            } else if approvals.contains(owner) {
                approved.push(*owner);
            } else {
                missing.push(*owner);
            }
        }
        let signers = proposal.signatures().iter().map(|confirmation| confirmation.owner);
        let foreign = signers.filter(|signer| !state.facts.owners.contains(signer)).collect();
        Self { state, signed, approved, missing, foreign, refused, stage: Stage::Signing }
    }

    /// How many owners have to sign yet.
    pub fn lacks(&self) -> u64 {
        self.state.facts.threshold.saturating_sub((self.signed.len() + self.approved.len()) as u64)
    }
}
