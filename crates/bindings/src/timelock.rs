// Made by `cargo xtask abi` from contracts/timelock/src/abi.rs: do not edit.

//! `Timelock`: typed calls, events and errors.

alloy::sol! {
    #[sol(rpc)]
    #[derive(Debug, PartialEq, Eq)]
    /// Carries out what has been decided, and not before everybody had the time to see it coming.
    ///
    /// A proposer schedules an operation, which then waits at least the minimum delay; a canceller can stop it as long
    /// as it has not happened; an executor carries it out. The timelock owns the treasury and is the executor that the
    /// governed contracts obey. It administers its own roles and its own delay, so that these change by operations that
    /// have waited like any other.
    contract Timelock {
        /// Runs once, in the deploying transaction. The timelock becomes its own admin, and nobody else unless `admin`
        /// is given.
        /// @param minDelay the least that an operation waits, in seconds
        /// @param proposers accounts that get PROPOSER_ROLE and CANCELLER_ROLE
        /// @param executors accounts that get EXECUTOR_ROLE; the zero address stands for everybody
        /// @param admin an account that may hand out roles without delay during set-up and should renounce afterwards;
        /// the zero address for none
        constructor(uint256 minDelay, address[] memory proposers, address[] memory executors, address admin);

        /// Ether arrives: the treasury takes it from anybody.
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

        /// A role has got another admin. The timelock never does this; the event is IAccessControl's.
        event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole);

        /// `sender` granted a role to an account that did not hold it.
        event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender);

        /// `sender` revoked a role of an account, its own where it renounced.
        event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender);

        /// The lists of a batch differ in length.
        error TimelockInvalidOperationLength(uint256 targets, uint256 payloads, uint256 values);

        /// The delay is below the minimum; both in seconds.
        error TimelockInsufficientDelay(uint256 delay, uint256 minDelay);

        /// The operation is in another state than is needed. `expectedStates` has bit n set where state n would do, see
        /// `getOperationState`.
        error TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates);

        /// The operation that has to be done before is not.
        error TimelockUnexecutedPredecessor(bytes32 predecessorId);

        /// The caller is not the timelock.
        error TimelockUnauthorizedCaller(address caller);

        /// The account lacks the role.
        error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);

        /// Who renounces has to name itself.
        error AccessControlBadConfirmation();

        /// The executed call reverted without a reason.
        error FailedCall();

        /// Schedules a single call.
        ///
        /// Only PROPOSER_ROLE (AccessControlUnauthorizedAccount). The same operation cannot be scheduled while it is
        /// scheduled or after it was done (TimelockUnexpectedOperationState): give another `salt`. The delay is at
        /// least the minimum (TimelockInsufficientDelay); one that ends after 2^256 seconds reverts with Panic(0x11).
        /// Logs CallScheduled, and CallSalt where the salt is not zero.
        /// @param target whom to call
        /// @param value the wei to send along
        /// @param data the calldata
        /// @param predecessor the id of an operation that has to be done before, or zero
        /// @param salt tells equal operations apart
        /// @param delay seconds from now until it may be executed
        function schedule(address target, uint256 value, bytes calldata data, bytes32 predecessor, bytes32 salt, uint256 delay) external;

        /// Schedules several calls that happen in their order, all or none. As `schedule`, with one CallScheduled a
        /// call; the lists are of one length (TimelockInvalidOperationLength).
        function scheduleBatch(address[] calldata targets, uint256[] calldata values, bytes[] calldata payloads, bytes32 predecessor, bytes32 salt, uint256 delay) external;

        /// Forgets an operation that has not been executed. It can be scheduled anew.
        ///
        /// Only CANCELLER_ROLE. Reverts with TimelockUnexpectedOperationState unless it waits or is ready. Logs
        /// Cancelled.
        function cancel(bytes32 id) external;

        /// Executes a single call that was scheduled and has waited.
        ///
        /// Only EXECUTOR_ROLE, or anybody where the zero address has that role. The operation must be ready
        /// (TimelockUnexpectedOperationState), before the call and after it: what is called may call back. Its
        /// predecessor must be done (TimelockUnexecutedPredecessor). What the call reverts with is what this reverts
        /// with, FailedCall if it reverts with nothing. Value sent to this function stays with the timelock; the
        /// operation's own comes out of the treasury. Logs CallExecuted.
        function execute(address target, uint256 value, bytes calldata payload, bytes32 predecessor, bytes32 salt) external payable;

        /// Executes a batch that was scheduled and has waited. As `execute`, with one CallExecuted a call.
        function executeBatch(address[] calldata targets, uint256[] calldata values, bytes[] calldata payloads, bytes32 predecessor, bytes32 salt) external payable;

        /// Sets the minimum delay of operations that are scheduled from now on, in seconds.
        ///
        /// Only the timelock itself (TimelockUnauthorizedCaller), so only by an operation. Logs MinDelayChange.
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

        /// Whether an account holds a role. That the zero address holds EXECUTOR_ROLE means that anybody may execute.
        function hasRole(bytes32 role, address account) external view returns (bool);

        /// Who may grant and revoke a role: DEFAULT_ADMIN_ROLE, for every role.
        function getRoleAdmin(bytes32 role) external view returns (bytes32);

        /// Grants a role. Only its admin. Logs RoleGranted unless the account holds it already.
        function grantRole(bytes32 role, address account) external;

        /// Revokes a role. Only its admin. Logs RoleRevoked if the account held it.
        function revokeRole(bytes32 role, address account) external;

        /// Gives up a role of the caller's own. `callerConfirmation` is the caller (AccessControlBadConfirmation).
        /// Logs RoleRevoked if the caller held it.
        function renounceRole(bytes32 role, address callerConfirmation) external;

        /// ERC-165: IERC165, IAccessControl and IERC1155Receiver.
        function supportsInterface(bytes4 interfaceId) external view returns (bool);

        /// ERC-721: the treasury takes every token.
        function onERC721Received(address operator, address from, uint256 tokenId, bytes calldata data) external returns (bytes4);

        /// ERC-1155: the treasury takes every token.
        function onERC1155Received(address operator, address from, uint256 id, uint256 value, bytes calldata data) external returns (bytes4);

        /// ERC-1155: the treasury takes every batch of tokens.
        function onERC1155BatchReceived(address operator, address from, uint256[] calldata ids, uint256[] calldata values, bytes calldata data) external returns (bytes4);
    }
}
