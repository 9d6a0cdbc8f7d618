//! The founding did what was planned and nothing else: its logs are compared one by one.
//!
//! A role that was held for a moment, an operation that was scheduled, an allowance that was given: each leaves an event. So
//! what the founding logged of timelock and token must be exactly what their constructors log.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256, Log, LogData, U256};
use alloy::sol_types::{SolEvent, SolEventInterface};
use consilium_bindings::Timelock::{self, TimelockEvents};
use consilium_bindings::VotingToken::{self, VotingTokenEvents};

use super::Proof;
use crate::config::Config;
use crate::founding::Founding;
use crate::plan::{Plan, Role};

/// Compares the logs, and looks who founded.
pub(super) fn check(proof: &mut Proof, config: &Config, plan: &Plan, founding: &Founding) {
    let logged = |contract: Address| {
        let logs = founding.logs.iter().filter(move |log| log.address() == contract);
        logs.map(|log| log.inner.data.clone()).collect::<Vec<_>>()
    };
    compare(proof, "timelock", plan.timelock.address, &timelock(config, plan), &logged(plan.timelock.address));
    compare(proof, "token", plan.token.address, &token(config, plan), &logged(plan.token.address));

    for account in BTreeSet::from([founding.sender, founding.caller]) {
        let parts = config.parts_of(account);
        let names = |allowed: bool| {
            let parts = parts.iter().filter(|part| !allowed || config.deployer.may_be.contains(part));
            let names: Vec<_> = parts.map(|part| part.name()).collect();
            if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
        };
        proof.check(format!("what {account}, which founded it, is in the DAO"), names(true), names(false));
    }
}

/// What the timelock's constructor logs: no admin but itself, the governor's roles, the executors, the delay.
fn timelock(config: &Config, plan: &Plan) -> Vec<LogData> {
    let roles = [Role::Admin, Role::Proposer, Role::Canceller, Role::Executor];
    let grants =
        roles.into_iter().flat_map(|role| plan.holders(config, role).into_iter().map(move |account| (role, account)));
    let mut logs: Vec<LogData> = grants
        .map(|(role, account)| {
            Timelock::RoleGranted { role: role.id(), account, sender: plan.founder() }.encode_log_data()
        })
        .collect();
    let change =
        Timelock::MinDelayChange { oldDuration: U256::ZERO, newDuration: U256::from(config.timelock.min_delay) };
    logs.push(change.encode_log_data());
    logs
}

/// What the token's constructor logs: the holders' tokens, then the treasury's, and no allowance or delegation.
fn token(config: &Config, plan: &Plan) -> Vec<LogData> {
    let holders = config.token.holders.iter().map(|holder| (holder.address, holder.amount));
    let treasury = Some((plan.timelock.address, config.treasury())).filter(|(_, amount)| !amount.is_zero());
    let mint = |(to, value)| VotingToken::Transfer { from: Address::ZERO, to, value }.encode_log_data();
    holders.chain(treasury).map(mint).collect()
}

/// Adds one check for all logs that are as planned, and one for each that is missing or too many.
fn compare(proof: &mut Proof, name: &str, contract: Address, planned: &[LogData], found: &[LogData]) {
    let count = |logs: &[LogData]| format!("{} planned events", logs.len());
    if planned == found {
        proof.check(format!("logs of the {name} at its founding"), count(planned), count(found));
        return;
    }
    let mut left = planned.to_vec();
    let mut extra = Vec::new();
    for log in found {
        match left.iter().position(|planned| planned == log) {
            Some(at) => drop(left.remove(at)),
            None => extra.push(log),
        }
    }
    for log in &extra {
        proof.check(format!("logs of the {name} at its founding"), "as planned", named(contract, log));
    }
    for log in &left {
        proof.check(format!("logs of the {name} at its founding"), named(contract, log), "missing");
    }
    if extra.is_empty() && left.is_empty() {
        proof.check(format!("logs of the {name} at its founding"), "in the planned order", "in another order");
    }
}

/// An event of the timelock or the token, with its arguments; else its topics.
fn named(contract: Address, data: &LogData) -> String {
    let log = Log { address: contract, data: data.clone() };
    let named = TimelockEvents::decode_log(&log)
        .map(|event| format!("{:?}", event.data))
        .or_else(|_| VotingTokenEvents::decode_log(&log).map(|event| format!("{:?}", event.data)));
    named.unwrap_or_else(|_| format!("an unknown event {}", listed(data.topics())))
}

fn listed(topics: &[B256]) -> String {
    topics.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
