//! Words of stack that a function takes (Nitro: prover/src/programs/depth.rs).

use wasmparser::{BlockType, FuncType, Operator};

use super::{
    binary::Binary,
    failure::{Failure, red},
};

/// Words of a frame in addition to values and locals.
const FRAME: u32 = 4;
/// Most values that may be on the stack of a frame at once.
const MAX_CONTENTION: u32 = 4_096;

/// The most words that the frame of a metered function can take: the values that are on its stack at once, locals
/// without parameters, and a little for the frame itself.
pub(super) fn worst_case(
    code: &[Operator<'_>],
    locals: usize,
    func: usize,
    binary: &Binary<'_>,
) -> Result<u32, Failure> {
    let mut depth = Depth { worst: 0, now: 0, scopes: vec![0] };
    for op in code {
        depth.step(op, binary);
    }
    if depth.worst > MAX_CONTENTION {
        let text = format!(
            "too many values on the stack at once in func {}: {} > {}",
            red(func),
            red(depth.worst),
            red(MAX_CONTENTION)
        );
        return Err(Failure::new(text, "prover/src/programs/depth.rs:513:13"));
    }
    Ok(depth.worst + locals as u32 + FRAME)
}

struct Depth {
    worst: u32,
    now: u32,
    scopes: Vec<u32>,
}

impl Depth {
    fn push(&mut self, count: usize) {
        self.now += count as u32;
        self.worst = self.worst.max(self.now);
    }

    fn pop(&mut self, count: usize) {
        self.now = self.now.saturating_sub(count as u32);
    }

    /// Results come before parameters go: that is how Nitro counts.
    fn call(&mut self, ty: &FuncType) {
        self.push(ty.results().len());
        self.pop(ty.params().len());
    }

    fn open(&mut self, ty: BlockType, binary: &Binary<'_>) {
        match ty {
            BlockType::Empty => {}
            BlockType::Type(_) => self.push(1),
            BlockType::FuncType(index) => self.call(&binary.types[index as usize]),
        }
        self.scopes.push(self.now);
    }

    fn step(&mut self, op: &Operator<'_>, binary: &Binary<'_>) {
        use Operator::*;
        match op {
            Block { blockty } | Loop { blockty } => self.open(*blockty, binary),
            If { blockty } => {
                self.pop(1);
                self.open(*blockty, binary);
            }
            Else => self.now = self.scopes.last().copied().unwrap_or_default(),
            End => self.now = self.scopes.pop().unwrap_or_default(),
            Call { function_index } => self.call(binary.type_of(*function_index)),
            CallIndirect { type_index, .. } => {
                self.call(&binary.types[*type_index as usize]);
                self.pop(1);
            }
            MemoryFill { .. } | MemoryCopy { .. } => self.pop(3),
            LocalGet { .. }
            | GlobalGet { .. }
            | MemorySize { .. }
            | I32Const { .. }
            | I64Const { .. }
            | F32Const { .. }
            | F64Const { .. } => self.push(1),
            Select
            | I32Store { .. }
            | I64Store { .. }
            | F32Store { .. }
            | F64Store { .. }
            | I32Store8 { .. }
            | I32Store16 { .. }
            | I64Store8 { .. }
            | I64Store16 { .. }
            | I64Store32 { .. } => self.pop(2),
            Drop | BrIf { .. } | BrTable { .. } | LocalSet { .. } | GlobalSet { .. } => self.pop(1),
            op if is_binary(op) => self.pop(1),
            // Unary, or moving nothing: loads, conversions, br, return, local.tee, memory.grow.
            _ => {}
        }
    }
}

/// Whether an operator takes two values and gives one.
fn is_binary(op: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        op,
        I32Eq
            | I32Ne
            | I32LtS
            | I32LtU
            | I32GtS
            | I32GtU
            | I32LeS
            | I32LeU
            | I32GeS
            | I32GeU
            | I64Eq
            | I64Ne
            | I64LtS
            | I64LtU
            | I64GtS
            | I64GtU
            | I64LeS
            | I64LeU
            | I64GeS
            | I64GeU
            | F32Eq
            | F32Ne
            | F32Lt
            | F32Gt
            | F32Le
            | F32Ge
            | F64Eq
            | F64Ne
            | F64Lt
            | F64Gt
            | F64Le
            | F64Ge
            | I32Add
            | I32Sub
            | I32Mul
            | I32DivS
            | I32DivU
            | I32RemS
            | I32RemU
            | I64Add
            | I64Sub
            | I64Mul
            | I64DivS
            | I64DivU
            | I64RemS
            | I64RemU
            | I32And
            | I32Or
            | I32Xor
            | I32Shl
            | I32ShrS
            | I32ShrU
            | I32Rotl
            | I32Rotr
            | I64And
            | I64Or
            | I64Xor
            | I64Shl
            | I64ShrS
            | I64ShrU
            | I64Rotl
            | I64Rotr
            | F32Add
            | F32Sub
            | F32Mul
            | F32Div
            | F32Min
            | F32Max
            | F32Copysign
            | F64Add
            | F64Sub
            | F64Mul
            | F64Div
            | F64Min
            | F64Max
            | F64Copysign
    )
}
