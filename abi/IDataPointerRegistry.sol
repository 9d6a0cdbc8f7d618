// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.4;

// Made by `cargo xtask abi` from contracts/data-pointer-registry/src/abi.rs: do not edit.

/// Where health data is and what its hash is, who keeps it, and who asked for its key. The data is never here.
/// @dev A custodian registers a pointer to an encrypted record of a person (the subject), with that person's consent or
/// signature. A pointer's id is the leaf that OpenZeppelin's merkle-tree makes of its members: whoever has them can
/// show what the id stood for, also after the pointer was erased. Events carry ids and never a digest, a locator or
/// a commitment to a key, because events cannot be erased. Calldata cannot be erased either: it stays in the
/// chain's history. So never give a locator that says something to a stranger: encrypt the record, and hash a
/// private URL.
/// The contract is behind an ERC-1967 proxy.
/// @custom:storage-location erc7201:consilium.storage.DataPointerRegistry
/// @custom:constructor Runs once, for whoever calls it first: call it in the deploying transaction.
/// initialAuthority: the access manager that says who may call the restricted functions; it has code.
/// consent: the contract that is asked what subjects permit.
/// storePurpose: the purpose that a subject permits where a custodian may register pointers.
/// answerWithin: in how many seconds a custodian has to answer a request.
/// encryptions: the codes of the first encryptions, in ASCII with zeros behind; they count from 1.
/// reverts: AccessManagedInvalidAuthority if the authority has no code; UUPSUnauthorizedCallContext if it runs at the
/// implementation, and not at a proxy; RegistryInvalidConsent if the consent does not say that it answers `isPermitted`
/// (ERC-165); RegistryInvalidPurpose if the purpose is above 63.
interface IDataPointerRegistry {
    // constructor(address initialAuthority, address consent, uint8 storePurpose, uint32 answerWithin, bytes32[] memory encryptions);

    /// A pointer to an encrypted record.
    /// @dev `digest` is that of the ciphertext, by the hash `hashCode`. The kind of the locator is 1 for a CIDv1 with
    /// the same hash, whose codec is `locatorCodec` and whose `locator` is zero; 2 for a CIDv1 with another
    /// sha2-256 digest, which is `locator`; 3 for an Arweave id; 4 for the keccak-256 of a private URL.
    /// `encryption` is a number of the table of encryptions. `keyCommitment` commits to the key and hides it, by a
    /// random salt: so nobody guesses the members from the id. `previous` is the pointer that this one supersedes,
    /// or zero.
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

    /// Where the list of a batch is: as the same members of a pointer.
    struct Manifest {
        uint64 hashCode;
        bytes32 digest;
        uint8 locatorKind;
        uint64 locatorCodec;
        bytes32 locator;
    }

    /// What is known of a pointer. Its state is 1 registered, 2 superseded, 3 erased, 4 refused before it was
    /// registered. The custodian is the one that has it now.
    struct Status {
        uint8 state;
        address subject;
        address custodian;
        uint8 dataClass;
        uint32 schema;
    }

    /// What a pointer points to.
    struct Contents {
        uint64 hashCode;
        bytes32 digest;
        uint8 locatorKind;
        uint64 locatorCodec;
        bytes32 locator;
        uint16 encryption;
        bytes32 keyCommitment;
    }

    /// A request for access, as `requestAccess` has it.
    struct Request {
        bytes32 id;
        uint8 purpose;
        address onBehalfOf;
        bytes32 encryptionKey;
    }

    /// Who signed, and how.
    struct Signed {
        bytes signer;
        uint256 nonce;
        uint48 deadline;
        address relayer;
        bytes signature;
    }

    /// A schema. Its state is 1 proposed, 2 active, 3 deprecated, 4 superseded.
    struct Schema {
        uint8 state;
        uint8 dataClass;
        uint32 version;
        uint48 sunset;
        uint32 successor;
        bytes32 url;
        bytes32 content;
    }

    /// A pointer was registered: by itself (`batch` 0), or one of a batch. `reason` is the consent's, 0 for a
    /// signature. If `previous` is not zero, that pointer is superseded.
    event PointerRegistered(bytes32 indexed id, address indexed subject, address indexed custodian, uint8 dataClass, uint32 schema, bytes32 previous, uint32 batch, uint8 reason);

