//! What the owners of a Safe sign, and its hashes.

use std::fmt;

use alloy::json_abi::Function;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::{Eip712Domain, SolStruct};
use alloy_dyn_abi::{DynSolType, DynSolValue, JsonAbiExt};
use consilium_bindings::Safe as abi;
use serde::{Deserialize, Serialize};

use crate::signing::{Place, account, address};

/// The name of the struct is signed.
mod signed {
    alloy::sol! {
        struct SafeTx {
            address to;
            uint256 value;
            bytes data;
            uint8 operation;
            uint256 safeTxGas;
            uint256 baseGas;
            uint256 gasPrice;
            address gasToken;
            address refundReceiver;
            uint256 nonce;
        }
    }
}

/// The members by their names in Solidity, and one more.
macro_rules! named {
    ($from:expr => $($kind:ident)::+ { $more:ident: $value:expr }) => {
        $($kind)::+ {
            to: $from.to,
            value: $from.value,
            data: $from.data.clone(),
            operation: $from.operation.number(),
            safeTxGas: $from.safe_tx_gas,
            baseGas: $from.base_gas,
            gasPrice: $from.gas_price,
            gasToken: $from.gas_token,
            refundReceiver: $from.refund_receiver,
            $more: $value,
        }
    };
}

impl Hashes {
    /// What the transaction's hash is the hash of.
    pub(super) fn preimage(&self) -> Bytes {
        preimage(self.domain, self.message)
    }
}

fn preimage(domain: B256, message: B256) -> Bytes {
    [&[0x19, 0x01], domain.as_slice(), message.as_slice()].concat().into()
}

/// How a Safe runs its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// It calls the target.
    Call,
    /// It runs the target's code as its own: that code can change owners, threshold and even the Safe's program.
    DelegateCall,
}

/// A Safe's transaction. Amounts are in wei, or in the smallest unit of `gas_token`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Transaction {
    /// The target.
    pub to: Address,
    /// The wei to send along.
    #[serde(with = "decimal")]
    pub value: U256,
    /// The calldata.
    pub data: Bytes,
    /// How the target is run.
    pub operation: Operation,
    /// The gas that the call gets at least. Where it is zero, and the price too, a transaction that fails is undone.
    #[serde(with = "decimal")]
    pub safe_tx_gas: U256,
    /// Gas that is paid for in addition to what the call uses.
    #[serde(with = "decimal")]
    pub base_gas: U256,
    /// What whoever sends it is paid for a unit of gas; zero for nothing.
    #[serde(with = "decimal")]
    pub gas_price: U256,
    /// What it is paid in; zero for ether.
    pub gas_token: Address,
    /// Who is paid; zero for whoever sends it.
    pub refund_receiver: Address,
    /// The Safe's nonce that it takes: it is executed after those before it, and once.
    #[serde(with = "decimal")]
    pub nonce: U256,
}

/// The hashes of a transaction, which hardware wallets show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hashes {
    /// Of the domain: the Safe and its chain.
    pub domain: B256,
    /// Of the transaction's members.
    pub message: B256,
    /// Of both: what is signed (`safeTxHash`).
    pub transaction: B256,
}

impl Transaction {
    /// Its hashes for the Safe at a place.
    pub fn hashes(&self, place: &Place) -> Hashes {
        let (domain, message) = (domain(place), self.members().eip712_hash_struct());
        Hashes { domain, message, transaction: keccak256(preimage(domain, message)) }
    }

    fn members(&self) -> signed::SafeTx {
        named!(self => signed::SafeTx { nonce: self.nonce })
    }

    /// The call that asks a Safe for its hash.
    pub(super) fn hash_call(&self) -> abi::getTransactionHashCall {
        named!(self => abi::getTransactionHashCall { nonce: self.nonce })
    }

    /// The call that executes it.
    pub(super) fn execution(&self, signatures: Vec<u8>) -> abi::execTransactionCall {
        named!(self => abi::execTransactionCall { signatures: signatures.into() })
    }
}

