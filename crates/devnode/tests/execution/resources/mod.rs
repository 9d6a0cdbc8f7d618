//! What gas is counted for, by figures from Nitro's rules (go-ethereum's fork, `core/vm/gas_table.go`, `operations_acl.go`,
//! `operations_acl_arbitrum.go`; Nitro, `arbos/programs/api.go`).

mod evm;
mod programs;

use devnode::evm::{Outcome, Resource, Resources};

/// Gas for history growth, storage read, storage written, storage growth; calldata, and programs' computation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Used {
    history: u64,
    read: u64,
    written: u64,
    growth: u64,
    calldata: u64,
    wasm: u64,
    computation: u64,
}

/// What a message used. All of it is counted.
fn used(outcome: &Outcome) -> Used {
    let resources: Resources = outcome.resources.expect("it was counted");
    assert_eq!(resources.total(), outcome.peak_gas_used, "{resources:?}");
    assert_eq!(resources.get(Resource::SingleDim), 0);
    Used {
        history: resources.get(Resource::HistoryGrowth),
        read: resources.get(Resource::StorageRead),
        written: resources.get(Resource::StorageWrite),
        growth: resources.get(Resource::StorageGrowth),
        calldata: resources.get(Resource::L2Calldata),
        wasm: resources.get(Resource::WasmComputation),
        computation: resources.get(Resource::Computation),
    }
}
