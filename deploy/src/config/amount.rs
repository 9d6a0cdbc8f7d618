//! Amounts as people write them: `"1_000.5"` is a number of whole tokens, or of ether.

use alloy::primitives::U256;

/// Decimals of the token (ERC-20's usual) and of ether.
const DECIMALS: usize = 18;

/// Reads an amount into its smallest unit. The reason is a sentence without its subject.
pub(super) fn read(text: &str) -> Result<U256, &'static str> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let (whole, part) = (digits(whole)?, digits(part)?);
    if part.len() > DECIMALS {
        return Err("has more than 18 decimals");
    }
    format!("{whole}{part:0<DECIMALS$}").parse().map_err(|_| "does not fit 256 bits")
}

/// The digits of a group that underscores may divide.
fn digits(text: &str) -> Result<String, &'static str> {
    let valid = text.split('_').all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    if valid { Ok(text.replace('_', "")) } else { Err("is no amount: write digits, as in \"1_000.5\"") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_whole_and_broken_amounts() {
        let unit = U256::from(10).pow(U256::from(DECIMALS));
        assert_eq!(read("1_000"), Ok(unit * U256::from(1000)));
        assert_eq!(read("0.5"), Ok(unit / U256::from(2)));
        assert_eq!(read("0.000000000000000001"), Ok(U256::ONE));
        assert_eq!(read("0"), Ok(U256::ZERO));
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "0x10", " 1", "1,5", "1.2.3", "_1", "1_", "1__0", "١"] {
            assert!(read(text).is_err(), "{text:?} was taken");
        }
        assert_eq!(read("0.0000000000000000001"), Err("has more than 18 decimals"));
        assert_eq!(read(&"9".repeat(78)), Err("does not fit 256 bits"));
    }

    proptest! {
        #[test]
        fn is_the_inverse_of_printing(value: u128) {
            let unit = 10u128.pow(18);
            prop_assert_eq!(read(&format!("{}.{:018}", value / unit, value % unit)), Ok(U256::from(value)));
        }
    }
}
