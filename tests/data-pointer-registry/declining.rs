//! A custodian declines what the consent does not permit any more.

use alloy::{
    primitives::{Address, B256},
    sol_types::SolEvent,
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;

use crate::{access::WRAPPED, world::*};

impl World {
    /// A request of the doctor for a result; how it is declined, and when the answer is due.
    async fn asks(&self, id: B256) -> Result<(declineKeyCall, u64)> {
        let (requestId, due) = self.requests(id).await?;
        let askedAt = time(due - u64::from(WITHIN));
        let onBehalfOf = Address::ZERO;
        Ok((declineKeyCall { id, requestId, purpose: TREAT, onBehalfOf, encryptionKey: KEY, askedAt }, due))
    }

    /// What is known of a request: whether it was delivered, is overdue, was declined.
    async fn flags(&self, decline: &declineKeyCall) -> Result<[bool; 3]> {
        let &declineKeyCall { id, requestId, .. } = decline;
        let found = self.read(accessRequestCall { id, requestId }).await?;
        assert_eq!(found.actor, self.doctor.address());
        Ok([found.delivered, found.overdue, found.declined])
    }
}

/// What is logged where a request is declined.
fn was_declined(decline: &declineKeyCall, custodian: Address, reason: u8) -> alloy::primitives::LogData {
    let &declineKeyCall { id, requestId, .. } = decline;
    KeyDeclined { id, requestId, custodian, reason }.encode_log_data()
}

fn deliver(decline: &declineKeyCall) -> deliverKeyCall {
    deliverKeyCall { id: decline.id, requestId: decline.requestId, wrappedKeyHash: WRAPPED }
}

/// What is declined needs no answer: nobody delivers it, declines it again or counts it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_permitted_any_more_is_declined() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (decline, due) = world.asks(id).await?;
    let (other, _) = world.asks(id).await?;
    let (requestId, custodian) = (decline.requestId, world.lab.address());
    world.refuses(&world.lab, decline.clone(), RegistryStillPermitted { requestId }).await?;
    world.revokes().await?;
    world.logs(&world.lab, decline.clone(), &[was_declined(&decline, custodian, 16)]).await?;
    assert_eq!(world.flags(&decline).await?, [false, false, true]);
    assert_eq!(world.flags(&other).await?, [false, false, false]);
    let answered = || RegistryAlreadyDelivered { requestId };
    world.refuses(&world.lab, decline.clone(), answered()).await?;
    world.refuses(&world.lab, deliver(&decline), answered()).await?;
    // Also when the patient permits it again: the doctor asks again.
    world.permits(&world.doctor, LABS, TREAT).await?;
    world.refuses(&world.lab, decline.clone(), answered()).await?;
    world.refuses(&world.lab, deliver(&decline), answered()).await?;
    world.chain.advance_to(due + 1).await?;
    let refusal = RegistryNotOverdue { requestId, dueBy: time(due) };
    world.refuses(&world.stranger, markOverdueCall { id, requestId }, refusal).await?;
    assert_eq!(world.read(overdueCall { custodian }).await?, 0);
    let (again, _) = world.asks(id).await?;
    world.does(&world.lab, deliver(&again)).await?;
    Ok(())
}

