//! HL7's examples: the provisions of each, or exactly what refuses it.

use std::fs;
use std::path::PathBuf;

use alloy_primitives::B256;
use fhir::{Context, Provision, document_sha256, import};

use crate::support::{PATIENT, addresses, all, bare, paths, read_bytes};

fn document(name: &str) -> Vec<u8> {
    let (version, name) = name.split_once(' ').unwrap();
    let file = format!("tests/data/{version}/consent-example-{name}.json");
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// What refuses the examples that the contract cannot express.
const REFUSED: &[(&str, &[&str])] = &[
    // R4's examples say neither permit nor deny, but rely on a policy's code.
    ("r4 basic", &["Consent.provision.type", "Consent.provision"]),
    (
        "r4 Emergency",
        &["Consent.provision.type", "Consent.provision.actor[0].role", "Consent.provision.provision[0].actor[0].role"],
    ),
    ("r4 Out", &["Consent.provision.type", "Consent.provision.actor[0].role"]),
    (
        "r4 grantor",
        &["Consent.provision.type", "Consent.provision.actor[0].role", "Consent.provision.actor[1].reference"],
    ),
    ("r4 notAuthor", &["Consent.provision.type", "Consent.provision.actor[0].role"]),
    ("r4 notThem", &["Consent.provision.type"]),
    ("r4 notThis", &["Consent.provision.type", "Consent.provision.data", "Consent.provision"]),
    ("r4 notTime", &["Consent.provision.type", "Consent.provision"]),
    (
        "r4 signature",
        &[
            "Consent.provision.type",
            "Consent.provision.provision[0].code",
            "Consent.provision.provision[0].actor[0].role",
        ],
    ),
    (
        "r4 smartonfhir",
        &["Consent.provision.type", "Consent.provision.provision[0].class[0]", "Consent.provision.provision[0]"],
    ),
    // R5's state a base decision. A base permit is for everybody, whom the contract does not know.
    ("r5 basic", &["Consent.provision[0]"]),
    ("r5 Emergency", &["Consent.provision[0].actor[0].role"]),
    ("r5 grantor", &["Consent.provision[0].actor[0].role"]),
    ("r5 No-Emergency", &["Consent.provision[0].purpose[0]", "Consent.provision[0].purpose[1]", "Consent.decision"]),
    ("r5 notLabs", &["Consent.decision"]),
    ("r5 notOrg", &["Consent.decision"]),
    ("r5 notSecLabel", &["Consent.provision[0].securityLabel[0]", "Consent.decision"]),
    ("r5 notThem", &["Consent.decision"]),
    ("r5 notTime", &["Consent.decision"]),
    (
        "r5 smartonfhir",
        &["Consent.provision[0].provision[0].resourceType[0]", "Consent.provision[0].provision[0]", "Consent.decision"],
    ),
    (
        "r5 pkb",
        &[
            "Consent.provision[0].securityLabel[0]",
            "Consent.provision[3].securityLabel[0]",
            "Consent.provision[7].securityLabel[0]",
            "Consent.provision[11].securityLabel[0]",
        ],
    ),
];

#[test]
fn what_cannot_be_expressed_is_refused_at_its_element() {
    for (name, expected) in REFUSED {
        assert_eq!(paths(read_bytes(&document(name))), *expected, "{name}");
    }
}

#[test]
fn r4_pkb_lacks_every_type_and_has_a_high_water_mark() {
    let mut expected = vec!["Consent.provision.type".to_owned(), "Consent.provision.securityLabel[0]".to_owned()];
    for rule in 0..11 {
        expected.push(format!("Consent.provision.provision[{rule}].type"));
        if [2, 6, 10].contains(&rule) {
            expected.push(format!("Consent.provision.provision[{rule}].securityLabel[0]"));
        }
    }
    let mut found = paths(read_bytes(&document("r4 pkb")));
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn r4_not_org_denies_the_organisation() {
    let document = document("r4 notOrg");
    let imported = read_bytes(&document).unwrap();
    assert_eq!(bare(imported.provisions.clone()), [all("Organization/f001", true)]);
    assert_eq!(imported.provisions[0].document, document_sha256(&document));
    assert_eq!(imported.shown.patient, "Patient/f001");
    assert_eq!(imported.shown.date.as_deref(), Some("2015-11-18"));
    assert_eq!(imported.shown.policies, ["http://terminology.hl7.org/CodeSystem/v3-ActCode|OPTIN"]);
    assert_eq!(imported.shown.categories, ["http://loinc.org|59284-0"]);
    let kept: Vec<_> =
        imported.kept.iter().map(|kept| kept.path.as_str()).filter(|path| *path != "Consent.text").collect();
    assert_eq!(
        kept,
        ["Consent.id", "Consent.organization", "Consent.provision.action[1]", "Consent.sourceAttachment"],
        "what the contract does not govern is kept: correcting data is not seeing it"
    );
    assert_eq!(imported.cautions[0].path, "Consent.policyRule", "OPTIN lets others in, the chain does not");
}

#[test]
fn r5_org_to_org_permits_the_organisation() {
    let imported = read_bytes(&document("r5 OrgToOrg")).unwrap();
    assert_eq!(bare(imported.provisions), [all("Organization/f203", false)]);
    assert_eq!(imported.shown.date.as_deref(), Some("2021-11-11"));
}

#[test]
fn a_base_permit_is_for_whom_the_caller_says() {
    let addresses = addresses();
    let everybody = [crate::support::address("Group/everybody")];
    let context = Context { unnamed: &everybody, ..Context::new(PATIENT, &addresses) };
    let imported = |name: &str| bare(import(&document(name), &context).unwrap().provisions);
    let permit = all("Group/everybody", false);
    // An exception is limited to what it is an exception to: all codes there are, and not all numbers.
    let deny = |grantee: &str| Provision { deny: true, ..all(grantee, false) };
    assert_eq!(imported("r5 notOrg"), [permit.clone(), deny("Organization/f001")]);
    assert_eq!(imported("r5 notThem"), [permit.clone(), deny("Practitioner/f204")]);
    let labs = Provision { classes: crate::support::classes(&["LABORATORY"]), ..deny("Group/everybody") };
    assert_eq!(imported("r5 notLabs"), [permit.clone(), labs]);
    let january = Provision { not_before: 1_420_070_400, expiry: 1_422_835_200, ..deny("Group/everybody") };
    assert_eq!(imported("r5 notTime"), [permit.clone(), january]);
    let until = Provision { not_before: 0, expiry: 1_546_387_200, ..permit };
    assert_eq!(imported("r5 basic"), [until]);
}

#[test]
fn one_byte_makes_another_document() {
    let mut document = document("r5 OrgToOrg");
    let before = read_bytes(&document).unwrap().provisions[0].document;
    document.push(b'\n');
    let after = read_bytes(&document).unwrap().provisions[0].document;
    assert_ne!(before, after);
    // From the specification of SHA-256: the hash of "abc".
    let abc: B256 = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".parse().unwrap();
    assert_eq!(document_sha256(b"abc"), abc);
}
