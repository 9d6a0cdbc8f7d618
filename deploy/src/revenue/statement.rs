//! What an account earned from what: its part of each table, split by the sources of what came in, and its claims.
//!
//! A part is what the contract's rules make of the tables and of what was received, as its views and events tell. All
//! parts together must be what the views say that the account was paid and is due. So a statement that a node or a
//! mistake has changed is found out.

mod arithmetic;
mod events;
mod reading;
mod words;

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, U256};
use eyre::{Result, bail, ensure};

use super::node::Splitter;
use crate::consent::Names;
use events::Events;
use reading::{Fault, of_token, shares};

/// A statement of an account.
#[derive(Clone, Debug)]
pub struct Statement {
    account: Address,
    splitter: Address,
    block: u64,
    /// By token; zero is ether.
    tokens: Vec<OfToken>,
    /// Of which nothing can be said: they do not answer the splitter.
    unreadable: Vec<Address>,
    /// Of which nothing can be said, and why: their numbers contradict each other.
    contradicts: Vec<(Address, String)>,
    /// Which were not looked at: there are too many.
    left_out: Vec<Address>,
}

/// How many tokens are looked at that nobody names: anybody can pay in tokens of their own.
pub const MOST_TOKENS: usize = 32;

/// What an account earned in ether or one token.
#[derive(Clone, Debug)]
struct OfToken {
    token: Address,
    tables: Vec<OfTable>,
    /// What it was paid as a payee.
    released: U256,
    /// What it gave up as a payee: the splitter held less of the token than it owed.
    lost: U256,
    /// What it would be paid now.
    due: U256,
    /// What it is owed and would not be paid now: the splitter holds less of the token than it owes.
    short: U256,
    claims: Vec<Claimed>,
    /// What it got as the treasury, by epoch.
    recovered: Vec<(u32, U256)>,
}

/// An account's part of a table.
#[derive(Clone, Debug)]
struct OfTable {
    version: u32,
    /// In basis points.
    share: u16,
    received: U256,
    earned: U256,
    sources: Vec<(Source, U256)>,
}

/// Where money came from. By the payer's word, unless the registry said it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// A payment with a source.
    Told { licence: B256, request: B256, class: u8, words: String },
    /// A plain transfer.
    Untold,
}

/// A part of an epoch that was paid.
#[derive(Clone, Debug)]
struct Claimed {
    epoch: u32,
    index: U256,
    to: Address,
    amount: U256,
    /// What was given up by that.
    lost: U256,
}

impl OfToken {
    fn earned(&self) -> U256 {
        self.tables.iter().map(|table| table.earned).sum()
    }
}

/// Makes a statement of an account at the newest block: of these tokens (zero is ether), or of ether and all tokens
/// that the contract's events name.
///
/// Anybody can pay in a token of their own that answers each question otherwise, or never. Unless it is named in `tokens`,
/// that is told of it, and it keeps no other from being told. Of more than [`MOST_TOKENS`] the first are looked at: ether,
/// the tokens of epochs, and then in the order in which they came; the others are told to be left out.
///
/// # Errors
/// If the node does not answer, or its events and the contract's views contradict each other, of ether or of a token that
/// is named.
pub async fn statement(splitter: &Splitter, account: Address, tokens: &[Address], names: &Names) -> Result<Statement> {
    ensure!(
        account != splitter.address(),
        "the splitter's own part is the pool, which epochs pay out: name another account"
    );
    let block = splitter.chain().head().await?;
    let events = Events::read(splitter, block).await?;
    let is_named = !tokens.is_empty();
    let mut tokens = if is_named { tokens.to_vec() } else { events.tokens() };
    let left_out = if is_named { Vec::new() } else { tokens.split_off(tokens.len().min(MOST_TOKENS)) };
    let shares = shares(splitter, account, BlockId::from(block)).await?;
    let (mut found, mut unreadable, mut contradicts) = (Vec::with_capacity(tokens.len()), Vec::new(), Vec::new());
    for token in tokens {
        match of_token(splitter, account, token, &shares, &events, names, block).await {
            Ok(of_token) => found.push(of_token),
            Err(Fault::Unreadable) => unreadable.push(token),
            Err(Fault::Contradiction(reason)) if !is_named && !token.is_zero() => contradicts.push((token, reason)),
            Err(Fault::Contradiction(reason)) => bail!("{reason}: ask another node"),
            Err(Fault::Node(error)) => return Err(error),
        }
    }
    Ok(Statement { account, splitter: splitter.address(), block, tokens: found, unreadable, contradicts, left_out })
}
