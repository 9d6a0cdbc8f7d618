//! What is asked of the chain before the first transaction: does it take the whole plan, and can the sender pay?
//!
//! The founding is executed by the node as it will be sent, with every constructor. So no setting costs money before it
//! is refused. Where programs stand before it, the founding is [rehearsed](rehearsal).

mod before;
mod factory;
mod rehearsal;

use alloy::network::TransactionBuilder;
use alloy::primitives::{U256, utils::format_ether};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::AccountOverride;
use alloy::sol_types::SolError;
use eyre::{Result, bail, ensure, eyre};

use crate::activation;
use crate::artifacts::Artifacts;
use crate::chain::{Sender, gas_limit};
use crate::config::Config;
use crate::config::moment::Moment;
use crate::explain::{explain, explain_with, is_execution, revert_data};
use crate::founder::Founder;
use crate::founding::{self, State};
use crate::part::List;
use crate::parts::safe;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::vault::planned as vault;
use before::Before;
use factory::rich;
pub(crate) use rehearsal::limit;
use rehearsal::{Needs, Rehearsed};

/// Gas of a step after the founding: a renewal or a bid. Each takes less.
const SMALL_STEP: u64 = 300_000;

/// The largest transaction that a Nitro sequencer takes, in bytes, signature and all.
const LARGEST_TRANSACTION: usize = 85_000;

/// What a transaction has besides its calldata, in bytes.
const ENVELOPE: usize = 200;

/// Refuses a deployment that the chain does not take, or that its sender could not pay for to the end, cache bids aside.
pub(crate) async fn check(
    sender: &Sender,
    config: &Config,
    artifacts: &Artifacts,
    plan: &Plan,
    progress: &mut dyn Progress,
) -> Result<()> {
    let chain = sender.chain();
    activation::newest_version(chain).await?;
    activation::expect_days(chain, config.programs.least_days).await?;
    let mut state = founding::state(chain, plan).await?;
    if state != State::Founded {
        // The constructors would refuse it too, and could not say in which line it is.
        let now = Moment(chain.time(chain.head().await?).await?);
        config.at_founding(now)?.iter().for_each(|note| progress.noted(note));
        for part in config.parts() {
            part.expect(config, chain).await?;
        }
    }
    if plan.vault.is_some() {
        vault::expect(chain, config, plan).await?;
    }
    loop {
        let Err(refused) = check_from(state, sender, config, artifacts, plan).await else { return Ok(()) };
        let now = founding::state(chain, plan).await?;
        if now <= state {
            return Err(refused);
        }
        // Somebody else did it meanwhile, and so it was refused to us.
        state = now;
    }
}

/// The check of a plan that has come so far.
async fn check_from(state: State, sender: &Sender, config: &Config, artifacts: &Artifacts, plan: &Plan) -> Result<()> {
    let chain = sender.chain();
    if state == State::Founded {
        return Ok(());
    }
    let factory = config.chain.create2_factory;
    ensure!(
        !chain.code(factory).await?.is_empty(),
        "there is no CREATE2 factory at {factory}: deploy it, or set chain.create2_factory"
    );
    let before = Before::all(sender, plan).await?;
    let fee = activation::after(founding::fee(chain, plan).await?, before::activations(&before));
    let needs = Needs { before: &before, fee };
    let mut gas = before.iter().map(Before::gas).fold(0, u64::saturating_add);
    if state == State::Nothing {
        let creation = factory::create(sender, plan, plan.preparing_call(), plan.founder(), "Founder").await?;
        gas = gas.saturating_add(gas_limit(creation));
    }
    if let Some(settings) = config.safe() {
        gas = gas.saturating_add(safe::gas(settings));
    }
    if plan.vault.is_some() {
        gas = gas.saturating_add(vault::GAS);
    }
    let founding = match found(sender, config, plan, needs).await? {
        Ok(gas) => gas,
        Err(Refusal { reason, final_word: true }) => bail!(reason),
        Err(Refusal { reason, .. }) => bail!(too_long(sender, config, artifacts, needs).await?.unwrap_or(reason)),
    };
    // A renewal and a bid for each program.
    let later = SMALL_STEP * 2 * plan.contracts().len() as u64;
    let gas = [gas_limit(founding), later].into_iter().fold(gas, u64::saturating_add);
    let mut fees = needs.fees();
    for planned in plan.contracts() {
        let fee = activation::renewal_fee(chain, &planned.program, config.programs.least_days).await?;
        fees = fees.saturating_add(fee);
    }
    pay(sender, gas, fees).await
}

/// Why the chain does not take a plan.
struct Refusal {
    reason: String,
    /// A constructor said why. Otherwise it may be the sheer size.
    final_word: bool,
}

