//! `consilium safe deployments`. Safe's own package reads what it writes in `tests/clients`.

use alloy::primitives::keccak256;
use alloy::providers::Provider;
use eyre::Result;

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
