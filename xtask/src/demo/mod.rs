//! `cargo xtask demo`: a patient's consents and records, what data earns, and two proposals from the first token to the
//! last wei, each promise checked on the way.
//!
//! 1. [`dao`]: the DAO is deployed, its members get gas, its treasury ether;
//! 2. [`election`] and [`outcome`]: members delegate; a vote admits custodians and activates a schema ([`motions`]);
//! 3. [`care`]: a [`patient`] consents by a passkey, others ask for its data, a doctor breaks the glass, the council
//!    reviews that;
//! 4. [`records`]: a laboratory registers a result, a specialist reads it, a licence pays for it, the patient revokes,
//!    the hospital takes the result over, the patient has it erased;
//! 5. [`council`]: a proposal to empty the treasury succeeds, and the council's Safe cancels it within a minute;
//! 6. a second vote: a grant, a higher quorum, a stricter policy, a newer schema, a new table of revenue;
//! 7. [`care`] and [`records`]: a consent that was given before counts no longer, nothing is registered under the old
//!    schema, and the patient's log is complete;
//! 8. [`revenue`] and [`epochs`]: earlier income stays as it was split, an epoch pays 100,000 patients, a wrong one is
//!    disabled, and no wei is lost;
//! 9. [`purse`]: the treasury's Safe pays a bill within its allowance and nothing more, and the council owes a report;
//! 10. [`council`]: its term ends by itself, and it cannot stop the members from appointing another one.

mod care;
mod clock;
mod council;
mod dao;
mod election;
mod epochs;
mod interfaces;
mod motions;
mod outcome;
mod patient;
mod purse;
mod records;
mod revenue;
mod story;

use alloy::primitives::utils::parse_ether;
use clock::ChainClock;
use consilium_deploy::{Chain, KeySource, Sender};
use dao::Dao;
use devnode::DevNode;
use election::Motion;
use eyre::{Result, bail};
use revenue::Revenue;
use story::Story;
pub(crate) use story::grouped;

/// Runs the demo on an embedded devnode, or on the node at `rpc_url`.
///
/// # Errors
/// If anything differs from what was promised; what happened until then has been printed.
pub(crate) async fn demo(rpc_url: Option<String>) -> Result<()> {
    // Held until the end: dropping it stops it.
    let embedded = if rpc_url.is_none() { Some(DevNode::spawn()?) } else { None };
    let url = rpc_url.or_else(|| embedded.as_ref().map(DevNode::http_url)).expect("one of the two");

    let chain = Chain::connect(&url).await?;
    let key = KeySource::default().key(chain.id(), || bail!("the demo asks for no password"))?;
    let deployer = chain.with_key(key)?;
    let clock = ChainClock::of(&deployer).await;
    println!("chain {} at {url}, time {}\n", deployer.chain().id(), if clock.is_real() { "as it is" } else { "moved" });

    let mut story = Story::new();
    let told = tell(&url, &deployer, &clock, &mut story).await;
    story.print(told.is_ok());
    told
}

async fn tell(url: &str, deployer: &Sender, clock: &ChainClock, story: &mut Story) -> Result<()> {
    let dao: Dao = dao::found(url, deployer, clock, story).await?;
    dao::endow(&dao, deployer, parse_ether("10")?, story).await?;
    let officers = dao::officers(url, &dao, deployer).await?;
    election::register(&dao, story).await?;
    records::propose_schema(&dao, 1, story).await?;
    decide(&dao, motions::records(&dao).await?, clock, story).await?;

    let mut care = care::give(&dao, &officers, story).await?;
    let mut revenue = Revenue::open(&dao, deployer, story).await?;
    records::keep(&dao, &officers, &mut care, &mut revenue, story).await?;

    council::stop(&dao, clock, story).await?;
    records::propose_schema(&dao, 2, story).await?;
    let before = motions::found(&dao).await?;
    decide(&dao, motions::grant(&dao).await?, clock, story).await?;
    motions::was_granted(&dao, before, story).await?;
    records::after(&dao, &care, story).await?;
    care::after(&dao, &officers, &mut care, story).await?;

    revenue.after(&dao, story).await?;
    let paid = epochs::pay_out(&dao, &officers, &care, &revenue, clock, story).await?;
    revenue.settle(&dao, &paid, story).await?;
    purse::day_to_day(&dao, clock, story).await?;
    purse::reports(&dao, clock, story).await?;
    council::end(&dao, clock, story).await
}

async fn decide(dao: &Dao, motion: Motion, clock: &ChainClock, story: &mut Story) -> Result<()> {
    let proposal = election::propose(dao, motion, clock, story).await?;
    election::vote(dao, &proposal, clock, story).await?;
    outcome::carry_out(dao, &proposal, clock, story).await
}
