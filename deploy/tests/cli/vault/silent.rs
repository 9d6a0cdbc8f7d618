//! A node that takes a transaction, and answers little from then on: what is in a block is told.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// What is asked of a block, a contract or its events.
const QUESTIONS: [&str; 6] =
    ["eth_call", "eth_getCode", "eth_getLogs", "eth_getBlockByNumber", "eth_blockNumber", "eth_getBalance"];

/// A node in front of a chain's that answers none of these questions once it has taken a transaction.
async fn tired(chain: &Chain) -> Result<String> {
    let has_sent = AtomicBool::new(false);
    let alter = move |method: &str, _: &Value, _: &Value| {
        if method == "eth_sendRawTransaction" {
            has_sent.store(true, Ordering::SeqCst);
        }
        (QUESTIONS.contains(&method) && has_sent.load(Ordering::SeqCst)).then(|| front::error("busy"))
    };
    front::node(chain.url(), alter).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_in_a_block_is_reported() -> Result<()> {
    let scene = Scene::start().await?;
    scene.chain.upgrade_arbos().await?;
    let program = scene.mortal.to_string();
    let words = ["vault", "report", "--json", "--program", &program];
    let output = run_by(&scene.anyone, consilium(&words), scene.vault, &tired(&scene.chain).await?);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("warning: the report is in a block, and the node did not say more of it: "), "{said}");
    let told: Value = crate::parsed(&String::from_utf8_lossy(&output.stdout));
    let told = &told["programs"][0];
    assert_eq!((&told["reports"], &told["reportAgainBy"], &told["void"]), (&json!(1), &Value::Null, &Value::Null));
    assert!(told["transaction"].as_str().is_some_and(|hash| hash.starts_with("0x")), "{told}");
    assert!(done(&scene.runs(&["show"])).contains("1 reports since"));

    scene.chain.advance(5 * DAY).await?;
    let words = ["vault", "report", "--program", &program];
    let output = run_by(&scene.anyone, consilium(&words), scene.vault, &tired(&scene.chain).await?);
    let told = done(&output);
    let line = format!("{program}  CANNOT BE ACTIVATED: report 2 since ");
    assert!(told.starts_with(&line) && told.contains("report again by seven days from now, or all are void"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_was_created_is_told() -> Result<()> {
    let scene = Scene::start().await?;
    let [owner, program, heir] = [scene.owner, scene.lasting, scene.heir].map(|address| address.to_string());
    let url = tired(&scene.chain).await?;
    let words = ["vault", "create", "--json", "--owner", &owner, "--program", &program, "--heir", &heir];
    let mut command = consilium(&[&words[..], &["--rpc-url", &url]].concat());
    command.env("CONSILIUM_PRIVATE_KEY", scene.anyone.signer.to_bytes().to_string());
    let output = tokio::task::block_in_place(|| run(command));
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    let told: Value = crate::parsed(&String::from_utf8_lossy(&output.stdout));
    assert!(told["transaction"].as_str().is_some_and(|hash| hash.starts_with("0x")), "{told}");
    assert!(told["doubts"][0].as_str().is_some_and(|doubt| doubt.starts_with("NOT CHECKED: ")), "{told}");
    let vault: Address = told["vault"].as_str().expect("an address").parse()?;
    assert!(!scene.chain.dev.get_code_at(vault).await?.is_empty());
    Ok(())
}
