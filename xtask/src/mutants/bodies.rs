//! Mutants of the declarations and of the methods: each is built as a program and meets the tests on a chain.
//!
//! What is changed is a copy of the contracts in `target/mutants/tree`, and the programs lie in `target/mutants/programs`: an
//! interrupted run leaves nothing changed.

use super::Options;
use super::candidates::{self, Candidate};
use super::noticing::{End, Tests};
use crate::build::Effort;
use crate::{build, project, setup, solidity};
use eyre::{OptionExt, Result, ensure};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use suite::Contract;

/// Mutants of which less than so many percent are noticed mean that tests are missing.
const NOTICED: usize = 95;
/// How often tests are run that fail together and pass alone.
const TRIES: usize = 3;
/// How many of the tests that noticed earlier mutants of the contract are asked first.
const RECENT: usize = 4;
/// Is in every test's name.
const EVERY: &str = "";
/// Tests of which none ends for so long do not end.
const SILENCE: Duration = Duration::from_secs(600);

/// What became of a mutant.
enum Fate {
    DoesNotCompile,
    Noticed(String),
    Survived,
}

pub(super) fn mutants(options: &Options) -> Result<()> {
    let contracts = project::contracts()?;
    let chosen = candidates::choose(candidates::all(&contracts)?, options)?;
    if options.list {
        chosen.iter().for_each(|candidate| println!("{}", candidate.name()));
        println!("{} mutants", chosen.len());
        return Ok(());
    }
    build::build_contracts(setup::Choice::Auto)?;
    solidity::peers()?;
    let toolchain = setup::wasm_toolchain(setup::Choice::Auto)?;
    let bench = Bench::prepare(&contracts, &chosen, &toolchain)?;
    let mut survivors = Vec::new();
    let mut counts = BTreeMap::<_, [usize; 3]>::new();
    let (start, limit) = (Instant::now(), options.minutes.map(|minutes| Duration::from_secs(60 * minutes)));
    for (number, candidate) in chosen.iter().enumerate() {
        let begun = Instant::now();
        if limit.is_some_and(|limit| begun - start > limit) {
            println!("the time is over: {number} of {} mutants, drawn by seed {}", chosen.len(), options.seed);
            break;
        }
        let fate = bench.try_out(candidate, &toolchain)?;
        let (column, said) = match &fate {
            Fate::DoesNotCompile => (0, "does not compile".to_owned()),
            Fate::Noticed(by) => (1, format!("noticed by {by}")),
            Fate::Survived => (2, "SURVIVED".to_owned()),
        };
        counts.entry(candidate.place()).or_default()[column] += 1;
        let seconds = begun.elapsed().as_secs();
        println!("{}/{} {}: {said} ({seconds} s)", number + 1, chosen.len(), candidate.name());
        if let Fate::Survived = fate {
            survivors.push(candidate.name());
        }
    }
    report(&counts, &survivors)
}

/// The copy of the contracts, its programs, and the tests.
struct Bench<'a> {
    contracts: &'a [Contract],
    tests: Tests,
    tree: PathBuf,
    /// Where the tests find a mutant, and the other contracts unchanged.
    programs: PathBuf,
    /// The unchanged contracts in other bytes, made as mutants are: a test that fails here as well knows a mutant by its
    /// bytes, or is broken.
    control: PathBuf,
    /// Tests that noticed a mutant: of which contract, in which test program.
    noticing: RefCell<Vec<(String, String, String)>>,
}

