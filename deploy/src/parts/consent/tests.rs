//! What the section of the file becomes, and each of its refusals at its place.

use alloy::primitives::{Address, U256, address};

use super::*;

const HEALTH: &str = include_str!("../../../config/health.toml");

fn config() -> Config {
    Config::parse(HEALTH, "health.toml").expect("valid")
}

/// The line and the reason of a refusal, after one line is another.
fn refusal(line: &str, by: &str) -> (usize, String) {
    assert_eq!(HEALTH.matches(line).count(), 1, "{line}");
    let error = Config::parse(&HEALTH.replace(line, by), "health.toml").expect_err(by).to_string();
    let mut parts = error.splitn(4, ':');
    let [_, number, _, reason] = std::array::from_fn(|_| parts.next().unwrap_or_else(|| panic!("{error}")));
    (number.parse().unwrap_or_else(|_| panic!("{error}")), reason.trim_start().to_owned())
}

/// The refusal is at the line that was changed.
fn refused(line: &str, by: &str) -> String {
    let (number, reason) = refusal(line, by);
    let expected = HEALTH[..HEALTH.find(line).expect("the line")].lines().count() + 1;
    assert_eq!(number, expected, "{by}: {reason}");
    reason
}

#[test]
fn the_example_says_what_its_codes_are_in_numbers() {
    let config = config();
    assert!(config.notes().is_empty(), "{:?}", config.notes());
    let settings = config.consent().expect("the section");
    // HRESCH 4 with 46 to 53, HMARKT 7.
    let research = (46..=53).fold(1 << 4, |mask, number| mask | 1 << number);
    assert_eq!(settings.separate_purposes, research | 1 << 7);
    // PSYTHPN 193, SUD 196 with ETHUD 197 and OPIOIDUD 198, HIV 199, GDIS 201.
    assert_eq!(settings.separate_classes, 0b10_1111_0010);
    assert_eq!(settings.closed_classes, U256::from(1) << 193);
    assert_eq!(settings.emergency_purposes, 1 << 1 | 1 << 8);
    assert_eq!(settings.refused_jurisdictions, 0);
    let longest = settings.longest();
    assert_eq!((longest[0], longest[4], longest[5], longest[3], longest[63]), (730, 365, 365, 0, 0));
    assert_eq!((settings.open_for, settings.window, settings.limit), (14_400, 86_400, 3));
    assert_eq!(settings.hook, Address::ZERO);

    let default = HEALTH.replace("default = 0", "default = 9").replace("emergency_purposes = [", "# [");
    let default = Config::parse(&default, "health.toml").expect("valid");
    let settings = default.consent().expect("the section");
    // Purposes without a code stay closed.
    assert_eq!((settings.longest[3], settings.longest[58], settings.longest[59]), (9, 9, 0));
    assert_eq!(settings.emergency_purposes, 1 << 1 | 1 << 8);
    let refusing = HEALTH.replace("refused_jurisdictions = []", "refused_jurisdictions = [\"DE\", \"IL\"]");
    let refusing = Config::parse(&refusing, "health.toml").expect("valid");
    let refusing = refusing.consent().expect("the section");
    assert_eq!(refusing.refused_jurisdictions, 1 << 8 | 1 << 31);
    // They get their codes too.
    assert_eq!(refusing.jurisdictions, 1 << 0 | 1 << 1 | 1 << 5 | 1 << 8 | 1 << 31);
}

