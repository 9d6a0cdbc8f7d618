//! The deployment itself: the steps in order, a record after each.

use std::fmt;
use std::path::Path;

use alloy::primitives::{Address, B256};
use eyre::{Result, WrapErr, bail, ensure};

use crate::artifacts::Artifacts;
use crate::chain::{Chain, Sender};
use crate::config::Config;
use crate::founding::{self, State};
use crate::key::DEV_CHAIN;
use crate::part::Name;
use crate::plan::Plan;
use crate::preflight;
use crate::progress::Progress;
use crate::proof::{Proof, prove};
use crate::record::{Deployment, Transaction};
use crate::step::{self, Done, Step, Stopped};

/// Deploys a DAO, or goes on with a deployment that was interrupted.
///
/// Whatever stands already is left as it is, so running it again after any interruption ends in the same state, and
/// after the end it only proves the deployment once more. `records` is the folder of the record file.
///
/// # Errors
/// If the node is of another chain, the sender lacks money or has an office in the DAO that the settings do not allow it,
/// the program of a part is missing, the chain does not take the plan, the folder has the record of another DAO that stands, a transaction fails, or the chain does
/// not say in the end what was configured. Up to the last two nothing has been sent.
pub async fn deploy(
    sender: &Sender,
    config: &Config,
    artifacts: &Artifacts,
    records: &Path,
    progress: &mut dyn Progress,
) -> Result<Deployment> {
    sender.chain().expect_id(config.chain.id)?;
    expect_no_office(config, sender.account())?;
    let config = &*config.resolved(sender.chain(), artifacts).await?;
    let plan = Plan::new(config, artifacts)?;
    let mut record = resume(sender, config, &plan, records).await?;
    preflight::check(sender, config, artifacts, &plan, progress).await?;
    record.write(records)?;

    let steps = Step::all(&plan);
    progress.planned(&steps);
    for step in steps {
        progress.started(step);
        let done = run(step, sender, config, &plan, &record).await.wrap_err_with(|| format!("could not {step}"))?;
        note(&mut record, step, &done);
        record.write(records)?;
        if progress.finished(step, &done).is_break() && step != Step::Prove {
            return Err(Stopped(step).into());
        }
    }
    Ok(record)
}

/// Proves a deployment from the settings, the programs and the chain alone: that the contracts are the built programs, that
/// their founding did what was planned and nothing else, and that settings and role holders are as configured.
///
/// The founding is looked for by old states, else among old events. `founding` is its transaction where it is known, for nodes
/// that serve neither; it is believed only as far as the chain agrees.
///
/// # Errors
/// If the DAO was not founded, or not in that transaction, or the chain cannot be read. A chain that says something else
/// than was configured is no error: the proof has it.
pub async fn verify(chain: &Chain, config: &Config, artifacts: &Artifacts, founding: Option<B256>) -> Result<Proof> {
    chain.expect_id(config.chain.id)?;
    let config = &*config.resolved(chain, artifacts).await?;
    let plan = expect_founded(chain, config, artifacts).await?;
    if let Some(transaction) = founding {
        founding::expect(chain, &plan, transaction).await?;
    }
    prove(chain, config, &plan, founding).await
}

/// Renews what has fewer days left than configured, or is dead, in the order of [`Plan::renewal`].
///
/// # Errors
/// If the DAO was not founded, the chain refuses the number of days, or a transaction fails.
pub async fn renew(sender: &Sender, config: &Config, artifacts: &Artifacts, progress: &mut dyn Progress) -> Result<()> {
    let chain = sender.chain();
    chain.expect_id(config.chain.id)?;
    crate::activation::expect_days(chain, config.programs.least_days).await?;
    let config = &*config.resolved(chain, artifacts).await?;
    let plan = expect_founded(chain, config, artifacts).await?;
    progress.planned(&Step::renewals(&plan));
    for planned in plan.renewal() {
        let step = Step::Renew(planned.part.name());
        progress.started(step);
        let done = step::renew(sender, config, planned).await;
        if progress.finished(step, &done.wrap_err_with(|| format!("could not {step}"))?).is_break() {
            return Err(Stopped(step).into());
        }
    }
    Ok(())
}

/// The plan of a DAO that stands.
pub(crate) async fn expect_founded(chain: &Chain, config: &Config, artifacts: &Artifacts) -> Result<Plan> {
    let plan = Plan::new(config, artifacts)?;
    if founding::state(chain, &plan).await? != State::Founded {
        let first = plan.first();
        return Err(Absent { chain: chain.id(), name: first.part.name(), address: first.address }.into());
    }
    Ok(plan)
}

/// The DAO of the settings and programs was not founded.
#[derive(Clone, Copy, Debug)]
pub struct Absent {
    chain: u64,
    name: Name,
    address: Address,
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chain, name, address } = self;
        write!(
            f,
            "no DAO of these settings and programs stands on chain {chain}: its {name} would be {address}. Each setting of \
             the contracts, the salt and each program enter the addresses: take those it was founded with, or run deploy"
        )
    }
}

