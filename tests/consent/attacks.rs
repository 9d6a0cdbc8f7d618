//! What attackers would try with other people's signatures and names: replays, changed fields, scopes that grow, and a
//! relayer that gives too little gas.

use alloy::{
    primitives::{Address, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::{actor, actor::Actor, answer::events, peers};

use crate::{signing::*, world::*};

/// A message is for one chain and one contract.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_for_elsewhere_is_refused() -> Result<()> {
    let world = World::start().await?;
    let patient = world.patient.address();
    let data = constructor(world.authority, policy(), LONGEST);
    let twin = harness::deploy::proxy(&world.chain, world.implementation, data).await?;
    let call = grantCall { grantor: patient, provision: permit(world.doctor.address()) };
    let terms = world.terms(patient).await?;
    let invalid = ConsentInvalidSignature { signer: patient };
    for domain in [
        domain(twin, nitro::CHAIN_ID),
        domain(world.implementation, nitro::CHAIN_ID),
        domain(world.at, 42_161),
        domain(world.at, 1),
    ] {
        let signed = signed_in(&domain, &world.patient, &call, terms);
        world.refuses(world.stranger.address(), actCall { signed }, invalid.clone()).await?;
    }
    // Here it is performed, and there it is not.
    let signed = world.signs(&world.patient, &call, terms);
    world.does(&world.stranger, actCall { signed: signed.clone() }).await?;
    let there = world.chain.ask(world.stranger.address(), twin, actCall { signed }.abi_encode()).await?;
    there.refused(invalid);
    Ok(())
}

/// Once performed, a message counts for nothing, under no nonce of any key, for no other grantor.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_counts_once() -> Result<()> {
    let world = World::start().await?;
    let (by, patient) = (world.stranger.address(), world.patient.address());
    let call = grantCall { grantor: patient, provision: permit(world.doctor.address()) };
    let terms = world.terms(patient).await?;
    let good = world.signs(&world.patient, &call, terms);
    world.does(&world.stranger, actCall { signed: good.clone() }).await?;
    let used = InvalidAccountNonce { account: patient, currentNonce: U256::ONE };
    world.refuses(by, actCall { signed: good.clone() }, used).await?;
    let invalid = ConsentInvalidSignature { signer: patient };
    for nonce in [U256::ONE, U256::ONE << 64, U256::from(77) << 64] {
        world.refuses(by, actCall { signed: SignedAct { nonce, ..good.clone() } }, invalid.clone()).await?;
    }
    // By another signer's nonce it is that signer's message, who did not sign it.
    for other in [&world.doctor, &world.dao] {
        let signed = SignedAct { signer: other.address().to_vec().into(), ..good.clone() };
        let invalid = ConsentInvalidSignature { signer: other.address() };
        world.refuses(by, actCall { signed }, invalid).await?;
    }
    // For another grantor it is another act.
    let stolen = grantCall { grantor: world.doctor.address(), provision: permit(by) };
    let signed = SignedAct { act: stolen.abi_encode().into(), nonce: U256::ONE, ..good };
    world.refuses(by, actCall { signed }, invalid).await?;
    assert_eq!(world.numbers(world.doctor.address()).await?, [1]);
    Ok(())
}

/// A relayer that changes any word of the act, or anything beside it, has a message that nobody signed.
#[tokio::test(flavor = "multi_thread")]
async fn a_relayer_changes_nothing() -> Result<()> {
    let world = World::start().await?;
    let (by, patient) = (world.stranger.address(), world.patient.address());
    let terms = world.terms(patient).await?;
    let now = world.chain.now().await?;
    let provision = Provision { notBefore: time(now), expiry: time(now + DAY), ..permit(world.doctor.address()) };
    let message = world.signs(&world.patient, &grantCall { grantor: patient, provision }, terms);
    let act = |signed| actCall { signed };
    let invalid = ConsentInvalidSignature { signer: patient };
    for word in 0..8 {
        let mut changed = message.act.to_vec();
        changed[4 + 32 * word + 31] ^= 1;
        let signed = SignedAct { act: changed.into(), ..message.clone() };
        world.refuses(by, act(signed), invalid.clone()).await?;
    }
    // Another function with the same words.
    let revoke = revokeGranteeCall { grantor: patient, grantee: world.doctor.address() };
    let recovery = setRecoveryCall { grantor: patient, recoverer: world.doctor.address() };
    let both = world.signs(&world.patient, &revoke, terms);
    for (signed, other) in
        [(both, recovery.abi_encode()), (world.signs(&world.patient, &recovery, terms), revoke.abi_encode())]
    {
        let signed = SignedAct { act: other.into(), ..signed };
        world.refuses(by, act(signed), invalid.clone()).await?;
    }
    for changed in [
        SignedAct { deadline: message.deadline + time(1), ..message.clone() },
        SignedAct { deadline: time((1 << 48) - 1), ..message.clone() },
        SignedAct { relayer: by, ..message.clone() },
        SignedAct { nonce: U256::ONE << 64, ..message.clone() },
    ] {
        world.refuses(by, act(changed), invalid.clone()).await?;
    }
    // One that names its relayer is not freed of it.
    let named = world.signs(&world.patient, &revoke, Terms { relayer: world.dao.address(), ..terms });
    let freed = SignedAct { relayer: Address::ZERO, ..named.clone() };
    world.refuses(by, act(freed), invalid.clone()).await?;
    world.refuses(by, act(SignedAct { relayer: by, ..named }), invalid).await?;
    world.does(&world.stranger, act(message)).await?;
    Ok(())
}

