//! What a call does, by the rules of the interface's text: the state after it and what it returns, or what it reverts with.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, Bytes, FixedBytes, U256, keccak256},
    sol,
    sol_types::{SolCall, SolError, SolInterface, SolValue},
};
use consilium_bindings::Consent as C;
use consilium_bindings::Consent::ConsentCalls as Calls;
use harness::walk::authority::Kinds;
use harness::walk::signers::{Signed, account_of};

use super::acts::{hash, time};
use super::state::{Emergency, Given, Member, Opening, Organization, Scope, State};

sol! {
    error Refused(uint64 id);
}

/// What a call returns or reverts with.
pub(super) type Answer = Result<Vec<u8>, Vec<u8>>;

/// The state, and what no event tells.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) state: State,
    /// The next count by signer and key.
    pub(super) nonces: BTreeMap<(Address, U256), u64>,
    /// What the authority says of a caller and a function.
    pub(super) kinds: Kinds,
    pub(super) contract: Address,
    pub(super) implementation: Address,
    pub(super) authority: Address,
    pub(super) hook: Address,
}

/// Who calls, and when; whose code there is.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) by: Address,
    pub(super) now: u64,
    pub(super) signed: &'a Signed,
    /// Accounts with code.
    pub(super) code: &'a [Address],
}

pub(super) fn ensure(holds: bool, error: impl SolError) -> Result<(), Vec<u8>> {
    if holds { Ok(()) } else { Err(error.abi_encode()) }
}

impl Model {
    pub(super) fn nonce(&self, owner: Address, key: U256) -> U256 {
        key << 64usize | U256::from(self.nonces.get(&(owner, key)).copied().unwrap_or_default())
    }

    /// Makes a call. One that fails changes nothing. Nothing is predicted of views and of what cannot be decoded.
    pub(super) fn call(&mut self, context: Context<'_>, data: &[u8]) -> Option<Answer> {
        let call = Calls::abi_decode(data).ok()?;
        let before = self.clone();
        let answer = self.run(context, &call, data)?;
        if answer.is_err() {
            *self = before;
        }
        Some(answer)
    }

    fn run(&mut self, context: Context<'_>, call: &Calls, data: &[u8]) -> Option<Answer> {
        let Context { by, now, .. } = context;
        let done = |result: Result<(), Vec<u8>>| result.map(|()| Vec::new());
        Some(match call {
            Calls::grant(call) => self.grant(by, now, call),
            Calls::amend(call) => done(self.amend(by, now, call)),
            Calls::revoke(call) => done(self.revoke(by, now, call)),
            Calls::revokeGrantee(call) => done(self.revoke_grantee(by, now, call)),
            Calls::revokeAll(call) => done(self.revoke_all(by, now, call.grantor)),
            Calls::setRepresentative(call) => done(self.set_representative(by, now, call)),
            Calls::setRecovery(call) => done(self.set_recovery(by, call)),
            Calls::startRecovery(call) => done(self.start_recovery(by, now, call)),
            Calls::vetoRecovery(call) => done(self.veto_recovery(by, call.grantor)),
            Calls::finishRecovery(call) => done(self.finish_recovery(now, call.grantor)),
            Calls::multicall(_) if by == self.authority => {
                Err(C::AccessManagedUnauthorized { caller: by }.abi_encode())
            }
            Calls::multicall(call) => {
                let mut results = Vec::new();
                for data in &call.data {
                    if data.starts_with(&C::upgradeToAndCallCall::SELECTOR) {
                        return Some(Err(C::FailedCall {}.abi_encode()));
                    }
                    match self.call(context, data)? {
                        Ok(result) => results.push(Bytes::from(result)),
                        Err(reason) if reason.is_empty() => return Some(Err(C::FailedCall {}.abi_encode())),
                        Err(reason) => return Some(Err(reason)),
                    }
                }
                Ok(C::multicallCall::abi_encode_returns(&results))
            }
            Calls::act(call) => done(self.act(context, &call.signed)),
            Calls::relay(call) => {
                let mut results = Vec::new();
                for signed in &call.signed {
                    let before = self.clone();
                    let result = self.act(context, signed);
                    results.push(result.is_ok());
                    if result.is_err() {
                        *self = before;
                    }
                }
                Ok(C::relayCall::abi_encode_returns(&results))
            }
            Calls::setMember(call) => {
                let Organization { list, term, .. } = self.state.organization(by);
                let until = call.until.to();
                let member = if until == 0 { Member::Barred { list } } else { Member::Set { until, term } };
                self.state.members.insert((by, call.member), member);
                Ok(Vec::new())
            }
            Calls::setMembers(call) => {
                let organization = self.state.organizations.entry(by).or_default();
                (organization.list, organization.root) = (organization.list + 1, call.root);
                Ok(Vec::new())
            }
            Calls::proveMember(call) => done(self.prove_member(now, call)),
            Calls::retryHook(call) => done(self.retry_hook(call.id)),
            Calls::setAuthority(call) => done(self.set_authority(context, call.newAuthority)),
            restricted => {
                let selector = FixedBytes::<4>::from_slice(data.get(..4)?);
                if !super::people::restricted().contains(&selector) {
                    return None;
                }
                self.kinds.pass(by, selector).and_then(|()| self.restricted(context, restricted))
            }
        })
    }

