//! The WASM engine, one for the process.

use std::sync::LazyLock;

use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, InstancePre, Linker, Module, PoolingAllocationConfig, Strategy,
};

use super::{
    host::{Env, imports},
    wasm::{Binary, encode, instrument},
};

/// Programs that can be on all call stacks of the process at once. Each takes address space for its memory; what is
/// not used is not held.
const INSTANCES: u32 = 4_096;
/// Largest memory of a program: 128 pages.
const MEMORY: usize = 128 << 16;
/// Bytes of a memory that are zeroed rather than unmapped between uses: what most programs have.
const KEEP_RESIDENT: usize = 128 << 10;
/// Native stack that a program may use, in bytes. Its stack is metered: 22,000 words on ArbOS 51, of which native frames
/// take a few times as much.
pub(super) const WASM_STACK: usize = 8 << 20;

static ENGINE: LazyLock<Result<(Engine, Linker<Env>), String>> =
    LazyLock::new(|| build().map_err(|error| format!("{error:#}")));

fn build() -> wasmtime::Result<(Engine, Linker<Env>)> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(INSTANCES)
        .total_memories(INSTANCES)
        .total_tables(INSTANCES)
        .max_memory_size(MEMORY)
        .table_elements(4_096)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(KEEP_RESIDENT);
    let mut config = Config::new();
    // Winch compiles in a fraction of Cranelift's time, and programs spend most of theirs in host calls.
    config
        .strategy(Strategy::Winch)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .memory_reservation(MEMORY as u64)
        .memory_guard_size(0)
        // Nothing runs asynchronously, but the engine compares the two.
        .async_stack_size(WASM_STACK)
        .max_wasm_stack(WASM_STACK)
        .wasm_backtrace_max_frames(None);
    let engine = Engine::new(&config)?;
    let mut linker = Linker::new(&engine);
    imports::link(&mut linker)?;
    Ok((engine, linker))
}

/// Builds the engine, or says why that cannot be done.
pub(super) fn ready() -> eyre::Result<()> {
    ENGINE.as_ref().map(|_| ()).map_err(|error| eyre::eyre!("the WASM engine cannot start: {error}"))
}

fn engine() -> &'static (Engine, Linker<Env>) {
    ENGINE.as_ref().expect("a runtime exists only if the engine could be built")
}

/// The engine that programs run on.
pub(super) fn get() -> &'static Engine {
    &engine().0
}

/// Meters and compiles an active program.
pub(super) fn compile(wasm: &[u8], version: u16) -> eyre::Result<InstancePre<Env>> {
    let failed = |error: &dyn std::fmt::Display| eyre::eyre!("cannot compile an active program: {error}");
    let mut binary = Binary::parse(wasm).map_err(|error| failed(&error))?;
    instrument(&mut binary, version).map_err(|error| failed(&error))?;
    let metered = encode(&binary).map_err(|error| failed(&error))?;
    let (engine, linker) = engine();
    let module = Module::new(engine, metered).map_err(|error| failed(&error))?;
    linker.instantiate_pre(&module).map_err(|error| failed(&error))
}
