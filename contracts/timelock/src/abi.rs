//! The timelock's interface: OpenZeppelin Contracts 5.7's TimelockController, to the selector.
//!
//! Times are in seconds since 1970 as `block.timestamp` reads, delays in seconds, values in wei. An operation is one
//! call or a batch of calls that happen together or not at all; its id is the hash of all that it will do.

use consilium_abi::sol_abi;
// The fragments, and the traits with their methods.
use consilium_components::access_control::{AccessControl, DEFAULT_ADMIN_ROLE, DefaultAdmin, HasRoles};
use consilium_components::receivers::{Erc165, Erc721Receiver, Erc1155Receiver, TakesTokens};

use crate::Timelock;
use crate::rules::{CANCELLER_ROLE, EXECUTOR_ROLE, PROPOSER_ROLE};

sol_abi! {
    /// Executes approved operations after a delay, so that everyone has time to react.
    ///
    /// A proposer schedules an operation, which then waits at least the minimum delay. A canceller can stop it until it is
    /// executed. An executor executes it. The timelock owns the treasury and is the executor that the
    /// governed contracts obey. It administers its own roles and its own delay, so that these change by operations that
    /// have waited like any other.
    interface ITimelock for Timelock is DefaultAdmin, AccessControl, Erc165, Erc721Receiver, Erc1155Receiver {
        /// Runs once, for whoever calls it first: call it in the deploying transaction. The timelock becomes its own admin,
        /// and nobody else unless `admin` is given.
        /// @param minDelay the least that an operation waits, in seconds
        /// @param proposers accounts that get PROPOSER_ROLE and CANCELLER_ROLE
        /// @param executors accounts that get EXECUTOR_ROLE; the zero address for everybody
        /// @param admin an account that may hand out roles without delay during set-up and should renounce afterwards;
        /// the zero address for none
        constructor(uint256 minDelay, address[] proposers, address[] executors, address admin) => initialize;

        /// Ether arrives: the treasury takes it from anybody. While the program is cached, the 2,300 gas that Solidity's
        /// `transfer` and `send` leave are enough.
        receive() external payable;

        // ------------------------------------------------------------------------------------------ who may call

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
        /// @param predecessor the id of an operation that must be done before, or zero
        /// @param salt tells equal operations apart
        /// @param delay seconds from now until it may be executed
        /// @custom:reverts TimelockUnexpectedOperationState if the operation is known
        /// @custom:reverts TimelockInsufficientDelay if the delay is below the minimum
        /// @custom:reverts Panic(0x11) if it would end after 2^256 seconds
        function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay)
            external only(PROPOSER_ROLE) => schedule;

        /// Schedules several calls that are made in their order, all or none. As `schedule`, with one CallScheduled a
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

        /// Cancels an operation that has not been executed. It can be scheduled again.
        ///
        /// Logs Cancelled.
        /// @custom:reverts TimelockUnexpectedOperationState unless it waits or is ready
        function cancel(bytes32 id) external only(CANCELLER_ROLE) => cancel;

        /// Executes a single call that was scheduled and is ready.
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

        /// Executes a batch that was scheduled and is ready. As `execute`, with one CallExecuted a call.
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
    }
}
