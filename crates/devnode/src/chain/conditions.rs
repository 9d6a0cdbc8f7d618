//! Conditions on which a transaction may be sent (`eth_sendRawTransactionConditional`).

use super::block::Block;
use crate::state::StateView;
use alloy_primitives::{Address, B256, U256};

/// What must be so in the newest block; what is not set is not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    /// L1 block number, at least.
    pub block_number_min: Option<u64>,
    /// L1 block number, at most.
    pub block_number_max: Option<u64>,
    /// Time in seconds, at least.
    pub timestamp_min: Option<u64>,
    /// Time in seconds, at most.
    pub timestamp_max: Option<u64>,
    /// What accounts must have stored.
    pub known_accounts: Vec<(Address, KnownStorage)>,
}

/// What an account must have stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownStorage {
    /// All of it, by the root of its trie.
    Root(B256),
    /// Some slots.
    Slots(Vec<(B256, B256)>),
}

impl Conditions {
    /// The condition that is not met, in Nitro's words.
    pub(super) fn check(&self, head: &Block, view: &StateView) -> Result<(), &'static str> {
        let (number, time) = (head.arbos.l1_block_number, head.header.timestamp);
        for (broken, text) in [
            (self.block_number_min.is_some_and(|min| number < min), "BlockNumberMin condition not met"),
            (self.block_number_max.is_some_and(|max| number > max), "BlockNumberMax condition not met"),
            (self.timestamp_min.is_some_and(|min| time < min), "TimestampMin condition not met"),
            (self.timestamp_max.is_some_and(|max| time > max), "TimestampMax condition not met"),
        ] {
            if broken {
                return Err(text);
            }
        }
        self.known_accounts.iter().try_for_each(|(address, known)| known.check(*address, view))
    }
}

impl KnownStorage {
    fn check(&self, address: Address, view: &StateView) -> Result<(), &'static str> {
        match self {
            Self::Root(root) if storage_root(address, view) != *root => Err("Storage root hash condition not met"),
            Self::Slots(slots)
                if slots
                    .iter()
                    .any(|(slot, value)| view.slot(address, (*slot).into()) != U256::from_be_bytes(value.0)) =>
            {
                Err("Storage slot value condition not met")
            }
            Self::Root(_) | Self::Slots(_) => Ok(()),
        }
    }
}

/// Root of an account's storage trie; zero if there is no account.
fn storage_root(address: Address, view: &StateView) -> B256 {
    view.account(&address).map_or(B256::ZERO, |_| view.trie().storage_root(&address))
}
