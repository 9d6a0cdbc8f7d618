//! A program's life: activated, kept alive, expired, activated again; cached and thrown out.

use crate::chain::{Chain, DAY, GAS, Receipt, error};
use alloy_primitives::{Address, B256, TxKind, U256, keccak256};
use alloy_sol_types::{SolCall, sol};
use harness::wire::{Wallet, number};
use nitro::{ARB_OWNER, ARB_WASM, ARB_WASM_CACHE, PROGRAM_WITHOUT_DICTIONARY};
use serde_json::json;
use std::io::Write;

sol! {
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    function codehashKeepalive(bytes32 codehash) external payable;
    function codehashVersion(bytes32 codehash) external view returns (uint16);
    function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
    function programTimeLeft(address program) external view returns (uint64);
    function cacheProgram(address program) external;
    function evictCodehash(bytes32 codehash) external;
    function codehashIsCached(bytes32 codehash) external view returns (bool);
    function addWasmCacheManager(address manager) external;
    function removeWasmCacheManager(address manager) external;
    function allCacheManagers() external view returns (address[]);

    event ProgramActivated(bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version);
    event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);
    event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);

    error ProgramNotActivated();
    error ProgramExpired(uint64 ageInSeconds);
    error ProgramUpToDate();
    error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
    error ProgramInsufficientValue(uint256 have, uint256 want);
    error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
}

const FEE: u128 = 10u128.pow(16);