/// The reason is the consent's, which is asked about all that was asked: also about the organisation.
#[tokio::test(flavor = "multi_thread")]
async fn the_consent_says_why() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (grantor, grantee, custodian) = (world.patient.address(), world.doctor.address(), world.lab.address());
    let (hospital, until) = (world.stranger.address(), time(world.chain.now().await? + 365 * DAY));
    let admit = |until| C::setOrganizationCall { organization: hospital, until, jurisdiction: 1 };
    world.consents(&world.dao, admit(until)).await?;
    world.consents(&world.stranger, C::setMemberCall { member: grantee, until }).await?;
    let now = world.soon().await?;
    let call = requestAccessCall { id, purpose: TREAT, onBehalfOf: hospital, encryptionKey: KEY };
    world.does(&world.doctor, call).await?;
    let requestId = request_id(id, grantee, hospital, TREAT, KEY, now);
    let (purpose, onBehalfOf, encryptionKey, askedAt) = (TREAT, hospital, KEY, time(now));
    let hospitals = declineKeyCall { id, requestId, purpose, onBehalfOf, encryptionKey, askedAt };
    let (own, _) = world.asks(id).await?;

    // The hospital is not admitted any more. Its doctor may still ask for itself.
    world.consents(&world.dao, admit(time(0))).await?;
    world.logs(&world.lab, hospitals.clone(), &[was_declined(&hospitals, custodian, 23)]).await?;
    let refusal = RegistryStillPermitted { requestId: own.requestId };
    world.refuses(&world.lab, own.clone(), refusal).await?;
    let denial = C::Provision { deny: true, ..permit(grantee, LABS, TREAT) };
    world.consents(&world.patient, C::grantCall { grantor, provision: denial }).await?;
    world.logs(&world.lab, own.clone(), &[was_declined(&own, custodian, 21)]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_declines() -> Result<()> {
    let (world, id) = World::with_result().await?;
    world.takes_in(&world.clinic).await?;
    let (first, _) = world.asks(id).await?;
    let (second, _) = world.asks(id).await?;
    world.offers(id).await?;
    world.does(&world.clinic, acceptCustodyCall { id }).await?;
    world.revokes().await?;
    for by in [&world.stranger, &world.doctor, &world.patient, &world.dao] {
        world.refuses(by, first.clone(), RegistryUnauthorized { account: by.address() }).await?;
    }
    // Who was asked, though its admission has ended, and who has the pointer now.
    world.removes(&world.lab).await?;
    for (by, call) in [(&world.lab, first), (&world.clinic, second)] {
        world.logs(by, call.clone(), &[was_declined(&call, by.address(), 16)]).await?;
    }
    Ok(())
}

/// Nobody declines a request by asking the consent about another one.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_declined_by_its_own_details() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (decline, _) = world.asks(id).await?;
    let other = world.registered(2).await?;
    let requestId = decline.requestId;
    let missing = |requestId| RegistryNoSuchRequest { requestId };
    let stranger = RegistryUnauthorized { account: world.stranger.address() };
    let nothing = declineKeyCall { requestId: B256::repeat_byte(3), ..decline.clone() };
    world.refuses(&world.stranger, nothing, stranger).await?;
    let asked_at = |seconds: i64| time(decline.askedAt.to::<u64>().saturating_add_signed(seconds));
    for wrong in [
        declineKeyCall { id: other, ..decline.clone() },
        declineKeyCall { purpose: RESEARCH, ..decline.clone() },
        declineKeyCall { onBehalfOf: world.clinic.address(), ..decline.clone() },
        declineKeyCall { encryptionKey: B256::repeat_byte(1), ..decline.clone() },
        declineKeyCall { askedAt: asked_at(1), ..decline.clone() },
        declineKeyCall { askedAt: asked_at(-1), ..decline.clone() },
    ] {
        world.refuses(&world.lab, wrong, missing(requestId)).await?;
    }
    let unknown = B256::repeat_byte(3);
    let wrong = declineKeyCall { requestId: unknown, ..decline.clone() };
    world.refuses(&world.lab, wrong, missing(unknown)).await?;
    let wrong = declineKeyCall { id: unknown, ..decline.clone() };
    world.refuses(&world.lab, wrong, RegistryNoSuchPointer { id: unknown }).await?;
    world.refuses(&world.lab, decline, RegistryStillPermitted { requestId }).await
}

/// What was answered is not declined, and an erased pointer's requests are nobody's.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_declined() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (delivered, _) = world.asks(id).await?;
    let (open, _) = world.asks(id).await?;
    world.does(&world.lab, deliver(&delivered)).await?;
    world.revokes().await?;
    let refusal = RegistryAlreadyDelivered { requestId: delivered.requestId };
    world.refuses(&world.lab, delivered.clone(), refusal).await?;
    assert_eq!(world.flags(&delivered).await?, [true, false, false]);
    world.does(&world.patient, eraseCall { id }).await?;
    world.refuses(&world.lab, open, RegistryNoSuchPointer { id }).await
}

/// To decline late is to answer late, and counts once.
#[tokio::test(flavor = "multi_thread")]
async fn declining_late_is_overdue() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let custodian = world.lab.address();
    let (in_time, first) = world.asks(id).await?;
    let (counted, _) = world.asks(id).await?;
    let (late, due) = world.asks(id).await?;
    world.revokes().await?;
    world.chain.set_time(first).await?;
    world.logs(&world.lab, in_time.clone(), &[was_declined(&in_time, custodian, 16)]).await?;
    world.chain.advance_to(due + 1).await?;
    world.does(&world.stranger, markOverdueCall { id, requestId: counted.requestId }).await?;
    world.logs(&world.lab, counted.clone(), &[was_declined(&counted, custodian, 16)]).await?;
    let requestId = late.requestId;
    let overdue = AnswerOverdue { id, requestId, custodian }.encode_log_data();
    world.logs(&world.lab, late.clone(), &[overdue, was_declined(&late, custodian, 16)]).await?;
    for (call, overdue) in [(&in_time, false), (&counted, true), (&late, true)] {
        assert_eq!(world.flags(call).await?, [false, overdue, true]);
        let requestId = call.requestId;
        let dueBy = world.read(accessRequestCall { id, requestId }).await?.dueBy;
        let refusal = RegistryNotOverdue { requestId, dueBy };
        world.refuses(&world.stranger, markOverdueCall { id, requestId }, refusal).await?;
    }
    assert_eq!(world.read(overdueCall { custodian }).await?, 2);
    Ok(())
}
