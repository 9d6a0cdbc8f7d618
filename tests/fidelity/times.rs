//! The times of a recording's blocks are found by their hashes, and a chain that is not the recorded one is noticed.

use devnode::{ArbosVersion, DevNode};
use harness::fidelity::{Call, Entry, Exceptions, Kept, Recording, Times};
use serde_json::{Value, json};

/// The first group of a recording: a few blocks.
fn beginning() -> Recording {
    let kept = Kept::named("60-recent").expect("a recording that is kept");
    let mut recording = Recording::open(&kept.path()).expect("the recording");
    recording.entries.retain(|entry| entry.group() == "setup");
    recording
}

fn found(recording: &Recording, version: ArbosVersion) -> Times {
    let node = DevNode::builder().bare(true).arbos_version(version).spawn().expect("a node");
    Times::find(&node.http_url(), recording, &Exceptions::default()).expect("the times")
}

fn receipt(entry: &mut Entry) -> Option<&mut Value> {
    match &mut entry.call {
        Call::Rpc { method, result, .. } if method == "eth_getTransactionReceipt" => Some(result),
        _ => None,
    }
}

#[test]
fn each_block_is_made_in_the_second_that_gives_it_its_hash() {
    let recording = beginning();
    let times = found(&recording, ArbosVersion::V60);
    assert!(times.seconds.len() > 5 && times.seconds.is_sorted());
    assert_eq!(times.equal, times.seconds.len());
    // One time is enough, that of the second block; the others follow from the hashes.
    let mut hashes = recording;
    let later = hashes.entries.iter_mut().filter_map(receipt).skip(2);
    for log in later.filter_map(|receipt| receipt["logs"].as_array_mut()).flatten() {
        log.as_object_mut().expect("a log").remove("blockTimestamp");
    }
    assert_eq!(found(&hashes, ArbosVersion::V60), times);
}

#[test]
fn a_chain_that_is_another_is_noticed_at_its_first_block() {
    assert_eq!(found(&beginning(), ArbosVersion::V51).equal, 0);
}

#[test]
fn the_first_block_that_differs_ends_the_count() {
    let mut recording = beginning();
    let all = found(&recording, ArbosVersion::V60);
    let third = recording.entries.iter_mut().filter_map(receipt).nth(2).expect("a third block");
    third["blockHash"] = json!(format!("0x{}", "00".repeat(32)));
    third["logs"] = json!([]);
    let times = found(&recording, ArbosVersion::V60);
    assert_eq!((times.equal, times.seconds.len()), (2, all.seconds.len()), "what is sent is sent all the same");
}
