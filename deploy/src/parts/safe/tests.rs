//! The section line by line, and what the Safes' addresses follow from.

use alloy::primitives::{Address, B256};

use super::*;
use crate::artifacts::{Artifacts, Program};
use crate::config::Config;
use crate::plan::Plan;

const COUNCIL: &str = include_str!("../../../config/safe.toml");

fn refused(from: &str, to: &str) -> (usize, String) {
    assert!(COUNCIL.contains(from), "{from}");
    let text = COUNCIL.replacen(from, to, 1);
    let error = Config::parse(&text, "dao.toml").expect_err(to);
    (error.place.expect("a place").0, error.reason)
}

#[test]
fn the_example_names_safes() {
    let config = Config::parse(COUNCIL, "safe.toml").expect("valid");
    let settings = config.safe().expect("the section");
    assert_eq!(
        (settings.proxy_factory, settings.fallback_handler),
        (CANONICAL_PROXY_FACTORY, CANONICAL_FALLBACK_HANDLER)
    );
    assert!(settings.safes.iter().all(|safe| safe.address.is_none()));
    assert!(config.notes().is_empty(), "{:?}", config.notes());
    let owner = settings.safes[0].owners[0];
    assert_eq!(config.offices_of(owner), ["Safe owner"]);
}

/// Settings whose Safes have no address yet found nothing.
#[test]
fn a_plan_needs_the_addresses_of_the_safes() {
    let config = Config::parse(COUNCIL, "safe.toml").expect("valid");
    let mut artifacts = Artifacts::default();
    for (byte, part) in config.parts().enumerate() {
        artifacts.insert(part.name(), Program::new(vec![0xef, 0xf0, 0, 0, byte as u8]).expect("a program"));
    }
    let error = Plan::new(&config, &artifacts).expect_err("no addresses").to_string();
    let said = "the address of the Safe \"council\" is not known: ask the chain by Config::resolved first";
    assert_eq!(error, said);
}

#[test]
fn a_section_is_checked_line_by_line() {
    let threshold = "threshold = 2";
    let (line, reason) = refused(threshold, "threshold = 0");
    assert_eq!(reason, "the threshold of the Safe \"council\" is not between 1 and its 3 owners");
    assert_eq!(line, COUNCIL.lines().position(|line| line == threshold).expect("the line") + 1);
    assert_eq!(refused(threshold, "threshold = 4").1, reason);
    let name = "name = \"council\"";
    assert!(refused(name, "name = \"The Council\"").1.starts_with("a Safe's name has 1 to 24 small letters"));
    let (_, reason) = refused(name, "name = \"elders\"");
    assert_eq!(reason, "there is no Safe \"council\" in [safe]: add it");
    let owner = COUNCIL.lines().find(|line| line.starts_with("    \"0x")).expect("an owner").trim().to_owned();
    let sentinel = Address::with_last_byte(1).to_string();
    let (_, reason) = refused(&owner, &format!("\"{sentinel}\","));
    assert_eq!(reason, format!("{sentinel} is the beginning of a Safe's list of owners, and no owner"));
    let (_, reason) = refused(&owner, &format!("{owner} {owner}"));
    assert_eq!(reason, format!("{} is listed twice", owner.trim_matches(['"', ','])));
    let member = "safe = \"council\"";
    let both = format!("{member}, address = {}", owner.trim_end_matches(','));
    assert_eq!(refused(member, &both).1, "a member of the council has an `address` or is a `safe`, not both");
    let none = refused("{ safe = \"council\", until", "{ until").1;
    assert!(none.starts_with("a member of the council has no `address`: add it, or name a Safe"), "{none}");
}

#[test]
fn every_setting_enters_the_address() {
    let config = Config::parse(COUNCIL, "safe.toml").expect("valid");
    let settings = config.safe().expect("the section");
    let safe = &settings.safes[0];
    let setup = address::initializer(settings, safe);
    let more = Wallet { threshold: safe.threshold + 1, ..safe.clone() };
    assert_ne!(address::initializer(settings, &more), setup);
    let fewer = Wallet { owners: safe.owners[1..].to_vec(), ..safe.clone() };
    assert_ne!(address::initializer(settings, &fewer), setup);
    let other = Settings { fallback_handler: Address::repeat_byte(1), ..settings.clone() };
    assert_ne!(address::initializer(&other, safe), setup);
    let nonce = address::nonce(config.chain.salt, safe);
    assert_ne!(address::nonce(B256::ZERO, safe), nonce);
    assert_ne!(address::nonce(config.chain.salt, &Wallet { salt: B256::ZERO, ..safe.clone() }), nonce);
}

#[test]
fn what_may_surprise_is_told() {
    let note = |from: &str, to: &str| Config::parse(&COUNCIL.replacen(from, to, 1), "dao.toml").expect("valid").notes();
    let alone = note("threshold = 2", "threshold = 1");
    assert_eq!(alone, ["each owner of the Safe \"council\" acts alone: raise its threshold if this is not meant"]);
    let all = note("threshold = 2", "threshold = 3");
    let said = "all owners of the Safe \"council\" have to sign: if one key is lost, it can do nothing";
    assert_eq!(all, [said]);
}

/// By its address it would escape what is asked of each list: that nobody is in it twice, and who is in no other.
#[test]
fn a_member_that_is_a_safe_is_named_as_the_safe() {
    let at = Address::repeat_byte(0x17);
    let member = "{ safe = \"council\", until = 2040-01-01T00:00:00Z }";
    for members in [format!("{member}, {{ address = \"{at}\" }}"), format!("{{ address = \"{at}\", delay = 7 }}")] {
        let config = Config::parse(&COUNCIL.replacen(member, &members, 1), "dao.toml").expect("valid by itself");
        let error = config.with_safes(|_, _| at).expect_err(&members).to_string();
        let said = format!("dao.toml: the member {at} is the Safe \"council\": name it by `safe = \"council\"`");
        assert_eq!(error, said);
        let other = config.with_safes(|_, _| Address::repeat_byte(0x18)).expect("another account");
        assert_eq!(other.safe().expect("the section").safes[0].address, Some(Address::repeat_byte(0x18)));
    }
}
