//! Signatures over P-256 (secp256r1, ES256): the curve of passkeys, phones and security keys.
//!
//! The chain verifies them in its precompile at 0x100 (RIP-7212, EIP-7951), which Nitro has since ArbOS 30. On a chain
//! without it, nobody has signed anything. The rules are those of OpenZeppelin's `P256` (`utils/cryptography/`), 5.7.

use alloy_primitives::{Address, B256, address, b256, keccak256};
use consilium_abi::{Chain, Constant, encode};

/// The precompile that verifies (RIP-7212: `P256VERIFY`).
const P256_VERIFY: Address = address!("0000000000000000000000000000000000000100");

/// The order of P-256.
const ORDER: Constant = Constant::new(b256!("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));

/// Half the order of P-256. Above it lies, for each signature, its twin with the same meaning.
const HALF_ORDER: Constant = Constant::new(b256!("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8"));

/// What the precompile answers to a valid signature. To any other it answers nothing.
const YES: B256 = b256!("0000000000000000000000000000000000000000000000000000000000000001");

/// Whether `r`, `s` is a signature of `hash` by the key `qx ‖ qy`. Whatever goes wrong in the precompile is a no.
///
/// `s` in the upper half of the order is refused, so that a signature has one form. The precompile refuses keys that
/// are not a point on the curve (EIP-7951).
pub fn verify(chain: &impl Chain, hash: B256, r: B256, s: B256, key: &[u8; 64]) -> bool {
    if r.is_zero() || r >= ORDER.hash() || s.is_zero() || s > HALF_ORDER.hash() {
        return false;
    }
    p256verify(chain, hash, r, s, key)
}

/// As [`verify`], and what the precompile takes is taken: of each signature a twin too, whose `s` is in the other half of
/// the order. So it is for contracts that tell signers apart, and not signatures.
pub fn p256verify(chain: &impl Chain, hash: B256, r: B256, s: B256, key: &[u8; 64]) -> bool {
    let (qx, qy) = key.split_at(32);
    let (qx, qy) = (B256::from_slice(qx), B256::from_slice(qy));
    let input = encode!((bytes32, bytes32, bytes32, bytes32, bytes32) => hash, r, s, qx, qy);
    chain.static_call(P256_VERIFY, &input).is_ok_and(|answer| answer == YES.as_slice())
}

/// The address that stands for a key: the last 20 bytes of the keccak-256 of `qx ‖ qy`, as Ethereum makes an account's
/// address from its key on the other curve.
pub fn address(key: &[u8; 64]) -> Address {
    Address::from_word(keccak256(key))
}

/// `r`, `s` and the key of the 128 bytes `r ‖ s ‖ qx ‖ qy`.
pub fn split(signature: &[u8; 128]) -> (B256, B256, [u8; 64]) {
    let (mut r, mut s, mut key) = (B256::ZERO, B256::ZERO, [0; 64]);
    r.copy_from_slice(&signature[..32]);
    s.copy_from_slice(&signature[32..64]);
    key.copy_from_slice(&signature[64..]);
    (r, s, key)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::U256;

    use super::*;
    use crate::test_chain::{Key, TestChain};

    const HASH: B256 = B256::repeat_byte(0x42);

    fn twin(s: B256) -> B256 {
        (U256::from_be_bytes(ORDER.hash().0) - U256::from_be_bytes(s.0)).into()
    }

    #[test]
    fn a_signature_is_its_keys_and_its_hashs() {
        let (key, other) = (Key::new(1), Key::new(2));
        let [r, s] = key.sign(HASH);
        assert!(verify(&TestChain::default(), HASH, r, s, &key.public()));
        assert!(!verify(&TestChain::default(), HASH, r, s, &other.public()));
        assert!(!verify(&TestChain::default(), B256::ZERO, r, s, &key.public()));
        assert!(!verify(&TestChain::default(), HASH, s, r, &key.public()));
        assert!(!verify(&TestChain::default(), HASH, r, s, &[0; 64]));
    }

    #[test]
    fn numbers_out_of_range_never_reach_the_precompile() {
        let key = Key::new(1);
        let [r, s] = key.sign(HASH);
        let (says_yes, before) =
            (TestChain::answering(YES.as_slice()), B256::from(U256::from_be_bytes(ORDER.hash().0) - U256::ONE));
        let above = B256::from(U256::from_be_bytes(HALF_ORDER.hash().0) + U256::ONE);
        for (r, s, allowed) in [
            (r, s, true),
            (before, HALF_ORDER.hash(), true),
            (B256::ZERO, s, false),
            (ORDER.hash(), s, false),
            (B256::repeat_byte(0xff), s, false),
            (r, B256::ZERO, false),
            (r, above, false),
            (r, twin(s), false),
            (r, ORDER.hash(), false),
        ] {
            assert_eq!(verify(&says_yes, HASH, r, s, &key.public()), allowed, "{r} {s}");
        }
    }

    /// Whoever tells signers apart, and not signatures, takes both.
    #[test]
    fn the_precompile_takes_a_signature_s_twin() {
        let key = Key::new(1);
        let [r, s] = key.sign(HASH);
        for s in [s, twin(s)] {
            assert!(p256verify(&TestChain::default(), HASH, r, s, &key.public()));
        }
        assert!(!p256verify(&TestChain::default(), B256::ZERO, r, s, &key.public()));
        assert!(!p256verify(&TestChain::default(), HASH, r, B256::ZERO, &key.public()));
    }

    #[test]
    fn bytes_are_split_in_their_order() {
        let bytes: [u8; 128] = core::array::from_fn(|at| at as u8);
        let (r, s, key) = split(&bytes);
        assert_eq!([&r[..], &s[..], &key[..]].concat(), bytes);
    }

    #[test]
    fn only_the_word_one_is_a_yes() {
        let key = Key::new(1);
        let [r, s] = key.sign(HASH);
        let mut two = YES;
        two[31] = 2;
        for answer in [&[][..], &[1], &[0; 32], two.as_slice(), &YES[1..], &[YES.0, [0; 32]].concat()] {
            assert!(!verify(&TestChain::answering(answer), HASH, r, s, &key.public()), "{answer:?}");
        }
        assert!(!verify(&TestChain::failing(P256_VERIFY), HASH, r, s, &key.public()));
    }

    /// Key 1 is the curve's generator, whose coordinates SEC 2 prints.
    #[test]
    fn an_address_of_a_key() {
        let public = Key::new(1).public();
        assert_eq!(public[..4], [0x6b, 0x17, 0xd1, 0xf2]);
        assert_eq!(address(&public), Address::from_slice(&keccak256(public)[12..]));
        assert_ne!(address(&public), address(&Key::new(2).public()));
    }
}
