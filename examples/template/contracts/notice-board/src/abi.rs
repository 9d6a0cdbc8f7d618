//! The interface of the notice board, as its clients know it. Each function names the method that answers it.
//!
//! Units: times are in seconds since 1970, a lifetime is in seconds.

use consilium_abi::sol_abi;
use consilium_components::access_managed::{AccessManaged, ObeysAuthority};

use crate::NoticeBoard;

sol_abi! {
    /// Notices of texts that are published elsewhere. Each ends by itself.
    interface INoticeBoard for NoticeBoard is AccessManaged {
        /// Runs once, in the deploying transaction.
        ///
        /// @param initialAuthority the contract that says who may call the restricted functions.
        /// @param lifetime how long a notice lasts, in seconds.
        /// @custom:reverts AccessManagedInvalidAuthority if the authority has no code
        /// @custom:reverts NoticeBoardInvalidLifetime if it is zero
        constructor(address initialAuthority, uint32 lifetime) => initialize;

        /// How long a notice lasts, in seconds.
        function lifetime() external view returns (uint32) => lifetime;
        /// The number of notices. Their ids count from zero.
        function count() external view returns (uint256) => count;
        /// A notice.
        ///
        /// @return author who posted it.
        /// @return endsAt the first second in which it is over.
        /// @return content the hash of the text.
        /// @custom:reverts NoticeBoardNonexistentNotice
        function notice(uint256 id) external view returns (address author, uint48 endsAt, bytes32 content) => notice;
        /// Whether a notice has not ended and was not withdrawn. False for ids without a notice.
        function isCurrent(uint256 id) external view returns (bool) => is_current;

        /// Gives notice of a text.
        ///
        /// @param content the hash of the text.
        /// @return id the notice's id.
        /// @custom:reverts NoticeBoardEmptyContent if the hash is zero
        function post(bytes32 content) external restricted returns (uint256 id) => post;
        /// Ends a notice now.
        ///
        /// @custom:reverts NoticeBoardNonexistentNotice
        /// @custom:reverts NoticeBoardEndedNotice if it has ended or was withdrawn
        function withdraw(uint256 id) external restricted => withdraw;

        /// The constructor set how long a notice lasts, in seconds.
        event LifetimeSet(uint32 lifetime);
        /// `author` gave notice of a text.
        event NoticePosted(uint256 indexed id, address indexed author, bytes32 content, uint48 endsAt);
        /// `by` ended a notice.
        event NoticeWithdrawn(uint256 indexed id, address indexed by);

        /// A notice lasts at least a second.
        error NoticeBoardInvalidLifetime(uint32 lifetime);
        /// A hash of zero is no text's.
        error NoticeBoardEmptyContent();
        /// No notice has this id.
        error NoticeBoardNonexistentNotice(uint256 id);
        /// The notice is over.
        error NoticeBoardEndedNotice(uint256 id, uint48 endedAt);
    }
}
