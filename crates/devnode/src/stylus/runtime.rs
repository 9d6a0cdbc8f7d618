//! What all threads of a node share.

use std::sync::{Arc, LazyLock};

use alloy_primitives::{B256, map::AddressSet};
use parking_lot::RwLock;
use revm::primitives::HashMap;
use wasmtime::InstancePre;

use super::{code::decompress, engine, host::Env};
use crate::evm::{Hooks, ProgramTerms, warm_addresses};

/// Programs compiled by this process, by code hash and Stylus version. What a program is compiled to depends on nothing
/// else, so all nodes of the process share them.
static PROGRAMS: LazyLock<RwLock<HashMap<(B256, u16), Program>>> = LazyLock::new(Default::default);

/// A compiled program, ready to be instantiated.
pub(super) type Program = Arc<InstancePre<Env>>;

/// What all threads of a node share: ArbOS' hooks, and the WASM engine with the programs it compiled.
pub struct Runtime {
    /// What ArbOS adds.
    pub hooks: Box<dyn Hooks>,
    warm_precompiles: AddressSet,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}

impl Runtime {
    /// A runtime for a chain with these hooks.
    ///
    /// # Errors
    /// If the WASM engine cannot reserve its address space.
    pub fn new(hooks: impl Hooks) -> eyre::Result<Arc<Self>> {
        engine::ready()?;
        let warm_precompiles = warm_addresses(hooks.precompiles());
        Ok(Arc::new(Self { hooks: Box::new(hooks), warm_precompiles }))
    }

    /// Addresses of all precompiles, Ethereum's and ArbOS'.
    pub(crate) fn warm_precompiles(&self) -> &AddressSet {
        &self.warm_precompiles
    }

    /// An active program, compiled now if it was not before.
    pub(super) fn program(&self, code_hash: B256, code: &[u8], terms: &ProgramTerms) -> eyre::Result<Program> {
        let key = (code_hash, terms.version);
        if let Some(program) = PROGRAMS.read().get(&key) {
            return Ok(Arc::clone(program));
        }
        let wasm = decompress(code, terms.max_wasm_size)?;
        let program = Arc::new(engine::compile(&wasm, terms.version)?);
        // Another thread may have been faster: its work is as good.
        Ok(Arc::clone(PROGRAMS.write().entry(key).or_insert(program)))
    }
}
