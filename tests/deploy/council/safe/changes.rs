//! `verify` names each way in which a Safe is otherwise than the file says, also where it is back.

use alloy::primitives::{Address, Bytes, U256, address, keccak256};
use alloy::providers::Provider;
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe;
use consilium_deploy::init_code;
use devnode::DevNode;
use eyre::Result;
use harness::safes;
use serde_json::Value;

use super::Council;
use crate::setup::Site;

sol! {
    /// Safe's library of that name, as far as it is called here.
    interface MultiSendCallOnly {
        function multiSend(bytes transactions) external payable;
    }
}

/// Code that answers every call with 1: a guard that lets everything pass.
const YES: [u8; 8] = [0x60, 0x01, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3];

const SENTINEL: Address = Address::with_last_byte(1);

impl Council {
    /// The Safe changes itself.
    async fn changes(&self, call: impl SolCall) -> Result<()> {
        self.executes(self.safe, &call.abi_encode()).await?;
        Ok(())
    }

    /// What `verify` finds about the Safe, without what the subjects begin with.
    async fn differences(&self) -> Result<Vec<String>> {
        let failures = self.scene.failures().await?;
        let own = |failure: String| failure.strip_prefix("Safe \"council\": ").map(str::to_owned);
        Ok(failures.into_iter().map(|failure| own(failure.clone()).unwrap_or(failure)).collect())
    }
}

#[tokio::test]
async fn another_owner_is_named_and_also_one_who_was() -> Result<()> {
    let council = Council::new().await?;
    let other = Address::repeat_byte(7);
    council.changes(Safe::addOwnerWithThresholdCall { owner: other, threshold: U256::from(2) }).await?;
    let found = council.differences().await?;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("owners is ") && found[0].contains(&other.to_string()), "{found:?}");
    assert!(found[1].contains(&format!("AddedOwner {{ owner: {other} }}")), "{found:?}");
    let remove = Safe::removeOwnerCall { prevOwner: SENTINEL, owner: other, threshold: U256::from(2) };
    council.changes(remove).await?;
    let found = council.differences().await?;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("all that changed it is ") && found[0].contains("RemovedOwner"), "{found:?}");
    Ok(())
}

#[tokio::test]
async fn another_threshold_is_named() -> Result<()> {
    let council = Council::new().await?;
    council.changes(Safe::changeThresholdCall { threshold: U256::from(3) }).await?;
    let found = council.differences().await?;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], "threshold is 3, not 2");
    assert!(found[1].contains("ChangedThreshold { threshold: 3 }"), "{found:?}");
    Ok(())
}

#[tokio::test]
async fn a_module_is_named() -> Result<()> {
    let council = Council::new().await?;
    let module = council.scene.stranger.account();
    council.changes(Safe::enableModuleCall { module }).await?;
    let found = council.differences().await?;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], format!("modules is {module}, not none"));
    assert!(found[1].contains("EnabledModule"), "{found:?}");
    Ok(())
}

#[tokio::test]
async fn a_guard_and_another_fallback_handler_are_named() -> Result<()> {
    let council = Council::new().await?;
    let guard = safes::create(&council.provider(), init_code(&YES)).await?;
    council.changes(Safe::setGuardCall { guard }).await?;
    let found = council.differences().await?;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], format!("guard is {guard}, not none"));
    assert!(found[1].contains("ChangedGuard"), "{found:?}");
    council.changes(Safe::setFallbackHandlerCall { handler: guard }).await?;
    let found = council.differences().await?;
    assert!(
        found.iter().any(|failure| failure.starts_with(&format!("fallback handler is {guard}, not "))),
        "{found:?}"
    );
    Ok(())
}

/// Code that the owners run in the Safe's storage can put another singleton there.
#[tokio::test]
async fn another_singleton_is_named() -> Result<()> {
    let council = Council::new().await?;
    // Writes slot 0: the caller of the singleton.
    let mut code = vec![0x73];
    code.extend(council.scene.stranger.account());
    code.extend([0x5f, 0x55, 0x00]);
    let writer = safes::create(&council.provider(), init_code(&code)).await?;
    let nonce = U256::ZERO;
    let call = delegated(&council, writer, nonce)?;
    council.scene.send(&council.scene.stranger, council.safe, call).await?;
    let found = council.differences().await?;
    // What stands there answers nothing any more.
    assert!(found.iter().any(|failure| failure == "stands at its address is false, not true"), "{found:?}");
    Ok(())
}

