// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// A contract account (ERC-1271) that means harm when it is asked for its signature. The signature's first byte says how.
contract HostileWallet {
    bytes4 private constant YES = 0x1626ba7e;

    function isValidSignature(bytes32, bytes calldata signature) external returns (bytes32) {
        bytes1 way = signature[0];
        bytes calldata rest = signature[1:];
        if (way == "b") {
            assembly {
                invalid()
            }
        }
        // As many bytes as it says, as a refusal or behind a yes.
        if (way == "r" || way == "l") {
            uint256 size = abi.decode(rest, (uint256));
            bytes32 yes = YES;
            assembly {
                mstore(0, yes)
                if eq(way, shl(248, 0x72)) { revert(0, size) }
                return(0, size)
            }
        }
        // It calls whoever asks it, and says yes only where that fails.
        if (way == "c") {
            (bool success,) = msg.sender.call(rest);
            return success ? bytes32(0) : bytes32(YES);
        }
        // It says yes only where it can neither store nor log.
        if (way == "s") {
            try this.store() {
                return 0;
            } catch {
                return YES;
            }
        }
        return YES;
    }

    function store() external {
        assembly {
            sstore(0, 1)
        }
    }
}
