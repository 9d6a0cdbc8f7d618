//! Random programs as lists of operators, each with its price and what it does to the flow of control.

use super::{super::dice::Dice, prices::*};
use std::fmt::Write;

/// Where the readings of ink are kept; below is memory that programs write anything to, except for zeros at [`ZEROS`].
pub(super) const READINGS: u32 = 0x8000;
const ZEROS: u32 = 0x7000;

/// Whether control flows straight on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Straight,
    Branching,
}

/// An operator in a function.
#[derive(Clone, Debug)]
pub(super) struct Op {
    pub(super) text: String,
    pub(super) ink: u64,
    pub(super) then: Then,
}

/// What an operator does in addition to computing.
#[derive(Clone, Debug)]
pub(super) enum Then {
    Next,
    Block,
    Loop,
    /// `if` whose condition is this.
    If(bool),
    Else,
    End,
    Return,
    /// To the block so many levels out, or on.
    Branch(Option<usize>),
    /// Back to the head of the loop while its counter lasts.
    Again(usize),
    SetCounter(usize, u32),
    Call(usize),
    /// A host call of that price.
    Host(u64),
    /// Touches so many bytes.
    Extra(u64),
    Grow(u64),
    Reading,
    /// Returns all readings.
    Result,
}

/// A function: its parameters (all i32), and its code to the last `end`.
#[derive(Clone, Debug, Default)]
pub(super) struct Function {
    pub(super) parameters: usize,
    pub(super) code: Vec<Op>,
}

/// A program; its first function is the entrypoint.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) functions: Vec<Function>,
    counters: usize,
}

/// Most functions besides the entrypoint, most levels of blocks, of operands.
const FUNCTIONS: usize = 3;
const BLOCKS: usize = 4;
const OPERANDS: usize = 4;

impl Draft {
    /// A random program.
    pub(super) fn random(bytes: &[u8], shape: Shape) -> Self {
        let mut dice = Dice::new(bytes);
        let functions = if shape == Shape::Branching { dice.roll(FUNCTIONS + 1) } else { 0 };
        let mut draft = Self::default();
        for index in 0..=functions {
            let parameters = if index == 0 { 1 } else { dice.roll(4) };
            draft.functions.push(Function { parameters, code: Vec::new() });
        }
        // Functions call only those after them.
        for index in (0..draft.functions.len()).rev() {
            let mut writer = Writer { draft: &mut draft, index, shape, labels: Vec::new(), code: Vec::new() };
            writer.reading();
            writer.statements(&mut dice, 12);
            if index == 0 {
                writer.grow(dice.roll(4));
                writer.finish();
            } else {
                writer.op("end", STRUCTURE, Then::End);
            }
            draft.functions[index].code = writer.code;
        }
        draft
    }

    /// Programs with one operator, or one host call, between two readings.
    pub(super) fn each() -> Vec<Self> {
        let make = |write: &dyn Fn(&mut Writer<'_>)| {
            let mut draft = Self { functions: vec![Function { parameters: 1, code: Vec::new() }], counters: 0 };
            let mut writer =
                Writer { draft: &mut draft, index: 0, shape: Shape::Straight, labels: Vec::new(), code: Vec::new() };
            writer.reading();
            write(&mut writer);
            writer.finish();
            draft.functions[0].code = writer.code;
            draft
        };
        let mut drafts = Vec::new();
        for table in [PURE, DIVISION, LOAD] {
            drafts.extend(table.iter().map(|pure| {
                make(&|writer| {
                    pure.2.iter().for_each(|kind| writer.constant(*kind, 1));
                    writer.plain(pure.0, pure.1);
                    writer.plain("drop", DROP);
                })
            }));
        }
        drafts.extend(STORE.iter().map(|(name, ink, kind)| {
            make(&|writer| {
                writer.constant(Type::I32, 1);
                writer.constant(*kind, 1);
                writer.plain(*name, *ink);
            })
        }));
        drafts.extend(HOOKS.iter().map(|hook| make(&|writer| writer.hook(hook, &mut Dice::new(&[])))));
        drafts.extend((0..STATEMENTS).map(|kind| make(&|writer| writer.statement(&mut Dice::new(&[7, 7]), kind))));
        drafts
    }

