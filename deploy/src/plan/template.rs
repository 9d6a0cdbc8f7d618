//! A constructor's calldata before the addresses of the contracts are known.

use alloy::primitives::{Address, Bytes, U256, address};

use crate::founder::Founder;

/// Stand for the contracts while it is looked where their addresses belong. Nobody has these addresses.
const MARKS: [Address; 3] = [
    address!("0x436f6e73696c69756d2074686520706c61636500"),
    address!("0x436f6e73696c69756d2074686520706c61636501"),
    address!("0x436f6e73696c69756d2074686520706c61636502"),
];

/// A part of the Founder's plan: the calldata with zeros for the contracts' addresses, and where these belong. `constructor`
/// makes the calldata from the addresses.
pub(super) fn part(init_code: Bytes, constructor: impl Fn(&[Address; 3]) -> Bytes) -> Founder::Part {
    let (blank, marked) = (constructor(&[Address::ZERO; 3]), constructor(&MARKS));
    let mut references = Vec::new();
    // ABI encoding is made of words, after the selector.
    for (index, (before, after)) in blank[4..].chunks(32).zip(marked[4..].chunks(32)).enumerate() {
        if before == after {
            continue;
        }
        let number = MARKS.iter().position(|mark| mark.into_word() == after);
        let number = number.expect("a word differs only where an address stands");
        references.push(U256::from((4 + 32 * index) << 8 | number));
    }
    Founder::Part { initCode: init_code, constructorCall: blank, references }
}
