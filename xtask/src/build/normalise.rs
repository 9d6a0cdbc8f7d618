//! Step 3: the form that Stylus takes, and the proof that it is one.

use eyre::{Context, Result, bail, ensure};
use wasm_encoder::{ExportSection, Module, RawSection};
use wasmparser::{ExternalKind, Operator, Parser, Payload, TypeRef, Validator, WasmFeatures};

#[cfg(test)]
mod tests;

/// What a program may use: WASM 1.0 with sign extension and bulk memory, and no floating point.
///
/// It is less than any known version of Stylus takes, so that a later one has little to refuse: a program that no version
/// takes any more is lost, with all that it holds. Versions 1 and 2 also took several results of a function or block, and
/// version 3 refuses them; all of them take types and constants of floating point and saturating conversions, which no
/// program of ours needs. (`GC_TYPES` is wasmparser's word for any reference, also that of a plain table.)
const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::GC_TYPES);

/// Host functions come from this module; the SDK's `console` and `debug` imports exist on debug chains only.
const HOST: &str = "vm_hooks";

/// All that a chain looks for in a program.
const EXPORTS: [&str; 2] = ["memory", "user_entrypoint"];

/// Leaves out what a program carries for nothing, and what Stylus refuses:
/// - custom sections: names, producers, features;
/// - the data count, which only `memory.init` would need;
/// - exports that no chain looks at, so that the optimiser need not keep what they name.
pub(crate) fn normalise(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.context("the program cannot be read")?;
        let Some((id, range)) = payload.as_section() else { continue };
        match payload {
            Payload::CustomSection(_) | Payload::DataCountSection { .. } => {}
            Payload::ExportSection(exports) => {
                let mut kept = ExportSection::new();
                for export in exports {
                    let export = export?;
                    if EXPORTS.contains(&export.name) {
                        kept.export(export.name, export.kind.into(), export.index);
                    }
                }
                module.section(&kept);
            }
            _ => {
                module.section(&RawSection { id, data: &wasm[range] });
            }
        }
    }
    Ok(module.finish())
}

/// What bulk memory has, and Stylus has never priced: everything but copies and fills of memory.
fn is_unpriced(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(operator, MemoryInit { .. } | DataDrop { .. } | TableInit { .. } | ElemDrop { .. } | TableCopy { .. })
}

/// Checks what Stylus demands of a program and what can be seen from its form. What is left (prices, opcode by opcode) is said
/// by activation.
pub(crate) fn check(wasm: &[u8]) -> Result<()> {
    Validator::new_with_features(FEATURES).validate_all(wasm).context("not a program that Stylus takes")?;

    let (mut memory, mut entrypoint, mut pays) = (false, false, false);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    ensure!(
                        matches!(import.ty, TypeRef::Func(_)) && import.module == HOST,
                        "imports {}.{}, which no chain offers",
                        import.module,
                        import.name
                    );
                    pays |= import.name == "pay_for_memory_grow";
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    match export.map(|export| (export.name, export.kind))? {
                        ("memory", ExternalKind::Memory) => memory = true,
                        ("user_entrypoint", ExternalKind::Func) => entrypoint = true,
                        (name, _) => bail!("exports {name}, which is no part of a Stylus program"),
                    }
                }
            }
            Payload::StartSection { .. } => bail!("has a start function, which Stylus refuses"),
            Payload::CodeSectionEntry(body) => {
                for operator in body.get_operators_reader()? {
                    let operator = operator?;
                    ensure!(!is_unpriced(&operator), "uses {operator:?}, at a price that nobody has");
                }
            }
            _ => {}
        }
    }
    ensure!(entrypoint, "exports no user_entrypoint: does the contract have #[entrypoint]?");
    ensure!(memory, "exports no memory");
    ensure!(pays, "does not import pay_for_memory_grow: does the contract use the SDK's allocator?");
    Ok(())
}
