//! The same bytes over HTTP and over WebSocket: the same answer.
//!
//! What differs on purpose, as in Nitro (go-ethereum's `rpc/websocket.go` and `rpc/http.go`): a WebSocket ends after what is
//! no JSON, takes up to 32 MiB where a body has 5, can push, and ends each of its messages with a newline.

use devnode::DevNode;
use harness::wire::{Client, Received, Socket};
use serde_json::json;

/// What becomes of the WebSocket after the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Open,
    Closed,
}

/// Bodies, and what follows on their answer.
fn bodies() -> Vec<(Vec<u8>, After)> {
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#;
    let with_id = |id: &str| format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"eth_chainId","params":[]}}"#);
    let with_method = |method: &str| format!(r#"{{"jsonrpc":"2.0","id":1,"method":{method}}}"#);
    let nested = |levels: usize| {
        let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"eth_call","params":{deep}}}"#)
    };
    let many = |count: usize| format!("[{}]", vec![call; count].join(","));

    let broken =
        ["{", "}", "hello", "nul", "[1,", "[1,]", "\u{feff}{}", "{\"a\" 1}", "\"\u{1}\"", "", " \r\n", "\u{c}"];
    let broken = broken.into_iter().map(str::to_owned).chain([call[..call.len() - 1].to_owned(), nested(20_000)]);

    let ids =
        ["1", "-1", "1.5", "1e3", "\"x\"", "null", "true", "false", "99999999999999999999", "{}", "[1]", "\"\u{e9}\""];
    let ids = ids.into_iter().map(with_id);
    let methods = ["\"nosuch\"", "\"\"", "5", "null", "{}", "\"eth_unsubscribe\""].into_iter().map(with_method);
    let requests = [
        call.to_owned(),
        format!("{call}x"),
        format!("{call}{call}"),
        format!(" \n{call} "),
        nested(100),
        nested(500),
        many(1_000),
        many(1_001),
    ];
    let others = [
        "null",
        "5",
        "\"x\"",
        "{}",
        "[]",
        " [ ] ",
        "[[]]",
        "[1,null,{},\"x\"]",
        r#"{"JSONRPC":"2.0","ID":1,"METHOD":"eth_chainId","PARAMS":null}"#,
        r#"{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}"#,
        r#"{"jsonrpc":2.0,"id":1,"method":"eth_chainId"}"#,
        r#"{"id":1,"method":"eth_chainId"}"#,
        r#"{"jsonrpc":"2.0","id":1}"#,
        r#"{"jsonrpc":"2.0","method":"eth_chainId"}"#,
        r#"{"jsonrpc":"2.0","method":"nosuch"}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":"0x1"}"#,
        r#"{"jsonrpc":"2.0","id":1,"error":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[1]}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x1"]}"#,
        r#"[{"jsonrpc":"2.0","method":"eth_chainId"},{"jsonrpc":"2.0","method":"nosuch"}]"#,
        r#"[{"jsonrpc":"2.0","id":1,"method":"eth_chainId"},7,{"jsonrpc":"2.0","id":"x","method":"nosuch"}]"#,
    ];
    let open = ids.chain(methods).chain(requests).chain(others.map(str::to_owned));
    let closed = broken.map(|body| (body.into_bytes(), After::Closed));
    open.map(|body| (body.into_bytes(), After::Open)).chain(closed).collect()
}

/// Sends one message, and everything that comes for it; the connection must go on or end as `after` says.
fn over_socket(node: &DevNode, send: impl Fn(&mut Socket), expected: &str, after: After) {
    let mut socket = Socket::open(node);
    send(&mut socket);
    if !expected.is_empty() {
        let Received::Text(text) = socket.receive() else { panic!("no answer, but {expected} over HTTP") };
        assert_eq!((text.trim_end(), text.ends_with('\n')), (expected, true));
    }
    if after == After::Closed {
        assert_eq!(socket.receive(), Received::Close(1007, "parse error: a message must be JSON".into()));
        socket.close();
    } else {
        socket.call(77, "eth_chainId", json!([]));
        assert_eq!(socket.message()["id"], 77, "one answer and no more");
        socket.close();
        assert_eq!(socket.receive(), Received::Close(1000, String::new()));
    }
    assert_eq!(socket.receive(), Received::Nothing);
}

#[test]
fn every_body_is_answered_alike() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    for (body, after) in bodies() {
        let answer = client.post_bytes(&body);
        println!("{:.80} {after:?}", String::from_utf8_lossy(&body));
        assert_eq!(answer.status, 200);
        over_socket(&node, |socket| socket.text(&body), answer.body.trim_end(), after);
        over_socket(&node, |socket| socket.binary(&body), answer.body.trim_end(), after);
    }
}

/// Go's decoder puts U+FFFD in place of what is not UTF-8. A text message must be UTF-8 (RFC 6455), so over WebSocket such
/// bytes come in a binary one.
#[test]
fn bytes_that_are_not_utf8_are_replaced() {
    let node = DevNode::spawn().unwrap();
    let body = b"{\"jsonrpc\":\"2.0\",\"id\":\"\xff\",\"method\":\"eth_\xfe\"}";
    let answer = Client::new(&node).post_bytes(body).body;
    let says = "the method eth_\u{fffd} does not exist/is not available";
    let expected = format!(r#"{{"jsonrpc":"2.0","id":"{}","error":{{"code":-32601,"message":"{says}"}}}}"#, '\u{fffd}');
    assert_eq!(answer.trim_end(), expected);
    over_socket(&node, |socket| socket.binary(body), &expected, After::Open);
    let nowhere = Client::new(&node).post_bytes(b"\xff{}").body;
    over_socket(&node, |socket| socket.binary(b"\xff{}"), &nowhere, After::Closed);
}

#[test]
fn a_socket_takes_longer_messages_than_a_body_has() {
    let node = DevNode::spawn().unwrap();
    let data = "00".repeat(3 << 20);
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":["0x{data}"]}}"#);
    assert_eq!(Client::new(&node).post(&body).status, 413);
    let hash = alloy_primitives::keccak256(vec![0; 3 << 20]);
    let expected = format!(r#"{{"jsonrpc":"2.0","id":1,"result":"{hash}"}}"#);
    over_socket(&node, |socket| socket.text(body.as_bytes()), &expected, After::Open);
}
