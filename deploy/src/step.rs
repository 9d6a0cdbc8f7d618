//! The steps of a deployment: each looks at the chain whether it is done, and does it if not.

use std::fmt;

use alloy::primitives::B256;
use alloy::rpc::types::TransactionReceipt;
use eyre::{OptionExt, Result, bail};

use crate::activation::{self, Renewal};
use crate::beforehand;
use crate::cache::{self, Caching};
use crate::chain::Sender;
use crate::config::{Config, SafeName};
use crate::founding::{self, State};
use crate::part::Name;
use crate::parts::safe;
use crate::plan::{Plan, Planned};
use crate::running;
use crate::vault::planned as vault;

/// A step of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Create a program that stands behind a proxy.
    Create(Name),
    /// Activate it, or renew it where it has too few days left.
    Activate(Name),
    /// Close the singleton of the Safes, so that nobody can set it up.
    Close(Name),
    /// Have Safe's factory create a Safe.
    Safe(SafeName),
    /// Create the Founder, which can do nothing but carry out the plan.
    Prepare,
    /// Create and construct all contracts, in one transaction.
    Found,
    /// Renew a program's activation where it has too few days left.
    Renew(Name),
    /// Create the vault.
    Vault,
    /// Put a program in the chain's cache.
    Cache(Name),
    /// Read everything back and prove it.
    Prove,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(name) => write!(f, "create the program of the {name}"),
            Self::Activate(name) => write!(f, "activate the program of the {name}"),
            Self::Close(name) => write!(f, "close the singleton of the {name}"),
            Self::Safe(name) => write!(f, "create the Safe \"{name}\""),
            Self::Prepare => f.write_str("create the Founder"),
            Self::Found => f.write_str("found the DAO"),
            Self::Renew(name) => write!(f, "renew the {name}"),
            Self::Vault => f.write_str("create the vault"),
            Self::Cache(name) => write!(f, "cache the {name}"),
            Self::Prove => f.write_str("read back and prove"),
        }
    }
}

/// The error of a deployment that was stopped between two steps: nothing has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped(pub Step);

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped after the step \"{}\"; run it again to go on", self.0)
    }
}

impl std::error::Error for Stopped {}

/// How a step ended.
#[derive(Clone, Debug)]
pub enum Done {
    /// It had been done before, or was not needed.
    Already,
    /// By a transaction.
    Sent(Box<TransactionReceipt>),
    /// Without one.
    Proven {
        /// How many checks held.
        checks: usize,
        /// The transaction that the DAO came into being in.
        founding: B256,
    },
    /// Not done, and the deployment goes on without it. Only caching may end so.
    Skipped {
        /// Why.
        reason: String,
    },
}

impl Step {
    /// The steps of a deployment, in order.
    pub fn all(plan: &Plan) -> Vec<Self> {
        let names = beforehand::programs(plan).map(|planned| planned.part.name());
        let mut steps: Vec<Self> = names.flat_map(|name| [Self::Create(name), Self::Activate(name)]).collect();
        if !plan.safes.is_empty() {
            steps.push(Self::Close(safe::NAME));
            steps.extend(plan.safes.iter().map(|safe| Self::Safe(safe.name)));
        }
        steps.extend([Self::Prepare, Self::Found]);
        steps.extend(Self::renewals(plan));
        // It takes only programs that are active.
        steps.extend(plan.vault.iter().map(|_| Self::Vault));
        steps.extend(plan.contracts().iter().map(|planned| Self::Cache(planned.part.name())));
        steps.push(Self::Prove);
        steps
    }

    /// The steps of a renewal, in order.
    pub fn renewals(plan: &Plan) -> Vec<Self> {
        plan.renewal().into_iter().map(|planned| Self::Renew(planned.part.name())).collect()
    }
}

/// Creates a program that stands behind a proxy, unless it stands already.
pub(crate) async fn create(sender: &Sender, plan: &Plan, planned: &Planned) -> Result<Done> {
    if beforehand::stands(sender.chain(), planned).await? {
        return Ok(Done::Already);
    }
    let sent = beforehand::create(sender, plan, planned).await;
    settled(sent, beforehand::stands(sender.chain(), planned).await?)
}