    fn restricted(&mut self, context: Context<'_>, call: &Calls) -> Answer {
        let Context { by, now, code, .. } = context;
        match call {
            Calls::setOrganization(call) => {
                let number = call.jurisdiction;
                ensure(number < 32, C::ConsentInvalidCode { table: 2, number })?;
                self.state.admit(call.organization, call.until.to(), number, now);
            }
            Calls::setRole(call) => {
                ensure(call.role < 32, C::ConsentInvalidCode { table: 4, number: call.role })?;
                self.state.roles.insert((call.role, call.account), call.until.to());
            }
            Calls::appointRepresentative(call) => {
                let (classes, purposes, until) = (call.classes, call.purposes, call.until.to());
                let scope = Scope { classes, purposes, until, appointed: true };
                self.state.scopes.insert((call.grantor, call.representative), scope);
            }
            Calls::setPolicy(call) => {
                let policy = &call.policy;
                let fits = policy.openFor >> 24 == 0 && policy.window >> 24 == 0;
                ensure(fits, C::ConsentInvalidPolicy {})?;
                self.state.version += 1;
                (self.state.policy, self.state.longest) = (policy.clone(), call.longest);
            }
            Calls::setCode(call) => {
                let size = [256u16, 64, 32, 256, 32].get(usize::from(call.table)).copied().unwrap_or_default();
                let error = C::ConsentInvalidCode { table: call.table, number: call.number };
                ensure(u16::from(call.number) < size, error)?;
                self.state.codes.insert((call.table, call.number), call.code);
            }
            Calls::declareEmergency(call) => return self.declare(by, now, call),
            Calls::reviewEmergency(call) => {
                let id = call.id;
                let place = usize::try_from(id.wrapping_sub(1)).unwrap_or(usize::MAX);
                let emergency = self.state.emergencies.get_mut(place).filter(|emergency| emergency.verdict == 0);
                let emergency = emergency.ok_or_else(|| C::ConsentNoSuchEmergency { id }.abi_encode())?;
                emergency.verdict = if call.justified { 1 } else { 2 };
                let (grantor, actor) = (emergency.grantor, emergency.actor);
                let hook = self.state.policy.hook;
                emergency.untold = !call.justified && !hook.is_zero() && told(self.hook, hook, id).is_err();
                if !call.justified {
                    self.state.closed(grantor, actor, id);
                }
            }
            Calls::record(call) => return Ok(self.record(by, now, call)),
            Calls::upgradeToAndCall(call) => {
                let implementation = call.newImplementation;
                if implementation != self.implementation {
                    let error = C::ERC1967InvalidImplementation { implementation }.abi_encode();
                    let has_code = code.contains(&implementation) || harness::walk::is_arbos(implementation);
                    return Err(if has_code { error } else { Vec::new() });
                }
            }
            other => unreachable!("{other:?} is not restricted"),
        }
        Ok(Vec::new())
    }

    // ------------------------------------------------------------------------------------------- by signature

