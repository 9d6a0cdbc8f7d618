// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// Many views by one call. The input is a row of questions: 20 bytes of target, 2 bytes of length, so much calldata. The
/// output is a row of answers: a byte that is 1 where the call succeeded, 4 bytes of length, so much data. A question
/// without calldata asks for the target's balance in wei.
contract Reader {
    fallback() external {
        assembly ("memory-safe") {
            let start := mload(0x40)
            let out := start
            let at := 0
            for {} lt(at, calldatasize()) {} {
                let head := calldataload(at)
                let target := shr(96, head)
                let length := and(shr(80, head), 0xffff)
                at := add(at, 22)
                switch length
                case 0 {
                    mstore8(out, 1)
                    mstore(add(out, 1), shl(224, 32))
                    mstore(add(out, 5), balance(target))
                    out := add(out, 37)
                }
                default {
                    calldatacopy(out, at, length)
                    let success := staticcall(gas(), target, out, length, 0, 0)
                    mstore8(out, success)
                    mstore(add(out, 1), shl(224, returndatasize()))
                    returndatacopy(add(out, 5), 0, returndatasize())
                    out := add(out, add(5, returndatasize()))
                    at := add(at, length)
                }
            }
            return(start, sub(out, start))
        }
    }
}
