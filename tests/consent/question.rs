//! The question: each reason with the deciding provision, to the second, and all forms of it alike ([`World::asks`]).

use alloy::primitives::Address;
use consilium_bindings::Consent::*;
use eyre::Result;

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_counts_from_its_begin_to_its_end() -> Result<()> {
    let world = World::start().await?;
    let doctor = world.doctor.address();
    assert_eq!(world.says().await?, Said::only(16));
    let begin = world.chain.now().await? + 1_000;
    let end = begin + 500;
    world.grants(Provision { notBefore: time(begin), expiry: time(end), ..permit(doctor) }).await?;
    for (now, reason) in [(begin - 1, 17), (begin, 1), (end - 1, 1), (end, 18), (end + DAY, 18)] {
        world.chain.advance_to(now).await?;
        assert_eq!(world.chain.now().await?, now);
        assert_eq!(world.says().await?, Said::by(reason, doctor, 1), "at {now}, from {begin} to {end}");
    }
    // It says nothing of other classes, purposes and people.
    assert_eq!(world.asks(doctor, Address::ZERO, NOTES, TREAT).await?, Said::only(16));
    assert_eq!(world.asks(doctor, Address::ZERO, LABS, RESEARCH).await?, Said::only(16));
    assert_eq!(world.asks(world.stranger.address(), Address::ZERO, LABS, TREAT).await?, Said::only(16));
    Ok(())
}

/// A denial counts from its begin to its end too. Before and afterwards it is no reason: it would not have permitted.
#[tokio::test(flavor = "multi_thread")]
async fn a_denial_counts_from_its_begin_to_its_end() -> Result<()> {
    let world = World::start().await?;
    let doctor = world.doctor.address();
    let begin = world.chain.now().await? + 1_000;
    let end = begin + 500;
    let denies = Provision { notBefore: time(begin), expiry: time(end), ..denial(doctor) };
    world.grants(denies).await?;
    assert_eq!(world.says().await?, Said::only(16));
    world.grants(permit(doctor)).await?;
    let (permits, denies) = (Said::by(1, doctor, 2), Said::by(21, doctor, 1));
    for (now, said) in [(begin - 1, permits), (begin, denies), (end - 1, denies), (end, permits)] {
        world.chain.advance_to(now).await?;
        assert_eq!(world.says().await?, said, "at {now}, from {begin} to {end}");
    }
    let revoke = revokeCall { grantor: world.patient.address(), grantee: doctor, number: 2 };
    world.does(&world.patient, revoke).await?;
    assert_eq!(world.says().await?, Said::only(16));
    Ok(())
}

/// For a purpose of so many days, a permit is too old that many days after its begin.
#[tokio::test(flavor = "multi_thread")]
async fn a_permit_is_as_old_as_policy_lets_it_be() -> Result<()> {
    let mut longest = LONGEST;
    (longest[usize::from(TREAT)], longest[usize::from(RESEARCH)]) = (30, 0);
    let world = World::with(policy(), longest).await?;
    let doctor = world.doctor.address();
    let now = world.soon().await?;
    world.grants(Provision { purposes: purposes(&[TREAT, RESEARCH, 16]), ..permit(doctor) }).await?;
    let too_old = Said::by(19, doctor, 1);
    let ask = async |purpose| world.asks(doctor, Address::ZERO, LABS, purpose).await;
    assert_eq!(ask(RESEARCH).await?, too_old);
    for (days, second, said) in [(30, -1, Said::by(1, doctor, 1)), (30, 0, too_old), (31, 0, too_old)] {
        world.chain.advance_to((now + days * DAY).checked_add_signed(second).expect("a time")).await?;
        assert_eq!(ask(TREAT).await?, said);
        assert_eq!(ask(16).await?, Said::by(1, doctor, 1));
    }
    // The age is counted from the permit's begin, which may be long ago or to come.
    let now = world.chain.now().await?;
    let amend = async |notBefore| {
        let provision = Provision { notBefore: time(notBefore), ..permit(doctor) };
        world.does(&world.patient, amendCall { grantor: world.patient.address(), number: 1, provision }).await
    };
    amend(now - 29 * DAY).await?;
    assert_eq!(ask(TREAT).await?.reason, 1);
    amend(now - 31 * DAY).await?;
    assert_eq!(ask(TREAT).await?, too_old);
    amend(now + 100 * DAY).await?;
    world.chain.advance_to(now + 130 * DAY - 1).await?;
    assert_eq!(ask(TREAT).await?.reason, 1);
    world.chain.advance_to(now + 130 * DAY).await?;
    assert_eq!(ask(TREAT).await?, too_old);
    // A denial is never too old.
    world.grants(denial(doctor)).await?;
    world.chain.advance(100 * DAY).await?;
    assert_eq!(ask(TREAT).await?, Said::by(21, doctor, 2));
    Ok(())
}

