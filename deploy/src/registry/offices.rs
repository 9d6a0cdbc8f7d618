//! What the offices decide: who is a custodian, and what becomes of schemas. Anybody proposes a schema.

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256, keccak256};
use consilium_bindings::DataPointerRegistry::{self as abi, Schema};
use eyre::{Result, ensure};

use super::node::Registry;
use crate::chain::Sender;
use crate::config::moment::Moment;
use crate::consent::Names;
use crate::contract::Sent;
use crate::restricted::{Asked, Restricted, Time};

/// The states of a schema.
const PROPOSED: u8 = 1;
const ACTIVE: u8 = 2;
const DEPRECATED: u8 = 3;

/// Admits a custodian until a time, also one whose admission has ended. The time is what was announced, where it was
/// announced.
///
/// # Errors
/// If the sender may not, the registry refuses it, in words, or the node does not answer.
pub async fn admit(
    registry: &Registry,
    sender: Option<&Sender>,
    account: Address,
    until: Time,
) -> Result<Restricted<(u64, Sent)>> {
    ensure!(!account.is_zero(), "the zero address is nobody's: name the custodian's account");
    let call = abi::admitCustodianCall { account, until: until.word("the end of the admission")? };
    let description = format!("Admit {account} as a custodian until {}", Moment(until.at));
    decide(registry, sender, call, description, Some((until.at, "the end of the admission")), |found| {
        // An end of 0 is a removal.
        found.account == account && !found.until.is_zero() && found.until == until.or(found.until)
    })
    .await
}

/// Removes a custodian at once. It keeps its pointers, answers and erases, and registers nothing more.
///
/// # Errors
/// As [`admit`], or if it is not admitted.
pub async fn remove(registry: &Registry, sender: Option<&Sender>, account: Address) -> Result<Restricted<(u64, Sent)>> {
    let found = registry.read(abi::custodianCall { account }).await?;
    ensure!(
        found.until.to::<u64>() > registry.now().await?,
        "{account} is not an admitted custodian, or its admission has ended: there is nothing to do"
    );
    let call = abi::admitCustodianCall { account, until: U48::ZERO };
    let description = format!("Remove the custodian {account}");
    decide(registry, sender, call, description, None, |found| found.account == account && found.until.is_zero()).await
}

async fn decide(
    registry: &Registry,
    sender: Option<&Sender>,
    call: abi::admitCustodianCall,
    description: String,
    before: Option<(u64, &str)>,
    is_same: impl Fn(&abi::admitCustodianCall) -> bool,
) -> Result<Restricted<(u64, Sent)>> {
    let asked = Asked { contract: registry, call, what: "admit and remove custodians", description, before };
    asked.make(sender, is_same).await?.map(|receipt| {
        let event: abi::CustodianAdmitted = registry.event(&receipt)?;
        Ok((event.until.to(), Sent::of(&receipt)))
    })
}

/// The schema that somebody proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its canonical URL.
    pub url: String,
    /// Its version.
    pub version: u32,
    /// The schema itself.
    pub content: Vec<u8>,
    /// The class of the data.
    pub class: u8,
}

impl Draft {
    /// The keccak-256 of its URL and of itself.
    pub fn hashes(&self) -> (B256, B256) {
        (keccak256(&self.url), keccak256(&self.content))
    }
}

/// Proposes a schema as the sender: its number.
///
/// # Errors
/// As [`admit`].
pub async fn propose_schema(registry: &Registry, sender: &Sender, draft: &Draft) -> Result<(u32, Sent)> {
    let (url, content) = draft.hashes();
    let call = abi::proposeSchemaCall { url, version: draft.version, content, dataClass: draft.class };
    let receipt = registry.send(&sender.once(), call).await?;
    let event: abi::SchemaProposed = registry.event(&receipt)?;
    Ok((event.number, Sent::of(&receipt)))
}

/// A schema, which somebody proposed.
async fn schema(registry: &Registry, number: u32) -> Result<Schema> {
    let schema = registry.read(abi::schemaCall { number }).await?;
    ensure!(schema.state != 0, "nobody has proposed a schema {number}: correct the number");
    Ok(schema)
}

