//! Who can do what in a DAO, after which delay, until when, and who can stop it: read from the chain alone.
//!
//! Events since the contracts appeared say which accounts, roles and functions there are to ask about, and views at one block
//! say how they stand. Nothing comes from a deployer: with settings and programs the addresses follow from these, and else
//! the caller names them.

mod kind;
mod table;
mod view;

use std::collections::BTreeMap;

use alloy::primitives::Address;
use eyre::{Result, WrapErr, bail, ensure};
use serde::Serialize;

use crate::artifacts::Artifacts;
use crate::chain::Chain;
use crate::config::Config;
use crate::config::moment::Moment;
use crate::deploy::expect_founded;
use crate::part::{Name, Part};
use crate::parts::safe;
use crate::vault;

pub use view::View;
pub(crate) use view::{answer, event};

/// All powers in a DAO, at a block. It prints as a table, and serializes for programs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Permissions {
    /// EIP-155 chain id.
    pub chain: u64,
    /// The block that was read.
    pub block: u64,
    /// Its time.
    pub time: Moment,
    /// The contracts that were asked, in the order of their creation.
    pub contracts: Vec<Contract>,
    /// The Safes of the settings by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub safes: BTreeMap<String, Address>,
    /// The vault of the settings, if it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vault: Option<Address>,
    /// The powers, contract by contract.
    pub powers: Vec<Power>,
    /// What is worth knowing besides.
    pub notes: Vec<String>,
}

/// A contract that was asked.
#[derive(Clone, Debug, Serialize)]
pub struct Contract {
    /// Its name, as that of its folder.
    pub name: &'static str,
    /// Where it stands.
    pub address: Address,
    /// Whether it is the code of Safes and no Safe: what is sent to it is lost.
    #[serde(skip_serializing_if = "is_false")]
    pub singleton: bool,
}

/// Members that are false are left out.
fn is_false(value: &bool) -> bool {
    !*value
}

/// A power that somebody has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Power {
    /// The contract whose functions they are.
    pub target: Party,
    /// The functions, by their signatures, or what it comes to.
    pub functions: Vec<String>,
    /// Who.
    pub holder: Party,
    /// Why: the role or the place that it has.
    pub by: String,
    /// Whether the members decide it by a vote.
    pub vote: bool,
    /// Seconds it waits, after the vote where there is one.
    pub delay: u64,
    /// From when on, where it has not begun.
    pub since: Option<Moment>,
    /// The first second at which it has ended, where it has an end.
    pub until: Option<Moment>,
    /// Who can stop its use, before it takes effect.
    pub stop: Vec<Party>,
}

/// Who has a power, or can stop one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Party {
    /// A contract of this DAO.
    Contract(Name),
    /// Another account, which has no code: a key controls it.
    Account(Address),
    /// Another account, which has code: a Safe, or any other contract.
    AccountWithCode(Address),
    /// Whoever it says: "anyone", "the proposer".
    Whoever(&'static str),
}

impl Power {
    /// A power of the members' decisions or of an account, at once, for ever, which nobody can stop.
    pub fn new(target: Party, functions: impl IntoIterator<Item = impl ToString>, holder: Party, by: &str) -> Self {
        Self {
            target,
            functions: functions.into_iter().map(|function| function.to_string()).collect(),
            holder,
            by: by.to_owned(),
            vote: false,
            delay: 0,
            since: None,
            until: None,
            stop: Vec::new(),
        }
    }

    /// The same, decided by a vote.
    #[must_use]
    pub fn by_vote(self) -> Self {
        Self { vote: true, ..self }
    }

    /// The same, after so many seconds.
    #[must_use]
    pub fn after(self, delay: u64) -> Self {
        Self { delay, ..self }
    }

    /// The same, where these can stop it.
    #[must_use]
    pub fn stopped_by(self, stop: Vec<Party>) -> Self {
        Self { stop, ..self }
    }

    /// Adds those who can stop it too, each once.
    pub(crate) fn also_stopped_by(&mut self, parties: impl IntoIterator<Item = Party>) {
        for party in parties {
            if !self.stop.contains(&party) {
                self.stop.push(party);
            }
        }
    }
}

impl Permissions {
    /// Adds a power.
    pub fn add(&mut self, power: Power) {
        self.powers.push(power);
    }

    /// Marks the code of Safes, which is no Safe itself.
    pub(crate) fn mark_singleton(&mut self, name: Name) {
        for contract in self.contracts.iter_mut().filter(|contract| contract.name == name.folder()) {
            contract.singleton = true;
        }
    }
}