/// Through the person, its role, the organisation and the organisation's role: whichever of them a permit and a denial
/// name, the denial decides, in either order.
#[tokio::test(flavor = "multi_thread")]
async fn a_denial_beats_every_permit() -> Result<()> {
    let world = World::start().await?;
    let (doctor, hospital) = (world.doctor.address(), world.hospital().await?.address());
    let (own, theirs) = (roleGranteeCall { role: 3 }, roleGranteeCall { role: 30 });
    let (own, theirs) = (world.read(own).await?, world.read(theirs).await?);
    let until = time(world.chain.now().await? + 365 * DAY);
    world.does(&world.dao, setRoleCall { role: 3, account: doctor, until }).await?;
    world.does(&world.dao, setRoleCall { role: 30, account: hospital, until }).await?;
    let grantor = world.patient.address();
    let ask = async || world.asks(doctor, hospital, LABS, TREAT).await;
    for permitted in [doctor, own, hospital, theirs] {
        for denied in [doctor, own, hospital, theirs] {
            for denial_first in [false, true] {
                world.does(&world.patient, revokeAllCall { grantor }).await?;
                assert_eq!(ask().await?, Said::only(16));
                let (first, second) = (permit(permitted), denial(denied));
                let both = if denial_first { [second, first] } else { [first, second] };
                let [first, second] = [world.grants(both[0].clone()).await?, world.grants(both[1].clone()).await?];
                let number = if denial_first { first } else { second };
                assert_eq!(ask().await?, Said::by(21, denied, number));
                world.does(&world.patient, revokeCall { grantor, grantee: denied, number }).await?;
                let number = if denial_first { second } else { first };
                assert_eq!(ask().await?, Said::by(1, permitted, number));
            }
        }
    }
    Ok(())
}

/// Acting for an organisation: who is not admitted, what policy refuses, and who is no member.
#[tokio::test(flavor = "multi_thread")]
async fn who_acts_for_an_organisation() -> Result<()> {
    let world = World::start().await?;
    let (doctor, stranger) = (world.doctor.address(), world.stranger.address());
    let hospital = world.chain.account("hospital").await?;
    let place = hospital.address();
    world.grants(permit(place)).await?;
    world.grants(permit(doctor)).await?;
    let ask = async |actor| world.asks(actor, place, LABS, TREAT).await;
    let now = world.chain.now().await?;
    let (end, member_end) = (now + 5_000, now + 3_000);

    assert_eq!(ask(doctor).await?, Said::only(23));
    let admit = async |until, jurisdiction| {
        let call = setOrganizationCall { organization: place, until: time(until), jurisdiction };
        world.does(&world.dao, call).await
    };
    admit(end, 1).await?;
    assert_eq!(ask(doctor).await?, Said::only(22));
    world.does(&hospital, setMemberCall { member: doctor, until: time(member_end) }).await?;
    // The person comes first.
    assert_eq!(ask(doctor).await?, Said::by(1, doctor, 1));
    assert_eq!(ask(stranger).await?, Said::only(22));
    admit(end, REFUSED).await?;
    assert_eq!(ask(doctor).await?, Said::only(24));
    assert_eq!(ask(stranger).await?, Said::only(24));
    admit(end, 0).await?;
    let revoke = revokeCall { grantor: world.patient.address(), grantee: doctor, number: 1 };
    world.does(&world.patient, revoke).await?;
    for (at, said) in [
        (member_end - 1, Said::by(1, place, 1)),
        (member_end, Said::only(22)),
        (end - 1, Said::only(22)),
        (end, Said::only(23)),
    ] {
        world.chain.advance_to(at).await?;
        assert_eq!(ask(doctor).await?, said);
    }
    // Alone it has nothing by the organisation. The organisation by itself has to be admitted as with its members.
    assert_eq!(world.says().await?, Said::only(16));
    for on_behalf_of in [Address::ZERO, place] {
        assert_eq!(world.asks(place, on_behalf_of, LABS, TREAT).await?, Said::only(23));
    }
    admit(end + DAY, 0).await?;
    for on_behalf_of in [Address::ZERO, place] {
        assert_eq!(world.asks(place, on_behalf_of, LABS, TREAT).await?, Said::by(1, place, 1));
    }
    // A member acts for itself too, by its own address.
    world.grants(permit(stranger)).await?;
    assert_eq!(world.asks(stranger, stranger, LABS, TREAT).await?, Said::by(1, stranger, 1));
    Ok(())
}

