//! Each invariant notices a breach of it: logs, balances and views that no contract of these rules leads to.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256, Log, LogData, U256};
use alloy::sol_types::SolEvent;
use consilium_bindings::RevenueSplitter as S;

use super::conservation::{ALL, Step};
use super::ledger::{Facts, Seen};
use super::state::{DISABLED, PUBLISHED, RECOVERED, time};

const POOL: Address = Address::repeat_byte(0xcc);
const ANNA: Address = Address::repeat_byte(1);
const BEN: Address = Address::repeat_byte(2);
const TOKEN: Address = Address::repeat_byte(0x70);
const NOW: u64 = 1_000;

fn number(number: u64) -> U256 {
    U256::from(number)
}

/// A splitter under one table: 60 percent are Anna's, 10 Ben's, 30 the pool's. It received 1,000 of a token, of which
/// Anna was paid 600 and an epoch has 200; and what the views say.
struct Case {
    seen: Seen,
    facts: [Facts; 2],
    logs: Vec<LogData>,
    told: Option<Address>,
}

impl Case {
    fn new() -> Self {
        let table = vec![(ANNA, 6_000), (BEN, 1_000), (POOL, 3_000)];
        let mut case = Self {
            seen: Seen::new(table, POOL),
            facts: [Facts::default(), Facts::default()],
            logs: Vec::new(),
            told: None,
        };
        case.step(vec![received(1_000), released(ANNA, 600), published(200, 1)], NOW - 100);
        let facts = &mut case.facts[1];
        facts.balances.insert(TOKEN, number(400));
        for (account, payable) in [(ANNA, 0), (BEN, 100), (POOL, 100)] {
            facts.payable.insert((TOKEN, account), number(payable));
        }
        facts.remainder.insert(TOKEN, U256::ZERO);
        facts.total.insert(TOKEN, number(800));
        facts.received.insert((1, TOKEN), number(1_000));
        facts.epochs.insert(1, (PUBLISHED, number(200)));
        case.facts[0] = case.facts[1].clone();
        case.step(Vec::new(), NOW);
        case
    }

    /// A step that logs this.
    fn step(&mut self, logs: Vec<LogData>, now: u64) {
        let all: Vec<_> = logs.iter().map(|data| Log { address: POOL, data: data.clone() }).collect();
        self.seen.fold(&all.iter().collect::<Vec<_>>(), now);
        self.logs = logs;
    }

    fn after(&mut self) -> &mut Facts {
        &mut self.facts[1]
    }

    /// The invariants that do not hold.
    fn broken(mut self) -> BTreeSet<&'static str> {
        let all: Vec<_> = self.logs.iter().map(|data| Log { address: POOL, data: data.clone() }).collect();
        let logs: Vec<_> = all.iter().collect();
        let step = Step { facts: &self.facts, logs: &logs, told: self.told };
        let broken = ALL.iter().filter(|(_, holds)| holds(&mut self.seen, &step).is_err());
        broken.map(|(name, _)| *name).collect()
    }
}

fn received(amount: u64) -> LogData {
    let (token, payer, licence, request) = (TOKEN, ANNA, B256::ZERO, B256::ZERO);
    S::RevenueReceived { token, payer, licence, dataClass: 0, request, amount: number(amount), version: 1 }
        .encode_log_data()
}

fn released(to: Address, amount: u64) -> LogData {
    S::ERC20PaymentReleased { token: TOKEN, to, amount: number(amount) }.encode_log_data()
}

/// An epoch that opens at once and ends in a hundred seconds.
fn published(total: u64, epoch: u32) -> LogData {
    let (claimableFrom, deadline, total) = (time(NOW), time(NOW + 100), number(total));
    let (root, manifest) = (B256::repeat_byte(1), B256::ZERO);
    S::EpochPublished { number: epoch, token: TOKEN, root, manifest, total, claimableFrom, deadline }.encode_log_data()
}

fn claimed(epoch: u32, index: u64, amount: u64) -> LogData {
    S::Claimed { number: epoch, index: number(index), account: BEN, to: BEN, amount: number(amount) }.encode_log_data()
}

fn lost(account: Address, amount: u64) -> LogData {
    S::LossTaken { token: TOKEN, account, amount: number(amount) }.encode_log_data()
}