    /// A pointer was erased.
    event PointerErased(bytes32 indexed id, address indexed subject, address indexed custodian, uint8 dataClass, uint32 schema, address by);

    /// A subject refused a pointer that was never registered.
    event PointerRefused(bytes32 indexed id, address indexed subject, address indexed custodian, uint8 dataClass, uint32 schema);

    /// A custodian published a root, its `version` of this batch. `batch` has the manifest, until it is cleared.
    event RootPublished(address indexed custodian, uint32 indexed batch, uint32 version, bytes32 root, uint64 count);

    /// A batch's manifest was cleared.
    event ManifestCleared(address indexed custodian, uint32 indexed batch);

    /// An actor asks a custodian for the key of a record, wrapped for `encryptionKey`, until the second `dueBy`.
    event AccessRequested(bytes32 indexed id, address indexed custodian, address indexed actor, bytes32 requestId, address onBehalfOf, uint8 purpose, bytes32 encryptionKey, uint48 dueBy);

    /// A request of many was skipped, because of what it would have reverted with.
    event AccessSkipped(bytes32 indexed id, address indexed actor, bytes reason);

    /// A custodian has answered a request.
    event KeyDelivered(bytes32 indexed id, bytes32 indexed requestId, address indexed custodian, bytes32 wrappedKeyHash);

    /// A custodian has declined a request, for the consent's `reason`.
    event KeyDeclined(bytes32 indexed id, bytes32 indexed requestId, address indexed custodian, uint8 reason);

    /// A custodian did not answer a request in time.
    event AnswerOverdue(bytes32 indexed id, bytes32 indexed requestId, address indexed custodian);

    /// A pointer is offered to another custodian; to nobody if `to` is zero.
    event CustodyOffered(bytes32 indexed id, address indexed from, address indexed to);

    /// A pointer has another custodian.
    event CustodyTransferred(bytes32 indexed id, address indexed from, address indexed to);

    /// A custodian was admitted; removed if `until` is 0.
    event CustodianAdmitted(address indexed account, uint24 indexed number, uint48 until);

    /// A schema was proposed.
    event SchemaProposed(uint32 indexed number, address indexed proposer, uint8 indexed dataClass, bytes32 url, uint32 version, bytes32 content);

    /// Pointers can be registered under a schema.
    event SchemaActivated(uint32 indexed number);

    /// Nothing is registered under a schema from the second `sunset` on.
    event SchemaDeprecated(uint32 indexed number, uint48 sunset);

    /// A schema replaces another one.
    event SchemaSuperseded(uint32 indexed number, uint32 indexed successor);

    /// The constructor set whom to ask.
    event ConsentSet(address consent);

    /// There is another purpose of storing.
    event StorePurposeSet(uint8 purpose);

    /// There is another time to answer, in seconds.
    event AnswerWithinSet(uint32 period);

    /// A number of an encryption means something else.
    event EncryptionSet(uint16 indexed number, bytes32 code);

    /// The first message of a passkey pinned the site that it is used at.
    event SitePinned(address indexed key, bytes16 site);

    /// The contract obeys another authority.
    event AuthorityUpdated(address authority);

    /// The contract runs this code from now on.
    event Upgraded(address indexed implementation);

    /// Declared by ERC-5267; a domain that never changes is never logged.
    event EIP712DomainChanged();

    /// The account may not do this.
    error RegistryUnauthorized(address account);

    /// The account is no custodian, or its admission has ended.
    error RegistryNotAdmitted(address account);

    /// The digest is zero, or the hash is not one that can be used.
    error RegistryInvalidDigest(uint64 hashCode);

    /// The kind is unknown, the codec does not fit it, or a locator is missing or too many.
    error RegistryInvalidLocator(uint8 kind, uint64 codec);

    /// The commitment to the key is zero.
    error RegistryInvalidKeyCommitment();

    /// The number has no code.
    error RegistryUnknownEncryption(uint16 number);

    /// Nothing is registered under this schema, or it is of another class.
    error RegistrySchemaNotInUse(uint32 number, uint8 dataClass);

    /// The pointer was registered, and perhaps erased; or it was refused.
    error RegistryPointerExists(bytes32 id);

    /// The pointer was not registered, or was erased.
    error RegistryNoSuchPointer(bytes32 id);

    /// Another pointer superseded it.
    error RegistrySuperseded(bytes32 id);

    /// The pointer before it cannot be superseded by it.
    error RegistryInvalidPrevious(bytes32 previous);

