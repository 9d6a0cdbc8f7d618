//! How a deployment tells what it is doing.

use std::ops::ControlFlow;

use crate::step::{Done, Step};

/// Hears of each step. All methods have empty defaults.
pub trait Progress: Send {
    /// The steps to come, done ones included.
    fn planned(&mut self, steps: &[Step]) {
        let _ = steps;
    }

    /// Something that is allowed and may surprise was found before the first transaction: a sentence.
    fn noted(&mut self, note: &str) {
        let _ = note;
    }

    /// A step begins.
    fn started(&mut self, step: Step) {
        let _ = step;
    }

    /// A step is done and recorded. [`ControlFlow::Break`] stops the deployment here; running it again goes on.
    fn finished(&mut self, step: Step, done: &Done) -> ControlFlow<()> {
        let _ = (step, done);
        ControlFlow::Continue(())
    }
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
