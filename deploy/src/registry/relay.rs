//! Brings signed acts to the registry: each in a transaction of its own, or all of them in one.
//!
//! By itself an act cannot stop another one. Together they cost less, and all or none are performed: a signer whose
//! code decides (ERC-1271, ERC-7913), or a stranger who brings one of them first, stops all. So acts that are brought
//! together name the sender as their relayer.

use alloy::primitives::{Address, Bytes};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;
use consilium_bindings::DataPointerRegistry as abi;
use eyre::{OptionExt as _, Result, bail, ensure};

use super::access::Request;
use super::act::{Act, Signed};
use super::node::Registry;
use crate::chain::Sender;
use crate::contract::Sent;
use crate::signing::Place;

/// The most acts of one transaction: more do not fit into a block's gas with certainty.
const MOST: usize = 50;

/// What became of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was performed.
    Performed {
        /// The transaction.
        sent: Sent,
        /// The request that it made, if it was to ask.
        request: Option<Box<Request>>,
    },
    /// It was not, and why.
    NotDone {
        /// The reason in words.
        reason: String,
    },
}

/// Performs those of the acts that are good for the registry, one after the other.
///
/// # Errors
/// If the node does not answer at all. What it says about an act is that act's outcome.
pub async fn relay(registry: &Registry, sender: &Sender, acts: &[Signed]) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(acts.len());
    // Asked once, and before anything is sent.
    let now = now(registry).await?;
    for act in acts {
        let outcome = match call(registry, sender, act, now) {
            Err(reason) => Outcome::NotDone { reason },
            Ok(input) => one(registry, sender, act, input).await,
        };
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// Performs all of the acts, or none, in one transaction.
///
/// # Errors
/// If the node does not answer, there are too many acts, or the transaction reverts.
pub async fn relay_together(registry: &Registry, sender: &Sender, acts: &[Signed]) -> Result<Vec<Outcome>> {
    ensure!(acts.len() <= MOST, "there are {} acts: bring {MOST} at most together", acts.len());
    let now = now(registry).await?;
    let calls: Vec<_> = acts.iter().map(|act| call(registry, sender, act, now)).collect();
    if calls.iter().any(Result::is_err) {
        return Ok(calls.into_iter().map(|call| not_done(call.err())).collect());
    }
    let data: Vec<Bytes> = calls.into_iter().flatten().collect();
    if let Some((place, reason)) = stopped(registry, sender, &data).await? {
        let mut reason = Some(reason);
        return Ok((0..acts.len()).map(|of| not_done(reason.take_if(|_| of == place))).collect());
    }
    let receipt = registry.send(sender, abi::multicallCall { data }).await?;
    acts.iter().map(|act| performed(registry, &receipt, act)).collect()
}

/// Of an act that is brought together with others: its own reason, or that of another one.
fn not_done(reason: Option<String>) -> Outcome {
    let reason = reason.unwrap_or_else(|| {
        "nothing was sent, because another act would not be performed: bring this one without it".to_owned()
    });
    Outcome::NotDone { reason }
}

/// The first act that stops all of them, and why, if there is one.
async fn stopped(registry: &Registry, sender: &Sender, data: &[Bytes]) -> Result<Option<(usize, String)>> {
    let ask = async |count: usize| {
        let data = data.iter().take(count).cloned().collect();
        let input = abi::multicallCall { data }.abi_encode().into();
        registry.ask_input(sender.chain(), sender.account(), input).await
    };
    let Err(whole) = ask(data.len()).await else { return Ok(None) };
    for place in 0..data.len() {
        if let Err(why) = ask(place + 1).await {
            return Ok(Some((place, format!("{why:#}"))));
        }
    }
    bail!("nothing was sent: the node answers differently each time: {whole:#}")
}

async fn now(registry: &Registry) -> Result<u64> {
    let chain = registry.chain();
    chain.time(chain.head().await?).await
}

/// The call of an act; or why it is not tried at all.
fn call(registry: &Registry, sender: &Sender, act: &Signed, now: u64) -> Result<Bytes, String> {
    let place = Place { chain: registry.chain().id(), contract: registry.address() };
    let account = sender.account();
    if let Some(reason) = act.refusal(place, now, account) {
        return Err(reason);
    }
    if let Some(Act::Register(abi::Pointer { custodian, .. })) = act.act()
        && custodian != account
    {
        return Err(format!("the pointer's custodian is {custodian}, and {account} sends: let {custodian} relay it"));
    }
    act.call().ok_or_else(|| "it has no act: let it be signed again".to_owned())
}

async fn one(registry: &Registry, sender: &Sender, act: &Signed, input: Bytes) -> Outcome {
    let sent = registry.send_input(sender, input).await;
    let outcome = sent.and_then(|receipt| performed(registry, &receipt, act));
    outcome.unwrap_or_else(|error| Outcome::NotDone { reason: format!("{error:#}") })
}

/// What the events of a receipt say of an act.
fn performed(registry: &Registry, receipt: &TransactionReceipt, act: &Signed) -> Result<Outcome> {
    let act = act.act().ok_or_eyre("it has no act: let it be signed again")?;
    let id = act.id();
    let mut request = None;
    match &act {
        Act::Register(_) => {
            registry.event_where(receipt, |event: &abi::PointerRegistered| event.id == id)?;
        }
        Act::Erase(_) => {
            registry.event_where(receipt, |event: &abi::PointerErased| event.id == id)?;
        }
        Act::Refuse(_) => {
            registry.event_where(receipt, |event: &abi::PointerRefused| event.id == id)?;
        }
        Act::Request { actor, request: asked } => {
            let event = registry.event_where(receipt, |event| is_of(event, *actor, asked))?;
            request = Some(Box::new(Request::of(&event, receipt.block_number.unwrap_or_default())));
        }
    }
    Ok(Outcome::Performed { sent: Sent::of(receipt), request })
}

fn is_of(event: &abi::AccessRequested, actor: Address, asked: &abi::Request) -> bool {
    let abi::Request { id, purpose, onBehalfOf: organisation, encryptionKey: key } = *asked;
    (event.id, event.actor, event.purpose, event.onBehalfOf, event.encryptionKey)
        == (id, actor, purpose, organisation, key)
}
