//! A contract's name is where its own files are, and nowhere else: so the next contract touches nothing but its own.
//!
//! The three contracts of the core are one DAO, and some code is about that DAO: [`EXCEPTIONS`] names it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use eyre::{Result, ensure};
use harness::root;
use regex::Regex;
use suite::Name;

use crate::docs::files;

/// What is made from the declarations or by a package manager, recordings, and this list.
const NOT_READ: [&str; 6] =
    ["abi", "crates/bindings/src", "Cargo.lock", "contracts/voting-token/Cargo.lock", "tests/fidelity/data", SELF];
const SELF: &str = "tests/abi/names.rs";
/// The list of deploy's parts: a line for the module, and a line for its place.
const PARTS: &str = "deploy/src/parts.rs";
const PARTS_LINES: usize = 2;

const CORE: &[&str] = &["governor", "timelock", "voting-token"];

/// Places that may name contracts, which ones, and why. Each has to be needed.
const EXCEPTIONS: &[(&str, &[&str], &str)] = &[
    ("Cargo.toml", &["voting-token"], "a workspace of its own has to be excluded from this one"),
    (".gitignore", &["voting-token"], "and has a lock file of its own"),
    ("contracts/data-pointer-registry", &["consent"], "it asks the consent what subjects permit"),
    ("contracts/governor", &["timelock"], "a governor without its timelock decides nothing"),
    ("crates/fhir", &["consent"], "the FHIR resource of that name"),
    ("contracts/safe-v15", &["safe"], "the next version, which has the word in its name"),
    ("crates/components", &["safe"], "what all versions of it do"),
    ("crates/harness/src/dao", CORE, "the whole DAO, for tests"),
    ("crates/harness/src/dao/places.rs", &["safe"], "it is set up by a function, and not by a constructor"),
    ("crates/harness/src/records.rs", &["access-manager", "consent", "data-pointer-registry"], "records, for tests"),
    ("crates/harness/src/differential", CORE, "the whole DAO and OpenZeppelin's, step by step"),
    ("crates/harness/src/safes.rs", &["safe"], "Safe's own contracts"),
    ("crates/harness/src/safes", &["safe"], "its proxies, and transactions that owners sign"),
    ("crates/abi-syntax/src/solidity.rs", &["safe"], "the word in its plain sense"),
    ("crates/devnode", &["safe"], "the block of that name"),
    ("crates/suite/src", &["voting-token"], "the example of a name with two words"),
    ("deploy", CORE, "the core that every deployment has"),
    ("deploy", &["safe"], "the wallet that a member or an office may be, whoever made it"),
    ("deploy/src/safe", &["safe-v15"], "its next version, whose addresses are listed too"),
    ("deploy/tests/cli/safe", &["safe-v15"], "its next version, which takes other owners' signatures"),
    ("deploy/config/safe.toml", &["mandate"], "the section of a part"),
    ("deploy/config/health.toml", &["consent", "data-pointer-registry", "revenue-splitter"], "the sections of parts"),
    ("deploy/src/bin", &["consent"], "the commands that deal with patients' consents"),
    ("deploy/src/bin", &["data-pointer-registry"], "the commands that deal with pointers to records"),
    ("deploy/src/bin", &["revenue-splitter"], "the commands that deal with revenue"),
    ("deploy/src/consent", &["consent"], "what these commands do"),
    ("deploy/src/consent.rs", &["consent"], "what these commands have in common"),
    ("deploy/src/lib.rs", &["consent"], "the module of that name"),
    ("deploy/src/registry", &["consent", "data-pointer-registry"], "what the commands about pointers do"),
    ("deploy/src/signing", &["consent"], "what both have in common: acts are told with the consent's tables of codes"),
    ("deploy/src/contract.rs", &["consent"], "one view of it, which all contracts with typed data have"),
    ("deploy/src/restricted.rs", &["access-manager", "consent"], "it asks the manager, which a view names"),
    ("deploy/src/bin", &["mandate"], "the commands that deal with mandates"),
    ("deploy/src/lib.rs", &["mandate"], "the module of that name"),
    ("deploy/src/mandate", &["mandate"], "what these commands do"),
    ("deploy/src/mandate.rs", &["mandate"], "what these commands have in common"),
    ("deploy/src/revenue", &["revenue-splitter"], "what the commands about revenue do"),
    ("deploy/src/revenue", &["consent"], "the names of classes, and passkeys"),
    (
        "deploy/src/safe",
        &["access-manager", "consent", "data-pointer-registry", "mandate", "revenue-splitter"],
        "whose functions are told when a Safe calls them",
    ),
    ("deploy/src/rows", &["consent"], "how accounts are read"),
    ("deploy/tests/cli", &["consent", "data-pointer-registry", "mandate"], "the tests of these commands"),
    ("deploy/tests/cli/registry", &["access-manager"], "its offices, under a real manager"),
    ("deploy/tests/cli/revenue", &["access-manager", "revenue-splitter"], "likewise, under a real manager"),
    ("examples/gateway", &["consent", "data-pointer-registry"], "a custodian that obeys both"),
    ("examples/solidity", &["governor", "timelock"], "contracts that work with the DAO"),
    ("examples/solidity", &["consent"], "a gateway that asks it"),
    ("examples/solidity", &["data-pointer-registry"], "a marketplace of the keys of records"),
    ("examples/solidity", &["revenue-splitter"], "to which the marketplace pays"),
    ("examples/template", &["timelock"], "the first authority of its contract"),
    ("tests/abi/access.rs", &["governor", "timelock"], "a DAO whose timelock only its governor executes"),
    ("tests/abi/deployed.rs", &["governor"], "the function that takes most kinds of arguments"),
    ("tests/attacks", CORE, "attacks on the DAO"),
    ("tests/components", &["access-manager"], "a component that obeys it, under the real one"),
    ("tests/consent", &["access-manager"], "who upgrades it, and the council that stops an upgrade"),
    ("tests/data-pointer-registry", &["access-manager", "consent"], "it asks a real consent, under a real manager"),
    ("tests/data-pointer-registry/marketplace.rs", &["governor", "timelock"], "a marketplace that a DAO sets"),
    ("tests/data-pointer-registry/marketplace.rs", &["revenue-splitter"], "to which it pays"),
    ("tests/revenue-splitter", &["access-manager", "consent", "data-pointer-registry"], "it asks a real registry"),
    ("tests/mandate", &["access-manager", "safe"], "a holder that is a Safe, under a real manager"),
    ("tests/mandate/walk/people.rs", &["consent"], "the authority of walks, which is among its peers"),
    ("tests/clients", CORE, "clients of the DAO"),
    ("tests/clients", &["safe"], "its client, which its author made"),
    ("tests/clients/safe.rs", &["safe-v15"], "which knows the next version too"),
    ("tests/deploy", CORE, "deployments of the DAO"),
    (
        "tests/deploy/council",
        &["access-manager", "consent", "data-pointer-registry", "mandate", "revenue-splitter"],
        "a council and offices whose power is in its table",
    ),
    (
        "tests/deploy/beforehand",
        &["access-manager", "consent", "data-pointer-registry", "revenue-splitter"],
        "programs behind proxies",
    ),
    ("tests/differential", CORE, "the differential machine itself"),
    ("tests/governor", &["timelock", "voting-token"], "a governor needs both"),
    ("tests/invariants", CORE, "what always holds in the DAO"),
    ("tests/safe-v15", &["safe"], "the next version, whose tests are those of this one where both do the same"),
    ("tests/timelock", &["governor"], "who proposes and cancels in a DAO"),
    ("tests/vault", CORE, "a DAO that owns a vault"),
    ("tests/vault", &["safe"], "the heir, of Safe's own code"),
    ("tests/attacks/dead_programs.rs", &["safe"], "the word in its plain sense"),
    ("tests/deploy/vault.rs", &["safe"], "an heir that answers as one"),
    ("tests/deploy/council", &["safe"], "the wallet that an office may be"),
    ("tests/peers/compile.js", &["safe"], "the package that has a peer of the next version"),
    ("tests/peers/package-lock.json", &["safe"], "the package that has its peer"),
    ("tests/peers/package.json", &["safe"], "the package that has its peer"),
    ("tests/peers/src", &["governor", "timelock"], "contracts that attack or use the DAO"),
    ("xtask/src/bench", CORE, "what a proposal costs"),
    ("xtask/src/demo", CORE, "a proposal's way through the DAO"),
    ("xtask/src/demo", &["consent"], "a patient's consents, which the DAO limits"),
    ("xtask/src/demo", &["data-pointer-registry"], "a record's way from its custodian to who asked"),
    ("xtask/src/demo", &["revenue-splitter"], "what data earns, from a licence to patients"),
    ("xtask/src/demo", &["mandate"], "the treasury's day-to-day payments, and the council's reports"),
    ("xtask/src/demo", &["access-manager", "safe"], "the council that stops a proposal"),
    ("xtask/src/chain.rs", &["safe"], "the command that deploys Safe's own contracts"),
    ("xtask/src/chain_command.rs", &["safe"], "likewise"),
    ("xtask/src/main.rs", &["safe"], "likewise"),
    ("xtask/src/safes.rs", &["safe"], "likewise"),
    ("xtask/src/fuzz.rs", &["governor", "timelock"], "what the differential machine did"),
];

