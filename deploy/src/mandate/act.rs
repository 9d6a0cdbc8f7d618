//! What holders do: by a key of their own, or as a Safe by a call that its owners sign. And having missed dates logged.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::Mandate as abi;
use eyre::{Result, ensure};

use super::node::Mandates;
use crate::chain::Sender;
use crate::config::moment::Moment;
use crate::contract::Sent;

/// The most dates that one run has logged: each is a transaction.
const MOST: usize = 50;

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub enum Caller<'a> {
    /// A key: the call is sent.
    Key(&'a Sender),
    /// A Safe: the call is tried and not sent, and its owners sign it.
    Safe(Address),
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acted<T> {
    /// It was done.
    Made(T, Sent),
    /// Nothing was sent.
    Propose(Call),
}

/// The call of a transaction of a Safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The Safe.
    pub safe: Address,
    /// What it calls.
    pub to: Address,
    /// The calldata.
    pub data: Bytes,
}

/// A payment that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// What is left until the next period.
    pub left: U256,
    /// When that begins.
    pub refills_at: Moment,
}

/// A report that was filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The date that it was due by.
    pub due: Moment,
    /// The next one; none if the mandate ends before.
    pub next_due: Option<Moment>,
}

/// A missed date that was logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// Whose.
    pub holder: Address,
    /// Which.
    pub due: Moment,
    /// Its transaction.
    pub sent: Sent,
}

/// Pays within the caller's allowance; a token of zero is ether.
///
/// # Errors
/// If the contract refuses it, in words, or the node does not answer.
pub async fn spend(
    mandates: &Mandates,
    caller: Caller<'_>,
    token: Address,
    to: Address,
    amount: U256,
) -> Result<Acted<Payment>> {
    let call = abi::spendCall { token, to, amount };
    act(mandates, caller, call, |spent: abi::Spent| Payment {
        left: spent.left,
        refills_at: Moment(spent.refillsAt.to()),
    })
    .await
}

/// Files a report of the caller's; the same document `again` only if that is said. After a late report it would cover the
/// interval that runs, and the holder would skip the next report without having meant to.
///
/// # Errors
/// As [`spend`], and if the holder's last report has this hash.
pub async fn report(
    mandates: &Mandates,
    caller: Caller<'_>,
    hash: B256,
    locator: &str,
    again: bool,
) -> Result<Acted<Report>> {
    let holder = match caller {
        Caller::Key(sender) => sender.account(),
        Caller::Safe(safe) => safe,
    };
    if !again && let Some(last) = mandates.last_report(holder).await? {
        ensure!(
            last.hash != hash,
            "the last report of {holder} has this hash, so it was filed: see `consilium mandate show`. To file it another \
             time, add --again"
        );
    }
    let until: u64 = mandates.read(abi::mandateCall { holder }).await?.until.to();
    let call = abi::reportCall { hash, locator: locator.to_owned() };
    act(mandates, caller, call, |filed: abi::Reported| Report {
        due: Moment(filed.due.to()),
        // A date in the second of the end is due as well.
        next_due: Some(filed.nextDue.to()).filter(|next| *next <= until).map(Moment),
    })
    .await
}

async fn act<C: SolCall, E: alloy::sol_types::SolEvent, T>(
    mandates: &Mandates,
    caller: Caller<'_>,
    call: C,
    told: impl FnOnce(E) -> T,
) -> Result<Acted<T>> {
    match caller {
        Caller::Key(sender) => {
            // A second payment is a second payment, and a second report covers another interval.
            let receipt = mandates.send(&sender.once(), call).await?;
            Ok(Acted::Made(told(mandates.event(&receipt)?), Sent::of(&receipt)))
        }
        Caller::Safe(safe) => {
            let data = Bytes::from(call.abi_encode());
            mandates.ask_input(mandates.chain(), safe, data.clone()).await?;
            Ok(Acted::Propose(Call { safe, to: mandates.address(), data }))
        }
    }
}

/// Has all missed dates of these holders logged, one transaction each, and hands over each when it is logged.
///
/// # Errors
/// If there are too many for one run, or the node does not answer. What was logged before was handed over.
pub async fn overdue(
    mandates: &Mandates,
    sender: &Sender,
    holders: &[Address],
    mut each: impl FnMut(Missed),
) -> Result<()> {
    let mut logged = 0;
    for holder in holders.iter().copied() {
        while !mandates.read(abi::missedCall { holder }).await?.is_zero() {
            ensure!(logged < MOST, "{MOST} missed dates were logged, and there are more: run it again");
            let receipt = mandates.send(sender, abi::markOverdueCall { holder }).await?;
            let event: abi::ReportOverdue = mandates.event(&receipt)?;
            each(Missed { holder, due: Moment(event.due.to()), sent: Sent::of(&receipt) });
            logged += 1;
        }
    }
    Ok(())
}
