//! What the engine knows of a contract: everything that differs from one to the next, behind one trait.
//!
//! Plan, preflight, founding, proof, renewal and cache go through a list of parts and name none of them. A new contract is
//! a new file in `parts/`.

use std::fmt::{self, Debug};
use std::pin::Pin;

use alloy::primitives::{Address, B256, Bytes, Log, LogData, hex};
use alloy::rpc::types::{Filter, Log as RpcLog};
use alloy::sol_types::{SolEventInterface, SolInterface};
use eyre::Result;
use serde::Serialize;

use crate::chain::Chain;
use crate::config::members::Member;
use crate::config::moment::Moment;
use crate::config::{Config, Refusal, Section, Sections, Settings};
use crate::dao::Dao;
use crate::logs;
use crate::parts::timelock::Role;
use crate::permissions::{Permissions, View};
use crate::proof::Proof;

/// A contract's name: that of its folder in `contracts/`, as `voting-token`. Every other spelling follows from it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Name(&'static str);

impl Name {
    /// The name of a folder.
    pub const fn new(folder: &'static str) -> Self {
        Self(folder)
    }

    /// As the folder, the program's file, the record and, unless the part says otherwise, the section of the settings
    /// spell it: `voting-token`.
    pub const fn folder(self) -> &'static str {
        self.0
    }

    /// In a sentence, with its article: "an access manager".
    pub fn with_article(self) -> String {
        let article = if self.0.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("{article} {self}")
    }

    /// With another separator of its words.
    fn spelled(self, separator: &str) -> String {
        self.0.replace('-', separator)
    }
}

/// As in sentences: "voting token".
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.spelled(" "))
    }
}

impl Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl From<&'static str> for Name {
    fn from(folder: &'static str) -> Self {
        Self(folder)
    }
}

/// What [`Part::prove`] returns.
pub type Facts<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// What [`Part::neighbours`] returns.
pub type Neighbours<'a> = Pin<Box<dyn Future<Output = Result<Vec<(Name, Address)>>> + Send + 'a>>;

/// What [`Part::strange`] returns.
pub type Strange<'a> = Pin<Box<dyn Future<Output = Result<Option<String>>> + Send + 'a>>;

/// A founding, as the constructors see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Who calls each constructor: the contract that created the others.
    pub founder: Address,
    /// The time of the block, in seconds since 1970.
    pub timestamp: u64,
}

/// A power that settings give to accounts: a role of the access manager, whose members may call some functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The number of the role. No other office of the DAO has it.
    pub role: u64,
    /// What the settings call it, as one of [`Part::offices`].
    pub name: &'static str,
    /// The selectors of the functions.
    pub functions: Vec<[u8; 4]>,
    /// Who may call them. Without members the functions are the admin's.
    pub members: Vec<Member>,
}

/// How a contract's functions, events and errors are named. The bindings have all of it.
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    /// The signature of the function with a selector, if the contract has it: the calls' `signature_by_selector`.
    pub function: fn([u8; 4]) -> Option<&'static str>,
    /// An event of the contract with its arguments: [`event`].
    pub event: fn(&Log) -> Option<String>,
    /// An error of the contract with its arguments: [`error`].
    pub error: fn(&[u8]) -> Option<String>,
}

/// A contract that a DAO can have.
///
/// The list of parts is in the order of creation: a contract whose constructor calls another one comes after it. The
/// addresses of all are known before the first is created, so a constructor may take any of them.
pub trait Part: Debug + Sync {
    /// Its name.
    fn name(&self) -> Name;

