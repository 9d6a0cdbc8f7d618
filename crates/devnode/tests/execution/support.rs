//! A state without a chain or ArbOS around it: just enough to execute messages.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use alloy_primitives::{Address, B256, Bytes, TxKind, U256, address, keccak256, map::AddressSet};
use devnode::{
    ArbosVersion,
    evm::{
        self, BlockContext, Charge, Context, Deadline, Execution, Fees, Hooks, Message, Mode, Outcome, PrecompileCall,
        PrecompileResult, ProgramTerms, Refusal, Runtime, Settlement,
    },
    stylus::{self, Activation, ActivationError, ActivationRules},
    trace::{Trace, Wanted},
};
use parking_lot::Mutex;
use revm::{
    DatabaseCommit,
    database::{CacheDB, EmptyDB},
    state::{AccountInfo, Bytecode},
};

/// Who sends.
pub(crate) const SENDER: Address = address!("00000000000000000000000000000000005e17de");
/// Rules that programs are activated by.
pub(crate) const RULES: ActivationRules = ActivationRules { version: 2, page_limit: 128, debug: true };

/// Programs by code hash, and the terms on which they run.
type Programs = Arc<Mutex<HashMap<B256, ProgramTerms>>>;

/// Hooks of a chain with programs, without fees and without precompiles of its own.
struct Plain {
    programs: Programs,
    precompiles: AddressSet,
    counts: Arc<AtomicBool>,
}

impl Hooks for Plain {
    fn program(&self, _: &mut Context, code_hash: B256) -> Result<ProgramTerms, Cow<'static, str>> {
        self.programs.lock().get(&code_hash).copied().ok_or(Cow::Borrowed("error ProgramNotActivated()"))
    }

    fn l1_block_hash(&self, _: &mut Context, number: u64) -> B256 {
        keccak256(number.to_be_bytes())
    }

    fn charge(&self, _: &mut Context, _: &Message, _: u64, _: u64) -> Result<Charge, Refusal> {
        Ok(Charge::default())
    }

    fn settle(&self, _: &mut Context, _: &Message, _: &Settlement) -> Fees {
        Fees::default()
    }

    fn precompiles(&self, _: ArbosVersion) -> &AddressSet {
        &self.precompiles
    }

    fn collects_tips(&self, _: &mut Context) -> bool {
        false
    }

    fn is_filtered(&self, _: &mut Context, _: &Message) -> bool {
        false
    }

    fn has_calldata_floor(&self, _: &mut Context) -> bool {
        false
    }

    fn prices_resources(&self, _: &mut Context) -> bool {
        self.counts.load(Ordering::Relaxed)
    }

    fn precompile(&self, _: &mut Context, _: &PrecompileCall) -> PrecompileResult {
        unreachable!("there are none")
    }
}

/// A state, and the programs that are active in it.
pub(crate) struct Chain {
    programs: Programs,
    counts: Arc<AtomicBool>,
    runtime: Arc<Runtime>,
    pub(crate) state: CacheDB<EmptyDB>,
    pub(crate) block: BlockContext,
}

impl Chain {
    /// A state in which only the sender has money: 1,000 ETH.
    pub(crate) fn new() -> Self {
        let programs = Programs::default();
        let counts = Arc::new(AtomicBool::new(false));
        let precompiles = AddressSet::default();
        let hooks = Plain { programs: Arc::clone(&programs), precompiles, counts: Arc::clone(&counts) };
        let mut chain = Self {
            programs,
            counts,
            runtime: Runtime::new(hooks, stylus::Programs::shared().expect("the engine can be built"), evm::MAX_CODE),
            state: CacheDB::default(),
            block: BlockContext {
                version: ArbosVersion::V51,
                chain_id: devnode::CHAIN_ID,
                number: 7,
                l1_block_number: 300,
                timestamp: 1_700_000_000,
                base_fee: 100_000_000,
                coinbase: nitro::BATCH_POSTER,
                gas_limit: 1 << 50,
                difficulty: U256::ONE,
                recent: Default::default(),
                moved: Default::default(),
            },
        };
        let balance = U256::from(10).pow(U256::from(21));
        chain.state.insert_account_info(SENDER, AccountInfo::from_balance(balance));
        chain
    }

