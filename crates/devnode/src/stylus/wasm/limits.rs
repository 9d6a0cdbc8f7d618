//! Limits on what a program is made of (Nitro: prover/src/binary.rs, `parse_user`).
//!
//! They are applied to the metered program: its operators, globals and exports count.

use super::{
    binary::Binary,
    failure::{Failure, red},
};

/// Longest name of an export or of the module, in bytes.
const MAX_NAME: usize = 512;

/// Refuses a metered program that is too large in any respect.
pub(crate) fn check_limits(binary: &Binary<'_>, page_limit: u16) -> Result<(), Failure> {
    let pages = binary.memories[0].initial;
    if pages > u64::from(page_limit) {
        let text = format!("memory exceeds limit: {} > {}", red(pages), red(page_limit));
        return Err(Failure::new(text, "prover/src/binary.rs:662:13"));
    }
    limit(binary.memories.len(), 1, "memories", "prover/src/binary.rs:673:9")?;
    limit(binary.datas.len(), 128, "datas", "prover/src/binary.rs:674:9")?;
    limit(binary.elements.len(), 128, "elements", "prover/src/binary.rs:675:9")?;
    limit(binary.exports.len(), 1024, "exports", "prover/src/binary.rs:676:9")?;
    limit(binary.codes.len(), 4096, "functions", "prover/src/binary.rs:677:9")?;
    limit(binary.globals.len(), 32_768, "globals", "prover/src/binary.rs:678:9")?;
    for code in &binary.codes {
        limit(code.locals.len(), 348, "locals", "prover/src/binary.rs:680:13")?;
        limit(code.ops.len(), 65_536, "opcodes in func body", "prover/src/binary.rs:681:13")?;
    }
    limit(binary.imports.len(), 513, "imports", "prover/src/binary.rs:685:13")?;
    let entries = binary.tables.iter().map(|table| table.initial as usize).sum();
    limit(entries, 4096, "table entries", "prover/src/binary.rs:689:9")?;
    // Nitro measures element segments by the bytes they take.
    let entries = binary.elements.iter().map(|element| element.range.len()).sum();
    limit(entries, 4096, "element entries", "prover/src/binary.rs:692:9")?;

    if let Some(name) = binary.exports.keys().find(|name| name.len() > MAX_NAME) {
        return Err(too_long("name", name.len(), "prover/src/binary.rs:706:13"));
    }
    if binary.name.len() > MAX_NAME {
        return Err(too_long("module name", binary.name.len(), "prover/src/binary.rs:709:13"));
    }
    Ok(())
}

fn limit(count: usize, max: usize, name: &str, place: &'static str) -> Result<(), Failure> {
    if count > max {
        return Err(Failure::new(format!("too many wasm {name}: {count} > {max}"), place));
    }
    Ok(())
}

fn too_long(what: &str, len: usize, place: &'static str) -> Failure {
    Failure::new(format!("wasm {} too long: {} > {}", red(what), red(len), red(MAX_NAME)), place)
}
