//! Looking inside: traces of calls, and NodeInterface.

use alloy_primitives::{Address, TxKind, hex};
use devnode::DevNode;
use harness::wire::{Client, Wallet, number};
use serde_json::{Value, json};

/// Deploys code.
fn deploy(client: &Client, dev: &Wallet, nonce: u64, runtime: &str) -> Address {
    let init = format!("60{:02x}8060095f395ff3{runtime}", runtime.len() / 2);
    let raw = dev.sign(nonce, TxKind::Create, 0, &hex::decode(init).unwrap(), 300_000);
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    let receipt = client.call("eth_getTransactionReceipt", json!([hash]));
    receipt["contractAddress"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_transaction_is_traced_call_by_call() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    // Reverts with one zero word.
    let inner = deploy(&client, &dev, 6, "60206000fd");
    // Logs nothing, then calls it with all gas and no value, and stops.
    let outer = format!("5f5fa05f5f5f5f5f73{}5af100", hex::encode(inner));
    let outer = deploy(&client, &dev, 7, &outer);
    let raw = dev.sign(8, TxKind::Call(outer), 3, &[0xab], 100_000);
    let hash = client.call("eth_sendRawTransaction", json!([raw]));
    let receipt = client.call("eth_getTransactionReceipt", json!([hash]));
    // Blocks after it do not matter.
    client.call("evm_mine", json!([]));

    let options = json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } });
    let trace = client.call("debug_traceTransaction", json!([hash, options]));
    assert_eq!((&trace["type"], &trace["value"], &trace["input"]), (&json!("CALL"), &json!("0x3"), &json!("0xab")));
    assert_eq!((&trace["gas"], &trace["gasUsed"]), (&json!("0x186a0"), &receipt["gasUsed"]));
    assert_eq!(trace["logs"][0]["position"], "0x0");
    assert!(trace.get("error").is_none());
    let call = &trace["calls"][0];
    assert_eq!(call["to"], json!(format!("{inner:#x}")));
    assert_eq!((&call["error"], &call["output"]), (&json!("execution reverted"), &json!(format!("0x{:064x}", 0))));
    assert!(number(&call["gasUsed"]) < 100);
    assert_eq!(trace["beforeEVMTransfers"][0]["purpose"], "feePayment");

    let request = json!({ "from": dev.address(), "to": inner });
    let called = client.call("debug_traceCall", json!([request, "latest", { "tracer": "callTracer" }]));
    assert_eq!(called["error"], "execution reverted");
    let unknown = client.try_call("debug_traceTransaction", json!([format!("0x{:064x}", 1), options])).unwrap_err();
    assert_eq!(unknown, json!({ "code": -32000, "message": "transaction not found" }));
}

#[test]
fn a_contract_that_destroys_itself_shows_as_a_call() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let heir = Wallet::number(0).address();
    // Logs nothing, then hands its balance on.
    let contract = deploy(&client, &dev, 6, &format!("5f5fa073{}ff", hex::encode(heir)));
    let hash = client.call("eth_sendRawTransaction", json!([dev.sign(7, TxKind::Call(contract), 3, &[], 100_000)]));
    let trace = |tracer: Value| client.call("debug_traceTransaction", json!([hash, tracer]));

    let calls = trace(json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } }));
    let end = &calls["calls"][0];
    assert_eq!((&end["type"], &end["from"], &end["to"]), (&json!("SELFDESTRUCT"), &json!(contract), &json!(heir)));
    assert_eq!((&end["value"], &calls["logs"][0]["position"]), (&json!("0x3"), &json!("0x0")));
    let flat = trace(json!({ "tracer": "flatCallTracer" }));
    let action = json!({ "address": contract, "balance": "0x3", "refundAddress": heir });
    assert_eq!((&flat[1]["type"], &flat[1]["action"]), (&json!("suicide"), &action));
    assert_eq!(trace(json!({ "tracer": "stylusTracer" }))[0]["name"], "evm_self_destruct");
}