    /// The section of the file that its settings are in.
    fn section(&self) -> &'static str {
        self.name().folder()
    }

    /// Whether every DAO has it. A part that is not required is deployed only where the file has its section.
    fn is_required(&self) -> bool {
        false
    }

    /// The parts whose addresses it takes by [`Dao::address`]. A file without one of them is refused.
    fn needs(&self) -> &'static [Name] {
        &[]
    }

    /// Reads and checks its section. `others` are the settings of the parts before it in the list.
    ///
    /// # Errors
    /// The place and the reason, where the section has another shape or breaks a rule.
    fn settings(&self, section: Section<'_>, others: &Sections) -> Result<Box<dyn Settings>, Refusal>;

    /// The constructor's calldata: `X::constructorCall { … }.init_data()`. It may contain addresses of parts, each in a
    /// word of its own, and must not otherwise depend on them.
    ///
    /// # Errors
    /// Where the constructor cannot do what the settings and the other parts ask for.
    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes>;

    /// All that its constructor logs, in order. The proof fails where the founding logged anything else.
    fn logs(&self, dao: &Dao<'_>, origin: Origin) -> Vec<LogData>;

    /// Reads from the chain what can be read, and adds each fact to the proof.
    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a>;

    /// How its functions, events and errors are named.
    fn interface(&self) -> Interface;

    /// Whether the DAO can replace its program: a proxy stands before it, with the part's address, and the program is
    /// made of the component `Upgradeable`. The program stands before the founding and is not constructed. The founding
    /// creates and constructs the proxy.
    fn is_upgradeable(&self) -> bool {
        false
    }

    /// Whether it is no contract of the DAO but the code of proxies that others make, as a Safe's singleton is. It stands
    /// before the founding, at an address that follows from its code, and the founding creates nothing of it.
    fn is_singleton(&self) -> bool {
        false
    }

    /// The timelock's roles that this contract holds from the founding on.
    fn roles(&self) -> &'static [Role] {
        &[]
    }

    /// The roles of the access manager that this contract holds from the founding on, without an end. Each is that of an
    /// [`Office`] of another part.
    fn roles_in_manager(&self) -> &'static [u64] {
        &[]
    }

    /// Whether this contract is the governor's proposal guardian by the settings of the parts. The council's account is it
    /// where no part is.
    fn is_guardian(&self, settings: &Sections) -> bool {
        let _ = settings;
        false
    }

    /// The signatures of its functions that the access manager's table decides about.
    fn restricted(&self) -> &'static [&'static str] {
        &[]
    }

    /// Refuses settings that do not fit those of other parts. All settings were read by then.
    ///
    /// # Errors
    /// The place and the reason.
    fn check(&self, settings: &Sections) -> Result<(), Refusal> {
        let _ = settings;
        Ok(())
    }

    /// Why no contract of this kind answers at the address that the view has for the part; none if one does. It asks what
    /// other kinds do not have. A part that asks nothing takes every contract for one of its kind.
    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        let _ = view;
        Box::pin(async { Ok(None) })
    }

    /// Adds to a table who may do what by this contract, as the chain says.
    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        let _ = (permissions, view);
        Box::pin(async { Ok(()) })
    }

    /// The contracts of the same DAO that this one names, as the chain says.
    fn neighbours<'a>(&'a self, view: &'a View<'a>) -> Neighbours<'a> {
        let _ = view;
        Box::pin(async { Ok(Vec::new()) })
    }

    /// When it is renewed: a lower number comes first.
    fn renewal(&self) -> u8 {
        100
    }

    /// What an account can be by its settings, as "holder". The account that deploys or founds must be none of it unless
    /// `deployer.may_be` says so.
    fn offices(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether the settings give an account one of [`Part::offices`].
    fn is_in_office(&self, config: &Config, office: &str, account: Address) -> bool {
        let offices = self.offices_in_manager(&config.sections);
        is_member(&offices, office, account)
    }

    /// Who may call which functions of this contract, by the access manager's table, from the founding on. The access
    /// manager's part founds the table so and proves it. What is not here is for the members' decisions.
    fn offices_in_manager(&self, settings: &Sections) -> Vec<Office> {
        let _ = settings;
        Vec::new()
    }

    /// The members of its offices, to change.
    fn members_mut<'a>(&self, settings: &'a mut Sections) -> Vec<&'a mut Member> {
        let _ = settings;
        Vec::new()
    }

    /// What its settings allow and may still surprise, in sentences.
    fn notes(&self, config: &Config) -> Vec<String> {
        let _ = config;
        Vec::new()
    }

    /// Refuses settings that make no sense for a DAO that is founded at this time, and gives notes on what may surprise
    /// then.
    ///
    /// # Errors
    /// The place and the reason.
    fn at_founding(&self, config: &Config, now: Moment) -> Result<Vec<String>, Refusal> {
        let _ = (config, now);
        Ok(Vec::new())
    }

    /// Refuses, before anything is sent, settings that do not fit what is on the chain already.
    fn expect<'a>(&'a self, config: &'a Config, chain: &'a Chain) -> Facts<'a> {
        let _ = (config, chain);
        Box::pin(async { Ok(()) })
    }

    /// The lists of its settings that may be too long for one transaction. The first one that is too long by itself is
    /// refused.
    fn lists(&self) -> Vec<List> {
        Vec::new()
    }
}

/// Whether an account is a member of the office of this name.
pub(crate) fn is_member(offices: &[Office], name: &str, account: Address) -> bool {
    let mut members = offices.iter().filter(|found| found.name == name).flat_map(|office| &office.members);
    members.any(|member| member.address == account)
}

/// A list in the settings that makes the founding larger with each entry.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// How many entries it has.
    pub length: fn(&Config) -> usize,
    /// Leaves that many.
    pub truncate: fn(&mut Config, usize),
    /// The refusal of the first number, where the chain takes the second.
    pub refusal: fn(usize, usize) -> String,
}

