//! What the three contracts answer, against the settings.

use alloy::primitives::{Address, U256};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use consilium_bindings::{Governor, Timelock, VotingToken};
use eyre::{Result, WrapErr};

use super::Proof;
use crate::chain::Chain;
use crate::config::Config;
use crate::explain::explain_call;
use crate::logs;
use crate::plan::Plan;

/// Calls a view and checks its answer: `view!(proof, contract.method, expected)`. Of several methods of one name, the
/// bindings number them.
macro_rules! view {
    ($proof:ident, $contract:ident.$method:ident, $expected:expr) => {
        let found = $contract.$method().call().await.map_err(explain_call)?;
        let name = stringify!($method).trim_end_matches("_0");
        $proof.check(format!("{}.{name}", stringify!($contract)), $expected, found);
    };
}

/// The token's constants, and every mint since its creation: who began with how much, and that no more was made.
pub(super) async fn token(proof: &mut Proof, chain: &Chain, config: &Config, plan: &Plan, created: u64) -> Result<()> {
    let token = VotingToken::new(plan.token.address, chain.provider());
    view!(proof, token.name, &config.token.name);
    view!(proof, token.symbol, &config.token.symbol);
    view!(proof, token.decimals, 18);
    view!(proof, token.totalSupply, config.token.supply);
    view!(proof, token.CLOCK_MODE, config.token.clock.mode());

    let filter = Filter::new()
        .address(plan.token.address)
        .event_signature(VotingToken::Transfer::SIGNATURE_HASH)
        .topic1(Address::ZERO.into_word());
    let mut minted = Vec::new();
    for log in logs::collect(chain, &filter, created, chain.head().await?).await? {
        let mint = log.log_decode::<VotingToken::Transfer>().wrap_err("a malformed Transfer")?.inner;
        minted.push((mint.to, mint.value));
    }
    let holders = config.token.holders.iter().map(|holder| (holder.address, holder.amount));
    let treasury = Some((plan.timelock.address, config.treasury())).filter(|(_, amount)| !amount.is_zero());
    proof.check("token: minted", listed(holders.chain(treasury)), listed(minted));
    Ok(())
}

/// The governor's settings.
pub(super) async fn governor(proof: &mut Proof, chain: &Chain, config: &Config, plan: &Plan) -> Result<()> {
    let governor = Governor::new(plan.governor.address, chain.provider());
    let settings = &config.governor;
    view!(proof, governor.name, &settings.name);
    view!(proof, governor.token, plan.token.address);
    view!(proof, governor.timelock, plan.timelock.address);
    view!(proof, governor.votingDelay, settings.voting_delay);
    view!(proof, governor.votingPeriod, settings.voting_period);
    view!(proof, governor.proposalThreshold, settings.proposal_threshold);
    view!(proof, governor.quorumNumerator_0, settings.quorum_percent);
    view!(proof, governor.quorumDenominator, 100);
    view!(proof, governor.superQuorumNumerator_0, settings.super_quorum_percent);
    view!(proof, governor.lateQuorumVoteExtension, settings.late_quorum_extension);
    view!(proof, governor.proposalGuardian, config.council);
    view!(proof, governor.CLOCK_MODE, config.token.clock.mode());
    Ok(())
}

/// The timelock's delay.
pub(super) async fn timelock(proof: &mut Proof, chain: &Chain, config: &Config, plan: &Plan) -> Result<()> {
    let timelock = Timelock::new(plan.timelock.address, chain.provider());
    view!(proof, timelock.getMinDelay, config.timelock.min_delay);
    Ok(())
}

fn listed(mints: impl IntoIterator<Item = (Address, U256)>) -> String {
    mints.into_iter().map(|(account, amount)| format!("{amount} to {account}")).collect::<Vec<_>>().join(", ")
}
