//! What a record says of settings, and what of it is repeated.

use nitro::CREATE2_FACTORY;
use serde_json::json;

use super::*;

fn record(settings: serde_json::Value) -> Deployment {
    Deployment {
        chain_id: 1,
        deployer: Address::ZERO,
        complete: false,
        founder: Address::ZERO,
        safes: BTreeMap::new(),
        vault: None,
        contracts: BTreeMap::new(),
        founding: None,
        transactions: Vec::new(),
        settings,
    }
}

fn config(text: &str) -> Config {
    Config::parse(text, "dao.toml").expect("valid")
}

const DEVNET: &str = include_str!("../../config/devnet.toml");

/// Two runs may use one folder. Each writes whole, and leaves nothing else.
#[test]
fn runs_that_write_at_once_do_not_disturb_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    record(json!({})).write(folder.path()).expect("written");
                }
            });
        }
    });
    let names: Vec<_> =
        folder.path().read_dir().expect("a folder").map(|entry| entry.expect("a file").file_name()).collect();
    assert_eq!(names, ["1.json"]);
    assert_eq!(Deployment::read(folder.path(), 1).expect("whole"), Some(record(json!({}))));
}

/// The names are those to look for in the file, and only of what makes another DAO.
#[test]
fn differences_have_the_names_of_the_file() {
    let first = record(serde_json::to_value(config(DEVNET)).expect("JSON"));
    let other = DEVNET
        .replace("voting_delay = 60", "voting_delay = 61")
        .replace("max_bid = \"0.01\"", "max_bid = \"0.02\"")
        .replace("least_days = 90", "least_days = 91")
        .replace("may_be = []", "may_be = [\"holder\"]")
        .replace(
            &format!("# create2_factory = \"{CREATE2_FACTORY}\""),
            "create2_factory = \"0x976EA74026E726554dB657fA54763abd0C3a0aa9\"",
        )
        .replace(
            "guardian = \"0xa0Ee7A142d267C1f36714E4a8F75612F20a79720\"",
            "guardian = \"0x976EA74026E726554dB657fA54763abd0C3a0aa9\"",
        );
    let names = first.differences(&config(&other)).expect("settings");
    assert_eq!(names, ["chain.create2_factory", "council.guardian", "governor.voting_delay"]);
    // Each is a key of the file that documents all.
    for name in names {
        let (section, key) = name.split_once('.').expect("a section and a key");
        assert!(DEVNET.contains(&format!("[{section}]")) && DEVNET.contains(&format!("{key} = ")), "{name}");
    }
}

/// The settings of a record may be any JSON.
#[test]
fn names_of_a_record_are_escaped() {
    let mut settings = serde_json::to_value(config(DEVNET)).expect("JSON");
    settings["\u{1b}[2mx"] = json!({});
    let names = record(settings).differences(&config(DEVNET)).expect("settings");
    assert_eq!(names, ["\\u{1b}[2mx"]);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(Deployment::path(folder.path(), 1), "{ \"x\\u001b[2J\": 1 }").expect("written");
    let error = Deployment::read(folder.path(), 1).expect_err("no record").to_string();
    assert!(error.contains("x\\u{1b}[2J") && !error.contains('\u{1b}'), "{error:?}");
}

#[test]
fn a_record_of_any_size_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = std::fs::File::create(Deployment::path(folder.path(), 1)).expect("a file");
    file.set_len(LARGEST + 1).expect("its length");
    let error = format!("{:#}", Deployment::read(folder.path(), 1).expect_err("too large"));
    assert!(
        error.ends_with("cannot be read: it has more than 16777216 bytes, which is too large: name the right file"),
        "{error}"
    );
}
