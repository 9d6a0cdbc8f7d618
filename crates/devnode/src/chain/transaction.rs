//! A signed transaction as a client sends it: decoded, with its sender.

use super::{
    recovery,
    rlp::{Reader, RlpError},
};
use alloy::{
    eips::{
        eip2930::{AccessList, AccessListItem},
        eip7702::{Authorization, SignedAuthorization},
    },
    rlp::Header,
};
use alloy_primitives::{Address, B256, Bytes, U256, U512, keccak256};
use std::ops::Range;

/// Why bytes are no transaction of this chain. The texts are Nitro's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Nothing, or a type and nothing after it.
    #[error("typed transaction too short")]
    TooShort,
    /// Blobs, Arbitrum's own types and unknown ones cannot be sent.
    #[error("transaction type not supported")]
    Type,
    /// Malformed RLP.
    #[error(transparent)]
    Rlp(#[from] RlpError),
}

/// Why a signature gives no sender. The texts are Nitro's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Signed for another chain.
    #[error("invalid chain id for signer: have {have} want {want}")]
    ChainId {
        /// The chain that it was signed for.
        have: U512,
        /// This chain.
        want: u64,
    },
    /// Out of range, or with a high `s`.
    #[error("invalid transaction v, r, s values")]
    Values,
    /// No public key fits.
    #[error("recovery failed")]
    Recovery,
}

/// Type of a transaction that anyone may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With a gas price and nothing else.
    Legacy = 0,
    /// EIP-2930, with an access list.
    AccessList = 1,
    /// EIP-1559, with a fee cap and a tip.
    DynamicFee = 2,
    /// EIP-7702, with authorizations.
    SetCode = 4,
}

/// A decoded transaction. Byte strings are slices of the bytes as they were sent.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// As it was sent.
    pub raw: Bytes,
    /// Keccak of the raw bytes.
    pub hash: B256,
    /// Its type.
    pub kind: Kind,
    /// The chain that it is for; `None` for a legacy transaction without replay protection.
    pub chain_id: Option<U512>,
    /// Position among the sender's transactions.
    pub nonce: u64,
    /// Gas price, or fee cap (wei per gas).
    pub max_fee: U512,
    /// Tip (wei per gas), for the types that have one. Nitro shows it, and ignores it unless a chain owner lets tips be
    /// paid.
    pub tip: Option<U512>,
    /// Gas limit.
    pub gas: u64,
    /// Recipient, none to make a contract.
    pub to: Option<Address>,
    /// In wei.
    pub value: U512,
    /// Calldata, or creation code.
    pub input: Bytes,
    /// EIP-2930.
    pub access_list: AccessList,
    /// EIP-7702.
    pub authorizations: Vec<SignedAuthorization>,
    /// The signature's `v` as sent: with the chain id for legacy transactions, else the parity.
    pub v: U512,
    /// The signature's `r`.
    pub r: U512,
    /// The signature's `s`.
    pub s: U512,
    /// Whether it is sent for an account without its signature: `v`, `r` and `s` mean nothing then.
    pub forged: bool,
    /// What the signature covers begins here and ends where the signature begins, in `raw`.
    signed: Range<usize>,
}

/// Longest integer that is kept of what Go takes at any length (bytes).
const BIG: usize = 64;

impl Transaction {
    /// Wei that it offers for a gas above a base fee.
    pub(super) fn tip_above(&self, base_fee: u64) -> U256 {
        let base = U512::from(base_fee);
        let offered = base.saturating_add(self.tip.unwrap_or(self.max_fee)).min(self.max_fee);
        offered.saturating_sub(base).saturating_to()
    }

    /// Decodes what `eth_sendRawTransaction` takes.
    pub fn decode(raw: Bytes) -> Result<Self, DecodeError> {
        match raw.first() {
            Some(0x80..) => Self::legacy(raw),
            _ if raw.len() <= 1 => Err(DecodeError::TooShort),
            Some(1) => Self::typed(raw, Kind::AccessList, "types.AccessListTx"),
            Some(2) => Self::typed(raw, Kind::DynamicFee, "types.DynamicFeeTx"),
            Some(4) => Self::typed(raw, Kind::SetCode, "types.SetCodeTx"),
            _ => Err(DecodeError::Type),
        }
    }

    fn legacy(raw: Bytes) -> Result<Self, DecodeError> {
        const ROOT: &str = "types.LegacyTx";
        let mut fields = Reader::open(&raw, 0, ROOT)?;
        let begin = fields.position();
        let nonce = fields.u64(".Nonce")?;
        let max_fee = fields.integer(".GasPrice", "*big.Int", BIG)?;
        let gas = fields.u64(".Gas")?;
        let to = fields.optional_address(".To")?;
        let value = fields.integer(".Value", "*big.Int", BIG)?;
        let data = fields.data(".Data")?;
        let signed = begin..fields.position();
        let v = fields.integer(".V", "*big.Int", BIG)?;
        let r = fields.integer(".R", "*big.Int", BIG)?;
        let s = fields.integer(".S", "*big.Int", BIG)?;
        fields.finish(ROOT)?;
        Ok(Self {
            hash: keccak256(&raw),
            kind: Kind::Legacy,
            chain_id: is_protected(v).then(|| chain_of(v)),
            nonce,
            max_fee,
            tip: None,
            gas,
            to,
            value,
            input: raw.slice(data),
            access_list: AccessList::default(),
            authorizations: Vec::new(),
            v,
            r,
            s,
            forged: false,
            signed,
            raw,
        })
    }

