//! Attacks that would make a program look dead that is alive, or can be activated: with too little gas, with open memory
//! pages, with too little ether. Each works against ArbWasm, and none against the vault.

use alloy::{
    eips::eip7702::Authorization,
    network::{TransactionBuilder, TransactionBuilder7702},
    primitives::{Address, Bytes, U256, hex},
    providers::Provider,
    rpc::types::TransactionRequest,
    signers::SignerSync,
    sol_types::{SolCall, SolError},
};
use consilium_deploy::vault::Vault;
use eyre::Result;
use harness::{answer::Answer, chain::Chain, raw_program};
use nitro::{ARB_WASM, ArbWasm};

use crate::setup::{ACTIVATION_GAS, FEE, PLENTY, World, create, terms};

/// A program with as many pages as are left to it while the caller of `HOARDER` has its own open.
const LARGE: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 20)
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;

/// Calls what its calldata names (an account, 20 bytes, then its calldata) with 112 pages open, all gas and all value, and
/// answers what is answered.
const HOARDER: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "msg_value" (func $msg_value (param i32)))
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (import "vm_hooks" "read_return_data" (func $read_return_data (param i32 i32 i32) (result i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (memory (export "memory") 112)
    (func (export "user_entrypoint") (param $length i32) (result i32)
        (local $status i32)
        (call $msg_value (i32.const 0))
        (call $read_args (i32.const 1024))
        (local.set $status (call $call (i32.const 1024) (i32.const 1044)
            (i32.sub (local.get $length) (i32.const 20)) (i32.const 0) (i64.const -1) (i32.const 64)))
        (drop (call $read_return_data (i32.const 262144) (i32.const 0) (i32.load (i32.const 64))))
        (call $write_result (i32.const 262144) (i32.load (i32.const 64)))
        (local.get $status)))"#;

/// Gas limits from the least that a transaction takes to plenty.
fn limits() -> impl Iterator<Item = u64> {
    std::iter::successors(Some(30_000u64), |gas| Some(gas + gas / 40)).take_while(|gas| *gas < PLENTY)
}

/// What a report would answer with so much gas; nothing where it fails.
async fn answer(world: &World, program: Address, wei: u64, gas: u64) -> Result<Option<bool>> {
    let request = TransactionRequest::default().with_from(world.stranger.address()).with_to(world.vault);
    let request = request.with_input(Vault::reportCall { program }.abi_encode());
    let asked = world.chain.dev.call(request.with_value(U256::from(wei)).with_gas_limit(gas)).pending().await;
    let Ok(data) = asked else { return Ok(None) };
    Ok(Some(Vault::reportCall::abi_decode_returns(&data)?))
}

/// At each limit of gas a report says what is so, or nothing; with plenty it says what is so.
async fn says(world: &World, program: Address, wei: u64, truth: Option<bool>) -> Result<()> {
    for gas in limits() {
        let said = answer(world, program, wei, gas).await?;
        assert!(said.is_none() || said == truth, "{said:?} with {gas} gas and {wei} wei");
    }
    assert_eq!(answer(world, program, wei, PLENTY).await?, truth);
    Ok(())
}

#[tokio::test]
async fn no_gas_limit_makes_a_living_program_look_dead() -> Result<()> {
    let world = World::start().await?;
    says(&world, world.lasting, 0, Some(true)).await?;
    says(&world, world.lasting, FEE, Some(true)).await
}

#[tokio::test]
async fn no_gas_limit_makes_a_program_that_waits_look_dead() -> Result<()> {
    for expires in [true, false] {
        let world = World::start().await?;
        match expires {
            true => world.chain.let_programs_expire().await?,
            false => world.chain.upgrade_arbos().await?,
        }
        says(&world, world.lasting, 0, None).await?;
        says(&world, world.lasting, 1, None).await?;
        says(&world, world.lasting, FEE, Some(true)).await?;
    }
    Ok(())
}

/// And what is dead is reported dead or not at all. The least gas that counts gives the attempt all that it is promised.
#[tokio::test]
async fn a_death_is_not_reported_with_less_gas_than_the_terms_say() -> Result<()> {
    let world = World::upgraded().await?;
    says(&world, world.mortal, FEE, Some(false)).await?;
    let (mut low, mut high) = (ACTIVATION_GAS, PLENTY);
    while high - low > 1 {
        let middle = low.midpoint(high);
        match answer(&world, world.mortal, 0, middle).await? {
            None => low = middle,
            Some(_) => high = middle,
        }
    }
    assert!(high > ACTIVATION_GAS + ACTIVATION_GAS / 63, "{high}");
    println!("a report of a death needs a limit of {high} gas, with attempts of {ACTIVATION_GAS}");
    let receipt = world.sends(&Vault::reportCall { program: world.mortal }, 0, high).await?;
    assert!(receipt.status());
    // With less, the refusal says what is missing.
    let world = World::upgraded().await?;
    let refused = world.asks(&Vault::reportCall { program: world.mortal }, 0, high - 20_000).await?;
    let short = Vault::InsufficientGas::abi_decode(&refused.data)?;
    assert!(short.have < short.want && short.want == U256::from(ACTIVATION_GAS + ACTIVATION_GAS / 63 + 150_000));
    Ok(())
}

/// A vault that watches `LARGE` after a year, and the hoarder.
async fn expired() -> Result<(World, Address, Address)> {
    let mut world = World::start().await?;
    let large = raw_program::deploy(&world.chain, LARGE).await?;
    world.vault = create(&world.chain, world.owner, vec![large], terms(world.heir)).await?;
    world.chain.let_programs_expire().await?;
    let hoarder = raw_program::deploy(&world.chain, HOARDER).await?;
    Ok((world, large, hoarder))
}

async fn through(chain: &Chain, hoarder: Address, to: Address, call: &impl SolCall) -> Result<Answer> {
    let input = Bytes::from([to.as_slice(), &call.abi_encode()].concat());
    let request = TransactionRequest::default().with_to(hoarder).with_input(input).with_gas_limit(PLENTY);
    let from = chain.dev_account()?.address();
    Answer::asked(chain.dev.call(request.with_from(from).with_value(U256::from(FEE))).pending().await)
}

/// While a program holds pages open, ArbWasm refuses to activate another one that needs more than are left, with all gas
/// and without a reason: just as it refuses one that is dead. So no program may be running.
#[tokio::test]
async fn open_pages_make_no_death() -> Result<()> {
    let (world, program, hoarder) = expired().await?;
    let activate = ArbWasm::activateProgramCall { program };
    let refused = through(&world.chain, hoarder, ARB_WASM, &activate).await;
    assert!(refused.is_ok_and(|answer| !answer.success && answer.data.is_empty()), "the attack works on ArbWasm");
    let report = Vault::reportCall { program };
    through(&world.chain, hoarder, world.vault, &report).await?.refused(Vault::NotTopLevel {});
    assert!(world.reports(program, FEE).await?, "it could be activated all the time");
    Ok(())
}

/// Nor does any other contract report, not even one that has no code yet: its constructor could run below a program.
#[tokio::test]
async fn contracts_do_not_report() -> Result<()> {
    let world = World::upgraded().await?;
    for program in [world.lasting, world.mortal] {
        let report = Vault::reportCall { program };
        world.calls(world.heir, report.clone()).await?.refused(Vault::NotTopLevel {});
        // Copies its last 36 bytes to memory, calls the vault with them, and reverts with what it is answered.
        let [copy, answer] = [&hex!("6024602b5f395f5f60245f5f73")[..], &hex!("5af1503d5f5f3e3d5ffd")];
        let newborn = [copy, world.vault.as_slice(), answer, &report.abi_encode()].concat();
        let creation = TransactionRequest::default().with_deploy_code(newborn).with_gas_limit(PLENTY);
        let request = creation.with_from(world.stranger.address());
        Answer::asked(world.chain.dev.call(request).pending().await)?.refused(Vault::NotTopLevel {});
    }
    Ok(())
}

/// An account may delegate to a program (EIP-7702) and be the sender of the transaction all the same.
#[tokio::test]
async fn an_account_with_a_programs_code_does_not_report() -> Result<()> {
    let (world, program, hoarder) = expired().await?;
    let who = &world.stranger;
    let nonce = world.chain.dev.get_transaction_count(who.address()).await?;
    let authorization = Authorization { chain_id: U256::from(nitro::CHAIN_ID), address: hoarder, nonce: nonce + 1 };
    let signature = who.signer.sign_hash_sync(&authorization.signature_hash())?;
    let report = Vault::reportCall { program };
    let call = |to: Address, data: Vec<u8>| {
        let input = Bytes::from([to.as_slice(), &data].concat());
        TransactionRequest::default().with_to(who.address()).with_input(input).with_gas_limit(PLENTY)
    };
    let delegation = call(world.vault, report.abi_encode())
        .with_authorization_list(vec![authorization.into_signed(signature)])
        .with_value(U256::from(FEE));
    let receipt = who.provider.send_transaction(delegation).await?.get_receipt().await?;
    assert!(!receipt.status(), "its first report fails");
    assert_eq!(
        world.chain.dev.get_code_at(who.address()).await?.len(),
        23,
        "and it runs the hoarder's code from now on"
    );

    let request = call(world.vault, report.abi_encode()).with_from(who.address()).with_value(U256::from(FEE));
    Answer::asked(world.chain.dev.call(request).pending().await)?.refused(Vault::NotTopLevel {});
    let activate = ArbWasm::activateProgramCall { program }.abi_encode();
    let request = call(ARB_WASM, activate).with_from(who.address()).with_value(U256::from(FEE));
    let refused = Answer::asked(world.chain.dev.call(request).pending().await)?;
    assert!(!refused.success && refused.data.is_empty(), "its pages are open indeed");
    // And directly: it has code.
    world.asks(&report, FEE, PLENTY).await?.refused(Vault::NotTopLevel {});
    Ok(())
}