/// Activates it, unless it is active for days enough. Once the DAO stands, the renewal looks after what its proxy runs.
pub(crate) async fn activate(sender: &Sender, config: &Config, plan: &Plan, planned: &Planned) -> Result<Done> {
    if founding::state(sender.chain(), plan).await? == State::Founded {
        return Ok(Done::Already);
    }
    Ok(renewed(beforehand::activate(sender, planned, config.programs.least_days).await?))
}

/// Closes the singleton of the Safes, unless it is closed.
pub(crate) async fn close(sender: &Sender, planned: &Planned) -> Result<Done> {
    Ok(sent(safe::close(sender, planned.address).await?))
}

/// Creates a Safe, unless it stands.
pub(crate) async fn create_safe(sender: &Sender, plan: &Plan, name: SafeName) -> Result<Done> {
    let safe = plan.safes.iter().find(|safe| safe.name == name).ok_or_eyre("the plan has no such Safe")?;
    Ok(sent(safe::create(sender, safe).await?))
}

fn sent(receipt: Option<TransactionReceipt>) -> Done {
    receipt.map_or(Done::Already, |receipt| Done::Sent(Box::new(receipt)))
}

/// Creates the Founder, unless it stands already.
pub(crate) async fn prepare(sender: &Sender, plan: &Plan) -> Result<Done> {
    if founding::state(sender.chain(), plan).await? != State::Nothing {
        return Ok(Done::Already);
    }
    let sent = founding::prepare(sender, plan).await;
    // What is in a block is sent, whatever the node answers from then on.
    let done = sent.is_err() && founding::state(sender.chain(), plan).await? != State::Nothing;
    settled(sent, done)
}

/// Creates the DAO, unless it stands already.
pub(crate) async fn found(sender: &Sender, config: &Config, plan: &Plan) -> Result<Done> {
    match founding::state(sender.chain(), plan).await? {
        State::Founded => return Ok(Done::Already),
        State::Prepared => {}
        // A call of an address without code would succeed, and do nothing.
        State::Nothing => bail!("the node does not see the Founder yet: it lags behind the chain; run it again"),
    }
    let sent = founding::found(sender, config, plan).await;
    let done = sent.is_err() && founding::state(sender.chain(), plan).await? == State::Founded;
    settled(sent, done)
}

/// A transaction that failed because an earlier one of ours, or somebody else's, had done the same.
fn settled(sent: Result<TransactionReceipt>, done: bool) -> Result<Done> {
    match sent {
        Ok(receipt) => Ok(Done::Sent(Box::new(receipt))),
        Err(_) if done => Ok(Done::Already),
        Err(error) => Err(error),
    }
}

/// Renews a program, unless it has days enough.
pub(crate) async fn renew(sender: &Sender, config: &Config, planned: &Planned) -> Result<Done> {
    let running = running::of(sender.chain(), planned).await?;
    Ok(renewed(activation::renew(sender, &running, config.programs.least_days).await?))
}

fn renewed(renewal: Renewal) -> Done {
    match renewal {
        Renewal::NotNeeded => Done::Already,
        Renewal::Sent(receipt) => Done::Sent(receipt),
    }
}

/// Creates the vault, unless it stands.
pub(crate) async fn create_vault(sender: &Sender, plan: &Plan) -> Result<Done> {
    let vault = plan.vault.as_ref().ok_or_eyre("the plan has no vault")?;
    Ok(sent(vault::create(sender, vault).await?))
}

/// Caches a program, unless it is cached.
pub(crate) async fn cache(sender: &Sender, config: &Config, planned: &Planned) -> Result<Done> {
    let running = running::of(sender.chain(), planned).await?;
    if !running.is_program {
        return Ok(Done::Already);
    }
    Ok(match cache::cache(sender, running.address, running.code_hash, config.cache.max_bid).await? {
        Caching::Already => Done::Already,
        Caching::Sent(receipt) => Done::Sent(receipt),
        Caching::Refused(reason) => Done::Skipped { reason },
    })
}
