//! The plan follows from its inputs, and from all of them.

use alloy::primitives::{B256, U256, address};
use alloy::sol_types::SolValue;

use super::*;
use crate::config::Clock;
use crate::parts::timelock::{Executors, Role, holders};
use crate::parts::{self, governor, timelock, voting_token};

const DEPLOYER: Address = nitro::DEV_ACCOUNT;

fn config() -> Config {
    Config::parse(include_str!("../../config/devnet.toml"), "devnet.toml").expect("valid")
}

fn artifacts() -> Artifacts {
    let program = |byte| Program::new(vec![0xef, 0xf0, 0, 0, byte]).expect("a program");
    let mut artifacts = Artifacts::default();
    for (byte, part) in parts::ALL.iter().enumerate() {
        artifacts.insert(part.name(), program(byte as u8));
    }
    artifacts
}

fn plan(config: &Config, artifacts: &Artifacts) -> Plan {
    Plan::new(config, artifacts).expect("a plan")
}

fn addresses(config: &Config, artifacts: &Artifacts) -> [Address; 4] {
    let plan = self::plan(config, artifacts);
    let [timelock, token, governor] =
        [timelock::NAME, voting_token::NAME, governor::NAME].map(|name| plan.of(name).address);
    [plan.founder(), timelock, token, governor]
}

/// A DAO that was founded by an earlier version is found by this one: the same settings and programs give the same addresses.
#[test]
fn addresses_are_those_of_earlier_versions() {
    let timelock = address!("0xcf7865533a984e02d22bb33cda90f6d751b0fdd1");
    assert_eq!(plan(&config(), &artifacts()).of(timelock::NAME).address, timelock);
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
        |config| config.timelock_mut().min_delay += 1,
        |config| config.token_mut().holders[0].amount += U256::from(1),
        |config| config.token_mut().clock = Clock::BlockNumber,
        |config| config.governor_mut().voting_period += 1,
    ];
    for change in changes {
        let mut other = config.clone();
        change(&mut other);
        differ(addresses(&other, &artifacts));
    }
    for part in config.parts() {
        let mut other = artifacts.clone();
        other.insert(part.name(), Program::new(vec![0xef, 0xf0, 0, 0, 99]).expect("a program"));
        differ(addresses(&config, &other));
    }
    // What is of no concern to the contracts leaves them where they are.
    let mut other = config.clone();
    (other.cache.max_bid, other.programs.least_days) = (U256::ZERO, 1);
    other.deployer.may_be = vec!["holder"];
    // Anybody can found the same DAO on another chain.
    other.chain.id = 1;
    assert_eq!(addresses(&other, &artifacts), before);
}

fn health() -> Config {
    Config::parse(include_str!("../../config/health.toml"), "health.toml").expect("valid")
}

/// A program behind a proxy stands where its code says, whatever the DAO. The proxy's address moves with the code: its
/// creation code has the program's address.
#[test]
fn a_program_behind_a_proxy_follows_from_its_code_alone() {
    let (config, artifacts) = (health(), artifacts());
    let before = plan(&config, &artifacts);
    let proxied: Vec<_> = before.contracts().iter().filter(|planned| planned.is_proxied()).collect();
    assert_eq!(proxied.len(), 3);
    let mut other = config.clone();
    (other.chain.salt, other.chain.id) = (B256::repeat_byte(1), 1);
    other.governor_mut().voting_period += 1;
    let after = plan(&other, &artifacts);
    for planned in &proxied {
        let name = planned.part.name();
        assert_eq!(after.of(name).implementation, planned.implementation, "{name}");
        assert_ne!(after.of(name).address, planned.address, "{name}");

        let mut changed = artifacts.clone();
        changed.insert(name, Program::new(vec![0xef, 0xf0, 0, 0, 99]).expect("a program"));
        let changed = plan(&config, &changed);
        for (one, other) in before.contracts().iter().zip(changed.contracts()) {
            let is_it = one.part.name() == name;
            assert!(one.address != other.address, "{name}");
            assert_eq!(one.is_proxied() && one.implementation != other.implementation, is_it, "{name}");
        }
    }
    // Two parts of one code share it.
    let mut same = artifacts;
    for planned in &proxied {
        same.insert(planned.part.name(), proxied[0].program.clone());
    }
    let same = plan(&config, &same);
    let [one, other] = [0, 1].map(|number| same.of(proxied[number].part.name()));
    assert_eq!(one.implementation, other.implementation);
    assert_ne!(one.address, other.address);
}

