//! What is stored, and every read and write of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.
//!
//! A question reads the policy, the grantor, and two words a provision. So what policy says of a purpose is one word, a
//! provision is two, and the first one of a pair also has what belongs to the pair.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, keccak256};
use consilium_abi::{entrypoint, packed};
use consilium_components::access_managed::{Authority, ObeysAuthority};
use consilium_components::stored::{Word, number};
use consilium_components::upgradeable::Upgrades;
use consilium_components::words::{Key, Words};
use stylus_sdk::prelude::*;

packed! {
    /// What the policy says of a purpose: all that a question reads of it.
    pub(crate) struct Rules {
        /// The longest time of a permit for the purpose, in days.
        uint16 longest;
        /// Purposes that need a consent of their own.
        uint64 separate_purposes;
        /// Sensitive classes that need a consent of their own; bit 0 is class 192.
        uint64 separate_classes;
        /// Purposes for which an emergency opens data.
        uint64 emergency_purposes;
        /// Jurisdictions whose organisations get nothing.
        uint32 refused_jurisdictions;
    }
    /// What the policy says of emergencies.
    pub(crate) struct Glass {
        /// How long an emergency opens data, in seconds.
        uint24 open_for;
        /// How long a review may take, in seconds.
        uint32 review_within;
        /// In how many seconds an actor may declare `limit` emergencies.
        uint24 window;
        /// How many.
        uint16 limit;
        /// Who is told of unjustified ones.
        address hook;
    }
    /// What else the contract counts and waits.
    pub(crate) struct Counters {
        /// The number of emergencies.
        uint64 emergencies;
        /// How long a recovery takes, in seconds.
        uint32 recovery_delay;
        /// How often the policy was set.
        uint24 version;
    }
    /// A grantor, or anybody else who signs.
    pub(crate) struct Grantor {
        /// How often everything was revoked, plus one; 0 before the first provision.
        uint24 epoch;
        /// The next nonce under key 0.
        uint40 nonce;
        /// What a passkey is pinned to: the first bytes of rpIdHash.
        bytes16 site;
        /// The roles that provisions name.
        uint32 roles;
        /// Another key acts.
        bool replaced;
        /// How many keys acted before this one.
        uint24 keys;
    }
    /// A provision but for its classes; in the first one of a pair, also what belongs to the pair.
    pub(crate) struct Terms {
        /// The mask of purposes.
        uint64 purposes;
        /// It denies.
        bool deny;
        /// When it begins.
        uint40 not_before;
        /// When it ends: the first second without it; 0 for no end.
        uint40 expiry;
        /// The policy's version when it was given.
        uint24 policy;
        /// Its number.
        uint24 number;
        /// Of the pair: how many provisions are in force in `epoch`.
        uint8 count;
        /// Of the pair: the last number that was given.
        uint24 last;
        /// Of the pair: the grantor's epoch in which `count` holds.
        uint24 epoch;
    }
    /// A representative but for the classes.
    pub(crate) struct Scope {
        /// The mask of purposes.
        uint64 purposes;
        /// Until when.
        uint48 until;
        /// By the DAO.
        bool appointed;
        /// How many keys of the grantor had acted before the one that named it.
        uint24 keys;
    }
    /// Who may recover, and when the recovery under way can be finished.
    pub(crate) struct Recovery {
        /// Who may.
        address recoverer;
        /// When; 0 if none is under way.
        uint48 ready_at;
    }
    /// An organisation.
    pub(crate) struct Organization {
        /// Until when it is admitted.
        uint48 until;
        /// How many lists of members it has published.
        uint32 list;
        /// Where it is.
        uint8 jurisdiction;
        /// Whether the DAO ever admitted or removed it. What it says then counts for the organisation itself too.
        bool known;
        /// How often it was removed or admitted after that: odd while it is removed.
        uint32 term;
    }
    /// A member of an organisation, or a holder of a role.
    pub(crate) struct Member {
        /// Until when.
        uint48 until;
        /// The list that it was proven against, or from which it is barred; 0 if it was set.
        uint32 list;
        /// The organisation's term in which that was; 0 of a holder of a role.
        uint32 term;
    }
    /// What an emergency opened but for the classes.
    pub(crate) struct Opening {
        /// Until when.
        uint48 until;
        /// The emergency.
        uint64 id;
    }
    /// An emergency but for the grantor.
    pub(crate) struct Emergency {
        /// Who declared it.
        address actor;
        /// Until when data is open.
        uint40 until;
        /// When a review is due.
        uint40 review_by;
        /// 0 for none yet, 1 justified, 2 not.
        uint8 verdict;
        /// The hook failed when it was told.
        bool untold;
    }
    /// How many emergencies an actor has declared in a window.
    pub(crate) struct Rate {
        /// When the window began.
        uint48 since;
        /// How many.
        uint16 count;
    }
}

