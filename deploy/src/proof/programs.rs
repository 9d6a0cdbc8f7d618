//! The programs are the built ones, active, and for long enough.

use alloy::primitives::keccak256;
use eyre::Result;

use super::Proof;
use crate::activation::{self, Life};
use crate::cache;
use crate::chain::Chain;
use crate::config::Config;
use crate::plan::Plan;

/// What helps a program that is dead or will be soon.
const HELP: &str = "`consilium renew` renews it";

/// What stands at the planned addresses is, byte for byte, what was built.
pub(super) async fn code(proof: &mut Proof, chain: &Chain, plan: &Plan) -> Result<()> {
    for planned in plan.contracts() {
        let found = keccak256(chain.code(planned.address).await?);
        proof.check(format!("code hash of the {}", planned.part.name()), planned.program.code_hash(), found);
    }
    Ok(())
}

/// The programs can be called, and for as many days as configured. Answers whether all can be called now.
pub(super) async fn lives(proof: &mut Proof, chain: &Chain, config: &Config, plan: &Plan) -> Result<bool> {
    let mut all = true;
    let least = config.programs.least_days;
    let enough = format!("at least {least} days");
    for planned in plan.contracts() {
        let name = planned.part.name();
        let (found, days) = match activation::life(chain, planned).await? {
            Life::Active { days } if days >= least => (enough.clone(), days),
            Life::Active { days } => (format!("{days} days: {HELP}"), days),
            Life::Dead { reason } => {
                all = false;
                (format!("none, {reason}: {HELP}"), 0)
            }
        };
        proof.check(format!("activation left to the {name}"), &enough, found);
        let cached = if cache::is_cached(chain, planned.program.code_hash()).await? { "cached" } else { "not cached" };
        proof.notes.push(format!("the {name} is {cached}, and expires in {days} days unless it is renewed"));
    }
    Ok(all)
}
