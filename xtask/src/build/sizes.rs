//! What was built, in numbers, and the limits on them.

use crate::project;
use comfy_table::{CellAlignment, Table, presets};
use eyre::{Context, OptionExt, Result, ensure};
use nitro::{MAX_CODE, MAX_WASM, PROGRAM_WITHOUT_DICTIONARY};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use suite::{Contract, Metadata};
use wasmparser::{Parser, Payload};

/// The most a program may have once decompressed, in bytes.
const DECOMPRESSED: usize = MAX_WASM as usize;

/// One contract's sizes, in bytes but for `pages`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sizes {
    raw: usize,
    optimised: usize,
    deployed: usize,
    pages: u64,
}

impl Sizes {
    /// Reads the sizes off the steps' outputs.
    pub(crate) fn measure(raw: &[u8], wasm: &[u8], code: &[u8]) -> Result<Self> {
        let memory = Parser::new(0).parse_all(wasm).find_map(|payload| match payload {
            Ok(Payload::MemorySection(memories)) => memories.into_iter().next()?.ok(),
            _ => None,
        });
        let pages = memory.ok_or_eyre("the program has no memory")?.initial;
        Ok(Self { raw: raw.len(), optimised: wasm.len(), deployed: code.len(), pages })
    }

    /// # Errors
    /// Where one of the chain's limits is broken: says which and by how much.
    pub(crate) fn deployable(&self) -> Result<()> {
        let Self { optimised, deployed, .. } = *self;
        ensure!(
            deployed <= MAX_CODE,
            "{deployed} bytes of code ({} of them prefix): the chain takes at most {MAX_CODE}",
            PROGRAM_WITHOUT_DICTIONARY.len()
        );
        ensure!(optimised <= DECOMPRESSED, "{optimised} bytes of WASM: the chain takes at most {DECOMPRESSED}");
        Ok(())
    }

    /// # Errors
    /// Where one of this project's own limits is broken: says which and by how much.
    pub(crate) fn within(&self, allowed: &Metadata) -> Result<()> {
        let Self { deployed, pages, .. } = *self;
        let Metadata { budget, pages: most, .. } = *allowed;
        ensure!(deployed <= budget, "{deployed} bytes of code: its manifest allows it {budget}");
        ensure!(pages <= most, "{pages} memory pages at its start: its manifest allows it {most}");
        Ok(())
    }
}

/// `sizes.json`: all contracts' sizes and what made them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    compiler: String,
    contracts: BTreeMap<String, Sizes>,
}

impl Report {
    /// The last report of the same compiler, or an empty one.
    pub(crate) fn read(compiler: &str) -> Self {
        let last = std::fs::read(Self::file()).ok().and_then(|text| serde_json::from_slice::<Self>(&text).ok());
        let last = last.filter(|report| report.compiler == compiler);
        last.unwrap_or_else(|| Self { compiler: compiler.to_owned(), contracts: BTreeMap::new() })
    }

    /// Forgets contracts that are gone.
    pub(crate) fn keep_only(&mut self, contracts: &[Contract]) {
        self.contracts.retain(|name, _| contracts.iter().any(|contract| contract.name.kebab() == name));
    }

    /// Notes a contract's sizes.
    pub(crate) fn set(&mut self, name: &str, sizes: Sizes) {
        self.contracts.insert(name.to_owned(), sizes);
    }

    /// # Errors
    /// Where a contract breaks one of this project's own limits.
    pub(crate) fn within_budget(&self, contracts: &[Contract]) -> Result<()> {
        self.of(contracts).try_for_each(|(Contract { name, metadata, .. }, sizes)| {
            sizes.within(metadata).with_context(|| format!("contract {name}"))
        })
    }

    /// The contracts that have a report, with it.
    fn of<'a>(&'a self, contracts: &'a [Contract]) -> impl Iterator<Item = (&'a Contract, &'a Sizes)> {
        contracts.iter().filter_map(|contract| Some((contract, self.contracts.get(contract.name.kebab())?)))
    }

    /// Writes `sizes.json`.
    pub(crate) fn write(&self) -> Result<()> {
        std::fs::create_dir_all(project::artifacts())?;
        Ok(std::fs::write(Self::file(), serde_json::to_string_pretty(self)? + "\n")?)
    }

    /// For a person.
    pub(crate) fn table(&self, contracts: &[Contract]) -> Table {
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN);
        table.set_header(["contract", "raw", "optimised", "deployed", "of the budget", "pages"]);
        for (Contract { name, metadata, .. }, sizes) in self.of(contracts) {
            let share = format!("{} %", sizes.deployed * 100 / metadata.budget);
            let numbers = [sizes.raw, sizes.optimised, sizes.deployed].map(|number| number.to_string());
            let mut row = vec![name.to_string()];
            row.extend(numbers);
            row.extend([share, sizes.pages.to_string()]);
            table.add_row(row);
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }

    fn file() -> std::path::PathBuf {
        project::artifacts().join("sizes.json")
    }
}

#[cfg(test)]
mod tests {
    use super::{Metadata, Sizes};

    #[test]
    fn a_byte_or_a_page_too_much_is_refused() {
        let allowed = &Metadata {
            budget: 100,
            pages: 2,
            peer: None,
            rules: Vec::new(),
            components: Vec::new(),
            tests: Vec::new(),
        };
        let of = |deployed, pages| Sizes { raw: 0, optimised: 0, deployed, pages };
        assert!(of(100, 2).within(allowed).is_ok());
        assert!(of(101, 2).within(allowed).is_err());
        assert!(of(100, 3).within(allowed).is_err());
    }
}
