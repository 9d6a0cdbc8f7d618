//! The mandates and allowances are those of the file, and no others. Due dates are those that the reports lead to. What
//! was spent, reported and missed is told and not judged.

use alloy::eips::BlockId;
use alloy::primitives::U256;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use consilium_bindings::Mandate as abi;
use eyre::Result;

use super::settings::{Allowance, Holder};
use super::{NAME, settings, tokens};
use crate::config::moment::Moment;
use crate::explain::explain_call;
use crate::part::Scene;
use crate::parts::access_manager;
use crate::permissions::event;
use crate::proof::Proof;

pub(super) async fn prove(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let at = BlockId::from(scene.chain.head().await?);
    let mandate = abi::new(scene.dao.address(NAME), scene.chain.provider());
    let authority = mandate.authority().block(at).call().await.map_err(explain_call)?;
    proof.check("mandate.authority", scene.dao.address(access_manager::NAME), authority);
    for holder in &settings(&scene.dao).holders {
        terms(proof, scene, holder, at).await?;
        for allowance in &holder.allowances {
            self::allowance(proof, scene, holder, allowance, at).await?;
        }
    }
    use_of(proof, scene).await
}

/// A mandate's end, its calendar, and the date that its reports lead to.
async fn terms(proof: &mut Proof, scene: &Scene<'_>, holder: &Holder, at: BlockId) -> Result<()> {
    let address = scene.dao.address(NAME);
    let (account, subject) = (holder.who.address, format!("mandate of {}", holder.who));
    let mandate = abi::new(address, scene.chain.provider());
    let found = mandate.mandate(account).block(at).call().await.map_err(explain_call)?;
    proof.check(format!("{subject}: its end"), holder.until(), Moment(found.until.to()));
    let every = holder.reports.as_ref().map_or(0, |reports| reports.every);
    proof.check(format!("{subject}: seconds between reports"), every, found.reportEvery);
    proof.check(format!("{subject}: its number"), 1, found.number);
    let Some(reports) = &holder.reports else { return Ok(()) };

    let filter = Filter::new().address(address).event_signature(abi::Reported::SIGNATURE_HASH);
    let logs = scene.events(&filter.topic1(account.into_word())).await?;
    let last = logs.last().and_then(event::<abi::Reported>);
    let due = last.map_or(reports.first.get_ref().0, |report| report.nextDue.to());
    // A date after the end is none.
    let due = if due > holder.until().0 { 0 } else { due };
    proof.check(format!("{subject}: its next report"), date(due), date(found.due.to()));
    if mandate.isOverdue(account).block(at).call().await.map_err(explain_call)? {
        proof.note(format!("the report that {} owed by {} is overdue", holder.who, date(found.due.to())));
    }
    Ok(())
}

fn date(due: u64) -> String {
    if due == 0 { "none".to_owned() } else { Moment(due).to_string() }
}

/// An allowance's limit and period. They read as zero once the mandate has ended.
async fn allowance(
    proof: &mut Proof,
    scene: &Scene<'_>,
    holder: &Holder,
    allowance: &Allowance,
    at: BlockId,
) -> Result<()> {
    let Allowance { token, decimals, limit, period } = allowance.clone();
    let account = holder.who.address;
    let of = if token.is_zero() { "ether".to_owned() } else { token.to_string() };
    let subject = format!("allowance of {} in {of}", holder.who);
    let mandate = abi::new(scene.dao.address(NAME), scene.chain.provider());
    if mandate.isRunning(account).block(at).call().await.map_err(explain_call)? {
        let found = mandate.allowance(account, token).block(at).call().await.map_err(explain_call)?;
        proof.check(format!("{subject}: its limit"), U256::from(limit), found.limit);
        proof.check(format!("{subject}: its period"), period, found.period);
    } else {
        proof.note(format!("the mandate of {} has ended, and its allowance in {of} with it", holder.who));
    }
    if !token.is_zero() {
        let found = tokens::decimals(scene.chain, token, at).await?;
        let found = found.map_or_else(|| "not told".to_owned(), |found| found.to_string());
        proof.check(format!("{subject}: the token's decimals"), decimals.get_ref(), found);
    }
    Ok(())
}

/// Whether the program or the authority was another one for a while, whether the DAO changed mandates or took money back,
/// and what the holders did.
async fn use_of(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let address = scene.dao.address(NAME);
    let set = [
        ("mandate.implementation", abi::Upgraded::SIGNATURE_HASH),
        ("mandate.authority", abi::AuthorityUpdated::SIGNATURE_HASH),
    ];
    scene.set_once(proof, address, set).await?;
    let events = [
        abi::MandateGranted::SIGNATURE_HASH,
        abi::AllowanceSet::SIGNATURE_HASH,
        abi::MandateEnded::SIGNATURE_HASH,
        abi::Recovered::SIGNATURE_HASH,
        abi::Spent::SIGNATURE_HASH,
        abi::Reported::SIGNATURE_HASH,
        abi::ReportOverdue::SIGNATURE_HASH,
    ];
    let [granted, allowed, ended, recovered, spent, reported, missed] = scene.count(address, events).await?;
    let holders = &settings(&scene.dao).holders;
    let allowances: usize = holders.iter().map(|holder| holder.allowances.len()).sum();
    proof.check("mandates: how many were granted", holders.len(), granted);
    proof.check("mandates: how many allowances were set", allowances, allowed);
    proof.check("mandates: how many were ended", 0, ended);
    proof.note(format!(
        "since its founding the holders of mandates paid {spent} times and reported {reported} times, {missed} missed \
         dates were logged, and the DAO took money back {recovered} times"
    ));
    Ok(())
}
