//! Acts by options and by files, and what is refused.

use alloy::primitives::{U256, address, keccak256};

use super::*;
use crate::signing::Signable as _;

const NOW: u64 = 1_800_000_000;
const GRANTOR: &str = "0x1111111111111111111111111111111111111111";
const GRANTEE: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/// An argument, and its values.
type Argument<'a> = (&'a str, &'a [&'a str]);

fn draft(act: &str, arguments: &[Argument<'_>]) -> Draft {
    let mut draft = Draft::new(act);
    for (name, values) in arguments {
        draft.add(name, values.iter().map(|value| (*value).to_owned()));
    }
    draft
}

fn refusal(draft: Draft) -> String {
    draft.act(&Names::standard(), NOW).expect_err("refused").to_string()
}

#[test]
fn options_and_files_say_the_same() -> Result<()> {
    let by_options = draft(
        "grant",
        &[
            ("grantor", &[GRANTOR]),
            ("grantee", &[GRANTEE]),
            ("classes", &["LABORATORY", "0"]),
            ("purposes", &["TREAT"]),
            ("deny", &["true"]),
            ("expiry", &["2030-01-01"]),
        ],
    );
    let json = format!(
        r#"{{"act": "grant", "grantor": "{GRANTOR}", "grantee": "{GRANTEE}", "classes": ["LABORATORY", 0],
             "purposes": "TREAT", "deny": true, "expiry": "2030-01-01"}}"#
    );
    let names = Names::standard();
    let act = by_options.act(&names, NOW)?;
    for text in [json.clone(), format!("[{json}]")] {
        let [other] = <[Draft; 1]>::try_from(Draft::parse(&text).map_err(|reason| eyre!(reason))?).expect("one");
        assert_eq!(other.act(&names, NOW)?, act);
    }
    let Act::Grant(abi::grantCall { provision, .. }) = act else { bail!("another act") };
    assert_eq!((provision.classes, provision.purposes, provision.deny), (U256::from(0x101), 1, true));
    assert_eq!((provision.notBefore, provision.expiry), (U48::ZERO, U48::from(1_893_456_000)));
    assert_eq!(provision.grantee, address!("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"));
    Ok(())
}

