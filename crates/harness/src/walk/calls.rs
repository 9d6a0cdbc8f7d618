//! Calls with little gas, and calldata that no compiler makes.

use alloy::{
    primitives::{Bytes, Log, U256},
    sol_types::{SolCall, SolEvent},
};
use eyre::{OptionExt, Result, ensure, eyre};
use proptest::strategy::{Strategy, ValueTree};

use super::{Call, Damaged, Walk, run::Run};
use crate::{
    actor::{Actor, Actor::Answered},
    differential::{
        calldata::{Manner, calls, compare_answers},
        exceptions::{Answer, has_negative_offset},
        run::{answer, compare_logs, shown},
        scarce::{AMPLE, PLENTY, WHOLE, is_near, least},
        strategy::runner,
    },
};

/// Gas of each damaged call: more than any of them needs.
const ALLOWANCE: u64 = 1_000_000;
/// Damaged calls in a transaction.
const AT_ONCE: usize = 24;

impl<W: Walk> Run<'_, W> {
    /// Makes the call on each side with so many 128ths of the least gas that gives the answer which plenty gives: from
    /// there on the two answer alike, below it neither does, and ours does not need much more. The logs of ours, and
    /// how the two differ.
    pub(super) fn scarce(&mut self, call: &Call, share: u16) -> Result<(Vec<Log>, Option<String>)> {
        let full = [self.answered(0, call, PLENTY)?, self.answered(1, call, PLENTY)?];
        let mut needed = [0; 2];
        for side in 0..2 {
            needed[side] = least(|gas| Ok(self.answered(side, call, gas)? == full[side]))?;
        }
        let by = self.pair.cast.actors[call.by];
        let given = needed.map(|needed| spare(call, needed * u64::from(share) / u64::from(WHOLE)).into());
        let [ours, peer] = self.pair.send(by, given)?;
        ensure!(ours.success && peer.success, "the actor has enough gas");
        let [first, second] = &full;
        if first != second {
            let what = format!("with plenty of gas\n  ours {}\n  peer {}", shown(first), shown(second));
            return Ok((ours.logs, Some(what)));
        }
        if !is_near([needed[0].saturating_sub(W::SPARE_GAS), needed[1]]) {
            return Ok((ours.logs, Some(format!("the least gas\n  ours {}\n  peer {}", needed[0], needed[1]))));
        }
        let difference = if share >= WHOLE || needed == [0, 0] {
            // Whether anything is left is among the logs, as the event of an actor.
            let kept = |log: &&Log| share >= AMPLE || Actor::Drained::decode_log_data(&log.data).is_err();
            let [ours, peer] = [&ours, &peer].map(|mined| mined.logs.iter().filter(kept).cloned().collect::<Vec<_>>());
            compare_logs(&ours, &peer)
        } else {
            let [ours, peer] = [&ours, &peer].map(|mined| mined.logs.last().and_then(answer));
            let (ours, peer) = (ours.ok_or_eyre("an actor answers")?, peer.ok_or_eyre("an actor answers")?);
            (ours.success || peer.success)
                .then(|| format!("too little gas\n  ours {}\n  peer {}", shown(&ours), shown(&peer)))
        };
        Ok((ours.logs, difference))
    }

    /// What a side answers to the call with so much gas.
    fn answered(&mut self, side: usize, call: &Call, gas: u64) -> Result<Answer> {
        let data = self.pair.call(side, self.pair.cast.actors[call.by], &spare(call, gas))?;
        let Actor::spareReturn { success, answer } = Actor::spareCall::abi_decode_returns(&data)?;
        Ok(Answer { success, data: answer.into() })
    }

    /// Calls every function with damaged calldata, and now and then with a wei. Both must answer alike, or refuse as
    /// [`crate::differential::exceptions`] says; ours must not use up its gas as a trap does.
    pub(super) fn damage(&mut self, by: usize, seed: u64) -> Result<(String, Option<String>)> {
        let mut chance = runner(seed, 0);
        let (known, mut count) = (W::known(&self.world), 0);
        for functions in self.functions.chunks(AT_ONCE) {
            let mut whole = Vec::new();
            for function in functions {
                let drawn = calls(function, known.clone(), Manner::Damaged).new_tree(&mut chance);
                let call: Bytes = drawn.map_err(|reason| eyre!("no calldata: {reason}"))?.current();
                if !has_negative_offset(&function.inputs, call.get(4..).unwrap_or_default()) {
                    whole.push((function, call));
                }
            }
            let calls: Vec<_> = whole.iter().map(|(_, call)| call.clone()).collect();
            let functions: Vec<_> = whole
                .iter()
                .map(|(function, call)| call.starts_with(&function.selector).then_some(*function))
                .collect();
            W::damaging(&mut self.world, by, &calls, self.pair.now);
            let wei = seed % 8 / 7;
            let (target, sender, value) = (self.pair.cast.contract, self.pair.cast.actors[by], U256::from(wei));
            let allowance = U256::from(ALLOWANCE);
            let data: Bytes = Actor::probeCall { target, allowance, value, calls: calls.clone() }.abi_encode().into();
            let [ours, peer] = self.pair.send(sender, [data.clone(), data])?;
            ensure!(ours.success && peer.success, "the prober itself ran out of gas");
            count += calls.len();
            let told = |index: usize| {
                let name = functions.get(index).copied().flatten().map_or("no function", |function| &*function.name);
                format!("call {name} {}", calls.get(index).map(Bytes::to_string).unwrap_or_default())
            };
            if let Some((index, what)) = compare_answers(&ours.logs, &peer.logs, &functions, &calls) {
                return Ok(("damaged calls".to_owned(), Some(format!("{}\n{what}", told(index)))));
            }
            let drained = ours.logs.iter().find_map(|log| Actor::Drained::decode_log_data(&log.data).ok());
            if let Some(Actor::Drained { index }) = drained {
                return Ok(("damaged calls".to_owned(), Some(format!("{} used up its gas", told(index.to())))));
            }
            let answers = ours.logs.iter().filter_map(|log| (log.address == sender).then(|| answer(log))?);
            let answered: Vec<_> = calls.into_iter().zip(answers).collect();
            // Those that were taken have logged; the walk folds them like others.
            let taken: Vec<_> =
                ours.logs.into_iter().filter(|log| log.topics().first() != Some(&Answered::SIGNATURE_HASH)).collect();
            if let Some(what) = self.look(None, None, &taken, Some(Damaged { by, wei, calls: &answered }))? {
                return Ok(("damaged calls".to_owned(), Some(what)));
            }
        }
        self.tally.damaged += count as u64;
        Ok((format!("{count} damaged calls"), None))
    }
}

fn spare(call: &Call, gas: u64) -> Vec<u8> {
    let (target, value, data) = (call.to, U256::from(call.wei), call.data.clone());
    Actor::spareCall { target, value, data, allowance: U256::from(gas) }.abi_encode()
}
