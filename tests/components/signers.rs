//! Signatures by keys, by contracts (ERC-1271) and by keys of verifiers (ERC-7913).

use alloy::{
    primitives::{Address, B256, Bytes, U256},
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

/// The same with limited gas, and with passkeys in place of the verifier's keys of 44 bytes.
#[tokio::test(flavor = "multi_thread")]
async fn signers_with_little_gas() -> Result<()> {
    let twins = Twins::start().await?;
    let has_signed = |signer: Vec<u8>, signature: Vec<u8>| {
        let (signer, signature) = (signer.into(), signature.into());
        hasSignedCall { gasLimit: 50_000, signer, hash: HASH, signature }
    };
    let key = PrivateKeySigner::from_bytes(&B256::repeat_byte(9))?;
    let signature = key.sign_hash_sync(&HASH)?.as_bytes().to_vec();
    let address = key.address().to_vec();
    let nobody = |signed| (signed, B256::ZERO);
    twins.call(has_signed(address.clone(), signature.clone())).await?.returned(nobody(true));
    twins.call(has_signed(address.clone(), signature[..64].to_vec())).await?.returned(nobody(false));
    for signer in [vec![], address[..19].to_vec(), [&address[..], &[1]].concat(), vec![0; 20]] {
        twins.call(has_signed(signer, signature.clone())).await?.returned(nobody(false));
    }
    let wallet = peers::create(&twins.chain, "Wallet", &[]).await?;
    for (says, valid) in [("yes", true), ("nearly", false), ("revert", false), ("short", false), ("no", false)] {
        twins.call(has_signed(wallet.to_vec(), says.as_bytes().to_vec())).await?.returned(nobody(valid));
    }
    let verifier = peers::create(&twins.chain, "Verifier", &[]).await?;
    let long = |more: usize| [word(0), vec![0; more]].concat();
    let keys = [(word(0), true), (long(11), true), (long(12), false), (long(13), true), (word(1), false)];
    for (key, valid) in keys.into_iter().chain([(word(0)[..31].to_vec(), false), (vec![1], false)]) {
        let signer = [verifier.to_vec(), key].concat();
        twins.call(has_signed(signer, b"any".to_vec())).await?.returned(nobody(valid));
    }
    // An account's public key has the account's address. The account's signature is not a passkey's.
    let public = key.credential().verifying_key().to_encoded_point(false).as_bytes()[1..].to_vec();
    twins.call(signerAddressCall { signer: public.clone().into() }).await?.returned(key.address());
    twins.call(has_signed(public, signature)).await?.returned(nobody(false));
    Ok(())
}

/// Signatures that a key could have made otherwise, and those that are none.
#[tokio::test(flavor = "multi_thread")]
async fn a_signature_has_one_form() -> Result<()> {
    let twins = Twins::start().await?;
    let key = PrivateKeySigner::from_bytes(&B256::repeat_byte(9))?;
    let address = key.address().to_vec();
    let good = key.sign_hash_sync(&HASH)?;
    let bytes = good.as_bytes().to_vec();
    let with_v = |v: u8| [&bytes[..64], &[v]].concat();
    let valid = bytes[64];
    for v in [0, 1, 2, 26, 27, 28, 29, 30, 35, 36, 128, 255] {
        twins.call(signer_call(address.clone(), with_v(v))).await?.returned(v == valid);
    }
    // The twin of every signature: s in the upper half, the other v. And s at the edges, r and s of nothing.
    let order = U256::from_be_slice(&alloy::primitives::hex!(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
    ));
    let half = order >> 1;
    let twin =
        [good.r().to_be_bytes::<32>().as_slice(), &(order - good.s()).to_be_bytes::<32>(), &[55 - valid]].concat();
    twins.call(signer_call(address.clone(), twin)).await?.returned(false);
    for r in [U256::ZERO, U256::ONE, good.r(), order - U256::ONE, order, U256::MAX] {
        for s in [U256::ZERO, U256::ONE, half, half + U256::ONE, order, U256::MAX] {
            for v in [27, 28] {
                let signature = [r.to_be_bytes::<32>().as_slice(), &s.to_be_bytes::<32>(), &[v]].concat();
                for signer in [address.clone(), Address::ZERO.to_vec()] {
                    twins.call(signer_call(signer, signature.clone())).await?.returned(false);
                }
            }
        }
    }
    for length in [0, 1, 32, 63, 64, 66, 96, 97, 130] {
        let signature = [bytes.clone(), vec![0; 65]].concat()[..length].to_vec();
        twins.call(signer_call(address.clone(), signature)).await?.returned(false);
    }
    // The short form of EIP-2098.
    let mut short = bytes[..64].to_vec();
    short[32] |= (valid - 27) << 7;
    twins.call(signer_call(address, short)).await?.returned(false);
    Ok(())
}

/// Accounts that are not what they should be as signers and verifiers: nothing there, precompiles, the contract itself.
#[tokio::test(flavor = "multi_thread")]
async fn odd_signers_are_answered_alike() -> Result<()> {
    let twins = Twins::start().await?;
    let mut accounts: Vec<Address> = (0..20).chain([100, 101, 107, 113, 255]).map(Address::with_last_byte).collect();
    accounts.extend([twins.admin, twins.stranger, Address::repeat_byte(0x77)]);
    for account in accounts {
        for key in [vec![], vec![0], vec![1; 32], word(0), vec![0xff; 100]] {
            let signer = [account.to_vec(), key].concat();
            for signature in [vec![], vec![0; 65], b"yes".to_vec()] {
                twins.call(signer_call(signer.clone(), signature)).await?;
            }
        }
    }
    Ok(())
}
