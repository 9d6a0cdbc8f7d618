//! What a node answered, in a sentence.

use std::error::Error;

use alloy::primitives::{Bytes, hex};
use alloy::sol_types::SolError;
use alloy::transports::http::reqwest;
use alloy::transports::{RpcError, TransportError};
use eyre::{Report, eyre};
use nitro::ArbWasm::ArbWasmErrors;

use crate::config::rules::is_unseen;
use crate::founder::Founder::{self, FounderErrors};
use crate::part::{self, Part};
use crate::parts;
use crate::redact;

/// The longest message of a node that is repeated.
const LONGEST: usize = 400;

/// The sentence for a failed request: the node's message with the revert's meaning, or why there was no answer.
pub(crate) fn explain(error: &TransportError) -> String {
    explain_with(error, parts::ALL)
}

/// The same, where the revert is that of these parts, or of the founding of them.
pub(crate) fn explain_with(error: &TransportError, parts: &[&dyn Part]) -> String {
    let RpcError::ErrorResp(payload) = error else {
        return if is_silence(error) { "the node has fallen silent".to_owned() } else { root(error) };
    };
    let message = sentence(&payload.message);
    let meaning = revert_data(error).filter(|data| !data.is_empty()).map(|data| revert(&data, parts));
    // Of errors of precompiles, Nitro says the name itself.
    let said = |meaning: &str| message.contains(meaning.split(' ').next().unwrap_or(meaning));
    match meaning {
        Some(meaning) if !said(&meaning) => format!("{message}: {meaning}"),
        _ => message,
    }
}

/// Whether the node took the request and gave no answer in time.
pub(crate) fn is_silence(error: &TransportError) -> bool {
    let custom = error.as_transport_err().and_then(|kind| kind.as_custom());
    custom.and_then(|error| error.downcast_ref::<reqwest::Error>()).is_some_and(reqwest::Error::is_timeout)
}

/// What nodes say of a call that was executed and failed, besides that it reverted: go-ethereum's words. The one of required
/// gas is that of an estimate for which no gas is enough.
const FAILURES: [&str; 11] = [
    "revert",
    "out of gas",
    "invalid opcode",
    "invalid jump",
    "stack underflow",
    "stack limit",
    "write protection",
    "return data out of bounds",
    "gas uint64 overflow",
    "gas required exceeds",
    // Nitro's words for a program that ArbWasm refuses.
    "program activation failed",
];

/// Whether a call was executed and failed: then the error is the contract's own answer. Any other one is the node's, as
/// that it has too many requests, and says nothing about the contract.
pub(crate) fn is_execution(error: &TransportError) -> bool {
    let Some(payload) = error.as_error_resp() else { return false };
    let message = payload.message.to_lowercase();
    // 3 is the code of a revert, by Ethereum's execution API.
    payload.code == 3 || revert_data(error).is_some() || FAILURES.iter().any(|failure| message.contains(failure))
}

/// Whether the node, or what stands before it, gave no answer of JSON-RPC to a request that it may find too large.
pub(crate) fn is_unserved(error: &TransportError) -> bool {
    is_silence(error) || error.as_transport_err().is_some_and(|kind| kind.as_http_error().is_some())
}

/// The refusal of a node that does not answer at all.
pub(crate) fn unreachable(url: &str, error: &TransportError) -> Report {
    let shown = redact::url(url);
    if error.is_deser_error() {
        return eyre!("no node answers at {shown}: what answers there speaks no JSON-RPC, as a web page does not");
    }
    let said = explain(error);
    // rustls' words for bytes that are no TLS.
    let is_plain =
        url.starts_with("https:") && (said.contains("InvalidContentType") || said.contains("corrupt message"));
    let help = if is_plain { ": it may speak HTTP without TLS, so write http:// in place of https://" } else { "" };
    eyre!("no node answers at {shown}: {said}{help}")
}

/// As [`explain`], for calls through a typed contract. Callers say what they were about to do, by `wrap_err`: a node's
/// words alone do not.
pub(crate) fn explain_call(error: alloy::contract::Error) -> Report {
    match error {
        alloy::contract::Error::TransportError(error) => eyre!(explain(&error)),
        other => eyre!("{}", root(&other)),
    }
}

