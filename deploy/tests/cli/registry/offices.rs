//! What offices decide: custodians and schemas; by a member at once, by one with a delay, or by the DAO.

use std::process::Output;

use alloy::hex;
use alloy::primitives::{Address, B256, FixedBytes, keccak256};
use alloy::sol_types::SolCall;
use consilium_bindings::AccessManager::{grantRoleCall, setTargetFunctionRoleCall};
use consilium_bindings::DataPointerRegistry as R;
use eyre::Result;
use harness::chain::Account;
use harness::records::{LABORATORY, SCHEMA};
use serde_json::{Value, json};

use super::scene::*;
use crate::consent::scene::{done, somebody};
use crate::{pending, refusal};

/// The roles of the registry's offices.
const ADMITTERS: u64 = 6;
const CURATORS: u64 = 7;
/// How long before a member of theirs announces what it does.
const DELAY: u32 = 600;

impl Scene {
    /// The doctor gets an office, and acts so many seconds after it has announced it.
    async fn office(&self, role: u64, functions: &[[u8; 4]], delay: u32) -> Result<()> {
        let manager = self.reads(R::authorityCall {}).await?;
        let selectors = functions.iter().map(|function| FixedBytes(*function)).collect();
        let functions = setTargetFunctionRoleCall { target: self.at, selectors, roleId: role };
        self.sends(&self.dao, manager, functions).await?;
        let grant = grantRoleCall { roleId: role, account: self.doctor.address(), executionDelay: delay };
        self.sends(&self.dao, manager, grant).await
    }

    /// The DAO makes what was printed to be proposed.
    async fn decides(&self, proposed: &Value) -> Result<()> {
        assert_eq!((&proposed["targets"], &proposed["values"]), (&json!([self.at]), &json!(["0"])));
        let calldata = hex::decode(proposed["calldatas"][0].as_str().expect("calldata"))?;
        assert!(self.dao.send(self.at, calldata).await?.status());
        Ok(())
    }

    /// Proposes a schema of laboratory results of this version; its number.
    #[track_caller]
    fn proposes(&self, by: &Account, version: &str) -> u64 {
        let file = self.desk.file("schema.json", format!("a schema, version {version}"));
        let words =
            ["schema", "propose", &file, "--url", "https://schema.example", "--class", "LABORATORY", "--version"];
        self.does(by, &[&words[..], &[version]].concat())["schema"].as_u64().expect("a number")
    }

    async fn until(&self, account: Address) -> Result<u64> {
        Ok(self.reads(R::custodianCall { account }).await?.until.to())
    }
}

