//! What was not signed, or says nothing that can be done: no act, dirty words, other forms of a signature.

use alloy::{
    primitives::{U256, keccak256},
    sol_types::SolCall,
};
use consilium_bindings::Consent::*;
use eyre::Result;

use crate::{signing::*, world::*};

/// Calldata that is not one of the nine functions', or not all of it, or more.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_act() -> Result<()> {
    let world = World::start().await?;
    let (by, grantor) = (world.stranger.address(), world.patient.address());
    let good = world.message(&world.patient, grantCall { grantor, provision: permit(by) }).await?;
    let whole = good.act.to_vec();
    let word = |words: usize| whole[..4 + 32 * words].to_vec();
    let finish = finishRecoveryCall { grantor }.abi_encode();
    let admit = setOrganizationCall { organization: by, until: time(1), jurisdiction: 0 }.abi_encode();
    let again = actCall { signed: good.clone() }.abi_encode();
    let all = multicallCall { data: vec![whole.clone().into()] }.abi_encode();
    let mut dirty = whole.clone();
    dirty[4] = 1;
    for act in [
        vec![],
        whole[..3].to_vec(),
        whole[..4].to_vec(),
        word(1),
        word(7),
        [&whole[..], &[0; 32]].concat(),
        whole[..whole.len() - 1].to_vec(),
        [&whole[..], &[0]].concat(),
        finish,
        admit,
        again,
        all,
        dirty,
    ] {
        let signed = SignedAct { act: act.clone().into(), ..good.clone() };
        world.refuses(by, actCall { signed }, ConsentInvalidAct {}).await?;
    }
    Ok(())
}

/// Words that are too large for their types, signed as they are: alloy would not make them.
#[tokio::test(flavor = "multi_thread")]
async fn dirty_words_are_no_act() -> Result<()> {
    let world = World::start().await?;
    let (by, grantor) = (world.stranger.address(), world.patient.address());
    let terms = world.terms(grantor).await?;
    let call = grantCall { grantor, provision: permit(world.doctor.address()) };
    let type_hash = keccak256(
        "Grant(address grantor,address grantee,uint256 classes,uint64 purposes,bool deny,uint48 notBefore,\
         uint48 expiry,bytes32 document,uint256 nonce,uint48 deadline,address relayer)",
    );
    let tail = [terms.nonce.to_be_bytes::<32>(), U256::from(terms.deadline).to_be_bytes(), [0; 32]].concat();
    let sign_words = |words: &[u8]| {
        let message = keccak256([&type_hash[..], words, &tail].concat());
        let separator = world.domain().separator();
        sign(&world.patient, keccak256([&[0x19, 0x01], &separator[..], &message[..]].concat()))
    };
    let clean = call.abi_encode()[4..].to_vec();
    // Signed so, clean words are what alloy signs.
    assert_eq!(sign_words(&clean), world.signs(&world.patient, &call, terms).signature);
    // The byte above each narrow type; and a boolean of two.
    for (word, byte, value) in [(1, 11, 1), (3, 23, 1), (4, 31, 2), (4, 30, 1), (5, 25, 1), (6, 25, 1)] {
        let mut words = clean.clone();
        words[32 * word + byte] = value;
        let act = [&grantCall::SELECTOR[..], &words].concat().into();
        let signed = SignedAct { act, ..unsigned(grantor.as_slice(), &call, terms, sign_words(&words)) };
        world.refuses(by, actCall { signed }, ConsentInvalidAct {}).await?;
    }
    Ok(())
}

/// A key's signature has one form: others that mean the same, and what no key makes, are refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_signature_has_one_form() -> Result<()> {
    let world = World::start().await?;
    let (by, signer) = (world.stranger.address(), world.patient.address());
    let good = world.message(&world.patient, grantCall { grantor: signer, provision: permit(by) }).await?;
    let bytes = good.signature.to_vec();
    let order = U256::from_be_bytes(alloy::primitives::hex!(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
    ));
    let high = order - U256::from_be_slice(&bytes[32..64]);
    let twin = [&bytes[..32], &high.to_be_bytes::<32>(), &[55 - bytes[64]]].concat();
    let with_v = |v: u8| [&bytes[..64], &[v]].concat();
    let others = [0, 1, 26, 29, 55 - bytes[64], 255].map(with_v);
    let lengths = [0, 1, 64, 66, 130].map(|length| [&bytes[..], &[0; 65]].concat()[..length].to_vec());
    for signature in [vec![twin, vec![0; 65], vec![0xff; 65]], others.to_vec(), lengths.to_vec()].concat() {
        let signed = SignedAct { signature: signature.into(), ..good.clone() };
        world.refuses(by, actCall { signed }, ConsentInvalidSignature { signer }).await?;
    }
    world.does(&world.stranger, actCall { signed: good }).await?;
    Ok(())
}
