//! Proofs of accounts and slots, verified against the headers.

use alloy::rlp::{Decodable, encode};
use alloy_primitives::{Address, B256, Bytes, TxKind, U256, hex, keccak256};
use alloy_trie::{EMPTY_ROOT_HASH, KECCAK_EMPTY, Nibbles, TrieAccount, proof::verify_proof};
use devnode::{ArbosVersion, DevNode};
use harness::wire::{Client, Wallet, number};
use serde_json::{Value, from_value, json};

/// Creation code of a contract that stores calldata's first word in the slot that its second word names.
const MAKES_STORES: [u8; 16] = hex!("665f3560203555005f5260076019f300");

/// A node whose contract has stored 1 in slot 1 in block 9, 2 in slot 2 in block 10, and so on until 10 in block 18.
fn node() -> (DevNode, Client, Address) {
    let node = DevNode::spawn().unwrap();
    let client = Client::new(&node);
    let dev = Wallet::dev();
    client.call("eth_sendRawTransaction", json!([dev.sign(6, TxKind::Create, 0, &MAKES_STORES, 300_000)]));
    let contract = dev.address().create(6);
    for nonce in 7..17_u64 {
        let words = [nonce - 6; 2].map(|word| U256::from(word).to_be_bytes::<32>()).concat();
        client.call("eth_sendRawTransaction", json!([dev.sign(nonce, TxKind::Call(contract), 0, &words, 100_000)]));
    }
    (node, client, contract)
}

fn nodes(list: &Value) -> Vec<Bytes> {
    from_value(list.clone()).unwrap()
}

/// Verifies all that an answer says against the header of a block. Whether there is an account.
fn verify(client: &Client, answer: &Value, block: u64) -> bool {
    let header = client.call("eth_getBlockByNumber", json!([format!("{block:#x}"), false]));
    let root: B256 = from_value(header["stateRoot"].clone()).unwrap();
    let word = |name: &str| from_value::<B256>(answer[name].clone()).unwrap();
    let quantity = |value: &Value| from_value::<U256>(value.clone()).unwrap();
    let (storage, code) = (word("storageHash"), word("codeHash"));
    let is_there = !code.is_zero();
    let account = TrieAccount::new(number(&answer["nonce"]), quantity(&answer["balance"]), storage, code);
    let address: Address = from_value(answer["address"].clone()).unwrap();
    let path = Nibbles::unpack(keccak256(address));
    verify_proof(root, path, is_there.then(|| encode(account)), &nodes(&answer["accountProof"])).unwrap();
    for slot in answer["storageProof"].as_array().unwrap() {
        let (key, value) = (quantity(&slot["key"]), quantity(&slot["value"]));
        let at = format!("{block:#x}");
        let stored = client.call("eth_getStorageAt", json!([address, format!("{key:#x}"), at]));
        assert_eq!(stored, format!("{value:#066x}"));
        let path = Nibbles::unpack(keccak256(key.to_be_bytes::<32>()));
        let root = if storage.is_zero() { EMPTY_ROOT_HASH } else { storage };
        verify_proof(root, path, (!value.is_zero()).then(|| encode(value)), &nodes(&slot["proof"])).unwrap();
    }
    is_there
}

#[test]
fn accounts_and_slots_are_proven_at_any_block() {
    let (_node, client, contract) = node();
    let keys = (0..12).map(|key| format!("{key:#x}")).collect::<Vec<_>>();
    let (dev, absent) = (Wallet::dev().address(), Address::repeat_byte(0x99));
    for block in [0, 1, 7, 8, 9, 12, 18] {
        for (address, since) in [(contract, 8), (dev, 0), (nitro::ARBOS_STATE, 0), (absent, 99)] {
            let answer = client.call("eth_getProof", json!([address, keys, format!("{block:#x}")]));
            assert_eq!(verify(&client, &answer, block), block >= since, "{address} in block {block}");
        }
        let values = client.call("eth_getProof", json!([contract, keys, format!("{block:#x}")]));
        let set = values["storageProof"].as_array().unwrap().iter().filter(|slot| slot["value"] != "0x0").count();
        assert_eq!(set as u64, block.saturating_sub(8));
    }
    // By tag and by hash.
    let latest = client.call("eth_getProof", json!([contract, keys, "latest"]));
    let hash = client.call("eth_getBlockByNumber", json!(["latest", false]))["hash"].clone();
    assert_eq!(client.call("eth_getProof", json!([contract, keys, { "blockHash": hash }])), latest);
    // The leaf of a slot that is there ends its proof.
    let leaf = nodes(&latest["storageProof"][1]["proof"]).pop().unwrap();
    let items = Vec::<Bytes>::decode(&mut leaf.as_ref()).unwrap();
    assert_eq!(items[1], Bytes::from_static(&[1]));
}

