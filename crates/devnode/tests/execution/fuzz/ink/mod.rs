//! The ink that random programs are charged, against a sum made without the node's own tables and rewriting: [`prices`]
//! from Nitro's sources and documentation, [`program`] makes programs, [`model`] walks through them.
//!
//! A program reads its ink at random places and returns all readings, so that each stretch between two of them is compared,
//! and mistakes cannot make up for each other.

mod model;
mod prices;
mod program;

use super::{cases, dice};
use crate::support::{Chain, at};
use devnode::evm::{ProgramTerms, Status};
use program::{Draft, Shape};
use proptest::prelude::*;

/// Gas that every program here can run with.
const PLENTY: u64 = 10_000_000;
/// Ink of one gas.
const INK: u64 = 10_000;

fn start(terms: &ProgramTerms) -> u64 {
    21_000 + terms.init_gas + terms.cached_gas
}

/// Compares the readings of a program, and the gas at which it has just enough.
fn compare(draft: &Draft) -> Result<(), TestCaseError> {
    let Some(expected) = model::run(draft) else { return Err(TestCaseError::reject("too long")) };
    let mut chain = Chain::new();
    let text = draft.text();
    let terms = chain.put_program(at(1), &text);
    let outcome = chain.call(at(1), [], start(&terms) + PLENTY);
    prop_assert_eq!(&outcome.status, &Status::Success, "{}", text);
    let readings: Vec<u64> =
        outcome.output.as_chunks::<8>().0.iter().map(|word| PLENTY * INK - u64::from_le_bytes(*word)).collect();
    prop_assert_eq!(&readings, &expected.readings, "ink spent at each reading of {}", text);
    let gas = expected.total.div_ceil(INK);
    prop_assert_eq!(outcome.gas_used, start(&terms) + gas, "gas of {}", text);

    let enough = chain.call(at(1), [], start(&terms) + gas);
    prop_assert_eq!((&enough.status, enough.gas_used), (&Status::Success, start(&terms) + gas), "{}", text);
    let short = chain.call(at(1), [], start(&terms) + gas - 1);
    prop_assert_eq!(&short.status, &Status::Failure("out of gas".into()), "with a gas less: {}", text);
    Ok(())
}

/// A valid program with branches, loops and calls, as text.
pub(super) fn any_program(bytes: &[u8]) -> String {
    Draft::random(bytes, Shape::Branching).text()
}

#[test]
fn each_opcode_and_host_call_costs_what_nitro_says() {
    for draft in Draft::each() {
        compare(&draft).unwrap_or_else(|error| panic!("{error}"));
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn straight_programs_are_charged_the_sum_of_their_opcodes(bytes in dice::bytes(400)) {
        compare(&Draft::random(&bytes, Shape::Straight))?;
    }

    #[test]
    fn programs_with_branches_loops_and_calls_are_charged_by_the_blocks_they_enter(bytes in dice::bytes(400)) {
        compare(&Draft::random(&bytes, Shape::Branching))?;
    }
}
