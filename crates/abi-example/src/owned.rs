//! A component: an owner, and a guard that only the owner passes. Any contract can use it.

use consilium_abi::{Chain, Revert, ensure, sol_abi};
use stylus_sdk::{alloy_primitives::Address, prelude::*, storage::StorageAddress};

sol_abi! {
    /// An owner.
    fragment Owned {
        /// The owner.
        guard only_owner reverts NotOwner => only_owner;

        /// Who the owner is.
        function owner() external view returns (address) => owner;
        /// Hands the contract to another owner.
        function setOwner(address newOwner) external only_owner => set_owner;

        /// There is another owner.
        event OwnerChanged(address indexed newOwner);
        /// The account is not the owner.
        error NotOwner(address account);
    }
}

/// The methods that answer, for a contract that says where the owner is stored.
pub(crate) trait Owning: HostAccess + Chain + Sized {
    /// Where the owner is stored.
    fn owner_slot(&self) -> &StorageAddress;
    /// The same, to write.
    fn owner_slot_mut(&mut self) -> &mut StorageAddress;

    fn only_owner(&self) -> Result<(), Revert> {
        let account = self.vm().msg_sender();
        ensure!(account == self.owner(), NotOwner { account });
        Ok(())
    }

    fn owner(&self) -> Address {
        self.owner_slot().get()
    }

    fn set_owner(&mut self, new_owner: Address) {
        self.owner_slot_mut().set(new_owner);
        OwnerChanged { new_owner }.log(self);
    }
}
