// Made by `cargo xtask abi` from examples/template/contracts/notice-board/src/abi.rs: do not edit.

//! `NoticeBoard`: typed calls, events and errors.

alloy::sol! {
    #[sol(rpc)]
    #[derive(Debug, PartialEq, Eq)]
    /// Notices of texts that are published elsewhere. Each ends by itself.
    contract NoticeBoard {
        /// Runs once, in the deploying transaction.
        /// @param initialAuthority the contract that says who may call the restricted functions.
        /// @param lifetime how long a notice lasts, in seconds.
        /// @custom:reverts AccessManagedInvalidAuthority if the authority has no code;
        /// NoticeBoardInvalidLifetime if it is zero
        constructor(address initialAuthority, uint32 lifetime);

        /// The constructor set how long a notice lasts, in seconds.
        event LifetimeSet(uint32 lifetime);

        /// `author` gave notice of a text.
        event NoticePosted(uint256 indexed id, address indexed author, bytes32 content, uint48 endsAt);

        /// `by` ended a notice.
        event NoticeWithdrawn(uint256 indexed id, address indexed by);

        /// The contract obeys another authority.
        event AuthorityUpdated(address authority);

        /// A notice lasts at least a second.
        error NoticeBoardInvalidLifetime(uint32 lifetime);

        /// A hash of zero is no text's.
        error NoticeBoardEmptyContent();

        /// No notice has this id.
        error NoticeBoardNonexistentNotice(uint256 id);

        /// The notice is over.
        error NoticeBoardEndedNotice(uint256 id, uint48 endedAt);

        /// The authority does not let the caller pass.
        error AccessManagedUnauthorized(address caller);

        /// The caller has to schedule the call. Declared by IAccessManaged and never raised: the authority says what is
        /// wrong with an operation.
        error AccessManagedRequiredDelay(address caller, uint32 delay);

        /// An authority has code.
        error AccessManagedInvalidAuthority(address authority);

        /// How long a notice lasts, in seconds.
        function lifetime() external view returns (uint32);

        /// The number of notices. Their ids count from zero.
        function count() external view returns (uint256);

        /// A notice.
        /// @return author who posted it.
        /// @return endsAt the first second in which it is over.
        /// @return content the hash of the text.
        /// @custom:reverts NoticeBoardNonexistentNotice
        function notice(uint256 id) external view returns (address author, uint48 endsAt, bytes32 content);

        /// Whether a notice has not ended and was not withdrawn. False for ids without a notice.
        function isCurrent(uint256 id) external view returns (bool);

        /// Gives notice of a text.
        /// @param content the hash of the text.
        /// @return id the notice's id.
        /// @custom:reverts NoticeBoardEmptyContent if the hash is zero
        /// @custom:access Whom the authority lets pass: those with a delay, after they scheduled it; others get
        /// AccessManagedUnauthorized
        function post(bytes32 content) external returns (uint256 id);

        /// Ends a notice now.
        /// @custom:reverts NoticeBoardNonexistentNotice;
        /// NoticeBoardEndedNotice if it has ended or was withdrawn
        /// @custom:access Whom the authority lets pass: those with a delay, after they scheduled it; others get
        /// AccessManagedUnauthorized
        function withdraw(uint256 id) external;

        /// The contract that says who may call the restricted functions.
        function authority() external view returns (address);

        /// Obeys another authority from now on. Logs AuthorityUpdated.
        /// @custom:reverts AccessManagedInvalidAuthority if it has no code
        /// @custom:access The authority; others get AccessManagedUnauthorized
        function setAuthority(address newAuthority) external;

        /// Its own selector while the authority consumes a scheduled operation for this contract; else zero.
        function isConsumingScheduledOp() external view returns (bytes4);
    }
}
