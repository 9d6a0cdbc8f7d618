// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// Signs everything, as an account (ERC-1271) and as a verifier (ERC-7913), after it has used up so much gas.
contract SlowSigner {
    uint256 private immutable work;

    constructor(uint256 gas_) {
        work = gas_;
    }

    fallback() external {
        uint256 end = gasleft() - work;
        while (gasleft() > end) {}
        assembly ("memory-safe") {
            mstore(0, and(calldataload(0), shl(224, 0xffffffff)))
            return(0, 32)
        }
    }
}

/// Signs everything as well. Its answer is a word, or a word and much more, for the same gas.
contract LongSigner {
    uint256 private constant LENGTH = 190000;
    bool private immutable long;

    constructor(bool long_) {
        long = long_;
    }

    fallback() external {
        uint256 length = long ? LENGTH : 32;
        assembly ("memory-safe") {
            mstore(0, and(calldataload(0), shl(224, 0xffffffff)))
            mstore(sub(LENGTH, 32), 0)
            return(0, length)
        }
    }
}
