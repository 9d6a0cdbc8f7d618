//! A contract behind an ERC-1967 proxy, whose code the authority replaces: OpenZeppelin's `UUPSUpgradeable` under an
//! `AccessManaged` authority, with the same order of checks and the same refusals.
//!
//! The proxy keeps storage, ether and address; this program is the code that it runs. The storage is in a namespace
//! (`#[entrypoint(erc7201 = "…")]`). Outside of the namespace are two slots with fixed places, and nothing else: the SDK's
//! mark that the constructor has run (keccak256("stylus_constructor")), and the proxy's ERC-1967 slot.
//!
//! **Whether a proxy stands in front** is read from the ERC-1967 slot of the running storage. A Stylus program has no
//! immutables, so it does not know its own address, which OpenZeppelin's compares with that slot. A slot that is not zero
//! proves that the storage is not the bare implementation's: only an upgrade writes the slot, and an upgrade refuses where
//! it is zero. It does not prove that the slot names this very program. A contract of somebody else that delegates to this
//! program, with another address in its slot, passes this check. It is its own storage then: its own authority decides,
//! and nobody else's contract changes.
//!
//! **A failed answer is a refusal.** The new implementation must answer `proxiableUUID` with the slot's number. So an
//! expired program, one that was never activated, one of an old Stylus version and an account without code are all refused.
//! Nitro takes the gas of a call to a program that cannot run, but 1/64: give an upgrade 1,000,000 gas, and the refusal is
//! told. After the upgrade the program can expire as any other: renew it. While the authority is expired, nobody upgrades.
//!
//! Whatever the new implementation is, it then runs with this contract's storage and ether. The authority judges that; no
//! check here can.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{IMPLEMENTATION_SLOT, Proxied, Revert, ensure, sol_abi};
use stylus_sdk::prelude::*;

use crate::access_managed::ObeysAuthority;

sol_abi! {
    /// Being upgraded.
    fragment Upgradeable {
        /// Whom the authority lets pass, at a proxy and not at its implementation: those with a delay, after they
        /// scheduled it.
        guard upgrader(msg.data) reverts AccessManagedUnauthorized => upgrader;

        /// The version of this interface: "5.0.0", where `upgradeToAndCall` is the only way to upgrade.
        function UPGRADE_INTERFACE_VERSION() external view returns (string) => upgrade_interface_version;
        /// The slot that an implementation expects its address in (ERC-1822). Only the implementation itself answers: a
        /// proxy that took another proxy for its implementation could never be upgraded again.
        /// @custom:reverts UUPSUnauthorizedCallContext if it is called at a proxy
        function proxiableUUID() external view returns (bytes32) => proxiable_uuid;
        /// Replaces the contract's code, then calls `data` on the new code, if there is any. Logs Upgraded.
        ///
        /// @param newImplementation a Stylus program that is active, or an EVM contract, that is upgradeable too
        /// @param data what is called on the contract afterwards, with the ether sent along; empty for no call
        /// @custom:reverts UUPSUnauthorizedCallContext if it is called at the implementation, and not at a proxy
        /// @custom:reverts ERC1967InvalidImplementation if it does not answer `proxiableUUID`
        /// @custom:reverts UUPSUnsupportedProxiableUUID if it answers with another slot
        /// @custom:reverts ERC1967NonPayable if ether is sent and `data` is empty
        /// @custom:reverts FailedCall if the call fails without a reason
        /// @custom:reverts what the call of `data` reverts with
        function upgradeToAndCall(address newImplementation, bytes data) external payable upgrader
            reentrant "everything is written and logged before the call; a contract that pays others refuses it"
            => upgrade_to_and_call;

        /// The contract runs this code from now on.
        event Upgraded(address indexed implementation);

        /// It is called at the implementation where a proxy is needed, or the other way round.
        error UUPSUnauthorizedCallContext();
        /// The new implementation expects its address in another slot.
        error UUPSUnsupportedProxiableUUID(bytes32 slot);
        /// The new implementation is no upgradeable contract, or it cannot run.
        error ERC1967InvalidImplementation(address implementation);
        /// Ether was sent, and nothing is called that could take it.
        error ERC1967NonPayable();
        /// The call after the upgrade failed without a reason.
        error FailedCall();
        /// What was called has no code. Declared by Address and never raised: an implementation has code.
        error AddressEmptyCode(address target);
    }
}

