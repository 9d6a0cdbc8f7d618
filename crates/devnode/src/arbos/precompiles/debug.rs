//! ArbDebug (0xff): for development chains, of which this is one.

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::{
    arbos::{addresses::ARB_DEBUG, layout::layout},
    evm::ColdAccess,
    state::bytecode,
};
use alloy_primitives::{B256, Bytes};
use nitro::ArbDebug::*;
use revm::{context::JournalTr, state::Bytecode};

pub(super) const METHODS: &[Method] = methods! {
    Write becomeChainOwnerCall => |call: &mut Call<'_>, _| {
        let caller = call.caller();
        layout().chain_owners.add(call, caller)?;
        Ok::<_, Halt>(becomeChainOwnerReturn {})
    };
    Write overwriteContractCodeCall => |call: &mut Call<'_>, of: overwriteContractCodeCall| -> Result<Bytes, Halt> {
        // As in Nitro, nothing is answered unless somebody has read the code before in this message.
        let before = call.context().cold_account(of.target).info.code.as_ref().map(Bytecode::original_bytes);
        call.context().journaled_state.set_code(of.target, bytecode(of.newCode));
        Ok(before.unwrap_or_default())
    };
    Payable eventsCall => |call: &mut Call<'_>, with: eventsCall| emit(call, with.flag, with.value);
    View eventsViewCall => |call: &mut Call<'_>, _| emit(call, true, B256::ZERO).map(|_| eventsViewReturn {});
    Pure customRevertCall => |_: &mut Call<'_>, with: customRevertCall| {
        let text = r"This spider family wards off bugs: /\oo/\ //\(oo)//\ /\oo/\".to_owned();
        Err::<customRevertReturn, _>(Halt::error(Custom { number: with.number, text, flag: true }))
    };
    // Nitro's node panics here, and answers nothing; a revert says as much.
    Write panicCall => |_: &mut Call<'_>, _| Err::<panicReturn, _>(Halt::Other("called ArbDebug's debug-only Panic method"));
    Pure legacyErrorCall => |_: &mut Call<'_>, _| Err::<legacyErrorReturn, _>(Halt::Other("example legacy error"));
};

fn emit(call: &mut Call<'_>, flag: bool, value: B256) -> Result<eventsReturn, Halt> {
    let caller = call.caller();
    call.log(Basic { flag: !flag, value })?;
    call.log(Mixed { flag, not: !flag, value, conn: ARB_DEBUG, caller })?;
    Ok(eventsReturn { caller, paid: call.value() })
}
