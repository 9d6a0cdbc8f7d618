//! Random steps beside a model of the rules. The model keeps everything in the plainest way: every date of the calendar,
//! every payment with its time; nothing is packed, and nothing is remembered between two questions. After each step the
//! answer and all views are compared, and the money: what came is what was paid, taken back or is here.

mod model;
mod steps;

use alloy::{primitives::U256, sol_types::SolCall};
use consilium_bindings::Mandate::*;
use eyre::{Result, ensure};
use harness::{chain::Account, differential::strategy::runner};
use proptest::strategy::{Strategy, ValueTree};

use crate::world::*;
use model::Model;
use steps::{Deed, Step, steps};

/// A share for each test run.
const SCRIPTS: u64 = 3;
const STEPS: usize = 140;

/// What must have happened, or the walk did not go far.
const OUTCOMES: [&str; 17] = [
    "grant",
    "grant: refused",
    "end",
    "end: refused",
    "allow",
    "allow: refused",
    "spend",
    "spend: not running",
    "spend: overdue",
    "spend: exceeded",
    "spend: short",
    "report",
    "report: refused",
    "mark",
    "mark: refused",
    "recover",
    "recover: short",
];

struct Walk {
    world: World,
    holders: Vec<Account>,
    monies: [alloy::primitives::Address; 2],
    model: Model,
}

impl Walk {
    async fn start() -> Result<Self> {
        let world = World::start().await?;
        let token = world.plain(0).await?;
        let holders = vec![world.anna.clone(), world.ben.clone()];
        Ok(Self { world, holders, monies: [ETHER, token], model: Model::default() })
    }

    /// Takes a step; what came of it.
    async fn takes(&mut self, step: &Step) -> Result<&'static str> {
        self.world.chain.advance(step.wait).await?;
        let now = self.world.at_once().await?;
        let expected = self.model.does(&step.deed, now);
        let (by, call) = self.call(&step.deed, now);
        if let Some(call) = call {
            let done = by.send(self.world.at, call).await?.status();
            ensure!(done != expected.contains(':'), "{step:?}: the model says {expected}, and the contract {done}");
        } else if let Deed::Pay { money, amount } = step.deed {
            let token = self.monies[money];
            if token.is_zero() {
                self.world.earns(amount).await?;
            } else {
                self.world.tells(token, Token::mintCall { to: self.world.at, amount: number(amount) }).await?;
            }
        }
        self.compares(now).await?;
        Ok(expected)
    }

    fn call(&self, deed: &Deed, now: u64) -> (&Account, Option<Vec<u8>>) {
        let dao = &self.world.dao;
        let at = |who: usize| self.holders[who].address();
        match *deed {
            Deed::Grant { who, term, every, first } => {
                let first = if first == 0 { 0 } else { now + first - 1 };
                (dao, Some(grant(at(who), now + term, every, first).abi_encode()))
            }
            Deed::End { who } => (dao, Some(endMandateCall { holder: at(who) }.abi_encode())),
            Deed::Allow { who, money, limit, period } => {
                let (holder, token, limit) = (at(who), self.monies[money], limit.into());
                (dao, Some(setAllowanceCall { holder, token, limit, period }.abi_encode()))
            }
            Deed::Spend { who, money, amount } => {
                (&self.holders[who], Some(spend(self.monies[money], amount).abi_encode()))
            }
            Deed::Report { who } => (&self.holders[who], Some(report().abi_encode())),
            Deed::Mark { who } => (&self.world.stranger, Some(markOverdueCall { holder: at(who) }.abi_encode())),
            Deed::Recover { money, amount } => {
                let (token, amount) = (self.monies[money], number(amount));
                (dao, Some(recoverCall { token, to: payee(), amount }.abi_encode()))
            }
            Deed::Pay { .. } => (&self.world.stranger, None),
        }
    }

    /// All views, and the conservation of money.
    async fn compares(&self, now: u64) -> Result<()> {
        let (world, model) = (&self.world, &self.model);
        for (who, account) in self.holders.iter().enumerate() {
            let holder = account.address();
            let found = world.read(mandateCall { holder }).await?;
            let found = (found.until.to::<u64>(), found.reportEvery, found.due.to::<u64>(), found.number);
            ensure!(found == model.mandate(who), "mandate of {who}: {found:?} and {:?}", model.mandate(who));
            ensure!(world.read(isRunningCall { holder }).await? == model.is_running(who, now), "running {who}");
            ensure!(world.read(isOverdueCall { holder }).await? == model.is_overdue(who, now), "overdue {who}");
            let missed: u64 = world.read(missedCall { holder }).await?.to();
            ensure!(missed == model.missed(who, now).unwrap_or(0), "missed {who}: {missed}");
            for (money, token) in self.monies.into_iter().enumerate() {
                let found = world.read(allowanceCall { holder, token }).await?;
                let found = (found.limit.to(), found.left.to(), found.period, found.refillsAt.to());
                let expected = model.allowance(who, money, now);
                ensure!(found == expected, "allowance of {who} in {money}: {found:?} and {expected:?}");
            }
        }
        for (money, token) in self.monies.into_iter().enumerate() {
            let (came, gone) = model.moved(money);
            ensure!(world.balance(token, world.at).await? == U256::from(came - gone), "what is here of {money}");
            ensure!(world.balance(token, payee()).await? == U256::from(gone), "what was paid of {money}");
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_does_what_the_model_says() -> Result<()> {
    let mut seen = std::collections::BTreeMap::<_, usize>::new();
    for script in 0..SCRIPTS {
        let drawn = steps(STEPS).new_tree(&mut runner(14, script)).map_err(|reason| eyre::eyre!("{reason}"))?.current();
        let mut walk = Walk::start().await?;
        for (index, step) in drawn.iter().enumerate() {
            let outcome =
                walk.takes(step).await.map_err(|error| error.wrap_err(format!("script {script}, {index}")))?;
            *seen.entry(outcome).or_default() += 1;
        }
    }
    let never: Vec<_> = OUTCOMES.iter().filter(|outcome| !seen.contains_key(**outcome)).collect();
    ensure!(never.is_empty(), "never {never:?}: {seen:?}");
    Ok(())
}
