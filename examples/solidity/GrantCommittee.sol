// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

import {IGovernor} from "../../abi/IGovernor.sol";

/// A committee that proposes grants from the treasury in its own name. Members put votes behind it by delegating to this
/// contract, as many as the proposal threshold asks for; whether a grant is paid is decided by the DAO's vote.
contract GrantCommittee {
    IGovernor public immutable governor;
    /// Who proposes for the committee.
    address public immutable chair;

    event GrantProposed(uint256 indexed proposalId, address indexed grantee, uint256 amount);

    error NotTheChair(address caller);

    constructor(IGovernor governor_, address chair_) {
        governor = governor_;
        chair = chair_;
    }

    /// Proposes to pay `amount` wei to `grantee`.
    function proposeGrant(address payable grantee, uint256 amount, string calldata reason)
        external
        returns (uint256 proposalId)
    {
        if (msg.sender != chair) revert NotTheChair(msg.sender);
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = payment(grantee, amount);
        proposalId = governor.propose(targets, values, calldatas, reason);
        emit GrantProposed(proposalId, grantee, amount);
    }

    /// Withdraws a proposal of the committee before its vote begins.
    function withdraw(uint256 proposalId) external {
        if (msg.sender != chair) revert NotTheChair(msg.sender);
        governor.cancel(proposalId);
    }

    /// The calls of a grant's proposal: what `queue`, `execute` and `hashProposal` ask for beside the reason's hash.
    function payment(address payable grantee, uint256 amount)
        public
        pure
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas)
    {
        (targets, values, calldatas) = (new address[](1), new uint256[](1), new bytes[](1));
        (targets[0], values[0]) = (grantee, amount);
    }
}
