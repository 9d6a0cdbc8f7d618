//! Who is paid in ether gets all the gas there is: no `send`, and so no stipend that a wallet could outgrow.

use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;
use eyre::Result;
use harness::peers;

use crate::transaction::{SafeTx, call};
use crate::twins::{Helpers, Safes, setup};

#[tokio::test]
async fn a_payee_may_use_more_gas_than_a_stipend() -> Result<()> {
    let safes = Safes::start().await?;
    let payee = peers::create(&safes.chain, "SafePayee", &U256::from(1).to_be_bytes::<32>()).await?;
    let [safeTxGas, baseGas, gasPrice] = [60_000, 1_000, 1].map(U256::from);
    let log = Helpers::logCall { data: vec![1].into() }.abi_encode();
    let tx = SafeTx { safeTxGas, baseGas, gasPrice, refundReceiver: payee, ..call(safes.target, log) };
    for side in [safes.ours, safes.peer] {
        let tx = tx.clone();
        let execution = tx.execution(crate::transaction::signatures(tx.hash(side.safe), &safes.two()));
        let before = safes.balance(payee).await?;
        assert!(safes.sender.send(side.safe, execution).await?.status());
        assert!(safes.balance(payee).await? > before);
    }
    safes.same_storage().await
}

#[tokio::test]
async fn so_may_who_makes_the_proxy() -> Result<()> {
    let safes = Safes::bare().await?;
    safes.fund(1_000).await?;
    let payee = peers::create(&safes.chain, "SafePayee", &U256::from(1).to_be_bytes::<32>()).await?;
    let (payment, paymentReceiver) = (U256::from(7), payee);
    let call = Safe::setupCall { payment, paymentReceiver, ..setup(&safes.owners(), 2) };
    safes.call(1, call).await?.succeeded();
    assert_eq!(safes.balance(payee).await?, U256::from(14), "7 of each");
    Ok(())
}
