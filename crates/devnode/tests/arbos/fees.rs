//! What ArbOS moves around a transaction, and what a version gives back of it.

use crate::{chain::Chain, upgrade};
use alloy_primitives::{Address, TxKind, U256, address, hex};
use alloy_sol_types::{SolCall, sol};
use devnode::ArbosVersion::{V51, V60, V61};
use harness::wire::{Wallet, number};
use nitro::{ARB_GAS_INFO, ARB_OWNER, L1_PRICER_FUNDS};
use serde_json::{Value, json};

sol! {
    function setSpeedLimit(uint64 limit) external;
    function setL1PricePerUnit(uint256 pricePerUnit) external;
    function setNetworkFeeAccount(address account) external;
    function setInfraFeeAccount(address account) external;
    function setCollectTips(bool collect) external;
    function getMultiGasBaseFee() external view returns (uint256[] baseFees);
    function setCalldataPriceIncrease(bool enable) external;
    function setL2BaseFee(uint256 priceInWei) external;
}

const NETWORK: Address = address!("00000000000000000000000000000000000000A1");
const INFRASTRUCTURE: Address = address!("00000000000000000000000000000000000000A2");

/// Sends a transaction with a gas limit.
fn send(chain: &Chain, from: &Wallet, to: TxKind, input: &[u8], gas: u64) -> Value {
    let nonce = chain.client.number("eth_getTransactionCount", json!([from.address(), "latest"]));
    let hash = chain.client.call("eth_sendRawTransaction", json!([from.sign(nonce, to, 0, input, gas)]));
    chain.client.call("eth_getTransactionReceipt", json!([hash]))
}

/// What the sender has paid for a transaction.
fn paid(chain: &Chain, from: &Wallet, act: impl FnOnce() -> Value) -> (U256, Value) {
    let before = chain.balance(from.address());
    let receipt = act();
    (before - chain.balance(from.address()), receipt)
}

fn cost(receipt: &Value) -> U256 {
    U256::from(number(&receipt["gasUsed"]) * number(&receipt["effectiveGasPrice"]))
}

/// Purpose, from, to and value of what was moved after the calls.
fn moved(chain: &Chain, receipt: &Value) -> Vec<[String; 4]> {
    let tracer = json!({ "tracer": "callTracer" });
    let trace = chain.client.call("debug_traceTransaction", json!([receipt["transactionHash"], tracer]));
    let flat = json!({ "tracer": "flatCallTracer" });
    let flat = chain.client.call("debug_traceTransaction", json!([receipt["transactionHash"], flat]));
    assert_eq!(trace["afterEVMTransfers"], flat[0]["afterEVMTransfers"]);
    let list = trace["afterEVMTransfers"].as_array().unwrap().iter();
    list.map(|entry| {
        ["purpose", "from", "to", "value"].map(|key| entry[key].as_str().unwrap_or_default().to_lowercase())
    })
    .collect()
}

fn entry(purpose: &str, from: Option<Address>, to: Address, value: U256) -> [String; 4] {
    let from = from.map(|from| format!("{from:#x}")).unwrap_or_default();
    [purpose.to_lowercase(), from, format!("{to:#x}"), format!("{value:#x}")]
}