/// The most provisions of one grantor for one grantee: a question reads all of them.
pub(crate) const MOST: u8 = 16;

/// The most roles that provisions of one grantor name, for the same reason.
pub(crate) const MOST_ROLES: u32 = 8;

/// A grantor and somebody else.
type Pair = (Address, Address);

/// The contract's storage.
#[entrypoint(erc7201 = "consilium.storage.Consent")]
#[storage]
pub struct Consent {
    /// Who says who may call the restricted functions.
    authority: Authority,
    /// What the policy says of the purposes that nobody can permit.
    rules: Word<Rules>,
    /// Classes that no emergency opens.
    closed_classes: Word<U256>,
    /// What the policy says of emergencies.
    glass: Word<Glass>,
    /// What else is counted.
    counters: Word<Counters>,
    /// What it says of the others, by purpose: the same, and how long a permit can be. Zero for a purpose of those above.
    purposes: Words<u8, Rules>,
    /// Grantors and other signers.
    grantors: Words<Address, Grantor>,
    /// The keys of grantors whose key was replaced.
    keys: Words<Address, Address>,
    /// Provisions, by grantor, grantee and place.
    terms: Words<(Address, Address, u8), Terms>,
    /// Their classes.
    classes: Words<(Address, Address, u8), U256>,
    /// Next counts of nonces, by signer and key; key 0 is in [`Grantor`].
    nonces: Words<(Address, U256), u64>,
    /// Representatives.
    scopes: Words<Pair, Scope>,
    /// Their classes.
    scope_classes: Words<Pair, U256>,
    /// Recoveries.
    recoveries: Words<Address, Recovery>,
    /// The new keys of the recoveries under way.
    new_keys: Words<Address, Address>,
    /// Organisations.
    organizations: Words<Address, Organization>,
    /// Their lists of members.
    roots: Words<Address, B256>,
    /// Members, by organisation and account.
    members: Words<Pair, Member>,
    /// Holders of roles, by role and account.
    roles: Words<(u8, Address), Member>,
    /// What emergencies opened, by grantor and actor.
    openings: Words<Pair, Opening>,
    /// The classes of that.
    open_classes: Words<Pair, U256>,
    /// Emergencies.
    emergencies: Words<u64, Emergency>,
    /// The grantors whose data they opened.
    emergency_grantors: Words<u64, Address>,
    /// How often actors declared emergencies.
    rates: Words<Address, Rate>,
    /// The number of entries of access logs.
    log_counts: Words<Address, u64>,
    /// The last hashes of access logs.
    log_heads: Words<Address, B256>,
    /// What numbers mean, by table and number.
    codes: Words<(u8, u8), B256>,
}

impl Consent {
    // ------------------------------------------------------------------------------------------------ policy

    /// What the policy says of a purpose.
    pub(crate) fn rules(&self, purpose: u8) -> Rules {
        let own = self.purposes.get(u64::from(purpose).into());
        Rules::unpack(if own.is_zero() { self.rules.get() } else { own })
    }

    pub(crate) fn glass(&self) -> Glass {
        Glass::unpack(self.glass.get())
    }

    pub(crate) fn closed_classes(&self) -> U256 {
        number(self.closed_classes.get())
    }

    /// Sets what the policy says of all purposes, which have the longest times `longest`.
    pub(crate) fn set_rules(&mut self, rules: &Rules, longest: &[u16; 64]) {
        self.rules.set(rules.pack());
        for (purpose, longest) in longest.iter().enumerate() {
            let own = if *longest == 0 { B256::ZERO } else { Rules { longest: *longest, ..*rules }.pack() };
            self.purposes.insert((purpose as u64).into(), own);
        }
    }

    pub(crate) fn set_glass(&mut self, glass: &Glass, closed_classes: U256) {
        self.glass.set(glass.pack());
        self.closed_classes.set(closed_classes.into());
    }

