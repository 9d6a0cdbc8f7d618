//! That no guard of a contract is left out, and what the options choose.

use super::{Candidate, Options, all, choose, modules};
use crate::project;
use consilium_abi_syntax::{Access, Interface, interfaces_in};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

fn options() -> Options {
    Options { rules: false, bodies: true, only: Vec::new(), minutes: None, seed: 1, list: true }
}

/// Each guarded function of these declarations by its name and how many it takes, with its guard and what that is given:
/// the types of a declaration alone may still be names of structs.
fn guarded<'a>(interfaces: impl IntoIterator<Item = &'a Interface>) -> BTreeMap<String, String> {
    let functions = interfaces.into_iter().filter(|one| one.target.is_some()).flat_map(Interface::all_functions);
    functions
        .filter_map(|function| match &function.access {
            Some(Access::Guard(word, _)) => {
                let name = format!("{}/{}", function.name, function.params.len());
                Some((name, format!("{word} {}", function.constant().unwrap_or_default())))
            }
            _ => None,
        })
        .collect()
}

/// Guards that contracts take from fragments. Few components are mutated: docs/mutants.md says so.
const OF_FRAGMENTS: [&str; 12] = [
    "addOwnerWithThreshold/2",
    "changeThreshold/1",
    "disableModule/2",
    "enableModule/1",
    "grantRole/2",
    "removeOwner/3",
    "revokeRole/2",
    "setAuthority/1",
    "setFallbackHandler/1",
    "setGuard/1",
    "swapOwner/3",
    "upgradeToAndCall/2",
];

/// The contracts' declarations are read as the compiler reads them, before and after each mutant.
#[test]
fn each_declared_guard_is_deleted_once_and_alone() {
    let contracts = project::contracts().unwrap();
    let all = all(&contracts).unwrap();
    let (mut guards, mut of_fragments) = (0, BTreeSet::new());
    for (source, interface) in consilium_abi_syntax::contracts(project::root()).unwrap() {
        let text = fs::read_to_string(project::root().join(&source)).unwrap();
        let before = guarded(&interfaces_in(&text).unwrap());
        let composed = guarded([&interface]);
        of_fragments.extend(composed.into_keys().filter(|function| !before.contains_key(function)));
        guards += before.len();
        let here = all.iter().filter(|one| source.ends_with(format!("contracts/{}", one.place())));
        let mut deleted = BTreeSet::new();
        for one in here.filter(|one| one.mutant.name.contains(": delete ")) {
            let text = one.mutant.apply(&one.text);
            let after = guarded(&interfaces_in(&text).unwrap_or_else(|error| panic!("{}: {error}", one.name())));
            let gone: Vec<_> = before.iter().filter(|(function, _)| !after.contains_key(*function)).collect();
            assert!(after.iter().all(|(function, guard)| before.get(function) == Some(guard)), "{}", one.name());
            if let [(function, _)] = gone[..] {
                assert!(deleted.insert(function.clone()), "{}: once more", one.name());
            } else {
                assert!(gone.is_empty(), "{} deletes more than one guard", one.name());
            }
        }
        assert_eq!(deleted, before.into_keys().collect(), "{}", source.display());
    }
    assert!(guards > 0, "no function of a contract is guarded");
    assert_eq!(of_fragments, OF_FRAGMENTS.map(str::to_owned).into(), "a guard of a fragment came or went");
}

/// A contract's method refuses, in the text, by `ensure!(…)` or by `return Err(…)` in a block of its own.
#[test]
fn each_refusal_of_a_method_is_deleted_once() {
    let contracts = project::contracts().unwrap();
    let all = all(&contracts).unwrap();
    let mut refusals = 0;
    for contract in &contracts {
        for module in modules(contract).unwrap() {
            let path = contract.manifest.with_file_name(&module);
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let written = code.filter(|line| line.contains("ensure!(") || line.contains("return Err(")).count();
            let here = all.iter().filter(|one| one.contract.name == contract.name && one.file == module);
            let deleted = here.filter(|one| {
                let left = one.mutant.apply(&one.text);
                let count = |text: &str| text.matches("ensure!(").count() + text.matches("return Err(").count();
                one.mutant.name.contains(": delete ") && count(&left) + 1 == count(&one.text)
            });
            assert_eq!(deleted.count(), written, "{}", path.display());
            refusals += written;
        }
    }
    assert!(refusals > 0, "no method of a contract refuses anything");
}

/// What a contract's manifest names as its own of the components is changed too: methods, declarations and rules.
#[test]
fn a_contract_s_components_are_changed() {
    let contracts = project::contracts().unwrap();
    let all = all(&contracts).unwrap();
    for contract in contracts.iter().filter(|contract| !contract.metadata.components.is_empty()) {
        for component in &contract.metadata.components {
            let place = format!("components/src/{component}/");
            let here: Vec<_> = all.iter().filter(|one| one.place().starts_with(&place)).collect();
            assert!(here.len() > 50 && here.iter().all(|one| one.contract.name == contract.name), "{}", here.len());
            assert!(here.iter().any(|one| one.file.ends_with("abi.rs") && one.mutant.name.contains(": delete ")));
        }
    }
}

#[test]
fn no_two_mutants_have_one_name() {
    let contracts = project::contracts().unwrap();
    let all = all(&contracts).unwrap();
    let names: BTreeSet<_> = all.iter().map(|one| (one.place(), one.name())).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn a_seed_draws_an_order_of_all() {
    let contracts = project::contracts().unwrap();
    let names = |options: &Options| -> Vec<_> {
        choose(all(&contracts).unwrap(), options).unwrap().iter().map(Candidate::name).collect()
    };
    let drawn = |seed| names(&Options { minutes: Some(1), seed, ..options() });
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    assert_eq!(BTreeSet::from_iter(drawn(1)), BTreeSet::from_iter(names(&options())));
}

#[test]
fn mutants_are_chosen_by_a_part_of_their_name_or_place() {
    let contracts = project::contracts().unwrap();
    let all = || all(&contracts).unwrap();
    let only = |texts: &[&str]| Options { only: texts.iter().map(|&text| text.to_owned()).collect(), ..options() };
    let first = all()[0].place();
    let of_a_place = choose(all(), &only(&[&first])).unwrap();
    assert!(!of_a_place.is_empty() && of_a_place.iter().all(|one| one.place() == first));
    let several = choose(all(), &only(&[&first, "delete ensure!"])).unwrap();
    assert!(several.len() > of_a_place.len());
    assert!(several.iter().all(|one| one.place() == first || one.name().contains("delete ensure!")));
    assert!(choose(all(), &only(&["no such mutant"])).is_err());
}