/// `upgradeToAndCall(address,bytes)`.
pub(crate) const UPGRADE_TO_AND_CALL: [u8; 4] = [0x4f, 0x1e, 0xf2, 0x86];

/// `proxiableUUID()`.
const PROXIABLE_UUID: [u8; 4] = [0x52, 0xd1, 0x90, 0x2d];

/// The methods of [`Upgradeable`]. The contract's entrypoint names its namespace, and its authority decides.
pub trait Upgrades: ObeysAuthority + Proxied {
    // ------------------------------------------------------------------------------------------------- views

    /// `UPGRADE_INTERFACE_VERSION()`.
    fn upgrade_interface_version(&self) -> &'static str {
        "5.0.0"
    }

    /// `proxiableUUID()`.
    fn proxiable_uuid(&self) -> Result<B256, Revert> {
        ensure!(!self.is_behind_proxy(), UUPSUnauthorizedCallContext {});
        Ok(IMPLEMENTATION_SLOT.hash())
    }

    /// Whether a proxy's storage is the running one: see the module.
    fn is_behind_proxy(&self) -> bool {
        !self.stored_implementation().is_zero()
    }

    /// Refuses where no proxy's storage is the running one. Constructors begin with it, so that nobody has a contract of
    /// their own at the implementation's address, which everybody reads in the proxy's slot.
    fn only_proxy(&self) -> Result<(), Revert> {
        ensure!(self.is_behind_proxy(), UUPSUnauthorizedCallContext {});
        Ok(())
    }

    // -------------------------------------------------------- changing; the guard is part of the declaration

    /// `upgradeToAndCall`.
    fn upgrade_to_and_call(&mut self, implementation: Address, data: &[u8]) -> Result<(), Revert> {
        let Ok(answer) = self.static_call(implementation, &PROXIABLE_UUID) else {
            return Err(ERC1967InvalidImplementation { implementation }.into());
        };
        // As Solidity: what is no word is no answer of this function, and refused without data.
        let Some(slot) = answer.first_chunk().copied().map(B256::new) else { return Err(Revert::empty()) };
        ensure!(slot == IMPLEMENTATION_SLOT.hash(), UUPSUnsupportedProxiableUUID { slot });
        ensure!(self.has_code(implementation), ERC1967InvalidImplementation { implementation });
        self.store_implementation(implementation);
        Upgraded { implementation }.log(self);
        if data.is_empty() {
            ensure!(self.vm().msg_value() == U256::ZERO, ERC1967NonPayable {});
            return Ok(());
        }
        match self.delegate(implementation, data) {
            Err(reason) if reason.data().is_empty() => Err(FailedCall {}.into()),
            called => called.map(|_: Vec<u8>| ()),
        }
    }

    // ------------------------------------------------------------------------------------------------ guards

    /// Reverts unless a proxy is called and the authority lets the caller upgrade it.
    fn upgrader(&mut self, msg_data: &[u8]) -> Result<(), Revert> {
        self.only_proxy()?;
        self.only_at_rest()?;
        self.restricted(msg_data)
    }

    /// Reverts if the contract is not to be upgraded within the call that runs. A contract that calls payees or tokens
    /// refuses while another call of it runs: what is left of that call is old code, and writes by the old layout. One
    /// that makes static calls alone, its authority aside, cannot be called back by anybody who could upgrade it. No
    /// contract is upgraded within its own multicall: see [`crate::multicall::multicall_at_rest`].
    fn only_at_rest(&self) -> Result<(), Revert> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::keccak256;

    use super::{PROXIABLE_UUID, UPGRADE_TO_AND_CALL};

    #[test]
    fn selectors() {
        assert_eq!(PROXIABLE_UUID, keccak256("proxiableUUID()")[..4]);
        assert_eq!(UPGRADE_TO_AND_CALL, keccak256("upgradeToAndCall(address,bytes)")[..4]);
    }
}
