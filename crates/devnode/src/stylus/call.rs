//! Running a program in a frame (Nitro: arbos/programs/programs.go, `CallProgram`).

use std::{borrow::Cow, sync::Arc};

use alloy_primitives::{B256, Bytes, keccak256};
use revm::{
    handler::EthFrame,
    interpreter::{FrameInput, Gas, InstructionResult, InterpreterResult, SharedMemory},
    state::Bytecode,
};
use wasmtime::{Extern, Instance, Store, Val};

use super::{
    code::{CodeError, Component, Root, component, decompress, is_program},
    engine,
    host::{Env, Escape, Frame, Handles},
    pages,
    programs::{Program, Programs},
    storage_cache::StorageCache,
    wasm::{ENTRYPOINT, INK_LEFT, INK_STATUS, STACK_LEFT},
};
use crate::{
    ArbosVersion,
    evm::{ColdAccess, Machine, ProgramRunner, ProgramTerms},
    trace::HostCall,
};

/// How a program ended.
struct ProgramEnd {
    how: How,
    gas_left: u64,
    refund: i64,
    output: Bytes,
    /// Gas that its host calls account for, callees' included; `None` if it could not pay for its start.
    accounted: Option<u64>,
}

impl ProgramEnd {
    /// An end before it began, which leaves no gas.
    fn taking_all(how: How, accounted: Option<u64>) -> Self {
        Self { how, gas_left: 0, refund: 0, output: Bytes::new(), accounted }
    }
}

/// Native stack, in bytes, that must be left in addition to a program's own before it is called.
const STACK_MARGIN: usize = 1 << 20;

enum How {
    Success,
    Revert,
    OutOfInk,
    OutOfStack,
}

impl ProgramRunner for Programs {
    fn is_part(&self, code: &[u8], version: ArbosVersion) -> bool {
        component(code, version).is_some()
    }

    fn is_program(&self, code: &Bytecode, version: ArbosVersion) -> bool {
        is_program(code, version)
    }

    fn run(&self, machine: &mut Machine, frame: &mut EthFrame) -> InterpreterResult {
        let gas_limit = frame.interpreter.gas.remaining();
        let lost = machine.context.chain.lost_gas;
        match run(self, machine, frame, gas_limit) {
            Ok(ended) => {
                let accounted = ended.accounted;
                let result = finish(ended, gas_limit);
                let chain = &mut machine.context.chain;
                match accounted {
                    Some(accounted) => chain.count_program(gas_limit - result.gas.remaining(), accounted, lost),
                    None => chain.lose(gas_limit),
                }
                result
            }
            Err(text) => {
                machine.context.chain.failure = Some((frame.depth, text));
                failure(InstructionResult::PrecompileError, gas_limit)
            }
        }
    }
}

/// A failure that takes all gas.
fn failure(result: InstructionResult, gas_limit: u64) -> InterpreterResult {
    let mut gas = Gas::new(gas_limit);
    gas.spend_all();
    InterpreterResult { result, output: Bytes::new(), gas }
}

fn finish(ended: ProgramEnd, gas_limit: u64) -> InterpreterResult {
    let result = match ended.how {
        How::Success => InstructionResult::Return,
        How::Revert => InstructionResult::Revert,
        How::OutOfInk => return failure(InstructionResult::OutOfGas, gas_limit),
        How::OutOfStack => return failure(InstructionResult::CallTooDeep, gas_limit),
    };
    // Returned bytes cost at least what they would cost the EVM.
    let mut gas_left = ended.gas_left;
    if !ended.output.is_empty() {
        match gas_limit.checked_sub(evm_memory_gas(ended.output.len() as u64)) {
            Some(most) => gas_left = gas_left.min(most),
            None => return failure(InstructionResult::OutOfGas, gas_limit),
        }
    }
    let mut gas = Gas::new(gas_limit);
    gas.set_remaining(gas_left);
    gas.record_refund(ended.refund);
    InterpreterResult { result, output: ended.output, gas }
}

fn evm_memory_gas(bytes: u64) -> u64 {
    let words = bytes.div_ceil(32);
    3 * words + words * words / 512
}

