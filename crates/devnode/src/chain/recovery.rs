//! Who signed: the account of an ECDSA signature over secp256k1 (SEC 1, 4.1.6).

use alloy_primitives::{Address, B256, U256, keccak256};
use k256::{
    AffinePoint, FieldBytes, NonZeroScalar, ProjectivePoint, Scalar,
    elliptic_curve::{
        PrimeField,
        ops::{Invert, LinearCombination, Reduce},
        point::DecompressPoint,
        sec1::ToEncodedPoint,
    },
};

/// The account whose key made a signature of a hash; `None` if there is none. `odd` is the parity of the point that `r` is
/// the abscissa of.
///
/// As k256's own recovery, which then verifies the signature by the key. That key is made so that it fits, and verifying
/// costs as much again.
pub(super) fn recover(hash: B256, r: U256, s: U256, odd: bool) -> Option<Address> {
    let abscissa = FieldBytes::from(r.to_be_bytes::<32>());
    let r = Option::<Scalar>::from(Scalar::from_repr(abscissa))?;
    let s = Option::<NonZeroScalar>::from(NonZeroScalar::from_repr(s.to_be_bytes::<32>().into()))?;
    let point = Option::<AffinePoint>::from(AffinePoint::decompress(&abscissa, u8::from(odd).into()))?;
    let hash = <Scalar as Reduce<k256::U256>>::reduce_bytes(&hash.0.into());
    let inverse = Option::<Scalar>::from(r.invert_vartime())?;
    let (of_hash, of_point) = (-(inverse * hash), inverse * *s);
    let key = ProjectivePoint::lincomb(&ProjectivePoint::GENERATOR, &of_hash, &point.into(), &of_point);
    // A point at infinity has no coordinates.
    let key = key.to_affine().to_encoded_point(false);
    let coordinates = key.as_bytes().get(1..65)?;
    Some(Address::from_slice(&keccak256(coordinates)[12..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::B512;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = U256> {
        prop_oneof![
            4 => any::<[u8; 32]>().prop_map(U256::from_be_bytes),
            1 => (0..9_u64).prop_map(U256::from),
            1 => (0..9_u64).prop_map(|less| U256::MAX - U256::from(less)),
        ]
    }

    proptest! {
        /// Most numbers are somebody's signature.
        #[test]
        fn whom_it_finds_is_whom_the_precompile_finds(hash in number(), r in number(), s in number(), odd: bool) {
            let hash = B256::from(hash);
            let mut signature = B512::ZERO;
            signature[..32].copy_from_slice(&r.to_be_bytes::<32>());
            signature[32..].copy_from_slice(&s.to_be_bytes::<32>());
            let expected = revm::precompile::secp256k1::ecrecover(&signature, odd.into(), &hash).ok();
            // With a high s the precompile takes its twin, and the other parity.
            prop_assert_eq!(recover(hash, r, s, odd), expected.map(Address::from_word));
        }
    }

    /// The key is the point at infinity: r is the generator's abscissa, and s is the hash.
    #[test]
    fn nobody_has_the_key_that_is_no_point() {
        let (x, one) = (ProjectivePoint::GENERATOR.to_affine().to_encoded_point(false), U256::ONE);
        let (r, odd) = (U256::from_be_slice(x.x().unwrap()), x.y().unwrap()[31] & 1 == 1);
        assert_eq!(recover(B256::from(one), r, one, odd), None);
        assert!(recover(B256::from(one), r, one, !odd).is_some());
    }
}
