//! Upgrades: through the access manager alone, with every record kept, and stopped by the council before they run.

use alloy::{
    primitives::{Address, Bytes, U256, keccak256},
    sol,
    sol_types::{SolCall, SolError, SolEvent},
};
use consilium_bindings::{
    AccessManager::{self, cancelCall, executeCall, hashOperationCall, scheduleCall, setRoleGuardianCall},
    Consent::*,
};
use eyre::{Result, ensure};
use harness::{
    chain::Account,
    deploy, peers,
    raw_program::{self, activate},
};

use crate::{
    authorities::{CREW, governed, lets, manages},
    setup::implementation_slot,
    signing::*,
    world::*,
};

sol! {
    interface ConsentInterlude {
        function read(uint256 slot) external view returns (uint256 word);
        function back(address to) external;
    }
}

/// The role that cancels upgrades.
const COUNCIL: u64 = 8;

fn upgrade(newImplementation: Address) -> upgradeToAndCallCall {
    upgradeToAndCallCall { newImplementation, data: Bytes::new() }
}

/// One of each record.
async fn records(world: &World, admin: &Account) -> Result<()> {
    let (grantor, doctor) = (world.patient.address(), world.doctor.address());
    let until = time(world.chain.now().await? + 365 * DAY);
    world.grants(permit(doctor)).await?;
    world.grants(Provision { expiry: until, ..denial(doctor) }).await?;
    world.grants(permit(world.read(roleGranteeCall { role: 3 }).await?)).await?;
    let terms = Terms { nonce: U256::from(9) << 64, ..world.terms(grantor).await? };
    let signed = world.signs(&world.patient, &revokeCall { grantor, grantee: doctor, number: 2 }, terms);
    world.does(&world.stranger, actCall { signed }).await?;
    let representative = doctor;
    let name = setRepresentativeCall { grantor, representative, classes: U256::MAX, purposes: 7, until };
    let signed = world.message(&world.patient, name).await?;
    world.does(&world.stranger, actCall { signed }).await?;
    world.does(&world.patient, setRecoveryCall { grantor, recoverer: doctor }).await?;
    world.does(&world.doctor, startRecoveryCall { grantor, newKey: world.stranger.address() }).await?;
    world.does(admin, setOrganizationCall { organization: doctor, until, jurisdiction: 5 }).await?;
    world.does(admin, setRoleCall { role: 3, account: doctor, until }).await?;
    world.does(&world.doctor, setMemberCall { member: grantor, until }).await?;
    world.does(&world.doctor, setMembersCall { root: DOCUMENT }).await?;
    world.does(admin, setCodeCall { table: 1, number: 2, code: DOCUMENT }).await?;
    let glass = declareEmergencyCall { grantor, classes: U256::from(7), reason: 1, statement: DOCUMENT };
    world.does(admin, glass).await?;
    let access =
        recordCall { grantor, actor: doctor, onBehalfOf: Address::ZERO, dataClass: 1, purpose: 0, request: DOCUMENT };
    world.does(admin, access).await?;
    Ok(())
}

/// Every view, as its answer's bytes.
async fn views(world: &World, admin: &Account) -> Result<Vec<Bytes>> {
    let (grantor, account) = (world.patient.address(), world.doctor.address());
    let (grantee, organization, actor) = (account, account, account);
    let mut all = Vec::new();
    for call in [
        provisionsCall { grantor, grantee }.abi_encode(),
        provisionsCall { grantor, grantee: world.read(roleGranteeCall { role: 3 }).await? }.abi_encode(),
        keyOfCall { grantor }.abi_encode(),
        epochCall { grantor }.abi_encode(),
        nonces_0Call { owner: grantor }.abi_encode(),
        nonces_1Call { owner: grantor, key: U256::from(9).to() }.abi_encode(),
        pinnedSiteCall { key: grantor }.abi_encode(),
        representativeCall { grantor, account }.abi_encode(),
        recoveryCall { grantor }.abi_encode(),
        organizationCall { account }.abi_encode(),
        memberUntilCall { organization, member: grantor }.abi_encode(),
        roleUntilCall { role: 3, account }.abi_encode(),
        policyCall {}.abi_encode(),
        codeCall { table: 1, number: 2 }.abi_encode(),
        emergencyCall { id: 1 }.abi_encode(),
        openingCall { grantor, actor: admin.address() }.abi_encode(),
        accessLogCall { grantor }.abi_encode(),
        authorityCall {}.abi_encode(),
        eip712DomainCall {}.abi_encode(),
        explainCall { grantor, actor, onBehalfOf: Address::ZERO, dataClass: LABS, purpose: TREAT }.abi_encode(),
    ] {
        all.push(world.chain.ask(Address::ZERO, world.at, call).await?.succeeded().data.clone());
    }
    Ok(all)
}