/// Sends a transaction to a contract that calls another, which reverts; gives both, and the transaction's hash.
fn nested(client: &Client, dev: &Wallet) -> (Address, Address, Value) {
    let inner = deploy(client, dev, 6, "60206000fd");
    // Calls it with its own first four bytes of calldata, then calls SHA-256.
    let outer = format!("60045f5f375f5f60045f5f73{}5af1505f5f5f5f5f60025af100", hex::encode(inner));
    let outer = deploy(client, dev, 7, &outer);
    let raw = dev.sign(8, TxKind::Call(outer), 0, &[1, 2, 3, 4, 5], 100_000);
    (outer, inner, client.call("eth_sendRawTransaction", json!([raw])))
}

#[test]
fn each_tracer_shows_the_same_calls_in_its_own_way() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let (outer, inner, hash) = nested(&client, &Wallet::dev());
    let trace = |tracer: Value| client.call("debug_traceTransaction", json!([hash, tracer]));

    // Precompiles are left out, unless they are asked for.
    let flat = trace(json!({ "tracer": "flatCallTracer" }));
    assert_eq!((flat.as_array().unwrap().len(), &flat[0]["subtraces"]), (2, &json!(1)));
    assert_eq!((&flat[1]["traceAddress"], &flat[1]["error"]), (&json!([0]), &json!("execution reverted")));
    assert_eq!(flat[1]["action"]["to"], json!(inner));
    assert_eq!((&flat[1]["transactionHash"], &flat[1]["transactionPosition"]), (&hash, &json!(1)));
    let config = json!({ "convertParityErrors": true, "includePrecompiles": true });
    let flat = trace(json!({ "tracer": "flatCallTracer", "tracerConfig": config }));
    assert_eq!((flat.as_array().unwrap().len(), &flat[1]["error"]), (3, &json!("Reverted")));

    let selectors = json!({ "0x01020304-0": 1, "0x01020304-1": 1 });
    assert_eq!(trace(json!({ "tracer": "4byteTracer" })), selectors);
    let hosts = trace(json!({ "tracer": "stylusTracer" }));
    assert_eq!((&hosts[0]["name"], &hosts[0]["address"]), (&json!("evm_call_contract"), &json!(inner)));
    let both = trace(json!({ "tracer": "muxTracer", "tracerConfig": { "4byteTracer": {}, "callTracer": null } }));
    assert_eq!((&both["4byteTracer"], &both["callTracer"]["to"]), (&selectors, &json!(outer)));

    let unknown = json!([hash, { "tracer": "txGasDimensionLogger" }]);
    let refused = client.try_call("debug_traceTransaction", unknown).unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("\"txGasDimensionLogger\" is not supported: callTracer"));
}

#[test]
fn a_block_is_traced_with_its_internal_transaction() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let (outer, _, hash) = nested(&client, &Wallet::dev());
    let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
    let options = json!({ "tracer": "callTracer" });
    let traces = client.call("debug_traceBlockByNumber", json!([block["number"], options]));
    assert_eq!(traces, client.call("debug_traceBlockByHash", json!([block["hash"], options])));
    assert_eq!((&traces[1]["txHash"], &traces[1]["result"]["to"]), (&hash, &json!(outer)));
    // The history contract is given the parent's hash, and asks for the block's number.
    let history = &traces[0]["result"]["calls"][0];
    assert_eq!((&history["input"], &history["type"]), (&block["parentHash"], &json!("CALL")));
    assert_eq!(number(&history["calls"][0]["output"]), number(&block["number"]));

    let refused =
        |method: &str, id: Value| client.try_call(method, json!([id, options])).unwrap_err()["message"].clone();
    assert_eq!(refused("debug_traceBlockByNumber", json!("0x0")), "genesis is not traceable");
    assert_eq!(refused("debug_traceBlockByNumber", json!("0xffff")), "block #65535 not found");
    let hash = format!("0x{:064x}", 1);
    assert_eq!(refused("debug_traceBlockByHash", json!(hash)), format!("block {hash} not found"));
}

