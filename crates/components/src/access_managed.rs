//! Functions that another contract restricts: OpenZeppelin's `AccessManaged`, which obeys an access manager.
//!
//! The contract has an authority and asks it before each restricted function. Who has an execution delay there must have
//! scheduled the call; the authority then consumes it, and asks back whether this contract is really doing so.
//!
//! **A failed answer is a refusal.** An authority that is starved of gas, expired or without code lets nobody pass.

use alloy_primitives::{Address, FixedBytes};
use consilium_abi::{Chain, Revert, encode, ensure, packed, sol_abi};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageB256;

sol_abi! {
    /// Obeying an access manager.
    fragment AccessManaged {
        /// Whom the authority lets pass: those with a delay, after they scheduled it.
        guard restricted(msg.data) reverts AccessManagedUnauthorized => restricted;
        /// The authority.
        guard only_authority reverts AccessManagedUnauthorized => only_authority;

        /// The contract that says who may call the restricted functions.
        function authority() external view returns (address) => authority;
        /// Obeys another authority from now on. Logs AuthorityUpdated.
        /// @custom:reverts AccessManagedInvalidAuthority if it has no code
        function setAuthority(address newAuthority) external only_authority => set_authority;
        /// Its own selector while the authority consumes a scheduled operation for this contract; else zero.
        function isConsumingScheduledOp() external view returns (bytes4) => is_consuming_scheduled_op;

        /// The contract obeys another authority.
        event AuthorityUpdated(address authority);

        /// The authority does not let the caller pass.
        error AccessManagedUnauthorized(address caller);
        /// The caller has to schedule the call. Declared by IAccessManaged and never raised: the authority says what is
        /// wrong with an operation.
        error AccessManagedRequiredDelay(address caller, uint32 delay);
        /// An authority has code.
        error AccessManagedInvalidAuthority(address authority);
    }
}

sol_abi! {
    /// What is called of the authority, but for `canCall`, whose answer may be short.
    interface IAuthority {
        /// Consumes a scheduled operation on the caller.
        function consumeScheduledOp(address caller, bytes data) external;
    }
}

/// `canCall(address,address,bytes4)`.
const CAN_CALL: [u8; 4] = [0xb7, 0x00, 0x96, 0x13];
/// `isConsumingScheduledOp()`.
const IS_CONSUMING_SCHEDULED_OP: [u8; 4] = [0x8f, 0xb3, 0x60, 0x37];

packed! {
    /// The authority, and whether it is consuming an operation: as `AccessManaged.sol` stores them.
    struct Word {
        /// The authority.
        address authority;
        /// It is consuming a scheduled operation.
        bool consuming;
    }
}

/// The authority's word.
pub type Authority = StorageB256;

/// The methods of [`AccessManaged`], for a contract that says where its authority is stored.
pub trait ObeysAuthority: HostAccess + Chain + Sized {
    /// Where the authority is stored.
    fn stored_authority(&self) -> &Authority;
    /// The same, to write.
    fn stored_authority_mut(&mut self) -> &mut Authority;

    // ------------------------------------------------------------------------------------------------- views

    /// `authority()`.
    fn authority(&self) -> Address {
        Word::unpack(self.stored_authority().get()).authority
    }

    /// `isConsumingScheduledOp()`.
    fn is_consuming_scheduled_op(&self) -> FixedBytes<4> {
        let consuming = Word::unpack(self.stored_authority().get()).consuming;
        FixedBytes(if consuming { IS_CONSUMING_SCHEDULED_OP } else { [0; 4] })
    }

    // -------------------------------------------------------- changing; the guard is part of the declaration

    /// `setAuthority`.
    fn set_authority(&mut self, authority: Address) -> Result<(), Revert> {
        ensure!(self.has_code(authority), AccessManagedInvalidAuthority { authority });
        self.write_authority(authority);
        Ok(())
    }

    // ------------------------------------------------------------------------------------------------ guards

