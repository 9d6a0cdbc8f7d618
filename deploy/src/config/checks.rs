//! The sense of the file: every rule that a deployment relies on, checked before anything is sent.
//!
//! The contracts refuse some of this themselves; a file is stricter where a mistake would found a DAO that cannot
//! act, or one whose delays protect nobody. Each part checks its own section.

use alloy::primitives::{Address, keccak256};

use super::error::Refusal;
use super::file::{self, File};
use super::rules::{account, named, quantity, refuse};
use super::{CREATE2_FACTORY, Cache, Chain, Config, Deployer, Programs, Sections, Source, words};
use crate::part::Part;
use crate::shown::shortened;
use crate::vault::settings as vault;

/// The fewest days that a program may have left, where the file does not say.
const LEAST_DAYS: u64 = 90;

/// No program lives longer than a year.
const MOST_DAYS: u64 = 364;

/// The most characters of a value that a refusal repeats.
const LONGEST: usize = 60;

/// Gives a text its sense.
pub(super) fn check(text: &str, parts: &[&'static dyn Part]) -> Result<Config, Refusal> {
    let mut file = File::read(text)?;
    let known: Vec<&str> = file::SECTIONS.into_iter().chain(parts.iter().map(|part| part.section())).collect();
    file.expect_none_but(&known)?;
    let chain = chain(&file.require("chain")?.read()?)?;
    let sections = sections(&mut file, parts)?;
    let programs = file.take("programs").map(|section| section.read()).transpose()?.unwrap_or_default();
    let deployer = file.take("deployer").map(|section| section.read()).transpose()?.unwrap_or_default();
    let council = council(&mut file, &sections)?;
    let vault = file.take("vault").map(|section| vault::check(&section.read()?)).transpose()?;
    let cache: file::Cache = file.require("cache")?.read()?;
    Ok(Config {
        chain,
        council,
        vault,
        cache: Cache { max_bid: quantity(&cache.max_bid, "the highest bid")? },
        programs: self::programs(&programs)?,
        deployer: self::deployer(&deployer, &Config::offices(&sections))?,
        sections,
        source: Source::default(),
    })
}

/// The parts that every DAO has, and those whose sections the file has.
fn sections(file: &mut File<'_>, parts: &[&'static dyn Part]) -> Result<Sections, Refusal> {
    let mut sections = Sections::default();
    for part in parts {
        let section = if part.is_required() { Some(file.require(part.section())?) } else { file.take(part.section()) };
        if let Some(section) = section {
            let settings = part.settings(section, &sections)?;
            sections.push(*part, settings);
        }
    }
    Ok(sections)
}

/// The council's account; the zero address where a part is the guardian.
fn council(file: &mut File<'_>, sections: &Sections) -> Result<Address, Refusal> {
    let Some(part) = sections.parts().find(|part| part.is_guardian(sections)) else {
        let Some(section) = file.take("council") else {
            return Err(Refusal {
                span: 0..0,
                reason: format!("{}; or name a council in [access]", words::without("council")),
            });
        };
        let council: file::Council = section.read()?;
        return account(&council.guardian, "the council's guardian");
    };
    let Some(council) = file.take("council") else { return Ok(Address::ZERO) };
    let council: file::Council = council.read()?;
    refuse(
        &council.guardian,
        format!(
            "there is one proposal guardian, and by [{}] it is the {}: leave out [council], or what names a council there",
            part.section(),
            part.name()
        ),
    )
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

fn programs(file: &file::Programs) -> Result<Programs, Refusal> {
    let Some(days) = &file.least_days else { return Ok(Programs { least_days: LEAST_DAYS }) };
    if !(1..=MOST_DAYS).contains(days.get_ref()) {
        return refuse(days, format!("the fewest days that a program may have left are not between 1 and {MOST_DAYS}"));
    }
    Ok(Programs { least_days: *days.get_ref() })
}

fn deployer(file: &file::Deployer, offices: &[&'static str]) -> Result<Deployer, Refusal> {
    let mut may_be = Vec::new();
    for text in &file.may_be {
        let Some(office) = offices.iter().find(|office| *office == text.get_ref()) else {
            let known: Vec<String> = offices.iter().map(|office| format!("\"{office}\"")).collect();
            let (last, others) = known.split_last().expect("at least the guardian");
            let known = if others.is_empty() { last.clone() } else { format!("{} or {last}", others.join(", ")) };
            return refuse(text, format!("unknown part \"{}\": {known}", shortened(text.get_ref(), LONGEST)));
        };
        if may_be.contains(office) {
            return refuse(text, format!("\"{office}\" is listed twice"));
        }
        may_be.push(*office);
    }
    Ok(Deployer { may_be })
}
