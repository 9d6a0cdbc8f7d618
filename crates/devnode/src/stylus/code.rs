//! The deployed code of a program: a prefix, a byte for the dictionary, and its WASM compressed.
//!
//! From ArbOS 60 on a program too large for one contract can be cut into fragments. Each is a contract, and so is the root
//! that names them; who calls the root runs the program. (Nitro: go-ethereum core/state/statedb_arbitrum.go,
//! arbos/programs/programs.go.)

use alloy_primitives::{Address, Bytes};
use brotlic::{BrotliDecoder, DecompressorReader};
use nitro::{FRAGMENT, PROGRAM, ROOT};
use revm::state::Bytecode;
use std::io::Read;
use thiserror::Error;

use crate::ArbosVersion;

/// What a contract's code is to Stylus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// A whole program.
    Program,
    /// The root of a program in fragments.
    Root,
    /// A fragment of a program. It cannot be called.
    Fragment,
}

/// What code is to Stylus, if anything: a prefix and at least one more byte.
pub fn component(code: &[u8], version: ArbosVersion) -> Option<Component> {
    let (prefix, rest) = code.split_first_chunk::<3>()?;
    if rest.is_empty() {
        return None;
    }
    match *prefix {
        PROGRAM => Some(Component::Program),
        ROOT if version >= ArbosVersion::V60 => Some(Component::Root),
        FRAGMENT if version >= ArbosVersion::V60 => Some(Component::Fragment),
        _ => None,
    }
}

/// Whether code that revm has loaded runs as a program.
pub(crate) fn is_program(code: &Bytecode, version: ArbosVersion) -> bool {
    let is_callable = |component| matches!(component, Component::Program | Component::Root);
    code.is_legacy() && component(code.original_byte_slice(), version).is_some_and(is_callable)
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
    /// The root does not end with whole addresses.
    #[error("a root of {0} bytes does not consist of a size and addresses")]
    Root(usize),
    /// The root names no fragment.
    #[error("invalid wasm: fragment count cannot be zero")]
    NoFragments,
    /// The root names an account that does not hold a fragment.
    #[error("there is no fragment of a Stylus program at {0}")]
    NotAFragment(Address),
    /// The WASM has another size than the root says.
    #[error("invalid wasm: decompressed length {0} does not match expected length {1}")]
    Size(usize, u32),
}

/// Takes the WASM out of a whole program's code; at most `max_size` bytes.
///
/// # Errors
/// [`CodeError`], with Nitro's texts.
pub fn decompress(code: &[u8], max_size: u32) -> Result<Vec<u8>, CodeError> {
    match code.split_first_chunk::<3>() {
        Some((&PROGRAM, [dictionary, compressed @ ..])) => inflate(*dictionary, compressed, max_size),
        _ => Err(CodeError::NotAProgram),
    }
}

/// The root of a program in fragments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    dictionary: u8,
    /// Bytes of the WASM.
    pub(crate) size: u32,
    /// Where its fragments are, in their order.
    pub(crate) fragments: Vec<Address>,
}

impl Root {
    /// Reads a root's code.
    pub(crate) fn parse(code: &[u8]) -> Result<Self, CodeError> {
        let malformed = || CodeError::Root(code.len());
        let (head, addresses) = code.split_first_chunk::<8>().ok_or_else(malformed)?;
        let (addresses, []) = addresses.as_chunks::<20>() else { return Err(malformed()) };
        let [.., dictionary, a, b, c, d] = *head;
        let fragments = addresses.iter().map(Address::from).collect();
        Ok(Self { dictionary, size: u32::from_be_bytes([a, b, c, d]), fragments })
    }

    /// Puts the WASM together from the fragments' code, which `read` fetches.
    pub(crate) fn assemble<E: From<CodeError>>(
        &self,
        mut read: impl FnMut(Address) -> Result<Bytes, E>,
    ) -> Result<Vec<u8>, E> {
        if self.fragments.is_empty() {
            return Err(CodeError::NoFragments.into());
        }
        let mut compressed = Vec::new();
        for address in &self.fragments {
            let code = read(*address)?;
            match code.split_first_chunk::<3>() {
                Some((&FRAGMENT, part @ [_, ..])) => compressed.extend_from_slice(part),
                _ => return Err(CodeError::NotAFragment(*address).into()),
            }
        }
        let wasm = inflate(self.dictionary, &compressed, self.size)?;
        if wasm.len() != self.size as usize {
            return Err(CodeError::Size(wasm.len(), self.size).into());
        }
        Ok(wasm)
    }
}

fn inflate(dictionary: u8, compressed: &[u8], max_size: u32) -> Result<Vec<u8>, CodeError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_code_is_depends_on_the_version() {
        use ArbosVersion::{V51, V60};
        for (third, before, after) in [
            (0, Some(Component::Program), Some(Component::Program)),
            (1, None, Some(Component::Fragment)),
            (2, None, Some(Component::Root)),
            (3, None, None),
        ] {
            let code = [0xef, 0xf0, third, 0];
            assert_eq!((component(&code, V51), component(&code, V60)), (before, after), "{third}");
            assert_eq!((component(&code[..3], V51), component(&code[..3], V60)), (None, None), "{third}: no content");
        }
    }

    #[test]
    fn a_root_is_a_size_and_whole_addresses() {
        let head = [0xef, 0xf0, 2, 0, 0, 1, 0, 2];
        let fragments = vec![Address::repeat_byte(3), Address::repeat_byte(4)];
        let code = [&head[..], &[3; 20], &[4; 20]].concat();
        assert_eq!(Root::parse(&code), Ok(Root { dictionary: 0, size: 0x1_0002, fragments }));
        assert_eq!(Root::parse(&head).map(|root| root.fragments.len()), Ok(0));
        assert_eq!(Root::parse(&code[..47]), Err(CodeError::Root(47)));
        assert_eq!(Root::parse(&head[..7]), Err(CodeError::Root(7)));
    }
}