#[test]
fn an_answer_has_the_shape_of_go_ethereums() {
    let (_node, client, contract) = node();
    let long = format!("0x{:064x}", 2);
    let answer = client.call("eth_getProof", json!([contract, ["0x01", long, "3"], "latest"]));
    let members: Vec<_> = answer.as_object().unwrap().keys().collect();
    let expected = ["address", "accountProof", "balance", "codeHash", "nonce", "storageHash", "storageProof"];
    assert_eq!(members, expected);
    let slots = answer["storageProof"].as_array().unwrap();
    assert_eq!(slots.iter().map(|slot| &slot["key"]).collect::<Vec<_>>(), ["0x1", long.as_str(), "0x3"]);
    assert_eq!(slots.iter().map(|slot| &slot["value"]).collect::<Vec<_>>(), ["0x1", "0x2", "0x3"]);
    assert_eq!((&answer["balance"], &answer["nonce"]), (&json!("0x0"), &json!("0x1")));

    let account = client.call("eth_getProof", json!([Wallet::dev().address(), null, "latest"]));
    assert_eq!((&account["codeHash"], &account["storageHash"]), (&json!(KECCAK_EMPTY), &json!(EMPTY_ROOT_HASH)));
    assert_eq!(account["storageProof"], json!([]));
    let absent = client.call("eth_getProof", json!([Address::repeat_byte(0x99), ["0x1"], "latest"]));
    assert_eq!((&absent["codeHash"], &absent["storageHash"]), (&json!(B256::ZERO), &json!(B256::ZERO)));
    assert_eq!(absent["storageProof"], json!([{ "key": "0x1", "value": "0x0", "proof": [] }]));
}

#[test]
fn slots_are_answered_in_the_order_and_in_the_spelling_in_which_they_are_named() {
    let (_node, client, contract) = node();
    let prove = |keys: Value| client.call("eth_getProof", json!([contract, keys, "latest"]))["storageProof"].clone();
    let long = format!("0x{:064x}", 2);
    let proofs = prove(json!(["0x2", "0x9", "2", long, "0xff", "0x2", "0x00ff"]));
    let slots = proofs.as_array().unwrap();
    let of = |member: &str| slots.iter().map(|slot| slot[member].clone()).collect::<Vec<_>>();
    assert_eq!(of("key"), ["0x2", "0x9", "0x2", long.as_str(), "0xff", "0x2", "0xff"]);
    assert_eq!(of("value"), ["0x2", "0x9", "0x2", "0x2", "0x0", "0x2", "0x0"]);
    let alone = ["0x2", "0x9", "0xff"].map(|key| prove(json!([key]))[0]["proof"].clone());
    assert_eq!(of("proof"), [0, 1, 0, 0, 2, 0, 2].map(|which| alone[which].clone()));
}

/// Recorded of a Nitro node: `rpc/proof: earliest`.
#[test]
fn the_first_state_is_proven_as_nitro_does() {
    let node = DevNode::builder().arbos_version(ArbosVersion::V51).bare(true).spawn().unwrap();
    let client = Client::new(&node);
    let address = "0xc2BaCe834d6B60B29AF160a7782C6458C7E2EA43";
    let answer = client.call("eth_getProof", json!([address, [], "earliest"]));
    let proof = nodes(&answer["accountProof"]);
    let root = "0xe0c9102f18929d96c56d6e13683ade8196858c55126e23068bd7f499f379cae7";
    assert_eq!((proof.len(), keccak256(&proof[0]).to_string().as_str()), (2, root));
    let leaf = "0xf869a03d1d5f3a14c0ab133b65698c2d62c818c65f13306ccbfd61aa4b7590bb78660cb846f8448080a056e81f171bcc\
                55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421a0bcc90f2d6dada5b18e155c17a1c0a55920aae94f3985\
                7d39d0d8ed07ae8f228b";
    assert_eq!(proof[1].to_string(), leaf);
}

#[test]
fn what_cannot_be_proven_is_refused() {
    let (_node, client, contract) = node();
    for (params, code, says) in [
        (json!([contract, ["zz"], "latest"]), -32000, "hex string invalid"),
        (json!([contract, ["zz"], "0xffffff"]), -32000, "hex string invalid"),
        (json!([contract, ["1".repeat(65)], "latest"]), -32000, "hex string too long, want at most 32 bytes"),
        (json!([contract, [], "0xffffff"]), -32000, "header not found"),
        (json!([contract, []]), -32602, "missing value for required argument 2"),
        (
            json!([contract, "0x1", "latest"]),
            -32602,
            "invalid argument 1: json: cannot unmarshal string into Go value of type []string",
        ),
        (
            json!([contract, [1], "latest"]),
            -32602,
            "invalid argument 1: json: cannot unmarshal number into Go value of type string",
        ),
    ] {
        let error = client.try_call("eth_getProof", params.clone()).unwrap_err();
        assert_eq!((&error["code"], &error["message"]), (&json!(code), &json!(says)), "{params}");
    }
}
