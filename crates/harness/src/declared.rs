//! Calls of functions as the contracts declare them, with arguments that are well formed and say nothing: zeros, empty
//! lists and texts, and bytes that are a selector of zeros, as some functions ask for one.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use consilium_abi_syntax::{Function, Type, TypeKind};
use eyre::Result;

use crate::{answer::Answer, chain::Chain};

/// The calldata of a function, with arguments that say nothing.
pub fn calldata(function: &Function) -> Vec<u8> {
    let types: Vec<_> = function.params.iter().map(|param| &param.ty).collect();
    [&function.selector()[..], &defaults(&types)].concat()
}

/// What a call with so much wei returns, or what it reverts with.
///
/// # Errors
/// Where the node does not execute the call.
pub async fn call(
    chain: &Chain,
    to: Address,
    from: Address,
    value: u64,
    data: Vec<u8>,
) -> Result<Result<Bytes, Bytes>> {
    let request = TransactionRequest::default().with_from(from).with_to(to).with_input(data);
    let Answer { success, data, .. } = Answer::asked(chain.dev.call(request.with_value(U256::from(value))).await)?;
    Ok(if success { Ok(data) } else { Err(data) })
}

/// The encoding of arguments that say nothing.
fn defaults(types: &[&Type]) -> Vec<u8> {
    let words: usize = types.iter().map(|ty| ty.head_words()).sum();
    let (mut heads, mut tails) = (Vec::new(), Vec::new());
    for ty in types {
        if ty.is_dynamic() {
            heads.extend(U256::from(words * 32 + tails.len()).to_be_bytes::<32>());
            tails.extend(match &ty.kind {
                TypeKind::FixedArray(of, k) => defaults(&vec![&**of; usize::from(*k)]),
                TypeKind::Struct(_, fields) => defaults(&fields.iter().collect::<Vec<_>>()),
                TypeKind::Bytes => [U256::from(4).to_be_bytes::<32>(), [0; 32]].concat(),
                // Of length zero.
                _ => vec![0; 32],
            });
        } else {
            heads.resize(heads.len() + ty.head_words() * 32, 0);
        }
    }
    [heads, tails].concat()
}
