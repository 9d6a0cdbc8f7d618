//! What proposals do, as calls.

use alloy::{primitives::U256, sol_types::SolCall};
use consilium_bindings::{Governor, Timelock, VotingToken};
use harness::dao::{Dao, Proposal, whole};

use crate::actions::Content;
use crate::cast::{PAYEE, role};
use crate::world::World;

impl World {
    /// A proposal with this content, under a name of its own.
    pub(crate) fn content(&self, content: &Content) -> Proposal {
        let Dao { governor, timelock, token, .. } = self.cast.dao;
        let plan = Proposal::new(format!("Plan {}", self.plans.len()));
        let account = |mallory: bool| if mallory { &self.cast.mallory } else { &self.cast.clerk }.address();
        let number = U256::from::<u64>;
        match *content {
            Content::Pay(wei) => plan.paying(PAYEE, number(wei)),
            Content::Tokens(thousands) => {
                let to = self.cast.dao.members[0].address();
                plan.calling(token, VotingToken::transferCall { to, value: whole(1_000) * number(thousands) })
            }
            Content::Delay(delay) => {
                plan.calling(governor, Governor::setVotingDelayCall { newVotingDelay: number(delay).to() })
            }
            Content::Period(period) => {
                plan.calling(governor, Governor::setVotingPeriodCall { newVotingPeriod: period })
            }
            Content::Threshold(thousands) => {
                let value = whole(1_000) * number(thousands);
                plan.calling(governor, Governor::setProposalThresholdCall { newProposalThreshold: value })
            }
            Content::Extension(time) => {
                let value = number(time).to();
                plan.calling(governor, Governor::setLateQuorumVoteExtensionCall { newVoteExtension: value })
            }
            Content::Quorum(percent) => {
                let value = number(percent);
                plan.calling(governor, Governor::updateQuorumNumeratorCall { newQuorumNumerator: value })
            }
            Content::SuperQuorum(percent) => {
                let value = number(percent);
                plan.calling(governor, Governor::updateSuperQuorumNumeratorCall { newSuperQuorumNumerator: value })
            }
            Content::Guardian(place) => {
                let value = self.cast.person(place).address();
                plan.calling(governor, Governor::setProposalGuardianCall { newProposalGuardian: value })
            }
            Content::MinDelay(seconds) => {
                plan.calling(timelock, Timelock::updateDelayCall { newDelay: number(seconds) })
            }
            Content::Grant { role: place, mallory } => {
                plan.calling(timelock, Timelock::grantRoleCall { role: role(place), account: account(mallory) })
            }
            Content::Revoke { role: place, mallory } => {
                plan.calling(timelock, Timelock::revokeRoleCall { role: role(place), account: account(mallory) })
            }
            Content::Timelock => {
                let second = self.cast.timelocks[1];
                plan.calling(governor, Governor::updateTimelockCall { newTimelock: second })
            }
            Content::Relay(place) => {
                let delegatee = self.cast.person(place).address();
                let data = VotingToken::delegateCall { delegatee }.abi_encode().into();
                plan.calling(governor, Governor::relayCall { target: token, value: U256::ZERO, data })
            }
            Content::Fail => plan.sending(self.cast.silent, U256::ZERO, vec![1, 2, 3, 4]),
        }
    }
}
