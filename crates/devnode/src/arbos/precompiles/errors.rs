//! Solidity errors of the precompiles in words, as a node shows them.

use alloy_sol_types::SolError;
use nitro::{ArbDebug, ArbInfo, ArbRetryableTx, ArbSys, ArbWasm};

/// The text of revert data that is an error of a precompile: `error ProgramExpired(31536001)`.
pub fn render_error(data: &[u8]) -> Option<String> {
    let selector: [u8; 4] = *data.first_chunk()?;
    /// Renders the data if it is this error.
    macro_rules! try_error {
        ($($error:ty { $($field:ident),* };)*) => {
            $(if selector == <$error as SolError>::SELECTOR {
                #[allow(unused_variables)]
                let error = <$error as SolError>::abi_decode(data).ok()?;
                let fields: Vec<String> = vec![$(error.$field.to_string()),*];
                let name = <$error as SolError>::SIGNATURE.split('(').next().unwrap_or_default();
                return Some(format!("error {name}({})", fields.join(", ")));
            })*
        };
    }
    try_error! {
        ArbSys::InvalidBlockNumber { requested, current };
        ArbWasm::ProgramNotWasm {};
        ArbWasm::ProgramNotActivated {};
        ArbWasm::ProgramNeedsUpgrade { version, stylusVersion };
        ArbWasm::ProgramExpired { ageInSeconds };
        ArbWasm::ProgramUpToDate {};
        ArbWasm::ProgramKeepaliveTooSoon { ageInSeconds };
        ArbWasm::ProgramInsufficientValue { have, want };
        ArbRetryableTx::NoTicketWithID {};
        ArbRetryableTx::NotCallable {};
        ArbDebug::Custom { number, text, flag };
        ArbDebug::Unused {};
        ArbInfo::CallerNotArbOS {};
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_read_as_nitros() {
        let text = |error: &dyn Fn() -> Vec<u8>| render_error(&error());
        assert_eq!(text(&|| ArbWasm::ProgramUpToDate {}.abi_encode()).as_deref(), Some("error ProgramUpToDate()"));
        let upgrade = || ArbWasm::ProgramNeedsUpgrade { version: 1, stylusVersion: 2 }.abi_encode();
        assert_eq!(text(&upgrade).as_deref(), Some("error ProgramNeedsUpgrade(1, 2)"));
        let custom = || ArbDebug::Custom { number: 7, text: "bugs".into(), flag: true }.abi_encode();
        assert_eq!(text(&custom).as_deref(), Some("error Custom(7, bugs, true)"));
        assert_eq!(render_error(&[1, 2, 3]), None);
        assert_eq!(render_error(&[0xde, 0xad, 0xbe, 0xef]), None);
    }
}
