//! Whatever is sent, the node says what is wrong with it and lives on.

use devnode::DevNode;
use harness::wire::Client;
use serde_json::{Value, json};

fn code(answer: &str) -> i64 {
    let answer: Value = serde_json::from_str(answer).unwrap_or_else(|_| panic!("not JSON: {answer}"));
    assert!(answer["error"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{answer}");
    answer["error"]["code"].as_i64().unwrap()
}

fn alive(client: &Client) {
    assert_eq!(client.call("eth_chainId", json!([])), json!("0x64aba"));
}

#[test]
fn malformed_json_is_a_parse_error() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let deep = "[".repeat(20_000);
    for body in ["{", "hello", "[1,", "\u{feff}{}", r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId""#, &deep] {
        let answer = client.post(body);
        assert_eq!((answer.status, code(&answer.body)), (200, -32700), "{body:.40}");
    }
    alive(&client);
}

#[test]
fn what_is_no_request_is_an_invalid_request() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    for body in ["null", "5", "{}", r#"{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}"#, "[]"] {
        assert_eq!(code(&client.post(body).body), -32600, "{body}");
    }
    let many = vec![r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#; 1_001].join(",");
    let answer: Value = serde_json::from_str(&client.post(&format!("[{many}]")).body).unwrap();
    assert_eq!(answer[0]["error"], json!({ "code": -32600, "message": "batch too large" }));
    alive(&client);
}

/// The answer is always empty; but a malformed question is refused.
#[test]
fn uncles_are_asked_for_by_block_and_index() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    for (method, block) in [
        ("eth_getUncleByBlockNumberAndIndex", json!("latest")),
        ("eth_getUncleByBlockHashAndIndex", json!(format!("0x{:064x}", 1))),
    ] {
        assert!(client.call(method, json!([block, "0x0"])).is_null());
        for wrong in [json!([]), json!([block]), json!(["0xzz", "0x0"]), json!([block, 0]), json!([block, "0x0", 1])] {
            assert_eq!(client.try_call(method, wrong.clone()).unwrap_err()["code"], -32602, "{method}{wrong}");
        }
    }
}

#[test]
fn unknown_methods_are_not_found() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    for method in ["nosuch", "eth_", "ETH_CHAINID", "net_listening", "eth_chainId\u{0}"] {
        assert_eq!(client.try_call(method, json!([])).unwrap_err()["code"], -32601, "{method:?}");
    }
    // The name is looked at before the parameters.
    assert_eq!(client.try_call("nosuch", json!({ "a": 1 })).unwrap_err()["code"], -32601);
    alive(&client);
}

#[test]
fn bad_parameters_are_invalid_params_that_name_the_argument() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let account = devnode::DEV_ACCOUNT;
    for (method, params, says) in [
        ("eth_getBalance", json!(["0x12", "latest"]), "invalid argument 0: hex string has length 2, want 40"),
        ("eth_getBalance", json!([account]), "missing value for required argument 1"),
        ("eth_getBalance", json!([account, "0x01"]), "invalid argument 1: hex number with leading zero digits"),
        ("eth_getBalance", json!([account, "0x8000000000000000"]), "invalid argument 1: blocknumber too high"),
        ("eth_getBalance", json!([account, "latest", 1]), "too many arguments, want at most 2"),
        ("eth_getBalance", json!({ "address": account }), "non-array args"),
        ("eth_sendRawTransaction", json!(["0xzz"]), "invalid argument 0: json: cannot unmarshal invalid hex string"),
        ("eth_sendRawTransaction", json!(["0x123"]), "invalid argument 0: json: cannot unmarshal hex string of odd"),
        ("eth_call", json!([[]]), "invalid argument 0: json: cannot unmarshal array"),
        ("eth_call", json!([{ "gas": 5 }]), "invalid argument 0: json: cannot unmarshal non-string into Go struct"),
        ("eth_getLogs", json!([{ "topics": [1] }]), "invalid argument 0: invalid topic(s)"),
    ] {
        let error = client.try_call(method, params.clone()).unwrap_err();
        assert_eq!(error["code"], -32602, "{method}{params}: {error}");
        assert!(error["message"].as_str().unwrap().starts_with(says), "{method}{params}: {error}");
    }
    alive(&client);
}

#[test]
fn what_is_too_large_or_no_json_is_refused_by_status() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let answer = client.post(&" ".repeat(5_242_881));
    assert_eq!(answer.status, 413);
    assert_eq!(answer.body, "content length too large (5242881>5242880)\n");
    assert_eq!(client.post(&" ".repeat(5_242_880)).status, 200);

    let head = |verb: &str, header: &str| {
        client.raw(format!("{verb} / HTTP/1.1\r\nhost: localhost\r\n{header}connection: close\r\n\r\n").as_bytes())
    };
    let json = "content-type: application/json\r\ncontent-length: 2\r\n";
    for (verb, header, status) in [
        ("GET", "", 200),
        ("PUT", json, 405),
        ("DELETE", "", 405),
        ("OPTIONS", "", 200),
        ("POST", "content-type: text/plain\r\n", 415),
        ("POST", "", 415),
    ] {
        assert_eq!(head(verb, header).status, status, "{verb} {header}");
    }
    let foreign =
        b"POST / HTTP/1.1\r\nhost: example.com\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
    assert_eq!(client.raw(foreign).status, 403);
    assert_eq!(client.raw(b"\x16\x03\x01 this is not HTTP\r\n\r\n").status, 400);
    alive(&client);
}

#[test]
fn batches_answer_item_by_item() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let body = r#"[{"jsonrpc":"2.0","id":1e3,"method":"eth_chainId"},{"jsonrpc":"2.0","method":"eth_chainId"},7,
        {"jsonrpc":"2.0","id":"x","method":"nosuch"}]"#;
    let text = client.post(body).body;
    assert!(text.starts_with(r#"[{"jsonrpc":"2.0","id":1e3,"result":"0x64aba"},"#), "{text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    let answer = answer.as_array().unwrap();
    assert_eq!(answer.len(), 3);
    assert_eq!(answer[1]["error"]["code"], -32600);
    assert_eq!((&answer[2]["id"], &answer[2]["error"]["code"]), (&json!("x"), &json!(-32601)));
    assert_eq!(client.post(r#"[{"jsonrpc":"2.0","method":"eth_chainId"}]"#).body, "");
}
