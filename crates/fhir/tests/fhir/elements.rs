//! Single elements: what each becomes, or why it is refused.

use alloy_primitives::{Address, U256};
use fhir::{Context, Provision, import};
use serde_json::{Value, json};

use crate::support::{PATIENT, actor, address, addresses, all, bare, classes, coding, paths, purposes, r4, r5, read};

const ORG: &str = "Organization/f001";

fn provisions(document: &Value) -> Vec<Provision> {
    bare(read(document).unwrap().provisions)
}

/// A rule for the organisation with one element more.
fn with(name: &str, value: Value) -> Value {
    let mut rule = json!({ "actor": actor(ORG) });
    rule[name] = value;
    r5(json!([rule]))
}

fn refuses(document: &Value, path: &str) {
    assert_eq!(paths(read(document)), [path], "{document}");
}

#[test]
fn a_permit_is_for_the_codes_that_it_names() {
    let document = with("purpose", json!([coding("purpose", "TREAT"), coding("purpose", "HRESCH")]));
    let imported = read(&document).unwrap();
    assert_eq!(imported.provisions[0].purposes, purposes(&["TREAT", "HRESCH"]));
    assert!(imported.cautions[0].text.contains("CLINTRCHPC"), "narrower codes are named: {:?}", imported.cautions);
}

#[test]
fn a_deny_is_for_narrower_codes_too() {
    let deny = |name: &str, value: Value| r4(json!({ "type": "deny", "actor": actor(ORG), name: value }));
    let purpose = provisions(&deny("purpose", json!([coding("purpose", "HRESCH")])));
    let research = ["BIORCH", "CLINTRCH", "CLINTRCHNPC", "CLINTRCHPC", "PRECLINTRCH", "DSRCH", "POARCH", "TRANSRCH"];
    assert_eq!(purpose[0].purposes, purposes(&research) | purposes(&["HRESCH"]));
    assert_eq!(purpose[0].classes, U256::MAX, "also of classes that get a code later");
    let label = provisions(&deny("securityLabel", json!([coding("label", "SUD")])));
    assert_eq!(label[0].classes, classes(&["SUD", "ETHUD", "OPIOIDUD"]));
    let old = provisions(&deny("securityLabel", json!([coding("label", "ETH")])));
    assert_eq!(old, label, "the older code of the same");
}

#[test]
fn a_class_needs_all_its_types() {
    let types = |codes: &[&str]| codes.iter().map(|code| coding("type", code)).collect::<Value>();
    let condition = provisions(&with("resourceType", types(&["Condition", "AllergyIntolerance"])));
    assert_eq!(condition[0].classes, classes(&["CONDITION", "ALLERGY"]));
    let encounter = ["Encounter", "EpisodeOfCare"];
    let rule = json!({ "type": "permit", "actor": actor(ORG), "class": types(&encounter) });
    assert_eq!(provisions(&r4(rule))[0].classes, classes(&["ENCOUNTER"]), "all that R4 has");
    let document = with("resourceType", types(&encounter));
    let refused = read(&document).unwrap_err().refusals;
    assert_eq!(refused[0].path, "Consent.provision[0].resourceType[0]");
    assert!(refused[0].remedy.contains("EncounterHistory"), "R5 has a third: {}", refused[0]);
    refuses(&with("resourceType", types(&["Organization"])), "Consent.provision[0].resourceType[0]");
    refuses(&with("resourceType", json!([coding("loinc", "1-8")])), "Consent.provision[0].resourceType[0]");
    let r5_system = json!([coding("http://hl7.org/fhir/fhir-types", "Procedure")]);
    assert_eq!(provisions(&with("resourceType", r5_system))[0].classes, classes(&["PROCEDURE"]));
    let cda = json!([coding("urn:ietf:bcp:13", "application/hl7-cda+xml"), coding("loinc", "34133-9")]);
    assert_eq!(provisions(&with("documentType", cda))[0].classes, classes(&["CDA", "EPISODESUMMARY"]));
}

#[test]
fn a_class_and_a_label_together_are_refused() {
    let mut document = with("resourceType", json!([coding("type", "Condition")]));
    document["provision"][0]["securityLabel"] = json!([coding("label", "HIV")]);
    refuses(&document, "Consent.provision[0].securityLabel");
}

