//! Programs in fragments, and what else programs see of ArbOS 60.

use crate::chain::{Chain, Receipt, error};
use alloy_primitives::{Address, Bytes, TxKind, U256};
use alloy_sol_types::{SolCall, sol};
use devnode::ArbosVersion::{V51, V60};
use harness::wire::Wallet;
use nitro::{
    ARB_OWNER, ARB_OWNER_PUBLIC, ARB_SYS, ARB_WASM, FRAGMENT, MAX_CODE, MAX_WASM_60, PROGRAM_WITHOUT_DICTIONARY, ROOT,
};
use serde_json::{Value, json};
use std::io::Write;

sol! {
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
    function activationGas() external view returns (uint64 gas);
    function setWasmActivationGas(uint64 gas) external;
    function setWasmMaxSize(uint32 size) external;
    function getMaxStylusContractFragments() external view returns (uint8);
    function setMaxStylusContractFragments(uint8 maxFragments) external;
    function arbOSVersion() external view returns (uint256);

    event ProgramActivated(bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version);

    error ProgramNotWasm();
}

const FEE: u128 = 10u128.pow(17);

/// Gas of touching a cold account and of copying that many bytes of its code.
fn reading(bytes: usize) -> u64 {
    2_600 + 3 * bytes.div_ceil(32) as u64
}

/// A program that returns what it is called with, and ends with that status; a page of random data makes it large.
fn wasm(status: u8) -> Vec<u8> {
    let mut seed = 7u64;
    let data: String = (0..4_000)
        .map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("\\{:02x}", seed >> 56)
        })
        .collect();
    let text = format!(
        r#"(module
            (import "vm_hooks" "read_args" (func $read_args (param i32)))
            (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
            (memory (export "memory") 1 1)
            (data (i32.const 4096) "{data}")
            (func (export "user_entrypoint") (param $len i32) (result i32)
                (call $read_args (i32.const 0))
                (call $write_result (i32.const 0) (local.get $len))
                i32.const {status}))"#
    );
    wat::parse_str(text).unwrap()
}

fn compressed(wasm: &[u8]) -> Vec<u8> {
    let mut writer = brotlic::CompressorWriter::new(Vec::new());
    writer.write_all(wasm).unwrap();
    writer.into_inner().unwrap()
}

fn whole(wasm: &[u8]) -> Vec<u8> {
    [&PROGRAM_WITHOUT_DICTIONARY[..], &compressed(wasm)].concat()
}

fn fragment(part: &[u8]) -> Vec<u8> {
    [&FRAGMENT[..], part].concat()
}

fn root(dictionary: u8, size: usize, fragments: &[Address]) -> Vec<u8> {
    let size = u32::try_from(size).unwrap().to_be_bytes();
    [&ROOT[..], &[dictionary], &size, &fragments.concat()].concat()
}

/// Deploys a program's fragments.
fn cut(chain: &Chain, wasm: &[u8], count: usize) -> Vec<(Address, usize)> {
    let compressed = compressed(wasm);
    let parts = compressed.chunks(compressed.len().div_ceil(count)).map(fragment);
    parts.map(|code| (chain.deploy(&code).contract(), code.len())).collect()
}

fn addresses(fragments: &[(Address, usize)]) -> Vec<Address> {
    fragments.iter().map(|(address, _)| *address).collect()
}

fn activate(chain: &Chain, program: Address) -> Receipt {
    chain.send(&Wallet::dev(), TxKind::Call(ARB_WASM), FEE, &activateProgramCall { program }.abi_encode())
}

/// Gas of an activation without that of the transaction's calldata.
fn gas_of(receipt: &Receipt, program: Address) -> u64 {
    let input = activateProgramCall { program }.abi_encode();
    receipt.gas() - input.iter().map(|byte| if *byte == 0 { 4 } else { 16 }).sum::<u64>()
}

fn call(chain: &Chain, to: Address, input: &str) -> Result<Value, Value> {
    chain.client.try_call("eth_call", json!([{ "to": to, "data": input }, "latest"]))
}

