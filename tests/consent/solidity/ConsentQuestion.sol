// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {ConsentTypes} from "./ConsentTypes.sol";

/// What is stored for a question, and the question.
abstract contract ConsentQuestion is ConsentTypes {
    /// One word of a provision.
    struct Terms {
        uint64 purposes;
        bool deny;
        uint40 notBefore;
        uint40 expiry;
        uint32 policyVersion;
        uint32 number;
    }

    struct Entry {
        Terms terms;
        uint256 classes;
    }

    /// A grantor's provisions for a grantee: those of another epoch than the grantor's were revoked.
    struct Pair {
        uint32 epoch;
        uint32 last;
        uint8 count;
        mapping(uint256 place => Entry) entries;
    }

    struct Grantor {
        uint32 epoch;
        /// The roles that its provisions name, so that a question asks for no others.
        uint32 roles;
        /// How many keys acted before this one.
        uint24 keys;
        /// Zero for the grantor itself.
        address key;
    }

    /// The policy, with the words in the order of use.
    struct Rules {
        uint64 separatePurposes;
        uint64 separateClasses;
        uint64 emergencyPurposes;
        uint32 refusedJurisdictions;
        uint32 version;
    }

    struct Organization {
        uint48 until;
        uint8 jurisdiction;
        uint32 list;
        bool known;
        /// Odd while it is removed.
        uint32 term;
        bytes32 root;
    }

    struct Member {
        uint48 until;
        /// 0 for one that was set; otherwise the list that it was proven against, or that it is barred from.
        uint32 list;
        /// The organisation's, when it was set or proven.
        uint32 term;
    }

    struct Opening {
        uint48 until;
        uint64 id;
        uint256 classes;
    }

    struct Asked {
        address grantor;
        address actor;
        address onBehalfOf;
        uint256 classes;
        uint8 purpose;
    }

    struct Answer {
        uint256 permitted;
        uint256 denied;
        uint8 reason;
        address grantee;
        uint8 place;
        uint32 number;
    }

    Rules internal _rules;
    uint256 internal _closedClasses;
    uint16[64] internal _longest;
    mapping(address grantor => Grantor) internal _grantors;
    mapping(address grantor => mapping(address grantee => Pair)) internal _pairs;
    mapping(address account => Organization) internal _organizations;
    mapping(address organization => mapping(address account => Member)) internal _members;
    mapping(uint8 role => mapping(address account => uint48)) internal _roleUntil;
    mapping(address grantor => mapping(address actor => Opening)) internal _openings;

    // ---------------------------------------------------------------------------------------------------- views

    function isPermitted(address grantor, address actor, address onBehalfOf, uint8 dataClass, uint8 purpose)
        external
        view
        returns (bool permitted, uint8 reason, address grantee, uint32 number)
    {
        Answer memory answer = _decide(Asked(grantor, actor, onBehalfOf, 1 << dataClass, purpose));
        return (answer.reason < NO_CONSENT, answer.reason, answer.grantee, answer.number);
    }

    function permittedClasses(address grantor, address actor, address onBehalfOf, uint256 classes, uint8 purpose)
        external
        view
        returns (uint256 permitted)
    {
        return _decide(Asked(grantor, actor, onBehalfOf, classes, purpose)).permitted;
    }

    function arePermitted(Question[] calldata questions) external view returns (uint8[] memory reasons) {
        reasons = new uint8[](questions.length);
        for (uint256 i = 0; i < questions.length; ++i) {
            Question calldata q = questions[i];
            reasons[i] = _decide(Asked(q.grantor, q.actor, q.onBehalfOf, 1 << q.dataClass, q.purpose)).reason;
        }
    }

    function explain(address grantor, address actor, address onBehalfOf, uint8 dataClass, uint8 purpose)
        external
        view
        returns (Explanation memory explanation)
    {
        Answer memory answer = _decide(Asked(grantor, actor, onBehalfOf, 1 << dataClass, purpose));
        explanation.permitted = answer.reason < NO_CONSENT;
        explanation.reason = answer.reason;
        explanation.grantee = answer.grantee;
        explanation.policyVersion = _rules.version;
        uint48 open = _openings[grantor][actor].until;
        explanation.emergencyUntil = block.timestamp < open ? open : 0;
        if (answer.number == 0) return explanation;
        explanation.provision = _stored(_pairs[grantor][answer.grantee].entries[answer.place]);
        if (answer.reason != PERMITS) return explanation;
        uint48 expiry = explanation.provision.expiry;
        uint16 longest = _longest[purpose];
        explanation.permitsUntil = expiry;
        if (longest != NO_LIMIT) {
            uint48 end = explanation.provision.notBefore + uint48(longest) * 1 days;
            if (expiry == 0 || end < expiry) explanation.permitsUntil = end;
        }
    }

    function roleGrantee(uint8 role) public pure returns (address) {
        if (role >= ROLES) revert ConsentInvalidCode(ROLE_TABLE, role);
        return _roleGrantee(role);
    }

    // ------------------------------------------------------------------------------------------------- deciding

    function _decide(Asked memory asked) internal view returns (Answer memory answer) {
        answer.reason = NO_CONSENT;
        if (asked.purpose >= PURPOSES) return answer;
        Grantor memory grantor = _grantors[asked.grantor];
        bool alone = asked.onBehalfOf == address(0) || asked.onBehalfOf == asked.actor;
        if (alone && asked.actor == (grantor.key == address(0) ? asked.grantor : grantor.key)) {
            answer.reason = OWN;
            answer.permitted = asked.classes;
            return answer;
        }
        Rules memory rules = _rules;
        uint8 refusal = _whyNot(asked.actor, alone ? asked.actor : asked.onBehalfOf, rules.refusedJurisdictions);
        if (refusal != 0) {
            answer.reason = refusal;
            return answer;
        }
        _hear(asked, asked.actor, grantor.epoch, rules, answer);
        if (!alone) _hear(asked, asked.onBehalfOf, grantor.epoch, rules, answer);
        for (uint32 mask = grantor.roles; mask != 0; mask &= mask - 1) {
            uint8 role = _lowest(mask);
            mapping(address => uint48) storage holders = _roleUntil[role];
            if (block.timestamp < holders[asked.actor] || (!alone && block.timestamp < holders[asked.onBehalfOf])) {
                _hear(asked, _roleGrantee(role), grantor.epoch, rules, answer);
            }
        }
        answer.permitted &= ~answer.denied;
        if (answer.permitted != asked.classes && (rules.emergencyPurposes >> asked.purpose) & 1 == 1) {
            _hearEmergency(asked, answer);
        }
    }

    /// Why an actor is not heard for itself or for an organisation; 0 if it is.
    function _whyNot(address actor, address account, uint32 refused) private view returns (uint8) {
        Organization storage own = _organizations[actor];
        if (own.known) {
            uint8 refusal = _notAdmitted(own, refused);
            if (refusal != 0) return refusal;
        }
        if (account == actor) return 0;
        Organization storage stored = _organizations[account];
        uint8 why = _notAdmitted(stored, refused);
        if (why != 0) return why;
        return _counted(_members[account][actor], stored.list, stored.term) <= block.timestamp ? NO_MEMBER : 0;
    }

    function _notAdmitted(Organization storage stored, uint32 refused) private view returns (uint8) {
        if (stored.until <= block.timestamp) return NOT_ADMITTED;
        return (refused >> stored.jurisdiction) & 1 == 1 ? JURISDICTION : 0;
    }

    /// Asks all provisions for one grantee.
    function _hear(Asked memory asked, address grantee, uint32 epoch, Rules memory rules, Answer memory answer)
        private
        view
    {
        Pair storage pair = _pairs[asked.grantor][grantee];
        if (pair.epoch != epoch) return;
        uint256 count = pair.count;
        for (uint256 place = 0; place < count; ++place) {
            Entry storage entry = pair.entries[place];
            Terms memory terms = entry.terms;
            if ((terms.purposes >> asked.purpose) & 1 == 0) continue;
            bool inForce = block.timestamp >= terms.notBefore && !_ended(terms.expiry);
            if (terms.deny && !inForce) continue;
            uint256 classes = entry.classes;
            uint256 about = classes & asked.classes;
            if (about == 0) continue;
            uint8 reason = DENIES;
            if (terms.deny) answer.denied |= about;
            else (reason, about) = _permits(asked.purpose, terms, classes, about, rules);
            if (reason == PERMITS) answer.permitted |= about;
            if (_outranks(reason, answer.reason)) {
                (answer.reason, answer.grantee) = (reason, grantee);
                (answer.place, answer.number) = (uint8(place), terms.number);
            }
        }
    }

    /// What a permit does now, and for which of the classes that it is asked for.
    function _permits(uint8 purpose, Terms memory terms, uint256 classes, uint256 about, Rules memory rules)
        private
        view
        returns (uint8, uint256)
    {
        if (block.timestamp < terms.notBefore) return (NOT_BEGUN, 0);
        if (_ended(terms.expiry)) return (ENDED, 0);
        uint64 separate = rules.separatePurposes;
        if ((separate >> purpose) & 1 == 1 && terms.purposes & ~separate != 0) return (NOT_SEPARATE, 0);
        uint256 separateClasses = uint256(rules.separateClasses) << SENSITIVE;
        if (classes & ~separateClasses != 0) about &= ~separateClasses;
        if (about == 0) return (NOT_SEPARATE, 0);
        uint16 longest = _longest[purpose];
        bool isYoung = longest == NO_LIMIT || block.timestamp < terms.notBefore + uint256(longest) * 1 days;
        return longest != 0 && isYoung ? (PERMITS, about) : (TOO_OLD, 0);
    }

    function _hearEmergency(Asked memory asked, Answer memory answer) private view {
        Opening storage opened = _openings[asked.grantor][asked.actor];
        if (opened.until <= block.timestamp) return;
        uint256 open = opened.classes & ~_closedClasses & asked.classes;
        if (open == 0) return;
        answer.permitted |= open;
        (answer.reason, answer.grantee, answer.place, answer.number) = (EMERGENCY, address(0), 0, 0);
    }

    /// A denial decides, then a permit, then the highest reason.
    function _outranks(uint8 reason, uint8 than) private pure returns (bool) {
        if (than == DENIES || than == reason) return false;
        if (reason == DENIES || reason == PERMITS) return true;
        return than != PERMITS && reason > than;
    }

    // ------------------------------------------------------------------------------------------------- for all

    function _ended(uint256 end) internal view returns (bool) {
        return end != 0 && end <= block.timestamp;
    }

    function _counted(Member memory member, uint32 list, uint32 term) internal pure returns (uint48) {
        return (member.list == 0 || member.list == list) && member.term == term ? member.until : 0;
    }

    /// "ROLE", zeros, and the role.
    function _roleGrantee(uint8 role) internal pure returns (address) {
        return address(bytes20("ROLE") | bytes20(uint160(role)));
    }

    function _stored(Entry storage entry) internal view returns (StoredProvision memory) {
        Terms memory terms = entry.terms;
        return StoredProvision({
            number: terms.number,
            classes: entry.classes,
            purposes: terms.purposes,
            deny: terms.deny,
            notBefore: terms.notBefore,
            expiry: terms.expiry,
            policyVersion: terms.policyVersion
        });
    }

    function _lowest(uint32 mask) private pure returns (uint8 role) {
        while ((mask >> role) & 1 == 0) ++role;
    }
}
