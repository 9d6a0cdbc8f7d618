//! The timelock: the treasury, and the executor of decisions.

mod executors;
mod operations;
mod permissions;
mod roles;

use std::collections::BTreeSet;

use alloy::primitives::{Address, Bytes, LogData, U256};
use alloy::sol_types::SolEvent;
use consilium_bindings::Construct;
use consilium_bindings::Timelock::{self as abi, TimelockErrors, TimelockEvents};
use eyre::{Result, ensure};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::config::rules::span;
use crate::config::{Clock, Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::explain::explain_call;
use crate::part::{self, Facts, Interface, Name, Origin, Part, Scene, Strange};
use crate::permissions::{Permissions, View, answer};
use crate::proof::{Proof, view};

pub use executors::Executors;
pub use roles::Role;

/// Its name.
pub const NAME: Name = Name::new("timelock");

/// A named executor of the timelock.
const EXECUTOR: &str = "executor";

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct Timelock;

/// Its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Seconds that a decision waits before it can be executed. Never zero.
    pub min_delay: u64,
    /// Who executes.
    pub executors: Executors,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    min_delay: Spanned<u64>,
    executors: Spanned<Vec<Spanned<String>>>,
}

impl Config {
    /// The timelock's settings.
    pub fn timelock(&self) -> &Settings {
        self.sections.expect()
    }

    /// The same, to change.
    pub fn timelock_mut(&mut self) -> &mut Settings {
        self.sections.expect_mut()
    }
}

impl Timelock {
    /// Seconds that a decision waits in the timelock at an address.
    ///
    /// # Errors
    /// If no timelock answers there.
    pub(crate) async fn min_delay(view: &View<'_>, address: Address) -> Result<u64> {
        let timelock = abi::new(address, view.chain().provider());
        let delay = timelock.getMinDelay().block(view.at()).call().await.map_err(explain_call)?;
        Ok(delay.saturating_to())
    }
}

impl Part for Timelock {
    fn name(&self) -> Name {
        NAME
    }

    fn is_required(&self) -> bool {
        true
    }

    fn settings(&self, section: Section<'_>, _: &Sections) -> Result<Box<dyn crate::config::Settings>, Refusal> {
        let file: File = section.read()?;
        // The timelock counts seconds, whatever the token's clock.
        let min_delay = span(&file.min_delay, Clock::Timestamp, "the timelock's delay")?;
        Ok(Box::new(Settings { min_delay, executors: executors::check(&file.executors)? }))
    }

    /// No admin but the timelock itself: the zero address stands for nobody.
    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        let proposers = holders(dao, Role::Proposer);
        ensure!(
            holders(dao, Role::Canceller) == proposers,
            "the timelock's constructor gives the roles of proposer and canceller to the same contracts: give a part both or \
             none, and let the DAO grant one alone by a proposal"
        );
        ensure!(
            holders(dao, Role::Admin) == [dao.address(NAME)],
            "the timelock alone is its admin: give no part this role"
        );
        Ok(abi::constructorCall {
            minDelay: U256::from(dao.config.timelock().min_delay),
            proposers,
            executors: holders(dao, Role::Executor),
            admin: Address::ZERO,
        }
        .init_data())
    }

    /// Its own admin role, both roles of each proposer, the executors, the delay.
    fn logs(&self, dao: &Dao<'_>, origin: Origin) -> Vec<LogData> {
        let pair = [Role::Proposer, Role::Canceller];
        let proposers = holders(dao, Role::Proposer).into_iter().flat_map(|account| pair.map(|role| (role, account)));
        let alone = |role: Role| holders(dao, role).into_iter().map(move |account| (role, account));
        let grants = alone(Role::Admin).chain(proposers).chain(alone(Role::Executor));
        let mut logs: Vec<LogData> = grants
            .map(|(role, account)| {
                abi::RoleGranted { role: role.id(), account, sender: origin.founder }.encode_log_data()
            })
            .collect();
        let delay = U256::from(dao.config.timelock().min_delay);
        logs.push(abi::MinDelayChange { oldDuration: U256::ZERO, newDuration: delay }.encode_log_data());
        logs
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Box::pin(async move {
            let timelock = abi::new(scene.dao.address(NAME), scene.chain.provider());
            view!(proof, timelock.getMinDelay, scene.dao.config.timelock().min_delay);
            let set = [("timelock.minDelay", abi::MinDelayChange::SIGNATURE_HASH)];
            scene.set_once(proof, scene.dao.address(NAME), set).await?;
            role_holders(proof, scene).await?;
            operations::prove(proof, scene).await
        })
    }

    fn interface(&self) -> Interface {
        Interface {
            function: abi::TimelockCalls::signature_by_selector,
            event: part::event::<TimelockEvents>,
            error: part::error::<TimelockErrors>,
        }
    }

    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(async move {
            let timelock = abi::new(view.address(NAME), view.chain().provider());
            match answer(timelock.PROPOSER_ROLE().block(view.at()).call().await)? {
                Ok(role) if role == Role::Proposer.id() => {}
                Ok(role) => return Ok(Some(format!("its PROPOSER_ROLE is {role}"))),
                Err(reason) => return Ok(Some(format!("PROPOSER_ROLE(): {reason}"))),
            }
            let delay = answer(timelock.getMinDelay().block(view.at()).call().await)?;
            Ok(delay.err().map(|reason| format!("getMinDelay(): {reason}")))
        })
    }

    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        Box::pin(permissions::add(permissions, view))
    }

    /// Last: as long as it is dead nothing is executed, and when it lives again the guardian's way to cancel, through
    /// governor and token, is open already.
    fn renewal(&self) -> u8 {
        u8::MAX
    }

    fn offices(&self) -> &'static [&'static str] {
        &[EXECUTOR]
    }

    fn is_in_office(&self, config: &Config, office: &str, account: Address) -> bool {
        let named = |executors: &Executors| matches!(executors, Executors::Governor(named) if named.contains(&account));
        office == EXECUTOR && named(&config.timelock().executors)
    }
}

/// Who holds a role from the founding on.
pub fn holders(dao: &Dao<'_>, role: Role) -> Vec<Address> {
    let mut holders = dao.with_role(role);
    match (role, &dao.config.timelock().executors) {
        (Role::Admin, _) => holders.insert(0, dao.address(NAME)),
        (Role::Executor, Executors::Anyone) => holders = vec![Address::ZERO],
        (Role::Executor, Executors::Governor(named)) => drop(holders.splice(..0, named.iter().copied())),
        (Role::Proposer | Role::Canceller, _) => {}
    }
    holders
}

/// The roles have exactly the holders that were configured, by the events and by the timelock's own answers.
async fn role_holders(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let address = scene.dao.address(NAME);
    let timelock = abi::new(address, scene.chain.provider());
    let (mut found, changes) = roles::held(scene, address).await?;
    proof.check("timelock.roles: how often one was granted or revoked since the founding", 0, changes);
    for role in Role::ALL {
        let expected: BTreeSet<Address> = holders(&scene.dao, role).into_iter().collect();
        let found = found.remove(&role.id()).unwrap_or_default();
        proof.check(format!("holders of {}", role.name()), listed(&expected), listed(&found));

        let mut asked: BTreeSet<Address> = expected.union(&found).copied().collect();
        asked.extend([scene.sender, scene.founder, Address::ZERO]);
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
