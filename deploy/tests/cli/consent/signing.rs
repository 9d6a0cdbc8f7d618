//! Acts are signed to files without a node, and what cannot be signed is refused with what to do.

use serde_json::Value;

use super::scene::*;
use crate::{refusal, root, run};

const CONTRACT: &str = "0x1111111111111111111111111111111111111111";
const DOCTOR: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/// The words of a grant; those of `more` come last, and an option of theirs is in place of the one here.
fn grant<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["sign", "grant"];
    for (option, value) in [
        ("--grantor", KEYSTORE_ACCOUNT),
        ("--grantee", DOCTOR),
        ("--classes", "LABORATORY"),
        ("--purposes", "TREAT"),
        ("--contract", CONTRACT),
        ("--chain", "412346"),
        ("--nonce", "0"),
        ("--out", out),
    ] {
        if !more.contains(&option) {
            words.extend([option, value]);
        }
    }
    words.extend(more);
    words
}

#[test]
fn a_keystore_signs_to_a_file_and_asks_no_node() {
    let desk = Desk::new();
    let (out, keystore) = (desk.path("signed.json"), desk.keystore());
    let keystore = keystore.each_ref().map(String::as_str);
    let words = grant(&out, &keystore);
    let mut command = consent(&words);
    command.env("CONSILIUM_RPC_URL", "http://127.0.0.1:1");
    let text = done(&run(command));
    let expected = format!(
        "{KEYSTORE_ACCOUNT} permits {DOCTOR} to see LABORATORY (8), for TREAT (0), until it is revoked\n\
         for the contract {CONTRACT} on chain 412346\n"
    );
    assert!(text.starts_with(&expected), "{text}");
    assert!(text.contains(&format!("\nsigned by {KEYSTORE_ACCOUNT}\nwritten to {out}\n")), "{text}");
    let before = desk.read("signed.json");
    assert!(before.contains("\"signature\": \"0x"), "{before}");

    let error = refusal(run(consent(&words)));
    assert_eq!(error, format!("error: {out} is there already: name another file, or move it away"));
    assert_eq!(desk.read("signed.json"), before);
}

#[test]
fn a_key_is_needed_on_a_chain_that_is_not_a_devnode() {
    let desk = Desk::new();
    let error = refusal(run(consent(&grant(&desk.path("signed.json"), &["--chain", "42161"]))));
    assert_eq!(error, "error: there is no key for chain 42161: give --keystore, or set CONSILIUM_PRIVATE_KEY");
}

#[track_caller]
fn refused(more: &[&str]) -> String {
    let desk = Desk::new();
    let out = desk.path("signed.json");
    let error = refusal(run(consent(&grant(&out, more))));
    assert!(!std::path::Path::new(&out).exists(), "a file was written");
    error
}

#[test]
fn a_code_that_nobody_knows_is_refused() {
    assert!(
        refused(&["--classes", "BLOOD"]).starts_with("error: grant: there is no class \"BLOOD\": write a code, as ")
    );
}

#[test]
fn a_mistyped_address_is_refused() {
    let error = refused(&["--grantee", "0x70997970C51812dc3A010C7d01b50e0d17dc79c8"]);
    assert_eq!(
        error,
        "error: grant: `grantee`: the checksum of the address is wrong (EIP-55): a letter or digit is mistyped"
    );
}

#[test]
fn an_end_that_is_over_is_refused() {
    let error = refused(&["--expiry", "2020-01-01"]);
    assert_eq!(error, "error: grant: it ends before it begins, or before now: give a later `expiry`");
}

#[test]
fn a_deadline_that_is_over_is_refused() {
    let error = refused(&["--deadline", "2020-01-01"]);
    assert_eq!(error, "error: the deadline is over already: give a later one, as +7d");
}

#[test]
fn an_option_of_another_act_is_refused() {
    assert_eq!(refused(&["--until", "+1d"]), "error: grant does not take `until`: leave it out");
}

#[test]
fn what_is_missing_on_the_command_line_is_named() {
    for (words, missing) in [
        (&["sign", "--out", "x"][..], "<ACT>"),
        (&["sign", "revoke-all", "--out", "x"], "--contract <ADDRESS>"),
        (&["relay", "--contract", CONTRACT], "<FILE>..."),
        (&["ask"], "--grantor <ADDRESS>"),
    ] {
        let output = run(consent(words));
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(said.contains(missing), "{said}");
    }
}

