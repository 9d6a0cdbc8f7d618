//! What a transaction does, in words. The words of a call are made from its calldata and an interface that has its
//! function: whether the target does what its function is called for is the target's affair, and so the line says whose
//! contract it is.

use alloy::json_abi::Param;
use alloy::primitives::{Address, U256};
use alloy_dyn_abi::{DynSolValue, JsonAbiExt as _};

use super::known::{self, Names, short};
use super::transaction::{Operation, Transaction};
use crate::signing::Place;

/// `multiSend(bytes)`: each call is its operation, target, value and length, and then its data.
const MULTI_SEND: [u8; 4] = [0x8d, 0x80, 0xff, 0x0a];

/// How deep batches within batches are told, and calls within calls.
const DEEPEST: usize = 3;

/// The most characters of a text.
const LONGEST: usize = 200;

/// A call of a Safe, or of a batch of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Call<'a> {
    operation: Operation,
    to: Address,
    value: U256,
    data: &'a [u8],
}

/// A transaction, line by line.
pub(super) fn told(place: &Place, transaction: &Transaction, names: &Names) -> Vec<String> {
    let Transaction { to, value, data, operation, .. } = transaction;
    let mut lines =
        vec![format!("for the Safe {} on chain {}, nonce {}", place.contract, place.chain, transaction.nonce)];
    tell(&Call { operation: *operation, to: *to, value: *value, data }, place.contract, names, 0, &mut lines);
    lines.extend(gas(transaction));
    lines
}

/// What is promised and paid besides the call.
fn gas(transaction: &Transaction) -> Option<String> {
    let Transaction { safe_tx_gas, base_gas, gas_price, gas_token, refund_receiver, .. } = transaction;
    if !gas_price.is_zero() {
        let unit = if gas_token.is_zero() { "wei".to_owned() } else { format!("units of the token {gas_token}") };
        let whom = if refund_receiver.is_zero() { "whoever sends it".to_owned() } else { refund_receiver.to_string() };
        return Some(format!(
            "PAYS A REFUND: {gas_price} {unit} for each gas (the call's, up to {safe_tx_gas}, and {base_gas}) to {whom}"
        ));
    }
    (!safe_tx_gas.is_zero())
        .then(|| format!("the call gets {safe_tx_gas} gas at least; if it fails, the nonce is used up"))
}

fn tell(call: &Call<'_>, safe: Address, names: &Names, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    if call.operation == Operation::DelegateCall {
        lines.push(format!(
            "{indent}DELEGATECALL: the code of {} runs as the Safe's own, and can change its owners and its program",
            whose(call.to, safe, names)
        ));
    }
    lines.push(format!("{indent}{}", one(call, safe, names)));
    if let Some(batch) = batch(call.data) {
        match batch {
            Ok(calls) if depth < DEEPEST => {
                for call in calls {
                    tell(&call, safe, names, depth + 1, lines);
                }
            }
            Ok(_) => lines.push(format!("{indent}  (a batch, too deep to be told)")),
            Err(()) => lines.push(format!("{indent}  (NOT A BATCH: its calls cannot be read, do not sign it)")),
        }
    }
}

/// A call in a line.
fn one(call: &Call<'_>, safe: Address, names: &Names) -> String {
    let Call { to, value, data, operation } = call;
    let target = whose(*to, safe, names);
    let with = if value.is_zero() { String::new() } else { format!(", with {value} wei") };
    if data.is_empty() {
        return match (operation, value.is_zero()) {
            (Operation::Call, false) => format!("sends {value} wei to {target}"),
            _ if *to == safe => "does nothing: it only uses up the nonce, in place of another transaction".to_owned(),
            _ => format!("calls {target} without data{with}"),
        };
    }
    let selector = data.first_chunk::<4>().copied();
    let name = name_of(*to, safe, names);
    let found = selector.and_then(|selector| known::function(selector, name.filter(|name| known::is_known(name))));
    let Some(known) = found else {
        let unknown =
            if name.is_some_and(known::is_known) { "which it does not have" } else { "which is not known here" };
        return format!(
            "calls the function {} of {target}, {unknown}{with}: {}",
            short(&data[..data.len().min(4)]),
            short(data)
        );
    };
    let decoded = data.get(4..).and_then(|arguments| known.function.abi_decode_input(arguments).ok());
    let Some(values) = decoded else {
        return format!(
            "calls {} of {target} with arguments that are none{with}: {}",
            known.function.name,
            short(data)
        );
    };
    let call = self::call(&known.function.name, &known.function.inputs, &values);
    let notice = if known.notice.is_empty() { String::new() } else { format!(" - {}", known.notice) };
    format!("calls {call} of {target}{with}{notice}")
}

