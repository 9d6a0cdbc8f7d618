//! Why a Safe refuses: its numbers in words, and what to do.

use alloy::hex;
use alloy::sol_types::{Panic, Revert, SolError as _};

use super::known;

/// The numbers of Safe 1.3.0 to 1.5.0.
const REASONS: &[(&str, &str)] = &[
    ("GS000", "the code that the setup runs reverted: simulate it in the proxy"),
    ("GS001", "the Safe has no threshold, it was not set up: call its setup"),
    ("GS002", "the code that the setup is to run is not there: correct its target"),
    ("GS010", "less gas is left than the transaction asks for: send more gas"),
    ("GS011", "the refund in ether failed: fund the Safe, or propose it without a refund"),
    ("GS012", "the refund in a token failed: fund the Safe, or propose it without a refund"),
    ("GS013", "the transaction's call failed"),
    ("GS020", "there are fewer signatures than the threshold: let more owners sign"),
    ("GS021", "a contract's signature, or what belongs to a P-256 signature, begins among the signatures themselves"),
    ("GS022", "the length of a contract's signature is beyond the end"),
    ("GS023", "a contract's signature ends beyond the end"),
    ("GS024", "a contract says that it has not signed: ask its owners"),
    ("GS025", "an owner that is named has not approved the hash: let it sign, or approve"),
    ("GS026", "a signer is no owner, or signed another transaction: look at the file again by `consilium safe show`"),
    (
        "GS027",
        "a contract is asked about data that does not have the hash; or, in a Safe that takes keys on P-256, what belongs \
         to such a signature ends beyond the end",
    ),
    (
        "GS028",
        "a signature is of another Safe's kind; or, in a Safe that takes keys on P-256, such a key has another address than \
         the owner, or has not signed the hash",
    ),
    ("GS030", "only owners approve hashes: send from an owner"),
    ("GS031", "only the Safe itself may do that: propose it as a call of the Safe to itself"),
    ("GS100", "the modules were set up before: there is nothing to do"),
    ("GS101", "that can be no module: name another account"),
    ("GS102", "it is a module already: there is nothing to do"),
    ("GS103", "the module does not follow the one that was named: take both from getModulesPaginated"),
    ("GS104", "only enabled modules may do that"),
    ("GS105", "a page begins at 0x1 or at a module"),
    ("GS106", "a page has room for one module at least"),
    ("GS200", "the Safe was set up before: there is nothing to do"),
    ("GS201", "the threshold is above the number of owners: lower it, or add owners first"),
    ("GS202", "the threshold is zero: give at least 1"),
    ("GS203", "that can be no owner: name another account"),
    ("GS204", "it is an owner already: there is nothing to do"),
    ("GS205", "the owner does not follow the one that was named: take both from getOwners, 0x1 before the first"),
    ("GS300", "the guard does not say that it is one (ERC-165): name a guard for transactions"),
    ("GS301", "the guard does not say that it is one for modules (ERC-165): name another"),
    ("GS400", "the fallback handler is the Safe itself: name another"),
];

/// What a revert says: of a Safe, of a contract that is known, of Solidity itself, or as it came.
pub(super) fn in_words(data: &[u8]) -> String {
    if data.is_empty() {
        return "it reverted without a reason, as when gas runs out".to_owned();
    }
    if let Ok(Revert { reason }) = Revert::abi_decode(data) {
        return match REASONS.iter().find(|(number, _)| *number == reason) {
            Some((number, words)) => format!("{words} ({number})"),
            None => format!("\"{}\"", crate::shown::shortened(&reason, 200)),
        };
    }
    if let Ok(panic) = Panic::abi_decode(data) {
        return panic.to_string();
    }
    known::error(data)
        .unwrap_or_else(|| format!("it reverted with {}", hex::encode_prefixed(&data[..data.len().min(100)])))
}

/// Whether it is the Safe's word for a call that failed, which hides the reason.
pub(super) fn hides_reason(data: &[u8]) -> bool {
    is(data, "GS013")
}

/// Whether it is this number of a Safe.
pub(super) fn is(data: &[u8], number: &str) -> bool {
    Revert::abi_decode(data).is_ok_and(|revert| revert.reason == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revert(reason: &str) -> Vec<u8> {
        Revert::from(reason).abi_encode()
    }

    #[test]
    fn every_number_of_the_errors_page_has_words() {
        let page = include_str!("../../../docs/errors.md");
        let numbers: Vec<_> = page.match_indices("| `GS").map(|(at, _)| &page[at + 3..at + 8]).collect();
        assert!(numbers.len() > 30, "{numbers:?}");
        for number in numbers {
            assert!(in_words(&revert(number)).ends_with(&format!(" ({number})")), "{number}");
        }
    }

    #[test]
    fn a_revert_is_told_as_far_as_it_is_known() {
        // Numbers that mean two things.
        assert!(
            in_words(&revert("GS027")).contains("about data that does not have the hash; or, in a Safe that takes")
        );
        assert!(in_words(&revert("GS028")).contains("of another Safe's kind; or, in a Safe that takes keys on P-256"));
        assert_eq!(in_words(&[]), "it reverted without a reason, as when gas runs out");
        assert_eq!(in_words(&revert("no")), "\"no\"");
        assert!(in_words(&Panic::from(0x11).abi_encode()).contains("overflow"));
        assert_eq!(in_words(&[1, 2, 3, 4]), "it reverted with 0x01020304");
        let error = consilium_bindings::Timelock::TimelockInsufficientDelay {
            delay: alloy::primitives::U256::from(1),
            minDelay: alloy::primitives::U256::from(2),
        };
        assert_eq!(in_words(&error.abi_encode()), "TimelockInsufficientDelay(delay: 1, minDelay: 2)");
        assert!(hides_reason(&revert("GS013")) && !hides_reason(&revert("GS010")) && !hides_reason(&[]));
    }
}
