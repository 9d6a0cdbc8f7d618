// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// What the interface names: structs, events, errors, and the numbers of its text.
abstract contract ConsentTypes {
    struct Provision {
        address grantee;
        uint256 classes;
        uint64 purposes;
        bool deny;
        uint48 notBefore;
        uint48 expiry;
        bytes32 document;
    }

    struct StoredProvision {
        uint32 number;
        uint256 classes;
        uint64 purposes;
        bool deny;
        uint48 notBefore;
        uint48 expiry;
        uint32 policyVersion;
    }

    struct SignedAct {
        bytes signer;
        bytes act;
        uint256 nonce;
        uint48 deadline;
        address relayer;
        bytes signature;
    }

    struct Question {
        address grantor;
        address actor;
        address onBehalfOf;
        uint8 dataClass;
        uint8 purpose;
    }

    struct Explanation {
        bool permitted;
        uint8 reason;
        address grantee;
        StoredProvision provision;
        uint48 permitsUntil;
        uint32 policyVersion;
        uint48 emergencyUntil;
    }

    struct Policy {
        uint64 separatePurposes;
        uint64 separateClasses;
        uint64 emergencyPurposes;
        uint32 refusedJurisdictions;
        uint256 closedClasses;
        uint32 openFor;
        uint32 reviewWithin;
        uint32 window;
        uint16 limit;
        uint32 recoveryDelay;
        address hook;
    }

    struct Codes {
        uint8 table;
        uint8 first;
        bytes32[] codes;
    }

    event ConsentGranted(
        address indexed grantor,
        address indexed grantee,
        uint32 indexed number,
        uint256 classes,
        uint64 purposes,
        bool deny,
        uint48 notBefore,
        uint48 expiry,
        bytes32 document,
        uint32 policyVersion,
        address by
    );
    event ConsentAmended(
        address indexed grantor,
        address indexed grantee,
        uint32 indexed number,
        uint256 classes,
        uint64 purposes,
        bool deny,
        uint48 notBefore,
        uint48 expiry,
        bytes32 document,
        uint32 policyVersion,
        address by
    );
    event ConsentRevoked(address indexed grantor, address indexed grantee, uint32 indexed number, address by);
    event ConsentsRevoked(address indexed grantor, address indexed grantee, address by);
    event AllConsentsRevoked(address indexed grantor, uint32 epoch, address by);
    event RepresentativeSet(
        address indexed grantor,
        address indexed representative,
        uint256 classes,
        uint64 purposes,
        uint48 until,
        bool appointed
    );
    event RecoverySet(address indexed grantor, address indexed recoverer);
    event RecoveryStarted(address indexed grantor, address indexed newKey, uint48 readyAt);
    event RecoveryVetoed(address indexed grantor);
    event KeyReplaced(address indexed grantor, address indexed newKey);
    event SitePinned(address indexed key, bytes16 site);
    event ActSkipped(uint256 indexed index, address indexed signer, uint256 nonce, bytes reason);
    event MemberSet(address indexed organization, address indexed member, uint48 until, uint32 list);
    event MembersPublished(address indexed organization, uint32 list, bytes32 root);
    event OrganizationSet(address indexed organization, uint48 until, uint8 jurisdiction);
    event RoleSet(uint8 indexed role, address indexed account, uint48 until);
    event PolicySet(uint32 indexed version, Policy policy, uint16[64] longest);
    event CodeSet(uint8 indexed table, uint8 indexed number, bytes32 code);
    event EmergencyDeclared(
        uint64 indexed id,
        address indexed grantor,
        address indexed actor,
        address key,
        uint256 classes,
        uint48 until,
        uint48 reviewBy,
        uint8 reason,
        bytes32 statement
    );
    event EmergencyReviewed(
        uint64 indexed id,
        address indexed grantor,
        address indexed actor,
        bool justified,
        address reviewer,
        bytes32 statement
    );
    event EmergencyHookFailed(uint64 indexed id, address indexed hook);
    event EmergencyHookTold(uint64 indexed id, address indexed hook);
    event AccessRecorded(
        address indexed grantor,
        uint64 indexed number,
        address indexed actor,
        address recorder,
        address onBehalfOf,
        uint8 dataClass,
        uint8 purpose,
        uint8 reason,
        address grantee,
        uint32 provision,
        bytes32 request,
        uint48 time,
        bytes32 head
    );

    error ConsentUnauthorized(address grantor, address account);
    error ConsentInvalidProvision();
    error ConsentNoSuchProvision(address grantor, address grantee, uint32 number);
    error ConsentTooManyProvisions(address grantor, address grantee);
    error ConsentAppointedRepresentative(address representative);
    error ConsentInvalidKey();
    error ConsentNoRecovery(address grantor);
    error ConsentRecoveryNotReady(uint48 readyAt);
    error ConsentExpiredSignature(uint48 deadline);
    error ConsentWrongRelayer(address relayer);
    error ConsentInvalidAct();
    error ConsentInvalidSignature(address signer);
    error ConsentInvalidProof(address organization, address member);
    error ConsentInvalidPolicy();
    error ConsentInvalidCode(uint8 table, uint8 number);
    error ConsentEmergencyRefused(uint256 classes);
    error ConsentTooManyEmergencies(address actor, uint48 until);
    error ConsentNoSuchEmergency(uint64 id);
    error ConsentNotEnoughGas(uint64 needed);

    uint8 internal constant PERMITS = 1;
    uint8 internal constant OWN = 2;
    uint8 internal constant EMERGENCY = 3;
    uint8 internal constant NO_CONSENT = 16;
    uint8 internal constant NOT_BEGUN = 17;
    uint8 internal constant ENDED = 18;
    uint8 internal constant TOO_OLD = 19;
    uint8 internal constant NOT_SEPARATE = 20;
    uint8 internal constant DENIES = 21;
    uint8 internal constant NO_MEMBER = 22;
    uint8 internal constant NOT_ADMITTED = 23;
    uint8 internal constant JURISDICTION = 24;

    uint8 internal constant PURPOSES = 64;
    uint8 internal constant ROLES = 32;
    uint8 internal constant JURISDICTIONS = 32;
    uint8 internal constant ROLE_TABLE = 4;
    uint8 internal constant JURISDICTION_TABLE = 2;
    uint16 internal constant NO_LIMIT = type(uint16).max;
    uint8 internal constant SENSITIVE = 192;
    uint8 internal constant MOST_PROVISIONS = 16;
    uint8 internal constant MOST_ROLES = 8;
    uint64 internal constant HOOK_GAS = 300_000;
    uint64 internal constant ENOUGH_GAS = 330_000;
}
