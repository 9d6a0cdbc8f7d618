//! JSON as people and programs take it on: each address with its checksum (EIP-55). The settings ask for that, and so do
//! most clients.

use std::ops::Range;

use alloy::primitives::Address;
use eyre::Result;
use serde::Serialize;
use serde_json::Value;

/// How long an address is as text, with 0x.
const LENGTH: usize = 42;

/// A value as text in several lines.
///
/// # Errors
/// If it cannot be serialized.
pub fn pretty(value: &impl Serialize) -> Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    for place in addresses(&text) {
        if let Ok(address) = text[place.clone()].parse::<Address>() {
            text.replace_range(place, &address.to_checksum(None));
        }
    }
    Ok(text)
}

/// The same as JSON that can be compared, however its addresses were written.
///
/// # Errors
/// As [`pretty`].
pub fn value(value: &impl Serialize) -> Result<Value> {
    Ok(serde_json::from_str(&pretty(value)?)?)
}

/// Where a text of JSON has an address as a whole string or key. A quotation mark within a string has a backslash before
/// it.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let ends = |start: usize| text.as_bytes().get(start + LENGTH) == Some(&b'"');
    let is_address = |start: usize| {
        let digits = text.get(start + 2..start + LENGTH);
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())) && ends(start)
    };
    let is_within = |quote: usize| quote > 0 && text.as_bytes()[quote - 1] == b'\\';
    let starts = text.match_indices("\"0x").filter(|(quote, _)| !is_within(*quote)).map(|(quote, _)| quote + 1);
    starts.filter(|start| is_address(*start)).map(|start| start..start + LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{B256, address};
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_have_their_checksum_and_nothing_else_changes() {
        let known = address!("0x63Ac5b5eCE6aC0fc13bbA1fb67D5a8fC7eD5bF73");
        let lower = known.to_string().to_lowercase();
        let text = |address: &str| {
            // Only whole strings are addresses.
            let [said, quoted, ended] = ["to {}", "\"{}\"", "to \"{}"].map(|text| text.replace("{}", &lower));
            let mut value = json!({
                "address": address, "list": [address], "hash": B256::repeat_byte(0xab), "said": said, "quoted": quoted,
                "ended": ended,
            });
            value[address] = "a key".into();
            value
        };
        assert_eq!(pretty(&text(&lower)).unwrap(), serde_json::to_string_pretty(&text(&known.to_string())).unwrap());
        assert_eq!(pretty(&known).unwrap(), format!("\"{known}\""));
        for other in ["\"0x", "0x12", "0xé"] {
            assert_eq!(pretty(&other).unwrap(), serde_json::to_string_pretty(&other).unwrap());
        }
    }
}
