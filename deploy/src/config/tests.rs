//! Each rule of the file, broken once.

mod words;

use super::*;
use crate::parts::timelock::Executors;

const DEVNET: &str = include_str!("../../config/devnet.toml");
const HOLDER: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/// The refusal of the devnet's file after `from`, which must occur once, was replaced.
fn refusal(from: &str, to: &str) -> ConfigError {
    assert_eq!(DEVNET.matches(from).count(), 1, "{from:?} must occur once");
    Config::parse(&DEVNET.replace(from, to), "dao.toml").expect_err(&format!("{to:?} was taken"))
}

/// The line of the devnet's file that has `text`.
fn line_of(text: &str) -> usize {
    DEVNET.lines().position(|line| line.contains(text)).expect("in the file") + 1
}

#[test]
fn the_devnet_is_described_completely() {
    let config = Config::parse(DEVNET, "dao.toml").expect("valid");
    assert_eq!(config.chain.id, nitro::CHAIN_ID);
    assert_eq!(config.chain.create2_factory, CREATE2_FACTORY);
    assert_eq!(config.token().holders.len(), 5);
    assert_eq!(config.token().clock.mode(), "mode=timestamp");
    assert_eq!(config.timelock().executors, Executors::Governor(vec![]));
    let unit = U256::from(10).pow(U256::from(18));
    assert_eq!(config.token().supply, unit * U256::from(1_000_000));
    assert_eq!(config.treasury(), unit * U256::from(425_000));
}

/// The second example is the first one's DAO, with a council in another place.
#[test]
fn the_examples_differ_in_their_council_alone() {
    let other = Config::parse(include_str!("../../config/council.toml"), "council.toml").expect("valid");
    let config = Config::parse(DEVNET, "dao.toml").expect("valid");
    assert_eq!(other.council, Address::ZERO);
    assert_eq!(other.offices_of(config.council), ["council"]);
    assert_eq!(other.parts().count(), config.parts().count() + 1);
    assert!(other.notes().is_empty(), "{:?}", other.notes());
    assert_eq!((other.token(), other.governor()), (config.token(), config.governor()));
    assert_eq!((other.timelock(), other.cache, other.programs), (config.timelock(), config.cache, config.programs));
}

#[test]
fn a_refusal_names_file_line_and_reason() {
    let error = refusal("min_delay = 120", "min_delay = 0");
    assert_eq!(error.place, Some((line_of("min_delay"), 13)));
    assert_eq!(error.to_string(), format!("dao.toml:{}:13: the timelock's delay is zero", line_of("min_delay")));
}

#[test]
fn keys_are_exact() {
    let error = refusal("min_delay = 120", "min_dealy = 120");
    assert_eq!(
        error.reason,
        "[timelock] has no key `min_dealy` here: correct it, or leave it out; the keys are `min_delay` and `executors`"
    );
    assert_eq!(error.place.map(|place| place.0), Some(line_of("min_delay")));

    let error = refusal("min_delay = 120\n", "");
    assert_eq!(error.reason, "[timelock] has no `min_delay`: add it, for example `min_delay = 120`");
    assert_eq!(error.place.map(|place| place.0), Some(line_of("[timelock]")));

    let error = refusal("min_delay = 120", "min_delay = 120\nmin_delay = 120");
    assert_eq!(error.reason, "this is not valid TOML: duplicate key");

    let error = refusal("min_delay = 120", "min_delay = ");
    assert_eq!(error.place.map(|place| place.0), Some(line_of("min_delay")), "{error}");
}

#[test]
fn delays_are_neither_zero_nor_endless() {
    for (from, to, reason) in [
        ("voting_delay = 60", "voting_delay = 0", "the voting delay is zero"),
        ("voting_period = 300", "voting_period = 0", "the voting period is zero"),
        ("min_delay = 120", "min_delay = 172800000", "the timelock's delay is longer than 31536000, a year in seconds"),
        (
            "voting_period = 300",
            "voting_period = 4294967297",
            "the voting period is longer than 31536000, a year in seconds",
        ),
        (
            "late_quorum_extension = 120",
            "late_quorum_extension = 99999999",
            "the late quorum extension is longer than 31536000, a year in seconds",
        ),
    ] {
        assert_eq!(refusal(from, to).reason, reason);
    }
}

