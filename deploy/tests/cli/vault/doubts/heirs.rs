//! Heirs that answer as Safes and are none: they name owners until whoever looks gives up, or the same one twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// More than are asked for any heir.
const REQUESTS: usize = 4_000;

/// What is shown of a vault by a node that has enough after so many requests, and how many they were.
async fn shown(scene: &Scene, vault: Address) -> Result<(Output, usize)> {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let alter = move |_: &str, _: &serde_json::Value, _: &serde_json::Value| {
        (count.fetch_add(1, Ordering::SeqCst) > REQUESTS).then(|| front::error("too many requests"))
    };
    let url = front::node(scene.chain.url(), alter).await?;
    let command = consilium(&["vault", "show", "--json", "--contract", &vault.to_string(), "--rpc-url", &url]);
    let output = tokio::task::block_in_place(|| run(command));
    Ok((output, asked.load(Ordering::SeqCst)))
}

/// Owners that own one another are looked at once each, and not along every way.
#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_follow_is_not_checked_and_ends() -> Result<()> {
    let scene = Scene::start().await?;
    let number = |number: u64| U256::from(number).abi_encode();
    let circle = peers::create(&scene.chain, "OwnersOfOneAnother", &number(30)).await?;
    let crowd = peers::create(&scene.chain, "ManyOwners", &number(1_000)).await?;
    for (heir, reason) in [
        (circle, format!("30 owners of the Safe {circle}")),
        (crowd, format!("{crowd} has 1000 owners, and 50 are looked at")),
    ] {
        let (output, asked) = shown(&scene, scene.vault(heir).await?).await?;
        assert_eq!(output.status.code(), Some(4), "{output:?}");
        let text = told(&output);
        let doubt = format!("NOT CHECKED: whether the heir needs Stylus is not known: {reason}");
        assert!(text.contains(&doubt) && text.len() < 20_000 && asked < REQUESTS, "{asked}: {text:.2000}");
    }
    // One such owner among others takes nothing from them, and gives nothing.
    let singleton = peers::create(&scene.chain, "Safe", &[]).await?;
    let owners = [Address::repeat_byte(0x51), scene.people[1], circle];
    let two = scene.safe(singleton, owners.to_vec(), 2).await?;
    assert!(!done(&scene.show(scene.vault(two).await?, &[])).contains("HEIR"));
    let three = scene.safe(singleton, owners.to_vec(), 3).await?;
    let (output, _) = shown(&scene, scene.vault(three).await?).await?;
    let doubt = format!("3 owners of the Safe {three} have to sign, and 2 need no Stylus, and of 1 it is not known");
    assert!(told(&output).contains(&doubt), "{output:?}");
    Ok(())
}

/// The same owner twice is one owner.
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_is_named_twice_does_not_count_twice() -> Result<()> {
    let scene = Scene::start().await?;
    let owner = Address::repeat_byte(0x51);
    let arguments = (vec![owner, owner, scene.program], U256::from(2)).abi_encode_params();
    let heir = peers::create(&scene.chain, "OwnersAsTold", &arguments).await?;
    let told = scene.doubt(scene.vault(heir).await?);
    assert!(told.contains(&format!("BAD HEIR: {heir} names an owner twice, as no Safe does")), "{told}");
    Ok(())
}
