//! The interface as a client has it, and calldata that most tests need.

use alloy::primitives::{Address, FixedBytes, U256, aliases::U48};
use alloy::sol;
use alloy::sol_types::{SolCall, SolConstructor, SolValue};

sol! {
    #[sol(all_derives)]
    interface Manager {
        event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce);
        event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce);
        event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data);
        event RoleAdminChanged(uint64 indexed roleId, uint64 indexed admin);
        event RoleGrantDelayChanged(uint64 indexed roleId, uint32 delay, uint48 since);
        event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember);
        event RoleGuardianChanged(uint64 indexed roleId, uint64 indexed guardian);
        event RoleLabel(uint64 indexed roleId, string label);
        event RoleRevoked(uint64 indexed roleId, address indexed account);
        event TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since);
        event TargetClosed(address indexed target, bool closed);
        event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId);

        error AccessManagerAlreadyScheduled(bytes32 operationId);
        error AccessManagerBadConfirmation();
        error AccessManagerExpired(bytes32 operationId);
        error AccessManagerInvalidInitialAdmin(address initialAdmin);
        error AccessManagerLockedFunction(bytes4 selector);
        error AccessManagerLockedRole(uint64 roleId);
        error AccessManagerNotReady(bytes32 operationId);
        error AccessManagerNotScheduled(bytes32 operationId);
        error AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId);
        error AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector);
        error AccessManagerUnauthorizedCancel(address msgsender, address caller, address target, bytes4 selector);
        error AccessManagerUnauthorizedConsume(address target);
        error AddressEmptyCode(address target);
        error FailedCall();
        error InsufficientBalance(uint256 balance, uint256 needed);

        function ADMIN_ROLE() external view returns (uint64);
        function PUBLIC_ROLE() external view returns (uint64);
        function canCall(address caller, address target, bytes4 selector) external view returns (bool allowed, uint32 delay);
        function cancel(address caller, address target, bytes data) external returns (uint32);
        function consumeScheduledOp(address caller, bytes data) external;
        function execute(address target, bytes data) external payable returns (uint32);
        function expiration() external view returns (uint32);
        function getAccess(uint64 roleId, address account) external view returns (uint48 since, uint32 currentDelay, uint32 pendingDelay, uint48 effect);
        function getNonce(bytes32 id) external view returns (uint32);
        function getRoleAdmin(uint64 roleId) external view returns (uint64);
        function getRoleGrantDelay(uint64 roleId) external view returns (uint32);
        function getRoleGuardian(uint64 roleId) external view returns (uint64);
        function getSchedule(bytes32 id) external view returns (uint48);
        function getTargetAdminDelay(address target) external view returns (uint32);
        function getTargetFunctionRole(address target, bytes4 selector) external view returns (uint64);
        function grantRole(uint64 roleId, address account, uint32 executionDelay) external;
        function hasRole(uint64 roleId, address account) external view returns (bool isMember, uint32 executionDelay);
        function hashOperation(address caller, address target, bytes data) external view returns (bytes32);
        function isTargetClosed(address target) external view returns (bool);
        function labelRole(uint64 roleId, string label) external;
        function minSetback() external view returns (uint32);
        function multicall(bytes[] data) external returns (bytes[] results);
        function renounceRole(uint64 roleId, address callerConfirmation) external;
        function revokeRole(uint64 roleId, address account) external;
        function schedule(address target, bytes data, uint48 when) external returns (bytes32 operationId, uint32 nonce);
        function setGrantDelay(uint64 roleId, uint32 newDelay) external;
        function setRoleAdmin(uint64 roleId, uint64 admin) external;
        function setRoleGuardian(uint64 roleId, uint64 guardian) external;
        function setTargetAdminDelay(address target, uint32 newDelay) external;
        function setTargetClosed(address target, bool closed) external;
        function setTargetFunctionRole(address target, bytes4[] selectors, uint64 roleId) external;
        function updateAuthority(address target, address newAuthority) external;
    }

    /// `tests/peers/src/PeerManagerTargets.sol`.
    #[sol(all_derives)]
    interface Target {
        event AuthorityUpdated(address authority);
        event Noted(address caller, uint256 number, uint256 value);
        event Reentered(bool success, bytes data);
        error AccessManagedInvalidAuthority(address authority);
        error AccessManagedUnauthorized(address caller);
        function authority() external view returns (address);
        function setAuthority(address newAuthority) external;
        function isConsumingScheduledOp() external view returns (bytes4);
        function note(uint256 number) external payable;
        function mark(uint256 number) external;
        function fail(bytes reason) external;
        function reenter(address to, bytes data) external payable;
        function huge(uint256 length) external;
        function burn() external;
        function relay(address to, bytes data) external returns (bytes);
    }

    #[sol(all_derives)]
    interface Consumer {
        function arm(bytes data, bool reverts) external;
        function consume(address manager, address caller, bytes data) external;
    }
}

