//! What a DAO shall be: the settings of a deployment, read from a TOML file and checked.
//!
//! A [`Config`] exists only if every rule holds, so nothing that takes one has to check again. The text of a file
//! becomes one in two steps: `file` gives it its shape (keys and types), `checks` gives it its sense. Either refuses
//! with a [`ConfigError`], which names file, line and reason.

mod amount;
mod checks;
mod error;
mod file;

use std::path::Path;

use alloy::primitives::{Address, B256, U256};
use serde::Serialize;

pub use error::ConfigError;
pub use nitro::CREATE2_FACTORY;

/// All settings of a DAO.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// The chain it is for.
    pub chain: Chain,
    /// The voting token.
    pub token: Token,
    /// The governor.
    pub governor: Governor,
    /// The timelock, which is the treasury and the executor of decisions.
    pub timelock: Timelock,
    /// The account that can cancel any proposal that has not been executed: the governor's proposal guardian.
    pub council: Address,
    /// How much to spend on the chain's program cache.
    pub cache: Cache,
    /// How long the programs must stay active.
    pub programs: Programs,
    /// What the account that deploys may be in the DAO.
    pub deployer: Deployer,
}

/// The chain, and what makes this deployment's addresses its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chain {
    /// EIP-155 chain id.
    pub id: u64,
    /// Keccak-256 of the salt's text.
    pub salt: B256,
    /// The CREATE2 factory that creates the Founder.
    pub create2_factory: Address,
}

/// The voting token: a fixed supply of an ERC-20 with 18 decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
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

impl Token {
    /// What the first holders have together: all that can vote, since the treasury cannot delegate by itself.
    pub fn held(&self) -> U256 {
        self.holders.iter().fold(U256::ZERO, |sum, holder| sum.saturating_add(holder.amount))
    }
}

/// A first holder of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Who.
    pub address: Address,
    /// How much, in the smallest unit; never zero.
    pub amount: U256,
}

/// ERC-6372 clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// Seconds since 1970.
    Timestamp,
    /// Blocks of the parent chain, as `block.number` reads on Arbitrum.
    BlockNumber,
}

impl Clock {
    /// What `CLOCK_MODE()` answers (ERC-6372).
    pub const fn mode(self) -> &'static str {
        match self {
            Self::Timestamp => "mode=timestamp",
            Self::BlockNumber => "mode=blocknumber&from=default",
        }
    }
}

/// The governor's settings. Spans are in the token's clock: seconds or blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Governor {
    /// Name, and the name of its EIP-712 domain.
    pub name: String,
    /// From the proposal to the start of its vote. Fits 48 bits, never zero.
    pub voting_delay: u64,
    /// How long a vote is open. Never zero.
    pub voting_period: u32,
    /// Votes a member needs to propose, in the token's smallest unit.
    pub proposal_threshold: U256,
    /// Percent of the supply that must take part; 1 to 100.
    pub quorum_percent: u8,
    /// Percent of the supply whose "for" votes decide early; from the quorum to 100.
    pub super_quorum_percent: u8,
    /// How long a vote stays open at least after the quorum is reached. Fits 48 bits; zero switches it off.
    pub late_quorum_extension: u64,
}

/// The timelock's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timelock {
    /// Seconds that a decision waits before it can be executed. Never zero.
    pub min_delay: u64,
    /// Who executes.
    pub executors: Executors,
}

/// Who may execute what has waited long enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Executors {
    /// Everybody: the role is granted to the zero address.
    Anyone,
    /// The governor, and these accounts. The governor is always one of them: a decision about the governor itself
    /// can be executed through the governor only, so a DAO without it could never change its own settings.
    Governor(Vec<Address>),
}

/// How programs are put in the chain's cache, where each call of them costs less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cache {
    /// The most to pay for each program, in wei.
    pub max_bid: U256,
}

/// How long the programs must stay active. A Stylus program expires unless somebody renews it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Programs {
    /// The fewest days that a program may have left: with fewer, `deploy` and `renew` renew it and `verify` fails.
    pub least_days: u64,
}

/// What the account that deploys may be in the DAO. By default it is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployer {
    /// The parts it may have.
    pub may_be: Vec<Part>,
}

/// What an account can be in a DAO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A first holder of the token.
    Holder,
    /// A named executor of the timelock.
    Executor,
    /// The council's guardian.
    Guardian,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Holder, Self::Executor, Self::Guardian];

    /// Its name in the file and in sentences.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Executor => "executor",
            Self::Guardian => "guardian",
        }
    }
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`ConfigError`] if it cannot be read, is no TOML, has an unknown, missing or mistyped key, or breaks a rule.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::unreadable(path, &error))?;
        Self::parse(&text, path)
    }

    /// Checks a text as [`Config::load`] does; `path` is the name that refusals give.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let place = |refusal| ConfigError::at(path.as_ref(), text, refusal);
        let file = file::read(text).map_err(place)?;
        checks::check(file).map_err(place)
    }

    /// The part of the supply that no holder got. It is minted to the timelock.
    pub fn treasury(&self) -> U256 {
        self.token.supply.saturating_sub(self.token.held())
    }

    /// What is allowed and may still surprise, in sentences.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let most = self.token.holders.iter().map(|holder| holder.amount).max().unwrap_or_default();
        if self.governor.proposal_threshold > most {
            notes.push("no holder alone reaches the proposal threshold: some have to delegate to one".to_owned());
        }
        // The supply fits 208 bits, so neither product wraps.
        let early = self.token.supply * U256::from(self.governor.super_quorum_percent);
        if early > self.token.held() * U256::from(100) {
            notes.push("all holders together do not reach the super quorum: no proposal is decided early".to_owned());
        }
        notes
    }

    /// What an account is in this DAO.
    pub fn parts_of(&self, account: Address) -> Vec<Part> {
        let is = |part: &Part| match part {
            Part::Holder => self.token.holders.iter().any(|holder| holder.address == account),
            Part::Executor => {
                matches!(&self.timelock.executors, Executors::Governor(named) if named.contains(&account))
            }
            Part::Guardian => self.council == account,
        };
        Part::ALL.into_iter().filter(is).collect()
    }
}

#[cfg(test)]
mod tests;
