//! The lists of types that are tried.

use consilium_abi::{decode, encode};

/// Lists of types: each kind of elementary type, dynamic ones, nesting, ten arguments and more.
pub const LISTS: [&str; 12] = [
    "(uint8, uint48, uint128, uint256, int8, int40, int256)",
    "(address, bool, bytes1, bytes4, bytes31, bytes32)",
    "(bytes)",
    "(string, uint8, bytes)",
    "(address[], uint256[], bytes[], bytes32)",
    "(uint48[], bool[], bytes4[])",
    "(uint256[3], string[2], uint8[2][])",
    "(uint256[][], bytes[][2])",
    "(address, uint256, bytes, uint8, uint256, uint256, uint256, address, address, bytes)",
    "(int8[][3][], bool)",
    "(bytes[1][1][], address[2][2])",
    "(uint256)",
];

/// Decodes and encodes again with the crate's own coder, by the list's types.
pub fn again(list: &str, data: &[u8]) -> Option<Vec<u8>> {
    macro_rules! lists {
        ($($text:literal => ($($ty:tt)*) $names:tt;)*) => {
            match list {
                $($text => lists!(@one ($($ty)*) $names data),)*
                _ => unreachable!("{list}"),
            }
        };
        (@one $types:tt ($one:ident) $data:ident) => { decode!($data => $types).map(|$one| encode!($types => $one)) };
        (@one $types:tt ($($name:ident),*) $data:ident) => {
            decode!($data => $types).map(|($($name),*)| encode!($types => $($name),*))
        };
    }
    lists! {
        "(uint8, uint48, uint128, uint256, int8, int40, int256)"
            => (uint8, uint48, uint128, uint256, int8, int40, int256) (a, b, c, d, e, f, g);
        "(address, bool, bytes1, bytes4, bytes31, bytes32)"
            => (address, bool, bytes1, bytes4, bytes31, bytes32) (a, b, c, d, e, f);
        "(bytes)" => (bytes) (a);
        "(string, uint8, bytes)" => (string, uint8, bytes) (a, b, c);
        "(address[], uint256[], bytes[], bytes32)" => (address[], uint256[], bytes[], bytes32) (a, b, c, d);
        "(uint48[], bool[], bytes4[])" => (uint48[], bool[], bytes4[]) (a, b, c);
        "(uint256[3], string[2], uint8[2][])" => (uint256[3], string[2], uint8[2][]) (a, b, c);
        "(uint256[][], bytes[][2])" => (uint256[][], bytes[][2]) (a, b);
        "(address, uint256, bytes, uint8, uint256, uint256, uint256, address, address, bytes)"
            => (address, uint256, bytes, uint8, uint256, uint256, uint256, address, address, bytes)
               (a, b, c, d, e, f, g, h, i, j);
        "(int8[][3][], bool)" => (int8[][3][], bool) (a, b);
        "(bytes[1][1][], address[2][2])" => (bytes[1][1][], address[2][2]) (a, b);
        "(uint256)" => (uint256) (a);
    }
}
