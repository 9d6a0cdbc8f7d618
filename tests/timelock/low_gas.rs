//! Reverts when gas is nearly gone. A target that uses up its gas leaves its caller one part in 64; with that, the caller
//! must still give the reason of the failure. The SDK's own entrypoint asks for 2,300 gas there, and without them takes all
//! the gas and gives no reason.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolError, SolValue},
};
use eyre::{Result, ensure};
use harness::{answer::Answer, chain::Chain, deploy, peers};
use nitro::{CACHE_MANAGER, CacheManager::placeBidCall};

use crate::setup::{Operation, Timelock};

/// The least gas limit of a transaction with which `execute` says that the target failed.
async fn least(chain: &Chain, timelock: Address, call: &[u8]) -> Result<u64> {
    let reason = Timelock::FailedCall {}.abi_encode();
    let (mut low, mut high) = (21_000, 1_000_000);
    while low < high {
        let middle = (low + high) / 2;
        let request = TransactionRequest::default().with_to(timelock).with_input(call.to_vec()).with_gas_limit(middle);
        let answer = Answer::asked(chain.dev.call(request).await);
        if answer.is_ok_and(|answer| answer.data == reason) { high = middle } else { low = middle + 1 }
    }
    Ok(low)
}

#[tokio::test]
async fn the_reason_is_told_with_little_gas_left() -> Result<()> {
    let chain = Chain::start()?;
    let sender = chain.dev_account()?;
    let arguments = (U256::ZERO, vec![sender.address()], vec![Address::ZERO], sender.address()).abi_encode_params();
    let peer = peers::create(&chain, "PeerTimelock", &arguments).await?;
    let ours = deploy::program(&chain, "timelock", &arguments).await?;
    ensure!(sender.send(CACHE_MANAGER, placeBidCall { program: ours }.abi_encode()).await?.status());
    let burner = peers::create(&chain, "Burner", &[]).await?;
    let operation = Operation::new(burner, []);
    for timelock in [ours, peer] {
        ensure!(sender.send(timelock, operation.schedule(0)).await?.status());
    }
    let call = operation.execute();
    let [ours, peer] = [least(&chain, ours, &call).await?, least(&chain, peer, &call).await?];
    // Entering the program, and one part in 64 that pays for what it still does.
    assert!(ours < peer + 10_000, "{ours} gas, and OpenZeppelin's {peer}");
    Ok(())
}
