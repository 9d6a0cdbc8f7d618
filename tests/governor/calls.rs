//! The governor's interface, and what the tests call on its neighbours.

use alloy::sol;

pub(crate) use consilium_bindings::{Governor::*, Timelock};

sol! {
    /// The token, as far as these tests need it.
    interface Token {
        function delegate(address delegatee) external;
        function transfer(address to, uint256 value) external returns (bool);
    }

    /// The states of a proposal.
    #[derive(Debug, PartialEq, Eq)]
    enum State { Pending, Active, Canceled, Defeated, Succeeded, Queued, Expired, Executed }
}
