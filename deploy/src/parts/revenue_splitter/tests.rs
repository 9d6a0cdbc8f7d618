//! What the section of the file becomes, each of its refusals at its place, and what the splitter is told of others.

use alloy::primitives::address;
use alloy::sol_types::SolValue;

use super::*;
use crate::artifacts::{Artifacts, Program};
use crate::parts::{
    self,
    example::{HEALTH, NAME_OF_FILE, config, guarded, refusal, refused, without},
};
use crate::plan::Plan;

const CUSTODIANS: Address = address!("0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f");
const PUBLISHER: &str = "0xBcd4042DE499D14e55001CcbB24a551F3b954096";
const TREASURY_LINE: &str = "# treasury = \"0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f\"";
const POOL_LINE: &str = "{ to = \"pool\", basis_points = 5_000 }";

#[test]
fn the_example_says_who_gets_what() {
    let config = config(HEALTH);
    let settings = config.revenue_splitter().expect("the section");
    let table: Vec<_> = settings.table.iter().map(|share| (share.to, share.basis_points)).collect();
    let expected = [(Payee::Treasury, 2_000), (Payee::Account(CUSTODIANS), 3_000), (Payee::Pool, 5_000)];
    assert_eq!((settings.treasury, settings.window, &*table), (None, 172_800, &expected[..]));
    assert_eq!((settings.publishers.len(), settings.guardians.len()), (1, 1));
    assert!(config.notes().is_empty(), "{:?}", config.notes());
    let json = serde_json::to_value(settings).expect("JSON");
    let to: Vec<_> = json["table"].as_array().expect("a list").iter().map(|share| share["to"].clone()).collect();
    assert_eq!(to, ["treasury".to_owned(), CUSTODIANS.to_string().to_lowercase(), "pool".to_owned()]);
}

#[test]
fn what_makes_no_sense_is_refused_at_its_line() {
    let payee = "a payee of `table`, which is neither \"treasury\" nor \"pool\",";
    for (line, by, reason) in [
        ("\nwindow = 172_800\n# The first", "\nwindow = 0\n# The first", "`window` is zero".to_owned()),
        (
            TREASURY_LINE,
            "treasury = \"0x0000000000000000000000000000000000000000\"",
            "`treasury` is the zero address".to_owned(),
        ),
        (
            POOL_LINE,
            "{ to = \"pol\", basis_points = 5_000 }",
            format!("{payee} is no address: 0x and 40 hexadecimal digits"),
        ),
        (POOL_LINE, "{ to = \"treasury\", basis_points = 5_000 }", "`table`: treasury is listed twice".to_owned()),
        (POOL_LINE, "{ to = \"pool\", basis_points = 0 }", "`basis_points` is not between 1 and 10000".to_owned()),
        (POOL_LINE, "{ to = \"pool\", basis_points = 10_001 }", "`basis_points` is not between 1 and 10000".to_owned()),
    ] {
        // A window's line is the one after the text's start.
        let by_line = line.strip_prefix('\n').map_or_else(
            || refused(line, by),
            |_| refusal(&HEALTH.replace(line, by)).rsplit_once(": ").expect("a place").1.to_owned(),
        );
        assert_eq!(by_line, reason, "{by}");
    }
    let table = "table = [\n    { to = \"treasury\"";
    let short = refusal(&HEALTH.replace(POOL_LINE, "{ to = \"pool\", basis_points = 4_999 }"));
    let place = HEALTH[..HEALTH.find(table).expect("the table")].matches('\n').count() + 1;
    assert!(short.starts_with(&format!("health.toml:{place}:")), "{short}");
    assert!(short.ends_with("the shares of `table` sum to 9999 basis points, and not to 10000"), "{short}");
    let many: Vec<_> =
        (1..=21).map(|n| format!("{{ to = \"{}\", basis_points = 1 }}", Address::repeat_byte(n))).collect();
    let many = refusal(&HEALTH.replace(POOL_LINE, &many.join(", ")));
    assert!(many.ends_with("`table` has more than 20 payees: let a proposal set a longer one by `setTable`"), "{many}");
    let empty = "the shares of `table` sum to 0 basis points, and not to 10000";
    let start = HEALTH.find(table).expect("the table");
    let end = HEALTH[start..].find("]\n").expect("its end") + start;
    assert!(refusal(&format!("{}table = [{}", &HEALTH[..start], &HEALTH[end..])).ends_with(empty));
    // The treasury by its word and by its address is one payee.
    let twice = refusal(&HEALTH.replace(TREASURY_LINE, &TREASURY_LINE[2..]));
    assert!(twice.ends_with(&format!("`table`: {CUSTODIANS} is listed twice")), "{twice}");
    let unknown = refused(POOL_LINE, "{ to = \"pool\", shares = 5_000 }");
    assert!(unknown.contains("`shares`"), "{unknown}");
    let missing = refusal(&HEALTH.replace("\nwindow = 172_800\n# The first", "\n# The first"));
    assert!(missing.contains("[revenue-splitter] has no `window`: add it"), "{missing}");
}

