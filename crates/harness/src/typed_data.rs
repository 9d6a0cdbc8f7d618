//! What holders and voters sign (EIP-712), as OpenZeppelin's contracts name it.

#![allow(missing_docs, reason = "the fields' names are the standards'")]

alloy::sol! {
    /// ERC-2612.
    #[derive(Debug)]
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
    /// ERC-5805.
    #[derive(Debug)]
    struct Delegation {
        address delegatee;
        uint256 nonce;
        uint256 expiry;
    }
    /// A governor's vote.
    #[derive(Debug)]
    struct Ballot {
        uint256 proposalId;
        uint8 support;
        address voter;
        uint256 nonce;
    }
    /// A governor's vote with a reason and parameters.
    #[derive(Debug)]
    struct ExtendedBallot {
        uint256 proposalId;
        uint8 support;
        address voter;
        uint256 nonce;
        string reason;
        bytes params;
    }
}
