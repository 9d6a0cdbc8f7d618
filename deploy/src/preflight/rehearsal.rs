//! A founding with programs that stand before it, tried out whether they stand yet or not.
//!
//! A node estimates the gas of one transaction, in the state that is. But the founding runs programs that earlier
//! transactions create and activate. And where gas runs out, a constructor that calls another contract may say something
//! else. So the node is asked for a call of the [Rehearsal](../../founder/Rehearsal.sol), which
//! activates them and founds, where the programs' code and the Founder's are given with the call. A call may have more gas
//! than a transaction. What a transaction costs besides what it executes is asked apart.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, address, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use alloy::sol;
use alloy::sol_types::SolCall;
use alloy::transports::TransportError;
use eyre::{Result, WrapErr, eyre};
use nitro::{ARB_GAS_INFO, ArbGasInfo};

use super::before::Before;
use crate::chain::{Chain, Sender};
use crate::explain::{explain, is_execution};
use crate::plan::Plan;

sol! {
    /// The Rehearsal, as far as anybody calls it.
    interface Rehearsal {
        function rehearse(
            address[] calldata programs, address founder, bytes calldata founding, uint256 fee, uint256 gasLimit
        ) external payable returns (uint256 gasUsed);
    }
}

/// Creation code as npm's solc makes it from `founder/Rehearsal.sol`, by the settings of `tests/peers/compile.js`.
const CREATION_CODE: &str = include_str!("../../founder/Rehearsal.hex");

/// Where the Rehearsal is during a call. Nobody has this address.
const STAGE: Address = address!("0x436f6e73696c69756d2072656865617273616c00");

/// What the first touch of an account costs more than a later one (EIP-2929). The Rehearsal has touched the programs when
/// it founds.
const COLD: u64 = 2_500;

/// What the founding needs.
#[derive(Clone, Copy)]
pub(super) struct Needs<'a> {
    /// The programs behind its proxies.
    pub(super) before: &'a [Before<'a>],
    /// The data fees of the founding, in wei.
    pub(super) fee: U256,
}

impl Needs<'_> {
    /// The data fees of the programs and of the founding, in wei.
    pub(super) fn fees(&self) -> U256 {
        self.before.iter().map(|before| before.fee).fold(self.fee, U256::saturating_add)
    }
}

/// What a rehearsal tells.
#[derive(Debug)]
pub(super) enum Rehearsed {
    /// The founding takes this gas, with what pays for its data on the parent chain.
    Founds { gas: u64 },
    /// It computes for so much gas, and a transaction can have `limit`.
    TooMuch { gas: u64, limit: u64 },
    /// It fails with any gas, for what the node says.
    Fails(TransportError),
}

/// The gas of a transaction with this calldata before anything is executed.
fn intrinsic(calldata: &[u8]) -> u64 {
    let bytes = calldata.iter().map(|byte| if *byte == 0 { 4 } else { 16 });
    21_000 + bytes.sum::<u64>()
}

/// The most gas that a transaction can have on this chain.
pub(crate) async fn limit(chain: &Chain) -> Result<u64> {
    // Chains before ArbOS 50 have one limit, for blocks and transactions.
    let limit = match ask(chain, ArbGasInfo::getMaxTxGasLimitCall {}).await {
        Ok(limit) => limit,
        Err(_) => {
            let asked = ask(chain, ArbGasInfo::getGasAccountingParamsCall {}).await;
            asked.wrap_err("could not ask for the most gas of a transaction")?.maxBlockGasLimit
        }
    };
    Ok(limit.saturating_to())
}

async fn ask<C: SolCall>(chain: &Chain, view: C) -> Result<C::Return> {
    let request = TransactionRequest::default().with_to(ARB_GAS_INFO).with_input(view.abi_encode());
    let answer = chain.provider().call(request).await.map_err(|error| eyre!(explain(&error)))?;
    Ok(C::abi_decode_returns(&answer)?)
}