    /// The consent does not let the custodian store this: its reason, and the provision that decided.
    error RegistrationRefused(uint8 reason, address grantee, uint32 number);

    /// The consent does not permit this access: its reason, and the provision that decided.
    error AccessRefused(uint8 reason, address grantee, uint32 number);

    /// A key of zero, or of small order, is nobody's.
    error RegistryInvalidEncryptionKey();

    /// The same was asked at this second.
    error RegistryRequestExists(bytes32 requestId);

    /// There is no such request for this pointer.
    error RegistryNoSuchRequest(bytes32 requestId);

    /// The request was answered or declined.
    error RegistryAlreadyDelivered(bytes32 requestId);

    /// The consent still permits the request.
    error RegistryStillPermitted(bytes32 requestId);

    /// The answer is due by the second `dueBy`, or came, or was declined or counted.
    error RegistryNotOverdue(bytes32 requestId, uint48 dueBy);

    /// The pointer is not offered to the account.
    error RegistryNoOffer(bytes32 id, address account);

    /// The root or the count is zero.
    error RegistryInvalidRoot();

    /// The custodian has no such batch.
    error RegistryNoSuchBatch(address custodian, uint32 batch);

    /// The batch has `count` pointers, and never fewer.
    error RegistryShrunkBatch(uint32 batch, uint64 count);

    /// The proof does not lead from the pointer to the batch's root, or the root is of an earlier admission.
    error RegistryInvalidProof(bytes32 id);

    /// The schema is in another state: see the function.
    error RegistryInvalidSchema(uint32 number);

    /// There is no such purpose.
    error RegistryInvalidPurpose(uint8 purpose);

    /// It is no consent contract.
    error RegistryInvalidConsent(address consent);

    /// The signature was good until the second `deadline`.
    error RegistryExpiredSignature(uint48 deadline);

    /// Only `relayer` may bring this message.
    error RegistryWrongRelayer(address relayer);

    /// The signer is not the subject's key or the actor, did not sign this, or signed at another site.
    error RegistryInvalidSignature(address signer);

    /// The authority does not let the caller pass.
    error AccessManagedUnauthorized(address caller);

    /// The caller has to schedule the call. Declared by IAccessManaged and never raised: the authority says what is
    /// wrong with an operation.
    error AccessManagedRequiredDelay(address caller, uint32 delay);

    /// An authority has code.
    error AccessManagedInvalidAuthority(address authority);

    /// It is called at the implementation where a proxy is needed, or the other way round.
    error UUPSUnauthorizedCallContext();

    /// The new implementation expects its address in another slot.
    error UUPSUnsupportedProxiableUUID(bytes32 slot);

    /// The new implementation is no upgradeable contract, or it cannot run.
    error ERC1967InvalidImplementation(address implementation);

    /// Ether was sent, and nothing is called that could take it.
    error ERC1967NonPayable();

    /// The call after the upgrade failed without a reason.
    error FailedCall();

    /// What was called has no code. Declared by Address and never raised: an implementation has code.
    error AddressEmptyCode(address target);

    /// The nonce is not the account's next one.
    error InvalidAccountNonce(address account, uint256 currentNonce);

    /// Registers a pointer of the caller, an admitted custodian. The consent must permit the custodian the
    /// pointer's class for the purpose of storing, by a provision of the subject (1), or because the custodian is
    /// the subject (2). An emergency is not enough: it opens data, and lets nobody register. Logs
    /// PointerRegistered.
    /// @param pointer its custodian is the caller. If it names a pointer before it, that one is superseded
    /// @return id of the pointer
    /// @custom:reverts RegistryUnauthorized if the pointer names another custodian;
    /// RegistryNotAdmitted if the caller is no custodian, or its admission has ended;
    /// RegistryInvalidDigest if the digest is zero, or the hash is none of sha2-256 (0x12), blake3 (0x1e), keccak-256
    /// (0x1b) and blake2b-256 (0xb220);
    /// RegistryInvalidLocator if the kind is unknown; a locator is where none belongs, or is missing; or the codec is
    /// none of raw (0x55), dag-pb (0x70) and dag-cbor (0x71), or not 0 where there is no CID;
    /// RegistryInvalidKeyCommitment if the commitment to the key is zero;
    /// RegistryUnknownEncryption if the number of the encryption has no code;
    /// RegistrySchemaNotInUse if the schema is neither active nor deprecated with a sunset that is still to come, or is
    /// of another class;
    /// RegistryPointerExists if it was ever registered, also if it was erased; or was refused;
    /// RegistryInvalidPrevious if the pointer before it is not registered, was superseded or erased, or is of another
    /// subject, custodian or class;
    /// RegistrationRefused with the consent's reason
    /// @custom:access an admitted custodian, with the subject's consent
    function register(Pointer calldata pointer) external returns (bytes32 id);

