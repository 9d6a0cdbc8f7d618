// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {RegistryCodes} from "./RegistryCodes.sol";
import {RegistryPointers} from "./RegistryPointers.sol";

/// Many pointers by one Merkle root.
abstract contract RegistryBatches is RegistryPointers {
    struct Batch {
        uint64 count;
        uint32 version;
        uint16 term;
        uint8 codes;
        bytes32 root;
        bytes32 digest;
        bytes32 locator;
    }

    mapping(address custodian => mapping(uint32 number => Batch)) private _batches;

    // ---------------------------------------------------------------------------------------------------- views

    function batch(address account, uint32 number)
        external
        view
        returns (bytes32 root, uint64 count, uint32 version, Manifest memory manifest)
    {
        Batch memory stored = _batches[account][number];
        (uint64 hashCode, uint8 kind, uint64 codec) = RegistryCodes.meaning(stored.codes);
        manifest = Manifest(hashCode, stored.digest, kind, codec, stored.locator);
        return (stored.root, stored.count, stored.version, manifest);
    }

    function statusOf(Pointer calldata pointer, uint32 number, bytes32[] calldata proof)
        external
        view
        returns (bytes32 id, Status memory known)
    {
        id = _id(pointer);
        Record memory stored = _records[id];
        if (stored.state != 0) return (id, _status(stored));
        (, bytes4 fault) = RegistryCodes.tryPack(
            pointer.hashCode, pointer.digest, pointer.locatorKind, pointer.locatorCodec, pointer.locator
        );
        bool wellFormed = fault == 0 && pointer.keyCommitment != 0;
        if (wellFormed && _isProven(id, pointer.custodian, number, proof)) {
            known = Status(REGISTERED, pointer.subject, pointer.custodian, pointer.dataClass, pointer.schema);
        }
    }

    // ------------------------------------------------------------------------------------------------- changing

    function publishRoot(uint32 batchNumber, bytes32 root, Manifest calldata manifest, uint64 count)
        external
        returns (uint32 number)
    {
        _admitted(msg.sender);
        if (root == 0 || count == 0) revert RegistryInvalidRoot();
        uint8 codes = RegistryCodes.pack(
            manifest.hashCode, manifest.digest, manifest.locatorKind, manifest.locatorCodec, manifest.locator
        );
        Custodian storage by = _custodians[msg.sender];
        number = batchNumber;
        if (number == 0) number = ++by.batches;
        else if (number > by.batches) revert RegistryNoSuchBatch(msg.sender, number);
        Batch storage stored = _batches[msg.sender][number];
        if (count < stored.count) revert RegistryShrunkBatch(number, stored.count);
        uint32 version = stored.version + 1;
        (stored.count, stored.version, stored.term, stored.codes) = (count, version, by.term, codes);
        (stored.root, stored.digest, stored.locator) = (root, manifest.digest, manifest.locator);
        emit RootPublished(msg.sender, number, version, root, count);
    }

    function clearManifest(uint32 number) external {
        if (number == 0 || number > _custodians[msg.sender].batches) revert RegistryNoSuchBatch(msg.sender, number);
        Batch storage stored = _batches[msg.sender][number];
        (stored.codes, stored.digest, stored.locator) = (0, 0, 0);
        emit ManifestCleared(msg.sender, number);
    }

    function individualize(Pointer calldata pointer, uint32 number, bytes32[] calldata proof)
        external
        returns (bytes32 id)
    {
        uint24 by = _admitted(pointer.custodian);
        id = _id(pointer);
        _requireRegistrable(id, pointer, by);
        if (!_isProven(id, pointer.custodian, number, proof)) revert RegistryInvalidProof(id);
        uint8 reason = _requireRight(pointer.subject, pointer.custodian, pointer.dataClass);
        Record memory stored = Record(pointer.subject, by, pointer.dataClass, pointer.schema, 0, REGISTERED, 0);
        _add(id, pointer, stored, number, reason);
    }

    /// A root counts in the term in which it was published.
    function _isProven(bytes32 id, address account, uint32 number, bytes32[] calldata proof)
        private
        view
        returns (bool)
    {
        Batch storage stored = _batches[account][number];
        return MerkleProof.verifyCalldata(proof, stored.root, id) && stored.term == _custodians[account].term;
    }
}