impl<'a> Bench<'a> {
    /// Makes them, and sees that the copy builds to the same programs.
    fn prepare(contracts: &'a [Contract], chosen: &[Candidate<'a>], toolchain: &setup::Toolchain) -> Result<Self> {
        let changed: BTreeMap<_, _> = chosen.iter().map(|one| (one.contract.name.kebab(), one.contract)).collect();
        let mut names = BTreeSet::new();
        for (name, contract) in &changed {
            let tests = &contract.metadata.tests;
            ensure!(!tests.is_empty(), "the manifest of {name} names no `tests`, which its mutants need");
            names.extend(tests.iter().map(String::as_str));
        }
        let tests = Tests::build(&Vec::from_iter(names.iter().copied()))?;
        let folder = project::root().join("target/mutants");
        let bench = Self {
            contracts,
            tests,
            noticing: RefCell::default(),
            control: folder.join("control"),
            tree: folder.join("tree"),
            programs: folder.join("programs"),
        };
        plant(&bench.tree)?;
        bench.unchanged()?;
        fs::create_dir_all(&bench.control)?;
        for contract in contracts {
            let name = contract.name.kebab();
            let mut wasm = fs::read(project::artifacts().join(format!("{name}.wasm")))?;
            if changed.contains_key(name) {
                eprintln!("the unchanged copy of {name}");
                let copy = bench.build(name, toolchain, Effort::Full)?;
                let same = copy.is_some_and(|(copy, _)| copy == wasm);
                ensure!(same, "the unchanged copy of {name} does not build to the same program");
                let quick = bench.build(name, toolchain, Effort::Little)?;
                (wasm, _) = quick.ok_or_eyre("a contract that is optimised less cannot be deployed")?;
            }
            fs::write(bench.control.join(format!("{name}.code")), build::package_otherwise(&wasm)?)?;
        }
        Ok(bench)
    }

    /// Puts the unchanged programs where the tests look.
    fn unchanged(&self) -> Result<()> {
        fs::create_dir_all(&self.programs)?;
        for contract in self.contracts {
            let name = format!("{}.code", contract.name);
            fs::copy(project::artifacts().join(&name), self.programs.join(&name))?;
        }
        Ok(())
    }

    /// Builds a contract of the copy.
    fn build(
        &self,
        contract: &str,
        toolchain: &setup::Toolchain,
        effort: Effort,
    ) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        let manifest = self.tree.join("contracts").join(contract).join("Cargo.toml");
        build::changed(contract, &manifest, toolchain, &project::root().join("target/mutants/build"), effort)
    }

    /// Builds a mutant and lets the tests look for it.
    fn try_out(&self, candidate: &Candidate<'_>, toolchain: &setup::Toolchain) -> Result<Fate> {
        let Contract { name, metadata, .. } = candidate.contract;
        let contract = name.kebab();
        let source = self.tree.join(&candidate.package).join(&candidate.file);
        fs::write(&source, candidate.mutant.apply(&candidate.text))?;
        let built = self.build(contract, toolchain, Effort::Little);
        fs::write(&source, &candidate.text)?;
        let Some((_, code)) = built? else {
            let unchanged = self.build(contract, toolchain, Effort::Little)?;
            ensure!(unchanged.is_some(), "the unchanged copy of {contract} does not compile any more");
            return Ok(Fate::DoesNotCompile);
        };
        self.unchanged()?;
        fs::write(self.programs.join(format!("{contract}.code")), code)?;
        if let Some(fate) = self.meet_again(contract)? {
            return Ok(fate);
        }
        // The tests that are named like the module are asked first: one of them may notice it before a long test has ended.
        let module = format!("{}::", candidate.file.file_stem().unwrap_or_default().to_string_lossy());
        for about in [&module, EVERY] {
            for name in &metadata.tests {
                if let Some(fate) = self.meet(contract, name, about)? {
                    return Ok(fate);
                }
            }
        }
        Ok(Fate::Survived)
    }

    /// Whether one of the tests that noticed the last mutants of this contract notices this one, too: the fast way.
    fn meet_again(&self, contract: &str) -> Result<Option<Fate>> {
        for (_, name, test) in self.noticing.borrow().iter().rev().filter(|(of, ..)| of == contract).take(RECENT) {
            let fails = || {
                Ok::<_, eyre::Report>(!matches!(self.tests.run_one(name, test, &self.programs, SILENCE)?, End::Passed))
            };
            // Twice, since on a busy machine a test may fail by itself.
            if fails()? && fails()? {
                return Ok(Some(Fate::Noticed(format!("{name} {test}"))));
            }
        }
        Ok(None)
    }

    /// Whether the tests of a program that are about something notice the mutant. What counts is a test that fails, fails once
    /// more alone, since on a busy machine a test may fail by itself, and passes on the unchanged contracts.
    fn meet(&self, contract: &str, name: &str, about: &str) -> Result<Option<Fate>> {
        for _ in 0..TRIES {
            let test = match self.tests.run(name, about, &self.programs, SILENCE)? {
                End::Passed => return Ok(None),
                End::Endless => return Ok(Some(Fate::Noticed(format!("{name}, which does not end")))),
                End::Failed(test) => test,
            };
            if let End::Passed = self.tests.run_one(name, &test, &self.programs, SILENCE)? {
                println!("{name} {test} failed and passes alone, which does not count");
                continue;
            }
            let unchanged = self.tests.run_one(name, &test, &self.control, SILENCE)?;
            ensure!(matches!(unchanged, End::Passed), "{name} {test} fails on the unchanged contracts: {unchanged:?}");
            self.noticing.borrow_mut().push((contract.to_owned(), name.to_owned(), test.clone()));
            return Ok(Some(Fate::Noticed(format!("{name} {test}"))));
        }
        Ok(None)
    }
}

/// The repository once more: its contracts and crates as a copy, all else as links to what they need.
fn plant(tree: &Path) -> Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree)?;
    }
    fs::create_dir_all(tree)?;
    for entry in fs::read_dir(project::root())? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "contracts" || name == "crates" {
            super::copy(&entry.path(), &tree.join(name))?;
        } else if name != "target" && name != ".git" {
            symlink(entry.path(), tree.join(name))?;
        }
    }
    Ok(())
}

fn report(counts: &BTreeMap<String, [usize; 3]>, survivors: &[String]) -> Result<()> {
    println!("\n| module | mutants | do not compile | noticed | survive |\n|---|--:|--:|--:|--:|");
    let mut sum = [0; 3];
    for (place, row) in counts {
        println!("| {place} | {} | {} | {} | {} |", row.iter().sum::<usize>(), row[0], row[1], row[2]);
        sum = [0, 1, 2].map(|column| sum[column] + row[column]);
    }
    let [unviable, noticed, survived] = sum;
    println!("| all | {} | {unviable} | {noticed} | {survived} |", sum.iter().sum::<usize>());

    let explained = super::explained()?;
    let (known, strange): (Vec<_>, Vec<_>) = survivors.iter().partition(|name| explained.contains(name.as_str()));
    for name in &known {
        println!("survives, as docs/mutants.md explains: {name}");
    }
    ensure!(strange.is_empty(), "these survive, and docs/mutants.md does not name them: {strange:#?}");
    ensure!(noticed * 100 >= (noticed + survived) * NOTICED, "less than {NOTICED} % are noticed");
    Ok(())
}
