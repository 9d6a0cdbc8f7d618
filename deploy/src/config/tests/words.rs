//! Refusals of the file's shape, in plain words, and what only the chain's time can refuse.

use super::*;

/// No word of a refusal is one of this program's types.
#[test]
fn values_of_another_kind_are_refused_in_plain_words() {
    let number = "is not a whole number: write digits without quotes, sign or decimals, as 120";
    let text = "is not a text: write it in quotes, as \"…\"";
    let list = "is not a list: write it in brackets, as [ … ]";
    let table = "is not a table: write it in braces, as { address = \"0x…\" }";
    for (from, to, found, reason) in [
        ("min_delay = 120", "min_delay = \"120\"", "\"120\"", number),
        ("min_delay = 120", "min_delay = -120", "-120", number),
        ("min_delay = 120", "min_delay = 1.5", "1.5", number),
        ("min_delay = 120", "min_delay = true", "true", number),
        ("min_delay = 120", "min_delay = [1]", "[1]", number),
        ("min_delay = 120", "min_delay = { seconds = 120 }", "{ seconds = 120 }", number),
        ("min_delay = 120", "min_delay = 2027-01-01", "2027-01-01", number),
        ("min_delay = 120", "min_delay = 99999999999999999999", "99999999999999999999", number),
        ("max_bid = \"0.01\"", "max_bid = 0.01", "0.01", text),
        ("max_bid = \"0.01\"", "max_bid = { ether = 1 }", "{ ether = 1 }", text),
        ("executors = []", "executors = \"anyone\"", "\"anyone\"", list),
        ("executors = []", "executors = [7]", "7", text),
        ("executors = []", "executors = { }", "{ }", list),
        ("least_days = 90", "least_days = \"ninety\"", "\"ninety\"", number),
        ("may_be = []", "may_be = [[]]", "[]", text),
        ("    { address = \"0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65\", amount = \"50_000\" },", "7,", "7", table),
    ] {
        let error = refusal(from, to);
        assert_eq!(error.reason, format!("{found} {reason}"), "{to}");
        let line = DEVNET.replace(from, to).lines().position(|line| line.contains(to)).expect("the line") + 1;
        assert_eq!(error.place.map(|place| place.0), Some(line), "{error}");
    }
    let error = refusal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\", amount", "0x\", amuont");
    assert_eq!(
        error.reason,
        "[token] has no key `amuont` here: correct it, or leave it out; the keys are `address` and `amount`"
    );
    let error = refusal(", amount = \"150_000\"", "");
    assert_eq!(error.reason, "this entry of [token] has no `amount`: add it, for example `amount = \"200_000\"`");
    for text in ["chain = 5", "[[chain]]"] {
        let error = Config::parse(text, "dao.toml").expect_err(text);
        assert_eq!(
            error.reason, "`chain` is a section: write [chain] in a line of its own, and its keys below",
            "{text}"
        );
    }
}

#[test]
fn missing_and_unknown_sections_are_named_with_what_to_write() {
    let without = |name: &str| {
        let start = DEVNET.find(&format!("\n[{name}]")).expect("the section") + 1;
        let end = start + DEVNET[start + 1..].find("\n[").expect("the next section") + 2;
        Config::parse(&format!("{}{}", &DEVNET[..start], &DEVNET[end..]), "dao.toml").expect_err("missing").reason
    };
    let explained = "deploy/config/devnet.toml explains each";
    assert_eq!(
        without("chain"),
        format!("there is no section [chain]: add it with its keys, beginning with `id = 412346`; {explained}")
    );
    assert_eq!(
        without("council"),
        format!(
            "there is no section [council]: add it with its keys, beginning with `guardian = \"0x…\"`; {explained}; or name \
             a council in [access]"
        )
    );
    let error = refusal("[cache]", "[cahce]");
    let start = "there is no section [cahce]: correct it, or leave it out; the sections are [chain], [council], ";
    let last = crate::parts::ALL.last().expect("a part").section();
    assert!(error.reason.starts_with(start) && error.reason.ends_with(&format!(" and [{last}]")), "{error}");
}

