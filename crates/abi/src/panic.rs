//! Solidity's `Panic(uint256)`.

use crate::{Encode, Encoder, Revert, sol::Uint};

/// What compiled Solidity reverts with by itself, by its code. `Panic::Arithmetic.into()` is a [`Revert`], and `?` works
/// on a `Result` with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Panic {
    /// An `assert` that failed.
    Assert = 0x01,
    /// Checked arithmetic went out of range.
    Arithmetic = 0x11,
    /// Division by zero.
    Division = 0x12,
    /// A number outside of the enum's values.
    Enum = 0x21,
    /// A pop from an empty array.
    EmptyPop = 0x31,
    /// An index beyond the end.
    OutOfBounds = 0x32,
    /// More memory than there is.
    Memory = 0x41,
}

impl Panic {
    /// The first four bytes of its revert data.
    pub const SELECTOR: [u8; 4] = [0x4e, 0x48, 0x7b, 0x71];
}

impl From<Panic> for Revert {
    #[cold]
    fn from(panic: Panic) -> Self {
        let mut encoder = Encoder::with_selector(Panic::SELECTOR, 1);
        Encode::<Uint<8>>::encode(&(panic as u8), &mut encoder);
        encoder.finish().into()
    }
}

/// `ensure!(condition, ErrorName { field })`: returns from the function with the error unless the condition holds.
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $error:expr $(,)?) => {
        if !$condition {
            return ::core::result::Result::Err(::core::convert::Into::into($error));
        }
    };
}
