//! Prices in ink, by the names of the text format: "Gas and ink costs" of Arbitrum's documentation, and Nitro v3.9.8's
//! `pricing_v1` (prover/src/programs/meter.rs), arbutil/src/pricing.rs and user-host-trait. Written again for these
//! tests: nothing here is the node's.

/// A type of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    I32,
    I64,
}

use Type::{I32, I64};

/// An operator that takes values and gives one: name, ink, operands, result.
pub(super) type Pure = (&'static str, u64, &'static [Type], Type);

/// At the head of each basic block.
pub(super) const HEADER: u64 = 2_450;
pub(super) const CONST: u64 = 1;
pub(super) const NOP: u64 = 1;
pub(super) const UNREACHABLE: u64 = 1;
pub(super) const RETURN: u64 = 1;
/// Of `block`, `loop`, `else` and `end`.
pub(super) const STRUCTURE: u64 = 1;
/// Of `br`, `br_if` and `if`.
pub(super) const BRANCH: u64 = 765;
pub(super) const BR_TABLE: u64 = 2_400;
pub(super) const BR_TABLE_TARGET: u64 = 325;
pub(super) const CALL: u64 = 3_800;
pub(super) const CALL_INDIRECT: u64 = 13_610;
pub(super) const CALL_INDIRECT_PARAMETER: u64 = 650;
pub(super) const DROP: u64 = 9;
pub(super) const SELECT: u64 = 1_250;
/// Of `local.get` and `local.tee`.
pub(super) const LOCAL_GET: u64 = 75;
pub(super) const LOCAL_SET: u64 = 210;
pub(super) const GLOBAL_GET: u64 = 225;
pub(super) const GLOBAL_SET: u64 = 575;
pub(super) const MEMORY_SIZE: u64 = 3_000;
pub(super) const MEMORY_GROW: u64 = 8_050;
/// Of `memory.copy` and `memory.fill`.
pub(super) const BULK: u64 = 950;
pub(super) const BULK_BYTE: u64 = 100;
/// Of a page beyond the two that are free; the ramp is nothing up to five pages.
pub(super) const PAGE: u64 = 1_000 * 10_000;

/// Operators that compute and never trap.
pub(super) const PURE: &[Pure] = &[
    ("i32.eqz", 170, &[I32], I32),
    ("i32.clz", 210, &[I32], I32),
    ("i32.ctz", 210, &[I32], I32),
    ("i32.popcnt", 2_650, &[I32], I32),
    ("i32.extend8_s", 100, &[I32], I32),
    ("i32.extend16_s", 100, &[I32], I32),
    ("i32.wrap_i64", 100, &[I64], I32),
    ("i32.eq", 170, &[I32, I32], I32),
    ("i32.ne", 170, &[I32, I32], I32),
    ("i32.lt_s", 170, &[I32, I32], I32),
    ("i32.lt_u", 170, &[I32, I32], I32),
    ("i32.gt_s", 170, &[I32, I32], I32),
    ("i32.gt_u", 170, &[I32, I32], I32),
    ("i32.le_s", 170, &[I32, I32], I32),
    ("i32.le_u", 170, &[I32, I32], I32),
    ("i32.ge_s", 170, &[I32, I32], I32),
    ("i32.ge_u", 170, &[I32, I32], I32),
    ("i32.add", 70, &[I32, I32], I32),
    ("i32.sub", 70, &[I32, I32], I32),
    ("i32.mul", 160, &[I32, I32], I32),
    ("i32.and", 70, &[I32, I32], I32),
    ("i32.or", 70, &[I32, I32], I32),
    ("i32.xor", 70, &[I32, I32], I32),
    ("i32.shl", 70, &[I32, I32], I32),
    ("i32.shr_s", 70, &[I32, I32], I32),
    ("i32.shr_u", 70, &[I32, I32], I32),
    ("i32.rotl", 70, &[I32, I32], I32),
    ("i32.rotr", 70, &[I32, I32], I32),
    ("i64.eqz", 225, &[I64], I32),
    ("i64.clz", 210, &[I64], I64),
    ("i64.ctz", 210, &[I64], I64),
    ("i64.popcnt", 6_000, &[I64], I64),
    ("i64.extend8_s", 100, &[I64], I64),
    ("i64.extend16_s", 100, &[I64], I64),
    ("i64.extend32_s", 100, &[I64], I64),
    ("i64.extend_i32_s", 100, &[I32], I64),
    ("i64.extend_i32_u", 100, &[I32], I64),
    ("i64.eq", 225, &[I64, I64], I32),
    ("i64.ne", 225, &[I64, I64], I32),
    ("i64.lt_s", 225, &[I64, I64], I32),
    ("i64.lt_u", 225, &[I64, I64], I32),
    ("i64.gt_s", 225, &[I64, I64], I32),
    ("i64.gt_u", 225, &[I64, I64], I32),
    ("i64.le_s", 225, &[I64, I64], I32),
    ("i64.le_u", 225, &[I64, I64], I32),
    ("i64.ge_s", 225, &[I64, I64], I32),
    ("i64.ge_u", 225, &[I64, I64], I32),
    ("i64.add", 100, &[I64, I64], I64),
    ("i64.sub", 100, &[I64, I64], I64),
    ("i64.mul", 160, &[I64, I64], I64),
    ("i64.and", 100, &[I64, I64], I64),
    ("i64.or", 100, &[I64, I64], I64),
    ("i64.xor", 100, &[I64, I64], I64),
    ("i64.shl", 100, &[I64, I64], I64),
    ("i64.shr_s", 100, &[I64, I64], I64),
    ("i64.shr_u", 100, &[I64, I64], I64),
    ("i64.rotl", 100, &[I64, I64], I64),
    ("i64.rotr", 100, &[I64, I64], I64),
];

