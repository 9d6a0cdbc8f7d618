//! Looking at what a step did: answers, logs, views and invariants.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Bytes};
use alloy::sol_types::{SolCall, SolInterface};
use consilium_bindings::DataPointerRegistry::DataPointerRegistryCalls as Calls;
use consilium_bindings::{Consent as C, DataPointerRegistry as D};
use harness::walk::signers::account_of;
use harness::walk::{Damaged, Done, Question};

use crate::signing::{Terms, domain, erase_hash, refuse_hash, register_hash, request_hash};
use crate::world::id;

use super::consent::Consent;
use super::model::{Answer, Context};
use super::state::State;
use super::{World, invariants, views};

impl World {
    /// Looks at what a step did.
    pub(super) fn look(&mut self, done: &Done<'_>) -> Result<(), String> {
        let consent = Consent::read(done.after, self.people.consent);
        let code = self.people.with_code();
        let before = self.model.state.clone();
        let leaves = self.leaves(done);
        let logs: Vec<_> = done.logs.iter().filter(|log| log.address == self.people.contract).collect();
        let mut by = Address::ZERO;
        let mut signers = BTreeSet::new();
        if let (Some(call), Some(answer)) = (done.call, done.answer) {
            by = self.people.actors[call.by];
            signers = self.who_signed(&call.data);
            if !answer.success && (!logs.is_empty() || changed(done)) {
                return Err("a call that was refused changed something".to_owned());
            }
            let context = Context { by, now: done.now, consent: &consent, signed: &self.signed, code: &code };
            let expected = if call.to == self.people.authority {
                self.model.kinds.told(&call.data);
                self.model.by_authority(context, &call.data)
            } else if call.to == self.people.contract {
                self.model.call(context, &call.data)
            } else {
                self.pins += u64::from(answer.success && call.data.starts_with(&C::actCall::SELECTOR));
                None
            };
            agree(expected, answer.success, &answer.data)?;
        }
        if let Some(Damaged { by: place, wei, calls }) = done.damaged {
            by = self.people.actors[place];
            let context = Context { by, now: done.now, consent: &consent, signed: &self.signed, code: &code };
            for (data, answer) in calls {
                if wei > 0 && !data.starts_with(&D::upgradeToAndCallCall::SELECTOR) {
                    if answer.success {
                        return Err(format!("{data} took a wei"));
                    }
                    continue;
                }
                signers.extend(self.who_signed(data));
                let expected = self.model.call(context, data);
                agree_on_damaged(data, expected, answer.success, &answer.data)?;
            }
        }
        let expected = std::mem::take(&mut self.model.logs);
        if !logs.iter().map(|log| &log.data).eq(&expected) {
            return Err(format!("the model expects other logs\n  ours  {logs:?}\n  model {expected:?}"));
        }
        self.hold(done, (&before, &leaves), (&consent, by, signers))?;
        if let Some(question) = consent.clone().asked().first() {
            return Err(format!("it was not foreseen that the consent is asked {question:?}"));
        }
        let found = views::compare(self, done);
        self.consent = consent;
        found.map_or(Ok(()), Err)
    }

    /// Checks the invariants.
    fn hold(
        &mut self,
        done: &Done<'_>,
        (before, leaves): (&State, &BTreeMap<B256, D::Status>),
        (consent, by, signers): (&Consent, Address, BTreeSet<Address>),
    ) -> Result<(), String> {
        let people = &self.people;
        let of_ours = [people.contract, people.consent];
        let logs: Vec<_> = done.logs.iter().filter(|log| of_ours.contains(&log.address)).collect();
        let (mut statuses, mut overdue) = (BTreeMap::new(), BTreeMap::new());
        for (Question { data, .. }, answer) in done.after.iter().filter(|(asked, _)| asked.to == people.contract) {
            if let Ok(call) = D::statusCall::abi_decode(data)
                && let Ok(status) = D::statusCall::abi_decode_returns(&answer.data)
            {
                statuses.insert(call.id, status);
            } else if let Ok(call) = D::overdueCall::abi_decode(data)
                && let Ok(count) = D::overdueCall::abi_decode_returns(&answer.data)
            {
                overdue.insert(call.custodian, count);
            }
        }
        let step = invariants::Step {
            before,
            logs: &logs,
            statuses: &statuses,
            leaves,
            overdue: &overdue,
            brought: &self.brought,
            storage: done.storage,
            consent,
            purposes: [before.store_purpose, self.model.state.store_purpose],
            by,
            signers,
            now: done.now,
        };
        for (name, holds) in invariants::ALL {
            holds(&mut self.seen, &step).map_err(|what| format!("{name}: {what}"))?;
        }
        Ok(())
    }

