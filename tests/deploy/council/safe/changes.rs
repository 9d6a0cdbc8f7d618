//! `verify` names each way in which a Safe is otherwise than the file says, also where it is back.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;
use consilium_deploy::init_code;
use eyre::Result;
use harness::safes;

use super::Council;

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

/// The Safe runs code in its own storage.
fn delegated(council: &Council, code: Address, nonce: U256) -> Result<Vec<u8>> {
    let id = council.scene.site.config.chain.id;
    let keys = &council.keys[..super::THRESHOLD];
    Ok(safes::delegated(id, council.safe, nonce, code, Bytes::new(), keys)?.abi_encode())
}
