//! The vault's errors in words: what is wrong, and what to do.

use super::Vault::VaultErrors as E;
use crate::config::moment::Moment;
use crate::part;

/// What a revert of a vault says.
pub(super) fn in_words(data: &[u8]) -> String {
    part::in_words(data, words)
}

fn words(error: &E) -> Option<String> {
    Some(match error {
        E::OwnableInvalidOwner(error) => {
            format!("{} has no code, or is the vault: the owner is the DAO's timelock", error.owner)
        }
        E::InvalidHeir(error) => format!(
            "{} cannot be the heir: name a contract that is no Stylus program, such as a Safe of Safe's own code",
            error.heir
        ),
        E::InvalidProgram(error) => {
            format!("there is no active Stylus program at {}, or it is named twice", error.program)
        }
        E::InvalidTerms(_) => "each period has 14 days at least, there are no more reports than days, and an attempt \
                               has 10,000,000 gas at least"
            .to_owned(),
        E::NoHeir(_) => "the vault has no heir, so there is nothing to report".to_owned(),
        E::NotTopLevel(_) => "only an account without code reports: send from another one".to_owned(),
        E::InsufficientFee(error) => format!(
            "the program can be activated for {} wei: run `consilium renew`, or report again with enough ether",
            error.want
        ),
        E::ReportedTooSoon(error) => {
            format!("the program was reported within a day: report again at {}", Moment(error.next.to()))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use alloy::primitives::aliases::U48;
    use alloy::sol_types::SolError;

    use super::super::Vault;
    use super::in_words;

    #[test]
    fn errors_are_told_in_words_with_their_names() {
        let error = Vault::ReportedTooSoon { next: U48::from(86_400) };
        assert_eq!(
            in_words(&error.abi_encode()),
            "the program was reported within a day: report again at 1970-01-02T00:00:00Z (ReportedTooSoon)"
        );
        assert_eq!(in_words(&Vault::RefundFailed {}.abi_encode()), "RefundFailed");
    }
}
