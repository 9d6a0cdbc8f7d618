//! Hash of a program's module as Arbitrum's fraud prover commits to it: what `ProgramActivated` announces.
//!
//! The prover runs WAVM, a machine close to WASM but with jumps in place of blocks. A module's hash covers its globals,
//! memory, tables and functions, each function as the root of a tree over its WAVM instructions
//! (Nitro: arbitrator/prover/src/{machine,wavm,merkle,memory,value}.rs).

mod merkle;
mod value;
mod wavm;

use alloy_primitives::{B256, Keccak256, b256, keccak256};
use wasmparser::{DataKind, FuncType, Operator, ValType};

use self::{
    merkle::{TreeKind, root},
    value::{FUNCREF, hash, type_number, word},
    wavm::{Inst, Translator, op},
};
use super::{
    host::imports,
    wasm::{Binary, Figures},
};

/// Bytes of a page.
const PAGE: u64 = 65_536;
/// Bytes of a leaf of the tree over memory.
const LEAF: usize = 32;
/// Layers of the tree over memory: enough for 2^32 bytes.
const MEMORY_LAYERS: usize = 28;
/// Module of the prover that host calls go to.
const HOST_MODULE: u64 = 1;
/// Its function for the first of [`imports::HOOKS`].
const FIRST_HOOK: u64 = 514;
/// What the prover calls for memory.fill, by the hash of that function: it is compiled into the prover and is the same
/// in every module of a Stylus version.
const MEMORY_FILL_UNTIL_2: B256 = b256!("061ad1a908efcf4949009989d939b354fd1cc309b9b48d5cdd5341a52525efac");
/// The same from Stylus version 3 on: it takes the low 8 bits of the value alone.
const MEMORY_FILL_FROM_3: B256 = b256!("15edff4a01f9b2af5101e500a3907306031ddf998aac3c63b8bb18f5a6cd711f");
/// The same for memory.copy, in all versions.
const MEMORY_COPY: B256 = b256!("a71e88046d59b820062f91cf764a730912cca83d8bf5c44dac5dd89d7d410269");
/// Functions that the prover adds to a module.
const INTERNALS: u32 = 13;
/// Index among them of memory.fill; memory.copy is next.
const MEMORY_FILL: u32 = 4;

/// Commits to a program's metered module.
pub(super) fn module_hash(binary: &Binary<'_>, figures: &Figures, code_hash: B256, version: u16) -> B256 {
    let internals = (binary.imports.len() + binary.codes.len()) as u32;
    let functions = functions(binary, figures, internals, version);
    let tables = binary.tables.iter().map(|table| {
        // The prover hashes a table before it knows its entries: only its type and size count.
        hash("Table:", &[&[FUNCREF], &table.initial.to_be_bytes(), B256::ZERO.as_slice()])
    });
    let globals = binary.globals.iter().map(global);
    let extra = keccak256([code_hash.as_slice(), &version.to_be_bytes()].concat());
    hash(
        "Module:",
        &[
            root(TreeKind::Value, globals.collect(), 0).as_slice(),
            memory(binary).as_slice(),
            root(TreeKind::Table, tables.collect(), 0).as_slice(),
            root(TreeKind::Function, functions, 0).as_slice(),
            extra.as_slice(),
            &internals.to_be_bytes(),
        ],
    )
}

fn value(ty: u8, bits: u64) -> B256 {
    hash("Value:", &[&[ty], word(bits).as_slice()])
}

fn global(init: &Operator<'_>) -> B256 {
    match init {
        Operator::I64Const { value: bits } => value(1, *bits as u64),
        Operator::F32Const { value: float } => value(2, float.bits().into()),
        Operator::F64Const { value: float } => value(3, float.bits()),
        Operator::I32Const { value: bits } => value(0, u64::from(*bits as u32)),
        // Validation has left only constants.
        _ => B256::ZERO,
    }
}

fn memory(binary: &Binary<'_>) -> B256 {
    let limits = &binary.memories[0];
    let mut bytes = vec![0; (limits.initial * PAGE) as usize];
    for data in &binary.datas {
        let DataKind::Active { offset_expr, .. } = &data.kind else { continue };
        if let Ok(Operator::I32Const { value }) = offset_expr.get_operators_reader().read() {
            let start = value as u32 as usize;
            bytes[start..start + data.data.len()].copy_from_slice(data.data);
        }
    }
    let leaf = |leaf: &[u8]| match leaf.iter().all(|byte| *byte == 0) {
        true => TreeKind::Memory.empty(),
        false => hash("Memory leaf:", &[leaf]),
    };
    let mut leaves: Vec<_> = bytes.chunks(LEAF).map(leaf).collect();
    if leaves.is_empty() {
        // A tree over no memory has one leaf all the same.
        leaves.push(TreeKind::Memory.empty());
    }
    let most = u64::from(u32::MAX) / PAGE - 1;
    let max = limits.maximum.map_or(most, |max| max.min(most));
    let tree = root(TreeKind::Memory, leaves, MEMORY_LAYERS);
    hash("Memory:", &[&(bytes.len() as u64).to_be_bytes(), &max.to_be_bytes(), tree.as_slice()])
}