#[test]
fn what_makes_no_sense_is_refused_at_its_line() {
    let no = |key: &str, code: &str, what: &str| {
        format!("`{key}`: \"{code}\" is no code of {what}; crates/fhir/src/vocabulary.toml has all codes")
    };
    for (line, by, reason) in [
        ("\"HMARKT\"]", "\"HMARKTS\"]", no("separate_purposes", "HMARKTS", "a purpose")),
        ("\"HMARKT\"]", "\"HRESCH\"]", "`separate_purposes`: HRESCH is listed twice".to_owned()),
        (
            "\"GDIS\"]",
            "\"GENOMICS\"]",
            "`separate_classes`: GENOMICS is not a sensitive category, but one of the classes".to_owned(),
        ),
        (
            "\"GDIS\"]",
            "\"TREAT\"]",
            "`separate_classes`: TREAT is not a sensitive category, but one of the purposes".to_owned(),
        ),
        (
            "closed_classes = [\"PSYTHPN\"]",
            "closed_classes = [\"PSYTHPN\", \"PSYTHPN\"]",
            "`closed_classes`: PSYTHPN is listed twice".to_owned(),
        ),
        (
            "closed_classes = [\"PSYTHPN\"]",
            "closed_classes = [\"PSY THPN\"]",
            no("closed_classes", "PSY THPN", "a class"),
        ),
        ("\"DE\"]", "\"US\"]", "`jurisdictions`: US is listed twice".to_owned()),
        (
            "refused_jurisdictions = []",
            "refused_jurisdictions = [\"EU\"]",
            no("refused_jurisdictions", "EU", "a jurisdiction"),
        ),
        (
            "emergency_purposes = [\"ETREAT\", \"BTG\"]",
            "emergency_purposes = []",
            "`emergency_purposes` is empty: leave it out for ETREAT and BTG, or name a purpose".to_owned(),
        ),
        ("\"BTG\"]", "\"ETREAT\"]", "`emergency_purposes`: ETREAT is listed twice".to_owned()),
        ("open_for = 14_400", "open_for = 0", "`open_for` is zero".to_owned()),
        (
            "open_for = 14_400",
            "open_for = 16_777_216",
            "`open_for` is longer than 16777215 seconds, the most that the contract keeps".to_owned(),
        ),
        ("window = 86_400", "window = 0", "`window` is zero".to_owned()),
        (
            "window = 86_400",
            "window = 16_777_216",
            "`window` is longer than 16777215 seconds, the most that the contract keeps".to_owned(),
        ),
        ("limit = 3", "limit = 0", "`limit` is zero: nobody could break the glass".to_owned()),
        ("limit = 3", "limit = 65_536", "`limit` is above 65535".to_owned()),
        ("review_within = 259_200", "review_within = 0", "`review_within` is zero".to_owned()),
        (
            "review_within = 259_200",
            "review_within = 31_536_001",
            "`review_within` is longer than 31536000, a year in seconds".to_owned(),
        ),
        ("recovery_delay = 259_200", "recovery_delay = 0", "`recovery_delay` is zero".to_owned()),
        (
            "# hook = \"0x23618e",
            "hook = \"0x33618e",
            "the checksum of `hook` is wrong (EIP-55): a letter or digit is mistyped".to_owned(),
        ),
        ("TREAT = 730\nE", "THREATS = 730\nE", no("longest", "THREATS", "a purpose")),
        ("\nCOC = 730", "\nPSY = 730", "`longest`: PSY is not a purpose, but one of the categories".to_owned()),
        ("\nCOC = 730", "\nCOC = 65_536", "`longest`: COC is above 65535 days, which are no limit".to_owned()),
    ] {
        // The line break before a key belongs to the line above.
        let (number, said) = refusal(line, by);
        let at = HEALTH.find(line).expect("the line") + line.chars().take_while(|c| *c == '\n').count();
        assert_eq!((number, said), (HEALTH[..at].matches('\n').count() + 1, reason), "{by}");
    }
    let all = |text: &str| text.replace("= 730", "= 0").replace("= 365", "= 0").replace("= 3_650", "= 0");
    let error = Config::parse(&all(HEALTH), "health.toml").expect_err("no purpose").to_string();
    assert!(error.ends_with("`longest`: no purpose has a day, so nobody could consent to anything"), "{error}");
}

#[test]
fn members_of_offices_are_checked_as_the_council_is() {
    let one =
        "emergency = [{ address = \"0x14dC79964da2C08b23698B3D3cc7Ca32193d9955\", until = 2040-01-01T00:00:00Z }]";
    let with = |members: &str| refused(one, &format!("emergency = [{members}]"));
    let member = "{ address = \"0x14dC79964da2C08b23698B3D3cc7Ca32193d9955\" }";
    assert_eq!(with(""), "`emergency` is empty: leave it out, or name a member");
    assert_eq!(with(&format!("{member}, {member}")), "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955 is listed twice");
    let delayed = member.replace(" }", ", delay = 31_536_001 }");
    assert_eq!(with(&delayed), "a delay in `emergency` is longer than 31536000, a year in seconds");
    let many: Vec<String> =
        (1..=21).map(|byte| format!("{{ address = \"{}\" }}", Address::repeat_byte(byte))).collect();
    assert_eq!(with(&many.join(", ")), "`emergency` has more than 20 members: name a Safe");

    let reviewer = "reviewers = [{ address = \"0xa0Ee7A142d267C1f36714E4a8F75612F20a79720\"";
    let judge = "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955";
    let said = refused(reviewer, &format!("reviewers = [{{ address = \"{judge}\""));
    let both =
        "can call `declareEmergency` too, as one of `emergency`, and would review its own emergencies: name another";
    assert_eq!(said, format!("`reviewers`: {judge} {both}"));
}

