//! Executing without sending.

use super::{
    logs::block_or_latest,
    overrides::{BlockOverride, StateOverride},
    request::Request,
};
use crate::{
    chain::{Block, Chain, Next, Simulation},
    evm,
    rpc::{
        error::RpcError,
        json, node_interface,
        params::{BlockId, Params, Tag},
        revert,
    },
    state::Overlay,
};
use serde_json::Value;
use std::sync::Arc;

/// Where a message is executed.
pub(super) struct Place {
    block: Arc<Block>,
    /// What the next block would be now, where the call is about that one.
    next: Option<Next>,
    state: StateOverride,
    changes: BlockOverride,
    /// Whether overrides move precompiles, or put code in their place.
    moves: bool,
}

impl Place {
    /// Reads the parameters after the first: block, state override, block override. `default` is the block if none is named.
    /// `moves` lets overrides move precompiles.
    fn read(chain: &Chain, mut params: Params, default: Tag, moves: bool) -> Result<Self, RpcError> {
        let id: Option<BlockId> = params.optional()?;
        let state: StateOverride = params.optional()?.unwrap_or_default();
        let changes: BlockOverride = params.optional()?.unwrap_or_default();
        params.end()?;
        let id = id.unwrap_or(BlockId::Tag(default));
        let block = block_or_latest(chain, Some(id))?;
        changes.check()?;
        state.check(moves.then(|| chain.precompiles_of(&block)))?;
        let pending = id == BlockId::Tag(Tag::Pending);
        let next = pending.then(|| chain.next());
        Ok(Self { block, next, state, changes, moves })
    }

    /// The state after a block, with overrides. `moves` lets them move precompiles.
    pub(super) fn at(
        chain: &Chain,
        id: BlockId,
        overrides: (StateOverride, BlockOverride),
        moves: bool,
    ) -> Result<Self, RpcError> {
        let (state, changes) = overrides;
        let block = block_or_latest(chain, Some(id))?;
        changes.check()?;
        state.check(moves.then(|| chain.precompiles_of(&block)))?;
        Ok(Self { block, next: None, state, changes, moves })
    }

    /// Wei for a gas in that block.
    pub(super) fn base_fee(&self) -> u64 {
        self.block.header.base_fee_per_gas.unwrap_or_default()
    }

    /// The latest time at which a message that is estimated here must still do with that gas: a second later, since the
    /// clock may tick before the message is in a block. `None` where the time is fixed.
    fn until(&self) -> Option<u64> {
        let next = self.next.filter(|next| !next.exact && !self.changes.sets_time())?;
        next.timestamp.checked_add(1)
    }

    /// Runs `work` before the transaction of that index in the block.
    pub(super) async fn run_before<T: Send + 'static>(
        self,
        chain: &Chain,
        index: u64,
        work: impl FnOnce(&Simulation) -> T + Send + 'static,
    ) -> Result<T, RpcError> {
        let Self { block, state, changes, .. } = self;
        if block.header.number == 0 {
            return Err(RpcError::failed("no transaction in genesis"));
        }
        let hash = block.hash;
        let change = move |overlay: &mut Overlay, environment: &mut evm::BlockContext| {
            state.apply(overlay);
            changes.apply(environment);
        };
        let ran = chain.simulate_before(block, index, change, work).await.ok_or_else(RpcError::internal)?;
        let missing = || RpcError::failed(format!("transaction index {index} out of range for block {hash:#x}"));
        ran.ok_or_else(missing)?.map_err(|refusal| RpcError::failed(refusal.to_string()))
    }

    /// Runs `work` there.
    pub(super) async fn run<T: Send + 'static>(
        self,
        chain: &Chain,
        work: impl FnOnce(&Simulation) -> T + Send + 'static,
    ) -> Result<T, RpcError> {
        let Self { block, next, state, changes, moves } = self;
        let change = move |overlay: &mut Overlay, environment: &mut evm::BlockContext| {
            if let Some(next) = next {
                next.apply(environment);
            }
            if moves {
                state.move_precompiles(environment);
            }
            state.apply(overlay);
            changes.apply(environment);
        };
        chain.simulate(block, next.is_some(), change, work).await.ok_or_else(RpcError::internal)
    }
}

/// `eth_call(request, block?, state override?, block override?)`
pub(super) async fn call(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let request: Request = params.required()?;
    let place = Place::read(chain, params, Tag::Latest, true)?;
    let message = request.call()?;
    if node_interface::is_asked(&message) {
        let known = node_interface::Facts::find(chain, &message);
        let run = move |at: &Simulation| node_interface::answer(at, &at.capped(message), known);
        return place.run(chain, run).await?.map(|output| json::bytes(&output));
    }
    let run = move |simulation: &Simulation| {
        let message = simulation.capped(message);
        (message.gas_limit, simulation.call(message))
    };
    let (gas, outcome) = place.run(chain, run).await?;
    let output = revert::output(outcome.map_err(|refusal| revert::refused(&refusal, gas))?)?;
    Ok(json::bytes(&output))
}

/// `eth_estimateGas(request, block?, state override?, block override?)`
pub(super) async fn estimate(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let request: Request = params.required()?;
    // The next block by default: what is estimated is going to be sent, and time may have been moved on for it.
    // An estimate finds precompiles where they are.
    let place = Place::read(chain, params, Tag::Pending, false)?;
    estimate_at(chain, place, request).await.map(json::number)
}

/// The gas that a request needs at a place.
pub(super) async fn estimate_at(chain: &Chain, place: Place, request: Request) -> Result<u64, RpcError> {
    let message = request.estimate()?;
    if node_interface::is_asked(&message) {
        let gas = place.run(chain, move |at| node_interface::estimate(at, &message)).await?;
        return gas.map_err(revert::estimate);
    }
    let until = place.until();
    let gas = place.run(chain, move |simulation| match until {
        Some(time) => simulation.estimate_until(message, time),
        None => simulation.estimate(message),
    });
    gas.await?.map_err(revert::estimate)
}
