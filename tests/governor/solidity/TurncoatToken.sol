// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {FickleToken} from "./OddTokens.sol";

/// A token that lies about its past supply, also for one transaction alone: before and after it nobody sees a lie.
contract TurncoatToken is FickleToken {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) FickleToken(n, s, h, a) {}

    /// Calls `target` while the past supply is `supply`. If that reverts, so does this call, with the same data.
    function lieDuring(uint256 supply, address target, bytes calldata data) external {
        uint256 truth = totalSupply;
        totalSupply = supply;
        (bool success, bytes memory answer) = target.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        totalSupply = truth;
    }
}
