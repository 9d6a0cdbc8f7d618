//! What proposals and operations do: the call that each deed is.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolCall,
};
use consilium_bindings::{Governor as G, Timelock as L, VotingToken as T};

use super::{
    action::{Back, Deed},
    views::{calldata, roles, word},
    world::{World, amount},
};

impl World {
    /// Target, wei and calldata of a deed.
    pub(super) fn deed(&self, deed: &Deed) -> (Address, u64, Vec<u8>) {
        let of_governor = |selector, argument| (self.governor, 0, calldata(selector, &[argument]));
        let of_timelock = |selector, words: &[U256]| (self.timelock, 0, calldata(selector, words));
        let number = U256::from::<u64>;
        match *deed {
            Deed::Pay { to, wei } => (self.people.person(to), wei, Vec::new()),
            Deed::VotingDelay(delay) => of_governor(G::setVotingDelayCall::SELECTOR, number(delay)),
            Deed::VotingPeriod(period) => of_governor(G::setVotingPeriodCall::SELECTOR, number(period.into())),
            Deed::Threshold(votes) => of_governor(G::setProposalThresholdCall::SELECTOR, number(votes)),
            Deed::Extension(time) => of_governor(G::setLateQuorumVoteExtensionCall::SELECTOR, number(time)),
            Deed::Quorum(share) => of_governor(G::updateQuorumNumeratorCall::SELECTOR, number(share)),
            Deed::SuperQuorum(share) => of_governor(G::updateSuperQuorumNumeratorCall::SELECTOR, number(share)),
            Deed::Guardian(guardian) => {
                of_governor(G::setProposalGuardianCall::SELECTOR, word(self.people.person(guardian)))
            }
            Deed::Timelock(timelock) => {
                of_governor(G::updateTimelockCall::SELECTOR, word(self.people.person(timelock)))
            }
            Deed::Relay(ref inner) => {
                let (target, value, data) = self.deed(inner);
                let relay = G::relayCall { target, value: U256::from(value), data: data.into() };
                (self.governor, value, relay.abi_encode())
            }
            Deed::MoveTokens { to, amount: value } => {
                (self.token, 0, calldata(T::transferCall::SELECTOR, &[word(self.people.person(to)), amount(value)]))
            }
            Deed::DelegateTokens(to) => {
                (self.token, 0, calldata(T::delegateCall::SELECTOR, &[word(self.people.person(to))]))
            }
            Deed::MinDelay(seconds) => of_timelock(L::updateDelayCall::SELECTOR, &[amount(seconds)]),
            Deed::Grant { role, account } => of_timelock(L::grantRoleCall::SELECTOR, &self.role(role, account)),
            Deed::Revoke { role, account } => of_timelock(L::revokeRoleCall::SELECTOR, &self.role(role, account)),
            Deed::Fail => (self.people.silent(), 0, Vec::new()),
            Deed::Unknown(to) => (self.people.person(to), 0, vec![0xde, 0xad, 0xbe, 0xef]),
            Deed::Burn => (self.people.burner(), 0, Vec::new()),
            Deed::Trigger => (self.people.reenterer(), 0, vec![1]),
        }
    }

    /// The arguments of a function about a role.
    pub(super) fn role(&self, role: u8, account: u8) -> [U256; 2] {
        [roles()[usize::from(role) % 4].into(), word(self.people.person(account))]
    }

    /// Target and calldata of what the re-entrant target does.
    pub(super) fn back(&self, back: &Back) -> (Address, Vec<u8>) {
        let of_proposal = |selector, back| (self.governor, calldata(selector, &[self.proposal_id(back)]));
        match *back {
            Back::Queue(proposal) => of_proposal(G::queue_1Call::SELECTOR, proposal),
            Back::Execute(proposal) => of_proposal(G::execute_1Call::SELECTOR, proposal),
            Back::Cancel(proposal) => of_proposal(G::cancel_1Call::SELECTOR, proposal),
            Back::Vote(proposal) => {
                let vote = calldata(G::castVoteCall::SELECTOR, &[self.proposal_id(proposal), U256::from(1)]);
                (self.governor, vote)
            }
            Back::ExecuteOperation(operation) => (self.timelock, self.execute_operation(operation)),
            Back::CancelOperation(operation) => {
                (self.timelock, calldata(L::cancelCall::SELECTOR, &[self.operation_id(operation).into()]))
            }
            Back::Deed(ref deed) => {
                let (to, _, data) = self.deed(deed);
                (to, data)
            }
        }
    }

    /// The timelock's `execute` or `executeBatch` of an operation.
    pub(super) fn execute_operation(&self, back: u8) -> Vec<u8> {
        let Some(operation) = self.operation(back) else {
            let (target, value, payload) = Default::default();
            let (predecessor, salt) = Default::default();
            return L::executeCall { target, value, payload, predecessor, salt }.abi_encode();
        };
        let (predecessor, salt) = (operation.predecessor, operation.salt);
        match operation.single() {
            Some((target, value, payload)) => L::executeCall { target, value, payload, predecessor, salt }.abi_encode(),
            None => {
                let super::world::Calls { targets, values, calldatas: payloads } = operation.calls.clone();
                L::executeBatchCall { targets, values, payloads, predecessor, salt }.abi_encode()
            }
        }
    }
}
