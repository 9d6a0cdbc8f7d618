//! Anything that somebody deploys as a program: its activation answers, and what it accepts runs.

use super::{
    cases,
    dice::{self, Dice},
    host_calls,
    ink::any_program,
};
use crate::support::{Chain, RULES, at, program};
use devnode::{
    evm::Status,
    stylus::{self, ActivationRules},
};
use proptest::prelude::*;
use std::borrow::Cow;
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType, Module, RefType,
    StartSection, TableSection, TableType, TypeSection, ValType,
};

/// Most gas of an activation here, and of a call.
const GAS: u64 = 30_000_000;

/// Activates bytes twice, runs what is accepted; whether it was.
fn load(wasm: &[u8], input: &[u8]) -> Result<bool, TestCaseError> {
    let activate = |rules: ActivationRules| {
        let mut gas = GAS;
        let activation = stylus::activate(wasm, Default::default(), rules, &mut gas);
        (activation, gas)
    };
    let (first, gas) = activate(RULES);
    prop_assert!(gas <= GAS);
    prop_assert_eq!(&activate(RULES), &(first.clone(), gas), "the same bytes, the same answer");
    // Fewer rules never refuse what more allow.
    let strict = activate(ActivationRules { debug: false, ..RULES }).0;
    prop_assert!(strict.is_err() || first.is_ok());
    let mut chain = Chain::new();
    if chain.try_put_program(at(1), wasm).is_err() {
        return Ok(false);
    }
    let outcome = chain.call(at(1), input.to_vec(), 1_000_000);
    prop_assert!(outcome.gas_used <= 1_000_000);
    if let Status::Failure(text) = &outcome.status {
        prop_assert!(!text.contains("cannot"), "what is active can be compiled: {}", text);
    }
    let echo = "(call $read_args (i32.const 0)) (call $write_result (i32.const 0) (local.get $len)) i32.const 0";
    chain.put_program(at(2), &program(echo));
    let honest = chain.call(at(2), b"still here".as_slice(), 1_000_000);
    prop_assert_eq!(honest.output.as_ref(), b"still here");
    Ok(true)
}

/// Changes bytes, cuts, repeats and moves pieces of a module.
fn damage(wasm: &mut Vec<u8>, dice: &mut Dice<'_>) {
    for _ in 0..=dice.roll(4) {
        // Positions beyond the magic number.
        let at = |dice: &mut Dice<'_>, wasm: &[u8]| 8 + dice.word() as usize % (wasm.len() - 8).max(1);
        let (from, to) = (at(dice, wasm).min(wasm.len()), at(dice, wasm).min(wasm.len()));
        let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 64));
        match dice.roll(5) {
            0 if from < wasm.len() => wasm[from] = dice.byte(),
            1 if from < wasm.len() => wasm[from] ^= 1 << dice.roll(8),
            2 => drop(wasm.drain(from..to)),
            3 => {
                let piece = wasm[from..to].to_vec();
                wasm.splice(to..to, piece);
            }
            _ => wasm.insert(from, dice.byte()),
        }
    }
}

fn kind(dice: &mut Dice<'_>) -> ValType {
    *dice.pick(&[ValType::I32, ValType::I32, ValType::I64, ValType::F32, ValType::F64, ValType::V128])
}

