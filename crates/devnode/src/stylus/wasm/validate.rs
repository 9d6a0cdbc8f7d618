//! What is valid WASM to Nitro, and what it says of what is not (prover/src/binary.rs, `parse`).

use wasmparser::{
    BinaryReader, BinaryReaderError, Name, NameSectionReader, Operator, Parser, Payload, TypeRef, Validator,
    WasmFeatures,
};

use super::failure::{Failure, red};

/// What Nitro's validator accepts: WASM 1.0 with sign extension, saturating conversions, multi-value and bulk memory.
/// Without reference types, a table index must be a single zero byte.
const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::GC_TYPES);

/// Refuses what is not valid WASM, or uses more of it than programs may; `multi_value` allows several results. The module's
/// name, empty if it has none.
pub(super) fn validate(wasm: &[u8], multi_value: bool) -> Result<String, Failure> {
    let invalid = |error: BinaryReaderError| {
        Failure::new(in_nitros_words(wasm, &error), "prover/src/binary.rs:329:10")
            .wrap(format!("failed to validate {}", red("user")))
    };
    let mut features = FEATURES;
    features.set(WasmFeatures::MULTI_VALUE, multi_value);
    Validator::new_with_features(features).validate_all(wasm).map_err(invalid)?;
    let mut module = String::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(invalid)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(invalid)?;
                    if let Some(kind) = foreign_kind(&import.ty) {
                        let (module, name) = (import.module, import.name);
                        let text = format!(
                            "unsupported import kind Import {{ module: {module:?}, name: {name:?}, ty: {kind} }}"
                        );
                        return Err(Failure::new(text, "prover/src/binary.rs:391:25"));
                    }
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    let mut init = global.map_err(invalid)?.init_expr.get_operators_reader();
                    if !is_constant(&init.read().map_err(invalid)?) {
                        return Err(Failure::new("Opcode is not a constant", "prover/src/binary.rs:184:14"));
                    }
                }
            }
            Payload::CustomSection(custom) if custom.name() == "name" => {
                if let Some(name) = module_name(custom.data())? {
                    module = name;
                }
            }
            Payload::DataCountSection { count, range } => {
                let text = format!("unsupported section type DataCountSection {{ count: {count}, range: {range:?} }}");
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
fn module_name(section: &[u8]) -> Result<Option<String>, Failure> {
    let at = |place| move |error: BinaryReaderError| Failure::new(in_nitros_words(section, &error), place);
    let mut module = None;
    for name in NameSectionReader::new(BinaryReader::new(section, 0)) {
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

/// A validator's message as the older version of it that Nitro has would put it.
fn in_nitros_words(wasm: &[u8], error: &BinaryReaderError) -> String {
    let (message, offset) = (error.message(), error.offset());
    let at = |text: &str, offset: usize| format!("{text} (at offset {offset:#x})");
    if let Some(version) = message.strip_prefix("unknown binary version:") {
        return at(&format!("unknown binary version: {}", version.trim_start()), 0);
    }
    if message.starts_with("legacy_exceptions feature required") {
        return at("exceptions support is not enabled", offset);
    }
    match message {
        "zero byte expected" => {
            let (text, offset) = zero_byte(wasm, offset);
            at(text, offset)
        }
        "malformed UTF-8 encoding" => at("invalid UTF-8 encoding", offset),
        "malformed section id" => at(message, 0),
        "malformed reference type" => at(message, offset + 1),
        "malformed global flags" => at("malformed mutability", offset),
        "function section is absent but code section has non-zero count" => {
            at("code section without function section", offset)
        }
        "control frames remain at end of function body or expression" => {
            at("control frames remain at end of function: END opcode expected", offset)
        }
        "operators remaining after end of function body or expression" => {
            at("operators remaining after end of function", offset)
        }
        _ => error.to_string(),
    }
}

/// What is not enabled where a byte must be zero, and the place that Nitro gives: of a memory's index the byte itself,
/// of a table's the operator, before which are the bytes of a type, the last of them without the high bit.
fn zero_byte(wasm: &[u8], end: usize) -> (&'static str, usize) {
    const CALL_INDIRECT: u8 = 0x11;
    const MEMORY_SIZE: u8 = 0x3f;
    const MEMORY_GROW: u8 = 0x40;
    let before = |at: usize, by: usize| at.checked_sub(by).and_then(|at| wasm.get(at)).copied();
    let mut at = end.saturating_sub(1);
    if matches!(before(at, 1), Some(MEMORY_SIZE | MEMORY_GROW)) && before(at, 2) != Some(CALL_INDIRECT) {
        return ("multi-memory not enabled: zero byte expected", at);
    }
    while before(at, 1).is_some_and(|byte| byte & 0x80 != 0) {
        at -= 1;
    }
    ("reference-types not enabled: zero byte expected", at.saturating_sub(1))
}

fn is_constant(op: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(op, I32Const { .. } | I64Const { .. } | F32Const { .. } | F64Const { .. })
}

/// An import that is no function, as Nitro's parser prints it.
fn foreign_kind(ty: &TypeRef) -> Option<String> {
    Some(match ty {
        TypeRef::Func(_) => return None,
        TypeRef::Memory(ty) => format!(
            "Memory(MemoryType {{ memory64: {}, shared: {}, initial: {}, maximum: {:?} }})",
            ty.memory64, ty.shared, ty.initial, ty.maximum
        ),
        TypeRef::Global(ty) => {
            format!("Global(GlobalType {{ content_type: {:?}, mutable: {} }})", ty.content_type, ty.mutable)
        }
        TypeRef::Table(ty) => format!(
            "Table(TableType {{ element_type: {}, initial: {}, maximum: {:?} }})",
            ty.element_type, ty.initial, ty.maximum
        ),
        other => format!("{other:?}"),
    })
}
