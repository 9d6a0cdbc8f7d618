//! alloy as a client: the whole way of a contract's life.

use alloy::{
    network::{AnyNetwork, TransactionBuilder},
    primitives::{U256, address},
    providers::{Provider, ProviderBuilder},
    rpc::types::{BlockId, Filter, TransactionRequest},
    signers::local::PrivateKeySigner,
};
use devnode::DevNode;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alloy_fills_sends_and_reads() -> eyre::Result<()> {
    // alloy's client is built without a TLS library of its own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let node = DevNode::spawn()?;
    let signer = PrivateKeySigner::from_bytes(&devnode::DEV_KEY)?;
    let provider = ProviderBuilder::new().wallet(signer).connect_http(node.http_url().parse()?);
    assert_eq!(provider.get_chain_id().await?, devnode::CHAIN_ID);

    let to = address!("0x00000000000000000000000000000000deadbeef");
    let pending =
        provider.send_transaction(TransactionRequest::default().with_to(to).with_value(U256::from(42))).await?;
    let receipt = pending.get_receipt().await?;
    assert!(receipt.status());
    assert_eq!(receipt.gas_used, 21_000);
    assert_eq!(provider.get_balance(to).await?, U256::from(42));
    assert_eq!(provider.get_balance(to).block_id(BlockId::earliest()).await?, U256::ZERO);

    let block = provider.get_block(BlockId::latest()).await?.ok_or_else(|| eyre::eyre!("no block"))?;
    assert_eq!(Some(block.header.hash), receipt.block_hash);
    assert_eq!(block.header.base_fee_per_gas, Some(100_000_000));

    // Returns the sum of nothing: PUSH0 PUSH0 RETURN, deployed and called.
    let deploy = TransactionRequest::default().with_deploy_code(alloy::primitives::bytes!("625f5ff36000526003601df3"));
    let receipt = provider.send_transaction(deploy).await?.get_receipt().await?;
    let contract = receipt.contract_address.ok_or_else(|| eyre::eyre!("no contract"))?;
    assert_eq!(provider.get_code_at(contract).await?.len(), 3);
    assert!(provider.call(TransactionRequest::default().with_to(contract)).await?.is_empty());
    assert!(provider.get_logs(&Filter::new().from_block(0).address(contract)).await?.is_empty());
    // Whole blocks hold ArbOS' internal transaction, which only alloy's network of any kind reads, as on any Nitro chain.
    let any = ProviderBuilder::new().network::<AnyNetwork>().connect_http(node.http_url().parse()?);
    let block = any.get_block(BlockId::latest()).full().await?.ok_or_else(|| eyre::eyre!("no block"))?;
    assert_eq!(block.transactions.len(), 2);

    let fees = provider.estimate_eip1559_fees().await?;
    assert!(fees.max_fee_per_gas >= 100_000_000);
    Ok(())
}
