//! Headers of simulated blocks (go-ethereum, `internal/ethapi/simulate.go`, with what Nitro's chain makes of it).
//!
//! A header is drafted from the draft before it, and completed when the parent is complete: that decides which of the
//! members of later forks it has.

use alloy::{
    consensus::{EMPTY_OMMER_ROOT_HASH, Header},
    rlp::{EMPTY_STRING_CODE, Header as RlpHeader},
};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};

/// First version of ArbOS with the members that Ethereum's fork Cancun brought.
const CANCUN: u64 = 20;

/// What a simulated block is like. What is not set is as in the block before.
#[derive(Debug, Clone, Default)]
pub struct BlockPlan {
    /// Its number.
    pub number: u64,
    /// Its time (seconds since 1970).
    pub timestamp: u64,
    /// Its gas limit.
    pub gas_limit: Option<u64>,
    /// What `COINBASE` reads.
    pub beneficiary: Option<Address>,
    /// What `PREVRANDAO` reads.
    pub difficulty: Option<U256>,
    /// Shown in place of what ArbOS notes in a header, for the blocks that follow.
    pub mix_hash: Option<B256>,
    /// Wei for a gas.
    pub base_fee: Option<u64>,
    /// Root of the parent's beacon block.
    pub beacon_root: Option<B256>,
}

/// The header before anything is known but the plan.
pub(super) fn draft(before: &Header, plan: &BlockPlan) -> Header {
    Header {
        ommers_hash: EMPTY_OMMER_ROOT_HASH,
        beneficiary: plan.beneficiary.unwrap_or(before.beneficiary),
        difficulty: plan.difficulty.unwrap_or(before.difficulty),
        number: plan.number,
        gas_limit: plan.gas_limit.unwrap_or(before.gas_limit),
        timestamp: plan.timestamp,
        extra_data: before.extra_data.clone(),
        mix_hash: plan.mix_hash.unwrap_or(before.mix_hash),
        base_fee_per_gas: plan.base_fee,
        parent_beacon_block_root: (version(before) >= CANCUN).then(|| plan.beacon_root.unwrap_or_default()),
        ..Header::default()
    }
}

/// Adds what follows from the parent. Where nothing is validated and no base fee was given, it is 0.
pub(super) fn complete(header: &mut Header, parent: (&Header, B256), validates: bool) {
    let (parent, hash) = parent;
    header.parent_hash = hash;
    let base_fee = header.base_fee_per_gas.unwrap_or_else(|| if validates { next_base_fee(parent) } else { 0 });
    header.base_fee_per_gas = Some(base_fee);
    header.excess_blob_gas = (version(header) >= CANCUN).then_some(0);
    header.blob_gas_used = (version(parent) >= CANCUN).then_some(0);
}

/// The version of ArbOS as it is read from a header; 0 if the header is none of ArbOS'.
fn version(header: &Header) -> u64 {
    let is_arbos = header.base_fee_per_gas.is_some() && header.extra_data.len() == 32 && header.difficulty == U256::ONE;
    let word = header.mix_hash[16..24].try_into().expect("eight bytes");
    if is_arbos { u64::from_be_bytes(word) } else { 0 }
}

/// The base fee after a block by Ethereum's rule (EIP-1559), which a simulation follows on Nitro too.
fn next_base_fee(parent: &Header) -> u64 {
    let (fee, used) = (u128::from(parent.base_fee_per_gas.unwrap_or_default()), u128::from(parent.gas_used));
    let target = u128::from(parent.gas_limit / 2);
    let change = |difference: u128| (difference * fee).checked_div(target).unwrap_or_default() / 8;
    let next = match used.checked_sub(target) {
        Some(0) => fee,
        Some(above) => fee + change(above).max(1),
        None => fee.saturating_sub(change(target - used)),
    };
    u64::try_from(next).unwrap_or(u64::MAX)
}

