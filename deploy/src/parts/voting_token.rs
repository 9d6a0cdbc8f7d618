//! The voting token: a fixed supply of an ERC-20 with 18 decimals.

mod holders;

use std::collections::BTreeSet;

use alloy::primitives::{Address, Bytes, LogData, U256};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use consilium_bindings::Construct;
use consilium_bindings::VotingToken::{self as abi, VotingTokenErrors, VotingTokenEvents};
use eyre::{Result, WrapErr};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::timelock;
use crate::config::rules::{named, quantity, refuse};
use crate::config::{Clock, Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::explain::explain_call;
use crate::part::{self, Facts, Interface, List, Name, Origin, Part, Scene, Strange};
use crate::permissions::{View, answer};
use crate::proof::{Proof, view};
use crate::shown::shortened;

pub use holders::Holder;

/// Its name.
pub const NAME: Name = Name::new("voting-token");

/// A first holder of the token.
const HOLDER: &str = "holder";

/// ERC20Votes keeps votes in 208 bits.
const MAX_SUPPLY_BITS: usize = 208;

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct VotingToken;

/// Its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// ERC-20 name, and the name of its EIP-712 domain.
    pub name: String,
    /// ERC-20 symbol.
    pub symbol: String,
    /// All that is ever minted, in the smallest unit; below 2^208, as ERC20Votes keeps it.
    pub supply: U256,
    /// The first holders. Together they have at most the supply.
    pub holders: Vec<Holder>,
    /// The clock that votes are counted by.
    pub clock: Clock,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    symbol: Spanned<String>,
    supply: Spanned<String>,
    clock: Spanned<String>,
    holders: Spanned<Vec<holders::File>>,
}

impl Settings {
    /// What the first holders have together: all that can vote, since the treasury cannot delegate by itself.
    pub fn held(&self) -> U256 {
        self.holders.iter().fold(U256::ZERO, |sum, holder| sum.saturating_add(holder.amount))
    }
}

impl Config {
    /// The voting token's settings.
    pub fn token(&self) -> &Settings {
        self.sections.expect()
    }

    /// The same, to change.
    pub fn token_mut(&mut self) -> &mut Settings {
        self.sections.expect_mut()
    }

    /// The part of the supply that no holder got. It is minted to the timelock.
    pub fn treasury(&self) -> U256 {
        self.token().supply.saturating_sub(self.token().held())
    }
}

impl Part for VotingToken {
    fn name(&self) -> Name {
        NAME
    }

    fn section(&self) -> &'static str {
        "token"
    }

    fn is_required(&self) -> bool {
        true
    }

    fn needs(&self) -> &'static [Name] {
        &[timelock::NAME]
    }

    fn settings(&self, section: Section<'_>, _: &Sections) -> Result<Box<dyn crate::config::Settings>, Refusal> {
        Ok(Box::new(check(&section.read()?)?))
    }

    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        let settings = dao.config.token();
        let (holders, amounts) = minted(dao).unzip();
        Ok(abi::constructorCall {
            name: settings.name.clone(),
            symbol: settings.symbol.clone(),
            holders,
            amounts,
            timestampClock: settings.clock == Clock::Timestamp,
        }
        .init_data())
    }

    /// The holders' tokens, then the treasury's, and no allowance or delegation.
    fn logs(&self, dao: &Dao<'_>, _: Origin) -> Vec<LogData> {
        minted(dao).map(|(to, value)| abi::Transfer { from: Address::ZERO, to, value }.encode_log_data()).collect()
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Box::pin(async move {
            constants(proof, scene).await?;
            mints(proof, scene).await?;
            treasury(proof, scene).await
        })
    }

    fn interface(&self) -> Interface {
        Interface {
            function: abi::VotingTokenCalls::signature_by_selector,
            event: part::event::<VotingTokenEvents>,
            error: part::error::<VotingTokenErrors>,
        }
    }

    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(async move {
            let token = abi::new(view.address(NAME), view.chain().provider());
            if let Err(reason) = answer(token.totalSupply().block(view.at()).call().await)? {
                return Ok(Some(format!("totalSupply(): {reason}")));
            }
            let clock = answer(token.CLOCK_MODE().block(view.at()).call().await)?;
            Ok(clock.err().map(|reason| format!("CLOCK_MODE(): {reason}")))
        })
    }

    /// First: without it the governor cannot tell the time.
    fn renewal(&self) -> u8 {
        10
    }

    fn offices(&self) -> &'static [&'static str] {
        &[HOLDER]
    }

    fn is_in_office(&self, config: &Config, office: &str, account: Address) -> bool {
        office == HOLDER && config.token().holders.iter().any(|holder| holder.address == account)
    }

    fn lists(&self) -> Vec<List> {
        vec![List {
            length: |config| config.token().holders.len(),
            truncate: |config, count| config.token_mut().holders.truncate(count),
            refusal: |all, enough| {
                format!(
                    "{all} holders do not fit into one transaction on this chain, and {enough} do: list {enough} at most, and \
                     let the treasury hand out the rest by proposals"
                )
            },
        }]
    }
}

