//! What the contract costs, behind the proxy, with the consent asked under a real access manager; and what the twin in
//! Solidity costs with the consent's and OpenZeppelin's manager.

use alloy::{
    primitives::{Address, B256, keccak256},
    sol_types::SolCall,
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::{Context, Result, ensure};
use harness::chain::{Account, Chain};
use harness::cost::Cost;
use harness::gas_table::{Row, keep};
use nitro::{CACHE_MANAGER, CacheManager};

use crate::{access::*, batches::manifest, trees::*, world::*};

/// Gas of a transaction, at most, where the programs are cached.
const PROMISED: [(&str, u64); 5] = [
    ("register, the consent asked", 190_000),
    ("publishRoot, a CID of the manifest's digest", 130_000),
    ("publishRoot, another root of the batch", 130_000),
    ("individualize, a proof of 20 hashes", 130_000),
    ("requestAccess", 130_000),
];

/// Percent of the twin's that ours takes at most. What no code can save, the floor, is most of each: so this is also
/// how near ours comes to it.
const RATIOS: [(&str, u64); 4] =
    [("individualize", 91), ("requestAccess", 92), ("acceptCustody", 90), ("register", 97)];
/// The same of all else.
const ELSE: u64 = 100;
/// Percent of what the twin takes above the floor that ours takes at most.
const ABOVE_FLOOR: u64 = 88;

/// The hashes of a proof in a tree of a million leaves.
const HEIGHT: u8 = 20;

/// A pointer with a tree of a million leaves around it: its root, and the proof.
fn among_a_million(pointer: &Pointer) -> (B256, Vec<B256>) {
    let proof: Vec<_> = (0..HEIGHT).map(|level| keccak256([level])).collect();
    (proof.iter().fold(id(pointer), |node, other| pair(node, *other)), proof)
}

/// A world whose programs are cached: the registry, the consent, the manager.
async fn cached() -> Result<World> {
    let world = World::bare().await?;
    let consent = world.chain.storage(world.consent, crate::setup::implementation_slot()).await?;
    for program in [world.implementation, Address::from_word(consent), world.manager] {
        let bid = CacheManager::placeBidCall { program }.abi_encode();
        ensure!(world.chain.dev_account()?.send(CACHE_MANAGER, bid).await?.status());
    }
    Ok(world)
}

/// Does everything once, and returns what it costs.
async fn run(world: World) -> Result<Vec<(&'static str, Cost<0>)>> {
    for custodian in [&world.lab, &world.clinic] {
        world.admits(custodian).await?;
    }
    world.schema(LABS).await?;
    world.permits(&world.lab, LABS, STORE).await?;
    world.permits(&world.clinic, LABS, STORE).await?;
    world.permits(&world.doctor, LABS, TREAT).await?;
    let gas = async |by: &Account, call: Vec<u8>| {
        let what = alloy::hex::encode(&call[..4]);
        Cost::of(by, world.at, call, []).await.wrap_err(what)
    };
    let register = |pointer: &Pointer| registerCall { pointer: pointer.clone() }.abi_encode();
    let (lab, doctor, stranger) = (&world.lab, &world.doctor, &world.stranger);
    let mut all = Vec::new();

    let first = world.result(1);
    all.push(("register, the first of a subject", gas(lab, register(&first)).await?));
    all.push(("register, the consent asked", gas(lab, register(&world.result(6))).await?));
    all.push(("register, with a locator of its own", gas(lab, register(&world.on_arweave(2))).await?));
    let next = Pointer { previous: id(&first), ..world.result(3) };
    all.push(("register, in place of another", gas(lab, register(&next)).await?));
    let pointer = world.result(4);
    let call = world.lets_register(&world.patient, &pointer, world.terms(world.patient.address()).await?);
    all.push(("registerSigned, by an account's key", gas(lab, call.abi_encode()).await?));

    let cid = Manifest { locatorKind: 1, locatorCodec: RAW, locator: B256::ZERO, ..manifest() };
    let leaf = world.on_arweave(5);
    let (root, proof) = among_a_million(&leaf);
    let publish = |batch, manifest| publishRootCall { batch, root, manifest, count: 1_000_000 }.abi_encode();
    let action = "publishRoot, a CID of the manifest's digest";
    all.push((action, gas(lab, publish(0, cid.clone())).await?));
    all.push(("publishRoot, with a locator of its own", gas(lab, publish(0, manifest())).await?));
    all.push(("publishRoot, another root of the batch", gas(lab, publish(1, manifest())).await?));
    let individualize = individualizeCall { pointer: leaf.clone(), batch: 1, proof }.abi_encode();
    all.push(("individualize, a proof of 20 hashes", gas(stranger, individualize).await?));

    let other = Pointer { subject: stranger.address(), ..world.on_arweave(7) };
    let (grantor, provision) = (other.subject, permit(other.custodian, LABS, STORE));
    world.consents(stranger, C::grantCall { grantor, provision }).await?;
    let (root, proof) = among_a_million(&other);
    let publish = publishRootCall { batch: 0, root, manifest: manifest(), count: 1_000_000 };
    world.does(lab, publish).await?;
    let individualize = individualizeCall { pointer: other, batch: 3, proof }.abi_encode();
    all.push(("individualize, the first of a subject", gas(stranger, individualize).await?));
    let refuse = refusePointerCall { pointer: world.result(8) };
    all.push(("refusePointer", gas(&world.patient, refuse.abi_encode()).await?));

    let ask = |id| request(id).abi_encode();
    let now = world.chain.now().await?;
    all.push(("requestAccess, the first in a subject's log", gas(doctor, ask(id(&next))).await?));
    let askedAt = time(now);
    all.push(("requestAccess", gas(doctor, ask(id(&leaf))).await?));
    let requestId = request_id(id(&leaf), doctor.address(), Address::ZERO, TREAT, KEY, askedAt.to());
    let (purpose, onBehalfOf) = (TREAT, Address::ZERO);
    let decline = declineKeyCall { id: id(&leaf), requestId, purpose, onBehalfOf, encryptionKey: KEY, askedAt };
    let one = Request { id: id(&leaf), purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: KEY };
    let keys = (1..=10_u8).map(B256::repeat_byte);
    let requests = keys.map(|encryptionKey| Request { encryptionKey, ..one.clone() }).collect();
    let many = gas(doctor, requestAccessManyCall { requests }.abi_encode()).await?;
    let each = Cost { used: many.used / 10, floor: many.floor / 10, ..many };
    all.push(("requestAccessMany of 10, each", each));
    let requestId = request_id(id(&next), doctor.address(), Address::ZERO, TREAT, KEY, now);
    let deliver = deliverKeyCall { id: id(&next), requestId, wrappedKeyHash: WRAPPED };
    all.push(("deliverKey", gas(lab, deliver.abi_encode()).await?));

    // The same cannot be asked twice in a second.
    world.chain.advance(1).await?;
    let by_signature = world.lets_ask(doctor, &one, world.terms(doctor.address()).await?);
    all.push(("requestAccessSigned, by an account's key", gas(stranger, by_signature.abi_encode()).await?));

    let offer = offerCustodyCall { id: id(&next), to: world.clinic.address() };
    all.push(("offerCustody", gas(lab, offer.abi_encode()).await?));
    let accept = acceptCustodyCall { id: id(&next) };
    all.push(("acceptCustody", gas(&world.clinic, accept.abi_encode()).await?));
    all.push(("erase", gas(&world.clinic, eraseCall { id: id(&next) }.abi_encode()).await?));
    world.revokes().await?;
    all.push(("declineKey", gas(lab, decline.abi_encode()).await?));
    Ok(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_costs_what_it_promises() -> Result<()> {
    let uncached = run(World::bare().await?).await?;
    let cached = run(cached().await?).await?;
    let peer = run(World::of_peers(Chain::start_without_limit()?).await?).await?;
    let rows: Vec<_> = (uncached.iter().zip(&cached).zip(&peer))
        .map(|(((action, uncached), (_, cached)), (_, peer))| Row {
            action: (*action).to_owned(),
            peer: Some(peer.used),
            uncached: uncached.used,
            cached: cached.used,
            floor: Some(cached.floor),
        })
        .collect();
    keep("data-pointer-registry", &rows)?;
    for (action, most) in PROMISED {
        let row = rows.iter().find(|row| row.action == action).expect("each promise has a row");
        assert!(row.cached < most, "{action}: {} and not below {most}", row.cached);
    }
    for Row { action, peer, uncached, cached, floor } in &rows {
        let (peer, floor) = (peer.unwrap_or_default(), floor.unwrap_or_default());
        assert!(floor < *cached && cached < uncached, "{action}");
        let most = RATIOS.iter().find(|(begin, _)| action.starts_with(begin)).map_or(ELSE, |(_, most)| *most);
        assert!(cached * 100 <= peer * most, "{action}: {cached} and more than {most} % of {peer}");
        let (ours, twin) = (cached - floor, peer - floor);
        assert!(ours * 100 <= twin * ABOVE_FLOOR, "{action}: {ours} above the floor, the twin {twin}");
    }
    Ok(())
}
