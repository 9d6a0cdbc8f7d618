//! Mutants of the methods that guard, write and call: each is built as a program and meets the tests on a chain.
//!
//! What is changed is a copy of the contracts in `target/mutants/tree`, and the programs lie in `target/mutants/programs`: an
//! interrupted run leaves nothing changed.

use super::Options;
use super::generate::{self, Mutant};
use super::noticing::{End, Tests};
use crate::{build, project, setup, solidity};
use eyre::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A contract, its modules whose methods are changed, and the tests that must notice, the likeliest first.
struct Subject {
    contract: &'static str,
    modules: &'static [&'static str],
    tests: &'static [&'static str],
}

const SUBJECTS: [Subject; 3] = [
    Subject {
        contract: "governor",
        modules: &["cancel", "clock", "execute", "governance", "propose", "queue", "state", "vote"],
        tests: &["governor", "attacks", "invariants"],
    },
    Subject {
        contract: "timelock",
        modules: &["execute", "roles", "schedule"],
        tests: &["timelock", "attacks", "invariants"],
    },
    Subject {
        contract: "voting-token",
        modules: &["signed", "token", "votes"],
        tests: &["token", "attacks", "invariants"],
    },
];

/// Mutants of which less than so many percent are noticed mean that tests are missing.
const NOTICED: usize = 95;
/// A mutant gets so many times as long as the unchanged contracts take.
const PATIENCE: u32 = 5;
/// And so much more, for a machine that has other things to do.
const GRACE: Duration = Duration::from_secs(60);

/// A mutant with its place.
struct Candidate {
    subject: &'static Subject,
    /// In the contract's folder.
    file: PathBuf,
    text: String,
    mutant: Mutant,
}

impl Candidate {
    fn name(&self) -> String {
        format!("{} {}", self.subject.contract, self.mutant.name)
    }

    fn is_of(&self, subject: &Subject) -> bool {
        self.subject.contract == subject.contract
    }
}

/// What became of a mutant.
enum Fate {
    DoesNotCompile,
    Noticed(String),
    Survived,
}

pub(super) fn mutants(options: &Options) -> Result<()> {
    let chosen = choose(all()?, options)?;
    if options.list {
        chosen.iter().for_each(|candidate| println!("{}", candidate.name()));
        println!("{} mutants", chosen.len());
        return Ok(());
    }
    build::build_contracts(setup::Choice::Auto)?;
    solidity::peers()?;
    let toolchain = setup::wasm_toolchain(setup::Choice::Auto)?;
    let bench = Bench::prepare(&chosen, &toolchain)?;
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
        let place = format!("{} {}", candidate.subject.contract, candidate.file.display());
        counts.entry(place).or_default()[column] += 1;
        let seconds = begun.elapsed().as_secs();
        println!("{}/{} {}: {said} ({seconds} s)", number + 1, chosen.len(), candidate.name());
        if let Fate::Survived = fate {
            survivors.push(candidate.name());
        }
    }
    report(&counts, &survivors)
}

/// Every mutant of every module.
fn all() -> Result<Vec<Candidate>> {
    let mut all = Vec::new();
    for subject in &SUBJECTS {
        for module in subject.modules {
            let file = Path::new("src").join(format!("{module}.rs"));
            let path = project::root().join("contracts").join(subject.contract).join(&file);
            let text = fs::read_to_string(&path).with_context(|| {
                format!(
                    "{}: this module is mutated; where it was renamed, xtask/src/mutants/bodies.rs follows",
                    path.display()
                )
            })?;
            let mutants = generate::mutants(&text).with_context(|| path.display().to_string())?;
            all.extend(mutants.into_iter().map(|mutant| Candidate {
                subject,
                file: file.clone(),
                text: text.clone(),
                mutant,
            }));
        }
    }
    Ok(all)
}

/// Those that the options ask for, in the order of the text; in an order drawn by the seed where there may not be time for
/// all, so that those that are run are a sample.
fn choose(mut all: Vec<Candidate>, options: &Options) -> Result<Vec<Candidate>> {
    if let Some(only) = &options.only {
        all.retain(|candidate| candidate.name().contains(only));
        ensure!(!all.is_empty(), "no mutant's name contains {only:?}; --list names all");
    }
    if options.minutes.is_some() {
        all.sort_by_cached_key(|candidate| Sha256::digest(format!("{} {}", options.seed, candidate.name())));
    }
    Ok(all)
}

/// The copy of the contracts, its programs, and the tests.
struct Bench {
    tests: Tests,
    /// How long each test program may run.
    limits: BTreeMap<&'static str, Duration>,
    tree: PathBuf,
    programs: PathBuf,
}

