//! The question: each answer in words.

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256, U256};
use consilium_bindings::Consent::*;
use eyre::Result;

use super::scene::*;

/// What is asked: actor, on behalf of, purpose; and the answer's number and words.
type Case<'a> = (Address, Address, &'a str, u8, &'a str);

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_has_its_reason_in_words() -> Result<()> {
    let scene = Scene::start().await?;
    let (chain, dao, patient, doctor) = (&scene.chain, &scene.dao, &scene.patient, scene.doctor);
    let grantor = patient.address();
    let now = chain.now().await?;
    let time = U48::from;
    let purpose = |number: u8| 1_u64 << number;
    let [later, ended, old, broad, denied] = ["later", "ended", "old", "broad", "denied"].map(somebody);
    for provision in [
        permit(doctor),
        Provision { notBefore: time(now + 10_000_000), ..permit(later) },
        Provision { expiry: time(now + 1_000), ..permit(ended) },
        Provision { purposes: purpose(SHORT), ..permit(old) },
        Provision { purposes: purpose(SEPARATE) | 1, ..permit(broad) },
        Provision { deny: true, ..permit(denied) },
    ] {
        scene.sends(patient, grantCall { grantor, provision }).await?;
    }
    let [hospital, refused, unknown] = ["hospital", "refused", "unknown"].map(somebody);
    for (organization, jurisdiction) in [(hospital, 1), (refused, REFUSED)] {
        let until = time(now + 100_000_000);
        scene.sends(dao, setOrganizationCall { organization, until, jurisdiction }).await?;
    }
    chain.advance(2 * 86_400).await?;
    let classes = U256::from(1 << 8);
    let declare = declareEmergencyCall { grantor, classes, reason: 0, statement: B256::ZERO };
    scene.sends(dao, declare).await?;

    let nobody = Address::ZERO;
    let cases: [Case<'_>; 12] = [
        (doctor, nobody, "TREAT", 1, "a provision permits it"),
        (grantor, nobody, "TREAT", 2, "the actor is the grantor"),
        (dao.address(), nobody, "TREAT", 3, "the actor has declared an emergency"),
        (unknown, nobody, "TREAT", 16, "no provision permits it"),
        (later, nobody, "TREAT", 17, "the provision that would permit it has not begun"),
        (ended, nobody, "TREAT", 18, "the provision that would permit it has ended"),
        (old, nobody, "2", 19, "the provision that would permit it is older than policy lets it be"),
        (broad, nobody, "3", 20, "the provision that would permit it names other things too, and policy asks for a"),
        (denied, nobody, "TREAT", 21, "a provision denies it"),
        (doctor, hospital, "TREAT", 22, "the actor is not a member of the organisation"),
        (doctor, unknown, "TREAT", 23, "the organisation is not admitted"),
        (doctor, refused, "TREAT", 24, "policy refuses the organisation's jurisdiction"),
    ];
    let patient = grantor.to_string();
    for (actor, by, purpose, number, words) in cases {
        let (who, organisation) = (actor.to_string(), by.to_string());
        let mut asked =
            vec!["ask", "--grantor", &patient, "--actor", &who, "--class", "laboratory", "--purpose", purpose];
        if !by.is_zero() {
            asked.extend(["--on-behalf-of", &organisation]);
        }
        let output = scene.runs(&asked);
        let permitted = number < 16;
        let text = told(&output);
        assert_eq!(output.status.code(), Some(if permitted { 0 } else { 1 }), "{number}: {output:?}");
        let first = if permitted { format!("yes: {who}") } else { format!("no: {who}") };
        assert!(text.starts_with(&first), "{number}: {text}");
        assert!(text.contains(&format!("\nbecause {words}")) && text.contains(&format!("(reason {number})")), "{text}");
        let error = String::from_utf8(output.stderr)?;
        let expected = format!("error: it is not permitted: {words}");
        assert!(if permitted { error.is_empty() } else { error.starts_with(&expected) }, "{error}");

        asked.push("--json");
        let found: serde_json::Value = crate::parsed(&told(&scene.runs(&asked)));
        assert_eq!((found["permitted"].as_bool(), found["reason"].as_u64()), (Some(permitted), Some(number.into())));
    }
    Ok(())
}

/// What a number means is the chain's to say.
#[tokio::test(flavor = "multi_thread")]
async fn other_tables_than_the_chains_are_refused() -> Result<()> {
    let scene = Scene::start().await?;
    let (patient, doctor) = (scene.patient.address().to_string(), scene.doctor.to_string());
    let ask = ["ask", "--grantor", &patient, "--actor", &doctor, "--class", "LABORATORY", "--purpose", "TREAT"];
    for (code, reason) in [
        ("LABORATORY", None),
        (
            "IMAGING",
            Some("number 8 of the table of classes is IMAGING on the chain, and LABORATORY here: give the dep"),
        ),
        ("A\u{1b}[2J", Some("number 8 of the table of classes is 0x411b5b324a0")),
    ] {
        let code = B256::right_padding_from(code.as_bytes());
        scene.sends(&scene.dao, setCodeCall { table: 0, number: 8, code }).await?;
        let output = scene.runs(&ask);
        assert_eq!(output.status.code(), Some(if reason.is_some() { 4 } else { 1 }), "{output:?}");
        let error = String::from_utf8(output.stderr)?;
        let expected = reason.unwrap_or("it is not permitted: no provision permits it");
        assert!(error.starts_with(&format!("error: {expected}")), "{error}");
    }
    Ok(())
}