/// Who gets how much at the founding: the holders, then the treasury what they leave.
fn minted(dao: &Dao<'_>) -> impl Iterator<Item = (Address, U256)> {
    let holders = dao.config.token().holders.iter().map(|holder| (holder.address, holder.amount));
    let treasury = Some((dao.address(timelock::NAME), dao.config.treasury())).filter(|(_, amount)| !amount.is_zero());
    holders.chain(treasury)
}

async fn constants(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let settings = scene.dao.config.token();
    let token = abi::new(scene.dao.address(NAME), scene.chain.provider());
    view!(proof, token.name, &settings.name);
    view!(proof, token.symbol, &settings.symbol);
    view!(proof, token.decimals, 18);
    view!(proof, token.totalSupply, settings.supply);
    view!(proof, token.CLOCK_MODE, settings.clock.mode());
    Ok(())
}

/// Every mint since the creation: who began with how much, and that no more was made.
async fn mints(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let filter = Filter::new()
        .address(scene.dao.address(NAME))
        .event_signature(abi::Transfer::SIGNATURE_HASH)
        .topic1(Address::ZERO.into_word());
    let mut found = Vec::new();
    for log in scene.events(&filter).await? {
        let mint = log.log_decode::<abi::Transfer>().wrap_err("a malformed Transfer")?.inner;
        found.push((mint.to, mint.value));
    }
    proof.check("token: minted", listed(minted(&scene.dao)), listed(found));
    Ok(())
}

/// Nobody may spend the treasury's tokens, and nobody votes with them.
async fn treasury(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let (treasury, address) = (scene.dao.address(timelock::NAME), scene.dao.address(NAME));
    let token = abi::new(address, scene.chain.provider());
    let filter =
        Filter::new().address(address).event_signature(abi::Approval::SIGNATURE_HASH).topic1(treasury.into_word());
    let mut spenders = BTreeSet::new();
    for log in scene.events(&filter).await? {
        spenders.insert(log.log_decode::<abi::Approval>().wrap_err("a malformed Approval")?.inner.spender);
    }
    let mut allowed = Vec::new();
    for spender in spenders {
        let amount = token.allowance(treasury, spender).call().await.map_err(explain_call)?;
        if amount != U256::ZERO {
            allowed.push(format!("{amount} to {spender}"));
        }
    }
    let allowed = if allowed.is_empty() { "none".to_owned() } else { allowed.join(", ") };
    proof.check("allowances of the treasury's tokens", "none", allowed);
    let delegate = token.delegates(treasury).call().await.map_err(explain_call)?;
    let delegate = if delegate.is_zero() { "nobody".to_owned() } else { delegate.to_string() };
    proof.check("delegate of the treasury's tokens", "nobody", delegate);
    Ok(())
}

fn listed(mints: impl IntoIterator<Item = (Address, U256)>) -> String {
    mints.into_iter().map(|(account, amount)| format!("{amount} to {account}")).collect::<Vec<_>>().join(", ")
}

fn check(file: &File) -> Result<Settings, Refusal> {
    let supply = quantity(&file.supply, "the supply")?;
    if supply.is_zero() {
        return refuse(&file.supply, "the supply is zero: nobody could vote");
    }
    if supply.bit_len() > MAX_SUPPLY_BITS {
        return refuse(&file.supply, "the supply does not fit 208 bits, in which votes are counted");
    }
    let clock = match file.clock.get_ref().as_str() {
        "timestamp" => Clock::Timestamp,
        "block-number" => Clock::BlockNumber,
        other => {
            let other = shortened(other, 60);
            return refuse(&file.clock, format!("unknown clock \"{other}\": \"timestamp\" or \"block-number\""));
        }
    };
    Ok(Settings {
        name: named(&file.name, "the token's name")?,
        symbol: named(&file.symbol, "the token's symbol")?,
        holders: holders::check(&file.holders, supply)?,
        supply,
        clock,
    })
}
