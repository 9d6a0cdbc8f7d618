//! The WASM engine, one for the process.

use std::{
    hash::{Hash, Hasher},
    sync::LazyLock,
};

use sha2::{Digest, Sha256};
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, InstancePre, Linker, Module, PoolingAllocationConfig, Strategy,
};

use super::{
    cache::Key,
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
    ENGINE.as_ref().expect("programs exist only if the engine could be built")
}

/// The engine that programs run on.
pub(super) fn get() -> &'static Engine {
    &engine().0
}

/// Rewrites an active program so that it meters itself.
pub(super) fn metered(wasm: &[u8], version: u16) -> eyre::Result<Vec<u8>> {
    // What may be activated is decided there; what is active runs.
    let mut binary = Binary::parse(wasm, version).map_err(failed)?;
    instrument(&mut binary, version).map_err(failed)?;
    encode(&binary).map_err(failed)
}

/// Compiles a metered program.
pub(super) fn compile(metered: &[u8]) -> eyre::Result<Module> {
    Module::new(get(), metered).map_err(failed)
}

/// Gives a compiled program the host calls that it imports.
pub(super) fn link(module: &Module) -> eyre::Result<InstancePre<Env>> {
    engine().1.instantiate_pre(module).map_err(failed)
}

/// Names what [`compile`] makes of a metered program: it follows from those bytes, and from the engine's version, its
/// settings and the machine.
pub(super) fn key(metered: &[u8]) -> Key {
    let mut hasher = KeyHasher(Sha256::new());
    get().precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.chain_update(metered).finalize().into()
}

/// A compiled program as bytes.
pub(super) fn save(module: &Module) -> eyre::Result<Vec<u8>> {
    module.serialize().map_err(failed)
}

/// A compiled program from the bytes that [`save`] gave; `None` if another engine made them.
pub(super) fn load(bytes: &[u8]) -> Option<Module> {
    // SAFETY: the bytes are what `save` gave for a module of this very engine. The cache's folder belongs to the user who
    // runs the node, and nobody else can write there; its checksum shows damage, and names by `key` tell engines apart,
    // which the engine itself checks once more.
    unsafe { Module::deserialize(get(), bytes) }.ok()
}

/// SHA-256 as a hasher, since 64 bits are too few for a name.
struct KeyHasher(Sha256);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("the whole hash is taken")
    }
}

fn failed(error: impl std::fmt::Display) -> eyre::Report {
    eyre::eyre!("cannot compile an active program: {error}")
}
