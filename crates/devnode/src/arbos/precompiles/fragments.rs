//! The WASM of a program that is to be activated, put together from its fragments where it has some
//! (Nitro: arbos/programs/programs.go, `getWasm`).

use super::call::{Call, Halt};
use crate::{
    ArbosVersion,
    arbos::{
        programs::StylusParams,
        storage::{Ledger, words},
    },
    evm::{ColdAccess, MAX_CODE, Resource},
    stylus::{self, CodeError, Component, Root},
};
use alloy_primitives::{Address, Bytes};
use nitro::ArbWasm::ProgramNotWasm;
use revm::context::JournalTr;

/// Gas of touching an account, cold or warm (EIP-2929), and of copying a word of its code.
const COLD_ACCOUNT: u64 = 2_600;
const WARM_ACCOUNT: u64 = 100;
const COPY_WORD: u64 = 3;

impl From<CodeError> for Halt {
    fn from(_: CodeError) -> Self {
        Self::Other("code without a program")
    }
}

/// Takes the WASM out of code.
pub(super) fn wasm(call: &mut Call<'_>, code: &[u8], params: &StylusParams) -> Result<Vec<u8>, Halt> {
    let version = call.version();
    match stylus::component(code, version) {
        Some(Component::Program) => stylus::decompress(code, params.max_wasm_size).map_err(|error| match error {
            // Nitro inflates it to what may be no program, which takes all gas.
            CodeError::Dictionary(1) => Halt::Activation(format!("program activation failed: {error}")),
            error => error.into(),
        }),
        Some(Component::Root) => assemble(call, code, params),
        Some(Component::Fragment) => Err(Halt::Other("a fragment is activated by its root")),
        None if code.is_empty() || version >= ArbosVersion::V60 => Err(Halt::error(ProgramNotWasm {})),
        None => Err(CodeError::NotAProgram.into()),
    }
}

fn assemble(call: &mut Call<'_>, code: &[u8], params: &StylusParams) -> Result<Vec<u8>, Halt> {
    let root = Root::parse(code)?;
    if root.size > params.max_wasm_size {
        return Err(Halt::Other("the root's size is above the limit"));
    }
    if root.fragments.len() > usize::from(params.max_fragments) {
        return Err(Halt::Other("more fragments than the limit"));
    }
    root.assemble(|address| read(call, address))
}

/// Reads a fragment. Before it is touched there must be gas for the largest; then it costs by its size.
fn read(call: &mut Call<'_>, address: Address) -> Result<Bytes, Halt> {
    let touch = if call.context().is_cold(address) { COLD_ACCOUNT } else { WARM_ACCOUNT };
    if call.gas_left() < touch + COPY_WORD * words(MAX_CODE) {
        return Err(call.burn_out());
    }
    let Ok(load) = call.context().journaled_state.load_account_with_code(address);
    let code = load.info.code.as_ref().map(revm::state::Bytecode::original_bytes).unwrap_or_default();
    let touched = if touch == WARM_ACCOUNT { Resource::Computation } else { Resource::StorageRead };
    call.burn(touched, touch)?;
    call.burn(Resource::StorageRead, COPY_WORD * words(code.len()))?;
    Ok(code)
}
