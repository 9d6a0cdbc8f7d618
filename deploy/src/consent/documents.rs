//! HL7 FHIR Consents: their provisions as acts to sign, and acts as a Consent again.

use std::path::Path;

use alloy::primitives::aliases::U48;
use consilium_bindings::Consent as abi;
use eyre::{Result, WrapErr, ensure, eyre};
use fhir::{Addresses, Header, Provision, Version, export};
use serde_json::{Value, json};

use super::act::Act;
use super::draft::Draft;
use super::names::Names;
use super::words;
use crate::config::moment::Moment;
use crate::files;

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

/// A grant, as it is signed, and as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The act.
    pub act: Act,
    /// The same, as [`Draft`] reads it.
    pub json: Value,
}

impl Grant {
    /// What it does.
    pub fn words(&self, names: &Names) -> String {
        words::act(&self.act, names)
    }
}

/// The bytes of a document, whose hash its provisions have.
///
/// # Errors
/// If the file cannot be read, or is too large for a Consent.
pub fn document(path: &Path) -> Result<Vec<u8>> {
    files::bytes(path, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", path.display()))
}

/// The provisions of a document as grants.
///
/// # Errors
/// If one of them cannot be signed now, as one that ends in too many years.
pub fn grants(provisions: &[Provision], names: &Names, now: u64) -> Result<Vec<Grant>> {
    let grant = |(number, provision)| -> Result<Grant> {
        let act = Act::Grant(call(provision));
        let json = written(provision, names);
        // What a file has is what is signed later.
        let read = Draft::read_one(json.clone()).and_then(|draft| draft.act(names, now));
        let read = read.wrap_err_with(|| format!("the document's provision {number}"))?;
        ensure!(read == act, "the document's provision {number} cannot be written as an act");
        Ok(Grant { act, json })
    };
    (1..).zip(provisions).map(grant).collect()
}

/// Grants as one Consent of a version of FHIR. Accounts are named by the chain's id.
///
/// # Errors
/// If an act is not a grant, or a Consent cannot say them.
pub fn consent(drafts: Vec<Draft>, names: &Names, version: Version, chain: u64) -> Result<Value> {
    let provision = |(number, draft): (usize, Draft)| match draft.act(names, 0)? {
        Act::Grant(call) => Ok(of_call(call)),
        _ => Err(eyre!("act {number} is not a grant, and a FHIR Consent has nothing else: leave it out")),
    };
    let provisions: Vec<_> = (1..).zip(drafts).map(provision).collect::<Result<_>>()?;
    let addresses = Addresses::of_chain(chain);
    let header = Header { addresses: &addresses, vocabulary: names.vocabulary(), date: None };
    // Provisions are counted from 0 there.
    export(&provisions, version, &header).map_err(|error| eyre!("they make no FHIR Consent: {error}"))
}

fn call(provision: &Provision) -> abi::grantCall {
    let Provision { grantor, grantee, classes, purposes, deny, not_before, expiry, document } = provision.clone();
    let (not_before, expiry) = (U48::saturating_from(not_before), U48::saturating_from(expiry));
    let provision = abi::Provision { grantee, classes, purposes, deny, notBefore: not_before, expiry, document };
    abi::grantCall { grantor, provision }
}

fn of_call(call: abi::grantCall) -> Provision {
    let abi::Provision { grantee, classes, purposes, deny, notBefore: not_before, expiry, document } = call.provision;
    let (not_before, expiry) = (not_before.to(), expiry.to());
    Provision { grantor: call.grantor, grantee, classes, purposes, deny, not_before, expiry, document }
}

fn written(provision: &Provision, names: &Names) -> Value {
    let mut act = json!({
        "act": "grant",
        "grantor": provision.grantor.to_string(),
        "grantee": provision.grantee.to_string(),
        "classes": names.class_codes(provision.classes),
        "purposes": names.purpose_codes(provision.purposes),
        "deny": provision.deny,
        "document": provision.document,
    });
    for (name, second) in [("notBefore", provision.not_before), ("expiry", provision.expiry)] {
        if let (Some(members), true) = (act.as_object_mut(), second != 0) {
            // After the last year of a date it is refused either way, and this one is refused with what to do.
            members.insert(name.to_owned(), Moment(second.min(LAST)).to_string().into());
        }
    }
    act
}

#[cfg(test)]
mod tests;
