//! What the tests share.

use alloy_primitives::{Address, U256};
use fhir::{Addresses, Context, Imported, Provision, Refused, Vocabulary, import};
use serde_json::{Value, json};

pub(crate) const CHAIN: u64 = 42_161;
pub(crate) const PATIENT: Address = Address::repeat_byte(0xaa);

/// The address of a reference in the tests: of its number among these.
pub(crate) const REFERENCES: [&str; 8] = [
    "Organization/f001",
    "Organization/f201",
    "Organization/f203",
    "Practitioner/f204",
    "Practitioner/f007",
    "Practitioner/13",
    "Practitioner/xcda-author",
    "Group/everybody",
];

pub(crate) fn address(reference: &str) -> Address {
    let place = REFERENCES.iter().position(|other| *other == reference);
    Address::with_last_byte(u8::try_from(place.expect(reference)).unwrap() + 1)
}

pub(crate) fn addresses() -> Addresses {
    let mut addresses = Addresses::of_chain(CHAIN);
    for reference in REFERENCES {
        addresses.insert(reference, address(reference));
    }
    addresses.insert("urn:oid:1.2.3|4711", address("Practitioner/13"));
    addresses
}

pub(crate) fn read(document: &Value) -> Result<Imported, Refused> {
    read_bytes(document.to_string().as_bytes())
}

pub(crate) fn read_bytes(document: &[u8]) -> Result<Imported, Refused> {
    import(document, &Context::new(PATIENT, &addresses()))
}

/// The paths that a document is refused for.
pub(crate) fn paths(outcome: Result<Imported, Refused>) -> Vec<String> {
    outcome.expect_err("it is translated").refusals.into_iter().map(|refusal| refusal.path).collect()
}

/// All that is permitted, or all that is denied.
pub(crate) fn all(grantee: &str, deny: bool) -> Provision {
    let vocabulary = Vocabulary::standard();
    Provision {
        grantor: PATIENT,
        grantee: address(grantee),
        classes: if deny { U256::MAX } else { vocabulary.known_classes() },
        purposes: if deny { u64::MAX } else { vocabulary.known_purposes() },
        deny,
        not_before: 0,
        expiry: 0,
        document: Default::default(),
    }
}

/// Without the documents' hashes.
pub(crate) fn bare(mut provisions: Vec<Provision>) -> Vec<Provision> {
    provisions.iter_mut().for_each(|provision| provision.document = Default::default());
    provisions
}

pub(crate) fn classes(codes: &[&str]) -> U256 {
    let vocabulary = Vocabulary::standard();
    let rows = || vocabulary.classes.rows.iter().chain(&vocabulary.categories.rows);
    codes.iter().fold(U256::ZERO, |mask, code| {
        let row = rows().find(|row| row.code == *code).expect(code);
        mask | U256::from(1) << usize::from(row.index)
    })
}

pub(crate) fn purposes(codes: &[&str]) -> u64 {
    let rows = &Vocabulary::standard().purposes.rows;
    codes.iter().fold(0, |mask, code| mask | 1 << rows.iter().find(|row| row.code == *code).expect(code).index)
}

pub(crate) fn coding(system: &str, code: &str) -> Value {
    let system = match system {
        "role" => "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
        "action" => "http://terminology.hl7.org/CodeSystem/consentaction",
        "purpose" => "http://terminology.hl7.org/CodeSystem/v3-ActReason",
        "label" => "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        "type" => "http://hl7.org/fhir/resource-types",
        "loinc" => "http://loinc.org",
        other => other,
    };
    json!({ "system": system, "code": code })
}

pub(crate) fn actor(reference: &str) -> Value {
    json!([{ "role": { "coding": [coding("role", "IRCP")] }, "reference": { "reference": reference } }])
}

/// An R5 document with these rules below a base deny.
pub(crate) fn r5(rules: Value) -> Value {
    json!({
        "resourceType": "Consent",
        "status": "active",
        "subject": { "reference": "Patient/mine" },
        "decision": "deny",
        "provision": rules,
    })
}

/// An R4 document with this root rule.
pub(crate) fn r4(rule: Value) -> Value {
    json!({
        "resourceType": "Consent",
        "status": "active",
        "scope": {
            "coding": [coding("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy")],
        },
        "category": [{ "coding": [coding("loinc", "59284-0")] }],
        "patient": { "reference": "Patient/mine" },
        "provision": rule,
    })
}
