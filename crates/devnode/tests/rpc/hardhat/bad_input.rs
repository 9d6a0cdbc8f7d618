//! Whatever is sent, the node says what is wrong with it, and nothing has happened.

use super::{ALICE, NOBODY, node, refused};
use serde_json::{Value, json};

#[test]
fn wrong_types_and_counts_are_refused_by_every_method() {
    let (_node, client) = node();
    let word = format!("0x{:064x}", 1);
    let head = client.call("eth_getBlockByNumber", json!(["latest", false]));
    // What each method takes, and which of that may be left out.
    let methods: [(&str, Value, usize); 37] = [
        ("hardhat_setBalance", json!([NOBODY, "0x1"]), 2),
        ("evm_setAccountBalance", json!([NOBODY, "0x1"]), 2),
        ("hardhat_setCode", json!([NOBODY, "0x00"]), 2),
        ("evm_setAccountCode", json!([NOBODY, "0x00"]), 2),
        ("hardhat_setStorageAt", json!([NOBODY, "0x0", word]), 3),
        ("evm_setAccountStorageAt", json!([NOBODY, "0x0", word]), 3),
        ("hardhat_setNonce", json!([NOBODY, "0x1"]), 2),
        ("evm_setAccountNonce", json!([NOBODY, "0x1"]), 2),
        ("hardhat_setNextBlockBaseFeePerGas", json!(["0x1"]), 1),
        ("hardhat_setCoinbase", json!([NOBODY]), 1),
        ("hardhat_setPrevRandao", json!([word]), 1),
        ("evm_setBlockGasLimit", json!(["0x1"]), 1),
        ("hardhat_impersonateAccount", json!([NOBODY]), 1),
        ("hardhat_stopImpersonatingAccount", json!([NOBODY]), 1),
        ("anvil_autoImpersonateAccount", json!([true]), 1),
        ("hardhat_dropTransaction", json!([word]), 1),
        ("hardhat_setLoggingEnabled", json!([true]), 1),
        ("evm_setAutomine", json!([true]), 1),
        ("evm_setIntervalMining", json!([0]), 1),
        ("anvil_setBlockTimestampInterval", json!([1]), 1),
        ("eth_sign", json!([ALICE, "0x"]), 2),
        ("personal_sign", json!(["0x", ALICE, ""]), 2),
        ("eth_signTypedData_v4", json!([ALICE, {}]), 2),
        ("eth_sendTransaction", json!([{}]), 1),
        ("eth_sendUnsignedTransaction", json!([{}]), 1),
        ("hardhat_mine", json!(["0x1", "0x1"]), 0),
        ("anvil_mine", json!(["0x1", "0x1"]), 0),
        ("hardhat_reset", json!([{}]), 0),
        ("hardhat_metadata", json!([]), 0),
        ("hardhat_getAutomine", json!([]), 0),
        ("eth_accounts", json!([]), 0),
        ("eth_coinbase", json!([]), 0),
        ("eth_pendingTransactions", json!([]), 0),
        ("txpool_content", json!([]), 0),
        ("txpool_status", json!([]), 0),
        ("txpool_inspect", json!([]), 0),
        ("anvil_removeBlockTimestampInterval", json!([]), 0),
    ];
    for (method, params, required) in methods {
        let params = params.as_array().unwrap();
        for missing in 0..required {
            let error = refused(&client, method, json!(params[..missing]));
            assert_eq!(error, (-32602, format!("missing value for required argument {missing}")), "{method}");
        }
        for index in 0..params.len() {
            let mut wrong = params.clone();
            wrong[index] = json!([["no"]]);
            let (code, message) = refused(&client, method, json!(wrong));
            assert_eq!(code, -32602, "{method} {index}: {message}");
            assert!(message.starts_with(&format!("invalid argument {index}: ")), "{method}: {message}");
        }
        let mut long = params.clone();
        long.push(json!("0x1"));
        let (code, message) = refused(&client, method, json!(long));
        assert_eq!((code, message), (-32602, format!("too many arguments, want at most {}", params.len())), "{method}");
    }
    assert_eq!(client.call("eth_getBlockByNumber", json!(["latest", false])), head);
    assert_eq!(client.call("eth_getBalance", json!([NOBODY, "latest"])), "0x0");
}

#[test]
fn values_that_make_no_sense_are_refused() {
    let (_node, client) = node();
    for (method, params, says) in [
        ("evm_setBlockGasLimit", json!(["0x0"]), "invalid argument 0: the gas limit of a block is above 0"),
        (
            "evm_setIntervalMining",
            json!([[1, 2]]),
            "invalid argument 0: want a number of milliseconds; a range of them is not supported",
        ),
        (
            "hardhat_setNextBlockBaseFeePerGas",
            json!([format!("0x1{:064x}", 0)]),
            "invalid argument 0: json: cannot unmarshal hex number > 64 bits into Go value of type hexutil.Uint64",
        ),
        (
            "hardhat_setStorageAt",
            json!([NOBODY, "0xzz", format!("0x{:064x}", 1)]),
            "invalid argument 1: hex string invalid",
        ),
        ("hardhat_mine", json!(["0x186a1"]), "at most 100000 blocks can be made by one request"),
        ("hardhat_reset", json!([{ "forked": {} }]), "invalid argument 0: unknown member \"forked\""),
        ("eth_sendTransaction", json!([{ "to": NOBODY }]), "invalid argument 0: a transaction needs \"from\""),
        (
            "eth_signTypedData_v4",
            json!([ALICE, "{"]),
            "invalid argument 1: EOF while parsing an object at line 1 column 1",
        ),
        ("eth_signTypedData_v4", json!([ALICE, {}]), "invalid argument 1: \"types\" is missing"),
    ] {
        assert_eq!(refused(&client, method, params), (-32602, says.into()), "{method}");
    }
    let fork = json!([{ "forking": { "jsonRpcUrl": "http://127.0.0.1:1" } }]);
    assert!(refused(&client, "hardhat_reset", fork).1.starts_with("this node cannot fork another chain"));
    for (mine, says) in [
        (json!({ "block": 5 }), "invalid argument 0: unknown member \"block\", want blocks or timestamp"),
        (
            json!({ "blocks": true }),
            "invalid argument 0: json: cannot unmarshal bool into Go value of type math.HexOrDecimal64",
        ),
    ] {
        assert_eq!(refused(&client, "evm_mine", json!([mine])), (-32602, says.into()));
    }
    client.call("evm_mine", json!([{ "blocks": null, "timestamp": null }]));
    for number in ["+5", "0x+5", "-5", "0x-5", "5_0", " 5"] {
        let says = format!("invalid argument 0: invalid hex or decimal integer {number:?}");
        assert_eq!(refused(&client, "evm_increaseTime", json!([number])), (-32602, says));
    }
}
