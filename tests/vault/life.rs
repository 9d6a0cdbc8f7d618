//! While the programs live the owner alone has a say, and its calls are as if it had made them itself.

use std::collections::BTreeSet;

use alloy::{
    primitives::{Address, Bytes, U256, keccak256},
    sol_types::{SolCall, SolError, SolInterface, SolValue},
};
use consilium_deploy::vault::Vault;
use eyre::Result;
use harness::{actor::Actor, dao::whole, peers::Peer, root};

use crate::setup::{FEE, World, terms};

/// Where payments go.
const PRACTICE: Address = Address::repeat_byte(0x50);

#[test]
fn its_bytes_are_what_the_compiler_makes_of_its_source() -> Result<()> {
    let committed = std::fs::read_to_string(root().join("deploy/vault/Vault.hex"))?;
    let peer = Peer::load("Vault")?;
    assert_eq!(format!("0x{}", committed.trim()), peer.bytecode.to_string());
    // What stands on a chain in the end is the last part of the creation code.
    let code = &peer.bytecode[peer.bytecode.len() - peer.deployed_bytes..];
    assert_eq!(consilium_deploy::vault::CODE_HASH, keccak256(code));
    Ok(())
}

/// The declarations of the library are those of the compiler.
#[test]
fn its_interface_is_what_the_library_declares() -> Result<()> {
    let abi = Peer::load("Vault")?.abi;
    let errors: BTreeSet<[u8; 4]> = abi.errors().map(|error| error.selector().0).collect();
    assert_eq!(errors, Vault::VaultErrors::selectors().collect());
    let events: BTreeSet<[u8; 32]> = abi.events().map(|event| event.selector().0).collect();
    assert_eq!(events, Vault::VaultEvents::SELECTORS.iter().copied().collect());
    let functions: BTreeSet<[u8; 4]> = abi.functions().map(|function| function.selector().0).collect();
    let declared: BTreeSet<[u8; 4]> = Vault::VaultCalls::selectors().collect();
    // The library does not call the receivers' hooks.
    assert!(declared.is_subset(&functions));
    assert_eq!(functions.len(), declared.len() + 3);
    // What other people's programs read.
    let written: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(root().join("abi/Vault.json"))?)?;
    assert_eq!(serde_json::from_value::<alloy::json_abi::JsonAbi>(written["abi"].clone())?, abi);
    Ok(())
}

#[tokio::test]
async fn nobody_but_the_owner_moves_or_sets_anything() -> Result<()> {
    let world = World::start().await?;
    let pay = Vault::executeCall { target: PRACTICE, value: whole(1), data: Bytes::new() };
    let hand_over = Vault::transferOwnershipCall { newOwner: world.heir, newPrograms: vec![] };
    let watch = Vault::setProgramsCall { newPrograms: vec![] };
    let set = Vault::setTermsCall { newTerms: terms(Address::ZERO) };
    let escape = |program| Vault::escapeCall { program };

    let account = world.stranger.address();
    let refusal = |account| Vault::OwnableUnauthorizedAccount { account };
    world.refuses(pay.clone(), 0, refusal(account)).await?;
    world.refuses(hand_over.clone(), 0, refusal(account)).await?;
    world.refuses(watch.clone(), 0, refusal(account)).await?;
    world.refuses(set.clone(), 0, refusal(account)).await?;
    world.refuses(escape(world.mortal), 0, Vault::UnauthorizedHeir { account }).await?;
    // The heir too: it is nobody yet.
    world.calls(world.heir, pay.clone()).await?.refused(refusal(world.heir));
    world.calls(world.heir, hand_over).await?.refused(refusal(world.heir));
    world.calls(world.heir, watch).await?.refused(refusal(world.heir));
    world.calls(world.heir, set).await?.refused(refusal(world.heir));
    let program = world.mortal;
    world.calls(world.heir, escape(program)).await?.refused(Vault::NotConfirmed { program });
    // And the owner is not the heir.
    let account = world.owner;
    world.calls(world.owner, escape(program)).await?.refused(Vault::UnauthorizedHeir { account });
    assert_eq!(world.balance(world.vault).await?, whole(10));

    world.calls(world.owner, pay).await?.succeeded();
    assert_eq!((world.balance(world.vault).await?, world.balance(PRACTICE).await?), (whole(9), whole(1)));
    Ok(())
}

