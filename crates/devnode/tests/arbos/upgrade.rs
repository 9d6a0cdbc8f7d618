//! A chain that is upgraded from ArbOS 51 to 60, at the time for which an owner scheduled it.

use crate::chain::{Chain, DAY, GAS, Receipt};
use alloy_primitives::{Address, B256, TxKind, U256, b256, keccak256};
use alloy_sol_types::{SolCall, SolEvent, sol};
use devnode::{
    ArbosVersion::{V51, V60, V61},
    DevNode,
};
use harness::wire::{Wallet, number};
use nitro::{
    ARB_FILTERED_TRANSACTIONS, ARB_OWNER, ARB_OWNER_PUBLIC, ARB_SYS, ARB_WASM, ArbFilteredTransactionsManager,
    PROGRAM_WITHOUT_DICTIONARY,
};
use serde_json::json;
use std::io::Write;

sol! {
    function scheduleArbOSUpgrade(uint64 newVersion, uint64 timestamp) external;
    function getScheduledUpgrade() external view returns (uint64 arbosVersion, uint64 scheduledForTimestamp);
    function arbOSVersion() external view returns (uint256);
    function stylusVersion() external view returns (uint16);
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    function programVersion(address program) external view returns (uint16);
    function getMaxStylusContractFragments() external view returns (uint8);
    function setTransactionFilteringFrom(uint64 timestamp) external;
    function addTransactionFilterer(address filterer) external;

    event ProgramActivated(bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version);
    event ChainOwnerAdded(address indexed owner);

    function addChainOwner(address newOwner) external;
}