pub(crate) const ADMIN: u64 = 0;
pub(crate) const PUBLIC: u64 = u64::MAX;
/// The role that the tests' functions ask for.
pub(crate) const CREW: u64 = 7;
/// The role whose holders cancel for it.
pub(crate) const WATCH: u64 = 8;

pub(crate) const DAY: u64 = 86_400;
/// How long a scheduled operation can be executed, in seconds.
pub(crate) const EXPIRATION: u64 = 7 * DAY;
/// The least time before a delay that the manager guards takes effect, in seconds.
pub(crate) const SETBACK: u64 = 5 * DAY;

/// The constructor's arguments: no grant but the admin's, and no function.
pub(crate) fn constructor(initialAdmin: Address) -> Vec<u8> {
    let (grants, functions) = (Vec::new(), Vec::new());
    consilium_bindings::AccessManager::constructorCall { initialAdmin, grants, functions }.abi_encode()
}

/// A time as the contract has it.
pub(crate) fn time(seconds: u64) -> U48 {
    U48::from(seconds)
}

/// The selector of a function.
pub(crate) fn selector<C: SolCall>() -> FixedBytes<4> {
    FixedBytes(C::SELECTOR)
}

pub(crate) fn grant(role: u64, account: Address, delay: u32) -> Vec<u8> {
    Manager::grantRoleCall { roleId: role, account, executionDelay: delay }.abi_encode()
}

pub(crate) fn revoke(role: u64, account: Address) -> Vec<u8> {
    Manager::revokeRoleCall { roleId: role, account }.abi_encode()
}

pub(crate) fn renounce(role: u64, account: Address) -> Vec<u8> {
    Manager::renounceRoleCall { roleId: role, callerConfirmation: account }.abi_encode()
}

pub(crate) fn has(role: u64, account: Address) -> Vec<u8> {
    Manager::hasRoleCall { roleId: role, account }.abi_encode()
}

pub(crate) fn access(role: u64, account: Address) -> Vec<u8> {
    Manager::getAccessCall { roleId: role, account }.abi_encode()
}

pub(crate) fn label(role: u64, label: &str) -> Vec<u8> {
    Manager::labelRoleCall { roleId: role, label: label.into() }.abi_encode()
}

pub(crate) fn set_admin(role: u64, admin: u64) -> Vec<u8> {
    Manager::setRoleAdminCall { roleId: role, admin }.abi_encode()
}

pub(crate) fn set_guardian(role: u64, guardian: u64) -> Vec<u8> {
    Manager::setRoleGuardianCall { roleId: role, guardian }.abi_encode()
}

pub(crate) fn set_grant_delay(role: u64, delay: u32) -> Vec<u8> {
    Manager::setGrantDelayCall { roleId: role, newDelay: delay }.abi_encode()
}

pub(crate) fn grant_delay(role: u64) -> Vec<u8> {
    Manager::getRoleGrantDelayCall { roleId: role }.abi_encode()
}

pub(crate) fn set_admin_delay(target: Address, delay: u32) -> Vec<u8> {
    Manager::setTargetAdminDelayCall { target, newDelay: delay }.abi_encode()
}

pub(crate) fn admin_delay(target: Address) -> Vec<u8> {
    Manager::getTargetAdminDelayCall { target }.abi_encode()
}

pub(crate) fn close(target: Address, closed: bool) -> Vec<u8> {
    Manager::setTargetClosedCall { target, closed }.abi_encode()
}

pub(crate) fn set_function_role(target: Address, selectors: &[FixedBytes<4>], role: u64) -> Vec<u8> {
    Manager::setTargetFunctionRoleCall { target, selectors: selectors.to_vec(), roleId: role }.abi_encode()
}

pub(crate) fn can_call(caller: Address, target: Address, selector: FixedBytes<4>) -> Vec<u8> {
    Manager::canCallCall { caller, target, selector }.abi_encode()
}

pub(crate) fn multicall(calls: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    Manager::multicallCall { data: calls.into_iter().map(Into::into).collect() }.abi_encode()
}

/// Calldata of the target's restricted function.
pub(crate) fn note(number: u64) -> Vec<u8> {
    Target::noteCall { number: U256::from(number) }.abi_encode()
}

/// What a single number, or a pair of a flag and a number, is encoded as: `uint32` and `uint48` are words.
pub(crate) fn member(is_member: bool, delay: u32) -> impl SolValue {
    (is_member, delay)
}
