//! `abi/`: complete against what clients expect.

use std::{collections::BTreeSet, fs};

use alloy::json_abi::{ContractObject, Event, JsonAbi, StateMutability};
use eyre::{Context, OptionExt, Result, ensure};
use harness::root;
use serde_json::Value;

/// The JSON file of a contract.
pub(crate) fn artifact(name: &str) -> Result<Value> {
    let file = root().join(format!("abi/{name}.json"));
    let text = fs::read_to_string(&file).wrap_err_with(|| format!("{}", file.display()))?;
    Ok(serde_json::from_str(&text)?)
}

/// Each line that clients expect of a contract, from `tests/<contract>/abi.txt`: OpenZeppelin's ABI, printed one item a
/// line. A contract without a model at OpenZeppelin has no such file.
fn targets() -> Result<Vec<(String, BTreeSet<String>)>> {
    let mut all = Vec::new();
    for contract in suite::contracts(root())? {
        let file = root().join("tests").join(&contract.name).join("abi.txt");
        if file.is_file() {
            all.push((contract.name.pascal(), fs::read_to_string(&file)?.lines().map(str::to_owned).collect()));
        }
    }
    ensure!(!all.is_empty(), "no targets");
    Ok(all)
}

fn types(params: &[alloy::json_abi::Param]) -> String {
    params.iter().map(|param| param.selector_type().into_owned()).collect::<Vec<_>>().join(",")
}

fn event(event: &Event) -> String {
    let indexed: String = event.inputs.iter().map(|input| if input.indexed { '1' } else { '0' }).collect();
    format!("event {} indexed={indexed}", event.signature())
}

/// An ABI as the lines of a target.
fn lines(abi: &JsonAbi) -> BTreeSet<String> {
    let mutability = |mutability| match mutability {
        StateMutability::Pure => "pure",
        StateMutability::View => "view",
        StateMutability::NonPayable => "nonpayable",
        StateMutability::Payable => "payable",
    };
    let functions = abi
        .functions()
        .map(|f| format!("function {} -> {} ({})", f.signature(), mutability(f.state_mutability), types(&f.outputs)));
    let errors = abi.errors().map(|error| format!("error {}", error.signature()));
    functions.chain(errors).chain(abi.events().map(event)).collect()
}

/// Clients find every function, event and error of OpenZeppelin's contracts, with the same types and mutability.
#[test]
fn nothing_that_clients_expect_is_missing() -> Result<()> {
    for (name, expected) in targets()? {
        let found = lines(&serde_json::from_value(artifact(&name)?["abi"].take())?);
        let missing: Vec<_> = expected.difference(&found).collect();
        ensure!(missing.is_empty(), "{name} lacks {missing:#?}");
    }
    Ok(())
}

/// The files have the shape of Foundry's and Hardhat's artifacts, which alloy reads too, by its own type for them.
/// The contracts that declare a constructor: what other people's proxies delegate to has none.
fn constructors() -> Result<BTreeSet<String>> {
    let contracts = consilium_abi_syntax::contracts(root())?.into_iter();
    let constructed = contracts.filter(|(_, interface)| interface.constructor.is_some());
    Ok(constructed.map(|(_, interface)| interface.contract_name()).collect())
}

#[test]
fn artifacts_are_read_as_such() -> Result<()> {
    for (name, _) in targets()? {
        let object: ContractObject = serde_json::from_str(&artifact(&name)?.to_string())?;
        let (abi, constructors) = (object.abi.ok_or_eyre("no abi")?, constructors()?);
        ensure!(abi.constructor().is_some() == constructors.contains(&name), "{name}'s constructor");
    }
    Ok(())
}