#[test]
fn nobody_watches_its_own_epochs_and_no_guardian_is_too_slow() {
    let line = HEALTH.lines().find(|line| line.starts_with("guardians = ")).expect("the line");
    let own = refused(line, &format!("guardians = [{{ address = \"{PUBLISHER}\", until = 2040-02-01T00:00:00Z }}]"));
    let both = "can call `publishEpoch` too, as one of `publishers`, and would watch its own epochs: name another";
    assert_eq!(own, format!("`guardians`: {PUBLISHER} {both}"));
    let slow = |delay: u32| line.replace("until", &format!("delay = {delay}, until"));
    let guardian = "0x71bE63f3384f5fb98995898A86B02Fb2426c5788";
    assert_eq!(
        refused(line, &slow(172_800)),
        format!(
            "`guardians`: {guardian} acts 172800 seconds after it announces it, and an epoch can be claimed after its \
             `window`, 172800 seconds: give it a shorter delay"
        )
    );
    config(&HEALTH.replace(line, &slow(172_799)));
    for key in [PUBLISHERS, GUARDIANS] {
        let line = HEALTH.lines().find(|line| line.starts_with(&format!("{key} = "))).expect("the line");
        let empty = refused(line, &format!("{key} = []"));
        assert_eq!(empty, format!("`{key}` is empty: leave it out, or name a member"));
    }
    assert_eq!(config(HEALTH).offices_of(PUBLISHER.parse().expect("an address")), [PUBLISHERS]);
}

/// An epoch that is published in the last second has its whole window: one guardian at least stays so long.
#[test]
fn guardians_stay_for_a_window_longer_than_publishers() {
    let ends = |who: &str| HEALTH.lines().find(|line| line.starts_with(&format!("{who} = "))).expect("the line");
    let (publishers, guardians) = (ends(PUBLISHERS), ends(GUARDIANS));
    let until = |line: &str, until: &str| {
        let (before, _) = line.split_once(", until").expect("an end");
        format!("{before}{until} }}]")
    };
    let given = |publish: &str, guard: &str| {
        HEALTH.replace(publishers, &until(publishers, publish)).replace(guardians, &until(guardians, guard))
    };
    // Two days are the window.
    let publish = ", until = 2040-01-01T00:00:00Z";
    let short = refusal(&given(publish, ", until = 2040-01-02T23:59:59Z"));
    let place = HEALTH[..HEALTH.find(guardians).expect("the line")].matches('\n').count() + 1;
    assert!(short.starts_with(&format!("{NAME_OF_FILE}:{place}:")), "{short}");
    assert!(
        short.ends_with(
            "`guardians`: from 2040-01-02T23:59:59Z on nobody can call `disableEpoch`, and `publishEpoch` can be called \
             until 2040-01-01T00:00:00Z; an epoch can be claimed after its `window`, 172800 seconds: write \
             2040-01-03T00:00:00Z or later here"
        ),
        "{short}"
    );
    config(&given(publish, ", until = 2040-01-03T00:00:00Z"));
    config(&given(publish, ""));
    let for_ever = refusal(&given("", ", until = 2040-02-01T00:00:00Z"));
    assert!(for_ever.contains("and `publishEpoch` can be called for ever; "), "{for_ever}");
    assert!(for_ever.ends_with("leave out `until` here, or write one there"), "{for_ever}");
    // One that stays is enough.
    let second = format!("{}, {{ address = \"{}\" }}]", &guardians[..guardians.len() - 1], Address::repeat_byte(9));
    config(&HEALTH.replace(guardians, &second).replace(publishers, &until(publishers, "")));
}

