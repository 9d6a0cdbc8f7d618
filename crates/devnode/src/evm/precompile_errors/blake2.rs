//! Blake2's compression (EIP-152).

use super::check::{Check, LENGTH, require};

/// Bytes of an input.
const SIZE: usize = 213;

pub(super) fn check(input: &[u8]) -> Check {
    require(input.len() == SIZE, LENGTH)?;
    require(input[SIZE - 1] <= 1, "invalid final flag")
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn length_comes_before_the_flag() {
        assert_eq!(check(&[2; 212]).unwrap_err(), "invalid input length");
        assert_eq!(check(&[2; 213]).unwrap_err(), "invalid final flag");
        assert_eq!(check(&[1; 213]), Ok(()));
    }
}