/// A header as go-ethereum encodes it, where one member of a fork may be missing and a later one there.
pub(super) fn encoded(header: &Header) -> Bytes {
    let plain = Header { blob_gas_used: None, excess_blob_gas: None, parent_beacon_block_root: None, ..header.clone() };
    let bytes = alloy::rlp::encode(plain);
    let mut rest = bytes.as_slice();
    RlpHeader::decode(&mut rest).expect("it was encoded above");
    let mut members = rest.to_vec();
    let later = [header.blob_gas_used.map(alloy::rlp::encode), header.excess_blob_gas.map(alloy::rlp::encode)];
    let beacon_root = header.parent_beacon_block_root.map(alloy::rlp::encode);
    // Withdrawals, which there are none of, come first.
    let later = [None].into_iter().chain(later).chain([beacon_root]).collect::<Vec<_>>();
    let count = later.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    for member in &later[..count] {
        members.extend_from_slice(member.as_deref().unwrap_or(&[EMPTY_STRING_CODE]));
    }
    let mut out = Vec::with_capacity(members.len() + 4);
    RlpHeader { list: true, payload_length: members.len() }.encode(&mut out);
    out.extend_from_slice(&members);
    out.into()
}

/// Hash of a header.
pub(super) fn hash(header: &Header) -> B256 {
    keccak256(encoded(header))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::block::BLOCK_GAS_LIMIT;

    fn parent() -> Header {
        let mut mix_hash = B256::ZERO;
        mix_hash[23] = 60;
        Header {
            difficulty: U256::ONE,
            gas_limit: BLOCK_GAS_LIMIT,
            extra_data: B256::ZERO.to_vec().into(),
            base_fee_per_gas: Some(100_000_000),
            mix_hash,
            ..Header::default()
        }
    }

    /// Recorded: `rpc/simulate: validation without nonce`, `two blocks with overrides`.
    #[test]
    fn members_are_those_that_nitro_gives() {
        let parent = parent();
        let mut first = draft(&parent, &BlockPlan { number: 1, ..BlockPlan::default() });
        let second = draft(&first, &BlockPlan { number: 2, ..BlockPlan::default() });
        assert_eq!(first.parent_beacon_block_root, Some(B256::ZERO));
        assert_eq!(second.parent_beacon_block_root, None, "the draft before has no base fee yet");
        complete(&mut first, (&Header { gas_used: 21_000, ..parent.clone() }, B256::ZERO), true);
        assert_eq!(first.base_fee_per_gas, Some(87_500_001));
        assert_eq!((first.blob_gas_used, first.excess_blob_gas), (Some(0), Some(0)));

        let priced = draft(&parent, &BlockPlan { base_fee: Some(7), ..BlockPlan::default() });
        assert!(draft(&priced, &BlockPlan::default()).parent_beacon_block_root.is_some());
        let difficult = draft(&parent, &BlockPlan { difficulty: Some(U256::from(2)), ..BlockPlan::default() });
        let mut after = draft(&difficult, &BlockPlan { difficulty: Some(U256::ONE), ..BlockPlan::default() });
        complete(&mut after, (&difficult, B256::ZERO), false);
        assert_eq!((after.base_fee_per_gas, after.blob_gas_used, after.excess_blob_gas), (Some(0), None, Some(0)));
    }

    #[test]
    fn the_base_fee_follows_the_gas_of_the_parent() {
        let after =
            |gas_used| next_base_fee(&Header { gas_limit: 2_000, base_fee_per_gas: Some(80), gas_used, ..parent() });
        assert_eq!([after(0), after(1_000), after(1_001), after(2_000)], [70, 80, 81, 90]);
        assert_eq!(next_base_fee(&Header { gas_limit: 1, gas_used: 1, ..parent() }), 100_000_001);
    }

    /// Recorded: a block without transactions has 0x247 bytes with the beacon block's root, and 0x226 without.
    #[test]
    fn what_is_missing_between_two_members_is_encoded_as_nothing() {
        let mut header = Header { number: 0x3c7, timestamp: 0x6b0b_2212, ..draft(&parent(), &BlockPlan::default()) };
        complete(&mut header, (&parent(), B256::ZERO), false);
        let with_root = encoded(&header).len();
        header.parent_beacon_block_root = None;
        assert_eq!((with_root + 5, encoded(&header).len() + 5), (0x247, 0x226));
        header.blob_gas_used = None;
        header.excess_blob_gas = None;
        assert_eq!(encoded(&header), alloy::rlp::encode(&header));
        assert_eq!(hash(&header), header.hash_slow());
    }
}