/// That a program is refused with plain words: a revert that keeps the gas that is left and says nothing.
fn assert_refused(chain: &Chain, program: Address) {
    let receipt = activate(chain, program);
    assert!(!receipt.is_ok());
    assert!(receipt.gas() < 2_000_000, "{receipt:?}");
    let refused = chain.try_read(Wallet::dev().address(), ARB_WASM, FEE, &activateProgramCall { program }).unwrap_err();
    assert_eq!((&refused["message"], &refused["data"]), (&json!("execution reverted"), &json!("0x")));
}

#[test]
fn a_program_in_fragments_runs_as_the_whole_does() {
    let chain = Chain::with(V60);
    let wasm = wasm(0);
    let program = chain.deploy(&whole(&wasm)).contract();
    let expected = activate(&chain, program);
    assert!(expected.is_ok());
    for count in [1, 2, 4] {
        let fragments = cut(&chain, &wasm, count);
        let root = chain.deploy(&root(0, wasm.len(), &addresses(&fragments))).contract();
        assert_eq!(call(&chain, root, "0x").unwrap_err()["message"], "error ProgramNotActivated()");
        let receipt = activate(&chain, root);
        let event = receipt.event::<ProgramActivated>();
        assert_eq!((event.program, event.version), (root, 3));
        // All that it costs on top is the fragments' reading.
        let read: u64 = fragments.iter().map(|(_, size)| reading(*size)).sum();
        assert_eq!(gas_of(&receipt, root), gas_of(&expected, program) + read, "{count} fragments");
        assert_eq!(call(&chain, root, "0xc0ffee").unwrap(), "0xc0ffee");
        let gas = |of| chain.read(ARB_WASM, &programInitGasCall { program: of });
        assert_eq!((gas(root).gas, gas(root).gasWhenCached), (gas(program).gas, gas(program).gasWhenCached));
        assert_eq!(
            call(&chain, fragments[0].0, "0x").unwrap_err()["message"],
            "invalid opcode: opcode 0xef not defined"
        );
    }
}

#[test]
fn what_is_no_program_in_fragments_is_refused() {
    let chain = Chain::with(V60);
    let wasm = wasm(0);
    let fragments = addresses(&cut(&chain, &wasm, 2));
    let [first, second] = fragments[..] else { panic!("{fragments:?}") };
    let nobody = Wallet::number(1).address();
    let contract = chain.deploy(&[0x00]).contract();
    for (what, code) in [
        ("none", root(0, wasm.len(), &[])),
        ("too many", root(0, wasm.len(), &[first, second, second, second, second])),
        ("the wrong order", root(0, wasm.len(), &[second, first])),
        ("one is missing", root(0, wasm.len(), &[first])),
        ("a size too small", root(0, wasm.len() - 1, &fragments)),
        ("a size too large", root(0, wasm.len() + 1, &fragments)),
        ("a size above the limit", root(0, MAX_WASM_60 as usize + 1, &fragments)),
        ("a dictionary that nobody has", root(2, wasm.len(), &fragments)),
        ("an address cut short", [root(0, wasm.len(), &[first]), vec![1; 19]].concat()),
        ("a size cut short", vec![0xef, 0xf0, 0x02, 0x00, 0x00]),
        ("an account without code", root(0, wasm.len(), &[first, nobody])),
        ("a contract", root(0, wasm.len(), &[first, contract])),
        ("a whole program", root(0, wasm.len(), &[first, chain.deploy(&whole(&wasm)).contract()])),
        ("a fragment as if it were a program", fragment(&compressed(&wasm))),
    ] {
        println!("{what}");
        assert_refused(&chain, chain.deploy(&code).contract());
    }
    let program = chain.deploy(&root(0, wasm.len(), &fragments)).contract();
    assert!(activate(&chain, program).is_ok());
}

