//! Each thing that a power held for a moment could have done is named.

use alloy::primitives::{Address, Bytes, U256, address};
use alloy::rpc::types::Log as RpcLog;
use alloy::sol_types::SolEvent;
use consilium_bindings::{Timelock, VotingToken};

use super::*;
use crate::Role;
use crate::artifacts::{Artifacts, Program};

/// When it was founded.
const TIME: u64 = 1_800_000_000;

const INTRUDER: Address = address!("0x6666666666666666666666666666666666666666");

fn config() -> Config {
    Config::parse(include_str!("../../../config/devnet.toml"), "devnet.toml").expect("valid")
}

fn plan(config: &Config) -> Plan {
    let program = |byte| Program::new(vec![0xef, 0xf0, 0, 0, byte]).expect("a program");
    let mut artifacts = Artifacts::default();
    for (byte, part) in config.parts().enumerate() {
        artifacts.insert(part.name(), program(byte as u8));
    }
    Plan::new(config, &artifacts).expect("a plan")
}

/// What the founding is planned to log.
fn planned(config: &Config, plan: &Plan) -> Vec<(Address, LogData)> {
    let dao = plan.dao(config);
    let logs = |planned: &crate::Planned| {
        let address = planned.address;
        planned
            .part
            .logs(&dao, Origin { founder: plan.founder(), timestamp: TIME })
            .into_iter()
            .map(move |data| (address, data))
    };
    plan.contracts().iter().flat_map(logs).collect()
}

/// The proof of a founding that logged what was planned, and this at a place among it.
fn proof(change: impl FnOnce(&Plan, &mut Vec<(Address, LogData)>)) -> Proof {
    let config = config();
    let plan = plan(&config);
    let mut logs = planned(&config, &plan);
    change(&plan, &mut logs);
    let logs = logs.into_iter().map(|(address, data)| RpcLog { inner: Log { address, data }, ..Default::default() });
    let founding = Founding {
        transaction: B256::ZERO,
        block: 1,
        place: (1, 0, 0),
        timestamp: TIME,
        sender: Address::repeat_byte(1),
        caller: Address::repeat_byte(1),
        logs: logs.collect(),
    };
    let mut proof = Proof::default();
    check(&mut proof, &config, &plan, &founding);
    proof
}

fn failures(change: impl FnOnce(&Plan, &mut Vec<(Address, LogData)>)) -> Vec<String> {
    proof(change).failures().map(ToString::to_string).collect()
}

#[test]
fn what_was_planned_holds() {
    assert_eq!(proof(|_, _| {}).checks.len(), 4);
    assert!(failures(|_, _| {}).is_empty());
}

#[test]
fn what_a_proposer_for_a_moment_did_is_named() {
    let role = Role::Proposer.id();
    let found = failures(|plan, logs| {
        let timelock = plan.of("timelock").address;
        let scheduled = Timelock::CallScheduled {
            id: B256::repeat_byte(7),
            index: U256::ZERO,
            target: plan.of("voting-token").address,
            value: U256::ZERO,
            data: Bytes::new(),
            predecessor: B256::ZERO,
            delay: U256::from(120),
        };
        let granted = Timelock::RoleGranted { role, account: INTRUDER, sender: INTRUDER };
        let revoked = Timelock::RoleRevoked { role, account: INTRUDER, sender: INTRUDER };
        logs.push((timelock, granted.encode_log_data()));
        logs.push((timelock, scheduled.encode_log_data()));
        logs.push((timelock, revoked.encode_log_data()));
    });
    assert_eq!(found.len(), 3, "{found:?}");
    for (failure, event) in found.iter().zip(["RoleGranted", "CallScheduled", "RoleRevoked"]) {
        assert!(
            failure.starts_with("logs of the timelock at its founding is ") && failure.contains(event),
            "{failure}"
        );
    }
    assert!(found[0].contains(&INTRUDER.to_string()), "{found:?}");
}

#[test]
fn what_was_done_with_the_treasurys_tokens_is_named() {
    let found = failures(|plan, logs| {
        let owner = plan.of("timelock").address;
        let approval = VotingToken::Approval { owner, spender: INTRUDER, value: U256::MAX };
        let delegated =
            VotingToken::DelegateChanged { delegator: owner, fromDelegate: Address::ZERO, toDelegate: INTRUDER };
        logs.push((plan.of("voting-token").address, approval.encode_log_data()));
        logs.push((plan.of("voting-token").address, delegated.encode_log_data()));
    });
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("Approval") && found[1].contains("DelegateChanged"), "{found:?}");
}

#[test]
fn what_is_missing_or_in_another_order_is_said() {
    let found = failures(|_, logs| drop(logs.remove(0)));
    assert!(found.len() == 1 && found[0].contains("is missing, not ") && found[0].contains("RoleGranted"), "{found:?}");
    let found = failures(|_, logs| logs.swap(0, 1));
    assert_eq!(found, ["logs of the timelock at its founding is in another order, not in the planned order"]);
    // The governor's settings, each once.
    let found = failures(|plan, logs| {
        let again = logs.last().expect("the governor's").clone();
        assert_eq!(again.0, plan.of("governor").address);
        logs.push(again);
    });
    assert!(found.len() == 1 && found[0].contains("is ProposalGuardianSet { "), "{found:?}");
    let found = failures(|plan, logs| {
        logs.push((plan.of("timelock").address, LogData::new_unchecked(vec![B256::repeat_byte(9)], Bytes::new())));
    });
    assert!(found.len() == 1 && found[0].contains("an unknown event 0x0909"), "{found:?}");
}

#[test]
fn a_founder_who_is_something_in_the_dao_is_named() {
    let mut config = config();
    let plan = plan(&config);
    let logs = |plan: &Plan, config: &Config| {
        let all = planned(config, plan).into_iter().map(|(address, data)| Log { address, data });
        all.map(|inner| RpcLog { inner, ..Default::default() }).collect()
    };
    let (sender, caller) = (Address::repeat_byte(1), config.council);
    let founding = Founding {
        transaction: B256::ZERO,
        block: 1,
        place: (1, 0, 0),
        timestamp: TIME,
        sender,
        caller,
        logs: logs(&plan, &config),
    };
    let mut proof = Proof::default();
    check(&mut proof, &config, &plan, &founding);
    let found: Vec<String> = proof.failures().map(ToString::to_string).collect();
    assert!(found.len() == 1 && found[0].ends_with("is in the DAO is guardian, not nothing"), "{found:?}");

    config.deployer.may_be = vec!["guardian"];
    let mut proof = Proof::default();
    check(&mut proof, &config, &plan, &founding);
    assert!(proof.failures().next().is_none());
}
