//! Looking at what a step did: answers, logs and views.

use alloy::{
    primitives::{Address, Bytes, U256},
    sol_types::SolCall,
};
use harness::walk::{Answer as Answered, Damaged, Done};

use crate::world::{OddPayee, Token as T};

use super::model::{Answer, Context};
use super::money::Odd;
use super::{World, views};

impl World {
    /// Looks at what a step did.
    pub(super) fn look(&mut self, done: &Done<'_>) -> Result<(), String> {
        let logs: Vec<_> = done.logs.iter().filter(|log| log.address == self.people.contract).collect();
        let context = |by, wei: u64| Context { by, wei: wei.into(), now: done.now };
        if let (Some(call), Some(answer)) = (done.call, done.answer) {
            if !answer.success && (!logs.is_empty() || views::changed(done)) {
                return Err("a call that was refused changed something".to_owned());
            }
            let context = context(self.people.actors[call.by], call.wei);
            let expected = if call.to == self.people.authority {
                self.model.kinds.told(&call.data);
                self.model.by_authority(context, &call.data)
            } else if call.to == self.people.contract {
                self.model.call(context, &call.data)
            } else {
                self.told(call.to, &call.data, answer)?;
                None
            };
            agree(expected, answer)?;
        }
        if let Some(Damaged { by, wei, calls }) = done.damaged {
            for (data, answer) in calls {
                let expected = self.model.call(context(self.people.actors[by], wei), data);
                // Malformed calldata is refused without a reason.
                if answer.success || !answer.data.is_empty() || matches!(expected, Some(Ok(_))) {
                    agree(expected, answer).map_err(|what| format!("{data}: {what}"))?;
                }
            }
        }
        let expected = std::mem::take(&mut self.model.logs);
        if !logs.iter().map(|log| &log.data).eq(&expected) {
            return Err(format!("the model expects other logs\n  ours  {logs:?}\n  model {expected:?}"));
        }
        views::compare(self, done).map_or(Ok(()), Err)
    }

    /// What a token or a payee is told.
    fn told(&mut self, to: Address, data: &[u8], answer: &Answered) -> Result<(), String> {
        if !answer.success {
            return Err("a token or a payee does not listen".to_owned());
        }
        let model = &mut self.model;
        if let Some(odd) = model.odd.get_mut(&to) {
            if let Ok(OddPayee::beCall { mood, data, .. }) = OddPayee::beCall::abi_decode(data) {
                *odd = Odd { mood, payload: data };
            }
        } else if let Ok(T::mintCall { amount, .. }) = T::mintCall::abi_decode(data) {
            *model.here.entry(to).or_insert(U256::ZERO) += amount;
        } else if let Ok(T::beCall { mood }) = T::beCall::abi_decode(data) {
            model.wild.mood = mood;
        } else if let Ok(T::banCall { account, yes }) = T::banCall::abi_decode(data) {
            if yes {
                model.wild.banned.insert(account);
            } else {
                model.wild.banned.remove(&account);
            }
        } else if let Ok(T::armCall { to, data }) = T::armCall::abi_decode(data) {
            model.wild.armed = Some((to, data));
        }
        Ok(())
    }
}

/// Whether a call answered as the model says.
fn agree(expected: Option<Answer>, Answered { success, data }: &Answered) -> Result<(), String> {
    let Some(expected) = expected else { return Ok(()) };
    let found = if *success { Ok(data.clone()) } else { Err(data.clone()) };
    if found != expected {
        let [found, expected] = [found, expected].map(|answer| answer.map(Bytes::from).map_err(Bytes::from));
        return Err(format!("the model expects another answer\n  ours  {found:?}\n  model {expected:?}"));
    }
    Ok(())
}