    /// As `register`, with the subject's signature in place of its consent.
    /// @dev The typed data (EIP-712) is `Register`, with the pointer's members and then `uint256 nonce,uint48
    /// deadline,address relayer`. The signer is whom the consent names by `keyOf(subject)`: an account, which signs
    /// by its key or by ERC-1271; a passkey; or an ERC-7913 verifier and its key, as in the consent. A passkey must
    /// be used at the site that the consent has pinned; where it has none, the first message here pins the site
    /// here, and logs SitePinned.
    /// @custom:reverts as `register`, except for RegistrationRefused;
    /// RegistryExpiredSignature after the deadline;
    /// RegistryWrongRelayer if another relayer is named;
    /// InvalidAccountNonce if the nonce is not the signer's next under its key;
    /// RegistryInvalidSignature if the signer is not the subject's key, did not sign this, or signed at another site
    /// @custom:access an admitted custodian, with the subject's signature
    function registerSigned(Pointer calldata pointer, Signed calldata signed) external returns (bytes32 id);

    /// Erases a pointer: digest, locator and commitment to the key leave the storage, and so does an offer. What stays
    /// is who was the subject and the custodian, class and schema, who erased it and when; its successor, its place
    /// in `pointersOf`, and who asked for its key. Logs PointerErased.
    /// @custom:reverts RegistryNoSuchPointer if it is not registered, or was erased;
    /// RegistryUnauthorized if the caller is neither its custodian nor its subject's key
    /// @custom:access the pointer's custodian, or its subject's key
    function erase(bytes32 id) external;

    /// As `erase`, by the signature of the subject's key, for whoever brings it. The typed data is
    /// `Erase(bytes32 id,uint256 nonce,uint48 deadline,address relayer)`.
    /// @custom:reverts RegistryNoSuchPointer as `erase`;
    /// RegistryExpiredSignature as `registerSigned`;
    /// RegistryWrongRelayer as `registerSigned`;
    /// InvalidAccountNonce as `registerSigned`;
    /// RegistryInvalidSignature as `registerSigned`
    /// @custom:access anyone
    function eraseSigned(bytes32 id, Signed calldata signed) external;

    /// Refuses a pointer that was never registered: it never will be, neither from a batch nor by itself. What
    /// stays is the same as of an erased pointer. The pointer is in the calldata, which cannot be erased. Logs
    /// PointerRefused.
    /// @custom:reverts RegistryInvalidDigest as `register`;
    /// RegistryInvalidLocator as `register`;
    /// RegistryInvalidKeyCommitment as `register`;
    /// RegistryNotAdmitted if the custodian that it names was never admitted;
    /// RegistryPointerExists if it was registered: `erase` it; or was erased or refused;
    /// RegistryUnauthorized if the caller is not its subject's key
    /// @custom:access the pointer's subject's key
    function refusePointer(Pointer calldata pointer) external;

    /// As `refusePointer`, by the signature of the subject's key, for whoever brings it. The typed data is
    /// `Refuse(bytes32 id,uint256 nonce,uint48 deadline,address relayer)`.
    /// @custom:reverts as `refusePointer`, except for RegistryUnauthorized;
    /// RegistryExpiredSignature as `registerSigned`;
    /// RegistryWrongRelayer as `registerSigned`;
    /// InvalidAccountNonce as `registerSigned`;
    /// RegistryInvalidSignature as `registerSigned`
    /// @custom:access anyone
    function refusePointerSigned(Pointer calldata pointer, Signed calldata signed) external;

    /// Several calls of this contract in one, all or none of them.
    /// @custom:reverts AccessManagedUnauthorized if the caller is the authority;
    /// what the first call that fails reverts with; FailedCall if that is nothing;
    /// FailedCall at a call of `upgradeToAndCall`: what follows it would run the old code
    /// @custom:access anyone
    function multicall(bytes[] calldata data) external returns (bytes[] memory results);

