//! Acts by signature: each of the nine, its typed data by alloy's encoder, nonces, deadline, relayer, and who can sign.

use alloy::{
    primitives::{Address, Bytes, LogData, U256, keccak256},
    sol_types::{SolError, SolEvent},
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::{chain::Account, peers};

use crate::{provisions::granted, signing::*, world::*};

/// A key above the count of a nonce.
fn keyed(key: u64, count: u64) -> U256 {
    U256::from(key) << 64 | U256::from(count)
}

impl World {
    /// Somebody brings what an account signed, by its next nonce. It must be performed, with just this event.
    async fn brings(&self, by: &Account, call: impl Signable, event: LogData) -> Result<()> {
        let before = self.terms(by.address()).await?.nonce;
        let signed = self.signs(by, &call, self.terms(by.address()).await?);
        self.logs(&self.stranger, actCall { signed: signed.clone() }, &[event]).await?;
        let currentNonce = before + U256::ONE;
        assert_eq!(self.terms(by.address()).await?.nonce, currentNonce);
        // Brought again, it is used up.
        let used = InvalidAccountNonce { account: by.address(), currentNonce };
        self.refuses(self.stranger.address(), actCall { signed }, used).await
    }

    /// A permit for the doctor that the patient signs, under such terms.
    fn permits(&self, terms: Terms) -> SignedAct {
        let (grantor, provision) = (self.patient.address(), permit(self.doctor.address()));
        self.signs(&self.patient, &grantCall { grantor, provision }, terms)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_act_is_performed_for_its_signer() -> Result<()> {
    let world = World::start().await?;
    let (patient, by) = (&world.patient, world.patient.address());
    let (grantor, grantee, recoverer) = (by, world.doctor.address(), world.dao.address());
    let now = world.chain.now().await?;
    let given = Provision { notBefore: time(now), expiry: time(now + DAY), ..permit(grantee) };
    let event = granted(grantor, 1, &given, now, 1, by);
    world.brings(patient, grantCall { grantor, provision: given.clone() }, event).await?;

    let given = Provision { deny: true, classes: U256::MAX, purposes: u64::MAX, ..given };
    let Provision { classes, purposes, deny, notBefore, expiry, document, .. } = given.clone();
    let event = ConsentAmended {
        grantor,
        grantee,
        number: 1,
        classes,
        purposes,
        deny,
        notBefore,
        expiry,
        document,
        policyVersion: 1,
        by,
    };
    world.brings(patient, amendCall { grantor, number: 1, provision: given }, event.encode_log_data()).await?;

    let event = ConsentRevoked { grantor, grantee, number: 1, by }.encode_log_data();
    world.brings(patient, revokeCall { grantor, grantee, number: 1 }, event).await?;
    let event = ConsentsRevoked { grantor, grantee, by }.encode_log_data();
    world.brings(patient, revokeGranteeCall { grantor, grantee }, event).await?;
    let event = AllConsentsRevoked { grantor, epoch: 2, by }.encode_log_data();
    world.brings(patient, revokeAllCall { grantor }, event).await?;

    let (representative, until) = (grantee, time(now + DAY));
    let event = RepresentativeSet { grantor, representative, classes, purposes, until, appointed: false };
    let call = setRepresentativeCall { grantor, representative, classes, purposes, until };
    world.brings(patient, call, event.encode_log_data()).await?;
    let event = RecoverySet { grantor, recoverer }.encode_log_data();
    world.brings(patient, setRecoveryCall { grantor, recoverer }, event).await?;
    let second = world.soon().await?;
    let readyAt = time(second + 2 * DAY);
    // The nonce is read and the refusal of a replay is simulated before the next block, whose time is set.
    let event = RecoveryStarted { grantor, newKey: grantee, readyAt }.encode_log_data();
    world.brings(&world.dao, startRecoveryCall { grantor, newKey: grantee }, event).await?;
    let event = RecoveryVetoed { grantor }.encode_log_data();
    world.brings(patient, vetoRecoveryCall { grantor }, event).await?;

    // A representative's own signature, within its scope.
    let call = grantCall { grantor, provision: permit(recoverer) };
    let second = world.soon().await?;
    let event = granted(grantor, 1, &permit(recoverer), second, 1, grantee);
    world.brings(&world.doctor, call, event).await
}

/// Each refusal, in the order in which they are looked for.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused() -> Result<()> {
    let world = World::start().await?;
    let (by, grantor) = (world.stranger.address(), world.patient.address());
    let terms = world.terms(grantor).await?;
    let good = world.permits(terms);
    let act = |signed: &SignedAct| actCall { signed: signed.clone() };
    let now = world.chain.now().await?;

    // Everything is wrong with it, and then less and less.
    let mut bad = SignedAct {
        signer: grantor.to_vec().into(),
        act: Bytes::new(),
        nonce: U256::from(7),
        deadline: time(now - 1),
        relayer: world.doctor.address(),
        signature: Bytes::new(),
    };
    world.refuses(by, act(&bad), ConsentExpiredSignature { deadline: bad.deadline }).await?;
    bad.deadline = terms.deadline;
    world.refuses(by, act(&bad), ConsentWrongRelayer { relayer: bad.relayer }).await?;
    bad.relayer = by;
    let wrong = InvalidAccountNonce { account: grantor, currentNonce: U256::ZERO };
    world.refuses(by, act(&bad), wrong).await?;
    bad.nonce = U256::ZERO;
    world.refuses(by, act(&bad), ConsentInvalidAct {}).await?;
    bad.act = good.act.clone();
    world.refuses(by, act(&bad), ConsentInvalidSignature { signer: grantor }).await?;
    // The signature is good, and the act is not the signer's to do.
    let other = grantCall { grantor: by, provision: permit(grantor) };
    let signed = world.signs(&world.patient, &other, terms);
    world.refuses(by, act(&signed), ConsentUnauthorized { grantor: by, account: grantor }).await?;
    let missing = revokeCall { grantor, grantee: by, number: 1 };
    let signed = world.signs(&world.patient, &missing, terms);
    world.refuses(by, act(&signed), ConsentNoSuchProvision { grantor, grantee: by, number: 1 }).await?;
    assert_eq!(world.terms(grantor).await?.nonce, U256::ZERO);
    world.does(&world.stranger, act(&good)).await?;
    Ok(())
}

/// The last second is the deadline's; the relayer that is named is the only one.
#[tokio::test(flavor = "multi_thread")]
async fn deadline_and_relayer() -> Result<()> {
    let world = World::start().await?;
    let (by, grantor) = (world.stranger.address(), world.patient.address());
    let deadline = world.chain.now().await? + 500;
    let terms = Terms { deadline: time(deadline), relayer: by, nonce: U256::ZERO };
    let signed = world.permits(terms);
    for other in [grantor, world.doctor.address(), world.dao.address(), Address::ZERO] {
        world.refuses(other, actCall { signed: signed.clone() }, ConsentWrongRelayer { relayer: by }).await?;
    }
    world.chain.advance_to(deadline).await?;
    world.asked(by, actCall { signed: signed.clone() }).await?.succeeded();
    world.chain.advance_to(deadline + 1).await?;
    let expired = ConsentExpiredSignature { deadline: time(deadline) };
    world.refuses(by, actCall { signed }, expired).await?;
    // As late as a time can be.
    let terms = Terms { deadline: time((1 << 48) - 1), ..terms };
    world.does(&world.stranger, actCall { signed: world.permits(terms) }).await?;
    Ok(())
}

/// Under each key the nonces count by themselves; the plain nonce is that of key 0.
#[tokio::test(flavor = "multi_thread")]
async fn keyed_nonces() -> Result<()> {
    let world = World::start().await?;
    let owner = world.patient.address();
    let deadline = time(world.chain.now().await? + 3_600);
    let message = |nonce| world.permits(Terms { nonce, deadline, relayer: Address::ZERO });
    let last = U256::MAX >> 64;
    let next = async |key: U256| world.read(nonces_1Call { owner, key: key.to() }).await;
    for key in [U256::ZERO, U256::ONE, U256::from(9), last] {
        for count in 0..3 {
            let nonce = key << 64 | U256::from(count);
            assert_eq!(next(key).await?, nonce);
            for wrong in [nonce + U256::ONE, nonce ^ U256::ONE << 63, nonce ^ U256::ONE << 65] {
                let answer = world.asked(world.stranger.address(), actCall { signed: message(wrong) }).await?;
                // Another key's next nonce is another matter, and its signature is good.
                if wrong == next(wrong >> 64).await? {
                    answer.succeeded();
                } else {
                    answer.refused(InvalidAccountNonce { account: owner, currentNonce: next(wrong >> 64).await? });
                }
            }
            world.does(&world.stranger, actCall { signed: message(nonce) }).await?;
            assert_eq!(next(key).await?, nonce + U256::ONE);
        }
    }
    assert_eq!(world.read(nonces_0Call { owner }).await?, U256::from(3));
    // Messages under different keys are brought in any order.
    for nonce in [keyed(100, 0), keyed(50, 0), keyed(100, 1), keyed(75, 0)] {
        world.does(&world.stranger, actCall { signed: message(nonce) }).await?;
    }
    assert_eq!(world.numbers(world.doctor.address()).await?, (1..=16).collect::<Vec<_>>());
    Ok(())
}

/// One that fails is skipped and told, the others are performed, in their order.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_skips_what_fails() -> Result<()> {
    let world = World::start().await?;
    let (patient, doctor) = (world.patient.address(), world.doctor.address());
    let terms = world.terms(patient).await?;
    let at = |count| Terms { nonce: U256::from(count), ..terms };
    let revoke = |number| revokeCall { grantor: patient, grantee: doctor, number };
    let good = |count| world.permits(at(count));
    let forged = SignedAct { signature: good(0).signature, ..good(1) };
    let late = SignedAct { deadline: time(1), ..good(1) };
    let missing = world.signs(&world.patient, &revoke(9), at(1));
    let nobody = SignedAct { signer: patient[..19].to_vec().into(), ..SignedAct { nonce: U256::ZERO, ..good(1) } };
    let foreign = world.message(&world.doctor, revokeAllCall { grantor: patient }).await?;
    let signed = vec![
        good(0),
        good(0),
        forged,
        late,
        missing,
        nobody,
        foreign,
        world.signs(&world.patient, &revoke(1), at(1)),
        good(2),
    ];
    let now = world.soon().await?;
    let skipped = |index: u64, signer, nonce: u64, reason: Vec<u8>| {
        ActSkipped { index: U256::from(index), signer, nonce: U256::from(nonce), reason: reason.into() }
            .encode_log_data()
    };
    let used = InvalidAccountNonce { account: patient, currentNonce: U256::ONE }.abi_encode();
    let invalid = |signer| ConsentInvalidSignature { signer }.abi_encode();
    let expected = [
        granted(patient, 1, &permit(doctor), now, 1, patient),
        skipped(1, patient, 0, used),
        skipped(2, patient, 1, invalid(patient)),
        skipped(3, patient, 1, ConsentExpiredSignature { deadline: time(1) }.abi_encode()),
        skipped(4, patient, 1, ConsentNoSuchProvision { grantor: patient, grantee: doctor, number: 9 }.abi_encode()),
        skipped(5, Address::ZERO, 0, invalid(Address::ZERO)),
        skipped(6, doctor, 0, ConsentUnauthorized { grantor: patient, account: doctor }.abi_encode()),
        ConsentRevoked { grantor: patient, grantee: doctor, number: 1, by: patient }.encode_log_data(),
        granted(patient, 2, &permit(doctor), now, 1, patient),
    ];
    let done = world.logs(&world.stranger, relayCall { signed }, &expected).await?;
    assert_eq!(done, [true, false, false, false, false, false, false, true, true]);
    assert_eq!(world.terms(patient).await?.nonce, U256::from(3));
    assert_eq!(world.terms(doctor).await?.nonce, U256::ZERO);
    assert_eq!(world.numbers(doctor).await?, [2]);
    assert!(world.does(&world.stranger, relayCall { signed: vec![] }).await?.is_empty());
    Ok(())
}

/// A contract signs by ERC-1271, a verifier's key by ERC-7913. The account of the latter is a hash of both.
#[tokio::test(flavor = "multi_thread")]
async fn contracts_and_verifiers_sign() -> Result<()> {
    let world = World::start().await?;
    let (by, grantee) = (world.stranger.address(), world.doctor.address());
    let wallet = peers::create(&world.chain, "Wallet", &[]).await?;
    let verifier = peers::create(&world.chain, "Verifier", &[]).await?;
    // The verifier answers with its key: its selector, as a word, is a yes.
    let yes = [&[0x02, 0x4a, 0xd3, 0x18][..], &[0; 28]].concat();
    let no = [&[0x02, 0x4a, 0xd3, 0x19][..], &[0; 28]].concat();
    let account = |signer: &[u8]| Address::from_word(keccak256(signer));
    let [yes, longer, no, short, none] = [yes.clone(), [&yes[..], &[1]].concat(), no, yes[..31].to_vec(), vec![1]]
        .map(|key| [&verifier[..], &key].concat());
    for (signer, grantor, signature, valid) in [
        (wallet.to_vec(), wallet, &b"yes"[..], true),
        (wallet.to_vec(), wallet, b"nearly", false),
        (wallet.to_vec(), wallet, b"revert", false),
        (wallet.to_vec(), wallet, b"short", false),
        (wallet.to_vec(), wallet, b"no", false),
        (yes.clone(), account(&yes), b"any", true),
        (longer.clone(), account(&longer), b"", true),
        (no.clone(), account(&no), b"any", false),
        (short.clone(), account(&short), b"any", false),
        (none.clone(), account(&none), b"any", false),
    ] {
        let call = grantCall { grantor, provision: permit(grantee) };
        let terms = world.terms(grantor).await?;
        let signed = unsigned(&signer, &call, terms, signature.to_vec());
        if valid {
            let now = world.soon().await?;
            let event = granted(grantor, 1, &permit(grantee), now, 1, grantor);
            world.logs(&world.stranger, actCall { signed }, &[event]).await?;
        } else {
            world.refuses(by, actCall { signed }, ConsentInvalidSignature { signer: grantor }).await?;
        }
    }
    // A verifier's key is not the verifier's account, nor any other account that it likes.
    for grantor in [verifier, by, world.patient.address()] {
        let call = grantCall { grantor, provision: permit(grantee) };
        let terms = world.terms(account(&yes)).await?;
        let signed = unsigned(&yes, &call, terms, b"any".to_vec());
        let refusal = ConsentUnauthorized { grantor, account: account(&yes) };
        world.refuses(by, actCall { signed }, refusal).await?;
    }
    // Fewer than 20 bytes are nobody.
    for signer in [vec![], wallet[..19].to_vec()] {
        let call = grantCall { grantor: Address::ZERO, provision: permit(grantee) };
        let signed = unsigned(&signer, &call, world.terms(Address::ZERO).await?, b"yes".to_vec());
        world.refuses(by, actCall { signed }, ConsentInvalidSignature { signer: Address::ZERO }).await?;
    }
    Ok(())
}
