//! Malformed calldata, unknown selectors, and ether.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::SolCall,
};
use consilium_abi_syntax::Interface;
use consilium_bindings::DataPointerRegistry::*;
use eyre::{OptionExt, Result};
use harness::{answer::Answer, declared::calldata, root};

use crate::{many::one, world::*};

fn interface() -> Result<Interface> {
    let mut all = consilium_abi_syntax::contracts(root())?.into_iter();
    let found = all.find(|(_, interface)| interface.contract_name() == "DataPointerRegistry");
    Ok(found.ok_or_eyre("the registry is declared")?.1)
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_selectors_are_refused_without_a_reason() -> Result<()> {
    let world = World::bare().await?;
    for call in [vec![], vec![0xde, 0xad, 0xbe, 0xef], vec![0; 4], vec![0xff; 100], vec![1], vec![0x55, 0x85, 0x25]] {
        world.chain.ask(world.dao.address(), world.at, call).await?.refused_with(&[]);
    }
    Ok(())
}

/// Every function that takes an argument, cut short by a byte and by a word. The padding of the last argument may be
/// missing, as Solidity has it.
#[tokio::test(flavor = "multi_thread")]
async fn calldata_that_is_cut_short_is_refused() -> Result<()> {
    let (world, interface) = (World::start().await?, interface()?);
    let mut cut = 0;
    for function in interface.all_functions().filter(|function| !function.params.is_empty()) {
        let whole = calldata(function);
        let padding = if function.params.iter().any(|param| param.ty.is_dynamic()) { 32 } else { 1 };
        for length in [whole.len() - padding, whole.len().saturating_sub(32).max(4), 4] {
            let answer = world.chain.ask(world.dao.address(), world.at, whole[..length].to_vec()).await?;
            assert!(!answer.success && answer.data.is_empty(), "{}: {answer:?}", function.signature());
            cut += 1;
        }
    }
    assert!(cut > 100, "{cut}");
    let (lab, whole) = (world.lab.address(), registerCall { pointer: world.result(1) }.abi_encode());
    for length in 0..whole.len() {
        world.chain.ask(lab, world.at, whole[..length].to_vec()).await?.refused_with(&[]);
    }
    world.chain.ask(lab, world.at, whole).await?.succeeded();
    Ok(())
}

/// A request that was declined, as nobody made it.
fn declining(id: B256) -> declineKeyCall {
    let (requestId, onBehalfOf, encryptionKey, askedAt) = (KEY, Address::ZERO, KEY, time(1));
    declineKeyCall { id, requestId, purpose: TREAT, onBehalfOf, encryptionKey, askedAt }
}

/// A number that is too large for its type is refused, whoever sends it, before it is asked who may.
#[tokio::test(flavor = "multi_thread")]
async fn dirty_words_are_refused() -> Result<()> {
    let (world, id) = World::with_result().await?;
    let register = registerCall { pointer: world.result(2) }.abi_encode();
    let request = requestAccessCall { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: KEY }.abi_encode();
    let admit = admitCustodianCall { account: world.clinic.address(), until: time(5) }.abi_encode();
    let encryption = setEncryptionCall { number: 1, code: KEY }.abi_encode();
    let schema = activateSchemaCall { number: 1 }.abi_encode();
    let decline = declining(id).abi_encode();
    let pages = pointersOfCall { subject: world.patient.address(), start: U256::ZERO, limit: U256::MAX }.abi_encode();
    let asking = world.lets_ask(&world.doctor, &one(id), world.terms(world.doctor.address()).await?).abi_encode();
    // The byte above the number: subject, custodian, class, schema, hash, kind, codec, encryption; and others.
    for (call, word, byte) in [
        (&register, 0, 11),
        (&register, 1, 0),
        (&register, 2, 30),
        (&register, 3, 27),
        (&register, 4, 23),
        (&register, 6, 30),
        (&register, 7, 23),
        (&register, 9, 29),
        (&request, 1, 30),
        (&request, 2, 11),
        (&admit, 0, 11),
        (&admit, 1, 25),
        (&encryption, 0, 29),
        (&schema, 0, 27),
        (&decline, 2, 30),
        (&decline, 3, 11),
        (&decline, 5, 25),
        (&pages, 0, 11),
        (&asking, 1, 30),
        (&asking, 2, 11),
        (&asking, 4, 11),
    ] {
        for by in [&world.lab, &world.doctor, &world.dao, &world.stranger] {
            let mut dirty = call.clone();
            dirty[4 + 32 * word + byte] = 1;
            world.chain.ask(by.address(), world.at, dirty).await?.refused_with(&[]);
        }
    }
    Ok(())
}

/// No function takes ether but the upgrade, and it is not sent to the contract by itself.
#[tokio::test(flavor = "multi_thread")]
async fn ether_is_refused() -> Result<()> {
    let (world, interface) = (World::bare().await?, interface()?);
    let from = world.patient.address();
    let mut asked = 0;
    let calls = interface.all_functions().map(|function| (function.signature(), calldata(function)));
    for (name, data) in calls.chain([("nothing".to_owned(), vec![])]) {
        let request = TransactionRequest::default().with_from(from).with_to(world.at).with_input(data);
        let answer = Answer::asked(world.chain.dev.call(request.with_value(U256::ONE)).await)?;
        if name.starts_with("upgradeToAndCall") {
            answer.refused(AccessManagedUnauthorized { caller: from });
        } else {
            assert!(!answer.success && answer.data.is_empty(), "{name}: {answer:?}");
        }
        asked += 1;
    }
    assert!(asked > 50, "{asked}");
    assert_eq!(world.chain.dev.get_balance(world.at).await?, U256::ZERO);
    Ok(())
}
