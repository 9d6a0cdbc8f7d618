//! Contract wallets that mean harm while they are asked for their signature: to a batch of other people's acts, and to
//! themselves.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::{chain::Account, peers};

use crate::{signing::*, world::*};

/// A wallet that does what the signature says.
async fn hostile(world: &World) -> Result<Address> {
    peers::create(&world.chain, "HostileWallet", &[]).await
}

/// An act of the wallet, which behaves so.
async fn asks(world: &World, wallet: Address, way: u8, rest: Vec<u8>) -> Result<SignedAct> {
    let call = grantCall { grantor: wallet, provision: permit(world.doctor.address()) };
    let signature = [vec![way], rest].concat();
    Ok(unsigned(wallet.as_slice(), &call, world.terms(wallet).await?, signature))
}

/// The patient's permit, signed.
async fn good(world: &World, by: &Account) -> Result<SignedAct> {
    world.message(by, grantCall { grantor: by.address(), provision: permit(world.doctor.address()) }).await
}

/// Ten wallets in a batch that use up all the gas that they get, or answer with as much as they can pay for: the eleventh
/// act is performed with the gas that a careful relayer sends.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_survives_its_wallets() -> Result<()> {
    let world = World::start().await?;
    let wallet = hostile(&world).await?;
    let size = |bytes: u64| U256::from(bytes).abi_encode();
    for (way, rest, says_yes) in [
        (b'b', vec![], false),
        (b'r', size(500_000), false),
        (b'l', size(500_000), true),
        (b'r', size(8 << 20), false),
        (b'l', size(8 << 20), false),
    ] {
        let mut signed = Vec::new();
        for _ in 0..10 {
            signed.push(asks(&world, wallet, way, rest.clone()).await?);
        }
        signed.push(good(&world, &world.patient).await?);
        let answer = world.does(&world.stranger, relayCall { signed }).await?;
        let (patient, wallets) = answer.split_last().expect("eleven answers");
        assert!(patient, "the patient's act was lost");
        // All ten have one nonce, and one of them is performed where the wallet signs it.
        assert_eq!(wallets.iter().filter(|done| **done).count(), usize::from(says_yes), "{}", char::from(way));
    }
    Ok(())
}

/// While it is asked, it can call the contract and change nothing by that: it says yes only where its call failed.
#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_changes_nothing_while_it_is_asked() -> Result<()> {
    let world = World::start().await?;
    let (wallet, doctor) = (hostile(&world).await?, world.doctor.address());
    let provision = || permit(doctor);
    let own = good(&world, &world.patient).await?;
    let calls: Vec<Bytes> = [
        grantCall { grantor: wallet, provision: provision() }.abi_encode(),
        revokeAllCall { grantor: wallet }.abi_encode(),
        setRecoveryCall { grantor: wallet, recoverer: doctor }.abi_encode(),
        setMemberCall { member: doctor, until: time(1 << 40) }.abi_encode(),
        setMembersCall { root: B256::repeat_byte(1) }.abi_encode(),
        actCall { signed: own.clone() }.abi_encode(),
        relayCall { signed: vec![own.clone()] }.abi_encode(),
    ]
    .map(Into::into)
    .into();
    let all = multicallCall { data: calls.clone() }.abi_encode().into();
    for (count, call) in (1..).zip(calls.into_iter().chain([all])) {
        // From outside, the wallet may do this. From within, it fails, so it says yes, and its own act is performed.
        assert!(world.chain.ask(wallet, world.at, call.clone()).await?.success);
        let signed = asks(&world, wallet, b'c', call.to_vec()).await?;
        world.does(&world.stranger, actCall { signed }).await?;
        assert_eq!(world.read(provisionsCall { grantor: wallet, grantee: doctor }).await?.len(), count);
        assert_eq!(world.read(nonces_0Call { owner: wallet }).await?, U256::from(count));
    }
    // It reads what it likes: that succeeds, so it says no.
    let signed = asks(&world, wallet, b'c', epochCall { grantor: wallet }.abi_encode()).await?;
    world.refuses(doctor, actCall { signed }, ConsentInvalidSignature { signer: wallet }).await?;
    // Its own storage is closed to it as well.
    let signed = asks(&world, wallet, b's', vec![]).await?;
    world.does(&world.stranger, actCall { signed }).await?;

    assert_eq!(world.read(epochCall { grantor: wallet }).await?, 1);
    assert!(world.read(recoveryCall { grantor: wallet }).await?.recoverer.is_zero());
    assert_eq!(world.read(memberUntilCall { organization: wallet, member: doctor }).await?, time(0));
    assert_eq!(world.read(organizationCall { account: wallet }).await?.list, 0);
    // What the patient signed was not used up from within.
    world.does(&world.stranger, actCall { signed: own }).await?;
    Ok(())
}

/// A wallet that calls back into the same act would perform it twice.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_is_not_performed_twice_from_within() -> Result<()> {
    let world = World::start().await?;
    let wallet = hostile(&world).await?;
    let inner = asks(&world, wallet, b'y', vec![]).await?;
    let outer = asks(&world, wallet, b'c', actCall { signed: inner.clone() }.abi_encode()).await?;
    let done = world.does(&world.stranger, relayCall { signed: vec![outer, inner] }).await?;
    assert_eq!(done, [true, false]);
    let provisions = provisionsCall { grantor: wallet, grantee: world.doctor.address() };
    assert_eq!(world.read(provisions).await?.len(), 1);
    Ok(())
}
