//! The timelock's rules, without a chain: what state an operation is in, when one may be scheduled, what its id is.

use alloy_primitives::{Address, B256, U256, b256, keccak256, uint};
use consilium_abi::{List, encode};

/// May schedule: keccak-256 of the name.
pub(crate) const PROPOSER_ROLE: B256 = b256!("0xb09aa5aeb3702cfd50b6b62bc4532604938f21248a27a1d5ca736082b6819cc1");
/// May execute: keccak-256 of the name.
pub(crate) const EXECUTOR_ROLE: B256 = b256!("0xd8aa0f3194971a2a116679f7c2090f6939c8d4e01a2a8d7e41d55e5351469e63");
/// May cancel: keccak-256 of the name.
pub(crate) const CANCELLER_ROLE: B256 = b256!("0xfd643c72710c63c0180259aba6b2d05451e3591a24e58b62239378085726f783");

/// The timestamp of an operation that is done: long past, so no operation that waits can have it.
pub(crate) const DONE: U256 = uint!(1_U256);

/// The state of an operation. The numbers are the ABI's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    /// Never scheduled, or cancelled.
    Unset,
    /// Scheduled, and its delay is not over.
    Waiting,
    /// May be executed.
    Ready,
    /// Executed.
    Done,
}

impl State {
    /// The state that a stored timestamp means at the time `now`.
    pub(crate) fn of(timestamp: U256, now: u64) -> Self {
        if timestamp.is_zero() {
            Self::Unset
        } else if timestamp == DONE {
            Self::Done
        } else if timestamp > U256::from(now) {
            Self::Waiting
        } else {
            Self::Ready
        }
    }

    /// The bit of this state in a set of states, as in TimelockUnexpectedOperationState.
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// When an operation that is scheduled at `now` will be ready; none if that is beyond 2^256 seconds.
pub(crate) fn ready_at(now: u64, delay: U256) -> Option<U256> {
    U256::from(now).checked_add(delay)
}

/// The id of a single call: what it does, hashed.
pub(crate) fn id(target: Address, value: U256, data: &[u8], predecessor: B256, salt: B256) -> B256 {
    keccak256(encode!((address, uint256, bytes, bytes32, bytes32) => target, value, data, predecessor, salt))
}

/// The id of a batch: what it does, hashed.
pub(crate) fn batch_id(
    targets: List<'_, Address>,
    values: List<'_, U256>,
    payloads: List<'_, &[u8]>,
    predecessor: B256,
    salt: B256,
) -> B256 {
    keccak256(encode!(
        (address[], uint256[], bytes[], bytes32, bytes32) => targets, values, payloads, predecessor, salt
    ))
}

#[cfg(test)]
mod tests;
