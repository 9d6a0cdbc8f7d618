//! The documentation in `abi/`, against what solc itself reads in the Solidity interfaces.

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

use consilium_abi_syntax::{Form, Interface, Record};
use eyre::{Context, OptionExt, Result, ensure};
use harness::{npm, root};
use serde_json::Value;

use crate::generated::artifact;

/// What solc makes of the sources, by file and contract.
fn solc(sources: &BTreeMap<String, String>) -> Result<Value> {
    let peers = npm::installed("peers")?;
    let mut command = Command::new("node");
    command.arg("natspec.js").current_dir(peers).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut node = command.spawn().wrap_err("node 18 or newer is needed")?;
    node.stdin.take().ok_or_eyre("standard input")?.write_all(&serde_json::to_vec(sources)?)?;
    let output = node.wait_with_output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A contract with nothing but the constructor, and the structs that it takes: what an interface cannot have, solc reads
/// there.
fn with_constructor(interface: &Interface) -> String {
    let contract = interface.solidity(Form::Contract);
    let body = contract.lines().skip_while(|line| !line.starts_with("contract")).skip(1);
    let constructor: Vec<_> = body.take_while(|line| !line.is_empty()).collect();
    let constructor = constructor.join("\n");
    let constructor = constructor.strip_suffix(';').unwrap_or(&constructor);
    let structs: String = interface.all_structs().map(|record| definition(&contract, record)).collect();
    format!("pragma solidity ^0.8.4;\n{structs}abstract contract C {{\n{constructor} {{}}\n}}\n")
}

/// The struct as the contract defines it.
fn definition(contract: &str, record: &Record) -> String {
    let begin = format!("struct {} {{", record.name);
    let lines = contract.lines().skip_while(|line| line.trim() != begin);
    lines.take_while(|line| line.trim() != "}").chain(["}"]).map(|line| format!("{line}\n")).collect()
}

#[test]
fn solc_reads_the_documentation_that_the_json_has() -> Result<()> {
    let mut sources = BTreeMap::new();
    let contracts = consilium_abi_syntax::contracts(root())?;
    for (_, interface) in &contracts {
        let name = interface.contract_name();
        sources.insert(name.clone(), std::fs::read_to_string(root().join(format!("abi/I{name}.sol")))?);
        if interface.constructor.is_some() {
            // The licence is of no interest here, and solc asks for it.
            sources.insert(
                format!("{name} constructor"),
                format!("// SPDX-License-Identifier: MIT\n{}", with_constructor(interface)),
            );
        }
    }
    let theirs = solc(&sources)?;
    for (_, interface) in &contracts {
        let name = interface.contract_name();
        let artifact = artifact(&name)?;
        for kind in ["devdoc", "userdoc"] {
            let mut expected = theirs[&name][&format!("I{name}")][kind].clone();
            let constructor = &theirs[&format!("{name} constructor")]["C"][kind]["methods"]["constructor"];
            let constructors = usize::from(interface.constructor.is_some());
            let is_told = constructor["notice"].is_string() || constructors == 0;
            ensure!(kind != "userdoc" || is_told, "{name}'s constructor has no notice");
            if !constructor.is_null() {
                expected["methods"]["constructor"] = constructor.clone();
            }
            // Nothing is documented by silence: each function has a notice, and the constructor.
            let documented = expected["methods"].as_object().ok_or_eyre("methods")?.len();
            let functions = constructors + interface.all_functions().count();
            ensure!(
                kind != "userdoc" || documented == functions,
                "{name}: {documented} notices, {functions} functions"
            );
            ensure!(artifact[kind] == expected, "{name} {kind}\nours   {}\nsolc's {expected}", artifact[kind]);
        }
    }
    Ok(())
}

/// What a reader of the Solidity file alone learns of what an interface cannot declare.
#[test]
fn constructors_are_documented_where_solc_looks() -> Result<()> {
    for (_, interface) in consilium_abi_syntax::contracts(root())? {
        if interface.constructor.is_none() {
            continue;
        }
        let devdoc = &artifact(&interface.contract_name())?["devdoc"];
        let text = devdoc["custom:constructor"].as_str().ok_or_eyre("no word on the constructor")?;
        for param in interface.constructor.iter().flat_map(|constructor| constructor.docs.param_names()) {
            ensure!(text.contains(&format!("{param}: ")), "{}: nothing on {param}", interface.name);
        }
    }
    Ok(())
}