/// Reads who can do what in the DAO of these settings and programs.
///
/// # Errors
/// If the DAO was not founded, a program of it has expired, or the node does not serve all of its events.
pub async fn permissions(chain: &Chain, config: &Config, artifacts: &Artifacts) -> Result<Permissions> {
    chain.expect_id(config.chain.id)?;
    let config = &*config.resolved(chain, artifacts).await?;
    let plan = expect_founded(chain, config, artifacts).await?;
    for planned in plan.contracts() {
        kind::expect_alive(chain, planned.part.name(), planned.address).await?;
    }
    let contracts = plan.contracts().iter().map(|planned| (planned.part, planned.address)).collect();
    let mut permissions = read(View::new(chain, contracts).await?).await?;
    for planned in plan.contracts().iter().filter(|planned| planned.part.is_singleton()) {
        permissions.mark_singleton(planned.part.name());
    }
    permissions.safes = plan.safes.iter().map(|safe| (safe.name.to_string(), safe.address)).collect();
    if let Some(vault) = &plan.vault
        && vault.stands(chain).await?
    {
        permissions.vault = Some(vault.address);
        permissions.notes.push(vault::state(chain, vault.address).await?.powers(vault.address));
    }
    Ok(permissions)
}

/// Reads who can do what by these contracts, named by their addresses, and by those that they name. `parts` are the kinds
/// of contracts there are.
///
/// # Errors
/// If no part has a name, nothing stands at an address or a contract of another kind does, a program has expired, or the
/// node does not serve all events.
pub async fn permissions_of(
    chain: &Chain,
    named: &[(String, Address)],
    parts: &[&'static dyn Part],
) -> Result<Permissions> {
    let known = |name: &str| parts.iter().find(|part| part.name().folder() == name).copied();
    let mut contracts: Vec<(&'static dyn Part, Address)> = Vec::new();
    for (name, address) in named {
        let Some(part) = known(name) else {
            let names: Vec<_> = parts.iter().map(|part| part.name().folder()).collect();
            bail!("there is no contract \"{name}\": name {}", names.join(", "));
        };
        ensure!(contracts.iter().all(|(other, _)| other.name() != part.name()), "the {} is named twice", part.name());
        contracts.push((part, *address));
    }
    // What a contract names may name others in its turn.
    let mut asked = 0;
    while let Some(&(part, address)) = contracts.get(asked) {
        kind::expect_alive(chain, part.name(), address).await?;
        let view = View::new(chain, contracts.clone()).await?;
        if let Some(reason) = part.strange(&view).await? {
            bail!("{}", kind::stranger(chain, part, address, parts, &reason).await?);
        }
        let found = part.neighbours(&view).await.wrap_err_with(|| unread(part.name()))?;
        for (name, address) in found {
            if let Some(part) = known(name.folder())
                && contracts.iter().all(|(other, _)| other.name() != name)
            {
                contracts.push((part, address));
            }
        }
        asked += 1;
    }
    contracts.sort_by_key(|(part, _)| parts.iter().position(|other| other.name() == part.name()));
    let mut permissions = read(View::new(chain, contracts).await?).await?;
    permissions.notes.push(
        "the code at these addresses was not compared with the programs, and code of another kind can answer anything: \
         `consilium verify` compares it"
            .to_owned(),
    );
    Ok(permissions)
}

fn unread(name: Name) -> String {
    format!("could not read who can do what in the {name}")
}

/// Asks each contract.
async fn read(view: View<'_>) -> Result<Permissions> {
    let contracts = view.contracts().iter();
    let mut permissions = Permissions {
        chain: view.chain().id(),
        block: view.block(),
        time: view.time(),
        contracts: contracts
            .map(|(part, address)| Contract { name: part.name().folder(), address: *address, singleton: false })
            .collect(),
        safes: BTreeMap::new(),
        vault: None,
        powers: Vec::new(),
        notes: Vec::new(),
    };
    for (part, _) in view.contracts() {
        part.permissions(&mut permissions, &view).await.wrap_err_with(|| unread(part.name()))?;
        for (name, found) in part.neighbours(&view).await.wrap_err_with(|| unread(part.name()))? {
            if view.find(name) != Some(found) {
                permissions.notes.push(format!(
                    "the {} names {found} as its {name}, which is not among these contracts: `--contract {}={found}` reads it",
                    part.name(),
                    name.folder()
                ));
            }
        }
    }
    mark_code(&mut permissions, &view).await?;
    Ok(permissions)
}

/// Tells accounts that have code from plain ones.
async fn mark_code(permissions: &mut Permissions, view: &View<'_>) -> Result<()> {
    let mut known = BTreeMap::new();
    for power in &mut permissions.powers {
        for party in std::iter::once(&mut power.holder).chain(&mut power.stop) {
            let Party::Account(account) = *party else { continue };
            let has_code = match known.get(&account) {
                Some(has_code) => *has_code,
                None => view.has_code(account).await?,
            };
            known.insert(account, has_code);
            if has_code {
                *party = Party::AccountWithCode(account);
            }
        }
    }
    for account in known.iter().filter(|(_, has_code)| **has_code).map(|(account, _)| *account) {
        permissions.notes.extend(safe::told(view.chain(), account, view.at()).await?);
    }
    if known.into_values().any(|has_code| has_code) {
        permissions.notes.push(
            "an account that has code is a contract, as a Safe is: ask it who controls it; what it answers as a Safe is noted \
             here, and code of another kind can answer anything"
                .to_owned(),
        );
    }
    Ok(())
}
