//! Programs that were compiled: by this process, or by an earlier one that kept them on disk.

use std::{
    path::Path,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use alloy_primitives::B256;
use parking_lot::RwLock;
use revm::primitives::HashMap;
use wasmtime::InstancePre;

use super::{cache::Cache, engine, host::Env};

/// Programs of all nodes of the process that keep none on disk. What a program is compiled to depends on its code and on
/// the Stylus version alone, so they share them.
static SHARED: LazyLock<Arc<Programs>> = LazyLock::new(|| Arc::new(Programs::new(None)));

/// A compiled program, ready to be instantiated.
pub(super) type Program = Arc<InstancePre<Env>>;

/// Compiled programs, by a hash of their code and by Stylus version. They exist only where the WASM engine could be built.
pub struct Programs {
    ready: RwLock<HashMap<(B256, u16), Program>>,
    cache: Option<Cache>,
    compiled: AtomicU64,
    loaded: AtomicU64,
}

/// Where programs came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProgramCounts {
    /// How many were compiled.
    pub compiled: u64,
    /// How many were found on disk.
    pub loaded: u64,
}

impl std::fmt::Debug for Programs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Programs").field("cache", &self.cache).field("counts", &self.counts()).finish_non_exhaustive()
    }
}

impl Programs {
    fn new(cache: Option<Cache>) -> Self {
        Self { ready: RwLock::default(), cache, compiled: AtomicU64::new(0), loaded: AtomicU64::new(0) }
    }

    /// Programs that are kept in memory, and shared by all nodes of the process.
    ///
    /// # Errors
    /// If the WASM engine cannot reserve its address space.
    pub fn shared() -> eyre::Result<Arc<Self>> {
        engine::ready()?;
        Ok(Arc::clone(&SHARED))
    }

    /// Programs that are also kept in a folder. Where that cannot be used, a warning says why, and it is done without.
    ///
    /// # Errors
    /// As [`Self::shared`].
    pub fn kept_in(folder: &Path) -> eyre::Result<Arc<Self>> {
        engine::ready()?;
        let cache = Cache::open(folder).inspect_err(|error| {
            tracing::warn!("compiled programs are not kept in {}: {error}", folder.display());
        });
        Ok(Arc::new(Self::new(cache.ok())))
    }

    /// Where those came from that were used until now.
    pub fn counts(&self) -> ProgramCounts {
        let [compiled, loaded] = [&self.compiled, &self.loaded].map(|count| count.load(Ordering::Relaxed));
        ProgramCounts { compiled, loaded }
    }

    /// An active program, compiled now if it never was. Its WASM is what `wasm` gives; equal `content` means equal WASM.
    pub(super) fn get(
        &self,
        content: B256,
        version: u16,
        wasm: impl FnOnce() -> eyre::Result<Vec<u8>>,
    ) -> eyre::Result<Program> {
        let key = (content, version);
        if let Some(program) = self.ready.read().get(&key) {
            return Ok(Arc::clone(program));
        }
        let program = Arc::new(self.make(&engine::metered(&wasm()?, version)?)?);
        // Another thread may have been faster: its work is as good.
        Ok(Arc::clone(self.ready.write().entry(key).or_insert(program)))
    }

    fn make(&self, metered: &[u8]) -> eyre::Result<InstancePre<Env>> {
        let Some(cache) = &self.cache else { return self.compile(metered).and_then(|module| engine::link(&module)) };
        let key = engine::key(metered);
        if let Some(module) = cache.get(&key).and_then(|bytes| engine::load(&bytes)) {
            self.loaded.fetch_add(1, Ordering::Relaxed);
            return engine::link(&module);
        }
        let module = self.compile(metered)?;
        cache.put(&key, &engine::save(&module)?);
        engine::link(&module)
    }

    fn compile(&self, metered: &[u8]) -> eyre::Result<wasmtime::Module> {
        self.compiled.fetch_add(1, Ordering::Relaxed);
        engine::compile(metered)
    }
}