    pub(crate) fn counters(&self) -> Counters {
        Counters::unpack(self.counters.get())
    }

    pub(crate) fn set_counters(&mut self, counters: &Counters) {
        self.counters.set(counters.pack());
    }

    pub(crate) fn stored_code(&self, table: u8, number: u8) -> B256 {
        self.codes.get((u64::from(table) << 8 | u64::from(number)).into())
    }

    pub(crate) fn write_code(&mut self, table: u8, number: u8, code: B256) {
        self.codes.insert((u64::from(table) << 8 | u64::from(number)).into(), code);
    }

    // ---------------------------------------------------------------------------------------------- grantors

    pub(crate) fn grantor(&self, account: Address) -> Grantor {
        Grantor::unpack(self.grantors.get(account.into()))
    }

    pub(crate) fn set_grantor(&mut self, account: Address, grantor: &Grantor) {
        self.grantors.insert(account.into(), grantor.pack());
    }

    /// The key of a grantor that has been read.
    pub(crate) fn key(&self, account: Address, grantor: &Grantor) -> Address {
        if grantor.replaced { Address::from_word(self.keys.get(account.into())) } else { account }
    }

    pub(crate) fn set_key(&mut self, account: Address, key: Address) {
        self.keys.insert(account.into(), key.into_word());
    }

    /// The next count under a key of nonces other than 0.
    pub(crate) fn nonce_count(&self, signer: Address, key: U256) -> u64 {
        low_u64(self.nonces.get(nonce(signer, key)))
    }

    pub(crate) fn set_nonce_count(&mut self, signer: Address, key: U256, count: u64) {
        self.nonces.insert(nonce(signer, key), Key::from(count).0);
    }

    // -------------------------------------------------------------------------------------------- provisions

    pub(crate) fn terms(&self, grantor: Address, grantee: Address, place: u8) -> Terms {
        Terms::unpack(self.terms.get(at(grantor, grantee, place)))
    }

    pub(crate) fn set_terms(&mut self, grantor: Address, grantee: Address, place: u8, terms: &Terms) {
        self.terms.insert(at(grantor, grantee, place), terms.pack());
    }

    pub(crate) fn classes(&self, grantor: Address, grantee: Address, place: u8) -> U256 {
        number(self.classes.get(at(grantor, grantee, place)))
    }

    pub(crate) fn set_classes(&mut self, grantor: Address, grantee: Address, place: u8, classes: U256) {
        self.classes.insert(at(grantor, grantee, place), classes.into());
    }

    // ------------------------------------------------------------------------- representatives and recoveries

    pub(crate) fn scope(&self, grantor: Address, account: Address) -> Scope {
        Scope::unpack(self.scopes.get(pair(grantor, account)))
    }

    pub(crate) fn scope_classes(&self, grantor: Address, account: Address) -> U256 {
        number(self.scope_classes.get(pair(grantor, account)))
    }

    pub(crate) fn set_scope(&mut self, grantor: Address, account: Address, scope: &Scope, classes: U256) {
        self.scopes.insert(pair(grantor, account), scope.pack());
        self.scope_classes.insert(pair(grantor, account), classes.into());
    }

    pub(crate) fn stored_recovery(&self, grantor: Address) -> Recovery {
        Recovery::unpack(self.recoveries.get(grantor.into()))
    }

    pub(crate) fn write_recovery(&mut self, grantor: Address, recovery: &Recovery) {
        self.recoveries.insert(grantor.into(), recovery.pack());
    }

    /// The new key of the recovery under way.
    pub(crate) fn new_key(&self, grantor: Address) -> Address {
        Address::from_word(self.new_keys.get(grantor.into()))
    }

    pub(crate) fn set_new_key(&mut self, grantor: Address, key: Address) {
        self.new_keys.insert(grantor.into(), key.into_word());
    }

    // ------------------------------------------------------------------------------- organisations and roles

    pub(crate) fn stored_organization(&self, account: Address) -> Organization {
        Organization::unpack(self.organizations.get(account.into()))
    }

    pub(crate) fn write_organization(&mut self, account: Address, organization: &Organization) {
        self.organizations.insert(account.into(), organization.pack());
    }

    pub(crate) fn root(&self, organization: Address) -> B256 {
        self.roots.get(organization.into())
    }

