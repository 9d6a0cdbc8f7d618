//! What a call means that its line does not say, and the calls that it passes on.

use alloy::json_abi::{Function, StateMutability};
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;
use alloy_dyn_abi::{DynSolValue, JsonAbiExt as _};
use consilium_bindings::AccessManager::setTargetClosedCall;

use super::batch::MULTI_SEND;
use super::{Call, DEEPEST, Operation, Teller, values};
use crate::safe::arguments::Unread;
use crate::safe::known::Known;

impl Teller<'_> {
    /// What the arguments of a call mean that its line does not say, and what it passes on.
    pub(super) fn remarks(&mut self, known: Known, values: &[DynSolValue], target: Option<Address>, depth: usize) {
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
pub(super) fn only_reads(function: &Function) -> bool {
    matches!(function.state_mutability, StateMutability::View | StateMutability::Pure)
}
