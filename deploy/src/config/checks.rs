//! The sense of the file: every rule that a deployment relies on, checked before anything is sent.
//!
//! The contracts refuse some of this themselves; a file is stricter where a mistake would found a DAO that cannot
//! act, or one whose delays protect nobody.

use std::collections::HashSet;
use std::fmt::Display;

use alloy::primitives::{Address, U256, keccak256};
use toml::Spanned;

use super::error::Refusal;
use super::{Cache, Chain, Clock, Config, Executors, Governor, Holder, STYLUS_DEPLOYER, Timelock, Token, amount, file};

/// The longest span that is taken: a year in seconds. A longer one is most likely meant in another unit, and would
/// lock the DAO that has it.
const YEAR: u64 = 365 * 24 * 60 * 60;

/// ERC20Votes keeps votes in 208 bits.
const MAX_SUPPLY_BITS: usize = 208;

/// Gives a file its sense.
pub(super) fn check(file: file::File) -> Result<Config, Refusal> {
    let chain = chain(&file.chain)?;
    let token = token(&file.token)?;
    Ok(Config {
        governor: governor(&file.governor, &token)?,
        timelock: timelock(&file.timelock)?,
        council: account(&file.council.guardian, "the council's guardian")?,
        cache: Cache { max_bid: quantity(&file.cache.max_bid, "the highest bid")? },
        chain,
        token,
    })
}

fn chain(file: &file::Chain) -> Result<Chain, Refusal> {
    if *file.id.get_ref() == 0 {
        return refuse(&file.id, "a chain id is never zero");
    }
    let stylus_deployer = match &file.stylus_deployer {
        Some(text) => account(text, "the StylusDeployer")?,
        None => STYLUS_DEPLOYER,
    };
    let salt = keccak256(named(&file.salt, "the salt")?);
    Ok(Chain { id: *file.id.get_ref(), salt, stylus_deployer })
}

fn token(file: &file::Token) -> Result<Token, Refusal> {
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
        other => return refuse(&file.clock, format!("unknown clock \"{other}\": \"timestamp\" or \"block-number\"")),
    };
    Ok(Token {
        name: named(&file.name, "the token's name")?,
        symbol: named(&file.symbol, "the token's symbol")?,
        holders: holders(&file.holders, supply)?,
        supply,
        clock,
    })
}

fn holders(file: &Spanned<Vec<file::Holder>>, supply: U256) -> Result<Vec<Holder>, Refusal> {
    if file.get_ref().is_empty() {
        return refuse(file, "there is no holder: nobody could propose or vote");
    }
    let mut seen = HashSet::new();
    let mut left = supply;
    let mut holders = Vec::with_capacity(file.get_ref().len());
    for holder in file.get_ref() {
        let address = account(&holder.address, "a holder")?;
        let amount = quantity(&holder.amount, "the amount")?;
        if !seen.insert(address) {
            return refuse(&holder.address, format!("{address} is listed twice"));
        }
        if amount.is_zero() {
            return refuse(&holder.amount, "the amount is zero: leave this holder out");
        }
        left = match left.checked_sub(amount) {
            Some(left) => left,
            None => return refuse(&holder.amount, "with this amount the holders have more than the supply"),
        };
        holders.push(Holder { address, amount });
    }
    Ok(holders)
}

fn governor(file: &file::Governor, token: &Token) -> Result<Governor, Refusal> {
    let proposal_threshold = quantity(&file.proposal_threshold, "the proposal threshold")?;
    if proposal_threshold > token.supply {
        return refuse(&file.proposal_threshold, "the proposal threshold exceeds the supply: nobody could propose");
    }
    let quorum_percent = percent(&file.quorum_percent, 1, "the quorum")?;
    Ok(Governor {
        name: named(&file.name, "the governor's name")?,
        voting_delay: span(&file.voting_delay, "the voting delay")?,
        // A year of seconds fits 32 bits.
        voting_period: span(&file.voting_period, "the voting period")? as u32,
        proposal_threshold,
        quorum_percent,
        super_quorum_percent: percent(&file.super_quorum_percent, quorum_percent, "the super quorum")?,
        late_quorum_extension: at_most_a_year(&file.late_quorum_extension, "the late quorum extension")?,
    })
}

