//! What differs between the versions of Safe, for the tests that both share: here of 1.4.1.

use harness::peers::Peer;

use crate::twins::gs;

/// The program.
pub(crate) const PROGRAM: &str = "safe";
/// Safe's own bytecode.
pub(crate) const PEER: &str = "Safe";
/// Safe's own proxy and factory.
pub(crate) const PROXY: &str = "SafeProxy";
pub(crate) const FACTORY: &str = "SafeProxyFactory";
/// As `VERSION()` answers.
pub(crate) const NUMBER: &str = "1.4.1";
/// The tests' helpers that the random walk has.
pub(crate) const HELPERS: [&str; 6] =
    ["SafeSigner", "SafeTarget", "SafeGuard", "SafeHandler", "SignMessageLib", "SafeModuleGuard"];
/// Where handler and guard are.
pub(crate) const NAMED_SLOTS: [&str; 2] = ["fallback_manager.handler.address", "guard_manager.guard.address"];
/// Whether SafeSetup is logged before what the setup's code logs.
pub(crate) const LOGS_SETUP_FIRST: bool = false;
/// Whether `getChainId` and `encodeTransactionData` are there, and contracts are asked about the data.
pub(crate) const IS_OLD: bool = true;
/// `v` of signatures that the peer does not have.
pub(crate) const ONLY_OURS: Option<u8> = None;
/// How many of the payees get too little gas, or take no ether: the first of SafePayee's modes.
pub(crate) const REFUSING_PAYEES: u64 = 2;

/// What a transaction that reverts with this is refused with, where it promises neither gas nor a refund.
pub(crate) fn undone(_: &[u8]) -> Vec<u8> {
    gs(13)
}

/// The creation code of a proxy of `singleton`.
pub(crate) fn proxy(singleton: &[u8]) -> alloy::primitives::Bytes {
    Peer::load(PROXY).expect("Safe's own proxy").init_code(singleton)
}