    /// What is told of the leaves of a call before it, as the model has it, which the views have confirmed.
    fn leaves(&self, done: &Done<'_>) -> BTreeMap<B256, D::Status> {
        fn all(data: &[u8]) -> Vec<D::individualizeCall> {
            match Calls::abi_decode(data) {
                Ok(Calls::individualize(call)) => vec![call],
                Ok(Calls::multicall(call)) => call.data.iter().flat_map(|data| all(data)).collect(),
                _ => Vec::new(),
            }
        }
        let called = done.call.iter().map(|call| &call.data);
        let damaged = done.damaged.iter().flat_map(|damaged| damaged.calls.iter().map(|(data, _)| data));
        let calls = called.chain(damaged).flat_map(|data| all(data));
        let of = |D::individualizeCall { pointer, batch, proof }| {
            (id(&pointer), self.model.status_of(&pointer, batch, &proof))
        };
        calls.map(of).collect()
    }

    /// Who really signed the messages of a call.
    fn who_signed(&self, data: &[u8]) -> BTreeSet<Address> {
        let domain = domain(self.people.contract, devnode::CHAIN_ID);
        let (signed, hash) = match Calls::abi_decode(data) {
            Ok(Calls::registerSigned(call)) => {
                let hash = register_hash(&call.pointer, terms(&call.signed), &domain);
                (call.signed, hash)
            }
            Ok(Calls::eraseSigned(call)) => {
                let hash = erase_hash(call.id, terms(&call.signed), &domain);
                (call.signed, hash)
            }
            Ok(Calls::refusePointerSigned(call)) => {
                let hash = refuse_hash(id(&call.pointer), terms(&call.signed), &domain);
                (call.signed, hash)
            }
            Ok(Calls::requestAccessSigned(call)) => {
                let hash = request_hash(call.actor, &call.request, terms(&call.signed), &domain);
                (call.signed, hash)
            }
            Ok(Calls::multicall(call)) => return call.data.iter().flat_map(|data| self.who_signed(data)).collect(),
            _ => return BTreeSet::new(),
        };
        let is_signed = self.signed.check(&signed.signer, hash, &signed.signature).is_some();
        is_signed.then(|| account_of(&signed.signer)).into_iter().collect()
    }
}

fn terms(&D::Signed { nonce, deadline, relayer, .. }: &D::Signed) -> Terms {
    Terms { nonce, deadline, relayer }
}

/// Whether a call answered as the model says.
fn agree(expected: Option<Answer>, success: bool, data: &[u8]) -> Result<(), String> {
    let Some(expected) = expected else { return Ok(()) };
    let found = if success { Ok(data.to_vec()) } else { Err(data.to_vec()) };
    if found != expected {
        let [found, expected] = [found, expected].map(|answer| answer.map(Bytes::from).map_err(Bytes::from));
        return Err(format!("the model expects another answer\n  ours  {found:?}\n  model {expected:?}"));
    }
    Ok(())
}

/// The same where calldata may be malformed, which is refused without a reason.
fn agree_on_damaged(call: &Bytes, expected: Option<Answer>, success: bool, data: &[u8]) -> Result<(), String> {
    if !success && data.is_empty() && !matches!(expected, Some(Ok(_))) {
        return Ok(());
    }
    agree(expected, success, data).map_err(|what| format!("{call}: {what}"))
}

/// Whether anything is answered otherwise than before the step.
fn changed(done: &Done<'_>) -> bool {
    let before: BTreeMap<_, _> = done.before.iter().map(|(asked, answer)| ((asked.to, &asked.data), answer)).collect();
    done.after.iter().any(|(asked, after)| before.get(&(asked.to, &asked.data)).is_some_and(|before| *before != after))
}