#[test]
fn what_no_provision_can_say_is_refused() {
    refuses(&with("code", json!([{ "coding": [coding("loinc", "34133-9")] }])), "Consent.provision[0].code");
    refuses(&with("dataPeriod", json!({ "start": "2020" })), "Consent.provision[0].dataPeriod");
    refuses(&with("data", json!([{ "meaning": "instance" }])), "Consent.provision[0].data");
    refuses(&with("expression", json!({ "language": "text/cql" })), "Consent.provision[0].expression");
    refuses(&with("modifierExtension", json!([{ "url": "x" }])), "Consent.provision[0].modifierExtension");
    refuses(&with("securityLabel", json!([coding("label", "XYZ")])), "Consent.provision[0].securityLabel[0]");
    refuses(&with("purpose", json!([coding("purpose", "XYZ")])), "Consent.provision[0].purpose[0]");
    refuses(&with("purpose", json!([{ "display": "care" }])), "Consent.provision[0].purpose[0]");
    refuses(&with("surprise", json!({ "a": [{ "b": null }] })), "Consent.provision[0].surprise.a[0].b");
}

#[test]
fn an_action_has_to_be_seeing() {
    let actions = |codes: &[&str]| codes.iter().map(|code| json!({ "coding": [coding("action", code)] })).collect();
    let translated = |codes: &[&str]| read(&with("action", actions(codes))).is_ok();
    assert!(translated(&["access"]) && translated(&["disclose"]) && translated(&["access", "correct", "collect"]));
    refuses(&with("action", actions(&["correct"])), "Consent.provision[0].action");
    refuses(&with("action", actions(&["access", "xyz"])), "Consent.provision[0].action[1].coding[0]");
    refuses(&with("action", json!([{ "text": "look" }])), "Consent.provision[0].action[0]");
}

#[test]
fn actors_are_recipients_with_an_address() {
    let named = |value: Value| r5(json!([{ "actor": value }]));
    let by_identifier = |system: &str, value: &str| {
        let mut actor = actor(ORG);
        actor[0]["reference"] = json!({ "identifier": { "system": system, "value": value } });
        actor
    };
    assert_eq!(provisions(&named(by_identifier("urn:oid:1.2.3", "4711")))[0].grantee, address("Practitioner/13"));
    let account = Address::repeat_byte(0x42);
    let uri = addresses().uri(account);
    assert_eq!(provisions(&named(by_identifier("urn:ietf:rfc:3986", &uri)))[0].grantee, account);
    let other_chain = uri.replace("42161", "1");
    let reference = "Consent.provision[0].actor[0].reference";
    refuses(&named(by_identifier("urn:ietf:rfc:3986", &other_chain)), reference);
    refuses(&named(actor("Practitioner/unknown")), reference);
    refuses(&named(by_identifier("urn:ietf:rfc:3986", &addresses().uri(PATIENT))), reference);
    refuses(&named(by_identifier("urn:ietf:rfc:3986", &addresses().uri(Address::ZERO))), reference);
    let mut both = actor(ORG);
    both[0]["reference"]["identifier"] = json!({ "system": "urn:oid:1.2.3", "value": "4711" });
    refuses(&named(both), reference);
    let mut custodian = actor(ORG);
    custodian[0]["role"] = json!({ "coding": [coding("role", "CST")] });
    refuses(&named(custodian.clone()), "Consent.provision[0].actor[0].role");
    let mut two = actor(ORG);
    two.as_array_mut().unwrap().extend(actor("Practitioner/13").as_array().unwrap().clone());
    assert_eq!(provisions(&named(two)), [all(ORG, false), all("Practitioner/13", false)]);
    let nobody = r5(json!([{ "action": [{ "coding": [coding("action", "access")] }] }]));
    refuses(&nobody, "Consent.provision[0]");
    let addresses = addresses();
    for wrong in [PATIENT, Address::ZERO] {
        let context = Context { unnamed: &[wrong], ..Context::new(PATIENT, &addresses) };
        assert_eq!(paths(import(nobody.to_string().as_bytes(), &context)), ["Consent.provision[0]"]);
    }
}

#[test]
fn a_root_deny_is_not_written_where_it_has_exceptions() {
    let emergency = json!({ "type": "permit", "purpose": [coding("purpose", "ETREAT")] });
    let document = r4(json!({ "type": "deny", "actor": actor(ORG), "provision": [emergency] }));
    let imported = read(&document).unwrap();
    let expected = Provision { purposes: purposes(&["ETREAT"]), ..all(ORG, false) };
    assert_eq!(bare(imported.provisions), [expected]);
    assert!(imported.cautions.iter().any(|caution| caution.path == "Consent.provision"), "{:?}", imported.cautions);
    refuses(&r4(json!({ "type": "deny" })), "Consent.provision");
    refuses(&r5(json!(null)), "Consent.provision");
}

