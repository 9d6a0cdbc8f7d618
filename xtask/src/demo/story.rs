//! What happened, as a table for a newcomer, and the promises that were checked on the way.

use alloy::primitives::{Address, B256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolEvent;
use comfy_table::{CellAlignment, Table, presets};
use eyre::{Result, bail, ensure, eyre};
use std::fmt::{Debug, Display};

/// The table and the checks.
#[derive(Debug)]
pub(crate) struct Story {
    table: Table,
    checks: usize,
}

impl Story {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN).set_header(["step", "who", "transaction", "gas", "state"]);
        Self { table, checks: 0 }
    }

    /// Adds a line for a transaction.
    pub(crate) fn told(&mut self, step: impl Display, who: &str, receipt: &TransactionReceipt, state: impl Display) {
        self.line(step, who, receipt.transaction_hash, receipt.gas_used, state);
    }

    /// Adds a line for a transaction of which only this is known.
    pub(crate) fn line(&mut self, step: impl Display, who: &str, hash: B256, gas: u64, state: impl Display) {
        self.table.add_row([step.to_string(), who.to_owned(), short(hash), grouped(gas), state.to_string()]);
    }

    /// Adds a line for what happened without a transaction.
    pub(crate) fn noted(&mut self, step: impl Display, who: &str, state: impl Display) {
        self.table.add_row([step.to_string(), who.to_owned(), String::new(), String::new(), state.to_string()]);
    }

    /// Checks that what was found is what was promised.
    ///
    /// # Errors
    /// If it differs: names it, with both.
    pub(crate) fn same<T: PartialEq + Debug>(&mut self, what: impl Display, found: T, promised: T) -> Result<()> {
        ensure!(found == promised, "{what}: promised {promised:?}, found {found:?}");
        self.checks += 1;
        Ok(())
    }

    /// Checks that a call was refused, and for which reason.
    ///
    /// # Errors
    /// If it went through, or was refused with anything but this error's selector.
    pub(crate) fn refused<T>(
        &mut self,
        what: &str,
        result: alloy::contract::Result<T>,
        selector: [u8; 4],
    ) -> Result<()> {
        let Err(error) = result else { bail!("{what}: promised a refusal, but it went through") };
        let data = error.as_revert_data().ok_or_else(|| eyre!("{what}: promised a revert, found: {error}"))?;
        self.same(format!("{what}: error"), data.get(..4), Some(&selector[..]))
    }

    /// The only event of its kind that `emitter` logged in a transaction.
    ///
    /// # Errors
    /// If there is none, or more than one.
    pub(crate) fn event<E: SolEvent>(&mut self, receipt: &TransactionReceipt, emitter: Address) -> Result<E> {
        let mut found = events::<E>(receipt, emitter);
        self.same(format!("events {} in {}", E::SIGNATURE, receipt.transaction_hash), found.len(), 1)?;
        Ok(found.remove(0))
    }

    /// Prints the table and how many promises were kept: all, if the story came to its end.
    pub(crate) fn print(&mut self, to_the_end: bool) {
        if let Some(gas) = self.table.column_mut(3) {
            gas.set_cell_alignment(CellAlignment::Right);
        }
        println!("{}", self.table);
        let rest = if to_the_end { "all of them" } else { "then one was broken" };
        println!("\n{} promises kept, {rest}", self.checks);
    }
}

/// All events of a kind that `emitter` logged in a transaction.
pub(crate) fn events<E: SolEvent>(receipt: &TransactionReceipt, emitter: Address) -> Vec<E> {
    let logs = receipt.logs().iter().filter(|log| log.address() == emitter);
    logs.filter_map(|log| E::decode_log(&log.inner).ok().map(|event| event.data)).collect()
}

fn short(hash: B256) -> String {
    let text = hash.to_string();
    format!("{}…{}", &text[..8], &text[text.len() - 4..])
}

/// 1234567 as 1,234,567.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn groups_digits_by_three() {
        assert_eq!(["0", "999", "1,000", "12,345", "1,234,567"], [0, 999, 1_000, 12_345, 1_234_567].map(grouped)[..]);
    }
}
