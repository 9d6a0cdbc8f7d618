//! WebSocket: requests side by side, and what is pushed.

use devnode::DevNode;
use harness::wire::{Received, Socket, Wallet};
use serde_json::{Value, json};

#[test]
fn heads_and_logs_are_pushed_to_who_subscribed() {
    let node = DevNode::spawn().unwrap();
    let mut socket = Socket::open(&node);
    let heads = socket.subscribe(json!(["newHeads"]));
    let logs = socket.subscribe(json!(["logs", {}]));
    assert_ne!(heads, logs);

    // A creation whose code logs once: PUSH0 PUSH0 LOG0.
    let raw = Wallet::dev().sign(6, alloy_primitives::TxKind::Create, 0, &[0x5f, 0x5f, 0xa0], 100_000);
    socket.call(3, "eth_sendRawTransaction", json!([raw]));
    let mut seen: Vec<Value> = (0..3).map(|_| socket.message()).collect();
    seen.sort_by_key(|message| message.get("method").is_some());
    let (hash, pushed) = (seen[0]["result"].clone(), &seen[1..]);
    let of = |id: &Value| &pushed.iter().find(|message| message["params"]["subscription"] == *id).unwrap()["params"]["result"];
    assert_eq!(of(&heads)["number"], "0x8");
    assert!(of(&heads).get("size").is_none() && of(&heads)["withdrawalsRoot"].is_null());
    assert_eq!(of(&logs)["transactionHash"], hash);

    socket.call(4, "eth_unsubscribe", json!([heads]));
    assert_eq!(socket.message()["result"], true);
    socket.call(5, "eth_unsubscribe", json!([heads]));
    assert_eq!(socket.message()["error"]["message"], "subscription not found");
    socket.call(6, "eth_subscribe", json!(["nosuch"]));
    let error = &socket.message()["error"];
    assert_eq!(error["message"], "no \"nosuch\" subscription in eth namespace");
}

#[test]
fn a_transaction_that_waits_does_not_hold_up_the_one_it_waits_for() {
    let node = DevNode::spawn().unwrap();
    let mut socket = Socket::open(&node);
    let (dev, to) = (Wallet::dev(), Wallet::number(0).address());
    for (id, nonce) in [(1, 8), (2, 7), (3, 6)] {
        socket.call(id, "eth_sendRawTransaction", json!([dev.transfer(nonce, to, 1)]));
    }
    for _ in 0..3 {
        let answer = socket.message();
        assert!(answer["result"].is_string(), "{answer}");
    }
}

#[test]
fn pages_of_other_sites_are_turned_away() {
    let node = DevNode::spawn().unwrap();
    let (_, head) = Socket::handshake(&node, "origin: http://example.com\r\n");
    assert!(head.starts_with("HTTP/1.1 403"), "{head}");
}

#[test]
fn a_connection_ends_with_a_frame_that_says_why() {
    let node = DevNode::spawn().unwrap();
    let ends = |end: &dyn Fn(&mut Socket), code: u16, reason: &str| {
        let mut socket = Socket::open(&node);
        end(&mut socket);
        assert_eq!(socket.receive(), Received::Close(code, reason.into()));
        assert_eq!(socket.receive(), Received::Nothing);
    };
    // The client's own farewell comes back.
    ends(&|socket| socket.close(), 1000, "");
    ends(&|socket| socket.announce((32 << 20) + 1), 1009, "a message may have 33554432 bytes");
    ends(&|socket| socket.text(b"\"\xff\""), 1007, "a text message must be UTF-8");
    // Without a mask.
    ends(&|socket| socket.raw(&[0x81, 1, b'1']), 1002, "Received an unmasked frame from client");
    assert_eq!(harness::wire::Client::new(&node).call("eth_chainId", json!([])), "0x64aba");
}

#[test]
fn what_was_asked_before_is_answered_before_the_end() {
    let node = DevNode::spawn().unwrap();
    let mut socket = Socket::open(&node);
    let dev = Wallet::dev();
    // It waits for the transaction before it, which never comes.
    socket.call(1, "eth_sendRawTransaction", json!([dev.transfer(7, dev.address(), 1)]));
    socket.text(b"nonsense");
    let mut ids = [socket.message(), socket.message()].map(|answer| answer["id"].clone());
    ids.sort_by_key(Value::is_null);
    assert_eq!(ids, [json!(1), Value::Null]);
    assert!(matches!(socket.receive(), Received::Close(1007, _)));
}
