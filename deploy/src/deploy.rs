//! The deployment itself: the steps in order, a record after each.

use std::path::Path;

use eyre::{Result, WrapErr, bail, ensure};

use crate::artifacts::Artifacts;
use crate::chain::{Chain, Sender};
use crate::config::Config;
use crate::plan::{Contract, Plan};
use crate::preflight;
use crate::progress::Progress;
use crate::proof::{Proof, Stage, prove};
use crate::record::{Deployment, Transaction};
use crate::step::{self, Done, Step};

/// Deploys a DAO, or goes on with a deployment that was interrupted.
///
/// Whatever stands already is left as it is, so running it again after any interruption ends in the same state, and
/// after the end it only proves the deployment once more. `records` is the folder of the record file.
///
/// # Errors
/// If the node is of another chain, the sender lacks money, the folder has the record of another deployment, a
/// transaction fails, or the chain does not say in the end what was configured. The last error is raised before the
/// deployer gives up its role, if it can be seen by then.
pub async fn deploy(
    sender: &Sender,
    config: &Config,
    artifacts: &Artifacts,
    records: &Path,
    progress: &mut dyn Progress,
) -> Result<Deployment> {
    let chain = sender.chain();
    chain.expect_id(config.chain.id)?;
    let stylus_deployer = config.chain.stylus_deployer;
    ensure!(!chain.code(stylus_deployer).await?.is_empty(), "there is no StylusDeployer at {stylus_deployer}");

    let plan = Plan::new(config, artifacts, sender.account());
    let mut record = resume(sender, config, &plan, records).await?;
    let steps = Step::all(config);
    if !record.complete {
        preflight::check(sender, config, &plan, &steps).await?;
    }
    record.write(records)?;

    progress.planned(&steps);
    for step in steps {
        progress.started(step);
        let done = run(step, sender, config, &plan, &record).await.wrap_err_with(|| format!("could not {step}"))?;
        note(&mut record, step, &done);
        record.write(records)?;
        if progress.finished(step, &done).is_break() && step != Step::Prove {
            bail!("stopped after the step \"{step}\"; run it again to go on");
        }
    }
    Ok(record)
}

/// Proves a deployment again, without sending anything: that the recorded contracts are the built programs, with the
/// configured settings and role holders.
///
/// # Errors
/// If there is no record, or the chain cannot be read. A chain that says something else than was configured is no
/// error: the proof has it.
pub async fn verify(chain: &Chain, config: &Config, artifacts: &Artifacts, records: &Path) -> Result<Proof> {
    chain.expect_id(config.chain.id)?;
    let Some(record) = Deployment::read(records, config.chain.id)? else {
        bail!("there is no {}: nothing was deployed from here", Deployment::path(records, config.chain.id).display());
    };
    let plan = Plan::new(config, artifacts, record.deployer);
    prove(chain, config, &plan, &record, Stage::Final).await
}

/// The record to go on with.
async fn resume(sender: &Sender, config: &Config, plan: &Plan, records: &Path) -> Result<Deployment> {
    let fresh = Deployment::begin(config, plan, sender.account());
    let Some(found) = Deployment::read(records, config.chain.id)? else {
        return Ok(fresh);
    };
    let path = Deployment::path(records, config.chain.id);
    let mut stands = false;
    for deployed in found.contracts.values() {
        stands |= !sender.chain().code(deployed.address).await?.is_empty();
    }
    if !stands {
        // It tells of a chain that is no more: a devnode forgets all when it stops.
        let aside = path.with_extension("json.old");
        std::fs::rename(&path, &aside).wrap_err_with(|| format!("{} cannot be moved aside", path.display()))?;
        return Ok(fresh);
    }
    let aside = format!("move {} away to begin another deployment", path.display());
    ensure!(
        found.deployer == sender.account(),
        "{} was begun by {}: go on with its key, or {aside}",
        path.display(),
        found.deployer
    );
    ensure!(found.config == *config, "{} was begun with other settings: go on with those, or {aside}", path.display());
    for contract in Contract::ALL {
        ensure!(
            found.contracts[&contract].code_hash == plan.of(contract).program.code_hash(),
            "{} was begun with another program of the {}: go on with that build, or {aside}",
            path.display(),
            contract.name()
        );
    }
    Ok(found)
}

async fn run(step: Step, sender: &Sender, config: &Config, plan: &Plan, record: &Deployment) -> Result<Done> {
    let prove = async |stage| {
        let proof = prove(sender.chain(), config, plan, record, stage).await?;
        proof.ensure().map(|()| Done::Proven { checks: proof.checks.len() })
    };
    match step {
        Step::Deploy(contract) => step::deploy(sender, plan, contract).await,
        Step::Grant(role) => step::grant(sender, plan, role).await,
        Step::Cache(contract) => step::cache(sender, config, plan, contract).await,
        Step::HandOver if step::handed_over(sender, plan).await? => Ok(Done::Already),
        Step::HandOver => {
            prove(Stage::BeforeHandOver).await?;
            step::hand_over(sender, plan).await
        }
        Step::Prove => prove(Stage::Final).await,
    }
}

/// Takes down what a step did.
fn note(record: &mut Deployment, step: Step, done: &Done) {
    if let Done::Sent(receipt) = done {
        record.transactions.push(Transaction {
            step: step.to_string(),
            hash: receipt.transaction_hash,
            gas_used: receipt.gas_used,
        });
        if let Step::Deploy(contract) = step
            && let Some(deployed) = record.contracts.get_mut(&contract)
        {
            deployed.block = receipt.block_number;
        }
    }
    record.complete |= step == Step::Prove;
}
