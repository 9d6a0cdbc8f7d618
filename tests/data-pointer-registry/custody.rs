//! Who is a custodian, and handing over in two steps.

use alloy::{
    primitives::{Address, B256},
    sol_types::SolEvent,
};
use consilium_bindings::DataPointerRegistry::*;
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
    world.admits(&world.clinic).await?;
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

/// An offer ends with a withdrawal, the end of either's admission, the pointer's successor and its erasure.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_ends() -> Result<()> {
    let world = World::start().await?;
    world.admits(&world.clinic).await?;
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
    world.has_no_offer(erased).await?;

    // The receiver's admission ends: the offer is still there, and cannot be taken.
    let id = world.registered(5).await?;
    world.offers(id).await?;
    world.removes(&world.clinic).await?;
    world.refuses(&world.clinic, acceptCustodyCall { id }, RegistryNotAdmitted { account: clinic }).await?;
    world.admits(&world.clinic).await?;
    world.asked(clinic, acceptCustodyCall { id }).await?.succeeded();
    // Another end of the same admission leaves it as it is.
    world.admits(&world.lab).await?;
    world.asked(clinic, acceptCustodyCall { id }).await?.succeeded();
    // The offering custodian is removed: the offer has ended, also after it is admitted again.
    world.removes(&world.lab).await?;
    world.has_no_offer(id).await?;
    world.admits(&world.lab).await?;
    world.has_no_offer(id).await?;
    world.offers(id).await?;
    // The same where its time is simply over.
    let end = world.chain.now().await? + 100;
    world.does(&world.dao, admitCustodianCall { account: lab, until: time(end) }).await?;
    world.chain.advance_to(end - 1).await?;
    world.asked(clinic, acceptCustodyCall { id }).await?.succeeded();
    world.chain.advance_to(end).await?;
    world.has_no_offer(id).await?;
    world.admits(&world.lab).await?;
    world.has_no_offer(id).await
}

/// What the clinic could have taken before the laboratory had another pointer in mind: an offer is of one pointer, and
/// ends when it is taken, so it does not come back with the pointer.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_does_not_come_back() -> Result<()> {
    let world = World::start().await?;
    world.admits(&world.clinic).await?;
    let (id, other) = (world.registered(1).await?, world.registered(2).await?);
    world.offers(id).await?;
    world.has_no_offer(other).await?;
    world.does(&world.clinic, acceptCustodyCall { id }).await?;
    world.does(&world.clinic, offerCustodyCall { id, to: world.lab.address() }).await?;
    world.does(&world.lab, acceptCustodyCall { id }).await?;
    world.has_no_offer(id).await
}
