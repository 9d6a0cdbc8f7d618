//! What the section of the file becomes, each of its refusals at its place, and what the registry is to the others.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256, address};

use super::*;
use crate::artifacts::{Artifacts, Program};
use crate::parts::{
    self,
    example::{HEALTH, NAME_OF_FILE, config, guarded, refused, without},
};
use crate::plan::Plan;

/// The example with an office that it leaves out.
fn with_office(key: &str, members: &str) -> String {
    let line = HEALTH.lines().find(|line| line.starts_with(&format!("# {key} = "))).expect("the line");
    HEALTH.replace(line, &format!("{key} = [{members}]"))
}

const MEMBER: &str = "{ address = \"0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f\", until = 2040-01-01T00:00:00Z }";
const ACCOUNT: Address = address!("0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f");

#[test]
fn the_example_says_what_is_stored() {
    let config = config(HEALTH);
    let settings = config.data_pointer_registry().expect("the section");
    // RECORDMGT.
    assert_eq!((settings.store_purpose, settings.answer_within), (34, 86_400));
    assert_eq!(settings.codes(), ["A256GCM", "HPKE-X25519"].map(|code| B256::right_padding_from(code.as_bytes())));
    assert!(settings.admitters.is_empty() && settings.curators.is_empty());
    assert!(config.notes().is_empty(), "{:?}", config.notes());
}

#[test]
fn what_makes_no_sense_is_refused_at_its_line() {
    let purpose = "store_purpose = \"RECORDMGT\"";
    let within = "answer_within = 86_400";
    let list = "encryptions = [\"A256GCM\", \"HPKE-X25519\"]";
    let many: Vec<String> = (0..21).map(|number| format!("\"C{number}\"")).collect();
    let a_code = "`encryptions`: a code has 1 to 32 visible ASCII characters";
    for (line, by, reason) in [
        (
            purpose,
            "store_purpose = \"STORE\"",
            "`store_purpose`: \"STORE\" is no code of a purpose; crates/fhir/src/vocabulary.toml has all codes",
        ),
        (
            purpose,
            "store_purpose = \"HMARKT\"",
            "`store_purpose`: nobody can consent to HMARKT, so nothing could be registered: give it days in the \
             consent's `longest`, or name another purpose",
        ),
        (within, "answer_within = 0", "`answer_within` is zero"),
        (within, "answer_within = 31_536_001", "`answer_within` is longer than 31536000, a year in seconds"),
        (list, "encryptions = []", "`encryptions` is empty: nothing could be registered"),
        (
            list,
            &format!("encryptions = [{}]", many.join(", ")),
            "`encryptions` has more than 20 codes: name those that are used, and let proposals add others by \
             `setEncryption`",
        ),
        (list, "encryptions = [\"A256GCM\", \"A256GCM\"]", "`encryptions`: A256GCM is listed twice"),
        (list, "encryptions = [\"\"]", a_code),
        (list, "encryptions = [\"A 256\"]", a_code),
        (list, "encryptions = [\"A\u{e4}\"]", a_code),
        (list, &format!("encryptions = [\"{}\"]", "A".repeat(33)), a_code),
    ] {
        assert_eq!(refused(line, by), reason, "{by}");
    }
    let unknown = refused(within, "answer_in = 86_400");
    assert!(unknown.starts_with("[data-pointer-registry] has no key `answer_in` here"), "{unknown}");
    for (line, key) in [(purpose, "store_purpose"), (within, "answer_within"), (list, "encryptions")] {
        let error = Config::parse(&HEALTH.replace(line, ""), NAME_OF_FILE).expect_err(key).to_string();
        assert!(error.contains(&format!("[data-pointer-registry] has no `{key}`: add it")), "{error}");
    }
    let longest = format!("encryptions = [\"{}\"]", "A".repeat(32));
    assert_eq!(config(&HEALTH.replace(list, &longest)).data_pointer_registry().expect("it").codes().len(), 1);
}

