//! Batches of Safe's MultiSend: their calls, and the contracts that are known to make them.

use alloy::primitives::{Address, Bytes, U256, address};
use alloy::sol_types::SolValue as _;

use super::Operation;

/// `multiSend(bytes)`: each call is its operation, target, value and length, and then its data.
pub(super) const MULTI_SEND: [u8; 4] = [0x8d, 0x80, 0xff, 0x0a];

/// Safe's own, where `@safe-global/safe-deployments` has them on ordinary chains: name, version, address.
const LIBRARIES: [(&str, &str, Address); 4] = [
    ("MultiSend", "1.4.1", address!("38869bf66a61cF6bDB996A6aE40D5853Fd43B526")),
    ("MultiSendCallOnly", "1.4.1", address!("9641d764fc13c8B624c04430C7356C1C7C8102e2")),
    ("MultiSend", "1.5.0", address!("218543288004CD07832472D464648173c77D7eB7")),
    ("MultiSendCallOnly", "1.5.0", address!("A83c336B20401Af773B6219BA5027174338D1836")),
];

/// A contract of Safe's that makes batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Library {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

impl Library {
    /// The one at an address.
    pub(super) fn at(address: Address) -> Option<Self> {
        let found = LIBRARIES.iter().find(|(.., known)| *known == address);
        found.map(|(name, version, _)| Self { name, version })
    }
}

/// Whether Safe's MultiSendCallOnly is at an address on ordinary chains. There it follows from its code.
pub(crate) fn is_call_only(address: Address) -> bool {
    Library::at(address).is_some_and(|library| library.name == "MultiSendCallOnly")
}

/// A call of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) operation: Operation,
    pub(super) to: Address,
    pub(super) value: U256,
    pub(super) data: &'a [u8],
}

/// The calls of a batch, from the arguments of `multiSend`; none if it has other bytes.
pub(super) fn entries(arguments: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut packed = packed(arguments)?;
    let mut found = Vec::new();
    while !packed.is_empty() {
        let (head, rest) = packed.split_first_chunk::<85>()?;
        let operation = match head[0] {
            0 => Operation::Call,
            1 => Operation::DelegateCall,
            _ => return None,
        };
        let length = usize::try_from(U256::from_be_slice(&head[53..85])).ok()?;
        let (data, next) = rest.split_at_checked(length)?;
        found.push(Entry {
            operation,
            to: Address::from_slice(&head[1..21]),
            value: U256::from_be_slice(&head[21..53]),
            data,
        });
        packed = next;
    }
    Some(found)
}

/// The same arguments as they are usually encoded.
pub(super) fn encoded(arguments: &[u8]) -> Option<Vec<u8>> {
    packed(arguments).map(|packed| (Bytes::copy_from_slice(packed),).abi_encode_params())
}

/// The bytes of the only argument.
fn packed(arguments: &[u8]) -> Option<&[u8]> {
    let word = |at: usize| {
        let word = U256::from_be_slice(arguments.get(at..at.checked_add(32)?)?);
        usize::try_from(word).ok()
    };
    let at = word(0)?;
    let begin = at.checked_add(32)?;
    arguments.get(begin..begin.checked_add(word(at)?)?)
}
