// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// Several calls in one transaction, all or none, as a Safe makes them by its MultiSend.
contract Bundle {
    function run(address[] calldata targets, uint256[] calldata values, bytes[] calldata calls) external payable {
        for (uint256 i = 0; i < targets.length; ++i) {
            (bool success, bytes memory reason) = targets[i].call{value: values[i]}(calls[i]);
            if (!success) {
                assembly ("memory-safe") {
                    revert(add(reason, 32), mload(reason))
                }
            }
        }
    }

    /// What is left of a fee comes back.
    receive() external payable {}
}