    /// Publishes a Merkle root of pointers of the caller, an admitted custodian. The tree is one of
    /// OpenZeppelin's merkle-tree (StandardMerkleTree); its leaves are the pointers' ids. Logs RootPublished.
    /// @param batch 0 opens a new batch of the caller; another number replaces that batch's root
    /// @param manifest where the list of the pointers is
    /// @param count how many pointers there are, by the custodian's word; never fewer than before
    /// @return number of the batch among the caller's, from 1
    /// @custom:reverts RegistryNotAdmitted if the caller is no custodian, or its admission has ended;
    /// RegistryNoSuchBatch if the caller has no such batch;
    /// RegistryInvalidRoot if the root or the count is zero;
    /// RegistryShrunkBatch if the count is less than before;
    /// RegistryInvalidDigest as `register`, of the manifest;
    /// RegistryInvalidLocator as `register`, of the manifest
    /// @custom:access an admitted custodian, for itself
    function publishRoot(uint32 batch, bytes32 root, Manifest calldata manifest, uint64 count) external returns (uint32 number);

    /// Clears digest and locator of a batch's manifest. The root stays: it proves. Logs ManifestCleared.
    /// @custom:reverts RegistryNoSuchBatch if the caller has no such batch
    /// @custom:access a custodian, for itself
    function clearManifest(uint32 batch) external;

    /// Registers a pointer of a batch by its proof, for whoever brings it. All of `register` is asked now, the
    /// subject's consent too. Its contents are not copied into the storage: the id proves them, and the batch's
    /// manifest has them. Logs PointerRegistered.
    /// @param batch of the pointer's custodian
    /// @custom:reverts RegistryInvalidProof if the proof does not lead from the pointer to the batch's root, or the
    /// root was published before the custodian's admission ended and began again;
    /// as `register`, for the pointer's custodian
    /// @custom:access anyone
    function individualize(Pointer calldata pointer, uint32 batch, bytes32[] calldata proof) external returns (bytes32 id);

    /// Asks a pointer's custodian for the key of its record. The consent is asked whether the caller may, and
    /// records the access. Logs AccessRequested, which a custodian's gateway waits for.
    /// @param onBehalfOf the organisation that the caller acts for; zero for nobody else
    /// @param encryptionKey the caller's public X25519 key, for which the record's key is to be wrapped
    /// @return requestId a hash of the request and its time
    /// @custom:reverts RegistryNoSuchPointer if it is not registered, or was erased;
    /// RegistryInvalidEncryptionKey if the key is zero or of small order: nobody can wrap for it;
    /// RegistryRequestExists if the same was asked at this very second;
    /// AccessRefused with the consent's reason; then nothing is recorded;
    /// AccessManagedUnauthorized if this contract may not record in the consent
    /// @custom:access anyone
    /// @custom:reentrant the request is stored before the consent is called
    function requestAccess(bytes32 id, uint8 purpose, address onBehalfOf, bytes32 encryptionKey) external returns (bytes32 requestId);

    /// As `requestAccess`, for many. One that would be refused is skipped and logged as AccessSkipped; nothing of
    /// it is recorded in the consent.
    /// @return requestIds zero for a request that was skipped
    /// @custom:reverts what the consent reverts with: it does not answer
    /// @custom:access anyone
    /// @custom:reentrant each request is stored before the consent is called
    function requestAccessMany(Request[] calldata requests) external returns (bytes32[] memory requestIds);

    /// As `requestAccess`, in the name of `actor`, by its signature, for whoever brings it. `multicall` takes
    /// several, all or none of them. The typed data is `RequestAccess(address actor,bytes32 id,uint8
    /// purpose,address onBehalfOf,bytes32 encryptionKey,uint256 nonce,uint48 deadline,address relayer)`. Whoever
    /// relays several names itself as their relayer: else a stranger who brings one of them first sinks the others.
    /// The actor signs itself, by one of the ways of `registerSigned`: the signer's address is the actor's. A refused
    /// request leaves the nonce
    /// unused, so it can be brought again until its deadline.
    /// @custom:reverts as `requestAccess`, of the actor;
    /// RegistryExpiredSignature as `registerSigned`;
    /// RegistryWrongRelayer as `registerSigned`;
    /// InvalidAccountNonce as `registerSigned`;
    /// RegistryInvalidSignature if the signer is not the actor, did not sign this, or signed at another site
    /// @custom:access anyone
    /// @custom:reentrant the request is stored, and the nonce used up, before the consent is called
    function requestAccessSigned(Request calldata request, address actor, Signed calldata signed) external returns (bytes32 requestId);

