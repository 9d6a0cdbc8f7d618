//! The pool is for patients: an epoch pays 100,000 of them by a Merkle tree, and a wrong epoch is disabled before
//! anybody can claim it.

use super::care::Care;
use super::clock::{Clock, now};
use super::dao::{Dao, Officers};
use super::revenue::{ETHER, Revenue, ether, receipt};
use super::story::{Story, grouped};
use crate::project;
use alloy::primitives::{Address, U256, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolError};
use consilium_bindings::RevenueSplitter as abi;
use consilium_deploy::consent::Names;
use consilium_deploy::revenue::{
    Built, Epoch, Message, Published, Recipient, build, claim_many, claim_signed, publish, statement,
};
use consilium_deploy::{Restricted, Sender, Time};
use eyre::{Context, OptionExt, Result, bail};
use harness::passkey::pin;
use serde_json::json;
use std::fmt::Write as _;
use std::ops::Range;

/// How many synthetic patients there are, the patient of the demo included, and its place in the list.
const PATIENTS: usize = 100_000;
const PLACE: usize = 41_999;
/// Where the list was cut off that is published by mistake.
const CUT_OFF: usize = 1_000;
/// Places of those for whom somebody claims.
const BATCH: Range<usize> = 50_000..50_020;
/// What the first in the list gets, in wei; each other one gets one wei more than the one before it.
const LEAST: u64 = 15_000_000_000_000;

const YEAR: u64 = 365 * 24 * 60 * 60;

/// Who brings what others signed, and claims for others: its place in the list of members.
const CLINIC: usize = 1;

/// An epoch's states.
const PUBLISHED: u8 = 1;
const DISABLED: u8 = 2;

/// An epoch that paid.
#[derive(Debug)]
pub(super) struct Paid {
    pub(super) number: u32,
    pub(super) total: U256,
    /// What epochs took from the pool: that of the disabled one is in the pool again, and still counts here.
    pub(super) taken: U256,
    /// Who has how much by it: accounts that had nothing before.
    pub(super) to: Vec<(Address, U256)>,
}

/// The account of a synthetic patient: nobody has its key.
fn account(dao: &Dao, place: usize) -> Address {
    let seed = [&b"synthetic patient"[..], dao.splitter.as_slice(), &place.to_be_bytes()].concat();
    Address::from_word(keccak256(seed))
}

/// What is paid at a place of the list.
fn amount(place: usize) -> U256 {
    U256::from(LEAST) + U256::from(place)
}

/// The epoch of the first `count` patients, built of a list as `consilium revenue epoch build` does it.
async fn built(dao: &Dao, patient: Address, revenue: &Revenue, count: usize, story: &mut Story) -> Result<Epoch> {
    let mut list = "payee,amount,alone\n".to_owned();
    for place in 0..count {
        // A passkey sends no transaction, so only its signature claims.
        let (payee, alone) = if place == PLACE { (patient, "yes") } else { (account(dao, place), "no") };
        writeln!(list, "{payee},{},{alone}", amount(place))?;
    }
    let folder = project::root().join(format!("target/demo/epoch-of-{count}"));
    let path = folder.with_extension("csv");
    std::fs::write(&path, list)?;
    let pool = revenue.splitter.pool(ETHER).await?;
    let epoch = match build(&path, ETHER, Some(pool), &folder).context("build an epoch")? {
        Built::Written(epoch, alone) => {
            story.same("payees who claim alone", alone, u64::from(count > PLACE))?;
            *epoch
        }
        Built::Refused(bad) => bail!("promised an epoch, found: {bad:?}"),
    };
    let total: U256 = (0..count).map(amount).sum();
    story.same("payees and total of the epoch", (epoch.count(), epoch.total()), (count as u64, total))?;
    Ok(epoch)
}

