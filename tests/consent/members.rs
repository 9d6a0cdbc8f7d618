//! Organisations and their members: set one by one, or proven against a published list.

use alloy::{
    primitives::{Address, B256, keccak256},
    sol_types::SolEvent,
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::chain::Account;

use crate::{lists::*, world::*};

/// A hospital, admitted, without members.
async fn empty() -> Result<(World, Account)> {
    let world = World::start().await?;
    let hospital = world.hospital().await?;
    world.does(&hospital, setMemberCall { member: world.doctor.address(), until: time(0) }).await?;
    Ok((world, hospital))
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_are_admitted_and_removed() -> Result<()> {
    let world = World::start().await?;
    let organization = Address::repeat_byte(0x0a);
    for (until, jurisdiction) in [(1, 0), ((1 << 48) - 1, 31), (0, 0)] {
        let event = OrganizationSet { organization, until: time(until), jurisdiction }.encode_log_data();
        let call = setOrganizationCall { organization, until: time(until), jurisdiction };
        world.logs(&world.dao, call, &[event]).await?;
        let found = world.read(organizationCall { account: organization }).await?;
        assert_eq!((found.until, found.jurisdiction), (time(until), jurisdiction));
        assert_eq!((found.list, found.root), (0, B256::ZERO));
    }
    for jurisdiction in [32, 255] {
        let call = setOrganizationCall { organization, until: time(1), jurisdiction };
        let error = ConsentInvalidCode { table: 2, number: jurisdiction };
        world.refuses(world.dao.address(), call, error).await?;
    }
    for caller in [world.stranger.address(), organization] {
        let call = setOrganizationCall { organization, until: time(1), jurisdiction: 0 };
        world.refuses(caller, call, AccessManagedUnauthorized { caller }).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_sets_its_own_members() -> Result<()> {
    let (world, hospital) = empty().await?;
    let (organization, member) = (hospital.address(), world.doctor.address());
    let end = world.chain.now().await? + 5_000;
    for until in [end, (1 << 48) - 1, 1, 0, end] {
        let event = MemberSet { organization, member, until: time(until), list: 0 }.encode_log_data();
        world.logs(&hospital, setMemberCall { member, until: time(until) }, &[event]).await?;
        assert_eq!(world.read(memberUntilCall { organization, member }).await?, time(until));
    }
    // Another organisation's members are its own.
    world.does(&world.stranger, setMemberCall { member, until: time(0) }).await?;
    world.does(&world.stranger, setMembersCall { root: DOCUMENT }).await?;
    assert_eq!(world.read(memberUntilCall { organization, member }).await?, time(end));
    let found = world.read(organizationCall { account: organization }).await?;
    assert_eq!((found.list, found.root), (0, B256::ZERO));
    Ok(())
}

/// Each member of each list, and nobody by somebody else's proof.
#[tokio::test(flavor = "multi_thread")]
async fn members_are_proven_against_the_list() -> Result<()> {
    let (world, hospital) = empty().await?;
    let organization = hospital.address();
    let by = world.stranger.address();
    for (list, Published { root, members }) in (1..).zip(lists()?) {
        let tree = tree(&members.iter().map(|listed| (listed.member, listed.until)).collect::<Vec<_>>());
        assert_eq!(tree.nodes[0], root);
        let event = MembersPublished { organization, list, root }.encode_log_data();
        world.logs(&hospital, setMembersCall { root }, &[event]).await?;
        let found = world.read(organizationCall { account: organization }).await?;
        assert_eq!((found.list, found.root), (list, root));
        for (index, listed) in members.iter().enumerate() {
            let Listed { member, until, proof } = listed;
            assert_eq!(*proof, tree.proof(index));
            assert_eq!(world.read(memberUntilCall { organization, member: *member }).await?, time(0));
            let refusal = || ConsentInvalidProof { organization, member: *member };
            for wrong in [
                Listed { until: until - 1, ..listed.clone() },
                Listed { until: until + 1, ..listed.clone() },
                Listed { proof: [&proof[..], &[root]].concat(), ..listed.clone() },
                Listed { proof: vec![B256::repeat_byte(1)], ..listed.clone() },
            ] {
                world.refuses(by, wrong.prove(&hospital), refusal()).await?;
            }
            if let Some((_, shorter)) = proof.split_last() {
                let wrong = Listed { proof: shorter.to_vec(), ..listed.clone() };
                world.refuses(by, wrong.prove(&hospital), refusal()).await?;
            }
            let other = Listed { member: by, ..listed.clone() };
            let refused = ConsentInvalidProof { organization, member: by };
            world.refuses(by, other.prove(&hospital), refused).await?;
            let elsewhere = listed.prove(&world.dao);
            let refused = ConsentInvalidProof { organization: world.dao.address(), member: *member };
            world.refuses(by, elsewhere, refused).await?;
            let event = MemberSet { organization, member: *member, until: time(*until), list }.encode_log_data();
            world.logs(&world.stranger, listed.prove(&hospital), &[event]).await?;
            assert_eq!(world.read(memberUntilCall { organization, member: *member }).await?, time(*until));
        }
    }
    Ok(())
}

/// A list of a member, the stranger and others, as the hospital's; the member's entry.
async fn listed(world: &World, hospital: &Account, member: Address, until: u64, others: u8) -> Result<Listed> {
    let others = (1..=others).map(|other| (Address::repeat_byte(other), until));
    let list: Vec<_> = [(member, until)].into_iter().chain(others).collect();
    let tree = tree(&list);
    world.does(hospital, setMembersCall { root: tree.nodes[0] }).await?;
    Ok(Listed { member, until, proof: tree.proof(0) })
}

/// The next list takes the place of the last: who was proven against it counts no longer, and the old proof is of no use.
/// Members set one by one stay.
#[tokio::test(flavor = "multi_thread")]
async fn another_list_takes_the_place() -> Result<()> {
    let (world, hospital) = empty().await?;
    let (organization, doctor, nurse) = (hospital.address(), world.doctor.address(), world.stranger.address());
    let until = world.chain.now().await? + 100 * DAY;
    let first = listed(&world, &hospital, doctor, until, 3).await?;
    world.does(&world.doctor, first.prove(&hospital)).await?;
    world.does(&hospital, setMemberCall { member: nurse, until: time(until) }).await?;
    world.grants(permit(organization)).await?;
    let ask = async |actor| Ok::<_, eyre::Report>(world.asks(actor, organization, LABS, TREAT).await?.reason);
    assert_eq!((ask(doctor).await?, ask(nurse).await?), (1, 1));

    let second = listed(&world, &hospital, doctor, until, 4).await?;
    assert_eq!((ask(doctor).await?, ask(nurse).await?), (22, 1));
    assert_eq!(world.read(memberUntilCall { organization, member: doctor }).await?, time(0));
    let invalid = ConsentInvalidProof { organization, member: doctor };
    world.refuses(doctor, first.prove(&hospital), invalid.clone()).await?;
    world.does(&world.doctor, second.prove(&hospital)).await?;
    assert_eq!(ask(doctor).await?, 1);
    // No list at all: nobody is proven, and a proof of nothing does not lead to the root of zero.
    world.does(&hospital, setMembersCall { root: B256::ZERO }).await?;
    assert_eq!((ask(doctor).await?, ask(nurse).await?), (22, 1));
    world.refuses(doctor, second.prove(&hospital), invalid.clone()).await?;
    world.refuses(doctor, Listed { proof: vec![], ..second.clone() }.prove(&hospital), invalid).await?;
    // The same root again is another list.
    let third = listed(&world, &hospital, doctor, until, 4).await?;
    assert_eq!(third.proof, second.proof);
    assert_eq!(ask(doctor).await?, 22);
    Ok(())
}

/// A member that is ended is barred from the list as it is, and can come back by the next one, or one by one.
#[tokio::test(flavor = "multi_thread")]
async fn an_ended_member_is_barred_from_the_list() -> Result<()> {
    let (world, hospital) = empty().await?;
    let (organization, member) = (hospital.address(), world.doctor.address());
    let until = world.chain.now().await? + 100 * DAY;
    let entry = listed(&world, &hospital, member, until, 3).await?;
    let barred = ConsentInvalidProof { organization, member };
    let end = setMemberCall { member, until: time(0) };
    // Before it was proven, and afterwards.
    world.does(&hospital, end.clone()).await?;
    world.refuses(member, entry.prove(&hospital), barred.clone()).await?;
    let entry = listed(&world, &hospital, member, until, 2).await?;
    world.does(&world.doctor, entry.prove(&hospital)).await?;
    world.does(&hospital, end.clone()).await?;
    assert_eq!(world.read(memberUntilCall { organization, member }).await?, time(0));
    world.refuses(member, entry.prove(&hospital), barred.clone()).await?;
    // Others are proven all the same.
    let other = Address::repeat_byte(1);
    let list = [(member, until), (other, until), (Address::repeat_byte(2), until)];
    let proof = tree(&list).proof(1);
    world.does(&world.stranger, Listed { member: other, until, proof }.prove(&hospital)).await?;
    world.does(&hospital, setMemberCall { member, until: time(until) }).await?;
    assert_eq!(world.read(memberUntilCall { organization, member }).await?, time(until));
    world.does(&hospital, end).await?;
    let next = listed(&world, &hospital, member, until, 5).await?;
    world.does(&world.doctor, next.prove(&hospital)).await?;
    assert_eq!(world.read(memberUntilCall { organization, member }).await?, time(until));
    Ok(())
}

/// What an organisation set itself is not replaced by what is in its list: anybody can bring a proof.
#[tokio::test(flavor = "multi_thread")]
async fn a_proof_does_not_replace_what_was_set() -> Result<()> {
    let (world, hospital) = empty().await?;
    let (organization, member) = (hospital.address(), world.doctor.address());
    let now = world.chain.now().await?;
    let entry = listed(&world, &hospital, member, now + 5_000, 3).await?;
    for until in [now + 3_000, now + 90 * DAY] {
        world.does(&hospital, setMemberCall { member, until: time(until) }).await?;
        let refused = ConsentInvalidProof { organization, member };
        world.refuses(world.stranger.address(), entry.prove(&hospital), refused).await?;
    }
    // When that is over, the list counts again, unless the member was barred.
    let soon = world.chain.now().await? + 100;
    world.does(&hospital, setMemberCall { member, until: time(soon) }).await?;
    world.chain.advance_to(soon).await?;
    world.asked(member, entry.prove(&hospital)).await?.succeeded();
    world.does(&hospital, setMemberCall { member, until: time(now + 90 * DAY) }).await?;
    world.does(&hospital, setMembersCall { root: B256::ZERO }).await?;
    assert_eq!(world.read(memberUntilCall { organization, member }).await?, time(now + 90 * DAY));
    Ok(())
}

/// An entry counts to its end, and is not proven from then on.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_ends() -> Result<()> {
    let (world, hospital) = empty().await?;
    let (organization, member) = (hospital.address(), world.doctor.address());
    let end = world.chain.now().await? + 5_000;
    let entry = listed(&world, &hospital, member, end, 1).await?;
    world.chain.advance_to(end - 1).await?;
    world.asked(member, entry.prove(&hospital)).await?.succeeded();
    world.chain.advance_to(end).await?;
    world.refuses(member, entry.prove(&hospital), ConsentInvalidProof { organization, member }).await?;
    let ended = listed(&world, &hospital, member, 0, 1).await?;
    world.refuses(member, ended.prove(&hospital), ConsentInvalidProof { organization, member }).await
}

/// Removed, the organisation has no members; admitted again, none of those that it had, or that a thief of its key set
/// before or meanwhile. It sets its own again.
#[tokio::test(flavor = "multi_thread")]
async fn a_removed_organisation_has_no_members() -> Result<()> {
    let (world, hospital) = empty().await?;
    let (organization, doctor, nurse) = (hospital.address(), world.doctor.address(), world.stranger.address());
    let until = world.chain.now().await? + 100 * DAY;
    let admits = async |until, jurisdiction| {
        world.does(&world.dao, setOrganizationCall { organization, until: time(until), jurisdiction }).await
    };
    let ask = async |actor| Ok::<_, eyre::Report>(world.asks(actor, organization, LABS, TREAT).await?.reason);
    let set = setMemberCall { member: nurse, until: time(until) };
    let entry = listed(&world, &hospital, doctor, until, 3).await?;
    world.does(&world.doctor, entry.prove(&hospital)).await?;
    world.does(&hospital, set.clone()).await?;
    world.grants(permit(organization)).await?;
    // A renewal keeps them, also with another jurisdiction, and so does an end that came by itself.
    let soon = world.chain.now().await? + 5_000;
    for until in [until, soon] {
        admits(until, 2).await?;
        assert_eq!((ask(doctor).await?, ask(nurse).await?), (1, 1));
    }
    world.chain.advance_to(soon).await?;
    assert_eq!((ask(doctor).await?, ask(nurse).await?), (23, 23));
    admits(until, 1).await?;
    assert_eq!((ask(doctor).await?, ask(nurse).await?), (1, 1));

    // Twice is once. Any time that is not in the future removes it.
    for end in [0, soon] {
        admits(end, 1).await?;
        assert_eq!((ask(doctor).await?, ask(nurse).await?), (23, 23));
        let found = world.read(organizationCall { account: organization }).await?;
        assert_eq!((found.until, found.list, found.root), (time(end), 1, B256::ZERO));
        for member in [doctor, nurse] {
            assert_eq!(world.read(memberUntilCall { organization, member }).await?, time(0));
        }
    }
    let thief = Address::repeat_byte(0x7f);
    world.does(&hospital, setMemberCall { member: thief, until: time(until) }).await?;
    let stolen = listed(&world, &hospital, doctor, until, 4).await?;
    world.does(&world.doctor, stolen.prove(&hospital)).await?;
    admits(until, 1).await?;
    for actor in [doctor, nurse, thief] {
        assert_eq!(ask(actor).await?, 22);
    }
    for old in [entry, stolen] {
        world.refuses(doctor, old.prove(&hospital), ConsentInvalidProof { organization, member: doctor }).await?;
    }
    // What was set in an earlier term does not keep a proof of this one out.
    let own = listed(&world, &hospital, nurse, until, 2).await?;
    world.does(&world.stranger, own.prove(&hospital)).await?;
    world.does(&hospital, setMemberCall { member: doctor, until: time(until) }).await?;
    assert_eq!((ask(doctor).await?, ask(nurse).await?, ask(thief).await?), (1, 1, 22));
    Ok(())
}

/// Removed, or in a jurisdiction that is refused, an organisation does not get by its own account what its members do not
/// get, nor in an emergency. An account that no word of the DAO is about is none.
#[tokio::test(flavor = "multi_thread")]
async fn a_removed_organisation_is_refused_itself() -> Result<()> {
    let (world, hospital) = empty().await?;
    let (organization, grantor) = (hospital.address(), world.patient.address());
    let until = world.chain.now().await? + 100 * DAY;
    world.grants(permit(organization)).await?;
    world.grants(permit(world.stranger.address())).await?;
    // As a member of another it gets no more.
    let other = world.chain.account("clinic").await?;
    world
        .does(&world.dao, setOrganizationCall { organization: other.address(), until: time(until), jurisdiction: 1 })
        .await?;
    world.does(&other, setMemberCall { member: organization, until: time(until) }).await?;
    // Publishing a list does not make the stranger an organisation.
    world.does(&world.stranger, setMembersCall { root: DOCUMENT }).await?;
    let end = world.chain.now().await? + 5_000;
    for (until, jurisdiction, reason) in [(until, 1, 1), (0, 0, 23), (0, 1, 23), (until, 7, 24), (end, 1, 1)] {
        world.does(&world.dao, setOrganizationCall { organization, until: time(until), jurisdiction }).await?;
        world.sets_policy(Policy { refusedJurisdictions: 1 << 7, ..policy() }, LONGEST).await?;
        for on_behalf_of in [Address::ZERO, organization, other.address()] {
            assert_eq!(world.asks(organization, on_behalf_of, LABS, TREAT).await?.reason, reason);
            assert_eq!(world.asks(world.stranger.address(), Address::ZERO, LABS, TREAT).await?.reason, 1);
        }
        // Its own data are its own.
        let own = isPermittedCall {
            grantor: organization,
            actor: organization,
            onBehalfOf: Address::ZERO,
            dataClass: LABS,
            purpose: TREAT,
        };
        assert_eq!(world.read(own).await?.reason, 2);
    }
    world.chain.advance_to(end).await?;
    assert_eq!(world.asks(organization, Address::ZERO, LABS, TREAT).await?, Said::only(23));
    // An emergency that it declared before is of no use either.
    let actor = world.dao.address();
    let declare = declareEmergencyCall { grantor, classes: classes(&[LABS]), reason: 0, statement: DOCUMENT };
    world.does(&world.dao, declare).await?;
    assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?.reason, 3);
    let removal = setOrganizationCall { organization: actor, until: time(0), jurisdiction: 0 };
    world.does(&world.dao, removal).await?;
    assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?, Said::only(23));
    Ok(())
}

/// Who registers organisations can silence every account, also one that never was an organisation: by a removal, or by a
/// jurisdiction that is refused. Another word brings it back. Its own data stay its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_registrar_silences_any_account() -> Result<()> {
    let world = World::start().await?;
    let actor = world.stranger.address();
    let until = world.chain.now().await? + 100 * DAY;
    world.grants(permit(actor)).await?;
    world.sets_policy(Policy { refusedJurisdictions: 1 << 7, ..policy() }, LONGEST).await?;
    assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?.reason, 1);
    for (until, jurisdiction, reason) in [(0, 0, 23), (until, 7, 24), (until, 0, 1)] {
        let call = setOrganizationCall { organization: actor, until: time(until), jurisdiction };
        world.does(&world.dao, call).await?;
        assert_eq!(world.asks(actor, Address::ZERO, LABS, TREAT).await?.reason, reason);
        let on_behalf_of = Address::ZERO;
        let own = isPermittedCall { grantor: actor, actor, onBehalfOf: on_behalf_of, dataClass: LABS, purpose: TREAT };
        assert_eq!(world.read(own).await?.reason, 2);
    }
    Ok(())
}

/// A list of a whole country's doctors costs one word, and a proof of fifteen.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_20_000() -> Result<()> {
    let (world, hospital) = empty().await?;
    let until = world.chain.now().await? + 100 * DAY;
    let mut list: Vec<_> = (1..20_000_u32).map(|n| (Address::from_word(keccak256(n.to_be_bytes())), until)).collect();
    list.insert(12_345, (world.doctor.address(), until));
    let tree = tree(&list);
    world.does(&hospital, setMembersCall { root: tree.nodes[0] }).await?;
    world.grants(permit(hospital.address())).await?;
    for index in [12_345, 0, 19_999] {
        let (member, until) = list[index];
        let entry = Listed { member, until, proof: tree.proof(index) };
        assert!((14..=15).contains(&entry.proof.len()));
        world.does(&world.stranger, entry.prove(&hospital)).await?;
        assert_eq!(world.asks(member, hospital.address(), LABS, TREAT).await?.reason, 1);
    }
    let (unproven, _) = list[7];
    assert_eq!(world.asks(unproven, hospital.address(), LABS, TREAT).await?, Said::only(22));
    Ok(())
}
