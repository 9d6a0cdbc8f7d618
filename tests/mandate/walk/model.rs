//! What a call does, by the rules of the interface's text: the state after it, what it logs, and what it returns or
//! reverts with.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, B256, Bytes, FixedBytes, LogData, U256},
    sol_types::{SolCall, SolError, SolEvent, SolInterface, SolValue},
};
use consilium_bindings::Mandate as M;
use consilium_bindings::Mandate::MandateCalls as Calls;
use harness::walk::{
    authority::{Authority, Kinds},
    is_arbos,
};

use super::money::{Odd, Wild, answers_anything};
use super::people::{People, restricted};
use super::resolve::second;
use super::rules::Rules;

/// What a call returns or reverts with.
pub(super) type Answer = Result<Vec<u8>, Vec<u8>>;
/// What a part of one does, or reverts with.
pub(super) type Outcome = Result<(), Vec<u8>>;

/// The state, and what there is around it.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) people: People,
    pub(super) rules: Rules,
    pub(super) kinds: Kinds,
    /// What is here of each kind of money.
    pub(super) here: BTreeMap<Address, U256>,
    pub(super) wild: Wild,
    pub(super) odd: BTreeMap<Address, Odd>,
    /// What was logged since it was last looked at.
    pub(super) logs: Vec<LogData>,
    /// Whether a call of the contract is running.
    inside: bool,
}

/// Who calls, with how much, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    pub(super) by: Address,
    pub(super) wei: u128,
    pub(super) now: u64,
}

pub(super) fn ensure(holds: bool, error: impl SolError) -> Outcome {
    if holds { Ok(()) } else { Err(error.abi_encode()) }
}

impl Model {
    pub(super) fn new(people: People) -> Self {
        let odd = people.odd.iter().map(|odd| (*odd, Odd::default())).collect();
        let (rules, kinds, here, wild, logs) = Default::default();
        Self { people, rules, kinds, here, wild, odd, logs, inside: false }
    }

    pub(super) fn log(&mut self, event: impl SolEvent) {
        self.logs.push(event.encode_log_data());
    }

    pub(super) fn here(&self, money: Address) -> U256 {
        self.here.get(&money).copied().unwrap_or_default()
    }

    /// Makes a call. One that fails changes nothing. Nothing is said of views and of what cannot be decoded.
    pub(super) fn call(&mut self, context: Context, data: &[u8]) -> Option<Answer> {
        let before = self.clone();
        let answer = self.try_call(context, data);
        if !matches!(answer, Some(Ok(_))) {
            *self = before;
        }
        answer
    }

    fn try_call(&mut self, context: Context, data: &[u8]) -> Option<Answer> {
        *self.here.entry(Address::ZERO).or_default() += U256::from(context.wei);
        if data.is_empty() {
            self.log(M::Received { from: context.by, amount: U256::from(context.wei) });
            return Some(Ok(Vec::new()));
        }
        let takes = data.starts_with(&M::upgradeToAndCallCall::SELECTOR);
        if !takes && context.wei != 0 {
            return Some(Err(Vec::new()));
        }
        // A locator is bytes, whether or not they are text.
        if data.starts_with(&M::reportCall::SELECTOR) {
            let (hash, locator) = <(B256, Bytes)>::abi_decode_params_validate(&data[4..]).ok()?;
            return Some(self.guarded(|model| model.report(context, hash, &locator)).map(|()| Vec::new()));
        }
        let call = Calls::abi_decode_validate(data).ok()?;
        self.run(context, &call, data)
    }

    /// What the authority does in its own name.
    pub(super) fn by_authority(&mut self, context: Context, data: &[u8]) -> Option<Answer> {
        let call = Authority::callAsCall::abi_decode(data).ok()?;
        if call.target != self.people.contract {
            return None;
        }
        let answer = self.call(Context { by: self.people.authority, ..context }, &call.data)?;
        Some(answer.map(|data| Authority::callAsCall::abi_encode_returns(&data.into())))
    }

    /// While no other call of the contract is running.
    fn guarded(&mut self, does: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        ensure(!self.inside, M::ReentrancyGuardReentrantCall {})?;
        self.inside = true;
        let done = does(self);
        self.inside = false;
        done
    }

    fn run(&mut self, context: Context, call: &Calls, data: &[u8]) -> Option<Answer> {
        let selector = FixedBytes::<4>::from_slice(data.get(..4)?);
        if restricted().contains(&selector)
            && let Err(refusal) = self.kinds.pass(context.by, selector)
        {
            return Some(Err(refusal));
        }
        let done = match call {
            Calls::spend(call) => self.guarded(|model| model.spend(context, call)),
            Calls::markOverdue(call) => self.guarded(|model| model.mark(context, call.holder)),
            Calls::recover(call) => self.guarded(|model| model.recover(context, call)),
            Calls::grantMandate(call) => self.grant(context, call),
            Calls::endMandate(call) => self.end(context, call.holder),
            Calls::setAllowance(call) => self.allow(context, call),
            Calls::setAuthority(call) => self.set_authority(context, call.newAuthority),
            // What such a precompile makes of the question for its slot is not followed, nor what is called afterwards.
            Calls::upgradeToAndCall(call) if answers_anything(call.newImplementation) || !call.data.is_empty() => {
                return None;
            }
            Calls::upgradeToAndCall(call) => self.upgrade(context, call.newImplementation),
            _ => return None,
        };
        Some(done.map(|()| Vec::new()))
    }

