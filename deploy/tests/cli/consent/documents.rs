//! HL7's example Consents: as acts, as a Consent again, and refused at each element that the contract cannot express.

use serde_json::{Value, json};

use super::scene::*;
use crate::{refusal, root, run};

const GRANTEE: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const DOCTOR: &str = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

/// An example's file: by version and name.
fn example(version: &str, name: &str) -> String {
    root().join(format!("crates/fhir/tests/data/{version}/consent-example-{name}.json")).display().to_string()
}

fn import<'a>(file: &'a str, more: &[&'a str]) -> std::process::Command {
    consent(&[&["import", file, "--chain", "412346", "--grantor", KEYSTORE_ACCOUNT], more].concat())
}

#[test]
fn a_document_becomes_acts_that_are_signed() {
    let desk = Desk::new();
    let file = example("r5", "OrgToOrg");
    let account = format!("Organization/f203={GRANTEE}");
    let text = done(&run(import(&file, &["--account", &account])));
    assert!(text.starts_with(&format!("1. {KEYSTORE_ACCOUNT} permits {GRANTEE} to see DEMOGRAPHICS (0), ")), "{text}");
    for line in ["\nthe document is about Patient/f001\n", "\nit is of 2021-11-11\n"] {
        assert!(text.contains(line), "{text}");
    }
    assert!(text.contains("\nstays in the document only: Consent.sourceAttachment: "), "{text}");

    let json = done(&run(import(&file, &["--account", &account, "--json"])));
    let acts = desk.file("acts.json", &json);
    let signed = desk.path("signed.json");
    let contract = somebody("contract").to_string();
    let keystore = desk.keystore();
    let keystore = keystore.each_ref().map(String::as_str);
    let place = ["--contract", &contract, "--chain", "412346", "--nonce", "0", "--out", &signed];
    let text = done(&run(consent(&[&["sign", "--acts", &acts], &place[..], &keystore].concat())));
    let found: Vec<Value> = serde_json::from_str(&json).expect("acts");
    let document = found[0]["document"].as_str().expect("a hash");
    assert!(text.contains(&format!(", as in the document {document}\n")), "{text}");
}

/// Each refused element has a line of its own, with its path and what to do.
#[test]
fn what_the_contract_cannot_express_is_refused_by_its_path() {
    for (version, name, paths) in [
        ("r5", "notLabs", &["Consent.decision: "][..]),
        (
            "r5",
            "No-Emergency",
            &["Consent.provision[0].purpose[0]: ", "Consent.provision[0].purpose[1]: ", "Consent.dec"],
        ),
        ("r4", "basic", &["Consent.provision.type: ", "Consent.provision.period: ", "Consent.provision: "]),
    ] {
        let file = example(version, name);
        let account = format!("Organization/f201={GRANTEE}");
        let output = run(import(&file, &["--account", &account]));
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let text = String::from_utf8(output.stderr).expect("text");
        let lines: Vec<_> = text.lines().collect();
        let (last, refusals) = lines.split_last().expect("lines");
        assert_eq!(refusals.len(), paths.len(), "{text}");
        for (line, path) in refusals.iter().zip(paths) {
            assert!(line.starts_with(path), "{path}: {line}");
        }
        let expected = format!("error: {file} cannot be translated exactly, for {} of its elements: ", paths.len());
        assert!(last.starts_with(&expected), "{last}");
    }
}

#[test]
fn an_actor_without_an_account_is_refused_by_its_path() {
    let output = run(import(&example("r5", "OrgToOrg"), &[]));
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(text.starts_with("Consent.provision[0].actor[0].reference"), "{text}");
}

/// A rule that names nobody is for everybody; the user says who that is.
#[test]
fn everybody_is_whom_the_user_says() {
    let (file, account) = (example("r5", "notOrg"), format!("Organization/f001={GRANTEE}"));
    let text = done(&run(import(&file, &["--everybody", DOCTOR, "--account", &account])));
    assert!(text.starts_with(&format!("1. {KEYSTORE_ACCOUNT} permits {DOCTOR} to see ")), "{text}");
    assert!(text.contains(&format!("\n2. {KEYSTORE_ACCOUNT} denies {GRANTEE} to see ")), "{text}");
}

#[test]
fn acts_become_a_document_and_this_the_same_acts() {
    let desk = Desk::new();
    let grant = |deny: bool, classes: Value| {
        json!({ "act": "grant", "grantor": KEYSTORE_ACCOUNT, "grantee": GRANTEE, "classes": classes,
                "purposes": ["TREAT"], "deny": deny, "notBefore": "2027-01-15T08:00:00Z",
                "expiry": "2090-01-01T00:00:00Z" })
    };
    let written = json!([grant(false, json!(["LABORATORY", "DEMOGRAPHICS"])), grant(true, json!(["LABORATORY"]))]);
    let acts = desk.file("acts.json", written.to_string());
    for version in ["r4", "r5"] {
        let text = done(&run(consent(&["import", &acts, "--chain", "412346", "--back", version])));
        let document = desk.file("document.json", text);
        let found: Vec<Value> = serde_json::from_str(&done(&run(import(&document, &["--json"])))).expect("acts");
        assert_eq!(found.len(), 2, "{found:?}");
        for (before, after) in written.as_array().expect("acts").iter().zip(&found) {
            for name in ["grantee", "purposes", "deny", "notBefore", "expiry"] {
                assert_eq!(before[name], after[name], "{version} {name}");
            }
        }
        assert_eq!(found[0]["classes"], json!(["DEMOGRAPHICS", "LABORATORY"]));
    }
}

#[test]
fn acts_that_make_no_document_are_refused() {
    let desk = Desk::new();
    let revoke = desk.file("acts.json", json!({ "act": "revoke-all", "grantor": GRANTEE }).to_string());
    let error = refusal(run(consent(&["import", &revoke, "--chain", "1", "--back", "r4"])));
    assert_eq!(error, "error: act 1 is not a grant, and a FHIR Consent has nothing else: leave it out");
}

#[test]
fn a_file_that_is_no_consent_is_refused() {
    let desk = Desk::new();
    for (text, path) in [("{", "Consent: "), (r#"{"resourceType":"Patient"}"#, "Consent.resourceType: ")] {
        let file = desk.file("patient.json", text);
        let output = run(import(&file, &[]));
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(output.status.code() == Some(1) && said.starts_with(path), "{said}");
    }
    let missing = desk.path("missing.json");
    assert!(refusal(run(import(&missing, &[]))).starts_with(&format!("error: {missing} cannot be read: ")));
}
