//! The proof of a deployment: everything that was configured, read back from the chain.
//!
//! It rests on three things. The code of each contract is the program that was built. Its address is the planned one,
//! which commits to that code and to every constructor argument. And what can change afterwards (settings and roles)
//! is asked for, the roles by the timelock's events as well, so that the list of holders is complete.

mod checks;

use std::collections::BTreeSet;
use std::fmt::{self, Display};

use alloy::primitives::Address;
use consilium_bindings::Timelock;
use eyre::{Result, ensure};

use crate::cache;
use crate::chain::Chain;
use crate::config::Config;
use crate::explain::{explain, explain_call};
use crate::interfaces::{ARB_WASM, ArbWasm};
use crate::logs;
use crate::plan::{Contract, Plan, Role};
use crate::record::Deployment;
use crate::roles;

/// One fact that was expected and looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked up, as `governor.votingDelay`.
    pub subject: String,
    /// What the configuration promises.
    pub expected: String,
    /// What the chain says.
    pub found: String,
}

/// All facts about a deployment.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The facts, in the order they were looked up.
    pub checks: Vec<Check>,
    /// What is worth knowing but promised by nobody: caching and expiry of programs.
    pub notes: Vec<String>,
}

/// Whose the timelock is at the time of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The deployer is admin still.
    BeforeHandOver,
    /// The timelock administers itself.
    Final,
}

impl Check {
    /// Whether the chain says what was promised.
    pub fn holds(&self) -> bool {
        self.expected == self.found
    }
}

impl Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.holds() {
            write!(f, "{} is {}", self.subject, self.found)
        } else {
            write!(f, "{} is {}, not {}", self.subject, self.found, self.expected)
        }
    }
}

impl Proof {
    /// The facts that are not as promised.
    pub fn failures(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.holds())
    }

    /// Turns failures into an error that names each.
    ///
    /// # Errors
    /// If a fact is not as promised.
    pub fn ensure(&self) -> Result<()> {
        let failures: Vec<String> = self.failures().map(ToString::to_string).collect();
        ensure!(failures.is_empty(), "the deployment is not what was configured: {}", failures.join("; "));
        Ok(())
    }

    fn check(&mut self, subject: impl Display, expected: impl Display, found: impl Display) {
        let (subject, expected, found) = (subject.to_string(), expected.to_string(), found.to_string());
        self.checks.push(Check { subject, expected, found });
    }
}

/// Reads everything back.
pub(crate) async fn prove(
    chain: &Chain,
    config: &Config,
    plan: &Plan,
    record: &Deployment,
    stage: Stage,
) -> Result<Proof> {
    let mut proof = Proof::default();
    for contract in Contract::ALL {
        code(&mut proof, chain, plan, record, contract).await?;
    }
    if proof.failures().next().is_none() {
        checks::token(&mut proof, chain, config, plan, created(chain, record, Contract::Token).await?).await?;
        checks::governor(&mut proof, chain, config, plan).await?;
        checks::timelock(&mut proof, chain, config, plan).await?;
        let created = created(chain, record, Contract::Timelock).await?;
        holders(&mut proof, chain, config, plan, record.deployer, created, stage).await?;
    }
    Ok(proof)
}

/// The block a contract was created in: as recorded, else looked for.
async fn created(chain: &Chain, record: &Deployment, contract: Contract) -> Result<u64> {
    match record.contracts[&contract].block {
        Some(block) => Ok(block),
        None => logs::creation(chain, record.address(contract)).await,
    }
}

/// A contract stands where its code and constructor arguments put it, and runs.
async fn code(proof: &mut Proof, chain: &Chain, plan: &Plan, record: &Deployment, contract: Contract) -> Result<()> {
    let planned = plan.of(contract);
    let name = contract.name();
    proof.check(format!("address of the {name}"), planned.address, record.address(contract));
    let found = alloy::primitives::keccak256(chain.code(planned.address).await?);
    let stands = found == planned.program.code_hash();
    proof.check(format!("code hash of the {name}"), planned.program.code_hash(), found);

    let arb_wasm = ArbWasm::new(ARB_WASM, chain.provider());
    let newest = arb_wasm.stylusVersion().call().await.map_err(explain_call)?;
    let version = match arb_wasm.codehashVersion(planned.program.code_hash()).call().await {
        Ok(version) => version.to_string(),
        Err(alloy::contract::Error::TransportError(error)) if error.is_error_resp() => explain(&error),
        Err(error) => return Err(explain_call(error)),
    };
    let active = version == newest.to_string();
    proof.check(format!("Stylus version of the {name}"), newest, version);
    if active && stands {
        let left = arb_wasm.programTimeLeft(planned.address).call().await.map_err(explain_call)?;
        let cached = if cache::is_cached(chain, planned.program.code_hash()).await? { "cached" } else { "not cached" };
        proof.notes.push(format!("the {name} is {cached}, and expires in {} days unless kept alive", left / 86_400));
    }
    Ok(())
}

/// The roles have exactly the holders that were configured, by the events and by the timelock's own answers.
async fn holders(
    proof: &mut Proof,
    chain: &Chain,
    config: &Config,
    plan: &Plan,
    deployer: Address,
    created: u64,
    stage: Stage,
) -> Result<()> {
    let timelock = Timelock::new(plan.timelock.address, chain.provider());
    let mut found = roles::holders(chain, plan.timelock.address, created).await?;
    for role in Role::ALL {
        let mut expected: BTreeSet<Address> = plan.holders(config, role).into_iter().collect();
        if role == Role::Admin && stage == Stage::BeforeHandOver {
            expected.insert(deployer);
        }
        let found = found.remove(&role.id()).unwrap_or_default();
        proof.check(format!("holders of {}", role.name()), listed(&expected), listed(&found));

        let mut asked: BTreeSet<Address> = expected.union(&found).copied().collect();
        asked.extend([deployer, Address::ZERO]);
        for account in asked {
            let has = timelock.hasRole(role.id(), account).call().await.map_err(explain_call)?;
            proof.check(format!("timelock.hasRole({}, {account})", role.name()), expected.contains(&account), has);
        }
        let admin = timelock.getRoleAdmin(role.id()).call().await.map_err(explain_call)?;
        proof.check(format!("admin of {}", role.name()), Role::Admin.id(), admin);
    }
    let others: Vec<String> = found.iter().map(|(role, held)| format!("{role} by {}", listed(held))).collect();
    proof.check("other roles held", "none", if others.is_empty() { "none".to_owned() } else { others.join(", ") });
    Ok(())
}

fn listed(accounts: &BTreeSet<Address>) -> String {
    let name = |account: &Address| if account.is_zero() { "anyone".to_owned() } else { account.to_string() };
    if accounts.is_empty() { "nobody".to_owned() } else { accounts.iter().map(name).collect::<Vec<_>>().join(", ") }
}
