//! The contract's errors in words: what is wrong, and what to do.

use consilium_bindings::RevenueSplitter::RevenueSplitterErrors as E;

use crate::config::moment::Moment;
use crate::part;

/// What a revert of the contract says.
pub(super) fn in_words(data: &[u8]) -> String {
    part::in_words(data, words)
}

fn words(error: &E) -> Option<String> {
    Some(match error {
        E::SplitterWrongValue(_) => "a payment of nothing, or another amount of ether than belongs to it".to_owned(),
        E::SplitterInvalidRecipient(error) => {
            format!("nobody can pay {}: epochs pay out the splitter's pool, so name another account", error.account)
        }
        E::SplitterInvalidRegistry(_) => {
            "the splitter asks no registry: pay without --pointer, or let the DAO set one".to_owned()
        }
        E::SplitterNoSuchRequest(error) => format!(
            "the registry knows no request {} for the pointer {}: take both ids from `consilium registry show`",
            error.request, error.pointer
        ),
        E::SplitterNothingReceived(error) => {
            format!("nothing of {} arrived: look whether it is a token that does what it says", error.token)
        }
        E::SplitterNothingDue(error) => format!("{} is due nothing", error.account),
        E::SplitterShort(error) => format!(
            "the splitter has less of {} than it owes: wait until the token has recovered. A payee takes less, and \
             gives up the rest, by sending with --at-a-loss itself, or by a signature that names who brings it",
            error.token
        ),
        E::SplitterTransferFailed(error) => format!(
            "{} did not go to {}: the receiver or the token refused it",
            super::amount(error.amount, error.token),
            error.to
        ),
        E::SplitterTokenUnreadable(error) => format!("{} does not answer as a token: correct the address", error.token),
        E::SplitterInvalidEpoch(_) => {
            "the deadline is not after the window in which the epoch can be disabled: give a later one".to_owned()
        }
        E::SplitterEpochPublished(error) => {
            format!("this list was published as epoch {}: there is nothing to do", error.number)
        }
        E::SplitterPoolTooSmall(error) => {
            format!("the pool has {} and the epoch promises more: build a smaller one, or wait for revenue", error.due)
        }
        E::SplitterNotOpen(error) => format!(
            "epoch {} cannot be claimed now: its window is not over, its deadline has passed, or it was disabled",
            error.number
        ),
        E::SplitterAlreadyClaimed(error) => {
            format!("index {} of epoch {} was claimed: there is nothing to do", error.index, error.number)
        }
        E::SplitterSignatureNeeded(error) => {
            format!("only {} itself claims this: let it send, or sign for another account by --to", error.account)
        }
        E::SplitterInvalidProof(error) => format!(
            "the proof does not lead to the root of epoch {}: name the folder that it was published from, or \
             its number",
            error.number
        ),
        E::SplitterEpochExhausted(error) => format!(
            "epoch {} has only {} left: its list promises more than its total, so ask who published it",
            error.number, error.remaining
        ),
        E::SplitterExpiredSignature(error) => {
            format!("the signature was good until {}: sign again", Moment(error.deadline.to()))
        }
        E::SplitterWrongRelayer(error) => format!("only {} may bring this message", error.relayer),
        E::SplitterInvalidSignature(error) => {
            format!("the account did not sign this, or its passkey was used at another site (it is {})", error.signer)
        }
        E::InvalidAccountNonce(error) => {
            format!("the nonce of {} is {} by now: sign again", error.account, error.currentNonce)
        }
        E::AccessManagedUnauthorized(error) => format!("the access manager does not let {} do this", error.caller),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Address, B256, U256};
    use alloy::sol_types::SolError;
    use consilium_bindings::RevenueSplitter as abi;

    use super::*;

    #[test]
    fn errors_are_told_in_words_with_their_names() {
        let error = abi::SplitterNoSuchRequest { pointer: B256::ZERO, request: B256::repeat_byte(1) };
        assert_eq!(
            in_words(&error.abi_encode()),
            format!(
                "the registry knows no request {} for the pointer {}: take both ids from `consilium registry show` \
                 (SplitterNoSuchRequest)",
                B256::repeat_byte(1),
                B256::ZERO
            )
        );
        let error = abi::SplitterTransferFailed { token: Address::ZERO, to: Address::ZERO, amount: U256::from(7) };
        assert!(in_words(&error.abi_encode()).starts_with("7 wei did not go to 0x00"));
        let error = abi::SplitterNotEnded { number: 3 };
        assert_eq!(in_words(&error.abi_encode()), "SplitterNotEnded { number: 3 }");
    }
}
