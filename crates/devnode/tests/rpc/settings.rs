//! What a chain is made of, and by what it charges.

use alloy_primitives::TxKind;
use alloy_sol_types::SolCall;
use devnode::{ArbosVersion, DevNode};
use harness::wire::{Client, Wallet};
use nitro::{ARB_OWNER, ARB_SYS, ArbOwner::setL1PricePerUnitCall};
use serde_json::{Value, json};

/// Each precompile of a version has a name in it, and nothing else has.
#[test]
fn the_configuration_names_the_precompiles_of_the_version() {
    for (version, count) in [(ArbosVersion::V51, 35), (ArbosVersion::V60, 36), (ArbosVersion::V61, 36)] {
        let node = DevNode::builder().arbos_version(version).bare(true).spawn().unwrap();
        let config = Client::new(&node).call("eth_config", json!([]));
        let named = config["current"]["precompiles"].as_object().unwrap();
        assert_eq!(named.len(), count, "{version}");
        assert_eq!(named["ArbSys"], format!("{ARB_SYS}"));
        assert_eq!(named["P256VERIFY"], "0x0000000000000000000000000000000000000100");
        assert_eq!(named.contains_key("ArbFilteredTransactionsManager"), version >= ArbosVersion::V60);
        assert_eq!((&config["next"], &config["last"]), (&Value::Null, &Value::Null));
    }
}

#[test]
fn prices_are_told_block_by_block() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let nonce = client.number("eth_getTransactionCount", json!([dev.address(), "latest"]));
    // More than 64 bits.
    let price = alloy_primitives::U256::from(1) << 70;
    let call = setL1PricePerUnitCall { pricePerUnit: price }.abi_encode();
    client.call("eth_sendRawTransaction", json!([dev.sign(nonce, TxKind::Call(ARB_OWNER), 0, &call, 200_000)]));
    let head = client.number("eth_blockNumber", json!([]));

    let model = client.call("arbdebug_pricingModel", json!(["earliest", "0xffffff"]));
    assert_eq!((&model["start"], &model["end"], &model["step"]), (&json!(0), &json!(head), &json!(1)));
    let prices = model["l1BaseFeeEstimate"].as_array().unwrap();
    assert_eq!(prices.len() as u64, head + 1);
    assert_eq!(prices[0].to_string(), "50000000000");
    assert_eq!(prices.last().unwrap().to_string(), price.to_string());
    for (number, name) in [("0x0", 0), ("latest", head as usize)] {
        let block = client.call("eth_getBlockByNumber", json!([number, false]));
        for (member, of_block) in [("gasUsed", "gasUsed"), ("baseFee", "baseFeePerGas"), ("timestamp", "timestamp")] {
            assert_eq!(model[member][name], json!(harness::wire::number(&block[of_block])), "{member} of {number}");
        }
    }
    assert_eq!((&model["speedLimit"], &model["l1PerBatchCost"]), (&json!(7_000_000), &json!(210_000)));

    let one = client.call("arbdebug_pricingModel", json!(["latest", "pending"]));
    assert_eq!((&one["start"], &one["end"]), (&json!(head), &json!(head)));
    let refused = client.try_call("arbdebug_pricingModel", json!(["latest", "safe"])).unwrap_err();
    assert_eq!(refused["message"], format!("invalid block range: {head} to 0"));
}

#[test]
fn no_ticket_waits() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let history = client.call("arbdebug_timeoutQueueHistory", json!(["0x1", "0x3"]));
    assert_eq!(history, json!({ "start": 1, "end": 3, "step": 1, "count": [0, 0, 0] }));
    let queue = client.call("arbdebug_timeoutQueue", json!(["earliest"]));
    assert_eq!(queue, json!({ "blockNumber": 0, "tickets": [], "timeouts": [] }));
}
