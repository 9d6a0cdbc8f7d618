//! Provisions out and in again: the same, or at least the same answers to every question.

use std::collections::BTreeSet;

use alloy_primitives::{Address, U256};
use fhir::{Addresses, ExportError, Header, Provision, Version, Vocabulary, export, separate};
use proptest::prelude::*;

use crate::support::{PATIENT, addresses, all, bare, classes, purposes, read};

pub(crate) fn header<'a>(addresses: &'a Addresses, vocabulary: &'a Vocabulary) -> Header<'a> {
    Header { addresses, vocabulary, date: Some(1_767_225_600) }
}

fn exported(provisions: &[Provision], version: Version) -> Result<serde_json::Value, ExportError> {
    export(provisions, version, &header(&addresses(), Vocabulary::standard()))
}

fn again(provisions: &[Provision], version: Version) -> Vec<Provision> {
    let document = exported(provisions, version).unwrap();
    bare(read(&document).unwrap_or_else(|refused| panic!("{refused}\n{document:#}")).provisions)
}

const VERSIONS: [Version; 2] = [Version::R4, Version::R5];

/// The classes that are permitted to somebody who is all of `who`.
fn permitted(provisions: &[Provision], who: &[Address], purpose: u8, time: u64) -> U256 {
    let mask = |deny: bool| {
        let holds = |provision: &&Provision| {
            provision.deny == deny
                && who.contains(&provision.grantee)
                && provision.purposes >> purpose & 1 == 1
                && provision.not_before <= time
                && (provision.expiry == 0 || time < provision.expiry)
        };
        provisions.iter().filter(holds).fold(U256::ZERO, |mask, provision| mask | provision.classes)
    };
    mask(false) & !mask(true) & Vocabulary::standard().known_classes()
}

/// Whether two lists of provisions answer every question alike.
fn are_alike(a: &[Provision], b: &[Provision]) -> Result<(), TestCaseError> {
    let both = || a.iter().chain(b);
    let people: BTreeSet<Address> = both().map(|provision| provision.grantee).collect();
    let people: Vec<Address> = people.into_iter().collect();
    let times: BTreeSet<u64> = both().flat_map(|provision| [provision.not_before, provision.expiry]).collect();
    for subset in 1..1_u32 << people.len() {
        let who = people.iter().enumerate().filter(|(place, _)| subset >> place & 1 == 1);
        let who: Vec<Address> = who.map(|(_, person)| *person).collect();
        for row in &Vocabulary::standard().purposes.rows {
            for time in times.iter().flat_map(|time| [time.saturating_sub(1), *time, time + 1]).chain([1 << 41]) {
                let (a, b) = (permitted(a, &who, row.index, time), permitted(b, &who, row.index, time));
                prop_assert_eq!(a, b, "{:?} for {} at {}", who, row.code, time);
            }
        }
    }
    Ok(())
}

fn some_of(indices: Vec<u8>) -> impl Strategy<Value = U256> {
    let most = indices.len().min(12);
    let some = prop::sample::subsequence(indices, 1..=most);
    some.prop_map(|some| some.iter().fold(U256::ZERO, |mask, index| mask | U256::from(1) << usize::from(*index)))
}

prop_compose! {
    /// A provision of any codes. A deny has its narrower codes too, as FHIR's codes say it.
    fn provision()(
        person in 1..=4_u8,
        deny in any::<bool>(),
        some_classes in some_of(known_classes()),
        all_classes in prop::bool::weighted(0.3),
        some_purposes in some_of(Vocabulary::standard().purposes.rows.iter().map(|row| row.index).collect()),
        all_purposes in prop::bool::weighted(0.3),
        start in prop_oneof![Just(0), 1..1_000_u64, 1_700_000_000..1_800_000_000_u64],
        length in prop_oneof![Just(0), 1..1_000_u64, 1..200_000_000_000_u64],
    ) -> Provision {
        let vocabulary = Vocabulary::standard();
        let every = all("Organization/f001", deny);
        let (mut classes, mut purposes) = (some_classes, some_purposes.as_limbs()[0]);
        if deny {
            classes = vocabulary.with_narrower_classes(classes);
            purposes = vocabulary.with_narrower_purposes(purposes);
        }
        Provision {
            grantor: PATIENT,
            grantee: Address::with_last_byte(person),
            classes: if all_classes { every.classes } else { classes },
            purposes: if all_purposes { every.purposes } else { purposes },
            deny,
            not_before: start,
            expiry: if length == 0 { 0 } else { start + length },
            document: Default::default(),
        }
    }
}

fn known_classes() -> Vec<u8> {
    let vocabulary = Vocabulary::standard();
    vocabulary.classes.rows.iter().chain(&vocabulary.categories.rows).map(|row| row.index).collect()
}

