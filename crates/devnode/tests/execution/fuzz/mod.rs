//! Random input: whatever a program is and does, the node lives, and the ink is what an independent sum says.
//!
//! A test run tries a fixed, seeded share. `DEVNODE_FUZZ_CASES=100000 cargo test --workspace --locked --test execution fuzz`
//! tries that many of each, from a new seed each time; what fails is printed with its shrunk input.

mod blocks;
mod dice;
mod host_calls;
mod ink;
mod loader;
mod resources;

use proptest::test_runner::{Config, RngSeed};

/// So many cases from a fixed seed, or as many as the environment asks for from a new one.
fn cases(share: u32) -> Config {
    let failures = None;
    match std::env::var("DEVNODE_FUZZ_CASES").map(|count| count.parse()) {
        Ok(Ok(cases)) => Config { cases, failure_persistence: failures, ..Config::default() },
        Ok(Err(error)) => panic!("DEVNODE_FUZZ_CASES is not a number of cases: {error}"),
        Err(_) => {
            Config { cases: share, failure_persistence: failures, rng_seed: RngSeed::Fixed(20), ..Config::default() }
        }
    }
}
