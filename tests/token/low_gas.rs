//! A refusal says why with the gas that it uses, and asks for no more. The SDK's own entrypoint asks for 2,300 gas to be left.

use alloy::{
    network::TransactionBuilder,
    primitives::{Bytes, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolError},
};
use consilium_bindings::VotingToken::{ERC20InvalidReceiver, transferCall};
use eyre::Result;

use crate::setup::Token;

#[tokio::test]
async fn a_refusal_needs_no_more_gas_than_it_uses() -> Result<()> {
    let token = Token::on_time().await?;
    let call = transferCall { to: Default::default(), value: U256::ONE };
    let request =
        |gas| TransactionRequest::default().with_to(token.at).with_input(call.abi_encode()).with_gas_limit(gas);
    let reason = Bytes::from(ERC20InvalidReceiver { receiver: Default::default() }.abi_encode());
    let (mut low, mut high) = (21_000, 200_000);
    while low < high {
        let middle = (low + high) / 2;
        let error = token.chain.dev.call(request(middle)).await.expect_err("it is refused");
        let said = error.as_error_resp().and_then(|error| error.as_revert_data());
        if said.as_ref() == Some(&reason) { high = middle } else { low = middle + 1 }
    }
    let receipt = token.chain.dev.send_transaction(request(low)).await?.get_receipt().await?;
    assert!(!receipt.status() && low - receipt.gas_used < 100, "{low} gas for {}", receipt.gas_used);
    Ok(())
}