/// A name and its arguments: `transfer(to: 0x…, value: 5)`.
pub(super) fn call(name: &str, inputs: &[Param], values: &[DynSolValue]) -> String {
    call_within(name, inputs, values, DEEPEST)
}

fn call_within(name: &str, inputs: &[Param], values: &[DynSolValue], depth: usize) -> String {
    let told = inputs.iter().zip(values).map(|(input, value)| {
        let value = shown(value, depth);
        if input.name.is_empty() { value } else { format!("{}: {value}", input.name) }
    });
    format!("{name}({})", told.collect::<Vec<_>>().join(", "))
}

/// A value. No element of a list is left out: it may be the one that matters.
fn shown(value: &DynSolValue, depth: usize) -> String {
    let list = |values: &[DynSolValue]| values.iter().map(|value| shown(value, depth)).collect::<Vec<_>>().join(", ");
    match value {
        DynSolValue::Bool(value) => value.to_string(),
        DynSolValue::Int(value, _) => value.to_string(),
        DynSolValue::Uint(value, _) => value.to_string(),
        DynSolValue::FixedBytes(word, size) => {
            alloy::hex::encode_prefixed(word.get(..*size).unwrap_or(word.as_slice()))
        }
        DynSolValue::Address(address) => address.to_string(),
        DynSolValue::Function(function) => function.to_string(),
        DynSolValue::Bytes(bytes) => inner(bytes, depth).unwrap_or_else(|| short(bytes)),
        DynSolValue::String(text) => crate::shown::shortened(&format!("{text:?}"), LONGEST),
        DynSolValue::Array(values) | DynSolValue::FixedArray(values) => format!("[{}]", list(values)),
        DynSolValue::Tuple(values) => format!("({})", list(values)),
    }
}

/// Bytes that are a known function's calldata, to the last one: what a timelock or an access manager passes on.
fn inner(bytes: &[u8], depth: usize) -> Option<String> {
    let (selector, arguments) = bytes.split_first_chunk::<4>()?;
    let function = known::function(*selector, None).filter(|_| depth > 0)?.function;
    let values = function.abi_decode_input(arguments).ok()?;
    let is_whole = function.abi_encode_input(&values).is_ok_and(|again| again == bytes);
    is_whole.then(|| call_within(&function.name, &function.inputs, &values, depth - 1))
}

/// The name of a contract, where there is one.
fn name_of(address: Address, safe: Address, names: &Names) -> Option<&str> {
    if address == safe { Some("safe") } else { names.get(address) }
}

/// A contract, as far as it is known.
fn whose(address: Address, safe: Address, names: &Names) -> String {
    if address == safe {
        return "the Safe itself".to_owned();
    }
    names.get(address).map_or_else(|| address.to_string(), |name| format!("the {} {address}", name.replace('-', " ")))
}

/// The calls of a batch of MultiSend; none if it is not one.
fn batch(data: &[u8]) -> Option<Result<Vec<Call<'_>>, ()>> {
    let arguments = data.strip_prefix(&MULTI_SEND)?;
    Some(packed(arguments).and_then(calls).ok_or(()))
}

/// The bytes of the only argument.
fn packed(arguments: &[u8]) -> Option<&[u8]> {
    let word = |at: usize| {
        let word = U256::from_be_slice(arguments.get(at..at.checked_add(32)?)?);
        usize::try_from(word).ok()
    };
    let at = word(0)?;
    let begin = at.checked_add(32)?;
    arguments.get(begin..begin.checked_add(word(at)?)?)
}

fn calls(mut packed: &[u8]) -> Option<Vec<Call<'_>>> {
    let mut found = Vec::new();
    while !packed.is_empty() {
        let (head, rest) = packed.split_first_chunk::<85>()?;
        let operation = match head[0] {
            0 => Operation::Call,
            1 => Operation::DelegateCall,
            _ => return None,
        };
        let length = usize::try_from(U256::from_be_slice(&head[53..85])).ok()?;
        let (data, next) = rest.split_at_checked(length)?;
        found.push(Call {
            operation,
            to: Address::from_slice(&head[1..21]),
            value: U256::from_be_slice(&head[21..53]),
            data,
        });
        packed = next;
    }
    Some(found)
}

/// Addresses with commas.
pub(super) fn listed(accounts: &[Address]) -> String {
    accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