    /// The program in the text format.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("(module\n");
        for (at, (name, _, arguments, result)) in HOOKS.iter().enumerate() {
            let result = result.map_or(String::new(), |kind| format!(" (result {})", name_of(kind)));
            let parameters = " i32".repeat(arguments.len());
            if HOOKS[..at].iter().all(|hook| hook.0 != *name) {
                writeln!(text, "(import \"vm_hooks\" \"{name}\" (func ${name} (param{parameters}){result}))")
                    .expect("a string takes all");
            }
        }
        text += "(import \"vm_hooks\" \"evm_ink_left\" (func $ink (result i64)))\n";
        text += "(memory (export \"memory\") 1)\n";
        text += "(global $at (mut i32) (i32.const 32768))\n";
        text += "(global $g32 (mut i32) (i32.const 5)) (global $g64 (mut i64) (i64.const 6))\n";
        let count = self.functions.len();
        let names: String = (0..count).map(|index| format!(" $f{index}")).collect();
        writeln!(text, "(table {count} funcref) (elem (i32.const 0){names})").expect("a string takes all");
        for (index, function) in self.functions.iter().enumerate() {
            let export = if index == 0 { "(export \"user_entrypoint\") " } else { "" };
            let result = if index == 0 { " (result i32)" } else { "" };
            let parameters = " i32".repeat(function.parameters);
            writeln!(text, "(func $f{index} {export}(param{parameters}){result}").expect("a string takes all");
            text += "(local $a i32) (local $b i32) (local $c i64) (local $d i64)";
            (0..self.counters).for_each(|id| text += &format!(" (local $n{id} i32)"));
            text += "\n";
            // The text format has the function's own end as its bracket.
            let (_, body) = function.code.split_last().expect("a function ends");
            body.iter().for_each(|op| text += &format!("{} ", op.text));
            text += ")\n";
        }
        text + ")"
    }
}

fn name_of(kind: Type) -> &'static str {
    match kind {
        Type::I32 => "i32",
        Type::I64 => "i64",
    }
}

/// Kinds of statements, of which the last few branch.
const STATEMENTS: usize = 9;
const BRANCHING: usize = 8;

/// Writes one function.
struct Writer<'a> {
    draft: &'a mut Draft,
    index: usize,
    shape: Shape,
    /// For each block that is open, whether it may be branched to: a loop may only by its counter.
    labels: Vec<bool>,
    code: Vec<Op>,
}