/// What a revert says, as far as it is known here. A constructor's failure has what the constructor reverted with in it; a
/// node could nest one in another without end.
fn revert(data: &[u8], parts: &[&dyn Part]) -> String {
    let Ok(error) = Founder::ConstructorFailed::abi_decode(data) else { return known(data, parts) };
    let part = usize::try_from(error.part).ok().and_then(|part| parts.get(part));
    let name = part.map_or_else(|| "program".to_owned(), |part| part.name().to_string());
    if error.reason.is_empty() {
        return format!("the {name}'s constructor failed without a reason, as when gas runs out");
    }
    format!("the {name}'s constructor reverted with {}", known(&error.reason, parts))
}

/// A custom error by its name, else the data; neither fills a page.
fn known(data: &[u8], parts: &[&dyn Part]) -> String {
    let name = parts.iter().find_map(|part| (part.interface().error)(data));
    let name = name.or_else(|| part::error::<FounderErrors>(data)).or_else(|| part::error::<ArbWasmErrors>(data));
    name.unwrap_or_else(|| hex::encode_prefixed(&data[..data.len().min(LONGEST)])).chars().take(LONGEST).collect()
}

/// What a refused call reverted with, if it did.
pub(crate) fn revert_data(error: &TransportError) -> Option<Bytes> {
    error.as_error_resp().and_then(|payload| payload.as_revert_data())
}

/// The innermost cause: "Connection refused" rather than "error sending request".
fn root(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    sentence(&cause.to_string())
}

/// What somebody else's machine says, fit for a line of ours: without secrets and control characters, and not a whole page.
fn sentence(said: &str) -> String {
    let shown = redact::text(said);
    let words =
        shown.split(|c: char| c.is_whitespace() || c.is_control() || is_unseen(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use alloy::primitives::U256;
    use alloy::rpc::json_rpc::ErrorPayload;
    use consilium_bindings::{Governor, Timelock};

    use super::*;

    fn revert(data: &[u8]) -> String {
        super::revert(data, parts::ALL)
    }

    /// The node's own reasons are not taken for a contract's answer.
    #[test]
    fn what_was_executed_is_told_from_what_the_node_did_not_do() {
        let said = |code: i64, message: &str| {
            is_execution(&RpcError::ErrorResp(ErrorPayload { code, message: message.to_owned().into(), data: None }))
        };
        for (code, message) in [
            (3, "anything"),
            (-32000, "execution reverted"),
            (-32000, "out of gas"),
            (-32000, "invalid opcode: INVALID"),
            (-32000, "gas required exceeds allowance (50000000)"),
        ] {
            assert!(said(code, message), "{message}");
        }
        for (code, message) in [
            (429, "too many requests"),
            (-32005, "daily request limit exceeded"),
            (-32000, "header not found"),
            (-32000, "request timeout"),
            (-32000, "execution aborted (timeout = 5s)"),
            (-32000, "insufficient funds for gas * price + value"),
        ] {
            assert!(!said(code, message), "{message}");
        }
        assert!(!is_execution(&RpcError::NullResp));
    }

    #[test]
    fn custom_errors_are_named_with_their_arguments() {
        let error = Timelock::AccessControlBadConfirmation {}.abi_encode();
        assert_eq!(revert(&error), "AccessControlBadConfirmation");
        let error = Governor::GovernorInvalidVotingPeriod { votingPeriod: U256::ZERO }.abi_encode();
        assert_eq!(revert(&error), "GovernorInvalidVotingPeriod { votingPeriod: 0 }");
        let constructor = Founder::ConstructorFailed { part: U256::from(2), reason: error.into() }.abi_encode();
        let expected = "the governor's constructor reverted with GovernorInvalidVotingPeriod { votingPeriod: 0 }";
        assert_eq!(revert(&constructor), expected);
        let out = Founder::ConstructorFailed { part: U256::from(9), reason: Bytes::new() }.abi_encode();
        assert_eq!(revert(&out), "the program's constructor failed without a reason, as when gas runs out");
        assert_eq!(revert(&Founder::OtherPlan {}.abi_encode()), "OtherPlan");
        assert_eq!(revert(&[1, 2, 3, 4]), "0x01020304");
    }

    /// Each level would take a frame of the stack, and a copy of the rest.
    #[test]
    fn a_revert_is_explained_in_a_line_however_deep_it_goes() {
        let failed = |reason: Bytes| Founder::ConstructorFailed { part: U256::ZERO, reason }.abi_encode();
        let nested = (0..1_000).fold(vec![1; 4], |reason, _| failed(reason.into()));
        for data in [nested, vec![1; 100_000], failed(vec![2; 100_000].into())] {
            let said = revert(&data);
            assert!(said.len() < 2 * LONGEST, "{} bytes: {said:.80}", said.len());
        }
    }
}
