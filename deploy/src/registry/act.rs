//! The registry's acts that can be signed (EIP-712), and what is signed of them.

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256, Bytes};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::DataPointerRegistry as abi;

use super::pointer::pointer_id;
use crate::consent::Names;
use crate::signing::{self, Domain, Signable, Terms, read};

/// The members of a pointer, in the type of the act that has them.
const POINTER: &str = "address subject,address custodian,uint8 dataClass,uint32 schema,uint64 hashCode,bytes32 digest,\
                       uint8 locatorKind,uint64 locatorCodec,bytes32 locator,uint16 encryption,bytes32 keyCommitment,\
                       bytes32 previous";

/// An act that can be signed. The subject's key signs the first three, and the actor the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Registers a pointer, with the subject's signature in place of its consent.
    Register(abi::Pointer),
    /// Erases a pointer.
    Erase(B256),
    /// Refuses a pointer that was never registered.
    Refuse(abi::Pointer),
    /// Asks for the key of a record.
    Request {
        /// Who asks.
        actor: Address,
        /// What is asked.
        request: abi::Request,
    },
}

/// An act of the registry, signed.
pub type Signed = signing::Signed<Act>;

impl Act {
    /// The call that performs it, with this signature.
    fn calldata(&self, signed: abi::Signed) -> Bytes {
        match self.clone() {
            Self::Register(pointer) => abi::registerSignedCall { pointer, signed }.abi_encode(),
            Self::Erase(id) => abi::eraseSignedCall { id, signed }.abi_encode(),
            Self::Refuse(pointer) => abi::refusePointerSignedCall { pointer, signed }.abi_encode(),
            Self::Request { actor, request } => abi::requestAccessSignedCall { request, actor, signed }.abi_encode(),
        }
        .into()
    }

    /// The pointer that it is about.
    pub(super) fn id(&self) -> B256 {
        match self {
            Self::Register(pointer) | Self::Refuse(pointer) => pointer_id(pointer),
            Self::Erase(id) => *id,
            Self::Request { request, .. } => request.id,
        }
    }
}

/// The signature of none: a file has the call with it, and the signature beside it.
fn unsigned() -> abi::Signed {
    abi::Signed {
        signer: Bytes::new(),
        nonce: Default::default(),
        deadline: U48::ZERO,
        relayer: Address::ZERO,
        signature: Bytes::new(),
    }
}

impl Signable for Act {
    const DOMAIN: Domain = Domain { name: "Consilium Data Pointer Registry", version: "1" };
    const FORMAT: &'static str = "consilium registry act 1";
    const COMMAND: &'static str = "consilium registry";

    fn decode(data: &[u8]) -> Option<Self> {
        // Other calls of the contract take lists, whose elements may all be the same bytes: they are not decoded.
        let act = match *data.first_chunk()? {
            abi::registerSignedCall::SELECTOR => Self::Register(read::<abi::registerSignedCall>(data)?.pointer),
            abi::eraseSignedCall::SELECTOR => Self::Erase(read::<abi::eraseSignedCall>(data)?.id),
            abi::refusePointerSignedCall::SELECTOR => Self::Refuse(read::<abi::refusePointerSignedCall>(data)?.pointer),
            abi::requestAccessSignedCall::SELECTOR => {
                let abi::requestAccessSignedCall { actor, request, .. } = read(data)?;
                Self::Request { actor, request }
            }
            _ => return None,
        };
        (*act.encode() == *data).then_some(act)
    }

    fn encode(&self) -> Bytes {
        self.calldata(unsigned())
    }

    fn type_members(&self) -> (&'static str, String) {
        match self {
            Self::Register(_) => ("Register", POINTER.to_owned()),
            Self::Erase(_) => ("Erase", "bytes32 id".to_owned()),
            Self::Refuse(_) => ("Refuse", "bytes32 id".to_owned()),
            Self::Request { .. } => (
                "RequestAccess",
                "address actor,bytes32 id,uint8 purpose,address onBehalfOf,bytes32 encryptionKey".to_owned(),
            ),
        }
    }

    fn members(&self) -> Vec<u8> {
        match self {
            Self::Register(pointer) => pointer.abi_encode(),
            Self::Erase(_) | Self::Refuse(_) => self.id().to_vec(),
            Self::Request { actor, request } => (*actor, request.clone()).abi_encode(),
        }
    }

    fn signer(&self) -> Option<Address> {
        match self {
            // The consent says by `keyOf` who signs for a subject.
            Self::Register(_) | Self::Erase(_) | Self::Refuse(_) => None,
            Self::Request { actor, .. } => Some(*actor),
        }
    }

    fn words(&self, names: &Names) -> String {
        let id = self.id();
        match self {
            Self::Register(pointer) => {
                let abi::Pointer { subject, custodian, schema, previous, .. } = pointer;
                let class = names.class_in_words(pointer.dataClass);
                let mut words = format!(
                    "{subject} lets {custodian} register the pointer {id}, to {class} under the schema {schema}"
                );
                if !previous.is_zero() {
                    words += &format!(", in place of {previous}");
                }
                words
            }
            Self::Erase(_) => format!("the pointer {id} is erased"),
            Self::Refuse(pointer) => {
                let abi::Pointer { subject, custodian, .. } = pointer;
                format!("{subject} refuses the pointer {id} of {custodian}: it is never registered")
            }
            Self::Request { actor, request } => {
                let abi::Request { purpose, onBehalfOf: organisation, encryptionKey: key, .. } = request;
                let behalf =
                    if organisation.is_zero() { String::new() } else { format!(", on behalf of {organisation}") };
                let purpose = names.purpose_in_words(*purpose);
                format!("{actor} asks for the key of {id} for {purpose}{behalf}, wrapped for {key}")
            }
        }
    }
}

impl Signed {
    /// The call that performs it.
    pub(super) fn call(&self) -> Option<Bytes> {
        let (Terms { nonce, deadline, relayer }, (_, signer, signature)) = (self.terms(), self.parts());
        let signed = abi::Signed { signer, nonce, deadline: U48::from(deadline), relayer, signature };
        self.act().map(|act| act.calldata(signed))
    }
}

#[cfg(test)]
mod tests;
