//! Step 3: the form that Stylus takes, and the proof that it is one.

use eyre::{Context, Result, bail, ensure};
use wasm_encoder::{ExportSection, Module, RawSection};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, Validator, WasmFeatures};

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

/// Checks what Stylus demands of a program and what can be seen from its form. What is left (prices, opcode by opcode) is said
/// by activation.
pub(crate) fn check(wasm: &[u8]) -> Result<()> {
    let features = WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::FLOATS
        | WasmFeatures::GC_TYPES;
    Validator::new_with_features(features).validate_all(wasm).context("not a program that Stylus takes")?;

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
            _ => {}
        }
    }
    ensure!(entrypoint, "exports no user_entrypoint: does the contract have #[entrypoint]?");
    ensure!(memory, "exports no memory");
    ensure!(pays, "does not import pay_for_memory_grow: does the contract use the SDK's allocator?");
    Ok(())
}
