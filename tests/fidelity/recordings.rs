//! The recordings of a Nitro node, replayed against the embedded devnode.

use devnode::DevNode;
use harness::fidelity::{Exceptions, Kept, Mask, Recording, Report, Selection, data_dir, page, replay};

/// How many steps of each group may still differ. A group that is clean stays clean, and no other gets worse.
const WRITTEN: &[(&str, usize)] = &[("rpc", 133)];
const RANDOM: &[(&str, usize)] = &[];
const MORE: &[(&str, usize)] = &[];

fn run(name: &str) -> (Report, Exceptions) {
    let kept = Kept::named(name).expect("a recording that is kept");
    let dir = data_dir();
    let recording = Recording::open(&kept.path()).expect("the recording");
    let mask = Mask::open(&dir.join("mask.json")).expect("the mask");
    let exceptions = Exceptions::open(&dir.join("exceptions.toml")).expect("the exceptions");
    let node = DevNode::builder().bare(true).arbos_version(kept.version).spawn().expect("a node");
    let report = replay(&node.http_url(), &recording, &mask, &exceptions, &Selection::default(), |_, _| ());
    (report.expect("the node answers"), exceptions)
}

/// No group differs in more steps than are allowed, and the devnode's page says in how many.
fn check(report: &Report, allowed: &[(&str, usize)], recording: &str) {
    println!("{}", report.table());
    let written = page::written().expect("the devnode's page");
    for row in page::rows(report, recording) {
        assert!(written.contains(&row), "`cargo xtask fidelity --write` has to be run: the page lacks {row}");
    }
    for group in &report.groups {
        let allowed = allowed.iter().find(|(name, _)| *name == group.name).map_or(0, |(_, steps)| *steps);
        assert!(
            group.differing.len() <= allowed,
            "{} steps of the group {} differ, and {allowed} did before:\n{}",
            group.differing.len(),
            group.name,
            report.details(20)
        );
    }
}

#[test]
fn what_was_written_by_hand() {
    let (report, exceptions) = run("51");
    check(&report, WRITTEN, "");
    for (exception, covered) in exceptions.list.iter().zip(&report.excepted) {
        assert!(*covered > 0, "an exception covers nothing any more: {}", exception.why);
    }
}

#[test]
fn random_programs_and_random_nests_of_calls() {
    let (report, _) = run("51-random");
    check(&report, RANDOM, "random: ");
}

/// Ten groups, three and nine: none of them is left over from an earlier recording.
#[test]
fn the_devnodes_page_has_a_line_a_group() {
    assert_eq!(page::written().expect("the devnode's page").len(), 22);
}

#[test]
fn corners_delegations_fees_precompiles_parameters_and_malformed_programs() {
    let (report, _) = run("51-more");
    check(&report, MORE, "more: ");
}
