//! A vault on a chain with ArbOS 51, which can be upgraded; who deals with it; and programs of different fates.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, U256, aliases::U48},
    providers::Provider,
    rpc::types::{TransactionReceipt, TransactionRequest},
    sol_types::{SolCall, SolError},
};
use consilium_deploy::vault::{
    self,
    Vault::{self, Terms},
};
use devnode::ArbosVersion;
use eyre::{OptionExt, Result, ensure};
use harness::{
    actor::{Actor, actors},
    answer::Answer,
    chain::{Account, Chain},
    dao::whole,
    raw_program::{self, DATA_FEE, LASTING, MORTAL},
};
use nitro::{ARB_OWNER, ArbOwner};

/// A day, in seconds.
pub(crate) const DAY: u64 = 86_400;
/// How long a program has to be dead, here.
pub(crate) const PERIOD: u64 = 20 * DAY;
/// How long the heir waits after that, here.
pub(crate) const DELAY: u64 = 30 * DAY;
/// How many reports confirm a death, here.
pub(crate) const REPORTS: u16 = 4;
/// The gas of an attempt, here.
pub(crate) const ACTIVATION_GAS: u64 = 10_000_000;

/// More gas than a report needs.
pub(crate) const PLENTY: u64 = 30_000_000;

/// A vault and those around it.
pub(crate) struct World {
    pub(crate) chain: Chain,
    pub(crate) vault: Address,
    /// A contract that calls for whoever asks it.
    pub(crate) owner: Address,
    /// Another one.
    pub(crate) heir: Address,
    /// Watched, and taken by every version.
    pub(crate) lasting: Address,
    /// Watched, and refused after an upgrade.
    pub(crate) mortal: Address,
    /// Has nothing to do with the vault.
    pub(crate) stranger: Account,
}

/// The terms of these tests.
pub(crate) fn terms(heir: Address) -> Terms {
    Terms {
        heir,
        deathPeriod: PERIOD as u32,
        escapeDelay: DELAY as u32,
        minReports: REPORTS,
        activationGas: ACTIVATION_GAS,
    }
}

impl World {
    pub(crate) async fn start() -> Result<Self> {
        Self::with_terms(terms).await
    }

    /// With terms made from the heir.
    pub(crate) async fn with_terms(terms: impl FnOnce(Address) -> Terms) -> Result<Self> {
        Self::on(Chain::start_with(ArbosVersion::V51)?, terms).await
    }

    /// The same on a chain of the test's own.
    pub(crate) async fn on(chain: Chain, terms: impl FnOnce(Address) -> Terms) -> Result<Self> {
        let lasting = raw_program::deploy(&chain, LASTING).await?;
        let mortal = raw_program::deploy(&chain, MORTAL).await?;
        let people = actors(&chain, 2).await?;
        let [owner, heir] = [people[0], people[1]];
        let programs = vec![lasting, mortal];
        let vault = create(&chain, owner, programs, terms(heir)).await?;
        let stranger = chain.account("stranger").await?;
        let world = Self { chain, vault, owner, heir, lasting, mortal, stranger };
        world.fund(vault, whole(10)).await?;
        Ok(world)
    }

    /// The same after an upgrade: `mortal` is dead, and `lasting` waits for an activation.
    pub(crate) async fn upgraded() -> Result<Self> {
        let world = Self::start().await?;
        world.chain.upgrade_arbos().await?;
        Ok(world)
    }

    /// The same when the death of `mortal` has been confirmed.
    pub(crate) async fn confirmed() -> Result<Self> {
        let world = Self::upgraded().await?;
        world.report_for(PERIOD).await?;
        ensure!(!world.death(world.mortal).await?.confirmed.is_zero(), "the death is not confirmed");
        Ok(world)
    }

    /// The same when the heir may become the owner.
    pub(crate) async fn escapable() -> Result<Self> {
        let world = Self::confirmed().await?;
        world.report_for(DELAY).await?;
        Ok(world)
    }

    pub(crate) async fn fund(&self, to: Address, wei: U256) -> Result<()> {
        let gift = TransactionRequest::default().with_to(to).with_value(wei);
        let receipt = self.chain.dev.send_transaction(gift).await?.get_receipt().await?;
        ensure!(receipt.status(), "{to} does not take ether");
        Ok(())
    }

    pub(crate) async fn balance(&self, of: Address) -> Result<U256> {
        Ok(self.chain.dev.get_balance(of).await?)
    }

