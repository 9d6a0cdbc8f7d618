//! Walks through a program and counts its ink as Nitro does: whole at the entry of each basic block, and what depends on
//! lengths where it happens.

use super::{
    prices::{BULK_BYTE, HEADER, INK_LEFT, NO_PAGES, PAGE, write_result},
    program::{Draft, Op, READINGS, Then},
};
use std::collections::HashMap;

/// Steps after which a program is too long for a test, and readings for which there is room.
const STEPS: usize = 200_000;
const MOST_READINGS: usize = 3_000;

/// What a program spends.
#[derive(Debug, Default)]
pub(super) struct Spent {
    /// Until each reading.
    pub(super) readings: Vec<u64>,
    /// In all.
    pub(super) total: u64,
}

/// Runs a program; `None` if it is too long.
pub(super) fn run(draft: &Draft) -> Option<Spent> {
    let mut walk = Walk { draft, spent: Spent::default(), counters: HashMap::new(), pages: 1, steps: 0 };
    walk.function(0)?;
    Some(walk.spent)
}

struct Walk<'a> {
    draft: &'a Draft,
    spent: Spent,
    /// Rounds left of each loop.
    counters: HashMap<usize, u32>,
    pages: u64,
    steps: usize,
}

/// Whether the basic block goes on after an operator.
fn ends_block(op: &Op) -> bool {
    !matches!(op.then, Then::Next | Then::Block | Then::Extra(_) | Then::Grow(_) | Then::SetCounter(..))
}

/// Where the `else` and the `end` are of what opens at a place.
fn partners(code: &[Op], open: usize) -> (Option<usize>, usize) {
    let (mut depth, mut middle) = (0, None);
    for (at, op) in code.iter().enumerate().skip(open) {
        match op.then {
            Then::Block | Then::Loop | Then::If(_) => depth += 1,
            Then::Else if depth == 1 => middle = Some(at),
            Then::End => {
                depth -= 1;
                if depth == 0 {
                    return (middle, at);
                }
            }
            _ => {}
        }
    }
    unreachable!("each block of a draft ends")
}

impl Walk<'_> {
    fn function(&mut self, index: usize) -> Option<()> {
        let draft = self.draft;
        let code = &draft.functions[index].code;
        let (mut at, mut is_head) = (0, true);
        // Where each block that is open begins.
        let mut open: Vec<usize> = Vec::new();
        loop {
            self.steps += 1;
            if self.steps > STEPS || self.spent.readings.len() > MOST_READINGS {
                return None;
            }
            if is_head {
                let last = (at..).find(|index| ends_block(&code[*index])).expect("a function ends with a block");
                self.spent.total += HEADER + code[at..=last].iter().map(|op| op.ink).sum::<u64>();
            }
            let op = &code[at];
            is_head = ends_block(op);
            let here = at;
            at += 1;
            match &op.then {
                Then::Next => {}
                Then::Block | Then::Loop => open.push(here),
                Then::If(true) => open.push(here),
                Then::If(false) => {
                    let (middle, end) = partners(code, here);
                    match middle {
                        Some(middle) => {
                            open.push(here);
                            at = middle + 1;
                        }
                        None => at = end + 1,
                    }
                }
                Then::Else => at = partners(code, open.pop().expect("an if is open")).1 + 1,
                Then::End => {
                    if open.pop().is_none() {
                        return Some(());
                    }
                }
                Then::Return => return Some(()),
                Then::Branch(None) => {}
                Then::Branch(Some(depth)) => match jump(code, &mut open, *depth) {
                    Some(target) => at = target,
                    None => return Some(()),
                },
                Then::Again(id) => {
                    let left = self.counters.get_mut(id).expect("a loop's counter is set before it");
                    *left -= 1;
                    if *left > 0 {
                        at = jump(code, &mut open, 0).expect("a loop is open");
                    }
                }
                Then::SetCounter(id, rounds) => {
                    self.counters.insert(*id, *rounds);
                }
                Then::Extra(bytes) => self.spent.total += BULK_BYTE * bytes,
                Then::Grow(pages) => self.grow(*pages),
                Then::Call(function) => self.function(*function)?,
                Then::Host(ink) => self.spent.total += ink,
                Then::Reading => {
                    self.spent.total += INK_LEFT;
                    self.spent.readings.push(self.spent.total);
                }
                Then::Result => self.spent.total += write_result(8 * self.spent.readings.len() as u64),
            }
        }
    }

    fn grow(&mut self, pages: u64) {
        let paid = |pages: u64| pages.saturating_sub(2) * PAGE;
        self.spent.total += if pages == 0 { NO_PAGES } else { paid(self.pages + pages) - paid(self.pages) };
        self.pages += pages;
        assert!(self.pages <= 5, "the ramp is left out");
    }
}

/// Where a branch leads; `None` out of the function.
fn jump(code: &[Op], open: &mut Vec<usize>, depth: usize) -> Option<usize> {
    let label = open.len().checked_sub(depth + 1)?;
    let begin = open[label];
    if matches!(code[begin].then, Then::Loop) {
        open.truncate(label + 1);
        return Some(begin + 1);
    }
    open.truncate(label);
    Some(partners(code, begin).1 + 1)
}

/// The readings lie behind everything that programs write.
const _: () = assert!(READINGS as usize + 8 * (MOST_READINGS + 1) <= 65_536);
