//! `cargo xtask abi`: what other people's programs read, from what the contracts declare.
//!
//! Each contract's `src/abi.rs` is read with the parser that the macro `sol_abi!` uses. From it come, for an interface `IName`
//! that a contract answers: `abi/IName.sol` for Solidity, `abi/Name.json` for everyone, and the bindings for alloy. From
//! all of them comes `abi/PERMISSIONS.md`. The vault is Solidity, and its files come from the compiler.

use consilium_abi_syntax::{Form, Interface};
use eyre::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::path::Path;
use suite::TEMPLATE;

use crate::{project, solidity};

/// The first Solidity that knows everything an interface uses: custom errors came in 0.8.4.
const PRAGMA: &str = "pragma solidity ^0.8.4;";
const LICENCE: &str = "// SPDX-License-Identifier: MIT OR Apache-2.0";
/// How the table of all powers begins.
const PERMISSIONS: &str = "\
<!-- Made by `cargo xtask abi` from what the contracts declare: do not edit. -->

# Who may call what

Every function of every contract. A guard is the first thing that runs once the calldata is decoded; `tests/abi/access.rs`
calls each guarded function as a stranger and expects the refusal.
";

/// How a storage layout begins.
const LAYOUT: &str = "\
# Made by `cargo xtask abi` from the contract's storage.rs: do not edit.
# Slot, byte from the low-order end (and bits of it, from its low-order end), type, name.

";

/// How the bindings begin.
const BINDINGS: &str = "\
// Made by `cargo xtask abi`: do not edit.

//! Typed alloy bindings of every contract, made from the interfaces that the contracts declare.
//!
//! `Governor::new(address, provider)` calls one that is deployed; the modules of the same names hold calls, events and
//! errors. `Governor::constructorCall { name, token, … }` names what a deployment gives to the constructor: see [`Construct`].

// The code that `sol!` makes.
#![allow(missing_docs, clippy::too_many_arguments)]

use alloy::{primitives::Bytes, sol_types::SolConstructor};

";
/// How they end.
const CONSTRUCT: &str = "
/// The four bytes by which StylusDeployer calls a constructor: the selector of `stylus_constructor()`.
pub const CONSTRUCTOR_SELECTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

/// What calls a constructor. Each contract's `constructorCall` has the arguments as fields with names and types: two
/// addresses are not mistaken for one another, as they are in a tuple. `abi_encode` gives the arguments alone, as they
/// stand behind the code of a Solidity contract.
pub trait Construct: SolConstructor {
    /// StylusDeployer's `initData`: the selector, then the arguments.
    fn init_data(&self) -> Bytes {
        [&CONSTRUCTOR_SELECTOR[..], &self.abi_encode()].concat().into()
    }
}

impl<C: SolConstructor> Construct for C {}
";

/// Writes what is declared, or, with `check`, fails where a file differs from it.
pub(crate) fn abi(check: bool) -> Result<()> {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    let mut permissions = String::from(PERMISSIONS);
    for (source, interface) in consilium_abi_syntax::contracts(project::root())? {
        documented(&interface).wrap_err_with(|| format!("{}", source.display()))?;
        let (name, module) = (interface.contract_name(), module(&interface));
        files.insert(format!("abi/I{name}.sol"), solidity_of(&interface, &source));
        files.insert(format!("abi/{name}.json"), serde_json::to_string_pretty(&interface.artifact())? + "\n");
        files.insert(format!("crates/bindings/src/{module}.rs"), bindings(&interface, &source));
        permissions += "\n";
        permissions += &interface.permissions();
        modules.push((module, name));
    }
    // The contract that `cargo xtask new` copies has bindings for its tests, and is no part of the suite.
    for (source, interface) in consilium_abi_syntax::answered_in(project::root(), &format!("{TEMPLATE}/contracts"))? {
        documented(&interface).wrap_err_with(|| format!("{}", source.display()))?;
        let (name, module) = (interface.contract_name(), module(&interface));
        files.insert(format!("crates/bindings/src/{module}.rs"), bindings(&interface, &source));
        modules.push((module, name));
    }
    for storage in consilium_abi_syntax::storage(project::root())? {
        files.insert(format!("abi/layout/{}.txt", storage.folder), format!("{LAYOUT}{}", storage.layout));
    }
    ensure!(!files.is_empty(), "no contracts/*/src/abi.rs declares an interface that a contract answers");
    let (json, interface) = solidity::vault()?;
    files.insert("abi/Vault.json".into(), json);
    files.insert("abi/IVault.sol".into(), interface);
    files.insert("abi/PERMISSIONS.md".into(), permissions);
    modules.sort();
    files.insert("crates/bindings/src/lib.rs".into(), bindings_lib(&modules));
    if check { compare(&files) } else { write(&files) }
}

