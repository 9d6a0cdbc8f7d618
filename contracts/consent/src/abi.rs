//! The interface, in the words of HL7 FHIR's Consent: grantor, grantee, provision, purpose of use.
//!
//! Times are in seconds since 1970 as `block.timestamp` reads. A data class is a number from 0 to 255, a purpose one from 0
//! to 63; masks have the bit of that number. Classes from 192 on are the sensitive categories. Nothing about a person is
//! here: addresses are pseudonyms, all else is hashes and codes.

use consilium_abi::sol_abi;
use consilium_components::access_managed::{AccessManaged, ObeysAuthority};
use consilium_components::eip712::Eip712;
use consilium_components::nonces::{KeyedNonces, Nonces};
use consilium_components::upgradeable::{Upgradeable, Upgrades};

use crate::Consent;

sol_abi! {
    /// Who may see which health data for which purpose: patients decide, and any contract asks.
    ///
    /// A patient (the grantor) permits or denies a grantee some data classes for some purposes, for a time. A deny beats
    /// every permit, and nothing is permitted without a permit: FHIR's rule for one level of provisions. The DAO's policy
    /// limits what a permit can do, also of permits that were given before.
    ///
    /// The contract is behind an ERC-1967 proxy.
    /// @custom:storage-location erc7201:consilium.storage.Consent
    interface IConsent for Consent is AccessManaged, Upgradeable, Eip712, Nonces, KeyedNonces {
        /// Runs once, for whoever calls it first: call it in the deploying transaction.
        /// @param initialAuthority the access manager that says who may call the restricted functions; it has code
        /// @param policy the first policy, version 1
        /// @param longest the longest time of a permit by purpose, in days
        /// @param codes what the numbers of the tables mean, run by run
        /// @custom:reverts UUPSUnauthorizedCallContext if it runs at the implementation, and not at a proxy
        /// @custom:reverts AccessManagedInvalidAuthority if the authority has no code
        /// @custom:reverts ConsentInvalidPolicy if a time or a number of the policy is out of range
        /// @custom:reverts ConsentInvalidCode if there is no such table, or no such number in it
        constructor(address initialAuthority, Policy policy, uint16[64] longest, Codes[] codes) => initialize;

        // ---------------------------------------------------------------------------------------- the question

        /// May `actor` see data of a class of `grantor` for a purpose, now?
        ///
        /// The provisions that count are those for the actor, for the organisation it acts for, and for the roles that
        /// either of them has. One that denies decides; otherwise one that permits does.
        /// @param onBehalfOf the organisation that the actor acts for, which must be admitted and have the actor as a
        /// member; zero, or the actor, for nobody else
        /// @return permitted the answer
        /// @return reason why. Permitted: 1 a provision permits, 2 the actor is the grantor, 3 an emergency was declared.
        /// Refused: 16 no provision permits; 17 one that would has not begun, 18 has ended, 19 is older than policy lets
        /// it be, 20 names other things too where policy asks for a consent of its own (the highest that applies); 21 a
        /// provision denies; 22 the actor is no member, 23 the organisation is not admitted, 24 policy refuses its
        /// jurisdiction
        /// @return grantee of the provision that decided; zero if none did
        /// @return number of that provision
        function isPermitted(address grantor, address actor, address onBehalfOf, uint8 dataClass, uint8 purpose)
            external view returns (bool permitted, uint8 reason, address grantee, uint32 number) => is_permitted;
        /// As `isPermitted`, for many classes at once: the mask of those that are permitted.
        function permittedClasses(
            address grantor, address actor, address onBehalfOf, uint256 classes, uint8 purpose
        ) external view returns (uint256 permitted) => permitted_classes;
        /// As `isPermitted`, for many questions: the reason of each, which is below 16 if it is permitted.
        function arePermitted(Question[] questions) external view returns (uint8[] reasons) => are_permitted;
        /// As `isPermitted`, with all that a person wants to know about the answer.
        function explain(address grantor, address actor, address onBehalfOf, uint8 dataClass, uint8 purpose)
            external view returns (Explanation explanation) => explain;

        // -------------------------------------------------------------------------------------- the grantor acts

        /// Adds a provision. At most 16 of one grantor for one grantee are in force, and those of one grantor name at most
        /// 8 roles. Logs ConsentGranted.
        /// @return number of the provision among those of this grantor for this grantee, from 1; never used again
        /// @custom:reverts ConsentUnauthorized if the caller is not the grantor's key, and not a representative whose
        /// scope covers the provision
        /// @custom:reverts ConsentInvalidProvision if the grantee is zero or the grantor, no class or no purpose is
        /// named, or it ends before it begins or before now, or after 2^40 seconds
        /// @custom:reverts ConsentTooManyProvisions if there are 16, or it names a ninth role
        function grant(address grantor, Provision provision) external
            by "the grantor, or a representative in its scope" returns (uint32 number) => grant;
        /// Replaces a provision, which keeps its number. Logs ConsentAmended.
        /// @param provision the new one; its grantee is the old one's
        /// @custom:reverts as `grant`, where a representative's scope must cover the old provision too
        /// @custom:reverts ConsentNoSuchProvision if it does not exist or was revoked
        function amend(address grantor, uint32 number, Provision provision) external
            by "the grantor, or a representative in its scope" => amend;
        /// Revokes a provision. Logs ConsentRevoked.
        /// @custom:reverts ConsentUnauthorized as `grant`
        /// @custom:reverts ConsentNoSuchProvision if it does not exist or was revoked
        function revoke(address grantor, address grantee, uint32 number) external
            by "the grantor, or a representative in its scope" => revoke;
        /// Revokes all provisions for one grantee, at the same cost for any number. Logs ConsentsRevoked.
        /// @custom:reverts ConsentUnauthorized if the caller is not the grantor's key, and not a representative for
        /// everything
        function revokeGrantee(address grantor, address grantee) external
            by "the grantor, or a representative for everything" => revoke_grantee;
        /// Revokes all provisions, at the same cost for any number. Logs AllConsentsRevoked.
        /// @custom:reverts ConsentUnauthorized as `revokeGrantee`
        function revokeAll(address grantor) external
            by "the grantor, or a representative for everything" => revoke_all;
        /// Lets another account act for the grantor, within a scope and until a time; or ends that. Logs
        /// RepresentativeSet.
        /// @param classes the mask of classes that it may grant and revoke
        /// @param purposes the mask of purposes that it may grant and revoke
        /// @param until the first second at which it no longer may; 0 ends it now
        /// @custom:reverts ConsentUnauthorized if the caller is not the grantor's key
        /// @custom:reverts ConsentAppointedRepresentative if the DAO appointed it
        function setRepresentative(
            address grantor, address representative, uint256 classes, uint64 purposes, uint48 until
        ) external by "the grantor" => set_representative;
        /// Names who may move the grantor's consents to a new key: a second passkey, or a person. Zero for nobody. A
        /// recovery that is under way is cancelled. Logs RecoverySet.
        /// @custom:reverts ConsentUnauthorized if the caller is not the grantor's key
        function setRecovery(address grantor, address recoverer) external by "the grantor" => set_recovery;
        /// Begins to move the grantor's consents to a new key. It ends after the policy's delay, unless the grantor's
        /// key vetoes it. Logs RecoveryStarted.
        /// @custom:reverts ConsentUnauthorized if the caller is not the recoverer
        /// @custom:reverts ConsentInvalidKey if the new key is zero
        function startRecovery(address grantor, address newKey) external by "the recoverer" => start_recovery;
        /// Stops a recovery. Logs RecoveryVetoed.
        /// @custom:reverts ConsentUnauthorized if the caller is not the grantor's key
        /// @custom:reverts ConsentNoRecovery if none is under way
        function vetoRecovery(address grantor) external by "the grantor" => veto_recovery;
        /// Ends a recovery: from now on the new key is the grantor's. Representatives that the old key named count no
        /// longer; those that the DAO appointed stay. Logs KeyReplaced.
        /// @custom:reverts ConsentNoRecovery if none is under way
        /// @custom:reverts ConsentRecoveryNotReady before its time
        function finishRecovery(address grantor) external => finish_recovery;
        /// Several calls of this contract in one, all or none of them.
        /// @custom:reverts AccessManagedUnauthorized if the caller is the authority
        /// @custom:reverts what the first call that fails reverts with; FailedCall if that is nothing
        /// @custom:reverts FailedCall at a call of `upgradeToAndCall`: what follows it would run the old code
        function multicall(bytes[] data) external returns (bytes[] results) => multicall;

        // ------------------------------------------------------------------------------------------ by signature

        /// Performs what a signer signed (EIP-712), for whoever brings it. The act is the calldata of one of the
        /// functions above, from `grant` to `vetoRecovery`, and the signer is taken for its caller.
        ///
        /// The typed data has the function's name with a capital letter, its parameters without structs, and then
        /// `uint256 nonce,uint48 deadline,address relayer`. A signer is 20 bytes: an account, which signs by its key or
        /// by ERC-1271; or 64 bytes: a passkey's public key, whose signature is OpenZeppelin's `WebAuthnAuth`; or an
        /// ERC-7913 verifier and its key. The account of what is not an account is the last 20 bytes of the keccak-256
        /// of the signer. The first message of a passkey pins the site (rpIdHash) that all later ones must be from. A
        /// wallet or a verifier gets at most 1,000,000 gas.
        /// @custom:reverts ConsentExpiredSignature after the deadline
        /// @custom:reverts ConsentWrongRelayer if another relayer is named
        /// @custom:reverts InvalidAccountNonce if the nonce is not the signer's next under its key
        /// @custom:reverts ConsentInvalidAct if the act is no such calldata
        /// @custom:reverts ConsentInvalidSignature if the signer did not sign it, or from another site
        /// @custom:reverts what the act reverts with
        function act(SignedAct signed) external => act;
        /// As `act`, for many. One that fails is skipped and logged as ActSkipped; the others are performed.
        /// @return done whether each was performed
        function relay(SignedAct[] signed) external returns (bool[] done) => relay;

        // ------------------------------------------------------------------------------- organisations and roles

        /// Sets until when a member acts for the caller, an organisation. 0 ends it now, and bars the member from the
        /// current list. Any other time does not bar it: when that is over, the list counts again. Logs MemberSet.
        function setMember(address member, uint48 until) external by "an organisation, for itself" => set_member;
        /// Publishes the caller's list of members as a Merkle root, in place of the list before, whose members count no
        /// longer. Members set one by one stay. A leaf is a member and its `until`, as OpenZeppelin's merkle-tree makes
        /// them of `["address", "uint48"]`. Logs MembersPublished.
        function setMembers(bytes32 root) external by "an organisation, for itself" => set_members;
        /// Proves that a member is on an organisation's list; from then on it counts as a member. Logs MemberSet.
        /// @custom:reverts ConsentInvalidProof if it is not, was barred, its time is over, or the organisation set it one
        /// by one, until a time that is not over
        function proveMember(address organization, address member, uint48 until, bytes32[] proof) external
            => prove_member;
        /// Admits an organisation until a time. One that is not in the future removes it at once, and its members with it.
        /// From then on its own account is asked as an organisation too: removed, it is refused. Admitted again after a
        /// removal, it has no members and no list: what it set before or meanwhile counts no longer. What it set before an
        /// end that came by itself does. Logs OrganizationSet.
        /// @custom:reverts ConsentInvalidCode if the jurisdiction is above 31
        function setOrganization(address organization, uint48 until, uint8 jurisdiction) external restricted
            => set_organization;
        /// Gives an account a role until a time; 0 takes it. Grantors can name the role as a grantee. Logs RoleSet.
        /// @custom:reverts ConsentInvalidCode if the role is above 31
        function setRole(uint8 role, address account, uint48 until) external restricted => set_role;
        /// Appoints a representative for one who cannot sign, or ends that. Logs RepresentativeSet.
        function appointRepresentative(
            address grantor, address representative, uint256 classes, uint64 purposes, uint48 until
        ) external restricted => appoint_representative;

        // ------------------------------------------------------------------------------------------------ policy

        /// Sets the policy, which applies at once, also to provisions that are there. What an emergency has opened stays
        /// open until its time, but for purposes and classes that are closed now; a recovery under way keeps its time. Logs
        /// PolicySet.
        /// @param longest the longest time of a permit by purpose, in days; 0 for a purpose that nobody can permit,
        /// 65,535 for no limit
        /// @custom:reverts ConsentInvalidPolicy if a time or a number of it is out of range
        function setPolicy(Policy policy, uint16[64] longest) external restricted => set_policy;
        /// Says what a number of a table means. Logs CodeSet.
        /// @param table 0 data classes, 1 purposes, 2 jurisdictions, 3 reasons of emergencies, 4 roles
        /// @param code the code in ASCII, zeros behind it: as `TREAT`
        /// @custom:reverts ConsentInvalidCode if there is no such table or number
        function setCode(uint8 table, uint8 number, bytes32 code) external restricted => set_code;

        // ------------------------------------------------------------------------------------------- emergencies

        /// Breaks the glass: opens classes of a grantor's data to the caller for a short time, whatever was consented,
        /// for the purposes that policy names. A review is due. Logs EmergencyDeclared.
        /// @param reason a number of the table of reasons
        /// @param statement the hash of what the caller says about it
        /// @custom:reverts ConsentEmergencyRefused if no class is named, or one that policy never opens, or the caller is
        /// the authority: an actor whom it asks to schedule calls this contract itself then, and not by `execute`
        /// @custom:reverts ConsentTooManyEmergencies if the caller has declared too many in the policy's window
        function declareEmergency(address grantor, uint256 classes, uint8 reason, bytes32 statement)
            external restricted returns (uint64 id) => declare_emergency;
        /// Records the verdict of a review, once. An unjustified one ends what the emergency opened, unless a later one
        /// took its place, and is told to the policy's hook, which gets at most 300,000 gas. Logs EmergencyReviewed, and
        /// EmergencyHookFailed if the hook failed or has no code: the verdict stands, and `retryHook` tells it later.
        /// @param statement the hash of the review
        /// @custom:reverts ConsentNoSuchEmergency if there is none, or it was reviewed
        /// @custom:reverts ConsentNotEnoughGas if the hook could not get its gas
        function reviewEmergency(uint64 id, bool justified, bytes32 statement) external restricted
            reentrant "the verdict is stored before the hook is called" => review_emergency;
        /// Tells the policy's hook of an unjustified emergency that a hook was not told of. Logs EmergencyHookTold.
        /// @custom:reverts ConsentNoSuchEmergency if the verdict is another, or a hook was told
        /// @custom:reverts what the hook reverts with
        function retryHook(uint64 id) external
            reentrant "it is marked as told before the hook is called" => retry_hook;

        // -------------------------------------------------------------------------------------------- access log

        /// Asks, and records the access and its answer in the grantor's log: an event, and a hash chain of them. Logs
        /// AccessRecorded. It does not revert where the answer is no: a refusal is recorded too.
        /// @param request what the recorder knows the access by: an id, or a hash
        function record(
            address grantor, address actor, address onBehalfOf, uint8 dataClass, uint8 purpose, bytes32 request
        ) external restricted returns (bool permitted, uint8 reason, address grantee, uint32 number) => record;

        // ------------------------------------------------------------------------------------------------- views

        /// The provisions in force of a grantor for a grantee, of which some may not have begun or have ended.
        function provisions(address grantor, address grantee) external view returns (StoredProvision[]) => provisions;
        /// The account that acts as a grantor: itself, unless its key was replaced.
        function keyOf(address grantor) external view returns (address) => key_of;
        /// Counts a grantor's first provision, and each time that it revoked everything; 0 if it did neither. A first
        /// provision after that is not counted.
        function epoch(address grantor) external view returns (uint32) => epoch;
        /// The first 16 bytes of the hash of the site (rpIdHash) that a passkey is pinned to; zero before its first
        /// message.
        function pinnedSite(address key) external view returns (bytes16) => pinned_site;
        /// The scope of a representative of a grantor, until when, and whether the DAO appointed it. Zero for one that a
        /// key named which was replaced.
        function representative(address grantor, address account)
            external view returns (uint256 classes, uint64 purposes, uint48 until, bool appointed) => representative;
        /// Who may recover a grantor's consents, and the recovery under way: the new key, and when it can be finished;
        /// 0 if none is under way.
        function recovery(address grantor)
            external view returns (address recoverer, address newKey, uint48 readyAt) => recovery;
        /// Until when an organisation is admitted, its jurisdiction, how many lists of members it has published, and the
        /// root of the last one; zero if that was before a removal, or before the admission after it.
        function organization(address account)
            external view returns (uint48 until, uint8 jurisdiction, uint32 list, bytes32 root) => organization;
        /// Until when an account is a member of an organisation; 0 if it is not.
        function memberUntil(address organization, address member) external view returns (uint48) => member_until;
        /// Until when an account has a role; 0 if it has not.
        function roleUntil(uint8 role, address account) external view returns (uint48) => role_until;
        /// The address by which a grantor names a role as grantee.
        /// @custom:reverts ConsentInvalidCode if the role is above 31
        function roleGrantee(uint8 role) external pure returns (address) => role_grantee;
        /// How often the policy was set, the policy, and the longest times of permits in days.
        function policy() external view returns (uint32 version, Policy policy, uint16[64] longest) => policy;
        /// What a number of a table means; zero if nothing was said.
        function code(uint8 table, uint8 number) external view returns (bytes32) => code;
        /// An emergency. Its verdict is 0 for none yet, 1 justified, 2 not.
        function emergency(uint64 id) external view
            returns (address grantor, address actor, uint48 until, uint48 reviewBy, uint8 verdict) => emergency;
        /// What is open to an actor by an emergency.
        function opening(address grantor, address actor)
            external view returns (uint256 classes, uint48 until, uint64 id) => opening;
        /// The end of a grantor's access log: the number of entries, and the hash of the last one and all before it.
        function accessLog(address grantor) external view returns (uint64 count, bytes32 head) => access_log;
        /// Whether the contract has an interface (ERC-165): this one's own part, AccessManaged, ERC-5267.
        function supportsInterface(bytes4 interfaceId) external view returns (bool) => supports_interface;

        // ----------------------------------------------------------------------------------------------- structs

        /// What a grantor permits or denies.
        struct Provision {
            address grantee;
            uint256 classes;
            uint64 purposes;
            bool deny;
            uint48 notBefore;
            uint48 expiry;
            bytes32 document;
        }
        /// A provision that is stored. Its document is in the event alone.
        struct StoredProvision {
            uint32 number;
            uint256 classes;
            uint64 purposes;
            bool deny;
            uint48 notBefore;
            uint48 expiry;
            uint32 policyVersion;
        }
        /// What is signed, by whom, and how.
        struct SignedAct {
            bytes signer;
            bytes act;
            uint256 nonce;
            uint48 deadline;
            address relayer;
            bytes signature;
        }
        /// What `isPermitted` is asked.
        struct Question {
            address grantor;
            address actor;
            address onBehalfOf;
            uint8 dataClass;
            uint8 purpose;
        }
        /// An answer in full: the deciding provision, if any; until when it permits by itself and by policy (0 for
        /// ever); the policy's version now; until when an emergency of the actor is open, 0 if none is. What policy has closed
        /// since is not open, whatever that time.
        struct Explanation {
            bool permitted;
            uint8 reason;
            address grantee;
            StoredProvision provision;
            uint48 permitsUntil;
            uint32 policyVersion;
            uint48 emergencyUntil;
        }
        /// What the DAO decides. Masks of purposes have 64 bits; `separateClasses` has the sensitive classes alone, its
        /// bit 0 is class 192. A permit counts for a separate class only if all its classes are separate ones, and for
        /// a separate purpose only if all its purposes are: a blanket consent does not cover them. `openFor`,
        /// `reviewWithin`, `window` and `recoveryDelay` are in seconds; `openFor` and `window` below 2^24. An actor
        /// may declare `limit` emergencies in a window; a window of 0 limits nothing. `hook` is told of unjustified ones;
        /// zero for nobody.
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
        /// A run of a table: what the numbers from `first` on mean, as `setCode` has it.
        struct Codes {
            uint8 table;
            uint8 first;
            bytes32[] codes;
        }

        // ------------------------------------------------------------------------------------------------ events

        /// A provision was added. `by` is the grantor's key or its representative.
        event ConsentGranted(
            address indexed grantor, address indexed grantee, uint32 indexed number, uint256 classes, uint64 purposes,
            bool deny, uint48 notBefore, uint48 expiry, bytes32 document, uint32 policyVersion, address by
        );
        /// A provision was replaced.
        event ConsentAmended(
            address indexed grantor, address indexed grantee, uint32 indexed number, uint256 classes, uint64 purposes,
            bool deny, uint48 notBefore, uint48 expiry, bytes32 document, uint32 policyVersion, address by
        );
        /// A provision was revoked.
        event ConsentRevoked(address indexed grantor, address indexed grantee, uint32 indexed number, address by);
        /// All provisions for a grantee were revoked.
        event ConsentsRevoked(address indexed grantor, address indexed grantee, address by);
        /// All provisions were revoked.
        event AllConsentsRevoked(address indexed grantor, uint32 epoch, address by);
        /// A representative was set; it ended if `until` is 0. `appointed` by the DAO, or named by the grantor.
        event RepresentativeSet(
            address indexed grantor, address indexed representative, uint256 classes, uint64 purposes, uint48 until,
            bool appointed
        );
        /// Another account may recover the grantor's consents.
        event RecoverySet(address indexed grantor, address indexed recoverer);
        /// A recovery began.
        event RecoveryStarted(address indexed grantor, address indexed newKey, uint48 readyAt);
        /// A recovery was stopped.
        event RecoveryVetoed(address indexed grantor);
        /// The grantor has another key.
        event KeyReplaced(address indexed grantor, address indexed newKey);
        /// The first message of a passkey pinned the site that it is used at.
        event SitePinned(address indexed key, bytes16 site);
        /// A signed act of a batch was not performed, because of what it would have reverted with.
        event ActSkipped(uint256 indexed index, address indexed signer, uint256 nonce, bytes reason);
        /// A member was set, one by one (`list` 0) or by a proof against a list.
        event MemberSet(address indexed organization, address indexed member, uint48 until, uint32 list);
        /// An organisation has another list of members.
        event MembersPublished(address indexed organization, uint32 list, bytes32 root);
        /// An organisation was admitted; removed if `until` is not in the future. A removal, and the first admission after
        /// it, end its members and its list.
        event OrganizationSet(address indexed organization, uint48 until, uint8 jurisdiction);
        /// An account has a role until a time; no longer if `until` is 0.
        event RoleSet(uint8 indexed role, address indexed account, uint48 until);
        /// There is another policy.
        event PolicySet(uint32 indexed version, Policy policy, uint16[64] longest);
        /// A number of a table means something else.
        event CodeSet(uint8 indexed table, uint8 indexed number, bytes32 code);
        /// The glass was broken: `classes` of the grantor, whose key is `key`, are open to the actor.
        event EmergencyDeclared(
            uint64 indexed id, address indexed grantor, address indexed actor, address key, uint256 classes,
            uint48 until, uint48 reviewBy, uint8 reason, bytes32 statement
        );
        /// An emergency was reviewed.
        event EmergencyReviewed(
            uint64 indexed id, address indexed grantor, address indexed actor, bool justified, address reviewer,
            bytes32 statement
        );
        /// The hook was not told that an emergency was not justified: it has no code, or failed.
        event EmergencyHookFailed(uint64 indexed id, address indexed hook);
        /// The hook was told at last.
        event EmergencyHookTold(uint64 indexed id, address indexed hook);
        /// An access, and what `isPermitted` answered. `head` is the keccak-256 of the head before it and all members
        /// of this event but `head`, each in a word, in this order.
        event AccessRecorded(
            address indexed grantor, uint64 indexed number, address indexed actor, address recorder,
            address onBehalfOf, uint8 dataClass, uint8 purpose, uint8 reason, address grantee, uint32 provision,
            bytes32 request, uint48 time, bytes32 head
        );

        // ------------------------------------------------------------------------------------------------ errors

        /// The account may not do this for the grantor.
        error ConsentUnauthorized(address grantor, address account);
        /// The provision has no sense: see `grant`.
        error ConsentInvalidProvision();
        /// There is no such provision in force.
        error ConsentNoSuchProvision(address grantor, address grantee, uint32 number);
        /// The grantor has 16 provisions for this grantee, or names 8 other roles: revoke or amend one.
        error ConsentTooManyProvisions(address grantor, address grantee);
        /// The DAO appointed this representative: only the DAO can change it.
        error ConsentAppointedRepresentative(address representative);
        /// Nobody has this key.
        error ConsentInvalidKey();
        /// No recovery is under way.
        error ConsentNoRecovery(address grantor);
        /// The recovery can be finished at the second `readyAt`.
        error ConsentRecoveryNotReady(uint48 readyAt);
        /// The signature was good until the second `deadline`.
        error ConsentExpiredSignature(uint48 deadline);
        /// Only `relayer` may bring this message.
        error ConsentWrongRelayer(address relayer);
        /// The act is not calldata of a function that can be signed.
        error ConsentInvalidAct();
        /// The signer did not sign this, or a passkey was used at another site than before.
        error ConsentInvalidSignature(address signer);
        /// The proof does not show a member of the current list, or its time is over, or it was barred, or the
        /// organisation set it one by one.
        error ConsentInvalidProof(address organization, address member);
        /// A number of the policy is out of range.
        error ConsentInvalidPolicy();
        /// There is no such table, or no such number in it.
        error ConsentInvalidCode(uint8 table, uint8 number);
        /// Policy never opens one of these classes, or none is named, or the caller is the authority.
        error ConsentEmergencyRefused(uint256 classes);
        /// The actor has to wait until the second `until`.
        error ConsentTooManyEmergencies(address actor, uint48 until);
        /// There is no such emergency, or it was reviewed; or there is none that a hook was not told of.
        error ConsentNoSuchEmergency(uint64 id);
        /// Give the transaction more gas: so much must be left where the hook is called.
        error ConsentNotEnoughGas(uint64 needed);
    }
}

sol_abi! {
    /// Who is told of emergencies that were not justified: a contract that holds a bond, for example. It can fail to be told
    /// in time: before it pays out, it reads the verdicts of `emergency` itself.
    interface IEmergencyHook {
        /// The emergency `id`, which `actor` declared for data of `grantor`, was not justified.
        function emergencyUnjustified(uint64 id, address grantor, address actor) external;
    }
}
