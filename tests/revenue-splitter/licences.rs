//! Payments for requests of a real registry, which asks a real consent.

use alloy::{
    primitives::{Address, B256, FixedBytes, U256, keccak256},
    sol_types::{SolCall, SolEvent, SolValue},
};
use consilium_bindings::{
    AccessManager::{grantRoleCall, setTargetFunctionRoleCall},
    Consent as C, Construct, DataPointerRegistry as R,
    RevenueSplitter::*,
};
use eyre::{OptionExt, Result};
use harness::{answer::events, authority, deploy};

use crate::world::*;

/// Data class, and purposes, of the consent.
const LABS: u8 = 4;
const RESEARCH: u8 = 7;
const STORE: u8 = 34;

/// The role that may record in the consent.
const RECORDER: u64 = 4;

const LICENCE: B256 = B256::repeat_byte(0x1c);

/// A splitter whose registry has a pointer of a patient (the stranger), kept by a laboratory (Ben), for whose key a
/// researcher (the payer) has asked.
struct Licensed {
    world: World,
    registry: Address,
    pointer: B256,
    request: B256,
}

impl Licensed {
    async fn start() -> Result<Self> {
        let world = World::start().await?;
        let (dao, patient, lab, researcher) = (&world.dao, &world.stranger, &world.ben, &world.payer);
        let policy = C::Policy {
            separatePurposes: 0,
            separateClasses: 0,
            emergencyPurposes: 0,
            refusedJurisdictions: 0,
            closedClasses: U256::ZERO,
            openFor: 3_600,
            reviewWithin: 3_600,
            window: 3_600,
            limit: 9,
            recoveryDelay: 0,
            hook: Address::ZERO,
        };
        let (longest, codes) = ([u16::MAX; 64], Vec::new());
        let consent = C::constructorCall { initialAuthority: world.manager, policy, longest, codes };
        let program = deploy::unconstructed(&world.chain, "consent").await?;
        let consent = deploy::proxy(&world.chain, program, consent.init_data()).await?;
        let (storePurpose, answerWithin, encryptions) = (STORE, 3_600, vec![B256::right_padding_from(b"A256GCM")]);
        let initialAuthority = world.manager;
        let registry = R::constructorCall { initialAuthority, consent, storePurpose, answerWithin, encryptions };
        let program = deploy::unconstructed(&world.chain, "data-pointer-registry").await?;
        let registry = deploy::proxy(&world.chain, program, registry.init_data()).await?;
        let selectors = vec![FixedBytes(C::recordCall::SELECTOR)];
        let role = setTargetFunctionRoleCall { target: consent, selectors, roleId: RECORDER };
        world.by(dao, world.manager, role).await?;
        let grant = grantRoleCall { roleId: RECORDER, account: registry, executionDelay: 0 };
        world.by(dao, world.manager, grant).await?;

        let until = time(world.chain.now().await? + MONTH);
        world.by(dao, registry, R::admitCustodianCall { account: lab.address(), until }).await?;
        let (url, content) = (keccak256("url"), keccak256("content"));
        world.by(dao, registry, R::proposeSchemaCall { url, version: 1, content, dataClass: LABS }).await?;
        world.by(dao, registry, R::activateSchemaCall { number: 1 }).await?;
        for (grantee, purpose) in [(lab, STORE), (researcher, RESEARCH)] {
            let provision = C::Provision {
                grantee: grantee.address(),
                classes: U256::ONE << LABS,
                purposes: 1 << purpose,
                deny: false,
                notBefore: time(0),
                expiry: time(0),
                document: B256::ZERO,
            };
            world.by(patient, consent, C::grantCall { grantor: patient.address(), provision }).await?;
        }
        let pointer = R::Pointer {
            subject: patient.address(),
            custodian: lab.address(),
            dataClass: LABS,
            schema: 1,
            hashCode: 0x12,
            digest: keccak256("digest"),
            locatorKind: 1,
            locatorCodec: 0x55,
            locator: B256::ZERO,
            encryption: 1,
            keyCommitment: keccak256("commitment"),
            previous: B256::ZERO,
        };
        let id = keccak256(keccak256(pointer.abi_encode()));
        world.by(lab, registry, R::registerCall { pointer }).await?;
        let (onBehalfOf, encryptionKey) = (Address::ZERO, B256::repeat_byte(5));
        let ask = R::requestAccessCall { id, purpose: RESEARCH, onBehalfOf, encryptionKey };
        let receipt = researcher.send(registry, ask.abi_encode()).await?;
        let asked = events::<R::AccessRequested>(&receipt, registry)?.pop().ok_or_eyre("it was asked for")?;
        world.by(dao, world.at, setRegistryCall { registry }).await?;
        Ok(Self { world, registry, pointer: id, request: asked.requestId })
    }