/// What each of a block's transactions does depends on those before it.
#[test]
fn a_block_of_several_transactions_is_traced_as_each_of_them_is() {
    let node = DevNode::builder().hardhat(true).spawn().unwrap();
    let (client, dev) = (Client::new(&node), Wallet::dev());
    let first = client.number("eth_getTransactionCount", json!([dev.address(), "latest"]));
    // Creation code that leaves code which adds 1 to slot 0, and logs where that is odd then.
    let counts = hex!("6017600a5f3960175ff3 5f546001018060011615601457805f555f5fa0005b5f55");
    let (contract, heir) = (dev.address().create(first), Wallet::number(0).address());
    // Creation code that destroys what it makes.
    let destroys = [&[0x73], heir.as_slice(), &[0xff]].concat();
    client.call("evm_setAutomine", json!([false]));
    let calls: [(TxKind, &[u8]); 7] = [
        (TxKind::Create, &counts),
        (TxKind::Call(contract), &[]),
        (TxKind::Call(contract), &[1, 2, 3, 4]),
        (TxKind::Create, &destroys),
        (TxKind::Call(heir), &[]),
        // It reverts.
        (TxKind::Create, &[0x5f, 0x5f, 0xfd]),
        (TxKind::Call(contract), &[]),
    ];
    let hashes: Vec<_> = (first..)
        .zip(calls)
        .map(|(nonce, (to, input))| {
            client.call("eth_sendRawTransaction", json!([dev.sign(nonce, to, 3, input, 300_000)]))
        })
        .collect();
    client.call("evm_mine", json!([]));
    let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(block["transactions"], json!(hashes));
    for options in [
        json!({}),
        json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } }),
        json!({ "tracer": "flatCallTracer" }),
        json!({ "tracer": "prestateTracer" }),
        json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } }),
        json!({ "tracer": "stylusTracer" }),
        json!({ "tracer": "erc7562Tracer" }),
    ] {
        let each = hashes.iter().map(|hash| {
            let trace = client.call("debug_traceTransaction", json!([hash, options]));
            json!({ "txHash": hash, "result": trace })
        });
        let each: Value = each.collect();
        assert_eq!(client.call("debug_traceBlockByNumber", json!(["latest", options])), each, "{options}");
    }
    let roots = client.call("debug_intermediateRoots", json!([block["hash"]]));
    assert_eq!((roots.as_array().unwrap().len(), &roots[6]), (7, &block["stateRoot"]));
    let slot = client.call("eth_getStorageAt", json!([contract, "0x0", "latest"]));
    assert_eq!(slot, format!("0x{:064x}", 3));
}

#[test]
fn node_interface_answers_whoever_calls_it_directly() {
    let node = DevNode::builder().bare(true).spawn().unwrap();
    let client = Client::new(&node);
    let interface = nitro::NODE_INTERFACE;
    let call = |data: String| client.try_call("eth_call", json!([{ "to": interface, "data": data }, "latest"]));
    client.call("devnode_setL1BlockNumber", json!([7]));
    client.call("evm_mine", json!([{ "blocks": 2 }]));
    client.call("devnode_setL1BlockNumber", json!([9]));
    client.call("evm_mine", json!([]));
    // blockL1Num(2), l2BlockRangeForL1(7), and of an L1 block without blocks.
    assert_eq!(call(format!("0x6f275ef2{:064x}", 2)).unwrap(), format!("0x{:064x}", 7));
    assert_eq!(call(format!("0x48e7f811{:064x}", 7)).unwrap(), format!("0x{:064x}{:064x}", 1, 2));
    let reverted = json!({ "code": -32000, "message": "execution reverted" });
    assert_eq!(call(format!("0x48e7f811{:064x}", 8)).unwrap_err(), reverted);
    assert_eq!(call("0xdeadbeef".into()).unwrap_err(), reverted);

    // gasEstimateComponents(to, false, ""): as eth_estimateGas, with the part for L1.
    let to = Wallet::number(0).address();
    let answer = call(format!("0xc94e6eeb{:0>64}{:064x}{:064x}{:064x}", hex::encode(to), 0, 0x60, 0)).unwrap();
    let words = hex::decode(answer.as_str().unwrap()).unwrap();
    let word = |index: usize| u64::from_be_bytes(words[index * 32 + 24..index * 32 + 32].try_into().unwrap());
    assert_eq!(word(0), client.number("eth_estimateGas", json!([{ "to": to }, "latest"])));
    assert!(word(1) > 500_000 && word(0) > word(1) + 21_000, "{} {}", word(0), word(1));
    assert_eq!((word(2), word(3)), (100_000_000, 50_000_000_000));
}
