//! The moods of `WildToken`, a token among the peers that misbehaves as its source says, in its order.

/// True, and it moves what it should.
pub const PLAIN: u8 = 0;
/// No return value, as USDT.
pub const SILENT: u8 = 1;
/// False, and nothing moves.
pub const NO: u8 = 2;
/// True, and a hundredth of what moves is burned.
pub const FEE: u8 = 3;
/// True, and the sender pays a hundredth more.
pub const SENDER_FEE: u8 = 4;
/// True, and nothing moves.
pub const LIE: u8 = 5;
/// False, and it moves what it should.
pub const SLY: u8 = 6;
/// A megabyte that begins with true.
pub const HUGE: u8 = 7;
/// It reverts with a megabyte.
pub const HUGE_REVERT: u8 = 8;
/// A number that is neither true nor false.
pub const SEVEN: u8 = 9;
/// True, and one unit less moves, as where shares are rounded.
pub const LESS: u8 = 10;
/// It makes the armed call first, then as Plain.
pub const REENTER: u8 = 11;
/// It uses up all its gas.
pub const BURN: u8 = 12;
/// `balanceOf` reverts.
pub const BLIND: u8 = 13;
/// `balanceOf` answers with 31 bytes.
pub const SHORT: u8 = 14;
/// `balanceOf` answers with a megabyte.
pub const LONG: u8 = 15;
/// `balanceOf` answers with the largest number.
pub const RICH: u8 = 16;
