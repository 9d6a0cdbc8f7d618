//! The walks, made once and recorded.

use std::sync::{Arc, OnceLock};

use alloy::{
    primitives::{Address, B256, Log, U256},
    providers::Provider,
    rpc::types::Filter,
    sol_types::SolEvent,
};
use eyre::{OptionExt, Result, WrapErr, ensure};
use harness::answer::events_among;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::actions::{Action, actions, deck};
use crate::cast::Cast;
use crate::ledger::Ledger;
use crate::view::{self, Known, View};
use crate::world::World;

/// How many walks, each with a DAO and a seed of its own.
const WALKS: u8 = 3;
/// How many actions a walk takes. All that the properties ask for happens well before.
const ACTIONS: usize = 420;
/// How many proposals, and operations, are looked at: the latest.
const LOOKED_AT: usize = 5;

/// One action, and what was before and after it.
pub(crate) struct Step {
    pub(crate) cast: Arc<Cast>,
    /// For the reader of a failure.
    pub(crate) action: Action,
    /// Who sent it, and to whom. Nobody, where time passed.
    pub(crate) by: Address,
    pub(crate) to: Address,
    pub(crate) input: Vec<u8>,
    /// Whose signature it brought.
    pub(crate) signer: Option<Address>,
    pub(crate) success: bool,
    pub(crate) logs: Vec<Log>,
    pub(crate) before: Arc<View>,
    pub(crate) after: Arc<View>,
    /// What the events show up to here.
    pub(crate) ledger: Arc<Ledger>,
}

impl Step {
    /// The events of one kind that a contract logged.
    pub(crate) fn events<E: SolEvent>(&self, by: Address) -> Vec<E> {
        events_among(&self.logs, by).expect("an event is what its interface says")
    }

    /// Whether the input calls this function.
    pub(crate) fn calls<C: alloy::sol_types::SolCall>(&self, at: Address) -> bool {
        self.to == at && self.input.starts_with(&C::SELECTOR)
    }
}

/// All steps of all walks.
pub(crate) fn steps() -> impl Iterator<Item = &'static Step> {
    static WALKED: OnceLock<Vec<Step>> = OnceLock::new();
    WALKED
        .get_or_init(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
            let mut steps = Vec::new();
            for seed in 0..WALKS {
                let walked = runtime.block_on(walk(seed)).wrap_err_with(|| format!("walk {seed}"));
                steps.extend(walked.unwrap_or_else(|error| panic!("{error:?}")));
            }
            steps
        })
        .iter()
}

async fn walk(seed: u8) -> Result<Vec<Step>> {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let mut cast = Arc::new(Cast::assemble().await?);
    let (plans, errands, tried, permits) = Default::default();
    let mut world = World { cast: cast.clone(), plans, errands, tried, permits, deck: Vec::new() };
    let mut ledger = Arc::new(history(&cast).await?);
    let mut before = Arc::new(view::read(&cast, &Known::default()).await?);
    let mut steps = Vec::new();
    for number in 0..ACTIONS {
        if world.deck.is_empty() {
            world.deck = draw(deck(), &mut runner)?;
        }
        let drawn = draw(actions(), &mut runner)?;
        let action = world.resolve(drawn, &before);
        let step = take(&mut world, action, &before, &ledger).await.wrap_err_with(|| format!("step {number}"))?;
        (before, ledger) = (step.after.clone(), step.ledger.clone());
        steps.push(step);
        let timelock = before.settings.timelock;
        if timelock != cast.dao.timelock {
            // From here on the rules are asked of the new timelock, with its own past.
            cast = Arc::new(cast.moved(timelock));
            world.cast = cast.clone();
            ledger = Arc::new(history(&cast).await?);
            before = Arc::new(view::read(&cast, &known(&world, &ledger)).await?);
        }
    }
    Ok(steps)
}

fn draw<S: Strategy>(strategy: S, runner: &mut TestRunner) -> Result<S::Value> {
    Ok(strategy.new_tree(runner).map_err(|reason| eyre::eyre!("{reason}"))?.current())
}

/// What the events show of the time before the walk.
async fn history(cast: &Cast) -> Result<Ledger> {
    let dao = &cast.dao;
    let mut ledger = Ledger { timelock: dao.timelock, ..Ledger::default() };
    let filter = Filter::new().address(vec![dao.token, dao.timelock, dao.governor]).from_block(0);
    for log in dao.chain.dev.get_logs(&filter).await? {
        let block = log.block_number.ok_or_eyre("a log has a block")?;
        let block = dao.chain.dev.get_block_by_number(block.into()).await?.ok_or_eyre("the block of a log")?;
        ledger.take(dao, &log.inner, block.header.timestamp)?;
    }
    Ok(ledger)
}

async fn take(world: &mut World, action: Action, before: &Arc<View>, ledger: &Arc<Ledger>) -> Result<Step> {
    let cast = world.cast.clone();
    let dao = &cast.dao;
    let mut step = Step {
        cast: cast.clone(),
        by: Address::ZERO,
        to: Address::ZERO,
        input: Vec::new(),
        signer: None,
        success: true,
        logs: Vec::new(),
        before: before.clone(),
        after: before.clone(),
        ledger: ledger.clone(),
        action,
    };
    if let Action::Wait { time } = step.action {
        dao.chain.advance_to(before.time + time).await?;
    } else if let Some(call) = world.call(&step.action, before)? {
        // Each step has a second of its own: what was before it is what was a timepoint ago.
        dao.chain.set_time(before.time + 1).await?;
        let receipt = call.by.send(call.to, call.input.clone()).await?;
        (step.by, step.to, step.input, step.signer) = (call.by.address(), call.to, call.input, call.signer);
        step.success = receipt.status();
        step.logs = receipt.logs().iter().map(|log| log.inner.clone()).collect();
        let mut told = (**ledger).clone();
        let time = dao.chain.now().await?;
        for log in &step.logs {
            told.take(dao, log, time)?;
        }
        step.ledger = Arc::new(told);
    }
    step.after = Arc::new(view::read(&cast, &known(world, &step.ledger)).await?);
    ensure!(step.after.time >= before.time, "time goes on");
    Ok(step)
}

/// What to look at: the latest proposals and operations that the events show.
fn known(world: &World, ledger: &Ledger) -> Known {
    let made = world.plans.iter().map(|plan| plan.id()).filter(|id| ledger.proposals.contains_key(id));
    let ids: Vec<U256> = made.collect();
    let latest = &ids[ids.len().saturating_sub(LOOKED_AT)..];
    let errands: Vec<B256> = world.errands.iter().map(|errand| errand.id()).collect();
    let mut operations = errands[errands.len().saturating_sub(LOOKED_AT)..].to_vec();
    operations.extend(latest.iter().map(|id| ledger.proposals[id].operation));
    Known { proposals: latest.iter().map(|id| (*id, ledger.proposals[id].start)).collect(), operations }
}