    // ------------------------------------------------------------------------------------------- the DAO's

    fn grant(&mut self, Context { now, .. }: Context, call: &M::grantMandateCall) -> Outcome {
        let M::grantMandateCall { holder, until, reportEvery, firstReportBy } = call.clone();
        let can_hold = !holder.is_zero() && holder != self.people.contract && holder != self.people.authority;
        ensure(can_hold, M::MandateInvalidHolder { holder })?;
        let (end, first): (u64, u64) = (until.to(), firstReportBy.to());
        ensure(end > now, M::MandateInvalidEnd { until })?;
        let is_calendar = if reportEvery == 0 { first == 0 } else { first > now && first <= end };
        ensure(is_calendar, M::MandateInvalidReport { reportEvery, firstReportBy })?;
        let of = self.rules.holder_mut(holder);
        of.grant(end, reportEvery, first, now);
        let number = of.number;
        self.log(M::MandateGranted { holder, number, until, reportEvery, due: firstReportBy });
        Ok(())
    }

    fn end(&mut self, Context { now, .. }: Context, holder: Address) -> Outcome {
        ensure(self.rules.holder(holder).is_running(now), M::MandateNotRunning { holder })?;
        let of = self.rules.holder_mut(holder);
        of.until = now;
        let number = of.number;
        self.log(M::MandateEnded { holder, number });
        Ok(())
    }

    fn allow(&mut self, Context { now, .. }: Context, call: &M::setAllowanceCall) -> Outcome {
        let M::setAllowanceCall { holder, token, limit, period } = *call;
        ensure(self.rules.holder(holder).is_running(now), M::MandateNotRunning { holder })?;
        ensure(limit == 0 || period != 0, M::MandateInvalidPeriod {})?;
        self.rules.allow(holder, token, limit, period, now);
        let (limit, left, period, refillsAt) = self.allowance(holder, token, now);
        self.log(M::AllowanceSet { holder, token, limit, left, period, refillsAt: second(refillsAt) });
        Ok(())
    }

    fn set_authority(&mut self, context: Context, authority: Address) -> Outcome {
        ensure(context.by == self.people.authority, M::AccessManagedUnauthorized { caller: context.by })?;
        ensure(self.has_code(authority), M::AccessManagedInvalidAuthority { authority })?;
        self.log(M::AuthorityUpdated { authority });
        Ok(())
    }

    /// To the same code: what another one would do is not the contract's.
    fn upgrade(&mut self, context: Context, implementation: Address) -> Outcome {
        if implementation != self.people.implementation {
            let error = M::ERC1967InvalidImplementation { implementation }.abi_encode();
            return Err(if self.has_code(implementation) { error } else { Vec::new() });
        }
        self.log(M::Upgraded { implementation });
        ensure(context.wei == 0, M::ERC1967NonPayable {})
    }

    fn has_code(&self, account: Address) -> bool {
        self.people.with_code().contains(&account) || is_arbos(account)
    }

    // ------------------------------------------------------------------------------------------ the holders'

    fn report(&mut self, Context { by, now, .. }: Context, hash: B256, locator: &Bytes) -> Outcome {
        ensure(!hash.is_zero(), M::MandateEmptyReport {})?;
        let holder = self.rules.holder(by);
        let reports = holder.every != 0 && (holder.is_running(now) || holder.owed().is_some());
        ensure(reports, M::MandateNoReport { holder: by })?;
        let of = self.rules.holder_mut(by);
        of.report(now);
        let (due, next) = (second(holder.due), second(of.due));
        let topics = vec![M::Reported::SIGNATURE_HASH, by.into_word()];
        let data = (due, hash, locator.clone(), next).abi_encode_params();
        self.logs.push(LogData::new_unchecked(topics, data.into()));
        Ok(())
    }

    fn mark(&mut self, Context { now, .. }: Context, holder: Address) -> Outcome {
        let of = self.rules.holder(holder);
        let Some(due) = of.missed(now) else {
            let due = second(of.owed().unwrap_or(0));
            return Err(M::MandateNotOverdue { holder, due }.abi_encode());
        };
        self.rules.holder_mut(holder).mark(due);
        self.log(M::ReportOverdue { holder, due: second(due) });
        Ok(())
    }

    /// What `allowance` says.
    pub(super) fn allowance(&self, holder: Address, token: Address, now: u64) -> (U256, U256, u32, u64) {
        let Some((purse, left)) = self.rules.allowance(holder, token, now) else {
            return (U256::ZERO, U256::ZERO, 0, 0);
        };
        (U256::from(purse.limit), U256::from(left), purse.period, purse.refills_at(now))
    }
}