#[test]
fn a_file_that_is_not_a_signed_act_is_refused() {
    let desk = Desk::new();
    for (text, reason) in [
        ("", "it ends in the middle"),
        ("{}", "it has no `format`"),
        ("{\"\u{1b}[2J\": 1}", "it is not JSON at line 1, column 3"),
    ] {
        let file = desk.file("act.json", text);
        let error = refusal(run(consent(&["relay", &file, "--contract", CONTRACT])));
        assert_eq!(
            error,
            format!("error: {file} is not a signed act: {reason}: name a file that `consilium consent sign` wrote")
        );
    }
    let error = refusal(run(consent(&["relay", &desk.path("none.json"), "--contract", CONTRACT])));
    assert!(error.contains("none.json cannot be read: "), "{error}");
}

#[test]
fn a_signed_act_that_was_changed_is_refused() {
    let desk = Desk::new();
    let out = desk.path("signed.json");
    let _ = done(&run(consent(&grant(&out, &["--grantor", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"]))));
    let changed = desk.read("signed.json").replace("\"chainId\": 412346", "\"chainId\": 42161");
    let file = desk.file("changed.json", changed);
    let error = refusal(run(consent(&["relay", &file, "--contract", CONTRACT])));
    let reason = "its digest is not that of its act: something in it was changed, so let it be signed again";
    assert_eq!(
        error,
        format!("error: {file} is not a signed act: {reason}: name a file that `consilium consent sign` wrote")
    );
}

/// What a file of somebody else's says of itself is not believed: the act itself is told, before a key is used and in the
/// file that is written.
#[test]
fn a_file_that_lies_about_itself_is_not_believed() {
    let desk = Desk::new();
    let (file, out, keystore) = (desk.path("unsigned.json"), desk.path("signed.json"), desk.keystore());
    let _ = done(&run(consent(&grant(&file, &["--challenge"]))));
    let mut act: Value = crate::parsed(&desk.read("unsigned.json"));
    let says = std::mem::replace(&mut act["says"], serde_json::json!(["revokes everything"]));
    let lie = desk.file("lie.json", act.to_string());
    let keystore = keystore.each_ref().map(String::as_str);
    let text = done(&run(consent(&[&["sign", "--unsigned", &lie, "--out", &out], &keystore[..]].concat())));
    assert!(text.starts_with(&format!("{KEYSTORE_ACCOUNT} permits {DOCTOR} to see ")), "{text}");
    let signed: Value = crate::parsed(&desk.read("signed.json"));
    assert_eq!(signed["says"], says);
}

#[test]
fn a_file_that_is_not_an_assertion_is_refused() {
    let desk = Desk::new();
    let out = desk.path("act.json");
    let text = done(&run(consent(&grant(&out, &["--challenge"]))));
    assert!(text.contains("the challenge for the passkey, in base64url: "), "{text}");
    let signed = desk.path("signed.json");
    let sign =
        |assertion: &str| run(consent(&["sign", "--unsigned", &out, "--assertion", assertion, "--out", &signed]));
    let empty = desk.file("assertion.json", "{}");
    let error = refusal(sign(&empty));
    assert!(
        error.starts_with(&format!("error: the passkey's assertion {empty}: it has no `publicKey`: give ")),
        "{error}"
    );
}

/// A deployment may have codes of its own.
#[test]
fn codes_come_from_the_tables_that_are_given() {
    let desk = Desk::new();
    let tables = std::fs::read_to_string(root().join("crates/fhir/src/vocabulary.toml")).expect("the standard tables");
    let own = desk.file("own.toml", tables.replace("\"LABORATORY\"", "\"BLOOD\""));
    let out = desk.path("signed.json");
    let text = done(&run(consent(&grant(&out, &["--classes", "BLOOD", "--vocabulary", &own]))));
    assert!(text.contains(" to see BLOOD (8), for TREAT (0)"), "{text}");
    let error = refused(&["--vocabulary", &own]);
    assert!(error.starts_with("error: grant: there is no class \"LABORATORY\": write a code, as "), "{error}");
    let broken = desk.file("broken.toml", "rows = 1");
    let error = refused(&["--vocabulary", &broken]);
    assert!(error.starts_with(&format!("error: {broken}: the vocabulary cannot be read: ")), "{error}");
}
