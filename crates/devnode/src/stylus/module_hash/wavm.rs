//! WASM to WAVM: blocks become jumps, everything else stays what it was.

use alloy_primitives::B256;
use wasm_encoder::{
    Encode,
    reencode::{Reencode, RoundtripReencoder},
};
use wasmparser::{BlockType, FuncType, Operator};

use super::value::{hash, type_number, word};
use crate::stylus::wasm::Binary;

/// Numbers of WAVM instructions. Where WASM has the instruction, its number is WASM's.
pub(super) mod op {
    pub(crate) const UNREACHABLE: u16 = 0x00;
    pub(crate) const RETURN: u16 = 0x0f;
    pub(crate) const CALL: u16 = 0x10;
    pub(crate) const CALL_INDIRECT: u16 = 0x11;
    pub(crate) const DROP: u16 = 0x1a;
    pub(crate) const SELECT: u16 = 0x1b;
    pub(crate) const LOCAL_GET: u16 = 0x20;
    pub(crate) const LOCAL_SET: u16 = 0x21;
    pub(crate) const GLOBAL_GET: u16 = 0x23;
    pub(crate) const GLOBAL_SET: u16 = 0x24;
    pub(crate) const I32_LOAD: u16 = 0x28;
    pub(crate) const I32_LOAD8_U: u16 = 0x2d;
    pub(crate) const I32_STORE: u16 = 0x36;
    pub(crate) const I32_STORE8: u16 = 0x3a;
    pub(crate) const MEMORY_SIZE: u16 = 0x3f;
    pub(crate) const MEMORY_GROW: u16 = 0x40;
    pub(crate) const I32_CONST: u16 = 0x41;
    pub(crate) const I64_CONST: u16 = 0x42;
    pub(crate) const F32_CONST: u16 = 0x43;
    pub(crate) const F64_CONST: u16 = 0x44;
    pub(crate) const I32_EQZ: u16 = 0x45;
    pub(crate) const I32_EQ: u16 = 0x46;
    pub(crate) const INIT_FRAME: u16 = 0x8002;
    pub(crate) const JUMP: u16 = 0x8003;
    pub(crate) const JUMP_IF: u16 = 0x8004;
    pub(crate) const TO_INTERNAL: u16 = 0x8005;
    pub(crate) const FROM_INTERNAL: u16 = 0x8006;
    pub(crate) const DUP: u16 = 0x8008;
    pub(crate) const CROSS_MODULE_CALL: u16 = 0x8009;
}

/// An instruction: its number and what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inst {
    pub(super) op: u16,
    pub(super) data: B256,
}

impl Inst {
    pub(super) fn new(op: u16, data: u64) -> Self {
        Self { op, data: word(data) }
    }
}

/// Height of the value stack; `None` where code cannot be reached, which agrees with any height.
type Height = Option<usize>;

/// A block that is open.
struct Scope {
    ty: BlockType,
    kind: ScopeKind,
    /// Jumps to the end, to be filled in.
    jumps: Vec<usize>,
    /// Height after it.
    after: Height,
}

enum ScopeKind {
    Block,
    /// Where it begins, and the height there.
    Loop(usize, Height),
    /// The jump to its `else`, until that is met, and the height where it begins.
    If(Option<usize>, Height),
}

/// Translates one function.
pub(super) struct Translator<'a, 'b> {
    binary: &'a Binary<'b>,
    memory_fill: u32,
    out: &'a mut Vec<Inst>,
    scopes: Vec<Scope>,
    height: Height,
}

impl<'a, 'b> Translator<'a, 'b> {
    /// A translator that appends to `out`; `memory_fill` is the function for memory.fill, the next is for memory.copy.
    pub(super) fn new(binary: &'a Binary<'b>, ty: &FuncType, memory_fill: u32, out: &'a mut Vec<Inst>) -> Self {
        let results = ty.results().len();
        let ty = match ty.results() {
            [] => BlockType::Empty,
            // Only the number of results matters here.
            _ => BlockType::FuncType(index_of(binary, ty)),
        };
        let scope = Scope { ty, kind: ScopeKind::Block, jumps: vec![], after: Some(results) };
        Self { binary, memory_fill, out, scopes: vec![scope], height: Some(0) }
    }