/// The views after a claim of 50 of the epoch.
fn after_a_claim() -> Case {
    let mut case = Case::new();
    case.step(vec![claimed(1, 7, 50)], NOW);
    case.after().balances.insert(TOKEN, number(350));
    case.after().epochs.insert(1, (PUBLISHED, number(150)));
    case
}

#[test]
fn nothing_is_broken_where_all_is_right() {
    assert_eq!(Case::new().broken(), BTreeSet::new());
    assert_eq!(after_a_claim().broken(), BTreeSet::new());
    // Less is there than is owed: what is payable is cut.
    let mut case = Case::new();
    (case.told, _) = (Some(TOKEN), case.after().balances.insert(TOKEN, number(200)));
    case.after().payable.insert((TOKEN, BEN), number(50));
    case.after().payable.insert((TOKEN, POOL), number(50));
    assert_eq!(case.broken(), BTreeSet::new());
    // Ben takes his loss, so that the others' part is as it was.
    let mut case = Case::new();
    case.step(vec![released(BEN, 50), lost(BEN, 50)], NOW);
    case.after().total.insert(TOKEN, number(900));
    case.facts[0].balances.insert(TOKEN, number(200));
    for facts in &mut case.facts {
        facts.payable.insert((TOKEN, POOL), number(50));
    }
    case.after().balances.insert(TOKEN, number(150));
    case.after().payable.insert((TOKEN, BEN), U256::ZERO);
    assert_eq!(case.broken(), BTreeSet::new());
}

#[test]
fn money_that_moves_without_a_log() {
    let name = "the_balance_moves_by_what_is_logged";
    let mut case = Case::new();
    case.after().balances.insert(TOKEN, number(399));
    assert!(case.broken().contains(name));
    let mut case = Case::new();
    case.step(vec![received(1)], NOW);
    assert!(case.broken().contains(name));
    let mut case = Case::new();
    case.after().balances.insert(TOKEN, number(401));
    case.told = Some(TOKEN);
    assert!(!case.broken().contains(name));
}

#[test]
fn more_is_owed_than_is_there() {
    let name = "what_is_owed_is_there";
    let mut case = Case::new();
    case.after().payable.insert((TOKEN, BEN), number(101));
    assert!(case.broken().contains(name));
    let mut case = Case::new();
    case.after().payable.insert((TOKEN, BEN), number(99));
    assert!(case.broken().contains(name));
    let mut case = Case::new();
    case.after().remainder.insert(TOKEN, number(1));
    assert!(case.broken().contains(name));
    // Where a token is short, nobody is told of more than there is.
    let mut case = Case::new();
    case.after().balances.insert(TOKEN, number(100));
    assert!(case.broken().contains(name));
}

#[test]
fn money_that_rounding_loses() {
    let name = "what_was_received_was_paid_or_is_payable";
    let mut case = Case::new();
    case.after().payable.insert((TOKEN, POOL), number(99));
    assert!(case.broken().contains(name));
    let mut case = Case::new();
    case.after().received.insert((1, TOKEN), number(1_001));
    assert!(case.broken().contains(name));
    // A loss that is not logged in full.
    let mut case = Case::new();
    case.step(vec![released(BEN, 50), lost(BEN, 49)], NOW);
    case.facts[0].balances.insert(TOKEN, number(200));
    case.after().balances.insert(TOKEN, number(150));
    case.after().payable.insert((TOKEN, BEN), U256::ZERO);
    case.after().payable.insert((TOKEN, POOL), number(50));
    case.after().total.insert(TOKEN, number(900));
    assert_eq!(case.broken(), BTreeSet::from([name]));
}

#[test]
fn a_share_that_is_another() {
    let name = "everybody_gets_a_share_to_the_unit";
    // What one loses another gains: all together is right.
    let mut case = Case::new();
    case.after().payable.insert((TOKEN, BEN), number(101));
    case.after().payable.insert((TOKEN, POOL), number(99));
    assert_eq!(case.broken(), BTreeSet::from([name]));
    // Less than a unit is rounding.
    let mut case = Case::new();
    case.step(vec![received(7)], NOW);
    case.after().received.insert((1, TOKEN), number(1_007));
    case.after().balances.insert(TOKEN, number(407));
    case.after().payable.insert((TOKEN, ANNA), number(4));
    case.after().payable.insert((TOKEN, POOL), number(102));
    case.after().remainder.insert(TOKEN, number(1));
    assert_eq!(case.broken(), BTreeSet::new());
}