/// A program whose caller has not enough gas for its start loses all of it. Nitro v3.10 counts that gas for no resource, and
/// pays back what was not counted (`arbos/programs/programs.go`, `BurnGas`; `arbos/tx_processor.go`, `EndTxHook`).
#[test]
fn gas_that_a_program_could_not_start_with_comes_back_with_60_alone() {
    for version in [V51, V60, V61] {
        let chain = Chain::with(version);
        let sender = Wallet::number(1);
        chain.fund(&sender);
        assert!(chain.act(ARB_OWNER, &setNetworkFeeAccountCall { account: NETWORK }).is_ok());
        let program = chain.deploy(&upgrade::program()).contract();
        assert!(upgrade::activate(&chain, &Wallet::dev(), program).is_ok());
        // All of the sender's own gas, and what EVM code gives a callee: 5,000 of it.
        let caller = [&hex!("5f5f5f5f5f73")[..], program.as_slice(), &hex!("611388f100")].concat();
        let caller = chain.deploy(&caller).contract();
        for (to, lost) in [(program, 1_000), (caller, 5_000)] {
            let limit = if to == program { 22_000 } else { 100_000 };
            let network = chain.balance(NETWORK);
            let (spent, receipt) = paid(&chain, &sender, || send(&chain, &sender, TxKind::Call(to), &[], limit));
            let price = number(&receipt["effectiveGasPrice"]);
            let refund = U256::from(if version == V60 { lost * price } else { 0 });
            assert_eq!(spent, cost(&receipt) - refund, "{version}: {receipt}");
            assert_eq!(chain.balance(NETWORK) - network, spent, "{version}");
            let refunds: Vec<_> = moved(&chain, &receipt).into_iter().filter(|entry| entry[0] == "refund").collect();
            let expected = entry("refund", Some(NETWORK), sender.address(), refund);
            assert_eq!(refunds, if version == V60 { vec![expected] } else { vec![] });
        }
    }
}

/// A program's own gas is counted as a whole, with what the programs that it calls lose.
#[test]
fn what_a_program_makes_others_lose_is_counted() {
    let text = r#"(module (import "vm_hooks" "static_call_contract"
            (func $call (param i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "read_args" (func $read (param i32)))
        (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32)
            (call $read (i32.const 0))
            (drop (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 700) (i32.const 64)))
            i32.const 0))"#;
    let chain = Chain::with(V60);
    let sender = Wallet::number(1);
    chain.fund(&sender);
    let program = chain.deploy(&upgrade::program()).contract();
    assert!(upgrade::activate(&chain, &Wallet::dev(), program).is_ok());
    let outer = chain.deploy(&upgrade::compressed(text)).contract();
    assert!(upgrade::activate(&chain, &Wallet::dev(), outer).is_ok());
    let call = || send(&chain, &sender, TxKind::Call(outer), program.as_slice(), 200_000);
    let (spent, receipt) = paid(&chain, &sender, call);
    assert_eq!(number(&receipt["status"]), 1);
    assert_eq!(spent, cost(&receipt));
}

/// ArbOS 60 took the price of the next block for what was used (OffchainLabs/nitro, `system_tests`,
/// `TestMultiGasRefundWithoutConstraints`).
#[test]
fn a_price_that_falls_comes_back_with_60_alone() {
    for version in [V51, V60, V61] {
        let chain = Chain::with(version);
        let sender = Wallet::number(1);
        chain.fund(&sender);
        assert!(chain.act(ARB_OWNER, &setSpeedLimitCall { limit: 100_000 }).is_ok());
        // A loop that runs out of gas.
        assert!(!chain.send(&Wallet::dev(), TxKind::Create, 0, &hex!("5b5f56")).is_ok());
        chain.wait(0);
        assert!(chain.act(ARB_OWNER, &setSpeedLimitCall { limit: 7_000_000 }).is_ok());
        let transfers = [(); 6].map(|()| {
            let transfer = || send(&chain, &sender, TxKind::Call(sender.address()), &[], 21_000);
            let (spent, receipt) = paid(&chain, &sender, transfer);
            (spent, U256::from(number(&receipt["effectiveGasPrice"])), fees(&chain))
        });
        assert!(transfers[0].1 > transfers[1].1, "the speed limit counts from the next block on");
        for pair in transfers.windows(2) {
            let ((spent, price, fees), next) = (&pair[0], pair[1].1);
            let fair = if version == V60 { next.min(*price) } else { *price };
            assert_eq!(*spent, fair * U256::from(21_000), "{version}");
            // `getMultiGasBaseFee`, too, took the next price for the present one.
            let shown = if version == V60 { next } else { *price };
            assert!(fees.iter().all(|fee| *fee == shown), "{version}: {fees:?}");
        }
    }
}

