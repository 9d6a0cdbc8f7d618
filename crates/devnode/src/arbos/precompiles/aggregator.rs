//! ArbAggregator (0x6d): who posts batches.

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::arbos::{addresses::BATCH_POSTER, l1_pricing, layout::layout};
use alloy_primitives::{Address, U256};
use nitro::ArbAggregator::*;

pub(super) const METHODS: &[Method] = methods! {
    View getPreferredAggregatorCall => |_: &mut Call<'_>, _| {
        Ok(getPreferredAggregatorReturn { aggregator: BATCH_POSTER, isDefault: true })
    };
    View getDefaultAggregatorCall => |_: &mut Call<'_>, _| Ok(BATCH_POSTER);
    View getBatchPostersCall => |call: &mut Call<'_>, _| layout().l1.posters.addresses.members(call);
    Write addBatchPosterCall => |call: &mut Call<'_>, of: addBatchPosterCall| {
        if !is_owner(call)? {
            return Err(Halt::Other("must be called by chain owner"));
        }
        if !layout().l1.posters.addresses.contains(call, of.newBatchPoster)? {
            l1_pricing::add_poster(call, of.newBatchPoster, of.newBatchPoster)?;
        }
        Ok(addBatchPosterReturn {})
    };
    View getFeeCollectorCall => |call: &mut Call<'_>, of: getFeeCollectorCall| poster(call, of.batchPoster)?.pay_to(call);
    Write setFeeCollectorCall => |call: &mut Call<'_>, of: setFeeCollectorCall| {
        let poster = poster(call, of.batchPoster)?;
        let collector = poster.pay_to(call)?;
        let caller = call.caller();
        if caller != of.batchPoster && caller != collector && !is_owner(call)? {
            return Err(Halt::Other("only a batch poster (or its fee collector / chain owner) may change its fee collector"));
        }
        poster.set_pay_to(call, of.newFeeCollector)?;
        Ok(setFeeCollectorReturn {})
    };
    View getTxBaseFeeCall => |_: &mut Call<'_>, _| Ok(U256::ZERO);
    Write setTxBaseFeeCall => |_: &mut Call<'_>, _| Ok(setTxBaseFeeReturn {});
};

fn is_owner(call: &mut Call<'_>) -> Result<bool, Halt> {
    let caller = call.caller();
    layout().chain_owners.contains(call, caller)
}

fn poster(call: &mut Call<'_>, address: Address) -> Result<l1_pricing::Poster, Halt> {
    l1_pricing::poster(call, address)?.ok_or(Halt::Other("tried to open a batch poster that does not exist"))
}
