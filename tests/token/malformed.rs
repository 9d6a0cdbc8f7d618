//! Calldata that no wallet makes: refused as Solidity refuses it, with nothing changed.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::SolCall,
};
use consilium_bindings::VotingToken::*;
use eyre::Result;
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::{
    setup::*,
    twins::{Call, Twins},
};

#[tokio::test]
async fn what_is_no_call_is_refused() -> Result<()> {
    let twins = Twins::start(true, 1, 0, unit(1_000)).await?;
    let transfer = transferCall { to: twins.ours, value: unit(1) }.abi_encode();
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
    let calls: Vec<_> = cases.into_iter().map(Call::raw).collect();
    for answer in twins.call(0, &calls).await? {
        assert!(!answer.success && answer.data.is_empty() && answer.logs.is_empty(), "{answer:?}");
    }
    // More than was asked for is no fault.
    let longer = [transfer, vec![7; 40]].concat();
    assert!(twins.call(0, &[Call::raw(longer)]).await?[0].success);
    Ok(())
}

#[tokio::test]
async fn no_function_takes_ether() -> Result<()> {
    let token = Token::on_time().await?;
    let calls = [
        transferCall { to: token.bob.address(), value: unit(1) }.abi_encode(),
        approveCall { spender: token.bob.address(), value: unit(1) }.abi_encode(),
        delegateCall { delegatee: token.bob.address() }.abi_encode(),
        totalSupplyCall {}.abi_encode(),
        vec![],
    ];
    for data in calls {
        let request = TransactionRequest::default()
            .with_from(token.alice.address())
            .with_to(token.at)
            .with_value(U256::from(1))
            .with_input(data)
            .with_gas_limit(1_000_000);
        let receipt = token.alice.provider.send_transaction(request).await?.get_receipt().await?;
        assert!(!receipt.status());
    }
    assert_eq!(token.chain.dev.get_balance(token.at).await?, U256::ZERO);
    assert_eq!(token.balances().await?, units([SUPPLY_OF_ALICE, SUPPLY_OF_BOB, 0]));
    assert_eq!(token.read().delegates(token.alice.address()).call().await?, Address::ZERO);
    Ok(())
}

/// Every function's calldata, well-formed, then bent: both tokens must take it or refuse it alike.
#[test]
fn bent_calldata_is_answered_alike() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let twins = runtime.block_on(Twins::start(true, 1, 0, unit(1_000)))?;
    let (holder, other) = (twins.actors[0], Address::repeat_byte(0x11));
    let (one, word) = (unit(1), alloy::primitives::B256::ZERO);
    let shapes = vec![
        transferCall { to: other, value: one }.abi_encode(),
        transferFromCall { from: holder, to: other, value: one }.abi_encode(),
        approveCall { spender: other, value: one }.abi_encode(),
        delegateCall { delegatee: other }.abi_encode(),
        balanceOfCall { account: holder }.abi_encode(),
        allowanceCall { owner: holder, spender: other }.abi_encode(),
        checkpointsCall { account: other, pos: 0 }.abi_encode(),
        numCheckpointsCall { account: other }.abi_encode(),
        getPastVotesCall { account: other, timepoint: one }.abi_encode(),
        getPastTotalSupplyCall { timepoint: one }.abi_encode(),
        noncesCall { owner: holder }.abi_encode(),
        permitCall { owner: holder, spender: other, value: one, deadline: U256::MAX, v: 27, r: word, s: word }
            .abi_encode(),
        delegateBySigCall { delegatee: other, nonce: one, expiry: U256::MAX, v: 27, r: word, s: word }.abi_encode(),
    ];
    let bent = proptest::sample::select(shapes).prop_flat_map(|shape| {
        let length = shape.len();
        let edits =
            proptest::collection::vec((4..length, prop_oneof![Just(0), Just(1), Just(0xff), any::<u8>()]), 0..4);
        (Just(shape), edits, prop_oneof![4 => Just(length), 1 => 0..length]).prop_map(|(mut shape, edits, keep)| {
            for (at, byte) in edits {
                shape[at] = byte;
            }
            shape.truncate(keep);
            shape
        })
    });
    // Many calls a transaction: one case is one block.
    let cases = proptest::collection::vec(bent, 24);
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[42; 32]);
    let mut runner =
        TestRunner::new_with_rng(Config { cases: 40, failure_persistence: None, ..Config::default() }, seed);
    runner.run(&cases, |calls| {
        let calls: Vec<_> = calls.into_iter().map(Call::raw).collect();
        runtime.block_on(twins.call(0, &calls)).map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
        Ok(())
    })?;
    Ok(())
}
