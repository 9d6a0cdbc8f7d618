//! What a block costs does not depend on how many came before it, nor on who has not read of it yet: neither its memory nor
//! the work of making it.
//!
//! Both are counted by the allocator: bytes that are held, and how often memory was asked for.

mod counter;

use counter::COUNTER;
use devnode::DevNode;
use harness::wire::{Client, Socket, Wallet};
use serde_json::json;
use std::{sync::atomic::Ordering::Relaxed, thread, time::Duration};

/// Most bytes that a block without a transaction may hold, on the average of many: what the README promises. The test prints
/// what it does hold. The rest is for tables, which are up to twice as large as they need be; a second copy of the header
/// would not fit.
const EMPTY_BLOCK: i64 = 2_048;
/// Most bytes that a block with a transfer of ether may hold in addition to the tables. The README's table has more for a
/// block with a transfer of a Stylus token: that has a log and slots, and the whole process is looked at.
const TRANSFER_BLOCK: i64 = 2_560;
const TRANSFERS: u64 = 300;
const EMPTY_BLOCKS: i64 = 50_000;

/// What a transfer takes, from its sending to its receipt: requests for memory, and bytes that stay held. Medians, since
/// now and then a table doubles.
fn transfer_cost(client: &Client, nonce: &mut u64) -> (i64, i64) {
    let (dev, to) = (Wallet::dev(), Wallet::number(1).address());
    let (mut requests, mut held) = (Vec::new(), Vec::new());
    for _ in 0..TRANSFERS {
        let transaction = json!([dev.transfer(*nonce, to, 1)]);
        *nonce += 1;
        let before = (COUNTER.requests.load(Relaxed), COUNTER.held.load(Relaxed));
        let hash = client.call("eth_sendRawTransaction", transaction);
        client.call("eth_getTransactionReceipt", json!([hash]));
        requests.push(COUNTER.requests.load(Relaxed) - before.0);
        held.push(COUNTER.held.load(Relaxed) - before.1);
    }
    (median(requests), median(held))
}

fn median(mut numbers: Vec<i64>) -> i64 {
    numbers.sort_unstable();
    numbers[numbers.len() / 2]
}

/// Makes blocks without a transaction; the bytes that each holds.
fn empty_block(client: &Client, afterwards: Duration) -> i64 {
    let before = COUNTER.held.load(Relaxed);
    client.call("evm_mine", json!([{ "blocks": EMPTY_BLOCKS }]));
    thread::sleep(afterwards);
    (COUNTER.held.load(Relaxed) - before) / EMPTY_BLOCKS
}

#[test]
fn a_block_costs_the_same_however_long_the_chain_is() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let mut nonce = client.number("eth_getTransactionCount", json!([Wallet::dev().address(), "latest"]));
    transfer_cost(&client, &mut nonce);
    let early = transfer_cost(&client, &mut nonce);
    let empty = empty_block(&client, Duration::ZERO);
    let late = transfer_cost(&client, &mut nonce);
    println!("requests and bytes of a transfer: early {early:?}, late {late:?}; bytes of an empty block: {empty}");
    assert!(late.0 <= early.0 + early.0 / 50, "requests for memory: {} early, {} late", early.0, late.0);
    assert!(late.1 <= early.1 + early.1 / 50, "bytes held: {} early, {} late", early.1, late.1);
    assert!(late.1 <= TRANSFER_BLOCK, "a transfer's block holds {} bytes", late.1);
    assert!(empty <= EMPTY_BLOCK, "an empty block holds {empty} bytes");

    // A subscriber that reads nothing has nothing kept for it, once there was time to push what there is.
    let mut socket = Socket::open(&node);
    socket.subscribe(json!(["newHeads"]));
    let unread = empty_block(&client, Duration::from_secs(2));
    println!("bytes of an empty block that a subscriber has not read: {unread}");
    assert!(unread <= EMPTY_BLOCK, "an empty block that a subscriber has not read holds {unread} bytes");
}
