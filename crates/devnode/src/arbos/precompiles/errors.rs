//! Solidity errors of the precompiles in words, as a node shows them.

use super::{arb_sys, debug, fragments, info, retryable_tx, wasm};
use alloy_sol_types::SolError;

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
        arb_sys::InvalidBlockNumber { requested, current };
        fragments::ProgramNotWasm {};
        wasm::ProgramNotActivated {};
        wasm::ProgramNeedsUpgrade { version, stylusVersion };
        wasm::ProgramExpired { ageInSeconds };
        wasm::ProgramUpToDate {};
        wasm::ProgramKeepaliveTooSoon { ageInSeconds };
        wasm::ProgramInsufficientValue { have, want };
        retryable_tx::NoTicketWithID {};
        retryable_tx::NotCallable {};
        debug::Custom { number, text, flag };
        debug::Unused {};
        info::CallerNotArbOS {};
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_read_as_nitros() {
        let text = |error: &dyn Fn() -> Vec<u8>| render_error(&error());
        assert_eq!(text(&|| wasm::ProgramUpToDate {}.abi_encode()).as_deref(), Some("error ProgramUpToDate()"));
        let upgrade = || wasm::ProgramNeedsUpgrade { version: 1, stylusVersion: 2 }.abi_encode();
        assert_eq!(text(&upgrade).as_deref(), Some("error ProgramNeedsUpgrade(1, 2)"));
        let custom = || debug::Custom { number: 7, text: "bugs".into(), flag: true }.abi_encode();
        assert_eq!(text(&custom).as_deref(), Some("error Custom(7, bugs, true)"));
        assert_eq!(render_error(&[1, 2, 3]), None);
        assert_eq!(render_error(&[0xde, 0xad, 0xbe, 0xef]), None);
    }
}
