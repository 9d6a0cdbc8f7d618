//! WebSocket: requests side by side, and what is pushed.

use crate::wallet::Wallet;
use devnode::DevNode;
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// A client that speaks just enough of RFC 6455: text frames, whole messages.
struct Socket(TcpStream);

impl Socket {
    fn handshake(node: &DevNode, extra: &str) -> (TcpStream, String) {
        let mut stream = TcpStream::connect(node.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let request = format!(
            "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extra}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        (stream, String::from_utf8(head).unwrap())
    }

    fn open(node: &DevNode) -> Self {
        let (stream, head) = Self::handshake(node, "");
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        Self(stream)
    }

    fn send(&mut self, text: &str) {
        let mut frame = vec![0x81];
        match text.len() {
            length @ 0..126 => frame.push(0x80 | length as u8),
            length => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
            }
        }
        // A mask of zeros leaves the text as it is.
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(text.as_bytes());
        self.0.write_all(&frame).unwrap();
    }

    /// The next message; `None` if the node closes.
    fn receive(&mut self) -> Option<Value> {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).ok()?;
        if head[0] != 0x81 {
            return None;
        }
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.0.read_exact(&mut length).unwrap();
                u16::from_be_bytes(length).into()
            }
            127 => {
                let mut length = [0; 8];
                self.0.read_exact(&mut length).unwrap();
                u64::from_be_bytes(length) as usize
            }
            length => usize::from(length),
        };
        let mut text = vec![0; length];
        self.0.read_exact(&mut text).unwrap();
        Some(serde_json::from_slice(&text).unwrap())
    }

    fn call(&mut self, id: u64, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
    }
}

#[test]
fn heads_and_logs_are_pushed_to_who_subscribed() {
    let node = DevNode::spawn().unwrap();
    let mut socket = Socket::open(&node);
    socket.call(1, "eth_subscribe", json!(["newHeads"]));
    let heads = socket.receive().unwrap()["result"].clone();
    socket.call(2, "eth_subscribe", json!(["logs", {}]));
    let logs = socket.receive().unwrap()["result"].clone();
    assert_ne!(heads, logs);

    // A creation whose code logs once: PUSH0 PUSH0 LOG0.
    let raw = Wallet::dev().sign(6, alloy_primitives::TxKind::Create, 0, &[0x5f, 0x5f, 0xa0], 100_000);
    socket.call(3, "eth_sendRawTransaction", json!([raw]));
    let mut seen: Vec<Value> = (0..3).map(|_| socket.receive().unwrap()).collect();
    seen.sort_by_key(|message| message.get("method").is_some());
    let (hash, pushed) = (seen[0]["result"].clone(), &seen[1..]);
    let of = |id: &Value| &pushed.iter().find(|message| message["params"]["subscription"] == *id).unwrap()["params"]["result"];
    assert_eq!(of(&heads)["number"], "0x8");
    assert!(of(&heads).get("size").is_none() && of(&heads)["withdrawalsRoot"].is_null());
    assert_eq!(of(&logs)["transactionHash"], hash);

    socket.call(4, "eth_unsubscribe", json!([heads]));
    assert_eq!(socket.receive().unwrap()["result"], true);
    socket.call(5, "eth_unsubscribe", json!([heads]));
    assert_eq!(socket.receive().unwrap()["error"]["message"], "subscription not found");
    socket.call(6, "eth_subscribe", json!(["nosuch"]));
    let error = &socket.receive().unwrap()["error"];
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
        let answer = socket.receive().unwrap();
        assert!(answer["result"].is_string(), "{answer}");
    }
}

#[test]
fn pages_of_other_sites_and_broken_messages_are_turned_away() {
    let node = DevNode::spawn().unwrap();
    let (_, head) = Socket::handshake(&node, "origin: http://example.com\r\n");
    assert!(head.starts_with("HTTP/1.1 403"), "{head}");
    let mut socket = Socket::open(&node);
    socket.call(1, "eth_chainId", json!([]));
    assert_eq!(socket.receive().unwrap()["result"], "0x64aba");
    socket.send("{");
    assert_eq!(socket.receive(), None);
    assert_eq!(crate::common::Client::new(&node).call("eth_chainId", json!([])), "0x64aba");
}
