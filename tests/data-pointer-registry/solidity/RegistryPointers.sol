// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {IRegistryConsent} from "./RegistryTypes.sol";
import {RegistryBoard} from "./RegistryBoard.sol";
import {RegistryCodes} from "./RegistryCodes.sol";

/// Pointers by themselves.
abstract contract RegistryPointers is RegistryBoard {
    /// One word. `codes` has the places of hash, kind and codec; it is 0 where the contents are not stored.
    struct Record {
        address subject;
        uint24 custodian;
        uint8 dataClass;
        uint32 schema;
        uint16 encryption;
        uint8 state;
        uint8 codes;
    }

    /// The locator comes last: most pointers have none.
    struct Stored {
        bytes32 digest;
        bytes32 keyCommitment;
        bytes32 locator;
    }

    struct Tombstone {
        address by;
        uint48 erasedAt;
    }

    /// An offer, in the terms of both.
    struct Offer {
        address to;
        uint16 term;
        uint16 toTerm;
    }

    mapping(bytes32 id => Record) internal _records;
    mapping(bytes32 id => Offer) internal _offers;
    mapping(bytes32 id => Stored) private _contents;
    mapping(bytes32 id => bytes32) private _successors;
    mapping(bytes32 id => Tombstone) private _tombstones;
    mapping(address subject => bytes32[]) private _pointersOf;

    // ---------------------------------------------------------------------------------------------------- views

    function idOf(Pointer calldata pointer) external pure returns (bytes32 id) {
        return _id(pointer);
    }

    function status(bytes32 id) external view returns (Status memory) {
        return _status(_records[id]);
    }

    function contents(bytes32 id) external view returns (Contents memory) {
        Record memory stored = _records[id];
        Stored memory words = _contents[id];
        (uint64 hashCode, uint8 kind, uint64 codec) = RegistryCodes.meaning(stored.codes);
        return Contents(hashCode, words.digest, kind, codec, words.locator, stored.encryption, words.keyCommitment);
    }

    function successor(bytes32 id) external view returns (bytes32) {
        return _successors[id];
    }

    function tombstone(bytes32 id) external view returns (address by, uint48 erasedAt) {
        Tombstone memory stored = _tombstones[id];
        return (stored.by, stored.erasedAt);
    }

    function pointerCount(address subject) external view returns (uint256) {
        return _pointersOf[subject].length;
    }

    function pointersOf(address subject, uint256 start, uint256 limit) external view returns (bytes32[] memory ids) {
        bytes32[] storage all = _pointersOf[subject];
        uint256 size = _pageSize(all.length, start, limit);
        ids = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            ids[i] = all[start + i];
        }
    }

    // -------------------------------------------------------------------------------------- registering, erasing

    function register(Pointer calldata pointer) external returns (bytes32 id) {
        uint24 by = _registering(pointer.custodian);
        id = _id(pointer);
        uint8 codes = _requireRegistrable(id, pointer, by);
        uint8 reason = _requireRight(pointer.subject, pointer.custodian, pointer.dataClass);
        _addWithContents(id, pointer, by, codes, reason);
    }

    function erase(bytes32 id) external {
        Record memory stored = _existing(id);
        if (!_holds(stored, msg.sender) && msg.sender != _keyOf(stored.subject)) {
            revert RegistryUnauthorized(msg.sender);
        }
        _bury(id, stored, msg.sender);
    }

    function refusePointer(Pointer calldata pointer) external {
        (bytes32 id, uint24 number) = _refusable(pointer);
        if (msg.sender != _keyOf(pointer.subject)) revert RegistryUnauthorized(msg.sender);
        _refuse(id, pointer, number, msg.sender);
    }

    // --------------------------------------------------------------------------------------------------- checks

    function _registering(address account) internal view returns (uint24) {
        if (msg.sender != account) revert RegistryUnauthorized(msg.sender);
        return _admitted(account);
    }

    function _requireRegistrable(bytes32 id, Pointer calldata pointer, uint24 by)
        internal
        view
        returns (uint8 codes)
    {
        codes = _requireWellFormed(pointer);
        if (_encryptions[pointer.encryption] == 0) revert RegistryUnknownEncryption(pointer.encryption);
        _requireSchemaInUse(pointer.schema, pointer.dataClass);
        if (_records[id].state != 0) revert RegistryPointerExists(id);
        bytes32 previous = pointer.previous;
        if (previous != 0) {
            Record memory old = _records[previous];
            bool fits = old.state == REGISTERED && old.subject == pointer.subject && old.custodian == by
                && old.dataClass == pointer.dataClass;
            if (!fits) revert RegistryInvalidPrevious(previous);
        }
    }

    function _requireWellFormed(Pointer calldata pointer) internal pure returns (uint8 codes) {
        codes = RegistryCodes.pack(
            pointer.hashCode, pointer.digest, pointer.locatorKind, pointer.locatorCodec, pointer.locator
        );
        if (pointer.keyCommitment == 0) revert RegistryInvalidKeyCommitment();
    }

    /// An emergency, which is another reason, gives nobody the right to store.
    function _requireRight(address subject, address account, uint8 dataClass) internal view returns (uint8) {
        Settings memory settings = _settings;
        (bool permitted, uint8 reason, address grantee, uint32 number) = IRegistryConsent(settings.consent)
            .isPermitted(subject, account, address(0), dataClass, settings.storePurpose);
        if (!permitted || (reason != 1 && reason != 2)) revert RegistrationRefused(reason, grantee, number);
        return reason;
    }

    function _existing(bytes32 id) internal view returns (Record memory stored) {
        stored = _records[id];
        if (!_exists(stored)) revert RegistryNoSuchPointer(id);
    }

    function _exists(Record memory stored) internal pure returns (bool) {
        return stored.state == REGISTERED || stored.state == REPLACED;
    }

    function _holds(Record memory stored, address account) internal view returns (bool) {
        return _custodians[account].number == stored.custodian;
    }

    function _keyOf(address subject) internal view returns (address) {
        return IRegistryConsent(_settings.consent).keyOf(subject);
    }

    /// A pointer that its subject can refuse: its id, and the number of its custodian.
    function _refusable(Pointer calldata pointer) internal view returns (bytes32 id, uint24 number) {
        _requireWellFormed(pointer);
        id = _id(pointer);
        if (_records[id].state != 0) revert RegistryPointerExists(id);
        number = _custodians[pointer.custodian].number;
        if (number == 0) revert RegistryNotAdmitted(pointer.custodian);
    }

    // ------------------------------------------------------------------------------------------------- changing

    function _addWithContents(bytes32 id, Pointer calldata pointer, uint24 by, uint8 codes, uint8 reason) internal {
        _add(
            id,
            pointer,
            Record(pointer.subject, by, pointer.dataClass, pointer.schema, pointer.encryption, REGISTERED, codes),
            0,
            reason
        );
        Stored storage stored = _contents[id];
        (stored.digest, stored.keyCommitment) = (pointer.digest, pointer.keyCommitment);
        if (pointer.locator != 0) stored.locator = pointer.locator;
    }

    function _add(bytes32 id, Pointer calldata pointer, Record memory stored, uint32 number, uint8 reason) internal {
        _records[id] = stored;
        _pointersOf[pointer.subject].push(id);
        bytes32 previous = pointer.previous;
        if (previous != 0) {
            _records[previous].state = REPLACED;
            _successors[previous] = id;
        }
        emit PointerRegistered(
            id, pointer.subject, pointer.custodian, pointer.dataClass, pointer.schema, previous, number, reason
        );
    }

    function _bury(bytes32 id, Record memory old, address by) internal {
        _records[id] = Record(old.subject, old.custodian, old.dataClass, old.schema, 0, ERASED, 0);
        if (old.codes != 0) delete _contents[id];
        delete _offers[id];
        _tombstones[id] = Tombstone(by, uint48(block.timestamp));
        emit PointerErased(id, old.subject, _accounts[old.custodian], old.dataClass, old.schema, by);
    }

    function _refuse(bytes32 id, Pointer calldata pointer, uint24 number, address by) internal {
        _records[id] = Record(pointer.subject, number, pointer.dataClass, pointer.schema, 0, REFUSED, 0);
        _tombstones[id] = Tombstone(by, uint48(block.timestamp));
        emit PointerRefused(id, pointer.subject, pointer.custodian, pointer.dataClass, pointer.schema);
    }

    // -------------------------------------------------------------------------------------------------- for all

    function _id(Pointer calldata pointer) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(pointer))));
    }

    function _status(Record memory stored) internal view returns (Status memory) {
        address holder = stored.state == 0 ? address(0) : _accounts[stored.custodian];
        return Status(stored.state, stored.subject, holder, stored.dataClass, stored.schema);
    }
}
