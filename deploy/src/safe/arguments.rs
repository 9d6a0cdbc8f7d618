//! The arguments of calls and errors that somebody else wrote, decoded within a limit.
//!
//! An offset may point anywhere, so a thousand elements of a list can be the same bytes: a file of a megabyte decodes to
//! gigabytes. A contract reads such lists, and no program writes them. What is in them is not told.

use std::cell::Cell;

use alloy::json_abi::Param;
use alloy::primitives::U256;
use alloy_dyn_abi::{DynSolType, DynSolValue, JsonAbiExt, Specifier as _};

/// The bytes of a word.
const WORD: usize = 32;

/// How much larger than their bytes arguments may be. Those that share no bytes are as large at most, and some encodings
/// take a word for two things.
const EACH: usize = 2;

/// How often all bytes may be decoded. Bytes in a call in a call are decoded with each of them, and for each line about
/// them: less often than this, if no bytes are shared.
const ALL: usize = 64;

/// Why arguments are not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// They are none of this function.
    NoArguments,
    /// They are beyond a limit.
    TooLarge,
}

impl Unread {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::NoArguments => "with arguments that are none",
            Self::TooLarge => "with arguments too large to be told",
        }
    }
}

/// What may still be decoded of a file, or of a revert's reason, in bytes.
#[derive(Debug)]
pub(super) struct Budget(Cell<usize>);

impl Budget {
    /// That of so many bytes.
    pub(super) const fn of(bytes: usize) -> Self {
        Self(Cell::new(bytes.saturating_mul(ALL)))
    }

    /// Decodes arguments, the selector before them aside; `inputs` are those of `whose`.
    pub(super) fn decode(
        &self,
        whose: &impl JsonAbiExt,
        inputs: &[Param],
        data: &[u8],
    ) -> Result<Vec<DynSolValue>, Unread> {
        let types: Option<Vec<_>> = inputs.iter().map(|input| input.resolve().ok()).collect();
        let most = self.0.get().min(data.len().saturating_mul(EACH));
        let mut room = Room { left: most, is_short: false };
        let fits = room.sequence(&types.ok_or(Unread::NoArguments)?, data);
        self.0.set(self.0.get() - (most - room.left));
        match fits {
            Some(()) => whose.abi_decode_input(data).map_err(|_| Unread::NoArguments),
            None if room.is_short => Err(Unread::TooLarge),
            None => Err(Unread::NoArguments),
        }
    }
}

/// The bytes that the arguments of one call may still have.
struct Room {
    left: usize,
    is_short: bool,
}

impl Room {
    fn take(&mut self, bytes: usize) -> Option<()> {
        let left = self.left.checked_sub(bytes);
        self.is_short |= left.is_none();
        self.left = left?;
        Some(())
    }

    /// Values that follow one another.
    fn sequence<'a>(&mut self, types: impl IntoIterator<Item = &'a DynSolType>, data: &[u8]) -> Option<()> {
        let mut at = 0_usize;
        for kind in types {
            self.value(kind, data, at)?;
            at = at.checked_add(head(kind))?;
        }
        Some(())
    }

    /// The value whose head is at a place of `data`, from whose beginning offsets count.
    fn value(&mut self, kind: &DynSolType, data: &[u8], at: usize) -> Option<()> {
        self.take(head(kind))?;
        if !kind.is_dynamic() {
            return Some(());
        }
        let tail = data.get(word(data, at)?..)?;
        match kind {
            DynSolType::Tuple(kinds) => self.sequence(kinds, tail),
            DynSolType::FixedArray(kind, length) => self.sequence(std::iter::repeat_n(&**kind, *length), tail),
            DynSolType::Array(kind) => {
                self.take(WORD)?;
                let (length, elements) = (word(tail, 0)?, tail.get(WORD..)?);
                // Elements of no size have no bytes, and are not made.
                let length = if head(kind) == 0 { 0 } else { length };
                // A head is read where it is: a list that is longer than its bytes is none.
                (length.checked_mul(head(kind))? <= elements.len()).then_some(())?;
                self.sequence(std::iter::repeat_n(&**kind, length), elements)
            }
            // Bytes and texts.
            _ => {
                let length = word(tail, 0)?;
                tail.get(WORD..)?.get(..length)?;
                self.take(WORD.checked_add(length)?)
            }
        }
    }
}

/// The bytes that a value takes among those that it is listed with.
fn head(kind: &DynSolType) -> usize {
    if kind.is_dynamic() { WORD } else { kind.minimum_words().saturating_mul(WORD) }
}

/// An offset or a length.
fn word(data: &[u8], at: usize) -> Option<usize> {
    let word = data.get(at..at.checked_add(WORD)?)?;
    usize::try_from(U256::from_be_slice(word)).ok()
}

#[cfg(test)]
mod tests;