/// Rehearses the founding. `overrides` has the sender's ether and the Founder's code.
pub(super) async fn rehearse(
    sender: &Sender,
    plan: &Plan,
    needs: Needs<'_>,
    overrides: StateOverride,
) -> Result<Rehearsed> {
    let (data, intrinsic) = (bare(sender, plan, needs, &overrides).await?, intrinsic(&plan.charter.call));
    let besides = intrinsic.saturating_add(COLD * needs.before.len() as u64);
    let limit = limit(sender.chain()).await?;
    let overrides = stage(sender, needs, overrides).await?;
    let used = match perform(sender, plan, needs, &overrides, u64::MAX).await? {
        Ok(used) => used,
        Err(error) => return Ok(Rehearsed::Fails(error)),
    };
    let gas = besides.saturating_add(used);
    // Each call keeps a part of what is left, so more is needed than is used: close to the limit it is tried.
    let is_close = gas.saturating_add(gas / 16) > limit;
    if gas > limit || is_close && perform(sender, plan, needs, &overrides, limit - besides).await?.is_err() {
        return Ok(Rehearsed::TooMuch { gas, limit });
    }
    Ok(Rehearsed::Founds { gas: gas.saturating_add(data.saturating_sub(intrinsic)) })
}

/// The gas of the founding where nothing is executed: no code is at the Founder's address unless it is given.
async fn bare(sender: &Sender, plan: &Plan, needs: Needs<'_>, overrides: &StateOverride) -> Result<u64> {
    let request = TransactionRequest::default()
        .with_from(sender.account())
        .with_to(plan.founder())
        .with_input(plan.charter.call.clone())
        .with_value(needs.fee);
    let mut bare = overrides.clone();
    bare.insert(plan.founder(), AccountOverride { code: Some(Bytes::new()), ..Default::default() });
    let asked = sender.provider().estimate_gas(request).overrides(bare).await;
    asked.map_err(|error| eyre!("could not ask what a transaction of its size takes: {}", explain(&error)))
}

/// Adds the Rehearsal and the programs.
async fn stage(sender: &Sender, needs: Needs<'_>, mut overrides: StateOverride) -> Result<StateOverride> {
    let creation = hex::decode(CREATION_CODE.trim()).wrap_err("Rehearsal.hex is not hexadecimal")?;
    let creation = TransactionRequest::default().with_from(sender.account()).with_input(creation);
    let code = sender.provider().call(creation).await;
    let code = code.map_err(|error| eyre!("the chain refuses the Rehearsal: {}", explain(&error)))?;
    overrides.insert(STAGE, AccountOverride { code: Some(code), ..Default::default() });
    for Before { planned, .. } in needs.before {
        let code = Some(planned.program.code().clone());
        overrides.insert(planned.implementation, AccountOverride { code, ..Default::default() });
    }
    Ok(overrides)
}

/// The gas that the founding uses with a gas limit, or what the node answers where it fails.
async fn perform(
    sender: &Sender,
    plan: &Plan,
    needs: Needs<'_>,
    overrides: &StateOverride,
    limit: u64,
) -> Result<Result<u64, TransportError>> {
    let call = Rehearsal::rehearseCall {
        programs: needs.before.iter().map(|before| before.planned.implementation).collect(),
        founder: plan.founder(),
        founding: plan.charter.call.clone(),
        fee: needs.fee,
        gasLimit: U256::from(limit),
    };
    let request = TransactionRequest::default()
        .with_from(sender.account())
        .with_to(STAGE)
        .with_input(call.abi_encode())
        .with_value(needs.fees());
    match sender.provider().call(request).overrides(overrides.clone()).await {
        Ok(used) => Ok(Ok(Rehearsal::rehearseCall::abi_decode_returns(&used)?.saturating_to())),
        Err(error) if is_execution(&error) => Ok(Err(error)),
        Err(error) => Err(eyre!("could not ask what the founding does: {}", explain(&error))),
    }
}