/// Wei for a gas of each resource; none with ArbOS 51.
fn fees(chain: &Chain) -> Vec<U256> {
    let answer = chain.try_read(Address::ZERO, ARB_GAS_INFO, 0, &getMultiGasBaseFeeCall {});
    answer.map_or_else(|_| Vec::new(), |output| getMultiGasBaseFeeCall::abi_decode_returns(&output).unwrap())
}

/// What an owner sets within the transaction counts.
#[test]
fn the_price_is_read_at_the_end() {
    for (version, gives_back) in [(V60, true), (V61, false)] {
        let chain = Chain::with(version);
        let dev = Wallet::dev();
        let call = setL2BaseFeeCall { priceInWei: U256::from(chain.base_fee() / 2) }.abi_encode();
        let (spent, receipt) = paid(&chain, &dev, || send(&chain, &dev, TxKind::Call(ARB_OWNER), &call, 100_000));
        assert_eq!(number(&receipt["status"]), 1);
        let expected = cost(&receipt) / U256::from(if gives_back { 2 } else { 1 });
        assert_eq!(spent, expected, "{version}");
    }
}

/// The infrastructure comes first, then the network if anything is left for it, then the pool for L1 (`EndTxHook`). A tip is
/// moved before all of them (go-ethereum's fork, `core/state_transition.go`).
#[test]
fn traces_name_the_accounts_that_get_the_fees() {
    let chain = Chain::new();
    let dev = Wallet::dev();
    assert!(chain.act(ARB_OWNER, &setNetworkFeeAccountCall { account: NETWORK }).is_ok());
    assert!(chain.act(ARB_OWNER, &setL1PricePerUnitCall { pricePerUnit: U256::from(10u64.pow(9)) }).is_ok());
    let transfer = || send(&chain, &dev, TxKind::Call(INFRASTRUCTURE), &[], 5_000_000);
    let parts = |receipt: &Value| {
        let [price, used, l1, limit] = [
            number(&receipt["effectiveGasPrice"]),
            number(&receipt["gasUsed"]),
            number(&receipt["gasUsedForL1"]),
            5_000_000,
        ];
        [price * (limit - used), price * (used - l1), price * l1].map(U256::from)
    };
    let refund = |value| entry("gasRefund", None, dev.address(), value);
    let fee = |to, value| entry("feeCollection", None, to, value);

    let receipt = transfer();
    let [unused, computed, l1] = parts(&receipt);
    assert_eq!(moved(&chain, &receipt), [refund(unused), fee(NETWORK, computed), fee(L1_PRICER_FUNDS, l1)]);

    assert!(chain.act(ARB_OWNER, &setInfraFeeAccountCall { account: INFRASTRUCTURE }).is_ok());
    let receipt = transfer();
    let [unused, computed, l1] = parts(&receipt);
    assert_eq!(moved(&chain, &receipt), [refund(unused), fee(INFRASTRUCTURE, computed), fee(L1_PRICER_FUNDS, l1)]);

    assert!(chain.act(ARB_OWNER, &setCollectTipsCall { collect: true }).is_ok());
    let receipt = transfer();
    let [unused, computed, l1] = parts(&receipt);
    let tip = entry("tip", None, NETWORK, U256::ZERO);
    assert_eq!(moved(&chain, &receipt), [refund(unused), tip, fee(INFRASTRUCTURE, computed), fee(L1_PRICER_FUNDS, l1)]);
}

