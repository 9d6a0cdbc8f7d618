// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// A target that calls back: once armed, whatever calls it makes it send the armed call first. Once.
contract Reenterer {
    /// The armed call was made.
    event Reentered(bool success, bytes data);

    address private target;
    bytes private payload;

    function arm(address to, bytes calldata data) external {
        (target, payload) = (to, data);
    }

    fallback() external {
        address to = target;
        if (to == address(0)) return;
        target = address(0);
        (bool success, bytes memory data) = to.call(payload);
        emit Reentered(success, data);
    }
}