fn timelock(file: &file::Timelock) -> Result<Timelock, Refusal> {
    Ok(Timelock { min_delay: span(&file.min_delay, "the timelock's delay")?, executors: executors(&file.executors)? })
}

fn executors(file: &Spanned<Vec<Spanned<String>>>) -> Result<Executors, Refusal> {
    let open = |text: &Spanned<String>| text.get_ref() == "anyone" || text.get_ref().parse() == Ok(Address::ZERO);
    if let Some(anyone) = file.get_ref().iter().find(|text| open(text)) {
        if file.get_ref().len() > 1 {
            return refuse(anyone, "where anyone executes, no other executor can be named");
        }
        return Ok(Executors::Anyone);
    }
    let mut accounts = Vec::with_capacity(file.get_ref().len());
    for text in file.get_ref() {
        let executor = account(text, "an executor")?;
        if accounts.contains(&executor) {
            return refuse(text, format!("{executor} is listed twice"));
        }
        accounts.push(executor);
    }
    Ok(Executors::Governor(accounts))
}

/// A text that is shown to people: not empty, without blanks around it or control characters.
fn named(text: &Spanned<String>, what: &str) -> Result<String, Refusal> {
    let name = text.get_ref();
    if name.is_empty() || name.trim() != name || name.chars().any(char::is_control) {
        return refuse(text, format!("{what} is empty, or has blanks around it or control characters"));
    }
    Ok(name.clone())
}

/// An account with its EIP-55 checksum. A mistyped address is never completed to one that would pass.
fn account(text: &Spanned<String>, what: &str) -> Result<Address, Refusal> {
    let written = text.get_ref();
    let Ok(address) = written.parse::<Address>() else {
        return refuse(text, format!("{what} is no address: 0x and 40 hexadecimal digits"));
    };
    if address.is_zero() {
        return refuse(text, format!("{what} is the zero address"));
    }
    let spelled = address.to_string();
    if *written != spelled {
        let mixed = written.starts_with("0x") && written.bytes().any(|byte| byte.is_ascii_uppercase());
        return refuse(
            text,
            if mixed {
                format!("the checksum of {what} is wrong (EIP-55): a letter or digit is mistyped")
            } else {
                format!("{what} has no checksum (EIP-55): if it is {spelled}, write it so")
            },
        );
    }
    Ok(address)
}

fn quantity(text: &Spanned<String>, what: &str) -> Result<U256, Refusal> {
    amount::read(text.get_ref()).or_else(|reason| refuse(text, format!("{what} {reason}")))
}

fn percent(value: &Spanned<u64>, least: u8, what: &str) -> Result<u8, Refusal> {
    match u8::try_from(*value.get_ref()) {
        Ok(percent) if (least..=100).contains(&percent) => Ok(percent),
        _ => refuse(value, format!("{what} is not between {least} and 100 percent")),
    }
}

/// A span that protects somebody, and so is never zero.
fn span(value: &Spanned<u64>, what: &str) -> Result<u64, Refusal> {
    if *value.get_ref() == 0 {
        return refuse(value, format!("{what} is zero"));
    }
    at_most_a_year(value, what)
}

fn at_most_a_year(value: &Spanned<u64>, what: &str) -> Result<u64, Refusal> {
    if *value.get_ref() > YEAR {
        return refuse(value, format!("{what} is longer than {YEAR}, a year in seconds"));
    }
    Ok(*value.get_ref())
}

fn refuse<T, V>(value: &Spanned<V>, reason: impl Display) -> Result<T, Refusal> {
    Err(Refusal { span: value.span(), reason: reason.to_string() })
}
