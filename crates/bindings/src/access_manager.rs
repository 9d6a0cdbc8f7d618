// Made by `cargo xtask abi` from contracts/access-manager/src/abi.rs: do not edit.

//! `AccessManager`: typed calls, events and errors.

alloy::sol! {
    #[sol(rpc)]
    #[derive(Debug, PartialEq, Eq)]
    /// One table of all powers: which role may call which function of which contract, after which delay, until when.
    /// @dev The contracts that obey it (AccessManaged) ask `canCall` before each restricted function. Who holds a role
    /// without
    /// an execution delay calls them directly. Who holds it with a delay schedules the call here, waits, and then
    /// executes it, or calls the target directly; until then the guardians of the function's role can cancel it. Without
    /// a rule, a function is for ADMIN_ROLE.
    contract AccessManager {
        /// Runs once, for whoever calls it first: call it in the deploying transaction. What it is given is the whole
        /// table, so that nobody has to hold ADMIN_ROLE during set-up. Logs what the functions log.
        /// @param initialAdmin gets ADMIN_ROLE at once, without a delay and for ever
        /// @param grants further grants, all of them at once
        /// @param functions which roles may call which functions
        /// @custom:reverts AccessManagerInvalidInitialAdmin if `initialAdmin` is the zero address;
        /// AccessManagerInvalidInitialAddress if a grant or a function names the zero address;
        /// AccessManagerLockedRole if a grant is of PUBLIC_ROLE, which everybody holds;
        /// AccessManagerEndTooEarly if a grant ends now or earlier;
        /// AccessManagerPermanentAdmin if a grant gives `initialAdmin` an end;
        /// AccessManagerLockedFunction if a function is `setAuthority`
        constructor(address initialAdmin, InitialGrant[] memory grants, InitialFunction[] memory functions);

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
        event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data);

        /// A scheduled operation was executed.
        event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce);

        /// A scheduled operation was cancelled.
        event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce);

        /// A role has a name for people.
        event RoleLabel(uint64 indexed roleId, string label);

        /// A role was granted, or the execution delay of a grant changed. Where there was no grant, or it had ended
        /// (`newMember`), `since` is when it begins; else it is when the new delay applies.
        event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember);

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

        /// Whether `caller` may call a function of `target` now, or after which delay.
        /// @dev (true, 0) now; (false, delay) after `delay` seconds, by `schedule`; (false, 0) not at all. While the
        /// manager
        /// executes a call, it is its caller, and may make that call alone. `setAuthority` is for ADMIN_ROLE, after
        /// the target's admin delay at least.
        /// @return immediate whether it may call now
        /// @return delay the delay of those who may not call now, in seconds; 0 if they may not at all
        function canCall(address caller, address target, bytes4 selector) external view returns (bool immediate, uint32 delay);

        /// Whether an account holds a role, and its execution delay there. Everybody holds PUBLIC_ROLE. False from the
        /// second on at which the grant ends.
        /// @return isMember whether the account holds the role now
        /// @return executionDelay its execution delay in seconds, also of a grant that has not begun
        function hasRole(uint64 roleId, address account) external view returns (bool isMember, uint32 executionDelay);

        /// A grant in full. All is zero without one, and once it has ended.
        /// @return since when the account holds the role, from then on; 0 without a grant
        /// @return currentDelay the execution delay now, in seconds
        /// @return pendingDelay the execution delay from `effect` on, if it is to change
        /// @return effect when the execution delay changes; 0 if it does not
        function getAccess(uint64 roleId, address account) external view returns (uint48 since, uint32 currentDelay, uint32 pendingDelay, uint48 effect);

        /// When a grant ends or has ended: the first second at which the account does not hold the role. 0 for a grant
        /// without an end, and without a grant.
        function getGrantEnd(uint64 roleId, address account) external view returns (uint48 until);

        /// Whether a target is closed: its restricted functions are for nobody.
        function isTargetClosed(address target) external view returns (bool);

        /// The role that may call a function of a target; ADMIN_ROLE unless another was set.
        function getTargetFunctionRole(address target, bytes4 selector) external view returns (uint64);

        /// The least delay of changes that concern the target, in seconds.
        function getTargetAdminDelay(address target) external view returns (uint32);

        /// The role whose holders grant and revoke a role; ADMIN_ROLE unless another was set.
        function getRoleAdmin(uint64 roleId) external view returns (uint64);

        /// The role whose holders cancel operations that need a role; ADMIN_ROLE unless another was set.
        function getRoleGuardian(uint64 roleId) external view returns (uint64);

        /// How long a new grant of a role waits until it begins, in seconds.
        function getRoleGrantDelay(uint64 roleId) external view returns (uint32);

        /// The role that administers the manager: 0.
        function ADMIN_ROLE() external view returns (uint64);

        /// The role that everybody holds: 2^64 - 1.
        function PUBLIC_ROLE() external view returns (uint64);

        /// How long a scheduled operation can be executed once it is ready, in seconds: a week.
        function expiration() external view returns (uint32);

        /// How long a change of a grant delay or an admin delay waits at least, in seconds: five days.
        function minSetback() external view returns (uint32);

        /// Gives a role a name for people. Logs RoleLabel; nothing is stored.
        /// @custom:reverts AccessManagerLockedRole if it is ADMIN_ROLE or PUBLIC_ROLE;
        /// what `consumeScheduledOp` reverts with, where the caller has a delay
        /// @custom:access Holders of ADMIN_ROLE; with an execution delay, after they scheduled it; others get
        /// AccessManagerUnauthorizedAccount
        function labelRole(uint64 roleId, string calldata label) external;

        /// Grants a role without an end, or changes the execution delay of a grant, and takes its end away.
        /// @dev A new grant begins after the role's grant delay. A longer execution delay applies at once, a shorter one
        /// after the difference. Logs RoleGranted, and GrantEndChanged if there was an end.
        /// @custom:reverts AccessManagerLockedRole if it is PUBLIC_ROLE;
        /// Panic(0x11) if it would begin after 2^48 seconds;
        /// what `consumeScheduledOp` reverts with, where the caller has a delay
        /// @custom:access Holders of the admin role of the role; with an execution delay, after they scheduled it; others
        /// get AccessManagerUnauthorizedAccount
        function grantRole(uint64 roleId, address account, uint32 executionDelay) external;

        /// As `grantRole`, for a grant that ends by itself, or to change when one ends. Not in OpenZeppelin's.
        /// @dev From the second `until` on the account does not hold the role, and what it has scheduled cannot be
        /// executed.
        /// The role can be granted again then, as if it had never been held. An end binds who does not administer the
        /// role: holders of ADMIN_ROLE can grant it to themselves without one. Logs RoleGranted and GrantEndChanged.
        /// @param until the first second at which the account does not hold the role
        /// @custom:reverts AccessManagerLockedRole if it is PUBLIC_ROLE;
        /// AccessManagerEndTooEarly if it would end before it begins, or now;
        /// AccessManagerPermanentAdmin if the account holds ADMIN_ROLE without an end: an admin is revoked by a decision,
        /// and never by a date that nobody remembers;
        /// Panic(0x11) if it would begin after 2^48 seconds;
        /// what `consumeScheduledOp` reverts with, where the caller has a delay
        /// @custom:access Holders of the admin role of the role; with an execution delay, after they scheduled it; others
        /// get AccessManagerUnauthorizedAccount
        function grantRoleUntil(uint64 roleId, address account, uint32 executionDelay, uint48 until) external;

        /// Revokes a role at once. Logs RoleRevoked if there was a grant that has not ended.
        /// @custom:reverts AccessManagerLockedRole if it is PUBLIC_ROLE;
        /// what `consumeScheduledOp` reverts with, where the caller has a delay
        /// @custom:access Holders of the admin role of the role; with an execution delay, after they scheduled it; others
        /// get AccessManagerUnauthorizedAccount
        function revokeRole(uint64 roleId, address account) external;

        /// Gives up a role of the caller's own, at once. Logs RoleRevoked if there was a grant that has not ended.
        /// @custom:reverts AccessManagerBadConfirmation unless `callerConfirmation` is the caller;
        /// AccessManagerLockedRole if it is PUBLIC_ROLE
        /// @custom:access the holder itself
        function renounceRole(uint64 roleId, address callerConfirmation) external;

        /// Sets who grants and revokes a role. With PUBLIC_ROLE, everybody does. Logs RoleAdminChanged.
        /// @custom:reverts AccessManagerLockedRole if it is the admin of ADMIN_ROLE or PUBLIC_ROLE;
        /// what `consumeScheduledOp` reverts with, where the caller has a delay
        /// @custom:access Holders of ADMIN_ROLE; with an execution delay, after they scheduled it; others get
        /// AccessManagerUnauthorizedAccount
        function setRoleAdmin(uint64 roleId, uint64 admin) external;

        /// Sets who cancels operations that need a role. With PUBLIC_ROLE, everybody does. Logs RoleGuardianChanged.
        /// @custom:reverts AccessManagerLockedRole if it is the guardian of ADMIN_ROLE or PUBLIC_ROLE;
        /// what `consumeScheduledOp` reverts with, where the caller has a delay
        /// @custom:access Holders of ADMIN_ROLE; with an execution delay, after they scheduled it; others get
        /// AccessManagerUnauthorizedAccount
        function setRoleGuardian(uint64 roleId, uint64 guardian) external;

        /// Sets how long new grants of a role wait. It applies after `minSetback`, or, if it is shorter, after the
        /// difference where that is more. Logs RoleGrantDelayChanged.
        /// @custom:reverts AccessManagerLockedRole if it is PUBLIC_ROLE;
        /// Panic(0x11) if it would apply after 2^48 seconds;
        /// what `consumeScheduledOp` reverts with, where the caller has a delay
        /// @custom:access Holders of ADMIN_ROLE; with an execution delay, after they scheduled it; others get
        /// AccessManagerUnauthorizedAccount
        function setGrantDelay(uint64 roleId, uint32 newDelay) external;

        /// Sets which role may call these functions of a target. Logs TargetFunctionRoleUpdated for each.
        /// @custom:reverts AccessManagerLockedFunction if one is `setAuthority`: that is for `updateAuthority`;
        /// what `consumeScheduledOp` reverts with, where there is a delay
        /// @custom:access Holders of ADMIN_ROLE; with an execution delay, or an admin delay of the target, after they
        /// scheduled it; others get AccessManagerUnauthorizedAccount
        function setTargetFunctionRole(address target, bytes4[] calldata selectors, uint64 roleId) external;

        /// Sets the least delay of changes that concern a target. It applies after `minSetback`, or, if it is shorter,
        /// after the difference where that is more. Logs TargetAdminDelayUpdated.
        /// @custom:reverts Panic(0x11) if it would apply after 2^48 seconds;
        /// what `consumeScheduledOp` reverts with, where the caller has a delay
        /// @custom:access Holders of ADMIN_ROLE; with an execution delay, after they scheduled it; others get
        /// AccessManagerUnauthorizedAccount
        function setTargetAdminDelay(address target, uint32 newDelay) external;

        /// Closes a target: its restricted functions are for nobody, until it is opened. Logs TargetClosed.
        /// @custom:reverts what `consumeScheduledOp` reverts with, where there is a delay
        /// @custom:access Holders of ADMIN_ROLE; with an execution delay, or an admin delay of the target, after they
        /// scheduled it; others get AccessManagerUnauthorizedAccount
        function setTargetClosed(address target, bool closed) external;

        /// Lets a target obey another authority. It must obey this manager.
        /// @custom:reverts what the target's `setAuthority` reverts with; nothing if the target has no code;
        /// what `consumeScheduledOp` reverts with, where there is a delay
        /// @custom:access Holders of ADMIN_ROLE; with an execution delay, or an admin delay of the target, after they
        /// scheduled it; others get AccessManagerUnauthorizedAccount
        /// @custom:reentrant the target is called last, and nothing of this call is open by then
        function updateAuthority(address target, address newAuthority) external;

        /// Schedules a call that the caller may make after a delay. Logs OperationScheduled.
        /// @dev An operation that has expired or been executed or cancelled can be scheduled again; its nonce tells them
        /// apart.
        /// @param when the first second at which it can be executed; 0 for the first that is possible
        /// @return operationId the hash of caller, target and data
        /// @return nonce how often this operation has been scheduled
        /// @custom:reverts AccessManagerUnauthorizedCall if the caller may not make the call, or may without a delay, or
        /// `when` is earlier than its delay allows;
        /// AccessManagerAlreadyScheduled if it is scheduled and has not expired;
        /// Panic(0x11) if it would end after 2^48 seconds
        /// @custom:access who may make the call after a delay
        function schedule(address target, bytes calldata data, uint48 when) external returns (bytes32 operationId, uint32 nonce);

        /// Makes a call that the caller may make now, or has scheduled, with the ether that is sent along.
        /// @dev A scheduled operation is consumed even if the caller has no delay any more. What the call returns is lost.
        /// Logs OperationExecuted if the operation was scheduled.
        /// @return nonce the nonce of the scheduled operation; 0 if it was not scheduled
        /// @custom:reverts AccessManagerUnauthorizedCall if the caller may not make the call;
        /// AccessManagerNotScheduled if it has a delay and did not schedule it;
        /// AccessManagerNotReady if the operation is not ready;
        /// AccessManagerExpired if it has been ready for a week;
        /// AddressEmptyCode if the target has no code;
        /// FailedCall if the call reverts with nothing;
        /// what the call reverts with
        /// @custom:access who may make the call now, or has scheduled it
        /// @custom:reentrant targets may call the manager by design; the operation is consumed before its call is made
        function execute(address target, bytes calldata data) external payable returns (uint32 nonce);

        /// Cancels a scheduled operation, also an expired one. Logs OperationCanceled.
        /// @return nonce the nonce of the operation
        /// @custom:reverts AccessManagerNotScheduled if it is not scheduled;
        /// AccessManagerUnauthorizedCancel if the caller may not cancel it
        /// @custom:access who scheduled it; ADMIN_ROLE; the guardians of the function's role; for grants and revocations
        /// here, the role's admins
        function cancel(address caller, address target, bytes calldata data) external returns (uint32 nonce);

        /// Consumes a scheduled operation of `caller` on the calling target, which makes the call itself. Logs
        /// OperationExecuted.
        /// @dev It does not ask whether `caller` still may make the call: its role may be revoked or have ended since. The
        /// target asks `canCall` before, as AccessManaged does.
        /// @custom:reverts AccessManagerUnauthorizedConsume unless the target answers `isConsumingScheduledOp`;
        /// AccessManagerNotScheduled if it is not scheduled;
        /// AccessManagerNotReady if it is not ready;
        /// AccessManagerExpired if it has been ready for a week
        /// @custom:access a target that answers `isConsumingScheduledOp`, for operations on itself
        function consumeScheduledOp(address caller, bytes calldata data) external;

        /// When a scheduled operation is ready; 0 if it is not scheduled, and once it has expired.
        /// @custom:reverts Panic(0x11) if it would expire after 2^48 seconds
        function getSchedule(bytes32 id) external view returns (uint48);

        /// How often an operation has been scheduled.
        function getNonce(bytes32 id) external view returns (uint32);

        /// The id of an operation: keccak-256 of the ABI encoding of the arguments.
        function hashOperation(address caller, address target, bytes calldata data) external view returns (bytes32);

        /// Calls several functions of the manager, for the caller: all or none.
        /// @return results what they return
        /// @custom:reverts FailedCall if one of them reverts with nothing, or there is no such function;
        /// what they revert with
        /// @custom:access anyone
        /// @custom:reentrant each call is guarded as if it came alone
        function multicall(bytes[] calldata data) external returns (bytes[] memory results);
    }
}
