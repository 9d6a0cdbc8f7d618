// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {MandateTypes} from "./MandateTypes.sol";

/// What comes, what goes, and what the DAO takes back. No more than a word of a token's answer is read.
abstract contract MandateMoney is MandateTypes, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    function recover(address token, address to, uint256 amount) external restricted nonReentrant {
        // Nothing has more.
        if (amount > type(uint128).max) revert MandateTransferFailed(token, to, amount);
        emit Recovered(token, to, amount);
        _pay(token, to, amount);
    }

    function _pay(address token, address to, uint256 amount) internal {
        if (to == address(0) || to == address(this)) revert MandateInvalidRecipient(to);
        if (amount == 0) revert MandateInvalidAmount();
        bool paid;
        if (token == address(0)) {
            paid = LowLevelCall.callNoReturn(to, amount, "");
        } else {
            uint256 before = _balanceOf(token);
            paid = IERC20(token).trySafeTransfer(to, amount);
            if (paid) {
                uint256 rest = _balanceOf(token);
                paid = rest < before && before - rest <= amount;
            }
        }
        if (!paid) revert MandateTransferFailed(token, to, amount);
    }

    /// How much of a token there is, or 2^128 - 1 if that is less.
    function _balanceOf(address token) private view returns (uint256 held) {
        bytes4 selector = IERC20.balanceOf.selector;
        bool readable;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, address())
            readable := staticcall(gas(), token, 0x00, 0x24, 0x00, 0x20)
            readable := and(readable, gt(returndatasize(), 0x1f))
            held := mload(0x00)
        }
        if (!readable) revert MandateTokenUnreadable(token);
        if (held > type(uint128).max) held = type(uint128).max;
    }
}
