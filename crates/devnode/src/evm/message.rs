//! What is executed, and in which block.

use alloy::eips::{eip2930::AccessList, eip7702::SignedAuthorization};
use alloy_primitives::{Address, Bytes, TxKind, U256};

use super::{MovedPrecompiles, RecentPrograms};
use crate::ArbosVersion;

/// The block as code in it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockContext {
    /// Version of ArbOS.
    pub version: ArbosVersion,
    /// Chain id, as `CHAINID` reads it.
    pub chain_id: u64,
    /// Number of the L2 block (`ArbSys.arbBlockNumber`).
    pub number: u64,
    /// Estimate of the L1 block number: what `NUMBER` reads.
    pub l1_block_number: u64,
    /// Seconds since the epoch.
    pub timestamp: u64,
    /// Base fee of the block, in wei a gas.
    pub base_fee: u64,
    /// What `COINBASE` reads: the sequencer's (batch poster's) address.
    pub coinbase: Address,
    /// Gas limit of the block (2^50 on Nitro).
    pub gas_limit: u64,
    /// What `PREVRANDAO` reads: the difficulty, 1 on Nitro.
    pub difficulty: U256,
    /// Programs that the messages before have called.
    pub recent: RecentPrograms,
    /// Precompiles that are not where they are on the chain.
    pub moved: MovedPrecompiles,
}

/// Why a message is executed. Prices and caps differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A signed transaction that becomes part of a block.
    Transaction,
    /// `eth_call` and its kin: no nonce, no signature, no cap on the gas of a transaction.
    Call,
    /// One probe of `eth_estimateGas`: as a call, but the L1 part is padded.
    Estimate,
    /// A call of `eth_simulateV1`: on the terms of a transaction in a block, though nobody has signed it.
    Simulation {
        /// Whether its nonce is checked, and it pays a price even if it names none.
        validates: bool,
    },
}

impl Mode {
    /// Whether ArbOS takes it for a transaction of a block.
    pub(crate) fn is_on_chain(self) -> bool {
        matches!(self, Self::Transaction | Self::Simulation { .. })
    }

    /// Whether the sender's nonce must be the message's.
    pub(super) fn checks_nonce(self) -> bool {
        self != Self::Simulation { validates: false }
    }

    /// Whether the block's base fee reads 0 while a free message runs.
    pub(super) fn hides_base_fee(self) -> bool {
        !self.is_on_chain()
    }
}

/// Type of a message that redeems a retryable ticket. Its L1 data was paid for with the ticket.
pub const RETRY_TYPE: u8 = 0x68;

/// A transaction or call.
#[derive(Clone, Debug)]
pub struct Message {
    /// EIP-2718 type, 0 for legacy. Only [`RETRY_TYPE`] counts, of all others the fields below decide.
    pub tx_type: u8,
    /// Recovered signer, or the `from` of a call.
    pub from: Address,
    /// Whom it calls, or that it creates.
    pub to: TxKind,
    /// Wei sent along.
    pub value: U256,
    /// Calldata or init code.
    pub input: Bytes,
    /// Gas limit.
    pub gas_limit: u64,
    /// Gas price of a legacy transaction, fee cap of all others, in wei a gas. May exceed 128 bits in a call.
    pub max_fee_per_gas: U256,
    /// Tip cap in wei a gas (of a legacy transaction: its gas price). Not paid, unless a chain owner decided so.
    pub max_priority_fee_per_gas: U256,
    /// Accounts and slots that are warm from the start (EIP-2930).
    pub access_list: AccessList,
    /// Delegations to install (EIP-7702). `None` unless the message is of type 4.
    pub authorizations: Option<Vec<SignedAuthorization>>,
    /// Nonce, if it is to be checked.
    pub nonce: Option<u64>,
    /// Whether it is sent for an account without its signature, which may be a contract then.
    pub forged: bool,
    /// The signed transaction as it was sent (EIP-2718 encoding): its compressed size is what L1 data costs.
    /// `None` for calls, which are priced as a made-up transaction.
    pub raw: Option<Bytes>,
}

impl Message {
    /// What it pays for a gas if tips are paid, in wei.
    pub(crate) fn price(&self, base_fee: u64) -> U256 {
        U256::from(base_fee).saturating_add(self.max_priority_fee_per_gas).min(self.max_fee_per_gas)
    }

    /// Whether both fee fields are zero in a call: then `GASPRICE` reads 0 and nothing is paid.
    pub(crate) fn is_free(&self, mode: Mode) -> bool {
        let may_be = !matches!(mode, Mode::Transaction | Mode::Simulation { validates: true });
        may_be && self.max_fee_per_gas.is_zero() && self.max_priority_fee_per_gas.is_zero()
    }
}
