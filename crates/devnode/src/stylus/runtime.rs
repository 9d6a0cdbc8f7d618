//! What all threads of a node share.

use std::sync::Arc;

use alloy_primitives::map::AddressSet;

use super::{Programs, engine};
use crate::evm::{Hooks, warm_addresses};

/// What all threads of a node share: ArbOS' hooks, and the WASM engine with the programs it compiled.
pub struct Runtime {
    /// What ArbOS adds.
    pub hooks: Box<dyn Hooks>,
    pub(super) programs: Arc<Programs>,
    warm_precompiles: AddressSet,
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
        Self::with_programs(hooks, Programs::shared())
    }

    /// A runtime with programs of its own.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_programs(hooks: impl Hooks, programs: Arc<Programs>) -> eyre::Result<Arc<Self>> {
        engine::ready()?;
        let warm_precompiles = warm_addresses(hooks.precompiles());
        Ok(Arc::new(Self { hooks: Box::new(hooks), programs, warm_precompiles }))
    }

    /// Addresses of all precompiles, Ethereum's and ArbOS'.
    pub(crate) fn warm_precompiles(&self) -> &AddressSet {
        &self.warm_precompiles
    }
}
