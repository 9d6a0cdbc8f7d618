//! Metering by rewriting (Nitro: prover/src/programs: start, meter, dynamic, depth, heap, in this order).
//!
//! The order matters: stack depth is computed on metered code, and what one rewriter inserts the next one sees.

use wasmparser::{BlockType, ExternalKind, Operator, ValType};

use super::{
    ENTRYPOINT, INK_LEFT, INK_STATUS, SCRATCH, STACK_LEFT,
    binary::Binary,
    depth,
    failure::{Failure, red},
    prices,
};

/// Largest frame, in words.
const MAX_FRAME: u32 = 10 * 1024;
/// Most pages that a program may start with.
const MAX_PAGES: u64 = 128;

/// What a program is judged by when it is activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Units of init gas when it is not cached.
    pub(crate) init_cost: u16,
    /// Units of init gas when it is cached.
    pub(crate) cached_init_cost: u16,
    /// Estimate of the machine code's size in bytes.
    pub(crate) asm_estimate: u32,
    /// Pages that it starts with.
    pub(crate) footprint: u16,
    /// Index of the entrypoint.
    pub(crate) entrypoint: u32,
}

/// Globals that metering adds.
struct Globals {
    ink: u32,
    status: u32,
    scratch: u32,
    stack: u32,
}

/// Rewrites a program so that it pays for itself, and says what it costs to start.
pub(crate) fn instrument(binary: &mut Binary<'_>, stylus_version: u16) -> Result<Figures, Failure> {
    if let Some(start) = binary.start.take() {
        binary.exports.insert("stylus_start".into(), (start, ExternalKind::Func));
    }
    let globals = Globals {
        ink: add_global(binary, INK_LEFT, Operator::I64Const { value: 0 }),
        status: add_global(binary, INK_STATUS, Operator::I32Const { value: 0 }),
        scratch: add_global(binary, SCRATCH, Operator::I32Const { value: 0 }),
        stack: add_global(binary, STACK_LEFT, Operator::I32Const { value: 0 }),
    };
    let pay = heap_payment(binary, stylus_version)?;
    for index in 0..binary.codes.len() {
        let ops = std::mem::take(&mut binary.codes[index].ops);
        let ops = meter(ops, binary, &globals);
        let ops = dynamic(ops, &globals)?;
        let ops = stack_depth(ops, index, binary, &globals)?;
        binary.codes[index].ops = heap(ops, pay, &globals);
    }
    figures(binary, stylus_version)
}

fn add_global<'a>(binary: &mut Binary<'a>, name: &str, init: Operator<'a>) -> u32 {
    let index = binary.globals.len() as u32;
    binary.globals.push(init);
    binary.exports.insert(name.into(), (index, ExternalKind::Global));
    index
}

/// Takes the ink of each basic block at its head.
fn meter<'a>(code: Vec<Operator<'a>>, binary: &Binary<'_>, globals: &Globals) -> Vec<Operator<'a>> {
    let mut out = Vec::with_capacity(code.len() * 2);
    let mut block = Vec::new();
    let mut cost = 0u64;
    for op in code {
        let ends = prices::ends_basic_block(&op);
        cost = cost.saturating_add(prices::price(&op, &binary.types));
        block.push(op);
        if !ends {
            continue;
        }
        let value = cost.saturating_add(prices::HEADER) as i64;
        let ink = globals.ink;
        out.extend([
            // if ink < cost { status = 1; trap }
            Operator::GlobalGet { global_index: ink },
            Operator::I64Const { value },
            Operator::I64LtU,
            Operator::If { blockty: BlockType::Empty },
            Operator::I32Const { value: 1 },
            Operator::GlobalSet { global_index: globals.status },
            Operator::Unreachable,
            Operator::End,
            // ink -= cost
            Operator::GlobalGet { global_index: ink },
            Operator::I64Const { value },
            Operator::I64Sub,
            Operator::GlobalSet { global_index: ink },
        ]);
        out.append(&mut block);
        cost = 0;
    }
    out
}

