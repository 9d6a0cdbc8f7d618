//! ArbOwnerPublic (0x6b): what owners have set, for anybody.

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::arbos::{layout::layout, programs, storage::Ledger};
use nitro::ArbOwnerPublic::*;

pub(super) const METHODS: &[Method] = methods! {
    View isChainOwnerCall => |call: &mut Call<'_>, of: isChainOwnerCall| layout().chain_owners.contains(call, of.account);
    Write rectifyChainOwnerCall => |call: &mut Call<'_>, of: rectifyChainOwnerCall| {
        if !layout().chain_owners.rectify(call, of.ownerToRectify)? {
            return Err(Halt::Other("no owner, or an owner that is correctly mapped"));
        }
        call.log(ChainOwnerRectified { rectifiedOwner: of.ownerToRectify })?;
        Ok(rectifyChainOwnerReturn {})
    };
    View getAllChainOwnersCall => |call: &mut Call<'_>, _| layout().chain_owners.members(call);
    View getNativeTokenManagementFromCall => |call: &mut Call<'_>, _| call.get_u64(layout().native_token_from);
    View isNativeTokenOwnerCall => |call: &mut Call<'_>, of: isNativeTokenOwnerCall| {
        layout().native_token_owners.contains(call, of.account)
    };
    View getAllNativeTokenOwnersCall => |call: &mut Call<'_>, _| layout().native_token_owners.members(call);
    View getNetworkFeeAccountCall => |call: &mut Call<'_>, _| call.get_address(layout().network_fee_account);
    View getInfraFeeAccountCall => |call: &mut Call<'_>, _| call.get_address(layout().infra_fee_account);
    View getBrotliCompressionLevelCall => |call: &mut Call<'_>, _| call.get_u64(layout().brotli_level);
    View getParentGasFloorPerTokenCall => |call: &mut Call<'_>, _| call.get_u64(layout().l1.gas_floor_per_token);
    View getScheduledUpgradeCall => |call: &mut Call<'_>, _| {
        let version = call.get_u64(layout().upgrade_version)?;
        let timestamp = call.get_u64(layout().upgrade_timestamp)?;
        Ok(if call.version().number() >= version {
            getScheduledUpgradeReturn { arbosVersion: 0, scheduledForTimestamp: 0 }
        } else {
            getScheduledUpgradeReturn { arbosVersion: version, scheduledForTimestamp: timestamp }
        })
    };
    View isCalldataPriceIncreaseEnabledCall => |call: &mut Call<'_>, _| Ok::<_, Halt>(call.get(layout().features)?.bit(0));
    View @V60 getMaxStylusContractFragmentsCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.max_fragments);
    View @V60 getTransactionFilteringFromCall => |call: &mut Call<'_>, _| call.get_u64(layout().filtering_from);
    View @V60 isTransactionFiltererCall => |call: &mut Call<'_>, of: isTransactionFiltererCall| {
        layout().filterers.contains(call, of.filterer)
    };
    View @V60 getAllTransactionFilterersCall => |call: &mut Call<'_>, _| layout().filterers.members(call);
    View @V60 getFilteredFundsRecipientCall => |call: &mut Call<'_>, _| call.get_address(layout().filtered_funds_recipient);
    View @V60 getCollectTipsCall => |call: &mut Call<'_>, _| Ok::<_, Halt>(!call.get(layout().collect_tips)?.is_zero());
};
