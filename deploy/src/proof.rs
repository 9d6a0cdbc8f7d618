//! The proof of a deployment: everything that was configured, read back from the chain.
//!
//! It needs the settings, the programs and a node, and nothing from who deployed. The addresses commit to the code of all
//! programs and to every constructor argument. The founding, found on the chain, logged what was planned and nothing
//! else. And each part asks for what can change afterwards (settings, roles, allowances), the roles by the timelock's events
//! as well, so that the list of holders is complete.

mod founding;
mod programs;
mod table;

use std::fmt::{self, Display};

use alloy::primitives::B256;
use eyre::{Result, WrapErr, ensure};

use crate::chain::Chain;
use crate::config::Config;
use crate::founding::locate;
use crate::part::Scene;
use crate::plan::Plan;
use crate::vault;

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

/// All facts about a deployment. It prints as a table.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The facts, in the order they were looked up.
    pub checks: Vec<Check>,
    /// What is worth knowing but promised by nobody: who founded the DAO and when, caching and expiry of programs.
    pub notes: Vec<String>,
    /// The transaction that the DAO came into being in.
    pub founding: B256,
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

    /// Adds a fact: what was looked up, what the configuration promises, and what the chain says.
    pub fn check(&mut self, subject: impl Display, expected: impl Display, found: impl Display) {
        let (subject, expected, found) = (subject.to_string(), expected.to_string(), found.to_string());
        self.checks.push(Check { subject, expected, found });
    }

    /// Adds what is worth knowing but promised by nobody.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }
}

/// Reads everything back, of a DAO that stands. `hint` is the transaction of its founding where it is known; it is trusted
/// only as far as the chain agrees.
pub(crate) async fn prove(chain: &Chain, config: &Config, plan: &Plan, hint: Option<B256>) -> Result<Proof> {
    let mut proof = Proof::default();
    programs::code(&mut proof, chain, plan).await?;
    let is_ours = proof.failures().next().is_none();
    let all_live = programs::lives(&mut proof, chain, config, plan).await?;
    if let Some(vault) = &plan.vault {
        // It runs without Stylus, and is there for the day when the programs do not.
        vault::prove(&mut proof, chain, vault).await.wrap_err("could not read the vault")?;
    }
    if !all_live || !is_ours {
        // What is not ours or cannot be called answers nothing that could be compared.
        return Ok(proof);
    }
    let unchanged = programs::upgrades(&mut proof, chain, plan).await?;
    let founding = locate(chain, plan, hint).await?;
    proof.founding = founding.transaction;
    proof.notes.push(format!(
        "founded by {} in block {}, transaction {}",
        founding.sender, founding.block, founding.transaction
    ));
    founding::check(&mut proof, config, plan, &founding);
    let scene = Scene {
        chain,
        dao: plan.dao(config),
        founder: plan.founder(),
        sender: founding.sender,
        block: founding.block,
        place: founding.place,
    };
    for planned in plan.contracts().iter().filter(|planned| unchanged.contains(&planned.part.name())) {
        let read = planned.part.prove(&mut proof, &scene).await;
        read.wrap_err_with(|| format!("could not read the {}", planned.part.name()))?;
    }
    Ok(proof)
}

/// Calls a view and checks its answer: `view!(proof, contract.method, expected)`. Of several methods of one name, the
/// bindings number them.
macro_rules! view {
    ($proof:ident, $contract:ident.$method:ident, $expected:expr) => {
        let found = $contract.$method().call().await.map_err(explain_call)?;
        let name = stringify!($method).trim_end_matches("_0");
        $proof.check(format!("{}.{name}", stringify!($contract)), $expected, found);
    };
}

pub(crate) use view;