    fn pays(&self, token: Address, amount: u64) -> payLicenceCall {
        let (pointer, request) = (self.pointer, self.request);
        payLicenceCall { token, amount: number(amount), licence: LICENCE, pointer, request }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_is_paid_for_a_request() -> Result<()> {
    let licensed = Licensed::start().await?;
    let world = &licensed.world;
    let (payer, pointer, request) = (world.payer.address(), licensed.pointer, licensed.request);
    let token = world.token(6).await?;
    let custodian = world.ben.address();
    let paid = |token, amount| {
        let (licence, amount) = (LICENCE, number(amount));
        log(LicencePaid { request, pointer, custodian, actor: payer, licence, token, amount })
    };
    let revenue = |token, payer, amount| {
        let (licence, dataClass, version) = (LICENCE, LABS, 1);
        log(RevenueReceived { token, payer, licence, dataClass, request, amount: number(amount), version })
    };
    let events = [revenue(token, payer, 1_000), paid(token, 1_000)];
    world.logs(&world.payer, licensed.pays(token, 1_000), &events).await?;
    // Whoever pays.
    let from = world.anna.address();
    let received = log(PaymentReceived { from, amount: number(500) });
    let events = [received, revenue(ETHER, from, 500), paid(ETHER, 500)];
    assert_eq!(world.sent_with(&world.anna, licensed.pays(ETHER, 500), 500).await?.1, events);
    assert_eq!(world.due(token, custodian).await?, number(300));
    assert_eq!(world.due(ETHER, custodian).await?, number(150));
    // A marketplace that filters by the request finds it.
    let text = "LicencePaid(bytes32,bytes32,address,address,bytes32,address,uint256)";
    assert_eq!(LicencePaid::SIGNATURE_HASH, keccak256(text));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_registry_does_not_know() -> Result<()> {
    let licensed = Licensed::start().await?;
    let world = &licensed.world;
    let token = world.token(6).await?;
    let good = licensed.pays(token, 1_000);
    let (pointer, request) = (good.pointer, good.request);
    let nothing = B256::repeat_byte(9);
    for (pointer, request) in [(pointer, nothing), (nothing, request), (request, pointer), (B256::ZERO, B256::ZERO)] {
        let call = payLicenceCall { pointer, request, ..good.clone() };
        world.refuses(&world.payer, call, SplitterNoSuchRequest { pointer, request }).await?;
    }
    // Values are asked for as in `pay`.
    let wrong = SplitterWrongValue { value: number(5) };
    world.asked_with(world.payer.address(), good.clone(), 5).await?.refused(wrong);
    // What is no registry does not answer, or answers with too little; and none.
    let silent = authority::letting(&world.chain, Address::ZERO).await?;
    for registry in [world.manager, silent] {
        world.does(&world.dao, setRegistryCall { registry }).await?;
        assert!(!world.asked(world.payer.address(), good.clone()).await?.success);
    }
    let registry = Address::ZERO;
    world.does(&world.dao, setRegistryCall { registry }).await?;
    world.refuses(&world.payer, good.clone(), SplitterInvalidRegistry { registry }).await?;
    world.does(&world.dao, setRegistryCall { registry: licensed.registry }).await?;
    world.does(&world.payer, good).await?;
    Ok(())
}

/// The record is erased, the request stays: what was earned from it can still be paid.
#[tokio::test(flavor = "multi_thread")]
async fn an_erased_record_s_request_is_still_paid() -> Result<()> {
    let licensed = Licensed::start().await?;
    let world = &licensed.world;
    let token = world.token(6).await?;
    world.by(&world.stranger, licensed.registry, R::eraseCall { id: licensed.pointer }).await?;
    let (_, logs) = world.sent(&world.payer, licensed.pays(token, 10)).await?;
    let found = RevenueReceived::decode_log_data(&logs[0])?;
    assert_eq!((found.dataClass, found.amount), (LABS, number(10)));
    Ok(())
}
