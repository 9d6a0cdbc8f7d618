//! Encrypts a record: a random nonce of 12 bytes, then the ciphertext of AES-256-GCM with its tag.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use alloy::primitives::B256;
use eyre::{OptionExt, Result, eyre};

const NONCE: usize = 12;

/// What a ciphertext is, so that none is taken for one of another program.
const ABOUT: &[u8] = b"consilium gateway: a record, 1";

/// Encrypts a record under a key that encrypts nothing else.
pub(crate) fn encrypt(key: B256, record: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|error| eyre!("the system gives no random numbers: {error}"))?;
    let payload = Payload { msg: record, aad: ABOUT };
    let ciphertext = cipher(key)?.encrypt(&Nonce::from(nonce), payload);
    let ciphertext = ciphertext.map_err(|_| eyre!("the record is too large to be encrypted at once"))?;
    Ok([&nonce[..], &ciphertext].concat())
}

/// The record.
pub(crate) fn decrypt(key: B256, ciphertext: &[u8]) -> Result<Vec<u8>> {
    let (nonce, rest) = ciphertext.split_first_chunk::<NONCE>().ok_or_eyre("the ciphertext is cut off")?;
    let payload = Payload { msg: rest, aad: ABOUT };
    let record = cipher(key)?.decrypt(&Nonce::from(*nonce), payload);
    record.map_err(|_| eyre!("the ciphertext does not open: it is under another key, or was changed"))
}

fn cipher(key: B256) -> Result<Aes256Gcm> {
    Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| eyre!("a key has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_under_its_own_key_alone() {
        let (key, record) = (B256::repeat_byte(1), b"a record".as_slice());
        let sealed = encrypt(key, record).expect("sealed");
        assert_eq!(decrypt(key, &sealed).expect("opened"), record);
        assert_ne!(encrypt(key, record).expect("sealed"), sealed);
        assert!(decrypt(B256::repeat_byte(2), &sealed).is_err());
        for place in [0, NONCE, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(decrypt(key, &changed).is_err(), "{place}");
        }
        assert!(decrypt(key, &sealed[..NONCE - 1]).is_err() && decrypt(key, &sealed[..NONCE]).is_err());
    }
}