fn admit<'a>(account: &'a str, until: &'a str) -> [&'a str; 5] {
    ["admit", "--account", account, "--until", until]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admitter_admits_and_removes_custodians() -> Result<()> {
    let scene = Scene::start().await?;
    scene.office(ADMITTERS, &[R::admitCustodianCall::SELECTOR], 0).await?;
    let account = somebody("hospital");
    let hospital = account.to_string();
    let now = scene.chain.now().await?;
    let admitted = scene.does(&scene.doctor, &admit(&hospital, "+365d"));
    let until = now + 365 * 86_400;
    assert_eq!((&admitted["account"], &admitted["until"]), (&json!(account), &json!(until)));
    assert_eq!(scene.until(account).await?, until);
    let words = done(&scene.runs(&scene.doctor, &admit(&hospital, "2040-01-01")));
    assert!(words.starts_with(&format!("admitted {hospital} as a custodian until 2040-01-01T00:00:00Z\n")), "{words}");

    let remove = ["remove", "--account", &hospital];
    let words = done(&scene.runs(&scene.doctor, &remove));
    let told = format!("removed the custodian {hospital}: it keeps its pointers, and registers nothing more\n");
    assert!(words.starts_with(&told), "{words}");
    assert_eq!(scene.until(account).await?, 0);
    let error = refusal(scene.runs(&scene.doctor, &remove));
    assert!(error.ends_with("is not an admitted custodian, or its admission has ended: there is nothing to do"));

    let error = refusal(scene.runs(&scene.lab, &admit(&hospital, "+1d")));
    let reason = format!("{} may not admit and remove custodians: let a member of role 6 ", scene.lab.address());
    assert!(error.contains(&reason), "{error}");
    for (account, until, reason) in [
        (&*hospital, "2020-01-01", "the end of the admission is over already: give a later one, as +365d"),
        (&hospital, "0", "the end of the admission is over already"),
        (&hospital, "tomorrow", "the end of the admission is not a time: write a date as 2027-06-30"),
        (&Address::ZERO.to_string(), "+1d", "the zero address is nobody's: name the custodian's account"),
    ] {
        let error = refusal(scene.runs(&scene.doctor, &admit(account, until)));
        assert!(error.contains(reason), "{error}");
    }
    assert_eq!(scene.runs(&scene.doctor, &admit("0x12", "+1d")).status.code(), Some(2));
    Ok(())
}

/// An admission and a removal that wait at the same time are not taken for one another.
#[tokio::test(flavor = "multi_thread")]
async fn an_admitter_with_a_delay_announces_and_runs_the_same_command_again() -> Result<()> {
    let scene = Scene::start().await?;
    scene.office(ADMITTERS, &[R::admitCustodianCall::SELECTOR], DELAY).await?;
    let lab = scene.lab.address();
    let account = lab.to_string();
    let (before, now) = (scene.until(lab).await?, scene.chain.now().await?);
    let soon = (now + u64::from(DELAY)).to_string();
    let error = refusal(scene.runs(&scene.doctor, &admit(&account, &soon)));
    assert!(error.ends_with(" on, and then the end of the admission is too early: give a later one"), "{error}");
    let (longer, remove) = (admit(&account, "+365d"), ["remove", "--account", &*account]);
    let announced = scene.leaves(&scene.doctor, &longer);
    assert_eq!((&announced["announced"], &announced["from"]), (&json!(true), &json!(now + u64::from(DELAY))));
    let words = pending(&scene.runs(&scene.doctor, &remove));
    assert!(words.starts_with("announced: run the command again from 20"), "{words}");
    for words in [&longer[..], &remove] {
        let words = pending(&scene.runs(&scene.doctor, words));
        assert!(words.starts_with("it was announced before, and its delay is not over: run the command again from 20"));
    }
    assert_eq!(scene.until(lab).await?, before);
    scene.chain.advance(u64::from(DELAY)).await?;
    assert_eq!(scene.does(&scene.doctor, &longer)["until"], now + 365 * 86_400);
    assert_eq!(scene.until(lab).await?, now + 365 * 86_400);
    assert_eq!(scene.does(&scene.doctor, &remove)["until"], 0);
    assert_eq!(scene.until(lab).await?, 0);
    Ok(())
}

/// Without offices everything is the DAO's, and its call is what the command printed.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_dao_decides_is_printed_to_be_proposed() -> Result<()> {
    let scene = Scene::start().await?;
    let account = somebody("hospital");
    let hospital = account.to_string();
    let proposed = scene.leaves(&scene.lab, &admit(&hospital, "2040-01-01"));
    assert_eq!(proposed["description"], format!("Admit {hospital} as a custodian until 2040-01-01T00:00:00Z"));
    assert_eq!(scene.until(account).await?, 0);
    scene.decides(&proposed).await?;
    assert_eq!(scene.until(account).await?, 2_208_988_800);
    let words = pending(&scene.runs(&scene.lab, &["remove", "--account", &hospital]));
    let calldata = R::admitCustodianCall { account, until: Default::default() }.abi_encode();
    for line in [
        "nothing was sent: let the DAO decide, by a proposal with\n".to_owned(),
        format!("      target  {}\n", scene.at),
        format!("    calldata  {}\n", hex::encode_prefixed(calldata)),
        format!(" description  Remove the custodian {hospital}\n"),
    ] {
        assert!(words.contains(&line), "{line}{words}");
    }

    let number = scene.proposes(&scene.lab, "2").to_string();
    let activate = scene.does(&scene.lab, &["schema", "activate", "--number", &number, "--propose"]);
    let description = activate["description"].as_str().expect("words");
    let (url, content) = (keccak256("https://schema.example"), keccak256("a schema, version 2"));
    let expected = format!(
        "Activate the schema 2 (version 2 for LABORATORY (8), whose URL has the hash {url} and it itself {content})"
    );
    assert_eq!(description, expected);
    scene.decides(&activate).await?;
    let deprecate = ["schema", "deprecate", "--number", "1", "--sunset", "2040-01-01"];
    scene.decides(&scene.leaves(&scene.lab, &deprecate)).await?;
    assert_eq!(scene.reads(R::schemaCall { number: 1 }).await?.sunset.to::<u64>(), 2_208_988_800);
    scene.decides(&scene.leaves(&scene.lab, &["schema", "supersede", "--number", "1", "--successor", "2"])).await?;
    assert_eq!(scene.reads(R::schemaCall { number: 1 }).await?.successor, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_is_proposed_activated_deprecated_and_superseded() -> Result<()> {
    let scene = Scene::start().await?;
    let functions =
        [R::activateSchemaCall::SELECTOR, R::deprecateSchemaCall::SELECTOR, R::supersedeSchemaCall::SELECTOR];
    scene.office(CURATORS, &functions, 0).await?;
    let number = scene.proposes(&scene.patient, "2");
    let found = scene.reads(R::schemaCall { number: 2 }).await?;
    assert_eq!((number, found.state, found.version, found.dataClass), (2, 1, 2, LABORATORY));
    let hashes = (keccak256("https://schema.example"), keccak256("a schema, version 2"));
    assert_eq!((found.url, found.content), hashes);

    let schema = |words: &[&str]| -> Output { scene.runs(&scene.doctor, &[&["schema"], words].concat()) };
    let refused = |words: &[&str], reason: &str| {
        let error = refusal(schema(words));
        assert!(error.contains(reason), "{error}");
    };
    refused(&["activate", "--number", "9"], "nobody has proposed a schema 9: correct the number");
    refused(
        &["deprecate", "--number", "2", "--sunset", "+1d"],
        "the schema 2 is not active: `consilium registry schema",
    );
    refused(&["supersede", "--number", "1", "--successor", "2"], "the schema 2 is not active: name one that is");
    let words = done(&schema(&["activate", "--number", "2"]));
    assert!(words.starts_with("activated the schema 2: pointers are registered under it\n"), "{words}");
    refused(&["activate", "--number", "2"], "the schema 2 was activated before: there is nothing to do");
    let error = refusal(scene.runs(&scene.lab, &["schema", "deprecate", "--number", "2", "--sunset", "+1d"]));
    assert!(error.contains(" may not decide about schemas: let a member of role 7 "), "{error}");

    let now = scene.chain.now().await?;
    let words = ["schema", "deprecate", "--number", "1", "--sunset", "+90d"];
    assert_eq!(scene.does(&scene.doctor, &words)["sunset"], now + 90 * 86_400);
    let found = scene.reads(R::schemaCall { number: SCHEMA }).await?;
    assert_eq!((found.state, found.sunset.to::<u64>()), (3, now + 90 * 86_400));
    refused(&["deprecate", "--number", "1", "--sunset", "2020-01-01"], "the sunset is over already: give a later one");

    refused(&["supersede", "--number", "2", "--successor", "2"], "a schema does not replace itself");
    refused(&["supersede", "--number", "2", "--successor", "1"], "the schema 1 is not active: name one that is");
    let superseded = scene.does(&scene.doctor, &["schema", "supersede", "--number", "1", "--successor", "2"]);
    assert_eq!((&superseded["schema"], &superseded["successor"]), (&json!(1), &json!(2)));
    refused(&["deprecate", "--number", "1", "--sunset", "+1d"], "the schema 2 superseded the schema 1");

    // Of another class.
    let file = scene.desk.file("other.json", "another schema");
    let other = ["propose", &file, "--url", "https://other.example", "--version", "1", "--class", "IMAGING"];
    let words = done(&schema(&other));
    assert!(words.starts_with("proposed the schema 3: version 1 for IMAGING (12)\n"), "{words}");
    let _ = done(&schema(&["activate", "--number", "3"]));
    refused(
        &["supersede", "--number", "2", "--successor", "3"],
        "the schema 2 is for LABORATORY (8) and 3 for IMAGING (12): name one of the same class",
    );
    let empty = scene.desk.file("empty.json", "");
    let words = |file| ["propose", file, "--url", "https://x.example", "--version", "1", "--class", "LABORATORY"];
    refused(&words(&empty), "empty.json is empty: name the schema's file");
    refused(&words("none.json"), "none.json cannot be read");
    refused(&[&words(&file)[..3], &[" "], &words(&file)[4..]].concat(), "the URL is empty");
    refused(&[&words(&file)[..7], &["BLOOD"]].concat(), "there is no class \"BLOOD\"");
    assert_eq!(schema(&["activate", "--number", "x"]).status.code(), Some(2));
    Ok(())
}

/// The sunset is that of the announcement, however it is said the second time.
#[tokio::test(flavor = "multi_thread")]
async fn a_curator_with_a_delay_deprecates_when_it_is_over() -> Result<()> {
    let scene = Scene::start().await?;
    scene.office(CURATORS, &[R::deprecateSchemaCall::SELECTOR], DELAY).await?;
    let deprecate = ["schema", "deprecate", "--number", "1", "--sunset", "+90d"];
    let now = scene.chain.now().await?;
    assert_eq!(scene.leaves(&scene.doctor, &deprecate)["announced"], true);
    scene.chain.advance(u64::from(DELAY) + 1).await?;
    assert_eq!(scene.does(&scene.doctor, &deprecate)["sunset"], now + 90 * 86_400);
    // It was made once: the next time it is announced again.
    assert_eq!(scene.leaves(&scene.doctor, &deprecate)["announced"], true);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_cleared_by_its_custodian() -> Result<()> {
    let scene = Scene::start().await?;
    let manifest = R::Manifest {
        hashCode: 0x12,
        digest: B256::repeat_byte(1),
        locatorKind: 1,
        locatorCodec: 0x55,
        locator: B256::ZERO,
    };
    let publish = R::publishRootCall { batch: 0, root: B256::repeat_byte(2), manifest, count: 3 };
    scene.sends(&scene.lab, scene.at, publish).await?;
    let clear = ["clear-manifest", "--number", "1"];
    let error = refusal(scene.runs(&scene.doctor, &clear));
    assert!(error.contains(" has no batch 1: correct the number") && error.ends_with("(RegistryNoSuchBatch)"));
    let custodian = scene.lab.address();
    let batch = R::batchCall { custodian, batch: 1 };
    assert!(!scene.reads(batch.clone()).await?.manifest.digest.is_zero());
    let cleared = scene.does(&scene.lab, &clear);
    assert_eq!((&cleared["batch"], &cleared["custodian"]), (&json!(1), &json!(custodian)));
    let found = scene.reads(batch).await?;
    assert_eq!((found.manifest.digest, found.root, found.count), (B256::ZERO, B256::repeat_byte(2), 3));
    let words = done(&scene.runs(&scene.lab, &clear));
    assert!(words.starts_with("cleared where the manifest of batch 1 is: its root still proves\n"), "{words}");
    Ok(())
}
