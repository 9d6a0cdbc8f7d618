//! The rules as pure functions. Amounts are below 2^112, so sums and doubles of them fit 128 bits.

use crate::storage::Pool;

/// The sum of a table's shares.
pub(crate) const BASIS_POINTS: u16 = 10_000;
/// The most payees of a table: setting one writes two words for each.
pub(crate) const MOST_PAYEES: usize = 256;
/// The largest amount.
const MOST: u128 = (1 << 112) - 1;

/// States of an epoch. 0 is one that was never published.
pub(crate) const PUBLISHED: u8 = 1;
/// A guardian disabled it.
pub(crate) const DISABLED: u8 = 2;
/// What was not claimed went to the treasury.
pub(crate) const RECOVERED: u8 = 3;

/// `amount` times `part` by `whole`, rounded down, for a part of at most the whole, and a whole that is not zero.
///
/// One bit of the amount at a time, so that the product is never there: a division of 256 bits would be more code than
/// all of this file, and this is rarely needed. The rest stays below the whole, so three times the whole is the largest
/// number.
pub(crate) fn portion(amount: u128, part: u128, whole: u128) -> u128 {
    let (mut quotient, mut rest) = (0, 0);
    for bit in (0..u128::BITS - amount.leading_zeros()).rev() {
        quotient <<= 1;
        rest <<= 1;
        if amount >> bit & 1 == 1 {
            rest += part;
        }
        while rest >= whole {
            rest -= whole;
            quotient += 1;
        }
    }
    quotient
}

/// A payee's part while its table is the current one: never less than before, whatever is received. As OpenZeppelin's
/// PaymentSplitter rounds it.
///
/// A long division, 32 bits at a time: on a 32-bit machine the one of 128 bits costs more. The product has 126 bits.
pub(crate) fn part(received: u128, share: u16) -> u128 {
    let (product, divisor) = (received * u128::from(share), u64::from(BASIS_POINTS));
    let (mut quotient, mut rest) = (0, 0);
    for shift in [96, 64, 32, 0] {
        let digit = rest << 32 | u64::from((product >> shift) as u32);
        quotient = quotient << 32 | u128::from(digit / divisor);
        rest = digit % divisor;
    }
    quotient
}

/// A payee's part of a table that was replaced: what is up to its last basis point, without what is up to those before
/// it. So the parts of all payees are everything, and none is less than [`part`] was.
pub(crate) fn final_part(received: u128, before: u16, share: u16) -> u128 {
    // Shares sum to 10,000.
    part(received, before + share) - part(received, before)
}

/// How much of a token came unannounced: what the balance has above what is owed, as far as it can be counted.
pub(crate) fn unannounced(balance: u128, pool: &Pool) -> u128 {
    balance.saturating_sub(pool.booked).min(countable(pool))
}

/// How much more of a token can be counted.
pub(crate) fn countable(pool: &Pool) -> u128 {
    MOST - pool.booked.max(pool.received)
}

/// How much is paid of what is due: all of it, unless the contract holds less than it owes.
pub(crate) fn payable(due: u128, balance: u128, booked: u128) -> u128 {
    if balance < booked { portion(due, balance, booked) } else { due }
}

/// Whether an index is claimed, by the word with its bit.
pub(crate) fn is_set(bits: &[u8; 32], index: u8) -> bool {
    bits[usize::from(31 - index / 8)] >> (index % 8) & 1 == 1
}

/// The word with the bit of an index set.
pub(crate) fn with_bit(mut bits: [u8; 32], index: u8) -> [u8; 32] {
    bits[usize::from(31 - index / 8)] |= 1 << (index % 8);
    bits
}

#[cfg(test)]
mod tests;