    /// Reverts unless the caller is the authority.
    fn only_authority(&self) -> Result<(), Revert> {
        let caller = self.vm().msg_sender();
        ensure!(caller == self.authority(), AccessManagedUnauthorized { caller });
        Ok(())
    }

    /// Reverts if the caller is the authority. For a function that has other functions inside: the authority's own rules are
    /// about the function that it calls, and `setAuthority` could hide in that one.
    fn not_authority(&self) -> Result<(), Revert> {
        let caller = self.vm().msg_sender();
        ensure!(caller != self.authority(), AccessManagedUnauthorized { caller });
        Ok(())
    }

    /// Reverts unless the authority lets the caller make this call, now or as an operation that it consumes.
    fn restricted(&mut self, msg_data: &[u8]) -> Result<(), Revert> {
        let caller = self.vm().msg_sender();
        let authority = self.authority();
        let selector = msg_data.first_chunk().copied().unwrap_or_default();
        match self.can_call_with_delay(authority, caller, selector) {
            (true, _) => return Ok(()),
            (false, 0) => return Err(AccessManagedUnauthorized { caller }.into()),
            (false, _) => {}
        }
        self.set_consuming(true);
        IAuthority::at(authority).consume_scheduled_op(self, caller, msg_data)?;
        self.set_consuming(false);
        Ok(())
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Obeys another authority. UNGUARDED: the caller of this is the constructor, or has checked that the sender may.
    fn write_authority(&mut self, authority: Address) {
        let word = Word { authority, ..Word::unpack(self.stored_authority().get()) };
        self.stored_authority_mut().set(word.pack());
        AuthorityUpdated { authority }.log(self);
    }

    /// Says whether an operation is being consumed. The word is read each time: an authority may hand over meanwhile.
    fn set_consuming(&mut self, consuming: bool) {
        let word = Word { consuming, ..Word::unpack(self.stored_authority().get()) };
        self.stored_authority_mut().set(word.pack());
    }

    /// What the authority answers: whether the call may be made now, and the delay. As OpenZeppelin's
    /// `AuthorityUtils`: a failure is a no, what is missing of the answer is zero, and a delay that is too long is none.
    fn can_call_with_delay(&self, authority: Address, caller: Address, selector: [u8; 4]) -> (bool, u32) {
        let this = self.vm().contract_address();
        let call = [&CAN_CALL[..], &encode!((address, address, bytes4) => caller, this, selector)].concat();
        let Ok(answer) = self.static_call(authority, &call) else { return (false, 0) };
        let mut words = [0; 64];
        for (to, byte) in words.iter_mut().zip(answer) {
            *to = byte;
        }
        let (immediate, delay) = words.split_at(32);
        let (high, low) = delay.split_at(28);
        let delay = match low.first_chunk() {
            Some(low) if high.iter().all(|byte| *byte == 0) => u32::from_be_bytes(*low),
            _ => 0,
        };
        (immediate.iter().any(|byte| *byte != 0), delay)
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::keccak256;

    use super::{ACCESS_MANAGED_INTERFACE_ID, CAN_CALL, IS_CONSUMING_SCHEDULED_OP, Word};

    /// `authority` in the low-order bytes, as solc lays out `address private _authority; bool private _consumingSchedule`.
    #[test]
    fn the_layout_is_solidity_s() {
        assert_eq!(Word::LAYOUT, [("authority", "address", 0), ("consuming", "bool", 20)]);
    }

    #[test]
    fn selectors() {
        assert_eq!(CAN_CALL, keccak256("canCall(address,address,bytes4)")[..4]);
        assert_eq!(IS_CONSUMING_SCHEDULED_OP, keccak256("isConsumingScheduledOp()")[..4]);
    }

    /// As `type(IAccessManaged).interfaceId`.
    #[test]
    fn the_fragment_s_erc165_id() {
        let selectors = ["authority()", "setAuthority(address)", "isConsumingScheduledOp()"].map(keccak256);
        let id = [0, 1, 2, 3].map(|i| selectors.iter().fold(0, |id, selector| id ^ selector[i]));
        assert_eq!(ACCESS_MANAGED_INTERFACE_ID, id);
    }
}
