//! Messages to L1, and the table of addresses.

use crate::chain::Chain;
use alloy_primitives::{Address, B256, Bytes, TxKind, U256, keccak256};
use alloy_sol_types::{SolCall, sol};
use harness::wire::{Wallet, number};
use nitro::{ARB_ADDRESS_TABLE as TABLE, ARB_SYS};
use serde_json::json;

sol! {
    function sendTxToL1(address destination, bytes data) external payable returns (uint256);
    function sendMerkleTreeState() external view returns (uint256 size, bytes32 root, bytes32[] partials);
    function register(address account) external returns (uint256);
    function lookup(address account) external view returns (uint256);
    function lookupIndex(uint256 index) external view returns (address);
    function addressExists(address account) external view returns (bool);
    function compress(address account) external view returns (bytes);
    function decompress(bytes buf, uint256 offset) external view returns (address account, uint256 bytesRead);
    function size() external view returns (uint256);

    event L2ToL1Tx(address caller, address indexed destination, uint256 indexed hash, uint256 indexed position, uint256 arbBlockNum, uint256 ethBlockNum, uint256 timestamp, uint256 callvalue, bytes data);
    event SendMerkleUpdate(uint256 indexed reserved, bytes32 indexed hash, uint256 indexed position);
}

fn pair(left: B256, right: B256) -> B256 {
    keccak256([left.0, right.0].concat())
}

#[test]
fn messages_to_l1_build_a_tree() {
    let chain = Chain::new();
    let (dev, to) = (Wallet::dev(), Wallet::number(1).address());
    let mut leaves = Vec::new();
    let mut updates = Vec::new();
    for index in 0..3u8 {
        let call = sendTxToL1Call { destination: to, data: Bytes::from(vec![index]) };
        let receipt = chain.send(&dev, TxKind::Call(ARB_SYS), u128::from(index), &call.abi_encode());
        let message = receipt.event::<L2ToL1Tx>();
        assert_eq!((message.caller, message.destination, message.callvalue), (dev.address(), to, U256::from(index)));
        assert_eq!(message.position, U256::from(index));
        assert_eq!(message.data, Bytes::from(vec![index]));
        leaves.push(keccak256(message.hash.to_be_bytes::<32>()));
        updates.push(receipt.events::<SendMerkleUpdate>());
    }
    assert_eq!(chain.balance(ARB_SYS), U256::ZERO, "the value has left the chain");
    assert!(updates[0].is_empty() && updates[2].is_empty(), "only the second message completes a node");
    let [update] = updates[1].as_slice() else { panic!("one node") };
    assert_eq!(update.hash, pair(leaves[0], leaves[1]));
    assert_eq!(update.position, (U256::ONE << 192) + U256::ONE);

    let state = chain.read(ARB_SYS, &sendMerkleTreeStateCall {});
    let root = pair(pair(leaves[0], leaves[1]), pair(leaves[2], B256::ZERO));
    assert_eq!((state.size, state.root), (U256::from(3), root));
    assert_eq!(state.partials, [leaves[2], update.hash]);
    let block = chain.client.call("eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(number(&block["sendCount"]), 3);
    assert_eq!(block["sendRoot"], json!(root));
    assert!(
        chain.try_read(dev.address(), ARB_SYS, 0, &sendMerkleTreeStateCall {}).is_err(),
        "for the zero address only"
    );
}

#[test]
fn addresses_get_short_numbers() {
    let chain = Chain::new();
    let (first, second) = (Wallet::number(1).address(), Wallet::number(2).address());
    let long = chain.read(TABLE, &compressCall { account: first });
    assert_eq!(long.len(), 21);
    for account in [first, second, first] {
        assert!(chain.act(TABLE, &registerCall { account }).is_ok());
    }
    assert_eq!(chain.read(TABLE, &sizeCall {}), U256::from(2));
    assert_eq!(chain.read(TABLE, &lookupCall { account: second }), U256::ONE);
    assert_eq!(chain.read(TABLE, &lookupIndexCall { index: U256::ONE }), second);
    assert!(chain.read(TABLE, &addressExistsCall { account: first }));
    let short = chain.read(TABLE, &compressCall { account: second });
    assert_eq!(short, Bytes::from_static(&[1]));

    let decompress = |buf: &Bytes, offset: u64| {
        let call = decompressCall { buf: buf.clone(), offset: U256::from(offset) };
        let answer = chain.try_read(Address::ZERO, TABLE, 0, &call)?;
        Ok::<_, serde_json::Value>(decompressCall::abi_decode_returns(&answer).unwrap())
    };
    let read = decompress(&long, 0).unwrap();
    assert_eq!((read.account, read.bytesRead), (first, U256::from(21)));
    let behind = Bytes::from([long.as_ref(), short.as_ref()].concat());
    let read = decompress(&behind, 21).unwrap();
    assert_eq!((read.account, read.bytesRead), (second, U256::ONE));
    assert!(decompress(&behind, 23).is_err(), "beyond the end");
    assert!(decompress(&Bytes::from_static(&[9]), 0).is_err(), "no such number");
    assert!(decompress(&Bytes::from_static(&[0x94, 1]), 0).is_err(), "cut short");
    assert!(chain.try_read(Address::ZERO, TABLE, 0, &lookupCall { account: TABLE }).is_err());
}
