//! The plan follows from its inputs, and from all of them.

use alloy::primitives::keccak256;

use super::*;

const DEPLOYER: Address = nitro::DEV_ACCOUNT;

fn config() -> Config {
    Config::parse(include_str!("../../config/devnet.toml"), "devnet.toml").expect("valid")
}

fn artifacts() -> Artifacts {
    let program = |byte| Program::new(vec![0xef, 0xf0, 0, 0, byte]).expect("a program");
    Artifacts { token: program(1), timelock: program(2), governor: program(3) }
}

fn addresses(config: &Config, artifacts: &Artifacts) -> [Address; 4] {
    let plan = Plan::new(config, artifacts);
    [plan.founder(), plan.timelock.address, plan.token.address, plan.governor.address]
}

#[test]
fn roles_are_the_hashes_of_their_names() {
    for role in [Role::Proposer, Role::Canceller, Role::Executor] {
        assert_eq!(role.id(), keccak256(role.name()));
    }
    assert_eq!(CONSTRUCTOR_SELECTOR, keccak256("stylus_constructor()")[..4]);
}

/// Every address moves with every setting of the contracts, the salt and every program: no two DAOs of a chain share a contract.
#[test]
fn addresses_commit_to_code_arguments_and_salt() {
    let (config, artifacts) = (config(), artifacts());
    let before = addresses(&config, &artifacts);
    assert_eq!(before, addresses(&config, &artifacts));
    let differ = |other: [Address; 4]| assert!(other.iter().zip(before).all(|(a, b)| *a != b), "{other:?}");

    let changes: [fn(&mut Config); 6] = [
        |config| config.chain.salt = B256::repeat_byte(1),
        |config| config.council = Address::repeat_byte(9),
        |config| config.timelock.min_delay += 1,
        |config| config.token.holders[0].amount += U256::from(1),
        |config| config.token.clock = Clock::BlockNumber,
        |config| config.governor.voting_period += 1,
    ];
    for change in changes {
        let mut other = config.clone();
        change(&mut other);
        differ(addresses(&other, &artifacts));
    }
    for contract in Contract::ALL {
        let mut other = artifacts.clone();
        match contract {
            Contract::Timelock => other.timelock = artifacts.token.clone(),
            Contract::Token => other.token = artifacts.governor.clone(),
            Contract::Governor => other.governor = artifacts.token.clone(),
        }
        differ(addresses(&config, &other));
    }
    // What is of no concern to the contracts leaves them where they are.
    let mut other = config.clone();
    (other.cache.max_bid, other.programs.least_days) = (U256::ZERO, 1);
    other.deployer.may_be = vec![crate::config::Part::Holder];
    // Anybody can found the same DAO on another chain.
    other.chain.id = 1;
    assert_eq!(addresses(&other, &artifacts), before);
}

/// What the Founder makes of template and references is what each constructor is called with.
#[test]
fn references_are_filled_with_the_addresses() {
    use crate::founder::Founder;
    use alloy::sol_types::SolCall;
    let (mut config, artifacts) = (config(), artifacts());
    for executors in [Executors::Anyone, Executors::Governor(vec![DEPLOYER, Address::repeat_byte(3)])] {
        config.timelock.executors = executors;
        let plan = Plan::new(&config, &artifacts);
        let call = Founder::foundCall::abi_decode(&plan.charter.call).expect("a call");
        let mut filled = 0;
        for (part, contract) in call.parts.iter().zip(Contract::ALL) {
            let mut data = part.constructorCall.to_vec();
            for reference in &part.references {
                let (offset, number) = (reference.to::<usize>() >> 8, reference.to::<usize>() & 0xff);
                assert_eq!(data[offset..offset + 32], [0; 32]);
                data[offset..offset + 32]
                    .copy_from_slice(plan.of(Contract::ALL[number]).address.into_word().as_slice());
                filled += 1;
            }
            assert_eq!(data, plan.of(contract).constructor, "{contract:?}");
            assert_eq!(part.initCode, plan.of(contract).program.init_code());
        }
        // Proposer; treasury; token and timelock; and the governor among named executors.
        assert_eq!(filled, if config.timelock.executors == Executors::Anyone { 4 } else { 5 });
    }
}

/// The zero address is no account of the timelock's constructor: nobody administers it but itself.
#[test]
fn nobody_is_the_timelocks_admin() {
    let plan = Plan::new(&config(), &artifacts());
    let (delay, proposers, executors, admin) =
        <(U256, Vec<Address>, Vec<Address>, Address)>::abi_decode_params_validate(&plan.timelock.constructor[4..])
            .expect("arguments");
    assert_eq!((delay, admin), (U256::from(120), Address::ZERO));
    assert_eq!((proposers, executors), (vec![plan.governor.address], vec![plan.governor.address]));
}

#[test]
fn the_treasury_gets_what_the_holders_leave() {
    let config = config();
    let plan = Plan::new(&config, &artifacts());
    let (_, _, holders, amounts, timestamps) =
        <(String, String, Vec<Address>, Vec<U256>, bool)>::abi_decode_params_validate(&plan.token.constructor[4..])
            .expect("arguments");
    assert_eq!(holders.last(), Some(&plan.timelock.address));
    assert_eq!(amounts.iter().sum::<U256>(), config.token.supply);
    assert!(timestamps);

    let mut full = config.clone();
    full.token.supply -= full.treasury();
    let plan = Plan::new(&full, &artifacts());
    let (_, _, holders, ..) =
        <(String, String, Vec<Address>, Vec<U256>, bool)>::abi_decode_params(&plan.token.constructor[4..])
            .expect("arguments");
    assert_eq!(holders.len(), config.token.holders.len());
}

#[test]
fn executors_are_as_configured() {
    let mut config = config();
    let plan = Plan::new(&config, &artifacts());
    assert_eq!(plan.holders(&config, Role::Executor), [plan.governor.address]);
    config.timelock.executors = Executors::Governor(vec![DEPLOYER]);
    assert_eq!(plan.holders(&config, Role::Executor), [DEPLOYER, plan.governor.address]);
    config.timelock.executors = Executors::Anyone;
    assert_eq!(plan.holders(&config, Role::Executor), [Address::ZERO]);
    assert_eq!(plan.holders(&config, Role::Admin), [plan.timelock.address]);
}
