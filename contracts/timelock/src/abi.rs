//! The timelock's interface: OpenZeppelin Contracts 5.7's TimelockController, to the selector.
//!
//! Times are in seconds since 1970 as `block.timestamp` reads, delays in seconds, values in wei. An operation is one
//! call or a batch of calls that happen together or not at all; its id is the hash of all that it will do.

use consilium_abi::sol_abi;

use crate::Timelock;
use crate::rules::{CANCELLER_ROLE, DEFAULT_ADMIN_ROLE, EXECUTOR_ROLE, PROPOSER_ROLE};

sol_abi! {
    /// Carries out what has been decided, and not before everybody had the time to see it coming.
    ///
    /// A proposer schedules an operation, which then waits at least the minimum delay; a canceller can stop it as long
    /// as it has not happened; an executor carries it out. The timelock owns the treasury and is the executor that the
    /// governed contracts obey. It administers its own roles and its own delay, so that these change by operations that
    /// have waited like any other.
    interface ITimelock for Timelock {
        /// Runs once, for whoever calls it first: call it in the deploying transaction. The timelock becomes its own admin,
        /// and nobody else unless `admin` is given.
        /// @param minDelay the least that an operation waits, in seconds
        /// @param proposers accounts that get PROPOSER_ROLE and CANCELLER_ROLE
        /// @param executors accounts that get EXECUTOR_ROLE; the zero address stands for everybody
        /// @param admin an account that may hand out roles without delay during set-up and should renounce afterwards;
        /// the zero address for none
        constructor(uint256 minDelay, address[] proposers, address[] executors, address admin) => init;

        /// Ether arrives: the treasury takes it from anybody. While the program is cached, the 2,300 gas that Solidity's
        /// `transfer` and `send` leave are enough.
        receive() external payable;

        // ------------------------------------------------------------------------------------------ who may call

        /// Holders of `role`.
        guard only(role) reverts AccessControlUnauthorizedAccount => only;
        /// Holders of `role`, and everybody while the zero address holds it.
        guard only_or_open(role) reverts AccessControlUnauthorizedAccount => only_or_open;
        /// The timelock itself, so an operation that has waited.
        guard only_self reverts TimelockUnauthorizedCaller => only_self;

        // ------------------------------------------------------------------------------------------- operations

        /// Schedules a single call.
        ///
        /// The same operation cannot be scheduled again while it is scheduled or after it was done: give another `salt`.
        /// Logs CallScheduled, and CallSalt where the salt is not zero.
        /// @param target whom to call
        /// @param value the wei to send along
        /// @param data the calldata
        /// @param predecessor the id of an operation that has to be done before, or zero
        /// @param salt tells equal operations apart
        /// @param delay seconds from now until it may be executed
        /// @custom:reverts TimelockUnexpectedOperationState if the operation is known
        /// @custom:reverts TimelockInsufficientDelay if the delay is below the minimum
        /// @custom:reverts Panic(0x11) if it would end after 2^256 seconds
        function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay)
            external only(PROPOSER_ROLE) => schedule;

        /// Schedules several calls that happen in their order, all or none. As `schedule`, with one CallScheduled a
        /// call.
        /// @custom:reverts TimelockInvalidOperationLength if the lists differ in length
        /// @custom:reverts TimelockUnexpectedOperationState if the operation is known
        /// @custom:reverts TimelockInsufficientDelay if the delay is below the minimum
        /// @custom:reverts Panic(0x11) if it would end after 2^256 seconds
        function scheduleBatch(
            address[] targets,
            uint256[] values,
            bytes[] payloads,
            bytes32 predecessor,
            bytes32 salt,
            uint256 delay
        ) external only(PROPOSER_ROLE) => schedule_batch;

        /// Forgets an operation that has not been executed. It can be scheduled anew.
        ///
        /// Logs Cancelled.
        /// @custom:reverts TimelockUnexpectedOperationState unless it waits or is ready
        function cancel(bytes32 id) external only(CANCELLER_ROLE) => cancel;

        /// Executes a single call that was scheduled and has waited.
        ///
        /// Value sent to this function stays with the timelock; the operation's own comes out of the treasury. Logs
        /// CallExecuted.
        /// @custom:reverts TimelockUnexpectedOperationState unless the operation is ready, before the call and after it
        /// @custom:reverts TimelockUnexecutedPredecessor if its predecessor is not done
        /// @custom:reverts FailedCall if the call reverts with nothing
        /// @custom:reverts what the call reverts with
        function execute(address target, uint256 value, bytes payload, bytes32 predecessor, bytes32 salt)
            external payable only_or_open(EXECUTOR_ROLE)
            reentrant "operations call this timelock by design; each must be ready before its calls and after them"
            => execute;

        /// Executes a batch that was scheduled and has waited. As `execute`, with one CallExecuted a call.
        /// @custom:reverts TimelockInvalidOperationLength if the lists differ in length
        /// @custom:reverts what `execute` reverts with
        function executeBatch(
            address[] targets,
            uint256[] values,
            bytes[] payloads,
            bytes32 predecessor,
            bytes32 salt
        ) external payable only_or_open(EXECUTOR_ROLE)
            reentrant "operations call this timelock by design; each must be ready before its calls and after them"
            => execute_batch;

        /// Sets the minimum delay of operations that are scheduled from now on, in seconds.
        ///
        /// Logs MinDelayChange.
        function updateDelay(uint256 newDelay) external only_self => update_delay;

        /// Whether an operation is known: waiting, ready or done.
        function isOperation(bytes32 id) external view returns (bool) => is_operation;
        /// Whether an operation has been scheduled and neither executed nor cancelled. It may be ready.
        function isOperationPending(bytes32 id) external view returns (bool) => is_operation_pending;
        /// Whether an operation has waited long enough.
        function isOperationReady(bytes32 id) external view returns (bool) => is_operation_ready;
        /// Whether an operation has been executed.
        function isOperationDone(bytes32 id) external view returns (bool) => is_operation_done;
        /// When an operation becomes ready: 0 if it is unknown, 1 if it is done.
        function getTimestamp(bytes32 id) external view returns (uint256) => get_timestamp;
        /// The state of an operation: 0 unset, 1 waiting, 2 ready, 3 done.
        function getOperationState(bytes32 id) external view returns (uint8) => get_operation_state;
        /// The least that an operation waits, in seconds.
        function getMinDelay() external view returns (uint256) => get_min_delay;
        /// The id of a single call: keccak-256 of the ABI encoding of the arguments.
        function hashOperation(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt)
            external pure returns (bytes32) => hash_operation;
        /// The id of a batch: keccak-256 of the ABI encoding of the arguments.
        function hashOperationBatch(
            address[] targets,
            uint256[] values,
            bytes[] payloads,
            bytes32 predecessor,
            bytes32 salt
        ) external pure returns (bytes32) => hash_operation_batch;

        // ------------------------------------------------------------------------------------------------ roles

        /// May schedule: keccak-256 of "PROPOSER_ROLE".
        function PROPOSER_ROLE() external view returns (bytes32) => proposer_role;
        /// May execute: keccak-256 of "EXECUTOR_ROLE".
        function EXECUTOR_ROLE() external view returns (bytes32) => executor_role;
        /// May cancel: keccak-256 of "CANCELLER_ROLE".
        function CANCELLER_ROLE() external view returns (bytes32) => canceller_role;
        /// May grant and revoke every role, itself included: zero.
        function DEFAULT_ADMIN_ROLE() external view returns (bytes32) => default_admin_role;
        /// Whether an account holds a role. That the zero address holds EXECUTOR_ROLE means that anybody may execute.
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

        // --------------------------------------------------------------------------------------------- receiving

        /// ERC-165: IERC165, IAccessControl and IERC1155Receiver.
        function supportsInterface(bytes4 interfaceId) external view returns (bool) => supports_interface;
        /// ERC-721: the treasury takes every token.
        function onERC721Received(address operator, address from, uint256 tokenId, bytes data)
            external returns (bytes4) => on_erc721_received;
        /// ERC-1155: the treasury takes every token.
        function onERC1155Received(address operator, address from, uint256 id, uint256 value, bytes data)
            external returns (bytes4) => on_erc1155_received;
        /// ERC-1155: the treasury takes every batch of tokens.
        function onERC1155BatchReceived(address operator, address from, uint256[] ids, uint256[] values, bytes data)
            external returns (bytes4) => on_erc1155_batch_received;

        // ------------------------------------------------------------------------------------- events and errors

        /// A call was scheduled: number `index` of operation `id`, to be executed `delay` seconds later or after.
        event CallScheduled(
            bytes32 indexed id,
            uint256 indexed index,
            address target,
            uint256 value,
            bytes data,
            bytes32 predecessor,
            uint256 delay
        );
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
    }
}
