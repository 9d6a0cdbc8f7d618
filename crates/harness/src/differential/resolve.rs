//! The call that an action means, given what is known.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::{Governor as G, Timelock as L};
use eyre::Result;

use super::{
    action::{Action, Ballot, Boundary, Deed, Skew, Tail},
    of_governor::propose,
    people::CONTRACTS,
    views::{Question, calldata, word},
    world::{Calls, Operation, World, amount},
};

/// What is to be done on both sides.
#[derive(Clone, Debug)]
pub(super) enum Todo {
    /// A block without a transaction, at this time and block number.
    Wait { time: u64, block: u64 },
    /// A call by an actor.
    Call(Call),
    /// Calls by an actor, each with limited gas.
    Probe(Probe),
    /// Nothing but what is noted for the next step.
    Nothing,
}

/// A call by an actor.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) by: Address,
    pub(super) to: Address,
    pub(super) wei: u64,
    pub(super) data: Vec<u8>,
}

/// Calls of one contract by an actor, in one transaction.
#[derive(Clone, Debug)]
pub(super) struct Probe {
    pub(super) by: Address,
    pub(super) to: Address,
    pub(super) wei: u64,
    pub(super) calls: Vec<Bytes>,
}

/// A deadline that is far off.
pub(super) const SOON: u64 = 100_000;

impl World {
    /// What the action means now. Proposals and operations that it makes are noted, whether or not they come to be.
    pub(super) fn resolve(&mut self, action: &Action) -> Result<Todo> {
        let (by, to, wei, data) = match *action {
            Action::Wait { ticks } => return Ok(self.wait(ticks)),
            Action::Until { proposal, what, offset } => return Ok(self.wait_until(proposal, what, offset)),
            Action::Onward { by, support, ref deeds } => return self.onward(by, support, deeds),

            Action::OnwardOperation { by, ref deeds, batch } => return self.onward_operation(by, deeds, batch),

            Action::Transfer { .. }
            | Action::TransferFrom { .. }
            | Action::Approve { .. }
            | Action::Delegate { .. }
            | Action::Permit { .. }
            | Action::DelegateBySig { .. } => {
                let (by, data) = self.of_token(action)?;
                (by, self.token, 0, data)
            }
            Action::Look { by, what, who, back } => {
                let (to, data) = self.look(what, who, back);
                (by, to, 0, data)
            }

            Action::Propose { by, ref deeds, tail, skew } => {
                let proposal = self.make_proposal(deeds, tail, skew);
                let data = propose(&proposal);
                self.add_proposal(proposal);
                (by, self.governor, 0, data)
            }
            Action::ProposeAgain { by, proposal } => {
                let data = self.proposal(proposal).map_or_else(Vec::new, propose);
                (by, self.governor, 0, data)
            }
            Action::Vote { by, proposal, ref ballot } => (by, self.governor, 0, self.vote(proposal, ballot)),
            Action::VoteBySig { by, signer, voter, proposal, ref ballot, flaw } => {
                (by, self.governor, 0, self.vote_by_sig(signer, voter, proposal, ballot, flaw)?)
            }
            Action::Queue { by, proposal, by_id } => {
                let by_content = |targets, values, calldatas, hash| {
                    G::queue_0Call { targets, values, calldatas, descriptionHash: hash }.abi_encode()
                };
                (by, self.governor, 0, self.moved(proposal, by_id, G::queue_1Call::SELECTOR, by_content))
            }
            Action::Execute { by, proposal, by_id, wei } => {
                let by_content = |targets, values, calldatas, hash| {
                    G::execute_0Call { targets, values, calldatas, descriptionHash: hash }.abi_encode()
                };
                (by, self.governor, wei, self.moved(proposal, by_id, G::execute_1Call::SELECTOR, by_content))
            }
            Action::Cancel { by, proposal, by_id } => {
                let by_content = |targets, values, calldatas, hash| {
                    G::cancel_0Call { targets, values, calldatas, descriptionHash: hash }.abi_encode()
                };
                (by, self.governor, 0, self.moved(proposal, by_id, G::cancel_1Call::SELECTOR, by_content))
            }
            Action::Direct { by, ref deed } => {
                let (to, wei, data) = self.deed(deed);
                (by, to, wei, data)
            }
            Action::Arm { by, ref back } => {
                let (to, data) = self.back(back);
                (by, self.people.reenterer(), 0, arm(to, data))
            }

            Action::Schedule { by, ref deeds, batch, predecessor, salt, delay, skew } => {
                let calls = Calls::new(deeds.iter().map(|deed| self.deed(deed)), skew);
                let predecessor = predecessor.map_or(B256::ZERO, |back| self.operation_id(back));
                let operation = Operation::new(calls, batch, predecessor, B256::with_last_byte(salt));
                let data = schedule(&operation, amount(delay));
                self.add_operation(operation);
                (by, self.timelock, 0, data)
            }
            Action::ExecuteOperation { by, operation, wei } => {
                (by, self.timelock, wei, self.execute_operation(operation))
            }
            Action::CancelOperation { by, operation } => {
                let id = self.operation_id(operation).into();
                (by, self.timelock, 0, calldata(L::cancelCall::SELECTOR, &[id]))
            }
            Action::Grant { by, role, account } => {
                (by, self.timelock, 0, calldata(L::grantRoleCall::SELECTOR, &self.role(role, account)))
            }
            Action::Revoke { by, role, account } => {
                (by, self.timelock, 0, calldata(L::revokeRoleCall::SELECTOR, &self.role(role, account)))
            }
            Action::Renounce { by, role, account } => {
                (by, self.timelock, 0, calldata(L::renounceRoleCall::SELECTOR, &self.role(role, account)))
            }

            Action::Pay { by, to, wei } => (by, self.people.person(to), wei, Vec::new()),
            Action::Receive { by, to, kind } => {
                let (to, token) = (self.people.person(to), self.people.person(CONTRACTS[0]));
                // Ours alone answers ERC-165, so nobody asks there: see `exceptions`.
                let kind = if to == token { kind % 5 % 3 } else { kind };
                (by, to, 0, received(by, kind))
            }
            Action::Scarce { share } => {
                self.share = Some(share);
                return Ok(Todo::Nothing);
            }
            Action::Probe { by, to, wei, ref calls } => {
                let (by, to, calls) = (self.people.actor(by), self.people.person(to), calls.clone());
                return Ok(Todo::Probe(Probe { by, to, wei, calls }));
            }
        };
        Ok(Todo::Call(Call { by: self.people.actor(by), to, wei, data }))
    }

