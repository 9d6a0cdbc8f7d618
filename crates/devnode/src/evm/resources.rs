//! Gas by the resource that it was used for (Nitro: `arbitrum/multigas` of go-ethereum's fork,
//! `docs/decisions/0002-multi-dimensional-gas-metering.md`).
//!
//! Only a chain whose owner has set prices by several resources asks for it. Code counts what is *not* its computation while
//! it runs, and nothing takes that back, not even a revert. Computation is the rest of all gas that was used.

use super::Message;

/// What gas can be used for, by ArbOS' numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Everything that is nothing of the following: opcodes, memory, hashing, warm reads, transfers of value, gas that is lost
    /// in a failure.
    Computation = 1,
    /// Bytes of logs, topics among them.
    HistoryGrowth = 2,
    /// First touches of slots and accounts, and code that is read.
    StorageRead = 3,
    /// Slots that change and do not grow the state, contracts that vanish.
    StorageWrite = 4,
    /// New slots, accounts and code.
    StorageGrowth = 5,
    /// Gas that stands for an amount of wei: for L1 data, and what owners add to an activation.
    SingleDim = 6,
    /// Calldata of transactions, and arguments of ArbOS' precompiles.
    L2Calldata = 7,
    /// What a program does between and in its host calls, but for what those do to the state.
    WasmComputation = 8,
}

/// How many kinds ArbOS has; the first, 0, is unknown and never used.
pub const KINDS: usize = 9;

/// An amount of gas for each kind of resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resources([u64; KINDS]);

impl Resources {
    /// Adds gas of one resource.
    pub fn add(&mut self, resource: Resource, gas: u64) {
        let amount = &mut self.0[resource as usize];
        *amount = amount.saturating_add(gas);
    }

    /// Adds all gas of another.
    pub fn add_all(&mut self, other: &Self) {
        for (amount, more) in self.0.iter_mut().zip(other.0) {
            *amount = amount.saturating_add(more);
        }
    }

    /// Takes gas of one resource off, as far as there is any.
    pub fn take(&mut self, resource: Resource, gas: u64) {
        let amount = &mut self.0[resource as usize];
        *amount = amount.saturating_sub(gas);
    }

    /// Gas of one resource.
    pub fn get(&self, resource: Resource) -> u64 {
        self.0[resource as usize]
    }

    /// Gas of each kind, in the order of ArbOS' numbers.
    pub fn amounts(&self) -> [u64; KINDS] {
        self.0
    }

    /// All gas.
    pub fn total(&self) -> u64 {
        self.0.iter().fold(0, |sum, amount| sum.saturating_add(*amount))
    }

    /// Adds what a message costs before it runs, but for its computation.
    pub(super) fn add_intrinsic(&mut self, message: &Message) {
        let zeros = message.input.iter().filter(|byte| **byte == 0).count() as u64;
        self.add(Resource::L2Calldata, 4 * zeros + 16 * (message.input.len() as u64 - zeros));
        let slots: usize = message.access_list.iter().map(|item| item.storage_keys.len()).sum();
        self.add(Resource::StorageRead, 2_400 * message.access_list.len() as u64 + 1_900 * slots as u64);
        let delegations = message.authorizations.as_ref().map_or(0, Vec::len);
        self.add(Resource::StorageGrowth, 25_000 * delegations as u64);
    }

    /// Makes computation what the other resources leave of `total`.
    pub(super) fn complete(&mut self, total: u64) {
        self.0[Resource::Computation as usize] = 0;
        let rest = total.checked_sub(self.total());
        debug_assert!(rest.is_some(), "{total} gas was used, and {self:?} counted");
        self.0[Resource::Computation as usize] = rest.unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computation_is_the_rest() {
        let mut resources = Resources::default();
        resources.add(Resource::StorageRead, 2_000);
        resources.add(Resource::Computation, 7);
        resources.complete(23_000);
        assert_eq!((resources.get(Resource::Computation), resources.total()), (21_000, 23_000));
    }

    #[test]
    fn amounts_do_not_wrap() {
        let mut resources = Resources::default();
        resources.add(Resource::SingleDim, u64::MAX);
        resources.add_all(&resources.clone());
        resources.take(Resource::L2Calldata, 1);
        assert_eq!(resources.total(), u64::MAX);
    }
}
