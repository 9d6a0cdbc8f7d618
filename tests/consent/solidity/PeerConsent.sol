// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ConsentSigned} from "./ConsentSigned.sol";

/// Who is told of emergencies that were not justified.
interface IPeerEmergencyHook {
    function emergencyUnjustified(uint64 id, address grantor, address actor) external;
}

/// The consent contract in Solidity, by the text of its interface: what ours is compared with and measured against.
contract PeerConsent is ConsentSigned, AccessManaged, Multicall, UUPSUpgradeable, Initializable {
    struct Emergency {
        address actor;
        uint48 until;
        uint8 verdict;
        address grantor;
        uint48 reviewBy;
        bool untold;
    }

    struct Rate {
        uint48 since;
        uint16 count;
    }

    struct Log {
        uint64 count;
        bytes32 head;
    }

    // With the recovery's delay in one word.
    uint32 private _openFor;
    uint32 private _reviewWithin;
    uint32 private _window;
    uint16 private _limit;
    uint64 private _emergencyCount;
    address private _hook;
    mapping(uint64 id => Emergency) private _emergencies;
    mapping(address actor => Rate) private _rates;
    mapping(address grantor => Log) private _logs;
    mapping(uint8 table => mapping(uint8 number => bytes32)) private _codes;

    constructor() AccessManaged(address(0)) {
        _disableInitializers();
    }

    function initialize(
        address initialAuthority,
        Policy calldata first,
        uint16[64] calldata longest,
        Codes[] calldata codes
    ) external initializer {
        if (initialAuthority.code.length == 0) revert AccessManagedInvalidAuthority(initialAuthority);
        _setAuthority(initialAuthority);
        _setPolicy(first, longest);
        for (uint256 run = 0; run < codes.length; ++run) {
            for (uint256 place = 0; place < codes[run].codes.length; ++place) {
                uint256 number = codes[run].first + place;
                if (number > type(uint8).max) revert ConsentInvalidCode(codes[run].table, type(uint8).max);
                _setCode(codes[run].table, uint8(number), codes[run].codes[place]);
            }
        }
    }

    function _authorizeUpgrade(address) internal override restricted {}

    // ---------------------------------------------------------------------------------------------------- views

    function organization(address account)
        external
        view
        returns (uint48 until, uint8 jurisdiction, uint32 list, bytes32 root)
    {
        Organization memory stored = _organizations[account];
        return (stored.until, stored.jurisdiction, stored.list, stored.root);
    }

    function memberUntil(address account, address member) external view returns (uint48) {
        Organization storage stored = _organizations[account];
        return _counted(_members[account][member], stored.list, stored.term);
    }

    function roleUntil(uint8 role, address account) external view returns (uint48) {
        return _roleUntil[role][account];
    }

    function policy() external view returns (uint32 version, Policy memory stored, uint16[64] memory longest) {
        Rules memory rules = _rules;
        stored = Policy({
            separatePurposes: rules.separatePurposes,
            separateClasses: rules.separateClasses,
            emergencyPurposes: rules.emergencyPurposes,
            refusedJurisdictions: rules.refusedJurisdictions,
            closedClasses: _closedClasses,
            openFor: _openFor,
            reviewWithin: _reviewWithin,
            window: _window,
            limit: _limit,
            recoveryDelay: _recoveryDelay,
            hook: _hook
        });
        return (rules.version, stored, _longest);
    }

    function code(uint8 table, uint8 number) external view returns (bytes32) {
        return _codes[table][number];
    }

    function emergency(uint64 id)
        external
        view
        returns (address grantor, address actor, uint48 until, uint48 reviewBy, uint8 verdict)
    {
        Emergency memory stored = _emergencies[id];
        return (stored.grantor, stored.actor, stored.until, stored.reviewBy, stored.verdict);
    }

    function opening(address grantor, address actor)
        external
        view
        returns (uint256 classes, uint48 until, uint64 id)
    {
        Opening memory stored = _openings[grantor][actor];
        return (stored.classes, stored.until, stored.id);
    }

    function accessLog(address grantor) external view returns (uint64 count, bytes32 head) {
        return (_logs[grantor].count, _logs[grantor].head);
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        bytes4 question = this.isPermitted.selector ^ this.permittedClasses.selector ^ this.arePermitted.selector;
        return interfaceId == question || interfaceId == type(IAccessManaged).interfaceId
            || interfaceId == type(IERC5267).interfaceId || interfaceId == type(IERC165).interfaceId;
    }

    // ------------------------------------------------------------------------------------ organisations and roles

    function setMember(address member, uint48 until) external {
        Organization storage own = _organizations[msg.sender];
        _members[msg.sender][member] = Member(until, until == 0 ? own.list : 0, own.term);
        emit MemberSet(msg.sender, member, until, 0);
    }

    function setMembers(bytes32 root) external {
        Organization storage stored = _organizations[msg.sender];
        uint32 list = stored.list + 1;
        (stored.list, stored.root) = (list, root);
        emit MembersPublished(msg.sender, list, root);
    }

    function proveMember(address account, address member, uint48 until, bytes32[] calldata proof) external {
        Organization storage stored = _organizations[account];
        uint32 list = stored.list;
        Member memory old = _members[account][member];
        bool barred = old.until == 0 && old.list == list;
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(member, until))));
        bool set = old.list == 0 && block.timestamp < _counted(old, list, stored.term);
        bool proven = list != 0 && !barred && !set && block.timestamp < until
            && MerkleProof.verifyCalldata(proof, stored.root, leaf);
        if (!proven) revert ConsentInvalidProof(account, member);
        _members[account][member] = Member(until, list, stored.term);
        emit MemberSet(account, member, until, list);
    }

    function setOrganization(address account, uint48 until, uint8 jurisdiction) external restricted {
        if (jurisdiction >= JURISDICTIONS) revert ConsentInvalidCode(JURISDICTION_TABLE, jurisdiction);
        Organization storage stored = _organizations[account];
        if ((until <= block.timestamp) != (stored.term % 2 == 1)) {
            (stored.term, stored.root) = (stored.term + 1, 0);
        }
        (stored.until, stored.jurisdiction, stored.known) = (until, jurisdiction, true);
        emit OrganizationSet(account, until, jurisdiction);
    }

    function setRole(uint8 role, address account, uint48 until) external restricted {
        if (role >= ROLES) revert ConsentInvalidCode(ROLE_TABLE, role);
        _roleUntil[role][account] = until;
        emit RoleSet(role, account, until);
    }

    function appointRepresentative(address grantor, address account, uint256 classes, uint64 purposes, uint48 until)
        external
        restricted
    {
        _writeScope(grantor, account, Scope(purposes, until, true, 0, classes));
    }

    // --------------------------------------------------------------------------------------------------- policy

    function setPolicy(Policy calldata given, uint16[64] calldata longest) external restricted {
        _setPolicy(given, longest);
    }

    function setCode(uint8 table, uint8 number, bytes32 value) external restricted {
        _setCode(table, number, value);
    }

    function _setCode(uint8 table, uint8 number, bytes32 value) private {
        uint16[5] memory sizes = [uint16(256), PURPOSES, JURISDICTIONS, 256, ROLES];
        if (table >= sizes.length || number >= sizes[table]) revert ConsentInvalidCode(table, number);
        _codes[table][number] = value;
        emit CodeSet(table, number, value);
    }

    function _setPolicy(Policy calldata given, uint16[64] calldata longest) private {
        if (given.openFor > type(uint24).max || given.window > type(uint24).max) revert ConsentInvalidPolicy();
        uint32 version = _rules.version + 1;
        _rules = Rules({
            separatePurposes: given.separatePurposes,
            separateClasses: given.separateClasses,
            emergencyPurposes: given.emergencyPurposes,
            refusedJurisdictions: given.refusedJurisdictions,
            version: version
        });
        _closedClasses = given.closedClasses;
        (_openFor, _reviewWithin, _window) = (given.openFor, given.reviewWithin, given.window);
        (_limit, _recoveryDelay, _hook) = (given.limit, given.recoveryDelay, given.hook);
        _longest = longest;
        emit PolicySet(version, given, longest);
    }

    // ---------------------------------------------------------------------------------------------- emergencies

    function declareEmergency(address grantor, uint256 classes, uint8 reason, bytes32 statement)
        external
        restricted
        returns (uint64 id)
    {
        bool open = classes != 0 && classes & _closedClasses == 0;
        if (!open || msg.sender == authority()) revert ConsentEmergencyRefused(classes);
        Rate memory rate = _rates[msg.sender];
        uint48 endsAt = rate.since + _window;
        if (endsAt <= block.timestamp) rate = Rate(uint48(block.timestamp), 0);
        if (rate.count >= _limit) revert ConsentTooManyEmergencies(msg.sender, endsAt);
        rate.count += 1;
        _rates[msg.sender] = rate;

        id = ++_emergencyCount;
        uint48 until = uint48(block.timestamp) + _openFor;
        uint48 reviewBy = uint48(block.timestamp) + _reviewWithin;
        _emergencies[id] = Emergency(msg.sender, until, 0, grantor, reviewBy, false);
        _openings[grantor][msg.sender] = Opening(until, id, classes);
        emit EmergencyDeclared(
            id, grantor, msg.sender, keyOf(grantor), classes, until, reviewBy, reason, statement
        );
    }

    function reviewEmergency(uint64 id, bool justified, bytes32 statement) external restricted {
        Emergency storage stored = _emergencies[id];
        (address grantor, address actor) = (stored.grantor, stored.actor);
        if (actor == address(0) || stored.verdict != 0) revert ConsentNoSuchEmergency(id);
        stored.verdict = justified ? 1 : 2;
        Opening storage opened = _openings[grantor][actor];
        if (!justified && opened.id == id) (opened.until, opened.classes) = (0, 0);
        emit EmergencyReviewed(id, grantor, actor, justified, msg.sender, statement);
        address hook = _hook;
        if (!justified && hook != address(0)) _tell(hook, id, grantor, actor);
    }

    /// What the hook returns is not read.
    function _tell(address hook, uint64 id, address grantor, address actor) private {
        if (gasleft() < ENOUGH_GAS) revert ConsentNotEnoughGas(ENOUGH_GAS);
        bytes memory data = abi.encodeCall(IPeerEmergencyHook.emergencyUnjustified, (id, grantor, actor));
        uint256 hookGas = HOOK_GAS;
        bool told;
        assembly ("memory-safe") {
            told := call(hookGas, hook, 0, add(data, 32), mload(data), 0, 0)
        }
        if (!told || hook.code.length == 0) {
            _emergencies[id].untold = true;
            emit EmergencyHookFailed(id, hook);
        }
    }

    function retryHook(uint64 id) external {
        Emergency storage stored = _emergencies[id];
        if (!stored.untold) revert ConsentNoSuchEmergency(id);
        stored.untold = false;
        emit EmergencyHookTold(id, _hook);
        IPeerEmergencyHook(_hook).emergencyUnjustified(id, stored.grantor, stored.actor);
    }

    /// As OpenZeppelin's, but an upgrade is a call of its own.
    function multicall(bytes[] calldata data) public override returns (bytes[] memory results) {
        if (msg.sender == authority()) revert AccessManagedUnauthorized(msg.sender);
        results = new bytes[](data.length);
        for (uint256 i = 0; i < data.length; ++i) {
            if (bytes4(data[i]) == this.upgradeToAndCall.selector) revert Errors.FailedCall();
            results[i] = Address.functionDelegateCall(address(this), data[i]);
        }
    }

    // ----------------------------------------------------------------------------------------------- access log

    function record(
        address grantor,
        address actor,
        address onBehalfOf,
        uint8 dataClass,
        uint8 purpose,
        bytes32 request
    ) external restricted returns (bool permitted, uint8 reason, address grantee, uint32 number) {
        Answer memory answer = _decide(Asked(grantor, actor, onBehalfOf, 1 << dataClass, purpose));
        Log storage stored = _logs[grantor];
        uint64 entry = stored.count + 1;
        bytes32 head = keccak256(
            bytes.concat(
                abi.encode(stored.head, grantor, entry, actor, msg.sender, onBehalfOf, dataClass, purpose),
                abi.encode(answer.reason, answer.grantee, answer.number, request, block.timestamp)
            )
        );
        (stored.count, stored.head) = (entry, head);
        emit AccessRecorded(
            grantor,
            entry,
            actor,
            msg.sender,
            onBehalfOf,
            dataClass,
            purpose,
            answer.reason,
            answer.grantee,
            answer.number,
            request,
            uint48(block.timestamp),
            head
        );
        return (answer.reason < NO_CONSENT, answer.reason, answer.grantee, answer.number);
    }
}
