//! A token that refuses to be entered again while it runs, as the SDK's programs do by default, and that calls others: for its hooks,
//! or to lend for a moment. Called from within such a call, the governor cannot ask it for the time, and nothing is starved: the
//! token refuses at once and gives back the gas.
//!
//! Safe because a governor that has found a clock takes no failure for its absence. Its constructor does believe a refusal: it must
//! not be called from within its token. Our token calls nobody.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::Governor;
use eyre::{Result, ensure};
use harness::{
    answer::Answer,
    chain::Chain,
    deploy::{self, CONSTRUCTOR},
    raw_program,
};

/// What a view answers, or reverts with: called directly, or through `token`.
async fn ask(chain: &Chain, governor: Address, token: Option<Address>, call: impl SolCall) -> Result<Answer> {
    let request = match token {
        None => TransactionRequest::default().with_to(governor).with_input(call.abi_encode()),
        Some(token) => {
            TransactionRequest::default().with_to(token).with_input([governor.as_slice(), &call.abi_encode()].concat())
        }
    };
    Answer::asked(chain.dev.call(request).pending().await)
}

#[tokio::test]
async fn a_clock_that_refuses_is_not_taken_for_none() -> Result<()> {
    let chain = Chain::start()?;
    let token = raw_program::deploy(&chain, include_str!("guarded_token.wat")).await?;
    let numbers = [60, 300, 0, 4, 50, 0].map(U256::from);
    let [delay, period, threshold, quorum, super_quorum, extension] = numbers;
    let timelock = Address::repeat_byte(0x71);
    let arguments = (
        "A governor".to_owned(),
        token,
        timelock,
        delay,
        period,
        threshold,
        quorum,
        super_quorum,
        extension,
        Address::ZERO,
    )
        .abi_encode_params();
    let governor = deploy::program(&chain, "governor", &arguments).await?;
    chain.set_block_number(1_000).await?;

    let time = ask(&chain, governor, None, Governor::clockCall {}).await?.output::<Governor::clockCall>();
    assert!(time.to::<u64>() > 1_000_000_000);
    let inconsistent = Governor::ERC6372InconsistentClock {};
    ask(&chain, governor, Some(token), Governor::clockCall {}).await?.refused(inconsistent.clone());
    ask(&chain, governor, Some(token), Governor::CLOCK_MODECall {}).await?.refused(inconsistent.clone());
    let description = "At a refused clock".to_owned();
    let propose = Governor::proposeCall {
        targets: vec![timelock],
        values: vec![U256::ZERO],
        calldatas: vec![Bytes::new()],
        description,
    };
    ask(&chain, governor, Some(token), propose.clone()).await?.refused(inconsistent);
    ask(&chain, governor, None, propose).await?.succeeded();

    // What the constructor cannot know: the refusal of a token that is running, and of one that has no clock.
    let inside = chain.create(deploy::init_code(&deploy::code("governor")?)).await?;
    let construct = [inside.as_slice(), &CONSTRUCTOR, &arguments].concat();
    ensure!(chain.dev_account()?.send(token, construct).await?.status());
    chain.set_block_number(1_001).await?;
    ask(&chain, inside, None, Governor::clockCall {}).await?.returned(U256::from(1_001));
    Ok(())
}