    /// From now on gas is counted by resource.
    pub(crate) fn count_resources(&self) {
        self.counts.store(true, Ordering::Relaxed);
    }

    /// Puts code at an address, without executing anything.
    pub(crate) fn put(&mut self, address: Address, code: impl Into<Bytes>) -> B256 {
        let info = AccountInfo::default().with_code(Bytecode::new_raw(code.into())).with_nonce(1);
        let hash = info.code_hash;
        self.state.insert_account_info(address, info);
        hash
    }

    /// Puts a program at an address and activates it.
    pub(crate) fn put_program(&mut self, address: Address, wat: &str) -> ProgramTerms {
        let wasm = wat::parse_str(wat).expect("valid text");
        self.try_put_program(address, &wasm).expect("a valid program")
    }

    /// The same for any bytes.
    pub(crate) fn try_put_program(&mut self, address: Address, wasm: &[u8]) -> Result<ProgramTerms, ActivationError> {
        let hash = self.put(address, deployed(wasm));
        let activation = stylus::activate(wasm, hash, RULES, &mut u64::MAX.clone())?;
        let terms = terms(&activation);
        self.programs.lock().insert(hash, terms);
        Ok(terms)
    }

    /// Calls, and changes nothing.
    pub(crate) fn call(&self, to: Address, input: impl Into<Bytes>, gas_limit: u64) -> Outcome {
        self.execute(&message(to, input, gas_limit), Mode::Call).expect("not refused")
    }

    /// Executes as a transaction, and keeps what changed.
    pub(crate) fn send(&mut self, message: &Message) -> Outcome {
        let outcome = self.execute(message, Mode::Transaction).expect("not refused");
        self.state.commit(outcome.state.clone());
        outcome
    }

    /// Executes on a thread with the stack that execution needs.
    pub(crate) fn execute(&self, message: &Message, mode: Mode) -> Result<Outcome, Refusal> {
        self.deep(mode, |execution| execution.run(message))
    }

    /// The same within a time.
    pub(crate) fn execute_within(&self, message: &Message, mode: Mode, time: Duration) -> Result<Outcome, Refusal> {
        let deadline = Deadline::after(time);
        self.deep(mode, |execution| execution.run_until(message, deadline))
    }

    /// The same, and records what happens.
    pub(crate) fn trace(&self, message: &Message, mode: Mode, wanted: Wanted) -> Result<Trace, Refusal> {
        self.deep(mode, |execution| execution.trace(message, wanted).map(|(_, trace)| trace))
    }