    /// Reports the death of `mortal` now, and every five days until so much time has passed.
    pub(crate) async fn report_for(&self, time: u64) -> Result<()> {
        let end = self.chain.now().await? + time;
        loop {
            let now = self.chain.now().await?;
            let death = self.death(self.mortal).await?;
            if death.since.is_zero() || now >= death.last.to::<u64>() + DAY {
                ensure!(!self.reports(self.mortal, 0).await?, "the program is alive");
            }
            if now >= end {
                return Ok(());
            }
            self.chain.advance_to(end.min(now + 5 * DAY)).await?;
        }
    }

    /// The stranger's report: whether the program is alive. It may fail in no other way than the vault's refusals.
    pub(crate) async fn reports(&self, program: Address, wei: u64) -> Result<bool> {
        let call = Vault::reportCall { program };
        let alive = self.asks(&call, wei, PLENTY).await?.output::<Vault::reportCall>();
        ensure!(self.sends(&call, wei, PLENTY).await?.status(), "the report failed");
        Ok(alive)
    }

    /// What the vault would answer the stranger in the next block, with so many wei and so much gas.
    pub(crate) async fn asks(&self, call: &impl SolCall, wei: u64, gas: u64) -> Result<Answer> {
        let request = self.request(call, wei, gas).with_from(self.stranger.address());
        Answer::asked(self.chain.dev.call(request).pending().await)
    }

    /// The stranger calls the vault.
    pub(crate) async fn sends(&self, call: &impl SolCall, wei: u64, gas: u64) -> Result<TransactionReceipt> {
        let request = self.request(call, wei, gas);
        Ok(self.stranger.provider.send_transaction(request).await?.get_receipt().await?)
    }

    fn request(&self, call: &impl SolCall, wei: u64, gas: u64) -> TransactionRequest {
        let request = TransactionRequest::default().with_to(self.vault).with_input(call.abi_encode());
        request.with_value(U256::from(wei)).with_gas_limit(gas)
    }

    /// The stranger is refused with this error, asked and sent.
    pub(crate) async fn refuses(&self, call: impl SolCall, wei: u64, error: impl SolError) -> Result<()> {
        self.asks(&call, wei, PLENTY).await?.refused(error);
        let receipt = self.sends(&call, wei, PLENTY).await?;
        assert!(!receipt.status() && receipt.logs().is_empty());
        Ok(())
    }

    /// A contract (the owner, the heir) calls the vault.
    pub(crate) async fn calls(&self, by: Address, call: impl SolCall) -> Result<Answer> {
        self.makes(by, self.vault, 0, call.abi_encode()).await
    }

    /// The same with any target and so many wei.
    pub(crate) async fn makes(&self, by: Address, target: Address, wei: u64, data: Vec<u8>) -> Result<Answer> {
        let act = Actor::actCall { target, value: U256::from(wei), data: data.into() };
        let receipt = self.chain.dev_account()?.send(by, act.abi_encode()).await?;
        ensure!(receipt.status(), "the actor failed");
        Answer::all(&receipt, by).pop().ok_or_eyre("an actor logs what it was answered")
    }

    /// What a view of the vault answers at the head.
    pub(crate) async fn view<C: SolCall>(&self, call: C) -> Result<C::Return> {
        Ok(self.chain.ask(Address::ZERO, self.vault, call.abi_encode()).await?.output::<C>())
    }

    pub(crate) async fn death(&self, program: Address) -> Result<Vault::Death> {
        self.view(Vault::deathOfCall { program }).await
    }

    /// The chain's owner sets the price of activations: with the largest, no program can be activated. From ArbOS 60 on.
    pub(crate) async fn price_activations(&self, gas: u64) -> Result<()> {
        price_activations(&self.chain, gas).await
    }
}

/// As [`World::price_activations`].
pub(crate) async fn price_activations(chain: &Chain, gas: u64) -> Result<()> {
    let set = ArbOwner::setWasmActivationGasCall { gas }.abi_encode();
    ensure!(chain.dev_account()?.send(ARB_OWNER, set).await?.status());
    Ok(())
}

/// A vault with these arguments.
pub(crate) async fn create(chain: &Chain, owner: Address, programs: Vec<Address>, terms: Terms) -> Result<Address> {
    chain.create(vault::init_code(&Vault::constructorCall { owner, programs, terms })).await
}

/// A number as the vault has times.
pub(crate) fn uint48(number: u64) -> U48 {
    U48::from(number)
}

/// Enough ether for the fee of an activation, in wei.
pub(crate) const FEE: u64 = DATA_FEE;
