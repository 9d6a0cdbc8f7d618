//! Is there enough money for the steps to come? Asked before the first transaction.

use alloy::network::TransactionBuilder;
use alloy::primitives::{U256, utils::format_ether};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use eyre::{Result, ensure, eyre};

use crate::activation;
use crate::chain::Sender;
use crate::config::Config;
use crate::explain::explain;
use crate::plan::{Contract, Plan};
use crate::step::Step;

/// Gas of a step that is no deployment: a grant, a bid, a renunciation. Each takes less than 200,000.
const SMALL_STEP: u64 = 200_000;

/// Gas of a constructor that cannot be estimated, since it calls a contract that does not stand yet.
const CONSTRUCTOR: u64 = 1_000_000;

/// Refuses a deployment that its sender could not pay for to the end, cache bids aside.
pub(crate) async fn check(sender: &Sender, config: &Config, plan: &Plan, steps: &[Step]) -> Result<()> {
    let (mut gas, mut value) = (0, U256::ZERO);
    for step in steps {
        match step {
            Step::Deploy(contract) if plan.of(*contract).stands(sender.chain()).await? => {}
            Step::Deploy(contract) => {
                let fee = activation::fee(sender.chain(), &plan.of(*contract).program).await?;
                gas += deployment(sender, config, plan, *contract, fee).await?;
                value += fee;
            }
            Step::Prove => {}
            _ => gas += SMALL_STEP,
        }
    }
    let fees = sender.provider().estimate_eip1559_fees().await.map_err(|error| eyre!(explain(&error)))?;
    let need = value + U256::from(gas) * U256::from(fees.max_fee_per_gas);
    let have = sender.provider().get_balance(sender.account()).await.map_err(|error| eyre!(explain(&error)))?;
    ensure!(
        have >= need,
        "{} has {} ether, and the deployment may take up to {}",
        sender.account(),
        format_ether(have),
        format_ether(need)
    );
    Ok(())
}

/// The gas of a deployment, estimated as if the sender were rich: what it lacks is said afterwards, with the sum.
async fn deployment(sender: &Sender, config: &Config, plan: &Plan, contract: Contract, fee: U256) -> Result<u64> {
    let rich = AccountOverride { balance: Some(U256::MAX >> 1), ..Default::default() };
    let overrides = StateOverride::from_iter([(sender.account(), rich)]);
    let request = |input| {
        TransactionRequest::default()
            .with_from(sender.account())
            .with_to(config.chain.stylus_deployer)
            .with_input(input)
            .with_value(fee)
    };
    let whole = request(plan.of(contract).call());
    if let Ok(gas) = sender.provider().estimate_gas(whole).overrides(overrides.clone()).await {
        return Ok(gas);
    }
    let bare = request(plan.of(contract).call_without_constructor());
    let gas = sender
        .provider()
        .estimate_gas(bare)
        .overrides(overrides)
        .await
        .map_err(|error| eyre!("the {} cannot be deployed: {}", contract.name(), explain(&error)))?;
    Ok(gas + CONSTRUCTOR)
}