impl Operation {
    /// As the Safe numbers it.
    pub const fn number(self) -> u8 {
        match self {
            Self::Call => 0,
            Self::DelegateCall => 1,
        }
    }
}

/// As it is written in a file.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Call => "call",
            Self::DelegateCall => "delegatecall",
        })
    }
}

/// The hash of the domain of a Safe, from version 1.3.0 on: its chain and its address, without name and version.
pub(super) fn domain(place: &Place) -> B256 {
    let domain = Eip712Domain {
        chain_id: Some(U256::from(place.chain)),
        verifying_contract: Some(place.contract),
        ..Eip712Domain::default()
    };
    domain.separator()
}

/// The calldata of a function, by its signature as `transfer(address,uint256)` and its arguments. Lists are written in
/// brackets, structs in parentheses. In place of an address the public key of an account on P-256 can be given.
///
/// # Errors
/// If the signature is none, or an argument does not belong to it.
pub fn calldata(signature: &str, arguments: &[String]) -> Result<Bytes, String> {
    let none = |reason: &str| {
        format!("\"{signature}\" is not a function's signature{reason}: write transfer(address,uint256)")
    };
    let function = Function::parse(signature).map_err(|_| none(""))?;
    if function.inputs.len() != arguments.len() {
        let (wanted, given) = (function.inputs.len(), arguments.len());
        return Err(format!("{signature} takes {wanted} arguments, and {given} are given"));
    }
    let values = function.inputs.iter().zip(arguments).enumerate().map(|(at, (input, text))| {
        let place = at + 1;
        let kind: DynSolType = input.selector_type().parse().map_err(|_| none(" with types of Solidity"))?;
        if kind == DynSolType::Address {
            // A mistyped one is noticed by its checksum.
            let account = account(text).map_err(|reason| format!("argument {place}: {reason}"))?;
            return Ok(DynSolValue::Address(account));
        }
        let value =
            kind.coerce_str(text).map_err(|_| format!("argument {place} is not {}: {text}", input.selector_type()))?;
        checked(&value, text).map(|()| value).map_err(|reason| format!("argument {place}: {reason}"))
    });
    let values = values.collect::<Result<Vec<_>, _>>()?;
    function.abi_encode_input(&values).map(Bytes::from).map_err(|error| error.to_string())
}

/// The accounts among a function's arguments that are given by their public keys on P-256.
pub fn keys(signature: &str, arguments: &[String]) -> Vec<Address> {
    let Ok(function) = Function::parse(signature) else { return Vec::new() };
    let addresses = function.inputs.iter().zip(arguments).filter(|(input, _)| input.selector_type() == "address");
    let keys = addresses.filter(|(_, text)| address(text).is_err());
    keys.filter_map(|(_, text)| account(text).ok()).collect()
}

/// Checks the checksum of each address in a list or a struct, as it is written in its text.
fn checked(value: &DynSolValue, text: &str) -> Result<(), String> {
    match value {
        DynSolValue::Address(found) => {
            let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
            let mut written = words.filter(|word| word.parse::<Address>().is_ok_and(|one| one == *found));
            written.try_for_each(|word| address(word).map(drop).map_err(|reason| format!("{word}: {reason}")))
        }
        DynSolValue::Array(values) | DynSolValue::FixedArray(values) | DynSolValue::Tuple(values) => {
            values.iter().try_for_each(|value| checked(value, text))
        }
        _ => Ok(()),
    }
}

/// Amounts in files, as people read them: digits, in a string, since JSON's numbers end too early.
mod decimal {
    use alloy::primitives::U256;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &U256, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<U256, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = Some(&text).filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.and_then(|digits| U256::from_str_radix(digits, 10).ok());
        number.ok_or_else(|| D::Error::custom("not a whole number in digits"))
    }
}

#[cfg(test)]
pub(super) mod tests;
