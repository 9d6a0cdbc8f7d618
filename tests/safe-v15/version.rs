//! What differs between the versions of Safe, for the tests that both share: here of 1.5.0.

use harness::peers::Peer;

/// The program.
pub(crate) const PROGRAM: &str = "safe-v15";
/// Safe's own bytecode.
pub(crate) const PEER: &str = "Safe150";
/// Safe's own proxy and factory.
pub(crate) const PROXY: &str = "SafeProxy150";
pub(crate) const FACTORY: &str = "SafeProxyFactory150";
/// As `VERSION()` answers.
pub(crate) const NUMBER: &str = "1.5.0";
/// The tests' helpers that the random walk has.
pub(crate) const HELPERS: [&str; 6] =
    ["SafeSigner", "SafeTarget", "SafeGuard", "SafeHandler", "SignMessageLib150", "SafeModuleGuard"];
/// Where handler, guard and module guard are.
pub(crate) const NAMED_SLOTS: [&str; 3] =
    ["fallback_manager.handler.address", "guard_manager.guard.address", "module_manager.module_guard.address"];
/// Whether SafeSetup is logged before what the setup's code logs.
pub(crate) const LOGS_SETUP_FIRST: bool = true;
/// Whether `getChainId` and `encodeTransactionData` are there, and contracts are asked about the data.
pub(crate) const IS_OLD: bool = false;
/// `v` of signatures that the peer does not have.
pub(crate) const ONLY_OURS: Option<u8> = Some(2);
/// How many of the payees get too little gas, or take no ether: the first of SafePayee's modes.
pub(crate) const REFUSING_PAYEES: u64 = 1;

/// What a transaction that reverts with this is refused with, where it promises neither gas nor a refund.
pub(crate) fn undone(reason: &[u8]) -> Vec<u8> {
    reason.to_vec()
}

/// The creation code of a proxy of `singleton`.
pub(crate) fn proxy(singleton: &[u8]) -> alloy::primitives::Bytes {
    Peer::load(PROXY).expect("Safe's own proxy").init_code(singleton)
}
