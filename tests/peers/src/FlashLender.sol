// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// Lends what it holds for the length of one call, to anyone, for nothing: what a flash-loan pool is to an attacker.
contract FlashLender {
    function flash(IERC20 token, uint256 amount, address borrower, bytes calldata call) external {
        uint256 before = token.balanceOf(address(this));
        require(token.transfer(borrower, amount), "not lent");
        (bool success, bytes memory reason) = borrower.call(call);
        if (!success) {
            assembly {
                revert(add(reason, 32), mload(reason))
            }
        }
        require(token.balanceOf(address(this)) >= before, "not repaid");
    }
}
