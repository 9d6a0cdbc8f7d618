//! Plain and keyed nonces.

use alloy::{
    primitives::{Address, U256, aliases::U192},
    sol,
};
use eyre::Result;

use crate::twins::{Parts::*, Twins};

sol! {
    function nonces(address owner) external view returns (uint256);
}

mod keyed {
    alloy::sol! {
        function nonces(address owner, uint192 key) external view returns (uint256);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_key_counts_for_itself() -> Result<()> {
    let twins = Twins::start().await?;
    let [owner, other] = [Address::repeat_byte(1), Address::repeat_byte(2)];
    for key in [U192::ZERO, U192::from(1), U192::from(7), U192::MAX] {
        let nonce = |count: u64| U256::from(key) << 64 | U256::from(count);
        let wrong = |count| InvalidAccountNonce { account: owner, currentNonce: nonce(count) };
        let check = |keyNonce| useCheckedNonceCall { owner, keyNonce };
        twins.call(useKeyedNonceCall { owner, key }).await?.returned(nonce(0));
        twins.call(check(nonce(0))).await?.refused(wrong(1));
        twins.call(check(nonce(2))).await?.refused(wrong(1));
        twins.call(check(nonce(1))).await?.succeeded();
        twins.call(check(nonce(1))).await?.refused(wrong(2));
        twins.call(keyed::noncesCall { owner, key }).await?.returned(nonce(2));
        twins.call(keyed::noncesCall { owner: other, key }).await?.returned(nonce(0));
    }
    // Key 0 is the plain nonce.
    twins.call(noncesCall { owner }).await?.returned(U256::from(2));
    twins.call(useNonceCall { owner }).await?.returned(U256::from(2));
    twins.call(keyed::noncesCall { owner, key: U192::ZERO }).await?.returned(U256::from(3));
    twins.call(noncesCall { owner: other }).await?.returned(U256::ZERO);
    Ok(())
}
