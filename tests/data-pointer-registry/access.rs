//! Requests for keys, and their answers.

use alloy::{
    primitives::{Address, B256, LogData},
    sol_types::{SolCall, SolEvent},
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;

use crate::world::*;

/// A key that was wrapped.
pub(crate) const WRAPPED: B256 = B256::repeat_byte(0xee);

pub(crate) fn request(id: B256) -> requestAccessCall {
    requestAccessCall { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: KEY }
}

impl World {
    /// A world in which the doctor may see a result that is registered; its id.
    pub(crate) async fn with_result() -> Result<(Self, B256)> {
        let world = Self::start().await?;
        world.permits(&world.doctor, LABS, TREAT).await?;
        let id = world.registered(1).await?;
        Ok((world, id))
    }

    /// The doctor requests access; the request's id, and when it is due.
    pub(crate) async fn requests(&self, id: B256) -> Result<(B256, u64)> {
        let now = self.soon().await?;
        let receipt = self.doctor.send(self.at, request(id).abi_encode()).await?;
        eyre::ensure!(receipt.status(), "the request was refused");
        let requestId = request_id(id, self.doctor.address(), Address::ZERO, TREAT, KEY, now);
        Ok((requestId, now + u64::from(WITHIN)))
    }

    /// The events of a request that the laboratory is asked for, in both contracts. `number` is that of the consent's
    /// entry, `provision` that of the provision that permitted.
    async fn asked_for(
        &self,
        id: B256,
        now: u64,
        (number, reason, provision): (u64, u8, u32),
        onBehalfOf: Address,
    ) -> Result<[LogData; 2]> {
        let (grantor, actor, dataClass, purpose) = (self.patient.address(), self.doctor.address(), LABS, TREAT);
        let requestId = request_id(id, actor, onBehalfOf, purpose, KEY, now);
        let dueBy = time(now + u64::from(WITHIN));
        let (custodian, encryptionKey) = (self.lab.address(), KEY);
        let requested = AccessRequested { id, custodian, actor, requestId, onBehalfOf, purpose, encryptionKey, dueBy };
        let log = self.chain.ask(actor, self.consent, C::accessLogCall { grantor }.abi_encode()).await?;
        let head = log.output::<C::accessLogCall>().head;
        let (request, recorder, time, grantee) = (requestId, self.at, time(now), actor);
        let recorded = C::AccessRecorded {
            grantor,
            number,
            actor,
            recorder,
            onBehalfOf,
            dataClass,
            purpose,
            reason,
            grantee,
            provision,
            request,
            time,
            head,
        };
        Ok([requested.encode_log_data(), recorded.encode_log_data()])
    }
}

/// The consent answers, and its log has the access under the request's id.
#[tokio::test(flavor = "multi_thread")]
async fn access_is_asked_for_and_recorded() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let hospital = world.stranger.address();
    let until = time(world.chain.now().await? + 365 * DAY);
    let admit = C::setOrganizationCall { organization: hospital, until, jurisdiction: 1 };
    world.consents(&world.dao, admit).await?;
    world.consents(&world.stranger, C::setMemberCall { member: world.doctor.address(), until }).await?;
    for (number, onBehalfOf) in [(1, Address::ZERO), (2, Address::ZERO), (3, hospital)] {
        let now = world.soon().await?;
        let call = requestAccessCall { onBehalfOf, ..request(id) };
        let receipt = world.doctor.send(world.at, call.abi_encode()).await?;
        let logs: Vec<_> = receipt.logs().iter().map(|log| log.data().clone()).collect();
        assert_eq!(logs, world.asked_for(id, now, (number, 1, 1), onBehalfOf).await?);
        let requestId = request_id(id, world.doctor.address(), onBehalfOf, TREAT, KEY, now);
        let found = world.read(accessRequestCall { id, requestId }).await?;
        assert_eq!((found.actor, found.dueBy), (world.doctor.address(), time(now + u64::from(WITHIN))));
        assert!(!found.delivered && !found.overdue);
    }
    Ok(())
}

