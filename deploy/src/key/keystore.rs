//! What is asked of a keystore file before it is opened: the library that opens it takes these lengths on trust, and panics
//! where one is too short or asks for more memory than there is.

use serde::Deserialize;

use crate::files;

/// Bytes of the derived key: half of it is the cipher's, half authenticates.
const DERIVED: u64 = 32;

/// Bytes of the cipher's initial value (AES-128-CTR).
const INITIAL: usize = 16;

/// The most memory that deriving a key may take, in bytes. What geth and `cast wallet` write takes 256 MiB or less.
const MOST_MEMORY: u128 = 1 << 30;

/// The most rounds of hashing. The usual number is 262,144.
const MOST_ROUNDS: u128 = 1 << 26;

#[derive(Deserialize)]
struct Keystore {
    crypto: Crypto,
}

#[derive(Deserialize)]
struct Crypto {
    cipherparams: Cipher,
    kdfparams: Derivation,
}

#[derive(Deserialize)]
struct Cipher {
    iv: String,
}

/// Parameters of scrypt (`n`, `r`, `p`) or PBKDF2 (`c`).
#[derive(Deserialize)]
struct Derivation {
    dklen: u64,
    n: Option<u32>,
    r: Option<u32>,
    p: Option<u32>,
    c: Option<u32>,
}

/// Refuses what could not be opened without harm; the reason is a sentence. The library reads all else, and refuses what it
/// does not know.
pub(super) fn check(text: &[u8]) -> Result<(), String> {
    let Crypto { cipherparams, kdfparams } =
        serde_json::from_slice::<Keystore>(text).map_err(|error| files::json(&error))?.crypto;
    if kdfparams.dklen < DERIVED {
        return Err(format!("its derived key has {} bytes, and {DERIVED} are needed", kdfparams.dklen));
    }
    if cipherparams.iv.len() != 2 * INITIAL {
        return Err(format!("its initial value (iv) does not have {INITIAL} bytes"));
    }
    let [n, r, p, c] = [kdfparams.n, kdfparams.r, kdfparams.p, kdfparams.c].map(|value| u128::from(value.unwrap_or(1)));
    if 128 * r * (n + p) > MOST_MEMORY || n * r * p > MOST_ROUNDS || c > MOST_ROUNDS {
        return Err("it asks for more memory or work than any wallet's does".to_owned());
    }
    Ok(())
}
