//! Proof that the walk would find a fault: with a peer that lacks a function, it says so in a script of a few steps.

use eyre::Result;
use harness::walk::plan::Share;
use harness::walk::walked;

use crate::walk::Managers;

#[test]
fn a_fault_is_found_and_made_short() -> Result<()> {
    let found = walked::<Managers<true, true>>(Share { seed: 3, scripts: 5, steps: 60 });
    let told = found.expect_err("the peer lacks grantRoleUntil").to_string();
    let steps: Vec<_> = told.lines().filter(|line| line.starts_with('{')).collect();
    assert!(steps.len() == 1 && steps[0].contains("until"), "{told}");
    assert!(told.contains("again: CONSILIUM_WALK_REPLAY="), "{told}");
    Ok(())
}
