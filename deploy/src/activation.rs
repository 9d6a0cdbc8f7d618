//! Programs live for a time: whether one is active, what activation costs, and renewal.
//!
//! A chain keeps activation by code hash, for a year, in the Stylus version it had then. Anyone may renew it: an active program
//! of some age by `codehashKeepalive`, one that has expired or is of an old version by `activateProgram`.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, address, utils::Unit};
use alloy::providers::Provider;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall, SolError, SolInterface};
use eyre::{Result, WrapErr, ensure, eyre};
use nitro::ArbWasm::ArbWasmErrors;
use nitro::{ARB_WASM, ArbWasm};

use crate::artifacts::Program;
use crate::chain::{Chain, Sender};
use crate::explain::{explain, explain_call, is_execution, revert_data};
use crate::running::Running;

/// Stands for the program, and for who pays, in a call that changes nothing. Nobody has this address.
const PROBE: Address = address!("0x436f6e73696c69756d2061637469766174696f6e");

const DAY: u64 = 24 * 60 * 60;

/// Whether a program can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// It can, for so many days more.
    Active {
        /// Whole days.
        days: u64,
    },
    /// It is EVM code, which does not end.
    Endless,
    /// It cannot until somebody activates it.
    Dead {
        /// What ArbWasm says.
        reason: String,
    },
}

/// How the renewal of a program ended.
pub(crate) enum Renewal {
    /// It has days enough.
    NotNeeded,
    /// It is active for a year from this transaction on.
    Sent(Box<TransactionReceipt>),
}

/// The chain's Stylus version.
pub(crate) async fn newest_version(chain: &Chain) -> Result<u16> {
    ArbWasm::new(ARB_WASM, chain.provider()).stylusVersion().call().await.map_err(|error| {
        let asked_in_vain =
            matches!(&error, alloy::contract::Error::TransportError(error) if revert_data(error).is_none());
        let said = explain_call(error);
        // A node that is overloaded says nothing about its chain.
        said.wrap_err(if asked_in_vain {
            "could not ask for the chain's Stylus version"
        } else {
            "this chain runs no Stylus programs"
        })
    })
}

/// Whether the code is active.
async fn is_active(chain: &Chain, code_hash: B256) -> Result<Result<(), String>> {
    let newest = newest_version(chain).await?;
    match ArbWasm::new(ARB_WASM, chain.provider()).codehashVersion(code_hash).call().await {
        Ok(version) if version == newest => Ok(Ok(())),
        Ok(version) => Ok(Err(format!("active in Stylus version {version}, and the chain's is {newest}"))),
        // It is ArbWasm that says so, and not a node that cannot answer now.
        Err(alloy::contract::Error::TransportError(error))
            if revert_data(&error).is_some_and(|data| ArbWasmErrors::abi_decode(&data).is_ok()) =>
        {
            Ok(Err(explain(&error)))
        }
        Err(error) => Err(explain_call(error).wrap_err("could not ask ArbWasm whether a program is active")),
    }
}

/// Why a program of this code cannot be called, if it cannot.
pub(crate) async fn death(chain: &Chain, code_hash: B256) -> Result<Option<String>> {
    Ok(is_active(chain, code_hash).await?.err())
}

/// Whether code that stands can be called, and for how long.
pub(crate) async fn life(chain: &Chain, running: &Running) -> Result<Life> {
    if !running.is_program {
        return Ok(Life::Endless);
    }
    if let Err(reason) = is_active(chain, running.code_hash).await? {
        return Ok(Life::Dead { reason });
    }
    let left = ArbWasm::new(ARB_WASM, chain.provider()).programTimeLeft(running.address).call().await;
    let left = left
        .map_err(explain_call)
        .wrap_err_with(|| format!("could not ask how long the program at {} lives", running.address))?;
    Ok(Life::Active { days: left / DAY })
}

/// Refuses a number of days that this chain would not let a program be renewed for.
pub(crate) async fn expect_days(chain: &Chain, least: u64) -> Result<()> {
    let arb_wasm = ArbWasm::new(ARB_WASM, chain.provider());
    let asked = "could not ask ArbWasm how long programs live";
    let life = arb_wasm.expiryDays().call().await.map_err(explain_call).wrap_err(asked)?;
    let young = arb_wasm.keepaliveDays().call().await.map_err(explain_call).wrap_err(asked)?;
    let most = u64::from(life.saturating_sub(young));
    ensure!(
        least <= most,
        "programs.least_days is {least}, and this chain renews a program only when it has {most} days left or fewer: set it \
         to {most} or less"
    );
    Ok(())
}

