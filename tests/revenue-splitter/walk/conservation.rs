//! What holds after each step, whatever happens. docs/invariants.md lists these by their names. They look at balances,
//! views and logs alone, and take nothing from the model but its exact fractions.

use std::collections::BTreeMap;

use alloy::primitives::{Address, Log, U256};
use alloy::sol_types::SolEventInterface;
use consilium_bindings::RevenueSplitter::RevenueSplitterEvents as E;

use super::entitlement::{Exact, exact};
use super::ledger::{Facts, Seen};
use super::state::{DISABLED, PUBLISHED};

/// A step: what the views said before and after it, and what was logged.
pub(super) struct Step<'a> {
    pub(super) facts: &'a [Facts; 2],
    pub(super) logs: &'a [&'a Log],
    /// The token that was called by itself: what it has may be otherwise for no reason of the contract's.
    pub(super) told: Option<Address>,
}

type Name = (&'static str, fn(&mut Seen, &Step<'_>) -> Result<(), String>);

/// All of them, by their names.
pub(super) const ALL: [Name; 6] = [
    ("the_balance_moves_by_what_is_logged", the_balance_moves_by_what_is_logged),
    ("what_is_owed_is_there", what_is_owed_is_there),
    ("what_was_received_was_paid_or_is_payable", what_was_received_was_paid_or_is_payable),
    ("everybody_gets_a_share_to_the_unit", everybody_gets_a_share_to_the_unit),
    ("a_replaced_table_receives_nothing_more", a_replaced_table_receives_nothing_more),
    ("an_epoch_pays_each_index_once_in_time_of_its_own", an_epoch_pays_each_index_once_in_time_of_its_own),
];

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

fn of(sums: &BTreeMap<Address, U256>, asset: Address) -> U256 {
    sums.get(&asset).copied().unwrap_or_default()
}

/// The sum over all accounts of what is told of an asset.
fn sum(told: &BTreeMap<(Address, Address), U256>, asset: Address) -> U256 {
    told.iter().filter(|((of, _), _)| *of == asset).map(|(_, amount)| *amount).sum()
}

/// The assets that all is told of, with the balance, and whether the contract holds less than it owes.
fn told<'a>(seen: &'a Seen, facts: &'a Facts) -> impl Iterator<Item = (Address, U256, bool)> + 'a {
    facts.remainder.keys().filter_map(|asset| {
        // Where two tables were set in a step, nobody was asked about the second.
        facts.received.get(&(seen.version, *asset))?;
        let balance = *facts.balances.get(asset)?;
        Some((*asset, balance, balance < of(&seen.owed, *asset)))
    })
}

fn the_balance_moves_by_what_is_logged(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let [before, after] = step.facts;
    for (asset, balance) in after.balances.iter().filter(|(asset, _)| step.told != Some(**asset)) {
        let Some(earlier) = before.balances.get(asset) else { continue };
        let [came, went] = seen.flows.get(asset).copied().unwrap_or_default();
        ensure(*earlier + came == *balance + went, || {
            format!("of {asset} were {earlier}, {came} came, {went} went, and {balance} are there")
        })?;
    }
    Ok(())
}

fn what_is_owed_is_there(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let facts = &step.facts[1];
    for (asset, balance, is_short) in told(seen, facts) {
        let payable = sum(&facts.payable, asset);
        let of_epochs = facts.epochs.iter().filter(|(number, (state, _))| {
            *state == PUBLISHED && seen.epochs.get(number).is_some_and(|epoch| epoch.token == asset)
        });
        let owed = payable + of_epochs.map(|(_, (_, left))| *left).sum::<U256>() + of(&facts.remainder, asset);
        let holds = if is_short { payable <= balance } else { owed == balance };
        ensure(holds, || format!("{owed} of {asset} are owed, {payable} payable, {balance} there"))?;
    }
    Ok(())
}

fn what_was_received_was_paid_or_is_payable(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let facts = &step.facts[1];
    for (asset, total) in &facts.total {
        let paid = sum(&seen.paid, *asset);
        ensure(paid == *total, || format!("{paid} of {asset} were paid and given up, and {total} are told"))?;
    }
    for (asset, _, is_short) in told(seen, facts) {
        let received = (1..=seen.version).map(|version| seen.received(version, asset, facts));
        let came = received.sum::<U256>() + of(&seen.given, asset);
        let went = sum(&seen.paid, asset) + sum(&facts.payable, asset) + of(&facts.remainder, asset);
        // What is payable is cut where too little is there.
        let holds = if is_short { went <= came } else { went == came };
        ensure(holds, || format!("{came} of {asset} came; {went} were paid, are payable or left by rounding"))?;
    }
    Ok(())
}

/// A table's part is rounded once, by less than a unit.
fn everybody_gets_a_share_to_the_unit(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let facts = &step.facts[1];
    for (asset, _, is_short) in told(seen, facts) {
        for ((_, account), payable) in facts.payable.iter().filter(|((of, _), _)| *of == asset && !is_short) {
            let released = seen.paid.get(&(asset, *account)).copied().unwrap_or_default();
            let given = if *account == seen.pool { of(&seen.given, asset) } else { U256::ZERO };
            let (mut share, mut tables) = (Exact::from_whole(given), U256::ZERO);
            for (version, table) in seen.tables.iter().filter(|(_, table)| table.iter().any(|(of, _)| of == account)) {
                let received = seen.received(*version, asset, facts);
                share = share.plus(exact(table, *account, received));
                tables += U256::ONE;
            }
            let gets = Exact::from_whole(released + *payable);
            let is_near = gets == share || gets.apart(share) < Exact::from_whole(tables);
            ensure(is_near, || format!("{account} gets {gets:?} of {asset}, and its share is {share:?}"))?;
        }
    }
    Ok(())
}

fn a_replaced_table_receives_nothing_more(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    let [before, after] = step.facts;
    let current = seen.version;
    for ((version, asset), amount) in after.received.iter().filter(|((version, _), _)| *version < current) {
        let earlier = before.received.get(&(*version, *asset));
        let was_current = step.replaces(*version);
        let holds = was_current || earlier.is_none_or(|earlier| earlier == amount);
        ensure(holds, || format!("table {version} had {earlier:?} of {asset} and has {amount}"))?;
    }
    Ok(())
}

impl Step<'_> {
    /// Whether a table is replaced in this step: what came by itself until then may count for it or the next.
    fn replaces(&self, version: u32) -> bool {
        self.logs.iter().any(|log| match E::decode_raw_log(log.topics(), &log.data.data) {
            Ok(E::TableSet(found)) => found.version > version,
            _ => false,
        })
    }
}

fn an_epoch_pays_each_index_once_in_time_of_its_own(seen: &mut Seen, step: &Step<'_>) -> Result<(), String> {
    if let Some(fault) = seen.faults.pop() {
        return Err(fault);
    }
    for (number, (state, remaining)) in &step.facts[1].epochs {
        let Some(told) = seen.epochs.get(number) else {
            ensure(*state == 0, || format!("{number} is there and was never published"))?;
            continue;
        };
        let left = if *state == DISABLED { U256::ZERO } else { told.total - told.gone };
        let holds = *state == told.state && *remaining == left;
        ensure(holds, || format!("{number} is {state} and has {remaining}: {told:?}"))?;
    }
    Ok(())
}
