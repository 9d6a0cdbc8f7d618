//! The plan follows from its inputs, and from all of them.

use alloy::primitives::{address, keccak256};

use super::*;
use crate::create::CONSTRUCTOR_SELECTOR;

const DEPLOYER: Address = address!("0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");

fn config() -> Config {
    Config::parse(include_str!("../../config/devnet.toml"), "devnet.toml").expect("valid")
}

fn artifacts() -> Artifacts {
    let program = |byte| Program::new(vec![0xef, 0xf0, 0, 0, byte]).expect("a program");
    Artifacts { token: program(1), timelock: program(2), governor: program(3) }
}

fn addresses(config: &Config, artifacts: &Artifacts, deployer: Address) -> [Address; 3] {
    let plan = Plan::new(config, artifacts, deployer);
    Contract::ALL.map(|contract| plan.of(contract).address)
}

#[test]
fn roles_are_the_hashes_of_their_names() {
    for role in [Role::Proposer, Role::Canceller, Role::Executor] {
        assert_eq!(role.id(), keccak256(role.name()));
    }
    assert_eq!(CONSTRUCTOR_SELECTOR, keccak256("stylus_constructor()")[..4]);
}

#[test]
fn addresses_commit_to_code_arguments_salt_and_deployer() {
    let (config, artifacts) = (config(), artifacts());
    let [timelock, token, governor] = addresses(&config, &artifacts, DEPLOYER);
    assert_eq!([timelock, token, governor], addresses(&config, &artifacts, DEPLOYER));

    // Another deployer is another temporary admin: the timelock moves, and all that is built on its address.
    let other = addresses(&config, &artifacts, Address::repeat_byte(7));
    assert!(other.iter().zip([timelock, token, governor]).all(|(a, b)| *a != b));

    let mut salted = config.clone();
    salted.chain.salt = B256::repeat_byte(1);
    assert!(addresses(&salted, &artifacts, DEPLOYER).iter().zip([timelock, token, governor]).all(|(a, b)| *a != b));

    let mut council = config.clone();
    council.council = Address::repeat_byte(9);
    let moved = addresses(&council, &artifacts, DEPLOYER);
    assert_eq!(moved[..2], [timelock, token]);
    assert_ne!(moved[2], governor);

    let mut code = artifacts.clone();
    code.governor = code.token.clone();
    assert_ne!(addresses(&config, &code, DEPLOYER)[2], governor);
}

#[test]
fn the_treasury_gets_what_the_holders_leave() {
    let config = config();
    let plan = Plan::new(&config, &artifacts(), DEPLOYER);
    let (_, _, holders, amounts, timestamps) =
        <(String, String, Vec<Address>, Vec<U256>, bool)>::abi_decode_params_validate(&plan.token.constructor[4..])
            .expect("arguments");
    assert_eq!(holders.last(), Some(&plan.timelock.address));
    assert_eq!(amounts.iter().sum::<U256>(), config.token.supply);
    assert!(timestamps);

    let mut full = config.clone();
    full.token.supply -= full.treasury();
    let plan = Plan::new(&full, &artifacts(), DEPLOYER);
    let (_, _, holders, ..) =
        <(String, String, Vec<Address>, Vec<U256>, bool)>::abi_decode_params(&plan.token.constructor[4..])
            .expect("arguments");
    assert_eq!(holders.len(), config.token.holders.len());
}

#[test]
fn executors_are_as_configured() {
    let mut config = config();
    let plan = Plan::new(&config, &artifacts(), DEPLOYER);
    assert_eq!(plan.holders(&config, Role::Executor), [plan.governor.address]);
    config.timelock.executors = Executors::Governor(vec![DEPLOYER]);
    assert_eq!(plan.holders(&config, Role::Executor), [DEPLOYER, plan.governor.address]);
    config.timelock.executors = Executors::Anyone;
    assert_eq!(plan.holders(&config, Role::Executor), [Address::ZERO]);
    assert_eq!(plan.holders(&config, Role::Admin), [plan.timelock.address]);
}