    fn act(&mut self, context: Context<'_>, signed: &C::SignedAct) -> Result<(), Vec<u8>> {
        let C::SignedAct { signer: bytes, act, nonce, deadline, relayer, signature } = signed;
        let signer = account_of(bytes);
        ensure(context.now <= deadline.to::<u64>(), C::ConsentExpiredSignature { deadline: *deadline })?;
        let may_relay = relayer.is_zero() || *relayer == context.by;
        ensure(may_relay, C::ConsentWrongRelayer { relayer: *relayer })?;
        let key: U256 = *nonce >> 64usize;
        let currentNonce = self.nonce(signer, key);
        ensure(*nonce == currentNonce, C::InvalidAccountNonce { account: signer, currentNonce })?;
        let is_address = act.get(4..16).is_some_and(|high| high.iter().all(|byte| *byte == 0));
        let hash = hash(self.contract, act, *nonce, deadline.to(), *relayer);
        let hash =
            hash.filter(|_| is_address && has_length(act)).ok_or_else(|| C::ConsentInvalidAct {}.abi_encode())?;
        let site = context.signed.check(bytes, hash, signature);
        let pinned = self.state.sites.get(&signer).copied();
        let site = site.filter(|site| site.is_none() || pinned.is_none() || *site == pinned);
        let site = site.ok_or_else(|| C::ConsentInvalidSignature { signer }.abi_encode())?;
        let call = Calls::abi_decode_validate(act).map_err(|_| C::ConsentInvalidAct {}.abi_encode())?;
        self.run(Context { by: signer, ..context }, &call, act).unwrap_or_else(|| Ok(Vec::new()))?;
        if let Some(site) = site {
            self.state.sites.insert(signer, site);
        }
        *self.nonces.entry((signer, key)).or_default() += 1;
        Ok(())
    }

    // ------------------------------------------------------------------------------------------- the DAO's

    fn prove_member(&mut self, now: u64, call: &C::proveMemberCall) -> Result<(), Vec<u8>> {
        let &C::proveMemberCall { organization, member, until, ref proof } = call;
        let Organization { list, root, term, .. } = self.state.organization(organization);
        let old = self.state.members.get(&(organization, member));
        let barred = old == Some(&Member::Barred { list });
        // What the organisation set itself is not replaced before its time is over.
        let set = matches!(old, Some(Member::Set { until, term: own }) if now < *until && *own == term);
        let leaf = keccak256(keccak256((member, until).abi_encode()));
        let reached = proof.iter().fold(leaf, |at, next| {
            let (low, high) = if at < *next { (at, *next) } else { (*next, at) };
            keccak256([low, high].concat())
        });
        let until = until.to();
        let is_proven = list > 0 && !barred && !set && until > now && reached == root;
        ensure(is_proven, C::ConsentInvalidProof { organization, member })?;
        self.state.members.insert((organization, member), Member::Proven { until, list, term });
        Ok(())
    }

    fn set_authority(&mut self, context: Context<'_>, authority: Address) -> Result<(), Vec<u8>> {
        ensure(context.by == self.authority, C::AccessManagedUnauthorized { caller: context.by })?;
        ensure(context.code.contains(&authority), C::AccessManagedInvalidAuthority { authority })
    }

    fn declare(&mut self, by: Address, now: u64, call: &C::declareEmergencyCall) -> Answer {
        let &C::declareEmergencyCall { grantor, classes, .. } = call;
        let policy = &self.state.policy;
        let opens = !classes.is_zero() && (classes & policy.closedClasses).is_zero();
        ensure(opens && by != self.authority, C::ConsentEmergencyRefused { classes })?;
        let ends = self.state.window_ends(by);
        let (_, count) = self.state.window(by, now);
        ensure(count < policy.limit, C::ConsentTooManyEmergencies { actor: by, until: time(ends) })?;
        let until = now + u64::from(policy.openFor);
        let review_by = now + u64::from(policy.reviewWithin);
        let id = self.state.declared(
            Emergency { grantor, actor: by, until, review_by, verdict: 0, untold: false },
            classes,
            now,
        );
        Ok(C::declareEmergencyCall::abi_encode_returns(&id))
    }

