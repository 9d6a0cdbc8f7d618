//! What all threads of a node share.

use std::sync::Arc;

use alloy_primitives::map::AddressSet;
use revm::{handler::EthFrame, interpreter::InterpreterResult, state::Bytecode};

use super::{Hooks, Machine, precompiles::warm_addresses};
use crate::{ArbosVersion, version::ByVersion};

/// What knows and runs programs that are not EVM code. Stylus is implemented once for real.
pub trait ProgramRunner: Send + Sync + 'static {
    /// Whether code is a program or a part of one: it may be deployed though it begins with 0xEF, and cannot destroy itself.
    fn is_part(&self, code: &[u8], version: ArbosVersion) -> bool;

    /// Whether code that revm has loaded runs as a program.
    fn is_program(&self, code: &Bytecode, version: ArbosVersion) -> bool;

    /// Runs the program that a frame's code is, and all frames that it calls, to the end.
    ///
    /// The program may take the machine with it, and gives it back before this returns.
    fn run(&self, machine: &mut Machine, frame: &mut EthFrame) -> InterpreterResult;
}

/// What all threads of a node share: ArbOS' hooks, and what runs programs.
pub struct Runtime {
    /// What ArbOS adds.
    pub hooks: Box<dyn Hooks>,
    pub(super) programs: Arc<dyn ProgramRunner>,
    warm_precompiles: ByVersion<AddressSet>,
    /// Most bytes of code that a creation may leave; init code may have twice as many.
    pub(crate) code_limit: usize,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}

impl Runtime {
    /// A runtime for a chain with these hooks and programs. `code_limit` is the most bytes of code that a contract may have,
    /// [`super::MAX_CODE`] on every chain.
    pub fn new(hooks: impl Hooks, programs: Arc<impl ProgramRunner>, code_limit: usize) -> Arc<Self> {
        let warm_precompiles = ByVersion::new(|version| warm_addresses(hooks.precompiles(version)));
        Arc::new(Self { hooks: Box::new(hooks), programs, warm_precompiles, code_limit })
    }

    /// Addresses of all precompiles in a version of ArbOS, Ethereum's and ArbOS'.
    pub(crate) fn warm_precompiles(&self, version: ArbosVersion) -> &AddressSet {
        self.warm_precompiles.get(version)
    }
}
