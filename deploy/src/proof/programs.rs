//! The programs are the built ones, active, and for long enough.

use alloy::primitives::keccak256;
use eyre::Result;

use super::Proof;
use crate::activation::{self, Life};
use crate::cache;
use crate::chain::Chain;
use crate::config::Config;
use crate::part::Name;
use crate::plan::Plan;
use crate::proxy::proxy_code;
use crate::running;

/// What helps a program that is dead or will be soon.
const HELP: &str = "`consilium renew` renews it";

/// What stands at the planned addresses is, byte for byte, what was built; and before what can be upgraded is our proxy.
pub(super) async fn code(proof: &mut Proof, chain: &Chain, plan: &Plan) -> Result<()> {
    for planned in plan.contracts() {
        let name = planned.part.name();
        let found = keccak256(chain.code(planned.implementation).await?);
        proof.check(format!("code hash of the {name}"), planned.program.code_hash(), found);
        if planned.is_proxied() {
            let found = keccak256(chain.code(planned.address).await?);
            proof.check(format!("code hash of the proxy of the {name}"), keccak256(proxy_code()), found);
        }
    }
    Ok(())
}

/// Which of the contracts run what they were founded with. A contract that the DAO has upgraded is a failed fact, as any
/// setting that it has changed.
pub(super) async fn upgrades(proof: &mut Proof, chain: &Chain, plan: &Plan) -> Result<Vec<Name>> {
    let mut unchanged = Vec::new();
    for planned in plan.contracts() {
        let name = planned.part.name();
        if !planned.is_proxied() {
            unchanged.push(name);
            continue;
        }
        let running = running::of(chain, planned).await?;
        if running.address == planned.implementation {
            unchanged.push(name);
        } else {
            proof.note(format!(
                "the {name} was upgraded: it runs the code at {}, whose hash is {}. These programs do not have that code, \
                 so what the {name} answers was not compared",
                running.address, running.code_hash
            ));
        }
        proof.check(format!("implementation of the {name}"), planned.implementation, running.address);
    }
    Ok(unchanged)
}

/// The programs can be called, and for as many days as configured. Answers whether all can be called now.
pub(super) async fn lives(proof: &mut Proof, chain: &Chain, config: &Config, plan: &Plan) -> Result<bool> {
    let mut all = true;
    let least = config.programs.least_days;
    let enough = format!("at least {least} days");
    for planned in plan.contracts() {
        let name = planned.part.name();
        let running = running::of(chain, planned).await?;
        let (found, days) = match activation::life(chain, &running).await? {
            Life::Active { days } if days >= least => (enough.clone(), Some(days)),
            Life::Active { days } => (format!("{days} days: {HELP}"), Some(days)),
            Life::Endless => {
                proof.note(format!("the {name} runs EVM code, which does not expire"));
                continue;
            }
            Life::Dead { reason } => {
                all = false;
                (format!("none, {reason}: {HELP}"), None)
            }
        };
        proof.check(format!("activation left to the {name}"), &enough, found);
        // What is dead is not called, cached or not.
        let Some(days) = days else { continue };
        let cached = if cache::is_cached(chain, running.code_hash).await? { "cached" } else { "not cached" };
        proof.notes.push(format!("the {name} is {cached}, and expires in {days} days unless it is renewed"));
    }
    Ok(all)
}
