//! What the example answers, and what it calls.

use consilium_abi::sol_abi;

use super::Counter;
// The fragment, and the trait with its methods.
use super::owned::{Owned, Owning};

sol_abi! {
    /// Counts, and remembers who counted.
    interface ICounter for Counter is Owned {
        /// Sets the first value. Runs once, in the deploying transaction.
        ///
        /// @param first the first value
        /// @param owner who may count by more than one
        constructor(uint256 first, address owner) => init;

        /// The number of steps taken so far.
        function count() external view returns (uint256) => count;
        /// The name of the unit; needs no storage, so its method has no `self`.
        function unit() external pure returns (string) => unit;
        /// Begins again at zero. `only_owner` is the component's guard, and runs first.
        function reset() external only_owner => reset;
        /// Adds `by` steps.
        ///
        /// @custom:reverts CounterOnlyOwner if others add more than one
        function add(uint48 by, string reason) external returns (uint256 total) => add;
        /// Two functions of one name differ by the method they name.
        function add(address[] voters, bytes[] notes) external payable
            reentrant "nothing is written after the calls" returns (uint256, bool) => add_many;
        /// Ether without calldata.
        receive() external payable => receive;

        /// Someone counted.
        event Counted(address indexed who, uint256 total, string reason);
        /// Only `owner` may count by more than one.
        error CounterOnlyOwner(address caller, uint48 by);
    }
}

sol_abi! {
    /// Another contract that we call: no `for`, no methods.
    interface IVotes {
        /// The votes of `account` at `timepoint`.
        function getPastVotes(address account, uint256 timepoint) external view returns (uint256);
        /// Moves the caller's votes.
        function delegate(address to) external;
    }
}