/// Estimates the gas of the founding, where the Founder and the programs stand and where they do not.
async fn found(sender: &Sender, config: &Config, plan: &Plan, needs: Needs<'_>) -> Result<Result<u64, Refusal>> {
    let size = plan.charter.call.len() + ENVELOPE;
    if size > LARGEST_TRANSACTION {
        let reason =
            format!("the founding makes a transaction of {size} bytes, and a sequencer takes {LARGEST_TRANSACTION}");
        return Ok(Err(Refusal { reason, final_word: false }));
    }
    // A call that creates answers with the code it would leave.
    let creation = TransactionRequest::default().with_from(sender.account()).with_input(plan.charter.init_code.clone());
    let code = sender.provider().call(creation).overrides(rich(sender)).await;
    let code = code.map_err(|error| eyre!("the chain refuses the Founder: {}", explain(&error)))?;
    let founder = AccountOverride { code: Some(code), nonce: Some(1), ..Default::default() };
    let mut overrides = rich(sender);
    overrides.insert(plan.founder(), founder);
    let asked = if needs.before.is_empty() {
        let request = TransactionRequest::default()
            .with_from(sender.account())
            .with_to(plan.founder())
            .with_input(plan.charter.call.clone())
            .with_value(needs.fee);
        sender.provider().estimate_gas(request).overrides(overrides).await
    } else {
        match rehearsal::rehearse(sender, plan, needs, overrides).await? {
            Rehearsed::Founds { gas } => Ok(gas),
            Rehearsed::TooMuch { gas, limit } => {
                let reason = format!("the founding takes {gas} gas, and a transaction can have {limit}");
                return Ok(Err(Refusal { reason, final_word: false }));
            }
            Rehearsed::Fails(error) => Err(error),
        }
    };
    match asked {
        Ok(gas) => Ok(Ok(gas)),
        Err(error) if is_execution(&error) => {
            let failed = revert_data(&error).and_then(|data| Founder::ConstructorFailed::abi_decode(&data).ok());
            let final_word = failed.is_some_and(|failed| !failed.reason.is_empty());
            let said = match revert_data(&error) {
                // Of a call inside of a call the node does not say that gas ran out.
                Some(data) if data.is_empty() => "the founding fails without a reason, as when gas runs out".to_owned(),
                _ => explain_with(&error, &config.founded().collect::<Vec<_>>()),
            };
            Ok(Err(Refusal { reason: format!("the chain refuses the DAO: {said}"), final_word }))
        }
        Err(error) => bail!("could not ask what the founding takes: {}", explain(&error)),
    }
}

/// If it is the length of a part's list that the chain refuses: a refusal that names how many entries it takes.
async fn too_long(sender: &Sender, config: &Config, artifacts: &Artifacts, needs: Needs<'_>) -> Result<Option<String>> {
    for list in config.parts().flat_map(|part| part.lists()) {
        if let Some(enough) = most(sender, config, artifacts, needs, &list).await? {
            return Ok(Some((list.refusal)((list.length)(config), enough)));
        }
    }
    Ok(None)
}

/// How many entries of a list the chain takes, where all are too many and one is not.
async fn most(
    sender: &Sender,
    config: &Config,
    artifacts: &Artifacts,
    needs: Needs<'_>,
    list: &List,
) -> Result<Option<usize>> {
    let all = (list.length)(config);
    let fits = async |count: usize| -> Result<bool> {
        let mut fewer = config.clone();
        (list.truncate)(&mut fewer, count);
        Ok(found(sender, &fewer, &Plan::new(&fewer, artifacts)?, needs).await?.is_ok())
    };
    // Asked once more: the node may have refused for a reason of its own, as when too much is asked of it.
    if all < 2 || fits(all).await? || !fits(1).await? {
        return Ok(None);
    }
    let (mut enough, mut too_many) = (1, all);
    while too_many - enough > 1 {
        let middle = enough + (too_many - enough) / 2;
        if fits(middle).await? { enough = middle } else { too_many = middle }
    }
    Ok(Some(enough))
}

async fn pay(sender: &Sender, gas: u64, fee: U256) -> Result<()> {
    let asked = |what: &'static str| move |error| eyre!("could not ask for {what}: {}", explain(&error));
    let fees = sender.provider().estimate_eip1559_fees().await.map_err(asked("the gas price"))?;
    let need = fee.saturating_add(U256::from(gas).saturating_mul(U256::from(fees.max_fee_per_gas)));
    let have = sender.provider().get_balance(sender.account()).await.map_err(asked("the sender's balance"))?;
    ensure!(
        have >= need,
        "{} has {} ether, and the deployment may take up to {}",
        sender.account(),
        format_ether(have),
        format_ether(need)
    );
    Ok(())
}
