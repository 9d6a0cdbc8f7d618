//! What a transaction does, in words. The words of a call are made from its calldata and an interface that has its
//! function: whether the target does what its function is called for is the target's affair, and so the line says whose
//! contract it is. What has no words is told whole, byte by byte: it is signed too.

mod batch;
mod refund;
mod values;

use alloy::hex;
use alloy::json_abi::{Function, StateMutability};
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;
use alloy_dyn_abi::{DynSolValue, JsonAbiExt as _};
use consilium_bindings::AccessManager::setTargetClosedCall;

pub(crate) use self::batch::is_call_only;
use self::batch::{Library, MULTI_SEND};
pub(super) use self::values::error;
use super::arguments::{Budget, Unread};
use super::known::{self, Known, Names};
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

    /// What the arguments of a call mean that its line does not say, and what it passes on.
    fn remarks(&mut self, known: Known, values: &[DynSolValue], target: Option<Address>, depth: usize) {
        let function = known.function;
        if function.signature() == "approveHash(bytes32)" {
            self.say(
                depth,
                "this approves a transaction that is not shown: compare the hash with `consilium safe show` of its file",
            );
        }
        if closes(function, values) {
            self.say(
                depth,
                "CLOSES A TARGET: every restricted function of it is refused to everybody, also to the guardians who stop \
                 others. What everybody may call goes on. Revoke the role that does harm instead",
            );
        }
        if let Some(call) = executed(known, values, target) {
            if depth < 2 * DEEPEST {
                return self.tell(&call, depth + 1);
            }
            self.may_delegate(true);
            return self.say(depth + 1, "(a call, too deep to be told)");
        }
        let mut passed = Vec::new();
        values::bytes_in(values, &mut passed);
        for bytes in passed {
            if let Some(arguments) = bytes.strip_prefix(&MULTI_SEND) {
                self.say(depth + 1, "passes on a batch, and what becomes of it depends on who is called with it:");
                self.entries(arguments, None, None, depth + 1);
            } else if let Some((known, values)) = values::inner(bytes, &self.budget) {
                self.passed_on(bytes, known, values, depth + 1);
            }
        }
    }

    /// A call that another one passes on. Whoever is called with it reads it also where bytes follow, or where it is
    /// encoded in another manner; the line of the call that passes it on has such bytes whole, and no words.
    fn passed_on(&mut self, bytes: &[u8], known: Known, values: Result<Vec<DynSolValue>, Unread>, depth: usize) {
        let function = known.function;
        let is_deep = depth > DEEPEST;
        let values = match values {
            Ok(values) if !is_deep => values,
            values => {
                // It is not looked into, so it may be a delegated one.
                self.may_delegate(is_deep || !only_reads(function));
                let how = values.err().filter(|_| !is_deep).map_or("too deep to be told", Unread::words);
                return self.say(depth, &format!("(passes on a call of {}, {how})", function.name));
            }
        };
        let usual = function.abi_encode_input(&values).unwrap_or_default();
        if usual != bytes {
            self.say(depth, &format!("passes on {}", values::call(function, &values, &self.budget)));
            self.more(bytes, &usual, depth);
        }
        self.remarks(known, &values, None, depth);
    }

    fn batch(&mut self, call: &Call<'_>, target: &str, arguments: &[u8], depth: usize) {
        self.say(depth, &format!("calls multiSend of {target}{}, a batch:", with(call.value)));
        let library = Library::at(call.to);
        if library.is_none() {
            self.say(depth, "NOT SAFE'S MULTISEND AS KNOWN HERE: what it does with the following is not known");
        }
        let executor = if call.operation == Operation::DelegateCall { call.by } else { Some(call.to) };
        if executor.is_some_and(|executor| executor != self.safe) {
            let whose = executor.map(|executor| self.whose(executor)).unwrap_or_default();
            self.say(depth, &format!("these calls are in the name of {whose}, not of the Safe"));
        }
        self.entries(arguments, library, executor, depth);
    }

    /// The calls of a batch.
    fn entries(&mut self, arguments: &[u8], library: Option<Library>, executor: Option<Address>, depth: usize) {
        let Some(entries) = batch::entries(arguments) else {
            // Nobody knows what is in it.
            self.may_delegate(true);
            let data = hex::encode_prefixed(arguments);
            return self.say(depth + 1, &format!("(NOT A BATCH: its calls cannot be read, do not sign it: {data})"));
        };
        if depth >= DEEPEST {
            self.may_delegate(true);
            let data = hex::encode_prefixed(arguments);
            return self.say(depth + 1, &format!("(a batch, too deep to be told: {data})"));
        }
        for entry in entries {
            let itself = entry.to.is_zero() && library.is_none_or(|library| library.version != "1.4.1");
            let stands_for = itself.then(|| {
                let whom = executor.map_or_else(|| "whoever makes the calls".to_owned(), |whom| self.whose(whom));
                format!("the zero address, which MultiSend of 1.5.0 takes for {whom}")
            });
            let to = executor.filter(|_| itself).unwrap_or(entry.to);
            let batch::Entry { operation, value, data, .. } = entry;
            self.tell(&Call { operation, to, stands_for, value, data, by: executor }, depth + 1);
        }
        self.more(arguments, &batch::encoded(arguments).unwrap_or_default(), depth);
    }
}

/// What a Safe is asked to execute, if it has more in it than its arguments show: a delegated call, or a batch.
fn executed<'a>(known: Known, values: &'a [DynSolValue], by: Option<Address>) -> Option<Call<'a>> {
    let function = known.function;
    if only_reads(function) {
        return None;
    }
    let of = |name: &str| function.inputs.iter().zip(values).find(|(input, _)| input.name == name).map(|found| found.1);
    let (to, data) = (of("to")?.as_address()?, of("data")?.as_bytes()?);
    if function.name == "setup" {
        // A new Safe runs it as its own.
        let (operation, value) = (Operation::DelegateCall, U256::ZERO);
        return (!to.is_zero()).then_some(Call { operation, to, stands_for: None, value, data, by });
    }
    let ((operation, _), (value, _)) = (of("operation")?.as_uint()?, of("value")?.as_uint()?);
    let operation = if operation.is_zero() { Operation::Call } else { Operation::DelegateCall };
    let is_more = operation == Operation::DelegateCall || data.starts_with(&MULTI_SEND);
    is_more.then_some(Call { operation, to, stands_for: None, value, data, by })
}

/// Whether the access manager is asked to close a target. It stops those who stop, and no claim.
fn closes(function: &Function, values: &[DynSolValue]) -> bool {
    function.signature() == setTargetClosedCall::SIGNATURE && values.last().and_then(DynSolValue::as_bool) == Some(true)
}

/// Whether a function changes nothing, whatever it is asked.
fn only_reads(function: &Function) -> bool {
    matches!(function.state_mutability, StateMutability::View | StateMutability::Pure)
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
    if let Some(Library { name, version }) = Library::at(address) {
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
