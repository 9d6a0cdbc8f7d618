//! What came of a message.

use std::{borrow::Cow, time::Duration};

use alloy_primitives::{Address, Bytes, Log, U256};
use revm::state::EvmState;
use thiserror::Error;

use super::{Fees, RecentPrograms, Resources};

/// How an executed message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It succeeded.
    Success,
    /// It reverted; the output is the revert data.
    Revert,
    /// It failed and took all its gas; the text is Nitro's (`out of gas`, `invalid opcode: INVALID`,
    /// `error ProgramNotActivated()`).
    Failure(Cow<'static, str>),
}

impl Status {
    /// Whether the receipt's status is 1.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Success)
    }
}

/// The result of a message that was executed, successfully or not.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// Gas used in all: intrinsic, L1 part and execution, less refunds.
    pub gas_used: u64,
    /// Part of [`Self::gas_used`] that pays for L1 data.
    pub gas_used_for_l1: u64,
    /// Gas used before refunds were taken off, which is what a limit must cover (`eth_estimateGas`).
    pub peak_gas_used: u64,
    /// Gas by resource, before refunds, if ArbOS prices it so.
    pub resources: Option<Resources>,
    /// Return data, revert data, or the code of a created contract.
    pub output: Bytes,
    /// Logs of what was not reverted, in order.
    pub logs: Vec<Log>,
    /// Address of the contract that a creation was for, whether it succeeded or not.
    pub created: Option<Address>,
    /// Price paid for a gas, in wei.
    pub gas_price: U256,
    /// What ArbOS gave on of what was paid.
    pub fees: Fees,
    /// Programs that the block has called by now.
    pub recent: RecentPrograms,
    /// All accounts that were loaded; the touched ones are to be committed by revm's rules.
    pub state: EvmState,
}

/// Why there is no outcome: the message was refused before it began, or it was ended from outside. The texts are Nitro's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The nonce was used already.
    #[error("nonce too low: address {address}, tx: {tx} state: {state}")]
    NonceTooLow {
        /// The sender.
        address: Address,
        /// Nonce of the transaction.
        tx: u64,
        /// Nonce of the account.
        state: u64,
    },
    /// A transaction before this one is missing.
    #[error("nonce too high: address {address}, tx: {tx} state: {state}")]
    NonceTooHigh {
        /// The sender.
        address: Address,
        /// Nonce of the transaction.
        tx: u64,
        /// Nonce of the account.
        state: u64,
    },
    /// The account can send no more (EIP-2681).
    #[error("nonce has max value: address {address}, nonce: {nonce}")]
    NonceMax {
        /// The sender.
        address: Address,
        /// Its nonce.
        nonce: u64,
    },
    /// The sender has code other than a delegation (EIP-3607).
    #[error("sender not an eoa: address {address}, len(code): {len}")]
    SenderHasCode {
        /// The sender.
        address: Address,
        /// Length of its code in bytes.
        len: usize,
    },
    /// The tip cap is above the fee cap.
    #[error(
        "max priority fee per gas higher than max fee per gas: address {address}, maxPriorityFeePerGas: {tip}, maxFeePerGas: {cap}"
    )]
    TipAboveFeeCap {
        /// The sender.
        address: Address,
        /// Tip cap.
        tip: U256,
        /// Fee cap.
        cap: U256,
    },
    /// The fee cap does not cover the base fee.
    #[error("max fee per gas less than block base fee: address {address}, maxFeePerGas: {cap}, baseFee: {base_fee}")]
    FeeCapTooLow {
        /// The sender.
        address: Address,
        /// Fee cap.
        cap: U256,
        /// Base fee of the block.
        base_fee: u64,
    },
    /// The balance does not cover gas limit × fee cap + value.
    #[error("insufficient funds for gas * price + value: address {address} have {have} want {want}")]
    InsufficientFunds {
        /// The sender.
        address: Address,
        /// Its balance in wei.
        have: U256,
        /// What it takes, in wei.
        want: U256,
    },
    /// Gas limit × fee cap + value does not fit 256 bits.
    #[error("insufficient funds for gas * price + value: address {0} required balance exceeds 256 bits")]
    CostOverflow(Address),
    /// After buying gas the value is not there.
    #[error("insufficient funds for transfer: address {0}")]
    InsufficientFundsForTransfer(Address),
    /// The gas limit is below what the message costs before it runs.
    #[error("intrinsic gas too low: have {have}, want {want}")]
    IntrinsicGas {
        /// Gas limit.
        have: u64,
        /// Intrinsic gas.
        want: u64,
    },
    /// The gas limit is below the floor price of the calldata (EIP-7623), where there is one.
    #[error("insufficient gas for floor data gas cost: have {have}, want {want}")]
    FloorGas {
        /// Gas limit.
        have: u64,
        /// The floor.
        want: u64,
    },
    /// The gas limit does not cover the L1 part.
    #[error("intrinsic gas too low")]
    IntrinsicGasForL1,
    /// Init code above the limit (EIP-3860).
    #[error("max initcode size exceeded: code size {size} limit {limit}")]
    InitCodeTooLarge {
        /// Length in bytes.
        size: usize,
        /// Limit in bytes.
        limit: usize,
    },
    /// A transaction of type 4 cannot create.
    #[error("EIP-7702 transaction cannot be used to create contract (sender {0})")]
    SetCodeCreates(Address),
    /// A transaction of type 4 without authorizations.
    #[error("EIP-7702 transaction with empty auth list (sender {0})")]
    EmptyAuthorizations(Address),
    /// It took longer than this, and was ended. Nothing is known of it.
    #[error("execution aborted (timeout = {0:?})")]
    TimedOut(Duration),
    /// More of it was to be recorded than there is room for, and it was ended.
    #[error(
        "trace too large: more than {0} bytes would be kept. Name a tracer (callTracer with onlyTopCall, prestateTracer); \
         for the opcode logger set limit, disableStack and disableStorage, and leave enableMemory and enableReturnData out"
    )]
    TraceTooLarge(usize),
}
