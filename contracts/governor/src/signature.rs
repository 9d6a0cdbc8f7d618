//! Whose signature it is: ECDSA for accounts without code, ERC-1271 for those with.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, address};
use consilium_abi::{Chain, encode};

/// The precompile that recovers the signer of a hash.
const ECRECOVER: Address = address!("0000000000000000000000000000000000000001");

/// `isValidSignature(bytes32,bytes)` of ERC-1271, which is also what it returns for a good signature.
const IS_VALID_SIGNATURE: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];

/// Half the order of secp256k1. Each signature has a twin with an `s` above it (EIP-2); only the lower one is taken.
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, //
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];

/// Whether `signature` is `signer`'s over `hash`.
///
/// The rules of OpenZeppelin's SignatureChecker: a contract is asked, and anything but the plain answer of ERC-1271 is a
/// no, a revert too.
pub(crate) fn is_valid(chain: &impl Chain, signer: Address, hash: B256, signature: &[u8]) -> bool {
    if !chain.has_code(signer) {
        return recover(chain, hash, signature) == Some(signer);
    }
    let mut question = IS_VALID_SIGNATURE.to_vec();
    question.extend_from_slice(&encode!((bytes32, bytes) => hash, signature));
    let Ok(answer) = chain.static_call(signer, &question) else { return false };
    answer.get(..32).is_some_and(|word| word == B256::right_padding_from(&IS_VALID_SIGNATURE))
}

/// The signer of `hash`, if `signature` is the 65 bytes `r`, `s`, `v` with a low `s`.
fn recover(chain: &impl Chain, hash: B256, signature: &[u8]) -> Option<Address> {
    let Some((rs, [v])) = signature.split_first_chunk::<64>() else { return None };
    if rs[32..] > HALF_ORDER[..] {
        return None;
    }
    let mut input = Vec::with_capacity(128);
    input.extend_from_slice(hash.as_slice());
    input.extend_from_slice(B256::with_last_byte(*v).as_slice());
    input.extend_from_slice(rs);
    // No answer is no signer.
    let answer = chain.static_call(ECRECOVER, &input).ok()?;
    let signer = Address::from_slice(answer.get(12..32)?);
    (!signer.is_zero()).then_some(signer)
}
