//! What the section of the file becomes, each of its refusals at its place, and what the contract is told.

use alloy::primitives::address;
use alloy::sol_types::SolValue;
use toml::Spanned;

use super::*;
use crate::artifacts::{Artifacts, Program};
use crate::parts::{self, example::guarded, timelock};
use crate::plan::Plan;

const SAFE: &str = include_str!("../../../config/safe.toml");
const LINE: &str = "allowances = [{ limit = \"2\", period = 2_592_000 }]";
const HOLDER_LINE: &str = "[[mandate.holders]]\nsafe = \"treasury\"";
const TOKEN: Address = address!("0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f");
/// The end and the first report of the example, in seconds.
const END: u64 = 2_208_988_800;
const FIRST: u64 = 2_177_452_800;

fn config(text: &str) -> Config {
    Config::parse(text, "safe.toml").expect("valid")
}

/// The refusal of the example after one of its texts is another, and its line.
#[track_caller]
fn refused(from: &str, to: &str) -> String {
    assert_eq!(SAFE.matches(from).count(), 1, "{from}");
    let error = Config::parse(&SAFE.replace(from, to), "safe.toml").expect_err(to);
    let first = SAFE[..SAFE.find(from).expect("the text")].matches('\n').count() + 1;
    let line = error.place.expect("a place").0;
    assert!((first - 1..first + 6).contains(&line), "{to}: line {line}, and not {first}");
    error.reason
}

fn section(config: &Config) -> &Settings {
    config.sections.get().expect("the section")
}

#[test]
fn the_example_says_who_may_what() {
    let config = config(SAFE);
    let [council, treasury] = &section(&config).holders[..] else { panic!("two holders") };
    assert_eq!((council.who.to_string(), council.until().0), ("the Safe \"council\"".to_owned(), END));
    let reports = council.reports.as_ref().expect("reports");
    assert_eq!((reports.every, council.first_report(), council.allowances.len()), (7_776_000, FIRST, 0));
    assert_eq!((treasury.who.to_string(), treasury.first_report()), ("the Safe \"treasury\"".to_owned(), 0));
    let ether = Allowance {
        token: Address::ZERO,
        decimals: Spanned::new(0..0, 18),
        limit: 2 * 10_u128.pow(18),
        period: 2_592_000,
    };
    assert_eq!((&treasury.reports, &treasury.allowances[..]), (&None, &[ether][..]));
    assert!(config.notes().is_empty(), "{:?}", config.notes());
    // Neither has a role of the access manager by its mandate.
    assert!(Mandate.offices_in_manager(&config.sections).is_empty());
    let json = serde_json::to_value(section(&config)).expect("JSON");
    assert_eq!(json["holders"][1]["safe"], "treasury");
    assert_eq!(json["holders"][0]["reports"]["every"], 7_776_000);
}

