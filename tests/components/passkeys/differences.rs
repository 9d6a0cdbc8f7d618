//! Where ours answers otherwise than OpenZeppelin's `WebAuthn` 5.7. All is about a `typeIndex` outside of the text,
//! which ours refuses. No wallet makes one.
//!
//! - OpenZeppelin's reads at the index before it compares it with the text's length. The EVM charges for memory up to
//!   there, so a large index takes all gas. Ours answers no.
//! - It adds 20 to the index without a check. From 2^256 - 20 on the sum wraps, and the type may begin in the word
//!   before the text, which is the text's length. So some texts that are not JSON are taken.
//!
//! Where the precompiles for SHA-256 and P-256 fail or are missing, ours answers no. OpenZeppelin's reverts, or computes
//! P-256 itself. Nitro has both, so this cannot be tried on the chain; the unit tests have it.

use alloy::{
    primitives::U256,
    sol_types::{SolCall, SolValue},
};
use eyre::Result;

use super::key::{Assertion, ENCODED, Key};
use crate::twins::{Parts::verifyWebAuthnCall, Twins};

/// Whether OpenZeppelin's reads so far behind the text that its gas may not suffice.
pub(super) fn overruns(type_index: U256) -> bool {
    let far = U256::from(1 << 16);
    type_index > far && type_index < U256::MAX - far
}

/// Asks both about such an index. Ours refuses it; OpenZeppelin's does too or has no gas left.
pub(super) async fn apart(twins: &Twins, call: &verifyWebAuthnCall) -> Result<()> {
    let [ours, theirs] = twins.apart(0, |twin| (*twin, call.abi_encode())).await?;
    ours.returned(false);
    if theirs.success {
        theirs.returned(false);
    } else {
        assert!(theirs.data.is_empty(), "{}", theirs.data);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_index_far_behind_the_text_takes_no_gas() -> Result<()> {
    let (twins, key) = (Twins::start().await?, Key::new("member"));
    for type_index in [U256::from(1 << 24), U256::ONE << 128, U256::MAX - U256::from(1 << 24)] {
        let call = Assertion { type_index, ..Assertion::of(&key, |_| ()) }.verify();
        let [ours, theirs] = twins.apart(0, |twin| (*twin, call.abi_encode())).await?;
        ours.returned(false);
        assert!(!theirs.success && theirs.data.is_empty(), "{theirs:?}");
    }
    Ok(())
}

/// The last byte of the length is the quotation mark, 0x22, or the last two are `"t`.
#[tokio::test(flavor = "multi_thread")]
async fn a_type_index_that_wraps_is_refused() -> Result<()> {
    let (twins, key) = (Twins::start().await?, Key::new("member"));
    for (back, length, begin) in [(1, 0x122, r#"type":"webauthn.get""#), (2, 0x2274, r#"ype":"webauthn.get""#)] {
        let odd = Assertion::of(&key, |said| {
            said.text = format!(r#"{begin},"challenge":"{ENCODED}","#).into_bytes();
            said.text.resize(length, b' ');
            said.type_index = U256::MAX - U256::from(back - 1);
            said.challenge_index = U256::from(begin.len() + 1);
        });
        let call = odd.verify().abi_encode();
        let [ours, theirs] = twins.apart(0, |twin| (*twin, call.clone())).await?;
        assert_eq!([ours.data, theirs.data].map(Vec::from), [false.abi_encode(), true.abi_encode()]);
    }
    Ok(())
}
