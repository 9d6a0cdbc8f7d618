//! Why a call failed, in the words of a Nitro node.

use super::error::RpcError;
use crate::{
    arbos,
    chain::{EstimateError, REQUEST_TIMEOUT},
    evm::{Outcome, Refusal, Status},
};
use alloy_primitives::Bytes;
use alloy_sol_types::{Panic, Revert, SolError};

/// The output of a call that succeeded, or the error.
pub(super) fn output(outcome: Outcome) -> Result<Bytes, RpcError> {
    match outcome.status {
        Status::Success => Ok(outcome.output),
        Status::Revert => Err(reverted(outcome.output)),
        Status::Failure(text) => Err(RpcError::failed(text)),
    }
}

/// The error of a call that could not begin, or was ended.
pub(super) fn refused(refusal: &Refusal, gas: u64) -> RpcError {
    ended(refusal).unwrap_or_else(|| RpcError::failed(format!("err: {refusal} (supplied gas {gas})")))
}

/// The error of what was ended from outside; `None` if it did not begin.
pub(super) fn ended(refusal: &Refusal) -> Option<RpcError> {
    match refusal {
        Refusal::TimedOut(time) if *time == REQUEST_TIMEOUT => Some(RpcError::timed_out()),
        Refusal::TimedOut(_) | Refusal::TraceTooLarge(_) => Some(RpcError::failed(refusal.to_string())),
        _ => None,
    }
}

/// The error of an estimate.
pub(super) fn estimate(error: EstimateError) -> RpcError {
    match error {
        EstimateError::Refused(refusal, gas) => {
            ended(&refusal).unwrap_or_else(|| RpcError::failed(format!("failed with {gas} gas: {refusal}")))
        }
        EstimateError::NoFundsForTransfer => RpcError::failed("insufficient funds for transfer"),
        EstimateError::Exceeds(gas) => RpcError::failed(format!("gas required exceeds allowance ({gas})")),
        EstimateError::Reverts(data) => reverted(data),
        EstimateError::Fails(text) => RpcError::failed(text),
    }
}

/// An error of code 3, with the reason where the data has one.
pub(super) fn reverted(data: Bytes) -> RpcError {
    let message = match reason(&data) {
        Some(reason) => format!("execution reverted: {reason}"),
        None => "execution reverted".to_owned(),
    };
    RpcError::reverted(message, data)
}

/// What revert data says: as [`solidity_reason`], or an error of a precompile.
pub(super) fn reason(data: &[u8]) -> Option<String> {
    solidity_reason(data).or_else(|| arbos::render_error(data))
}

/// What revert data says that Solidity itself makes: `Error(string)` or `Panic(uint256)`.
pub(super) fn solidity_reason(data: &[u8]) -> Option<String> {
    let selector: [u8; 4] = data.get(..4)?.try_into().ok()?;
    match selector {
        Revert::SELECTOR => text(&data[4..]),
        Panic::SELECTOR => Some(panic(&data[4..])),
        _ => None,
    }
}

/// The text of `Error(string)`; what is not UTF-8 in it becomes U+FFFD.
fn text(arguments: &[u8]) -> Option<String> {
    let word = |at: usize| -> Option<usize> {
        let word = arguments.get(at..at.checked_add(32)?)?;
        word[..24].iter().all(|byte| *byte == 0).then_some(())?;
        usize::try_from(u64::from_be_bytes(word[24..].try_into().ok()?)).ok()
    };
    let at = word(0)?;
    let length = word(at)?;
    let start = at.checked_add(32)?;
    let bytes = arguments.get(start..start.checked_add(length)?)?;
    Some(String::from_utf8_lossy(bytes).into_owned())
}

fn panic(arguments: &[u8]) -> String {
    let code = alloy_primitives::U256::from_be_slice(arguments.get(..32).unwrap_or_default());
    let name = match u64::try_from(code).unwrap_or(u64::MAX) {
        0x00 => "generic panic",
        0x01 => "assert(false)",
        0x11 => "arithmetic underflow or overflow",
        0x12 => "division or modulo by zero",
        0x21 => "enum overflow",
        0x22 => "invalid encoded storage byte array accessed",
        0x31 => "out-of-bounds array access; popping on an empty array",
        0x32 => "out-of-bounds access of an array or bytesN",
        0x41 => "out of memory",
        0x51 => "uninitialized function",
        _ => return format!("unknown panic code: {code:#x}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::U256;

    #[test]
    fn reasons_are_read_as_nitro_reads_them() {
        let error = |text: &str| Revert::from(text).abi_encode();
        assert_eq!(reason(&error("not today")).as_deref(), Some("not today"));
        assert_eq!(reason(&error("")).as_deref(), Some(""));
        assert_eq!(reason(&error("not today")[..50]), None);
        let panics = |code| Panic { code: U256::from(code) }.abi_encode();
        assert_eq!(reason(&panics(0x11)).as_deref(), Some("arithmetic underflow or overflow"));
        assert_eq!(reason(&panics(0x99)).as_deref(), Some("unknown panic code: 0x99"));
        assert_eq!(reason(&[0xcc, 0x94, 0x4b, 0xf2]).as_deref(), Some("error ProgramUpToDate()"));
        assert_eq!(solidity_reason(&[0xcc, 0x94, 0x4b, 0xf2]), None);
        assert_eq!(reason(&[1, 2, 3, 4]), None);
        assert_eq!(reason(&[]), None);
    }
}