#[test]
fn members_of_its_offices_are_checked_and_are_offices_of_the_dao() {
    for key in [ADMITTERS, CURATORS] {
        let error = |members: &str| Config::parse(&with_office(key, members), NAME_OF_FILE).expect_err(key).to_string();
        assert!(error("").ends_with(&format!("`{key}` is empty: leave it out, or name a member")));
        assert!(error(&format!("{MEMBER}, {MEMBER}")).ends_with(&format!("{ACCOUNT} is listed twice")));
        let delayed = MEMBER.replace("until", "delay = 31_536_001, until");
        assert!(error(&delayed).ends_with(&format!("a delay in `{key}` is longer than 31536000, a year in seconds")));
        let config = config(&with_office(key, MEMBER));
        // The splitter's table of the same file pays the account.
        assert_eq!(config.offices_of(ACCOUNT), [key, "payee"]);
    }
    let endless = config(&with_office(ADMITTERS, &MEMBER.replace(", until = 2040-01-01T00:00:00Z", ""))).notes();
    assert_eq!(
        endless,
        [format!(
            "{ACCOUNT} is one of \"admitters\" without an end: whoever steals its key has its powers until a proposal \
             removes it"
        )]
    );
}

#[test]
fn it_needs_the_consent() {
    let error = Config::parse(&without("[consent]", "[data-pointer-registry]"), NAME_OF_FILE).expect_err("no consent");
    let expected = "there is no consent, which the data pointer registry needs: add its section";
    assert!(error.to_string().ends_with(expected), "{error}");
}

/// It records each request, so nobody has to be a recorder. Without it somebody has to.
#[test]
fn it_holds_the_office_of_the_recorders() {
    let recorders = HEALTH.lines().find(|line| line.starts_with("recorders = ")).expect("the line");
    let nobody = HEALTH.replace(recorders, "");
    let config = config(&nobody);
    assert!(config.notes().is_empty(), "{:?}", config.notes());
    let section = nobody.find("[data-pointer-registry]").expect("the section");
    let end = nobody.find("[cache]").expect("the section after it");
    let without = Config::parse(&format!("{}{}", &nobody[..section], &nobody[end..]), NAME_OF_FILE).expect("valid");
    assert!(without.notes()[0].starts_with("nobody can record accesses"), "{:?}", without.notes());

    let mut artifacts = Artifacts::default();
    for (byte, part) in parts::ALL.iter().enumerate() {
        artifacts.insert(part.name(), Program::new(vec![0xef, 0xf0, 0, 0, byte as u8]).expect("a program"));
    }
    let plan = Plan::new(&config, &artifacts).expect("a plan");
    let dao = plan.dao(&config);
    let logs = access_manager::AccessManager.logs(&dao, Origin { founder: plan.founder(), timestamp: 1 });
    let granted = consilium_bindings::AccessManager::RoleGranted {
        roleId: consent::RECORDER_ROLE,
        account: plan.of(NAME).address,
        delay: 0,
        since: alloy::primitives::aliases::U48::from(1),
        newMember: true,
    };
    assert!(logs.contains(&granted.encode_log_data()));
    // It is for ever, and the calldata names the registry where the Founder puts its address.
    let word = plan.of(NAME).address.into_word();
    assert!(plan.of(access_manager::NAME).constructor.windows(32).any(|window| window == word.as_slice()));
}

/// The table of powers has each function that not everybody may call, as the contract declares it.
#[test]
fn the_table_of_powers_leaves_out_no_function() {
    let told = permissions::ADMITTED.iter().chain(&permissions::CUSTODIANS).chain(&permissions::SUBJECTS);
    let mut told: BTreeSet<_> = told.chain(&permissions::RESTRICTED).copied().collect();
    told.insert(abi::setAuthorityCall::SIGNATURE);
    assert_eq!(guarded("DataPointerRegistry"), told);
}
