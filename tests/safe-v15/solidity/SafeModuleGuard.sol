// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {SafeGuard} from "./SafeHelpers.sol";

/// A module guard that does as it was told last: as a guard, and 5 answers before with nothing, 6 with 31 bytes, 7 with
/// two words.
contract SafeModuleGuard is SafeGuard {
    function interfaceId() internal pure override returns (bytes4) {
        return 0x58401ed8;
    }

    function checkModuleTransaction(address, uint256, bytes calldata, uint8, address) external returns (bytes32) {
        require(mode != 1, "refused before");
        bytes32 hash = keccak256(msg.data);
        emit Before(hash);
        if (mode == 3) call();
        if (mode < 5 || mode > 7) return hash;
        uint256 length = mode == 5 ? 0 : mode == 6 ? 31 : 64;
        assembly ("memory-safe") {
            mstore(0, hash)
            mstore(32, hash)
            return(0, length)
        }
    }

    function checkAfterModuleExecution(bytes32 txHash, bool success) external {
        require(mode != 2, "refused after");
        emit After(txHash, success);
        if (mode == 4) call();
    }
}
