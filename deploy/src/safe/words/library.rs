//! The contracts of Safe's that make batches.

use alloy::primitives::{Address, B256, address, b256};

/// Safe's own, where `@safe-global/safe-deployments` has them on ordinary chains, and Keccak-256 of the code that it has for
/// them.
const LIBRARIES: [Library; 4] = [
    Library {
        name: "MultiSend",
        version: "1.4.1",
        address: address!("38869bf66a61cF6bDB996A6aE40D5853Fd43B526"),
        code_hash: b256!("0e4f7fc66550a322d1e7688e181b75e217e662a4f3f4d6a29b22bc61217c4b77"),
    },
    Library {
        name: CALL_ONLY,
        version: "1.4.1",
        address: address!("9641d764fc13c8B624c04430C7356C1C7C8102e2"),
        code_hash: b256!("ecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939"),
    },
    Library {
        name: "MultiSend",
        version: "1.5.0",
        address: address!("218543288004CD07832472D464648173c77D7eB7"),
        code_hash: b256!("ca1147a12963172a93910c5cb2bfa5ad0e941c7f03fc7eb017dd06a8ea4e5604"),
    },
    Library {
        name: CALL_ONLY,
        version: "1.5.0",
        address: address!("A83c336B20401Af773B6219BA5027174338D1836"),
        code_hash: b256!("cdbdcec38d2f1c7d961b0029ff8416b7e86e9974d6f0e9c9580c7d17fcfb6663"),
    },
];

/// Makes calls, and changes nothing by itself.
const CALL_ONLY: &str = "MultiSendCallOnly";

/// A contract of Safe's that makes batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::safe) struct Library {
    pub(in crate::safe) name: &'static str,
    pub(in crate::safe) version: &'static str,
    address: Address,
    pub(in crate::safe) code_hash: B256,
}

impl Library {
    /// The one that is at an address on ordinary chains.
    pub(in crate::safe) fn at(address: Address) -> Option<Self> {
        LIBRARIES.into_iter().find(|library| library.address == address)
    }
}

/// Where Safe's MultiSendCallOnly with this code is on ordinary chains.
pub(crate) fn call_only(code_hash: B256) -> Option<Address> {
    let known = LIBRARIES.into_iter().find(|library| library.name == CALL_ONLY && library.code_hash == code_hash);
    known.map(|library| library.address)
}