    /// Records that the pointer's custodian has answered a request, or the one that was asked before a hand-over.
    /// The consent is not asked: a custodian asks it once more before it wraps a key, and declines what is not
    /// permitted any more. A late answer counts as overdue, once. Logs KeyDelivered, and AnswerOverdue if it is late
    /// and nobody has marked it.
    /// @param wrappedKeyHash the hash of the key as it was wrapped for the actor
    /// @custom:reverts RegistryNoSuchPointer if the pointer is not registered, or was erased;
    /// RegistryUnauthorized if the caller is neither the pointer's custodian, nor the one that was asked;
    /// RegistryNoSuchRequest if there is no such request for this pointer;
    /// RegistryAlreadyDelivered if it was answered or declined
    /// @custom:access the pointer's custodian, or the one that was asked
    function deliverKey(bytes32 id, bytes32 requestId, bytes32 wrappedKeyHash) external;

    /// Declines a request that the consent does not permit any more: it needs no other answer. As a late answer, a
    /// late refusal counts as overdue, once: else a custodian could wait until the permission ends. The request is
    /// named by all that was asked, because the contract stores no more than a hash of it. Logs KeyDeclined, and
    /// AnswerOverdue if it is late and nobody has marked it.
    /// @param askedAt the second of the request
    /// @custom:reverts RegistryNoSuchPointer if the pointer is not registered, or was erased;
    /// RegistryUnauthorized as `deliverKey`;
    /// RegistryNoSuchRequest if there is no such request for this pointer, or it was another one;
    /// RegistryAlreadyDelivered if it was answered or declined;
    /// RegistryStillPermitted if the consent permits it now
    /// @custom:access the pointer's custodian, or the one that was asked
    function declineKey(bytes32 id, bytes32 requestId, uint8 purpose, address onBehalfOf, bytes32 encryptionKey, uint48 askedAt) external;

    /// Counts a request that was not answered in time, once, for the custodian that had the pointer when it was
    /// asked: it answers before it hands over. Logs AnswerOverdue.
    /// @custom:reverts RegistryNoSuchPointer if the pointer was erased;
    /// RegistryNoSuchRequest if there is no such request for this pointer;
    /// RegistryNotOverdue if there still is time, or it was answered, declined or counted
    /// @custom:access anyone
    function markOverdue(bytes32 id, bytes32 requestId) external;

    /// Offers a pointer to another admitted custodian, or withdraws the offer by zero. The offer ends when the
    /// admission of either ends, and when the pointer is superseded or erased. Logs CustodyOffered.
    /// @custom:reverts RegistryNoSuchPointer if it is not registered, or was erased;
    /// RegistrySuperseded if it was superseded;
    /// RegistryUnauthorized if the caller is not its custodian;
    /// RegistryNotAdmitted if the caller's admission or the other's has ended
    /// @custom:access the pointer's custodian
    function offerCustody(bytes32 id, address to) external;

    /// Takes a pointer over that was offered to the caller. The consent must permit the caller to store it, as in
    /// `register`. Logs CustodyTransferred.
    /// @custom:reverts RegistryNoOffer if it is not offered to the caller, or the offer has ended;
    /// RegistrationRefused with the consent's reason
    /// @custom:access the custodian to whom it is offered
    function acceptCustody(bytes32 id) external;

    /// Admits a custodian until a time. 0 removes it at once. It keeps its pointers, can erase and answer, and can
    /// no longer register, publish, offer or take over. Logs CustodianAdmitted.
    /// @custom:access Whom the authority lets pass: those with a delay, after they scheduled it; others get
    /// AccessManagedUnauthorized
    function admitCustodian(address account, uint48 until) external;

    /// Proposes a schema of records of a data class. It means nothing before it is activated. Logs SchemaProposed.
    /// @param url the hash of its canonical URL
    /// @param version its version
    /// @param content the hash of the schema itself
    /// @return number of the schema, from 1
    /// @custom:access anyone
    function proposeSchema(bytes32 url, uint32 version, bytes32 content, uint8 dataClass) external returns (uint32 number);