/// Words of others that have a contract's name in them, and mean something else.
const OTHERS: [&str; 9] = [
    "memory-safe",
    "is-safe",
    "SafeCast",
    "SafeERC20",
    "SafeSupply",
    "safeTransfer",
    "UnwindSafe",
    "URL_SAFE",
    "url_safe",
];

/// A line that names a contract.
#[derive(Debug, PartialEq, Eq)]
struct Hit {
    contract: Name,
    file: PathBuf,
    /// Counted from 1; 0 for the file's path.
    line: usize,
}

/// The words of a word in any spelling: `votingToken`, `VOTING_TOKEN` and `voting-token` have the same two.
fn words(word: &str) -> Vec<String> {
    let letters: Vec<_> = word.chars().collect();
    let (mut words, mut last) = (vec![String::new()], None);
    for (at, letter) in letters.iter().enumerate() {
        let next_is_small = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        // VotingToken, or IVotes.
        let begins =
            letter.is_ascii_uppercase() && last.is_some_and(|last: char| !last.is_ascii_uppercase() || next_is_small);
        if begins || ['-', '_'].contains(letter) {
            words.push(String::new());
        }
        if letter.is_ascii_alphanumeric() {
            words.last_mut().expect("one at least").push(letter.to_ascii_lowercase());
        }
        last = Some(*letter);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a line has the name, in whatever spelling, by itself or in a longer word.
fn names(line: &str, name: &Name) -> bool {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new("[A-Za-z0-9_-]+").expect("a pattern"));
    let name: Vec<_> = name.kebab().split('-').collect();
    let line = OTHERS.iter().fold(line.to_owned(), |line, other| line.replace(other, ""));
    TOKEN.find_iter(&line).any(|token| words(token.as_str()).windows(name.len()).any(|window| window == name))
}

/// Whether a line is prose. A comment binds nothing.
fn is_comment(file: &Path, line: &str) -> bool {
    let is = |ending: &str| file.extension().is_some_and(|found| found == ending);
    let marks: &[&str] = if ["rs", "js", "cjs", "sol"].into_iter().any(is) {
        &["//", "/*", "* "]
    } else if is("wat") {
        &[";;"]
    } else {
        &["#"]
    };
    marks.iter().any(|mark| line.trim_start().starts_with(mark))
}

/// The contract's own files: its folder, its tests, and its part of deploy, which other parts may name as what they need.
fn is_own(file: &Path, name: &Name) -> bool {
    file.starts_with(Path::new("contracts").join(name))
        || file.starts_with(Path::new("tests").join(name))
        || file.starts_with("deploy/src/parts")
}

/// Every line of a file that names a contract whose own file it is not.
fn hits(file: &Path, text: &str, contracts: &[Name]) -> Vec<Hit> {
    let path = file.to_string_lossy();
    let lines = std::iter::once(&*path).chain(text.lines()).enumerate();
    let lines: Vec<_> = lines.filter(|(number, line)| *number == 0 || !is_comment(file, line)).collect();
    let mut hits = Vec::new();
    let letters = format!("{path}\n{text}").to_lowercase();
    let may_be_named = |name: &&Name| name.kebab().split('-').all(|word| letters.contains(word));
    for contract in contracts.iter().filter(|name| !is_own(file, name)).filter(may_be_named) {
        for (line, text) in &lines {
            if names(text, contract) {
                hits.push(Hit { contract: contract.clone(), file: file.to_owned(), line: *line });
            }
        }
    }
    if file == Path::new(PARTS) {
        let count = |name: &Name| hits.iter().filter(|hit| hit.contract == *name).count();
        let listed: Vec<_> = contracts.iter().filter(|name| count(name) <= PARTS_LINES).collect();
        hits.retain(|hit| !listed.contains(&&hit.contract));
    }
    hits
}

/// Those that no exception covers, and the exceptions that cover nothing.
fn judge<'e>(hits: Vec<Hit>, exceptions: &'e [(&str, &[&str], &str)]) -> (Vec<Hit>, Vec<(&'e str, &'e str)>) {
    let all =
        exceptions.iter().flat_map(|(place, contracts, _)| contracts.iter().map(move |contract| (*place, *contract)));
    let mut unneeded: BTreeSet<_> = all.collect();
    let mut strange = Vec::new();
    for hit in hits {
        let covers = |(place, contracts, _): &&(&str, &[&str], &str)| {
            hit.file.starts_with(place) && contracts.contains(&hit.contract.kebab())
        };
        match exceptions.iter().find(covers) {
            Some((place, ..)) => unneeded.retain(|needed| *needed != (*place, hit.contract.kebab())),
            None => strange.push(hit),
        }
    }
    (strange, unneeded.into_iter().collect())
}

