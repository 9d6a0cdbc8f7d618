//! What a look at an old quorum costs when the quorum has changed as often as it can: reads of storage, ours and
//! OpenZeppelin's.

use std::collections::HashMap;

use alloy::{
    primitives::{B256, U256},
    sol_types::SolCall,
};
use eyre::{OptionExt, Result};
use harness::lookups::{Lookup, array_among, checkpoint, first_element, look, look_up, mapped};

use crate::calls::*;
use crate::life::VOTES;
use crate::setup::Settings;
use crate::twins::Governors;

/// The number of superseded quorums is kept in 16 bits.
const MOST: u32 = u16::MAX as u32;
/// Where ours keeps them: this test holds the storage layout, too.
const COUNCIL: U256 = U256::from_limbs([2, 0, 0, 0]);
const SUPERSEDED: u64 = 8;

fn key(at: u32) -> u64 {
    1_000_000_000 + 10 * u64::from(at)
}

/// Quorum and super-quorum that hold from a checkpoint on.
fn shares(at: u32) -> (u64, u64) {
    (u64::from(at % 60), u64::from(60 + at % 41))
}

/// Asks at the ends, and at places spread over all; the lookup that read most.
async fn most<C: SolCall>(
    twins: &Governors,
    side: &crate::twins::Side,
    call: impl Fn(U256) -> C,
    expected: impl Fn(u32) -> u64,
    history: &harness::lookups::History<'_>,
) -> Result<Lookup> {
    let mut most: Option<Lookup> = None;
    for place in [0, 1, MOST / 2, MOST - 257, MOST - 256, MOST - 2].into_iter().chain((0..20).map(|at| at * 3_271 + 5))
    {
        let lookup = look_up(&twins.chain, side.governor, &call(U256::from(key(place) + 5)), history).await?;
        assert_eq!(lookup.number(), U256::from(expected(place)), "after checkpoint {place}");
        if most.as_ref().is_none_or(|most| most.reads() < lookup.reads()) {
            most = Some(lookup);
        }
    }
    most.ok_or_eyre("there are places")
}

#[tokio::test]
async fn an_old_quorum_takes_a_search() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let chain = &twins.chain;
    let quorum = |timepoint| quorumNumerator_1Call { timepoint };
    let super_quorum = |timepoint| superQuorumNumerator_1Call { timepoint };

    // Ours: both in one word a checkpoint. The count is in the guardian's word, at bits 192 to 207.
    let council = U256::from_be_bytes(chain.storage(twins.ours.governor, COUNCIL).await?.0);
    let mask: U256 = U256::from(u16::MAX) << 192;
    let counted = B256::from(council & !mask | U256::from(MOST) << 192);
    let positions: HashMap<U256, u32> = (0..MOST).map(|at| (mapped(U256::from(at), SUPERSEDED), at)).collect();
    let ours = |slot: U256| {
        if slot == COUNCIL {
            return Some(counted);
        }
        let at = *positions.get(&slot)?;
        let (quorum, super_quorum) = shares(at);
        let packed: U256 = U256::from(key(at)) | U256::from(quorum) << 48 | U256::from(super_quorum) << 56;
        Some(packed.into())
    };
    let now = U256::from(twins.now().await?);
    let one = look(chain, twins.ours.governor, &quorum(now)).await?;
    let found = [
        most(&twins, &twins.ours, quorum, |at| shares(at).0, &ours).await?,
        most(&twins, &twins.ours, super_quorum, |at| shares(at).1, &ours).await?,
    ];

    // The peer's: an array each. The present value is the last of the array there; ours has it in a word of its own.
    let mut peers = Vec::new();
    for (of_quorum, slots) in [
        (true, look(chain, twins.peer.governor, &quorum(now)).await?.slots),
        (false, look(chain, twins.peer.governor, &super_quorum(now)).await?.slots),
    ] {
        let array = array_among(&slots).ok_or_eyre("the peer's array is read")?;
        let first = first_element(array);
        let history = |slot: U256| {
            if slot == array {
                return Some(U256::from(MOST).into());
            }
            let at = slot.checked_sub(first).filter(|at| *at < U256::from(MOST))?.to();
            let (quorum, super_quorum) = shares(at);
            Some(checkpoint(key(at), U256::from(if of_quorum { quorum } else { super_quorum })))
        };
        peers.push(if of_quorum {
            most(&twins, &twins.peer, quorum, |at| shares(at).0, &history).await?
        } else {
            most(&twins, &twins.peer, super_quorum, |at| shares(at).1, &history).await?
        });
    }
    println!(
        "quorum at a past timepoint: {} reads over one checkpoint, {} over {MOST}; OpenZeppelin's {}",
        one.reads(),
        found[0].reads(),
        peers[0].reads()
    );
    for (ours, peer) in found.iter().zip(&peers) {
        // Two words with settings, and a binary search of 65,535.
        assert!(ours.reads() <= one.reads() + 1 + 16, "{} reads, {} for the present", ours.reads(), one.reads());
        assert!(ours.reads() <= peer.reads(), "{} reads, {} by OpenZeppelin's", ours.reads(), peer.reads());
    }
    Ok(())
}