    /// Activates a proposed schema: pointers can be registered under it. Decide about a number that exists: whoever
    /// proposes first gets the next one. Logs SchemaActivated.
    /// @custom:reverts RegistryInvalidSchema if it was not proposed, or was activated before
    /// @custom:access Whom the authority lets pass: those with a delay, after they scheduled it; others get
    /// AccessManagedUnauthorized
    function activateSchema(uint32 number) external;

    /// Sets the second from which on nothing is registered under an active or deprecated schema. What is registered
    /// stays readable. Logs SchemaDeprecated.
    /// @custom:reverts RegistryInvalidSchema if it is neither active nor deprecated
    /// @custom:access Whom the authority lets pass: those with a delay, after they scheduled it; others get
    /// AccessManagedUnauthorized
    function deprecateSchema(uint32 number, uint48 sunset) external;

    /// Says that an active schema of the same class replaces another one, under which nothing is registered any
    /// more. To leave time, deprecate it first. Logs SchemaSuperseded.
    /// @custom:reverts RegistryInvalidSchema if the old one is neither active nor deprecated, or the new one is not
    /// active, is the old one, or is of another class
    /// @custom:access Whom the authority lets pass: those with a delay, after they scheduled it; others get
    /// AccessManagedUnauthorized
    function supersedeSchema(uint32 number, uint32 successor) external;

    /// Sets the purpose that a subject permits where a custodian may register. Logs StorePurposeSet.
    /// @custom:reverts RegistryInvalidPurpose if it is above 63
    /// @custom:access Whom the authority lets pass: those with a delay, after they scheduled it; others get
    /// AccessManagedUnauthorized
    function setStorePurpose(uint8 purpose) external;

    /// Sets in how many seconds custodians have to answer requests from now on. Logs AnswerWithinSet.
    /// @custom:access Whom the authority lets pass: those with a delay, after they scheduled it; others get
    /// AccessManagedUnauthorized
    function setAnswerWithin(uint32 period) external;

    /// Says what a number of an encryption means; zero takes the number out of use. Logs EncryptionSet.
    /// @param number from 1
    /// @param code the code in ASCII, zeros behind it
    /// @custom:reverts RegistryUnknownEncryption if the number is 0
    /// @custom:access Whom the authority lets pass: those with a delay, after they scheduled it; others get
    /// AccessManagedUnauthorized
    function setEncryption(uint16 number, bytes32 code) external;

    /// The id of a pointer: keccak256(keccak256(abi.encode(pointer))).
    function idOf(Pointer calldata pointer) external pure returns (bytes32 id);

    /// What is known of a pointer that was registered or refused; its state is 0 if it was neither.
    function status(bytes32 id) external view returns (Status memory status);

    /// The same for a pointer of a batch, whether it was made individual or not: as `status` answers, or would
    /// answer once it is. The state is 0 if the proof does not lead to the batch's root, or the pointer is
    /// malformed. Of one that was not made individual this is its custodian's word alone: neither the consent nor
    /// the schema is asked.
    function statusOf(Pointer calldata pointer, uint32 batch, bytes32[] calldata proof) external view returns (bytes32 id, Status memory status);

    /// What a pointer that was registered by itself points to. Zeros for one that was erased, and for one of a
    /// batch, whose manifest has it.
    function contents(bytes32 id) external view returns (Contents memory contents);

    /// The ids of a subject's pointers that were registered, from a batch or by themselves, in their order, also of
    /// those that were superseded or erased: at most `limit` from place `start` on, which counts from 0, and at
    /// most 1,000. Refused ones are not among them.
    function pointersOf(address subject, uint256 start, uint256 limit) external view returns (bytes32[] memory ids);

    /// How many pointers of a subject were registered.
    function pointerCount(address subject) external view returns (uint256);

    /// The pointer that superseded this one; zero if none did.
    function successor(bytes32 id) external view returns (bytes32);

    /// Who erased or refused a pointer, and when; zeros if nobody did.
    function tombstone(bytes32 id) external view returns (address by, uint48 erasedAt);

    /// To whom a pointer is offered; zero for nobody, also where an offer has ended.
    function custodyOffer(bytes32 id) external view returns (address to);

    /// A custodian: its number, from 1; until when it is admitted; how many batches it has opened, and how many
    /// answers were overdue.
    function custodian(address account) external view returns (uint24 number, uint48 until, uint32 batches, uint32 overdue);

