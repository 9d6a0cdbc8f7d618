//! The steps of a deployment: each looks at the chain whether it is done, and does it if not.

use std::fmt;

use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;
use consilium_bindings::Timelock;
use eyre::Result;

use crate::cache::{self, Caching};
use crate::chain::Sender;
use crate::config::{Config, Executors};
use crate::explain::explain_call;
use crate::plan::{Contract, Plan, Role};

/// A step of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Deploy, activate and construct a contract, in one transaction.
    Deploy(Contract),
    /// Grant the governor a role of the timelock.
    Grant(Role),
    /// Put a program in the chain's cache.
    Cache(Contract),
    /// Prove all so far, then give up the deployer's admin role: from here on nobody but the DAO changes anything.
    HandOver,
    /// Read everything back and prove it.
    Prove,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deploy(contract) => write!(f, "deploy the {}", contract.name()),
            Self::Grant(role) => write!(f, "grant {} to the governor", role.name()),
            Self::Cache(contract) => write!(f, "cache the {}", contract.name()),
            Self::HandOver => f.write_str("give up the deployer's role"),
            Self::Prove => f.write_str("read back and prove"),
        }
    }
}

/// How a step ended.
#[derive(Clone, Debug)]
pub enum Done {
    /// It had been done before.
    Already,
    /// By a transaction.
    Sent(Box<TransactionReceipt>),
    /// Without one.
    Proven {
        /// How many checks held.
        checks: usize,
    },
    /// Not done, and the deployment goes on without it. Only caching may end so.
    Skipped {
        /// Why.
        reason: String,
    },
}

impl Step {
    /// The steps of a deployment, in order.
    pub fn all(config: &Config) -> Vec<Self> {
        let mut steps = Contract::ALL.map(Self::Deploy).to_vec();
        steps.extend([Role::Proposer, Role::Canceller].map(Self::Grant));
        if config.timelock.executors != Executors::Anyone {
            steps.push(Self::Grant(Role::Executor));
        }
        steps.extend(Contract::ALL.map(Self::Cache));
        steps.extend([Self::HandOver, Self::Prove]);
        steps
    }
}

/// Deploys a contract, unless it stands already.
pub(crate) async fn deploy(sender: &Sender, plan: &Plan, contract: Contract) -> Result<Done> {
    let creation = plan.of(contract);
    if creation.stands(sender.chain()).await? {
        return Ok(Done::Already);
    }
    creation.send(sender).await.map(|receipt| Done::Sent(Box::new(receipt)))
}

/// Grants the governor a role, unless it has it.
pub(crate) async fn grant(sender: &Sender, plan: &Plan, role: Role) -> Result<Done> {
    if has_role(sender, plan, role, plan.governor.address).await? {
        return Ok(Done::Already);
    }
    let call = Timelock::grantRoleCall { role: role.id(), account: plan.governor.address };
    sent(sender, plan, call.abi_encode()).await
}

/// Caches a program, unless it is cached.
pub(crate) async fn cache(sender: &Sender, config: &Config, plan: &Plan, contract: Contract) -> Result<Done> {
    let planned = plan.of(contract);
    Ok(match cache::cache(sender, planned.address, planned.program.code_hash(), config.cache.max_bid).await? {
        Caching::Already => Done::Already,
        Caching::Sent(receipt) => Done::Sent(receipt),
        Caching::Refused(reason) => Done::Skipped { reason },
    })
}

/// Whether the deployer has given up its role.
pub(crate) async fn handed_over(sender: &Sender, plan: &Plan) -> Result<bool> {
    Ok(!has_role(sender, plan, Role::Admin, sender.account()).await?)
}

/// Gives up the deployer's admin role. Nothing can be mended afterwards but by the DAO itself: prove all before.
pub(crate) async fn hand_over(sender: &Sender, plan: &Plan) -> Result<Done> {
    let call = Timelock::renounceRoleCall { role: Role::Admin.id(), callerConfirmation: sender.account() };
    sent(sender, plan, call.abi_encode()).await
}

async fn has_role(sender: &Sender, plan: &Plan, role: Role, account: Address) -> Result<bool> {
    let timelock = Timelock::new(plan.timelock.address, sender.provider());
    timelock.hasRole(role.id(), account).call().await.map_err(explain_call)
}

async fn sent(sender: &Sender, plan: &Plan, call: Vec<u8>) -> Result<Done> {
    let receipt = sender.send(plan.timelock.address, call.into(), U256::ZERO).await?;
    Ok(Done::Sent(Box::new(receipt)))
}
