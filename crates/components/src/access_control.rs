//! Who may do what, by role: OpenZeppelin's `AccessControl`, with [`DEFAULT_ADMIN_ROLE`] as the admin of every role.
//!
//! No role gets another admin, so nothing of it is stored and each check is one read.

use alloy_primitives::{Address, B256};
use consilium_abi::{Chain, Revert, ensure, sol_abi};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageBool, StorageMap};

/// May grant and revoke every role.
pub const DEFAULT_ADMIN_ROLE: B256 = B256::ZERO;

sol_abi! {
    /// Roles, and who holds them.
    fragment AccessControl {
        /// Holders of `role`.
        guard only(role) reverts AccessControlUnauthorizedAccount => only;
        /// Holders of `role`, and everybody while the zero address holds it.
        guard only_or_open(role) reverts AccessControlUnauthorizedAccount => only_or_open;

        /// Whether an account holds a role.
        function hasRole(bytes32 role, address account) external view returns (bool) => has_role;
        /// Who may grant and revoke a role: DEFAULT_ADMIN_ROLE, for every role.
        function getRoleAdmin(bytes32 role) external view returns (bytes32) => get_role_admin;
        /// Grants a role. Logs RoleGranted unless the account holds it already.
        function grantRole(bytes32 role, address account) external only(DEFAULT_ADMIN_ROLE) => grant_role;
        /// Revokes a role. Logs RoleRevoked if the account held it.
        function revokeRole(bytes32 role, address account) external only(DEFAULT_ADMIN_ROLE) => revoke_role;
        /// Gives up a role of the caller's own. Logs RoleRevoked if the caller held it.
        /// @custom:reverts AccessControlBadConfirmation unless `callerConfirmation` is the caller
        function renounceRole(bytes32 role, address callerConfirmation)
            external by "the holder itself" => renounce_role;

        /// A role has another admin. Declared by IAccessControl; the admin of a role never changes here, so this is
        /// never logged.
        event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole);
        /// `sender` granted a role to an account that did not hold it.
        event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender);
        /// `sender` revoked a role of an account, its own where it renounced.
        event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender);

        /// The account lacks the role.
        error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);
        /// Who renounces has to name itself.
        error AccessControlBadConfirmation();
    }
}

sol_abi! {
    /// The name of the role that administers all others. IAccessControl lacks it, so it does not count for the id of
    /// `AccessControl`.
    fragment DefaultAdmin {
        /// May grant and revoke every role, itself included: zero.
        function DEFAULT_ADMIN_ROLE() external view returns (bytes32) => default_admin_role;
    }
}

/// Holders, by role and account.
pub type Roles = StorageMap<B256, StorageMap<Address, StorageBool>>;

/// The methods of [`AccessControl`], for a contract that says where its roles are stored.
pub trait HasRoles: HostAccess + Chain + Sized {
    /// Where the roles are stored.
    fn roles(&self) -> &Roles;
    /// The same, to write.
    fn roles_mut(&mut self) -> &mut Roles;

    // ------------------------------------------------------------------------------------------------- views

    /// `DEFAULT_ADMIN_ROLE()`.
    fn default_admin_role(&self) -> B256 {
        DEFAULT_ADMIN_ROLE
    }

    /// `hasRole`.
    fn has_role(&self, role: B256, account: Address) -> bool {
        self.roles().get(role).get(account)
    }

    /// `getRoleAdmin`.
    fn get_role_admin(&self, _role: B256) -> B256 {
        DEFAULT_ADMIN_ROLE
    }

    // ------------------------------------------------------- changing; the guards are part of the declaration

    /// `grantRole`.
    fn grant_role(&mut self, role: B256, account: Address) -> Result<(), Revert> {
        self.grant(role, account);
        Ok(())
    }

    /// `revokeRole`.
    fn revoke_role(&mut self, role: B256, account: Address) -> Result<(), Revert> {
        self.revoke(role, account);
        Ok(())
    }

    /// `renounceRole`.
    fn renounce_role(&mut self, role: B256, caller_confirmation: Address) -> Result<(), Revert> {
        ensure!(caller_confirmation == self.vm().msg_sender(), AccessControlBadConfirmation {});
        self.revoke(role, caller_confirmation);
        Ok(())
    }

    // ------------------------------------------------------------------------------------------------ guards

    /// Reverts unless the caller holds `role`.
    fn only(&self, role: B256) -> Result<(), Revert> {
        let account = self.vm().msg_sender();
        ensure!(self.has_role(role, account), AccessControlUnauthorizedAccount { account, needed_role: role });
        Ok(())
    }

    /// Reverts unless the caller or the zero address holds `role`.
    fn only_or_open(&self, role: B256) -> Result<(), Revert> {
        if self.has_role(role, Address::ZERO) { Ok(()) } else { self.only(role) }
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Grants a role.
    ///
    /// UNGUARDED: whoever calls this has checked that the caller of the contract may.
    fn grant(&mut self, role: B256, account: Address) {
        if !self.has_role(role, account) {
            self.roles_mut().setter(role).insert(account, true);
            let sender = self.vm().msg_sender();
            RoleGranted { role, account, sender }.log(self);
        }
    }

    /// Revokes a role.
    ///
    /// UNGUARDED: whoever calls this has checked that the caller of the contract may.
    fn revoke(&mut self, role: B256, account: Address) {
        if self.has_role(role, account) {
            self.roles_mut().setter(role).insert(account, false);
            let sender = self.vm().msg_sender();
            RoleRevoked { role, account, sender }.log(self);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ACCESS_CONTROL_INTERFACE_ID;

    /// As `type(IAccessControl).interfaceId`.
    #[test]
    fn the_fragment_s_erc165_id() {
        assert_eq!(ACCESS_CONTROL_INTERFACE_ID, [0x79, 0x65, 0xdb, 0x0b]);
    }
}
