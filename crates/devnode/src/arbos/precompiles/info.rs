//! The small precompiles: ArbInfo (0x65), ArbFunctionTable (0x68), ArbosTest (0x69), ArbStatistics (0x6f) and
//! ArbosActs (0xa4b05).

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::{
    arbos::storage::{Ledger, words},
    evm::{ColdAccess, Resource},
};
use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolCall;
use nitro::ArbInfo::*;

/// ArbInfo.
pub(super) const INFO: &[Method] = methods! {
    View getBalanceCall => |call: &mut Call<'_>, of: getBalanceCall| {
        call.burn(Resource::Computation, 700)?;
        Ok::<_, Halt>(call.context().cold_balance(of.account))
    };
    View getCodeCall => |call: &mut Call<'_>, of: getCodeCall| -> Result<Bytes, Halt> {
        call.burn(Resource::StorageRead, 2_100)?;
        let (_, code) = call.context().cold_code(of.account);
        call.burn(Resource::StorageRead, 3 * words(code.len()))?;
        Ok(code)
    };
};

/// ArbFunctionTable: a leftover whose table is always empty.
pub(super) const FUNCTION_TABLE: &[Method] = methods! {
    Write uploadCall => |_: &mut Call<'_>, _| Ok(uploadReturn {});
    View sizeCall => |_: &mut Call<'_>, _| Ok(U256::ZERO);
    View getCall => |_: &mut Call<'_>, _| Err::<getReturn, _>(Halt::Other("table is empty"));
};

/// ArbosTest.
pub(super) const TEST: &[Method] = methods! {
    Pure burnArbGasCall => |call: &mut Call<'_>, of: burnArbGasCall| {
        let gas = u64::try_from(of.gasAmount).map_err(|_| Halt::Other("not a uint64"))?;
        // A request for more than there is burns what there is, and does not fail.
        let _ = call.burn(Resource::Computation, gas);
        Ok(burnArbGasReturn {})
    };
};

/// ArbStatistics: figures of the chain before Nitro, all zero here.
pub(super) const STATISTICS: &[Method] = methods! {
    View getStatsCall => |call: &mut Call<'_>, _| {
        let zero = U256::ZERO;
        Ok(getStatsReturn { blocks: U256::from(call.block().number), _1: zero, _2: zero, _3: zero, _4: zero, _5: zero })
    };
};

/// ArbosActs: for ArbOS' internal transactions, which do not come this way.
pub(super) const ACTS: &[Method] = methods! {
    Write startBlockCall => |_: &mut Call<'_>, _| Err::<startBlockReturn, _>(Halt::error(CallerNotArbOS {}));
    Write batchPostingReportCall => |_: &mut Call<'_>, _| Err::<batchPostingReportReturn, _>(Halt::error(CallerNotArbOS {}));
    Write batchPostingReportV2Call => |_: &mut Call<'_>, _| Err::<batchPostingReportV2Return, _>(Halt::error(CallerNotArbOS {}));
};

/// Calldata of the internal transaction that starts a block.
pub(in crate::arbos) fn start_block_data(l1_base_fee: U256, l1_block: u64, block: u64, seconds: u64) -> Bytes {
    startBlockCall { l1BaseFee: l1_base_fee, l1BlockNumber: l1_block, l2BlockNumber: block, timePassed: seconds }
        .abi_encode()
        .into()
}
