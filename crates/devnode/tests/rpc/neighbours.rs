//! Small methods that a Nitro node has, answered as it answers them.

use devnode::DevNode;
use harness::wire::Client;
use serde_json::json;

#[test]
fn fees_at_blocks_that_do_not_exist_are_those_of_the_first() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let earliest = client.call("eth_feeHistory", json!(["0x2", "earliest", []]));
    assert_eq!(earliest["oldestBlock"], "0x0");
    assert_eq!(earliest["gasUsedRatio"].as_array().unwrap().len(), 1);
    for tag in ["safe", "finalized"] {
        assert_eq!(client.call("eth_feeHistory", json!(["0x2", tag, []])), earliest, "{tag}");
        // Everywhere else there is no such block.
        let error = client.try_call("eth_getBlockByNumber", json!([tag, false])).unwrap_err();
        assert_eq!(error["message"], format!("{tag} block not found"));
    }
}

#[test]
fn the_publisher_is_healthy() {
    let node = DevNode::spawn().unwrap();
    assert!(Client::new(&node).call("arb_checkPublisherHealth", json!([])).is_null());
}

/// Nitro registers go-ethereum's methods, with nothing behind them but for the content.
#[test]
fn there_is_no_pool_of_transactions() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    assert_eq!(client.call("txpool_content", json!([])), json!({ "pending": {}, "queued": {} }));
    let crashed = json!({ "code": -32603, "message": "method handler crashed" });
    for (method, params) in [
        ("txpool_status", json!([])),
        ("txpool_inspect", json!([])),
        ("txpool_contentFrom", json!([devnode::DEV_ACCOUNT])),
    ] {
        assert_eq!(client.try_call(method, params).unwrap_err(), crashed, "{method}");
    }
    assert_eq!(client.try_call("txpool_contentFrom", json!([])).unwrap_err()["code"], -32602);
}

/// No name at all is a script that says nothing.
#[test]
fn an_empty_tracer_is_refused_in_the_words_of_a_script() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let error = client.try_call("debug_traceCall", json!([{}, "latest", { "tracer": "" }])).unwrap_err();
    let says = "SyntaxError: SyntaxError: (anonymous): Line 1:3 Unexpected token )";
    assert_eq!(error, json!({ "code": -32000, "message": says }));
}

/// What `cargo stylus trace` sends without `-u` is a script of a hundred lines.
#[test]
fn a_script_for_a_tracer_is_refused_in_a_line_that_says_what_to_do() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
    let hash = &block["transactions"][0];
    let script = format!("{{ \"hostio\": function(info) {{ {} }} }}", "// a comment\n".repeat(200));
    for (method, params) in [
        ("debug_traceTransaction", json!([hash, { "tracer": script }])),
        ("debug_traceTransaction", json!([hash, { "tracer": "muxTracer", "tracerConfig": { (&script): null } }])),
        ("debug_traceCall", json!([{}, "latest", { "tracer": script }])),
        ("debug_traceBlockByHash", json!([block["hash"], { "tracer": "a".repeat(65) }])),
    ] {
        let error = client.try_call(method, params).unwrap_err();
        let message = error["message"].as_str().unwrap();
        assert!(message.len() < 300 && !message.contains("hostio"), "{method}: {message}");
        assert!(message.contains("add -u (--use-native-tracer)") && message.contains("stylusTracer"), "{message}");
    }
}
