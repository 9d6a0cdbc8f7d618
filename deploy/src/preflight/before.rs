//! What the programs behind proxies take before the founding.

use alloy::network::TransactionBuilder;
use alloy::primitives::U256;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::AccountOverride;
use alloy::sol_types::SolCall;
use eyre::{Result, eyre};
use nitro::{ARB_WASM, ArbWasm};

use super::factory::{create, rich};
use crate::activation;
use crate::beforehand;
use crate::chain::{Sender, gas_limit};
use crate::explain::explain;
use crate::plan::{Plan, Planned};

/// How many of these are still to be activated.
pub(super) fn activations(all: &[Before<'_>]) -> usize {
    all.iter().filter(|before| before.activation.is_some()).count()
}

/// A program behind a proxy, and what of it is still to be done.
pub(super) struct Before<'a> {
    pub(super) planned: &'a Planned,
    /// The gas of its creation, if it does not stand.
    creation: Option<u64>,
    /// The gas of its activation, if its code is not active.
    activation: Option<u64>,
    /// The data fee of the activation, in wei.
    pub(super) fee: U256,
}

impl<'a> Before<'a> {
    /// All of a plan, each program once.
    pub(super) async fn all(sender: &Sender, plan: &'a Plan) -> Result<Vec<Self>> {
        let mut all: Vec<Self> = Vec::new();
        for planned in beforehand::programs(plan) {
            if all.iter().all(|other| other.planned.implementation != planned.implementation) {
                let mut before = Self::of(sender, plan, planned).await?;
                before.fee = activation::after(before.fee, activations(&all));
                all.push(before);
            }
        }
        Ok(all)
    }

    async fn of(sender: &Sender, plan: &Plan, planned: &'a Planned) -> Result<Self> {
        let (chain, name, at) = (sender.chain(), planned.part.name(), planned.implementation);
        let mut creation = None;
        if !beforehand::stands(chain, planned).await? {
            let call = beforehand::factory_call(&planned.program);
            match create(sender, plan, call, at, &format!("program of the {name}")).await {
                Ok(gas) => creation = Some(gas),
                // Somebody else created it meanwhile, and so it was refused to us.
                Err(_) if beforehand::stands(chain, planned).await? => {}
                Err(error) => return Err(error),
            }
        }
        // Code that is active at another address is active here.
        let is_active =
            async || Ok::<_, eyre::Report>(activation::death(chain, planned.program.code_hash()).await?.is_none());
        let active = |creation| Self { planned, creation, activation: None, fee: U256::ZERO };
        if is_active().await? {
            return Ok(active(creation));
        }
        let fee = activation::fee(chain, &planned.program).await?;
        let request = TransactionRequest::default()
            .with_from(sender.account())
            .with_to(ARB_WASM)
            .with_input(ArbWasm::activateProgramCall { program: at }.abi_encode())
            .with_value(fee);
        let mut overrides = rich(sender);
        let code = Some(planned.program.code().clone());
        overrides.insert(at, AccountOverride { code, ..Default::default() });
        let gas = sender.provider().estimate_gas(request).overrides(overrides).await;
        match gas {
            Ok(gas) => Ok(Self { planned, creation, activation: Some(gas), fee }),
            // So it is with its activation.
            Err(_) if is_active().await? => Ok(active(creation)),
            Err(error) => Err(eyre!("the chain refuses the program of the {name}: {}", explain(&error))),
        }
    }

    /// The gas limits of its transactions.
    pub(super) fn gas(&self) -> u64 {
        [self.creation, self.activation].into_iter().flatten().map(gas_limit).fold(0, u64::saturating_add)
    }
}
