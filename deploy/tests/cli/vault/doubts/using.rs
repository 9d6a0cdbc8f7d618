//! Nothing is sent to what is no vault, and no call is printed for its heir.

use super::*;
use crate::{refusal, run_by};

#[tokio::test(flavor = "multi_thread")]
async fn only_a_vault_is_reported_to_and_escaped_from() -> Result<()> {
    let scene = Scene::start().await?;
    let [owner, heir, _] = scene.people[..] else { panic!("three") };
    let anyone = scene.chain.account("anyone").await?;
    let good = scene.vault(heir).await?;
    let runtime = scene.chain.dev.get_code_at(good).await?;
    let terms = state_of(&scene, good).await?.terms;
    // The code of a vault, which another constructor left.
    let arguments = (owner, vec![scene.program], terms, runtime.clone()).abi_encode_params();
    let forged = peers::create(&scene.chain, "ConfirmedVault", &arguments).await?;
    // A vault, and a byte behind its code.
    let other = Peer::load("ConfirmedVault")?;
    let arguments = (owner, vec![scene.program], terms, [&runtime[..], &[0]].concat()).abi_encode_params();
    let other = scene.chain.create(other.init_code(&arguments)).await?;
    let crowded = peers::create(&scene.chain, "ManyPrograms", &U256::from(9).abi_encode()).await?;
    let before = scene.chain.dev.get_transaction_count(anyone.address()).await?;
    let program = scene.program.to_string();
    let runs = |words: &[&str], vault: Address| {
        run_by(&anyone, consilium(&[&["vault"], words].concat()), vault, &scene.chain.url())
    };
    for words in [&["report"][..], &["report", "--program", &program], &["escape", "--program", &program]] {
        for (vault, reason) in [
            (other, format!("error: do not use {other}: its code is not the vault's")),
            (forged, format!("error: do not use {forged}: the CREATE2 factory {CREATE2_FACTORY} has not created it")),
            (crowded, format!("error: what stands at {crowded} is no vault: it watches 9 programs")),
        ] {
            let error = refusal(runs(words, vault));
            assert!(error.starts_with(&reason), "{words:?}: {error}");
        }
        let elsewhere = Address::repeat_byte(1).to_string();
        let error = refusal(runs(&[words, &["--factory", &elsewhere]].concat(), good));
        assert!(error.contains(&format!("the CREATE2 factory {elsewhere}")) && error.contains("--factory"), "{error}");
    }
    assert_eq!(scene.chain.dev.get_transaction_count(anyone.address()).await?, before);
    assert!(done(&runs(&["report"], good)).contains("is alive"));

    // A node that serves no events is no reason to let a death go unreported: a vault's code keeps nothing.
    let alter = |method: &str, _: &serde_json::Value, _: &serde_json::Value| {
        (method == "eth_getLogs").then(|| front::error("pruned"))
    };
    let url = front::node(scene.chain.url(), alter).await?;
    let output = run_by(&anyone, consilium(&["vault", "report"]), good, &url);
    let warned = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(warned.starts_with("warning: NOT CHECKED: who created the vault: "), "{warned}");
    assert!(done(&output).contains("is alive"));
    Ok(())
}