/// By the allow-list responders have functions of the offices. Who can call them counts, and not the lists' names.
#[test]
fn the_allow_list_does_not_go_around_the_offices() {
    let responder = "0x1CBd3b2770909D4e10f157cABC84C7264073C9Ec";
    let text = |kept: &[&str], functions: &[&str], more: &str| {
        let listed = |function: &&str| format!("{{ contract = \"revenue-splitter\", function = \"{function}\" }}");
        let listed = functions.iter().map(listed).collect::<Vec<_>>().join(", ");
        let list = format!("responders = [{{ address = \"{responder}\"{more} }}]\nallowed = [{listed}]\n");
        let office = |line: &&str| [PUBLISHERS, GUARDIANS].iter().any(|key| line.starts_with(&format!("{key} = ")));
        let is_kept = |line: &&str| !office(line) || kept.iter().any(|key| line.starts_with(key));
        let lines: String = HEALTH.lines().filter(is_kept).map(|line| format!("{line}\n")).collect();
        lines.replacen("[access]\n", &format!("[access]\n{list}"), 1)
    };
    let [publish, disable] = [abi::publishEpochCall::SIGNATURE, abi::disableEpochCall::SIGNATURE];
    let end = ", until = 2040-01-01";
    let long = ", until = 2040-02-01";

    // A responder that publishes, and is a guardian.
    let guardian = "0x71bE63f3384f5fb98995898A86B02Fb2426c5788";
    let as_guardian = text(&[GUARDIANS], &[publish], end).replace(guardian, responder);
    let own =
        format!("`guardians`: {responder} can call `publishEpoch` too, as one of `responders`, and would watch its");
    assert!(refusal(&as_guardian).contains(&own), "{}", refusal(&as_guardian));
    // One with both functions.
    let both = refusal(&text(&[], &[publish, disable], end));
    assert!(
        both.contains("`responders`: 0x1CBd3b2770909D4e10f157cABC84C7264073C9Ec can call `publishEpoch` too"),
        "{both}"
    );
    // One that ends with the publishers, or takes longer than the window.
    let short = refusal(&text(&[PUBLISHERS], &[disable], end));
    assert!(short.contains("`responders`: from 2040-01-01T00:00:00Z on nobody can call `disableEpoch`"), "{short}");
    let slow =
        text(&[PUBLISHERS], &[disable], &format!(", delay = 100{long}")).replace("window = 172_800", "window = 100");
    assert!(refusal(&slow).contains("acts 100 seconds after it announces it"), "{}", refusal(&slow));

    let fine = text(&[PUBLISHERS], &[disable], long);
    assert!(config(&fine).notes().is_empty(), "{:?}", config(&fine).notes());
    config(&text(&[GUARDIANS], &[publish], end));
}

#[test]
fn what_may_surprise_is_told() {
    let line = HEALTH.lines().find(|line| line.starts_with("guardians = ")).expect("the line");
    let notes = config(&HEALTH.replace(line, "")).notes();
    assert!(
        notes.len() == 1 && notes[0].starts_with("nobody can disable a wrong epoch but by a proposal"),
        "{notes:?}"
    );
    let other = POOL_LINE.replace("pool", &Address::repeat_byte(1).to_string());
    let notes = config(&HEALTH.replace(POOL_LINE, &other)).notes();
    assert!(notes.len() == 1 && notes[0].starts_with("no share of the revenue is for the pool"), "{notes:?}");
}

/// The plan of a file, with programs that differ.
fn plan(config: &Config) -> Plan {
    let mut artifacts = Artifacts::default();
    for (byte, part) in parts::ALL.iter().enumerate() {
        artifacts.insert(part.name(), Program::new(vec![0xef, 0xf0, 0, 0, byte as u8]).expect("a program"));
    }
    Plan::new(config, &artifacts).expect("a plan")
}

/// What the constructor is told in a DAO: authority, registry, treasury, window, payees and shares.
type Told = (Address, Address, Address, u32, Vec<Address>, Vec<u16>);

fn told(config: &Config) -> (Plan, Told) {
    let plan = plan(config);
    // The SDK's selector is before the arguments.
    let told = Told::abi_decode_params(&plan.of(NAME).constructor[4..]).expect("the arguments");
    (plan, told)
}

#[test]
fn the_timelock_is_the_treasury_and_the_registry_is_the_daos() {
    let config = config(HEALTH);
    let (plan, (authority, registry, treasury, window, recipients, shares)) = told(&config);
    let timelock = plan.of(timelock::NAME).address;
    assert_eq!((treasury, window), (timelock, 172_800));
    assert_eq!(registry, plan.of(data_pointer_registry::NAME).address);
    assert_eq!(authority, plan.of(access_manager::NAME).address);
    assert_eq!(recipients, [timelock, CUSTODIANS, plan.of(NAME).address]);
    assert_eq!(shares, [2_000, 3_000, 5_000]);
    let logs = RevenueSplitter.logs(&plan.dao(&config), Origin { founder: plan.founder(), timestamp: 1 });
    assert_eq!(logs.len(), 8);
    let added = logs[5..].iter().map(|log| abi::PayeeAdded::decode_log_data(log).expect("a payee"));
    assert_eq!(added.map(|added| added.account).collect::<Vec<_>>(), recipients);
}

#[test]
fn another_treasury_and_no_registry() {
    let other = Address::repeat_byte(7);
    let named = TREASURY_LINE[2..].replace(&CUSTODIANS.to_string(), &other.to_string());
    let (plan, (_, _, treasury, _, recipients, _)) = told(&config(&HEALTH.replace(TREASURY_LINE, &named)));
    assert_eq!((treasury, recipients[0]), (other, other));
    assert_ne!(plan.of(timelock::NAME).address, other);
    let (_, (_, registry, ..)) = told(&config(&without("[data-pointer-registry]", "[revenue-splitter]")));
    assert!(registry.is_zero());
}

/// The table of powers has each function that not everybody may call, as the contract declares it.
#[test]
fn the_table_of_powers_leaves_out_no_function() {
    let mut told: std::collections::BTreeSet<_> = permissions::RESTRICTED.into_iter().collect();
    told.insert(abi::setAuthorityCall::SIGNATURE);
    assert_eq!(guarded("RevenueSplitter"), told);
}
