//! Malformed calldata, unknown selectors, and ether where none is taken.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolCall,
};
use consilium_abi_syntax::Interface;
use consilium_bindings::RevenueSplitter::*;
use eyre::{OptionExt, Result};
use harness::{answer::Answer, declared::calldata, root};

use crate::{claims::*, world::*};

fn interface() -> Result<Interface> {
    let mut all = consilium_abi_syntax::contracts(root())?.into_iter();
    let found = all.find(|(_, interface)| interface.contract_name() == "RevenueSplitter");
    Ok(found.ok_or_eyre("the splitter is declared")?.1)
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_selectors_are_refused_without_a_reason() -> Result<()> {
    let world = World::start().await?;
    for call in [vec![0xde, 0xad, 0xbe, 0xef], vec![0; 4], vec![0xff; 100], vec![1], vec![0x55, 0x85, 0x25]] {
        world.chain.ask(world.dao.address(), world.at, call).await?.refused_with(&[]);
    }
    // No calldata is ether, of which there may be none.
    world.chain.ask(world.dao.address(), world.at, vec![]).await?.succeeded();
    Ok(())
}

/// Every function that takes an argument, cut short by a byte and by a word.
#[tokio::test(flavor = "multi_thread")]
async fn calldata_that_is_cut_short_is_refused() -> Result<()> {
    let (world, interface) = (World::start().await?, interface()?);
    let mut cut = 0;
    for function in interface.all_functions().filter(|function| !function.params.is_empty()) {
        let whole = calldata(function);
        let padding = if function.params.iter().any(|param| param.ty.is_dynamic()) { 32 } else { 1 };
        for length in [whole.len() - padding, whole.len().saturating_sub(32).max(4), 4] {
            let answer = world.chain.ask(world.dao.address(), world.at, whole[..length].to_vec()).await?;
            assert!(!answer.success && answer.data.is_empty(), "{}: {answer:?}", function.signature());
            cut += 1;
        }
    }
    assert!(cut > 80, "{cut}");
    world.with_pool(1_000).await?;
    let list = List::of(&[(world.cleo.address(), 10), (world.anna.address(), 10)]);
    world.publishes(ETHER, &list, 20).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    let whole = list.claim(1, 0).abi_encode();
    for length in 1..whole.len() {
        world.chain.ask(Address::ZERO, world.at, whole[..length].to_vec()).await?.refused_with(&[]);
    }
    world.chain.ask(Address::ZERO, world.at, whole).await?.succeeded();
    Ok(())
}

/// A number that is too large for its type is refused, whoever sends it, before it is asked who may.
#[tokio::test(flavor = "multi_thread")]
async fn dirty_words_are_refused() -> Result<()> {
    let world = World::start().await?;
    let account = world.anna.address();
    let release = release_0Call { account }.abi_encode();
    let token = release_1Call { token: account, account }.abi_encode();
    let pay = payCall { token: ETHER, amount: U256::ZERO, source: NO_SOURCE }.abi_encode();
    let table = set_table(&[(account, 10_000)], &[]).abi_encode();
    let claim = claimCall { number: 1, index: U256::ONE, account, amount: U256::ONE, proof: vec![] }.abi_encode();
    let disable = disableEpochCall { number: 1 }.abi_encode();
    let window = setWindowCall { window: 1 }.abi_encode();
    // The byte above the number; of the table, in the first recipient and the first share.
    for (call, word, byte) in [
        (&release, 0, 11),
        (&token, 0, 11),
        (&token, 1, 0),
        (&pay, 0, 11),
        (&pay, 2, 30),
        (&table, 4, 11),
        (&table, 6, 29),
        (&claim, 0, 27),
        (&claim, 2, 11),
        (&disable, 0, 27),
        (&window, 0, 27),
    ] {
        for by in [&world.dao, &world.guardian, &world.stranger] {
            let mut dirty = call.clone();
            dirty[4 + 32 * word + byte] = 1;
            world.chain.ask(by.address(), world.at, dirty).await?.refused_with(&[]);
        }
    }
    Ok(())
}

/// Only what is for it takes ether.
#[tokio::test(flavor = "multi_thread")]
async fn ether_is_refused_where_none_is_taken() -> Result<()> {
    use alloy::{network::TransactionBuilder, providers::Provider, rpc::types::TransactionRequest};
    let (world, interface) = (World::start().await?, interface()?);
    let from = world.stranger.address();
    let mut asked = 0;
    for function in interface.all_functions() {
        let name = function.signature();
        if ["pay(", "payLicence(", "fundPool(", "upgradeToAndCall("].iter().any(|taker| name.starts_with(taker)) {
            continue;
        }
        let request = TransactionRequest::default().with_from(from).with_to(world.at).with_input(calldata(function));
        let answer = Answer::asked(world.chain.dev.call(request.with_value(U256::ONE)).await)?;
        assert!(!answer.success && answer.data.is_empty(), "{name}: {answer:?}");
        asked += 1;
    }
    assert!(asked > 40, "{asked}");
    Ok(())
}