impl Writer<'_> {
    fn op(&mut self, text: impl Into<String>, ink: u64, then: Then) {
        self.code.push(Op { text: text.into(), ink, then });
    }

    fn plain(&mut self, text: impl Into<String>, ink: u64) {
        self.op(text, ink, Then::Next);
    }

    fn constant(&mut self, kind: Type, value: u32) {
        self.plain(format!("{}.const {value}", name_of(kind)), CONST);
    }

    /// Reads the ink and keeps it.
    fn reading(&mut self) {
        self.plain("global.get $at", GLOBAL_GET);
        self.op("call $ink", CALL, Then::Reading);
        self.plain("i64.store", 950);
        self.plain("global.get $at", GLOBAL_GET);
        self.plain("i32.const 8", CONST);
        self.plain("i32.add", 70);
        self.plain("global.set $at", GLOBAL_SET);
    }

    /// The entrypoint's end: a last reading, all of them as the result, and success.
    fn finish(&mut self) {
        self.reading();
        self.plain(format!("i32.const {READINGS}"), CONST);
        self.plain("global.get $at", GLOBAL_GET);
        self.plain(format!("i32.const {READINGS}"), CONST);
        self.plain("i32.sub", 70);
        self.op("call $write_result", CALL, Then::Result);
        self.plain("i32.const 0", CONST);
        self.op("end", STRUCTURE, Then::End);
    }

    fn grow(&mut self, pages: usize) {
        self.constant(Type::I32, pages as u32);
        self.op("memory.grow", MEMORY_GROW, Then::Grow(pages as u64));
        self.plain("drop", DROP);
    }

    fn statements(&mut self, dice: &mut Dice<'_>, most: usize) {
        for _ in 0..most {
            if !dice.is_left() {
                return;
            }
            let kinds = if self.shape == Shape::Branching { STATEMENTS + BRANCHING } else { STATEMENTS };
            match dice.roll(kinds) {
                kind if kind < STATEMENTS => self.statement(dice, kind),
                kind => self.branching(dice, kind - STATEMENTS),
            }
        }
    }

    /// What leaves nothing on the stack.
    fn statement(&mut self, dice: &mut Dice<'_>, kind: usize) {
        match kind {
            0 => self.plain("nop", NOP),
            1 => self.reading(),
            2 => {
                let (kind, locals) = *dice.pick(&[(Type::I32, ["$a", "$b"]), (Type::I64, ["$c", "$d"])]);
                self.value(dice, kind, 0);
                self.plain(format!("local.set {}", dice.pick(&locals)), LOCAL_SET);
            }
            3 => {
                let (kind, global) = *dice.pick(&[(Type::I32, "$g32"), (Type::I64, "$g64")]);
                self.value(dice, kind, 0);
                self.plain(format!("global.set {global}"), GLOBAL_SET);
            }
            4 => {
                let kind = *dice.pick(&[Type::I32, Type::I64]);
                self.value(dice, kind, 0);
                self.plain("drop", DROP);
            }
            5 => {
                let (name, ink, kind) = *dice.pick(STORE);
                self.address(dice);
                self.value(dice, kind, 1);
                self.plain(format!("{name} offset={}", dice.byte()), ink);
            }
            6 => {
                let name = *dice.pick(&["memory.fill", "memory.copy"]);
                let bytes = u32::from(dice.byte());
                self.address(dice);
                self.address(dice);
                self.constant(Type::I32, bytes);
                self.op(name, BULK, Then::Extra(bytes.into()));
            }
            7 => {
                let hook = dice.pick(HOOKS);
                self.hook(hook, dice);
            }
            _ => self.grow(0),
        }
    }

    fn hook(&mut self, hook: &Hook, dice: &mut Dice<'_>) {
        let (name, ink, arguments, result) = hook;
        for argument in *arguments {
            let value = match argument {
                Argument::Any => 16 * u32::from(dice.byte()),
                Argument::Zeros => ZEROS,
                Argument::Number(number) => *number,
            };
            self.constant(Type::I32, value);
        }
        self.op(format!("call ${name}"), CALL, Then::Host(*ink));
        if result.is_some() {
            self.plain("drop", DROP);
        }
    }

    /// An address below 4,096.
    fn address(&mut self, dice: &mut Dice<'_>) {
        self.value(dice, Type::I32, 2);
        self.plain("i32.const 4095", CONST);
        self.plain("i32.and", 70);
    }

    /// A value.
    fn value(&mut self, dice: &mut Dice<'_>, kind: Type, depth: usize) {
        let simple = if depth >= OPERANDS { 3 } else { 9 };
        match dice.roll(simple) {
            0 => {
                let value = dice.word();
                self.constant(kind, value);
            }
            1 => {
                let locals = if kind == Type::I32 { ["$a", "$b"] } else { ["$c", "$d"] };
                self.plain(format!("local.get {}", dice.pick(&locals)), LOCAL_GET);
            }
            2 if kind == Type::I32 => {
                let (text, ink) = *dice.pick(&[("global.get $g32", GLOBAL_GET), ("memory.size", MEMORY_SIZE)]);
                self.plain(text, ink);
            }
            2 => self.plain("global.get $g64", GLOBAL_GET),
            3 => {
                self.value(dice, kind, depth + 1);
                let local = if kind == Type::I32 { "$b" } else { "$d" };
                self.plain(format!("local.tee {local}"), LOCAL_GET);
            }
            4 => {
                self.value(dice, kind, depth + 1);
                self.value(dice, kind, depth + 1);
                self.value(dice, Type::I32, depth + 1);
                self.plain("select", SELECT);
            }
            5 => {
                let (name, ink, _, _) = one_of(dice, LOAD, kind);
                self.address(dice);
                self.plain(format!("{name} offset={}", dice.byte()), ink);
            }
            6 => {
                let (name, ink, _, _) = one_of(dice, DIVISION, kind);
                self.value(dice, kind, depth + 1);
                self.value(dice, kind, depth + 1);
                // Above zero, so that it neither divides by nothing nor overflows.
                let (prefix, add, or) = if kind == Type::I32 { ("i32", 70, 70) } else { ("i64", 100, 100) };
                self.plain(format!("{prefix}.const 65535"), CONST);
                self.plain(format!("{prefix}.and"), add);
                self.plain(format!("{prefix}.const 1"), CONST);
                self.plain(format!("{prefix}.or"), or);
                self.plain(name, ink);
            }
            _ => {
                let (name, ink, operands, _) = one_of(dice, PURE, kind);
                operands.iter().for_each(|kind| self.value(dice, *kind, depth + 1));
                self.plain(name, ink);
            }
        }
    }

    /// What directs control.
    fn branching(&mut self, dice: &mut Dice<'_>, kind: usize) {
        let nested = self.labels.len() < BLOCKS;
        match kind {
            0 if nested => {
                self.op("block", STRUCTURE, Then::Block);
                self.labels.push(true);
                self.statements(dice, 5);
                self.labels.pop();
                self.op("end", STRUCTURE, Then::End);
            }
            1 if nested => self.repeat(dice),
            2 if nested => {
                let condition = dice.roll(2) == 1;
                self.constant(Type::I32, if condition { 1 + dice.word() / 2 } else { 0 });
                self.op("if", BRANCH, Then::If(condition));
                self.labels.push(true);
                self.statements(dice, 5);
                if dice.roll(2) == 1 {
                    self.op("else", STRUCTURE, Then::Else);
                    self.statements(dice, 5);
                }
                self.labels.pop();
                self.op("end", STRUCTURE, Then::End);
            }
            3..=5 if self.depths().is_empty() => self.plain("nop", NOP),
            3 => {
                let depth = self.label(dice);
                self.op(format!("br {depth}"), BRANCH, Then::Branch(Some(depth)));
                self.dead(dice);
            }
            4 => {
                let (depth, taken) = (self.label(dice), dice.roll(2) == 1);
                self.constant(Type::I32, if taken { 1 + dice.word() / 2 } else { 0 });
                self.op(format!("br_if {depth}"), BRANCH, Then::Branch(taken.then_some(depth)));
            }
            5 => {
                let targets: Vec<usize> = (0..=dice.roll(4)).map(|_| self.label(dice)).collect();
                let (default, listed) = targets.split_last().expect("one at least");
                let choice = dice.roll(6);
                let taken = *listed.get(choice).unwrap_or(default);
                self.constant(Type::I32, choice as u32);
                let list: String = targets.iter().map(|target| format!(" {target}")).collect();
                let ink = BR_TABLE + BR_TABLE_TARGET * listed.len() as u64;
                self.op(format!("br_table{list}"), ink, Then::Branch(Some(taken)));
                self.dead(dice);
            }
            6 if self.index + 1 < self.draft.functions.len() => self.call(dice),
            // The entrypoint returns with its readings.
            7 if self.index > 0 => {
                self.op("return", RETURN, Then::Return);
                self.dead(dice);
            }
            _ => self.plain("nop", NOP),
        }
    }

    /// A loop of a few rounds.
    fn repeat(&mut self, dice: &mut Dice<'_>) {
        let (id, rounds) = (self.draft.counters, 1 + dice.roll(4) as u32);
        self.draft.counters += 1;
        self.constant(Type::I32, rounds);
        self.op(format!("local.set $n{id}"), LOCAL_SET, Then::SetCounter(id, rounds));
        self.op("loop", STRUCTURE, Then::Loop);
        self.labels.push(false);
        self.statements(dice, 5);
        self.labels.pop();
        self.plain(format!("local.get $n{id}"), LOCAL_GET);
        self.plain("i32.const 1", CONST);
        self.plain("i32.sub", 70);
        self.plain(format!("local.tee $n{id}"), LOCAL_GET);
        self.op("br_if 0", BRANCH, Then::Again(id));
        self.op("end", STRUCTURE, Then::End);
    }

    fn call(&mut self, dice: &mut Dice<'_>) {
        let later = self.draft.functions.len() - self.index - 1;
        let target = self.index + 1 + dice.roll(later);
        let parameters = self.draft.functions[target].parameters;
        for _ in 0..parameters {
            self.value(dice, Type::I32, 2);
        }
        if dice.roll(2) == 0 {
            self.op(format!("call $f{target}"), CALL, Then::Call(target));
        } else {
            self.constant(Type::I32, target as u32);
            let ink = CALL_INDIRECT + CALL_INDIRECT_PARAMETER * parameters as u64;
            let list = " i32".repeat(parameters);
            self.op(format!("call_indirect (param{list})"), ink, Then::Call(target));
        }
    }

    /// What can be branched to: blocks that are no loops, and the whole function, unless it is the entrypoint.
    fn depths(&self) -> Vec<usize> {
        let blocks = self.labels.iter().rev().enumerate().filter(|(_, may_be_left)| **may_be_left);
        let function = (self.index > 0).then_some(self.labels.len());
        blocks.map(|(depth, _)| depth).chain(function).collect()
    }

    fn label(&self, dice: &mut Dice<'_>) -> usize {
        *dice.pick(&self.depths())
    }

    /// What is never reached.
    fn dead(&mut self, dice: &mut Dice<'_>) {
        if dice.roll(2) == 1 {
            self.plain("unreachable", UNREACHABLE);
            self.grow(3);
        }
    }
}

/// An operator that gives a value of that type.
fn one_of(dice: &mut Dice<'_>, table: &[Pure], kind: Type) -> Pure {
    let fitting: Vec<Pure> = table.iter().copied().filter(|pure| pure.3 == kind).collect();
    *dice.pick(&fitting)
}
