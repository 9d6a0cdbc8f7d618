//! A FHIR Consent to provisions.

mod coded;
mod document;
mod filters;
mod levels;
mod rule;

use alloy_primitives::{Address, B256};
use sha2::{Digest, Sha256};

use crate::json::{self, Node};
use crate::reading::{Element, Reading};
use crate::report::{Imported, Refusal, Refused};
use crate::{Addresses, Version, Vocabulary};

/// The most provisions of a grantor for one grantee that the contract has in force.
const MOST: usize = 16;

/// What an import needs to know besides the document.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The patient's account.
    pub grantor: Address,
    /// Who has which address.
    pub addresses: &'a Addresses,
    /// The tables of the deployment.
    pub vocabulary: &'a Vocabulary,
    /// The document's version of FHIR; by its elements if `None`.
    pub version: Option<Version>,
    /// For whom a rule is that names no actor, which FHIR means for everybody: for example a role's address. A document
    /// with such a rule is refused if this is empty, because the contract has no provision for everybody.
    pub unnamed: &'a [Address],
    /// The time zone of dates without a time, in minutes east of UTC.
    pub zone: i16,
    /// Now, in seconds: a rule that has ended is refused. 0 to accept it.
    pub now: u64,
}

impl<'a> Context<'a> {
    /// A context with the default tables, UTC, and no time.
    #[must_use]
    pub fn new(grantor: Address, addresses: &'a Addresses) -> Self {
        let vocabulary = Vocabulary::standard();
        Self { grantor, addresses, vocabulary, version: None, unnamed: &[], zone: 0, now: 0 }
    }
}

/// The hash that a provision has for its document: SHA-256 of the exact bytes, as the file has them.
#[must_use]
pub fn document_sha256(document: &[u8]) -> B256 {
    B256::from(<[u8; 32]>::from(Sha256::digest(document)))
}

/// Translates a FHIR Consent in JSON, exactly or not at all.
///
/// # Errors
/// With all that cannot be translated, and what to do about each.
pub fn import(bytes: &[u8], context: &Context<'_>) -> Result<Imported, Refused> {
    let root = json::parse(bytes).map_err(|error| {
        refused("Consent", format!("the document is no JSON that can be trusted: {error}"), "Correct the document")
    })?;
    match root.member("resourceType") {
        Some(Node::Text(name)) if name == "Consent" => {}
        _ => return Err(refused("Consent.resourceType", "the document is no Consent", "Give a FHIR Consent in JSON")),
    }
    let Some(version) = context.version.or_else(|| detect(&root)) else {
        return Err(refused(
            "Consent",
            "it has elements of both R4 and R5, or of neither",
            "State the version of FHIR, 4.0.1 or 5.0.0",
        ));
    };
    let reading = Reading::default();
    let element = Element::new(&root, "Consent", &reading);
    let header = document::read(&element, version, context);
    let rules = rule::read(&element, version, header.period, context);
    let (mut provisions, base_only) = levels::provisions(&rules, context);
    let document = document_sha256(bytes);
    provisions.iter_mut().for_each(|provision| provision.document = document);
    too_many(&provisions, &element);
    let findings = reading.finish(&element);
    if !findings.refusals.is_empty() {
        return Err(Refused { refusals: findings.refusals });
    }
    if provisions.is_empty() {
        let problem = if base_only { "it says only that nothing is permitted" } else { "it has no rule" };
        return Err(refused(
            "Consent.provision",
            problem,
            "Nothing is permitted without a permit on chain; to end what was permitted, revoke it",
        ));
    }
    let mut kept = findings.kept;
    kept.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Imported { provisions, shown: header.shown, cautions: findings.cautions, used: findings.used, kept })
}

fn too_many(provisions: &[crate::Provision], element: &Element<'_>) {
    for provision in provisions {
        let count = provisions.iter().filter(|other| other.grantee == provision.grantee).count();
        if count > MOST {
            element.lacks(
                "provision",
                format!(
                    "{count} provisions for {}, and the contract has at most {MOST} for one grantee",
                    provision.grantee
                ),
                "Say it with fewer rules",
            );
        }
    }
}

fn refused(path: &str, problem: impl Into<String>, remedy: &str) -> Refused {
    Refused { refusals: vec![Refusal { path: path.into(), problem: problem.into(), remedy: remedy.into() }] }
}

/// The version by the elements that only one of them has.
fn detect(root: &Node) -> Option<Version> {
    let any = |names: &[&str]| names.iter().any(|name| root.member(name).is_some());
    let provision = root.member("provision");
    let r4 = any(&["scope", "patient", "dateTime", "performer", "organization", "policy", "policyRule"])
        || matches!(provision, Some(Node::Object(_)));
    let r5 = any(&[
        "subject",
        "date",
        "period",
        "grantor",
        "grantee",
        "manager",
        "controller",
        "regulatoryBasis",
        "policyBasis",
        "policyText",
        "decision",
    ]) || matches!(provision, Some(Node::List(_)));
    match (r4, r5) {
        (true, false) => Some(Version::R4),
        (false, true) => Some(Version::R5),
        _ => None,
    }
}
