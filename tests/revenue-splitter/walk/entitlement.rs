//! Who is entitled to how much of what came: exactly, as a fraction, and rounded as the interface's text says.
//!
//! Every share is a number of basis points, so every entitlement is a number of ten-thousandths. Only [`Exact::whole`]
//! rounds.

use alloy::primitives::{Address, U256};

/// The sum of a table's shares.
pub(super) const ALL: u64 = 10_000;

/// An exact amount, in ten-thousandths of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Exact(pub(super) U256);

impl Exact {
    /// So many basis points of an amount.
    pub(super) fn of(amount: U256, share: u64) -> Self {
        Self(amount * U256::from(share))
    }

    pub(super) fn from_whole(amount: U256) -> Self {
        Self::of(amount, ALL)
    }

    /// The whole units of it.
    pub(super) fn whole(self) -> U256 {
        self.0 / U256::from(ALL)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// How far apart two are.
    pub(super) fn apart(self, other: Self) -> Self {
        Self(self.0.abs_diff(other.0))
    }
}

/// A table: its payees with their shares, in order.
pub(super) type Table = Vec<(Address, u16)>;

/// An account's share of a table, and the sum of those before it.
fn place(table: &Table, account: Address) -> Option<(u64, u64)> {
    let at = table.iter().position(|(payee, _)| *payee == account)?;
    let before = table[..at].iter().map(|(_, share)| u64::from(*share)).sum();
    Some((before, table[at].1.into()))
}

/// What an account is entitled to of what a table received, exactly.
pub(super) fn exact(table: &Table, account: Address, received: U256) -> Exact {
    place(table, account).map_or(Exact::default(), |(_, share)| Exact::of(received, share))
}

/// The whole units of that while the table is the current one.
pub(super) fn current(table: &Table, account: Address, received: U256) -> U256 {
    exact(table, account, received).whole()
}

/// The units that it gets of a table that was replaced: those up to its last basis point that were not given before it.
pub(super) fn settled(table: &Table, account: Address, received: U256) -> U256 {
    place(table, account).map_or(U256::ZERO, |(before, share)| {
        Exact::of(received, before + share).whole() - Exact::of(received, before).whole()
    })
}

/// What is paid of an amount that is due, where there is so much, and so much is owed to all.
pub(super) fn cut(due: U256, balance: U256, owed: U256) -> U256 {
    if balance < owed { due * balance / owed } else { due }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_replaced_table_are_everything() {
        let table: Table = [1_u8, 2, 3].iter().map(|at| Address::repeat_byte(*at)).zip([3_333, 3_333, 3_334]).collect();
        for received in [0_u64, 1, 2, 3, 7, 10_000, 999_999] {
            let received = U256::from(received);
            let sum: U256 = table.iter().map(|(payee, _)| settled(&table, *payee, received)).sum();
            assert_eq!(sum, received);
            for (payee, share) in &table {
                let exact = exact(&table, *payee, received);
                assert_eq!(exact, Exact::of(received, (*share).into()));
                let (now, then) = (current(&table, *payee, received), settled(&table, *payee, received));
                assert!(now <= then && Exact::from_whole(then).apart(exact) < Exact::from_whole(U256::ONE));
            }
        }
    }
}
