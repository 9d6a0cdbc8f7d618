//! What a verification costs, ours and OpenZeppelin's on one chain.

use alloy::sol_types::SolCall;
use eyre::{Result, ensure};
use nitro::{CACHE_MANAGER, CacheManager};

use super::key::{Assertion, Key, has_signed, verify_p256};
use crate::twins::Twins;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_verification_costs() -> Result<()> {
    let twins = Twins::start().await?;
    let assertion = Assertion::of(&Key::new("member"), |_| ());
    let calls = [
        ("verifyP256", verify_p256(assertion.hash(), assertion.r, assertion.s, &assertion.key).abi_encode()),
        ("verifyWebAuthn", assertion.verify().abi_encode()),
        ("hasSigned", has_signed(&assertion.key, assertion.encode()).abi_encode()),
    ];
    let gas = async |to, data: &[u8]| {
        let receipt = twins.sender.send(to, data.to_vec()).await?;
        ensure!(receipt.status(), "reverted");
        Ok(receipt.gas_used)
    };
    let mut rows = Vec::new();
    for (name, call) in &calls {
        rows.push((*name, gas(twins.ours, call).await?, 0, gas(twins.peer, call).await?));
    }
    let bid = CacheManager::placeBidCall { program: twins.ours }.abi_encode();
    ensure!(twins.sender.send(CACHE_MANAGER, bid).await?.status());
    for ((_, call), row) in calls.iter().zip(&mut rows) {
        row.2 = gas(twins.ours, call).await?;
    }
    for (name, uncached, cached, peer) in rows {
        println!("{name}: {uncached}, cached {cached}, OpenZeppelin's {peer}");
        // One call of the precompile is little beside entering a program. Where bytes are compared, ours takes less.
        let most = if name == "verifyP256" { 103 } else { 90 };
        assert!(cached * 100 <= peer * most, "{name}: {cached} and {peer}");
    }
    Ok(())
}
