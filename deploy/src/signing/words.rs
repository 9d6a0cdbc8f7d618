//! What else is signed, and why a contract refuses a signature, in words.

use alloy::primitives::{Address, U256};

use super::{Place, Terms};
use crate::config::moment::Moment;

/// The number of a nonce, without its key.
fn number(nonce: U256) -> U256 {
    nonce & U256::from(u64::MAX)
}

/// What else is signed.
pub(crate) fn terms(place: &Place, terms: &Terms) -> Vec<String> {
    let key = terms.nonce >> 64_usize;
    let under = if key.is_zero() { String::new() } else { format!(" under the key {key}") };
    let by = if terms.relayer.is_zero() { "anybody".to_owned() } else { format!("{} alone", terms.relayer) };
    let (until, number) = (Moment(terms.deadline), number(terms.nonce));
    vec![
        format!("for the contract {} on chain {}", place.contract, place.chain),
        format!("to be brought by {by}, until {until}, with the nonce {number}{under}"),
    ]
}

/// Its time is over.
pub(crate) fn expired(deadline: u64) -> String {
    format!("the signature was good until {}: let it be signed again", Moment(deadline))
}

/// Another account brings it than the one that it names.
pub(crate) fn wrong_relayer(relayer: Address) -> String {
    format!("only {relayer} may bring it: let {relayer} relay it")
}

/// The contract does not take the signature.
pub(crate) fn not_signed(signer: Address) -> String {
    format!("{signer} did not sign this, or used a passkey at another site than before: let it be signed again")
}

/// It is not the signer's next one.
pub(crate) fn wrong_nonce(account: Address, current: U256) -> String {
    format!(
        "the next nonce of {account} under this key is {}: if it was not performed before, relay those before it or \
         sign it with that nonce",
        number(current)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_name_the_nonce_and_its_key() {
        let place = Place { chain: 1, contract: Address::ZERO };
        let nonce = super::super::nonce(U256::from(5), 2).expect("small");
        let told = terms(&place, &Terms { nonce, deadline: 1_800_000_000, relayer: Address::ZERO });
        assert_eq!(told[1], "to be brought by anybody, until 2027-01-15T08:00:00Z, with the nonce 2 under the key 5");
    }
}
