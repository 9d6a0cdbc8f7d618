//! The code of a program as it is deployed: a prefix, a byte for the dictionary, and its WASM compressed.

use brotlic::{BrotliDecoder, DecompressorReader};
use revm::state::Bytecode;
use std::io::Read;
use thiserror::Error;

/// What the code of a program begins with; EIP-3541 keeps other contracts from doing so.
const PREFIX: [u8; 3] = [0xef, 0xf0, 0x00];

/// Whether code is that of a Stylus program: the prefix and at least one more byte.
pub fn has_program_prefix(code: &[u8]) -> bool {
    code.len() > PREFIX.len() && code.starts_with(&PREFIX)
}

/// [`has_program_prefix`] for code that revm has loaded.
pub(crate) fn is_program(code: &Bytecode) -> bool {
    code.is_legacy() && has_program_prefix(code.original_byte_slice())
}

/// Why code does not contain a program's WASM.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CodeError {
    /// It does not begin as a program does (ArbWasm's `ProgramNotWasm()`).
    #[error("specified bytecode is not a Stylus program")]
    NotAProgram,
    /// The dictionary byte is neither 0 nor one that this node has.
    #[error("unsupported dictionary {0}")]
    Dictionary(u8),
    /// It is not brotli, or more than the limit when decompressed.
    #[error("failed decompression")]
    Decompression,
}

/// Takes the WASM out of a program's code; at most `max_size` bytes.
///
/// # Errors
/// [`CodeError`], with Nitro's texts.
pub fn decompress(code: &[u8], max_size: u32) -> Result<Vec<u8>, CodeError> {
    if !has_program_prefix(code) {
        return Err(CodeError::NotAProgram);
    }
    let (dictionary, compressed) = (code[PREFIX.len()], &code[PREFIX.len() + 1..]);
    if dictionary != 0 {
        return Err(CodeError::Dictionary(dictionary));
    }
    let mut wasm = Vec::new();
    let reader = DecompressorReader::with_decoder(BrotliDecoder::new(), compressed);
    let read = reader.take(u64::from(max_size) + 1).read_to_end(&mut wasm);
    match read {
        Ok(len) if len <= max_size as usize => Ok(wasm),
        _ => Err(CodeError::Decompression),
    }
}