    // ------------------------------------------------------------------------------------------------------ time

    fn wait(&self, ticks: u64) -> Todo {
        Todo::Wait { time: self.time + ticks, block: self.block + ticks }
    }

    fn wait_until(&self, proposal: u8, what: Boundary, offset: i8) -> Todo {
        let (selector, now) = match what {
            Boundary::Snapshot => (G::proposalSnapshotCall::SELECTOR, self.clock()),
            Boundary::Deadline => (G::proposalDeadlineCall::SELECTOR, self.clock()),
            Boundary::Eta => (G::proposalEtaCall::SELECTOR, self.time),
        };
        let known =
            self.known(&Question { to: self.governor, data: calldata(selector, &[self.proposal_id(proposal)]) });
        let target = known.map_or(0, |time| time.saturating_to::<u64>()).saturating_add_signed(offset.into());
        // What is past, or set beyond all reason, is not waited for.
        self.wait(target.saturating_sub(now).min(SOON))
    }

    fn onward(&mut self, by: u8, support: u8, deeds: &[Deed]) -> Result<Todo> {
        let state = Question { to: self.governor, data: calldata(G::stateCall::SELECTOR, &[self.proposal_id(0)]) };
        let next = match self.known(&state).map(|state| state.to::<u64>()) {
            Some(0) => Action::Until { proposal: 0, what: Boundary::Snapshot, offset: 1 },
            Some(1) => {
                let voted = [self.proposal_id(0), word(self.people.actor(by))];
                let voted = Question { to: self.governor, data: calldata(G::hasVotedCall::SELECTOR, &voted) };
                if self.known(&voted) == Some(U256::from(1)) {
                    Action::Until { proposal: 0, what: Boundary::Deadline, offset: 1 }
                } else {
                    Action::Vote { by, proposal: 0, ballot: Ballot { support, reason: None, params: None } }
                }
            }
            Some(4) => Action::Queue { by, proposal: 0, by_id: support % 2 == 1 },
            // What fails once fails again: another proposal has its turn.
            Some(5) if self.tried != Some(self.proposal_id(0)) => {
                let eta = self.wait_until(0, Boundary::Eta, 0);
                match eta {
                    Todo::Wait { time, .. } if time > self.time => return Ok(eta),
                    _ => self.tried = Some(self.proposal_id(0)),
                }
                Action::Execute { by, proposal: 0, by_id: support % 2 == 1, wei: 0 }
            }
            _ => Action::Propose { by, deeds: deeds.to_vec(), tail: Tail::None, skew: Skew::None },
        };
        self.resolve(&next)
    }

