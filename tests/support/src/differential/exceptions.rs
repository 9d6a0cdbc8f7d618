//! Where ours differs from OpenZeppelin's on purpose. This is the whole list.

use consilium_abi_syntax::Type;

use crate::encodings::decode;

/// What a call answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it succeeded.
    pub success: bool,
    /// What it returned, or reverted with.
    pub data: Vec<u8>,
}

/// Malformed calldata is refused by both, by ours without data and before anything else. Solidity has other words for it in
/// two cases:
///
/// - `Panic(0x41)` where a length is so large that memory for it cannot even be counted;
/// - whatever the function refuses first, a role or the lengths of lists, where the fault is in an element of a list in
///   calldata: Solidity looks at those only when it comes to them.
///
/// `arguments` is the calldata after the selector, which a plain decoder after the specification must refuse, too.
pub fn is_intended(ours: &Answer, peer: &Answer, inputs: &[Type], arguments: &[u8]) -> bool {
    !ours.success && !peer.success && ours.data.is_empty() && decode(inputs, arguments).is_none()
}
