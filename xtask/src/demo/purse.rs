//! Mandates: the treasury's Safe for day-to-day payments has an allowance that refills and nothing more, and the council
//! owes a report by a date.

use super::clock::{ChainClock, Clock};
use super::council::{self, TERM};
use super::dao::Dao;
use super::election::Action;
use super::story::Story;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256, utils::parse_ether};
use alloy::providers::Provider;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolCall, SolError};
use consilium_bindings::{Mandate, Safe};
use consilium_deploy::config::moment::Moment;
use eyre::{Context, Result};
use harness::safes;

/// What the treasury's Safe may spend in each period, and how long that is, in seconds: a week.
const LIMIT: &str = "0.5";
const PERIOD: u64 = 7 * 86_400;
/// What it pays at once.
const BILL: &str = "0.3";
/// What the vote puts into the contract: more than the Safe may spend in a period.
const FILLED: &str = "2";
/// When the council's first report is due, in seconds from the founding, and each later one after that.
const REPORT: u64 = 30 * 86_400;

/// How many owners the Safe has, and how many sign.
const OWNERS: usize = 3;
const THRESHOLD: usize = 2;

/// The keys of the owners: the whole world can make them.
fn keys() -> Result<Vec<PrivateKeySigner>> {
    let key = |number| PrivateKeySigner::from_bytes(&keccak256(format!("demo treasurer {number}")));
    Ok((0..OWNERS).map(key).collect::<Result<_, _>>()?)
}

/// The treasury's Safe, and the section of its mandate and the council's, until the end of the council's term.
pub(super) fn section(until: u64) -> Result<String> {
    let owners: Vec<Address> = keys()?.iter().map(PrivateKeySigner::address).collect();
    let (end, first) = (Moment(until), Moment(until - TERM + REPORT));
    Ok(format!(
        "{}\n[mandate]\n[[mandate.holders]]\nsafe = \"council\"\nuntil = {end}\nreport_every = {REPORT}\n\
         first_report = {first}\n[[mandate.holders]]\nsafe = \"treasury\"\nuntil = {end}\n\
         allowances = [{{ limit = \"{LIMIT}\", period = {PERIOD} }}]\n",
        safes::section("treasury", &owners, THRESHOLD)
    ))
}

/// What the vote puts into the contract, in wei.
pub(super) fn filled() -> Result<U256> {
    Ok(parse_ether(FILLED)?)
}

/// What the DAO decides: the contract is filled.
pub(super) fn filling(dao: &Dao) -> Result<Action> {
    Ok(Action { target: dao.mandate, value: filled()?, data: Bytes::new() })
}

/// A bill is paid within the allowance, more is refused, and after the period it is refilled.
pub(super) async fn day_to_day(dao: &Dao, clock: &ChainClock, story: &mut Story) -> Result<()> {
    let biller = Address::from_word(keccak256("electricity"));
    let (limit, bill) = (parse_ether(LIMIT)?, parse_ether(BILL)?);
    let mandate = Mandate::new(dao.mandate, &dao.node);
    story.same("what is left at first", left(dao).await?, limit)?;
    pay(dao, biller, limit - bill, story).await?;
    let more = mandate.spend(Address::ZERO, biller, bill).from(dao.treasury).call().await;
    story.refused("more than the allowance", more, Mandate::MandateExceeded::SELECTOR)?;
    let taken = mandate.recover(Address::ZERO, biller, bill).from(dao.treasury).call().await;
    story.refused("anything else", taken, Mandate::AccessManagedUnauthorized::SELECTOR)?;
    story.noted(format!("pay another {BILL} ETH: refused"), "treasury's Safe", "0.2 ETH are left this week");

    let refills = mandate.allowance(dao.treasury, Address::ZERO).call().await?.refillsAt.to();
    if clock.is_real() {
        let when = format!("its allowance is refilled at {}: a real clock is not moved", Moment(refills));
        story.noted(when, "treasury's Safe", "");
        return Ok(());
    }
    clock.until(refills, "the next period").await?;
    story.same("what is left in the next period", left(dao).await?, limit)?;
    pay(dao, biller, limit - bill, story).await?;
    story.same("what was billed", dao.node.get_balance(biller).await?, bill + bill)?;
    story.same("what is in the contract", dao.node.get_balance(dao.mandate).await?, filled()? - bill - bill)
}

