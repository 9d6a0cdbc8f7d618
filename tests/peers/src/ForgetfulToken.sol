// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {PeerTokenTime} from "./PeerToken.sol";

/// A twin with faults, for the tests that faults are found and made short: large allowances are asked for and never used up,
/// approving is forgotten where gas is short, and what is no function is taken where it is two bytes long, or its sixth byte is set.
contract ForgetfulToken is PeerTokenTime {
    constructor(string memory n, string memory s, address[] memory h, uint256[] memory a) PeerTokenTime(n, s, h, a) {}

    fallback() external {
        uint256 length = msg.data.length;
        require(length == 2 || (length > 5 && msg.data[5] != 0));
    }

    function approve(address spender, uint256 value) public override returns (bool) {
        return gasleft() < 30_000 || super.approve(spender, value);
    }

    function _spendAllowance(address owner, address spender, uint256 value) internal override {
        if (value < 25) return super._spendAllowance(owner, spender, value);
        uint256 allowed = allowance(owner, spender);
        if (allowed < value) revert ERC20InsufficientAllowance(spender, allowed, value);
    }
}
