//! The founding did what was planned and nothing else: its logs are compared one by one.
//!
//! A role that was held for a moment, an operation that was scheduled, an allowance that was given: each leaves an event. So
//! what the founding logged of each contract must be exactly what its constructor logs.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256, Log, LogData};

use super::Proof;
use crate::config::Config;
use crate::founding::Founding;
use crate::part::{Origin, Part};
use crate::plan::Plan;
use crate::proxy;

/// Compares the logs, and looks who founded.
pub(super) fn check(proof: &mut Proof, config: &Config, plan: &Plan, founding: &Founding) {
    let dao = plan.dao(config);
    let origin = Origin { founder: plan.founder(), timestamp: founding.timestamp };
    for planned in plan.contracts().iter().filter(|planned| !planned.part.is_singleton()) {
        let (part, name) = (planned.part, planned.part.name());
        let mut logs = part.logs(&dao, origin);
        if planned.is_proxied() {
            logs.insert(0, proxy::upgraded(planned.implementation));
        }
        compare(proof, part, &format!("{name}"), planned.address, logs, founding);
    }
    for account in BTreeSet::from([founding.sender, founding.caller]) {
        let offices = config.offices_of(account);
        let names = |allowed: bool| {
            let offices = offices.iter().filter(|office| !allowed || config.deployer.may_be.contains(office));
            let names: Vec<_> = offices.copied().collect();
            if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
        };
        proof.check(format!("what {account}, which founded it, is in the DAO"), names(true), names(false));
    }
}

/// Adds one check for all logs of a contract that are as planned, and one for each that is missing or too many.
fn compare(proof: &mut Proof, part: &dyn Part, name: &str, at: Address, planned: Vec<LogData>, founding: &Founding) {
    let planned: Vec<Log> = planned.into_iter().map(|data| Log { address: at, data }).collect();
    let found = founding.logs.iter().filter(|log| log.address() == at);
    let found: Vec<Log> = found.map(|log| log.inner.clone()).collect();
    let subject = format!("logs of the {name} at its founding");
    let count = |logs: &[Log]| format!("{} planned events", logs.len());
    if planned == found {
        proof.check(subject, count(&planned), count(&found));
        return;
    }
    let mut left = planned;
    let mut extra = Vec::new();
    for log in &found {
        match left.iter().position(|planned| planned == log) {
            Some(at) => drop(left.remove(at)),
            None => extra.push(log),
        }
    }
    for log in &extra {
        proof.check(&subject, "as planned", named(part, log));
    }
    for log in &left {
        proof.check(&subject, named(part, log), "missing");
    }
    if extra.is_empty() && left.is_empty() {
        proof.check(subject, "in the planned order", "in another order");
    }
}

/// An event with its arguments; else its topics.
fn named(part: &dyn Part, log: &Log) -> String {
    (part.interface().event)(log).unwrap_or_else(|| format!("an unknown event {}", listed(log.topics())))
}

fn listed(topics: &[B256]) -> String {
    topics.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