#[test]
fn a_root_permit_and_its_exceptions() {
    let no_psychiatry = json!({ "type": "deny", "securityLabel": [coding("label", "PSY")] });
    let not_him = json!({ "type": "deny", "actor": actor("Practitioner/f204") });
    let document = r4(json!({
        "type": "permit",
        "actor": actor(ORG),
        "purpose": [coding("purpose", "TREAT")],
        "provision": [no_psychiatry, not_him],
    }));
    let permit = Provision { purposes: purposes(&["TREAT"]), ..all(ORG, false) };
    let psychiatry = Provision { deny: true, classes: classes(&["PSY"]), ..permit.clone() };
    let him = Provision { deny: true, grantee: address("Practitioner/f204"), ..permit.clone() };
    assert_eq!(provisions(&document), [permit, psychiatry, him]);
}

#[test]
fn an_exception_to_an_exception_is_refused() {
    let deepest = json!({ "type": "permit", "purpose": [coding("purpose", "ETREAT")] });
    let deny = json!({ "type": "deny", "securityLabel": [coding("label", "PSY")], "provision": [deepest] });
    let document = r4(json!({ "type": "permit", "actor": actor(ORG), "provision": [deny] }));
    refuses(&document, "Consent.provision.provision[0].provision[0]");
    let same = json!({ "type": "permit", "purpose": [coding("purpose", "ETREAT")] });
    let document = r4(json!({ "type": "permit", "actor": actor(ORG), "provision": [same] }));
    refuses(&document, "Consent.provision.provision[0]");
}

#[test]
fn a_deny_must_not_take_away_from_another_permit() {
    let psychiatry = || json!({ "securityLabel": [coding("label", "PSY")] });
    let care = json!({ "actor": actor(ORG), "purpose": [coding("purpose", "TREAT")], "provision": [psychiatry()] });
    let research = json!({ "actor": actor(ORG), "purpose": [coding("purpose", "HRESCH")] });
    assert_eq!(provisions(&r5(json!([care, research]))).len(), 3, "they have no purpose in common");
    let anything = json!({ "actor": actor(ORG) });
    refuses(&r5(json!([care, anything])), "Consent.provision[0].provision[0]");
    let anything = json!({ "actor": actor(ORG), "provision": [psychiatry()] });
    assert_eq!(provisions(&r5(json!([care, anything]))).len(), 4, "the other one has the exception too");
    for period in [json!({ "start": "2030" }), json!({ "end": "2030" })] {
        let mut sometimes = anything.clone();
        sometimes["provision"][0]["period"] = period;
        let both = ["Consent.provision[0].provision[0]"];
        assert_eq!(paths(read(&r5(json!([care, sometimes])))), both, "the other one has the exception for a time only");
    }
    let other = json!({ "actor": actor("Organization/f201") });
    assert_eq!(provisions(&r5(json!([care, other]))).len(), 3, "it is for somebody else");
    let mut him = care.clone();
    him["provision"][0]["actor"] = actor("Practitioner/f204");
    refuses(&r5(json!([him, other])), "Consent.provision[0].provision[0]");
}

#[test]
fn an_exception_that_never_applies_is_refused() {
    let never = json!({ "purpose": [coding("purpose", "HMARKT")] });
    let care = json!({ "actor": actor(ORG), "purpose": [coding("purpose", "TREAT")], "provision": [never] });
    refuses(&r5(json!([care])), "Consent.provision[0].provision[0]");
}

