//! Blocks as Nitro's sequencer makes them: an internal transaction that tells ArbOS the time, then the user's.

use super::transaction::{Kind, Transaction};
use crate::{
    ArbosVersion,
    arbos::{ARBOS, StartBlock},
};
use alloy::{
    consensus::{EMPTY_OMMER_ROOT_HASH, Header, proofs::ordered_trie_root_with_encoder},
    rlp::{BufMut, Encodable, Header as RlpHeader},
};
use alloy_primitives::{Address, B64, B256, Bloom, Bytes, Log, U256, keccak256};
use std::sync::Arc;

/// Gas limit in every header, 2^50: the true limit is that of a transaction.
pub(super) const BLOCK_GAS_LIMIT: u64 = 1 << 50;
/// Type of an internal transaction.
pub(super) const INTERNAL_TYPE: u8 = 0x6a;

/// What a transaction is.
#[derive(Debug)]
pub enum Body {
    /// `startBlock` with its calldata.
    Internal {
        /// Calldata.
        input: Bytes,
        /// As it is encoded.
        raw: Bytes,
    },
    /// Sent by a client.
    User(Box<Transaction>),
}

/// What a transaction did.
#[derive(Debug, Default)]
pub struct Receipt {
    /// False if it was reverted.
    pub success: bool,
    /// Wei for a gas above the base fee, in a block that collects tips.
    pub tip: U256,
    /// Gas that was paid, that for L1 included.
    pub gas_used: u64,
    /// The part of it that paid for posting to L1.
    pub gas_used_for_l1: u64,
    /// Gas used in the block up to and with this transaction.
    pub cumulative_gas_used: u64,
    /// The contract that it made.
    pub contract: Option<Address>,
    /// What it logged.
    pub logs: Vec<Log>,
    /// How many logs of the block come before.
    pub first_log: u64,
}

impl Receipt {
    /// Bloom filter of the logs.
    pub fn bloom(&self) -> Bloom {
        self.logs.iter().collect()
    }

    pub(super) fn encode(&self, kind: u8, out: &mut dyn BufMut) {
        if kind != 0 {
            out.put_u8(kind);
        }
        let bloom = self.bloom();
        let length = 1 + self.cumulative_gas_used.length() + bloom.length() + self.logs.length();
        RlpHeader { list: true, payload_length: length }.encode(out);
        self.success.encode(out);
        self.cumulative_gas_used.encode(out);
        bloom.encode(out);
        self.logs.encode(out);
    }
}

/// A transaction in its block.
#[derive(Debug)]
pub struct Included {
    /// Its hash.
    pub hash: B256,
    /// Its sender.
    pub sender: Address,
    /// What it is.
    pub body: Body,
    /// What it did.
    pub receipt: Receipt,
}

impl Included {
    /// Its type, as in the first byte of its encoding.
    pub fn kind(&self) -> u8 {
        match &self.body {
            Body::Internal { .. } => INTERNAL_TYPE,
            Body::User(transaction) => transaction.kind as u8,
        }
    }

    /// As it is encoded.
    pub fn raw(&self) -> &Bytes {
        match &self.body {
            Body::Internal { raw, .. } => raw,
            Body::User(transaction) => &transaction.raw,
        }
    }

    /// Its receipt as it is encoded.
    pub fn raw_receipt(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.receipt.encode(self.kind(), &mut out);
        out
    }

    /// Its recipient.
    pub fn to(&self) -> Option<Address> {
        match &self.body {
            Body::Internal { .. } => Some(ARBOS),
            Body::User(transaction) => transaction.to,
        }
    }

    /// Calldata or creation code.
    pub fn input(&self) -> &Bytes {
        match &self.body {
            Body::Internal { input, .. } => input,
            Body::User(transaction) => &transaction.input,
        }
    }
}

/// The internal transaction at the head of each block.
pub(super) fn internal(chain_id: u64, start: &StartBlock) -> Included {
    let input = start.data();
    let list = RlpHeader { list: true, payload_length: chain_id.length() + input.length() };
    let mut raw = Vec::with_capacity(1 + list.length_with_payload());
    raw.push(INTERNAL_TYPE);
    list.encode(&mut raw);
    chain_id.encode(&mut raw);
    input.encode(&mut raw);
    let raw = Bytes::from(raw);
    // The same bytes, kept once.
    let input = raw.slice(raw.len() - input.len()..);
    Included {
        hash: keccak256(&raw),
        sender: ARBOS,
        body: Body::Internal { input, raw },
        receipt: Receipt { success: true, ..Receipt::default() },
    }
}

/// What ArbOS puts into a header.
#[derive(Debug, Clone, Copy, Default)]
pub struct ArbosInfo {
    /// Version of ArbOS.
    pub version: ArbosVersion,
    /// Root of the tree of messages to L1.
    pub send_root: B256,
    /// Number of messages to L1.
    pub send_count: u64,
    /// L1's block number as ArbOS knows it.
    pub l1_block_number: u64,
    /// Whether senders pay tips.
    pub collects_tips: bool,
}

