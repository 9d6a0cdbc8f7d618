//! Signatures that have more than 65 bytes. A Safe finds what belongs to one behind all signatures, at the place that its
//! second word says.

use alloy::primitives::{Address, Bytes, U256};

use super::LENGTH;

/// The bytes of a word.
const WORD: usize = 32;

/// The 65 bytes of such a signature.
pub(super) fn head(owner: Address, place: usize, end: u8) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes[12..WORD].copy_from_slice(owner.as_slice());
    bytes[WORD..2 * WORD].copy_from_slice(&U256::from(place).to_be_bytes::<WORD>());
    bytes[LENGTH - 1] = end;
    bytes
}

/// Such a signature where it is the only one.
pub(super) fn alone(owner: Address, end: u8, behind: &[u8]) -> Bytes {
    [&head(owner, LENGTH, end)[..], behind].concat().into()
}

/// Bytes, and their number before them.
pub(super) fn with_length(bytes: &[u8]) -> Vec<u8> {
    [&U256::from(bytes.len()).to_be_bytes::<WORD>()[..], bytes].concat()
}

/// Refuses what [`super::Confirmation::of_contract`] does not make.
pub(super) fn contract(owner: Address, signature: &[u8]) -> Result<(), String> {
    let own = signature.get(LENGTH + WORD..).unwrap_or_default();
    if *super::Confirmation::of_contract(owner, own).signature != *signature {
        return Err(format!("what is called the signature of the contract {owner} has another form or length"));
    }
    Ok(())
}

/// Several signatures, in the order that they are given in, as a Safe takes them.
pub(in crate::safe) fn packed(each: &[Bytes]) -> Vec<u8> {
    let (mut heads, mut behind) = (Vec::new(), Vec::new());
    for signature in each {
        let (head, own) = signature.split_at(LENGTH.min(signature.len()));
        let begin = heads.len();
        heads.extend_from_slice(head);
        if !own.is_empty() {
            let place = U256::from(LENGTH * each.len() + behind.len());
            heads[begin + WORD..begin + 2 * WORD].copy_from_slice(&place.to_be_bytes::<WORD>());
            behind.extend_from_slice(own);
        }
    }
    heads.extend(behind);
    heads
}
