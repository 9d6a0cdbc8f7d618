//! Calls with little gas. With plenty, nothing is seen of what a program does when gas runs out: whether it goes on with what
//! it should not, keeps the reason of a revert, or loses it.
//!
//! Ours and OpenZeppelin's need different amounts, so each side gets a share of what it needs itself: the least gas with which
//! the call is answered as with plenty. From there on the two answer alike; below it neither does, and all views stay
//! alike; and what ours needs is not far from what OpenZeppelin's needs.

use alloy::{
    primitives::{Log, U256},
    sol_types::{SolCall, SolEvent},
};
use eyre::{OptionExt, Result, ensure};

use super::{
    exceptions::Answer,
    pair::Which,
    resolve::Call,
    run::{Run, answer, column, compare_logs, shown},
};
use crate::actor::Actor;

/// The share that is all that a call needs.
pub(crate) const WHOLE: u16 = 128;
/// From this share on, enough is left that it can be told from nothing.
pub(crate) const AMPLE: u16 = WHOLE + WHOLE / 4;
/// Gas with which nothing is scarce.
pub(crate) const PLENTY: u64 = 12_000_000;
/// How much more gas ours may need than OpenZeppelin's before it answers as with plenty: see [`is_near`].
const ENTRIES: u64 = 8_000;

impl Run<'_> {
    /// Makes the call on each side with so many 128ths of the least gas that gives the answer which plenty gives.
    pub(super) fn scarce(&mut self, call: &Call, share: u16) -> Result<(String, Option<String>)> {
        let name = self.named(call);
        let place = self.pair.dao.iter().position(|contract| *contract == call.to);
        self.tally.steps[column(place)] += 1;
        let [ours, peer] = [Which::Ours, Which::Peer].map(|side| self.answered(side, call, PLENTY));
        let (ours, peer) = (ours?, peer?);
        if ours != peer {
            return Ok((name, Some(format!("with plenty of gas\n  ours {}\n  peer {}", shown(&ours), shown(&peer)))));
        }
        let least = [self.least(Which::Ours, call, &ours)?, self.least(Which::Peer, call, &peer)?];
        let comment = format!("{name} with {share}/{WHOLE} of {} gas (peer {})", least[0], least[1]);
        if !is_near(least) {
            return Ok((comment, Some(format!("the least gas\n  ours {}\n  peer {}", least[0], least[1]))));
        }
        let given = least.map(|least| spare(call, least * u64::from(share) / u64::from(WHOLE)).into());
        let [mined, of_peer] = self.pair.send_each(call.by, given, self.world.time)?;
        ensure!(mined.success && of_peer.success, "the actor has enough gas");
        let enough = share >= WHOLE || least == [0, 0];
        self.tally.scarce[usize::from(!enough)] += 1;
        let did = if ours.success { "succeeded".to_owned() } else { self.pair.name(&ours.data) };
        self.tally.note(format!("scarce {name}: {did}"));
        if enough {
            self.tally.note(format!("{name}: {did}"));
            *(if ours.success { &mut self.tally.succeeded } else { &mut self.tally.reverted }) += 1;
        }
        let difference = if enough {
            // Whether anything is left is among the logs, as the event of an actor.
            let kept = |log: &&Log| share >= AMPLE || Actor::Drained::decode_log_data(&log.data).is_err();
            let [ours, peer] =
                [mined, of_peer].map(|mined| mined.logs.iter().filter(kept).cloned().collect::<Vec<_>>());
            compare_logs(&ours, &peer)
        } else {
            let [ours, peer] = [&mined, &of_peer].map(|mined| mined.logs.last().and_then(answer));
            let (ours, peer) = (ours.ok_or_eyre("an actor answers")?, peer.ok_or_eyre("an actor answers")?);
            (ours.success || peer.success)
                .then(|| format!("too little gas\n  ours {}\n  peer {}", shown(&ours), shown(&peer)))
        };
        Ok((comment, difference))
    }

    /// What a side answers to the call with so much gas.
    fn answered(&mut self, side: Which, call: &Call, gas: u64) -> Result<Answer> {
        let data = self.pair.call(side, call.by, &spare(call, gas))?;
        let Actor::spareReturn { success, answer } = Actor::spareCall::abi_decode_returns(&data)?;
        Ok(Answer { success, data: answer.into() })
    }

    /// The least gas with which a side gives the answer that plenty gives.
    fn least(&mut self, side: Which, call: &Call, full: &Answer) -> Result<u64> {
        least(|gas| Ok(self.answered(side, call, gas)? == *full))
    }
}

/// The least gas with which `whole` says that the answer is that which plenty gives.
pub(crate) fn least(mut whole: impl FnMut(u64) -> Result<bool>) -> Result<u64> {
    let (mut low, mut high) = (0, PLENTY);
    while low < high {
        let middle = (low + high) / 2;
        if whole(middle)? { high = middle } else { low = middle + 1 }
    }
    Ok(low)
}

/// Whether the least gas of ours is near enough to OpenZeppelin's. Each program that is entered costs some 2,000 gas more
/// than EVM code. Where a callee uses up its gas, what its caller still does must be paid by one part in 64.
pub(crate) fn is_near([ours, peer]: [u64; 2]) -> bool {
    ours <= peer + peer / 4 + ENTRIES
}

fn spare(call: &Call, gas: u64) -> Vec<u8> {
    let (data, allowance) = (call.data.clone().into(), U256::from(gas));
    Actor::spareCall { target: call.to, value: U256::from(call.wei), data, allowance }.abi_encode()
}