/// Renews a program that is dead or has fewer days left than `least`.
pub(crate) async fn renew(sender: &Sender, running: &Running, least: u64) -> Result<Renewal> {
    let lives = |life: &Life| match life {
        Life::Active { days } => *days >= least,
        Life::Endless => true,
        Life::Dead { .. } => false,
    };
    let found = life(sender.chain(), running).await?;
    if lives(&found) {
        return Ok(Renewal::NotNeeded);
    }
    let call: Bytes = match found {
        Life::Active { .. } | Life::Endless => {
            ArbWasm::codehashKeepaliveCall { codehash: running.code_hash }.abi_encode().into()
        }
        Life::Dead { .. } => ArbWasm::activateProgramCall { program: running.address }.abi_encode().into(),
    };
    match pay(sender, call).await {
        Ok(receipt) => Ok(Renewal::Sent(Box::new(receipt))),
        // Somebody else was faster, or the answer to ours was lost.
        Err(_) if lives(&life(sender.chain(), running).await?) => Ok(Renewal::NotNeeded),
        Err(error) => Err(error),
    }
}

async fn pay(sender: &Sender, call: Bytes) -> Result<TransactionReceipt> {
    let fee = asked_fee(sender.chain(), call.clone()).await?;
    sender.send(ARB_WASM, call, fee).await
}

/// The data fee of the renewal that code needs after a founding, in wei: zero for code with days enough, and for code that the
/// founding activates.
pub(crate) async fn renewal_fee(chain: &Chain, program: &Program, least: u64) -> Result<U256> {
    let codehash = program.code_hash();
    if is_active(chain, codehash).await?.is_err() {
        return Ok(U256::ZERO);
    }
    let left = probe(chain, program, ArbWasm::programTimeLeftCall { program: PROBE }, U256::ZERO).await?;
    if left / DAY >= least {
        return Ok(U256::ZERO);
    }
    asked_fee(chain, ArbWasm::codehashKeepaliveCall { codehash }.abi_encode().into()).await
}

/// The data fee of a renewal. Offered nothing, ArbWasm says what it asks for.
pub(crate) async fn asked_fee(chain: &Chain, call: Bytes) -> Result<U256> {
    let request = TransactionRequest::default().with_from(PROBE).with_to(ARB_WASM).with_input(call);
    let Err(error) = chain.provider().call(request).await else { return Ok(U256::ZERO) };
    let asked = revert_data(&error).and_then(|data| ArbWasm::ProgramInsufficientValue::abi_decode(&data).ok());
    asked
        .map(|asked| with_reserve(asked.want))
        .ok_or_else(|| eyre!("could not ask for the fee of a renewal: {}", explain(&error)))
}

/// The data fee to hand over for the activation of a program that is not active, in wei; none if the chain refuses it
/// whatever it is offered.
pub(crate) async fn activation_fee(chain: &Chain, program: Address) -> Result<Option<U256>> {
    let call = ArbWasm::activateProgramCall { program }.abi_encode();
    let request = TransactionRequest::default().with_from(PROBE).with_to(ARB_WASM).with_input(call);
    let Err(error) = chain.provider().call(request).await else { return Ok(Some(U256::ZERO)) };
    match revert_data(&error).and_then(|data| ArbWasm::ProgramInsufficientValue::abi_decode(&data).ok()) {
        Some(asked) => Ok(Some(with_reserve(asked.want))),
        None if is_execution(&error) => Ok(None),
        None => Err(eyre!("could not ask for the fee of an activation: {}", explain(&error))),
    }
}

/// The data fee to hand over for an activation, in wei; zero for a program that is active already.
pub(crate) async fn fee(chain: &Chain, program: &Program) -> Result<U256> {
    if is_active(chain, program.code_hash()).await?.is_ok() {
        return Ok(U256::ZERO);
    }
    let call = ArbWasm::activateProgramCall { program: PROBE };
    Ok(with_reserve(probe(chain, program, call, Unit::ETHER.wei()).await?.dataFee))
}

/// What ArbWasm answers to the probe, which has these funds and hands them over, about a program that stands at the probe's
/// address.
async fn probe<C: SolCall>(chain: &Chain, program: &Program, call: C, funds: U256) -> Result<C::Return> {
    let request = TransactionRequest::default()
        .with_from(PROBE)
        .with_to(ARB_WASM)
        .with_input(call.abi_encode())
        .with_value(funds);
    let account = AccountOverride { balance: Some(funds), code: Some(program.code().clone()), ..Default::default() };
    let overrides = StateOverride::from_iter([(PROBE, account)]);
    let answer = chain.provider().call(request).overrides(overrides).await;
    let answer = answer.map_err(|error| eyre!("the chain refuses the program: {}", explain(&error)))?;
    Ok(C::abi_decode_returns(&answer)?)
}

/// The fee moves with the chain's load until the transaction is in a block, so a fifth is added. What is left comes back.
fn with_reserve(fee: U256) -> U256 {
    fee.saturating_add(fee / U256::from(5))
}

/// A fee that is paid after so many other activations that nothing is known of yet. Each makes the next one dearer: by a
/// twentieth where a program's code takes a megabyte, and by a tenth here.
pub(crate) fn after(fee: U256, activations: usize) -> U256 {
    fee.saturating_add(fee.saturating_mul(U256::from(activations)) / U256::from(10))
}
