//! What all threads of a node share.

use std::sync::Arc;

use alloy_primitives::map::AddressSet;

use super::{Programs, engine};
use crate::evm::{Hooks, MAX_CODE, warm_addresses};

/// What all threads of a node share: ArbOS' hooks, and the WASM engine with the programs it compiled.
pub struct Runtime {
    /// What ArbOS adds.
    pub hooks: Box<dyn Hooks>,
    pub(super) programs: Arc<Programs>,
    warm_precompiles: AddressSet,
    /// Most bytes of code that a creation may leave; init code may have twice as many.
    pub(crate) code_limit: usize,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}

impl Runtime {
    /// A runtime for a chain with these hooks; its programs are those of the process.
    ///
    /// # Errors
    /// If the WASM engine cannot reserve its address space.
    pub fn new(hooks: impl Hooks) -> eyre::Result<Arc<Self>> {
        Self::with_programs(hooks, Programs::shared(), MAX_CODE)
    }

    /// A runtime with programs of its own, and a limit of its own for the size of code (bytes).
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_programs(hooks: impl Hooks, programs: Arc<Programs>, code_limit: usize) -> eyre::Result<Arc<Self>> {
        engine::ready()?;
        let warm_precompiles = warm_addresses(hooks.precompiles());
        Ok(Arc::new(Self { hooks: Box::new(hooks), programs, warm_precompiles, code_limit }))
    }

    /// Addresses of all precompiles, Ethereum's and ArbOS'.
    pub(crate) fn warm_precompiles(&self) -> &AddressSet {
        &self.warm_precompiles
    }
}
