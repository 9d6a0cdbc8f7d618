// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

interface IAskedGovernor {
    function getProposalId(
        address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas, bytes32 descriptionHash
    ) external view returns (uint256);
    function state(uint256 proposalId) external view returns (uint8);
    function proposalEta(uint256 proposalId) external view returns (uint256);
}

/// A timelock that says of everything that it is pending, and asks the governor about the proposal while the governor calls.
contract NosyTimelock {
    event Seen(uint8 state, uint256 eta);

    uint256 private last;

    function getMinDelay() external pure returns (uint256) {
        return 100;
    }

    /// So what the governor answers during a call comes from what it wrote before.
    function isOperationPending(bytes32) external pure returns (bool) {
        return true;
    }

    function isOperationDone(bytes32) external pure returns (bool) {
        return false;
    }

    function hashOperationBatch(
        address[] calldata targets, uint256[] calldata values, bytes[] calldata payloads, bytes32 predecessor, bytes32 salt
    ) external pure returns (bytes32) {
        return keccak256(abi.encode(targets, values, payloads, predecessor, salt));
    }

    function scheduleBatch(
        address[] calldata targets, uint256[] calldata values, bytes[] calldata payloads, bytes32, bytes32 salt,
        uint256
    ) external {
        bytes32 description = salt ^ bytes32(bytes20(msg.sender));
        last = IAskedGovernor(msg.sender).getProposalId(targets, values, payloads, description);
        look();
    }

    function executeBatch(address[] calldata, uint256[] calldata, bytes[] calldata, bytes32, bytes32) external payable {
        look();
    }

    function cancel(bytes32) external {
        look();
    }

    function look() private {
        emit Seen(IAskedGovernor(msg.sender).state(last), IAskedGovernor(msg.sender).proposalEta(last));
    }
}
