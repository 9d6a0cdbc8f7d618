//! Who can do what in the governor: the members, the guardian, and the timelock by what the members decide.

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use consilium_bindings::Governor as abi;
use eyre::Result;

use super::NAME;
use crate::explain::explain_call;
use crate::part::Name;
use crate::parts::{access_manager, timelock};
use crate::permissions::{Party, Permissions, Power, View};

/// What the timelock calls, by the members' decision.
const SETTINGS: [&str; 9] = [
    abi::setVotingDelayCall::SIGNATURE,
    abi::setVotingPeriodCall::SIGNATURE,
    abi::setProposalThresholdCall::SIGNATURE,
    abi::setLateQuorumVoteExtensionCall::SIGNATURE,
    abi::setProposalGuardianCall::SIGNATURE,
    abi::updateQuorumNumeratorCall::SIGNATURE,
    abi::updateSuperQuorumNumeratorCall::SIGNATURE,
    abi::updateTimelockCall::SIGNATURE,
    abi::relayCall::SIGNATURE,
];

const PROPOSER: Party = Party::Whoever("the proposer");

/// Adds the powers of members, guardian and timelock.
pub(super) async fn add(permissions: &mut Permissions, view: &View<'_>) -> Result<()> {
    let (this, at) = (Party::Contract(NAME), view.at());
    let governor = abi::new(view.address(NAME), view.chain().provider());
    let threshold = governor.proposalThreshold().block(at).call().await.map_err(explain_call)?;
    let guardian = governor.proposalGuardian().block(at).call().await.map_err(explain_call)?;
    let executor = governor.timelock().block(at).call().await.map_err(explain_call)?;
    let waits = timelock::Timelock::min_delay(view, executor).await?;

    let cancel = [abi::cancel_0Call::SIGNATURE, abi::cancel_1Call::SIGNATURE];
    // Without a guardian the proposer cancels at any time.
    let stop = vec![if guardian.is_zero() { PROPOSER } else { view.holder(guardian) }];
    let power = |functions: &[&str], holder: Party, by: &str| Power::new(this.clone(), functions, holder, by);

    let votes = alloy::primitives::utils::format_ether(threshold);
    let votes = format!("with {} votes", votes.trim_end_matches('0').trim_end_matches('.'));
    permissions.add(
        power(&[abi::proposeCall::SIGNATURE], Party::Whoever("a member"), &votes).stopped_by(if guardian.is_zero() {
            vec![PROPOSER]
        } else {
            vec![PROPOSER, view.holder(guardian)]
        }),
    );
    let carried_out = [abi::queue_0Call::SIGNATURE, abi::queue_1Call::SIGNATURE];
    permissions.add(power(&carried_out, Party::Whoever("anyone"), "").by_vote().stopped_by(stop.clone()));
    let carried_out = [abi::execute_0Call::SIGNATURE, abi::execute_1Call::SIGNATURE];
    permissions.add(power(&carried_out, Party::Whoever("anyone"), "").by_vote().after(waits).stopped_by(stop.clone()));
    if guardian.is_zero() {
        permissions.add(power(&cancel, PROPOSER, "until it is executed: there is no guardian"));
    } else {
        permissions.add(power(&cancel, PROPOSER, "while it is pending"));
        permissions.add(power(&cancel, view.holder(guardian), "proposal guardian"));
    }
    permissions.add(power(&SETTINGS, view.holder(executor), "executor").by_vote().after(waits).stopped_by(stop));
    Ok(())
}

/// The timelock, and the guardian where it is a manager of access.
pub(super) async fn neighbours(view: &View<'_>) -> Result<Vec<(Name, Address)>> {
    let governor = abi::new(view.address(NAME), view.chain().provider());
    let timelock = governor.timelock().block(view.at()).call().await.map_err(explain_call)?;
    let guardian = governor.proposalGuardian().block(view.at()).call().await.map_err(explain_call)?;
    let mut found = vec![(timelock::NAME, timelock)];
    if access_manager::strange(view, guardian).await?.is_none() {
        found.push((access_manager::NAME, guardian));
    }
    Ok(found)
}

impl super::Governor {
    /// Who can stop what the members decide, where the DAO's governor is known: its guardian, else the proposer.
    ///
    /// # Errors
    /// If the governor does not answer.
    pub(crate) async fn guardian(view: &View<'_>) -> Result<Option<Party>> {
        let Some(address) = view.find(NAME) else { return Ok(None) };
        let governor = abi::new(address, view.chain().provider());
        let guardian = governor.proposalGuardian().block(view.at()).call().await.map_err(explain_call)?;
        Ok(Some(if guardian.is_zero() { PROPOSER } else { view.holder(guardian) }))
    }
}
