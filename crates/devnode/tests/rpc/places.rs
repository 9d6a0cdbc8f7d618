//! Calls in a block that is other than it is, and within a block.

use alloy_primitives::{Address, TxKind, U256, hex};
use alloy_sol_types::{SolCall, sol};
use devnode::DevNode;
use harness::wire::{Client, Wallet, number};
use nitro::{ARB_GAS_INFO, ARB_SYS};
use serde_json::{Value, json};

sol! {
    function arbBlockNumber() external view returns (uint256);
    function arbBlockHash(uint256 number) external view returns (bytes32);
    function getPricesInWei() external view returns (uint256, uint256, uint256, uint256, uint256, uint256);
}

fn word(answer: &Value, index: usize) -> U256 {
    U256::from_be_slice(&hex::decode(answer.as_str().unwrap()).unwrap()[32 * index..32 * index + 32])
}

/// go-ethereum's fork, `internal/ethapi/override/override.go`; OffchainLabs/nitro `precompiles/ArbSys.go`, `ArbGasInfo.go`.
#[test]
fn a_call_sees_the_number_and_the_base_fee_that_it_names() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    client.call("evm_mine", json!([]));
    let head = client.call("eth_getBlockByNumber", json!(["latest", false]));
    let at = number(&head["number"]);
    let call = |to: Address, data: Vec<u8>, fields: Value, block: u64, overrides: Value| {
        let mut request = json!({ "from": Wallet::dev().address(), "to": to, "data": hex::encode_prefixed(data) });
        request.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        client.try_call("eth_call", json!([request, format!("{block:#x}"), {}, overrides]))
    };
    let next = json!({ "number": format!("{:#x}", at + 1) });
    let shown = call(ARB_SYS, arbBlockNumberCall {}.abi_encode(), json!({}), at, next.clone()).unwrap();
    assert_eq!(word(&shown, 0), U256::from(at + 1));
    let hash = |of: u64, block: u64, overrides: &Value| {
        let data = arbBlockHashCall { number: U256::from(of) }.abi_encode();
        call(ARB_SYS, data, json!({}), block, overrides.clone())
    };
    assert_eq!(hash(at, at, &next).unwrap(), head["hash"]);
    assert!(hash(at, at, &json!({})).is_err(), "not the block's own");
    // A block after the one whose state it is is not known there, though it is made.
    assert_eq!(hash(at, at - 1, &next).unwrap(), format!("0x{:064x}", 0));
    // NUMBER is that of L1 all the same.
    let code = |byte: &str| json!({ "code": format!("0x{byte}5f5260205ff3") });
    let target = Address::repeat_byte(0x77);
    let read = |byte: &str, fields: Value, overrides: &Value| {
        let mut request = json!({ "from": Wallet::dev().address(), "to": target });
        request.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        client.try_call("eth_call", json!([request, "latest", { target.to_string(): code(byte) }, overrides]))
    };
    assert_eq!(word(&read("43", json!({}), &next).unwrap(), 0), U256::ZERO);

    let dear = json!({ "baseFeePerGas": "0x77359400" });
    let prices = call(ARB_GAS_INFO, getPricesInWeiCall {}.abi_encode(), json!({}), at, dear.clone()).unwrap();
    assert_eq!(word(&prices, 5), U256::from(2_000_000_000));
    assert_eq!(word(&read("48", json!({ "gasPrice": "0x77359400" }), &dear).unwrap(), 0), U256::from(2_000_000_000));
    assert_eq!(word(&read("48", json!({}), &dear).unwrap(), 0), U256::ZERO, "a call without a price pays none");
    let refused = read("48", json!({ "gasPrice": "0x773593ff" }), &dear).unwrap_err();
    let says = refused["message"].as_str().unwrap();
    assert!(says.contains("maxFeePerGas: 1999999999, baseFee: 2000000000"), "{says}");
}

/// go-ethereum `eth/tracers/api.go`, `TraceCall`: the state is that before the transaction of the index.
#[test]
fn a_traced_call_may_run_within_a_block() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let target = Wallet::number(5).address();
    let nonce = client.number("eth_getTransactionCount", json!([dev.address(), "latest"]));
    client.call("eth_sendRawTransaction", json!([dev.sign(nonce, TxKind::Call(target), 7, &[], 100_000)]));
    // Returns the balance of the target, which is named in calldata.
    let code = "0x5f35315f5260205ff3";
    let reader = Address::repeat_byte(0x77);
    let trace = |index: Value, block: &str| {
        let options = json!({ "tracer": "callTracer", "txIndex": index, "stateOverrides": { reader.to_string(): { "code": code } } });
        let request = json!({ "to": reader, "data": format!("0x{:0>64}", hex::encode(target)) });
        client.try_call("debug_traceCall", json!([request, block, options]))
    };
    let balance = |index| word(&trace(index, "latest").unwrap()["output"], 0);
    assert_eq!([json!("0x0"), json!("0x1"), json!(null)].map(balance), [0, 0, 7].map(U256::from));
    let head = client.call("eth_getBlockByNumber", json!(["latest", false]));
    let refused = trace(json!("0x2"), "latest").unwrap_err();
    let says = format!("transaction index 2 out of range for block {}", head["hash"].as_str().unwrap());
    assert_eq!(refused, json!({ "code": -32000, "message": says }));
    assert_eq!(trace(json!("0x0"), "0x0").unwrap_err()["message"], "no transaction in genesis");
}