/// A refusal is an error that carries the consent's reason, and nothing of it is recorded.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_why() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let zero = Address::ZERO;
    let none = AccessRefused { reason: 16, grantee: zero, number: 0 };
    world.refuses(&world.stranger, request(id), none.clone()).await?;
    // The custodian stores, and does not see.
    world.refuses(&world.lab, request(id), none.clone()).await?;
    for purpose in [RESEARCH, 64, 255] {
        world.refuses(&world.doctor, requestAccessCall { purpose, ..request(id) }, none.clone()).await?;
    }
    let alone = requestAccessCall { onBehalfOf: world.clinic.address(), ..request(id) };
    world.refuses(&world.doctor, alone, AccessRefused { reason: 23, grantee: zero, number: 0 }).await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    let denial = C::Provision { deny: true, ..permit(grantee, LABS, TREAT) };
    world.consents(&world.patient, C::grantCall { grantor, provision: denial }).await?;
    world.refuses(&world.doctor, request(id), AccessRefused { reason: 21, grantee, number: 2 }).await?;
    assert!(!world.doctor.send(world.at, request(id).abi_encode()).await?.status());
    let log = world.chain.ask(zero, world.consent, C::accessLogCall { grantor }.abi_encode()).await?;
    assert_eq!(log.output::<C::accessLogCall>().count, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let unknown = B256::repeat_byte(1);
    world.refuses(&world.doctor, request(unknown), RegistryNoSuchPointer { id: unknown }).await?;
    // Nobody has the first, and everybody has the secret of the second.
    for encryptionKey in [B256::ZERO, B256::with_last_byte(0x80)] {
        let no_key = requestAccessCall { encryptionKey, ..request(id) };
        world.refuses(&world.doctor, no_key, RegistryInvalidEncryptionKey {}).await?;
    }
    // A version that was superseded is still there.
    let next = Pointer { previous: id, ..world.result(2) };
    world.registers(&world.lab, &next).await?;
    world.asked(world.doctor.address(), request(id)).await?.succeeded();
    // Without the office of a recorder, nobody gets anything.
    let revoke = consilium_bindings::AccessManager::revokeRoleCall { roleId: 4, account: world.at };
    assert!(world.dao.send(world.manager, revoke.abi_encode()).await?.status());
    world.refuses(&world.doctor, request(id), AccessManagedUnauthorized { caller: world.at }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_delivered_once_by_the_custodian() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (requestId, due) = world.requests(id).await?;
    let deliver = |id, requestId| deliverKeyCall { id, requestId, wrappedKeyHash: WRAPPED };
    for by in [&world.stranger, &world.doctor, &world.patient, &world.dao, &world.clinic] {
        world.refuses(by, deliver(id, requestId), RegistryUnauthorized { account: by.address() }).await?;
    }
    let other = world.registered(2).await?;
    let missing = RegistryNoSuchRequest { requestId };
    world.refuses(&world.lab, deliver(other, requestId), missing).await?;
    let unknown = B256::repeat_byte(3);
    world.refuses(&world.lab, deliver(id, unknown), RegistryNoSuchRequest { requestId: unknown }).await?;
    world.refuses(&world.lab, deliver(unknown, requestId), RegistryNoSuchPointer { id: unknown }).await?;

    // At the last second, by a custodian who was removed meanwhile.
    world.removes(&world.lab).await?;
    world.chain.set_time(due).await?;
    let custodian = world.lab.address();
    let delivered = KeyDelivered { id, requestId, custodian, wrappedKeyHash: WRAPPED }.encode_log_data();
    world.logs(&world.lab, deliver(id, requestId), &[delivered]).await?;
    let found = world.read(accessRequestCall { id, requestId }).await?;
    assert_eq!((found.actor, found.dueBy), (world.doctor.address(), time(due)));
    assert!(found.delivered && !found.overdue);
    world.refuses(&world.lab, deliver(id, requestId), RegistryAlreadyDelivered { requestId }).await?;
    world.chain.advance(DAY).await?;
    let refusal = RegistryNotOverdue { requestId, dueBy: time(due) };
    world.refuses(&world.stranger, markOverdueCall { id, requestId }, refusal).await?;
    assert_eq!(world.read(overdueCall { custodian }).await?, 0);
    Ok(())
}

/// Counted once, whoever notices; a late answer is recorded, and counts if nobody had noticed.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_overdue() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let custodian = world.lab.address();
    let (requestId, due) = world.requests(id).await?;
    let (late, _) = world.requests(id).await?;
    let mark = |requestId| markOverdueCall { id, requestId };
    let refusal = |requestId, due| RegistryNotOverdue { requestId, dueBy: time(due) };
    world.refuses(&world.stranger, mark(requestId), refusal(requestId, due)).await?;
    let unknown = B256::repeat_byte(3);
    world.refuses(&world.stranger, mark(unknown), RegistryNoSuchRequest { requestId: unknown }).await?;
    world.chain.advance_to(due).await?;
    world.refuses(&world.stranger, mark(requestId), refusal(requestId, due)).await?;
    world.chain.advance_to(due + 1).await?;
    let overdue = |requestId| AnswerOverdue { id, requestId, custodian }.encode_log_data();
    world.logs(&world.stranger, mark(requestId), &[overdue(requestId)]).await?;
    world.refuses(&world.stranger, mark(requestId), refusal(requestId, due)).await?;
    assert_eq!(world.read(overdueCall { custodian }).await?, 1);
    let found = world.read(accessRequestCall { id, requestId }).await?;
    assert!(found.overdue && !found.delivered);

    let deliver = |requestId| deliverKeyCall { id, requestId, wrappedKeyHash: WRAPPED };
    let delivered = |requestId| KeyDelivered { id, requestId, custodian, wrappedKeyHash: WRAPPED }.encode_log_data();
    world.logs(&world.lab, deliver(requestId), &[delivered(requestId)]).await?;
    assert_eq!(world.read(overdueCall { custodian }).await?, 1);
    let found = world.read(accessRequestCall { id, requestId }).await?;
    assert!(found.overdue && found.delivered);
    world.chain.advance(DAY).await?;
    world.logs(&world.lab, deliver(late), &[overdue(late), delivered(late)]).await?;
    assert_eq!(world.read(overdueCall { custodian }).await?, 2);
    assert_eq!(world.read(custodianCall { account: custodian }).await?.overdue, 2);
    let found = world.read(accessRequestCall { id, requestId: late }).await?;
    assert!(found.overdue && found.delivered);
    Ok(())
}