/// A program that returns nothing.
fn code() -> Vec<u8> {
    let wasm = wat::parse_str(
        r#"(module
            (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
            (memory (export "memory") 0)
            (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#,
    )
    .unwrap();
    let mut writer = brotlic::CompressorWriter::new(Vec::new());
    writer.write_all(&wasm).unwrap();
    [&PROGRAM_WITHOUT_DICTIONARY, writer.into_inner().unwrap().as_slice()].concat()
}

/// A program on the chain.
pub(crate) struct Program {
    address: Address,
    code_hash: B256,
}

/// Deploys a program.
pub(crate) fn deploy(chain: &Chain) -> Program {
    let code = code();
    Program { address: chain.deploy(&code).contract(), code_hash: keccak256(code) }
}

/// Activates it.
pub(crate) fn activate(chain: &Chain, program: &Program) -> Receipt {
    let call = activateProgramCall { program: program.address };
    chain.send(&Wallet::dev(), TxKind::Call(ARB_WASM), FEE, &call.abi_encode())
}

/// Calls it.
pub(crate) fn run(chain: &Chain, program: &Program) -> Result<serde_json::Value, serde_json::Value> {
    chain.client.try_call("eth_call", json!([{ "to": program.address }, "latest"]))
}

#[test]
fn a_program_runs_once_it_is_activated() {
    let chain = Chain::new();
    let program = deploy(&chain);
    let version = codehashVersionCall { codehash: program.code_hash };
    let _: ProgramNotActivated = error(chain.try_read(Address::ZERO, ARB_WASM, 0, &version));
    assert_eq!(run(&chain, &program).unwrap_err()["message"], "error ProgramNotActivated()");

    let before = chain.balance(Wallet::dev().address());
    let receipt = activate(&chain, &program);
    let event = receipt.event::<ProgramActivated>();
    assert_eq!((event.codehash, event.program, event.version), (program.code_hash, program.address, 3));
    let price = U256::from(number(&receipt.0["effectiveGasPrice"]));
    let paid = before - chain.balance(Wallet::dev().address());
    assert_eq!(paid, price * U256::from(receipt.gas()) + event.dataFee, "what is above the fee comes back");
    assert!(event.dataFee < U256::from(FEE));

    assert_eq!(chain.read(ARB_WASM, &version), 3);
    assert_eq!(run(&chain, &program).unwrap(), "0x");
    let left = chain.read(ARB_WASM, &programTimeLeftCall { program: program.address });
    assert!((364 * DAY..=365 * DAY).contains(&left), "{left}");
}

#[test]
fn an_activation_needs_its_fee_and_is_not_repeated() {
    let chain = Chain::new();
    let program = deploy(&chain);
    let call = activateProgramCall { program: program.address };
    let poor: ProgramInsufficientValue = error(chain.try_read(Wallet::dev().address(), ARB_WASM, 1, &call));
    assert!(poor.have == U256::ONE && poor.want > U256::ONE);
    assert!(activate(&chain, &program).is_ok());
    let _: ProgramUpToDate = error(chain.try_read(Wallet::dev().address(), ARB_WASM, FEE, &call));
    assert!(!activate(&chain, &program).is_ok());
}

#[test]
fn a_program_is_kept_alive_or_expires() {
    let chain = Chain::new();
    let (kept, left) = (deploy(&chain), deploy(&chain));
    assert!(activate(&chain, &kept).is_ok());
    let keepalive = codehashKeepaliveCall { codehash: kept.code_hash };
    let dev = Wallet::dev();
    let soon: ProgramKeepaliveTooSoon = error(chain.try_read(dev.address(), ARB_WASM, FEE, &keepalive));
    assert!(soon.ageInSeconds < 2 * 3_600);

    chain.wait(200 * DAY);
    let receipt = chain.send(&dev, TxKind::Call(ARB_WASM), FEE, &keepalive.abi_encode());
    let event = receipt.event::<ProgramLifetimeExtended>();
    assert_eq!(event.codehash, kept.code_hash);

    chain.wait(200 * DAY);
    assert_eq!(run(&chain, &kept).unwrap(), "0x", "400 days after the activation");
    chain.wait(166 * DAY);
    let version = codehashVersionCall { codehash: kept.code_hash };
    let expired: ProgramExpired = error(chain.try_read(Address::ZERO, ARB_WASM, 0, &version));
    assert!(expired.ageInSeconds > 365 * DAY);
    let failed = run(&chain, &left).unwrap_err();
    assert!(failed["message"].as_str().unwrap().starts_with("error ProgramExpired("), "the same code: {failed}");

    assert!(activate(&chain, &left).is_ok());
    assert_eq!(run(&chain, &kept).unwrap(), "0x", "whoever activates it activates all copies");
}

#[test]
fn managers_and_owners_cache_and_nobody_else() {
    let chain = Chain::new();
    let program = deploy(&chain);
    let (manager, cache) = (Wallet::number(1), cacheProgramCall { program: program.address });
    chain.fund(&manager);
    let is_cached = || chain.read(ARB_WASM_CACHE, &codehashIsCachedCall { codehash: program.code_hash });
    let inactive: ProgramNeedsUpgrade = error(chain.try_read(Wallet::dev().address(), ARB_WASM_CACHE, 0, &cache));
    assert_eq!((inactive.version, inactive.stylusVersion), (0, 3));
    assert!(activate(&chain, &program).is_ok());

    let refused = chain.send(&manager, TxKind::Call(ARB_WASM_CACHE), 0, &cache.abi_encode());
    assert!(!refused.is_ok());
    assert_eq!(refused.gas(), GAS, "a stranger loses all gas");

    let before = chain.read(ARB_WASM_CACHE, &allCacheManagersCall {});
    assert!(chain.act(ARB_OWNER, &addWasmCacheManagerCall { manager: manager.address() }).is_ok());
    assert_eq!(
        chain.read(ARB_WASM_CACHE, &allCacheManagersCall {}),
        [before.clone(), vec![manager.address()]].concat()
    );
    let cold = chain.send(&manager, TxKind::Call(program.address), 0, &[]).gas();
    let receipt = chain.send(&manager, TxKind::Call(ARB_WASM_CACHE), 0, &cache.abi_encode());
    let event = receipt.event::<UpdateProgramCache>();
    assert_eq!((event.manager, event.codehash, event.cached), (manager.address(), program.code_hash, true));
    assert!(is_cached());
    let again = chain.send(&manager, TxKind::Call(ARB_WASM_CACHE), 0, &cache.abi_encode());
    assert!(again.is_ok() && again.events::<UpdateProgramCache>().is_empty(), "nothing changes, nothing is said");

    let gas = chain.read(ARB_WASM, &programInitGasCall { program: program.address });
    let warm = chain.send(&manager, TxKind::Call(program.address), 0, &[]).gas();
    assert_eq!(cold - warm, gas.gas - gas.gasWhenCached);

    assert!(chain.act(ARB_OWNER, &removeWasmCacheManagerCall { manager: manager.address() }).is_ok());
    let evict = evictCodehashCall { codehash: program.code_hash };
    assert!(!chain.send(&manager, TxKind::Call(ARB_WASM_CACHE), 0, &evict.abi_encode()).is_ok());
    assert!(is_cached());
    assert!(chain.act(ARB_WASM_CACHE, &evict).is_ok(), "a chain owner may");
    assert!(!is_cached());
}