/// A grantor sees all of its own data, for every purpose that there is, unless it acts for others.
#[tokio::test(flavor = "multi_thread")]
async fn a_grantor_s_own_data() -> Result<()> {
    let world = World::start().await?;
    let (patient, hospital) = (world.patient.address(), world.hospital().await?.address());
    for purpose in [0, 1, 63] {
        for on_behalf_of in [Address::ZERO, patient] {
            for class in [0, LABS, CLOSED, 255] {
                assert_eq!(world.asks(patient, on_behalf_of, class, purpose).await?, Said::only(2));
            }
        }
    }
    assert_eq!(world.asks(patient, hospital, LABS, TREAT).await?, Said::only(22));
    Ok(())
}

/// A purpose that there is not is permitted to nobody: no bit of a mask wraps around to it.
#[tokio::test(flavor = "multi_thread")]
async fn purposes_from_64_on() -> Result<()> {
    let world = World::with(Policy { emergencyPurposes: u64::MAX, ..policy() }, LONGEST).await?;
    let (patient, doctor) = (world.patient.address(), world.doctor.address());
    world.grants(Provision { classes: classes(&[0, 255]), purposes: u64::MAX, ..permit(doctor) }).await?;
    let glass = declareEmergencyCall { grantor: patient, classes: classes(&[0]), reason: 0, statement: DOCUMENT };
    world.does(&world.dao, glass).await?;
    for purpose in [63, 64, 65, 127, 128, 192, 255] {
        for class in [0, 255] {
            let (by_doctor, own) = match purpose {
                63 => (Said::by(1, doctor, 1), Said::only(2)),
                _ => (Said::only(16), Said::only(16)),
            };
            assert_eq!(world.asks(doctor, Address::ZERO, class, purpose).await?, by_doctor);
            assert_eq!(world.asks(patient, Address::ZERO, class, purpose).await?, own);
            let by_dao = world.asks(world.dao.address(), Address::ZERO, class, purpose).await?;
            assert_eq!(by_dao, Said::only(if purpose == 63 && class == 0 { 3 } else { 16 }));
        }
    }
    Ok(())
}

/// Of those that would have permitted, the highest reason decides, and the first provision of that reason.
#[tokio::test(flavor = "multi_thread")]
async fn the_highest_reason_decides() -> Result<()> {
    let mut longest = LONGEST;
    longest[usize::from(TREAT)] = 10;
    let separate = Policy { separateClasses: 1, separatePurposes: 1 << RESEARCH, ..policy() };
    let world = World::with(separate, longest).await?;
    let (grantor, doctor) = (world.patient.address(), world.doctor.address());
    let now = world.chain.now().await?;
    let hiv = || Provision { classes: classes(&[HIV]), ..permit(doctor) };
    let ask = async || world.asks(doctor, Address::ZERO, HIV, TREAT).await;
    let later = || Provision { notBefore: time(now + 50 * DAY), ..hiv() };
    for (reason, provision) in [
        (17, later()),
        (18, Provision { expiry: time(now + 100), ..hiv() }),
        (19, Provision { notBefore: time(now - 11 * DAY), ..hiv() }),
        (20, Provision { classes: classes(&[HIV, LABS]), ..hiv() }),
        (1, hiv()),
        (21, Provision { deny: true, ..hiv() }),
    ] {
        let number = world.grants(provision.clone()).await?;
        // One that has ended cannot be granted again.
        if reason == 18 {
            world.chain.advance_to(now + 100).await?;
        } else {
            world.grants(provision).await?;
        }
        assert_eq!(ask().await?, Said::by(reason, doctor, number));
        world.grants(later()).await?;
        assert_eq!(ask().await?, Said::by(reason, doctor, number));
        if reason == 18 {
            world.does(&world.patient, revokeCall { grantor, grantee: doctor, number: 1 }).await?;
        }
    }
    Ok(())
}
