//! The clock, votes and supply in one call: what is asked of a token when somebody votes.
//!
//! ERC-6372 and ERC-5805 take three calls for that, and a Stylus program pays at each for being entered. A token that offers
//! this function says so by ERC-165. Where a token does not, the three calls are made.

use consilium_abi::sol_abi;

sol_abi! {
    /// What a vote depends on, in one call.
    fragment PastVotes {
        /// What `clock`, `getPastVotes` and `getPastTotalSupply` return, in one call: the present timepoint, the votes of
        /// `account` at the end of `timepoint`, and all votes there were then. Its selector is the interface's ERC-165 id.
        /// @custom:reverts what `getPastVotes` reverts with
        function getPastVotesAndSupply(address account, uint256 timepoint)
            external view returns (uint48 clock, uint256 votes, uint256 supply) => get_past_votes_and_supply;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fragments_erc165_id() {
        assert_eq!(PAST_VOTES_INTERFACE_ID, [0x7c, 0x03, 0xfc, 0x1e]);
    }
}