async fn left(dao: &Dao) -> Result<U256> {
    Ok(Mandate::new(dao.mandate, &dao.node).allowance(dao.treasury, Address::ZERO).call().await?.left)
}

/// Two owners sign, and anybody sends.
async fn pay(dao: &Dao, biller: Address, rest: U256, story: &mut Story) -> Result<()> {
    let call = Mandate::spendCall { token: Address::ZERO, to: biller, amount: parse_ether(BILL)? };
    let nonce = Safe::new(dao.treasury, &dao.node).nonce().call().await?;
    let (id, data, keys) = (dao.config.chain.id, call.abi_encode(), keys()?);
    let signed = safes::at_nonce(id, dao.treasury, nonce, dao.mandate, data, &keys[..THRESHOLD])?;
    let receipt = dao.members[4].sender.send(dao.treasury, signed.abi_encode().into(), U256::ZERO).await;
    let receipt = receipt.context("the treasury's Safe pays")?;
    let spent: Mandate::Spent = story.event(&receipt, dao.mandate)?;
    story.same("who spent how much", (spent.holder, spent.amount, spent.left), (dao.treasury, call.amount, rest))?;
    let step = format!("pay a bill of {BILL} ETH: {THRESHOLD} of {OWNERS} owners sign");
    story.told(step, "treasury's Safe", &receipt, format!("of {LIMIT} ETH a week"));
    Ok(())
}

/// The council's report is overdue, anybody has that logged, and a report ends it.
pub(super) async fn reports(dao: &Dao, clock: &ChainClock, story: &mut Story) -> Result<()> {
    let mandate = Mandate::new(dao.mandate, &dao.node);
    let due = dao.until - TERM + REPORT;
    let day = |second: u64| Moment(second).to_string().chars().take(10).collect::<String>();
    if clock.is_real() {
        story.noted(format!("its report is due by {}: a real clock is not moved", day(due)), "council", "");
        return Ok(());
    }
    clock.until(due, "the date of the council's report").await?;
    story.same("overdue in the last second", mandate.isOverdue(dao.council).call().await?, false)?;
    clock.until(due + 1, "the second after it").await?;
    story.same("overdue after it", mandate.isOverdue(dao.council).call().await?, true)?;
    let mark = Mandate::markOverdueCall { holder: dao.council }.abi_encode();
    let receipt = dao.members[3].sender.send(dao.mandate, mark.into(), U256::ZERO).await?;
    let overdue: Mandate::ReportOverdue = story.event(&receipt, dao.mandate)?;
    story.same("ReportOverdue", (overdue.holder, overdue.due.to()), (dao.council, due))?;
    let again = mandate.markOverdue(dao.council).from(dao.members[3].address()).call().await;
    story.refused("a date that was logged", again, Mandate::MandateNotOverdue::SELECTOR)?;
    let who = dao.members[3].name;
    story.told("log that the council's report is overdue", who, &receipt, format!("it was due by {}", day(due)));

    let hash: B256 = keccak256("# The council's first report\n\nOne proposal was cancelled.");
    let call = Mandate::reportCall { hash, locator: "ipfs://the-report".to_owned() }.abi_encode();
    let signed = council::report(dao, call).await?;
    let receipt = dao.members[4].sender.send(dao.council, signed.abi_encode().into(), U256::ZERO).await?;
    let filed: Mandate::Reported = story.event(&receipt, dao.mandate)?;
    story.same("Reported", (filed.holder, filed.hash, filed.due.to()), (dao.council, hash, due))?;
    story.same("the next report", filed.nextDue.to(), due + REPORT)?;
    story.same("overdue after the report", mandate.isOverdue(dao.council).call().await?, false)?;
    story.told("report, late: 2 owners sign", "council", &receipt, format!("the next by {}", day(due + REPORT)));
    Ok(())
}
