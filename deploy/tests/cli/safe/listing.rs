//! `consilium safe deployments`. Safe's own package reads what it writes in `tests/clients`.

use alloy::primitives::keccak256;
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use eyre::Result;
use harness::{deploy, safes};

use super::scene::*;
use crate::consent::scene::done;
use crate::refusal;

#[tokio::test(flavor = "multi_thread")]
async fn a_singleton_is_listed_as_safes_package_does() -> Result<()> {
    for (of, version) in [(Of::Us, "1.4.1"), (Of::Safe, "1.4.1"), (Of::UsV15, "1.5.0"), (Of::SafeV15, "1.5.0")] {
        let scene = Scene::start(of).await?;
        let (singleton, folder) = (scene.singleton.to_string(), scene.desk.path("assets"));
        let words = ["deployments", "--singleton", &*singleton, "--out", &folder];
        let told = done(&scene.runs(&scene.relayer, &words));
        let file = format!("{folder}/v{version}/safe.json");
        assert_eq!(told, format!("written to {file}\n"));
        let listed = scene.json(&file);
        assert_eq!(
            (&listed["contractName"], &listed["version"], &listed["released"]),
            (&"Safe".into(), &version.into(), &false.into())
        );
        let code = scene.chain.dev.get_code_at(scene.singleton).await?;
        let expected = serde_json::json!({ "address": scene.singleton, "codeHash": keccak256(&code) });
        assert_eq!(listed["deployments"]["canonical"], expected);
        assert_eq!(listed["networkAddresses"], serde_json::json!({ "412346": "canonical" }));
        assert!(listed["abi"].as_array().is_some_and(|abi| abi.len() > 40));
        assert!(refusal(scene.runs(&scene.relayer, &words)).contains("is there already"));
        let printed = scene.does(&scene.relayer, &["deployments", "--singleton", &singleton, "--released"]);
        assert_eq!(printed[format!("v{version}/safe.json")]["released"], true);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_singleton_is_not_listed() -> Result<()> {
    let scene = Scene::start(Of::Us).await?;
    for (at, reason) in [
        (scene.safe, "is no closed singleton: it has owners"),
        (scene.relayer.address(), "there is no contract at"),
        (nitro::ARB_WASM, "does not answer as a Safe"),
    ] {
        let error = refusal(scene.runs(&scene.relayer, &["deployments", "--json", "--singleton", &at.to_string()]));
        assert!(error.contains(reason), "{error}");
    }
    Ok(())
}

/// The address of our singleton follows from its code alone, so anybody can create it first and set it up. Its proxies
/// are as they would be.
#[tokio::test(flavor = "multi_thread")]
async fn a_singleton_that_a_stranger_set_up_is_listed_with_a_warning() -> Result<()> {
    for (of, program, version) in [(Of::Us, "safe", "1.4.1"), (Of::UsV15, "safe-v15", "1.5.0")] {
        let scene = Scene::start(of).await?;
        let open = deploy::unconstructed(&scene.chain, program).await?;
        let (singleton, folder) = (open.to_string(), scene.desk.path("assets"));
        let words = ["deployments", "--singleton", &*singleton, "--json"];
        // Nobody has closed it yet.
        let error = refusal(scene.runs(&scene.relayer, &words));
        assert!(error.contains("can be set up by anybody") && error.contains("0x5585258d"), "{error}");
        let setup = safes::setup(&[scene.eve.address()], 1).abi_encode();
        assert!(scene.eve.send(open, setup).await?.status());
        let output = scene.runs(&scene.relayer, &words);
        let told = String::from_utf8(output.stderr.clone())?;
        let warning = format!("WARNING: somebody has set {open} up, and has a Safe there: ");
        assert!(told.starts_with(&warning), "{told}");
        let listed: serde_json::Value = serde_json::from_str(&done(&output))?;
        assert_eq!(listed[format!("v{version}/safe.json")]["deployments"]["canonical"]["address"], singleton);
        let words = ["deployments", "--singleton", &singleton, "--out", &folder];
        let output = scene.runs(&scene.relayer, &words);
        assert!(String::from_utf8(output.stderr.clone())?.starts_with(&warning));
        assert_eq!(done(&output), format!("written to {folder}/v{version}/safe.json\n"));
        // Another program than the one that was built here may do anything.
        let empty = scene.desk.path("");
        let error = refusal(scene.runs(&scene.relayer, &[&words[..3], &["--json", "--artifacts", &empty]].concat()));
        assert!(error.contains("cannot be read"), "{error}");
    }
    Ok(())
}