/// Where a part looks for its facts.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The chain.
    pub chain: &'a Chain,
    /// The settings and all addresses.
    pub dao: Dao<'a>,
    /// The contract that created the others.
    pub founder: Address,
    /// The account that sent the founding.
    pub sender: Address,
    /// The block of the founding.
    pub block: u64,
    /// Where the founding was logged: block, index of the transaction, index of the event.
    pub place: (u64, u64, u64),
}

impl Scene<'_> {
    /// Whether something was logged before the founding was. It may have been in the same block, or transaction.
    pub fn is_before(&self, log: &RpcLog) -> bool {
        logs::place(log).is_some_and(|place| place < self.place)
    }

    /// How many of these were logged since the founding.
    pub fn since(&self, logs: &[RpcLog]) -> usize {
        logs.iter().filter(|log| !self.is_before(log)).count()
    }

    /// The events that match a filter, from the founding to now.
    ///
    /// # Errors
    /// If the node does not serve them.
    pub async fn events(&self, filter: &Filter) -> Result<Vec<RpcLog>> {
        logs::collect(self.chain, filter, self.block, self.chain.head().await?).await
    }

    /// How often a contract logged each of these events since the founding.
    ///
    /// # Errors
    /// As [`Scene::events`].
    pub async fn count<const N: usize>(&self, contract: Address, events: [B256; N]) -> Result<[usize; N]> {
        let logs = self.events(&Filter::new().address(contract).event_signature(events.to_vec())).await?;
        Ok(events.map(|event| logs.iter().filter(|log| log.topic0() == Some(&event)).count()))
    }

    /// Checks that the founding alone set what these events tell of: another program, authority or setting that was there
    /// for a while may have left anything behind, also if the first one is back.
    ///
    /// # Errors
    /// As [`Scene::events`].
    pub async fn set_once<const N: usize>(
        &self,
        proof: &mut Proof,
        contract: Address,
        events: [(&str, B256); N],
    ) -> Result<()> {
        let found = self.count(contract, events.map(|(_, event)| event)).await?;
        for ((what, _), often) in events.into_iter().zip(found) {
            proof.check(format!("{what}: how often it was set"), 1, often);
        }
        Ok(())
    }
}

/// An event of the interface `E` with its arguments, as `Name { argument: value }`.
pub fn event<E: SolEventInterface + Debug>(log: &Log) -> Option<String> {
    Some(inner(&format!("{:?}", E::decode_log(log).ok()?.data)))
}

/// A custom error of the interface `E` with its arguments, as `Name { argument: value }`.
pub fn error<E: SolInterface + Debug>(data: &[u8]) -> Option<String> {
    Some(inner(&format!("{:?}", E::abi_decode(data).ok()?)))
}

/// The most bytes of an error that nobody knows that are repeated.
const LONGEST_UNKNOWN: usize = 100;

/// What a revert says: the words for an error of a contract, and its name; or the error as it is, where there are none.
pub(crate) fn in_words<E: SolInterface + Debug>(data: &[u8], words: impl Fn(&E) -> Option<String>) -> String {
    let Ok(error) = E::abi_decode_validate(data) else {
        return match data {
            [] => "it reverted without a reason, as when gas runs out".to_owned(),
            data => format!("it reverted with {}", hex::encode_prefixed(data.get(..LONGEST_UNKNOWN).unwrap_or(data))),
        };
    };
    let name = self::error::<E>(data).unwrap_or_default();
    match words(&error) {
        Some(words) => {
            let name = name.split(' ').next().unwrap_or_default();
            format!("{words} ({name})")
        }
        None => name,
    }
}

/// What is printed is a variant with the event or error in it, both of the same name.
fn inner(variant: &str) -> String {
    variant.split_once('(').and_then(|(_, inner)| inner.strip_suffix(')')).unwrap_or(variant).to_owned()
}

/// The most contracts of a plan: a Founder's are numbered from 1 to 127.
const MOST: usize = 127;

/// Refuses a list of parts that could not be told apart; `reserved` are sections of the engine's own.
pub(crate) fn check(parts: &[&dyn Part], reserved: &[&str]) -> Result<(), String> {
    let contracts = parts.len();
    if parts.is_empty() || contracts > MOST {
        return Err(format!("the parts are {contracts} contracts: list 1 to {MOST}"));
    }
    for (number, part) in parts.iter().enumerate() {
        let (name, section) = (part.name(), part.section());
        let well_formed = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if !name.folder().split('-').all(well_formed) {
            return Err(format!("\"{}\" is no name of a part: write it as \"voting-token\"", name.folder()));
        }
        if parts[..number].iter().any(|other| other.name() == name) {
            return Err(format!("two parts are named \"{}\": rename one", name.folder()));
        }
        if reserved.contains(&section) || parts[..number].iter().any(|other| other.section() == section) {
            return Err(format!(
                "the section [{section}] of the part \"{}\" is another's: name another section",
                name.folder()
            ));
        }
    }
    Ok(())
}
