//! The contract's errors in words: what is wrong, and what to do.

use consilium_bindings::Mandate::MandateErrors as E;

use crate::config::moment::Moment;
use crate::part;
use crate::revenue::amount;

/// What a revert of the contract says.
pub(super) fn in_words(data: &[u8]) -> String {
    part::in_words(data, words)
}

fn words(error: &E) -> Option<String> {
    Some(match error {
        E::MandateNotRunning(error) => {
            format!("{} has no mandate, or it has ended: see `consilium mandate show`", error.holder)
        }
        E::MandateReportOverdue(error) => format!(
            "{} owed a report by {}, and spends nothing until it reports: `consilium mandate report`",
            error.holder,
            Moment(error.due.to())
        ),
        E::MandateExceeded(error) => format!(
            "{} has {} left in this period: spend less, or wait until it is refilled",
            error.holder,
            amount(error.left, error.token)
        ),
        E::MandateInvalidAmount(_) => "nothing would be paid: give an amount".to_owned(),
        E::MandateInvalidRecipient(error) => format!("nobody can pay {}: name another account", error.to),
        E::MandateTransferFailed(error) => format!(
            "{} did not go to {}: the contract has too little of it, or the receiver or the token refused it",
            amount(error.amount, error.token),
            error.to
        ),
        E::MandateTokenUnreadable(error) => format!("{} does not answer as a token: correct the address", error.token),
        E::MandateEmptyReport(_) => "a hash of zero is the hash of nothing: give that of the report".to_owned(),
        E::MandateNoReport(error) => format!("{} owes no report", error.holder),
        E::MandateNotOverdue(error) => format!("no report of {} is overdue that is not logged yet", error.holder),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Address, U256, aliases::U48};
    use alloy::sol_types::SolError;
    use consilium_bindings::Mandate as abi;

    use super::*;

    #[test]
    fn errors_are_told_in_words_with_their_names() {
        let holder = Address::repeat_byte(7);
        let error = abi::MandateReportOverdue { holder, due: U48::from(86_400) };
        let said = format!(
            "{holder} owed a report by 1970-01-02T00:00:00Z, and spends nothing until it reports: `consilium mandate \
             report` (MandateReportOverdue)"
        );
        assert_eq!(in_words(&error.abi_encode()), said);
        let error = abi::MandateExceeded { holder, token: Address::ZERO, left: U256::from(5) };
        assert!(in_words(&error.abi_encode()).contains("has 5 wei left in this period"));
        assert_eq!(in_words(&abi::MandateInvalidPeriod {}.abi_encode()), "MandateInvalidPeriod");
    }
}