    /// The accounts of custodians by their numbers, also of those whose admission has ended: at most `limit` from
    /// place `start` on, which counts from 0, and at most 1,000.
    function custodians(uint256 start, uint256 limit) external view returns (address[] memory accounts);

    /// How many custodians were ever admitted.
    function custodianCount() external view returns (uint256);

    /// How many answers of a custodian were overdue.
    function overdue(address custodian) external view returns (uint32);

    /// A batch of a custodian: its root, how many pointers there are, how often a root was published, and the
    /// manifest, whose members are zero if it was cleared.
    function batch(address custodian, uint32 batch) external view returns (bytes32 root, uint64 count, uint32 version, Manifest memory manifest);

    /// A request for a pointer: who asked, until when the answer is due, whether it came, whether it was overdue,
    /// and whether it was declined. Zeros if there is none.
    function accessRequest(bytes32 id, bytes32 requestId) external view returns (address actor, uint48 dueBy, bool delivered, bool overdue, bool declined);

    /// A schema; its state is 0 if there is none.
    function schema(uint32 number) external view returns (Schema memory schema);

    /// How many schemas were proposed.
    function schemaCount() external view returns (uint32);

    /// The contract that is asked what subjects permit.
    function consent() external view returns (address);

    /// The purpose of storing.
    function storePurpose() external view returns (uint8);

    /// In how many seconds a request has to be answered.
    function answerWithin() external view returns (uint32);

    /// What a number of an encryption means; zero if nothing was said.
    function encryption(uint16 number) external view returns (bytes32 code);

    /// The first 16 bytes of the hash of the site (rpIdHash) that a passkey is pinned to here; zero if it was
    /// pinned by the consent, or not at all.
    function pinnedSite(address key) external view returns (bytes16);

    /// Whether the contract has an interface (ERC-165): AccessManaged, ERC-5267, ERC-165 itself.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);

    /// The contract that says who may call the restricted functions.
    function authority() external view returns (address);

    /// Obeys another authority from now on. Logs AuthorityUpdated.
    /// @custom:reverts AccessManagedInvalidAuthority if it has no code
    /// @custom:access The authority; others get AccessManagedUnauthorized
    function setAuthority(address newAuthority) external;

    /// Its own selector while the authority consumes a scheduled operation for this contract; else zero.
    function isConsumingScheduledOp() external view returns (bytes4);

    /// The version of this interface: "5.0.0", where `upgradeToAndCall` is the only way to upgrade.
    function UPGRADE_INTERFACE_VERSION() external view returns (string memory);

    /// The slot that an implementation expects its address in (ERC-1822). Only the implementation itself answers: a
    /// proxy that took another proxy for its implementation could never be upgraded again.
    /// @custom:reverts UUPSUnauthorizedCallContext if it is called at a proxy
    function proxiableUUID() external view returns (bytes32);

    /// Replaces the contract's code, then calls `data` on the new code, if there is any. Logs Upgraded.
    /// @param newImplementation a Stylus program that is active, or an EVM contract, that is upgradeable too
    /// @param data what is called on the contract afterwards, with the ether sent along; empty for no call
    /// @custom:reverts UUPSUnauthorizedCallContext if it is called at the implementation, and not at a proxy;
    /// ERC1967InvalidImplementation if it does not answer `proxiableUUID`;
    /// UUPSUnsupportedProxiableUUID if it answers with another slot;
    /// ERC1967NonPayable if ether is sent and `data` is empty;
    /// FailedCall if the call fails without a reason;
    /// what the call of `data` reverts with
    /// @custom:access Whom the authority lets pass, at a proxy and not at its implementation: those with a delay, after
    /// they scheduled it; others get AccessManagedUnauthorized
    /// @custom:reentrant everything is written and logged before the call; a contract that pays others refuses it
    function upgradeToAndCall(address newImplementation, bytes calldata data) external payable;

    /// The EIP-712 domain that is signed in: name, version, chain id and this contract (ERC-5267).
    function eip712Domain() external view returns (bytes1 fields, string memory name, string memory version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] memory extensions);

    /// The next nonce of `owner`.
    function nonces(address owner) external view returns (uint256);

    /// The next nonce of `owner` under `key`: the key in the top 192 bits, the count in the low 64.
    function nonces(address owner, uint192 key) external view returns (uint256);
}
