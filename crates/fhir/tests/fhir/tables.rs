//! The tables keep their numbers and their rules.

use std::collections::BTreeSet;

use fhir::{FIRST_CATEGORY, Version, Vocabulary};

#[test]
fn numbers_that_other_files_rely_on() {
    let vocabulary = Vocabulary::standard();
    let first: Vec<_> = vocabulary.purposes.rows.iter().take(8).map(|row| row.code.as_str()).collect();
    assert_eq!(first, ["TREAT", "ETREAT", "HPAYMT", "HOPERAT", "HRESCH", "PUBHLTH", "PATRQT", "HMARKT"]);
    assert_eq!(vocabulary.purposes.rows.len(), 59, "all of PurposeOfUse");
    assert_eq!(vocabulary.class(0).unwrap().code, "DEMOGRAPHICS");
    assert_eq!(vocabulary.class(FIRST_CATEGORY).unwrap().code, "PSY");
    assert_eq!(vocabulary.class(190), None);
    assert_eq!(vocabulary.jurisdictions.rows.len(), 32);
    assert_eq!(vocabulary.purposes.row(0).unwrap().bytes32()[..6], *b"TREAT\0");
}

#[test]
fn rows_are_in_order_and_in_words() {
    let vocabulary = Vocabulary::standard();
    let tables = [&vocabulary.purposes, &vocabulary.classes, &vocabulary.jurisdictions, &vocabulary.reasons];
    for table in tables {
        assert!(table.rows.iter().enumerate().all(|(place, row)| usize::from(row.index) == place));
    }
    let named = [&vocabulary.purposes, &vocabulary.classes, &vocabulary.categories, &vocabulary.reasons];
    assert!(named.iter().all(|table| table.rows.iter().all(|row| !row.name.is_empty())));
}

#[test]
fn no_type_and_no_code_is_of_two_classes() {
    let rows = &Vocabulary::standard().classes.rows;
    for version in [Version::R4, Version::R5] {
        let all: Vec<_> = rows.iter().flat_map(|row| row.types(version)).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
    let codes: Vec<_> = rows.iter().flat_map(|row| &row.codes).collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    assert!(rows.iter().all(|row| row.codes.is_empty() != (row.types.is_empty())), "a class has types, or codes");
}

#[test]
fn a_wrong_table_is_refused() {
    let good = include_str!("../../src/vocabulary.toml");
    let wrong = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        Vocabulary::parse(&good.replacen(from, to, 1)).unwrap_err().to_string()
    };
    assert!(wrong("index = 1,", "index = 0,").contains("another row has its number"));
    assert!(wrong("index = 58,", "index = 64,").contains("out of the table's range"));
    assert!(wrong("code = \"ETREAT\"", "code = \"TREAT\"").contains("another row has its code"));
    assert!(wrong("broader = \"SPI\"", "broader = \"SPY\"").contains("lacks the broader code"));
    assert!(wrong("code = \"DEMOGRAPHICS\"", "code = \"a code of more than thirty-two bytes\"").contains("1 to 32"));
    assert!(wrong("system = \"http://terminology.hl7.org/CodeSystem/v3-ActReason\"\n", "").contains("no code system"));
    assert!(wrong("name =", "title =").contains("cannot be read"));
}