/// The founding takes the code of no program behind a proxy, but the proxy with the program's address.
#[test]
fn the_founding_creates_the_proxies_and_not_their_programs() {
    use crate::founder::Founder;
    use crate::proxy::proxy_init_code;
    use alloy::sol_types::SolCall;
    let plan = plan(&health(), &artifacts());
    let call = Founder::foundCall::abi_decode(&plan.charter.call).expect("a call");
    assert_eq!(call.parts.len(), plan.contracts().len());
    for (part, planned) in call.parts.iter().zip(plan.contracts()) {
        let expected =
            if planned.is_proxied() { proxy_init_code(planned.implementation) } else { planned.program.init_code() };
        assert_eq!((&part.initCode, part.isProgram), (&expected, !planned.is_proxied()), "{planned:?}");
        // No reference is for the creation code.
        assert!(part.references.iter().all(|reference| !reference.bit(7)));
    }
}

/// What the Founder makes of template and references is what each constructor is called with.
#[test]
fn references_are_filled_with_the_addresses() {
    use crate::founder::Founder;
    use alloy::sol_types::SolCall;
    let (mut config, artifacts) = (config(), artifacts());
    for executors in [Executors::Anyone, Executors::Governor(vec![DEPLOYER, Address::repeat_byte(3)])] {
        config.timelock_mut().executors = executors;
        let plan = self::plan(&config, &artifacts);
        let call = Founder::foundCall::abi_decode(&plan.charter.call).expect("a call");
        let mut filled = 0;
        for (part, planned) in call.parts.iter().zip(plan.contracts()) {
            let mut data = part.constructorCall.to_vec();
            for reference in &part.references {
                let (offset, number) = (reference.to::<usize>() >> 8, reference.to::<usize>() & 0xff);
                assert_eq!(data[offset..offset + 32], [0; 32]);
                data[offset..offset + 32].copy_from_slice(plan.contracts()[number].address.into_word().as_slice());
                filled += 1;
            }
            assert_eq!(data, planned.constructor, "{planned:?}");
            assert_eq!(part.initCode, planned.program.init_code());
        }
        // Proposer; treasury; token and timelock; and the governor among named executors.
        assert_eq!(filled, if config.timelock().executors == Executors::Anyone { 4 } else { 5 });
    }
}

/// The zero address is no account of the timelock's constructor: nobody administers it but itself.
#[test]
fn nobody_is_the_timelocks_admin() {
    let plan = self::plan(&config(), &artifacts());
    let (delay, proposers, executors, admin) =
        <(U256, Vec<Address>, Vec<Address>, Address)>::abi_decode_params_validate(
            &plan.of("timelock").constructor[4..],
        )
        .expect("arguments");
    assert_eq!((delay, admin), (U256::from(120), Address::ZERO));
    assert_eq!((proposers, executors), (vec![plan.of("governor").address], vec![plan.of("governor").address]));
}

#[test]
fn the_treasury_gets_what_the_holders_leave() {
    let config = config();
    let plan = self::plan(&config, &artifacts());
    let (_, _, holders, amounts, timestamps) =
        <(String, String, Vec<Address>, Vec<U256>, bool)>::abi_decode_params_validate(
            &plan.of("voting-token").constructor[4..],
        )
        .expect("arguments");
    assert_eq!(holders.last(), Some(&plan.of("timelock").address));
    assert_eq!(amounts.iter().sum::<U256>(), config.token().supply);
    assert!(timestamps);

    let mut full = config.clone();
    let treasury = full.treasury();
    full.token_mut().supply -= treasury;
    let plan = self::plan(&full, &artifacts());
    let (_, _, holders, ..) =
        <(String, String, Vec<Address>, Vec<U256>, bool)>::abi_decode_params(&plan.of("voting-token").constructor[4..])
            .expect("arguments");
    assert_eq!(holders.len(), config.token().holders.len());
}

#[test]
fn executors_are_as_configured() {
    let mut config = config();
    let plan = self::plan(&config, &artifacts());
    assert_eq!(holders(&plan.dao(&config), Role::Executor), [plan.of("governor").address]);
    config.timelock_mut().executors = Executors::Governor(vec![DEPLOYER]);
    assert_eq!(holders(&plan.dao(&config), Role::Executor), [DEPLOYER, plan.of("governor").address]);
    config.timelock_mut().executors = Executors::Anyone;
    assert_eq!(holders(&plan.dao(&config), Role::Executor), [Address::ZERO]);
    assert_eq!(holders(&plan.dao(&config), Role::Admin), [plan.of("timelock").address]);
}