/// Code that the owners run in the Safe's storage can write a module that is on no list. The contract trusts it.
#[tokio::test]
async fn a_module_that_no_list_shows_is_told_by_the_delegated_call() -> Result<()> {
    let council = Council::new().await?;
    let (module, safe) = (council.scene.stranger.account(), council.safe);
    // The modules are the mapping in slot 1.
    let slot = keccak256((module, U256::from(1)).abi_encode());
    let code = [&[0x60, 0x01, 0x7f], slot.as_slice(), &[0x55, 0x00]].concat();
    let writer = safes::create(&council.provider(), init_code(&code)).await?;
    let call = delegated(&council, writer, U256::ZERO)?;
    let sent = council.scene.send(&council.scene.stranger, safe, call).await?;
    let contract = Safe::new(safe, council.provider());
    assert!(contract.isModuleEnabled(module).call().await?);
    let unseen = |reason: &str| {
        format!(
            "transactions that may have changed what no list shows is {} ({reason}), not none",
            sent.transaction_hash
        )
    };
    let said = unseen(&format!("a delegated call of {writer} may have changed anything"));
    assert_eq!(council.differences().await?, [said]);
    Ok(())
}

/// A batch by Safe's own library is only calls. What another contract had the Safe execute cannot be seen.
#[tokio::test]
async fn batches_of_calls_are_no_difference_and_what_cannot_be_seen_is() -> Result<()> {
    let council = Council::new().await?;
    let id = council.scene.site.config.chain.id;
    let keys = &council.keys[..super::THRESHOLD];
    let library = safes::create(&council.provider(), safes::packaged("libraries", "MultiSendCallOnly")?).await?;
    // One call of nobody, of no value and no data.
    let one = [&[0][..], Address::repeat_byte(9).as_slice(), &[0; 64]].concat();
    let batch = MultiSendCallOnly::multiSendCall { transactions: one.into() }.abi_encode();
    let call = safes::delegated(id, council.safe, U256::ZERO, library, batch, keys)?.abi_encode();
    council.scene.send(&council.scene.stranger, council.safe, call).await?;
    let proof = council.scene.site.verify().await?;
    proof.ensure()?;
    // What its code was before nobody knows, because it is not where Safe's own is.
    let told = proof.to_string();
    assert!(told.contains(&format!("has run the code of {library}. It is Safe's MultiSendCallOnly now")), "{told}");
    assert!(told.contains("is Safe's by its code now, and not at Safe's own address, 0x4e1DCf7A"), "{told}");

    // The same transaction, as another contract sends it: the first word is the Safe, the rest is the call.
    let mut code = vec![0x60, 0x20, 0x36, 0x03, 0x60, 0x20, 0x5f, 0x37];
    code.extend([0x5f, 0x5f, 0x60, 0x20, 0x36, 0x03, 0x5f, 0x5f, 0x5f, 0x35, 0x5a, 0xf1, 0x00]);
    let relay = safes::create(&council.provider(), init_code(&code)).await?;
    let call =
        safes::at_nonce(id, council.safe, U256::from(1), Address::repeat_byte(9), Bytes::new(), keys)?.abi_encode();
    let relayed = [council.safe.into_word().as_slice(), &call].concat();
    let sent = council.scene.send(&council.scene.stranger, relay, relayed).await?;
    let found = council.differences().await?;
    assert_eq!(found.len(), 1, "{found:?}");
    let said = format!("{} (another contract called the Safe in it: ", sent.transaction_hash);
    assert!(found[0].contains(&said), "{found:?}");
    Ok(())
}

/// A batch by Safe's library at its own address leaves no question, and one by other code at that address is named.
#[tokio::test]
async fn what_stands_at_the_librarys_own_address_is_known_by_its_code() -> Result<()> {
    let mut site = Site::new()?;
    site.node = DevNode::builder().hardhat(true).spawn()?;
    let (site, until) = super::on(site).await?;
    let council = Council::found(site, until).await?;
    let (id, provider) = (council.scene.site.config.chain.id, council.provider());
    let library = address!("9641d764fc13c8B624c04430C7356C1C7C8102e2");
    let made = safes::create(&provider, safes::packaged("libraries", "MultiSendCallOnly")?).await?;
    let puts = async |code: Bytes| provider.raw_request::<_, Value>("hardhat_setCode".into(), (library, code)).await;
    puts(provider.get_code_at(made).await?).await?;
    let batch = MultiSendCallOnly::multiSendCall { transactions: Bytes::new() }.abi_encode();
    let keys = &council.keys[..super::THRESHOLD];
    let call = safes::delegated(id, council.safe, U256::ZERO, library, batch, keys)?.abi_encode();
    let sent = council.scene.send(&council.scene.stranger, council.safe, call).await?;
    let proof = council.scene.site.verify().await?;
    proof.ensure()?;
    assert!(!proof.to_string().contains("has run the code of"), "{proof}");

    puts(Bytes::from_static(&[0])).await?;
    let found = council.differences().await?;
    let said = format!("{} (a delegated call of {library} may have changed anything)", sent.transaction_hash);
    assert_eq!(found, [format!("transactions that may have changed what no list shows is {said}, not none")]);
    Ok(())
}

/// The Safe runs code in its own storage.
fn delegated(council: &Council, code: Address, nonce: U256) -> Result<Vec<u8>> {
    let id = council.scene.site.config.chain.id;
    let keys = &council.keys[..super::THRESHOLD];
    Ok(safes::delegated(id, council.safe, nonce, code, Bytes::new(), keys)?.abi_encode())
}