fn run(
    programs: &Programs,
    machine: &mut Machine,
    frame: &mut EthFrame,
    gas_limit: u64,
) -> Result<ProgramEnd, Cow<'static, str>> {
    // Init code has no hash, so that it is never an active program.
    let code_hash = match &frame.input {
        FrameInput::Call(_) => frame.interpreter.bytecode.hash().unwrap_or(B256::ZERO),
        _ => B256::ZERO,
    };
    let runtime = Arc::clone(&machine.context.chain.runtime);
    let terms = runtime.hooks.program(&mut machine.context, code_hash)?;

    let open = machine.context.chain.pages_open;
    let mut cost = pages::price(&machine.context.chain, &terms, terms.footprint);
    let recent = &mut machine.context.chain.block.recent;
    let is_recent = terms.remembered.is_some_and(|most| recent.call(code_hash, most));
    let cached = terms.cached || is_recent;
    if cached || terms.version > 1 {
        cost = cost.saturating_add(terms.cached_gas);
    }
    if !cached {
        cost = cost.saturating_add(terms.init_gas);
    }
    let Some(gas) = gas_limit.checked_sub(cost) else {
        return Ok(ProgramEnd::taking_all(How::OutOfInk, None));
    };
    if machine.context.chain.native_stack_left() < engine::WASM_STACK + STACK_MARGIN {
        return Ok(ProgramEnd::taking_all(How::OutOfStack, Some(0)));
    }
    pages::take(&mut machine.context.chain, terms.footprint);
    let program = load(programs, machine, code_hash, frame.interpreter.bytecode.original_byte_slice(), &terms);
    let ended = match program {
        Ok(program) => execute(machine, frame, &program, terms, gas),
        Err(error) => Err(Cow::Owned(format!("{error:#}"))),
    };
    machine.context.chain.pages_open = open;
    ended
}

/// The compiled program whose code this is, or whose root.
fn load(
    programs: &Programs,
    machine: &mut Machine,
    code_hash: B256,
    code: &[u8],
    terms: &ProgramTerms,
) -> eyre::Result<Program> {
    let context = &mut machine.context;
    if component(code, context.chain.version()) != Some(Component::Root) {
        return programs.get(code_hash, terms.version, || Ok(decompress(code, terms.max_wasm_size)?));
    }
    // A root's hash says where its fragments are, not what they are.
    let root = Root::parse(code)?;
    let mut content = code_hash.to_vec();
    for address in &root.fragments {
        content.extend(context.cold_code(*address).0);
    }
    let mut fragment = |address| Ok::<_, CodeError>(context.cold_code(address).1);
    programs.get(keccak256(content), terms.version, || Ok(root.assemble(&mut fragment)?))
}

fn execute(
    machine: &mut Machine,
    frame: &mut EthFrame,
    program: &Program,
    terms: ProgramTerms,
    gas: u64,
) -> Result<ProgramEnd, Cow<'static, str>> {
    let FrameInput::Call(inputs) = &frame.input else {
        return Err("init code cannot be a program".into());
    };
    let args = inputs.input.bytes(&machine.context);
    let context = Frame {
        address: inputs.target_address,
        caller: inputs.caller,
        value: inputs.call_value(),
        is_static: inputs.is_static,
        is_reentrant: machine.context.chain.spans.get(&inputs.target_address).is_some_and(|count| *count > 1),
        depth: frame.depth,
        memory: std::mem::replace(&mut frame.interpreter.memory, SharedMemory::invalid()),
    };
    let env = Env {
        machine: machine.depart(),
        frame: context,
        terms,
        args,
        outs: Vec::new(),
        return_data: Bytes::new(),
        last_code: None,
        cache: StorageCache::default(),
        refund: 0,
        accounted: 0,
        handles: None,
    };
    let mut store = Store::new(engine::get(), env);
    let ended = enter(&mut store, program, terms, gas);
    let mut env = store.into_data();
    machine.come_back(&mut env.machine);
    frame.interpreter.memory = env.frame.memory;
    ended
}