#[test]
fn there_must_be_gas_to_read_the_largest_fragment() {
    let chain = Chain::with(V60);
    let wasm = wasm(0);
    let fragments = cut(&chain, &wasm, 1);
    let program = chain.deploy(&root(0, wasm.len(), &addresses(&fragments))).contract();
    let input = activateProgramCall { program }.abi_encode();
    let nonce = |wallet: &Wallet| chain.client.number("eth_getTransactionCount", json!([wallet.address(), "latest"]));
    let send = |gas: u64| {
        let raw = Wallet::dev().sign(nonce(&Wallet::dev()), TxKind::Call(ARB_WASM), FEE, &input, gas);
        let hash = chain.client.call("eth_sendRawTransaction", json!([raw]));
        Receipt(chain.client.call("eth_getTransactionReceipt", json!([hash])))
    };
    let calldata: u64 = input.iter().map(|byte| if *byte == 0 { 4 } else { 16 }).sum();
    // Its arguments; ArbOS' version, the price of activations, the fixed price, Stylus' parameters, the record.
    let before = 21_000 + calldata + 3 + 800 + 800 + 1_659_168 + 100 + 800;
    let short = send(before + reading(MAX_CODE) - 1);
    assert!(!short.is_ok());
    assert_eq!(short.gas(), before + reading(MAX_CODE) - 1, "all of it is taken");
    // With that gas the fragment is read; what its size leaves over does not pay for the checks.
    let enough = send(before + reading(MAX_CODE));
    assert!(!enough.is_ok());
    let refused = chain.client.call("eth_getTransactionReceipt", json!([enough.0["transactionHash"]]));
    assert_eq!(refused["status"], "0x0");
    let trace = json!([enough.0["transactionHash"], { "tracer": "callTracer" }]);
    let error = chain.client.call("debug_traceTransaction", trace)["error"].to_string();
    assert!(error.contains("program activation failed: out of gas"), "{error}");
}

#[test]
fn owners_decide_how_many_fragments_there_may_be() {
    let chain = Chain::with(V60);
    let wasm = wasm(0);
    let program = |count| {
        let fragments = addresses(&cut(&chain, &wasm, count));
        chain.deploy(&root(0, wasm.len(), &fragments)).contract()
    };
    let five = program(5);
    assert_eq!(chain.read(ARB_OWNER_PUBLIC, &getMaxStylusContractFragmentsCall {}), 4);
    assert_refused(&chain, five);
    assert!(chain.act(ARB_OWNER, &setMaxStylusContractFragmentsCall { maxFragments: 5 }).is_ok());
    assert_eq!(chain.read(ARB_OWNER_PUBLIC, &getMaxStylusContractFragmentsCall {}), 5);
    assert!(activate(&chain, five).is_ok());

    // What is active runs on, however few there may be later.
    assert!(chain.act(ARB_OWNER, &setMaxStylusContractFragmentsCall { maxFragments: 1 }).is_ok());
    assert!(chain.act(ARB_OWNER, &setWasmMaxSizeCall { size: 1_000 }).is_ok());
    assert_eq!(call(&chain, five, "0x01").unwrap(), "0x01");
    assert_refused(&chain, program(1));
}

/// A root says where its fragments are. Two chains of one process may have different ones there.
#[test]
fn equal_roots_on_two_chains_are_two_programs() {
    let mut roots = Vec::new();
    for status in [0, 1] {
        let chain = Chain::with(V60);
        let wasm = wasm(status);
        let fragments = addresses(&cut(&chain, &wasm, 2));
        let code = root(0, wasm.len(), &fragments);
        let program = chain.deploy(&code).contract();
        assert!(activate(&chain, program).is_ok());
        assert_eq!(call(&chain, program, "0x").is_ok(), status == 0);
        roots.push(code);
    }
    assert_eq!(roots[0], roots[1]);
}

