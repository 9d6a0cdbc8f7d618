//! The acts that can be signed: their calldata, and what is signed of them (EIP-712).

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::{Eip712Domain, SolCall, SolInterface, SolValue};
use consilium_bindings::Consent as abi;

/// The domain's name.
pub(super) const NAME: &str = "Consilium Consent";
/// The domain's version.
pub(super) const VERSION: &str = "1";

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

/// The contract that a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// EIP-155 chain id.
    pub chain: u64,
    /// Where it stands.
    pub contract: Address,
}

/// What is signed besides the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The signer's next nonce: see [`nonce`].
    pub nonce: U256,
    /// The last second at which the act may be performed.
    pub deadline: u64,
    /// Who alone may bring it; zero for anybody.
    pub relayer: Address,
}

/// The nonce of a number under a key. Acts under different keys may be brought in any order.
///
/// # Errors
/// If the key has more than 192 bits.
pub fn nonce(key: U256, number: u64) -> Result<U256, String> {
    if key.bit_len() > 192 {
        return Err("the nonce's key has more than 192 bits: take a smaller one".to_owned());
    }
    Ok(key << 64 | U256::from(number))
}

impl Act {
    /// The act of calldata; none if it is not exactly the calldata of one.
    pub fn decode(data: &[u8]) -> Option<Self> {
        let act = match abi::ConsentCalls::abi_decode_validate(data).ok()? {
            abi::ConsentCalls::grant(call) => Self::Grant(call),
            abi::ConsentCalls::amend(call) => Self::Amend(call),
            abi::ConsentCalls::revoke(call) => Self::Revoke(call),
            abi::ConsentCalls::revokeGrantee(call) => Self::RevokeGrantee(call),
            abi::ConsentCalls::revokeAll(call) => Self::RevokeAll(call),
            abi::ConsentCalls::setRepresentative(call) => Self::SetRepresentative(call),
            abi::ConsentCalls::setRecovery(call) => Self::SetRecovery(call),
            abi::ConsentCalls::startRecovery(call) => Self::StartRecovery(call),
            abi::ConsentCalls::vetoRecovery(call) => Self::VetoRecovery(call),
            _ => return None,
        };
        (*act.calldata() == *data).then_some(act)
    }

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

    /// The text of its EIP-712 type.
    fn type_text(&self) -> String {
        let (name, members) = match self {
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
        };
        format!("{name}({members},uint256 nonce,uint48 deadline,address relayer)")
    }

    /// What is signed: EIP-712's hash. The arguments are words, so the calldata behind the selector is their encoding.
    pub fn digest(&self, place: &Place, terms: &Terms) -> B256 {
        let calldata = self.calldata();
        let arguments = calldata.get(4..).unwrap_or_default();
        let tail = (terms.nonce, U256::from(terms.deadline), terms.relayer).abi_encode();
        let hash = keccak256([keccak256(self.type_text()).as_slice(), arguments, &tail].concat());
        keccak256([&[0x19, 0x01], place.domain().separator().as_slice(), hash.as_slice()].concat())
    }
}

impl Place {
    fn domain(&self) -> Eip712Domain {
        Eip712Domain {
            name: Some(NAME.into()),
            version: Some(VERSION.into()),
            chain_id: Some(U256::from(self.chain)),
            verifying_contract: Some(self.contract),
            salt: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::aliases::U48;
    use alloy::sol;
    use alloy::sol_types::SolStruct;

    use super::*;

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
        assert_eq!(act.digest(&PLACE, &terms), typed.eip712_signing_hash(&PLACE.domain()));

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
        assert_eq!(act.digest(&PLACE, &terms), typed.eip712_signing_hash(&PLACE.domain()));

        let typed = VetoRecovery { grantor: GRANTOR, nonce, deadline, relayer };
        let act = Act::VetoRecovery(abi::vetoRecoveryCall { grantor: GRANTOR });
        assert_eq!(act.digest(&PLACE, &terms), typed.eip712_signing_hash(&PLACE.domain()));
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

    #[test]
    fn a_nonce_has_its_key_above_its_number() {
        assert_eq!(nonce(U256::ZERO, 7), Ok(U256::from(7)));
        assert_eq!(nonce(U256::from(2), 7), Ok(U256::from(2_u128 << 64 | 7)));
        assert!(nonce(U256::from(1) << 192, 0).is_err());
    }
}
