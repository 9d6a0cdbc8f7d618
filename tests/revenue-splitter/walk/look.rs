//! Looking at what a step did: answers, logs, views and invariants.

use std::collections::BTreeMap;

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::RevenueSplitter as S;
use harness::walk::{Answer as Answered, Damaged, Done, Question};

use crate::world::{OddPayee, Token as T};

use super::conservation::{self, Step};
use super::ledger::Facts;
use super::model::{Answer, Context};
use super::{World, views};

impl World {
    /// Looks at what a step did.
    pub(super) fn look(&mut self, done: &Done<'_>) -> Result<(), String> {
        let (code, signed) = (self.people.with_code(), self.signed.clone());
        let logs: Vec<_> = done.logs.iter().filter(|log| log.address == self.people.contract).collect();
        let mut told = None;
        let context =
            |by: Address, wei: u64| Context { by, wei: U256::from(wei), now: done.now, signed: &signed, code: &code };
        if let (Some(call), Some(answer)) = (done.call, done.answer) {
            if !answer.success && (!logs.is_empty() || changed(done)) {
                return Err("a call that was refused changed something".to_owned());
            }
            let context = context(self.people.actors[call.by], call.wei);
            let expected = if call.to == self.people.authority {
                self.model.kinds.told(&call.data);
                self.model.by_authority(context, &call.data)
            } else if call.to == self.people.contract {
                self.model.call(context, &call.data)
            } else if call.to == self.people.registry {
                self.model.by_registry(&call.data);
                None
            } else {
                told = Some(call.to);
                self.tells(context, call.to, &call.data, answer)?;
                None
            };
            agree(expected, answer.success, &answer.data)?;
        }
        if let Some(Damaged { by, wei, calls }) = done.damaged {
            let context = context(self.people.actors[by], wei);
            for (data, answer) in calls {
                let expected = self.model.call(context, data);
                agree_on_damaged(data, expected, answer.success, &answer.data)?;
            }
        }
        let expected = std::mem::take(&mut self.model.logs);
        if !logs.iter().map(|log| &log.data).eq(&expected) {
            return Err(format!("the model expects other logs\n  ours  {logs:?}\n  model {expected:?}"));
        }
        if let Some(difference) = views::compare(self, done) {
            return Err(difference);
        }
        let facts = [facts(&self.people, done.before), facts(&self.people, done.after)];
        self.seen.fold(&logs, done.now);
        let step = Step { facts: &facts, logs: &logs, told };
        for (name, holds) in conservation::ALL {
            holds(&mut self.seen, &step).map_err(|what| format!("{name}: {what}"))?;
        }
        Ok(())
    }

    /// What a token or an odd payee is told, and what it calls then.
    fn tells(&mut self, context: Context<'_>, to: Address, data: &[u8], answer: &Answered) -> Result<(), String> {
        if let Some(odd) = self.model.state.odd.get_mut(&to) {
            if let Ok(OddPayee::beCall { mood, data, .. }) = OddPayee::beCall::abi_decode(data) {
                (odd.mood, odd.payload) = (mood, data);
            }
            return Ok(());
        }
        let before = self.model.clone();
        let Some(token) = self.model.state.tokens.get_mut(&to) else { return Ok(()) };
        let did = token.told(context.by, data);
        if did.is_some() != answer.success {
            return Err(format!("the model's token answers otherwise: {did:?}"));
        }
        match did {
            Some(Some((target, data))) if target == self.people.contract => {
                self.model.call(Context { by: to, wei: U256::ZERO, ..context }, &data);
            }
            Some(_) => {}
            None => self.model = before,
        }
        Ok(())
    }
}

/// What the views say.
fn facts(people: &super::people::People, answers: &[(Question, Answered)]) -> Facts {
    let mut facts = Facts::default();
    for (Question { to, data }, answer) in answers.iter().filter(|(_, answer)| answer.success) {
        let number = || U256::try_from_be_slice(&answer.data).unwrap_or_default();
        if data.is_empty() && *to == people.contract {
            facts.balances.insert(Address::ZERO, number());
        } else if let Ok(T::balanceOfCall { account }) = T::balanceOfCall::abi_decode(data) {
            if account == people.contract {
                let word = answer.data.first_chunk().map(|word| U256::from_be_bytes::<32>(*word));
                facts.balances.insert(*to, word.unwrap_or_default());
            }
        } else if *to != people.contract {
            continue;
        } else if let Ok(call) = S::releasable_0Call::abi_decode(data) {
            facts.payable.insert((Address::ZERO, call.account), number());
        } else if let Ok(call) = S::releasable_1Call::abi_decode(data) {
            facts.payable.insert((call.token, call.account), number());
        } else if S::totalReleased_0Call::abi_decode(data).is_ok() {
            facts.total.insert(Address::ZERO, number());
        } else if let Ok(call) = S::totalReleased_1Call::abi_decode(data) {
            facts.total.insert(call.token, number());
        } else if let Ok(call) = S::remainderCall::abi_decode(data) {
            facts.remainder.insert(call.token, number());
        } else if let Ok(call) = S::receivedCall::abi_decode(data) {
            facts.received.insert((call.version, call.token), number());
        } else if let Ok(call) = S::epochCall::abi_decode(data)
            && let Ok(epoch) = S::epochCall::abi_decode_returns(&answer.data)
        {
            facts.epochs.insert(call.number, (epoch.state, epoch.remaining));
        }
    }
    facts
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