impl Bench {
    /// Makes them, and sees the tests pass on the unchanged contracts.
    fn prepare(chosen: &[Candidate], toolchain: &setup::Toolchain) -> Result<Self> {
        let mut names: Vec<_> = chosen.iter().flat_map(|candidate| candidate.subject.tests).copied().collect();
        names.sort_unstable();
        names.dedup();
        let tests = Tests::build(&names)?;
        let folder = project::root().join("target/mutants");
        let bench =
            Self { tests, limits: BTreeMap::new(), tree: folder.join("tree"), programs: folder.join("programs") };
        plant(&bench.tree)?;
        bench.unchanged()?;
        for Subject { contract, .. } in SUBJECTS.iter().filter(|subject| chosen.iter().any(|one| one.is_of(subject))) {
            eprintln!("the unchanged copy of {contract}");
            let copy = bench.build(contract, toolchain)?;
            let same = copy == Some(fs::read(bench.programs.join(format!("{contract}.code")))?);
            ensure!(same, "the unchanged copy of {contract} does not build to the same program");
        }
        let mut limits = BTreeMap::new();
        for name in names {
            eprintln!("the unchanged contracts, by {name}");
            match bench.tests.run(name, &bench.programs, Duration::from_secs(3_600))? {
                End::Passed(time) => limits.insert(name, PATIENCE * time + GRACE),
                end => eyre::bail!("the tests of {name} fail on the unchanged contracts: {end:?}"),
            };
        }
        Ok(Self { limits, ..bench })
    }

    /// Puts the unchanged programs where the tests look.
    fn unchanged(&self) -> Result<()> {
        fs::create_dir_all(&self.programs)?;
        for subject in &SUBJECTS {
            let name = format!("{}.code", subject.contract);
            fs::copy(project::artifacts().join(&name), self.programs.join(&name))?;
        }
        Ok(())
    }

    /// Builds a contract of the copy.
    fn build(&self, contract: &str, toolchain: &setup::Toolchain) -> Result<Option<Vec<u8>>> {
        let manifest = self.tree.join("contracts").join(contract).join("Cargo.toml");
        build::changed(contract, &manifest, toolchain, &project::root().join("target/mutants/build"))
    }

    /// Builds a mutant and lets the tests look for it.
    fn try_out(&self, candidate: &Candidate, toolchain: &setup::Toolchain) -> Result<Fate> {
        let Subject { contract, tests, .. } = candidate.subject;
        let source = self.tree.join("contracts").join(contract).join(&candidate.file);
        fs::write(&source, candidate.mutant.apply(&candidate.text))?;
        let code = self.build(contract, toolchain);
        fs::write(&source, &candidate.text)?;
        let Some(code) = code? else { return Ok(Fate::DoesNotCompile) };
        self.unchanged()?;
        fs::write(self.programs.join(format!("{contract}.code")), code)?;
        for name in *tests {
            match self.tests.run(name, &self.programs, self.limits[name])? {
                End::Passed(_) => {}
                End::Failed(test) => return Ok(Fate::Noticed(format!("{name} {test}"))),
                End::Endless => return Ok(Fate::Noticed(format!("{name}, which does not end"))),
            }
        }
        Ok(Fate::Survived)
    }
}

/// The repository once more: its contracts as a copy, all else as links to what they need.
fn plant(tree: &Path) -> Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree)?;
    }
    fs::create_dir_all(tree)?;
    for entry in fs::read_dir(project::root())? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "contracts" {
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

#[cfg(test)]
mod tests {
    use super::{Options, all, choose};
    use std::collections::BTreeSet;

    fn names(options: &Options) -> Vec<String> {
        choose(all().unwrap(), options).unwrap().iter().map(super::Candidate::name).collect()
    }

    fn options() -> Options {
        Options { rules: false, bodies: true, only: None, minutes: None, seed: 1, list: true }
    }

    /// Also that each module is there: this test fails where one was renamed.
    #[test]
    fn every_guard_of_the_contracts_is_deleted_once() {
        let all = names(&options());
        for guard in
            ["timelock cancel: delete self.only(CANCELLER_ROLE)?;", "governor relay: delete self.only_governance"]
        {
            assert_eq!(all.iter().filter(|name| name.starts_with(guard)).count(), 1, "{guard}");
        }
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "two mutants have one name");
    }

    #[test]
    fn a_seed_draws_an_order_of_all() {
        let drawn = |seed| names(&Options { minutes: Some(1), seed, ..options() });
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert_eq!(BTreeSet::from_iter(drawn(1)), BTreeSet::from_iter(names(&options())));
        let none = Options { only: Some("no such mutant".to_owned()), ..options() };
        assert!(choose(all().unwrap(), &none).is_err());
    }
}