async fn implementation(world: &World) -> Result<Address> {
    Ok(Address::from_word(world.chain.storage(world.at, implementation_slot()).await?))
}

/// The same program from another address, then a changed one and back: every record stays.
#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_keeps_every_record() -> Result<()> {
    let (world, admin) = governed().await?;
    records(&world, &admin).await?;
    let before = views(&world, &admin).await?;
    assert_eq!(
        before.iter().filter(|answer| answer.iter().all(|byte| *byte == 0)).count(),
        1,
        "the site alone is zero"
    );

    let next = deploy::unconstructed(&world.chain, "consent").await?;
    let call = epochCall { grantor: world.patient.address() }.abi_encode().into();
    let with_call = upgradeToAndCallCall { newImplementation: next, data: call };
    let event = Upgraded { implementation: next }.encode_log_data();
    world.logs(&admin, with_call, &[event]).await?;
    assert_eq!(implementation(&world).await?, next);
    assert_eq!(views(&world, &admin).await?, before);

    let interlude = peers::create(&world.chain, "ConsentInterlude", &[]).await?;
    world.does(&admin, upgrade(interlude)).await?;
    let read = ConsentInterlude::readCall { slot: implementation_slot() };
    world.chain.ask(Address::ZERO, world.at, read.abi_encode()).await?.returned(interlude);
    let keyless = world.chain.ask(Address::ZERO, world.at, keyOfCall { grantor: next }.abi_encode()).await?;
    assert!(!keyless.success);
    let back = ConsentInterlude::backCall { to: world.implementation };
    ensure!(world.stranger.send(world.at, back.abi_encode()).await?.status());
    assert_eq!(views(&world, &admin).await?, before);
    // What was signed before the upgrade is as good as before.
    world.grants(permit(world.stranger.address())).await?;
    Ok(())
}

/// Whom the manager does not let pass, and what is no program of this kind.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_upgrade() -> Result<()> {
    let (world, keeper) = governed().await?;
    let admin = keeper.address();
    let next = deploy::unconstructed(&world.chain, "consent").await?;
    for caller in [world.stranger.address(), world.patient.address(), world.implementation, world.at] {
        world.refuses(caller, upgrade(next), AccessManagedUnauthorized { caller }).await?;
    }
    never_within_a_multicall(&world, &keeper, next).await?;
    let elsewhere = peers::create(&world.chain, "ConsentElsewhere", &[]).await?;
    let slot = keccak256("elsewhere");
    world.refuses(admin, upgrade(elsewhere), UUPSUnsupportedProxiableUUID { slot }).await?;
    let no_upgradeable = world.authority;
    // The proxy itself refuses to say that it is an implementation.
    for implementation in [no_upgradeable, world.at, peers::create(&world.chain, "Silent", &[]).await?] {
        world.refuses(admin, upgrade(implementation), ERC1967InvalidImplementation { implementation }).await?;
    }
    for nobody in [Address::ZERO, Address::repeat_byte(0x33), admin] {
        assert!(!world.asked(admin, upgrade(nobody)).await?.success);
    }
    // A program that was never activated, and then one that has expired.
    let sleeping = world.chain.create(deploy::init_code(&raw_program::code("(module)")?)).await?;
    let refused = world.asked(admin, upgrade(sleeping)).await?;
    refused.refused(ERC1967InvalidImplementation { implementation: sleeping });
    world.chain.let_programs_expire().await?;
    ensure!(activate(&world.stranger, world.authority).await?.status());
    let receipt = keeper.send(world.at, upgrade(next).abi_encode()).await?;
    ensure!(!receipt.status(), "an expired program was upgraded");
    assert_eq!(implementation(&world).await?, world.implementation);
    // A call after the upgrade that fails undoes it.
    ensure!(activate(&world.stranger, world.implementation).await?.status());
    let grantor = world.patient.address();
    let data = finishRecoveryCall { grantor }.abi_encode().into();
    let call = upgradeToAndCallCall { newImplementation: next, data };
    world.refuses(admin, call, ConsentNoRecovery { grantor }).await?;
    assert_eq!(implementation(&world).await?, world.implementation);
    Ok(())
}