/// What a representative signed while it was one counts for nothing once it is not, or its scope is another.
#[tokio::test(flavor = "multi_thread")]
async fn a_representative_that_was_removed() -> Result<()> {
    let world = World::start().await?;
    let (grantor, parent) = (world.patient.address(), world.stranger.address());
    let end = world.chain.now().await? + 5_000;
    let set = async |of: &[u8], until| {
        let call = setRepresentativeCall {
            grantor,
            representative: parent,
            classes: classes(of),
            purposes: u64::MAX,
            until: time(until),
        };
        world.does(&world.patient, call).await
    };
    set(&[LABS], end).await?;
    let terms = Terms { deadline: time(end * 2), ..world.terms(parent).await? };
    let signed = world.signs(&world.stranger, &grantCall { grantor, provision: permit(world.doctor.address()) }, terms);
    let act = || actCall { signed: signed.clone() };
    let by = world.doctor.address();
    let refusal = || ConsentUnauthorized { grantor, account: parent };
    set(&[NOTES], end).await?;
    world.refuses(by, act(), refusal()).await?;
    set(&[LABS], 0).await?;
    world.refuses(by, act(), refusal()).await?;
    set(&[LABS], end).await?;
    world.asked(by, act()).await?.succeeded();
    world.chain.advance_to(end).await?;
    world.refuses(by, act(), refusal()).await?;
    // It names neither itself nor anybody else, by signature either.
    for representative in [parent, by] {
        let call = setRepresentativeCall {
            grantor,
            representative,
            classes: U256::MAX,
            purposes: u64::MAX,
            until: time(end * 3),
        };
        let signed = world.message(&world.stranger, call).await?;
        world.refuses(by, actCall { signed }, refusal()).await?;
    }
    let signed = world.message(&world.stranger, setRecoveryCall { grantor, recoverer: parent }).await?;
    world.refuses(by, actCall { signed }, refusal()).await
}

/// Two messages of a recoverer: the veto of the key comes first or last, and a vetoed recovery is not finished.
#[tokio::test(flavor = "multi_thread")]
async fn a_signed_veto_stops_a_thief() -> Result<()> {
    let world = World::start().await?;
    let (grantor, thief) = (world.patient.address(), world.stranger.address());
    world.does(&world.patient, setRecoveryCall { grantor, recoverer: thief }).await?;
    // Signed ahead, it waits for a recovery.
    let veto = world.message(&world.patient, vetoRecoveryCall { grantor }).await?;
    world.refuses(thief, actCall { signed: veto.clone() }, ConsentNoRecovery { grantor }).await?;
    world.does(&world.stranger, startRecoveryCall { grantor, newKey: thief }).await?;
    world.does(&world.doctor, actCall { signed: veto.clone() }).await?;
    world.chain.advance(3 * DAY).await?;
    world.refuses(thief, finishRecoveryCall { grantor }, ConsentNoRecovery { grantor }).await?;
    assert_eq!(world.read(keyOfCall { grantor }).await?, grantor);
    Ok(())
}