#[test]
fn addresses_carry_their_checksum() {
    let error = refusal(HOLDER, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267");
    assert_eq!(error.reason, "the checksum of a holder is wrong (EIP-55): a letter or digit is mistyped");
    assert_eq!(error.place.map(|place| place.0), Some(line_of(HOLDER)));

    let error = refusal(HOLDER, &HOLDER.to_lowercase());
    assert!(error.reason.starts_with("a holder has no checksum"), "{error}");
    let error = refusal(HOLDER, HOLDER.trim_start_matches("0x"));
    assert!(error.reason.contains("has no checksum"), "{error}");
    let error = refusal(HOLDER, "0xf39F");
    assert!(error.reason.starts_with("a holder is no address"), "{error}");
    let error = refusal(HOLDER, "0x0000000000000000000000000000000000000000");
    assert_eq!(error.reason, "a holder is the zero address");
}

#[test]
fn holders_fit_the_supply() {
    let error = refusal("amount = \"200_000\"", "amount = \"625_000.000000000000000001\"");
    assert_eq!(error.reason, "with this amount the holders have more than the supply");
    // It is the last holder who does not fit any more.
    assert_eq!(error.place.map(|place| place.0), Some(line_of("0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65")));
    let full = DEVNET.replace("amount = \"200_000\"", "amount = \"625_000\"");
    assert_eq!(Config::parse(&full, "dao.toml").expect("valid").treasury(), U256::ZERO);

    let error = refusal("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", HOLDER);
    assert_eq!(error.reason, format!("{HOLDER} is listed twice"));
    assert_eq!(refusal("\"200_000\"", "\"0\"").reason, "the amount is zero: leave this holder out");
    assert_eq!(refusal("\"200_000\"", "\"-5\"").reason, "the amount is no amount: write digits, as in \"1_000.5\"");
    assert_eq!(refusal("\"1_000_000\"", "\"0\"").reason, "the supply is zero: nobody could vote");
    assert_eq!(
        refusal("\"1_000_000\"", &format!("\"{}\"", "4".repeat(45))).reason,
        "the supply does not fit 208 bits, in which votes are counted"
    );
}

#[test]
fn somebody_holds_something() {
    let start = DEVNET.find("holders = [").expect("holders");
    let end = start + DEVNET[start..].find("\n]").expect("their end") + 2;
    let text = format!("{}holders = []{}", &DEVNET[..start], &DEVNET[end..]);
    let error = Config::parse(&text, "dao.toml").expect_err("no holder");
    assert_eq!(error.reason, "there is no holder: nobody could propose or vote");
}

#[test]
fn fractions_are_percents_in_order() {
    assert_eq!(
        refusal("\nquorum_percent = 4", "\nquorum_percent = 0").reason,
        "the quorum is not between 1 and 100 percent"
    );
    assert_eq!(
        refusal("\nquorum_percent = 4", "\nquorum_percent = 260").reason,
        "the quorum is not between 1 and 100 percent"
    );
    assert_eq!(
        refusal("super_quorum_percent = 50", "super_quorum_percent = 3").reason,
        "the super quorum is not between 4 and 100 percent"
    );
}

/// The holders of the devnet's file have 575,000 of a million together.
#[test]
fn what_needs_votes_is_within_what_can_vote() {
    let error = refusal("\"1_000\"", "\"575_000.000000000000000001\"");
    assert!(error.reason.starts_with("the proposal threshold exceeds what all holders have together"), "{error}");
    assert_eq!(error.place.map(|place| place.0), Some(line_of("proposal_threshold")));
    let with = |from: &str, to: &str| Config::parse(&DEVNET.replace(from, to), "dao.toml");
    assert!(with("\"1_000\"", "\"575_000\"").is_ok());

    let high = DEVNET.replace("super_quorum_percent = 50", "super_quorum_percent = 100");
    let quorum = |percent: u64| {
        Config::parse(&high.replace("\nquorum_percent = 4", &format!("\nquorum_percent = {percent}")), "dao.toml")
    };
    assert!(quorum(57).is_ok());
    let error = quorum(58).expect_err("too high");
    assert_eq!(
        error.reason,
        "the quorum exceeds what all holders have together (57 whole percent of the supply), and the treasury does not vote: no \
         proposal could ever pass"
    );
    assert_eq!(error.place.map(|place| place.0), Some(line_of("Part of the supply that must vote") + 1));
    // As in the audit: a quorum of 4 % with 2 % in hands that can vote.
    let error = with("\"1_000_000\"", "\"28_750_000\"").expect_err("2 %");
    assert!(error.reason.contains("(2 whole percent of the supply)"), "{error}");

    let start = DEVNET.find("holders = [").expect("holders");
    let end = start + DEVNET[start..].find("\n]").expect("their end") + 2;
    let few = format!(
        "{}holders = [{{ address = \"{HOLDER}\", amount = \"0.000000000000000024\" }}]{}",
        &DEVNET[..start],
        &DEVNET[end..]
    );
    let few = few.replace("\"1_000_000\"", "\"0.000000000000000024\"").replace("\"1_000\"", "\"0\"");
    let error = Config::parse(&few, "dao.toml").expect_err("no votes at all");
    assert_eq!(error.reason, "the quorum of so small a supply is zero votes: raise it, or the supply");
}

#[test]
fn a_late_quorum_extends_by_a_voting_period_at_most() {
    let with = |seconds: u64| {
        let to = format!("late_quorum_extension = {seconds}");
        Config::parse(&DEVNET.replace("late_quorum_extension = 120", &to), "dao.toml")
    };
    assert!(with(300).is_ok() && with(0).is_ok());
    let error = with(301).expect_err("too long");
    assert_eq!(error.reason, "the late quorum extension is longer than the voting period");
    assert_eq!(error.place.map(|place| place.0), Some(line_of("late_quorum_extension")));
}

#[test]
fn a_clock_of_blocks_is_bounded_in_blocks() {
    let blocks = DEVNET.replace("clock = \"timestamp\"", "clock = \"block-number\"");
    let with = |from: &str, to: &str| Config::parse(&blocks.replace(from, to), "dao.toml");
    assert!(with("voting_period = 300", "voting_period = 2628000").is_ok());
    for (from, to, what) in [
        ("voting_period = 300", "voting_period = 2628001", "the voting period"),
        ("voting_delay = 60", "voting_delay = 2628001", "the voting delay"),
        ("late_quorum_extension = 120", "late_quorum_extension = 2628001", "the late quorum extension"),
    ] {
        let error = with(from, to).expect_err("longer than a year");
        assert_eq!(error.reason, format!("{what} is longer than 2628000, a year in blocks of 12 seconds"));
    }
    // The timelock counts seconds all the same.
    assert!(with("min_delay = 120", "min_delay = 31536000").is_ok());
}

#[test]
fn programs_live_and_deployers_are_what_the_file_says() {
    let config = Config::parse(DEVNET, "dao.toml").expect("valid");
    let optional = DEVNET.find("# Optional. A Stylus program").expect("the optional sections");
    assert_eq!(Config::parse(&DEVNET[..optional], "dao.toml").expect("valid"), config, "the file shows the defaults");
    assert_eq!((config.programs.least_days, config.deployer.may_be), (90, vec![]));
    for days in ["0", "365"] {
        let error = refusal("least_days = 90", &format!("least_days = {days}"));
        assert_eq!(error.reason, "the fewest days that a program may have left are not between 1 and 364");
    }
    let with = |list: &str| Config::parse(&DEVNET.replace("may_be = []", &format!("may_be = {list}")), "dao.toml");
    let all = with("[\"holder\", \"executor\", \"guardian\"]").expect("valid");
    assert_eq!(all.deployer.may_be, ["holder", "executor", "guardian"]);
    assert_eq!(with("[\"holder\", \"holder\"]").expect_err("twice").reason, "\"holder\" is listed twice");
    let reason = with("[\"king\"]").expect_err("unknown").reason;
    assert_eq!(reason, "unknown part \"king\": \"executor\", \"holder\" or \"guardian\"");
    assert_eq!(all.offices_of(HOLDER.parse().expect("an address")), ["holder"]);
    assert_eq!(all.offices_of(all.council), ["guardian"]);
    assert!(all.offices_of(Address::ZERO).is_empty());
}

#[test]
fn names_and_lists_have_an_end() {
    let name = |length| format!("\"{}\"", "n".repeat(length));
    let with = |to: &str| Config::parse(&DEVNET.replace("\"Consilium Governor\"", to), "dao.toml");
    assert!(with(&name(128)).is_ok());
    assert_eq!(with(&name(129)).expect_err("long").reason, "the governor's name has 129 bytes; 128 are the most");
    let many: Vec<String> = (1..=21u8).map(|number| format!("\"{}\"", Address::repeat_byte(number))).collect();
    let error = refusal("executors = []", &format!("executors = [{}]", many.join(", ")));
    assert_eq!(error.reason, "there are more than 20 executors: name a Safe, or \"anyone\"");
}

#[test]
fn executors_are_the_governor_accounts_or_everybody() {
    let with =
        |list: &str| Config::parse(&DEVNET.replace("executors = []", &format!("executors = {list}")), "dao.toml");
    let open = |list| with(list).map(|config| config.timelock().executors.clone());
    assert_eq!(open("[\"anyone\"]"), Ok(Executors::Anyone));
    assert_eq!(open("[\"0x0000000000000000000000000000000000000000\"]"), Ok(Executors::Anyone));
    let named = vec![HOLDER.parse().expect("address")];
    assert_eq!(open(&format!("[\"{HOLDER}\"]")), Ok(Executors::Governor(named)));
    let reason = |list: &str| with(list).expect_err("refused").reason;
    assert_eq!(reason(&format!("[\"{HOLDER}\", \"anyone\"]")), "where anyone executes, no other executor can be named");
    assert_eq!(reason(&format!("[\"{HOLDER}\", \"{HOLDER}\"]")), format!("{HOLDER} is listed twice"));
    assert!(reason("[\"nobody\"]").starts_with("an executor is no address"));
}

#[test]
fn other_values_make_sense() {
    assert!(refusal("clock = \"timestamp\"", "clock = \"moon\"").reason.starts_with("unknown clock \"moon\""));
    assert_eq!(refusal("id = 412346", "id = 0").reason, "a chain id is never zero");
    assert!(refusal("\"CHV\"", "\"\"").reason.starts_with("the token's symbol is empty"));
    assert!(refusal("\"consilium devnet\"", "\"\"").reason.starts_with("the salt is empty"));
    assert!(refusal("\"Consilium Governor\"", "\" x\"").reason.starts_with("the governor's name is empty, or has"));
    assert_eq!(
        refusal("max_bid = \"0.01\"", "max_bid = \"much\"").reason,
        "the highest bid is no amount: write digits, as in \"1_000.5\""
    );
    for unseen in ['\u{200b}', '\u{202e}', '\u{2066}', '\u{feff}'] {
        let error = refusal("\"Consilium Governor\"", &format!("\"Consilium{unseen} Governor\""));
        let expected = format!("the governor's name has U+{:04X}, which nobody sees: leave it out", u32::from(unseen));
        assert_eq!(error.reason, expected);
    }
    let names = DEVNET.replace("Consilium Governor", "مجلس می\u{200c}شود 👩\u{200d}⚕️");
    assert!(Config::parse(&names, "dao.toml").is_ok());
    let guardian = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720";
    let zero = "0x0000000000000000000000000000000000000000";
    assert_eq!(refusal(guardian, zero).reason, "the council's guardian is the zero address");
}

#[test]
fn a_missing_file_is_said() {
    let error = Config::load("/nonexistent/dao.toml").expect_err("missing");
    assert!(error.to_string().starts_with("/nonexistent/dao.toml: cannot be read: "), "{error}");
}

#[test]
fn what_may_surprise_is_noted() {
    let notes = |text: &str| Config::parse(text, "dao.toml").expect("valid").notes();
    assert!(notes(DEVNET).is_empty());
    let alone = notes(&DEVNET.replace("\"1_000\"", "\"200_000.5\""));
    assert_eq!(alone, ["no holder alone reaches the proposal threshold: some have to delegate to one"]);
    let early = notes(&DEVNET.replace("super_quorum_percent = 50", "super_quorum_percent = 58"));
    assert_eq!(early, ["all holders together do not reach the super quorum: no proposal is decided early"]);
}
