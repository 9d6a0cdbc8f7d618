//! The interface as a client has it, and the operations that the tests schedule.

use alloy::primitives::{Address, B256, Bytes, FixedBytes, LogData, U256, b256, keccak256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolConstructor, SolEvent, SolValue};

sol! {
    #[sol(all_derives)]
    interface Timelock {
        event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay);
        event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data);
        event CallSalt(bytes32 indexed id, bytes32 salt);
        event Cancelled(bytes32 indexed id);
        event MinDelayChange(uint256 oldDuration, uint256 newDuration);
        event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender);
        event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender);

        error AccessControlBadConfirmation();
        error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);
        error FailedCall();
        error TimelockInsufficientDelay(uint256 delay, uint256 minDelay);
        error TimelockInvalidOperationLength(uint256 targets, uint256 payloads, uint256 values);
        error TimelockUnauthorizedCaller(address caller);
        error TimelockUnexecutedPredecessor(bytes32 predecessorId);
        error TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates);

        function CANCELLER_ROLE() external view returns (bytes32);
        function DEFAULT_ADMIN_ROLE() external view returns (bytes32);
        function EXECUTOR_ROLE() external view returns (bytes32);
        function PROPOSER_ROLE() external view returns (bytes32);
        function cancel(bytes32 id) external;
        function execute(address target, uint256 value, bytes payload, bytes32 predecessor, bytes32 salt) external payable;
        function executeBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt) external payable;
        function getMinDelay() external view returns (uint256);
        function getOperationState(bytes32 id) external view returns (uint8);
        function getRoleAdmin(bytes32 role) external view returns (bytes32);
        function getTimestamp(bytes32 id) external view returns (uint256);
        function grantRole(bytes32 role, address account) external;
        function hasRole(bytes32 role, address account) external view returns (bool);
        function hashOperation(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt) external pure returns (bytes32);
        function hashOperationBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt) external pure returns (bytes32);
        function isOperation(bytes32 id) external view returns (bool);
        function isOperationDone(bytes32 id) external view returns (bool);
        function isOperationPending(bytes32 id) external view returns (bool);
        function isOperationReady(bytes32 id) external view returns (bool);
        function onERC1155BatchReceived(address operator, address from, uint256[] ids, uint256[] values, bytes data) external returns (bytes4);
        function onERC1155Received(address operator, address from, uint256 id, uint256 value, bytes data) external returns (bytes4);
        function onERC721Received(address operator, address from, uint256 tokenId, bytes data) external returns (bytes4);
        function renounceRole(bytes32 role, address callerConfirmation) external;
        function revokeRole(bytes32 role, address account) external;
        function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay) external;
        function scheduleBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt, uint256 delay) external;
        function supportsInterface(bytes4 interfaceId) external view returns (bool);
        function updateDelay(uint256 newDelay) external;
    }
}

/// The minimum delay of the tests' timelocks, in seconds.
pub(crate) const MIN_DELAY: u64 = 3_600;

pub(crate) const ADMIN: B256 = B256::ZERO;
pub(crate) const PROPOSER: B256 = b256!("0xb09aa5aeb3702cfd50b6b62bc4532604938f21248a27a1d5ca736082b6819cc1");
pub(crate) const EXECUTOR: B256 = b256!("0xd8aa0f3194971a2a116679f7c2090f6939c8d4e01a2a8d7e41d55e5351469e63");
pub(crate) const CANCELLER: B256 = b256!("0xfd643c72710c63c0180259aba6b2d05451e3591a24e58b62239378085726f783");

/// The sets of states that TimelockUnexpectedOperationState names.
pub(crate) const UNSET: B256 = B256::with_last_byte(1);
pub(crate) const READY: B256 = B256::with_last_byte(4);
pub(crate) const PENDING: B256 = B256::with_last_byte(6);

/// A single call to be scheduled.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub target: Address,
    pub value: U256,
    pub data: Bytes,
    pub predecessor: B256,
    pub salt: B256,
}