fn contracts() -> Result<Vec<Name>> {
    Ok(suite::contracts(root())?.into_iter().map(|contract| contract.name).collect())
}

#[test]
fn a_contracts_name_is_in_its_own_files_alone() -> Result<()> {
    let contracts = contracts()?;
    let (mut all, mut read) = (Vec::new(), 0);
    for file in files()? {
        let is_page = file.extension().is_some_and(|ending| ending == "md");
        if is_page || NOT_READ.iter().any(|place| file.starts_with(place)) {
            continue;
        }
        // What is no text names nothing.
        if let Ok(text) = fs::read_to_string(root().join(&file)) {
            all.extend(hits(&file, &text, &contracts));
            read += 1;
        }
    }
    ensure!(read > 300, "{read} files were read");
    let (strange, unneeded) = judge(all, EXCEPTIONS);
    let strange: Vec<_> = strange
        .iter()
        .map(|Hit { contract, file, line }| format!("{}:{line} names {contract}", file.display()))
        .collect();
    ensure!(
        strange.is_empty(),
        "ask crates/suite which contracts there are, and name none here:\n{}",
        strange.join("\n")
    );
    ensure!(unneeded.is_empty(), "nothing there names them any more, so delete these exceptions: {unneeded:?}");
    Ok(())
}