    fn deep<T: Send>(&self, mode: Mode, work: impl FnOnce(Execution<'_>) -> T + Send) -> T {
        let state = Arc::new(self.state.clone());
        std::thread::scope(|scope| {
            std::thread::Builder::new()
                .stack_size(evm::STACK_BYTES)
                .spawn_scoped(scope, || work(Execution { runtime: &self.runtime, state, block: &self.block, mode }))
                .expect("a thread")
                .join()
                .expect("execution never panics")
        })
    }

    pub(crate) fn slot(&mut self, address: Address, slot: u64) -> U256 {
        use revm::Database;
        let Ok(value) = self.state.storage(address, U256::from(slot));
        value
    }
}

/// The terms that the parameters of ArbOS 51 give a program.
fn terms(activation: &Activation) -> ProgramTerms {
    ProgramTerms {
        version: RULES.version,
        ink_price: 10_000,
        max_stack_depth: 22_000,
        free_pages: 2,
        page_gas: 1_000,
        page_limit: None,
        footprint: activation.footprint,
        init_gas: 69 * 128 + u64::from(activation.init_cost),
        cached_gas: 11 * 32 + u64::from(activation.cached_init_cost),
        cached: false,
        remembered: None,
        max_wasm_size: 128 << 10,
    }
}

/// A call from [`SENDER`] without a price.
pub(crate) fn message(to: Address, input: impl Into<Bytes>, gas_limit: u64) -> Message {
    Message {
        tx_type: 2,
        from: SENDER,
        to: TxKind::Call(to),
        value: U256::ZERO,
        input: input.into(),
        gas_limit,
        max_fee_per_gas: U256::ZERO,
        max_priority_fee_per_gas: U256::ZERO,
        access_list: Default::default(),
        authorizations: None,
        nonce: None,
        forged: false,
        raw: None,
    }
}

/// A transaction of [`SENDER`] that pays the base fee.
pub(crate) fn transaction(to: Address, input: impl Into<Bytes>, gas_limit: u64) -> Message {
    Message { max_fee_per_gas: U256::from(100_000_000), ..message(to, input, gas_limit) }
}

/// Deployed code of a program.
pub(crate) fn deployed(wasm: &[u8]) -> Bytes {
    use brotlic::{CompressionMode, Quality, WindowSize, compress, compress_bound};
    let quality = Quality::best();
    let mut compressed = vec![0; compress_bound(wasm.len(), quality).expect("small") + 64];
    let len = compress(wasm, &mut compressed, quality, WindowSize::default(), CompressionMode::Generic);
    [&nitro::PROGRAM_WITHOUT_DICTIONARY, &compressed[..len.expect("room enough")]].concat().into()
}

/// Text of a program with the imports that tests use, one page of memory that cannot grow, and this entrypoint.
pub(crate) fn program(body: &str) -> String {
    format!(
        r#"(module
        (import "vm_hooks" "read_args" (func $read_args (param i32)))
        (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
        (import "vm_hooks" "exit_early" (func $exit_early (param i32)))
        (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
        (import "vm_hooks" "storage_cache_bytes32" (func $cache (param i32 i32)))
        (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
        (import "vm_hooks" "transient_store_bytes32" (func $tstore (param i32 i32)))
        (import "vm_hooks" "emit_log" (func $emit_log (param i32 i32 i32)))
        (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "static_call_contract" (func $static_call (param i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "create1" (func $create1 (param i32 i32 i32 i32 i32)))
        (import "vm_hooks" "read_return_data" (func $read_return_data (param i32 i32 i32) (result i32)))
        (import "vm_hooks" "msg_reentrant" (func $msg_reentrant (result i32)))
        (import "vm_hooks" "msg_value" (func $msg_value (param i32)))
        (memory (export "memory") 1 1)
        (func $user (export "user_entrypoint") (param $len i32) (result i32) (local $x i32) {body}))"#
    )
}

/// A program that calls: 20 bytes of address, then calldata; it ends and returns as the call did.
pub(crate) fn forwarder(call: &str) -> String {
    program(&format!(
        r#"(call $read_args (i32.const 0))
        (local.set $x {call})
        (drop (call $read_return_data (i32.const 0) (i32.const 0) (i32.load (i32.const 60032))))
        (call $write_result (i32.const 0) (i32.load (i32.const 60032)))
        (local.get $x)"#
    ))
}

/// For [`forwarder`]: a call with all gas and no value.
pub(crate) const CALL: &str = "(call $call (i32.const 0) (i32.const 20) (i32.sub (local.get $len) (i32.const 20)) \
    (i32.const 60000) (i64.const -1) (i32.const 60032))";
/// For [`forwarder`]: a static call with all gas.
pub(crate) const STATIC_CALL: &str = "(call $static_call (i32.const 0) (i32.const 20) \
    (i32.sub (local.get $len) (i32.const 20)) (i64.const -1) (i32.const 60032))";

/// EVM code that calls `to` with its own calldata by this opcode (CALL, DELEGATECALL or STATICCALL) and all gas, and
/// ends as the call does.
pub(crate) fn evm_forwarder(opcode: u8, to: Address) -> Bytes {
    let value: &[u8] = if opcode == 0xf1 { &[0x34] } else { &[] };
    let call = [&[0x36, 0x5f, 0x5f, 0x37, 0x5f, 0x5f, 0x36, 0x5f], value, &[0x73], to.as_slice(), &[0x5a, opcode]];
    let mut code = call.concat();
    code.extend([0x3d, 0x5f, 0x5f, 0x3e, 0x60]);
    let ok = code.len() as u8 + 5;
    code.extend([ok, 0x57, 0x3d, 0x5f, 0xfd, 0x5b, 0x3d, 0x5f, 0xf3]);
    code.into()
}

/// An address for a test.
pub(crate) fn at(number: u8) -> Address {
    Address::left_padding_from(&[0xaa, number])
}

/// Calldata of [`forwarder`].
pub(crate) fn forward(to: Address, input: &[u8]) -> Bytes {
    [to.as_slice(), input].concat().into()
}
