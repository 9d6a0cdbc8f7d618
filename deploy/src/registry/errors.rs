//! The contract's errors in words: what is wrong, and what to do.

use consilium_bindings::DataPointerRegistry::DataPointerRegistryErrors as E;
use fhir::reason;

use crate::config::moment::Moment;
use crate::part;
use crate::signing::words as signing;

/// What a revert of the contract says.
pub(super) fn in_words(data: &[u8]) -> String {
    part::in_words(data, words)
}

fn words(error: &E) -> Option<String> {
    Some(match error {
        E::RegistryUnauthorized(error) => format!(
            "{} may not do this: the pointer's custodian registers, answers, hands over and erases, and the subject's \
             key erases and refuses",
            error.account
        ),
        E::RegistryNotAdmitted(error) => {
            format!("{} is not an admitted custodian: the DAO admits it, by `consilium registry admit`", error.account)
        }
        E::RegistryUnknownEncryption(error) => {
            format!("the encryption {} has no code on this chain: correct the number", error.number)
        }
        E::RegistrySchemaNotInUse(error) => format!(
            "nothing is registered under the schema {} for data of class {}: it is not active, its sunset is over, or \
             it is of another class, so take another schema",
            error.number, error.dataClass
        ),
        E::RegistryPointerExists(error) => format!(
            "the pointer {0} was registered before, and perhaps erased, or its subject refused it: see `consilium \
             registry show --id {0}`",
            error.id
        ),
        E::RegistryNoSuchPointer(error) => format!(
            "the pointer {} is not registered, or was erased: correct the id, or individualize it first if it is in a \
             batch",
            error.id
        ),
        E::RegistrySuperseded(error) => format!("another pointer superseded {}: take that one", error.id),
        E::RegistryInvalidPrevious(error) => format!(
            "{} cannot be superseded by it: it is not registered, was superseded or erased, or is of another subject \
             or custodian, so correct `previous`",
            error.previous
        ),
        E::RegistrationRefused(error) => format!(
            "the subject's consent does not let the custodian store this: {} (reason {}); ask the subject for it",
            reason(error.reason),
            error.reason
        ),
        E::AccessRefused(error) => format!(
            "the subject's consent does not permit this access: {} (reason {}); ask the subject for it",
            reason(error.reason),
            error.reason
        ),
        E::RegistryRequestExists(_) => "the same was asked in this second: it is asked already".to_owned(),
        E::RegistryNoSuchRequest(error) => {
            format!("there is no request {} for this pointer: correct the id or the request", error.requestId)
        }
        E::RegistryAlreadyDelivered(error) => {
            format!("the request {} was answered or declined: there is nothing to do", error.requestId)
        }
        E::RegistryStillPermitted(error) => {
            format!("the subject's consent permits the request {}: deliver the key", error.requestId)
        }
        E::RegistryNotOverdue(error) => format!(
            "the request {} is not overdue: its answer is due by {}, or it was answered, declined or counted already",
            error.requestId,
            Moment(error.dueBy.to())
        ),
        E::RegistryNoSuchBatch(error) => format!(
            "{} has no batch {}: correct the number, or leave it out to open a new batch",
            error.custodian, error.batch
        ),
        E::RegistryShrunkBatch(error) => format!(
            "the batch {} has {} pointers, and never fewer: publish all of them, with the new ones",
            error.batch, error.count
        ),
        E::RegistryInvalidProof(error) => format!(
            "the pointer {} is not in the batch as it is published: name the batch's newest folder and its number",
            error.id
        ),
        E::RegistryInvalidSchema(error) => {
            format!("the schema {} is in another state by now: look again at what was decided about it", error.number)
        }
        E::RegistryNoOffer(error) => format!(
            "the pointer {} is not offered to {}, or the offer has ended: let its custodian offer it",
            error.id, error.account
        ),
        E::RegistryInvalidEncryptionKey(_) => {
            "nobody can wrap for this encryption key: make another, by --key-file".to_owned()
        }
        E::RegistryExpiredSignature(error) => signing::expired(error.deadline.to()),
        E::RegistryWrongRelayer(error) => signing::wrong_relayer(error.relayer),
        E::RegistryInvalidSignature(error) => {
            format!("{}; the consent says by `keyOf` which key signs for a subject", signing::not_signed(error.signer))
        }
        E::InvalidAccountNonce(error) => signing::wrong_nonce(error.account, error.currentNonce),
        E::AccessManagedUnauthorized(error) => {
            format!("the access manager does not let {} do this", error.caller)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Address, B256};
    use alloy::sol_types::SolError;
    use consilium_bindings::DataPointerRegistry as abi;

    use super::*;

    #[test]
    fn errors_are_told_in_words_with_their_names() {
        let error = abi::AccessRefused { reason: 16, grantee: Address::ZERO, number: 0 };
        assert_eq!(
            in_words(&error.abi_encode()),
            "the subject's consent does not permit this access: no provision permits it (reason 16); ask the subject \
             for it (AccessRefused)"
        );
        let error = abi::RegistryPointerExists { id: B256::ZERO };
        assert!(in_words(&error.abi_encode()).ends_with("(RegistryPointerExists)"));
        let error = abi::RegistryInvalidKeyCommitment {};
        assert_eq!(in_words(&error.abi_encode()), "RegistryInvalidKeyCommitment");
        assert_eq!(in_words(&[]), "it reverted without a reason, as when gas runs out");
        assert_eq!(in_words(&[1, 2, 3, 4]), "it reverted with 0x01020304");
        assert!(in_words(&[1; 10_000]).len() < 300);
    }
}