/// Who can review stays until the last emergency is due, is in time, and broke no glass: by whatever list.
#[test]
fn emergencies_have_reviewers_until_the_last_is_due() {
    let end = "9720\", until = 2040-02-01T00:00:00Z }]\n# Who may write";
    let said = refusal(end, "9720\", until = 2040-01-03T23:59:59Z }]\n# Who may write").1;
    assert!(
        said.contains("from 2040-01-03T23:59:59Z on nobody can call `reviewEmergency`, and `declareEmergency` can")
    );
    assert!(said.ends_with("write 2040-01-04T00:00:00Z or later here"), "{said}");
    let said = refusal(end, "9720\", delay = 259_200, until = 2040-02-01T00:00:00Z }]\n# Who may write").1;
    assert!(
        said.ends_with("and a review is due after `review_within`, 259200 seconds: give it a shorter delay"),
        "{said}"
    );

    let reviewer = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720";
    let responder = |who: &str, until: &str| {
        let function = abi::declareEmergencyCall::SIGNATURE;
        format!(
            "[access]\nresponders = [{{ address = \"{who}\", until = {until} }}]\n\
             allowed = [{{ contract = \"consent\", function = \"{function}\" }}]\n"
        )
    };
    let without = |text: String| text.replace("\nemergency = [", "\n# emergency = [");
    let with = |list: &str| Config::parse(&without(HEALTH.replacen("[access]\n", list, 1)), "health.toml");
    let own = with(&responder(reviewer, "2040-01-01")).expect_err("its own judge").to_string();
    assert!(own.contains("can call `declareEmergency` too, as one of `responders`"), "{own}");
    let other = "0x1CBd3b2770909D4e10f157cABC84C7264073C9Ec";
    let late = with(&responder(other, "2041-01-01")).expect_err("too late").to_string();
    assert!(late.contains("`declareEmergency` can be called until 2041-01-01T00:00:00Z"), "{late}");
    // Somebody can break the glass.
    let fine = with(&responder(other, "2040-01-01")).expect("valid");
    assert!(fine.notes().is_empty(), "{:?}", fine.notes());
}

#[test]
fn an_account_is_what_the_offices_make_it_and_endless_ones_are_noted() {
    let config = config();
    let offices = |account: Address| config.offices_of(account);
    assert_eq!(offices(address!("0x14dC79964da2C08b23698B3D3cc7Ca32193d9955")), [EMERGENCY]);
    assert_eq!(offices(address!("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720")), ["council", REVIEWERS]);
    assert_eq!(offices(address!("0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc")), [RECORDERS]);
    assert_eq!(offices(address!("0x976EA74026E726554dB657fA54763abd0C3a0aa9")), ["council", REGISTRARS]);

    let endless = HEALTH.replace("9955\", until = 2040-01-01T00:00:00Z", "9955\", delay = 5");
    let endless = endless.replace("9720\", until = 2040-02-01T00:00:00Z", "9720\"");
    let noted = Config::parse(&endless, "health.toml").expect("valid").notes();
    let expected = [
        "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955 is one of \"emergency\" without an end: whoever steals its key \
         has its powers until a proposal removes it",
        "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720 is one of \"reviewers\" without an end: whoever steals its key \
         has its powers until a proposal removes it",
        "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955 breaks the glass 5 seconds after it announces it, and not at once",
    ];
    assert_eq!(noted, expected);

    let offices = ["emergency = [{", "reviewers = [{", "recorders = [{", "registrars = [{"];
    let none = offices.iter().fold(HEALTH.to_owned(), |text, office| text.replace(office, &format!("# {office}")));
    let none = Config::parse(&none, "health.toml").expect("valid");
    // A contract of the DAO records accesses.
    assert_eq!(none.notes().len(), 1, "{:?}", none.notes());
    assert!(none.offices_of(address!("0x14dC79964da2C08b23698B3D3cc7Ca32193d9955")).is_empty());
}

#[test]
fn it_needs_the_access_manager() {
    let start = HEALTH.find("[access]").expect("the section");
    let end = HEALTH.find("# Optional; needs [access]").expect("the section");
    let without =
        format!("{}[council]\nguardian = \"{}\"\n{}", &HEALTH[..start], Address::repeat_byte(1), &HEALTH[end..]);
    let error = Config::parse(&without, "health.toml").expect_err("no manager").to_string();
    assert!(error.ends_with("there is no access manager, which the consent needs: add its section"), "{error}");
}

/// What the DAO uses, in runs without a gap.
#[test]
fn the_founding_has_the_codes_that_the_dao_uses() {
    let config = config();
    let codes = codes(config.consent().expect("the section"));
    let runs: Vec<_> = codes.iter().map(|run| (run.table, run.first, run.codes.len())).collect();
    let purposes = [(0, 3), (4, 3), (8, 1), (10, 1), (13, 1), (34, 1), (46, 2), (51, 1), (54, 2)];
    let mut expected = vec![(0, 0, 47), (0, 192, 39)];
    expected.extend(purposes.map(|(first, count)| (PURPOSE_TABLE, first, count)));
    expected.extend([(0, 2), (5, 1), (8, 1)].map(|(first, count)| (JURISDICTION_TABLE, first, count)));
    expected.push((3, 0, 6));
    assert_eq!(runs, expected);
    assert_eq!(each_code(&codes).count(), 111);
    let treat = each_code(&codes).find(|(table, number, _)| (*table, *number) == (1, 0)).expect("TREAT");
    assert_eq!(treat.2, B256::right_padding_from(b"TREAT"));
    // The last number that a table can have.
    let last = abi::Codes { table: 0, first: 255, codes: vec![B256::ZERO] };
    assert_eq!(each_code(&[last]).count(), 1);
}
