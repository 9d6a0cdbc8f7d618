//! The manager's interface: OpenZeppelin Contracts 5.7's AccessManager, to the selector, and grants that end.
//!
//! Times are in seconds since 1970 as `block.timestamp` reads, delays in seconds. A role is a number. An operation is a
//! call of `target` with `data` by `caller`; its id is the hash of the three.

use consilium_abi::sol_abi;

use crate::AccessManager;

sol_abi! {
    /// One table of all powers: which role may call which function of which contract, after which delay, until when.
    ///
    /// The contracts that obey it (AccessManaged) ask `canCall` before each restricted function. Who holds a role without
    /// an execution delay calls them directly. Who holds it with a delay schedules the call here, waits, and then
    /// executes it, or calls the target directly; until then the guardians of the function's role can cancel it. Without
    /// a rule, a function is for ADMIN_ROLE.
    interface IAccessManager for AccessManager {
        /// Runs once, for whoever calls it first: call it in the deploying transaction. What it is given is the whole
        /// table, so that nobody has to hold ADMIN_ROLE during set-up. Logs what the functions log.
        /// @param initialAdmin gets ADMIN_ROLE at once, without a delay and for ever
        /// @param grants further grants, all of them at once
        /// @param functions which roles may call which functions
        /// @custom:reverts AccessManagerInvalidInitialAdmin if `initialAdmin` is the zero address
        /// @custom:reverts AccessManagerInvalidInitialAddress if a grant or a function names the zero address
        /// @custom:reverts AccessManagerLockedRole if a grant is of PUBLIC_ROLE, which everybody holds
        /// @custom:reverts AccessManagerEndTooEarly if a grant ends now or earlier
        /// @custom:reverts AccessManagerPermanentAdmin if a grant gives `initialAdmin` an end
        /// @custom:reverts AccessManagerLockedFunction if a function is `setAuthority`
        constructor(address initialAdmin, InitialGrant[] grants, InitialFunction[] functions) => initialize;

        // ------------------------------------------------------------------------------------------ who may call

        /// Holders of ADMIN_ROLE; with an execution delay, after they scheduled it.
        guard admin(msg.data) reverts AccessManagerUnauthorizedAccount => authorized;
        /// Holders of ADMIN_ROLE; with an execution delay, or an admin delay of the target, after they scheduled it.
        guard admin_of_target(msg.data) reverts AccessManagerUnauthorizedAccount => authorized;
        /// Holders of the admin role of the role; with an execution delay, after they scheduled it.
        guard admin_of_role(msg.data) reverts AccessManagerUnauthorizedAccount => authorized;

        // ------------------------------------------------------------------------------------- what is allowed

        /// Whether `caller` may call a function of `target` now, or after which delay.
        ///
        /// (true, 0) now; (false, delay) after `delay` seconds, by `schedule`; (false, 0) not at all. While the manager
        /// executes a call, it is its caller, and may make that call alone. `setAuthority` is for ADMIN_ROLE, after
        /// the target's admin delay at least.
        /// @return immediate whether it may call now
        /// @return delay the delay of those who may not call now, in seconds; 0 if they may not at all
        function canCall(address caller, address target, bytes4 selector)
            external view returns (bool immediate, uint32 delay) => can_call;
        /// Whether an account holds a role, and its execution delay there. Everybody holds PUBLIC_ROLE. False from the
        /// second on at which the grant ends.
        /// @return isMember whether the account holds the role now
        /// @return executionDelay its execution delay in seconds, also of a grant that has not begun
        function hasRole(uint64 roleId, address account)
            external view returns (bool isMember, uint32 executionDelay) => has_role;
        /// A grant in full. All is zero without one, and once it has ended.
        /// @return since when the account holds the role, from then on; 0 without a grant
        /// @return currentDelay the execution delay now, in seconds
        /// @return pendingDelay the execution delay from `effect` on, if it is to change
        /// @return effect when the execution delay changes; 0 if it does not
        function getAccess(uint64 roleId, address account)
            external view returns (uint48 since, uint32 currentDelay, uint32 pendingDelay, uint48 effect)
            => get_access;
        /// When a grant ends or has ended: the first second at which the account does not hold the role. 0 for a grant
        /// without an end, and without a grant.
        function getGrantEnd(uint64 roleId, address account) external view returns (uint48 until) => get_grant_end;
        /// Whether a target is closed: its restricted functions are for nobody.
        function isTargetClosed(address target) external view returns (bool) => is_target_closed;
        /// The role that may call a function of a target; ADMIN_ROLE unless another was set.
        function getTargetFunctionRole(address target, bytes4 selector) external view returns (uint64)
            => get_target_function_role;
        /// The least delay of changes that concern the target, in seconds.
        function getTargetAdminDelay(address target) external view returns (uint32) => get_target_admin_delay;
        /// The role whose holders grant and revoke a role; ADMIN_ROLE unless another was set.
        function getRoleAdmin(uint64 roleId) external view returns (uint64) => get_role_admin;
        /// The role whose holders cancel operations that need a role; ADMIN_ROLE unless another was set.
        function getRoleGuardian(uint64 roleId) external view returns (uint64) => get_role_guardian;
        /// How long a new grant of a role waits until it begins, in seconds.
        function getRoleGrantDelay(uint64 roleId) external view returns (uint32) => get_role_grant_delay;
        /// The role that administers the manager: 0.
        function ADMIN_ROLE() external view returns (uint64) => admin_role;
        /// The role that everybody holds: 2^64 - 1.
        function PUBLIC_ROLE() external view returns (uint64) => public_role;
        /// How long a scheduled operation can be executed once it is ready, in seconds: a week.
        function expiration() external view returns (uint32) => expiration;
        /// How long a change of a grant delay or an admin delay waits at least, in seconds: five days.
        function minSetback() external view returns (uint32) => min_setback;

        // ------------------------------------------------------------------------------------------------ roles

        /// Gives a role a name for people. Logs RoleLabel; nothing is stored.
        /// @custom:reverts AccessManagerLockedRole if it is ADMIN_ROLE or PUBLIC_ROLE
        /// @custom:reverts what `consumeScheduledOp` reverts with, where the caller has a delay
        function labelRole(uint64 roleId, string label) external admin => label_role;
        /// Grants a role without an end, or changes the execution delay of a grant, and takes its end away.
        ///
        /// A new grant begins after the role's grant delay. A longer execution delay applies at once, a shorter one
        /// after the difference. Logs RoleGranted, and GrantEndChanged if there was an end.
        /// @custom:reverts AccessManagerLockedRole if it is PUBLIC_ROLE
        /// @custom:reverts Panic(0x11) if it would begin after 2^48 seconds
        /// @custom:reverts what `consumeScheduledOp` reverts with, where the caller has a delay
        function grantRole(uint64 roleId, address account, uint32 executionDelay)
            external admin_of_role => grant_role;
        /// As `grantRole`, for a grant that ends by itself, or to change when one ends. Not in OpenZeppelin's.
        ///
        /// From the second `until` on the account does not hold the role, and what it has scheduled cannot be executed.
        /// The role can be granted again then, as if it had never been held. An end binds who does not administer the
        /// role: holders of ADMIN_ROLE can grant it to themselves without one. Logs RoleGranted and GrantEndChanged.
        /// @param until the first second at which the account does not hold the role
        /// @custom:reverts AccessManagerLockedRole if it is PUBLIC_ROLE
        /// @custom:reverts AccessManagerEndTooEarly if it would end before it begins, or now
        /// @custom:reverts AccessManagerPermanentAdmin if the account holds ADMIN_ROLE without an end: an admin is
        /// revoked by a decision, and never by a date that nobody remembers
        /// @custom:reverts Panic(0x11) if it would begin after 2^48 seconds
        /// @custom:reverts what `consumeScheduledOp` reverts with, where the caller has a delay
        function grantRoleUntil(uint64 roleId, address account, uint32 executionDelay, uint48 until)
            external admin_of_role => grant_role_until;
        /// Revokes a role at once. Logs RoleRevoked if there was a grant that has not ended.
        /// @custom:reverts AccessManagerLockedRole if it is PUBLIC_ROLE
        /// @custom:reverts what `consumeScheduledOp` reverts with, where the caller has a delay
        function revokeRole(uint64 roleId, address account) external admin_of_role => revoke_role;
        /// Gives up a role of the caller's own, at once. Logs RoleRevoked if there was a grant that has not ended.
        /// @custom:reverts AccessManagerBadConfirmation unless `callerConfirmation` is the caller
        /// @custom:reverts AccessManagerLockedRole if it is PUBLIC_ROLE
        function renounceRole(uint64 roleId, address callerConfirmation)
            external by "the holder itself" => renounce_role;
        /// Sets who grants and revokes a role. With PUBLIC_ROLE, everybody does. Logs RoleAdminChanged.
        /// @custom:reverts AccessManagerLockedRole if it is the admin of ADMIN_ROLE or PUBLIC_ROLE
        /// @custom:reverts what `consumeScheduledOp` reverts with, where the caller has a delay
        function setRoleAdmin(uint64 roleId, uint64 admin) external admin => set_role_admin;
        /// Sets who cancels operations that need a role. With PUBLIC_ROLE, everybody does. Logs RoleGuardianChanged.
        /// @custom:reverts AccessManagerLockedRole if it is the guardian of ADMIN_ROLE or PUBLIC_ROLE
        /// @custom:reverts what `consumeScheduledOp` reverts with, where the caller has a delay
        function setRoleGuardian(uint64 roleId, uint64 guardian) external admin => set_role_guardian;
        /// Sets how long new grants of a role wait. It applies after `minSetback`, or, if it is shorter, after the
        /// difference where that is more. Logs RoleGrantDelayChanged.
        /// @custom:reverts AccessManagerLockedRole if it is PUBLIC_ROLE
        /// @custom:reverts Panic(0x11) if it would apply after 2^48 seconds
        /// @custom:reverts what `consumeScheduledOp` reverts with, where the caller has a delay
        function setGrantDelay(uint64 roleId, uint32 newDelay) external admin => set_grant_delay;

        // ---------------------------------------------------------------------------------------------- targets

        /// Sets which role may call these functions of a target. Logs TargetFunctionRoleUpdated for each.
        /// @custom:reverts AccessManagerLockedFunction if one is `setAuthority`: that is for `updateAuthority`
        /// @custom:reverts what `consumeScheduledOp` reverts with, where there is a delay
        function setTargetFunctionRole(address target, bytes4[] selectors, uint64 roleId)
            external admin_of_target => set_target_function_role;
        /// Sets the least delay of changes that concern a target. It applies after `minSetback`, or, if it is shorter,
        /// after the difference where that is more. Logs TargetAdminDelayUpdated.
        /// @custom:reverts Panic(0x11) if it would apply after 2^48 seconds
        /// @custom:reverts what `consumeScheduledOp` reverts with, where the caller has a delay
        function setTargetAdminDelay(address target, uint32 newDelay) external admin => set_target_admin_delay;
        /// Closes a target: its restricted functions are for nobody, until it is opened. Logs TargetClosed.
        /// @custom:reverts what `consumeScheduledOp` reverts with, where there is a delay
        function setTargetClosed(address target, bool closed) external admin_of_target => set_target_closed;
        /// Lets a target obey another authority. It must obey this manager.
        /// @custom:reverts what the target's `setAuthority` reverts with; nothing if the target has no code
        /// @custom:reverts what `consumeScheduledOp` reverts with, where there is a delay
        function updateAuthority(address target, address newAuthority)
            external admin_of_target reentrant "the target is called last, and nothing of this call is open by then"
            => update_authority;

        // ------------------------------------------------------------------------------------------- operations

        /// Schedules a call that the caller may make after a delay. Logs OperationScheduled.
        ///
        /// An operation that has expired or been executed or cancelled can be scheduled again; its nonce tells them apart.
        /// @param when the first second at which it can be executed; 0 for the first that is possible
        /// @return operationId the hash of caller, target and data
        /// @return nonce how often this operation has been scheduled
        /// @custom:reverts AccessManagerUnauthorizedCall if the caller may not make the call, or may without a delay,
        /// or `when` is earlier than its delay allows
        /// @custom:reverts AccessManagerAlreadyScheduled if it is scheduled and has not expired
        /// @custom:reverts Panic(0x11) if it would end after 2^48 seconds
        function schedule(address target, bytes data, uint48 when)
            external by "who may make the call after a delay"
            returns (bytes32 operationId, uint32 nonce) => schedule;
        /// Makes a call that the caller may make now, or has scheduled, with the ether that is sent along.
        ///
        /// A scheduled operation is consumed even if the caller has no delay any more. What the call returns is lost.
        /// Logs OperationExecuted if the operation was scheduled.
        /// @return nonce the nonce of the scheduled operation; 0 if it was not scheduled
        /// @custom:reverts AccessManagerUnauthorizedCall if the caller may not make the call
        /// @custom:reverts AccessManagerNotScheduled if it has a delay and did not schedule it
        /// @custom:reverts AccessManagerNotReady if the operation is not ready
        /// @custom:reverts AccessManagerExpired if it has been ready for a week
        /// @custom:reverts AddressEmptyCode if the target has no code
        /// @custom:reverts FailedCall if the call reverts with nothing
        /// @custom:reverts what the call reverts with
        function execute(address target, bytes data)
            external payable by "who may make the call now, or has scheduled it"
            reentrant "targets may call the manager by design; the operation is consumed before its call is made"
            returns (uint32 nonce) => execute;
        /// Cancels a scheduled operation, also an expired one. Logs OperationCanceled.
        /// @return nonce the nonce of the operation
        /// @custom:reverts AccessManagerNotScheduled if it is not scheduled
        /// @custom:reverts AccessManagerUnauthorizedCancel if the caller may not cancel it
        function cancel(address caller, address target, bytes data)
            external by "who scheduled it; ADMIN_ROLE; the guardians of the function's role; for grants and revocations here, the role's admins"
            returns (uint32 nonce) => cancel;
        /// Consumes a scheduled operation of `caller` on the calling target, which makes the call itself. Logs
        /// OperationExecuted.
        ///
        /// It does not ask whether `caller` still may make the call: its role may be revoked or have ended since. The
        /// target asks `canCall` before, as AccessManaged does.
        /// @custom:reverts AccessManagerUnauthorizedConsume unless the target answers `isConsumingScheduledOp`
        /// @custom:reverts AccessManagerNotScheduled if it is not scheduled
        /// @custom:reverts AccessManagerNotReady if it is not ready
        /// @custom:reverts AccessManagerExpired if it has been ready for a week
        function consumeScheduledOp(address caller, bytes data)
            external by "a target that answers `isConsumingScheduledOp`, for operations on itself"
            => consume_scheduled_op;
        /// When a scheduled operation is ready; 0 if it is not scheduled, and once it has expired.
        /// @custom:reverts Panic(0x11) if it would expire after 2^48 seconds
        function getSchedule(bytes32 id) external view returns (uint48) => get_schedule;
        /// How often an operation has been scheduled.
        function getNonce(bytes32 id) external view returns (uint32) => get_nonce;
        /// The id of an operation: keccak-256 of the ABI encoding of the arguments.
        function hashOperation(address caller, address target, bytes data) external view returns (bytes32)
            => hash_operation;
        /// Calls several functions of the manager, for the caller: all or none.
        /// @return results what they return
        /// @custom:reverts FailedCall if one of them reverts with nothing, or there is no such function
        /// @custom:reverts what they revert with
        function multicall(bytes[] data)
            external reentrant "each call is guarded as if it came alone"
            returns (bytes[] results) => multicall;

        // ------------------------------------------------------------------------------------- events and errors

        /// A grant that the manager is constructed with.
        struct InitialGrant {
            uint64 roleId;
            address account;
            uint32 executionDelay;
            uint48 until;
        }
        /// A function of a target, and the role that may call it, that the manager is constructed with.
        struct InitialFunction {
            address target;
            bytes4 selector;
            uint64 roleId;
        }

        /// An operation was scheduled: ready at the second `schedule`.
        event OperationScheduled(
            bytes32 indexed operationId,
            uint32 indexed nonce,
            uint48 schedule,
            address caller,
            address target,
            bytes data
        );
        /// A scheduled operation was executed.
        event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce);
        /// A scheduled operation was cancelled.
        event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce);
        /// A role has a name for people.
        event RoleLabel(uint64 indexed roleId, string label);
        /// A role was granted, or the execution delay of a grant changed. Where there was no grant, or it had ended
        /// (`newMember`), `since` is when it begins; else it is when the new delay applies.
        event RoleGranted(
            uint64 indexed roleId,
            address indexed account,
            uint32 delay,
            uint48 since,
            bool newMember
        );
        /// A grant has another end: the first second at which the account does not hold the role, or 0 for none. Not in
        /// OpenZeppelin's. It follows the RoleGranted of the same change. A new grant has no end unless it does.
        event GrantEndChanged(uint64 indexed roleId, address indexed account, uint48 until);
        /// A role was revoked or renounced.
        event RoleRevoked(uint64 indexed roleId, address indexed account);
        /// A role has another admin.
        event RoleAdminChanged(uint64 indexed roleId, uint64 indexed admin);
        /// A role has another guardian.
        event RoleGuardianChanged(uint64 indexed roleId, uint64 indexed guardian);
        /// New grants of a role wait another time, from `since` on.
        event RoleGrantDelayChanged(uint64 indexed roleId, uint32 delay, uint48 since);
        /// A target was closed or opened.
        event TargetClosed(address indexed target, bool closed);
        /// A function of a target is for another role.
        event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId);
        /// Changes that concern a target wait another time, from `since` on.
        event TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since);

        /// The operation is scheduled and has not expired.
        error AccessManagerAlreadyScheduled(bytes32 operationId);
        /// The operation is not scheduled.
        error AccessManagerNotScheduled(bytes32 operationId);
        /// The operation is not ready.
        error AccessManagerNotReady(bytes32 operationId);
        /// The operation has been ready for a week.
        error AccessManagerExpired(bytes32 operationId);
        /// The role cannot be changed so: ADMIN_ROLE or PUBLIC_ROLE.
        error AccessManagerLockedRole(uint64 roleId);
        /// The function's role cannot be set.
        error AccessManagerLockedFunction(bytes4 selector);
        /// Who renounces has to name itself.
        error AccessManagerBadConfirmation();
        /// The account lacks the role.
        error AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId);
        /// The caller may not make this call, or not now.
        error AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector);
        /// The target does not say that it consumes an operation.
        error AccessManagerUnauthorizedConsume(address target);
        /// The sender may not cancel this operation.
        error AccessManagerUnauthorizedCancel(address msgsender, address caller, address target, bytes4 selector);
        /// The zero address cannot be the admin.
        error AccessManagerInvalidInitialAdmin(address initialAdmin);
        /// The grant, or the function, number `index` of the constructor names the zero address. Not in OpenZeppelin's.
        error AccessManagerInvalidInitialAddress(uint256 index);
        /// The grant would end at the second `until`, which must be later than `start`: when it begins, or now. Not in
        /// OpenZeppelin's.
        error AccessManagerEndTooEarly(uint48 until, uint48 start);
        /// The account holds ADMIN_ROLE without an end: revoke it, or let it renounce. Not in OpenZeppelin's.
        error AccessManagerPermanentAdmin(address account);
        /// The target has no code.
        error AddressEmptyCode(address target);
        /// The call reverted without a reason.
        error FailedCall();
        /// The manager lacks the ether that a call is to send. Declared by OpenZeppelin's Address; a call sends what
        /// came along, so this is never raised.
        error InsufficientBalance(uint256 balance, uint256 needed);
        /// The time is not below 2^48 seconds.
        error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value);
    }
}

sol_abi! {
    /// What the manager calls of a target.
    interface IManaged {
        /// Obeys another authority.
        function setAuthority(address newAuthority) external;
        /// Its own selector while it consumes an operation.
        function isConsumingScheduledOp() external view returns (bytes4);
    }
}