/// A program that ends at once.
pub(crate) fn program() -> Vec<u8> {
    let text = r#"(module (memory (export "memory") 0 0)
        (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;
    compressed(text)
}

/// A program as it is deployed, from its text.
pub(crate) fn compressed(text: &str) -> Vec<u8> {
    let mut writer = brotlic::CompressorWriter::new(Vec::new());
    writer.write_all(&wat::parse_str(text).unwrap()).unwrap();
    [&PROGRAM_WITHOUT_DICTIONARY[..], &writer.into_inner().unwrap()].concat()
}

fn time(chain: &Chain) -> u64 {
    number(&chain.client.call("eth_getBlockByNumber", json!(["latest", false]))["timestamp"])
}

fn schedule(chain: &Chain, version: u64, at: u64) {
    assert!(chain.act(ARB_OWNER, &scheduleArbOSUpgradeCall { newVersion: version, timestamp: at }).is_ok());
}

fn version(chain: &Chain) -> U256 {
    chain.read(ARB_SYS, &arbOSVersionCall {}) - U256::from(55)
}

pub(crate) fn activate(chain: &Chain, by: &Wallet, program: Address) -> Receipt {
    chain.send(by, TxKind::Call(ARB_WASM), 10u128.pow(17), &activateProgramCall { program }.abi_encode())
}

fn run(chain: &Chain, program: Address) -> String {
    match chain.client.try_call("eth_call", json!([{ "to": program }, "latest"])) {
        Ok(output) => output.to_string(),
        Err(refused) => refused["message"].as_str().unwrap().to_owned(),
    }
}

#[test]
fn it_happens_at_its_time_and_programs_wait_for_anybody_to_activate_them() {
    let chain = Chain::with(V51);
    let anybody = Wallet::number(1);
    chain.fund(&anybody);
    let program = chain.deploy(&program()).contract();
    assert!(activate(&chain, &Wallet::dev(), program).is_ok());
    let due = time(&chain) + DAY;
    schedule(&chain, 60, due);
    assert_eq!(chain.read(ARB_OWNER_PUBLIC, &getScheduledUpgradeCall {}).scheduledForTimestamp, due);
    chain.wait(DAY / 2);
    assert_eq!(version(&chain), U256::from(51), "too early");
    assert_eq!(run(&chain, program), r#""0x""#);

    chain.wait(DAY / 2 + 1);
    assert_eq!(version(&chain), U256::from(60));
    assert_eq!(chain.read(ARB_WASM, &stylusVersionCall {}), 3);
    assert_eq!(chain.read(ARB_OWNER_PUBLIC, &getMaxStylusContractFragmentsCall {}), 4);
    assert_eq!(chain.read(ARB_OWNER_PUBLIC, &getScheduledUpgradeCall {}).arbosVersion, 0);
    let code = chain.client.call("eth_getCode", json!([ARB_FILTERED_TRANSACTIONS, "latest"]));
    assert_eq!(code, "0xfe");
    assert_eq!(run(&chain, program), "error ProgramNeedsUpgrade(2, 3)");

    assert_eq!(activate(&chain, &anybody, program).event::<ProgramActivated>().version, 3);
    assert_eq!(run(&chain, program), r#""0x""#);
    assert_eq!(chain.read(ARB_WASM, &programVersionCall { program }), 3);
}

#[test]
fn the_first_block_at_its_time_has_it_from_the_beginning() {
    let chain = Chain::with(V51);
    let program = chain.deploy(&program()).contract();
    assert!(activate(&chain, &Wallet::dev(), program).is_ok());
    schedule(&chain, 60, 0);
    assert_eq!(version(&chain), U256::from(51), "the block that schedules it is still the old one");
    assert_eq!(run(&chain, program), r#""0x""#, "a call sees the newest block");
    let failed = chain.send(&Wallet::dev(), TxKind::Call(program), 0, &[]);
    assert!(!failed.is_ok());
    assert_eq!(failed.gas(), GAS, "all gas is taken");
    // What happened before is still told as it was.
    let block = number(&failed.0["blockNumber"]) - 1;
    let before = json!([{ "to": program }, format!("{block:#x}")]);
    assert_eq!(chain.client.call("eth_call", before), "0x");
    // Executed again it is what it was: it begins without the upgrade, and makes it.
    let hash = &failed.0["blockHash"];
    let roots = chain.client.call("debug_intermediateRoots", json!([hash]));
    let made = chain.client.call("eth_getBlockByHash", json!([hash, false]));
    assert_eq!(roots[1], made["stateRoot"]);
    let trace = json!([failed.0["transactionHash"], { "tracer": "callTracer" }]);
    let trace = chain.client.call("debug_traceTransaction", trace);
    assert_eq!(trace["gasUsed"], failed.0["gasUsed"]);
    assert!(trace["error"].is_string());
}

#[test]
fn lower_and_unknown_versions_have_no_effect() {
    let chain = Chain::with(V51);
    for other in [20, 51, 62, u64::MAX] {
        schedule(&chain, other, 0);
        chain.wait(1);
        assert_eq!(version(&chain), U256::from(51), "{other}");
    }
}

/// 60 ran on few chains; Arbitrum One left it out.
#[test]
fn from_51_to_61_is_one_step_and_from_60_programs_go_on() {
    let chain = Chain::with(V51);
    let old = chain.deploy(&program()).contract();
    assert!(activate(&chain, &Wallet::dev(), old).is_ok());
    schedule(&chain, 61, 0);
    chain.wait(1);
    assert_eq!(version(&chain), U256::from(61));
    assert_eq!(chain.read(ARB_OWNER_PUBLIC, &getMaxStylusContractFragmentsCall {}), 4);
    assert_eq!(chain.client.call("eth_getCode", json!([ARB_FILTERED_TRANSACTIONS, "latest"])), "0xfe");
    assert_eq!(run(&chain, old), "error ProgramNeedsUpgrade(2, 3)");

    let chain = Chain::with(V60);
    let program = chain.deploy(&program()).contract();
    assert!(activate(&chain, &Wallet::dev(), program).is_ok());
    schedule(&chain, 61, 0);
    chain.wait(1);
    assert_eq!(version(&chain), U256::from(61));
    assert_eq!(run(&chain, program), r#""0x""#);
}

#[test]
fn a_chain_begins_with_61() {
    assert_eq!(version(&Chain::new()), U256::from(61));
    assert_eq!(Chain::with(V61).read(ARB_WASM, &stylusVersionCall {}), 3);
}

#[test]
fn going_back_undoes_it() {
    let chain = Chain::with(V51);
    schedule(&chain, 60, time(&chain) + DAY);
    let snapshot = chain.client.call("evm_snapshot", json!([]));
    chain.wait(DAY);
    assert_eq!(version(&chain), U256::from(60));
    assert!(
        chain.act(ARB_OWNER, &addChainOwnerCall { newOwner: Address::ZERO }).events::<ChainOwnerAdded>().len() == 1
    );
    assert_eq!(chain.client.call("evm_revert", json!([snapshot])), true);
    assert_eq!(version(&chain), U256::from(51));
    let acted = chain.act(ARB_OWNER, &addChainOwnerCall { newOwner: Address::ZERO });
    assert!(acted.is_ok() && acted.events::<ChainOwnerAdded>().is_empty());
}

/// The hash of block 0 of a Nitro v3.10.0 node with ArbOS 60.
#[test]
fn a_chain_that_begins_with_60_begins_as_nitros() {
    let node = DevNode::builder().bare(true).arbos_version(V60).spawn().unwrap();
    let block = Chain::on(node).client.call("eth_getBlockByNumber", json!(["0x0", false]));
    let hash: B256 = serde_json::from_value(block["hash"].clone()).unwrap();
    assert_eq!(hash, b256!("21ab7ab2f8c1a82febf2eaea535365296e4162eb7e37c388648bd6abcac5dc5e"));
}

#[test]
fn a_filtered_transaction_pays_all_its_gas_and_does_nothing() {
    let chain = Chain::with(V60);
    let (filterer, sender) = (Wallet::number(1), Wallet::number(2));
    chain.fund(&filterer);
    chain.fund(&sender);
    let from = time(&chain) + 8 * DAY;
    assert!(chain.act(ARB_OWNER, &setTransactionFilteringFromCall { timestamp: from }).is_ok());
    let add = addTransactionFiltererCall { filterer: filterer.address() };
    assert!(!chain.act(ARB_OWNER, &add).is_ok(), "not yet");
    chain.wait(9 * DAY);
    assert!(chain.act(ARB_OWNER, &add).is_ok());

    let target = Address::repeat_byte(7);
    let raw = sender.sign(0, TxKind::Call(target), 5, &[], GAS);
    let bytes: alloy_primitives::Bytes = serde_json::from_value(json!(raw)).unwrap();
    let mark = ArbFilteredTransactionsManager::addFilteredTransactionCall { txHash: keccak256(&bytes) }.abi_encode();
    let marked = chain.send(&filterer, TxKind::Call(ARB_FILTERED_TRANSACTIONS), 0, &mark);
    assert!(marked.is_ok());
    let topic = ArbFilteredTransactionsManager::FilteredTransactionAdded::SIGNATURE_HASH;
    assert_eq!(marked.0["logs"][0]["topics"][0], topic.to_string());

    let hash = chain.client.call("eth_sendRawTransaction", json!([raw]));
    let receipt = Receipt(chain.client.call("eth_getTransactionReceipt", json!([hash])));
    assert!(!receipt.is_ok());
    assert_eq!((receipt.gas(), chain.balance(target)), (GAS, U256::ZERO));
    // Nothing was called, so that these tracers find no outermost call.
    for (tracer, says) in [
        ("callTracer", Err("incorrect number of top-level calls")),
        ("flatCallTracer", Err("invalid number of calls")),
        ("4byteTracer", Ok(json!({}))),
        ("noopTracer", Ok(json!({}))),
    ] {
        let traced = chain.client.try_call("debug_traceTransaction", json!([hash, { "tracer": tracer }]));
        assert_eq!(traced, says.map_err(|text| json!({ "code": -32000, "message": text })), "{tracer}");
    }
    assert!(chain.send(&sender, TxKind::Call(target), 5, &[]).is_ok(), "its nonce is used up");

    // The address of a creation follows from sender and nonce, though nothing is created.
    let raw = sender.sign(2, TxKind::Create, 0, &[0x5f], GAS);
    let bytes: alloy_primitives::Bytes = serde_json::from_value(json!(raw)).unwrap();
    let mark = ArbFilteredTransactionsManager::addFilteredTransactionCall { txHash: keccak256(&bytes) }.abi_encode();
    assert!(chain.send(&filterer, TxKind::Call(ARB_FILTERED_TRANSACTIONS), 0, &mark).is_ok());
    let hash = chain.client.call("eth_sendRawTransaction", json!([raw]));
    let receipt = chain.client.call("eth_getTransactionReceipt", json!([hash]));
    assert_eq!(receipt["status"], "0x0");
    assert_eq!(receipt["contractAddress"], json!(format!("{:#x}", sender.address().create(2))));
}