#[test]
fn what_makes_no_sense_is_refused_at_its_line() {
    let of = |what: &str| format!("allowances = [{what}]");
    let ether = "{ limit = \"2\", period = 9 }";
    for (what, reason) in [
        ("{ limit = \"0\", period = 9 }".to_owned(), "a limit is zero: leave the allowance out".to_owned()),
        ("{ limit = \"2\", period = 0 }".to_owned(), "`period` is zero".to_owned()),
        (
            "{ limit = \"2\", period = 31_536_001 }".to_owned(),
            "`period` is longer than 31536000, a year in seconds".to_owned(),
        ),
        ("{ limit = \"340282366920938463464\", period = 9 }".to_owned(), "a limit does not fit 128 bits".to_owned()),
        (
            "{ limit = \"two\", period = 9 }".to_owned(),
            "a limit is no amount: write digits, as in \"1_000.5\"".to_owned(),
        ),
        (
            format!("{{ token = \"{TOKEN}\", limit = \"2\", period = 9 }}"),
            "the allowance of a token has `decimals`, as the token answers: add it".to_owned(),
        ),
        (
            "{ decimals = 6, limit = \"2\", period = 9 }".to_owned(),
            "`decimals` is for a `token`: add it, or leave it out for ether".to_owned(),
        ),
        (
            format!("{{ token = \"{TOKEN}\", decimals = 19, limit = \"2\", period = 9 }}"),
            "`decimals` is more than 18: let a proposal set this limit by `setAllowance`".to_owned(),
        ),
        (
            format!("{{ token = \"{TOKEN}\", decimals = 6, limit = \"0.0000001\", period = 9 }}"),
            "a limit has more than 6 decimals".to_owned(),
        ),
        (format!("{ether}, {ether}"), "the Safe \"treasury\" has two allowances of ether: leave one out".to_owned()),
    ] {
        assert_eq!(refused(LINE, &of(&what)), reason, "{what}");
    }
    let many = vec![ether; 21].join(", ");
    let reason = "the Safe \"treasury\" has more than 20 allowances: let a proposal set the others";
    assert!(
        Config::parse(&SAFE.replace(LINE, &of(&many)), "safe.toml").expect_err("many").to_string().ends_with(reason)
    );
    let none =
        "the mandate of the Safe \"treasury\" has neither `allowances` nor `report_every`, and says nothing: add one";
    let alone = Config::parse(&SAFE.replace(LINE, ""), "safe.toml").expect_err("nothing").to_string();
    assert!(alone.ends_with(none), "{alone}");
}

#[test]
fn a_calendar_is_whole_and_before_the_end() {
    let (every, first) = ("report_every = 7_776_000", "first_report = 2039-01-01T00:00:00Z");
    assert_eq!(refused(every, "report_every = 0"), "`report_every` is zero");
    assert_eq!(refused(every, ""), "`first_report` needs `report_every`: the seconds to the next one");
    assert_eq!(refused(first, ""), "`report_every` needs a `first_report`: the date of the first one");
    assert_eq!(
        refused(first, "first_report = 2040-01-01T00:00:01Z"),
        "the first report is due by 2040-01-01T00:00:01Z, after the mandate has ended at 2040-01-01T00:00:00Z"
    );
    config(&SAFE.replace(first, "first_report = 2040-01-01T00:00:00Z"));
}

#[test]
fn a_holder_is_one_account_with_one_mandate() {
    let twice = "[[mandate.holders]]\nsafe = \"council\"";
    let said = "the Safe \"council\" is listed twice: a holder has one mandate";
    assert_eq!(refused(HOLDER_LINE, twice), said);
    let account = "[[mandate.holders]]\naddress = \"0x0000000000000000000000000000000000000000\"";
    assert_eq!(refused(HOLDER_LINE, account), "a holder of a mandate is the zero address");
    let unknown = "[[mandate.holders]]\nsafe = \"elders\"";
    assert_eq!(refused(HOLDER_LINE, unknown), "there is no Safe \"elders\" in [safe]: add it");
    let nobody = refused(HOLDER_LINE, "[[mandate.holders]]");
    assert!(nobody.starts_with("a holder of a mandate has no `address`: add it, or name a Safe"), "{nobody}");
    let start = SAFE.find("# A holder, of at most 20").expect("the holders");
    let end = SAFE.find("[cache]").expect("the next section");
    let empty = format!("{}holders = []\n\n{}", &SAFE[..start], &SAFE[end..]);
    let error = Config::parse(&empty, "safe.toml").expect_err("nobody").reason;
    assert_eq!(error, "[mandate] has 1 to 20 holders, and this are 0");
    let named = config(&SAFE.replace(HOLDER_LINE, &format!("[[mandate.holders]]\naddress = \"{TOKEN}\"")));
    assert_eq!(named.offices_of(TOKEN), ["mandate holder"]);
}