/// Who was asked answers for it, also after a hand-over. Both it and who has the pointer deliver.
#[tokio::test(flavor = "multi_thread")]
async fn requests_and_a_hand_over() -> Result<()> {
    let (world, id) = World::with_result().await?;
    world.takes_in(&world.clinic).await?;
    let (requestId, due) = world.requests(id).await?;
    world.offers(id).await?;
    world.does(&world.clinic, acceptCustodyCall { id }).await?;
    let deliver = deliverKeyCall { id, requestId, wrappedKeyHash: WRAPPED };
    let refusal = RegistryUnauthorized { account: world.stranger.address() };
    world.refuses(&world.stranger, deliver.clone(), refusal).await?;
    world.asked(world.lab.address(), deliver.clone()).await?.succeeded();
    world.chain.advance_to(due + 1).await?;
    world.does(&world.stranger, markOverdueCall { id, requestId }).await?;
    let count = async |custodian| world.read(overdueCall { custodian }).await;
    assert_eq!((count(world.lab.address()).await?, count(world.clinic.address()).await?), (1, 0));
    world.does(&world.clinic, deliver).await?;
    Ok(())
}

/// Whose pointer was erased has nothing left to deliver, and is not late for that.
#[tokio::test(flavor = "multi_thread")]
async fn an_erased_pointer_s_request_is_nobody_s_fault() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (requestId, due) = world.requests(id).await?;
    world.does(&world.patient, eraseCall { id }).await?;
    world.chain.advance_to(due + 1).await?;
    let missing = RegistryNoSuchPointer { id };
    world.refuses(&world.stranger, markOverdueCall { id, requestId }, missing.clone()).await?;
    let deliver = deliverKeyCall { id, requestId, wrappedKeyHash: WRAPPED };
    world.refuses(&world.lab, deliver, missing).await?;
    assert_eq!(world.read(overdueCall { custodian: world.lab.address() }).await?, 0);
    Ok(())
}

/// The time to answer is that of the request.
#[tokio::test(flavor = "multi_thread")]
async fn another_time_to_answer() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let (first, due) = world.requests(id).await?;
    world.does(&world.dao, setAnswerWithinCall { period: 7 }).await?;
    let now = world.soon().await?;
    world.doctor.send(world.at, request(id).abi_encode()).await?;
    let second = request_id(id, world.doctor.address(), Address::ZERO, TREAT, KEY, now);
    for (requestId, due) in [(first, due), (second, now + 7)] {
        assert_eq!(world.read(accessRequestCall { id, requestId }).await?.dueBy, time(due));
    }
    Ok(())
}
