//! The sense of the file: every rule that a deployment relies on, checked before anything is sent.
//!
//! The contracts refuse some of this themselves; a file is stricter where a mistake would found a DAO that cannot
//! act, or one whose delays protect nobody.

use std::collections::HashSet;
use std::fmt::Display;

use alloy::primitives::{Address, U256, keccak256};
use toml::Spanned;

use super::error::Refusal;
use super::{
    CREATE2_FACTORY, Cache, Chain, Clock, Config, Deployer, Executors, Governor, Holder, Part, Programs, Timelock,
    Token, amount, file,
};

/// The longest span that is taken: a year. A longer one is most likely meant in another unit, and would lock the DAO
/// that has it.
const YEAR: u64 = 365 * 24 * 60 * 60;

/// Seconds between two blocks of Ethereum, the parent chain whose blocks the block-number clock counts.
const BLOCK: u64 = 12;

/// The longest text for people, in bytes. Each 32 bytes cost a slot of storage.
const LONGEST_NAME: usize = 128;

/// The most named executors. Each costs 50,000 gas at the founding.
const MOST_EXECUTORS: usize = 20;

/// The fewest days that a program may have left, where the file does not say.
const LEAST_DAYS: u64 = 90;

/// No program lives longer than a year.
const MOST_DAYS: u64 = 364;

/// ERC20Votes keeps votes in 208 bits.
const MAX_SUPPLY_BITS: usize = 208;

