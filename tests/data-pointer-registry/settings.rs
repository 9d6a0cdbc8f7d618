//! What the DAO sets, and that nobody else does.

use alloy::{
    primitives::{Address, B256},
    sol_types::{SolCall, SolError, SolEvent},
};
use consilium_bindings::{AccessManager, DataPointerRegistry::*};
use eyre::Result;

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_dao_sets_and_everybody_reads() -> Result<()> {
    let world = World::bare().await?;
    for purpose in [0, 63, STORE] {
        let event = StorePurposeSet { purpose }.encode_log_data();
        world.logs(&world.dao, setStorePurposeCall { purpose }, &[event]).await?;
        assert_eq!(world.read(storePurposeCall {}).await?, purpose);
    }
    for purpose in [64, 255] {
        let refusal = RegistryInvalidPurpose { purpose };
        world.refuses(&world.dao, setStorePurposeCall { purpose }, refusal).await?;
    }
    for period in [0, 1, u32::MAX] {
        let event = AnswerWithinSet { period }.encode_log_data();
        world.logs(&world.dao, setAnswerWithinCall { period }, &[event]).await?;
        assert_eq!(world.read(answerWithinCall {}).await?, period);
    }
    for (number, code) in
        [(1, code("A128GCM")), (1, code("A256GCM")), (7, code("X")), (u16::MAX, B256::repeat_byte(1)), (7, B256::ZERO)]
    {
        let event = EncryptionSet { number, code }.encode_log_data();
        world.logs(&world.dao, setEncryptionCall { number, code }, &[event]).await?;
        assert_eq!(world.read(encryptionCall { number }).await?, code);
    }
    // Numbers count from 1.
    for code in [code("NONE"), B256::ZERO] {
        let refusal = RegistryUnknownEncryption { number: 0 };
        world.refuses(&world.dao, setEncryptionCall { number: 0, code }, refusal).await?;
    }
    // Each setting left the others as they were.
    assert_eq!(world.read(consentCall {}).await?, world.consent);
    assert_eq!(world.read(storePurposeCall {}).await?, STORE);
    assert_eq!(world.read(answerWithinCall {}).await?, u32::MAX);
    assert_eq!(world.read(encryptionCall { number: 1 }).await?, code("A256GCM"));
    Ok(())
}

/// An encryption that the DAO takes out of use is registered no more. What is registered stays.
#[tokio::test(flavor = "multi_thread")]
async fn an_encryption_that_is_broken() -> Result<()> {
    let world = World::start().await?;
    let pointer = world.result(1);
    let id = world.registers(&world.lab, &pointer).await?;
    world.does(&world.dao, setEncryptionCall { number: 1, code: B256::ZERO }).await?;
    let next = registerCall { pointer: world.result(2) };
    world.refuses(&world.lab, next, RegistryUnknownEncryption { number: 1 }).await?;
    assert_eq!(world.read(contentsCall { id }).await?, contents_of(&pointer));
    Ok(())
}

/// Every restricted function, with arguments that would be taken: the manager lets its admin, and nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn the_manager_decides() -> Result<()> {
    let world = World::start().await?;
    world
        .does(&world.stranger, proposeSchemaCall { url: B256::ZERO, version: 1, content: B256::ZERO, dataClass: LABS })
        .await?;
    let calls = [
        admitCustodianCall { account: world.clinic.address(), until: time(1 << 40) }.abi_encode(),
        setStorePurposeCall { purpose: 1 }.abi_encode(),
        setAnswerWithinCall { period: 1 }.abi_encode(),
        setEncryptionCall { number: 1, code: code("X") }.abi_encode(),
        activateSchemaCall { number: 2 }.abi_encode(),
        deprecateSchemaCall { number: SCHEMA, sunset: time(1) }.abi_encode(),
        supersedeSchemaCall { number: SCHEMA, successor: SCHEMA }.abi_encode(),
    ];
    for (index, call) in calls.into_iter().enumerate() {
        for by in [&world.stranger, &world.patient, &world.lab, &world.doctor] {
            let refusal = AccessManagedUnauthorized { caller: by.address() }.abi_encode();
            world.chain.ask(by.address(), world.at, call.clone()).await?.refused_with(&refusal);
        }
        let answer = world.chain.ask(world.dao.address(), world.at, call).await?;
        // The last one is let pass, and refused by the rule.
        assert_eq!(answer.success, index < 6);
    }
    let refusal = AccessManagedUnauthorized { caller: world.dao.address() };
    world.refuses(&world.dao, setAuthorityCall { newAuthority: Address::ZERO }, refusal).await
}

/// The manager's rules about `setAuthority` are not got around by another function that has it inside.
#[tokio::test(flavor = "multi_thread")]
async fn the_manager_cannot_multicall() -> Result<()> {
    let world = World::bare().await?;
    let caller = world.manager;
    // Whether what is inside would pass or not.
    for newAuthority in [world.consent, Address::ZERO] {
        let data = multicallCall { data: vec![setAuthorityCall { newAuthority }.abi_encode().into()] };
        let through = AccessManager::executeCall { target: world.at, data: data.abi_encode().into() };
        let answer = world.chain.ask(world.dao.address(), world.manager, through.abi_encode()).await?;
        answer.refused(AccessManagedUnauthorized { caller });
    }
    Ok(())
}