#[test]
fn every_act_is_made() -> Result<()> {
    let who: (&str, &[&str]) = ("grantor", &[GRANTOR]);
    let whom: (&str, &[&str]) = ("grantee", &[GRANTEE]);
    let number: (&str, &[&str]) = ("number", &["3"]);
    let [classes, purposes]: [Argument<'_>; 2] = [("classes", &["all"]), ("purposes", &["all"])];
    let all: [(&str, Vec<Argument<'_>>); 9] = [
        ("grant", vec![who, whom, classes, purposes]),
        ("amend", vec![who, whom, number, classes, purposes]),
        ("revoke", vec![who, whom, number]),
        ("revoke-grantee", vec![who, whom]),
        ("revoke-all", vec![who]),
        ("set-representative", vec![who, ("representative", &[GRANTEE]), classes, purposes, ("until", &["+30d"])]),
        ("set-recovery", vec![who, ("recoverer", &["0x0000000000000000000000000000000000000000"])]),
        ("start-recovery", vec![who, ("new-key", &[GRANTEE])]),
        ("veto-recovery", vec![who]),
    ];
    for (name, arguments) in all {
        let act = draft(name, &arguments).act(&Names::standard(), NOW)?;
        assert_eq!(Act::decode(&act.calldata()), Some(act.clone()), "{name}");
        // Each argument is needed, and no other is taken.
        for left_out in 0..arguments.len() {
            let mut less = arguments.clone();
            let (missing, _) = less.remove(left_out);
            let error = refusal(draft(name, &less));
            assert!(error.contains(&format!("it lacks `{missing}`")), "{name} without {missing}: {error}");
        }
        let more = [&arguments[..], &[("colour", &["blue"])]].concat();
        assert_eq!(refusal(draft(name, &more)), format!("{name} does not take `colour`: leave it out"));
    }
    // A representative that ends needs no scope.
    let ended = [who, ("representative", &[GRANTEE][..]), ("until", &["0"])];
    assert!(draft("set-representative", &ended).act(&Names::standard(), NOW).is_ok());
    Ok(())
}

#[test]
fn what_the_contract_would_refuse_is_refused_before_it_is_signed() {
    let grant = |name: &'static str, value: &'static str| {
        let mut made = draft(
            "grant",
            &[("grantor", &[GRANTOR]), ("grantee", &[GRANTEE]), ("classes", &["1"]), ("purposes", &["1"])],
        );
        made.add(name, [value.to_owned()]);
        refusal(made)
    };
    for (name, value, reason) in [
        ("expiry", "1799999999", "it ends before it begins, or before now"),
        ("grantee", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267", "`grantee`: the checksum of the address is wrong"),
        ("grantee", "0x12", "`grantee`: this is not an address"),
        ("grantee", "0x0000000000000000000000000000000000000000", "`grantee` is the zero address"),
        ("classes", "BLOOD", "there is no class \"BLOOD\""),
        ("purposes", "64", "64 is not a purpose"),
        ("document", "0x12", "`document` is not a hash"),
        ("deny", "perhaps", "`deny` is neither true nor false"),
    ] {
        let error = grant(name, value);
        assert!(error.starts_with("grant: ") && error.contains(reason), "{name} {value}: {error}");
    }
    assert!(refusal(draft("donate", &[])).starts_with("donate: there is no such act: write grant, amend"));
}

#[test]
fn files_of_another_form_are_refused() {
    for (text, reason) in [
        ("[]", "it has no act"),
        ("7", "it is not an act"),
        ("{}", "it does not say which act it is"),
        ("{\"act\": ", "it ends in the middle"),
        ("{\"act\": \"grant\", \"notBefore\": 1, \"not-before\": 2}", "`not-before` is there twice"),
        ("{\"act\": \"grant\", \"grantee\": 1, \"grantee\": 2}", "`grantee` is there twice: delete one"),
        ("[{\"act\": \"grant\", \"act\": \"revoke\"}]", "`act` is there twice: delete one"),
        ("[7]", "it is not an act"),
        ("[{\"act\": \"grant\"}", "it ends in the middle"),
        ("{\"act\": \"grant\", \"grantee\": {}}", "`grantee` is neither a text nor a number"),
    ] {
        let error = Draft::parse(text).expect_err(text);
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn one_act_of_a_list_is_chosen_by_its_number() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("acts.json");
    std::fs::write(&path, r#"[{"act": "grant"}, {"act": "revoke"}]"#)?;
    assert_eq!(Draft::load(&path, Some(2))?, Draft::new("revoke"));
    for (number, reason) in [(None, "2 acts: say by --item which one"), (Some(0), "no act 0"), (Some(3), "no act 3")] {
        let error = Draft::load(&path, number).expect_err("refused").to_string();
        assert!(error.contains(reason), "{error}");
    }
    std::fs::write(&path, r#"{"act": "grant"}"#)?;
    assert_eq!(Draft::load(&path, None)?, Draft::new("grant"));
    Ok(())
}

/// A passkey has no address before somebody has hashed its key.
#[test]
fn a_passkey_is_named_by_its_public_key() -> Result<()> {
    // The point of the secret key 1: SEC 2's base point of P-256.
    let point = "0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
                 4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    let act = draft("revoke-all", &[("grantor", &[point])]).act(&Names::standard(), NOW)?;
    assert_eq!(act.grantor(), Address::from_word(keccak256(alloy::primitives::hex::decode(point)?)));
    let error = refusal(draft("revoke-all", &[("grantor", &[&point.replace("51f5", "51f6")])]));
    assert!(error.ends_with("nor the public key of a passkey (0x and 128)"), "{error}");
    Ok(())
}
