//! The acts that can be signed: their calldata, and what is signed of them (EIP-712).

use alloy::primitives::{Address, Bytes};
use alloy::sol_types::SolCall;
use consilium_bindings::Consent as abi;

use super::names::Names;
use super::words;
use crate::signing::{Domain, Signable, read};

/// The members of a provision, in the type of an act that has one.
const PROVISION: &str =
    "address grantee,uint256 classes,uint64 purposes,bool deny,uint48 notBefore,uint48 expiry,bytes32 document";

/// An act that can be signed: the call that it makes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the contract's")]
pub enum Act {
    Grant(abi::grantCall),
    Amend(abi::amendCall),
    Revoke(abi::revokeCall),
    RevokeGrantee(abi::revokeGranteeCall),
    RevokeAll(abi::revokeAllCall),
    SetRepresentative(abi::setRepresentativeCall),
    SetRecovery(abi::setRecoveryCall),
    StartRecovery(abi::startRecoveryCall),
    VetoRecovery(abi::vetoRecoveryCall),
}

impl Act {
    /// The call that it makes.
    pub fn calldata(&self) -> Bytes {
        match self {
            Self::Grant(call) => call.abi_encode(),
            Self::Amend(call) => call.abi_encode(),
            Self::Revoke(call) => call.abi_encode(),
            Self::RevokeGrantee(call) => call.abi_encode(),
            Self::RevokeAll(call) => call.abi_encode(),
            Self::SetRepresentative(call) => call.abi_encode(),
            Self::SetRecovery(call) => call.abi_encode(),
            Self::StartRecovery(call) => call.abi_encode(),
            Self::VetoRecovery(call) => call.abi_encode(),
        }
        .into()
    }

    /// Whose consents it is about.
    pub fn grantor(&self) -> Address {
        match self {
            Self::Grant(call) => call.grantor,
            Self::Amend(call) => call.grantor,
            Self::Revoke(call) => call.grantor,
            Self::RevokeGrantee(call) => call.grantor,
            Self::RevokeAll(call) => call.grantor,
            Self::SetRepresentative(call) => call.grantor,
            Self::SetRecovery(call) => call.grantor,
            Self::StartRecovery(call) => call.grantor,
            Self::VetoRecovery(call) => call.grantor,
        }
    }
}

impl Signable for Act {
    const DOMAIN: Domain = Domain { name: "Consilium Consent", version: "1" };
    const FORMAT: &'static str = "consilium consent act 1";
    const COMMAND: &'static str = "consilium consent";

    fn decode(data: &[u8]) -> Option<Self> {
        // Other calls of the contract take lists, whose elements may all be the same bytes: they are not decoded.
        let act = match *data.first_chunk()? {
            abi::grantCall::SELECTOR => Self::Grant(read(data)?),
            abi::amendCall::SELECTOR => Self::Amend(read(data)?),
            abi::revokeCall::SELECTOR => Self::Revoke(read(data)?),
            abi::revokeGranteeCall::SELECTOR => Self::RevokeGrantee(read(data)?),
            abi::revokeAllCall::SELECTOR => Self::RevokeAll(read(data)?),
            abi::setRepresentativeCall::SELECTOR => Self::SetRepresentative(read(data)?),
            abi::setRecoveryCall::SELECTOR => Self::SetRecovery(read(data)?),
            abi::startRecoveryCall::SELECTOR => Self::StartRecovery(read(data)?),
            abi::vetoRecoveryCall::SELECTOR => Self::VetoRecovery(read(data)?),
            _ => return None,
        };
        (*act.calldata() == *data).then_some(act)
    }

    fn encode(&self) -> Bytes {
        self.calldata()
    }

    fn type_members(&self) -> (&'static str, String) {
        match self {
            Self::Grant(_) => ("Grant", format!("address grantor,{PROVISION}")),
            Self::Amend(_) => ("Amend", format!("address grantor,uint32 number,{PROVISION}")),
            Self::Revoke(_) => ("Revoke", "address grantor,address grantee,uint32 number".to_owned()),
            Self::RevokeGrantee(_) => ("RevokeGrantee", "address grantor,address grantee".to_owned()),
            Self::RevokeAll(_) => ("RevokeAll", "address grantor".to_owned()),
            Self::SetRepresentative(_) => (
                "SetRepresentative",
                "address grantor,address representative,uint256 classes,uint64 purposes,uint48 until".to_owned(),
            ),
            Self::SetRecovery(_) => ("SetRecovery", "address grantor,address recoverer".to_owned()),
            Self::StartRecovery(_) => ("StartRecovery", "address grantor,address newKey".to_owned()),
            Self::VetoRecovery(_) => ("VetoRecovery", "address grantor".to_owned()),
        }
    }

