//! The access log: its head is what the events say, so that a missing and a forged entry are noticed.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    providers::Provider,
    rpc::types::Filter,
    sol_types::{SolEvent, SolValue},
};
use consilium_bindings::Consent::*;
use eyre::Result;

use crate::world::*;

/// The head after an entry: that before it and the entry's values, each in a word, in the event's order.
pub(crate) fn next(head: B256, entry: &AccessRecorded) -> B256 {
    let AccessRecorded { grantor, number, actor, recorder, onBehalfOf, dataClass, purpose, reason, .. } = entry;
    let AccessRecorded { grantee, provision, request, time, .. } = entry;
    let [class, purpose, reason] = [*dataClass, *purpose, *reason].map(U256::from);
    let first = (head, *grantor, *number, *actor, *recorder, *onBehalfOf, class, purpose).abi_encode();
    let then = (reason, *grantee, *provision, *request, *time).abi_encode();
    keccak256([first, then].concat())
}

/// The head that a reader of the events finds, or the number of the first entry that does not fit.
fn head(entries: &[AccessRecorded]) -> Result<B256, u64> {
    (1..).zip(entries).try_fold(B256::ZERO, |head, (number, entry)| {
        let head = next(head, entry);
        if entry.number == number && entry.head == head { Ok(head) } else { Err(number) }
    })
}

/// What a forger would publish: numbers and heads that fit one another.
fn chained(mut entries: Vec<AccessRecorded>) -> Vec<AccessRecorded> {
    let mut head = B256::ZERO;
    for (number, entry) in (1..).zip(&mut entries) {
        entry.number = number;
        head = next(head, entry);
        entry.head = head;
    }
    entries
}

fn access(world: &World, actor: Address, purpose: u8, request: u8) -> recordCall {
    recordCall {
        grantor: world.patient.address(),
        actor,
        onBehalfOf: Address::ZERO,
        dataClass: LABS,
        purpose,
        request: B256::repeat_byte(request),
    }
}

async fn logged(world: &World) -> Result<Vec<AccessRecorded>> {
    let filter = Filter::new()
        .address(world.at)
        .event_signature(AccessRecorded::SIGNATURE_HASH)
        .topic1(world.patient.address().into_word())
        .from_block(0);
    let logs = world.chain.dev.get_logs(&filter).await?;
    Ok(logs.iter().map(|log| AccessRecorded::decode_log_data(log.data())).collect::<Result<_, _>>()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_and_its_answer_are_recorded() -> Result<()> {
    let world = World::start().await?;
    let (grantor, doctor, recorder) = (world.patient.address(), world.doctor.address(), world.dao.address());
    let fresh = world.read(accessLogCall { grantor }).await?;
    assert_eq!((fresh.count, fresh.head), (0, B256::ZERO));
    world.grants(permit(doctor)).await?;
    world.hospital().await?;
    let hospital = world.hospital().await?.address();
    let mut entries = Vec::new();
    for (actor, onBehalfOf, purpose, said) in [
        (doctor, Address::ZERO, TREAT, Said::by(1, doctor, 1)),
        (doctor, hospital, TREAT, Said::by(1, doctor, 1)),
        (world.stranger.address(), Address::ZERO, RESEARCH, Said::only(16)),
        (world.stranger.address(), hospital, RESEARCH, Said::only(22)),
        (grantor, Address::ZERO, 63, Said::only(2)),
        (grantor, Address::ZERO, 255, Said::only(16)),
    ] {
        let number = entries.len() as u64 + 1;
        let request = B256::repeat_byte(number as u8);
        let now = world.soon().await?;
        let call = recordCall { onBehalfOf, request, ..access(&world, actor, purpose, 0) };
        let (returned, logs) = world.sent(&world.dao, call).await?;
        assert_eq!((returned.reason, returned.grantee, returned.number), (said.reason, said.grantee, said.number));
        assert_eq!(returned.permitted, said.reason < 16);
        let Said { reason, grantee, number: provision } = said;
        let mut entry = AccessRecorded {
            grantor,
            number,
            actor,
            recorder,
            onBehalfOf,
            dataClass: LABS,
            purpose,
            reason,
            grantee,
            provision,
            request,
            time: time(now),
            head: B256::ZERO,
        };
        entry.head = AccessRecorded::decode_log_data(&logs[0])?.head;
        assert_eq!(logs, [entry.encode_log_data()]);
        entries.push(entry);
        let found = world.read(accessLogCall { grantor }).await?;
        assert_eq!((found.count, Ok(found.head)), (number, head(&entries)));
    }
    // Everybody has a log of their own.
    assert_eq!(world.read(accessLogCall { grantor: doctor }).await?.count, 0);
    let caller = doctor;
    world.refuses(caller, access(&world, doctor, TREAT, 1), AccessManagedUnauthorized { caller }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_and_a_forged_entry_are_noticed() -> Result<()> {
    let world = World::start().await?;
    let grantor = world.patient.address();
    world.grants(permit(world.doctor.address())).await?;
    for request in 1..=5 {
        world.does(&world.dao, access(&world, world.doctor.address(), TREAT, request)).await?;
        let other = recordCall { grantor: world.doctor.address(), ..access(&world, grantor, TREAT, request) };
        world.does(&world.dao, other).await?;
    }
    let on_chain = world.read(accessLogCall { grantor }).await?;
    let whole = logged(&world).await?;
    assert_eq!((whole.len() as u64, head(&whole)), (on_chain.count, Ok(on_chain.head)));

    let stays =
        |entries: &[AccessRecorded]| entries.len() as u64 == on_chain.count && head(entries) == Ok(on_chain.head);
    assert!(stays(&whole));
    for at in 0..whole.len() {
        let mut missing = whole.clone();
        missing.remove(at);
        assert!(!stays(&missing));
        // Also where those after it are numbered and chained again.
        assert!(!stays(&chained(missing)));
        let mut twice = whole.clone();
        twice.insert(at, whole[at].clone());
        assert!(!stays(&twice));
        let changes: [fn(&mut AccessRecorded); 11] = [
            |entry| entry.grantor = entry.actor,
            |entry| entry.actor = entry.recorder,
            |entry| entry.recorder = entry.actor,
            |entry| entry.onBehalfOf = entry.actor,
            |entry| entry.dataClass += 1,
            |entry| entry.purpose += 1,
            |entry| entry.reason += 1,
            |entry| entry.grantee = entry.recorder,
            |entry| entry.provision += 1,
            |entry| entry.request = B256::ZERO,
            |entry| entry.time = time(1),
        ];
        for change in changes {
            let mut forged = whole.clone();
            change(&mut forged[at]);
            assert_eq!(head(&forged), Err(at as u64 + 1));
            assert!(!stays(&chained(forged)));
        }
    }
    let mut swapped = whole.clone();
    swapped.swap(1, 3);
    assert!(!stays(&chained(swapped)));
    Ok(())
}