/// A contract's folders are named alike.
#[test]
fn every_contract_has_its_tests() -> Result<()> {
    for name in contracts()? {
        let tests = Path::new("tests").join(&name).join("main.rs");
        ensure!(root().join(&tests).is_file(), "{} is missing", tests.display());
    }
    Ok(())
}

#[test]
fn a_planted_name_is_found_in_every_spelling() -> Result<()> {
    let name = Name::new("voting-token")?;
    for line in [
        "voting-token",
        "\"voting-token.code\"",
        "mod voting_token;",
        "VotingToken::new",
        "IVotingToken",
        "VOTING_TOKEN",
        "OLD_VOTING_TOKEN_2",
        "votingToken",
        "PeerVotingTokenTime",
        "[package] # voting-token",
    ] {
        for file in ["xtask/src/planted.rs", "tests/planted/main.rs", "deploy/src/planted.rs"] {
            let found = hits(Path::new(file), &format!("first\n{line}\n"), std::slice::from_ref(&name));
            let expected = Hit { contract: name.clone(), file: file.into(), line: 2 };
            ensure!(found == [expected], "{file}: {line}: {found:?}");
        }
    }
    let own = ["contracts/voting-token/src/lib.rs", "tests/voting-token/main.rs", "deploy/src/parts/voting_token.rs"];
    for file in own {
        ensure!(hits(Path::new(file), "voting-token", std::slice::from_ref(&name)).is_empty(), "{file}");
    }
    // The name of a file counts, and so does that of a folder.
    let found = hits(Path::new("tests/abi/VotingToken.txt"), "", std::slice::from_ref(&name));
    ensure!(found.len() == 1 && found[0].line == 0, "{found:?}");
    for other in ["voting", "token", "votingtoken", "a voting token", "// voting-token", "VotingTokens", "voting.token"]
    {
        let found = hits(Path::new("xtask/src/planted.rs"), other, std::slice::from_ref(&name));
        ensure!(found.is_empty(), "{other}: {found:?}");
    }
    Ok(())
}

#[test]
fn an_exception_covers_its_place_and_its_contract_and_has_to_be_needed() -> Result<()> {
    let [mine, other] = ["voting-token", "timelock"].map(|name| Name::new(name).expect("a name"));
    let hit = |contract: &Name, file: &str| Hit { contract: contract.clone(), file: file.into(), line: 1 };
    let exceptions: &[(&str, &[&str], &str)] = &[("tests/a", &["voting-token"], "why"), ("b", &["timelock"], "why")];
    let (strange, unneeded) = judge(vec![hit(&mine, "tests/a/main.rs")], exceptions);
    ensure!(strange.is_empty() && unneeded == [("b", "timelock")], "{strange:?} {unneeded:?}");
    let strangers = [hit(&other, "tests/a/main.rs"), hit(&mine, "tests/ab/main.rs"), hit(&mine, "b")];
    for stranger in strangers {
        let (strange, unneeded) = judge(vec![stranger], exceptions);
        ensure!(strange.len() == 1 && unneeded.len() == 2, "{strange:?} {unneeded:?}");
    }
    Ok(())
}
