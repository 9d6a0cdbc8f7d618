//! The vault of a plan: created right after the founding, at an address that the settings give.
//!
//! The CREATE2 factory creates it. The address follows from the owner, the programs and the terms, and the owner's address
//! from the plan of the whole DAO. So it does not matter who creates it. It cannot be there before the DAO is: the vault
//! refuses an owner without code and a program that is not active.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use eyre::{Result, bail, ensure};

use super::act::refusal;
use super::doubts::{high_gas, low_gas};
use super::heir::unfit;
use super::{CODE_HASH, Vault, init_code};
use crate::chain::{Chain, Sender};
use crate::config::Config;
use crate::parts::safe::PlannedSafe;
use crate::parts::timelock;
use crate::plan::{self, Plan};

/// The salt of every vault that the factory creates.
const SALT: B256 = B256::ZERO;

/// Gas of the transaction that creates it. It takes less.
pub(crate) const GAS: u64 = 4_000_000;

/// The vault of a plan.
#[derive(Clone, Debug)]
pub struct PlannedVault {
    /// Where it stands or will stand.
    pub address: Address,
    /// What its constructor is called with.
    pub arguments: Vault::constructorCall,
    factory: Address,
    /// The programs of the DAO and the Safes of the settings, which die together.
    mortals: Vec<Address>,
}

/// Where a factory creates a vault with these arguments. Nothing else can ever stand there: the address commits to the
/// vault's creation code, and the vault cannot destroy itself.
pub(super) fn address(factory: Address, arguments: &Vault::constructorCall) -> Address {
    factory.create2(SALT, keccak256(init_code(arguments)))
}

impl PlannedVault {
    /// The vault that a factory creates with these arguments, beside any DAO's settings.
    pub(super) fn of(factory: Address, arguments: Vault::constructorCall) -> Self {
        Self { address: address(factory, &arguments), arguments, factory, mortals: Vec::new() }
    }

    /// The vault of the settings, if they have one. It watches the programs that every DAO needs to decide and to pay.
    ///
    /// # Errors
    /// If the heir is a contract of the DAO, or a Safe of the settings: these die with the programs.
    pub(crate) fn new(config: &Config, contracts: &[plan::Planned], safes: &[PlannedSafe]) -> Result<Option<Self>> {
        let Some(settings) = &config.vault else { return Ok(None) };
        let of = |name| contracts.iter().find(|planned| planned.part.name() == name).map(|planned| planned.address);
        let programs: Vec<_> = contracts.iter().filter(|planned| planned.part.is_required()).collect();
        let arguments = Vault::constructorCall {
            // Every DAO has it.
            owner: of(timelock::NAME).unwrap_or_default(),
            programs: programs.iter().map(|planned| planned.address).collect(),
            terms: settings.terms(),
        };
        let vault = Self::of(config.chain.create2_factory, arguments);
        let heir = settings.heir;
        let contract = contracts.iter().find(|planned| [planned.address, planned.implementation].contains(&heir));
        let is = match (contract, safes.iter().find(|safe| safe.address == heir)) {
            (Some(planned), _) => format!("the {} of this DAO", planned.part.name()),
            (_, Some(safe)) => format!("the Safe \"{}\" of [safe], which runs a Stylus program", safe.name),
            (None, None) => {
                let programs = contracts.iter().flat_map(|planned| [planned.address, planned.implementation]);
                let mortals = programs.chain(safes.iter().map(|safe| safe.address)).collect();
                return Ok(Some(Self { mortals, ..vault }));
            }
        };
        let reason = format!(
            "the vault's heir is {is}: it would die with the programs, so name a contract that needs no Stylus, such as a \
             Safe of Safe's own code"
        );
        bail!(config.refuse(settings.refuse_heir(reason)))
    }

    /// The call of the CREATE2 factory that creates it. Any account or contract may send it once the DAO stands.
    pub fn call(&self) -> Bytes {
        [SALT.as_slice(), &init_code(&self.arguments)].concat().into()
    }

    /// The factory that takes the call.
    pub const fn factory(&self) -> Address {
        self.factory
    }

    pub(crate) async fn stands(&self, chain: &Chain) -> Result<bool> {
        let code = chain.code(self.address).await?;
        ensure!(
            code.is_empty() || keccak256(&code) == CODE_HASH,
            "what stands at {} is not the vault: correct chain.create2_factory, or ask another node",
            self.address
        );
        Ok(!code.is_empty())
    }
}

/// Refuses, before anything is sent, a vault that its constructor would refuse, that nobody should trust, or that nobody
/// could report to.
pub(crate) async fn expect(chain: &Chain, config: &Config, plan: &Plan) -> Result<()> {
    let (Some(settings), Some(planned)) = (&config.vault, &plan.vault) else { return Ok(()) };
    if planned.stands(chain).await? {
        return Ok(());
    }
    if let Some(reason) = unfit(chain, settings.heir, &planned.mortals).await? {
        bail!(config.refuse(settings.refuse_heir(reason)));
    }
    if let Some(reason) = low_gas(chain, &planned.arguments.terms).await? {
        bail!(config.refusal(format!("vault.activation_gas is too low: {reason}")));
    }
    if let Some(reason) = high_gas(chain, &planned.arguments.terms).await? {
        bail!(config.refusal(format!("vault.activation_gas is too high: {reason}")));
    }
    Ok(())
}

/// Creates it; nothing where it stands.
pub(crate) async fn create(sender: &Sender, planned: &PlannedVault) -> Result<Option<TransactionReceipt>> {
    let chain = sender.chain();
    if planned.stands(chain).await? {
        return Ok(None);
    }
    match sender.send(planned.factory, planned.call(), U256::ZERO).await {
        Ok(receipt) => {
            let (at, hash) = (planned.address, receipt.transaction_hash);
            // Where the node does not answer any more, the transaction is in a block all the same.
            let is_missing = planned.stands(chain).await.is_ok_and(|stands| !stands);
            ensure!(!is_missing, "the transaction {hash} created no vault at {at}, or the node lags behind");
            Ok(Some(receipt))
        }
        Err(_) if planned.stands(chain).await? => Ok(None),
        // The factory keeps the vault's reason to itself.
        Err(error) => {
            let creation = TransactionRequest::default().with_from(sender.account());
            let creation = creation.with_deploy_code(init_code(&planned.arguments));
            Err(sender.provider().call(creation).await.err().map_or(error, |error| refusal(&error)))
        }
    }
}