/// A role's address is nobody's: who would act as it, or make it a member, gains nothing by its provisions.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_s_address_is_nobody() -> Result<()> {
    let world = World::start().await?;
    let role = world.read(roleGranteeCall { role: 4 }).await?;
    world.grants(permit(role)).await?;
    assert_eq!(world.asks(world.doctor.address(), role, LABS, TREAT).await?, Said::only(23));
    world.does(&world.stranger, setMemberCall { member: role, until: time((1 << 48) - 1) }).await?;
    assert_eq!(world.says().await?, Said::only(16));
    Ok(())
}

/// With whatever gas a relayer gives, each act of its batch is performed as a whole or not at all, and its signer can have
/// it brought again. With enough, all are performed.
#[tokio::test(flavor = "multi_thread")]
async fn a_starved_batch_is_not_half_done() -> Result<()> {
    let world = World::start().await?;
    let relayer = actor::actors(&world.chain, 1).await?[0];
    let (doctor, wallet) = (world.doctor.address(), peers::create(&world.chain, "HostileWallet", &[]).await?);
    let (mut grantors, mut signed) = (vec![wallet], Vec::new());
    // The wallet says yes.
    let call = grantCall { grantor: wallet, provision: permit(doctor) };
    signed.push(unsigned(wallet.as_slice(), &call, world.terms(wallet).await?, b"y".to_vec()));
    for name in ["ann", "ben", "cyd"] {
        let person = world.chain.account(name).await?;
        let grantor = person.address();
        signed.push(world.message(&person, grantCall { grantor, provision: permit(doctor) }).await?);
        grantors.push(grantor);
    }
    let data: Bytes = relayCall { signed }.abi_encode().into();
    let (mut none, mut some, mut all) = (0, 0, 0);
    for allowance in (20_000..900_000).step_by(20_000) {
        let snapshot: U256 = world.chain.rpc("evm_snapshot", ()).await?;
        let (value, data, allowance) = (U256::ZERO, data.clone(), U256::from(allowance));
        let spare = Actor::spareCall { target: world.at, value, data, allowance };
        let receipt = world.stranger.send(relayer, spare.abi_encode()).await?;
        assert!(receipt.status());
        let granted = events::<ConsentGranted>(&receipt, world.at)?;
        let skipped = events::<ActSkipped>(&receipt, world.at)?;
        let answered = events::<Actor::Answered>(&receipt, relayer)?;
        assert_eq!(granted.len() + skipped.len(), if answered[0].success { grantors.len() } else { 0 });
        for grantor in &grantors {
            let performed = granted.iter().any(|event| event.grantor == *grantor);
            assert_eq!(world.read(nonces_0Call { owner: *grantor }).await?, U256::from(performed));
            let provisions = world.read(provisionsCall { grantor: *grantor, grantee: doctor }).await?;
            assert_eq!(provisions.len(), usize::from(performed));
            assert_eq!(world.read(epochCall { grantor: *grantor }).await?, u32::from(performed));
        }
        match granted.len() {
            0 => none += 1,
            4 => all += 1,
            _ => some += 1,
        }
        let _: bool = world.chain.rpc("evm_revert", (snapshot,)).await?;
    }
    assert!(none > 0 && all > 0, "{none} times none, {some} times some, {all} times all");
    Ok(())
}

/// Calls in calls in calls, until the program's stack is used up: what is done is done as a whole, and nobody gets past a
/// guard by that.
#[tokio::test(flavor = "multi_thread")]
async fn nested_calls_are_done_as_a_whole() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    let nested = |depth: u32, call: Vec<u8>| {
        (0..depth).fold(call, |call, _| multicallCall { data: vec![call.into()] }.abi_encode())
    };
    let code = setCodeCall { table: 0, number: 0, code: DOCUMENT }.abi_encode();
    let (mut granted, mut refused) = (0, 0);
    for depth in [1, 10, 30, 60, 100, 150, 200, 300, 400] {
        assert!(!world.stranger.send(world.at, nested(depth, code.clone())).await?.status());
        let grant = grantCall { grantor, provision: permit(grantee) }.abi_encode();
        let receipt = world.patient.send(world.at, nested(depth, grant)).await?;
        *(if receipt.status() { &mut granted } else { &mut refused }) += 1;
        assert_eq!(world.numbers(grantee).await?, (1..=granted).collect::<Vec<_>>());
    }
    assert!(granted > 0 && refused > 0, "{granted} granted, {refused} refused");
    assert!(world.read(codeCall { table: 0, number: 0 }).await?.is_zero());
    assert_eq!(world.says().await?, Said::by(1, grantee, 1));
    Ok(())
}
