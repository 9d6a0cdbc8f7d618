//! What Nitro checks when it builds the prover's module from a program (prover/src/machine.rs, wavm.rs).

use wasmparser::{DataKind, ElementItems, ElementKind, Operator};

use super::{
    binary::Binary,
    failure::{Failure, red},
    floats::float_operation,
    instrument::signature,
};
use crate::stylus::host::imports;

/// Bytes of a page.
const PAGE: u64 = 65_536;

/// Refuses a metered program that the prover could not build.
pub(crate) fn check_module(binary: &Binary<'_>, debug: bool) -> Result<(), Failure> {
    check_imports(binary, debug)?;
    for code in &binary.codes {
        check_floats(&code.ops, &binary.name)?;
    }
    check_memory(binary)?;
    check_tables(binary)
}

fn check_imports(binary: &Binary<'_>, debug: bool) -> Result<(), Failure> {
    for import in &binary.imports {
        let (module, name) = (import.module, import.name);
        let user = red(&binary.name);
        let Some(known) = imports::find(module, name, debug) else {
            let text = format!("No such import {} in {} for {user}", red(name), red(module));
            return Err(Failure::new(text, "prover/src/machine.rs:408:17"));
        };
        let have = &binary.types[import.ty as usize];
        if have.params() != known.params || have.results() != known.results {
            let expected = wasmparser::FuncType::new(known.params.iter().copied(), known.results.iter().copied());
            let text = format!(
                "Import {} for {user} has different function signature than export.\nexpected {} in {}\nbut have {}",
                red(name),
                red(signature(&expected)),
                red(module),
                red(signature(have)),
            );
            return Err(Failure::new(text, "prover/src/machine.rs:415:13"));
        }
    }
    Ok(())
}

/// The prover has no floating point for programs: only constants, locals, loads and reinterpretations pass.
fn check_floats(code: &[Operator<'_>], name: &str) -> Result<(), Failure> {
    for op in code {
        if let Some((operation, place)) = float_operation(op) {
            let text = format!("No implementation for floating point operation {} in {}", red(operation), red(name));
            return Err(Failure::new(text, place));
        }
    }
    Ok(())
}

fn check_memory(binary: &Binary<'_>) -> Result<(), Failure> {
    let size = binary.memories[0].initial * PAGE;
    for data in &binary.datas {
        let DataKind::Active { offset_expr, .. } = &data.kind else { continue };
        let offset = constant(offset_expr);
        let len = data.data.len() as u64;
        if offset.saturating_add(len) > size {
            let text = format!("Out-of-bounds data memory init with offset {} and size {}", red(offset), red(len));
            return Err(Failure::new(text, "prover/src/machine.rs:520:17"));
        }
    }
    Ok(())
}

fn check_tables(binary: &Binary<'_>) -> Result<(), Failure> {
    for element in &binary.elements {
        let ElementKind::Active { offset_expr, .. } = &element.kind else { continue };
        let offset = constant(offset_expr);
        let len = match &element.items {
            ElementItems::Functions(items) => u64::from(items.count()),
            ElementItems::Expressions(_, items) => u64::from(items.count()),
        };
        let entries = binary.tables.first().map_or(0, |table| table.initial);
        if offset.saturating_add(len) > entries {
            let text = format!(
                "Out of bounds element segment at offset {offset} and length {len} for table of length {entries}"
            );
            return Err(Failure::new(text, "prover/src/machine.rs:575:13"));
        }
    }
    Ok(())
}

/// Value of an offset, which validation has made sure is a constant. Negative ones are far out of bounds:
/// Nitro extends the sign.
fn constant(offset: &wasmparser::ConstExpr<'_>) -> u64 {
    match offset.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => i64::from(value).cast_unsigned(),
        _ => u64::MAX,
    }
}