#[test]
fn a_table_that_is_retroactive() {
    let name = "a_replaced_table_receives_nothing_more";
    let next = || S::TableSet { version: 2, payees: number(1) }.encode_log_data();
    let payee = || S::PayeeAdded { account: BEN, shares: number(10_000) }.encode_log_data();
    let mut case = Case::new();
    case.step(vec![next(), payee()], NOW);
    case.after().received.insert((2, TOKEN), U256::ZERO);
    assert_eq!(case.broken(), BTreeSet::new());
    // Afterwards it stays so.
    let mut case = Case::new();
    case.step(vec![next(), payee()], NOW);
    case.step(Vec::new(), NOW);
    case.after().received.insert((2, TOKEN), U256::ZERO);
    case.after().received.insert((1, TOKEN), number(999));
    assert!(case.broken().contains(name));
    // Anna's part of the first table is Ben's all of a sudden.
    let mut case = Case::new();
    case.step(vec![next(), payee()], NOW);
    case.after().received.insert((2, TOKEN), U256::ZERO);
    case.after().payable.insert((TOKEN, BEN), number(200));
    case.after().payable.insert((TOKEN, POOL), U256::ZERO);
    assert_eq!(case.broken(), BTreeSet::from(["everybody_gets_a_share_to_the_unit"]));
}

#[test]
fn an_epoch_that_pays_what_it_may_not() {
    let name = "an_epoch_pays_each_index_once_in_time_of_its_own";
    let broken = |logs: Vec<LogData>, now: u64| {
        let mut case = after_a_claim();
        case.step(logs, now);
        case.broken().contains(name)
    };
    // The same index again, another one, more than there is, and one that was never published.
    assert!(broken(vec![claimed(1, 7, 1)], NOW) && broken(vec![claimed(1, 8, 500)], NOW));
    assert!(broken(vec![claimed(2, 7, 1)], NOW));
    // Before it opens, and after its end.
    assert!(broken(vec![claimed(1, 8, 1)], NOW - 1) && broken(vec![claimed(1, 8, 1)], NOW + 101));
    let right = |state, left: u64, balance: u64, logs: Vec<LogData>, now| {
        let mut case = after_a_claim();
        case.step(logs, now);
        case.after().epochs.insert(1, (state, number(left)));
        case.facts[0].balances.insert(TOKEN, number(350));
        case.after().balances.insert(TOKEN, number(balance));
        !case.broken().contains(name)
    };
    assert!(right(PUBLISHED, 149, 349, vec![claimed(1, 8, 1)], NOW + 100));
    assert!(!right(PUBLISHED, 150, 349, vec![claimed(1, 8, 1)], NOW + 100));
    assert!(right(PUBLISHED, 148, 349, vec![claimed(1, 8, 1), lost(BEN, 1)], NOW + 100));
    let recovered = || S::EpochRecovered { number: 1, to: ANNA, amount: number(150) }.encode_log_data();
    assert!(right(RECOVERED, 0, 200, vec![recovered()], NOW + 101));
    assert!(!right(RECOVERED, 0, 200, vec![recovered()], NOW + 100));
    assert!(!right(RECOVERED, 0, 200, vec![recovered(), claimed(1, 9, 1)], NOW + 101));
    // Nobody disables it once it is open; before, all that it had is the pool's.
    let disabled = |amount| S::EpochDisabled { number: 1, amount: number(amount) }.encode_log_data();
    assert!(!right(DISABLED, 0, 350, vec![disabled(150)], NOW));
    for (amount, now, holds) in [(200, NOW - 1, true), (200, NOW, false), (199, NOW - 1, false)] {
        let mut case = Case::new();
        case.step(vec![disabled(amount)], now);
        case.after().epochs.insert(1, (DISABLED, U256::ZERO));
        assert_eq!(!case.broken().contains(name), holds, "{amount} {now}");
    }
}

/// `docs/invariants.md` names the rules that are checked, and no other.
#[test]
fn the_book_names_the_rules() {
    let rows = include_str!("../../../docs/invariants.md").lines();
    let named: BTreeSet<_> =
        rows.filter_map(|line| line.strip_prefix("| `conservation::")?.split('`').next()).collect();
    assert_eq!(named, ALL.map(|(name, _)| name).into());
}
