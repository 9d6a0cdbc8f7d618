//! A chain whose ArbWasm no longer answers `programVersion`, and takes all gas of the question, as Nitro does with calls
//! that no method answers. No living program looks dead by it, and no dead one alive.
//!
//! The vault here differs from the real one in the address that it asks: `VaultArbWasm` stands there, and passes on to
//! ArbWasm whatever it still answers.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, U256, hex},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol,
    sol_types::{SolCall, SolError},
};
use consilium_deploy::vault::{self, Vault};
use devnode::ArbosVersion;
use eyre::{Result, ensure};
use harness::{
    answer::{Answer, events},
    chain::Chain,
    peers,
};

use crate::setup::{ACTIVATION_GAS, DAY, DELAY, FEE, PERIOD, World, terms};

sol! {
    interface VaultArbWasm {
        function retire() external;
    }
}

/// Where the vault here asks.
const STAND_IN: Address = Address::with_last_byte(0x80);

/// The vault's code names ArbWasm in the constructor, for the question and for the attempt: `PUSH1 0x71` each time.
fn redirected(init_code: &[u8]) -> Vec<u8> {
    let (mut code, mut places) = (init_code.to_vec(), 0);
    for at in 1..code.len() {
        if code[at - 1..=at] == hex!("6071") {
            code[at] = STAND_IN[19];
            places += 1;
        }
    }
    assert_eq!(places, 3, "the compiler has ordered the code otherwise");
    code
}

/// A world whose vault asks the stand-in, which still answers everything.
async fn start() -> Result<World> {
    let mut world = World::on(Chain::start_as_hardhat(ArbosVersion::V51)?, terms).await?;
    let made = peers::create(&world.chain, "VaultArbWasm", &[]).await?;
    let code = world.chain.dev.get_code_at(made).await?;
    let _: serde_json::Value = world.chain.rpc("hardhat_setCode", (STAND_IN, code)).await?;
    let (owner, programs) = (world.owner, vec![world.lasting, world.mortal]);
    let arguments = Vault::constructorCall { owner, programs, terms: terms(world.heir) };
    world.vault = world.chain.create(redirected(&vault::init_code(&arguments))).await?;
    Ok(world)
}

async fn retire(world: &World) -> Result<()> {
    let call = VaultArbWasm::retireCall {}.abi_encode();
    ensure!(world.chain.dev_account()?.send(STAND_IN, call).await?.status());
    Ok(())
}

/// An active program whose question fails: the attempt says that it is up to date.
#[tokio::test]
async fn what_is_up_to_date_is_alive() -> Result<()> {
    let world = start().await?;
    assert!(world.reports(world.lasting, 0).await?, "the stand-in answers");
    retire(&world).await?;
    for program in [world.lasting, world.mortal] {
        for wei in [0, FEE] {
            let receipt = world.sends(&Vault::reportCall { program }, wei, 20_000_000).await?;
            assert!(receipt.status() && receipt.logs().is_empty());
            // The question has burned its gas, and no more.
            assert!(receipt.gas_used < 2_500_000, "{}", receipt.gas_used);
        }
        assert!(world.reports(program, 0).await?);
        assert_eq!(world.death(program).await?, Vault::Death::default());
    }
    // What waits for an activation gets it, and is alive for the next report.
    world.chain.let_programs_expire().await?;
    let program = world.lasting;
    let unpaid = world.asks(&Vault::reportCall { program }, 0, 20_000_000).await?;
    assert_eq!(Vault::InsufficientFee::abi_decode(&unpaid.data)?.have, U256::ZERO);
    assert!(world.reports(program, FEE).await? && world.reports(program, 0).await?);
    Ok(())
}

/// The heir of a dead program is not locked out, and has to bring the gas of the question.
#[tokio::test]
async fn the_heir_of_a_dead_program_escapes() -> Result<()> {
    let world = start().await?;
    world.chain.upgrade_arbos().await?;
    let program = world.mortal;
    assert!(!world.reports(program, 0).await?);
    retire(&world).await?;
    world.chain.advance(DAY).await?;
    let receipt = world.sends(&Vault::reportCall { program }, 0, ACTIVATION_GAS + 1_000_000).await?;
    assert_eq!(events::<Vault::DeathReported>(&receipt, world.vault)?.len(), 1, "the attempt has its gas");
    world.chain.advance(DAY).await?;
    world.report_for(PERIOD).await?;
    world.chain.advance(DAY).await?;
    world.report_for(DELAY).await?;

    let data: Bytes = Vault::escapeCall { program }.abi_encode().into();
    let asks = async |gas: u64| {
        let request = TransactionRequest::default().with_from(world.heir).with_to(world.vault).with_gas_price(0);
        let request = request.with_input(data.clone()).with_gas_limit(gas);
        Answer::asked(world.chain.dev.call(request).pending().await)
    };
    let short = asks(130_000).await?;
    assert!(!short.success);
    let short = Vault::InsufficientGas::abi_decode(&short.data)?;
    assert!(short.have < short.want && short.want == U256::from(100_000 + 100_000 / 63 + 10_000));
    world.calls(world.heir, Vault::escapeCall { program }).await?.succeeded();
    assert_eq!(world.view(Vault::ownerCall {}).await?, world.heir);
    Ok(())
}