/// Divisions: what they divide by must be above zero.
pub(super) const DIVISION: &[Pure] = &[
    ("i32.div_s", 1_120, &[I32, I32], I32),
    ("i32.div_u", 1_120, &[I32, I32], I32),
    ("i32.rem_s", 1_120, &[I32, I32], I32),
    ("i32.rem_u", 1_120, &[I32, I32], I32),
    ("i64.div_s", 1_270, &[I64, I64], I64),
    ("i64.div_u", 1_270, &[I64, I64], I64),
    ("i64.rem_s", 1_270, &[I64, I64], I64),
    ("i64.rem_u", 1_270, &[I64, I64], I64),
];

/// Loads: what they take is an address.
pub(super) const LOAD: &[Pure] = &[
    ("i32.load", 670, &[I32], I32),
    ("i32.load8_s", 670, &[I32], I32),
    ("i32.load8_u", 670, &[I32], I32),
    ("i32.load16_s", 670, &[I32], I32),
    ("i32.load16_u", 670, &[I32], I32),
    ("i64.load", 680, &[I32], I64),
    ("i64.load8_s", 680, &[I32], I64),
    ("i64.load8_u", 680, &[I32], I64),
    ("i64.load16_s", 680, &[I32], I64),
    ("i64.load16_u", 680, &[I32], I64),
    ("i64.load32_s", 680, &[I32], I64),
    ("i64.load32_u", 680, &[I32], I64),
];

/// Stores, by the type of what they store.
pub(super) const STORE: &[(&str, u64, Type)] = &[
    ("i32.store", 825, I32),
    ("i32.store8", 825, I32),
    ("i32.store16", 825, I32),
    ("i64.store", 950, I64),
    ("i64.store8", 950, I64),
    ("i64.store16", 950, I64),
    ("i64.store32", 950, I64),
];

/// A host call: name, ink, arguments, result. An argument is a pointer to 32 bytes, to 32 bytes of zeros, or a length.
pub(super) type Hook = (&'static str, u64, &'static [Argument], Option<Type>);

/// What a host call takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    /// A pointer to memory that holds anything.
    Any,
    /// A pointer to zeros.
    Zeros,
    /// That number.
    Number(u32),
}

use Argument::{Any, Number, Zeros};

/// Of any host call; of each pointer; of bytes that are written into the program.
const HOSTIO: u64 = 8_400;
const PTR: u64 = 5_040;
const WRITE: u64 = 5_040;
pub(super) const INK_LEFT: u64 = HOSTIO;
/// Of a host call that pays for no pages.
pub(super) const NO_PAGES: u64 = HOSTIO;

/// Of `write_result`: the bytes leave the program and enter the EVM.
pub(super) const fn write_result(bytes: u64) -> u64 {
    HOSTIO + 2 * (16_381 + 55 * bytes.saturating_sub(32))
}

/// Host calls whose price does not depend on the state.
pub(super) const HOOKS: &[Hook] = &[
    ("block_basefee", HOSTIO + PTR, &[Any], None),
    ("block_coinbase", HOSTIO + PTR, &[Any], None),
    ("block_gas_limit", HOSTIO, &[], Some(I64)),
    ("block_number", HOSTIO, &[], Some(I64)),
    ("block_timestamp", HOSTIO, &[], Some(I64)),
    ("chainid", HOSTIO, &[], Some(I64)),
    ("contract_address", HOSTIO + PTR, &[Any], None),
    ("evm_gas_left", HOSTIO, &[], Some(I64)),
    ("math_div", HOSTIO + 3 * PTR + 20_000, &[Any, Any], None),
    ("math_mod", HOSTIO + 3 * PTR + 20_000, &[Any, Any], None),
    // An exponent of zero costs one of 33 steps.
    ("math_pow", HOSTIO + 3 * PTR + 3_000 + 17_500, &[Any, Zeros], None),
    ("math_add_mod", HOSTIO + 4 * PTR + 21_000, &[Any, Any, Any], None),
    ("math_mul_mod", HOSTIO + 4 * PTR + 24_100, &[Any, Any, Any], None),
    ("msg_reentrant", HOSTIO, &[], Some(I32)),
    ("msg_sender", HOSTIO + PTR, &[Any], None),
    ("msg_value", HOSTIO + PTR, &[Any], None),
    ("native_keccak256", 121_800, &[Any, Number(0), Any], None),
    ("native_keccak256", 121_800, &[Any, Number(64), Any], None),
    ("native_keccak256", 121_800 + 21_000, &[Any, Number(65), Any], None),
    ("native_keccak256", 121_800 + 6 * 21_000, &[Any, Number(250), Any], None),
    // There is no calldata.
    ("read_args", HOSTIO + WRITE, &[Any], None),
    ("return_data_size", HOSTIO, &[], Some(I32)),
    ("tx_gas_price", HOSTIO + PTR, &[Any], None),
    ("tx_ink_price", HOSTIO, &[], Some(I32)),
    ("tx_origin", HOSTIO + PTR, &[Any], None),
    ("write_result", write_result(0), &[Any, Number(0)], None),
    ("write_result", write_result(33), &[Any, Number(33)], None),
    ("write_result", write_result(1_000), &[Any, Number(1_000)], None),
    ("pay_for_memory_grow", NO_PAGES, &[Number(0)], None),
];
