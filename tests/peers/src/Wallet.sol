// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// A contract account (ERC-1271) that answers as the signature says: well, badly, or not at all.
contract Wallet {
    bytes4 private constant YES = 0x1626ba7e;

    function isValidSignature(bytes32, bytes calldata signature) external pure returns (bytes32) {
        bytes32 say = keccak256(signature);
        if (say == keccak256("yes")) return YES;
        // The right four bytes with anything behind them are not the answer.
        if (say == keccak256("nearly")) return bytes32(YES) | bytes32(uint256(1));
        if (say == keccak256("revert")) revert("no");
        if (say == keccak256("burn")) {
            assembly {
                invalid()
            }
        }
        if (say == keccak256("short")) {
            assembly {
                mstore(0, shl(224, 0x1626ba7e))
                return(0, 31)
            }
        }
        return bytes32(0);
    }
}

/// Refuses every call without a reason.
contract Silent {
    fallback() external payable {
        assembly {
            revert(0, 0)
        }
    }
}

/// Uses up all the gas of every call.
contract Burner {
    fallback() external payable {
        assembly {
            invalid()
        }
    }
}
