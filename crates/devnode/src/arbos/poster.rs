//! What a message costs on L1: the size of its compressed bytes (Nitro `arbos/l1pricing`, `PosterDataCost`).

use super::l1_pricing::UNITS_PER_BYTE;
use crate::evm::{Message, Mode};
use alloy::rlp::{BufMut, Encodable, Header};
use alloy_primitives::{TxKind, U256, keccak256};
use brotlic::{BrotliEncoderOptions, CompressorWriter, Quality, WindowSize};
use std::{io::Write, sync::LazyLock};

/// Units of L1 data that a message has.
///
/// A transaction's are those of its own bytes. A call has no signature yet, so a transaction is made up for it, and the
/// result padded: by 16 bytes and one percent.
pub(super) fn units(message: &Message, mode: Mode, level: u64) -> u64 {
    match &message.raw {
        Some(raw) => units_of(raw, level),
        None => (units_of(&made_up(message, mode), level) + 16 * UNITS_PER_BYTE) * 10_100 / 10_000,
    }
}

fn units_of(bytes: &[u8], level: u64) -> u64 {
    UNITS_PER_BYTE * compressed_len(bytes, level) as u64
}

/// Length after Brotli with a window of 4 MiB.
fn compressed_len(bytes: &[u8], level: u64) -> usize {
    let quality = Quality::new(level.min(11) as u8).expect("a level from 0 to 11");
    let window = WindowSize::new(22).expect("a size from 10 to 24");
    let encoder = BrotliEncoderOptions::new().quality(quality).window_size(window).build().expect("valid options");
    let mut writer = CompressorWriter::with_encoder(encoder, Vec::with_capacity(bytes.len() + 64));
    writer.write_all(bytes).expect("a vector takes all");
    writer.into_inner().expect("a vector takes all").len()
}

/// Fills the fields that a call leaves open: hashes, since they compress as badly as real values.
struct MadeUp {
    nonce: u64,
    tip: U256,
    fee_cap: U256,
    gas: u64,
    r: U256,
    s: U256,
}

static MADE_UP: LazyLock<MadeUp> = LazyLock::new(|| {
    let first = |name: &str, bytes: usize| U256::from_be_slice(&keccak256(name)[..bytes]);
    let whole = |name: &str| U256::from_be_bytes(keccak256(name).0);
    MadeUp {
        nonce: first("Nonce", 8).to(),
        tip: first("GasTipCap", 4),
        fee_cap: first("GasFeeCap", 4),
        gas: first("Gas", 4).to(),
        r: whole("R"),
        s: whole("S"),
    }
});

/// A transaction of type 2 that the message might become. Its signature and, in an estimate, its gas limit are made up.
fn made_up(message: &Message, mode: Mode) -> Vec<u8> {
    let other = &*MADE_UP;
    let or = |value: U256, other: U256| if value.is_zero() { other } else { value };
    let gas = if mode == Mode::Estimate || message.gas_limit == 0 { other.gas } else { message.gas_limit };
    let mut fields = Vec::with_capacity(message.input.len() + 256);
    let out: &mut dyn BufMut = &mut fields;
    // No chain id.
    0u64.encode(out);
    message.nonce.filter(|nonce| *nonce != 0).unwrap_or(other.nonce).encode(out);
    or(message.max_priority_fee_per_gas, other.tip).encode(out);
    or(message.max_fee_per_gas, other.fee_cap).encode(out);
    gas.encode(out);
    match message.to {
        TxKind::Call(to) => to.encode(out),
        TxKind::Create => out.put_u8(alloy::rlp::EMPTY_STRING_CODE),
    }
    message.value.encode(out);
    message.input.encode(out);
    message.access_list.encode(out);
    // Three times the chain id of Arbitrum One.
    (3 * 42_161u64).encode(out);
    other.r.encode(out);
    other.s.encode(out);
    let mut bytes = vec![2];
    Header { list: true, payload_length: fields.len() }.encode(&mut bytes);
    bytes.extend(fields);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::{Address, Bytes, bytes};

    fn message(raw: Option<Bytes>) -> Message {
        Message {
            tx_type: 2,
            from: Address::ZERO,
            to: TxKind::Call(Address::repeat_byte(1)),
            value: U256::from(1),
            input: Bytes::new(),
            gas_limit: 100_000,
            max_fee_per_gas: U256::from(1_000_000_000),
            max_priority_fee_per_gas: U256::ZERO,
            access_list: Default::default(),
            authorizations: None,
            nonce: Some(0),
            forged: false,
            raw,
        }
    }

    /// The first transaction of the recording: 936,000 gas for L1 at 50 gwei a unit and 0.1 gwei a gas.
    #[test]
    fn a_transaction_has_the_units_that_nitro_counted() {
        let raw = bytes!(
            "02f86e83064aba8080843b9aca00832dc6c09400000000000000000000000000000000000000ff80840e5bbc11c001a09a37d7dd53233ab9a5d93b5a0be4ce7c67987dc31fc1c3d4be7703252082f767a012efc7b105d370e84e8823cacd692185c186aac60e439450f1ccf4a9403ee34c"
        );
        assert_eq!(units(&message(Some(raw)), Mode::Transaction, 1), 936_000 / 500);
    }

    #[test]
    fn an_estimate_does_not_depend_on_the_gas_limit() {
        let few = message(None);
        let many = Message { gas_limit: 50_000_000, ..few.clone() };
        assert_eq!(units(&few, Mode::Estimate, 1), units(&many, Mode::Estimate, 1));
    }
}
