//! A seeded walk: reports, calls of the owner, escapes and time at random, beside a model of a few lines.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolError,
};
use consilium_deploy::vault::Vault;
use eyre::{Result, ensure};

use crate::setup::{DAY, DELAY, FEE, PERIOD, REPORTS, World, uint48};

/// How many walks, and how many steps each has.
const WALKS: u64 = 8;
const STEPS: u32 = 90;

/// Drawn numbers, the same for each seed (Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn draw(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// What the vault has to know of the dead program.
#[derive(Clone, Debug, Default)]
struct Model {
    reports: Vec<u64>,
    confirmed: Option<u64>,
    escaped: bool,
}

impl Model {
    /// Forgets what is too long ago.
    fn at(&mut self, now: u64) {
        if self.reports.last().is_some_and(|last| now > last + 7 * DAY) {
            *self = Self { escaped: self.escaped, ..Self::default() };
        }
    }

    /// What a report of the dead program is refused with, if it is.
    fn report(&mut self, now: u64, program: Address) -> Option<Vec<u8>> {
        if self.escaped {
            return Some(Vault::NotWatched { program }.abi_encode());
        }
        if let Some(last) = self.reports.last().filter(|last| now < **last + DAY) {
            return Some(Vault::ReportedTooSoon { next: uint48(last + DAY) }.abi_encode());
        }
        self.reports.push(now);
        let long = now >= self.reports[0] + PERIOD && self.reports.len() >= usize::from(REPORTS);
        self.confirmed = self.confirmed.or(long.then_some(now));
        None
    }

    /// What an escape of the heir is refused with, if it is.
    fn escape(&mut self, now: u64, program: Address, heir: Address) -> Option<Vec<u8>> {
        if self.escaped {
            return Some(Vault::UnauthorizedHeir { account: heir }.abi_encode());
        }
        let Some(confirmed) = self.confirmed else { return Some(Vault::NotConfirmed { program }.abi_encode()) };
        if now < confirmed + DELAY {
            return Some(Vault::EscapeTooSoon { escapableFrom: uint48(confirmed + DELAY) }.abi_encode());
        }
        let last = self.reports.last().copied().unwrap_or_default();
        if now > last + 2 * DAY {
            return Some(Vault::ReportOutdated { last: uint48(last) }.abi_encode());
        }
        *self = Self { escaped: true, ..Self::default() };
        None
    }
}

#[tokio::test]
async fn reports_calls_and_time_at_random_do_what_the_model_does() -> Result<()> {
    let (mut counted, mut escapes, mut voided) = (0, 0, 0);
    for seed in 0..WALKS {
        let world = World::upgraded().await?;
        let (program, heir) = (world.mortal, world.heir);
        let (mut dice, mut model) = (Dice(seed), Model::default());
        for step in 0..STEPS {
            // Seldom more than a week, so that most deaths are confirmed in the end.
            let days = if dice.draw(150) == 0 { 8 } else { dice.draw(6) };
            let now = world.chain.now().await? + days * DAY + dice.draw(2) * dice.draw(DAY);
            world.chain.advance_to(now).await?;
            world.chain.set_time(now).await?;
            model.at(now);
            let place = format!("seed {seed}, step {step}, at {now}: {model:?}");
            match dice.draw(60) {
                // The owner lives after all. In half of the walks it does not.
                0 if seed % 2 == 0 && !model.escaped => {
                    let (target, data) = (world.heir, Default::default());
                    let sign = Vault::executeCall { target, value: U256::ZERO, data };
                    ensure!(world.calls(world.owner, sign).await?.success, "{place}");
                    voided += u32::from(!model.reports.is_empty());
                    model = Model::default();
                }
                // The other program is none the worse, whenever somebody asks.
                1..6 if !model.escaped => ensure!(world.reports(world.lasting, FEE).await?, "{place}"),
                6..18 => {
                    let answer = world.calls(heir, Vault::escapeCall { program }).await?;
                    match model.escape(now, program, heir) {
                        Some(data) => ensure!(!answer.success && *answer.data == data[..], "{place}: {answer:?}"),
                        None => ensure!(answer.success, "{place}: {answer:?}"),
                    }
                    escapes += u32::from(answer.success);
                }
                _ => {
                    let call = Vault::reportCall { program };
                    let answer = world.asks(&call, 0, 30_000_000).await?;
                    match model.report(now, program) {
                        Some(data) => ensure!(!answer.success && *answer.data == data[..], "{place}: {answer:?}"),
                        None => {
                            ensure!(answer.success && !answer.output::<Vault::reportCall>(), "{place}");
                            world.chain.set_time(now).await?;
                            ensure!(world.sends(&call, 0, 30_000_000).await?.status(), "{place}");
                            counted += 1;
                        }
                    }
                }
            }
            let death = world.death(program).await?;
            ensure!(death.reports as usize == model.reports.len(), "{place}: {death:?}");
            ensure!(death.last == uint48(model.reports.last().copied().unwrap_or_default()), "{place}: {death:?}");
            ensure!(death.since == uint48(model.reports.first().copied().unwrap_or_default()), "{place}: {death:?}");
            ensure!(death.confirmed == uint48(model.confirmed.unwrap_or_default()), "{place}: {death:?}");
            let owner = if model.escaped { world.heir } else { world.owner };
            ensure!(world.view(Vault::ownerCall {}).await? == owner, "{place}");
        }
    }
    println!("{counted} reports, {voided} times voided, {escapes} escapes");
    ensure!(counted > 100 && escapes > 0 && voided > 0, "{counted} reports, {voided} voided, {escapes} escapes");
    Ok(())
}
