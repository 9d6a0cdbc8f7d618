// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

import {IGovernor} from "../../abi/IGovernor.sol";

/// Shares a pot among those who voted on one proposal, by the weight that they cast, for, against or abstaining alike. Pays
/// only after the vote: until then the total is not known.
contract VoterReward {
    IGovernor public immutable governor;
    uint256 public immutable proposalId;
    /// What was paid in, in wei. Fixed once the contract stands.
    uint256 public immutable pot;

    mapping(address voter => bool) public claimed;

    event Claimed(address indexed voter, uint256 amount);

    error VoteIsOpen(uint256 deadline);
    error NothingToClaim(address voter);
    error TransferFailed();

    constructor(IGovernor governor_, uint256 proposalId_) payable {
        governor = governor_;
        proposalId = proposalId_;
        pot = msg.value;
        // Reverts with GovernorNonexistentProposal where there is none.
        governor_.state(proposalId_);
    }

    /// What `voter` may take, in wei.
    function share(address voter) public view returns (uint256) {
        (uint256 against, uint256 inFavour, uint256 abstain) = governor.proposalVotes(proposalId);
        uint256 cast = governor.usedVotes(proposalId, voter);
        return cast == 0 || claimed[voter] ? 0 : (pot * cast) / (against + inFavour + abstain);
    }

    /// Pays the caller its share, once.
    function claim() external {
        uint256 deadline = governor.proposalDeadline(proposalId);
        if (governor.clock() <= deadline) revert VoteIsOpen(deadline);
        uint256 amount = share(msg.sender);
        if (amount == 0) revert NothingToClaim(msg.sender);
        claimed[msg.sender] = true;
        emit Claimed(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert TransferFailed();
    }
}
