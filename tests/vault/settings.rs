//! What the owner may set, and what is refused.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::SolError,
};
use consilium_deploy::vault::{
    self,
    Vault::{self, Terms},
};
use eyre::Result;
use harness::{
    answer::Answer,
    raw_program::{self, LASTING},
};

use crate::setup::{ACTIVATION_GAS, DAY, PERIOD, World, terms};

/// A program that nobody activates.
const ASLEEP: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 2)
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 7))"#;

/// Whatever a setting is, the constructor and the setter say the same of it.
async fn judged(world: &World, newTerms: Terms, refusal: Option<Vec<u8>>) -> Result<()> {
    let arguments = Vault::constructorCall { owner: world.owner, programs: vec![], terms: newTerms };
    let creation = TransactionRequest::default().with_deploy_code(vault::init_code(&arguments));
    let created = Answer::asked(world.chain.dev.call(creation).await)?;
    let set = world.calls(world.owner, Vault::setTermsCall { newTerms }).await?;
    match refusal {
        None => {
            created.succeeded();
            assert_eq!(set.event::<Vault::TermsSet>().terms, newTerms);
            assert_eq!(world.view(Vault::termsCall {}).await?, newTerms);
        }
        Some(data) => {
            created.refused_with(&data);
            set.refused_with(&data);
        }
    }
    Ok(())
}

#[tokio::test]
async fn terms_have_bounds() -> Result<()> {
    let world = World::start().await?;
    let good = terms(world.heir);
    let invalid = || Some(Vault::InvalidTerms {}.abi_encode());
    let least = (14 * DAY) as u32;
    assert_eq!(world.view(Vault::LEAST_PERIODCall {}).await?, U256::from(least));
    assert_eq!(world.view(Vault::LEAST_ACTIVATION_GASCall {}).await?, U256::from(ACTIVATION_GAS));
    judged(&world, Terms { deathPeriod: least, minReports: 14, ..good }, None).await?;
    judged(&world, Terms { deathPeriod: least, minReports: 15, ..good }, invalid()).await?;
    judged(&world, Terms { deathPeriod: least - 1, ..good }, invalid()).await?;
    judged(&world, Terms { escapeDelay: least, ..good }, None).await?;
    judged(&world, Terms { escapeDelay: least - 1, ..good }, invalid()).await?;
    judged(&world, Terms { minReports: 0, ..good }, None).await?;
    judged(&world, Terms { minReports: (PERIOD / DAY) as u16, ..good }, None).await?;
    judged(&world, Terms { minReports: (PERIOD / DAY) as u16 + 1, ..good }, invalid()).await?;
    judged(&world, Terms { activationGas: ACTIVATION_GAS - 1, ..good }, invalid()).await?;
    judged(&world, Terms { activationGas: u64::MAX, deathPeriod: u32::MAX, escapeDelay: u32::MAX, ..good }, None).await
}

#[tokio::test]
async fn an_heir_is_a_contract_that_no_version_of_stylus_kills() -> Result<()> {
    let world = World::start().await?;
    let refused = |heir| Some(Vault::InvalidHeir { heir }.abi_encode());
    judged(&world, terms(Address::ZERO), None).await?;
    let account = world.stranger.address();
    for heir in [account, world.lasting, world.mortal, world.owner] {
        judged(&world, terms(heir), refused(heir)).await?;
    }
    let heir = world.vault;
    world.calls(world.owner, Vault::setTermsCall { newTerms: terms(heir) }).await?.refused(Vault::InvalidHeir { heir });
    judged(&world, terms(world.heir), None).await?;
    // Nor does the heir become the owner by a decision, and stay the heir.
    let hand_over = Vault::transferOwnershipCall { newOwner: world.heir, newPrograms: vec![] };
    world.calls(world.owner, hand_over).await?.refused(Vault::InvalidHeir { heir: world.heir });
    Ok(())
}

#[tokio::test]
async fn only_programs_are_watched_and_each_once() -> Result<()> {
    let world = World::start().await?;
    let mut programs = vec![world.lasting, world.mortal];
    for _ in 0..7 {
        programs.push(world.chain.create(harness::deploy::init_code(&raw_program::code(LASTING)?)).await?);
    }
    let set = |newPrograms: &[Address]| Vault::setProgramsCall { newPrograms: newPrograms.to_vec() };
    let too_many = Vault::TooManyPrograms { count: U256::from(9), most: U256::from(8) };
    world.calls(world.owner, set(&programs)).await?.refused(too_many);
    let answer = world.calls(world.owner, set(&programs[1..])).await?;
    assert_eq!(answer.event::<Vault::ProgramsSet>().programs, programs[1..]);
    assert_eq!(world.view(Vault::programsCall {}).await?, programs[1..]);
    world.calls(world.owner, set(&[])).await?.succeeded();
    assert!(world.view(Vault::programsCall {}).await?.is_empty());
    for program in [world.heir, world.stranger.address(), Address::ZERO, nitro::ARB_WASM] {
        let refusal = Vault::InvalidProgram { program };
        world.calls(world.owner, set(&[world.lasting, program])).await?.refused(refusal);
    }
    // A program that was never activated, and one that has expired.
    let asleep = world.chain.create(harness::deploy::init_code(&raw_program::code(ASLEEP)?)).await?;
    world.calls(world.owner, set(&[asleep])).await?.refused(Vault::InvalidProgram { program: asleep });
    let twice = set(&[world.lasting, world.mortal, world.lasting]);
    world.calls(world.owner, twice).await?.refused(Vault::InvalidProgram { program: world.lasting });
    world.chain.let_programs_expire().await?;
    let expired = set(&[world.lasting]);
    world.calls(world.owner, expired).await?.refused(Vault::InvalidProgram { program: world.lasting });
    Ok(())
}

#[tokio::test]
async fn an_owner_has_code_and_is_not_the_vault() -> Result<()> {
    let world = World::start().await?;
    // Nor is the vault its own owner: nobody could ever call it.
    let itself = Vault::transferOwnershipCall { newOwner: world.vault, newPrograms: vec![] };
    world.calls(world.owner, itself).await?.refused(Vault::OwnableInvalidOwner { owner: world.vault });
    for owner in [Address::ZERO, world.stranger.address()] {
        let refusal = Vault::OwnableInvalidOwner { owner };
        let hand_over = Vault::transferOwnershipCall { newOwner: owner, newPrograms: vec![] };
        world.calls(world.owner, hand_over).await?.refused(refusal.clone());
        let arguments = Vault::constructorCall { owner, programs: vec![], terms: terms(world.heir) };
        let creation = TransactionRequest::default().with_deploy_code(vault::init_code(&arguments));
        Answer::asked(world.chain.dev.call(creation).await)?.refused(refusal);
    }
    Ok(())
}
