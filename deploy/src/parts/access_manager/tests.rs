//! The table that settings make: no function is in it twice, and no contract's office takes what a list has.

use std::collections::BTreeSet;

use super::*;
use crate::artifacts::{Artifacts, Program};
use crate::parts::{consent, data_pointer_registry, revenue_splitter};
use crate::plan::Plan;

const COUNCIL_FILE: &str = include_str!("../../../config/council.toml");
const HEALTH: &str = include_str!("../../../config/health.toml");
const SAFE: &str = include_str!("../../../config/safe.toml");

/// Who responds.
const RESPONDER: &str = "0x1CBd3b2770909D4e10f157cABC84C7264073C9Ec";

/// An example with an allow-list.
fn with_list(text: &str, allowed: &[(&str, &str)]) -> String {
    let entry =
        |(contract, function): &(&str, &str)| format!("{{ contract = \"{contract}\", function = \"{function}\" }}");
    let allowed: Vec<String> = allowed.iter().map(entry).collect();
    let list = format!(
        "[access]\nresponders = [{{ address = \"{RESPONDER}\", until = 2040-02-01 }}]\nallowed = [{}]\n",
        allowed.join(", ")
    );
    assert_eq!(text.matches("\n[access]\n").count(), 1);
    text.replacen("[access]\n", &list, 1)
}

/// The example without the lists that begin with these keys.
fn without(text: &str, keys: &[&str]) -> String {
    let is_kept = |line: &&str| !keys.iter().any(|key| line.starts_with(&format!("{key} = ")));
    text.lines().filter(is_kept).map(|line| format!("{line}\n")).collect()
}

/// All functions with a role, of a DAO of these settings.
fn table(text: &str) -> Vec<abi::InitialFunction> {
    let mut config = Config::parse(text, "dao.toml").unwrap_or_else(|error| panic!("{error}: {text}"));
    for (number, safe) in (1..).zip(config.safe_mut().into_iter().flat_map(|settings| &mut settings.safes)) {
        safe.address = Some(Address::repeat_byte(number));
    }
    let mut artifacts = Artifacts::default();
    for (byte, part) in config.parts().enumerate() {
        artifacts.insert(part.name(), Program::new(vec![0xef, 0xf0, 0, 0, byte as u8]).expect("a program"));
    }
    let plan = Plan::new(&config, &artifacts).expect("a plan");
    functions(&plan.dao(&config))
}

#[test]
fn no_function_is_in_the_table_twice() {
    let splitter =
        &HEALTH[HEALTH.find("[revenue-splitter]").expect("the section")..HEALTH.find("[cache]").expect("it")];
    let splitter = without(splitter, &["guardians"]);
    let disable = [(revenue_splitter::NAME.folder(), "disableEpoch(uint32)")];
    let of_health = [
        disable.as_slice(),
        &[
            (consent::NAME.folder(), signature(&consent::Consent, "setRole")),
            (
                data_pointer_registry::NAME.folder(),
                signature(&data_pointer_registry::DataPointerRegistry, "admitCustodian"),
            ),
        ],
    ]
    .concat();
    let open = without(HEALTH, &["guardians", "registrars", "admitters"]);
    let lists = [COUNCIL_FILE, SAFE].map(|text| with_list(&format!("{text}\n{splitter}"), &disable));
    for text in
        [COUNCIL_FILE, HEALTH, SAFE].map(str::to_owned).into_iter().chain(lists).chain([with_list(&open, &of_health)])
    {
        let functions = table(&text);
        let places: BTreeSet<_> = functions.iter().map(|found| (found.target, found.selector)).collect();
        assert!(!functions.is_empty() && places.len() == functions.len(), "{functions:?}");
        let listed = functions.iter().filter(|found| found.roleId == RESPONDER_ROLE).count();
        assert_eq!(listed, text.matches("function = ").count() - text.matches("# allowed").count());
    }
}

/// The registry holds the role of the consent's recorders, also where the file names nobody.
#[test]
fn what_a_contract_of_the_dao_holds_is_not_listed() {
    let record = [(consent::NAME.folder(), signature(&consent::Consent, "record"))];
    let text = with_list(&without(HEALTH, &["recorders"]), &record);
    let refused = Config::parse(&text, "dao.toml").expect_err("the registry's");
    assert!(refused.reason.contains("is for \"recorders\": a function is for one office"), "{refused}");
}

/// What no office can have is the DAO's alone.
#[test]
fn what_gives_more_than_itself_is_not_listed() {
    let open = without(
        HEALTH,
        &["guardians", "publishers", "registrars", "recorders", "emergency", "reviewers", "admitters", "curators"],
    );
    let parts = Config::parse(&open, "dao.toml").expect("valid");
    let mut refusals = 0;
    for part in parts.parts() {
        let offices = part.offices_in_manager(&parts.sections);
        for function in part.restricted() {
            let selector = alloy::primitives::keccak256(function);
            let of_office = offices.iter().any(|office| office.functions.iter().any(|own| own == &selector[..4]));
            let parsed = Config::parse(&with_list(&open, &[(part.name().folder(), function)]), "dao.toml");
            let is_held = part.name() == consent::NAME && function.starts_with("record(");
            assert_eq!(parsed.is_ok(), of_office && !is_held, "{function}: {parsed:?}");
            if let Err(refused) = parsed {
                refusals += 1;
                let reasons = ["is always for the DAO's decisions", "only a vote may do that", "is for \"recorders\""];
                assert!(reasons.iter().any(|reason| refused.reason.contains(reason)), "{refused}");
            }
        }
    }
    // Three upgrades, the registry's own, and of the consent 3, the data pointer registry 3, the splitter 5.
    assert_eq!(refusals, 3 + 1 + 3 + 3 + 5);
}

/// The signature of a function of this name.
fn signature(part: &dyn Part, name: &str) -> &'static str {
    let mut known = part.restricted().iter();
    known.find(|function| function.split('(').next() == Some(name)).expect("a function")
}