    fn typed(raw: Bytes, kind: Kind, root: &'static str) -> Result<Self, DecodeError> {
        // A 7702 transaction came later to go-ethereum than the others, with integers of a fixed width.
        let (integer, width) = if kind == Kind::SetCode { ("*uint256.Int", 32) } else { ("*big.Int", BIG) };
        let mut fields = Reader::open(&raw, 1, root)?;
        let begin = fields.position();
        let chain_id = fields.integer(".ChainID", integer, width)?;
        let nonce = fields.u64(".Nonce")?;
        let tip = match kind {
            Kind::AccessList => None,
            _ => Some(fields.integer(".GasTipCap", integer, width)?),
        };
        let max_fee = fields.integer(if tip.is_some() { ".GasFeeCap" } else { ".GasPrice" }, integer, width)?;
        let gas = fields.u64(".Gas")?;
        let to = match kind {
            Kind::SetCode => Some(fields.address(".To")?),
            _ => fields.optional_address(".To")?,
        };
        let value = fields.integer(".Value", integer, width)?;
        let data = fields.data(".Data")?;
        let access_list = AccessList(fields.list(".AccessList", "types.AccessList", access_tuple)?);
        let authorizations = match kind {
            Kind::SetCode => fields.list(".AuthList", "[]types.SetCodeAuthorization", authorization)?,
            _ => Vec::new(),
        };
        let signed = begin..fields.position();
        let v = fields.integer(".V", integer, width)?;
        let r = fields.integer(".R", integer, width)?;
        let s = fields.integer(".S", integer, width)?;
        fields.finish(root)?;
        Ok(Self {
            hash: keccak256(&raw),
            kind,
            chain_id: Some(chain_id),
            nonce,
            max_fee,
            tip,
            gas,
            to,
            value,
            input: raw.slice(data),
            access_list,
            authorizations,
            v,
            r,
            s,
            forged: false,
            signed,
            raw,
        })
    }

    /// The account that signed it. `chain_id` is this chain's.
    pub fn sender(&self, chain_id: u64) -> Result<Address, SignatureError> {
        let want = U512::from(chain_id);
        let parity = match (self.kind, self.chain_id) {
            (Kind::Legacy, None) => self.v.checked_sub(U512::from(27)),
            (_, Some(have)) if have != want => return Err(SignatureError::ChainId { have, want: chain_id }),
            (Kind::Legacy, Some(_)) => self.v.checked_sub(U512::from(35) + want * U512::from(2)),
            _ => Some(self.v),
        };
        let parity = parity.filter(|parity| *parity <= U512::ONE).ok_or(SignatureError::Values)?;
        recover(self.signing_hash(), self.r, self.s, parity == U512::ONE)
    }

    /// What the signature signs.
    pub fn signing_hash(&self) -> B256 {
        let fields = &self.raw[self.signed.clone()];
        let mut text = Vec::with_capacity(fields.len() + 16);
        let mut tail = Vec::new();
        if self.kind == Kind::Legacy {
            if let Some(chain_id) = self.chain_id {
                use alloy::rlp::Encodable;
                chain_id.encode(&mut tail);
                tail.extend_from_slice(&[0x80, 0x80]);
            }
        } else {
            text.push(self.kind as u8);
        }
        Header { list: true, payload_length: fields.len() + tail.len() }.encode(&mut text);
        text.extend_from_slice(fields);
        text.extend_from_slice(&tail);
        keccak256(text)
    }
}

fn access_tuple(list: &mut Reader<'_>) -> Result<AccessListItem, RlpError> {
    list.structure("types.AccessTuple", |tuple| {
        let address = tuple.address(".Address")?;
        let storage_keys =
            tuple.list(".StorageKeys", "[]common.Hash", |keys| keys.fixed::<32>("", "common.Hash").map(B256::from))?;
        Ok(AccessListItem { address, storage_keys })
    })
}

fn authorization(list: &mut Reader<'_>) -> Result<SignedAuthorization, RlpError> {
    list.structure("types.SetCodeAuthorization", |tuple| {
        let chain_id = tuple.integer(".ChainID", "uint256.Int", 32)?.to::<U256>();
        let address = tuple.address(".Address")?;
        let nonce = tuple.u64(".Nonce")?;
        let parity = tuple.integer(".V", "uint8", 1)?.to::<u8>();
        let r = tuple.integer(".R", "uint256.Int", 32)?.to::<U256>();
        let s = tuple.integer(".S", "uint256.Int", 32)?.to::<U256>();
        Ok(SignedAuthorization::new_unchecked(Authorization { chain_id, address, nonce }, parity, r, s))
    })
}

/// Whether a legacy `v` has a chain id in it (EIP-155).
fn is_protected(v: U512) -> bool {
    ![0u64, 1, 27, 28].iter().any(|plain| v == U512::from(*plain))
}

/// The chain id in a legacy `v`. Small values wrap round in 64 bits, as they do in Nitro.
fn chain_of(v: U512) -> U512 {
    match u64::try_from(v) {
        Ok(v) => U512::from(v.wrapping_sub(35) / 2),
        Err(_) => (v - U512::from(35)) / U512::from(2),
    }
}

/// Half of the group's order: a signature with a higher `s` has a twin and is refused (EIP-2).
const HALF_ORDER: U256 =
    alloy_primitives::uint!(0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0_U256);
const ORDER: U256 = alloy_primitives::uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

fn recover(hash: B256, r: U512, s: U512, odd: bool) -> Result<Address, SignatureError> {
    let narrow = |value: U512| (value.bit_len() <= 256 && !value.is_zero()).then(|| value.to::<U256>());
    let (Some(r), Some(s)) = (narrow(r), narrow(s)) else { return Err(SignatureError::Values) };
    if r >= ORDER || s > HALF_ORDER {
        return Err(SignatureError::Values);
    }
    recovery::recover(hash, r, s, odd).ok_or(SignatureError::Recovery)
}
