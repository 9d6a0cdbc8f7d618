//! Claims against an epoch, by the rules of Uniswap's MerkleDistributor: anybody brings the proof, the account is paid,
//! each index once. Leaves are hashed twice, so that no inner node passes for one.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{List, Revert, encode, ensure};
use consilium_components::merkle;
use stylus_sdk::prelude::*;

use crate::RevenueSplitter;
use crate::abi::*;
use crate::rules::{self, PUBLISHED};
use crate::storage::EpochWord;

/// The most gas that one of many claims gets to pay an account: so that none uses up the others'.
const MANY_GAS: u64 = 500_000;

/// How a claim is paid.
pub(crate) struct Way {
    /// To whom.
    pub(crate) to: Address,
    /// Whether the account itself says so.
    pub(crate) own: bool,
    /// Whether the account agrees that it is paid now, with whatever loss.
    pub(crate) at_a_loss: bool,
    /// With how much gas.
    pub(crate) gas: u64,
}

impl RevenueSplitter {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn is_claimed(&self, number: u32, index: U256) -> bool {
        rules::is_set(&self.claimed(number, index), index.byte(0))
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn claim(
        &mut self,
        number: u32,
        index: U256,
        account: Address,
        amount: U256,
        proof: List<'_, B256>,
    ) -> Result<(), Revert> {
        let own = account == self.vm().msg_sender();
        let way = Way { to: account, own, at_a_loss: own, gas: u64::MAX };
        self.claim_to(number, &Claim { index, account, amount, proof }, &way)
    }

    /// A claim that failed has written nothing that stays, and its reason is logged. It failed for itself alone, or for
    /// too little gas: either way it can be brought again.
    pub(crate) fn claim_many(&mut self, number: u32, claims: List<'_, Claim<'_>>) -> Result<Vec<bool>, Revert> {
        let root = self.root(number);
        let (token, sender) = (self.open(number, root)?.token, self.vm().msg_sender());
        let mut balance = self.balance_for(token)?;
        let mut done = Vec::with_capacity(claims.len());
        for claim in claims {
            let (to, index) = (claim.account, claim.index);
            let own = to == sender;
            let way = Way { to, own, at_a_loss: own, gas: MANY_GAS };
            let result = if proven_root(&claim) == root {
                self.claim_one(number, token, &claim, &way, &mut balance)
            } else {
                Err(SplitterInvalidProof { number, index }.into())
            };
            done.push(result.is_ok());
            if let Err(reason) = result {
                // A token that said no and moved something all the same: nothing of this stays.
                // More than there was is a gift, or a gain.
                let now = self.balance_for(token)?;
                ensure!(now >= balance, SplitterTransferFailed { token, to, amount: claim.amount });
                balance = now;
                ClaimSkipped { number, index, reason: reason.data() }.log(self);
            }
        }
        Ok(done)
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Pays what is claimed. UNGUARDED: the caller of this has checked that the account agrees with the way, where it
    /// says so or somebody else is paid.
    pub(crate) fn claim_to(&mut self, number: u32, claim: &Claim<'_>, way: &Way) -> Result<(), Revert> {
        // An epoch is found by its root: where the proof leads to another one, there is none.
        let root = proven_root(claim);
        ensure!(self.stored_epoch(number, root).state != 0, SplitterInvalidProof { number, index: claim.index });
        let token = self.open(number, root)?.token;
        let mut balance = self.balance_for(token)?;
        self.claim_one(number, token, claim, way, &mut balance)
    }

    /// The same in an epoch that is open, with the balance as it is. UNGUARDED: the caller of this has also checked
    /// that the proof leads to the epoch's root.
    fn claim_one(
        &mut self,
        number: u32,
        token: Address,
        claim: &Claim<'_>,
        way: &Way,
        balance: &mut u128,
    ) -> Result<(), Revert> {
        let &Claim { index, account, amount, .. } = claim;
        let (bits, bit) = (self.claimed(number, index), index.byte(0));
        ensure!(!rules::is_set(&bits, bit), SplitterAlreadyClaimed { number, index });
        ensure!(way.own || !index.bit(255), SplitterSignatureNeeded { account });
        // What does not fit is more than any epoch has.
        let amount = amount.try_into().unwrap_or(u128::MAX);

        self.set_claimed(number, index, rules::with_bit(bits.0, bit).into());
        match self.pay_out(number, token, amount, way, balance) {
            Ok(paid) => {
                Claimed { number, index, account, to: way.to, amount: paid }.log(self);
                self.log_loss(token, account, amount - paid);
                Ok(())
            }
            Err(reason) => {
                self.set_claimed(number, index, bits);
                Err(reason)
            }
        }
    }

    /// An epoch that can be claimed now.
    fn open(&self, number: u32, root: B256) -> Result<EpochWord, Revert> {
        let (epoch, now) = (self.stored_epoch(number, root), self.vm().block_timestamp());
        let is_open = epoch.state == PUBLISHED && now >= epoch.claimable_from && now <= epoch.deadline;
        ensure!(is_open, SplitterNotOpen { number });
        Ok(epoch)
    }
}

/// The root that a claim's proof leads to.
fn proven_root(claim: &Claim<'_>) -> B256 {
    let leaf = encode!((uint256, address, uint256) => claim.index, claim.account, claim.amount);
    merkle::process(claim.proof, merkle::leaf(&leaf))
}
