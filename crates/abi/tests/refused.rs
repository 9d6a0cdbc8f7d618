//! `ensure!` and `Panic`.

use alloy_primitives::U256;
use alloy_sol_types::{Panic as Theirs, PanicKind, SolError};
use consilium_abi::{Panic, Revert, ensure, sol_abi};

sol_abi! {
    /// Limits.
    interface ILimits {
        /// Too much.
        error TooMuch(uint256 amount);
    }
}

fn at_most_ten(amount: u64) -> Result<u64, Revert> {
    ensure!(amount <= 10, TooMuch { amount });
    ensure!(amount != 7 || amount == 8, Panic::Arithmetic);
    Ok(amount)
}

#[test]
fn what_holds_goes_on_and_the_rest_returns_the_error() {
    assert_eq!(at_most_ten(10), Ok(10));
    assert_eq!(at_most_ten(11), Err(TooMuch { amount: 11u8 }.into()));
    assert_eq!(at_most_ten(7), Err(Panic::Arithmetic.into()));
}

#[test]
fn panics_are_solidity_s() {
    assert_eq!(Panic::SELECTOR, Theirs::SELECTOR);
    for (ours, theirs) in [
        (Panic::Assert, PanicKind::Assert),
        (Panic::Arithmetic, PanicKind::UnderOverflow),
        (Panic::Division, PanicKind::DivisionByZero),
        (Panic::Enum, PanicKind::EnumConversionError),
        (Panic::EmptyPop, PanicKind::EmptyArrayPop),
        (Panic::OutOfBounds, PanicKind::ArrayOutOfBounds),
        (Panic::Memory, PanicKind::ResourceError),
    ] {
        let expected = Theirs { code: U256::from(theirs as u32) }.abi_encode();
        assert_eq!(Revert::from(ours).data(), expected, "{ours:?}");
    }
}