/// Hashes of all functions: imports, the program's own, and those that the prover adds.
fn functions(binary: &Binary<'_>, figures: &Figures, internals: u32, version: u16) -> Vec<B256> {
    let mut out = Vec::with_capacity((internals + INTERNALS) as usize);
    for import in &binary.imports {
        let hook = imports::HOOKS.iter().position(|hook| (hook.module, hook.name) == (import.module, import.name));
        out.push(match hook {
            Some(index) => {
                let target = (HOST_MODULE << 32) | (FIRST_HOOK + index as u64);
                simple(&[Inst::new(op::CROSS_MODULE_CALL, target)])
            }
            None => console(&binary.types[import.ty as usize]),
        });
    }
    for (index, code) in binary.codes.iter().enumerate() {
        let ty = &binary.types[binary.functions[index] as usize];
        let mut body = prologue(ty, &code.locals);
        Translator::new(binary, ty, internals + MEMORY_FILL, &mut body).run(&code.ops);
        body.push(Inst::new(op::RETURN, 0));
        out.push(function(&body));
    }
    out.extend(internal_functions(binary, figures, version));
    debug_assert_eq!(out.len(), (internals + INTERNALS) as usize);
    out
}

/// What a function of the program does before its body: its frame, and its parameters as locals.
fn prologue(ty: &FuncType, locals: &[ValType]) -> Vec<Inst> {
    let locals = ty.params().iter().chain(locals).map(|ty| value_of_type(*ty));
    let mut body = vec![Inst { op: op::INIT_FRAME, data: root(TreeKind::Value, locals.collect(), 0) }];
    body.extend((0..ty.params().len()).rev().map(|index| Inst::new(op::LOCAL_SET, index as u64)));
    body
}

fn value_of_type(ty: ValType) -> B256 {
    match type_number(ty) {
        FUNCREF => value(4, 0),
        number => value(number, 0),
    }
}

/// A host call of `console` does nothing in the prover, but gives back what it is given.
fn console(ty: &FuncType) -> B256 {
    let mut body = prologue(ty, &[]);
    if !ty.results().is_empty() {
        body.push(Inst::new(op::LOCAL_GET, 0));
    }
    body.push(Inst::new(op::RETURN, 0));
    function(&body)
}

/// Functions by which the prover reaches into the module.
fn internal_functions(binary: &Binary<'_>, figures: &Figures, version: u16) -> Vec<B256> {
    let added = binary.globals.len() as u64 - 4;
    let [ink, status, _, stack] = [added, added + 1, added + 2, added + 3];
    let one = |code, data| simple(&[Inst::new(code, data)]);
    vec![
        one(op::I32_LOAD8_U, 0),
        one(op::I32_LOAD, 0),
        one(op::I32_STORE8, 0),
        one(op::I32_STORE, 0),
        if version < 3 { MEMORY_FILL_UNTIL_2 } else { MEMORY_FILL_FROM_3 },
        MEMORY_COPY,
        one(op::GLOBAL_GET, ink),
        one(op::GLOBAL_GET, status),
        simple(&[Inst::new(op::GLOBAL_SET, status), Inst::new(op::GLOBAL_SET, ink)]),
        one(op::GLOBAL_GET, stack),
        one(op::GLOBAL_SET, stack),
        one(op::MEMORY_SIZE, 0),
        simple(&[Inst::new(op::CALL, figures.entrypoint.into()), Inst::new(op::I32_EQZ, 0), Inst::new(op::I32_EQZ, 0)]),
    ]
}

/// A function without locals.
fn simple(body: &[Inst]) -> B256 {
    let frame = Inst::new(op::INIT_FRAME, 0);
    let end = Inst::new(op::RETURN, 0);
    function(&[&[frame], body, &[end]].concat())
}

/// Hash of a function's code, 64 instructions a leaf.
fn function(code: &[Inst]) -> B256 {
    let chunks = code.chunks(64).map(|chunk| {
        let mut hasher = Keccak256::new();
        hasher.update("Instructions:");
        hasher.update([chunk.len() as u8]);
        for inst in chunk {
            hasher.update(inst.op.to_be_bytes());
            hasher.update(inst.data);
        }
        hasher.finalize()
    });
    hash("Function:", &[root(TreeKind::Instruction, chunks.collect(), 0).as_slice()])
}
