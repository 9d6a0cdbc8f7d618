//! What is valid from Stylus version 3 on: no functions and blocks with several results any more. This is asked of the
//! very parser that Nitro v3.10 has.

use nitro_wasmparser_3::{
    BinaryReader, BinaryReaderError, Name, NameSectionReader, Operator, Parser, Payload, TypeRef, Validator,
    WasmFeatures,
};

use crate::stylus::wasm::failure::{Failure, red};

/// What Nitro's validator accepts: WASM 1.0 with sign extension, saturating conversions and bulk memory. Without
/// reference types, a table index must be a single zero byte.
const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::GC_TYPES);

/// A failure of the parser at a place in Nitro.
fn at(place: &'static str) -> impl Fn(BinaryReaderError) -> Failure {
    move |error| Failure::new(error.to_string(), place)
}

/// Refuses what is not valid WASM, or uses more of it than programs may. The module's name, empty if it has none.
pub(super) fn validate(wasm: &[u8]) -> Result<String, Failure> {
    let invalid = at("prover/src/binary.rs:329:10");
    Validator::new_with_features(FEATURES)
        .validate_all(wasm)
        .map_err(|error| invalid(error).wrap(format!("failed to validate {}", red("user"))))?;
    let mut module = String::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(&invalid)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(&invalid)?;
                    if !matches!(import.ty, TypeRef::Func(_)) {
                        let text = format!("unsupported import kind {import:?}");
                        return Err(Failure::new(text, "prover/src/binary.rs:391:25"));
                    }
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    let mut init = global.map_err(&invalid)?.init_expr.get_operators_reader();
                    if !is_constant(&init.read().map_err(&invalid)?) {
                        return Err(Failure::new("Opcode is not a constant", "prover/src/binary.rs:216:14"));
                    }
                }
            }
            Payload::CustomSection(custom) if custom.name() == "name" => {
                if let Some(name) = module_name(BinaryReader::new(custom.data(), custom.data_offset()))? {
                    module = name;
                }
            }
            section @ Payload::DataCountSection { .. } => {
                let text = format!("unsupported section type {section:?}");
                return Err(Failure::new(text, "prover/src/binary.rs:450:18"));
            }
            Payload::UnknownSection { id, .. } => {
                let text = format!("unsupported unknown section type {id}");
                return Err(Failure::new(text, "prover/src/binary.rs:448:41"));
            }
            _ => {}
        }
    }
    Ok(module)
}

/// The module's name. Names of functions must be well-formed too; no others are looked at.
fn module_name(section: BinaryReader<'_>) -> Result<Option<String>, Failure> {
    let mut module = None;
    for name in NameSectionReader::new(section) {
        match name.map_err(at("prover/src/binary.rs:435:27"))? {
            Name::Module { name, .. } => module = Some(name.to_owned()),
            Name::Function(names) => {
                for naming in names {
                    naming.map_err(at("prover/src/binary.rs:439:62"))?;
                }
            }
            _ => {}
        }
    }
    Ok(module)
}

fn is_constant(op: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(op, I32Const { .. } | I64Const { .. } | F32Const { .. } | F64Const { .. })
}