#[tokio::test]
async fn ether_answers_logs_and_reverts_pass_through() -> Result<()> {
    let world = World::start().await?;
    let execute = |target, value, data: Vec<u8>| Vault::executeCall { target, value, data: data.into() };
    // The owner's own ether goes along, and the target sees the vault.
    world.fund(world.owner, whole(1)).await?;
    let act = Actor::actCall { target: PRACTICE, value: U256::from(5), data: Bytes::new() };
    let call = execute(world.heir, U256::ZERO, act.abi_encode()).abi_encode();
    world.fund(world.heir, U256::from(5)).await?;
    let answer = world.makes(world.owner, world.vault, 7, call).await?;
    let told = answer.event::<Actor::Answered>();
    assert!(told.success && answer.success);
    assert_eq!(world.balance(world.vault).await?, whole(10) + U256::from(7));
    assert_eq!(world.balance(PRACTICE).await?, U256::from(5));

    // What a view answers comes back as it is.
    let view = execute(world.vault, U256::ZERO, Vault::ownerCall {}.abi_encode());
    let answer = world.calls(world.owner, view).await?.output::<Vault::executeCall>();
    assert_eq!(answer, Bytes::from(world.owner.abi_encode()));
    // A revert comes back with its data: here the vault's own, since it is not its owner.
    let itself = execute(world.vault, U256::ZERO, Vault::setProgramsCall { newPrograms: vec![] }.abi_encode());
    let refusal = Vault::OwnableUnauthorizedAccount { account: world.vault };
    world.calls(world.owner, itself).await?.refused_with(&refusal.abi_encode());
    // More than there is, to an account that takes it: no data.
    world.calls(world.owner, execute(PRACTICE, whole(11), vec![])).await?.refused_with(&[]);
    // An account without code answers nothing, as to a timelock.
    let answer = world.calls(world.owner, execute(PRACTICE, U256::ZERO, vec![1, 2, 3])).await?;
    assert!(answer.output::<Vault::executeCall>().is_empty());
    Ok(())
}

/// A report of what is alive changes nothing, costs nothing, and gives all ether back.
#[tokio::test]
async fn what_is_alive_is_reported_alive() -> Result<()> {
    let world = World::start().await?;
    for program in [world.lasting, world.mortal] {
        assert!(world.reports(program, 0).await?);
        let before = world.balance(world.stranger.address()).await?;
        let receipt = world.sends(&Vault::reportCall { program }, FEE, 200_000).await?;
        assert!(receipt.status() && receipt.logs().is_empty());
        let fee = U256::from(receipt.gas_used) * U256::from(receipt.effective_gas_price);
        assert_eq!(world.balance(world.stranger.address()).await?, before - fee);
        assert_eq!(world.death(program).await?, Vault::Death::default());
    }
    assert_eq!(world.balance(world.vault).await?, whole(10));
    let program = world.vault;
    world.refuses(Vault::reportCall { program }, 0, Vault::NotWatched { program }).await?;
    Ok(())
}

/// Another owner comes with its programs; the one before has no say any more.
#[tokio::test]
async fn the_owner_hands_over() -> Result<()> {
    let world = World::start().await?;
    let newOwner = world.lasting;
    let hand_over = Vault::transferOwnershipCall { newOwner, newPrograms: vec![world.lasting] };
    let answer = world.calls(world.owner, hand_over).await?;
    let event = Vault::OwnershipTransferred { previousOwner: world.owner, newOwner };
    assert_eq!(answer.event::<Vault::OwnershipTransferred>(), event);
    assert_eq!(answer.event::<Vault::ProgramsSet>().programs, vec![world.lasting]);
    assert_eq!(world.view(Vault::ownerCall {}).await?, newOwner);
    assert_eq!(world.view(Vault::programsCall {}).await?, vec![world.lasting]);
    let pay = Vault::executeCall { target: PRACTICE, value: whole(1), data: Bytes::new() };
    world.calls(world.owner, pay).await?.refused(Vault::OwnableUnauthorizedAccount { account: world.owner });
    let program = world.mortal;
    world.refuses(Vault::reportCall { program }, 0, Vault::NotWatched { program }).await?;
    Ok(())
}