#[test]
fn what_has_passed_at_the_founding_is_refused() {
    let config = config(SAFE);
    let at = |now| Mandate.at_founding(&config, Moment(now)).map_err(|refusal| refusal.reason);
    assert_eq!(at(FIRST - 1), Ok(vec![]));
    let said = "the first report of the Safe \"council\" is due by 2039-01-01T00:00:00Z, and the chain's time is \
                2039-01-01T00:00:00Z already: write a later `first_report`";
    assert_eq!(at(FIRST), Err(said.to_owned()));
    let ended = at(END).expect_err("it has ended");
    assert!(ended.starts_with("the mandate of the Safe \"council\" ends at 2040-01-01T00:00:00Z, and the"), "{ended}");
    let soon = at_soon();
    assert_eq!(soon.len(), 1, "{soon:?}");
    assert!(soon[0].starts_with("the Safe \"treasury\" has a mandate until 2039-01-20T00:00:00Z only"), "{soon:?}");
}

/// What is noted where the treasury's mandate ends soon.
fn at_soon() -> Vec<String> {
    let text = SAFE.replace(
        "safe = \"treasury\"\nuntil = 2040-01-01T00:00:00Z",
        "safe = \"treasury\"\nuntil = 2039-01-20T00:00:00Z",
    );
    Mandate.at_founding(&config(&text), Moment(FIRST - 1)).expect("allowed")
}

/// The plan of a file whose Safes are at these addresses, with programs that differ.
fn plan(config: &Config) -> Result<Plan> {
    let mut artifacts = Artifacts::default();
    for (byte, part) in parts::ALL.iter().enumerate() {
        artifacts.insert(part.name(), Program::new(vec![0xef, 0xf0, 0, 0, byte as u8]).expect("a program"));
    }
    Plan::new(config, &artifacts)
}

#[test]
fn the_contract_is_told_all_and_logs_all() {
    let found =
        config(SAFE).with_safes(|_, safe| Address::repeat_byte(safe.name.to_string().len() as u8)).expect("two");
    let (council, treasury) = (Address::repeat_byte(7), Address::repeat_byte(8));
    let plan = plan(&found).expect("a plan");
    type Told = (Address, Vec<(Address, U48, u32, U48)>, Vec<(Address, Address, u128, u32)>);
    let (authority, mandates, allowances) =
        Told::abi_decode_params(&plan.of(NAME).constructor[4..]).expect("arguments");
    assert_eq!(authority, plan.of(access_manager::NAME).address);
    let (end, first, none) = (U48::from(END), U48::from(FIRST), U48::ZERO);
    assert_eq!(mandates, [(council, end, 7_776_000, first), (treasury, end, 0, none)]);
    assert_eq!(allowances, [(treasury, Address::ZERO, 2 * 10_u128.pow(18), 2_592_000)]);
    let logs = Mandate.logs(&plan.dao(&found), Origin { founder: plan.founder(), timestamp: 1_000 });
    assert_eq!(logs.len(), 4);
    let set = abi::AllowanceSet::decode_log_data(&logs[3]).expect("an allowance");
    assert_eq!((set.left, set.refillsAt), (set.limit, U48::from(2_593_000)));
}

/// A contract of the DAO acts by votes, and is no holder.
#[test]
fn no_contract_of_the_dao_is_a_holder() {
    let found =
        config(SAFE).with_safes(|_, safe| Address::repeat_byte(safe.name.to_string().len() as u8)).expect("two");
    let own = plan(&found).expect("a plan").of(timelock::NAME).address;
    let named = found.with_safes(|_, _| own).expect("the Safes");
    let addresses: Vec<_> = named.parts().map(|part| if part.name() == timelock::NAME { own } else { TOKEN }).collect();
    let error = Mandate.constructor(&Dao::new(&named, &addresses)).expect_err("the timelock").to_string();
    assert_eq!(error, "the Safe \"council\" is the timelock, and no holder of a mandate: it acts by votes");
}

/// The table of powers has each function that not everybody may call, as the contract declares it.
#[test]
fn the_table_of_powers_leaves_out_no_function() {
    let mut told: std::collections::BTreeSet<_> = permissions::RESTRICTED.into_iter().collect();
    told.insert(<abi::setAuthorityCall as alloy::sol_types::SolCall>::SIGNATURE);
    assert_eq!(guarded("Mandate"), told);
}
