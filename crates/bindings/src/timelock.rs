// Made by `cargo xtask abi` from contracts/timelock/src/abi.rs: do not edit.

//! `Timelock`: typed calls, events and errors.

alloy::sol! {
    #[sol(rpc)]
    #[derive(Debug, PartialEq, Eq)]
    /// Executes approved operations after a delay, so that everyone has time to react.
    /// @dev A proposer schedules an operation, which then waits at least the minimum delay. A canceller can stop it until
    /// it is
    /// executed. An executor executes it. The timelock owns the treasury and is the executor that the
    /// governed contracts obey. It administers its own roles and its own delay, so that these change by operations that
    /// have waited like any other.
    contract Timelock {
        /// Runs once, for whoever calls it first: call it in the deploying transaction. The timelock becomes its own admin,
        /// and nobody else unless `admin` is given.
        /// @param minDelay the least that an operation waits, in seconds
        /// @param proposers accounts that get PROPOSER_ROLE and CANCELLER_ROLE
        /// @param executors accounts that get EXECUTOR_ROLE; the zero address for everybody
        /// @param admin an account that may hand out roles without delay during set-up and should renounce afterwards;
        /// the zero address for none
        constructor(uint256 minDelay, address[] memory proposers, address[] memory executors, address admin);

        /// Ether arrives: the treasury takes it from anybody. While the program is cached, the 2,300 gas that Solidity's
        /// `transfer` and `send` leave are enough.
        receive() external payable;

        /// A call was scheduled: number `index` of operation `id`, to be executed `delay` seconds later or after.
        event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay);

        /// A call was executed: number `index` of operation `id`.
        event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data);

        /// An operation was scheduled with a salt other than zero.
        event CallSalt(bytes32 indexed id, bytes32 salt);

        /// An operation was cancelled.
        event Cancelled(bytes32 indexed id);

        /// The minimum delay changed, in seconds.
        event MinDelayChange(uint256 oldDuration, uint256 newDuration);

        /// A role has another admin. Declared by IAccessControl; the admin of a role never changes here, so this is
        /// never logged.
        event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole);

        /// `sender` granted a role to an account that did not hold it.
        event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender);

        /// `sender` revoked a role of an account, its own where it renounced.
        event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender);

        /// The lists of a batch differ in length.
        error TimelockInvalidOperationLength(uint256 targets, uint256 payloads, uint256 values);

        /// The delay is below the minimum; both in seconds.
        error TimelockInsufficientDelay(uint256 delay, uint256 minDelay);

        /// The operation is in the wrong state. Bit n of `expectedStates` is set where state n is accepted: see
        /// `getOperationState`.
        error TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates);

        /// The predecessor is not done.
        error TimelockUnexecutedPredecessor(bytes32 predecessorId);

        /// The caller is not the timelock.
        error TimelockUnauthorizedCaller(address caller);

        /// The executed call reverted without a reason.
        error FailedCall();

        /// The account lacks the role.
        error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);

        /// Who renounces has to name itself.
        error AccessControlBadConfirmation();

        /// Schedules a single call.
        /// @dev The same operation cannot be scheduled again while it is scheduled or after it was done: give another
        /// `salt`.
        /// Logs CallScheduled, and CallSalt where the salt is not zero.
        /// @param target whom to call
        /// @param value the wei to send along
        /// @param data the calldata
        /// @param predecessor the id of an operation that must be done before, or zero
        /// @param salt tells equal operations apart
        /// @param delay seconds from now until it may be executed
        /// @custom:reverts TimelockUnexpectedOperationState if the operation is known;
        /// TimelockInsufficientDelay if the delay is below the minimum;
        /// Panic(0x11) if it would end after 2^256 seconds
        /// @custom:access Holders of `PROPOSER_ROLE`; others get AccessControlUnauthorizedAccount
        function schedule(address target, uint256 value, bytes calldata data, bytes32 predecessor, bytes32 salt, uint256 delay) external;

        /// Schedules several calls that are made in their order, all or none. As `schedule`, with one CallScheduled a
        /// call.
        /// @custom:reverts TimelockInvalidOperationLength if the lists differ in length;
        /// TimelockUnexpectedOperationState if the operation is known;
        /// TimelockInsufficientDelay if the delay is below the minimum;
        /// Panic(0x11) if it would end after 2^256 seconds
        /// @custom:access Holders of `PROPOSER_ROLE`; others get AccessControlUnauthorizedAccount
        function scheduleBatch(address[] calldata targets, uint256[] calldata values, bytes[] calldata payloads, bytes32 predecessor, bytes32 salt, uint256 delay) external;

        /// Cancels an operation that has not been executed. It can be scheduled again.
        /// @dev Logs Cancelled.
        /// @custom:reverts TimelockUnexpectedOperationState unless it waits or is ready
        /// @custom:access Holders of `CANCELLER_ROLE`; others get AccessControlUnauthorizedAccount
        function cancel(bytes32 id) external;

        /// Executes a single call that was scheduled and is ready.
        /// @dev Value sent to this function stays with the timelock; the operation's own comes out of the treasury. Logs
        /// CallExecuted.
        /// @custom:reverts TimelockUnexpectedOperationState unless the operation is ready, before the call and after it;
        /// TimelockUnexecutedPredecessor if its predecessor is not done;
        /// FailedCall if the call reverts with nothing;
        /// what the call reverts with
        /// @custom:access Holders of `EXECUTOR_ROLE`, and everybody while the zero address holds it; others get
        /// AccessControlUnauthorizedAccount
        /// @custom:reentrant operations call this timelock by design; each must be ready before its calls and after them
        function execute(address target, uint256 value, bytes calldata payload, bytes32 predecessor, bytes32 salt) external payable;

        /// Executes a batch that was scheduled and is ready. As `execute`, with one CallExecuted a call.
        /// @custom:reverts TimelockInvalidOperationLength if the lists differ in length;
        /// what `execute` reverts with
        /// @custom:access Holders of `EXECUTOR_ROLE`, and everybody while the zero address holds it; others get
        /// AccessControlUnauthorizedAccount
        /// @custom:reentrant operations call this timelock by design; each must be ready before its calls and after them
        function executeBatch(address[] calldata targets, uint256[] calldata values, bytes[] calldata payloads, bytes32 predecessor, bytes32 salt) external payable;

        /// Sets the minimum delay of operations that are scheduled from now on, in seconds.
        /// @dev Logs MinDelayChange.
        /// @custom:access The timelock itself, so an operation that has waited; others get TimelockUnauthorizedCaller
        function updateDelay(uint256 newDelay) external;

        /// Whether an operation is known: waiting, ready or done.
        function isOperation(bytes32 id) external view returns (bool);

        /// Whether an operation has been scheduled and neither executed nor cancelled. It may be ready.
        function isOperationPending(bytes32 id) external view returns (bool);

        /// Whether an operation has waited long enough.
        function isOperationReady(bytes32 id) external view returns (bool);

        /// Whether an operation has been executed.
        function isOperationDone(bytes32 id) external view returns (bool);

        /// When an operation becomes ready: 0 if it is unknown, 1 if it is done.
        function getTimestamp(bytes32 id) external view returns (uint256);

        /// The state of an operation: 0 unset, 1 waiting, 2 ready, 3 done.
        function getOperationState(bytes32 id) external view returns (uint8);

        /// The least that an operation waits, in seconds.
        function getMinDelay() external view returns (uint256);

        /// The id of a single call: keccak-256 of the ABI encoding of the arguments.
        function hashOperation(address target, uint256 value, bytes calldata data, bytes32 predecessor, bytes32 salt) external pure returns (bytes32);

        /// The id of a batch: keccak-256 of the ABI encoding of the arguments.
        function hashOperationBatch(address[] calldata targets, uint256[] calldata values, bytes[] calldata payloads, bytes32 predecessor, bytes32 salt) external pure returns (bytes32);

        /// May schedule: keccak-256 of "PROPOSER_ROLE".
        function PROPOSER_ROLE() external view returns (bytes32);

        /// May execute: keccak-256 of "EXECUTOR_ROLE".
        function EXECUTOR_ROLE() external view returns (bytes32);

        /// May cancel: keccak-256 of "CANCELLER_ROLE".
        function CANCELLER_ROLE() external view returns (bytes32);

        /// May grant and revoke every role, itself included: zero.
        function DEFAULT_ADMIN_ROLE() external view returns (bytes32);

        /// Whether an account holds a role.
        function hasRole(bytes32 role, address account) external view returns (bool);

        /// Who may grant and revoke a role: DEFAULT_ADMIN_ROLE, for every role.
        function getRoleAdmin(bytes32 role) external view returns (bytes32);

        /// Grants a role. Logs RoleGranted unless the account holds it already.
        /// @custom:access Holders of `DEFAULT_ADMIN_ROLE`; others get AccessControlUnauthorizedAccount
        function grantRole(bytes32 role, address account) external;

        /// Revokes a role. Logs RoleRevoked if the account held it.
        /// @custom:access Holders of `DEFAULT_ADMIN_ROLE`; others get AccessControlUnauthorizedAccount
        function revokeRole(bytes32 role, address account) external;

        /// Gives up a role of the caller's own. Logs RoleRevoked if the caller held it.
        /// @custom:reverts AccessControlBadConfirmation unless `callerConfirmation` is the caller
        /// @custom:access the holder itself
        function renounceRole(bytes32 role, address callerConfirmation) external;

        /// Whether the contract has the interface of this id (ERC-165).
        function supportsInterface(bytes4 interfaceId) external view returns (bool);

        /// Takes an ERC-721 token, whichever it is.
        /// @custom:access anyone
        function onERC721Received(address operator, address from, uint256 tokenId, bytes calldata data) external returns (bytes4);

        /// Takes ERC-1155 tokens of one id, whichever it is.
        /// @custom:access anyone
        function onERC1155Received(address operator, address from, uint256 id, uint256 value, bytes calldata data) external returns (bytes4);

        /// Takes a batch of ERC-1155 tokens, whichever they are.
        /// @custom:access anyone
        function onERC1155BatchReceived(address operator, address from, uint256[] calldata ids, uint256[] calldata values, bytes calldata data) external returns (bytes4);
    }
}
