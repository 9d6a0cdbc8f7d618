//! Programs that some version of Stylus refuses, or may refuse one day, are not built.

use super::check;
use wasm_encoder::{
    BlockType, CodeSection, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection,
    ImportSection, Instruction, MemorySection, MemoryType, Module, RefType, TableSection, TableType, TypeSection,
    ValType,
};

/// A program whose entrypoint begins with these instructions, which leave nothing behind. Type 2 has two results, and
/// there is a table.
fn program(locals: &[(u32, ValType)], instructions: &[Instruction<'_>]) -> Vec<u8> {
    with_type(&[], &[], locals, instructions)
}

/// The same with one type more.
fn with_type(
    params: &[ValType],
    results: &[ValType],
    locals: &[(u32, ValType)],
    instructions: &[Instruction<'_>],
) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function(params.iter().copied(), results.iter().copied());
    let mut imports = ImportSection::new();
    imports.import("vm_hooks", "pay_for_memory_grow", wasm_encoder::EntityType::Function(0));
    let mut functions = FunctionSection::new();
    functions.function(1);
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 1,
        maximum: Some(1),
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0).export("user_entrypoint", ExportKind::Func, 1);
    let mut elements = ElementSection::new();
    elements.passive(Elements::Functions([1][..].into()));
    let mut function = Function::new(locals.iter().copied());
    for instruction in instructions {
        function.instruction(instruction);
    }
    function.instruction(&Instruction::I32Const(0)).instruction(&Instruction::End);
    let mut code = CodeSection::new();
    code.function(&function);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories);
    module.section(&exports).section(&elements).section(&code);
    module.finish()
}

fn refusal(wasm: &[u8]) -> String {
    format!("{:#}", check(wasm).expect_err("it is refused"))
}

#[test]
fn what_every_version_takes_is_taken() {
    use Instruction::{Drop, I32Const, I64Const, I64Extend32S, MemoryCopy, MemoryFill};
    check(&program(&[(1, ValType::I64)], &[])).expect("a plain program");
    let fill = MemoryFill(0);
    let copy = MemoryCopy { src_mem: 0, dst_mem: 0 };
    let three = [I32Const(0), I32Const(0), I32Const(0)];
    check(&program(&[], &[&three[..], &[fill], &three, &[copy]].concat())).expect("copies and fills");
    check(&program(&[], &[I64Const(1), I64Extend32S, Drop])).expect("sign extension");
}

#[test]
fn several_results_are_refused() {
    let two = [ValType::I32, ValType::I32];
    assert!(refusal(&with_type(&[], &two, &[], &[])).contains("multi-value"), "an unused type");
    use Instruction::{Block, Drop, End, I32Const};
    let block = [I32Const(1), Block(BlockType::FunctionType(1)), End, Drop];
    assert!(refusal(&program(&[], &block)).contains("multi-value"), "a block with a parameter");
}

#[test]
fn references_and_floats_are_refused() {
    use Instruction::{Drop, F64Const, I32TruncSatF64S, RefNull, TableSize};
    assert!(check(&program(&[(1, ValType::FUNCREF)], &[])).is_err());
    assert!(check(&program(&[], &[RefNull(wasm_encoder::HeapType::FUNC), Drop])).is_err());
    assert!(check(&program(&[], &[TableSize(0), Drop])).is_err());
    assert!(refusal(&program(&[(1, ValType::F32)], &[])).contains("floating-point"));
    assert!(refusal(&with_type(&[ValType::F64], &[], &[], &[])).contains("floating-point"));
    assert!(check(&program(&[], &[F64Const(1.0.into()), Drop])).is_err());
    assert!(check(&program(&[], &[F64Const(1.0.into()), I32TruncSatF64S, Drop])).is_err());
}

#[test]
fn what_has_no_price_is_refused() {
    use Instruction::{ElemDrop, I32Const, TableCopy, TableInit};
    assert!(refusal(&program(&[], &[ElemDrop(0)])).contains("at a price that nobody has"));
    let three = [I32Const(0), I32Const(0), I32Const(0)];
    for operation in [TableInit { elem_index: 0, table: 0 }, TableCopy { src_table: 0, dst_table: 0 }] {
        assert!(refusal(&program(&[], &[&three[..], &[operation]].concat())).contains("at a price that nobody has"));
    }
}
