//! A whole DAO with its vault: what it decides, what its timelock's expiry and its death mean, and a move to another one.

use std::sync::Arc;

use alloy::{
    primitives::{Address, Bytes, U256},
    providers::Provider,
    rpc::types::TransactionReceipt,
    sol,
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::Governor;
use consilium_deploy::vault::Vault;
use devnode::ArbosVersion;
use eyre::{Result, ensure};
use harness::{
    answer::events,
    chain::{Account, Chain},
    dao::{Dao, Proposal, whole},
    deploy, peers,
    raw_program::activate,
    safes::{self, SafeTx},
};

use crate::setup::{DAY, DELAY, FEE, PERIOD, create, price_activations, terms};

sol! {
    interface Coin {
        function transfer(address to, uint256 value) external returns (bool);
        function balanceOf(address account) external view returns (uint256);
    }
}

/// Where payments go.
const PRACTICE: Address = Address::repeat_byte(0x50);

/// A DAO on a chain with ArbOS 51, its vault with all that it owns, and a Safe of the council as the heir.
struct World {
    dao: Dao,
    vault: Address,
    coin: Address,
    safe: Address,
    reporter: Account,
}

impl World {
    async fn start() -> Result<Self> {
        let dao = Dao::found(Arc::new(Chain::start_with(ArbosVersion::V51)?), |_| {}).await?;
        let safe = safe(&dao).await?;
        let programs = vec![dao.timelock, dao.governor, dao.token];
        let vault = create(&dao.chain, dao.timelock, programs, terms(safe)).await?;
        let coin = peers::create(&dao.chain, "VaultCoin", &(vault, whole(1_000)).abi_encode()).await?;
        let reporter = dao.stranger("reporter").await?;
        let world = Self { dao, vault, coin, safe, reporter };
        let all = world.dao.treasury().await?.ether;
        world.dao.enact(&Proposal::new("All ether to the vault").paying(vault, all)).await?;
        Ok(world)
    }

    /// What the DAO decides to do with its vault.
    fn pays(&self, why: &str, target: Address, value: U256, data: Vec<u8>) -> Proposal {
        Proposal::new(why).calling(self.vault, Vault::executeCall { target, value, data: data.into() })
    }

    async fn report(&self, program: Address, wei: u64) -> Result<TransactionReceipt> {
        self.reporter.send_with(self.vault, Vault::reportCall { program }.abi_encode(), wei).await
    }

    async fn ether(&self, of: Address) -> Result<U256> {
        Ok(self.dao.chain.dev.get_balance(of).await?)
    }

    /// The Safe's only owner has it call the vault.
    async fn by_safe(&self, call: impl SolCall) -> Result<TransactionReceipt> {
        let owner = &self.dao.guardian;
        // The signature of an owner that sends the transaction itself.
        let signature = safes::approval(owner.address());
        let transaction = SafeTx::call(self.vault, call.abi_encode());
        owner.send(self.safe, transaction.execution(signature)).await
    }
}

/// A Safe of the guardian alone, of Safe's own Solidity.
async fn safe(dao: &Dao) -> Result<Address> {
    let singleton = peers::create(&dao.chain, "Safe", &[]).await?;
    let factory = peers::create(&dao.chain, "SafeProxyFactory", &[]).await?;
    let setup = safes::setup(&[dao.guardian.address()], 1).abi_encode();
    safes::proxy(&dao.deployer, factory, singleton, setup, 0).await
}

#[tokio::test]
async fn the_dao_pays_from_its_vault_by_a_vote() -> Result<()> {
    let world = World::start().await?;
    world.dao.enact(&world.pays("A grant", PRACTICE, whole(2), vec![])).await?;
    assert_eq!((world.ether(PRACTICE).await?, world.ether(world.vault).await?), (whole(2), whole(98)));
    let transfer = Coin::transferCall { to: PRACTICE, value: whole(3) };
    world.dao.enact(&world.pays("Coins", world.coin, U256::ZERO, transfer.abi_encode())).await?;
    assert_eq!(world.dao.read(world.coin, Coin::balanceOfCall { account: PRACTICE }).await?, whole(3));
    // Nobody else, neither the guardian nor its Safe.
    let pay = Vault::executeCall { target: PRACTICE, value: whole(1), data: Bytes::new() };
    let account = world.dao.guardian.address();
    world
        .dao
        .refuses(&world.dao.guardian, world.vault, pay.clone(), Vault::OwnableUnauthorizedAccount { account })
        .await?;
    assert!(!world.by_safe(pay).await?.status());
    Ok(())
}

/// All programs have expired. Nobody's report counts that, whatever the council does not revive, and for however long; one
/// that brings the fee revives the timelock.
#[tokio::test]
async fn an_expiry_is_nothing_that_anybody_gains_by() -> Result<()> {
    let world = World::start().await?;
    let ripe = world.dao.ripen(&world.pays("A grant", PRACTICE, whole(2), vec![])).await?;
    world.dao.chain.let_programs_expire().await?;
    for _ in 0..=(PERIOD + DELAY) / (5 * DAY) {
        for program in [world.dao.timelock, world.dao.governor, world.dao.token] {
            let receipt = world.report(program, 0).await?;
            assert!(!receipt.status(), "it could be activated");
            let death = world.dao.read(world.vault, Vault::deathOfCall { program }).await?;
            assert_eq!(death, Vault::Death::default());
        }
        world.dao.chain.advance(5 * DAY).await?;
    }
    assert!(!world.by_safe(Vault::escapeCall { program: world.dao.timelock }).await?.status());
    for program in [world.dao.timelock, world.dao.governor, world.dao.token] {
        assert!(world.report(program, FEE).await?.status());
    }
    world.dao.execute(ripe).await?;
    assert_eq!(world.ether(PRACTICE).await?, whole(2));
    Ok(())
}

/// Reports of a death that are ended by a revival: the DAO goes on, and its next payment voids what else was reported.
#[tokio::test]
async fn a_revived_dao_goes_on() -> Result<()> {
    let world = World::start().await?;
    world.dao.chain.upgrade_arbos().await?;
    price_activations(&world.dao.chain, u64::MAX).await?;
    for program in [world.dao.timelock, world.dao.governor] {
        let receipt = world.report(program, FEE).await?;
        assert_eq!(events::<Vault::DeathReported>(&receipt, world.vault)?.len(), 1);
    }
    price_activations(&world.dao.chain, 0).await?;
    let receipt = world.report(world.dao.timelock, FEE).await?;
    assert_eq!(events::<Vault::LifeReported>(&receipt, world.vault)?.len(), 1);
    for program in [world.dao.governor, world.dao.token] {
        assert!(activate(&world.reporter, program).await?.status());
    }
    let program = world.dao.governor;
    assert_eq!(world.dao.read(world.vault, Vault::deathOfCall { program }).await?.reports, 1);
    let id = world.dao.enact(&world.pays("A grant", PRACTICE, whole(2), vec![])).await?;
    assert_eq!(world.dao.state(id).await?, harness::dao::State::Executed);
    assert_eq!(world.dao.read(world.vault, Vault::deathOfCall { program }).await?, Vault::Death::default());
    assert_eq!(world.dao.read(world.vault, Vault::roundCall {}).await?, 1);
    Ok(())
}

/// The timelock can never be activated again. In the end the council's Safe, which needs no Stylus, has what the vault has.
#[tokio::test]
async fn the_funds_survive_the_death_of_the_timelock() -> Result<()> {
    let world = World::start().await?;
    let program = world.dao.timelock;
    world.dao.chain.upgrade_arbos().await?;
    price_activations(&world.dao.chain, u64::MAX).await?;
    let (mut announced, mut steps) = (None, 0);
    loop {
        let receipt = world.report(program, 0).await?;
        assert!(receipt.status());
        if let [confirmed] = &events::<Vault::DeathConfirmed>(&receipt, world.vault)?[..] {
            announced = Some(confirmed.escapableFrom.to::<u64>());
        }
        let now = world.dao.chain.now().await?;
        if announced.is_some_and(|from| from <= now) {
            break;
        }
        // Until then nobody has anything of it.
        assert!(!world.by_safe(Vault::escapeCall { program }).await?.status());
        assert_eq!(world.ether(world.vault).await?, whole(100));
        steps += 1;
        ensure!(steps < 20, "the death is never confirmed");
        world.dao.chain.advance(5 * DAY).await?;
    }
    assert!(world.by_safe(Vault::escapeCall { program }).await?.status());
    assert_eq!(world.dao.read(world.vault, Vault::ownerCall {}).await?, world.safe);
    let pay = Vault::executeCall { target: world.safe, value: whole(100), data: Bytes::new() };
    assert!(world.by_safe(pay).await?.status());
    let transfer = Coin::transferCall { to: world.safe, value: whole(1_000) }.abi_encode();
    let pay = Vault::executeCall { target: world.coin, value: U256::ZERO, data: transfer.into() };
    assert!(world.by_safe(pay).await?.status());
    assert_eq!(world.ether(world.safe).await?, whole(100));
    assert_eq!(world.dao.read(world.coin, Coin::balanceOfCall { account: world.safe }).await?, whole(1_000));
    Ok(())
}

/// A DAO that moves to another timelock names it and its programs in one call: what becomes of the old ones means nothing.
#[tokio::test]
async fn a_replaced_timelock_may_die() -> Result<()> {
    let world = World::start().await?;
    let admin = world.dao.deployer.address();
    let roles = (U256::from(120), vec![world.dao.governor], vec![world.dao.governor], admin).abi_encode_params();
    let next = deploy::program(&world.dao.chain, "timelock", &roles).await?;
    let newPrograms = vec![next, world.dao.governor, world.dao.token];
    let hand_over = Vault::transferOwnershipCall { newOwner: next, newPrograms };
    let update = Governor::updateTimelockCall { newTimelock: next };
    let plan = Proposal::new("Another timelock").calling(world.vault, hand_over).calling(world.dao.governor, update);
    world.dao.enact(&plan).await?;
    assert_eq!(world.dao.read(world.vault, Vault::ownerCall {}).await?, next);
    world.dao.chain.let_programs_expire().await?;
    // The old one shares its bytes with the new one; it is not watched, and no report of it is taken.
    assert!(!world.report(world.dao.timelock, FEE).await?.status());
    for program in [next, world.dao.governor, world.dao.token] {
        assert!(world.report(program, FEE).await?.status());
    }
    world.dao.chain.advance(1).await?;
    let dao = Dao { timelock: next, ..world.dao.clone() };
    dao.enact(&world.pays("A grant", PRACTICE, whole(2), vec![])).await?;
    assert_eq!(world.ether(PRACTICE).await?, whole(2));
    Ok(())
}