impl ArbosInfo {
    pub(super) fn mix_hash(&self) -> B256 {
        let mut word = B256::ZERO;
        word[..8].copy_from_slice(&self.send_count.to_be_bytes());
        word[8..16].copy_from_slice(&self.l1_block_number.to_be_bytes());
        word[16..24].copy_from_slice(&self.version.number().to_be_bytes());
        word[25] = self.collects_tips.into();
        word
    }
}

/// A block with its transactions and receipts.
#[derive(Debug)]
pub struct Block {
    /// Its header, as it is hashed.
    pub header: Header,
    /// Hash of the header.
    pub hash: B256,
    /// What ArbOS put into the header.
    pub arbos: ArbosInfo,
    /// Bytes of the encoded block.
    pub size: u64,
    /// The internal transaction and those of users.
    pub transactions: Vec<Included>,
}

impl Block {
    /// The first block, made of nothing. With ArbOS 51 it has the hash that every `nitro --dev` has.
    pub fn genesis(version: ArbosVersion, base_fee: u64, state_root: B256) -> Arc<Self> {
        Self::seal(
            Seal {
                parent: B256::ZERO,
                number: 0,
                timestamp: 0,
                base_fee,
                beneficiary: Address::ZERO,
                gas_limit: BLOCK_GAS_LIMIT,
                difficulty: U256::ONE,
            },
            ArbosInfo { version, ..ArbosInfo::default() },
            state_root,
            Vec::new(),
        )
    }

    /// Completes a block.
    pub fn seal(seal: Seal, arbos: ArbosInfo, state_root: B256, transactions: Vec<Included>) -> Arc<Self> {
        let header = Header {
            parent_hash: seal.parent,
            ommers_hash: EMPTY_OMMER_ROOT_HASH,
            beneficiary: seal.beneficiary,
            state_root,
            transactions_root: ordered_trie_root_with_encoder(&transactions, |t, out| out.put_slice(t.raw())),
            receipts_root: ordered_trie_root_with_encoder(&transactions, |t, out| t.receipt.encode(t.kind(), out)),
            logs_bloom: transactions.iter().flat_map(|t| &t.receipt.logs).collect(),
            difficulty: seal.difficulty,
            number: seal.number,
            gas_limit: seal.gas_limit,
            gas_used: transactions.last().map_or(0, |t| t.receipt.cumulative_gas_used),
            timestamp: seal.timestamp,
            extra_data: arbos.send_root.to_vec().into(),
            mix_hash: arbos.mix_hash(),
            // The number of messages read from L1's inbox: the first one made the chain.
            nonce: B64::with_last_byte(1),
            base_fee_per_gas: Some(seal.base_fee),
            ..Header::default()
        };
        let size = size(header.length(), &transactions);
        Arc::new(Self { hash: header.hash_slow(), header, arbos, size, transactions })
    }
}

/// What a header says in addition to what follows from its transactions.
#[derive(Debug, Clone, Copy)]
pub struct Seal {
    /// Hash of the block before.
    pub parent: B256,
    /// Its number.
    pub number: u64,
    /// Its time (seconds).
    pub timestamp: u64,
    /// Wei per gas.
    pub base_fee: u64,
    /// Who made it.
    pub beneficiary: Address,
    /// Gas limit of the block.
    pub gas_limit: u64,
    /// What `PREVRANDAO` reads.
    pub difficulty: U256,
}

/// Bytes of the block as go-ethereum encodes it: header (so many bytes), transactions (typed ones as byte strings), no
/// uncles.
pub(super) fn size(header: usize, transactions: &[Included]) -> u64 {
    let body: usize = transactions
        .iter()
        .map(|t| match &t.body {
            Body::User(user) if user.kind == Kind::Legacy => user.raw.len(),
            _ => t.raw().length(),
        })
        .sum();
    let list = |payload_length| RlpHeader { list: true, payload_length }.length_with_payload();
    list(header + list(body) + 1) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chain::Style, genesis, state::Store};
    use alloy_primitives::b256;

    /// Hash and size of block 0 in the recording of a real node.
    #[test]
    fn the_genesis_is_that_of_nitro() {
        let root = Store::default().apply(0, genesis::state(ArbosVersion::V51, Style::Nitro));
        let genesis = Block::genesis(ArbosVersion::V51, 100_000_000, root);
        assert_eq!(genesis.hash, b256!("0x26f0694418c398cfc2c657c845c686da386b8e634c904eb3c959f5662e9f8d8b"));
        assert_eq!(genesis.size, 0x221);
    }

    /// The internal transaction of block 954 in the recording.
    #[test]
    fn the_internal_transaction_is_that_of_nitro() {
        let start = StartBlock { l1_base_fee: U256::ZERO, l1_block_number: 0, number: 0x3ba, seconds: 0 };
        let start = internal(crate::CHAIN_ID, &start);
        assert_eq!(start.hash, b256!("0xdc164919fea09bc61cccab9ff33693f7bc097403cdb09f4ad4fc6cfebecb0dc1"));
    }
}