    fn retry_hook(&mut self, id: u64) -> Result<(), Vec<u8>> {
        let place = usize::try_from(id.wrapping_sub(1)).unwrap_or(usize::MAX);
        let emergency = self.state.emergencies.get_mut(place).filter(|emergency| emergency.untold);
        let emergency = emergency.ok_or_else(|| C::ConsentNoSuchEmergency { id }.abi_encode())?;
        emergency.untold = false;
        told(self.hook, self.state.policy.hook, id)
    }

    fn record(&mut self, by: Address, now: u64, call: &C::recordCall) -> Vec<u8> {
        let &C::recordCall { grantor, actor, onBehalfOf, dataClass, purpose, request } = call;
        let found = self.state.ask(&C::Question { grantor, actor, onBehalfOf, dataClass, purpose }, now);
        let (count, head) = self.state.logs.get(&grantor).copied().unwrap_or_default();
        let [class, use_, reason] = [dataClass, purpose, found.reason].map(U256::from);
        let words = (
            (head, grantor, count + 1, actor, by, onBehalfOf),
            (class, use_, reason, found.grantee(), found.number(), request, time(now)),
        );
        // Two tuples of words are the words of both.
        self.state.logs.insert(grantor, (count + 1, keccak256(words.abi_encode())));
        C::recordCall::abi_encode_returns(&C::recordReturn {
            permitted: found.permits(),
            reason: found.reason,
            grantee: found.grantee(),
            number: found.number(),
        })
    }
}

/// What telling a hook comes to, of which only `told` has the function.
fn told(told: Address, hook: Address, id: u64) -> Result<(), Vec<u8>> {
    if hook != told {
        return Err(Vec::new());
    }
    ensure(!id.is_multiple_of(3), Refused { id })
}

/// Whether an act has the length of its function's arguments.
fn has_length(act: &[u8]) -> bool {
    let words = match act.first_chunk::<4>() {
        Some(&C::grantCall::SELECTOR) => 8,
        Some(&C::amendCall::SELECTOR) => 9,
        Some(&C::setRepresentativeCall::SELECTOR) => 5,
        Some(&C::revokeCall::SELECTOR) => 3,
        Some(&C::revokeAllCall::SELECTOR | &C::vetoRecoveryCall::SELECTOR) => 1,
        _ => 2,
    };
    act.len() == 4 + 32 * words
}

impl State {
    /// Puts another provision in the place of the one with its number.
    pub(super) fn amend(&mut self, given: Given) -> bool {
        let same =
            |old: &&mut Given| (old.grantor, old.grantee, old.number) == (given.grantor, given.grantee, given.number);
        self.provisions.iter_mut().find(same).map(|old| *old = given.clone()).is_some()
    }

    /// When an actor's last window ends.
    fn window_ends(&self, actor: Address) -> u64 {
        self.rates.get(&actor).copied().unwrap_or_default().0 + u64::from(self.policy.window)
    }

    /// When an actor's window began, and how many emergencies it has declared in it: a new one begins after the end.
    fn window(&self, actor: Address, now: u64) -> (u64, u16) {
        if self.window_ends(actor) <= now { (now, 0) } else { self.rates.get(&actor).copied().unwrap_or_default() }
    }

    /// Another key acts. Whom the key before named counts no longer.
    pub(super) fn replaced(&mut self, grantor: Address, key: Address) {
        self.keys.insert(grantor, key);
        self.scopes.retain(|(of, _), scope| *of != grantor || scope.appointed);
    }

    /// What an emergency opened is closed, unless a later one took its place.
    pub(super) fn closed(&mut self, grantor: Address, actor: Address, id: u64) {
        let opening = self.openings.get_mut(&(grantor, actor)).filter(|opening| opening.id == id);
        if let Some(opening) = opening {
            (opening.until, opening.classes) = (0, U256::ZERO);
        }
    }

    /// Takes in an emergency; its id.
    pub(super) fn declared(&mut self, emergency: Emergency, classes: U256, now: u64) -> u64 {
        let Emergency { grantor, actor, until, .. } = emergency;
        let (since, count) = self.window(actor, now);
        self.rates.insert(actor, (since, count + 1));
        self.emergencies.push(emergency);
        let id = self.emergencies.len() as u64;
        self.openings.insert((grantor, actor), Opening { classes, until, id });
        id
    }
}