/// The same, which is active or deprecated.
async fn governed(registry: &Registry, number: u32) -> Result<Schema> {
    let schema = schema(registry, number).await?;
    ensure!(schema.state != PROPOSED, "the schema {number} is not active: `consilium registry schema activate` first");
    ensure!(
        matches!(schema.state, ACTIVE | DEPRECATED),
        "the schema {} superseded the schema {number}: there is nothing to do",
        schema.successor
    );
    Ok(schema)
}

/// Which schema it is, for who decides about its number.
fn in_words(number: u32, Schema { dataClass, version, url, content, .. }: &Schema, names: &Names) -> String {
    let class = names.class_in_words(*dataClass);
    format!("the schema {number} (version {version} for {class}, whose URL has the hash {url} and it itself {content})")
}

/// Activates a schema that was proposed.
///
/// # Errors
/// As [`admit`], or if it was activated before.
pub async fn activate_schema(
    registry: &Registry,
    sender: Option<&Sender>,
    number: u32,
    names: &Names,
) -> Result<Restricted<Sent>> {
    let found = schema(registry, number).await?;
    ensure!(found.state == PROPOSED, "the schema {number} was activated before: there is nothing to do");
    let call = abi::activateSchemaCall { number };
    let description = format!("Activate {}", in_words(number, &found, names));
    let asked = Asked { contract: registry, call, what: ABOUT_SCHEMAS, description, before: None };
    asked.make(sender, |found| found.number == number).await?.map(|receipt| {
        let _: abi::SchemaActivated = registry.event(&receipt)?;
        Ok(Sent::of(&receipt))
    })
}

/// Sets the second from which on nothing is registered under a schema: what was announced, where it was announced.
///
/// # Errors
/// As [`admit`], or if it is neither active nor deprecated.
pub async fn deprecate_schema(
    registry: &Registry,
    sender: Option<&Sender>,
    number: u32,
    sunset: Time,
    names: &Names,
) -> Result<Restricted<(u64, Sent)>> {
    let found = governed(registry, number).await?;
    let call = abi::deprecateSchemaCall { number, sunset: sunset.word("the sunset")? };
    let description = format!("Deprecate {}, from {} on", in_words(number, &found, names), Moment(sunset.at));
    let before = Some((sunset.at, "the sunset"));
    let asked = Asked { contract: registry, call, what: ABOUT_SCHEMAS, description, before };
    let is_same = |found: &abi::deprecateSchemaCall| (found.number, found.sunset) == (number, sunset.or(found.sunset));
    asked.make(sender, is_same).await?.map(|receipt| {
        let event: abi::SchemaDeprecated = registry.event(&receipt)?;
        Ok((event.sunset.to(), Sent::of(&receipt)))
    })
}

/// Says that an active schema replaces another one.
///
/// # Errors
/// As [`admit`], or if the old one is neither active nor deprecated, or the new one is not active or of another class.
pub async fn supersede_schema(
    registry: &Registry,
    sender: Option<&Sender>,
    number: u32,
    successor: u32,
    names: &Names,
) -> Result<Restricted<Sent>> {
    let (old, new) = (governed(registry, number).await?, schema(registry, successor).await?);
    ensure!(number != successor, "a schema does not replace itself: name another one by --successor");
    ensure!(new.state == ACTIVE, "the schema {successor} is not active: name one that is by --successor");
    let (class, other) = (names.class_in_words(old.dataClass), names.class_in_words(new.dataClass));
    ensure!(
        class == other,
        "the schema {number} is for {class} and {successor} for {other}: name one of the same class"
    );
    let call = abi::supersedeSchemaCall { number, successor };
    let (old, new) = (in_words(number, &old, names), in_words(successor, &new, names));
    let description = format!("Replace {old} by {new}");
    let asked = Asked { contract: registry, call, what: ABOUT_SCHEMAS, description, before: None };
    asked.make(sender, |found| (found.number, found.successor) == (number, successor)).await?.map(|receipt| {
        let _: abi::SchemaSuperseded = registry.event(&receipt)?;
        Ok(Sent::of(&receipt))
    })
}

/// What curators do.
const ABOUT_SCHEMAS: &str = "decide about schemas";
