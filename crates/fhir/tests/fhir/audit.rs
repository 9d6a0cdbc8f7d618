//! The access log as AuditEvents.

use alloy_primitives::{Address, B256};
use fhir::{Access, Log, Version, Vocabulary, audit_bundle, audit_event};
use serde_json::{Value, json};

use crate::support::{PATIENT, addresses};

const ACTOR: Address = Address::repeat_byte(2);
const ORG: Address = Address::repeat_byte(3);
const RECORDER: Address = Address::repeat_byte(4);
const CONTRACT: Address = Address::repeat_byte(5);

fn access() -> Access {
    Access {
        grantor: PATIENT,
        number: 7,
        actor: ACTOR,
        recorder: RECORDER,
        on_behalf_of: ORG,
        data_class: 192,
        purpose: 1,
        reason: 1,
        grantee: ORG,
        provision: 3,
        request: B256::repeat_byte(6),
        time: 1_767_225_600,
        head: B256::repeat_byte(0xff),
    }
}

fn event(access: &Access, version: Version) -> Value {
    let addresses = addresses();
    audit_event(access, version, &Log { contract: CONTRACT, addresses: &addresses, vocabulary: Vocabulary::standard() })
}

fn account(address: Address) -> Value {
    json!({ "identifier": { "system": "urn:ietf:rfc:3986", "value": addresses().uri(address) } })
}

#[test]
fn an_access_that_was_permitted() {
    let r4 = event(&access(), Version::R4);
    let etreat = json!({
        "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
        "code": "ETREAT",
        "display": "emergency treatment",
    });
    assert_eq!(r4["id"], "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-7");
    assert_eq!(r4["type"]["code"], "110112");
    assert_eq!(r4["recorded"], "2026-01-01T00:00:00Z");
    assert_eq!((&r4["outcome"], &r4["outcomeDesc"]), (&json!("0"), &json!("1: a provision permits it")));
    assert_eq!(r4["purposeOfEvent"][0]["coding"][0], etreat);
    let agents = r4["agent"].as_array().unwrap();
    assert_eq!(agents.len(), 2);
    assert_eq!((&agents[0]["who"], &agents[0]["requestor"]), (&account(ACTOR), &json!(true)));
    assert_eq!(agents[0]["purposeOfUse"][0]["coding"][0], etreat);
    assert!(agents[0]["policy"][0].as_str().unwrap().ends_with("/3"), "{}", agents[0]["policy"]);
    assert_eq!((&agents[1]["who"], &agents[1]["requestor"]), (&account(ORG), &json!(false)));
    assert_eq!(r4["source"]["observer"], account(RECORDER));
    assert_eq!(r4["entity"][0]["what"], account(PATIENT));
    assert_eq!(r4["entity"][0]["role"]["code"], "1");
    assert_eq!(r4["entity"][1]["securityLabel"][0]["code"], "PSY");
    assert_eq!(r4["entity"][1]["what"]["identifier"]["value"], B256::repeat_byte(6).to_string());
    assert_eq!(r4["entity"][2]["detail"][1]["valueString"], B256::repeat_byte(0xff).to_string());

    let r5 = event(&access(), Version::R5);
    assert_eq!(r5["code"]["coding"][0]["code"], "110112");
    assert_eq!(r5["outcome"]["code"]["code"], "0");
    assert_eq!(r5["outcome"]["detail"][0]["coding"][0]["code"], "1");
    assert_eq!(r5["authorization"][0]["coding"][0], etreat);
    assert_eq!(r5["patient"], account(PATIENT));
    assert_eq!(r5["entity"][0]["role"]["coding"][0]["code"], "1");
    assert_eq!(r5["entity"][1]["securityLabel"][0]["coding"][0]["code"], "PSY");
}

/// The members of R4's and R5's AuditEvent, and those that must be there.
#[test]
fn only_members_of_the_version() {
    let known = |version: Version| -> (&[&str], &[&str]) {
        match version {
            Version::R4 => (
                &["type", "agent.requestor", "entity.detail.type", "outcome", "outcomeDesc", "purposeOfEvent"],
                &["code", "authorization", "patient", "category", "occurred"],
            ),
            Version::R5 => (
                &["code", "agent.who", "entity.detail.type", "outcome", "authorization", "patient"],
                &["type", "subtype", "outcomeDesc", "purposeOfEvent", "period"],
            ),
        }
    };
    for version in [Version::R4, Version::R5] {
        let event = event(&access(), version);
        let (with, without) = known(version);
        for path in with {
            let found = path
                .split('.')
                .fold(&event, |value, name| if value.is_array() { &value[1][name] } else { &value[name] });
            assert!(!found.is_null() || path.contains("detail"), "{path} of {version:?}");
        }
        assert!(without.iter().all(|name| event.get(name).is_none()), "{version:?}");
        let entities = event["entity"].as_array().unwrap();
        assert_eq!(entities.iter().all(|entity| entity.get("type").is_some()), version == Version::R4);
        let details = entities.iter().filter_map(|entity| entity["detail"][0].get("type"));
        assert!(details.into_iter().all(|kind| kind.is_string() == (version == Version::R4)));
    }
}

#[test]
fn an_access_that_was_refused() {
    let refused = Access {
        reason: 21,
        grantee: Address::ZERO,
        on_behalf_of: Address::ZERO,
        data_class: 190,
        purpose: 63,
        ..access()
    };
    let r4 = event(&refused, Version::R4);
    assert_eq!((&r4["outcome"], &r4["outcomeDesc"]), (&json!("4"), &json!("21: a provision denies it")));
    assert_eq!(r4["agent"].as_array().unwrap().len(), 1);
    assert!(r4["agent"][0].get("policy").is_none(), "no provision decided");
    assert_eq!(r4["entity"][1]["detail"][0]["valueString"], "190", "a class without a code is its number");
    assert_eq!(r4["purposeOfEvent"][0]["coding"][0]["code"], "63");
    assert_eq!(event(&refused, Version::R5)["outcome"]["code"]["display"], "Minor failure");
    for reason in [1, 2, 3, 15] {
        assert_eq!(event(&Access { reason, ..access() }, Version::R4)["outcome"], "0");
    }
    for reason in [16, 24, 255] {
        assert_eq!(event(&Access { reason, ..access() }, Version::R4)["outcome"], "4");
    }
}

#[test]
fn a_bundle_names_each_entry_by_the_head_of_the_chain() {
    let addresses = addresses();
    let log = Log { contract: CONTRACT, addresses: &addresses, vocabulary: Vocabulary::standard() };
    let other = Access { head: B256::ZERO, number: 8, ..access() };
    let bundle = audit_bundle(&[access(), other], Version::R4, &log);
    assert_eq!((&bundle["resourceType"], &bundle["type"]), (&json!("Bundle"), &json!("collection")));
    assert_eq!(bundle["entry"][0]["fullUrl"], "urn:uuid:ffffffff-ffff-8fff-bfff-ffffffffffff");
    assert_eq!(bundle["entry"][1]["fullUrl"], "urn:uuid:00000000-0000-8000-8000-000000000000");
    assert_eq!(bundle["entry"][1]["resource"]["id"], "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-8");
    assert!(audit_bundle(&[], Version::R4, &log).get("entry").is_none(), "FHIR allows no empty list");
}
