//! Methods that look into a Nitro node's database or write files: this node keeps everything in memory.

use devnode::DevNode;
use harness::wire::Client;
use serde_json::json;

#[test]
fn there_is_no_database() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let says = |method: &str, params| client.try_call(method, params).unwrap_err()["message"].clone();
    assert_eq!(says("debug_dbGet", json!(["LastBlock"])), "not found: this node has no database");
    assert_eq!(says("debug_preimage", json!([format!("0x{:064x}", 1)])), "unknown preimage");
    let next = client.number("eth_blockNumber", json!([])) + 1;
    for (from, to, why) in [
        ("0x1", "0x0", "no state found"),
        ("earliest", "latest", "from and to needs to be different"),
        ("latest", "0x0", "no state found"),
        ("0x0", "0xffff", &format!("missing header {next}")),
        ("0xffff", "0x0", "missing header 65535"),
    ] {
        assert_eq!(says("debug_getAccessibleState", json!([from, to])), why, "{from} {to}");
    }
}

#[test]
fn a_block_is_traced_from_its_bytes() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let options = json!({ "tracer": "callTracer" });
    let by_number = client.call("debug_traceBlockByNumber", json!(["0x2", options]));
    let raw = client.call("debug_getRawBlock", json!(["0x2"]));
    assert_eq!(client.call("debug_traceBlock", json!([raw, options])), by_number);

    let refused = |bytes: &str| client.try_call("debug_traceBlock", json!([bytes])).unwrap_err()["message"].clone();
    assert_eq!(refused("0x00"), "could not decode block: rlp: expected input list for types.extblock");
    assert_eq!(refused("0xc100"), "could not decode block: rlp: expected input list for types.Header");
    for cut in ["0x", "0xf9", "0xc2c2", "0xc3c200"] {
        assert!(refused(cut).as_str().unwrap().starts_with("could not decode block: rlp: "), "{cut}");
    }
    let (raw, foreign) = (raw.as_str().unwrap(), "only blocks of this chain are traced");
    // Another header; and the same one with a byte more behind the block.
    for other in ["0xc1c0".to_owned(), format!("{raw}00")] {
        assert!(refused(&other).as_str().unwrap().starts_with(foreign), "{other}");
    }
    let genesis = client.call("debug_getRawBlock", json!(["0x0"]));
    assert_eq!(refused(genesis.as_str().unwrap()), "genesis is not traceable");
}

#[test]
fn no_file_is_written() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let unknown = format!("0x{:064x}", 1);
    let refused = |hash: &str| {
        let params = json!([hash, { "txHash": unknown }]);
        client.try_call("debug_standardTraceBlockToFile", params).unwrap_err()["message"].clone()
    };
    assert_eq!(refused(&unknown), format!("block {unknown} not found"));
    let block = client.call("eth_getBlockByNumber", json!(["0x1", false]));
    let why = refused(block["hash"].as_str().unwrap());
    assert_eq!(why, "this node writes no files: debug_traceBlockByHash answers the same steps");
}
