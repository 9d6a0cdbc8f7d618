//! NodeInterface: proofs of messages to L1, and what a retryable ticket would do.

use alloy_primitives::{Address, B256, Bytes, TxKind, U256, hex, keccak256};
use alloy_sol_types::SolCall;
use devnode::DevNode;
use harness::wire::{Client, Wallet, number};
use nitro::{
    ARB_SYS,
    ArbSys::sendTxToL1Call,
    NODE_INTERFACE,
    NodeInterface::{constructOutboxProofCall, constructOutboxProofReturn, estimateRetryableTicketCall},
};
use serde_json::{Value, json};

fn prove(client: &Client, size: u64, leaf: u64) -> Result<constructOutboxProofReturn, Value> {
    let data = Bytes::from(constructOutboxProofCall { size, leaf }.abi_encode());
    let output = client.try_call("eth_call", json!([{ "to": NODE_INTERFACE, "data": data }]))?;
    let bytes = hex::decode(output.as_str().unwrap()).unwrap();
    Ok(constructOutboxProofCall::abi_decode_returns(&bytes).unwrap())
}

#[test]
fn each_message_to_l1_can_be_proved_in_every_tree_that_has_it() {
    const COUNT: u64 = 6;
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    let mut roots = Vec::new();
    for index in 0..COUNT {
        let data = vec![index as u8; index as usize];
        let input = sendTxToL1Call { destination: dev.address(), data: data.into() }.abi_encode();
        let raw = dev.sign(6 + index, TxKind::Call(ARB_SYS), 0, &input, 1_000_000);
        client.call("eth_sendRawTransaction", json!([raw]));
        // A block without a message.
        client.call("evm_mine", json!([]));
        let block = client.call("eth_getBlockByNumber", json!(["latest", false]));
        roots.push(block["sendRoot"].as_str().unwrap().parse::<B256>().unwrap());
    }
    for (size, expected) in (1..=COUNT).zip(roots) {
        for leaf in 0..size {
            let proved = prove(&client, size, leaf).unwrap();
            assert_eq!(proved.root, expected, "{leaf} of {size}");
            let hash = (0u32..).zip(&proved.proof).fold(keccak256(proved.send), |hash, (level, sibling)| {
                let pair = if leaf >> level & 1 == 0 { [hash, *sibling] } else { [*sibling, hash] };
                keccak256(pair.concat())
            });
            assert_eq!(hash, expected, "{leaf} of {size}");
        }
    }
    let refused = json!({ "code": -32000, "message": "execution reverted" });
    for (size, leaf) in [(COUNT, COUNT + 1), (COUNT + 1, 0), (2, 3), (u64::MAX, 0)] {
        assert_eq!(prove(&client, size, leaf).unwrap_err(), refused, "{leaf} of {size}");
    }
}

fn ticket(deposit: u64, to: Address, value: u64, data: &str) -> Value {
    let who = Wallet::dev().address();
    let call = estimateRetryableTicketCall {
        sender: who,
        deposit: U256::from(deposit),
        to,
        l2CallValue: U256::from(value),
        excessFeeRefundAddress: who,
        callValueRefundAddress: who,
        data: hex::decode(data).unwrap().into(),
    };
    json!({ "from": who, "to": NODE_INTERFACE, "data": Bytes::from(call.abi_encode()) })
}

/// Figures and words as recorded, `rpc/NodeInterface: estimateRetryableTicket …`.
#[test]
fn a_ticket_is_estimated_by_what_redeeming_it_takes() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let nobody = Wallet::number(0).address();
    let request = ticket(5, nobody, 1, "");
    assert_eq!(client.call("eth_estimateGas", json!([request])), "0x52ab");
    let id = client.call("eth_call", json!([request]));
    assert_eq!(id.as_str().unwrap().len(), 66);
    let fewer = client.call("eth_call", json!([{ "to": NODE_INTERFACE, "data": request["data"], "gas": "0x30d40" }]));
    assert_ne!(fewer, id, "its number covers its gas");
    assert_eq!(client.call("eth_getBalance", json!([nobody, "latest"])), "0x0");

    let poor = ticket(0, nobody, 1, "");
    for method in ["eth_call", "eth_estimateGas"] {
        let error = client.try_call(method, json!([poor])).unwrap_err();
        let message = error["message"].as_str().unwrap();
        let rest = message.strip_prefix("insufficient balance for transfer: addr 0x").unwrap();
        assert_eq!((&error["code"], &rest[40..]), (&json!(-32000), " have 0 want 1"));
    }
}

#[test]
fn a_ticket_that_would_fail_says_why() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let code = Address::with_last_byte(0xbe);
    // Reverts with its caller: the sender's address on L1, with what is added to it.
    let state = json!({ (code.to_string()): { "code": "0x335f5260205ffd" } });
    for method in ["eth_call", "eth_estimateGas"] {
        let error = client.try_call(method, json!([ticket(0, code, 0, "00"), "latest", state])).unwrap_err();
        assert_eq!(error["code"], 3);
        let caller = U256::from_str_radix(&error["data"].as_str().unwrap()[2..], 16).unwrap();
        let alias: U256 = "0x1111000000000000000000000000000000001111".parse().unwrap();
        assert_eq!(caller, U256::from_be_bytes(Wallet::dev().address().into_word().0) + alias);
    }
    // Other methods are not estimated.
    let data = Bytes::from(constructOutboxProofCall { size: 0, leaf: 0 }.abi_encode());
    let error = client.try_call("eth_estimateGas", json!([{ "to": NODE_INTERFACE, "data": data }])).unwrap_err();
    assert_eq!((&error["code"], &error["data"]), (&json!(3), &json!("0x")));
}

#[test]
fn nothing_waits_to_be_sent_again() {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let resend = |request: &Value, more: &[Value]| {
        let params: Vec<_> = std::iter::once(request).chain(more).collect();
        let error = client.try_call("eth_resend", json!(params)).unwrap_err();
        assert_eq!(error["code"], -32000);
        error["message"].as_str().unwrap().to_owned()
    };
    let mut request =
        json!({ "from": Wallet::dev().address(), "to": Address::ZERO, "gas": "0x5208", "gasPrice": "0x5f5e100" });
    assert_eq!(resend(&request, &[]), "missing transaction nonce in transaction spec");
    request["nonce"] = json!("0x3");
    let filled = client.call("eth_fillTransaction", json!([request]));
    let not_found = format!("transaction {} not found", filled["tx"]["hash"].as_str().unwrap());
    assert_eq!(resend(&request, &[]), not_found);
    assert_eq!(resend(&request, &[json!("0x1"), json!("0x5209")]), not_found);
    let dear = resend(&request, &[json!("0xde0b6b3a7640000"), json!("0x2")]);
    assert_eq!(dear, "tx fee (2.00 ether) exceeds the configured cap (1.00 ether)");
    assert_eq!(number(&client.call("eth_getTransactionCount", json!([request["from"], "pending"]))), 6);
}
