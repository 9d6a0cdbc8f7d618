//! A metered program back to bytes.

use std::{convert::Infallible, ops::Range};

use wasm_encoder::{
    CodeSection, ConstExpr, ExportSection, Function, GlobalSection, GlobalType, Module, RawSection, SectionId, ValType,
    reencode::{Error, Reencode, RoundtripReencoder},
};
use wasmparser::{ExternalKind, Operator, Parser, Payload};

use super::{ENTRYPOINT, INK_LEFT, INK_STATUS, STACK_LEFT, binary::Binary};

/// Encodes a metered program for the engine. Of its exports only those that the host uses are kept.
pub(crate) fn encode(binary: &Binary<'_>) -> Result<Vec<u8>, Error<Infallible>> {
    let mut module = Module::new();
    let raw = |module: &mut Module, id: SectionId, range: Range<usize>| {
        module.section(&RawSection { id: id.into(), data: &binary.wasm[range] });
    };
    for payload in Parser::new(0).parse_all(binary.wasm) {
        match payload? {
            Payload::TypeSection(section) => raw(&mut module, SectionId::Type, section.range()),
            Payload::ImportSection(section) => raw(&mut module, SectionId::Import, section.range()),
            Payload::FunctionSection(section) => raw(&mut module, SectionId::Function, section.range()),
            Payload::TableSection(section) => raw(&mut module, SectionId::Table, section.range()),
            Payload::MemorySection(section) => {
                raw(&mut module, SectionId::Memory, section.range());
                // These come next in the order of WASM, whether the program had them or not; it did have a memory.
                module.section(&globals(binary)?);
                module.section(&exports(binary));
            }
            Payload::ElementSection(section) => raw(&mut module, SectionId::Element, section.range()),
            Payload::CodeSectionStart { .. } => {
                module.section(&codes(binary)?);
            }
            Payload::DataSection(section) => raw(&mut module, SectionId::Data, section.range()),
            _ => {}
        }
    }
    Ok(module.finish())
}

/// The program's globals, then those of the metering, which are at the end and mutable.
fn globals(binary: &Binary<'_>) -> Result<GlobalSection, Error<Infallible>> {
    let mut section = GlobalSection::new();
    for payload in Parser::new(0).parse_all(binary.wasm) {
        if let Payload::GlobalSection(globals) = payload? {
            RoundtripReencoder.parse_global_section(&mut section, globals)?;
        }
    }
    for init in &binary.globals[section.len() as usize..] {
        let (val_type, init) = match init {
            Operator::I64Const { value } => (ValType::I64, ConstExpr::i64_const(*value)),
            _ => (ValType::I32, ConstExpr::i32_const(0)),
        };
        section.global(GlobalType { val_type, mutable: true, shared: false }, &init);
    }
    Ok(section)
}

fn exports(binary: &Binary<'_>) -> ExportSection {
    let mut section = ExportSection::new();
    for name in ["memory", ENTRYPOINT, INK_LEFT, INK_STATUS, STACK_LEFT] {
        if let Some(&(index, kind)) = binary.exports.get(name) {
            let kind = match kind {
                ExternalKind::Func => wasm_encoder::ExportKind::Func,
                ExternalKind::Memory => wasm_encoder::ExportKind::Memory,
                _ => wasm_encoder::ExportKind::Global,
            };
            section.export(name, kind, index);
        }
    }
    section
}

fn codes(binary: &Binary<'_>) -> Result<CodeSection, Error<Infallible>> {
    let mut section = CodeSection::new();
    for code in &binary.codes {
        let locals = code.locals.iter().map(|ty| RoundtripReencoder.val_type(*ty)).collect::<Result<Vec<_>, _>>()?;
        let mut function = Function::new_with_locals_types(locals);
        for op in &code.ops {
            function.instruction(&RoundtripReencoder.instruction(op.clone())?);
        }
        section.function(&function);
    }
    Ok(section)
}