/// Gives a file its sense.
pub(super) fn check(file: file::File) -> Result<Config, Refusal> {
    let chain = chain(&file.chain)?;
    let token = token(&file.token)?;
    Ok(Config {
        governor: governor(&file.governor, &token)?,
        timelock: timelock(&file.timelock)?,
        programs: programs(&file.programs)?,
        deployer: deployer(&file.deployer)?,
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
    let create2_factory = match &file.create2_factory {
        Some(text) => account(text, "the CREATE2 factory")?,
        None => CREATE2_FACTORY,
    };
    let salt = keccak256(named(&file.salt, "the salt")?);
    Ok(Chain { id: *file.id.get_ref(), salt, create2_factory })
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
    let held = token.held();
    let proposal_threshold = quantity(&file.proposal_threshold, "the proposal threshold")?;
    if proposal_threshold > held {
        return refuse(
            &file.proposal_threshold,
            "the proposal threshold exceeds what all holders have together, and the treasury does not vote: nobody could ever \
             propose",
        );
    }
    let quorum_percent = percent(&file.quorum_percent, 1, "the quorum")?;
    // The supply fits 208 bits.
    let quorum = token.supply * U256::from(quorum_percent) / U256::from(100);
    if quorum.is_zero() {
        return refuse(&file.quorum_percent, "the quorum of so small a supply is zero votes: raise it, or the supply");
    }
    if quorum > held {
        let most = held * U256::from(100) / token.supply;
        return refuse(
            &file.quorum_percent,
            format!(
                "the quorum exceeds what all holders have together ({most} whole percent of the supply), and the treasury does \
                 not vote: no proposal could ever pass"
            ),
        );
    }
    let voting_period = span(&file.voting_period, token.clock, "the voting period")?;
    let late_quorum_extension = at_most_a_year(&file.late_quorum_extension, token.clock, "the late quorum extension")?;
    if late_quorum_extension > voting_period {
        return refuse(&file.late_quorum_extension, "the late quorum extension is longer than the voting period");
    }
    Ok(Governor {
        name: named(&file.name, "the governor's name")?,
        voting_delay: span(&file.voting_delay, token.clock, "the voting delay")?,
        // A year of seconds fits 32 bits.
        voting_period: voting_period as u32,
        proposal_threshold,
        quorum_percent,
        super_quorum_percent: percent(&file.super_quorum_percent, quorum_percent, "the super quorum")?,
        late_quorum_extension,
    })
}

fn timelock(file: &file::Timelock) -> Result<Timelock, Refusal> {
    // The timelock counts seconds, whatever the token's clock.
    let min_delay = span(&file.min_delay, Clock::Timestamp, "the timelock's delay")?;
    Ok(Timelock { min_delay, executors: executors(&file.executors)? })
}

fn programs(file: &file::Programs) -> Result<Programs, Refusal> {
    let Some(days) = &file.least_days else { return Ok(Programs { least_days: LEAST_DAYS }) };
    if !(1..=MOST_DAYS).contains(days.get_ref()) {
        return refuse(days, format!("the fewest days that a program may have left are not between 1 and {MOST_DAYS}"));
    }
    Ok(Programs { least_days: *days.get_ref() })
}

fn deployer(file: &file::Deployer) -> Result<Deployer, Refusal> {
    let mut may_be = Vec::new();
    for text in &file.may_be {
        let Some(part) = Part::ALL.into_iter().find(|part| part.name() == text.get_ref()) else {
            return refuse(
                text,
                format!("unknown part \"{}\": \"holder\", \"executor\" or \"guardian\"", text.get_ref()),
            );
        };
        if may_be.contains(&part) {
            return refuse(text, format!("\"{}\" is listed twice", part.name()));
        }
        may_be.push(part);
    }
    Ok(Deployer { may_be })
}

fn executors(file: &Spanned<Vec<Spanned<String>>>) -> Result<Executors, Refusal> {
    let open = |text: &Spanned<String>| text.get_ref() == "anyone" || text.get_ref().parse() == Ok(Address::ZERO);
    if let Some(anyone) = file.get_ref().iter().find(|text| open(text)) {
        if file.get_ref().len() > 1 {
            return refuse(anyone, "where anyone executes, no other executor can be named");
        }
        return Ok(Executors::Anyone);
    }
    if file.get_ref().len() > MOST_EXECUTORS {
        return refuse(file, format!("there are more than {MOST_EXECUTORS} executors: name a Safe, or \"anyone\""));
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

/// A text that is shown to people: not empty, without blanks around it or control characters, and nothing that cannot be seen.
fn named(text: &Spanned<String>, what: &str) -> Result<String, Refusal> {
    let name = text.get_ref();
    if name.is_empty() || name.trim() != name || name.chars().any(char::is_control) {
        return refuse(text, format!("{what} is empty, or has blanks around it or control characters"));
    }
    if let Some(unseen) = name.chars().find(|c| is_unseen(*c)) {
        return refuse(text, format!("{what} has U+{:04X}, which nobody sees: leave it out", u32::from(unseen)));
    }
    if name.len() > LONGEST_NAME {
        return refuse(text, format!("{what} has {} bytes; {LONGEST_NAME} are the most", name.len()));
    }
    Ok(name.clone())
}

/// Whether a character has no shape, or turns the text around it: with one, two names look alike. Joiners are left, since
/// some scripts are written with them.
const fn is_unseen(c: char) -> bool {
    let separates =
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    separates || turns || matches!(c, '\u{e0000}'..='\u{e007f}')
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
fn span(value: &Spanned<u64>, clock: Clock, what: &str) -> Result<u64, Refusal> {
    if *value.get_ref() == 0 {
        return refuse(value, format!("{what} is zero"));
    }
    at_most_a_year(value, clock, what)
}

fn at_most_a_year(value: &Spanned<u64>, clock: Clock, what: &str) -> Result<u64, Refusal> {
    let (most, unit) = match clock {
        Clock::Timestamp => (YEAR, "seconds"),
        Clock::BlockNumber => (YEAR / BLOCK, "blocks of 12 seconds"),
    };
    if *value.get_ref() > most {
        return refuse(value, format!("{what} is longer than {most}, a year in {unit}"));
    }
    Ok(*value.get_ref())
}

fn refuse<T, V>(value: &Spanned<V>, reason: impl Display) -> Result<T, Refusal> {
    Err(Refusal { span: value.span(), reason: reason.to_string() })
}