impl std::error::Error for Absent {}

/// Refuses a deployer who is something in the DAO, unless the settings say so.
fn expect_no_office(config: &Config, deployer: Address) -> Result<()> {
    let mut offices = config.offices_of(deployer);
    offices.retain(|office| !config.deployer.may_be.contains(office));
    let quoted: Vec<String> = offices.iter().map(|office| format!("\"{office}\"")).collect();
    ensure!(
        offices.is_empty(),
        "{deployer} deploys, and these settings name it as {}: deploy from another account, or allow it by deployer.may_be = \
         [{}]",
        offices.join(" and "),
        quoted.join(", ")
    );
    Ok(())
}

/// The record to go on with. One of a DAO that was never founded is moved aside for other settings: nothing of value was made.
async fn resume(sender: &Sender, config: &Config, plan: &Plan, records: &Path) -> Result<Deployment> {
    let fresh = Deployment::begin(config, plan, sender.account())?;
    let Some(found) = Deployment::read(records, config.chain.id)? else {
        return Ok(fresh);
    };
    let path = Deployment::path(records, config.chain.id);
    let stands = !sender.chain().code(found.first()).await?.is_empty();
    if let (Some(founding), false) = (found.founding, stands) {
        ensure!(
            config.chain.id == DEV_CHAIN,
            "{} has a DAO that was founded in {founding}, and the node does not know it: ask a node that does not lag behind; \
             if the chain was begun again, move the file away",
            path.display()
        );
        // A devnode forgets all when it stops.
        Deployment::move_aside(records, config.chain.id)?;
        return Ok(fresh);
    }
    if found.founder == plan.founder() {
        found.expect_contracts(&fresh, &path)?;
        expect_same_vault(sender.chain(), &found, &fresh, &path).await?;
        // Settings that enter no address may be others now, and the proof is made again.
        return Ok(Deployment {
            complete: false,
            contracts: fresh.contracts,
            safes: fresh.safes,
            vault: fresh.vault,
            settings: fresh.settings,
            ..found
        });
    }
    if !stands {
        Deployment::move_aside(records, config.chain.id)?;
        return Ok(fresh);
    }
    let mut differences = found.differences(config)?;
    for planned in plan.contracts() {
        let code_hash = planned.program.code_hash();
        if !found.contracts.values().any(|deployed| deployed.code_hash == code_hash) {
            differences.push(format!("the program of the {}", planned.part.name()));
        }
    }
    if differences.is_empty() {
        differences.push("the Founder, which another version of consilium created".to_owned());
    }
    bail!(
        "{} is the record of a DAO that stands, with other settings or programs ({}): take those, or found another DAO with \
         another --records folder",
        path.display(),
        differences.join(", ")
    )
}

/// Refuses settings with another vault than the record has, where that one stands: the DAO's funds may be in it.
async fn expect_same_vault(chain: &Chain, found: &Deployment, fresh: &Deployment, path: &Path) -> Result<()> {
    let Some(vault) = found.vault.filter(|vault| fresh.vault != Some(*vault)) else { return Ok(()) };
    ensure!(
        chain.code(vault).await?.is_empty(),
        "{} has the vault {vault}, which stands, and [vault] of these settings {}: take the settings that it was created \
         with. The DAO changes its terms by a vote, and more vaults are created by `consilium vault create`",
        path.display(),
        fresh.vault.map_or_else(|| "is missing".to_owned(), |other| format!("describes another one, {other}"))
    );
    Ok(())
}

async fn run(step: Step, sender: &Sender, config: &Config, plan: &Plan, record: &Deployment) -> Result<Done> {
    match step {
        Step::Create(name) => step::create(sender, plan, plan.of(name)).await,
        Step::Activate(name) => step::activate(sender, config, plan, plan.of(name)).await,
        Step::Close(name) => step::close(sender, plan.of(name)).await,
        Step::Safe(name) => step::create_safe(sender, plan, name).await,
        Step::Prepare => step::prepare(sender, plan).await,
        Step::Found => step::found(sender, config, plan).await,
        Step::Renew(name) => step::renew(sender, config, plan.of(name)).await,
        Step::Vault => step::create_vault(sender, plan).await,
        Step::Cache(name) => step::cache(sender, config, plan.of(name)).await,
        Step::Prove => {
            let proof = prove(sender.chain(), config, plan, record.founding).await?;
            proof.ensure()?;
            Ok(Done::Proven { checks: proof.checks.len(), founding: proof.founding })
        }
    }
}

/// Takes down what a step did.
fn note(record: &mut Deployment, step: Step, done: &Done) {
    match done {
        Done::Sent(receipt) => {
            record.transactions.push(Transaction {
                step: step.to_string(),
                hash: receipt.transaction_hash,
                gas_used: receipt.gas_used,
            });
            if step == Step::Found {
                record.founding = Some(receipt.transaction_hash);
            }
        }
        Done::Proven { founding, .. } => {
            record.founding = Some(*founding);
            record.complete = true;
        }
        Done::Already | Done::Skipped { .. } => {}
    }
}