/// A file may come from anywhere: what it has cannot move the terminal's cursor, hide a word or fill a screen.
#[test]
fn what_a_refusal_quotes_is_escaped_and_short() {
    let hostile = "x\\u001b[2J\\u009b\\n\\u202e";
    for (from, to) in [
        ("may_be = []", format!("may_be = [\"{hostile}\"]")),
        ("clock = \"timestamp\"", format!("clock = \"{hostile}\"")),
        ("min_delay = 120", format!("\"{hostile}\" = 120")),
        ("[cache]", format!("[\"{hostile}\"]")),
        ("min_delay = 120", "min_delay = \u{1b}[2J".to_owned()),
        ("min_delay = 120", "min_delay = '\u{202e}'".to_owned()),
        ("clock = \"timestamp\"", format!("clock = \"{}\"", "x".repeat(100_000))),
        ("may_be = []", format!("may_be = [\"{}\"]", "x".repeat(100_000))),
        ("min_delay = 120", format!("min_delay = \"{}\"", "x".repeat(100_000))),
        ("min_delay = 120", format!("{} = 120", "x".repeat(100_000))),
        ("[cache]", format!("[{}]", "x".repeat(100_000))),
    ] {
        let said = refusal(from, &to).to_string();
        assert!(!said.chars().any(|c| c.is_control() || c == '\u{202e}'), "{said:?}");
        assert!(said.len() < 600, "{} bytes: {said:.80}", said.len());
    }
    let named = Config::parse("", "da\u{1b}o\n.toml").expect_err("empty").to_string();
    assert!(named.starts_with("da\\u{1b}o\\n.toml:1:1: "), "{named}");
}

#[test]
fn a_file_of_any_size_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("dao.toml");
    std::fs::write(&path, format!("{DEVNET}#{}", "x".repeat((1 << 20) - DEVNET.len() - 1))).expect("written");
    assert!(Config::load(&path).is_ok(), "1 MiB is taken");
    std::fs::write(&path, format!("{DEVNET}#{}", "x".repeat(1 << 20))).expect("written");
    let error = Config::load(&path).expect_err("too large").to_string();
    let said = "cannot be read: it has more than 1048576 bytes, which is too large: name the right file";
    assert!(error.ends_with(said), "{error}");
    std::fs::write(&path, [0xff]).expect("written");
    let error = Config::load(&path).expect_err("no text").to_string();
    assert!(error.ends_with("it is not text in UTF-8: save it so, or name the right file"), "{error}");
}

/// The chain's time is known only after the file was read, and its refusal names the line all the same.
#[test]
fn an_end_is_after_the_founding_and_not_right_after_it() {
    const COUNCIL: &str = include_str!("../../../config/council.toml");
    let config = Config::parse(COUNCIL, "dao.toml").expect("valid");
    let end = 2_208_988_800;
    let at = |now| config.at_founding(Moment(now)).map_err(|error| error.to_string());
    let line = COUNCIL.lines().position(|line| line.contains("until =")).expect("an end") + 1;
    for (now, date) in [(end, "2040-01-01T00:00:00Z"), (end + 5, "2040-01-01T00:00:05Z")] {
        let said = format!(
            "dao.toml:{line}:71: the membership ends at 2040-01-01T00:00:00Z, and the chain's time is {date} already: write a \
             later `until`"
        );
        assert_eq!(at(now), Err(said));
    }
    // A proposal takes up to 60 + 300 + 120 + 120 seconds.
    let notes = at(end - 599).expect("allowed");
    assert!(notes.len() == 2 && notes[0].contains("may be executed 600 seconds from now"), "{notes:?}");
    assert!(
        notes[0].starts_with("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720 is in the council until 2040-"),
        "{notes:?}"
    );
    let month = 30 * 86_400;
    for soon in [600, month - 1] {
        let notes = at(end - soon).expect("allowed");
        assert!(notes.len() == 2 && notes[1].contains("which is less than 30 days from now"), "{notes:?}");
    }
    assert_eq!(at(end - month), Ok(vec![]));
    // Blocks are counted in seconds.
    let blocks = Config::parse(&COUNCIL.replace("\"timestamp\"", "\"block-number\""), "dao.toml").expect("valid");
    let notes = blocks.at_founding(Moment(end - 5_879)).expect("allowed");
    assert!(notes[0].contains("may be executed 5880 seconds from now"), "{notes:?}");
}
