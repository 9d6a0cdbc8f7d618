//! Who holds power over the treasury: roles, allowances and its votes.

use std::collections::BTreeSet;

use alloy::primitives::{Address, U256};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use consilium_bindings::{Timelock, VotingToken};
use eyre::{Result, WrapErr};

use super::Proof;
use crate::chain::Chain;
use crate::config::Config;
use crate::explain::explain_call;
use crate::founding::Founding;
use crate::logs;
use crate::plan::{Plan, Role};
use crate::roles;

/// Checks all three.
pub(super) async fn check(
    proof: &mut Proof,
    chain: &Chain,
    config: &Config,
    plan: &Plan,
    founding: &Founding,
) -> Result<()> {
    role_holders(proof, chain, config, plan, founding).await?;
    treasury(proof, chain, plan, founding.block).await?;
    operations(proof, chain, plan, founding.block).await
}

/// The roles have exactly the holders that were configured, by the events and by the timelock's own answers.
async fn role_holders(
    proof: &mut Proof,
    chain: &Chain,
    config: &Config,
    plan: &Plan,
    founding: &Founding,
) -> Result<()> {
    let timelock = Timelock::new(plan.timelock.address, chain.provider());
    let mut found = roles::holders(chain, plan.timelock.address, founding.block).await?;
    for role in Role::ALL {
        let expected: BTreeSet<Address> = plan.holders(config, role).into_iter().collect();
        let found = found.remove(&role.id()).unwrap_or_default();
        proof.check(format!("holders of {}", role.name()), listed(&expected), listed(&found));

        let mut asked: BTreeSet<Address> = expected.union(&found).copied().collect();
        asked.extend([founding.sender, plan.founder(), Address::ZERO]);
        for account in asked {
            let has = timelock.hasRole(role.id(), account).call().await.map_err(explain_call)?;
            proof.check(format!("timelock.hasRole({}, {account})", role.name()), expected.contains(&account), has);
        }
        let admin = timelock.getRoleAdmin(role.id()).call().await.map_err(explain_call)?;
        proof.check(format!("admin of {}", role.name()), Role::Admin.id(), admin);
    }
    let others: Vec<String> = found.iter().map(|(role, held)| format!("{role} by {}", listed(held))).collect();
    proof.check("other roles held", "none", if others.is_empty() { "none".to_owned() } else { others.join(", ") });
    Ok(())
}

/// Nobody may spend the treasury's tokens, and nobody votes with them.
async fn treasury(proof: &mut Proof, chain: &Chain, plan: &Plan, since: u64) -> Result<()> {
    let treasury = plan.timelock.address;
    let token = VotingToken::new(plan.token.address, chain.provider());
    let filter = Filter::new()
        .address(plan.token.address)
        .event_signature(VotingToken::Approval::SIGNATURE_HASH)
        .topic1(treasury.into_word());
    let mut spenders = BTreeSet::new();
    for log in logs::collect(chain, &filter, since, chain.head().await?).await? {
        spenders.insert(log.log_decode::<VotingToken::Approval>().wrap_err("a malformed Approval")?.inner.spender);
    }
    let mut allowed = Vec::new();
    for spender in spenders {
        let amount = token.allowance(treasury, spender).call().await.map_err(explain_call)?;
        if amount != U256::ZERO {
            allowed.push(format!("{amount} to {spender}"));
        }
    }
    let allowed = if allowed.is_empty() { "none".to_owned() } else { allowed.join(", ") };
    proof.check("allowances of the treasury's tokens", "none", allowed);
    let delegate = token.delegates(treasury).call().await.map_err(explain_call)?;
    proof.check("delegate of the treasury's tokens", listed_delegate(Address::ZERO), listed_delegate(delegate));
    Ok(())
}

/// What went through the timelock since. The roles' history shows that the governor alone could schedule it.
async fn operations(proof: &mut Proof, chain: &Chain, plan: &Plan, since: u64) -> Result<()> {
    let filter = Filter::new()
        .address(plan.timelock.address)
        .event_signature(vec![Timelock::CallScheduled::SIGNATURE_HASH, Timelock::CallExecuted::SIGNATURE_HASH]);
    let logs = logs::collect(chain, &filter, since, chain.head().await?).await?;
    let executed = logs.iter().filter(|log| log.topic0() == Some(&Timelock::CallExecuted::SIGNATURE_HASH)).count();
    let scheduled = logs.len() - executed;
    proof
        .notes
        .push(format!("since its founding {scheduled} calls were scheduled in the timelock, {executed} executed"));
    Ok(())
}

fn listed(accounts: &BTreeSet<Address>) -> String {
    let name = |account: &Address| if account.is_zero() { "anyone".to_owned() } else { account.to_string() };
    if accounts.is_empty() { "nobody".to_owned() } else { accounts.iter().map(name).collect::<Vec<_>>().join(", ") }
}

fn listed_delegate(account: Address) -> String {
    if account.is_zero() { "nobody".to_owned() } else { account.to_string() }
}
