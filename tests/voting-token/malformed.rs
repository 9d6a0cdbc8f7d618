//! Calldata that no wallet makes: refused as Solidity refuses it. Ether, which no function accepts, is
//! `tests/differential`'s.

use alloy::sol_types::SolCall;
use consilium_bindings::VotingToken::*;
use eyre::Result;

use crate::setup::*;

#[tokio::test]
async fn what_is_no_call_is_refused() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let ask = async |data: Vec<u8>| tokens.ask(tokens.account(Who::Alice), |token| (*token, data.clone())).await;
    let transfer = transferCall { to: tokens.account(Who::Bob), value: unit(1) }.abi_encode();
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
        println!("{}", alloy::hex::encode(&case));
        ask(case).await?.refused_with(&[]);
    }
    // Bytes after the arguments are no fault.
    ask([transfer, vec![7; 40]].concat()).await?.returned(true);
    Ok(())
}