/// The publisher publishes an epoch: its number, and from when it can be claimed.
async fn published(
    dao: &Dao,
    by: &Sender,
    revenue: &Revenue,
    epoch: &Epoch,
    what: &str,
    story: &mut Story,
) -> Result<(u32, u64)> {
    let (splitter, window) = (&revenue.splitter, dao.config.revenue_splitter().ok_or_eyre("no splitter")?.window);
    let pool = splitter.pool(ETHER).await?;
    let deadline = Time { at: now(&dao.node).await? + YEAR, is_from_now: true };
    let Restricted::Made(published) = publish(splitter, Some(by), epoch, deadline).await? else {
        bail!("promised that the publisher publishes by itself")
    };
    let Published { number, claimable_from, sent, .. } = published;
    story.same("claimable from", claimable_from, now(&dao.node).await? + u64::from(window))?;
    story.same("the pool after that", splitter.pool(ETHER).await?, pool - epoch.total())?;
    let found = splitter.read(abi::epochCall { number }).await?;
    let told = (found.state, found.root, found.manifest, found.total, found.remaining);
    let promised = (PUBLISHED, epoch.root(), epoch.manifest(), epoch.total(), epoch.total());
    story.same("the epoch on the chain", told, promised)?;
    let state = format!("claimable after {} s", grouped(u64::from(window)));
    story.line(format!("publish {what}"), "publisher", sent.transaction, sent.gas_used, state);
    Ok((number, claimable_from))
}

/// A wrong epoch is published and disabled; the right one is published, and some are paid.
pub(crate) async fn pay_out(
    dao: &Dao,
    officers: &Officers,
    care: &Care,
    revenue: &Revenue,
    clock: &impl Clock,
    story: &mut Story,
) -> Result<Paid> {
    let patient = care.patient.account();
    let (publisher, splitter) = (&officers.publisher, &revenue.splitter);
    let pool = splitter.pool(ETHER).await?;
    let wrong = built(dao, patient, revenue, CUT_OFF, story).await?;
    let what = "a wrong epoch: its list was cut off";
    let (disabled, _) = published(dao, publisher, revenue, &wrong, what, story).await?;
    let call = abi::disableEpochCall { number: disabled }.abi_encode();
    let done = officers.guardian.send(dao.splitter, call.into(), U256::ZERO).await.context("disable an epoch")?;
    let event: abi::EpochDisabled = story.event(&done, dao.splitter)?;
    story.same("EpochDisabled", (event.number, event.amount), (disabled, wrong.total()))?;
    story.same("the pool, as before", splitter.pool(ETHER).await?, pool)?;
    story.told("disable it in time", "guardian", &done, "its money is in the pool again");

    let epoch = built(dao, patient, revenue, PATIENTS, story).await?;
    let step = format!("build an epoch of {} patients", grouped(PATIENTS as u64));
    story.noted(step, "publisher", ether(epoch.total()));
    let (number, claimable_from) = published(dao, publisher, revenue, &epoch, "it", story).await?;
    let someone = account(dao, BATCH.start);
    let early = Attempt { dao, epoch: &epoch, number, account: someone };
    early.refused("claim too early", "it can still be disabled", abi::SplitterNotOpen::SELECTOR, story).await?;
    clock.until(claimable_from, "the epoch's window").await?;

    let void = Attempt { dao, epoch: &wrong, number: disabled, account: account(dao, 0) };
    void.refused("claim from the wrong epoch", "it was disabled", abi::SplitterNotOpen::SELECTOR, story).await?;
    let state = splitter.read(abi::epochCall { number: disabled }).await?.state;
    story.same("the state of the disabled epoch", state, DISABLED)?;
    let strange = Attempt { dao, epoch: &epoch, number, account: patient };
    let error = abi::SplitterSignatureNeeded::SELECTOR;
    strange.refused("claim the patient's part", "its passkey has to sign", error, story).await?;

    let mut to = vec![by_passkey(dao, care, revenue, (&epoch, number), story).await?];
    to.extend(for_others(dao, revenue, (&epoch, number), story).await?);
    let again = Attempt { dao, epoch: &epoch, number, account: someone };
    again.refused("claim a second time", "it was paid", abi::SplitterAlreadyClaimed::SELECTOR, story).await?;
    Ok(Paid { number, total: epoch.total(), taken: wrong.total() + epoch.total(), to })
}