    /// The arguments are words, so the calldata behind the selector is their encoding.
    fn members(&self) -> Vec<u8> {
        self.calldata().get(4..).unwrap_or_default().to_vec()
    }

    fn words(&self, names: &Names) -> String {
        words::act(self, names)
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::aliases::U48;
    use alloy::primitives::{B256, U256};
    use alloy::sol;
    use alloy::sol_types::SolStruct;

    use super::*;
    use crate::signing::{Place, Terms, nonce};

    sol! {
        struct Grant {
            address grantor; address grantee; uint256 classes; uint64 purposes; bool deny; uint48 notBefore;
            uint48 expiry; bytes32 document; uint256 nonce; uint48 deadline; address relayer;
        }
        struct SetRepresentative {
            address grantor; address representative; uint256 classes; uint64 purposes; uint48 until; uint256 nonce;
            uint48 deadline; address relayer;
        }
        struct VetoRecovery { address grantor; uint256 nonce; uint48 deadline; address relayer; }
    }

    const GRANTOR: Address = Address::repeat_byte(1);
    const PLACE: Place = Place { chain: 42_161, contract: Address::repeat_byte(9) };

    /// Alloy derives types and encoding of its own from the structs.
    #[test]
    fn digests_are_those_of_typed_data() {
        let terms =
            Terms { nonce: nonce(U256::from(7), 3).expect("small"), deadline: 55, relayer: Address::repeat_byte(8) };
        let Terms { nonce, relayer, .. } = terms;
        let (deadline, classes, purposes) = (U48::from(55), U256::from(0x100), 5);
        let (grantee, document) = (Address::repeat_byte(2), B256::repeat_byte(3));
        let (not_before, expiry) = (U48::from(10), U48::from(20));
        let provision =
            abi::Provision { grantee, classes, purposes, deny: true, notBefore: not_before, expiry, document };
        let typed = Grant {
            grantor: GRANTOR,
            grantee,
            classes,
            purposes,
            deny: true,
            notBefore: not_before,
            expiry,
            document,
            nonce,
            deadline,
            relayer,
        };
        let act = Act::Grant(abi::grantCall { grantor: GRANTOR, provision });
        assert_eq!(act.digest(&PLACE, &terms), typed.eip712_signing_hash(&Act::DOMAIN.at(&PLACE)));

        let representative = grantee;
        let typed = SetRepresentative {
            grantor: GRANTOR,
            representative,
            classes,
            purposes,
            until: expiry,
            nonce,
            deadline,
            relayer,
        };
        let call = abi::setRepresentativeCall { grantor: GRANTOR, representative, classes, purposes, until: expiry };
        let act = Act::SetRepresentative(call);
        assert_eq!(act.digest(&PLACE, &terms), typed.eip712_signing_hash(&Act::DOMAIN.at(&PLACE)));

        let typed = VetoRecovery { grantor: GRANTOR, nonce, deadline, relayer };
        let act = Act::VetoRecovery(abi::vetoRecoveryCall { grantor: GRANTOR });
        assert_eq!(act.digest(&PLACE, &terms), typed.eip712_signing_hash(&Act::DOMAIN.at(&PLACE)));
    }

    #[test]
    fn calldata_is_read_back_and_nothing_else_is() {
        let act = Act::Revoke(abi::revokeCall { grantor: GRANTOR, grantee: Address::repeat_byte(2), number: 4 });
        let data = act.calldata();
        assert_eq!(Act::decode(&data), Some(act));
        assert_eq!(Act::decode(&[&data[..], &[0]].concat()), None);
        assert_eq!(Act::decode(&data[..data.len() - 1]), None);
        let mut dirty = data.to_vec();
        dirty[4] = 1;
        assert_eq!(Act::decode(&dirty), None);
        // Another function of the contract cannot be signed.
        assert_eq!(Act::decode(&abi::finishRecoveryCall { grantor: GRANTOR }.abi_encode()), None);
    }
}
