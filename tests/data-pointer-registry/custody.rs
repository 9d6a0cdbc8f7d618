//! Who is a custodian, and handing over in two steps.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolEvent,
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;

use crate::world::*;

impl World {
    /// The laboratory offers a pointer to the clinic, which is admitted.
    pub(crate) async fn offers(&self, id: B256) -> Result<()> {
        let (from, to) = (self.lab.address(), self.clinic.address());
        let offered = CustodyOffered { id, from, to }.encode_log_data();
        self.logs(&self.lab, offerCustodyCall { id, to }, &[offered]).await?;
        assert_eq!(self.read(custodyOfferCall { id }).await?, to);
        Ok(())
    }

    /// The clinic cannot accept: the offer has ended.
    async fn has_no_offer(&self, id: B256) -> Result<()> {
        assert!(self.read(custodyOfferCall { id }).await?.is_zero());
        let refusal = RegistryNoOffer { id, account: self.clinic.address() };
        self.refuses(&self.clinic, acceptCustodyCall { id }, refusal).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn custodians_are_admitted_and_removed() -> Result<()> {
    let world = World::bare().await?;
    let numbered = [(world.lab.address(), 1), (world.clinic.address(), 2), (world.lab.address(), 1)];
    for (account, number) in numbered {
        for until in [world.chain.now().await? + 100, (1 << 48) - 1, 1, 0] {
            let event = CustodianAdmitted { account, number: number.try_into()?, until: time(until) };
            let admit = admitCustodianCall { account, until: time(until) };
            world.logs(&world.dao, admit, &[event.encode_log_data()]).await?;
            let found = world.read(custodianCall { account }).await?;
            assert_eq!((found.number.to::<u32>(), found.until, found.batches), (number, time(until), 0));
            assert_eq!((found.overdue, world.read(overdueCall { custodian: account }).await?), (0, 0));
        }
    }
    for by in [&world.stranger, &world.lab, &world.patient] {
        let refusal = AccessManagedUnauthorized { caller: by.address() };
        let admit = admitCustodianCall { account: by.address(), until: time(1 << 40) };
        world.refuses(by, admit, refusal).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pointer_is_handed_over_in_two_steps() -> Result<()> {
    let world = World::start().await?;
    world.takes_in(&world.clinic).await?;
    let pointer = world.result(1);
    let id = world.registers(&world.lab, &pointer).await?;
    let (from, to) = (world.lab.address(), world.clinic.address());
    assert!(world.read(custodyOfferCall { id }).await?.is_zero());
    world.has_no_offer(id).await?;
    world.offers(id).await?;
    // It still is the laboratory's, and only the clinic takes it.
    assert_eq!(world.status(id).await?.custodian, from);
    for by in [&world.stranger, &world.lab, &world.patient, &world.dao] {
        let refusal = RegistryNoOffer { id, account: by.address() };
        world.refuses(by, acceptCustodyCall { id }, refusal).await?;
    }
    let taken = CustodyTransferred { id, from, to }.encode_log_data();
    world.logs(&world.clinic, acceptCustodyCall { id }, &[taken]).await?;
    assert_eq!(world.status(id).await?, Status { custodian: to, ..in_state(&pointer, 1) });
    assert_eq!(world.read(contentsCall { id }).await?, contents_of(&pointer));
    world.has_no_offer(id).await?;
    // The laboratory has no say any more.
    let refusal = RegistryUnauthorized { account: from };
    world.refuses(&world.lab, offerCustodyCall { id, to: from }, refusal.clone()).await?;
    world.refuses(&world.lab, eraseCall { id }, refusal).await?;
    world.does(&world.clinic, offerCustodyCall { id, to: from }).await?;
    world.does(&world.lab, acceptCustodyCall { id }).await?;
    assert_eq!(world.status(id).await?, in_state(&pointer, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_can_offer_and_to_whom() -> Result<()> {
    let world = World::start().await?;
    let (id, to) = (world.registered(1).await?, world.clinic.address());
    let offer = |to| offerCustodyCall { id, to };
    world.refuses(&world.lab, offer(to), RegistryNotAdmitted { account: to }).await?;
    world.admits(&world.clinic).await?;
    for by in [&world.clinic, &world.stranger, &world.patient, &world.dao] {
        world.refuses(by, offer(to), RegistryUnauthorized { account: by.address() }).await?;
    }
    let unknown = B256::repeat_byte(1);
    let refusal = RegistryNoSuchPointer { id: unknown };
    world.refuses(&world.lab, offerCustodyCall { id: unknown, to }, refusal).await?;
    world.removes(&world.lab).await?;
    world.refuses(&world.lab, offer(to), RegistryNotAdmitted { account: world.lab.address() }).await
}

/// An offer ends with a withdrawal, with the pointer's successor, and with its erasure.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_ends_with_its_pointer() -> Result<()> {
    let world = World::start().await?;
    world.takes_in(&world.clinic).await?;
    let (lab, clinic) = (world.lab.address(), world.clinic.address());

    let withdrawn = world.registered(1).await?;
    world.offers(withdrawn).await?;
    let to = Address::ZERO;
    let event = CustodyOffered { id: withdrawn, from: lab, to }.encode_log_data();
    world.logs(&world.lab, offerCustodyCall { id: withdrawn, to }, &[event]).await?;
    world.has_no_offer(withdrawn).await?;

    let superseded = world.registered(2).await?;
    world.offers(superseded).await?;
    let next = Pointer { previous: superseded, ..world.result(3) };
    world.registers(&world.lab, &next).await?;
    world.has_no_offer(superseded).await?;
    let refusal = RegistrySuperseded { id: superseded };
    world.refuses(&world.lab, offerCustodyCall { id: superseded, to: clinic }, refusal).await?;

    let erased = world.registered(4).await?;
    world.offers(erased).await?;
    world.does(&world.patient, eraseCall { id: erased }).await?;
    world.has_no_offer(erased).await
}

/// An offer ends with the admission of either, by removal or by time. Being admitted again does not revive it.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_ends_with_an_admission() -> Result<()> {
    let world = World::start().await?;
    world.takes_in(&world.clinic).await?;
    let id = world.registered(1).await?;
    let (stands, clinic) = (|| world.asked(world.clinic.address(), acceptCustodyCall { id }), world.clinic.address());
    for ends in [&world.lab, &world.clinic] {
        world.offers(id).await?;
        // Another end of the same admission leaves the offer as it is.
        world.admits(ends).await?;
        stands().await?.succeeded();
        assert_eq!(world.read(custodyOfferCall { id }).await?, clinic);

        world.removes(ends).await?;
        world.has_no_offer(id).await?;
        world.admits(ends).await?;
        world.has_no_offer(id).await?;

        // The same where its time is over, to the second.
        world.offers(id).await?;
        let end = world.chain.now().await? + 100;
        world.does(&world.dao, admitCustodianCall { account: ends.address(), until: time(end) }).await?;
        world.chain.advance_to(end - 1).await?;
        stands().await?.succeeded();
        world.chain.advance_to(end).await?;
        world.has_no_offer(id).await?;
        world.admits(ends).await?;
        world.has_no_offer(id).await?;

        // In the very second in which its time is over, it is admitted again.
        world.offers(id).await?;
        let end = world.chain.now().await? + 100;
        let admit = |until| admitCustodianCall { account: ends.address(), until: time(until) };
        world.does(&world.dao, admit(end)).await?;
        world.chain.set_time(end).await?;
        world.does(&world.dao, admit(end + 365 * DAY)).await?;
        assert_eq!(world.chain.now().await?, end);
        world.has_no_offer(id).await?;
    }
    // Each offer is in its own terms.
    world.offers(id).await?;
    world.does(&world.clinic, acceptCustodyCall { id }).await?;
    Ok(())
}

/// A hand-over is no way around the subject's consent: the new custodian must be permitted to store, at that moment.
#[tokio::test(flavor = "multi_thread")]
async fn the_subject_s_consent_is_asked() -> Result<()> {
    let world = World::start().await?;
    world.admits(&world.clinic).await?;
    let (grantor, clinic) = (world.patient.address(), world.clinic.address());
    let id = world.registered(1).await?;
    world.offers(id).await?;
    let accept = || acceptCustodyCall { id };
    let refused = |reason, grantee, number| RegistrationRefused { reason, grantee, number };
    let zero = Address::ZERO;
    // What the laboratory may is not what the clinic may, nor another class, nor another purpose.
    world.refuses(&world.clinic, accept(), refused(16, zero, 0)).await?;
    world.permits(&world.clinic, NOTES, STORE).await?;
    world.permits(&world.clinic, LABS, TREAT).await?;
    world.refuses(&world.clinic, accept(), refused(16, zero, 0)).await?;
    world.permits(&world.clinic, LABS, STORE).await?;
    world.asked(clinic, accept()).await?.succeeded();
    let denial = C::Provision { deny: true, ..permit(clinic, LABS, STORE) };
    world.consents(&world.patient, C::grantCall { grantor, provision: denial }).await?;
    world.refuses(&world.clinic, accept(), refused(21, clinic, 4)).await?;
    world.consents(&world.patient, C::revokeCall { grantor, grantee: clinic, number: 4 }).await?;
    // The laboratory's own consent does not matter any more.
    world.consents(&world.patient, C::revokeGranteeCall { grantor, grantee: world.lab.address() }).await?;
    world.does(&world.clinic, accept()).await?;
    assert_eq!(world.status(id).await?.custodian, clinic);
    Ok(())
}

/// An emergency opens data, and lets nobody take a pointer over. Its subject needs nobody's consent.
#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_takes_nothing_over() -> Result<()> {
    let world = World::start().await?;
    let id = world.registered(1).await?;
    for to in [&world.dao, &world.patient] {
        world.admits(to).await?;
    }
    let grantor = world.patient.address();
    let declare = C::declareEmergencyCall { grantor, classes: U256::MAX, reason: 0, statement: B256::ZERO };
    world.consents(&world.dao, declare).await?;
    world.does(&world.lab, offerCustodyCall { id, to: world.dao.address() }).await?;
    let refusal = RegistrationRefused { reason: 3, grantee: Address::ZERO, number: 0 };
    world.refuses(&world.dao, acceptCustodyCall { id }, refusal).await?;
    world.does(&world.lab, offerCustodyCall { id, to: grantor }).await?;
    world.does(&world.patient, acceptCustodyCall { id }).await?;
    assert_eq!(world.status(id).await?.custodian, grantor);
    Ok(())
}

/// What the clinic could have taken before the laboratory had another pointer in mind: an offer is of one pointer, and
/// ends when it is taken, so it does not come back with the pointer.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_does_not_come_back() -> Result<()> {
    let world = World::start().await?;
    world.takes_in(&world.clinic).await?;
    let (id, other) = (world.registered(1).await?, world.registered(2).await?);
    world.offers(id).await?;
    world.has_no_offer(other).await?;
    world.does(&world.clinic, acceptCustodyCall { id }).await?;
    world.does(&world.clinic, offerCustodyCall { id, to: world.lab.address() }).await?;
    world.does(&world.lab, acceptCustodyCall { id }).await?;
    world.has_no_offer(id).await
}
