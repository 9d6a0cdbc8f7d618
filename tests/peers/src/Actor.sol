// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// An account of a differential test: makes the calls it is given in one transaction, so that twins see the same caller,
/// time and block, and logs what each answered. A call that reverts does not stop the next.
contract Actor {
    /// Call number `index` is done; what it logged stands before this.
    event Answered(uint256 indexed index, bool success, bytes data);

    receive() external payable {}

    function each(address[] calldata targets, bytes[] calldata calls) external {
        for (uint256 i = 0; i < targets.length; ++i) {
            (bool success, bytes memory data) = targets[i].call(calls[i]);
            emit Answered(i, success, data);
        }
    }
}
