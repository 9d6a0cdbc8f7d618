//! The price of activating a program.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256, address, utils::Unit};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use alloy::sol_types::SolCall;
use eyre::{Result, WrapErr, eyre};

use crate::artifacts::Program;
use crate::chain::Chain;
use crate::explain::explain;
use crate::interfaces::{ARB_WASM, ArbWasm};

/// Stands for the program, and for who pays, in a call that changes nothing. Nobody has this address.
const PROBE: Address = address!("0x436f6e73696c69756d2061637469766174696f6e");

/// The data fee to hand over for an activation, in wei; zero for a program that is active already.
///
/// The fee moves with the chain's load until the transaction is in a block, so a fifth is added. The StylusDeployer
/// gives back what is left.
pub(crate) async fn fee(chain: &Chain, program: &Program) -> Result<U256> {
    let arb_wasm = ArbWasm::new(ARB_WASM, chain.provider());
    let newest = arb_wasm.stylusVersion().call().await.map_err(crate::explain::explain_call);
    let newest = newest.wrap_err("this chain runs no Stylus programs")?;
    // An unknown program makes this revert.
    if arb_wasm.codehashVersion(program.code_hash()).call().await.is_ok_and(|version| version == newest) {
        return Ok(U256::ZERO);
    }
    let funds = Unit::ETHER.wei();
    let request = TransactionRequest::default()
        .with_from(PROBE)
        .with_to(ARB_WASM)
        .with_input(ArbWasm::activateProgramCall { program: PROBE }.abi_encode())
        .with_value(funds);
    let account = AccountOverride { balance: Some(funds), code: Some(program.code().clone()), ..Default::default() };
    let overrides = StateOverride::from_iter([(PROBE, account)]);
    let answer = chain.provider().call(request).overrides(overrides).await;
    let answer = answer.map_err(|error| eyre!("the chain refuses the program: {}", explain(&error)))?;
    let fee = ArbWasm::activateProgramCall::abi_decode_returns(&answer)?.dataFee;
    Ok(fee + fee / U256::from(5))
}