#[test]
fn before_arbos_60_there_are_no_fragments() {
    let chain = Chain::with(V51);
    let wasm = wasm(0);
    assert_eq!(chain.read(ARB_SYS, &arbOSVersionCall {}), U256::from(55 + 51));
    for code in [fragment(&compressed(&wasm)), root(0, wasm.len(), &[Address::ZERO])] {
        assert!(!chain.deploy(&code).is_ok(), "code must not begin with 0xef");
    }
    let methods: [Result<Bytes, Value>; 2] = [
        chain.try_read(Address::ZERO, ARB_OWNER_PUBLIC, 0, &getMaxStylusContractFragmentsCall {}),
        chain.try_read(Address::ZERO, ARB_WASM, 0, &activationGasCall {}),
    ];
    assert!(methods.iter().all(Result::is_err), "{methods:?}");
    assert!(!chain.act(ARB_OWNER, &setMaxStylusContractFragmentsCall { maxFragments: 3 }).is_ok());
    assert!(!chain.act(ARB_OWNER, &setWasmActivationGasCall { gas: 1 }).is_ok());
    // Code put in place by an override is no program either.
    let state = json!({ Address::repeat_byte(9).to_string(): { "code": "0xeff0020000000001" } });
    let request = json!([{ "to": Address::repeat_byte(9) }, "latest", state]);
    let refused = chain.client.try_call("eth_call", request).unwrap_err();
    assert_eq!(refused["message"], "invalid opcode: opcode 0xef not defined");
}

#[test]
fn code_that_is_no_program_has_an_error_of_its_own_from_arbos_60_on() {
    for (version, has_error) in [(V51, false), (V60, true)] {
        let chain = Chain::with(version);
        let program = chain.deploy(&[0x00]).contract();
        if has_error {
            let call = activateProgramCall { program };
            let _: ProgramNotWasm = error(chain.try_read(Wallet::dev().address(), ARB_WASM, FEE, &call));
        } else {
            assert_refused(&chain, program);
        }
    }
}

#[test]
fn an_activation_costs_what_owners_say() {
    let chain = Chain::with(V60);
    let (one, other) = (chain.deploy(&whole(&wasm(0))).contract(), chain.deploy(&whole(&wasm(1))).contract());
    assert_eq!(chain.read(ARB_SYS, &arbOSVersionCall {}), U256::from(55 + 60));
    assert_eq!(chain.read(ARB_WASM, &activationGasCall {}), 0);
    let before = activate(&chain, one);
    assert!(chain.act(ARB_OWNER, &setWasmActivationGasCall { gas: 12_345 }).is_ok());
    assert_eq!(chain.read(ARB_WASM, &activationGasCall {}), 12_345);
    let after = activate(&chain, other);
    assert!(after.is_ok());
    assert_eq!(gas_of(&after, other), gas_of(&before, one) + 12_345);
}

#[test]
fn several_results_are_refused_from_arbos_60_on() {
    let text = r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32))) (memory (export "memory") 0)
        (func (result i32 i32) i32.const 1 i32.const 2)
        (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;
    let wasm = wat::parse_str(text).unwrap();
    for (version, is_program) in [(V51, true), (V60, false)] {
        let chain = Chain::with(version);
        let program = chain.deploy(&whole(&wasm)).contract();
        assert_eq!(activate(&chain, program).is_ok(), is_program, "{version:?}");
    }
}

/// EVM code that calls an address twice with all its gas.
fn twice(to: Address) -> Vec<u8> {
    let call = [&[0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x73][..], to.as_slice(), &[0x5a, 0xf1, 0x50]].concat();
    [call.clone(), call, vec![0x00]].concat()
}

#[test]
fn a_block_remembers_programs_from_arbos_60_on() {
    let gas = [V51, V60].map(|version| {
        let chain = Chain::with(version);
        let program = chain.deploy(&whole(&wasm(0))).contract();
        assert!(activate(&chain, program).is_ok());
        let caller = chain.deploy(&twice(program)).contract();
        let receipt = chain.send(&Wallet::dev(), TxKind::Call(caller), 0, &[]);
        let again = chain.send(&Wallet::dev(), TxKind::Call(caller), 0, &[]);
        assert_eq!(receipt.gas(), again.gas(), "the next block remembers nothing");
        let init = chain.read(ARB_WASM, &programInitGasCall { program });
        (receipt.gas(), init.gas - init.gasWhenCached)
    });
    assert_eq!(gas[0].0 - gas[1].0, gas[0].1, "the second call costs as if it were cached");
}