/// What follows would run the old code on what the new code keeps.
async fn never_within_a_multicall(world: &World, keeper: &Account, next: Address) -> Result<()> {
    let policy = || setCodeCall { table: 1, number: 3, code: DOCUMENT }.abi_encode().into();
    let nested = multicallCall { data: vec![upgrade(next).abi_encode().into()] };
    for by in [keeper.address(), world.stranger.address()] {
        for data in [
            vec![upgrade(next).abi_encode().into(), policy()],
            vec![upgrade(next).abi_encode().into()],
            vec![nested.abi_encode().into()],
        ] {
            world.refuses(by, multicallCall { data }, FailedCall {}).await?;
        }
    }
    // What comes before it in the same is undone, and alone it is done.
    let data = vec![policy(), upgrade(next).abi_encode().into()];
    world.refuses(keeper.address(), multicallCall { data }, FailedCall {}).await?;
    world.asked(keeper.address(), multicallCall { data: vec![policy()] }).await?.succeeded();
    world.asked(keeper.address(), upgrade(next)).await?.succeeded();
    assert_eq!(implementation(world).await?, world.implementation);
    Ok(())
}

/// Somebody who may upgrade after three days schedules a thief's program. The council sees it and cancels it; then it
/// cannot be executed, neither in time nor later, and the consents are the patients'.
#[tokio::test(flavor = "multi_thread")]
async fn the_council_stops_a_thief() -> Result<()> {
    let (world, admin) = governed().await?;
    let (engineer, council) = (&world.dao, &world.doctor);
    lets(&world, &admin, upgradeToAndCallCall::SELECTOR, engineer.address(), 3 * DAY as u32).await?;
    let seat = AccessManager::grantRoleCall { roleId: COUNCIL, account: council.address(), executionDelay: 0 };
    manages(&world, &admin, seat).await?;
    manages(&world, &admin, setRoleGuardianCall { roleId: CREW, guardian: COUNCIL }).await?;
    world.grants(permit(world.stranger.address())).await?;

    let thief = peers::create(&world.chain, "ConsentThief", &[]).await?;
    let (caller, target, data) = (engineer.address(), world.at, Bytes::from(upgrade(thief).abi_encode()));
    let schedule = || scheduleCall { target, data: data.clone(), when: time(0) };
    let execute = || executeCall { target, data: data.clone() }.abi_encode();
    let hash = hashOperationCall { caller, target, data: data.clone() }.abi_encode();
    let id = world.chain.ask(caller, world.authority, hash).await?.output::<hashOperationCall>();
    let refused = async |error: Vec<u8>| {
        world.chain.ask(caller, world.authority, execute()).await?.refused_with(&error);
        world.chain.ask(caller, world.at, data.clone()).await?.refused_with(&error);
        // Through the contract's own multicall it is no scheduled call either.
        let all = multicallCall { data: vec![data.clone()] };
        assert!(!world.asked(caller, all).await?.success);
        Ok::<_, eyre::Report>(())
    };
    let unscheduled = || AccessManager::AccessManagerNotScheduled { operationId: id }.abi_encode();
    refused(unscheduled()).await?;
    manages(&world, engineer, schedule()).await?;
    refused(AccessManager::AccessManagerNotReady { operationId: id }.abi_encode()).await?;
    world.chain.advance(2 * DAY).await?;
    refused(AccessManager::AccessManagerNotReady { operationId: id }.abi_encode()).await?;
    // Strangers do not cancel. The council does.
    let cancel = || cancelCall { caller, target, data: data.clone() };
    assert!(!world.chain.ask(world.stranger.address(), world.authority, cancel().abi_encode()).await?.success);
    manages(&world, council, cancel()).await?;
    world.chain.advance(2 * DAY).await?;
    refused(unscheduled()).await?;
    assert_eq!(implementation(&world).await?, world.implementation);
    let grantor = world.patient.address();
    assert_eq!(world.read(keyOfCall { grantor }).await?, grantor);
    // Had nobody cancelled it, it would have been executed: the test could fail.
    manages(&world, engineer, schedule()).await?;
    world.chain.advance(3 * DAY + 1).await?;
    world.chain.ask(caller, world.authority, execute()).await?.succeeded();
    Ok(())
}
