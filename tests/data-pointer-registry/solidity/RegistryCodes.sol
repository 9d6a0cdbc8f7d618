// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {RegistryTypes} from "./RegistryTypes.sol";

/// The codes of the multicodec table, in one byte.
library RegistryCodes {
    uint8 private constant SAME_CID = 1;
    uint8 private constant OTHER_CID = 2;
    uint8 private constant URL = 4;

    function pack(uint64 hashCode, bytes32 digest, uint8 kind, uint64 codec, bytes32 locator)
        internal
        pure
        returns (uint8 codes)
    {
        bytes4 fault;
        (codes, fault) = tryPack(hashCode, digest, kind, codec, locator);
        if (fault == RegistryTypes.RegistryInvalidDigest.selector) revert RegistryTypes.RegistryInvalidDigest(hashCode);
        if (fault == RegistryTypes.RegistryInvalidLocator.selector) {
            revert RegistryTypes.RegistryInvalidLocator(kind, codec);
        }
    }

    /// The places of hash (2 bits), kind (3 bits) and codec (2 bits) in one byte, or which error it is.
    function tryPack(uint64 hashCode, bytes32 digest, uint8 kind, uint64 codec, bytes32 locator)
        internal
        pure
        returns (uint8, bytes4)
    {
        uint8 hashPlace;
        if (hashCode == 0x12) hashPlace = 0;
        else if (hashCode == 0x1e) hashPlace = 1;
        else if (hashCode == 0x1b) hashPlace = 2;
        else if (hashCode == 0xb220) hashPlace = 3;
        else return (0, RegistryTypes.RegistryInvalidDigest.selector);
        if (digest == 0) return (0, RegistryTypes.RegistryInvalidDigest.selector);

        bool isCid = kind == SAME_CID || kind == OTHER_CID;
        bool isHash = kind > OTHER_CID && kind <= URL;
        uint8 codecPlace;
        if (isCid && codec == 0x55) codecPlace = 0;
        else if (isCid && codec == 0x70) codecPlace = 1;
        else if (isCid && codec == 0x71) codecPlace = 2;
        else if (!isHash || codec != 0) return (0, RegistryTypes.RegistryInvalidLocator.selector);
        if ((kind == SAME_CID) != (locator == 0)) return (0, RegistryTypes.RegistryInvalidLocator.selector);
        return (hashPlace | (kind << 2) | (codecPlace << 5), 0);
    }

    function meaning(uint8 codes) internal pure returns (uint64 hashCode, uint8 kind, uint64 codec) {
        if (codes == 0) return (0, 0, 0);
        kind = (codes >> 2) & 7;
        hashCode = [uint64(0x12), 0x1e, 0x1b, 0xb220][codes & 3];
        if (kind <= OTHER_CID) codec = [uint64(0x55), 0x70, 0x71][codes >> 5];
    }
}
