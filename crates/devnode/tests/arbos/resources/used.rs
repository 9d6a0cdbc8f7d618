//! What transactions of all kinds use, and that nothing of it is missing.

use super::{ALL, Used, backlogs, counting, set, used};
use crate::{
    chain::{Chain, Receipt},
    upgrade,
};
use alloy_primitives::{Address, Bytes, TxKind, U256, hex};
use alloy_sol_types::{SolCall, sol};
use devnode::{
    ArbosVersion::{V60, V61},
    evm::Resource,
};
use harness::wire::{Wallet, number};
use nitro::{ARB_INFO, ARB_OWNER, ARB_SYS, ARB_WASM, ArbWasm::activateProgramCall};
use serde_json::json;

sol! {
    function getBalance(address account) external view returns (uint256);
    function getCode(address account) external view returns (bytes);
    function sendTxToL1(address destination, bytes data) external payable returns (uint256);
    function setSpeedLimit(uint64 limit) external;
    function setWasmActivationGas(uint64 gas) external;
    function setCalldataPriceIncrease(bool enable) external;
    function setL1PricePerUnit(uint256 pricePerUnit) external;
}

fn of(used: &Used, resource: Resource) -> u64 {
    used[resource as usize - 1]
}

fn total(used: &Used) -> u64 {
    used.iter().sum()
}

/// Calldata at the price of a transaction.
fn calldata(input: &[u8]) -> u64 {
    input.iter().map(|byte| if *byte == 0 { 4 } else { 16 }).sum()
}

fn send(chain: &Chain, to: TxKind, input: &[u8]) -> Receipt {
    chain.send(&Wallet::number(1), to, 0, input)
}

