//! What the vault costs: a payment by the DAO through it and from the timelock itself, a report, an escape.

use alloy::{
    primitives::{Address, Bytes, U256},
    sol_types::{SolCall, SolValue},
};
use consilium_deploy::vault::Vault;
use eyre::{Result, ensure};
use harness::{
    answer::events,
    dao::{Dao, Proposal, whole},
    peers, raw_program,
};

use crate::setup::{ACTIVATION_GAS, World, create, terms};

/// What a payment through the vault may cost more than one from the timelock, in gas.
const MOST: u64 = 12_000;

/// A first payment to an account, then a second one: the same, but for the vault.
#[tokio::test]
async fn the_hop_costs_little() -> Result<()> {
    let dao = Dao::start().await?;
    let heir = peers::create(&dao.chain, "Actor", &[]).await?;
    let programs = vec![dao.timelock, dao.governor, dao.token];
    let vault = create(&dao.chain, dao.timelock, programs, terms(heir)).await?;
    dao.fund(vault, whole(10)).await?;
    let holders = (dao.timelock, whole(10)).abi_encode();
    let own = peers::create(&dao.chain, "VaultCoin", &holders).await?;
    let coin = peers::create(&dao.chain, "VaultCoin", &(vault, whole(10)).abi_encode()).await?;
    let transfer = |to: u8| -> Bytes {
        let call = consilium_bindings::VotingToken::transferCall { to: Address::repeat_byte(to), value: whole(1) };
        call.abi_encode().into()
    };
    let through = |target, value, data: Bytes| Vault::executeCall { target, value, data };
    let (a, b) = (Address::repeat_byte(0x51), Address::repeat_byte(0x52));
    let pairs = [
        (
            "ether",
            Proposal::new("1").paying(a, whole(1)),
            Proposal::new("2").calling(vault, through(b, whole(1), Bytes::new())),
        ),
        (
            "a token",
            Proposal::new("3").sending(own, U256::ZERO, transfer(0x53)),
            Proposal::new("4").calling(vault, through(coin, U256::ZERO, transfer(0x54))),
        ),
    ];
    for (what, plain, by_vault) in pairs {
        let mut gas = [0; 2];
        for (proposal, gas) in [plain, by_vault].into_iter().zip(&mut gas) {
            let id = dao.ripen(&proposal).await?;
            *gas = dao.execute(id).await?.gas_used;
        }
        println!("execute, {what}: {} from the timelock, {} from the vault, {} more", gas[0], gas[1], gas[1] - gas[0]);
        ensure!(gas[1] < gas[0] + MOST, "{what}: {gas:?}");
    }
    Ok(())
}

#[tokio::test]
async fn reports_and_the_escape_are_affordable() -> Result<()> {
    let world = World::upgraded().await?;
    let report = |program| Vault::reportCall { program };
    let first = world.sends(&report(world.mortal), 0, 30_000_000).await?.gas_used;
    world.report_for(crate::setup::PERIOD + crate::setup::DELAY).await?;
    world.chain.advance(crate::setup::DAY).await?;
    let dead = world.sends(&report(world.mortal), 0, 30_000_000).await?.gas_used;
    assert!(raw_program::activate(&world.stranger, world.lasting).await?.status());
    let alive = world.sends(&report(world.lasting), 0, 30_000_000).await?.gas_used;
    let escape = Vault::escapeCall { program: world.mortal }.abi_encode();
    let receipt = {
        let act = harness::actor::Actor::actCall { target: world.vault, value: U256::ZERO, data: escape.into() };
        world.chain.dev_account()?.send(world.heir, act.abi_encode()).await?
    };
    ensure!(events::<Vault::Escaped>(&receipt, world.vault)?.len() == 1);
    println!("report: {first} and {dead} of a death, {alive} of life; escape: {}", receipt.gas_used);
    ensure!(first < ACTIVATION_GAS + 200_000 && dead < ACTIVATION_GAS + 100_000 && alive < 60_000);
    ensure!(receipt.gas_used < 200_000);
    Ok(())
}

/// The least gas that a vault may be told to use is several times what the programs of a DAO need.
#[tokio::test]
async fn an_attempt_has_several_times_the_gas_that_it_needs() -> Result<()> {
    let dao = Dao::start().await?;
    dao.chain.let_programs_expire().await?;
    for (name, program) in [("timelock", dao.timelock), ("governor", dao.governor), ("voting-token", dao.token)] {
        let before = raw_program::activate(&dao.deployer, program).await?;
        ensure!(before.status());
        println!("{name}: activated for {} gas", before.gas_used);
        ensure!(2 * before.gas_used < ACTIVATION_GAS, "{name}");
    }
    Ok(())
}
