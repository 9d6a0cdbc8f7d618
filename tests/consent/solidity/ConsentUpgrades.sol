// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// A program that the consent can be upgraded to, and which gives every key to a thief.
contract ConsentThief {
    function proxiableUUID() external pure returns (bytes32) {
        return 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    }

    function keyOf(address) external pure returns (address) {
        return address(0xdead);
    }
}

/// A program that expects its address in another slot, as a beacon does.
contract ConsentElsewhere {
    function proxiableUUID() external pure returns (bytes32) {
        return keccak256("elsewhere");
    }
}

/// Another program in the consent's place: it reads the consent's storage, and lets anybody upgrade back.
contract ConsentInterlude {
    bytes32 private constant SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;

    function proxiableUUID() external pure returns (bytes32) {
        return SLOT;
    }

    function read(uint256 slot) external view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(slot)
        }
    }

    function back(address to) external {
        assembly ("memory-safe") {
            sstore(SLOT, to)
        }
    }
}
