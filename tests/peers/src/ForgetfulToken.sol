// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {PeerTokenTime} from "./PeerToken.sol";

/// A twin with a fault, for the test that faults are found: an allowance is asked for and never used up.
contract ForgetfulToken is PeerTokenTime {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) PeerTokenTime(n, s, h, a) {}

    function _spendAllowance(address owner, address spender, uint256 value) internal view override {
        uint256 allowed = allowance(owner, spender);
        if (allowed < value) revert ERC20InsufficientAllowance(spender, allowed, value);
    }
}
