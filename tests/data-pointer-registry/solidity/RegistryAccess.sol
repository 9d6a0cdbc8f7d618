// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {IRegistryConsent} from "./RegistryTypes.sol";
import {RegistryBatches} from "./RegistryBatches.sol";

/// Requests for the keys of records and their answers, and handing pointers over.
abstract contract RegistryAccess is RegistryBatches {
    /// One word.
    struct Asked {
        address actor;
        uint48 dueBy;
        uint24 custodian;
        bool delivered;
        bool overdue;
        bool declined;
    }

    mapping(bytes32 id => mapping(bytes32 requestId => Asked)) private _requests;

    /// The two X25519 keys of order 8, as little-endian numbers of 32 bytes.
    bytes32 private constant ORDER_8 = 0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800;
    bytes32 private constant ALSO_ORDER_8 = 0x5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157;
    /// 2^255 - 20 to 2^255 - 18 end so, but for their first byte.
    uint248 private constant NEAR_P = 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f;

    // ---------------------------------------------------------------------------------------------------- views

    function accessRequest(bytes32 id, bytes32 requestId)
        external
        view
        returns (address actor, uint48 dueBy, bool delivered, bool wasOverdue, bool declined)
    {
        Asked memory asked = _requests[id][requestId];
        return (asked.actor, asked.dueBy, asked.delivered, asked.overdue, asked.declined);
    }

    function custodyOffer(bytes32 id) external view returns (address to) {
        return _standingOffer(id, _records[id]);
    }

    // --------------------------------------------------------------------------------------------------- asking

    function requestAccess(bytes32 id, uint8 purpose, address onBehalfOf, bytes32 encryptionKey)
        external
        returns (bytes32 requestId)
    {
        Request memory request = Request(id, purpose, onBehalfOf, encryptionKey);
        Record memory stored;
        (requestId, stored) = _requireRequestable(request, msg.sender);
        _request(request, requestId, msg.sender, stored);
    }

    /// The consent is asked before it records, so that what is refused leaves no trace there.
    function requestAccessMany(Request[] calldata requests) external returns (bytes32[] memory requestIds) {
        requestIds = new bytes32[](requests.length);
        for (uint256 i = 0; i < requests.length; ++i) {
            Request memory request = requests[i];
            (bytes32 requestId, Record memory stored, bytes memory refusal) = _whyNot(request, msg.sender);
            if (refusal.length == 0) {
                (bool permitted, uint8 reason, address grantee, uint32 number) = _ask(request, msg.sender, stored);
                if (!permitted) {
                    refusal = abi.encodeWithSelector(AccessRefused.selector, reason, grantee, number);
                }
            }
            if (refusal.length == 0) {
                _request(request, requestId, msg.sender, stored);
                requestIds[i] = requestId;
            } else {
                emit AccessSkipped(request.id, msg.sender, refusal);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ answering

    function deliverKey(bytes32 id, bytes32 requestId, bytes32 wrappedKeyHash) external {
        (, Asked memory asked) = _unanswered(id, requestId);
        asked.delivered = true;
        _answer(id, requestId, asked);
        emit KeyDelivered(id, requestId, msg.sender, wrappedKeyHash);
    }

    function declineKey(
        bytes32 id,
        bytes32 requestId,
        uint8 purpose,
        address onBehalfOf,
        bytes32 encryptionKey,
        uint48 askedAt
    ) external {
        (Record memory stored, Asked memory asked) = _unanswered(id, requestId);
        Request memory request = Request(id, purpose, onBehalfOf, encryptionKey);
        if (_requestId(request, asked.actor, askedAt) != requestId) revert RegistryNoSuchRequest(requestId);
        (bool permitted, uint8 reason,,) = _ask(request, asked.actor, stored);
        if (permitted) revert RegistryStillPermitted(requestId);
        asked.declined = true;
        _answer(id, requestId, asked);
        emit KeyDeclined(id, requestId, msg.sender, reason);
    }

    function markOverdue(bytes32 id, bytes32 requestId) external {
        _existing(id);
        Asked memory asked = _requests[id][requestId];
        if (asked.actor == address(0)) revert RegistryNoSuchRequest(requestId);
        bool isOpen = !asked.delivered && !asked.declined && !asked.overdue;
        if (!isOpen || block.timestamp <= asked.dueBy) revert RegistryNotOverdue(requestId, asked.dueBy);
        _requests[id][requestId].overdue = true;
        _countOverdue(id, requestId, asked.custodian);
    }

    function _answer(bytes32 id, bytes32 requestId, Asked memory asked) private {
        bool counts = !asked.overdue && block.timestamp > asked.dueBy;
        if (counts) asked.overdue = true;
        _requests[id][requestId] = asked;
        if (counts) _countOverdue(id, requestId, asked.custodian);
    }

    function _countOverdue(bytes32 id, bytes32 requestId, uint24 number) private {
        address account = _accounts[number];
        ++_custodians[account].overdue;
        emit AnswerOverdue(id, requestId, account);
    }

    // -------------------------------------------------------------------------------------------------- custody

    function offerCustody(bytes32 id, address to) external {
        Record memory stored = _existing(id);
        if (stored.state != REGISTERED) revert RegistrySuperseded(id);
        if (!_holds(stored, msg.sender)) revert RegistryUnauthorized(msg.sender);
        _admitted(msg.sender);
        if (to == address(0)) {
            delete _offers[id];
        } else {
            _admitted(to);
            _offers[id] = Offer(to, _custodians[msg.sender].term, _custodians[to].term);
        }
        emit CustodyOffered(id, msg.sender, to);
    }

    function acceptCustody(bytes32 id) external {
        Record memory stored = _records[id];
        if (_standingOffer(id, stored) != msg.sender) revert RegistryNoOffer(id, msg.sender);
        _requireRight(stored.subject, msg.sender, stored.dataClass);
        _records[id].custodian = _custodians[msg.sender].number;
        delete _offers[id];
        emit CustodyTransferred(id, _accounts[stored.custodian], msg.sender);
    }

    /// An offer stands while both are in the terms in which it was made.
    function _standingOffer(bytes32 id, Record memory stored) private view returns (address) {
        Offer memory offer = _offers[id];
        if (offer.to == address(0) || stored.state != REGISTERED) return address(0);
        bool stands = _isInTerm(_accounts[stored.custodian], offer.term) && _isInTerm(offer.to, offer.toTerm);
        return stands ? offer.to : address(0);
    }

    function _isInTerm(address account, uint16 term) private view returns (bool) {
        Custodian storage stored = _custodians[account];
        return stored.term == term && block.timestamp < stored.until;
    }

    // --------------------------------------------------------------------------------------------------- checks

    function _requireRequestable(Request memory request, address actor)
        internal
        view
        returns (bytes32 requestId, Record memory stored)
    {
        bytes memory refusal;
        (requestId, stored, refusal) = _whyNot(request, actor);
        if (refusal.length == 0) return (requestId, stored);
        assembly ("memory-safe") {
            revert(add(refusal, 32), mload(refusal))
        }
    }

    /// What cannot be asked, whatever the consent says: the error, or nothing.
    function _whyNot(Request memory request, address actor)
        private
        view
        returns (bytes32 requestId, Record memory stored, bytes memory refusal)
    {
        stored = _records[request.id];
        requestId = _requestId(request, actor, uint48(block.timestamp));
        if (!_exists(stored)) refusal = abi.encodeWithSelector(RegistryNoSuchPointer.selector, request.id);
        else if (!_isUsable(request.encryptionKey)) {
            refusal = abi.encodeWithSelector(RegistryInvalidEncryptionKey.selector);
        } else if (_requests[request.id][requestId].actor != address(0)) {
            refusal = abi.encodeWithSelector(RegistryRequestExists.selector, requestId);
        }
    }

    /// Whether a key of X25519 shares a secret with somebody. Its highest bit is not read.
    function _isUsable(bytes32 key) private pure returns (bool) {
        key &= ~bytes32(uint256(0x80));
        uint8 first = uint8(key[0]);
        uint248 rest = uint248(uint256(key));
        bool isNearZero = first <= 1 && rest == 0;
        bool isNearP = first >= 0xec && first <= 0xee && rest == NEAR_P;
        return !isNearZero && !isNearP && key != ORDER_8 && key != ALSO_ORDER_8;
    }

    /// A request without an answer, of which the caller was asked, or whose pointer it has.
    function _unanswered(bytes32 id, bytes32 requestId)
        private
        view
        returns (Record memory stored, Asked memory asked)
    {
        stored = _existing(id);
        asked = _requests[id][requestId];
        uint24 by = _custodians[msg.sender].number;
        if (by == 0 || (by != asked.custodian && by != stored.custodian)) revert RegistryUnauthorized(msg.sender);
        if (asked.actor == address(0)) revert RegistryNoSuchRequest(requestId);
        if (asked.delivered || asked.declined) revert RegistryAlreadyDelivered(requestId);
    }

    function _ask(Request memory request, address actor, Record memory stored)
        private
        view
        returns (bool permitted, uint8 reason, address grantee, uint32 number)
    {
        return IRegistryConsent(_settings.consent).isPermitted(
            stored.subject, actor, request.onBehalfOf, stored.dataClass, request.purpose
        );
    }

    // ------------------------------------------------------------------------------------------------- changing

    /// The consent decides.
    function _request(Request memory request, bytes32 requestId, address actor, Record memory stored) internal {
        Settings memory settings = _settings;
        uint48 dueBy = uint48(block.timestamp) + settings.answerWithin;
        _requests[request.id][requestId] = Asked(actor, dueBy, stored.custodian, false, false, false);
        emit AccessRequested(
            request.id,
            _accounts[stored.custodian],
            actor,
            requestId,
            request.onBehalfOf,
            request.purpose,
            request.encryptionKey,
            dueBy
        );
        (bool permitted, uint8 reason, address grantee, uint32 number) = IRegistryConsent(settings.consent).record(
            stored.subject, actor, request.onBehalfOf, stored.dataClass, request.purpose, requestId
        );
        if (!permitted) revert AccessRefused(reason, grantee, number);
    }

    function _requestId(Request memory request, address actor, uint48 askedAt) private pure returns (bytes32) {
        return keccak256(
            abi.encode(request.id, actor, request.onBehalfOf, request.purpose, request.encryptionKey, askedAt)
        );
    }
}
