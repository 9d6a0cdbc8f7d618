//! The amounts, lists and times that a step's numbers stand for.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::SolCall;
use consilium_bindings::RevenueSplitter as S;

use crate::claims::List;

use super::World;
use super::people::People;
use super::state::{Epoch, PUBLISHED};

/// Lists of epochs.
pub(super) const LISTS: u8 = 8;
/// Rows of a list.
pub(super) const ROWS: u8 = 7;

pub(super) fn hash(of: &str, number: u64) -> B256 {
    keccak256(format!("{of} {number}"))
}

/// Small amounts, those next to where rounding changes, and larger ones.
pub(super) fn amount(which: u8) -> u64 {
    let some = [0, 1, 2, 3, 7, 10, 99, 100, 101, 9_999, 10_000, 10_001, 123_456, 777, 50_000, 1_000_003];
    some[usize::from(which) % some.len()]
}

/// The indexes of a list's rows: two words of the bitmap, their borders, and two that only the account claims.
fn indexes() -> [U256; ROWS as usize] {
    let reserved = U256::ONE << 255;
    let number = U256::from::<u64>;
    [number(0), number(1), number(255), number(256), number(511), reserved, reserved + number(256)]
}

impl People {
    /// Whom a row of a list is for: who calls, odd ones, who signs; one list has rows that nobody can be paid.
    fn row(&self, list: u8, row: u8) -> Address {
        let payees = self.payees();
        match (list, row) {
            (7, 0) => Address::ZERO,
            (7, 1) => self.contract,
            (_, 5) => self.signers[usize::from(list) % 4].account(),
            (_, 6) => self.actors[usize::from(list) % 8],
            _ => payees[(usize::from(list) * 3 + usize::from(row) * 5) % (payees.len() - 1)],
        }
    }

    /// A list: the same in every script.
    pub(super) fn list(&self, list: u8) -> List {
        let unit = [1_u64, 1, 10, 100, 1_000][usize::from(list) % 5];
        let rows = indexes().into_iter().zip(0..ROWS);
        let amount = |row: u8| if (list, row) == (6, 2) { 0 } else { unit * (u64::from(row) + 1) };
        List::with(rows.map(|(index, row)| (index, self.row(list, row), U256::from(amount(row)))).collect())
    }

    /// What its rows sum up to.
    pub(super) fn sum(&self, list: u8) -> U256 {
        let list = self.list(list);
        (0..usize::from(ROWS)).map(|row| list.leaf(row).amount).sum()
    }

    /// What tokens and payees are armed with.
    pub(super) fn armed(&self, call: u8) -> (Address, Bytes) {
        let release = S::release_0Call { account: self.payee(call) }.abi_encode();
        let one = self.list(1).leaf(0);
        let data = match call % 8 {
            0 => release,
            1 => S::multicallCall { data: vec![release.into()] }.abi_encode(),
            2 => S::setTableCall { recipients: vec![self.actors[3]], basisPoints: vec![10_000], tokens: Vec::new() }
                .abi_encode(),
            3 => Vec::new(),
            4 => S::releasable_0Call { account: self.payee(call) }.abi_encode(),
            5 => S::claimManyCall { number: 1, claims: vec![one] }.abi_encode(),
            6 => S::recoverEpochCall { number: 1 }.abi_encode(),
            _ => S::release_0Call { account: self.odd[0] }.abi_encode(),
        };
        (self.contract, data.into())
    }
}

impl World {
    /// An epoch: one that can be claimed, mostly.
    pub(super) fn open_epoch(&self, which: u8, now: u64) -> u32 {
        let is_open = |epoch: &Epoch| epoch.state == PUBLISHED && (epoch.from..=epoch.deadline).contains(&now);
        self.epoch_that(which, is_open)
    }

    /// An epoch of some kind, mostly.
    pub(super) fn epoch_that(&self, which: u8, is_one: impl Fn(&Epoch) -> bool) -> u32 {
        let all = &self.model.state.epochs;
        let some: Vec<_> = (1..).zip(all).filter(|(_, epoch)| is_one(epoch)).map(|(number, _)| number).collect();
        match which {
            _ if some.is_empty() || which > 230 => u32::from(which) % (all.len() as u32 + 2),
            _ => some[usize::from(which) % some.len()],
        }
    }

    /// The list of an epoch.
    pub(super) fn list_of(&self, number: u32) -> u8 {
        let root = self.model.state.epoch(number).map(|epoch| epoch.root).unwrap_or_default();
        self.roots.get(&root).copied().unwrap_or_default()
    }

    /// A claim of an epoch, with a flaw.
    pub(super) fn drawn_claim(&self, number: u32, row: u8, flaw: u8) -> S::Claim {
        let list = &self.lists[usize::from(self.list_of(number))];
        let mut claim = list.leaf(usize::from(row % ROWS));
        match flaw {
            1 => drop(claim.proof.pop()),
            2 => claim.proof.push(B256::ZERO),
            3 => claim.amount += U256::ONE,
            4 => claim.index += U256::ONE,
            5 => claim.account = self.people.payee(row),
            6 => claim.proof.clear(),
            7 => claim.amount = U256::MAX,
            8 => claim.index ^= U256::ONE << 255,
            _ => {}
        }
        claim
    }
}