#[test]
fn periods() {
    let period = |value: Value| with("period", value);
    let inclusive = provisions(&period(json!({ "start": "2026-01-01", "end": "2026-12-31" })));
    assert_eq!((inclusive[0].not_before, inclusive[0].expiry), (1_767_225_600, 1_798_761_600));
    let open = provisions(&period(json!({ "start": "1964" })));
    assert_eq!((open[0].not_before, open[0].expiry), (0, 0));
    refuses(&period(json!({ "start": "2026", "end": "2025" })), "Consent.provision[0].period");
    refuses(&period(json!({ "end": "1969" })), "Consent.provision[0].period.end");
    refuses(&period(json!({ "end": "2026-01-01T12:00:00" })), "Consent.provision[0].period.end");
    let mut document = with("period", json!({ "end": "2026-06-30" }));
    document["period"] = json!({ "start": "2026", "end": "2026" });
    assert_eq!(provisions(&document)[0].not_before, 0, "a rule's own period counts in place of the consent's");
    document["provision"][0].as_object_mut().unwrap().remove("period");
    assert_eq!(provisions(&document)[0].expiry, 1_798_761_600);
    let addresses = addresses();
    let late = Context { now: 1_798_761_600, ..Context::new(PATIENT, &addresses) };
    assert_eq!(paths(import(document.to_string().as_bytes(), &late)), ["Consent.period"]);
    let east = Context { zone: 60, ..Context::new(PATIENT, &addresses) };
    let moved = import(document.to_string().as_bytes(), &east).unwrap().provisions;
    assert_eq!(moved[0].not_before, 1_767_225_600 - 3_600);
}

#[test]
fn the_document_itself() {
    let good = r5(json!([{ "actor": actor(ORG) }]));
    let changed = |name: &str, value: Value| {
        let mut document = good.clone();
        document[name] = value;
        document
    };
    refuses(&changed("status", json!("draft")), "Consent.status");
    refuses(&changed("implicitRules", json!("http://example.org")), "Consent.implicitRules");
    refuses(&changed("modifierExtension", json!([{ "url": "x" }])), "Consent.modifierExtension");
    refuses(&changed("verification", json!([{ "verified": false }])), "Consent.verification[0].verified");
    refuses(&changed("subject", json!({ "reference": ORG })), "Consent.subject");
    refuses(&changed("surprise", json!(1)), "Consent.surprise");
    refuses(&changed("provision", json!({})), "Consent");
    refuses(&changed("decision", json!("maybe")), "Consent.decision");
    refuses(&changed("scope", json!({})), "Consent");
    let treatment =
        json!([{ "coding": [coding("http://terminology.hl7.org/CodeSystem/consentcategorycodes", "dnr")] }]);
    refuses(&changed("category", treatment), "Consent.category[0].coding[0]");
    for name in ["status", "subject", "decision"] {
        let mut document = good.clone();
        document.as_object_mut().unwrap().remove(name);
        refuses(&document, &format!("Consent.{name}"));
    }
    let mut research = r4(json!({ "type": "permit", "actor": actor(ORG) }));
    research["scope"]["coding"][0]["code"] = json!("research");
    refuses(&research, "Consent.scope");
    let extended = changed("_status", json!({ "extension": [{ "url": "x" }] }));
    assert!(read(&extended).unwrap().kept.iter().any(|kept| kept.path == "Consent._status"));
}

#[test]
fn all_refusals_come_at_once() {
    let mut document = with("purpose", json!([coding("purpose", "XYZ")]));
    document["status"] = json!("inactive");
    document["provision"][0]["data"] = json!([]);
    let expected = ["Consent.status", "Consent.provision[0].data", "Consent.provision[0].purpose[0]"];
    assert_eq!(paths(read(&document)), expected);
    let message = read(&document).unwrap_err().to_string();
    assert!(message.contains("Consent.status: a consent that is inactive. Only an active consent"), "{message}");
}

#[test]
fn no_more_than_the_contract_keeps() {
    let rule = |day: u32| json!({ "actor": actor(ORG), "period": { "start": format!("2026-01-{day:02}") } });
    let rules = |count| r5((1..=count).map(rule).collect());
    assert_eq!(provisions(&rules(16)).len(), 16);
    refuses(&rules(17), "Consent.provision");
}

#[test]
fn codes_that_contradict_each_other_are_refused() {
    let mut document = with("action", json!([{ "coding": [coding("action", "access"), coding("action", "collect")] }]));
    refuses(&document, "Consent.provision[0].action[0].coding[0]");
    document = with("action", json!([{ "coding": [coding("action", "access"), coding("urn:other", "see")] }]));
    let kept = read(&document).unwrap().kept;
    assert!(kept.iter().any(|kept| kept.path == "Consent.provision[0].action[0].coding[1]"), "{kept:?}");
    let roles = json!({ "coding": [coding("role", "IRCP"), coding("role", "CST")] });
    let mut document = r5(json!([{ "actor": actor(ORG) }]));
    document["provision"][0]["actor"][0]["role"] = roles;
    refuses(&document, "Consent.provision[0].actor[0].role");
}
