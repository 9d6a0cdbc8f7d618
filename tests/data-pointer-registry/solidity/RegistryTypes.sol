// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// What the registry calls of the consent.
interface IRegistryConsent {
    function isPermitted(address grantor, address actor, address onBehalfOf, uint8 dataClass, uint8 purpose)
        external
        view
        returns (bool permitted, uint8 reason, address grantee, uint32 number);
    function record(
        address grantor,
        address actor,
        address onBehalfOf,
        uint8 dataClass,
        uint8 purpose,
        bytes32 request
    ) external returns (bool permitted, uint8 reason, address grantee, uint32 number);
    function keyOf(address grantor) external view returns (address);
    function pinnedSite(address key) external view returns (bytes16);
}

/// What the interface names: structs, events, errors, and the numbers of its text.
abstract contract RegistryTypes {
    struct Pointer {
        address subject;
        address custodian;
        uint8 dataClass;
        uint32 schema;
        uint64 hashCode;
        bytes32 digest;
        uint8 locatorKind;
        uint64 locatorCodec;
        bytes32 locator;
        uint16 encryption;
        bytes32 keyCommitment;
        bytes32 previous;
    }

    struct Manifest {
        uint64 hashCode;
        bytes32 digest;
        uint8 locatorKind;
        uint64 locatorCodec;
        bytes32 locator;
    }

    struct Status {
        uint8 state;
        address subject;
        address custodian;
        uint8 dataClass;
        uint32 schema;
    }

    struct Contents {
        uint64 hashCode;
        bytes32 digest;
        uint8 locatorKind;
        uint64 locatorCodec;
        bytes32 locator;
        uint16 encryption;
        bytes32 keyCommitment;
    }

    struct Request {
        bytes32 id;
        uint8 purpose;
        address onBehalfOf;
        bytes32 encryptionKey;
    }

    struct Signed {
        bytes signer;
        uint256 nonce;
        uint48 deadline;
        address relayer;
        bytes signature;
    }

    struct Schema {
        uint8 state;
        uint8 dataClass;
        uint32 version;
        uint48 sunset;
        uint32 successor;
        bytes32 url;
        bytes32 content;
    }

    event PointerRegistered(
        bytes32 indexed id,
        address indexed subject,
        address indexed custodian,
        uint8 dataClass,
        uint32 schema,
        bytes32 previous,
        uint32 batch,
        uint8 reason
    );
    event PointerErased(
        bytes32 indexed id,
        address indexed subject,
        address indexed custodian,
        uint8 dataClass,
        uint32 schema,
        address by
    );
    event PointerRefused(
        bytes32 indexed id, address indexed subject, address indexed custodian, uint8 dataClass, uint32 schema
    );
    event RootPublished(
        address indexed custodian, uint32 indexed batch, uint32 version, bytes32 root, uint64 count
    );
    event ManifestCleared(address indexed custodian, uint32 indexed batch);
    event AccessRequested(
        bytes32 indexed id,
        address indexed custodian,
        address indexed actor,
        bytes32 requestId,
        address onBehalfOf,
        uint8 purpose,
        bytes32 encryptionKey,
        uint48 dueBy
    );
    event AccessSkipped(bytes32 indexed id, address indexed actor, bytes reason);
    event KeyDelivered(
        bytes32 indexed id, bytes32 indexed requestId, address indexed custodian, bytes32 wrappedKeyHash
    );
    event KeyDeclined(bytes32 indexed id, bytes32 indexed requestId, address indexed custodian, uint8 reason);
    event AnswerOverdue(bytes32 indexed id, bytes32 indexed requestId, address indexed custodian);
    event CustodyOffered(bytes32 indexed id, address indexed from, address indexed to);
    event CustodyTransferred(bytes32 indexed id, address indexed from, address indexed to);
    event CustodianAdmitted(address indexed account, uint24 indexed number, uint48 until);
    event SchemaProposed(
        uint32 indexed number,
        address indexed proposer,
        uint8 indexed dataClass,
        bytes32 url,
        uint32 version,
        bytes32 content
    );
    event SchemaActivated(uint32 indexed number);
    event SchemaDeprecated(uint32 indexed number, uint48 sunset);
    event SchemaSuperseded(uint32 indexed number, uint32 indexed successor);
    event ConsentSet(address consent);
    event StorePurposeSet(uint8 purpose);
    event AnswerWithinSet(uint32 period);
    event EncryptionSet(uint16 indexed number, bytes32 code);
    event SitePinned(address indexed key, bytes16 site);

    error RegistryUnauthorized(address account);
    error RegistryNotAdmitted(address account);
    error RegistryInvalidDigest(uint64 hashCode);
    error RegistryInvalidLocator(uint8 kind, uint64 codec);
    error RegistryInvalidKeyCommitment();
    error RegistryUnknownEncryption(uint16 number);
    error RegistrySchemaNotInUse(uint32 number, uint8 dataClass);
    error RegistryPointerExists(bytes32 id);
    error RegistryNoSuchPointer(bytes32 id);
    error RegistrySuperseded(bytes32 id);
    error RegistryInvalidPrevious(bytes32 previous);
    error RegistrationRefused(uint8 reason, address grantee, uint32 number);
    error AccessRefused(uint8 reason, address grantee, uint32 number);
    error RegistryInvalidEncryptionKey();
    error RegistryRequestExists(bytes32 requestId);
    error RegistryNoSuchRequest(bytes32 requestId);
    error RegistryAlreadyDelivered(bytes32 requestId);
    error RegistryStillPermitted(bytes32 requestId);
    error RegistryNotOverdue(bytes32 requestId, uint48 dueBy);
    error RegistryNoOffer(bytes32 id, address account);
    error RegistryInvalidRoot();
    error RegistryNoSuchBatch(address custodian, uint32 batch);
    error RegistryShrunkBatch(uint32 batch, uint64 count);
    error RegistryInvalidProof(bytes32 id);
    error RegistryInvalidSchema(uint32 number);
    error RegistryInvalidPurpose(uint8 purpose);
    error RegistryInvalidConsent(address consent);
    error RegistryExpiredSignature(uint48 deadline);
    error RegistryWrongRelayer(address relayer);
    error RegistryInvalidSignature(address signer);

    /// States of a pointer.
    uint8 internal constant REGISTERED = 1;
    uint8 internal constant REPLACED = 2;
    uint8 internal constant ERASED = 3;
    uint8 internal constant REFUSED = 4;

    /// States of a schema.
    uint8 internal constant PROPOSED = 1;
    uint8 internal constant ACTIVE = 2;
    uint8 internal constant DEPRECATED = 3;
    uint8 internal constant SUPERSEDED = 4;

    uint8 internal constant PURPOSES = 64;
    uint256 internal constant MOST_OF_A_PAGE = 1_000;
}
