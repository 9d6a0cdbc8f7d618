//! One edit of a source text.

use std::collections::BTreeMap;
use std::ops::Range;

/// A change, and what it is called.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    /// The function, and what is changed in it. It has no line numbers: it stays when the file grows elsewhere.
    pub(super) name: String,
    range: Range<usize>,
    with: String,
}

impl Mutant {
    pub(super) fn new(name: String, range: Range<usize>, with: String) -> Self {
        Self { name, range, with }
    }

    /// The file with this edit.
    pub(super) fn apply(&self, text: &str) -> String {
        [&text[..self.range.start], &self.with, &text[self.range.end..]].concat()
    }
}

/// Numbers those of the same name, so that no two have one.
pub(super) fn number(mutants: &mut [Mutant]) {
    let mut names = BTreeMap::<String, usize>::new();
    for mutant in mutants {
        let times = names.entry(mutant.name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            mutant.name += &format!(" (number {times})");
        }
    }
}
