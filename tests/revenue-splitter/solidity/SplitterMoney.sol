// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SplitterTypes} from "./SplitterTypes.sol";

/// The settings, and the calls that move money. No more than a word of an answer is read.
abstract contract SplitterMoney is SplitterTypes, AccessManaged {
    /// One word.
    struct Settings {
        address treasury;
        uint32 window;
        uint32 epochs;
    }

    Settings internal _settings;
    address internal _registry;

    function treasury() external view returns (address) {
        return _settings.treasury;
    }

    function registry() external view returns (address) {
        return _registry;
    }

    function window() external view returns (uint32) {
        return _settings.window;
    }

    function setTreasury(address account) external restricted {
        _setTreasury(account);
    }

    function setRegistry(address to) external restricted {
        _setRegistry(to);
    }

    function setWindow(uint32 seconds_) external restricted {
        _setWindow(seconds_);
    }

    function _setTreasury(address account) internal {
        if (!_canBePaid(account)) revert SplitterInvalidRecipient(account);
        _settings.treasury = account;
        emit TreasurySet(account);
    }

    function _setRegistry(address to) internal {
        if (to != address(0) && to.code.length == 0) revert SplitterInvalidRegistry(to);
        _registry = to;
        emit RegistrySet(to);
    }

    function _setWindow(uint32 seconds_) internal {
        _settings.window = seconds_;
        emit WindowSet(seconds_);
    }

    function _canBePaid(address account) internal view returns (bool) {
        return account != address(0) && account != address(this);
    }

    // ---------------------------------------------------------------------------------------------------- money

    /// How much of a token there is, or 2^128 - 1 if that is less.
    function _balanceOf(address token) internal view returns (uint256 held) {
        bool readable;
        bytes memory data = abi.encodeCall(IERC20.balanceOf, (address(this)));
        assembly ("memory-safe") {
            readable := staticcall(gas(), token, add(data, 32), mload(data), 0, 32)
            readable := and(readable, gt(returndatasize(), 31))
            held := mload(0)
        }
        if (!readable) revert SplitterTokenUnreadable(token);
        if (held > type(uint128).max) held = type(uint128).max;
    }

    /// Takes an amount of the caller: what there was before, and how much more there is.
    function _take(address token, uint256 amount) internal returns (uint256 before, uint256 received) {
        if (token == address(0)) {
            if (msg.value != amount || amount == 0) revert SplitterWrongValue(msg.value);
            return (0, amount);
        }
        if (msg.value != 0) revert SplitterWrongValue(msg.value);
        before = _balanceOf(token);
        bytes memory data = abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount));
        if (!_saysYes(gasleft(), token, data)) revert SplitterTransferFailed(token, address(this), amount);
        uint256 balance = _balanceOf(token);
        if (balance <= before) revert SplitterNothingReceived(token);
        received = balance - before;
        // What came beside the payment is noticed later.
        if (received > amount) received = amount;
    }

    /// Sends an amount with at most so much gas: how much left, what of the token is left, or why it failed.
    function _trySend(uint256 limit, address token, address to, uint256 amount, uint256 before)
        internal
        returns (uint256 moved, uint256 balance, bytes memory reason)
    {
        if (!_canBePaid(to)) return (0, 0, abi.encodeWithSelector(SplitterInvalidRecipient.selector, to));
        bool done;
        if (token == address(0)) {
            assembly ("memory-safe") {
                done := call(limit, to, amount, 0, 0, 0, 0)
            }
            (moved, balance) = (amount, before);
        } else {
            done = _saysYes(limit, token, abi.encodeCall(IERC20.transfer, (to, amount)));
            if (done) {
                balance = _balanceOf(token);
                moved = before > balance ? before - balance : 0;
                done = moved != 0 && moved <= amount;
            }
        }
        if (!done) reason = abi.encodeWithSelector(SplitterTransferFailed.selector, token, to, amount);
    }

    /// The same, and it reverts where that fails.
    function _send(address token, address to, uint256 amount, uint256 before) internal returns (uint256 moved) {
        bytes memory reason;
        (moved,, reason) = _trySend(gasleft(), token, to, amount, before);
        if (reason.length != 0) _revertWith(reason);
    }

    function _revertWith(bytes memory reason) internal pure {
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    /// Whether a token did not fail, and said true or nothing.
    function _saysYes(uint256 limit, address token, bytes memory data) private returns (bool yes) {
        assembly ("memory-safe") {
            yes := call(limit, token, 0, add(data, 32), mload(data), 0, 32)
            switch returndatasize()
            case 0 {}
            default { yes := and(yes, and(gt(returndatasize(), 31), eq(mload(0), 1))) }
        }
    }
}
