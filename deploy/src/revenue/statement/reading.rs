//! What the contract says of one token and one account, and whether that agrees with its events.

use std::collections::BTreeMap;

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::RevenueSplitter as abi;
use eyre::{Report, Result, eyre};

use super::arithmetic::{final_part, part, shared};
use super::events::Events;
use super::{OfTable, OfToken, Source};
use crate::consent::Names;
use crate::revenue::node::Splitter;
use crate::revenue::token_in_words;

/// Why nothing can be said of a token.
pub(super) enum Fault {
    /// Its numbers contradict each other: the token answers each question otherwise, or the node does not tell the truth.
    Contradiction(String),
    /// It does not answer the splitter.
    Unreadable,
    /// The node does not answer.
    Node(Report),
}

impl From<Report> for Fault {
    fn from(error: Report) -> Self {
        Self::Node(error)
    }
}

/// A table that an account has a share of.
pub(super) struct Share {
    version: u32,
    is_current: bool,
    /// In basis points, as those of the payees before it together.
    share: u16,
    before: u16,
}

/// The tables that an account has a share of.
pub(super) async fn shares(splitter: &Splitter, account: Address, at: BlockId) -> Result<Vec<Share>> {
    let current = splitter.read_at(abi::tableVersionCall {}, at).await?;
    let mut found = Vec::new();
    for version in 1..=current {
        let table = splitter.read_at(abi::tableCall { version }, at).await?;
        let mut before = 0;
        for (payee, share) in table.recipients.into_iter().zip(table.basisPoints) {
            if payee == account {
                found.push(Share { version, is_current: version == current, share, before });
            }
            before += share;
        }
    }
    Ok(found)
}

/// What a view answers about a token; none if the token does not answer.
///
/// A token can use up the time that a node gives a call, and the node then says that it gave up, as it does when it has
/// too much to do. So it is asked again, and then about something that no token has a part in.
async fn answer<C: SolCall + Clone>(splitter: &Splitter, view: C, at: BlockId) -> Result<Option<C::Return>> {
    if let Ok(told) = splitter.try_read_at(view.clone(), at).await {
        return Ok(told);
    }
    match splitter.try_read_at(view, at).await {
        Ok(told) => Ok(told),
        Err(error) => match splitter.read_at(abi::tableVersionCall {}, at).await {
            Ok(_) => Ok(None),
            Err(_) => Err(error),
        },
    }
}

/// What a view answers about a token that answered before. The token may refuse one question and answer the next.
async fn ask<C: SolCall + Clone>(
    splitter: &Splitter,
    view: C,
    token: Address,
    at: BlockId,
) -> Result<C::Return, Fault> {
    let told =
        if token.is_zero() { Some(splitter.read_at(view, at).await?) } else { answer(splitter, view, at).await? };
    told.ok_or_else(|| {
        let token = token_in_words(token);
        Fault::Contradiction(format!("{token} answers the splitter one time and does not the next"))
    })
}

/// Requires that numbers agree.
fn agree(is_so: bool, otherwise: impl FnOnce() -> String) -> Result<(), Fault> {
    if is_so { Ok(()) } else { Err(Fault::Contradiction(otherwise())) }
}

/// What an account earned in ether or one token, checked against the events.
pub(super) async fn of_token(
    splitter: &Splitter,
    account: Address,
    token: Address,
    shares: &[Share],
    events: &Events,
    names: &Names,
    block: u64,
) -> Result<OfToken, Fault> {
    let at = BlockId::from(block);
    // One that does not answer must keep no other from being told.
    if !token.is_zero() && answer(splitter, abi::remainderCall { token }, at).await?.is_none() {
        return Err(Fault::Unreadable);
    }
    let mut tables = Vec::new();
    for &Share { version, is_current, share, before } in shares {
        let received = ask(splitter, abi::receivedCall { version, token }, token, at).await?;
        let earned = if is_current { part(received, share) } else { final_part(received, before, share) };
        let sources = sources(events.of(version, token), received, earned, names, token)?;
        tables.push(OfTable { version, share, received, earned, sources });
    }
    let (released, due) = if token.is_zero() {
        let released = splitter.read_at(abi::released_0Call { account }, at).await?;
        (released, splitter.read_at(abi::releasable_0Call { account }, at).await?)
    } else {
        let released = ask(splitter, abi::released_1Call { token, account }, token, at).await?;
        (released, ask(splitter, abi::releasable_1Call { token, account }, token, at).await?)
    };
    let mut found = OfToken {
        token,
        tables,
        released,
        lost: U256::ZERO,
        due,
        short: U256::ZERO,
        claims: Vec::new(),
        recovered: events.recovered(account, token),
    };
    let (earned, told) = (found.earned(), released.saturating_add(due));
    // A token that lost value is paid in proportion: less is due now than is owed.
    agree(told == earned || !token.is_zero() && told < earned, || {
        let token = token_in_words(token);
        format!("the tables make {earned} of {account}, and the contract says {told}, of {token}")
    })?;
    found.short = earned - told;
    // The view adds up what was paid and what was given up.
    let lost = events.lost(account, token);
    agree(lost <= released, || {
        let token = token_in_words(token);
        format!("the events say that {account} gave up {lost} of {token}, and the contract says {released}")
    })?;
    (found.released, found.lost) = (released - lost, lost);
    for claim in events.claims(account, token) {
        let view = abi::isClaimedCall { number: claim.epoch, index: claim.index };
        // No token has a part in that.
        if !splitter.read_at(view, at).await? {
            let (index, epoch) = (claim.index, claim.epoch);
            return Err(Fault::Node(eyre!(
                "an event says that index {index} of epoch {epoch} was claimed, and the contract says it was not: ask \
                 another node"
            )));
        }
        found.claims.push(claim);
    }
    Ok(found)
}

/// The part of each source in what was earned, so that all parts are everything.
fn sources(
    told: &BTreeMap<(B256, B256, u8), U256>,
    received: U256,
    earned: U256,
    names: &Names,
    token: Address,
) -> Result<Vec<(Source, U256)>, Fault> {
    let sum = told.values().copied().fold(U256::ZERO, U256::saturating_add);
    agree(sum <= received, || {
        let token = token_in_words(token);
        format!("the events tell of payments of {sum}, and the contract received {received}, of {token}")
    })?;
    let mut amounts: Vec<_> = told
        .iter()
        .map(|(&(licence, request, class), amount)| {
            (Source::Told { licence, request, class, words: names.class_in_words(class) }, *amount)
        })
        .collect();
    if sum < received {
        amounts.push((Source::Untold, received - sum));
    }
    let parts = shared(earned, received, amounts.iter().map(|(_, amount)| *amount));
    Ok(amounts.into_iter().map(|(source, _)| source).zip(parts).collect())
}
