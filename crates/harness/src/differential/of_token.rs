//! The token's calls, signed ones among them, and what is asked of the past.

use alloy::{
    primitives::{Address, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::{Governor as G, VotingToken as T};
use eyre::Result;

use super::{
    action::{Action, Flaw},
    resolve::SOON,
    setup::TOKEN_NAME,
    sign::sign,
    views::{Question, calldata, word},
    world::{World, amount},
};
use crate::typed_data;

impl World {
    pub(super) fn of_token(&self, action: &Action) -> Result<(u8, Vec<u8>)> {
        let person = |person| word(self.people.person(person));
        Ok(match *action {
            Action::Transfer { by, to, amount: value } => {
                (by, calldata(T::transferCall::SELECTOR, &[person(to), amount(value)]))
            }
            Action::TransferFrom { by, from, to, amount: value } => {
                (by, calldata(T::transferFromCall::SELECTOR, &[person(from), person(to), amount(value)]))
            }
            Action::Approve { by, spender, amount: value } => {
                (by, calldata(T::approveCall::SELECTOR, &[person(spender), amount(value)]))
            }
            Action::Delegate { by, to } => (by, calldata(T::delegateCall::SELECTOR, &[person(to)])),
            Action::Permit { by, signer, owner, spender, amount: value, flaw } => {
                let (owner, spender) = (self.people.person(owner), self.people.person(spender));
                let (value, deadline) = (amount(value), self.deadline(flaw));
                let nonce = self.nonce(self.token, owner, flaw);
                let message = typed_data::Permit { owner, spender, value, nonce, deadline };
                let parts = sign(self.people.signer(signer), TOKEN_NAME, self.token, &message, flaw)?;
                (by, T::permitCall { owner, spender, value, deadline, v: parts.v, r: parts.r, s: parts.s }.abi_encode())
            }
            Action::DelegateBySig { by, signer, to, flaw } => {
                let (delegatee, expiry) = (self.people.person(to), self.deadline(flaw));
                let key = self.people.signer(signer);
                let nonce = self.nonce(self.token, key.address(), flaw);
                let message = typed_data::Delegation { delegatee, nonce, expiry };
                let parts = sign(key, TOKEN_NAME, self.token, &message, flaw)?;
                let (v, r, s) = (parts.v, parts.r, parts.s);
                (by, T::delegateBySigCall { delegatee, nonce, expiry, v, r, s }.abi_encode())
            }
            _ => eyre::bail!("not the token's: {action:?}"),
        })
    }

    fn deadline(&self, flaw: Flaw) -> U256 {
        U256::from(if flaw == Flaw::Expired { self.time - 1 } else { self.time + SOON })
    }

    /// The nonce that is signed: the next one, unless the flaw is there.
    pub(super) fn nonce(&self, contract: Address, owner: Address, flaw: Flaw) -> U256 {
        let next = Question { to: contract, data: calldata(T::noncesCall::SELECTOR, &[word(owner)]) };
        let next = self.known(&next).unwrap_or_default();
        match flaw {
            Flaw::Nonce(more) if more < 0 => next.wrapping_sub(U256::from(more.unsigned_abs())),
            Flaw::Nonce(more) => next + U256::from(more.unsigned_abs()),
            _ => next,
        }
    }

    pub(super) fn look(&self, what: u8, who: u8, back: i16) -> (Address, Vec<u8>) {
        let account = word(self.people.person(who));
        let timepoint = U256::from(self.clock().saturating_add_signed(-i64::from(back)));
        let position = U256::from(back.unsigned_abs());
        let (token, governor) = (self.token, self.governor);
        match what % 10 {
            0 => (token, calldata(T::getPastVotesCall::SELECTOR, &[account, timepoint])),
            1 => (token, calldata(T::getPastTotalSupplyCall::SELECTOR, &[timepoint])),
            2 => (token, calldata(T::checkpointsCall::SELECTOR, &[account, position])),
            3 => (governor, calldata(G::quorumCall::SELECTOR, &[timepoint])),
            4 => (governor, calldata(G::superQuorumCall::SELECTOR, &[timepoint])),
            5 => (governor, calldata(G::quorumNumerator_1Call::SELECTOR, &[timepoint])),
            6 => (governor, calldata(G::superQuorumNumerator_1Call::SELECTOR, &[timepoint])),
            7 => (governor, calldata(G::getVotesCall::SELECTOR, &[account, timepoint])),
            8 => (governor, calldata(G::proposalDetailsAtCall::SELECTOR, &[position])),
            _ => {
                let (account, params) = (self.people.person(who), Bytes::from_static(b"of no meaning"));
                (governor, G::getVotesWithParamsCall { account, timepoint, params }.abi_encode())
            }
        }
    }
}