fn sorted(mut provisions: Vec<Provision>) -> Vec<Provision> {
    provisions.sort();
    provisions.dedup();
    provisions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn permits_come_back(mut permits in prop::collection::vec(provision(), 1..6)) {
        permits.iter_mut().for_each(|permit| {
            permit.deny = false;
            permit.classes &= Vocabulary::standard().known_classes();
            permit.purposes &= Vocabulary::standard().known_purposes();
        });
        for version in VERSIONS {
            let back = sorted(again(&permits, version));
            prop_assert_eq!(back, sorted(separate(&permits, Vocabulary::standard())));
        }
    }

    #[test]
    fn a_permit_and_denies_within_it_come_back(
        denies in prop::collection::vec(provision(), 0..6), start in 0..500_u64,
    ) {
        let permit = Provision { not_before: start, ..all("Organization/f001", false) };
        let within = |deny: &Provision| Provision {
            deny: true,
            classes: Vocabulary::standard().with_narrower_classes(deny.classes) & permit.classes,
            purposes: Vocabulary::standard().with_narrower_purposes(deny.purposes) & permit.purposes,
            not_before: deny.not_before.max(start),
            ..deny.clone()
        };
        let denies: Vec<_> = denies.iter().map(within).filter(|deny| deny.expiry == 0 || deny.expiry > start).collect();
        let mut provisions = vec![permit.clone()];
        // A deny that is both of groups and of categories comes back as two, unless it is all that the permit is.
        for deny in denies {
            let whole = deny.classes == permit.classes;
            provisions.extend(if whole { vec![deny] } else { separate(&[deny], Vocabulary::standard()) });
        }
        for version in VERSIONS {
            prop_assert_eq!(sorted(again(&provisions, version)), sorted(provisions.clone()));
        }
    }

}

proptest! {
    // Each case asks some 20,000 questions.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_provisions_mean_the_same_again(provisions in prop::collection::vec(provision(), 1..5)) {
        for version in VERSIONS {
            match exported(&provisions, version) {
                Ok(_) => are_alike(&provisions, &again(&provisions, version))?,
                Err(ExportError::NoPermit { index }) => {
                    // It takes nothing away: without it, the answers are the same.
                    let mut without = provisions.clone();
                    without.remove(index);
                    are_alike(&provisions, &without)?;
                }
                Err(error) => prop_assert!(false, "{}", error),
            }
        }
    }
}

#[test]
fn one_deny_alone_is_for_r4() {
    let deny = Provision { classes: classes(&["HIV"]), ..all("Organization/f001", true) };
    let alone = [deny];
    assert_eq!(again(&alone, Version::R4), alone);
    assert_eq!(exported(&alone, Version::R5), Err(ExportError::NoPermit { index: 0 }));
}

#[test]
fn what_fhir_cannot_say() {
    let permit = all("Organization/f001", false);
    let deny = |part: Provision| [permit.clone(), Provision { deny: true, ..part }];
    let error = |provisions: &[Provision]| exported(provisions, Version::R5).unwrap_err();
    assert_eq!(error(&[]), ExportError::Empty);
    let other = Provision { grantor: Address::repeat_byte(1), ..permit.clone() };
    assert_eq!(error(&[permit.clone(), other]), ExportError::Grantors { index: 1 });
    let research = Provision { purposes: purposes(&["HRESCH"]), ..permit.clone() };
    assert_eq!(error(&deny(research)), ExportError::Narrower { index: 1 });
    let unknown = Provision { classes: U256::from(1) << 190, ..permit.clone() };
    assert_eq!(error(&[unknown]), ExportError::NoCode { index: 0, what: "class", number: 190 });
    let unknown = Provision { purposes: 1 << 63, ..permit.clone() };
    assert_eq!(error(&[unknown]), ExportError::NoCode { index: 0, what: "purpose", number: 63 });
    for nothing in [
        Provision { classes: U256::ZERO, ..permit.clone() },
        Provision { purposes: 0, ..permit.clone() },
        Provision { not_before: 5, expiry: 5, ..permit.clone() },
    ] {
        assert_eq!(error(&[nothing]), ExportError::Nothing { index: 0 });
    }
    let late = Provision { expiry: 1 << 40, ..permit.clone() };
    assert_eq!(error(&[late]), ExportError::TooLate { index: 0 });
}

#[test]
fn a_document_as_others_read_it() {
    let permit = Provision {
        classes: classes(&["ALLERGY"]),
        purposes: purposes(&["TREAT"]),
        expiry: 1_798_761_600,
        ..all("Organization/f001", false)
    };
    let document = exported(&[permit], Version::R5).unwrap();
    assert_eq!(document["decision"], "deny");
    assert_eq!(document["date"], "2026-01-01");
    let rule = &document["provision"][0];
    assert_eq!(rule["period"]["end"], "2026-12-31T23:59:59Z", "FHIR's end is inclusive");
    assert_eq!(rule["purpose"][0]["code"], "TREAT");
    assert_eq!(rule["resourceType"][0]["system"], "http://hl7.org/fhir/fhir-types");
    assert_eq!(rule["resourceType"][0]["code"], "AllergyIntolerance");
    let account = &rule["actor"][0]["reference"]["identifier"];
    assert_eq!(account["system"], "urn:ietf:rfc:3986");
    assert_eq!(account["value"], "eip155:42161:0x0000000000000000000000000000000000000001");
}

#[test]
fn a_class_without_codes_in_a_version_is_not_left_out() {
    let table =
        include_str!("../../src/vocabulary.toml").replacen("types = [\"Condition\"]", "r5 = [\"Condition\"]", 1);
    let vocabulary = Vocabulary::parse(&table).unwrap();
    let permit = Provision { classes: classes(&["CONDITION"]), ..all("Organization/f001", false) };
    let addresses = addresses();
    let header = header(&addresses, &vocabulary);
    let refused = Err(ExportError::NoCode { index: 0, what: "class", number: 2 });
    assert_eq!(export(std::slice::from_ref(&permit), Version::R4, &header), refused, "else the rule were for all data");
    assert!(export(&[permit], Version::R5, &header).is_ok());
}
