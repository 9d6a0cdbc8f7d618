//! The section line by line.

use alloy::primitives::{Address, B256};

use super::*;
use crate::artifacts::{Artifacts, Program};
use crate::plan::Plan;

const EXAMPLE: &str = include_str!("../../../config/safe.toml");

/// The example with its section of the vault, which is commented out there.
fn file() -> String {
    let (before, section) = EXAMPLE.split_once("# [vault]\n").expect("the section");
    let (section, after) = section.split_once("\n\n").expect("an end");
    let bare = |line: &str| {
        let line = line.strip_prefix("# ").unwrap_or(line).to_owned();
        if line.contains(" = ") { line } else { format!("# {line}") }
    };
    let section: Vec<String> = section.lines().map(bare).collect();
    format!("{before}[vault]\n{}\n\n{after}", section.join("\n"))
}

fn read(from: &str, to: &str) -> Result<Config, crate::ConfigError> {
    let text = file();
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    Config::parse(&text.replacen(from, to, 1), "dao.toml")
}

#[test]
fn the_example_has_the_default_terms() {
    let vault = Config::parse(&file(), "safe.toml").expect("valid").vault.expect("a section");
    let shorter = file().lines().filter(|line| !line.starts_with("death_") && !line.starts_with("escape_")).fold(
        String::new(),
        |text, line| match line.starts_with("reports") || line.starts_with("activation_gas") {
            true => text,
            false => text + line + "\n",
        },
    );
    let default = Config::parse(&shorter, "safe.toml").expect("valid").vault.expect("a section");
    assert_eq!(vault, default);
    let Vault::Terms { heir, deathPeriod, escapeDelay, minReports, activationGas } = vault.terms();
    assert_eq!((heir, activationGas), (vault.heir, 20_000_000));
    assert_eq!((deathPeriod, escapeDelay, minReports), (30 * DAY, 60 * DAY, 10));
    // The example itself has none.
    assert_eq!(Config::parse(EXAMPLE, "safe.toml").expect("valid").vault, None);
}

#[test]
fn a_section_is_checked_line_by_line() {
    let heir = file().lines().find(|line| line.starts_with("heir")).expect("the heir").to_owned();
    for (from, to, reason) in [
        (heir.as_str(), format!("heir = \"{}\"", Address::ZERO), "the vault's heir is the zero address"),
        (&heir, "heir = \"0x12\"".to_owned(), "the vault's heir is no address"),
        (&heir, heir.to_lowercase(), "the vault's heir has no checksum"),
        (&heir, String::new(), "`heir`"),
        ("death_days = 30", "death_days = 13".to_owned(), "the days that a program has to be dead are not between 14"),
        ("death_days = 30", "death_days = 366".to_owned(), "and 365"),
        ("escape_days = 60", "escape_days = 13".to_owned(), "the days that the heir waits are not between 14 and 365"),
        ("escape_days = 60", format!("escape_days = {}", u64::from(u32::MAX)), "the days that the heir waits are not"),
        ("reports = 10", "reports = 0".to_owned(), "the reports that confirm a death are not between 1 and 30"),
        ("reports = 10", "reports = 31".to_owned(), "the reports that confirm a death are not between 1 and 30"),
        (
            "activation_gas = 20_000_000",
            "activation_gas = 9_999_999".to_owned(),
            "the gas of an attempt is less than 10000000",
        ),
        ("reports = 10", "report = 10".to_owned(), "`report`"),
    ] {
        let line = file().lines().position(|line| line.contains(from)).expect("the line") + 1;
        let error = read(from, &to).expect_err(&to);
        assert!(error.reason.contains(reason), "{to}: {error}");
        if !to.is_empty() {
            assert_eq!(error.place.map(|place| place.0), Some(line), "{error}");
        }
    }
}

/// The settings of a text, with an address for its Safes.
fn resolved(text: &str, at: Address) -> Config {
    let mut config = Config::parse(text, "dao.toml").expect("valid");
    config.safe_mut().expect("a section").safes.iter_mut().for_each(|safe| safe.address = Some(at));
    config
}

/// Such an heir dies with the programs. The address of the timelock does not depend on the heir.
#[test]
fn an_heir_of_the_dao_itself_is_refused_at_its_line() {
    let at = Address::repeat_byte(0x17);
    let config = resolved(&file(), at);
    let mut artifacts = Artifacts::default();
    for (byte, part) in config.parts().enumerate() {
        artifacts.insert(part.name(), Program::new(vec![0xef, 0xf0, 0, 0, byte as u8]).expect("a program"));
    }
    let plan = Plan::new(&config, &artifacts).expect("a plan");
    let vault = plan.vault().expect("a vault");
    let of = |name| plan.of(name).address;
    assert_eq!(vault.arguments.owner, of("timelock"));
    assert_eq!(vault.arguments.programs, ["timelock", "voting-token", "governor"].map(of));
    let line = file().lines().position(|line| line.starts_with("heir")).expect("the line") + 1;
    for (heir, is) in [
        (of("timelock"), "the timelock of this DAO"),
        (of("safe"), "the safe of this DAO"),
        (at, "the Safe \"council\" of [safe], which runs a Stylus program"),
    ] {
        let other = file().replace(&config.vault.expect("a section").heir.to_string(), &heir.to_string());
        let error = Plan::new(&resolved(&other, at), &artifacts).expect_err(is).to_string();
        assert!(error.starts_with(&format!("dao.toml:{line}:")), "{error}");
        assert!(error.contains(&format!("the vault's heir is {is}: it would die with the programs")), "{error}");
    }
    // The address commits to all of it.
    let other = |change: fn(&mut Config)| {
        let mut config = config.clone();
        change(&mut config);
        Plan::new(&config, &artifacts).expect("a plan").vault().expect("a vault").address
    };
    let changes: [fn(&mut Config); 5] = [
        |config| config.vault.as_mut().expect("a vault").heir = Address::repeat_byte(1),
        |config| config.vault.as_mut().expect("a vault").death_days += 1,
        |config| config.vault.as_mut().expect("a vault").activation_gas += 1,
        |config| config.chain.salt = B256::ZERO,
        |config| config.governor_mut().voting_period += 1,
    ];
    for change in changes {
        assert_ne!(other(change), vault.address);
    }
}

#[test]
fn an_heir_in_office_is_noted() {
    let config = Config::parse(&file(), "safe.toml").expect("valid");
    assert!(config.notes().is_empty(), "{:?}", config.notes());
    let owner = config.safe().expect("a section").safes[0].owners[0];
    let text = file().replace(&config.vault.expect("a section").heir.to_string(), &owner.to_string());
    let notes = Config::parse(&text, "safe.toml").expect("valid").notes();
    assert!(notes.iter().any(|note| note.starts_with(&format!("the vault's heir {owner} is also Safe owner: "))));
}
