//! An answer in full, and many answers at once.

use alloy::{primitives::Address, sol_types::SolEvent};
use consilium_bindings::Consent::*;
use eyre::Result;

use crate::world::*;

/// What a person is told: the provision in full, until when it permits, and what else there is to know.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_explained() -> Result<()> {
    let mut longest = LONGEST;
    longest[usize::from(RESEARCH)] = 10;
    let world = World::with(policy(), longest).await?;
    let (grantor, doctor) = (world.patient.address(), world.doctor.address());
    let explain = async |actor, purpose| {
        let onBehalfOf = Address::ZERO;
        world.read(explainCall { grantor, actor, onBehalfOf, dataClass: LABS, purpose }).await
    };
    let now = world.soon().await?;
    let both = Provision { purposes: purposes(&[TREAT, RESEARCH]), ..permit(doctor) };
    world.grants(both.clone()).await?;
    let stored = StoredProvision {
        number: 1,
        classes: both.classes,
        purposes: both.purposes,
        deny: false,
        notBefore: time(now),
        expiry: time(0),
        policyVersion: 1,
    };
    world.sets_policy(policy(), longest).await?;
    let limit = now + 10 * DAY;
    for (purpose, until) in [(TREAT, 0), (RESEARCH, limit)] {
        let expected = Explanation {
            permitted: true,
            reason: 1,
            grantee: doctor,
            provision: stored.clone(),
            permitsUntil: time(until),
            policyVersion: 2,
            emergencyUntil: time(0),
        };
        assert_eq!(explain(doctor, purpose).await?, expected);
    }
    // The earlier of the two ends.
    for (expiry, purpose, until) in
        [(limit + 1, TREAT, limit + 1), (limit + 1, RESEARCH, limit), (limit - 1, RESEARCH, limit - 1)]
    {
        let provision = Provision { notBefore: time(now), expiry: time(expiry), ..both.clone() };
        world.does(&world.patient, amendCall { grantor, number: 1, provision }).await?;
        assert_eq!(explain(doctor, purpose).await?.permitsUntil, time(until));
    }
    // Where it does not permit, there is no time until which it does.
    world.chain.advance_to(limit).await?;
    let ended = explain(doctor, RESEARCH).await?;
    assert_eq!((ended.permitted, ended.reason, ended.permitsUntil), (false, 18, time(0)));
    assert_eq!((ended.provision.number, ended.grantee), (1, doctor));

    let nothing = StoredProvision {
        number: 0,
        classes: classes(&[]),
        purposes: 0,
        notBefore: time(0),
        policyVersion: 0,
        ..stored
    };
    for (actor, reason) in [(grantor, 2), (world.stranger.address(), 16)] {
        let found = explain(actor, TREAT).await?;
        assert_eq!((found.permitted, found.reason, found.grantee), (reason == 2, reason, Address::ZERO));
        assert_eq!(found.provision, nothing);
        assert_eq!((found.permitsUntil, found.policyVersion), (time(0), 2));
    }
    // An emergency is told of, whatever decides.
    let glass = declareEmergencyCall { grantor, classes: classes(&[LABS]), reason: 1, statement: DOCUMENT };
    let (_, logs) = world.sent(&world.dao, glass).await?;
    let until = EmergencyDeclared::decode_log_data(&logs[0])?.until;
    let found = explain(world.dao.address(), TREAT).await?;
    assert_eq!((found.permitted, found.reason, found.emergencyUntil), (true, 3, until));
    assert_eq!(explain(world.dao.address(), RESEARCH).await?.emergencyUntil, until);
    // At its end it is over.
    let end = until.to::<u64>();
    for (now, told) in [(end - 1, until), (end, time(0))] {
        world.chain.advance_to(now).await?;
        assert_eq!(explain(world.dao.address(), TREAT).await?.emergencyUntil, told);
    }
    Ok(())
}

/// Many questions in one call are answered as each by itself, and none is not an error.
#[tokio::test(flavor = "multi_thread")]
async fn many_questions_at_once() -> Result<()> {
    let world = World::start().await?;
    let (grantor, doctor) = (world.patient.address(), world.doctor.address());
    world.grants(permit(doctor)).await?;
    world.grants(Provision { classes: classes(&[NOTES]), ..denial(doctor) }).await?;
    let (mut questions, mut reasons) = (Vec::new(), Vec::new());
    for actor in [doctor, grantor, world.stranger.address()] {
        for (dataClass, reason) in [(LABS, 1), (NOTES, 21), (99, 16)] {
            questions.push(Question { grantor, actor, onBehalfOf: Address::ZERO, dataClass, purpose: TREAT });
            reasons.push(if actor == grantor {
                2
            } else if actor == doctor {
                reason
            } else {
                16
            });
        }
        questions.push(Question { grantor: actor, actor, onBehalfOf: doctor, dataClass: LABS, purpose: TREAT });
        reasons.push(if actor == doctor { 2 } else { 23 });
    }
    assert_eq!(world.read(arePermittedCall { questions }).await?, reasons);
    assert!(world.read(arePermittedCall { questions: vec![] }).await?.is_empty());
    // A mask of classes is answered class by class.
    let asked = classes(&[LABS, NOTES, 99]);
    let view =
        permittedClassesCall { grantor, actor: doctor, onBehalfOf: Address::ZERO, classes: asked, purpose: TREAT };
    assert_eq!(world.read(view).await?, classes(&[LABS]));
    Ok(())
}