/// Takes ink for each byte of memory.fill and memory.copy, whose length is on top of the stack.
fn dynamic<'a>(code: Vec<Operator<'a>>, globals: &Globals) -> Result<Vec<Operator<'a>>, Failure> {
    use Operator::*;
    let mut out = Vec::with_capacity(code.len());
    let ink = globals.ink;
    for op in code {
        match op {
            MemoryFill { .. } | MemoryCopy { .. } => out.extend([
                // keep the length; old = ink; ink -= length * price
                GlobalSet { global_index: globals.scratch },
                GlobalGet { global_index: ink },
                GlobalGet { global_index: ink },
                GlobalGet { global_index: globals.scratch },
                I64ExtendI32U,
                I64Const { value: prices::BULK_BYTE },
                I64Mul,
                I64Sub,
                GlobalSet { global_index: ink },
                GlobalGet { global_index: ink },
                // if old < ink { status = 1; trap }: the subtraction wrapped
                I64LtU,
                If { blockty: BlockType::Empty },
                I32Const { value: 1 },
                GlobalSet { global_index: globals.status },
                Unreachable,
                End,
                GlobalGet { global_index: globals.scratch },
            ]),
            MemoryInit { .. }
            | DataDrop { .. }
            | ElemDrop { .. }
            | TableInit { .. }
            | TableCopy { .. }
            | TableFill { .. }
            | TableGet { .. }
            | TableSet { .. }
            | TableGrow { .. }
            | TableSize { .. } => {
                return Err(Failure::new("opcode not supported", "prover/src/programs/dynamic.rs:143:17")
                    .wrap("dynamic ink meter failure"));
            }
            _ => {}
        }
        out.push(op);
    }
    Ok(out)
}

/// Takes the words of a frame at the function's head and gives them back wherever it returns.
fn stack_depth<'a>(
    mut code: Vec<Operator<'a>>,
    index: usize,
    binary: &Binary<'_>,
    globals: &Globals,
) -> Result<Vec<Operator<'a>>, Failure> {
    let failure = |failure: Failure| failure.wrap("depth checker failure");
    let locals = binary.codes[index].locals.len();
    let size = depth::worst_case(&code, locals, index, binary).map_err(failure)?;
    if size > MAX_FRAME {
        let text = format!("frame too large: {} > {}-word limit", red(size), red(MAX_FRAME));
        return Err(failure(Failure::new(text, "prover/src/programs/depth.rs:176:13")));
    }
    let global_index = globals.stack;
    let value = size as i32;
    let mut out = Vec::with_capacity(code.len() + 32);
    out.extend([
        // if stack <= size { stack = 0; trap }
        Operator::GlobalGet { global_index },
        Operator::I32Const { value },
        Operator::I32LeU,
        Operator::If { blockty: BlockType::Empty },
        Operator::I32Const { value: 0 },
        Operator::GlobalSet { global_index },
        Operator::Unreachable,
        Operator::End,
        // stack -= size
        Operator::GlobalGet { global_index },
        Operator::I32Const { value },
        Operator::I32Sub,
        Operator::GlobalSet { global_index },
    ]);
    // A function's end is written as a return, so that there is one way out.
    let end = code.pop().expect("a function ends");
    code.extend([Operator::Return, end]);
    for op in code {
        if matches!(op, Operator::Return) {
            out.extend([
                Operator::GlobalGet { global_index },
                Operator::I32Const { value },
                Operator::I32Add,
                Operator::GlobalSet { global_index },
            ]);
        }
        out.push(op);
    }
    Ok(out)
}

/// Pays for pages before memory.grow, by the import that programs must have for it.
fn heap<'a>(code: Vec<Operator<'a>>, pay: Option<u32>, globals: &Globals) -> Vec<Operator<'a>> {
    let Some(function_index) = pay else { return code };
    let global_index = globals.scratch;
    let mut out = Vec::with_capacity(code.len());
    for op in code {
        if matches!(op, Operator::MemoryGrow { .. }) {
            out.extend([
                Operator::GlobalSet { global_index },
                Operator::GlobalGet { global_index },
                Operator::GlobalGet { global_index },
                Operator::Call { function_index },
            ]);
        }
        out.push(op);
    }
    out
}