/// Instantiates a program and runs its entrypoint.
fn enter(
    store: &mut Store<Env>,
    program: &Program,
    terms: ProgramTerms,
    gas: u64,
) -> Result<ProgramEnd, Cow<'static, str>> {
    let unusable = |error: wasmtime::Error| Cow::Owned(format!("cannot start a program: {error:#}"));
    let instance = program.instantiate(&mut *store).map_err(unusable)?;
    let handles = handles(store, &instance);
    let stack = global(store, &instance, STACK_LEFT);
    let ink = gas.saturating_mul(u64::from(terms.ink_price));
    let set = |store: &mut Store<Env>, global: wasmtime::Global, value| {
        global.set(store, value).expect("metering made it mutable");
    };
    set(store, handles.ink, Val::I64(ink as i64));
    set(store, stack, Val::I32(terms.max_stack_depth as i32));
    store.data_mut().handles = Some(handles);

    let main = instance.get_typed_func::<u32, u32>(&mut *store, ENTRYPOINT).map_err(unusable)?;
    let len = store.data().args.len() as u32;
    let (caller, depth) = (store.data().frame.caller, store.data().frame.depth + 1);
    store.data_mut().tell(|recorder, _| recorder.program(caller, depth));
    record(store, HostCall { args: len.to_be_bytes().into(), ..entry("user_entrypoint", gas, &terms) });
    let outcome = main.call(&mut *store, len);
    if let Some(status) = returned(&outcome) {
        record(store, HostCall { outs: status.to_be_bytes().into(), ..entry("user_returned", gas, &terms) });
    }
    let how = match outcome {
        Ok(0) => How::Success,
        Ok(_) => How::Revert,
        Err(_) if matches!(stack.get(&mut *store), Val::I32(0)) => How::OutOfStack,
        Err(_) if !matches!(handles.status.get(&mut *store), Val::I32(0)) => How::OutOfInk,
        Err(error) => match error.downcast_ref::<Escape>() {
            Some(Escape::OutOfInk) => How::OutOfInk,
            Some(Escape::Exit(0)) => How::Success,
            Some(Escape::Exit(_)) => How::Revert,
            // A trap reverts without data, and keeps its gas.
            Some(Escape::Trap(_)) | None => {
                store.data_mut().outs.clear();
                How::Revert
            }
        },
    };
    let ink = match handles.ink.get(&mut *store) {
        Val::I64(ink) => ink as u64,
        _ => 0,
    };
    let gas_left = ink / u64::from(terms.ink_price).max(1);
    let env = store.data_mut();
    let output = Bytes::from(std::mem::take(&mut env.outs));
    // Nitro shows the reason where nothing else comes back.
    let (success, shown) = match how {
        How::Success => (true, output.clone()),
        How::Revert if !output.is_empty() => (false, output.clone()),
        How::Revert => (false, Bytes::from_static(b"execution reverted")),
        How::OutOfInk => (false, Bytes::from_static(b"out of gas")),
        How::OutOfStack => (false, Bytes::from_static(b"max call depth exceeded")),
    };
    env.tell(|recorder, state| recorder.program_ended(success, &shown, gas_left, state));
    Ok(ProgramEnd { how, gas_left, refund: env.refund, output, accounted: Some(env.accounted) })
}

/// What is reported when a program begins and ends. Both carry the ink of its beginning.
fn entry(name: &'static str, gas: u64, terms: &ProgramTerms) -> HostCall {
    let ink = gas.saturating_mul(u64::from(terms.ink_price));
    HostCall { name, start_ink: ink, end_ink: ink, ..HostCall::default() }
}

fn record(store: &mut Store<Env>, call: HostCall) {
    store.data_mut().tell(|recorder, state| recorder.host_call(call, state));
}

/// The status with which a program ended by itself.
fn returned(outcome: &wasmtime::Result<u32>) -> Option<u32> {
    match outcome {
        Ok(status) => Some(*status),
        Err(error) => match error.downcast_ref::<Escape>() {
            Some(Escape::Exit(status)) => Some(*status),
            _ => None,
        },
    }
}

fn handles(store: &mut Store<Env>, instance: &Instance) -> Handles {
    let Some(Extern::Memory(memory)) = instance.get_export(&mut *store, "memory") else {
        unreachable!("checked when the program was activated")
    };
    Handles { memory, ink: global(store, instance, INK_LEFT), status: global(store, instance, INK_STATUS) }
}

fn global(store: &mut Store<Env>, instance: &Instance, name: &str) -> wasmtime::Global {
    instance.get_global(&mut *store, name).expect("metering exported it")
}