/// A module whose sections are well formed, and whose contents are anything: right more often than wrong.
fn module(dice: &mut Dice<'_>) -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32], []);
    let extra = dice.roll(4);
    for _ in 0..extra {
        let parameters: Vec<_> = (0..dice.roll(4)).map(|_| kind(dice)).collect();
        let results: Vec<_> = (0..dice.roll(3)).map(|_| kind(dice)).collect();
        types.ty().function(parameters, results);
    }
    let type_count = 2 + extra as u32;
    module.section(&types);

    let mut imports = ImportSection::new();
    imports.import("vm_hooks", "pay_for_memory_grow", wasm_encoder::EntityType::Function(1));
    let imported = 1 + dice.roll(2) as u32;
    if imported == 2 {
        let name = *dice.pick(&["read_args", "write_result", "msg_sender", "nothing", "stylus_ink_left"]);
        let module = *dice.pick(&["vm_hooks", "vm_hooks", "console", "env"]);
        imports.import(module, name, wasm_encoder::EntityType::Function(dice.roll(type_count as usize + 1) as u32));
    }
    module.section(&imports);

    let count = 1 + dice.roll(3) as u32;
    let mut functions = FunctionSection::new();
    functions.function(0);
    (1..count).for_each(|_| {
        functions.function(dice.roll(type_count as usize) as u32);
    });
    module.section(&functions);

    let tables = dice.roll(8);
    if tables > 0 {
        let mut section = TableSection::new();
        for _ in 0..=tables / 7 {
            let any = dice.word();
            let minimum = u64::from(*dice.pick(&[0, 1, 10, 4_096, 4_097, any]));
            let maximum = (dice.roll(2) == 0).then_some(minimum);
            section.table(TableType {
                element_type: RefType::FUNCREF,
                table64: false,
                minimum,
                maximum,
                shared: false,
            });
        }
        module.section(&section);
    }
    let mut memories = MemorySection::new();
    for _ in 0..=dice.roll(16) / 15 {
        let any = dice.word();
        let minimum = u64::from(*dice.pick(&[0, 1, 2, 128, 129, any]));
        let maximum = (dice.roll(2) == 0).then(|| minimum + u64::from(dice.byte()));
        memories.memory(MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None });
    }
    module.section(&memories);

    let globals = dice.roll(4);
    let mut section = GlobalSection::new();
    for _ in 0..globals {
        let value = match dice.roll(4) {
            0 | 1 => (ValType::I32, ConstExpr::i32_const(dice.word() as i32)),
            2 => (ValType::I64, ConstExpr::i64_const(i64::from(dice.word()))),
            _ => (ValType::F64, ConstExpr::f64_const(wasm_encoder::Ieee64::new(0))),
        };
        let ty = GlobalType { val_type: value.0, mutable: dice.roll(2) == 0, shared: false };
        section.global(ty, &value.1);
    }
    module.section(&section);

    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("user_entrypoint", ExportKind::Func, imported + u32::from(dice.roll(8) == 7));
    if dice.roll(4) == 0 {
        let name = *dice.pick(&["more", "stylus_status", "__stylus", "read_args", "müsli"]);
        exports.export(name, *dice.pick(&[ExportKind::Func, ExportKind::Global]), 0);
    }
    module.section(&exports);
    if dice.roll(16) == 0 {
        module.section(&StartSection { function_index: imported });
    }
    if tables > 0 {
        let mut elements = ElementSection::new();
        let listed: Vec<u32> = (0..dice.roll(5)).map(|_| dice.roll((imported + count) as usize) as u32).collect();
        let offset = ConstExpr::i32_const(i32::from(dice.byte()) - 4);
        elements.active(None, &offset, Elements::Functions(Cow::Owned(listed)));
        module.section(&elements);
    }

    let mut codes = CodeSection::new();
    for _ in 0..count {
        let locals: Vec<_> = (0..dice.roll(3)).map(|_| (u32::from(dice.byte()) * 2, kind(dice))).collect();
        let mut function = Function::new(locals);
        // Any operators, then what makes many of them valid.
        function.raw((0..dice.roll(20)).map(|_| dice.byte()).collect::<Vec<_>>());
        function.raw(dice.pick(&[&[0x41, 0, 0x0b][..], &[0x00, 0x0b], &[0x0b]]).iter().copied());
        codes.function(&function);
    }
    module.section(&codes);
    let mut data = DataSection::new();
    for _ in 0..dice.roll(3) {
        let content: Vec<u8> = (0..dice.roll(40)).map(|_| dice.byte()).collect();
        match dice.roll(4) {
            0 => drop(data.passive(content)),
            _ => drop(data.active(0, &ConstExpr::i32_const(i32::from(dice.byte())), content)),
        }
    }
    module.section(&data);
    if dice.roll(4) == 0 {
        let content: Vec<u8> = (0..dice.roll(20)).map(|_| dice.byte()).collect();
        module.section(&CustomSection { name: "name".into(), data: content.into() });
    }
    module.finish()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn any_bytes_are_loaded_or_refused(bytes in dice::bytes(300)) {
        load(&bytes, &[])?;
        load(&[b"\0asm\x01\0\0\0", &bytes[..]].concat(), &[])?;
        let _ = stylus::decompress(&[&nitro::PROGRAM_WITHOUT_DICTIONARY, &bytes[..]].concat(), 1 << 17);
    }

    #[test]
    fn a_module_of_any_sections_is_loaded_or_refused(bytes in dice::bytes(200)) {
        load(&module(&mut Dice::new(&bytes)), &bytes)?;
    }

    #[test]
    fn a_damaged_program_is_loaded_or_refused(bytes in dice::bytes(200), damages in dice::bytes(40)) {
        let dice = &mut Dice::new(&bytes);
        let text = if dice.roll(2) == 0 { any_program(&bytes) } else { host_calls::draft(dice) };
        let mut wasm = wat::parse_str(text).expect("valid text");
        prop_assert!(load(&wasm, &bytes)?, "what is whole is accepted");
        damage(&mut wasm, &mut Dice::new(&damages));
        load(&wasm, &bytes)?;
    }
}