/// Everything public says what it is for: these files are all that many readers will see.
fn documented(interface: &Interface) -> Result<()> {
    let functions = interface.all_functions().map(|f| (&f.name, &f.docs));
    let events = interface.all_events().map(|e| (&e.name, &e.docs));
    let errors = interface.all_errors().map(|e| (&e.name, &e.docs));
    let structs = interface.all_structs().map(|s| (&s.name, &s.docs));
    let itself = std::iter::once((&interface.name, &interface.docs));
    let silent: Vec<_> = (itself.chain(functions).chain(events).chain(errors).chain(structs))
        .filter(|(_, docs)| docs.is_empty())
        .map(|(name, _)| name.to_string())
        .collect();
    ensure!(silent.is_empty(), "without documentation: {}", silent.join(", "));
    Ok(())
}

fn solidity_of(interface: &Interface, source: &Path) -> String {
    format!("{LICENCE}\n{PRAGMA}\n\n// {}\n\n{}", made_from(source), interface.solidity(Form::Interface))
}

fn bindings(interface: &Interface, source: &Path) -> String {
    let contract = interface.solidity(Form::Contract);
    let body: String = contract.lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n").collect();
    format!(
        "// {}\n\n//! `{}`: typed calls, events and errors.\n\nalloy::sol! {{\n    #[sol(rpc)]\n    #[derive(Debug, PartialEq, Eq)]\n{body}}}\n",
        made_from(source),
        interface.contract_name(),
    )
}

fn bindings_lib(modules: &[(String, String)]) -> String {
    let mut lib = String::from(BINDINGS);
    for (module, _) in modules {
        lib += &format!("mod {module};\n");
    }
    lib += "\n";
    for (module, name) in modules {
        lib += &format!("pub use {module}::{name};\n");
    }
    lib + CONSTRUCT
}

fn module(interface: &Interface) -> String {
    consilium_abi_syntax::snake_case(&interface.contract_name())
}

fn made_from(source: &Path) -> String {
    format!("Made by `cargo xtask abi` from {}: do not edit.", source.display())
}

fn write(files: &BTreeMap<String, String>) -> Result<()> {
    for (name, text) in files {
        let path = project::root().join(name);
        if std::fs::read_to_string(&path).is_ok_and(|found| found == *text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text).wrap_err_with(|| format!("cannot write {name}"))?;
        println!("wrote {name}");
    }
    Ok(())
}

fn compare(files: &BTreeMap<String, String>) -> Result<()> {
    let current = |name: &String| std::fs::read_to_string(project::root().join(name)).unwrap_or_default();
    let stale: Vec<_> =
        files.iter().filter(|(name, text)| current(name) != **text).map(|(name, _)| name.as_str()).collect();
    let mut left_over = Vec::new();
    for folder in ["abi", "abi/layout"] {
        let entries = std::fs::read_dir(project::root().join(folder)).into_iter().flatten().flatten();
        let names = entries.filter(|entry| entry.path().is_file()).map(|entry| entry.file_name());
        left_over.extend(names.map(|name| format!("{folder}/{}", name.display())));
    }
    left_over.retain(|name| !files.contains_key(name));
    if !stale.is_empty() || !left_over.is_empty() {
        let names: Vec<_> = stale.into_iter().chain(left_over.iter().map(String::as_str)).collect();
        bail!(
            "not what the contracts declare: {}; run `cargo xtask abi`, and delete what no contract makes",
            names.join(", ")
        );
    }
    Ok(())
}
