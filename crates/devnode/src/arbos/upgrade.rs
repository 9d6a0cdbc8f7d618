//! Upgrades of ArbOS, which a chain owner schedules (Nitro `arbos/arbosState/arbosstate.go`, `UpgradeArbosVersion`).

use super::{addresses::precompiles_new_in, layout::layout, ledgers::Free, programs::StylusParams, storage::Ledger};
use crate::{
    ArbosVersion,
    evm::{ColdAccess, Context},
};
use alloy_primitives::bytes;
use revm::{context::JournalTr, state::Bytecode};

/// Upgrades at the start of a block if the time has come. A lower version has no effect.
pub(super) fn if_due(context: &mut Context) {
    let (now, time) = (context.chain.version(), context.chain.block.timestamp);
    let mut state = Free(context);
    let Ok(scheduled) = state.get_u64(layout().upgrade_version);
    if scheduled <= now.number() {
        // Nitro reads both at once.
        state.shown(layout().upgrade_timestamp, None);
        return;
    }
    let Ok(due) = state.get_u64(layout().upgrade_timestamp);
    if time < due {
        return;
    }
    let Some(next) = ArbosVersion::numbered(scheduled) else {
        // A Nitro node stops here until somebody installs a newer one.
        tracing::warn!(
            "the upgrade to ArbOS {scheduled} is due, which this node does not have: the chain stays as it is"
        );
        return;
    };
    for version in ArbosVersion::ALL.into_iter().filter(|version| *version > now && *version <= next) {
        upgrade(context, version);
    }
    let Ok(()) = Free(context).set_u64(layout().version, next.number());
}

/// Makes the changes of one version.
fn upgrade(context: &mut Context, version: ArbosVersion) {
    let mut state = Free(context);
    match version {
        // 61 computes in another way what 60 stores.
        ArbosVersion::V51 | ArbosVersion::V61 => {}
        ArbosVersion::V60 => {
            let mut params = StylusParams::load(&mut state);
            params.upgrade_to_60();
            let Ok(()) = params.save(&mut state);
        }
    }
    // Solidity asks a call's target for code, and a precompile has none.
    for address in precompiles_new_in(version) {
        context.cold_account(*address);
        context.journaled_state.set_code(*address, Bytecode::new_legacy(bytes!("fe")));
    }
}
