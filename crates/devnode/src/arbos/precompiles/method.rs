//! A method of a precompile, and how its arguments are read.

use super::call::{Call, Halt};
use crate::ArbosVersion;

/// How far a method reaches. The order matters: each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purity {
    /// Computes; ArbOS' state is not even opened.
    Pure,
    /// Looks at state.
    View,
    /// Changes state.
    Write,
    /// Changes state and takes ether.
    Payable,
}

/// A method: its selector and signature, its purity, since when it is there, and what it does with its encoded arguments.
pub(super) struct Method {
    pub(super) selector: [u8; 4],
    pub(super) signature: &'static str,
    pub(super) purity: Purity,
    /// Version of ArbOS that brought it.
    pub(super) since: ArbosVersion,
    pub(super) body: Body,
}

/// Decodes arguments, does the work, encodes the result; `None` if the arguments cannot be decoded.
pub(super) type Body = fn(&mut Call<'_>, &[u8]) -> Option<Result<Vec<u8>, Halt>>;

/// Makes a table of methods: `View name => function;`, where the function takes the call and the decoded arguments.
/// `View @V60 name` is one that ArbOS 60 brought.
macro_rules! methods {
    (@) => { $crate::ArbosVersion::V51 };
    (@ $since:ident) => { $crate::ArbosVersion::$since };
    ($($purity:ident $(@$since:ident)? $call:ty => $run:expr;)*) => {
        &[$($crate::arbos::precompiles::method::Method {
            selector: <$call as alloy_sol_types::SolCall>::SELECTOR,
            signature: <$call as alloy_sol_types::SolCall>::SIGNATURE,
            purity: $crate::arbos::precompiles::method::Purity::$purity,
            since: $crate::arbos::precompiles::method::methods!(@ $($since)?),
            body: |call, input| {
                let signature = <$call as alloy_sol_types::SolCall>::SIGNATURE;
                let arguments = if $crate::arbos::precompiles::method::is_checked_whole(signature) {
                    <$call as alloy_sol_types::SolCall>::abi_decode_raw_validate(input).ok()?
                } else {
                    <$call as alloy_sol_types::SolCall>::abi_decode_raw(input).ok()?
                };
                Some($run(call, arguments).map(|value| <$call as alloy_sol_types::SolCall>::abi_encode_returns(&value)))
            },
        }),*]
    };
}
pub(super) use methods;

impl Method {
    /// Calls the method; `None` if the arguments do not fit its signature.
    pub(super) fn run(&self, call: &mut Call<'_>, input: &[u8]) -> Option<Result<Vec<u8>, Halt>> {
        fits(self.signature, input).then(|| (self.body)(call, input)).flatten()
    }
}

/// Whether Go's decoder checks each number of the arguments: those in tuples and in arrays.
pub(super) fn is_checked_whole(signature: &str) -> bool {
    signature.matches('(').count() > 1 || signature.contains("uint64[")
}

/// Whether each argument of a narrow type has a value of that type. As in Go's decoder, an address may have anything
/// before its 20 bytes, and bytes anything after their last.
fn fits(signature: &str, input: &[u8]) -> bool {
    let list = signature.split_once('(').map_or("", |(_, list)| list.trim_end_matches(')'));
    if is_checked_whole(signature) {
        // Their words are elsewhere, and checked when they are decoded.
        return true;
    }
    let (words, _) = input.as_chunks::<32>();
    list.split(',').filter(|kind| !kind.is_empty()).zip(words).all(|(kind, word)| match kind {
        "bool" => word[..31].iter().all(|byte| *byte == 0) && word[31] <= 1,
        "int64" => {
            let sign = if word[24] & 0x80 == 0 { 0 } else { 0xff };
            word[..24].iter().all(|byte| *byte == sign)
        }
        _ => match kind.strip_prefix("uint").and_then(|bits| bits.parse::<usize>().ok()) {
            Some(bits) => word[..32 - bits / 8].iter().all(|byte| *byte == 0),
            None => true,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::fits;

    fn word(value: u8, first: u8) -> [u8; 32] {
        let mut word = [0; 32];
        word[31] = value;
        word[0] = first;
        word
    }

    #[test]
    fn narrow_arguments_must_be_in_range() {
        assert!(fits("f(bool)", &word(1, 0)));
        assert!(!fits("f(bool)", &word(2, 0)));
        assert!(fits("f(uint64)", &word(255, 0)));
        assert!(!fits("f(uint64)", &word(0, 1)));
        assert!(fits("f(uint256)", &word(0, 1)));
        assert!(fits("f(int64)", &[0xff; 32]));
        assert!(!fits("f(int64)", &word(0, 0xff)));
        assert!(fits("f(address,bool)", &[word(1, 0xff), word(0, 0)].concat()));
        assert!(!fits("f(address,bool)", &[word(1, 0xff), word(3, 0)].concat()));
        assert!(fits("f()", &[]));
        assert!(fits("f((uint8,uint64)[])", &[0xff; 64]), "that is for the decoder");
    }
}