/// Loads slot 0, writes it, logs 5 bytes, and ends with status 0, or 1 if there is calldata.
const PROGRAM: &str = r#"(module
    (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $cache (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (import "vm_hooks" "emit_log" (func $log (param i32 i32 i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $load (i32.const 0) (i32.const 32))
        (i32.store8 (i32.const 63) (i32.const 9))
        (call $cache (i32.const 0) (i32.const 32)) (call $flush (i32.const 0))
        (call $log (i32.const 0) (i32.const 37) (i32.const 1))
        (i32.ne (local.get $len) (i32.const 0))))"#;

#[test]
fn all_gas_is_used_for_something() {
    for version in [V60, V61] {
        let chain = counting(version);
        let put = |code: &[u8]| TxKind::Call(chain.deploy(code).contract());
        let program = chain.deploy(&upgrade::compressed(PROGRAM)).contract();
        let writes = put(&hex!("60015f55"));
        let writes_and_logs = put(&hex!("600160015560055f5fa1"));
        let reverts = put(&hex!("60015f5560015fa05f5ffd"));
        let TxKind::Call(inner) = reverts else { unreachable!() };
        let nests = put(&[&hex!("5f5f5f5f5f73")[..], inner.as_slice(), &hex!("5af15460ff5f5260205ff3")].concat());
        let endless = put(&hex!("5b5f5460015f555f56"));
        let invalid = put(&hex!("60015f55fe"));
        let TxKind::Call(program_caller) =
            put(&[&hex!("5f5f60015f5f73")[..], program.as_slice(), &hex!("5af1")].concat())
        else {
            unreachable!()
        };
        let activation = activateProgramCall { program }.abi_encode();
        let to_l1 = sendTxToL1Call { destination: inner, data: Bytes::from_static(b"hello") }.abi_encode();
        let setter = setSpeedLimitCall { limit: 1 }.abi_encode();
        let transactions: [(&str, TxKind, &[u8]); 17] = [
            ("a transfer", TxKind::Call(Address::repeat_byte(7)), &[]),
            ("data for nobody", TxKind::Call(Address::repeat_byte(7)), &[0, 1, 2]),
            ("a creation", TxKind::Create, &hex!("60035ff3")),
            ("a creation that fails", TxKind::Create, &hex!("60ef5f5360035ff3")),
            ("a new slot", writes, &[]),
            ("a slot and a log", writes_and_logs, &[1; 40]),
            ("a revert", reverts, &[]),
            ("a nested revert", nests, &[]),
            ("out of gas", endless, &[]),
            ("an invalid opcode", invalid, &[]),
            ("an inactive program", TxKind::Call(program), &[]),
            ("an activation", TxKind::Call(ARB_WASM), &activation),
            ("a program", TxKind::Call(program), &[]),
            ("a program that reverts", TxKind::Call(program), &[1]),
            ("a program below code", TxKind::Call(program_caller), &[]),
            ("a message to L1", TxKind::Call(ARB_SYS), &to_l1),
            ("a method for owners", TxKind::Call(ARB_OWNER), &setter),
        ];
        for (what, to, input) in transactions {
            let value = if what == "an activation" { 10u128.pow(17) } else { 0 };
            let (used, receipt) = used(&chain, || chain.send(&Wallet::number(1), to, value, input));
            assert_eq!(total(&used), receipt.gas(), "{version}, {what}: {used:?}");
            assert!(of(&used, Resource::L2Calldata) >= calldata(input), "{what}");
        }
        let (used, receipt) = used(&chain, || send(&chain, TxKind::Call(program), &[]));
        let nothing_new = [("history", Resource::HistoryGrowth, 256 + 5 * 8), ("read", Resource::StorageRead, 2_000)];
        for (what, resource, gas) in nothing_new {
            assert_eq!(of(&used, resource), gas, "{what}: {receipt:?}");
        }
        assert_eq!(of(&used, Resource::Computation), 21_000 + 100, "the slot is as it was, which its cache knows");
        assert!(of(&used, Resource::WasmComputation) > 9_000);
    }
}

/// A slot that is cleared gives gas back, and has used it all the same.
#[test]
fn refunds_take_nothing_off() {
    for version in [V60, V61] {
        let chain = counting(version);
        // Writes its calldata's first word.
        let slot = TxKind::Call(chain.deploy(&hex!("5f355f55")).contract());
        send(&chain, slot, &[1; 32]);
        let (used, receipt) = used(&chain, || send(&chain, slot, &[]));
        assert_eq!(total(&used) - receipt.gas(), 4_800, "{version}");
        let [read, written] = [Resource::StorageRead, Resource::StorageWrite].map(|resource| of(&used, resource));
        assert_eq!((read, written), (2_100, 2_900));
    }
}

#[test]
fn precompiles() {
    let chain = counting(V61);
    let of_call = |to: Address, input: &[u8]| {
        let (mut used, receipt) = used(&chain, || send(&chain, TxKind::Call(to), input));
        assert_eq!(total(&used), receipt.gas());
        used[Resource::L2Calldata as usize - 1] -= calldata(input);
        used[Resource::Computation as usize - 1] -= 21_000;
        (used, receipt)
    };
    let expect = |pairs: &[(Resource, u64)]| {
        let mut used = Used::default();
        for (resource, gas) in pairs {
            used[*resource as usize - 1] += gas;
        }
        used
    };
    // The state is opened, a word is taken and one given.
    let balance = getBalanceCall { account: ARB_INFO }.abi_encode();
    let expected = [(Resource::StorageRead, 800), (Resource::L2Calldata, 3), (Resource::Computation, 700 + 3)];
    assert_eq!(of_call(ARB_INFO, &balance).0, expect(&expected));
    // A byte of code; offset, length and a word come back.
    let code = getCodeCall { account: ARB_INFO }.abi_encode();
    let expected =
        [(Resource::StorageRead, 800 + 2_100 + 3), (Resource::L2Calldata, 3), (Resource::Computation, 3 * 3)];
    assert_eq!(of_call(ARB_INFO, &code).0, expect(&expected));
    // Whoever is no owner pays for finding out, and loses the rest.
    let (used_by_stranger, receipt) = of_call(ARB_OWNER, &setSpeedLimitCall { limit: 1 }.abi_encode());
    let input = calldata(&setSpeedLimitCall { limit: 1 }.abi_encode());
    let lost = receipt.gas() - 21_000 - input - 1_600;
    assert_eq!(used_by_stranger, expect(&[(Resource::StorageRead, 1_600), (Resource::Computation, lost)]));
    // All of a log is history: here its three topics, and 5 bytes of data among others.
    let to_l1 = sendTxToL1Call { destination: ARB_SYS, data: Bytes::from_static(b"hello") }.abi_encode();
    let (sent, receipt) = of_call(ARB_SYS, &to_l1);
    let logs = receipt.0["logs"].as_array().unwrap();
    let price = |log: &serde_json::Value| {
        let (topics, data) = (log["topics"].as_array().unwrap().len(), log["data"].as_str().unwrap().len() / 2 - 1);
        375 * (1 + topics as u64) + 8 * data as u64
    };
    assert_eq!(of(&sent, Resource::HistoryGrowth), logs.iter().map(price).sum::<u64>());
    assert!(of(&sent, Resource::StorageWrite) >= 20_000 && of(&sent, Resource::StorageGrowth) == 0);
}

/// What owners add to an activation has no kind. Most of the rest is computation.
#[test]
fn activations() {
    let chain = counting(V61);
    assert!(chain.act(ARB_OWNER, &setWasmActivationGasCall { gas: 12_345 }).is_ok());
    let program = chain.deploy(&upgrade::program()).contract();
    let (used, receipt) = used(&chain, || upgrade::activate(&chain, &Wallet::number(1), program));
    assert!(receipt.is_ok());
    assert_eq!((total(&used), of(&used, Resource::SingleDim)), (receipt.gas(), 12_345));
    assert!(of(&used, Resource::Computation) > 1_659_168);
    assert_eq!(of(&used, Resource::WasmComputation), 0);
}

/// What fills calldata's price up to its floor is calldata. What pays for L1 counts for nothing.
#[test]
fn calldata_and_l1() {
    let chain = counting(V61);
    let data = [1; 2_000];
    let here = TxKind::Call(Address::repeat_byte(7));
    assert!(chain.act(ARB_OWNER, &setCalldataPriceIncreaseCall { enable: true }).is_ok());
    let (filled, receipt) = used(&chain, || send(&chain, here, &data));
    assert_eq!(receipt.gas(), 21_000 + 40 * 2_000);
    assert_eq!((total(&filled), of(&filled, Resource::L2Calldata)), (receipt.gas(), 40 * 2_000));
    assert!(chain.act(ARB_OWNER, &setCalldataPriceIncreaseCall { enable: false }).is_ok());

    assert!(chain.act(ARB_OWNER, &setL1PricePerUnitCall { pricePerUnit: U256::from(10u64.pow(9)) }).is_ok());
    let (used, receipt) = used(&chain, || send(&chain, here, &data));
    let l1 = number(&receipt.0["gasUsedForL1"]);
    assert!(l1 > 0);
    assert_eq!(total(&used), receipt.gas() - l1);
    assert_eq!(of(&used, Resource::L2Calldata), 16 * 2_000);
}

/// The transaction that sets the first constraints is counted under them, and executed again it is the same.
#[test]
fn constraints_hold_from_the_transaction_that_sets_them() {
    for version in [V60, V61] {
        let chain = Chain::with(version);
        let all = ALL.iter().map(|resource| (vec![(*resource as u8, 1)], u32::MAX, 1_000, 5)).collect();
        let receipt = set(&chain, all);
        let used = backlogs(&chain);
        assert_eq!(used.iter().map(|backlog| backlog - 5).sum::<u64>(), receipt.gas());
        let input = calldata(&input(&chain, &receipt));
        assert_eq!(used, [21_005, 5, 5, 5, 5, 5, 5 + input, 5], "owners act for free");
        for hash in [&receipt.0["blockHash"], &set(&chain, vec![]).0["blockHash"]] {
            let block = chain.client.call("eth_getBlockByHash", json!([hash, false]));
            let roots = chain.client.call("debug_intermediateRoots", json!([hash]));
            assert_eq!(roots.as_array().unwrap().last(), Some(&block["stateRoot"]), "{version}");
        }
    }
}

fn input(chain: &Chain, receipt: &Receipt) -> Vec<u8> {
    let transaction = chain.client.call("eth_getTransactionByHash", json!([receipt.0["transactionHash"]]));
    hex::decode(transaction["input"].as_str().unwrap()).unwrap()
}

/// Whoever records a message counts the same.
#[test]
fn traces_and_estimates_are_as_without_constraints() {
    let chain = counting(V61);
    let contract = chain.deploy(&hex!("60015f5560015fa0")).contract();
    let request = json!({ "from": Wallet::number(1).address(), "to": contract });
    let estimate = chain.client.number("eth_estimateGas", json!([request]));
    let receipt = send(&chain, TxKind::Call(contract), &[]);
    assert_eq!(receipt.gas(), 21_000 + 22_105 + 5 + 375 + 8 + 3);
    assert!((receipt.gas()..receipt.gas() * 102 / 100).contains(&estimate));
    let trace = chain.client.call("debug_traceTransaction", json!([receipt.0["transactionHash"], {}]));
    assert_eq!(number(&receipt.0["gasUsed"]), trace["gas"].as_u64().unwrap());
    // What a tracer sees of ArbOS' own state is what the block left: the backlogs among it.
    let diff = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
    let trace = chain.client.call("debug_traceTransaction", json!([receipt.0["transactionHash"], diff]));
    let slots = trace["post"][format!("{:#x}", nitro::ARBOS_STATE)]["storage"].as_object().unwrap();
    assert!(slots.len() > 4, "computation, history, read, growth: {slots:?}");
    for (slot, value) in slots {
        let now = chain.client.call("eth_getStorageAt", json!([nitro::ARBOS_STATE, slot, receipt.0["blockNumber"]]));
        assert_eq!(*value, now, "{slot}");
    }
}
