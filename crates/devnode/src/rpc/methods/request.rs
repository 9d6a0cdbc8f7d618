//! What `eth_call` and its kin are asked to execute.

use super::lists::{Authorizations, Hashes};
use crate::{
    CHAIN_ID,
    chain::{Kind, Unsigned},
    evm::Message,
    rpc::{
        error::RpcError,
        members::member,
        params::{Param, unexpected},
    },
};
use alloy::eips::{eip2930::AccessList, eip7702::SignedAuthorization};
use alloy_primitives::{Address, Bytes, TxKind, U256};
use serde_json::{Map, Value};

/// A transaction without a signature; everything may be left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    pub(super) from: Option<Address>,
    pub(super) to: Option<Address>,
    pub(super) gas: Option<u64>,
    pub(super) gas_price: Option<U256>,
    pub(super) max_fee: Option<U256>,
    pub(super) tip: Option<U256>,
    pub(super) value: Option<U256>,
    pub(super) nonce: Option<u64>,
    pub(super) input: Option<Bytes>,
    /// Whether `data` and `input` were both given, and differ.
    pub(super) ambiguous: bool,
    pub(super) access_list: Option<AccessList>,
    pub(super) authorizations: Option<Vec<SignedAuthorization>>,
    pub(super) chain_id: Option<U256>,
    /// Hashes of blobs, of which only the number matters: no such transaction can be sent.
    pub(super) blobs: Option<usize>,
}

impl Param for Request {
    fn read(value: Value) -> Result<Self, String> {
        let members = match value {
            Value::Null => return Ok(Self::default()),
            Value::Object(members) => members,
            other => return Err(unexpected(&other, "ethapi.TransactionArgs")),
        };
        let input: Option<Bytes> = field(&members, "input")?;
        let data: Option<Bytes> = field(&members, "data")?;
        Ok(Self {
            from: field(&members, "from")?,
            to: field(&members, "to")?,
            gas: field(&members, "gas")?,
            gas_price: field(&members, "gasPrice")?,
            max_fee: field(&members, "maxFeePerGas")?,
            tip: field(&members, "maxPriorityFeePerGas")?,
            value: field(&members, "value")?,
            nonce: field(&members, "nonce")?,
            ambiguous: input.is_some() && data.is_some() && input != data,
            // `input` is the newer name, and wins where both are there.
            input: input.or(data),
            access_list: field(&members, "accessList")?,
            authorizations: field::<Authorizations>(&members, "authorizationList")?.map(|list| list.0),
            chain_id: field(&members, "chainId")?,
            blobs: field::<Hashes>(&members, "blobVersionedHashes")?.map(|hashes| hashes.0.len()),
        })
    }
}

/// A member; Go names the field in what it says.
fn field<T: Param>(members: &Map<String, Value>, name: &str) -> Result<Option<T>, String> {
    member(members, name).map_err(|problem| {
        problem.replace(" into Go value of type", &format!(" into Go struct field TransactionArgs.{name} of type"))
    })
}

impl Request {
    /// The sender; the zero address if none was named.
    pub(super) fn sender(&self) -> Address {
        self.from.unwrap_or_default()
    }

    /// The type of the transaction that go-ethereum makes of it (EIP-2718): a gas price makes it a legacy one.
    pub(super) fn kind(&self) -> u8 {
        match (self.gas_price, &self.authorizations) {
            (Some(_), _) => 0,
            (None, Some(_)) => 4,
            (None, None) => 2,
        }
    }

    /// The transaction, without a signature.
    pub(super) fn unsigned(&self, nonce: u64, gas: u64) -> Result<Unsigned, RpcError> {
        let kind = match self.kind() {
            0 => Kind::Legacy,
            // Nitro's node crashes on it.
            4 if self.to.is_none() => return Err(RpcError::internal()),
            4 => Kind::SetCode,
            _ => Kind::DynamicFee,
        };
        Ok(Unsigned {
            kind,
            chain_id: CHAIN_ID,
            nonce,
            max_fee: self.gas_price.or(self.max_fee).unwrap_or_default(),
            tip: self.tip.unwrap_or_default(),
            gas,
            to: self.to,
            value: self.value.unwrap_or_default(),
            input: self.input.clone().unwrap_or_default(),
            access_list: self.access_list.clone().unwrap_or_default(),
            authorizations: self.authorizations.clone().unwrap_or_default(),
        })
    }

    /// The message for a call, with the gas that was asked for, or all there is; a simulation caps it.
    pub(super) fn call(self) -> Result<Message, RpcError> {
        let gas = self.gas.unwrap_or(u64::MAX);
        self.message(gas)
    }

    /// The message for an estimate, with the limit that was asked for, or none.
    pub(super) fn estimate(self) -> Result<Message, RpcError> {
        let gas = self.gas.unwrap_or_default();
        self.message(gas)
    }

    fn message(self, gas_limit: u64) -> Result<Message, RpcError> {
        let (max_fee, tip) = (self.max_fee.unwrap_or_default(), self.tip.unwrap_or_default());
        if self.gas_price.is_some() && !(max_fee.is_zero() && tip.is_zero()) {
            return Err(RpcError::failed("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified"));
        }
        if let Some(have) = self.chain_id.filter(|have| *have != U256::from(CHAIN_ID)) {
            return Err(RpcError::failed(format!("chainId does not match node's (have={have}, want={CHAIN_ID})")));
        }
        let tx_type = match (&self.authorizations, self.gas_price, &self.access_list, self.max_fee) {
            (Some(_), ..) => 4,
            (_, Some(_), ..) => 0,
            (_, _, _, Some(_)) => 2,
            (_, _, Some(_), _) => 1,
            _ => 2,
        };
        Ok(Message {
            tx_type,
            from: self.sender(),
            to: self.to.map_or(TxKind::Create, TxKind::Call),
            value: self.value.unwrap_or_default(),
            input: self.input.unwrap_or_default(),
            gas_limit,
            max_fee_per_gas: self.gas_price.unwrap_or(max_fee),
            max_priority_fee_per_gas: self.gas_price.unwrap_or(tip),
            access_list: self.access_list.unwrap_or_default(),
            authorizations: self.authorizations,
            nonce: None,
            forged: false,
            raw: None,
        })
    }
}