/// The function that pays for pages; none is needed if the memory cannot grow.
fn heap_payment(binary: &Binary<'_>, stylus_version: u16) -> Result<Option<u32>, Failure> {
    const PAY: &str = "pay_for_memory_grow";
    let Some(memory) = binary.memories.first() else {
        let text = match stylus_version {
            ..3 => format!("missing memory export with name {}", red("memory")),
            _ => "missing memory".to_owned(),
        };
        return Err(Failure::new(text, "prover/src/programs/mod.rs:373:13"));
    };
    if !matches!(binary.exports.get("memory"), Some((0, ExternalKind::Memory))) {
        let text = format!("missing memory with export name {}", red("memory"));
        return Err(Failure::new(text, "prover/src/programs/mod.rs:379:13"));
    }
    if memory.initial > MAX_PAGES {
        let text = format!("memory size {} exceeds bound {}", red(memory.initial), red(MAX_PAGES));
        return Err(Failure::new(text, "prover/src/programs/heap.rs:50:13"));
    }
    if memory.maximum == Some(memory.initial) {
        return Ok(None);
    }
    let import = binary.imports.iter().position(|import| import.module == "vm_hooks" && import.name == PAY);
    let Some(import) = import else {
        let text = format!("missing import {}", red(PAY));
        return Err(Failure::new(text, "prover/src/programs/mod.rs:348:28"));
    };
    let ty = binary.type_of(import as u32);
    if ty.params() != [ValType::I32] || !ty.results().is_empty() {
        let text = format!("wrong type for {}: {}", red(PAY), red(signature(ty)));
        return Err(Failure::new(text, "prover/src/programs/heap.rs:62:13"));
    }
    Ok(Some(import as u32))
}

