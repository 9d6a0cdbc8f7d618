//! What transactions call.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol;
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;

use super::steps::Act;
use super::world::{ACTORS, World};
use crate::helpers::Newer;
use crate::transaction::{SafeTx, call, delegate};
use crate::twins::{Helpers, NAMED_SLOTS, SENTINEL};

sol! {
    interface Library {
        function signMessage(bytes data) external;
    }
}

impl World {
    /// What is called, with code that is to be run in the Safe's storage marked so.
    pub(super) fn act(&self, act: &Act) -> SafeTx {
        let before = |list: &[Address], which: u8, wrong: Option<u8>| {
            let at = usize::from(which) % list.len().max(1);
            let found = list.get(at).copied().unwrap_or(SENTINEL);
            let previous = if at == 0 { SENTINEL } else { list[at - 1] };
            (wrong.map_or(previous, |wrong| self.person(wrong)), found)
        };
        let itself = |data: Vec<u8>| call(self.safe, data);
        let bytes = |length: u8| Bytes::from(vec![length; usize::from(length)]);
        let [_, target, guard, handler, library, module_guard] = self.helpers[..] else {
            unreachable!("there are six helpers")
        };
        match act {
            Act::Add { who, threshold } => {
                let (owner, threshold) = (self.person(*who), U256::from(*threshold));
                itself(Safe::addOwnerWithThresholdCall { owner, threshold }.abi_encode())
            }
            Act::Remove { which, threshold, wrong } => {
                let (prevOwner, owner) = before(&self.owners, *which, *wrong);
                let threshold = U256::from(*threshold);
                itself(Safe::removeOwnerCall { prevOwner, owner, threshold }.abi_encode())
            }
            Act::Swap { which, new, wrong } => {
                let (prevOwner, oldOwner) = before(&self.owners, *which, *wrong);
                let newOwner = self.person(*new);
                itself(Safe::swapOwnerCall { prevOwner, oldOwner, newOwner }.abi_encode())
            }
            Act::Threshold { threshold } => {
                itself(Safe::changeThresholdCall { threshold: U256::from(*threshold) }.abi_encode())
            }
            // Mostly who can make use of it.
            Act::Enable { who } => {
                let module = if *who < 200 { self.actors[usize::from(*who) % ACTORS] } else { self.person(*who) };
                itself(Safe::enableModuleCall { module }.abi_encode())
            }
            Act::Disable { which, wrong } => {
                let (prevModule, module) = before(&self.modules, *which, *wrong);
                itself(Safe::disableModuleCall { prevModule, module }.abi_encode())
            }
            Act::Guard { who } => {
                let guard = match who % 4 {
                    0 | 1 => guard,
                    2 => Address::ZERO,
                    _ => self.person(*who),
                };
                itself(Safe::setGuardCall { guard }.abi_encode())
            }
            Act::ModuleGuard { who } => {
                let moduleGuard = match who % 4 {
                    0 | 1 => module_guard,
                    2 => Address::ZERO,
                    _ => self.person(*who),
                };
                itself(Newer::setModuleGuardCall { moduleGuard }.abi_encode())
            }
            Act::Handler { who } => {
                let handler = if who % 2 == 0 { handler } else { self.person(*who) };
                itself(Safe::setFallbackHandlerCall { handler }.abi_encode())
            }
            Act::Log { length } => call(target, Helpers::logCall { data: bytes(*length) }.abi_encode()),
            Act::Fail { length } => call(target, Helpers::failCall { data: bytes(*length) }.abi_encode()),
            Act::Echo { length } => call(target, Helpers::echoCall { data: bytes(*length) }.abi_encode()),
            Act::Pay { who, wei } => SafeTx { value: U256::from(*wei), ..call(self.person(*who), []) },
            Act::Store { slot, word } => {
                let (slot, word) = self.stored(*slot, *word);
                delegate(target, Helpers::storeCall { slot, word }.abi_encode())
            }
            Act::Many { acts } => {
                let calls = acts.iter().map(|act| self.act(act).data).collect();
                delegate(target, Helpers::callSelfCall { calls }.abi_encode())
            }
            Act::SignMessage { length } => {
                delegate(library, Library::signMessageCall { data: bytes(*length) }.abi_encode())
            }
        }
    }

    /// A slot of the Safe's, and what code writes there. Not the lists: a broken one has no end, and all views of it
    /// use up their gas.
    fn stored(&self, slot: u8, word: u8) -> (U256, B256) {
        let number = |most: u8| B256::with_last_byte(word % most);
        let named = |at: usize| keccak256(NAMED_SLOTS[at]).into();
        match slot % 8 {
            0 => (U256::from(4), number(4)),
            1 | 2 => (U256::from(5), number(200)),
            3 => (U256::from(6), number(200)),
            4 => (U256::from(9), number(200)),
            5 => (named(0), self.person(word).into_word()),
            _ => (named(1), if word < 100 { B256::ZERO } else { self.person(word).into_word() }),
        }
    }
}
