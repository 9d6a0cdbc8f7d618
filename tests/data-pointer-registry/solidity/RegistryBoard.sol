// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {RegistryTypes} from "./RegistryTypes.sol";

/// What the DAO decides: settings, custodians and schemas.
abstract contract RegistryBoard is RegistryTypes, AccessManaged {
    /// One word.
    struct Settings {
        address consent;
        uint8 storePurpose;
        uint32 answerWithin;
        uint32 schemas;
        uint24 custodians;
    }

    /// A custodian is stored in pointers and requests by its number.
    struct Custodian {
        uint24 number;
        uint48 until;
        uint16 term;
        uint32 batches;
        uint32 overdue;
    }

    Settings internal _settings;
    mapping(address account => Custodian) internal _custodians;
    mapping(uint24 number => address) internal _accounts;
    mapping(uint32 number => Schema) private _schemas;
    mapping(uint16 number => bytes32) internal _encryptions;

    // ---------------------------------------------------------------------------------------------------- views

    function consent() external view returns (address) {
        return _settings.consent;
    }

    function storePurpose() external view returns (uint8) {
        return _settings.storePurpose;
    }

    function answerWithin() external view returns (uint32) {
        return _settings.answerWithin;
    }

    function encryption(uint16 number) external view returns (bytes32) {
        return _encryptions[number];
    }

    function custodian(address account)
        external
        view
        returns (uint24 number, uint48 until, uint32 batches, uint32 overdueAnswers)
    {
        Custodian memory stored = _custodians[account];
        return (stored.number, stored.until, stored.batches, stored.overdue);
    }

    function overdue(address account) external view returns (uint32) {
        return _custodians[account].overdue;
    }

    function custodianCount() external view returns (uint256) {
        return _settings.custodians;
    }

    function custodians(uint256 start, uint256 limit) external view returns (address[] memory page) {
        uint256 size = _pageSize(_settings.custodians, start, limit);
        page = new address[](size);
        for (uint256 i = 0; i < size; ++i) {
            page[i] = _accounts[uint24(start + i + 1)];
        }
    }

    function schema(uint32 number) external view returns (Schema memory) {
        return _schemas[number];
    }

    function schemaCount() external view returns (uint32) {
        return _settings.schemas;
    }

    // ------------------------------------------------------------------------------------------------- settings

    function setStorePurpose(uint8 purpose) external restricted {
        _setStorePurpose(purpose);
    }

    function setAnswerWithin(uint32 period) external restricted {
        _setAnswerWithin(period);
    }

    function setEncryption(uint16 number, bytes32 code) external restricted {
        _setEncryption(number, code);
    }

    function _setStorePurpose(uint8 purpose) internal {
        if (purpose >= PURPOSES) revert RegistryInvalidPurpose(purpose);
        _settings.storePurpose = purpose;
        emit StorePurposeSet(purpose);
    }

    function _setAnswerWithin(uint32 period) internal {
        _settings.answerWithin = period;
        emit AnswerWithinSet(period);
    }

    function _setEncryption(uint16 number, bytes32 code) internal {
        if (number == 0) revert RegistryUnknownEncryption(number);
        _encryptions[number] = code;
        emit EncryptionSet(number, code);
    }

    // ----------------------------------------------------------------------------------------------- custodians

    function admitCustodian(address account, uint48 until) external restricted {
        Custodian storage stored = _custodians[account];
        uint24 number = stored.number;
        if (number == 0) {
            number = ++_settings.custodians;
            stored.number = number;
            _accounts[number] = account;
        }
        if (stored.until <= block.timestamp) ++stored.term;
        stored.until = until;
        emit CustodianAdmitted(account, number, until);
    }

    /// The number of a custodian whose admission has not ended.
    function _admitted(address account) internal view returns (uint24) {
        Custodian storage stored = _custodians[account];
        if (block.timestamp >= stored.until) revert RegistryNotAdmitted(account);
        return stored.number;
    }

    // -------------------------------------------------------------------------------------------------- schemas

    function proposeSchema(bytes32 url, uint32 version, bytes32 content, uint8 dataClass)
        external
        returns (uint32 number)
    {
        number = ++_settings.schemas;
        _schemas[number] = Schema(PROPOSED, dataClass, version, 0, 0, url, content);
        emit SchemaProposed(number, msg.sender, dataClass, url, version, content);
    }

    function activateSchema(uint32 number) external restricted {
        Schema storage stored = _schemas[number];
        if (stored.state != PROPOSED) revert RegistryInvalidSchema(number);
        stored.state = ACTIVE;
        emit SchemaActivated(number);
    }

    function deprecateSchema(uint32 number, uint48 sunset) external restricted {
        Schema storage stored = _schemas[number];
        if (!_isGoverned(stored.state)) revert RegistryInvalidSchema(number);
        (stored.state, stored.sunset) = (DEPRECATED, sunset);
        emit SchemaDeprecated(number, sunset);
    }

    function supersedeSchema(uint32 number, uint32 successor) external restricted {
        Schema storage old = _schemas[number];
        Schema storage next = _schemas[successor];
        if (!_isGoverned(old.state)) revert RegistryInvalidSchema(number);
        bool fits = successor != number && next.state == ACTIVE && next.dataClass == old.dataClass;
        if (!fits) revert RegistryInvalidSchema(successor);
        (old.state, old.successor) = (SUPERSEDED, successor);
        emit SchemaSuperseded(number, successor);
    }

    function _isGoverned(uint8 state) private pure returns (bool) {
        return state == ACTIVE || state == DEPRECATED;
    }

    function _requireSchemaInUse(uint32 number, uint8 dataClass) internal view {
        Schema storage stored = _schemas[number];
        uint8 state = stored.state;
        bool inUse = state == ACTIVE || (state == DEPRECATED && block.timestamp < stored.sunset);
        if (!inUse || stored.dataClass != dataClass) revert RegistrySchemaNotInUse(number, dataClass);
    }

    // -------------------------------------------------------------------------------------------------- for all

    /// How many of `count` elements are on a page.
    function _pageSize(uint256 count, uint256 start, uint256 limit) internal pure returns (uint256) {
        if (start >= count) return 0;
        uint256 size = limit < count - start ? limit : count - start;
        return size < MOST_OF_A_PAGE ? size : MOST_OF_A_PAGE;
    }
}