/// A function type as Nitro prints it.
pub(super) fn signature(ty: &wasmparser::FuncType) -> String {
    let list = |types: &[ValType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut text = format!("λ({})", list(ty.params()));
    match ty.results() {
        [] => {}
        [one] => text += &format!(" -> {one}"),
        many => text += &format!(" -> ({})", list(many)),
    }
    text
}

/// Checks the entrypoint and predicts costs.
fn figures(binary: &Binary<'_>, stylus_version: u16) -> Result<Figures, Failure> {
    let footprint = binary.memories[0].initial as u16;
    let entrypoint = entrypoint(binary)?;

    let funcs = binary.codes.len() as u64;
    let globals = binary.globals.len() as u64;
    let wasm = binary.wasm.len() as u64;
    let data = binary.datas.iter().map(|data| data.range.len() as u64).sum::<u64>()
        + binary.elements.iter().map(|element| element.range.len() as u64).sum::<u64>();
    let types = binary
        .functions
        .iter()
        .map(|index| {
            let ty = &binary.types[*index as usize];
            (ty.params().len() + ty.results().len()) as u64
        })
        .sum::<u64>();

    let asm = 512_000 + funcs * 996_829 / 1_000 + types * 11_416 / 1_000 + wasm * 62_628 / 10_000;
    let cached = funcs * 13_420 / 100_000
        + types * 89 / 100_000
        + wasm * 122 / 100_000
        + globals * 1_628 / 1_000
        + data * 75_244 / 100_000
        + u64::from(footprint) * 5;
    let mut init = funcs * 8_252 / 1_000 + types * 1_059 / 1_000 + wasm * 1_286 / 10_000;
    if stylus_version == 1 {
        // Version 1 charges the cached part within the init part.
        init += cached;
    }
    let too_high =
        |text: &str, place| Failure::new("out of range integral type conversion attempted", place).wrap(text);
    Ok(Figures {
        init_cost: u16::try_from(init).map_err(|_| too_high("init cost too high", "prover/src/binary.rs:635:40"))?,
        cached_init_cost: u16::try_from(cached)
            .map_err(|_| too_high("cached cost too high", "prover/src/binary.rs:636:54"))?,
        asm_estimate: u32::try_from(asm)
            .map_err(|_| too_high("asm estimate too large", "prover/src/binary.rs:637:53"))?,
        footprint,
        entrypoint,
    })
}

fn entrypoint(binary: &Binary<'_>) -> Result<u32, Failure> {
    let Some(&(index, kind)) = binary.exports.get(ENTRYPOINT) else {
        let text = format!("missing export with name {}", red(ENTRYPOINT));
        return Err(Failure::new(text, "prover/src/binary.rs:720:13"));
    };
    if kind != ExternalKind::Func {
        let text = format!("export {} must be a function but is a {}", red(ENTRYPOINT), red(format_args!("{kind:?}")));
        return Err(Failure::new(text, "prover/src/binary.rs:724:13"));
    }
    let ty = binary.type_of(index);
    if ty.params() != [ValType::I32] || ty.results() != [ValType::I32] {
        let text = format!("wrong type for {}: {}", red(ENTRYPOINT), red(signature(ty)));
        return Err(Failure::new(text, "prover/src/binary.rs:728:13"));
    }
    Ok(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stylus::wasm::{check_limits, encode};

    fn text(body: &str) -> String {
        format!(
            r#"(module (import "vm_hooks" "pay_for_memory_grow" (func $pay (param i32)))
            (memory (export "memory") 1) (global $g (mut i32) (i32.const 7))
            (func (export "user_entrypoint") (param i32) (result i32) {body}))"#
        )
    }

    fn metered(body: &str) -> Vec<String> {
        let wasm = wat::parse_str(text(body)).expect("valid text");
        let mut binary = Binary::parse(&wasm, 2).expect("valid");
        instrument(&mut binary, 2).expect("a program");
        binary.codes[0].ops.iter().map(|op| format!("{op:?}")).collect()
    }

    #[test]
    fn ink_is_taken_at_the_head_of_a_block_and_stack_before_it() {
        let ops = metered("i32.const 0");
        // Metering's globals follow the program's own: ink 1, status 2, scratch 3, stack 4. One value, no locals, and
        // what a frame takes; the metering itself has two values on the stack.
        assert_eq!(ops[0], "GlobalGet { global_index: 4 }");
        assert_eq!(ops[1], "I32Const { value: 6 }");
        assert_eq!(ops[12], "GlobalGet { global_index: 1 }");
        assert_eq!(ops[13], "I64Const { value: 2452 }");
        // Then the program, and its frame given back where it returns.
        assert_eq!(ops[24], "I32Const { value: 0 }");
        assert_eq!(ops[25..29].iter().filter(|op| op.contains("global_index: 4")).count(), 2);
        assert_eq!(&ops[29..], ["Return", "End"]);
    }

    #[test]
    fn growing_memory_pays_first() {
        let ops = metered("(memory.grow (i32.const 1))");
        let grow = ops.iter().position(|op| op.starts_with("MemoryGrow")).expect("it is still there");
        assert_eq!(ops[grow - 1], "Call { function_index: 0 }");
    }

    #[test]
    fn filling_memory_pays_for_each_byte() {
        let ops = metered("(memory.fill (i32.const 0) (i32.const 0) (i32.const 9)) i32.const 0");
        let fill = ops.iter().position(|op| op.starts_with("MemoryFill")).expect("it is still there");
        assert_eq!(ops[fill - 1], "GlobalGet { global_index: 3 }");
        assert!(ops[..fill].iter().any(|op| op == "I64Const { value: 100 }"));
    }

    #[test]
    fn a_metered_program_is_valid_and_exports_only_what_the_host_uses() {
        let wasm = wat::parse_str(text("(block (br_if 0 (local.get 0))) (global.get $g)")).expect("valid text");
        let mut binary = Binary::parse(&wasm, 2).expect("valid");
        instrument(&mut binary, 2).expect("a program");
        check_limits(&binary, 128).expect("small");
        let bytes = encode(&binary).expect("can be written");
        wasmparser::validate(&bytes).expect("valid");
        let mut names: Vec<_> = wasmparser::Parser::new(0)
            .parse_all(&bytes)
            .filter_map(|payload| match payload.expect("valid") {
                wasmparser::Payload::ExportSection(exports) => Some(exports),
                _ => None,
            })
            .flat_map(|exports| exports.into_iter().map(|export| export.expect("valid").name))
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["memory", INK_LEFT, INK_STATUS, STACK_LEFT, ENTRYPOINT]);
    }
}
