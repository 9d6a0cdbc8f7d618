//! `eth_simulateV1`: calls in blocks that are made for the answer alone.
//!
//! Rules, defaults, codes and words are those of Nitro's go-ethereum (`internal/ethapi/simulate.go`). A simulated block
//! holds calls and nothing else: ArbOS does nothing at its start, and its base fee is 0 unless one is given or calls are
//! validated.

mod calls;
mod codes;
mod plan;
mod show;

use super::logs::block_or_latest;
use crate::{
    chain::{Chain, SimulationRules, Simulator},
    rpc::{
        error::RpcError,
        params::{BlockId, Params},
    },
};
use codes::{INTERNAL, INVALID_PARAMS, LIMIT_EXCEEDED, MOST_BLOCKS};
use plan::{Options, Planned};
use serde_json::Value;

/// `eth_simulateV1({blockStateCalls, traceTransfers?, validation?, returnFullTransactions?}, block?)`: each block with what
/// came of its calls.
///
/// # Errors
/// -38010 and -38011 nonce too low or high, -38013 gas below what a call costs before it runs, -38014 no funds, -38015 more
/// gas than the block has, -38020 and -38021 numbers or times out of order, -38025 init code too long, -38026 too many
/// blocks, -32602 nothing to do or a wrong fee, -32603 any other refusal, -32000 for overrides.
pub(super) async fn simulate(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let options: Options = params.required()?;
    let id: Option<BlockId> = params.optional()?;
    params.end()?;
    if options.blocks.is_empty() {
        return Err(RpcError::new(INVALID_PARAMS, "empty input"));
    }
    if options.blocks.len() as u64 > MOST_BLOCKS {
        return Err(RpcError::new(LIMIT_EXCEEDED, "too many blocks"));
    }
    let base = block_or_latest(chain, id)?;
    let blocks = plan::in_order(options.blocks, base.header.number, base.header.timestamp)?;
    let rules = SimulationRules { validates: options.validates, traces_transfers: options.traces_transfers };
    let with_transactions = options.with_transactions;
    let work = move |mut simulator: Simulator| {
        let mut shown = Vec::with_capacity(blocks.len());
        for Planned { plan, state, calls } in blocks {
            // A block without calls takes time, too: its state is hashed.
            simulator.check_time().map_err(|refusal| RpcError::new(INTERNAL, refusal.to_string()))?;
            let precompiles = simulator.precompiles().clone();
            simulator.begin(&plan, |overlay, environment| {
                state.check(Some(&precompiles))?;
                state.move_precompiles(environment);
                state.apply(overlay);
                Ok(())
            })?;
            let calls = calls::run(&mut simulator, calls)?;
            shown.push(show::block(&simulator.seal(), &calls, with_transactions));
        }
        Ok(Value::Array(shown))
    };
    chain.simulate_blocks(base, rules, work).await.ok_or_else(RpcError::internal)?
}