    pub(super) fn run(mut self, code: &[Operator<'_>]) {
        for op in code {
            self.translate(op);
        }
    }

    fn emit(&mut self, op: u16, data: u64, effect: isize) {
        self.out.push(Inst::new(op, data));
        self.height = shift(self.height, effect);
    }

    fn params(&self, ty: BlockType) -> usize {
        match ty {
            BlockType::FuncType(index) => self.binary.types[index as usize].params().len(),
            _ => 0,
        }
    }

    fn results(&self, ty: BlockType) -> usize {
        match ty {
            BlockType::Empty => 0,
            BlockType::Type(_) => 1,
            BlockType::FuncType(index) => self.binary.types[index as usize].results().len(),
        }
    }

    fn open(&mut self, ty: BlockType, kind: ScopeKind) {
        let effect = self.results(ty) as isize - self.params(ty) as isize;
        let after = shift(self.height, effect);
        self.scopes.push(Scope { ty, kind, jumps: vec![], after });
    }

    fn call(&mut self, func: u32, ty: &FuncType) {
        self.emit(op::CALL, func.into(), effect(ty));
    }

    fn translate(&mut self, operator: &Operator<'_>) {
        use Operator::*;
        match operator {
            Nop => {}
            Unreachable => {
                self.emit(op::UNREACHABLE, 0, 0);
                self.height = None;
            }
            Block { blockty } => self.open(*blockty, ScopeKind::Block),
            Loop { blockty } => self.open(*blockty, ScopeKind::Loop(self.out.len(), self.height)),
            If { blockty } => {
                self.emit(op::I32_EQZ, 0, -1);
                self.open(*blockty, ScopeKind::If(Some(self.out.len()), self.height));
                self.emit(op::JUMP_IF, 0, 0);
            }
            Else => self.otherwise(),
            End => self.close(),
            Br { relative_depth } => self.branch(op::JUMP, *relative_depth),
            BrIf { relative_depth } => self.branch(op::JUMP_IF, *relative_depth),
            BrTable { targets } => self.branch_table(targets),
            Return => self.branch(op::JUMP, self.scopes.len() as u32 - 1),
            Call { function_index } => {
                let binary = self.binary;
                self.call(*function_index, binary.type_of(*function_index));
            }
            CallIndirect { type_index, table_index } => {
                let ty = &self.binary.types[*type_index as usize];
                let data = call_indirect(*table_index, ty);
                self.out.push(Inst { op: op::CALL_INDIRECT, data });
                self.height = shift(self.height, effect(ty) - 1);
            }
            MemoryFill { .. } => self.emit(op::CALL, self.memory_fill.into(), -3),
            MemoryCopy { .. } => self.emit(op::CALL, u64::from(self.memory_fill) + 1, -3),
            Drop => self.emit(op::DROP, 0, -1),
            Select => self.emit(op::SELECT, 0, -2),
            LocalGet { local_index } => self.emit(op::LOCAL_GET, (*local_index).into(), 1),
            LocalSet { local_index } => self.emit(op::LOCAL_SET, (*local_index).into(), -1),
            LocalTee { local_index } => {
                self.emit(op::DUP, 0, 0);
                self.emit(op::LOCAL_SET, (*local_index).into(), 0);
            }
            GlobalGet { global_index } => self.emit(op::GLOBAL_GET, (*global_index).into(), 1),
            GlobalSet { global_index } => self.emit(op::GLOBAL_SET, (*global_index).into(), -1),
            MemorySize { .. } => self.emit(op::MEMORY_SIZE, 0, 1),
            MemoryGrow { .. } => self.emit(op::MEMORY_GROW, 0, 0),
            I32Const { value } => self.emit(op::I32_CONST, u64::from(*value as u32), 1),
            I64Const { value } => self.emit(op::I64_CONST, *value as u64, 1),
            F32Const { value } => self.emit(op::F32_CONST, value.bits().into(), 1),
            F64Const { value } => self.emit(op::F64_CONST, value.bits(), 1),
            other => self.plain(other),
        }
    }

    /// An instruction that is WASM's own: a load or store, or a function of one or two numbers.
    fn plain(&mut self, operator: &Operator<'_>) {
        let mut bytes = Vec::new();
        let encoded = RoundtripReencoder.instruction(operator.clone());
        encoded.expect("an operator that was read can be written").encode(&mut bytes);
        let number = u16::from(bytes[0]);
        let effect = match number {
            // Stores.
            0x36..=0x3e => -2,
            // Comparisons and arithmetic of two numbers.
            0x46..=0x4f | 0x51..=0x5a | 0x6a..=0x78 | 0x7c..=0x8a => -1,
            // Loads, i32.eqz, i64.eqz, counting bits, conversions.
            _ => 0,
        };
        self.emit(number, memory_offset(operator), effect);
    }

    fn otherwise(&mut self) {
        self.branch(op::JUMP, 0);
        let next = self.out.len() as u64;
        let Some(Scope { kind: ScopeKind::If(condition, before), .. }) = self.scopes.last_mut() else {
            unreachable!("validated: an else belongs to an if")
        };
        if let Some(jump) = condition.take() {
            self.out[jump].data = word(next);
        }
        self.height = *before;
    }

    fn close(&mut self) {
        let scope = self.scopes.pop().expect("validated: every end closes a block");
        let end = word(self.out.len() as u64);
        let condition = match scope.kind {
            ScopeKind::If(condition, _) => condition,
            _ => None,
        };
        for jump in scope.jumps.into_iter().chain(condition) {
            self.out[jump].data = end;
        }
        self.height = scope.after;
    }

    /// Leaves the stack of a target as it must be, and jumps there.
    fn branch(&mut self, mut jump: u16, depth: u32) {
        let target = self.scopes.len() - 1 - depth as usize;
        let scope = &self.scopes[target];
        let (kept, wanted) = match scope.kind {
            ScopeKind::Loop(_, before) => (self.params(scope.ty), before),
            _ => (self.results(scope.ty), scope.after),
        };
        if jump == op::JUMP_IF {
            self.height = shift(self.height, -1);
        }
        let otherwise = self.height;
        let mut skip = None;
        if let (Some(height), Some(wanted)) = (self.height, wanted)
            && height != wanted
        {
            if jump == op::JUMP_IF {
                self.emit(op::I32_EQZ, 0, 0);
                skip = Some(self.out.len());
                self.emit(op::JUMP_IF, 0, 0);
            }
            for _ in 0..kept {
                self.emit(op::TO_INTERNAL, 0, -1);
            }
            for _ in wanted..height {
                self.emit(op::DROP, 0, -1);
            }
            for _ in 0..kept {
                self.emit(op::FROM_INTERNAL, 0, 1);
            }
            jump = op::JUMP;
        }
        let here = self.out.len();
        let destination = match &mut self.scopes[target] {
            Scope { kind: ScopeKind::Loop(start, _), .. } => *start as u64,
            scope => {
                scope.jumps.push(here);
                0
            }
        };
        self.emit(jump, destination, 0);
        if let Some(skip) = skip {
            self.out[skip].data = word(self.out.len() as u64);
            self.height = otherwise;
        } else if jump == op::JUMP {
            self.height = None;
        }
    }

    fn branch_table(&mut self, targets: &wasmparser::BrTable<'_>) {
        let start = self.height;
        let mut jumps = Vec::new();
        for (index, target) in targets.targets().enumerate() {
            self.emit(op::DUP, 0, 1);
            self.emit(op::I32_CONST, index as u64, 1);
            self.emit(op::I32_EQ, 0, -1);
            jumps.push((self.out.len(), target.expect("validated")));
            self.emit(op::JUMP_IF, 0, -1);
        }
        // Nothing matched: drop the index and take the default.
        self.emit(op::DROP, 0, -1);
        self.branch(op::JUMP, targets.default());
        for (jump, target) in jumps {
            self.out[jump].data = word(self.out.len() as u64);
            self.height = start;
            self.emit(op::DROP, 0, -1);
            self.branch(op::JUMP, target);
        }
    }
}

fn index_of(binary: &Binary<'_>, ty: &FuncType) -> u32 {
    let index = binary.types.iter().position(|known| known == ty);
    index.expect("a function's type is one of the module's") as u32
}

fn shift(height: Height, effect: isize) -> Height {
    height.map(|height| height.checked_add_signed(effect).expect("validated: the stack does not underflow"))
}

fn effect(ty: &FuncType) -> isize {
    ty.results().len() as isize - ty.params().len() as isize
}

/// Commits to a table and the type that is called through it.
fn call_indirect(table: u32, ty: &FuncType) -> B256 {
    let types = |types: &[wasmparser::ValType]| types.iter().map(|ty| type_number(*ty)).collect::<Vec<_>>();
    let (params, results) = (types(ty.params()), types(ty.results()));
    let count = |types: &[u8]| word(types.len() as u64);
    let ty = hash("Function type:", &[count(&params).as_slice(), &params, count(&results).as_slice(), &results]);
    hash("Call indirect:", &[&u64::from(table).to_be_bytes(), ty.as_slice()])
}

/// Offset of a load or store, 0 for what is neither.
fn memory_offset(operator: &Operator<'_>) -> u64 {
    use Operator::*;
    match operator {
        I32Load { memarg }
        | I64Load { memarg }
        | F32Load { memarg }
        | F64Load { memarg }
        | I32Load8S { memarg }
        | I32Load8U { memarg }
        | I32Load16S { memarg }
        | I32Load16U { memarg }
        | I64Load8S { memarg }
        | I64Load8U { memarg }
        | I64Load16S { memarg }
        | I64Load16U { memarg }
        | I64Load32S { memarg }
        | I64Load32U { memarg }
        | I32Store { memarg }
        | I64Store { memarg }
        | F32Store { memarg }
        | F64Store { memarg }
        | I32Store8 { memarg }
        | I32Store16 { memarg }
        | I64Store8 { memarg }
        | I64Store16 { memarg }
        | I64Store32 { memarg } => memarg.offset,
        _ => 0,
    }
}
