//! Acts that are signed offline (EIP-712) and brought to the chain by anybody: what the consent and the data pointer
//! registry have in common.
//!
//! | module | what it holds |
//! |---|---|
//! | `signable` | what an act says of itself, and its digest |
//! | `signed` | a signed act: its file, and its check |
//! | `passkey` | what a passkey signs (WebAuthn) |
//! | `p256_key` | keys on P-256 that sign a hash as it is, for a Safe |
//! | `when` | dates and seconds |
//! | `words` | what else is signed, and why a contract refuses a signature, in words |

mod p256_key;
mod passkey;
mod signable;
mod signed;
mod when;
pub(crate) mod words;

use alloy::primitives::{Address, U256, keccak256};

pub use p256_key::{P256Key, P256Signature};
pub use passkey::Assertion;
pub(crate) use passkey::challenge;
pub(crate) use signable::read;
pub use signable::{Domain, Signable};
pub use signed::{Proven, Signed};
pub use when::when;

/// The contract that a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// EIP-155 chain id.
    pub chain: u64,
    /// Where it stands.
    pub contract: Address,
}

/// What is signed besides the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The signer's next nonce: see [`nonce`].
    pub nonce: U256,
    /// The last second at which the act may be performed.
    pub deadline: u64,
    /// Who alone may bring it; zero for anybody.
    pub relayer: Address,
}

/// The nonce of a number under a key. Acts under different keys may be brought in any order.
///
/// # Errors
/// If the key has more than 192 bits.
pub fn nonce(key: U256, number: u64) -> Result<U256, String> {
    if key.bit_len() > 192 {
        return Err("the nonce's key has more than 192 bits: take a smaller one".to_owned());
    }
    Ok(key << 64 | U256::from(number))
}

/// An account: an address, or the public key of a passkey, which has an account of its own.
///
/// # Errors
/// If it is neither.
pub fn account(text: &str) -> Result<Address, String> {
    if text.len() <= "0x".len() + 2 * Address::len_bytes() {
        return Ok(address(text)?);
    }
    let key = passkey::key(&text.into()).map_err(
        |_| "this is neither an address (0x and 40 hexadecimal digits) nor the public key of a passkey (0x and 128)",
    )?;
    Ok(Address::from_word(keccak256(key)))
}

/// An address. Where it has the letters of its checksum (EIP-55), a mistyped one is noticed.
///
/// # Errors
/// If it is none.
pub fn address(text: &str) -> Result<Address, &'static str> {
    let digits = text.strip_prefix("0x").unwrap_or_default();
    let address: Address = digits.parse().map_err(|_| "this is not an address: write 0x and 40 hexadecimal digits")?;
    let has = |letters: fn(&u8) -> bool| digits.bytes().any(|byte| letters(&byte));
    if has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && address.to_string() != text {
        return Err("the checksum of the address is wrong (EIP-55): a letter or digit is mistyped");
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_has_its_key_above_its_number() {
        assert_eq!(nonce(U256::ZERO, 7), Ok(U256::from(7)));
        assert_eq!(nonce(U256::from(2), 7), Ok(U256::from(2_u128 << 64 | 7)));
        assert!(nonce(U256::from(1) << 192, 0).is_err());
    }
}
