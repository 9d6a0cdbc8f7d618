//! What a walk knows of the DAO, and how an action becomes a call.

use std::sync::Arc;

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::{Governor, Timelock, VotingToken};
use eyre::Result;
use harness::{
    chain::Account,
    dao::{Proposal, State, whole},
};

use crate::actions::{Action, Content, Flaw};
use crate::cast::{Cast, PAYEE, role};
use crate::errand::Errand;
use crate::view::{Operation, Proposed, View};

/// A call that somebody sends.
pub(crate) struct Call {
    pub(crate) by: Account,
    pub(crate) to: Address,
    pub(crate) input: Vec<u8>,
    /// Whose signature it brings.
    pub(crate) signer: Option<Address>,
}

/// What the walk knows of what it has done.
pub(crate) struct World {
    pub(crate) cast: Arc<Cast>,
    pub(crate) plans: Vec<Proposal>,
    pub(crate) errands: Vec<Errand>,
    /// The proposal that was moved on to its execution last.
    pub(crate) tried: Option<U256>,
    /// Those that were signed as they should be.
    pub(crate) permits: Vec<VotingToken::permitCall>,
    /// What will be proposed.
    pub(crate) deck: Vec<Content>,
}

impl World {
    /// The proposal `back` before the last.
    fn plan(&self, back: usize) -> Option<&Proposal> {
        self.plans.iter().rev().nth(back)
    }

    /// The errand `back` before the last one that is such.
    fn errand(&self, back: usize, view: &View, such: fn(&Operation) -> bool) -> Option<Errand> {
        let fits = |errand: &&Errand| view.operations.get(&errand.id()).is_some_and(such);
        self.errands.iter().rev().filter(fits).nth(back).copied()
    }

    /// Whether an account has votes left for a proposal.
    fn may_vote(&self, account: Address, seen: &Proposed, view: &View) -> bool {
        let had = view.past.get(&seen.snapshot).and_then(|past| past.votes.get(&account)).copied().unwrap_or_default();
        seen.used.get(&account).is_some_and(|used| *used < had)
    }

    /// What an action is, as things stand.
    pub(crate) fn resolve(&mut self, action: Action, view: &View) -> Action {
        match action {
            Action::Onward { by, support, late } => {
                let next = self.onward(by, support, late, view);
                if let Some(Action::Execute { plan, .. }) = next {
                    self.tried = self.plan(plan).map(Proposal::id);
                }
                next.or_else(|| Some(Action::Propose { by, content: self.deck.pop()? })).unwrap_or(action)
            }
            // One that is held, if there is one.
            Action::Renounce { by, role: wanted } => {
                let holds = |place: &usize| view.roles.contains(&(role(*place), self.cast.person(by).address()));
                Action::Renounce { by, role: (1..4).find(holds).unwrap_or(wanted) }
            }
            other => other,
        }
    }

    /// What the last proposal asks for; nothing, where it is over.
    fn onward(&self, by: usize, support: u8, late: bool, view: &View) -> Option<Action> {
        let plan = self.plan(0)?;
        let seen = view.proposals.get(&plan.id())?;
        let until = |time: u64| Action::Wait { time: time.saturating_sub(view.time).max(1) };
        let account = self.cast.person(by).address();
        Some(match State::try_from(seen.state) {
            Ok(State::Pending) => until(seen.snapshot + 1),
            Ok(State::Active) if late && view.time + 5 < seen.deadline => until(seen.deadline - 5),
            Ok(State::Active) if self.may_vote(account, seen, view) => Action::Vote { by, plan: 0, support },
            Ok(State::Active) => until(seen.deadline + 1),
            Ok(State::Succeeded) => Action::Queue { by, plan: 0 },
            // Some think better of it at the last moment.
            Ok(State::Queued) if support == 0 && view.time < seen.eta => Action::Cancel { by: 6, plan: 0 },
            Ok(State::Queued) if view.time < seen.eta => until(seen.eta),
            // What fails once fails again: another proposal has its turn.
            Ok(State::Queued) if self.tried != Some(plan.id()) => Action::Execute { by, plan: 0 },
            _ => return None,
        })
    }

