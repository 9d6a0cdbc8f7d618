//! What a transaction does, in words. The words of a call are made from its calldata and an interface that has its
//! function: whether the target does what its function is called for is the target's affair, and so the line says whose
//! contract it is. What has no words is told whole, byte by byte: it is signed too.

mod batch;
mod library;
mod passed;
mod refund;
mod values;

use alloy::hex;
use alloy::primitives::{Address, U256};
use alloy_dyn_abi::JsonAbiExt as _;

use self::batch::MULTI_SEND;
pub(super) use self::library::Library;
pub(crate) use self::library::call_only;
use self::passed::only_reads;
pub(super) use self::values::error;
use super::arguments::Budget;
use super::known::{self, Names};
use super::transaction::{Operation, Transaction};
use crate::signing::Place;

/// How deep batches within batches are told, and calls within calls.
const DEEPEST: usize = 3;

/// What is told of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Line by line.
    pub(super) lines: Vec<String>,
    /// Whether code of another contract runs as somebody's own in it, or may in what is too deep to be told.
    pub(super) delegates: bool,
    /// Whether that code may run as the Safe's own, and is none that is known to leave its singleton alone.
    pub(super) moves: bool,
    /// Who is called with data, or has the code that runs.
    pub(super) targets: Vec<Address>,
}

/// A call, and who makes it.
#[derive(Clone, Debug)]
struct Call<'a> {
    operation: Operation,
    to: Address,
    /// In place of the target's name.
    stands_for: Option<String>,
    value: U256,
    data: &'a [u8],
    /// None where it is not known.
    by: Option<Address>,
}

/// A transaction, line by line.
pub(super) fn told(place: &Place, transaction: &Transaction, names: &Names) -> Told {
    let Transaction { to, value, data, operation, .. } = transaction;
    let safe = place.contract;
    let first = format!("for the Safe {safe} on chain {}, nonce {}", place.chain, transaction.nonce);
    let told = Told { lines: vec![first], delegates: false, moves: false, targets: Vec::new() };
    let mut teller = Teller { safe, names, budget: Budget::of(data.len()), told };
    let call = Call { operation: *operation, to: *to, stands_for: None, value: *value, data, by: Some(safe) };
    teller.tell(&call, 0);
    let mut told = teller.told;
    told.lines.extend(refund::told(transaction, safe, names));
    // A line is a line, whatever a contract is called.
    told.lines = told.lines.iter().map(|line| crate::shown::line(line)).collect();
    told.targets.sort_unstable();
    told.targets.dedup();
    told
}

struct Teller<'a> {
    safe: Address,
    names: &'a Names,
    budget: Budget,
    told: Told,
}

impl Teller<'_> {
    fn say(&mut self, depth: usize, line: &str) {
        self.told.lines.push(format!("{}{line}", "  ".repeat(depth)));
    }

    /// Takes down what cannot be looked into, where it may be a delegated call.
    fn may_delegate(&mut self, may: bool) {
        self.told.delegates |= may;
        self.told.moves |= may;
    }

    fn whose(&self, address: Address) -> String {
        whose(address, self.safe, self.names)
    }

    fn tell(&mut self, call: &Call<'_>, depth: usize) {
        let target = call.stands_for.clone().unwrap_or_else(|| self.whose(call.to));
        let delegated = call.operation == Operation::DelegateCall;
        if delegated {
            self.told.delegates = true;
            // Of a batch the calls are looked at.
            let is_batch = Library::at(call.to).is_some() && call.data.starts_with(&MULTI_SEND);
            self.told.moves |= !is_batch && call.by.is_none_or(|by| by == self.safe);
            let own = match call.by {
                Some(by) if by == self.safe => "the Safe's own, and can change its owners and its program".to_owned(),
                Some(by) => format!("that of {}, and can change all of it", self.whose(by)),
                None => "that of whoever is called, and can change all of it".to_owned(),
            };
            self.say(depth, &format!("DELEGATECALL: the code of {target} runs as {own}"));
        }
        if delegated || !call.data.is_empty() {
            self.told.targets.push(call.to);
        }
        match call.data.strip_prefix(&MULTI_SEND) {
            Some(arguments) => self.batch(call, &target, arguments, depth),
            None => self.one(call, &target, depth),
        }
    }

    /// A call that is no batch.
    fn one(&mut self, call: &Call<'_>, target: &str, depth: usize) {
        let Call { to, value, data, operation, .. } = call;
        let with = with(*value);
        if data.is_empty() {
            return self.say(
                depth,
                &match (operation, value.is_zero()) {
                    (Operation::Call, false) => format!("sends {value} wei to {target}"),
                    _ if *to == self.safe && depth == 0 => {
                        "does nothing: it only uses up the nonce, in place of another transaction".to_owned()
                    }
                    _ => format!("calls {target} without data{with}"),
                },
            );
        }
        let selector = data.first_chunk::<4>().copied();
        let name = if *to == self.safe { Some("safe") } else { self.names.kind(*to) };
        let name = name.filter(|name| known::is_known(name));
        let Some(known) = selector.and_then(|selector| known::function(selector, name)) else {
            let unknown = if name.is_some() { "which it does not have" } else { "which is not known here" };
            let selector = hex::encode_prefixed(&data[..data.len().min(4)]);
            self.say(depth, &format!("calls the function {selector} of {target}, {unknown}{with}, with this data:"));
            return self.say(depth + 1, &hex::encode_prefixed(data));
        };
        let function = known.function;
        let values = match self.budget.decode(function, &function.inputs, data.get(4..).unwrap_or_default()) {
            Ok(values) => values,
            Err(why) => {
                let (name, why) = (&function.name, why.words());
                // Nobody knows what whoever is called makes of it.
                self.may_delegate(!only_reads(function));
                self.say(depth, &format!("calls {name} of {target} {why}{with}, with this data:"));
                return self.say(depth + 1, &hex::encode_prefixed(data));
            }
        };
        let notice = if known.notice.is_empty() { String::new() } else { format!(" - {}", known.notice) };
        self.say(depth, &format!("calls {} of {target}{with}{notice}", values::call(function, &values, &self.budget)));
        self.more(data, &function.abi_encode_input(&values).unwrap_or_default(), depth);
        self.remarks(known, &values, Some(*to), depth);
    }

    /// What calldata has that its words do not: Solidity takes arguments that are encoded in another manner.
    fn more(&mut self, data: &[u8], usual: &[u8], depth: usize) {
        match data.strip_prefix(usual) {
            Some([]) => {}
            Some(more) => self.say(depth, &format!("and {} bytes more: {}", more.len(), hex::encode_prefixed(more))),
            None => self.say(depth, &format!("and in an unusual encoding: {}", hex::encode_prefixed(data))),
        }
    }
}

/// The wei that go along.
fn with(value: U256) -> String {
    if value.is_zero() { String::new() } else { format!(", with {value} wei") }
}

/// A contract, as far as it is known.
fn whose(address: Address, safe: Address, names: &Names) -> String {
    if address == safe {
        return "the Safe itself".to_owned();
    }
    if let Some(Library { name, version, .. }) = Library::at(address) {
        return format!("Safe's {name} {version} {address}");
    }
    names.told(address).map_or_else(|| address.to_string(), |told| format!("{told} {address}"))
}

/// Addresses with commas.
pub(super) fn listed(accounts: &[Address]) -> String {
    accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