/// The patient's part goes to an account of its family, by its passkey's signature. Returns who has how much by it.
async fn by_passkey(
    dao: &Dao,
    care: &Care,
    revenue: &Revenue,
    (epoch, number): (&Epoch, u32),
    story: &mut Story,
) -> Result<(Address, U256)> {
    let (splitter, clinic) = (&revenue.splitter, &dao.members[CLINIC].sender);
    let (patient, promised) = (care.patient.account(), amount(PLACE));
    let index = U256::from(PLACE) | U256::ONE << 255;
    let (row, _) = epoch.prove(patient)?;
    story.same("the patient's row", (row.index, row.amount), (index, promised))?;
    let family = Address::from_word(keccak256([&b"family"[..], dao.splitter.as_slice()].concat()));
    story.same("the ether of the family", dao.node.get_balance(family).await?, U256::ZERO)?;
    let deadline = now(&dao.node).await? + 3_600;
    let recipient = Recipient { to: family, deadline, relayer: Address::ZERO };
    let message = Message::new(splitter, epoch, number, patient, recipient).await?;
    let signature = (care.patient.signer(), care.patient.signs(message.digest())?);
    let done = claim_signed(splitter, clinic, epoch, &message, signature, false).await.context("claim by passkey")?;
    story.same("what the passkey claimed", (done.paid, done.lost), (promised, U256::ZERO))?;
    let receipt = receipt(dao, done.sent).await?;
    let event: abi::Claimed = story.event(&receipt, dao.splitter)?;
    let found = (event.number, event.index, event.account, event.to);
    story.same("Claimed", found, (number, index, patient, family))?;
    let pinned: abi::SitePinned = story.event(&receipt, dao.splitter)?;
    story.same("SitePinned", (pinned.key, pinned.site), (patient, pin(care.patient.site())))?;
    let claims = json!([{
        "epoch": number, "index": index.to_string(), "amount": promised.to_string(), "to": family, "lost": "0",
    }]);
    let found = statement(splitter, patient, &[ETHER], &Names::standard()).await?.json();
    story.same("the patient's statement", &found["tokens"][0]["claims"], &claims)?;
    story.told("claim by passkey, to another account", "patient", &receipt, "the clinic pays the gas");
    Ok((family, promised))
}

/// The clinic claims for some who sent nothing and signed nothing. Returns who has how much by it.
async fn for_others(
    dao: &Dao,
    revenue: &Revenue,
    (epoch, number): (&Epoch, u32),
    story: &mut Story,
) -> Result<Vec<(Address, U256)>> {
    let clinic = &dao.members[CLINIC];
    let promised: Vec<_> = BATCH.map(|place| (account(dao, place), amount(place))).collect();
    let accounts: Vec<_> = promised.iter().map(|(account, _)| *account).collect();
    let (done, sent) = claim_many(&revenue.splitter, &clinic.sender, epoch, number, &accounts, false).await?;
    let sent = sent.ok_or_eyre("nothing was sent")?;
    let found: Vec<_> = done.iter().filter_map(|(account, done)| Some((*account, done.as_ref().ok()?.paid))).collect();
    story.same("what was claimed for others", found, promised.clone())?;
    for place in BATCH {
        let claimed = revenue.splitter.read(abi::isClaimedCall { number, index: U256::from(place) }).await?;
        story.same(format!("isClaimed({place})"), claimed, true)?;
    }
    let step = format!("claim for {} patients at once", BATCH.len());
    story.line(step, clinic.name, sent.transaction, sent.gas_used, "each is paid");
    Ok(promised)
}

/// The clinic tries to claim for an account.
struct Attempt<'a> {
    dao: &'a Dao,
    epoch: &'a Epoch,
    number: u32,
    account: Address,
}

impl Attempt<'_> {
    /// The splitter refuses it.
    async fn refused(self, what: &str, why: &str, error: [u8; 4], story: &mut Story) -> Result<()> {
        let Self { dao, epoch, number, account } = self;
        let (row, proof) = epoch.prove(account)?;
        let clinic = &dao.members[CLINIC];
        let splitter = abi::new(dao.splitter, &dao.node);
        let call = splitter.claim(number, row.index, account, row.amount, proof).from(clinic.address());
        story.refused(what, call.call().await, error)?;
        story.noted(format!("{what}: refused"), clinic.name, why);
        Ok(())
    }
}