    /// The call that an action is; none where it is to wait, or speaks of what is not there.
    pub(crate) fn call(&mut self, action: &Action, view: &View) -> Result<Option<Call>> {
        let cast = self.cast.clone();
        let dao = &cast.dao;
        let tokens = |thousands: u64| whole(1_000) * U256::from(thousands);
        let person = |place: usize| cast.person(place).clone();
        let address = |place: usize| cast.person(place).address();
        let of_plan = |world: &Self, plan: usize| world.plan(plan).map(Proposal::id);
        let chain = dao.config.chain.id;
        let call = match *action {
            Action::Transfer { by, to, thousands } => {
                let call = VotingToken::transferCall { to: address(to), value: tokens(thousands) };
                by_itself(person(by), dao.token, call)
            }
            Action::Approve { by, spender, thousands } => {
                let spender = cast.spenders()[spender];
                by_itself(person(by), dao.token, VotingToken::approveCall { spender, value: tokens(thousands) })
            }
            Action::TransferFrom { spender, from, thousands } => {
                let by = person([5, 0][spender]);
                let (from, to) = (address(from), by.address());
                by_itself(by, dao.token, VotingToken::transferFromCall { from, to, value: tokens(thousands) })
            }
            Action::Delegate { by, to } => {
                by_itself(person(by), dao.token, VotingToken::delegateCall { delegatee: address(to) })
            }
            Action::DelegateBySig { signer, to, ahead } => {
                let who = person(signer);
                let nonce = view.accounts[&who.address()].nonce + U256::from(ahead);
                let call = dao.delegation(&who, address(to), nonce, U256::from(u64::MAX), chain)?;
                Call { signer: Some(who.address()), ..by_itself(dao.deployer.clone(), dao.token, call) }
            }
            Action::Permit { owner, spender, thousands, flaw } => {
                let (who, spender, value) = (person(owner), cast.spenders()[spender], tokens(thousands));
                let nonce = view.accounts[&who.address()].nonce + U256::from(u8::from(flaw == Flaw::Ahead));
                // The next block is a second later.
                let deadline = U256::from(if flaw == Flaw::Expired { view.time } else { view.time + 1 });
                let signer = if flaw == Flaw::Forged { &cast.mallory } else { &who };
                let made = dao.permit(signer, who.address(), (spender, value), (nonce, deadline))?;
                let call = match flaw {
                    Flaw::Replayed => self.permits.last().cloned(),
                    _ => Some(made),
                };
                let Some(call) = call else { return Ok(None) };
                if flaw == Flaw::None {
                    self.permits.push(call.clone());
                }
                Call { signer: Some(call.owner), ..by_itself(dao.deployer.clone(), dao.token, call) }
            }
            Action::Propose { by, ref content } => {
                let plan = self.content(content);
                let call = plan.propose();
                self.plans.push(plan);
                by_itself(person(by), dao.governor, call)
            }
            Action::Again { by, plan } => {
                let Some(plan) = self.plan(plan) else { return Ok(None) };
                by_itself(person(by), dao.governor, plan.propose())
            }
            Action::Vote { by, plan, support } => {
                let Some(id) = of_plan(self, plan) else { return Ok(None) };
                by_itself(person(by), dao.governor, Governor::castVoteCall { proposalId: id, support })
            }
            Action::Split { by, plan, thousands } => {
                let Some(id) = of_plan(self, plan) else { return Ok(None) };
                let parts = thousands.map(|part| tokens(part.into()).to::<u128>());
                let params = parts.iter().flat_map(|part| part.to_be_bytes()).collect::<Vec<_>>().into();
                let reason = String::from("parts");
                let call = Governor::castVoteWithReasonAndParamsCall { proposalId: id, support: 255, reason, params };
                by_itself(person(by), dao.governor, call)
            }
            Action::Ballot { signer, plan, support, ahead } => {
                let Some(id) = of_plan(self, plan) else { return Ok(None) };
                let who = person(signer);
                let nonce = view.accounts[&who.address()].ballots + U256::from(ahead);
                let call = dao.ballot(&who, id, support, nonce, chain)?;
                Call { signer: Some(who.address()), ..by_itself(dao.deployer.clone(), dao.governor, call) }
            }
            Action::Queue { by, plan } => {
                let Some(id) = of_plan(self, plan) else { return Ok(None) };
                by_itself(person(by), dao.governor, Governor::queue_1Call { proposalId: id })
            }
            Action::Execute { by, plan } => {
                let Some(id) = of_plan(self, plan) else { return Ok(None) };
                by_itself(person(by), dao.governor, Governor::execute_1Call { proposalId: id })
            }
            Action::Cancel { by, plan } => {
                let Some(id) = of_plan(self, plan) else { return Ok(None) };
                by_itself(person(by), dao.governor, Governor::cancel_1Call { proposalId: id })
            }
            Action::Schedule { by, after, late } => {
                let predecessor = self
                    .errand(0, view, |operation| operation.known)
                    .filter(|_| after)
                    .map_or(B256::ZERO, |errand| errand.id());
                let errand = Errand { number: self.errands.len() as u64 + 1, predecessor };
                self.errands.push(errand);
                let delay = view.settings.min_delay + U256::from(late);
                // The largest is one too little, wherever there is a delay at all.
                let delay = if late == u64::MAX { view.settings.min_delay.saturating_sub(U256::ONE) } else { delay };
                let call = Timelock::scheduleCall {
                    target: PAYEE,
                    value: U256::ZERO,
                    data: Bytes::new(),
                    predecessor,
                    salt: errand.salt(),
                    delay,
                };
                by_itself(person(by), dao.timelock, call)
            }
            Action::Carry { by, operation } => {
                let waiting = self.errand(operation, view, |operation| operation.pending);
                let Some(errand) = waiting.or_else(|| self.errand(0, view, |operation| operation.known)) else {
                    return Ok(None);
                };
                let call = Timelock::executeCall {
                    target: PAYEE,
                    value: U256::ZERO,
                    payload: Bytes::new(),
                    predecessor: errand.predecessor,
                    salt: errand.salt(),
                };
                by_itself(person(by), dao.timelock, call)
            }
            Action::CallOff { by, operation } => {
                let Some(errand) = self.errand(operation, view, |operation| operation.known) else { return Ok(None) };
                by_itself(person(by), dao.timelock, Timelock::cancelCall { id: errand.id() })
            }
            Action::Directly { by, ref content } => {
                let plan = self.content(content);
                let (to, input) = (plan.targets[0], plan.calldatas[0].to_vec());
                Call { by: person(by), to, input, signer: None }
            }
            Action::Renounce { by, role: place } => {
                let call = Timelock::renounceRoleCall { role: role(place), callerConfirmation: address(by) };
                by_itself(person(by), dao.timelock, call)
            }
            Action::Wait { .. } | Action::Onward { .. } => return Ok(None),
        };
        Ok(Some(call))
    }
}

fn by_itself(by: Account, to: Address, call: impl SolCall) -> Call {
    Call { by, to, input: call.abi_encode(), signer: None }
}