/// `core/types/arb_types.go` of go-ethereum's fork, `mixDigest`: byte 25 says whether the block collects tips, and receipts
/// follow it, even that of the transaction that decides it.
#[test]
fn headers_say_whether_tips_are_collected() {
    let chain = Chain::new();
    let mark = || {
        let block = chain.client.call("eth_getBlockByNumber", json!(["latest", false]));
        hex::decode(block["mixHash"].as_str().unwrap()).unwrap()[25]
    };
    let tipping = |nonce: u64, collect: bool| {
        let call = setCollectTipsCall { collect }.abi_encode();
        let raw = with_tip(nonce, ARB_OWNER, &call, 5);
        let hash = chain.client.call("eth_sendRawTransaction", json!([raw]));
        let receipt = chain.client.call("eth_getTransactionReceipt", json!([hash]));
        assert_eq!(receipt["status"], "0x1");
        number(&receipt["effectiveGasPrice"]) - chain.base_fee()
    };
    assert_eq!(mark(), 0);
    let nonce = chain.client.number("eth_getTransactionCount", json!([Wallet::dev().address(), "latest"]));
    assert_eq!((tipping(nonce, true), mark()), (5, 1));
    chain.wait(0);
    assert_eq!(mark(), 1, "so says every block while it holds");
    assert_eq!((tipping(nonce + 1, false), mark()), (0, 0));
}

/// A transaction of the development account that offers a tip.
fn with_tip(nonce: u64, to: Address, input: &[u8], tip: u128) -> String {
    use alloy::{
        consensus::{SignableTransaction, TxEip1559, TxEnvelope},
        eips::Encodable2718,
        signers::{SignerSync, local::PrivateKeySigner},
    };
    let transaction = TxEip1559 {
        chain_id: nitro::CHAIN_ID,
        nonce,
        gas_limit: 1_000_000,
        max_fee_per_gas: 10_000_000_000,
        max_priority_fee_per_gas: tip,
        to: TxKind::Call(to),
        value: U256::ZERO,
        access_list: Default::default(),
        input: input.to_vec().into(),
    };
    let signer = PrivateKeySigner::from_bytes(&devnode::DEV_KEY).unwrap();
    let signature = signer.sign_hash_sync(&transaction.signature_hash()).unwrap();
    hex::encode_prefixed(TxEnvelope::from(transaction.into_signed(signature)).encoded_2718())
}

/// EIP-7623, for who has set it: 21,000 and 10 for a zero byte, 40 for any other.
#[test]
fn calldata_has_a_floor_price_where_an_owner_set_one() {
    let chain = Chain::new();
    let sender = Wallet::number(1);
    chain.fund(&sender);
    let data = [[1; 2_000].as_slice(), &[0; 100]].concat();
    let (plain, floor) = (21_000 + 16 * 2_000 + 4 * 100, 21_000 + 40 * 2_000 + 10 * 100);
    let gas = |limit| number(&send(&chain, &sender, TxKind::Call(sender.address()), &data, limit)["gasUsed"]);
    assert_eq!(gas(plain), plain);
    let set = |enable| {
        let receipt = chain.act(ARB_OWNER, &setCalldataPriceIncreaseCall { enable });
        assert!(receipt.is_ok());
        receipt.gas()
    };
    let usual = set(true);
    assert_eq!(gas(1_000_000), floor);
    assert_eq!(gas(floor), floor);
    let nonce = chain.client.number("eth_getTransactionCount", json!([sender.address(), "latest"]));
    let low = sender.sign(nonce, TxKind::Call(sender.address()), 0, &data, floor - 1);
    let refused = chain.client.try_call("eth_sendRawTransaction", json!([low])).unwrap_err();
    let says = format!("insufficient gas for floor data gas cost: have {}, want {floor}", floor - 1);
    assert_eq!(refused["message"], says);
    let request = json!({ "from": sender.address(), "to": sender.address(), "data": hex::encode_prefixed(&data) });
    let estimate = chain.client.number("eth_estimateGas", json!([request]));
    assert!((floor..floor * 102 / 100).contains(&estimate), "{estimate}");
    assert_eq!(gas(estimate), floor);
    // What sets it, and what ends it, pay as before: it must hold before and after a transaction.
    assert_eq!(set(false).abs_diff(usual), 12, "a zero byte for a one");
    assert_eq!(gas(plain), plain);
}