    pub(crate) fn set_root(&mut self, organization: Address, root: B256) {
        self.roots.insert(organization.into(), root);
    }

    pub(crate) fn member(&self, organization: Address, account: Address) -> Member {
        Member::unpack(self.members.get(pair(organization, account)))
    }

    pub(crate) fn write_member(&mut self, organization: Address, account: Address, member: &Member) {
        self.members.insert(pair(organization, account), member.pack());
    }

    /// Until when an account has a role.
    pub(crate) fn stored_role(&self, role: u8, account: Address) -> u64 {
        Member::unpack(self.roles.get(holder(role, account))).until
    }

    pub(crate) fn write_role(&mut self, role: u8, account: Address, until: u64) {
        self.roles.insert(holder(role, account), Member { until, ..Member::default() }.pack());
    }

    // ------------------------------------------------------------------------------------------- emergencies

    pub(crate) fn stored_opening(&self, grantor: Address, actor: Address) -> Opening {
        Opening::unpack(self.openings.get(pair(grantor, actor)))
    }

    pub(crate) fn open_classes(&self, grantor: Address, actor: Address) -> U256 {
        number(self.open_classes.get(pair(grantor, actor)))
    }

    pub(crate) fn write_opening(&mut self, grantor: Address, actor: Address, opening: &Opening, classes: U256) {
        self.openings.insert(pair(grantor, actor), opening.pack());
        self.open_classes.insert(pair(grantor, actor), classes.into());
    }

    pub(crate) fn stored_emergency(&self, id: u64) -> Emergency {
        Emergency::unpack(self.emergencies.get(id.into()))
    }

    pub(crate) fn write_emergency(&mut self, id: u64, emergency: &Emergency) {
        self.emergencies.insert(id.into(), emergency.pack());
    }

    pub(crate) fn emergency_grantor(&self, id: u64) -> Address {
        Address::from_word(self.emergency_grantors.get(id.into()))
    }

    pub(crate) fn set_emergency_grantor(&mut self, id: u64, grantor: Address) {
        self.emergency_grantors.insert(id.into(), grantor.into_word());
    }

    pub(crate) fn rate(&self, actor: Address) -> Rate {
        Rate::unpack(self.rates.get(actor.into()))
    }

    pub(crate) fn set_rate(&mut self, actor: Address, rate: &Rate) {
        self.rates.insert(actor.into(), rate.pack());
    }

    // -------------------------------------------------------------------------------------------- access log

    pub(crate) fn log_count(&self, grantor: Address) -> u64 {
        low_u64(self.log_counts.get(grantor.into()))
    }

    pub(crate) fn log_head(&self, grantor: Address) -> B256 {
        self.log_heads.get(grantor.into())
    }

    pub(crate) fn set_log(&mut self, grantor: Address, count: u64, head: B256) {
        self.log_counts.insert(grantor.into(), Key::from(count).0);
        self.log_heads.insert(grantor.into(), head);
    }
}

fn pair(a: Address, b: Address) -> Key {
    key(a, &b[..])
}

fn at(grantor: Address, grantee: Address, place: u8) -> Key {
    let mut tail = [0; 21];
    tail[..20].copy_from_slice(&grantee[..]);
    tail[20] = place;
    key(grantor, &tail)
}

fn nonce(signer: Address, of: U256) -> Key {
    key(signer, &of.to_be_bytes::<32>())
}

/// A key that does not fit a word: the hash of its parts. At most 32 bytes follow the address.
#[inline(never)]
fn key(first: Address, then: &[u8]) -> Key {
    let mut all = [0; 52];
    all[..20].copy_from_slice(&first[..]);
    let end = 20 + then.len();
    all[20..end].copy_from_slice(then);
    Key(keccak256(&all[..end]))
}

/// A role and an account fit a word.
fn holder(role: u8, account: Address) -> Key {
    let mut key = account.into_word();
    key[11] = role;
    Key(key)
}

fn low_u64(word: B256) -> u64 {
    number(word).as_limbs()[0]
}

impl ObeysAuthority for Consent {
    fn stored_authority(&self) -> &Authority {
        &self.authority
    }

    fn stored_authority_mut(&mut self) -> &mut Authority {
        &mut self.authority
    }
}

impl Upgrades for Consent {}
