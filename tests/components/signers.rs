//! Signatures by keys, by contracts (ERC-1271) and by keys of verifiers (ERC-7913).

use alloy::{
    primitives::{Address, B256, Bytes},
    signers::{SignerSync, local::PrivateKeySigner},
};
use eyre::Result;
use harness::peers;

use crate::twins::{Parts::*, Twins};

const HASH: B256 = B256::repeat_byte(0x42);
/// What ERC-7913's `verify` answers: its selector, as a word.
const YES: [u8; 4] = [0x02, 0x4a, 0xd3, 0x18];

fn signer_call(signer: impl Into<Bytes>, signature: impl Into<Bytes>) -> isValidSignerCall {
    isValidSignerCall { signer: signer.into(), hash: HASH, signature: signature.into() }
}

/// An answer of `verify` as the verifier's key: the word, with `last` as its last byte.
fn word(last: u8) -> Vec<u8> {
    let mut word = [YES.to_vec(), vec![0; 28]].concat();
    word[31] = last;
    word
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_contracts_and_verifiers() -> Result<()> {
    let twins = Twins::start().await?;
    let key = PrivateKeySigner::from_bytes(&B256::repeat_byte(9))?;
    let signature = key.sign_hash_sync(&HASH)?.as_bytes().to_vec();
    let address = key.address().to_vec();
    twins.call(signer_call(address.clone(), signature.clone())).await?.returned(true);
    twins.call(signer_call(address.clone(), signature[..64].to_vec())).await?.returned(false);
    twins.call(signer_call(Address::repeat_byte(3).to_vec(), signature.clone())).await?.returned(false);
    // Fewer than 20 bytes are nobody, and a key's own address verifies for no other key.
    for signer in [vec![], address[..19].to_vec(), [&address[..], &[1]].concat()] {
        twins.call(signer_call(signer, signature.clone())).await?.returned(false);
    }

    let wallet = peers::create(&twins.chain, "Wallet", &[]).await?;
    for (says, valid) in [("yes", true), ("nearly", false), ("revert", false), ("short", false), ("no", false)] {
        twins.call(signer_call(wallet.to_vec(), says.as_bytes().to_vec())).await?.returned(valid);
    }

    let verifier = peers::create(&twins.chain, "Verifier", &[]).await?;
    let short = word(0)[..31].to_vec();
    let longer = [word(0), vec![1]].concat();
    for (key, valid) in [(word(0), true), (longer, true), (word(1), false), (short, false), (vec![1], false)] {
        let signer = [verifier.to_vec(), key].concat();
        twins.call(signer_call(signer, b"any".to_vec())).await?.returned(valid);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_have_signed_and_none_twice() -> Result<()> {
    let twins = Twins::start().await?;
    let keys = [1, 2, 3, 4].map(|byte| PrivateKeySigner::from_bytes(&B256::repeat_byte(byte)).expect("a key"));
    let all = |order: &[usize], signed: &[usize]| -> Result<areValidSignersCall> {
        let signers = order.iter().map(|index| Bytes::copy_from_slice(keys[*index].address().as_slice())).collect();
        let sign = |index: &usize| Ok(keys[*index].sign_hash_sync(&HASH)?.as_bytes().to_vec().into());
        let signatures = signed.iter().map(sign).collect::<Result<Vec<Bytes>>>()?;
        Ok(areValidSignersCall { hash: HASH, signers, signatures })
    };
    for order in [&[][..], &[0], &[0, 1, 2, 3], &[3, 2, 1, 0], &[2, 0, 3, 1]] {
        twins.call(all(order, order)?).await?.returned(true);
    }
    for order in [&[0, 0][..], &[0, 1, 2, 0], &[3, 2, 1, 2], &[2, 0, 3, 0]] {
        twins.call(all(order, order)?).await?.returned(false);
    }
    twins.call(all(&[0, 1], &[0])?).await?.returned(false);
    twins.call(all(&[0, 1], &[1, 0])?).await?.returned(false);
    twins.call(all(&[0, 1], &[0, 1, 2])?).await?.returned(false);
    Ok(())
}
