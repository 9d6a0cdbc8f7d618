//! The recordings of Nitro nodes, replayed against the embedded devnode.

use harness::fidelity::{ALL, Exceptions, Kept, Recording, Report, Selection, data_dir, page, replay_embedded};

/// Every block has the hash that it had on Nitro, no answer differs but by an exception, the devnode's page says so, and
/// each exception is needed.
fn replayed(name: &str) {
    let kept = Kept::named(name).expect("a recording that is kept");
    let recording = Recording::open(&kept.path()).expect("the recording");
    let exceptions = Exceptions::open(&data_dir().join("exceptions.toml")).expect("the exceptions").of(name);
    let report = replay_embedded(kept.version, &recording, &exceptions, &Selection::default(), |_, _| ());
    let report = report.expect("the node answers");
    println!("{}", report.table());
    check(&report, kept.label);
    for (exception, covered) in exceptions.list.iter().zip(&report.excepted) {
        assert!(*covered > 0, "an exception covers nothing any more: {}", exception.why);
    }
}

fn check(report: &Report, label: &str) {
    let (equal, blocks) = report.blocks.expect("the times of the blocks");
    assert_eq!(equal, blocks, "block {} has not the hash that Nitro gave it", equal + 1);
    assert!(report.differences().next().is_none(), "answers differ:\n{}", report.details(20));
    let written = page::written().expect("the devnode's page");
    for row in page::rows(report, label) {
        assert!(written.contains(&row), "`cargo xtask fidelity --write` has to be run: the page lacks {row}");
    }
}

#[test]
fn what_was_written_by_hand() {
    replayed("51");
}

#[test]
fn random_programs_and_random_nests_of_calls() {
    replayed("51-random");
}

#[test]
fn corners_delegations_fees_precompiles_parameters_and_malformed_programs() {
    replayed("51-more");
}

#[test]
fn what_was_written_by_hand_on_arbos_60() {
    replayed("60");
}

#[test]
fn random_programs_and_random_nests_of_calls_on_arbos_60() {
    replayed("60-random");
}

#[test]
fn programs_in_fragments() {
    replayed("60-fragments");
}

#[test]
fn programs_called_lately() {
    replayed("60-recent");
}

#[test]
fn stylus_version_3() {
    replayed("60-version3");
}

#[test]
fn methods_that_arbos_60_brought() {
    replayed("60-methods");
}

#[test]
fn a_chain_that_is_upgraded() {
    replayed("60-upgrade");
}

/// None of the page's lines is left over from an earlier recording: one a group, and one for the blocks.
#[test]
fn the_devnodes_page_has_no_other_lines() {
    let lines = |kept: &Kept| Recording::open(&kept.path()).expect("the recording").groups().len() + 1;
    assert_eq!(page::written().expect("the devnode's page").len(), ALL.iter().map(lines).sum::<usize>());
}
