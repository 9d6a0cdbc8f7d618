//! What no recording shows, as Nitro's source has it.

use crate::{chain::Chain, upgrade::compressed};
use alloy_primitives::{Address, TxKind, U256, hex};
use alloy_sol_types::{SolCall, sol};
use devnode::ArbosVersion::{V51, V60, V61};
use harness::wire::Wallet;
use nitro::{ARB_GAS_INFO, ARB_OWNER, ARB_WASM, ARB_WASM_CACHE, ArbWasm, ArbWasmCache};
use serde_json::{Value, json};

sol! {
    function setGasPricingConstraints(uint64[3][] constraints) external;
    function getGasPricingConstraints() external view returns (uint64[3][] constraints);
}

/// Where transactions are marked as filtered (OffchainLabs/nitro `arbos/arbosState/arbosstate.go`).
const FILTERED: Address = nitro::FILTERED_TRANSACTIONS_STATE;

/// `vm_hooks.tx_gas_price` is the price that was offered; only `GASPRICE` has the tip taken off (go-ethereum's fork,
/// `core/state_transition.go`, lowers the message's price after the transaction's context was made).
#[test]
fn programs_read_the_price_that_was_offered() {
    let chain = Chain::new();
    let text = r#"(module (import "vm_hooks" "tx_gas_price" (func $price (param i32)))
        (import "vm_hooks" "write_result" (func $result (param i32 i32)))
        (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32)
            (call $price (i32.const 0)) (call $result (i32.const 0) (i32.const 32)) i32.const 0))"#;
    let program = chain.deploy(&compressed(text)).contract();
    assert!(crate::upgrade::activate(&chain, &Wallet::dev(), program).is_ok());
    // GASPRICE PUSH0 MSTORE; return the word.
    let code = chain.deploy(&hex!("3a5f5260205ff3")).contract();
    let base = U256::from(chain.base_fee());
    let read = |to: Address, fields: Value| {
        let mut request = json!({ "to": to, "from": Wallet::dev().address() });
        request.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let answer = chain.client.call("eth_call", json!([request, "latest"]));
        answer.as_str().unwrap().parse::<U256>().unwrap()
    };
    let legacy = || json!({ "gasPrice": base * U256::from(3) });
    let tip = || json!({ "maxFeePerGas": base * U256::from(5), "maxPriorityFeePerGas": base });
    assert_eq!((read(program, legacy()), read(code, legacy())), (base * U256::from(3), base));
    assert_eq!((read(program, tip()), read(code, tip())), (base * U256::from(2), base));
    assert_eq!((read(program, json!({})), read(code, json!({}))), (U256::ZERO, U256::ZERO));
}

/// Since v3.10 a node caches a program from its database, which has what the blocks before have left (`arbos/programs/
/// programs.go`, `SetProgramCached`).
#[test]
fn what_a_transaction_deploys_it_cannot_cache() {
    for (version, cached) in [(V51, true), (V60, false), (V61, false)] {
        let chain = Chain::with(version);
        let dev = Wallet::dev().address();
        let nonce = chain.client.number("eth_getTransactionCount", json!([dev, "latest"]));
        // The owner's next transaction but one makes the batch.
        let batch = dev.create(nonce + 1);
        let add = nitro::ArbOwner::addWasmCacheManagerCall { manager: batch };
        assert!(chain.act(ARB_OWNER, &add).is_ok());
        let made = chain.send(&Wallet::dev(), TxKind::Create, 10u128.pow(17), &deploy_activate_and_cache());
        assert_eq!(made.contract(), batch);
        let answer = chain.client.call("eth_getStorageAt", json!([batch, "0x0", "latest"]));
        assert_eq!(answer.as_str().unwrap().parse::<U256>().unwrap(), U256::from(u8::from(cached)), "{version}");
    }
}

/// Creation code that deploys a program, activates it with all its ether, caches it, and stores whether it was cached.
fn deploy_activate_and_cache() -> Vec<u8> {
    let program = crate::upgrade::program();
    let size = u8::try_from(program.len()).unwrap();
    // Copies what follows it, and returns it.
    let creation = [&[0x60, size, 0x80, 0x60, 9, 0x5f, 0x39, 0x5f, 0xf3], &program[..]].concat();
    let selectors = [ArbWasm::activateProgramCall::SELECTOR, ArbWasmCache::cacheProgramCall::SELECTOR].concat();
    let [wasm, cache] = [ARB_WASM, ARB_WASM_CACHE].map(|address| address[19]);
    let steps = |at: u8| {
        let size = u8::try_from(creation.len()).unwrap();
        [
            // CODECOPY(0, at, size), CREATE(0, 0, size)
            vec![0x60, size, 0x60, at, 0x5f, 0x39, 0x60, size, 0x5f, 0x5f, 0xf0],
            // The selector, and the address behind it.
            vec![0x60, 4, 0x60, at + size, 0x5f, 0x39, 0x80, 0x60, 4, 0x52],
            // CALL(gas, ArbWasm, balance, 0, 36, 0, 0), POP
            vec![0x5f, 0x5f, 0x60, 36, 0x5f, 0x47, 0x60, wasm, 0x5a, 0xf1, 0x50],
            vec![0x60, 4, 0x60, at + size + 4, 0x5f, 0x39, 0x60, 4, 0x52],
            // SSTORE(0, CALL(gas, ArbWasmCache, 0, 0, 36, 0, 0)), STOP
            vec![0x5f, 0x5f, 0x60, 36, 0x5f, 0x5f, 0x60, cache, 0x5a, 0xf1, 0x5f, 0x55, 0x00],
        ]
        .concat()
    };
    let at = u8::try_from(steps(0).len()).unwrap();
    [steps(at), creation, selectors].concat()
}

/// An opcode that says what there was too little gas for is out of gas as any other.
#[test]
fn an_estimate_that_no_gas_allowed_suffices_for_says_so() {
    let chain = Chain::new();
    // Writes a slot: with 2,300 gas or less it fails at once (EIP-2200).
    let code = chain.deploy(&hex!("60015f55")).contract();
    let request = json!([{ "to": code, "gas": format!("{:#x}", 23_000) }]);
    let refused = chain.client.try_call("eth_estimateGas", request).unwrap_err();
    assert_eq!(refused["message"], "gas required exceeds allowance (23000)");
}

/// The account is made whenever ArbOS opens its state.
#[test]
fn the_account_of_filtered_transactions_is_there_from_the_first_block() {
    for (version, nonce) in [(V51, 0), (V61, 1)] {
        let chain = Chain::with(version);
        chain.wait(1);
        assert_eq!(chain.client.number("eth_getTransactionCount", json!([FILTERED, "latest"])), nonce, "{version}");
    }
}

/// Go's decoder refuses a number that its type does not hold.
#[test]
fn numbers_in_arrays_are_checked() {
    let chain = Chain::new();
    let set = setGasPricingConstraintsCall { constraints: vec![[1_000_000, 10, 0]] };
    let mut data = set.abi_encode();
    // The word of the target, a bit above 64.
    data[4 + 64 + 23] = 1;
    assert!(!chain.send(&Wallet::dev(), TxKind::Call(ARB_OWNER), 0, &data).is_ok());
    assert!(chain.read(ARB_GAS_INFO, &getGasPricingConstraintsCall {}).is_empty());
    assert!(chain.act(ARB_OWNER, &set).is_ok());
    assert_eq!(chain.read(ARB_GAS_INFO, &getGasPricingConstraintsCall {}).len(), 1);
}
