//! Calldata that no wallet makes: refused as Solidity refuses it. Ether, which no function takes, is
//! `tests/differential`'s.

use alloy::{
    network::TransactionBuilder, primitives::Bytes, providers::Provider, rpc::types::TransactionRequest,
    sol_types::SolCall,
};
use consilium_bindings::VotingToken::*;
use eyre::Result;

use crate::setup::*;

#[tokio::test]
async fn what_is_no_call_is_refused() -> Result<()> {
    let token = Token::on_time().await?;
    let ask = async |data: Vec<u8>| {
        let request = TransactionRequest::default().with_from(token.alice.address()).with_to(token.at);
        token.chain.dev.call(request.with_input(data)).await
    };
    let transfer = transferCall { to: token.at, value: unit(1) }.abi_encode();
    let mut dirty = transfer.clone();
    dirty[4] = 1;
    let cases = [
        vec![],
        vec![0xa9],
        transfer[..3].to_vec(),
        transfer[..4].to_vec(),
        transfer[..67].to_vec(),
        dirty,
        vec![0xde, 0xad, 0xbe, 0xef],
        [&[0xde, 0xad, 0xbe, 0xef], &transfer[4..]].concat(),
        [&checkpointsCall::SELECTOR[..], &[0; 31], &[1], &[0xff; 32]].concat(),
        [&permitCall::SELECTOR[..], &[0; 6 * 32], &[0; 31]].concat(),
    ];
    for case in cases {
        let error = ask(case.clone()).await.expect_err("it is no call");
        let data = error.as_error_resp().and_then(|error| error.as_revert_data());
        assert_eq!(data.unwrap_or_default(), Bytes::new(), "{}", alloy::hex::encode(case));
    }
    // More than was asked for is no fault.
    ask([transfer, vec![7; 40]].concat()).await?;
    Ok(())
}