impl Operation {
    /// A call without value.
    pub(crate) fn new(target: Address, data: impl Into<Bytes>) -> Self {
        Self { target, value: U256::ZERO, data: data.into(), predecessor: B256::ZERO, salt: B256::ZERO }
    }

    /// The same with a salt.
    pub(crate) fn salted(self, salt: u8) -> Self {
        Self { salt: B256::with_last_byte(salt), ..self }
    }

    /// The same after another.
    pub(crate) fn after(self, predecessor: B256) -> Self {
        Self { predecessor, ..self }
    }

    /// The same with ether.
    pub(crate) fn paying(self, value: u64) -> Self {
        Self { value: U256::from(value), ..self }
    }

    /// Its id, worked out without a timelock.
    pub(crate) fn id(&self) -> B256 {
        keccak256((self.target, self.value, self.data.clone(), self.predecessor, self.salt).abi_encode_params())
    }

    pub(crate) fn schedule(&self, delay: impl TryInto<U256, Error: std::fmt::Debug>) -> Vec<u8> {
        let Self { target, value, data, predecessor, salt } = self.clone();
        let delay = delay.try_into().expect("a delay");
        Timelock::scheduleCall { target, value, data, predecessor, salt, delay }.abi_encode()
    }

    pub(crate) fn execute(&self) -> Vec<u8> {
        let Self { target, value, data, predecessor, salt } = self.clone();
        Timelock::executeCall { target, value, payload: data, predecessor, salt }.abi_encode()
    }

    pub(crate) fn cancel(&self) -> Vec<u8> {
        Timelock::cancelCall { id: self.id() }.abi_encode()
    }

    pub(crate) fn state(&self) -> Vec<u8> {
        Timelock::getOperationStateCall { id: self.id() }.abi_encode()
    }

    /// The event of its schedule.
    pub(crate) fn scheduled(&self, delay: u64) -> LogData {
        let Self { target, value, data, predecessor, .. } = self.clone();
        let (id, index, delay) = (self.id(), U256::ZERO, U256::from(delay));
        Timelock::CallScheduled { id, index, target, value, data, predecessor, delay }.encode_log_data()
    }

    /// The event of its execution.
    pub(crate) fn executed(&self) -> LogData {
        let Self { target, value, data, .. } = self.clone();
        Timelock::CallExecuted { id: self.id(), index: U256::ZERO, target, value, data }.encode_log_data()
    }

    /// The event of its cancellation.
    pub(crate) fn cancelled(&self) -> LogData {
        Timelock::Cancelled { id: self.id() }.encode_log_data()
    }
}

/// The constructor's arguments.
pub(crate) fn constructor(delay: u64, proposers: Vec<Address>, executors: Vec<Address>, admin: Address) -> Vec<u8> {
    let constructor =
        consilium_bindings::Timelock::constructorCall { minDelay: U256::from(delay), proposers, executors, admin };
    constructor.abi_encode()
}

/// Calldata of grantRole.
pub(crate) fn grant(role: B256, account: Address) -> Vec<u8> {
    Timelock::grantRoleCall { role, account }.abi_encode()
}

/// Calldata of revokeRole.
pub(crate) fn revoke(role: B256, account: Address) -> Vec<u8> {
    Timelock::revokeRoleCall { role, account }.abi_encode()
}

/// Calldata of hasRole.
pub(crate) fn has(role: B256, account: Address) -> Vec<u8> {
    Timelock::hasRoleCall { role, account }.abi_encode()
}

/// Calldata of updateDelay.
pub(crate) fn update_delay(seconds: u64) -> Vec<u8> {
    Timelock::updateDelayCall { newDelay: U256::from(seconds) }.abi_encode()
}

/// Calldata of supportsInterface.
pub(crate) fn supports(id: [u8; 4]) -> Vec<u8> {
    Timelock::supportsInterfaceCall { interfaceId: FixedBytes(id) }.abi_encode()
}