    fn onward_operation(&mut self, by: u8, deeds: &[Deed], batch: bool) -> Result<Todo> {
        let about = |selector| Question { to: self.timelock, data: calldata(selector, &[self.operation_id(0).into()]) };
        let min_delay = Question { to: self.timelock, data: calldata(L::getMinDelayCall::SELECTOR, &[]) };
        let delay = self.known(&min_delay).unwrap_or_default();
        let state = self.known(&about(L::getOperationStateCall::SELECTOR)).map(|state| state.to::<u64>());
        // What a proposal becomes is for the governor to schedule.
        let own = |operation: &&Operation| self.proposals.iter().all(|proposal| proposal.calls != operation.calls);
        let next = match (state, self.operation(0).filter(own)) {
            (Some(0), Some(operation)) => {
                let (by, to, data) = (self.people.actor(0), self.timelock, schedule(operation, delay));
                return Ok(Todo::Call(Call { by, to, wei: 0, data }));
            }
            (Some(1), _) => {
                let ready = self.known(&about(L::getTimestampCall::SELECTOR)).unwrap_or_default();
                return Ok(self.wait(ready.saturating_to::<u64>().saturating_sub(self.time).min(SOON)));
            }
            (Some(2), _) => Action::ExecuteOperation { by, operation: 0, wei: 0 },
            _ => {
                let (deeds, predecessor, salt) = (deeds.to_vec(), None, self.operations.len() as u8);
                let delay = delay.saturating_to();
                Action::Schedule { by: 0, deeds, batch, predecessor, salt, delay, skew: Skew::None }
            }
        };
        self.resolve(&next)
    }
}

fn schedule(operation: &Operation, delay: U256) -> Vec<u8> {
    let (predecessor, salt) = (operation.predecessor, operation.salt);
    match operation.single() {
        Some((target, value, data)) => L::scheduleCall { target, value, data, predecessor, salt, delay }.abi_encode(),
        None => {
            let Calls { targets, values, calldatas: payloads } = operation.calls.clone();
            L::scheduleBatchCall { targets, values, payloads, predecessor, salt, delay }.abi_encode()
        }
    }
}

fn arm(to: Address, data: Vec<u8>) -> Vec<u8> {
    alloy::sol! { function arm(address to, bytes data) external; }
    armCall { to, data: data.into() }.abi_encode()
}

/// A token arrives, or somebody asks whether it may.
fn received(by: u8, kind: u8) -> Vec<u8> {
    let (operator, from) = (Address::repeat_byte(by), Address::ZERO);
    let (id, value, data) = (U256::from(kind), U256::from(1), Bytes::from_static(b"with words"));
    match kind % 5 {
        0 => L::onERC721ReceivedCall { operator, from, tokenId: id, data }.abi_encode(),
        1 => L::onERC1155ReceivedCall { operator, from, id, value, data }.abi_encode(),
        2 => {
            let (ids, values) = (vec![id; 2], vec![value; 2]);
            L::onERC1155BatchReceivedCall { operator, from, ids, values, data }.abi_encode()
        }
        3 => L::supportsInterfaceCall { interfaceId: [0x4e, 0x23, 0x12, 0xe0].into() }.abi_encode(),
        _ => L::supportsInterfaceCall { interfaceId: [0x65, 0x45, 0x5a, 0x86].into() }.abi_encode(),
    }
}
