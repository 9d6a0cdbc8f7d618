//! `eth_createAccessList`: what a transaction would touch.
//!
//! Unlike a call it is executed as a transaction with a price: what is left out is filled in, and the sender must have the
//! ether for all the gas (go-ethereum, `internal/ethapi`, `AccessList` and `setFeeDefaults`).

use super::{call::Place, overrides::StateOverride, request::Request};
use crate::{
    chain::{Chain, Simulation},
    evm::{Message, Refusal, Status},
    rpc::{
        error::RpcError,
        json,
        params::{BlockId, Params, Tag},
        revert,
    },
};
use alloy::rlp::{BufMut, Encodable, Header};
use alloy_primitives::{B256, keccak256};
use serde_json::{Value, json};

/// Gas of an authorization (EIP-7702).
const AUTHORIZATION_GAS: u64 = 25_000;

/// `eth_createAccessList(request, block?, state override?)`: accounts and slots that the transaction touches, after the
/// block and at its time.
pub(super) async fn create(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let request: Request = params.required()?;
    let block: Option<BlockId> = params.optional()?;
    let state: StateOverride = params.optional()?.unwrap_or_default();
    params.end()?;
    let place = Place::at(chain, block.unwrap_or(BlockId::Tag(Tag::Latest)), (state, Default::default()), false)?;
    let request = request.with_fees(place.base_fee())?;
    let (nonce, kind) = (request.nonce, request.kind());
    let message = request.call()?;
    let run = move |simulation: &Simulation| {
        let mut message = simulation.capped(message);
        let nonce = nonce.unwrap_or_else(|| simulation.nonce(&message.from));
        let authorizations = message.authorizations.as_ref().map_or(0, |list| list.len() as u64);
        if authorizations > message.gas_limit / AUTHORIZATION_GAS {
            return Err(RpcError::failed("insufficient gas to process all authorizations"));
        }
        match simulation.fill_access_list(&mut message, nonce) {
            Ok(outcome) => Ok((message.access_list, outcome)),
            Err(refusal) => Err(refused(&refusal, &message, kind, nonce)),
        }
    };
    let (list, outcome) = place.run(chain, run).await??;
    let mut answer = json!({ "accessList": list, "gasUsed": json::number(outcome.gas_used) });
    match outcome.status {
        Status::Success => {}
        Status::Revert => answer["error"] = json!("execution reverted"),
        Status::Failure(text) => answer["error"] = json!(text),
    }
    Ok(answer)
}

fn refused(refusal: &Refusal, message: &Message, kind: u8, nonce: u64) -> RpcError {
    if let Some(error) = revert::ended(refusal) {
        return error;
    }
    if kind == 4 && message.to.is_create() {
        // Nitro fails here: it looks for the recipient while it makes up the words of the refusal.
        return RpcError::internal();
    }
    RpcError::failed(format!("failed to apply transaction: {:#x} err: {refusal}", hash(message, kind, nonce)))
}

/// Hash of the transaction that was tried, which nobody signed: its signature is zero.
fn hash(message: &Message, kind: u8, nonce: u64) -> B256 {
    let typed = kind != 0;
    let mut fields = Vec::with_capacity(message.input.len() + 256);
    let out: &mut dyn BufMut = &mut fields;
    if typed {
        crate::CHAIN_ID.encode(out);
    }
    nonce.encode(out);
    if typed {
        message.max_priority_fee_per_gas.encode(out);
    }
    message.max_fee_per_gas.encode(out);
    message.gas_limit.encode(out);
    message.to.encode(out);
    message.value.encode(out);
    message.input.encode(out);
    if typed {
        message.access_list.encode(out);
    }
    if let Some(authorizations) = message.authorizations.as_ref().filter(|_| typed) {
        authorizations.encode(out);
    }
    for zero in [0u8; 3] {
        zero.encode(out);
    }
    let mut bytes = Vec::with_capacity(fields.len() + 8);
    if typed {
        bytes.put_u8(kind);
    }
    Header { list: true, payload_length: fields.len() }.encode(&mut bytes);
    bytes.extend(fields);
    keccak256(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::{TxKind, U256, address, b256};

    /// From the recording, `rpc/access list: without balance`.
    #[test]
    fn the_hash_is_that_of_a_transaction_without_a_signature() {
        let message = Message {
            tx_type: 2,
            from: address!("0x564d0a864ef029D7D0E662b477fba7e3E481b2Bb"),
            to: TxKind::Call(address!("0x1295bA302cb26776b56A6E142d217b98Bb6ba1Bd")),
            value: U256::ONE,
            input: Default::default(),
            gas_limit: 50_000_000,
            max_fee_per_gas: U256::from(200_000_000),
            max_priority_fee_per_gas: U256::ZERO,
            access_list: Default::default(),
            authorizations: None,
            nonce: None,
            forged: false,
            raw: None,
        };
        let expected = b256!("0xce8aa5f173f67b4ca1aa616299129c555da7d511c716ba2a3aded5a78a5d197d");
        assert_eq!(hash(&message, 2, 0), expected);
    }
}
