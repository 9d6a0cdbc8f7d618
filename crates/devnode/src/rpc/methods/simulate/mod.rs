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
    let (validates, traces_transfers) = (options.validates, options.traces_transfers);
    let rules = SimulationRules { validates, traces_transfers, ..SimulationRules::default() };
    let with_transactions = options.with_transactions;
    let work = move |simulator| run(simulator, blocks, with_transactions);
    chain.simulate_blocks(base, rules, work).await.ok_or_else(RpcError::internal)?
}

/// Makes the blocks, and shows each.
fn run(mut simulator: Simulator, blocks: Vec<Planned>, with_transactions: bool) -> Result<Value, RpcError> {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ArbosVersion,
        arbos::ArbOs,
        chain::Style,
        evm::{MAX_CODE, Runtime},
        genesis,
        stylus::Programs,
    };
    use plan::Asked;
    use std::time::Duration;

    /// Simulates three blocks without calls.
    async fn simulated(chain: &Chain, rules: SimulationRules) -> Result<Value, RpcError> {
        let head = chain.head();
        let asked = (0..3).map(|_| Asked::default()).collect();
        let blocks = plan::in_order(asked, head.header.number, head.header.timestamp).unwrap();
        chain.simulate_blocks(head, rules, |simulator| run(simulator, blocks, false)).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn blocks_without_calls_end_with_the_time_of_all() {
        let runtime = Runtime::new(ArbOs::default(), Programs::shared().unwrap(), MAX_CODE);
        let genesis = genesis::state(ArbosVersion::default(), Style::Nitro);
        let chain = Chain::start(runtime, genesis, Style::Nitro, 1).unwrap();
        let no_time = SimulationRules { timeout: Duration::ZERO, ..SimulationRules::default() };
        let error = simulated(&chain, no_time).await.unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (INTERNAL, "execution aborted (timeout = 0ns)"));
        let enough = SimulationRules { timeout: Duration::MAX, ..SimulationRules::default() };
        assert_eq!(simulated(&chain, enough).await.unwrap().as_array().unwrap().len(), 3);
    }
}
