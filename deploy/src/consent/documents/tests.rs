//! Provisions as acts, and acts as a Consent.

use alloy::primitives::{Address, B256, U256};
use fhir::{Context, document_sha256, import};

use super::*;

const NOW: u64 = 1_700_000_000;
const CHAIN: u64 = 42_161;

fn provision() -> Provision {
    Provision {
        grantor: Address::repeat_byte(1),
        grantee: Address::repeat_byte(2),
        classes: U256::from(0x101),
        purposes: 1,
        deny: false,
        not_before: 1_800_000_000,
        expiry: 1_900_000_000,
        document: B256::repeat_byte(3),
    }
}

#[test]
fn a_provision_is_an_act_to_sign() -> Result<()> {
    let names = Names::standard();
    let [grant] = <[Grant; 1]>::try_from(grants(&[provision()], &names, NOW)?).expect("one");
    assert_eq!(grant.json["classes"], json!(["DEMOGRAPHICS", "LABORATORY"]));
    assert_eq!(grant.json["notBefore"], "2027-01-15T08:00:00Z");
    let Act::Grant(call) = &grant.act else { panic!("another act") };
    assert_eq!(of_call(call.clone()), provision());
    Ok(())
}

#[test]
fn what_could_not_be_signed_is_refused_with_what_to_do() {
    for (expiry, reason) in [
        (NOW - 1, "it ends before it begins, or before now"),
        (4_102_444_800, "`expiry` is after the year 2099: write an earlier date, or leave it out for no end"),
        (LAST + 1, "`expiry` is after the year 2099: write an earlier date, or leave it out for no end"),
    ] {
        let changed = Provision { not_before: 0, expiry, ..provision() };
        let error = format!("{:#}", grants(&[changed], &Names::standard(), NOW).expect_err("refused"));
        assert!(error.starts_with("the document's provision 1: ") && error.contains(reason), "{error}");
    }
}

#[test]
fn acts_become_a_consent_and_this_the_same_acts() -> Result<()> {
    let names = Names::standard();
    let denial = Provision { grantee: Address::repeat_byte(2), deny: true, classes: U256::from(0x100), ..provision() };
    let made = grants(&[provision(), denial], &names, NOW)?;
    for version in [Version::R4, Version::R5] {
        let drafts = made.iter().map(|grant| Draft::read_one(grant.json.clone())).collect::<Result<Vec<_>>>()?;
        let document = consent(drafts, &names, version, CHAIN)?.to_string();
        let addresses = Addresses::of_chain(CHAIN);
        let found = import(document.as_bytes(), &Context::new(Address::repeat_byte(1), &addresses))?;
        let again = grants(&found.provisions, &names, NOW)?;
        assert_eq!(again.len(), 2, "{document}");
        for (before, after) in made.iter().zip(&again) {
            let (Act::Grant(before), Act::Grant(after)) = (&before.act, &after.act) else { panic!("other acts") };
            let hash = document_sha256(document.as_bytes());
            let before = abi::Provision { document: hash, ..before.provision.clone() };
            assert_eq!(after.provision, before, "{document}");
        }
    }
    Ok(())
}

#[test]
fn what_is_not_a_grant_makes_no_consent() {
    let mut revoke = Draft::new("revoke-all");
    revoke.add("grantor", [Address::repeat_byte(1).to_string()]);
    let error = consent(vec![revoke], &Names::standard(), Version::R5, CHAIN).expect_err("refused").to_string();
    assert_eq!(error, "act 1 is not a grant, and a FHIR Consent has nothing else: leave it out");
}
