//! A refusal says why with the gas that it uses, and asks for no more. The SDK's own entrypoint asks for 2,300 gas to be left.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolError},
};
use consilium_bindings::VotingToken::{ERC20InvalidReceiver, transferCall};
use eyre::Result;
use harness::answer::Answer;

use crate::setup::Tokens;

#[tokio::test]
async fn a_refusal_needs_no_more_gas_than_it_uses() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let call = transferCall { to: Address::ZERO, value: U256::ONE };
    let request =
        |gas| TransactionRequest::default().with_to(tokens.ours).with_input(call.abi_encode()).with_gas_limit(gas);
    let reason = ERC20InvalidReceiver { receiver: Address::ZERO }.abi_encode();
    let (mut low, mut high) = (21_000, 200_000);
    while low < high {
        let middle = (low + high) / 2;
        let answer = Answer::asked(tokens.chain.dev.call(request(middle)).await);
        if answer.is_ok_and(|answer| answer.data == reason) { high = middle } else { low = middle + 1 }
    }
    let receipt = tokens.chain.dev.send_transaction(request(low)).await?.get_receipt().await?;
    assert!(!receipt.status() && low - receipt.gas_used < 100, "{low} gas for {}", receipt.gas_used);
    Ok(())
}
