//! Where execution asks ArbOS.

use std::borrow::Cow;

use alloy_primitives::{Address, B256, Bytes, U256, map::AddressSet};

use super::{Context, Fees, Message, Refusal, Resources};
use crate::ArbosVersion;

/// What ArbOS adds to the EVM. Implemented once for real, and by tests that need no ArbOS.
///
/// All methods work on the journal in `context` (see [`super::ColdAccess`]), so that reverts undo them.
pub trait Hooks: Send + Sync + 'static {
    /// The terms on which the program with this code hash runs now.
    ///
    /// # Errors
    /// Nitro's text if it is not active (`error ProgramNotActivated()`, `error ProgramNeedsUpgrade(1, 2)`,
    /// `error ProgramExpired(..)`): the frame fails with all its gas.
    fn program(&self, context: &mut Context, code_hash: B256) -> Result<ProgramTerms, Cow<'static, str>>;

    /// Hash of an L1 block as `BLOCKHASH` gives it; only asked for the 256 blocks before the current one.
    fn l1_block_hash(&self, context: &mut Context, number: u64) -> B256;

    /// Prices the L1 data of a message and says how much gas is held back (Nitro's GasChargingHook).
    ///
    /// Called after the gas was bought and the intrinsic gas taken off; `gas_left` is what remains.
    ///
    /// # Errors
    /// [`Refusal::IntrinsicGasForL1`] if `gas_left` does not cover the L1 part.
    fn charge(
        &self,
        context: &mut Context,
        message: &Message,
        intrinsic_gas: u64,
        gas_left: u64,
    ) -> Result<Charge, Refusal>;

    /// Distributes fees and counts gas after a message (Nitro's EndTxHook).
    ///
    /// The sender has his unused gas back by then; what he paid exists nowhere until it is minted here.
    fn settle(&self, context: &mut Context, message: &Message, settlement: &Settlement) -> Fees;

    /// Addresses of the precompiles of ArbOS in a version; they are warm from the start.
    fn precompiles(&self, version: ArbosVersion) -> &AddressSet;

    /// Whether tips are paid (ArbOS 60, where a chain owner decided so).
    fn collects_tips(&self, context: &mut Context) -> bool;

    /// Whether a transaction is filtered: it pays all its gas, and nothing of it is executed (ArbOS 60).
    fn is_filtered(&self, context: &mut Context, message: &Message) -> bool;

    /// Accounts that every message touches, as a tracer lists them.
    fn always_touched(&self, _version: ArbosVersion) -> &[Address] {
        &[]
    }

    /// Tells who records a message what ArbOS reads at its beginning.
    fn show_beginning(&self, _context: &mut Context) {}

    /// Tells who records a message that code reads the number of the L1 block, and the hash of one if it asks for that.
    fn show_l1_block(&self, _context: &mut Context, _asked: Option<u64>) {}

    /// Whether calldata has a floor price (EIP-7623): a chain owner decided so before this message.
    fn has_calldata_floor(&self, context: &mut Context) -> bool;

    /// Whether a transaction that ended now would be priced by what its gas was used for. Asked before a message and at its end.
    fn prices_resources(&self, _context: &mut Context) -> bool {
        false
    }

    /// Runs the precompile at `call.address`, which is one of [`Self::precompiles`].
    ///
    /// The value was transferred already; the caller of this undoes all changes unless the result is a success.
    fn precompile(&self, context: &mut Context, call: &PrecompileCall) -> PrecompileResult;
}

/// Terms on which an active program runs: from its record and ArbOS' Stylus parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramTerms {
    /// Stylus version that it was activated with.
    pub version: u16,
    /// Ink of one gas.
    pub ink_price: u32,
    /// Limit of the wasm stack, in words.
    pub max_stack_depth: u32,
    /// Memory pages that a message has for free.
    pub free_pages: u16,
    /// Gas of each further page.
    pub page_gas: u16,
    /// Most pages that all open frames may hold together (ArbOS 60); `None` if there is no such limit.
    pub page_limit: Option<u16>,
    /// Pages the program holds from its start.
    pub footprint: u16,
    /// Gas to start it when it is not cached (without [`Self::cached_gas`]).
    pub init_gas: u64,
    /// Gas to start it in any case (Stylus version 2 on; in version 1 only when cached).
    pub cached_gas: u64,
    /// Whether it is in the long-term cache.
    pub cached: bool,
    /// How many programs a block remembers, so that calling one of them again costs as if it were cached. `None` before
    /// ArbOS 60, where it remembers none.
    pub remembered: Option<u16>,
    /// Limit of the decompressed wasm, in bytes.
    pub max_wasm_size: u32,
}

/// What [`Hooks::charge`] decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// Gas for L1 data.
    pub poster_gas: u64,
    /// Wei for L1 data.
    pub poster_fee: U256,
    /// Gas above the cap that is held back and given back at the end.
    pub held_gas: u64,
    /// Who gets the tip; `None` if none is collected.
    pub tip_to: Option<Address>,
}

/// What [`Hooks::settle`] needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Gas used after refunds, with the L1 part.
    pub gas_used: u64,
    /// Gas that was counted for some resource: used before refunds, less what programs could not start with.
    pub counted_gas: u64,
    /// [`Self::counted_gas`] by resource; `None` if it was not asked for.
    pub resources: Option<Resources>,
    /// Gas that refunds of EVM code have saved.
    pub refunded_gas: u64,
    /// Who gets the tip, as [`Charge::tip_to`].
    pub tip_to: Option<Address>,
    /// Whether the message succeeded.
    pub success: bool,
}

/// A call of a precompile of ArbOS.
#[derive(Clone, Debug)]
pub struct PrecompileCall {
    /// Whose code is called.
    pub address: Address,
    /// Under whose address it acts: differs from `address` in a delegate call or CALLCODE.
    pub acting_as: Address,
    /// `msg.sender` of the call.
    pub caller: Address,
    /// `msg.sender` of the code that calls; zero if the message itself calls.
    pub caller_of_caller: Address,
    /// `msg.value` of the call in wei (of a delegate call: its parent's).
    pub value: U256,
    /// Calldata.
    pub input: Bytes,
    /// Gas the call was given.
    pub gas_limit: u64,
    /// Whether it was called by STATICCALL.
    pub is_static: bool,
    /// Whether another call was made by code that must not change state.
    pub in_static: bool,
    /// Depth of the call, 0 for the message's own.
    pub depth: usize,
}

/// How a precompile ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrecompileStatus {
    /// It succeeded.
    Success,
    /// It reverted with its output; the gas that is left goes back.
    Revert,
    /// It failed with this text (`unauthorized caller to access-controlled method`): all gas is gone, no output.
    Failure(Cow<'static, str>),
}

/// What a precompile answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrecompileResult {
    /// How it ended.
    pub status: PrecompileStatus,
    /// Return or revert data.
    pub output: Bytes,
    /// Gas left of the call's limit.
    pub gas_left: u64,
    /// What it used for other resources than computation.
    pub resources: Resources,
}

impl PrecompileResult {
    /// A failure that takes all gas.
    pub fn failure(text: impl Into<Cow<'static, str>>) -> Self {
        let status = PrecompileStatus::Failure(text.into());
        Self { status, output: Bytes::new(), gas_left: 0, resources: Resources::default() }
    }
}
