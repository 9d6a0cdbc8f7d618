//! The answers of all views, read in one call of one block.

use std::collections::{BTreeMap, BTreeSet};

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, Bytes, U256, keccak256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::SolCall,
};
use consilium_bindings::{Governor, Timelock, VotingToken};
use eyre::{OptionExt, Result, ensure};

use crate::cast::Cast;

/// An account of the token and the governor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) balance: U256,
    pub(crate) votes: U256,
    pub(crate) delegatee: Address,
    /// Next nonce of permits and delegations.
    pub(crate) nonce: U256,
    /// Next nonce of ballots.
    pub(crate) ballots: U256,
    pub(crate) allowances: BTreeMap<Address, U256>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) voting_delay: U256,
    pub(crate) voting_period: U256,
    pub(crate) threshold: U256,
    pub(crate) extension: u64,
    pub(crate) guardian: Address,
    pub(crate) timelock: Address,
    pub(crate) quorum: U256,
    pub(crate) super_quorum: U256,
    pub(crate) min_delay: U256,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Proposed {
    pub(crate) state: u8,
    pub(crate) snapshot: u64,
    pub(crate) deadline: u64,
    pub(crate) proposer: Address,
    pub(crate) eta: u64,
    /// Against, for, abstaining.
    pub(crate) votes: [U256; 3],
    pub(crate) used: BTreeMap<Address, U256>,
    /// The hash of what `proposalDetails` returns.
    pub(crate) details: B256,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Operation {
    pub(crate) timestamp: U256,
    pub(crate) state: u8,
    pub(crate) known: bool,
    pub(crate) pending: bool,
    pub(crate) ready: bool,
    pub(crate) done: bool,
}

/// What is told of a past timepoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Past {
    pub(crate) supply: U256,
    pub(crate) votes: BTreeMap<Address, U256>,
    pub(crate) quorum: U256,
    pub(crate) super_quorum: U256,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) time: u64,
    pub(crate) supply: U256,
    /// The treasury's ether.
    pub(crate) ether: U256,
    pub(crate) accounts: BTreeMap<Address, Holder>,
    pub(crate) settings: Settings,
    pub(crate) proposals: BTreeMap<U256, Proposed>,
    pub(crate) operations: BTreeMap<B256, Operation>,
    pub(crate) roles: BTreeSet<(B256, Address)>,
    pub(crate) past: BTreeMap<u64, Past>,
}

/// What to read besides the accounts and settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Proposals, and their snapshots.
    pub(crate) proposals: Vec<(U256, u64)>,
    pub(crate) operations: Vec<B256>,
}

type Keep = Box<dyn FnOnce(&mut View, &[u8]) -> Result<()>>;

/// Questions, and where each answer goes.
#[derive(Default)]
struct Questions {
    /// As the contract `Reader` takes them: target, length, calldata.
    input: Vec<u8>,
    keep: Vec<Keep>,
}

impl Questions {
    fn ask<C: SolCall>(&mut self, at: Address, call: C, keep: impl FnOnce(&mut View, C::Return) + 'static) {
        let data = call.abi_encode();
        self.input.extend(at);
        self.input.extend((data.len() as u16).to_be_bytes());
        self.input.extend(data);
        self.keep.push(Box::new(move |view, data| {
            keep(view, C::abi_decode_returns_validate(data)?);
            Ok(())
        }));
    }
}

/// The account's part of a view.
fn of(view: &mut View, account: Address) -> &mut Holder {
    view.accounts.entry(account).or_default()
}

/// The proposal's part of a view.
fn plan(view: &mut View, id: U256) -> &mut Proposed {
    view.proposals.entry(id).or_default()
}

/// The operation's part of a view.
fn operation(view: &mut View, id: B256) -> &mut Operation {
    view.operations.entry(id).or_default()
}

/// Reads everything at the head.
pub(crate) async fn read(cast: &Cast, known: &Known) -> Result<View> {
    let chain = &cast.dao.chain;
    let time = chain.now().await?;
    let mut questions = Questions::default();
    ask_token(&mut questions, cast);
    ask_settings(&mut questions, cast);
    ask_roles(&mut questions, cast);
    for &(id, snapshot) in &known.proposals {
        ask_proposal(&mut questions, cast, id);
        if snapshot < time {
            ask_past(&mut questions, cast, snapshot);
        }
    }
    for &id in &known.operations {
        ask_operation(&mut questions, cast, id);
    }
    let Questions { input, keep } = questions;
    let request = TransactionRequest::default().with_to(cast.reader).with_input(input).with_gas_limit(50_000_000);
    // At the head's own time, not at that of the next block.
    let answers = chain.dev.call(request).latest().await?;
    let ether = chain.dev.get_balance(cast.dao.timelock).await?;
    let mut view = View { time, ether, ..View::default() };
    let mut rest = &answers[..];
    for keep in keep {
        let (success, after) = rest.split_first().ok_or_eyre("an answer is missing")?;
        let (length, after) = after.split_first_chunk::<4>().ok_or_eyre("an answer is missing")?;
        let (data, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        ensure!(*success == 1, "a view reverted with {}", Bytes::copy_from_slice(data));
        keep(&mut view, data)?;
        rest = after;
    }
    Ok(view)
}

fn ask_token(questions: &mut Questions, cast: &Cast) {
    let (token, governor) = (cast.dao.token, cast.dao.governor);
    questions.ask(token, VotingToken::totalSupplyCall {}, |view, supply| view.supply = supply);
    for account in cast.accounts() {
        questions.ask(token, VotingToken::balanceOfCall { account }, move |v, it| of(v, account).balance = it);
        questions.ask(token, VotingToken::getVotesCall { account }, move |v, it| of(v, account).votes = it);
        questions.ask(token, VotingToken::delegatesCall { account }, move |v, it| of(v, account).delegatee = it);
        questions.ask(token, VotingToken::noncesCall { owner: account }, move |v, it| of(v, account).nonce = it);
        questions.ask(governor, Governor::noncesCall { owner: account }, move |v, it| of(v, account).ballots = it);
        for spender in cast.spenders() {
            let allowance = VotingToken::allowanceCall { owner: account, spender };
            questions.ask(token, allowance, move |v, it| {
                of(v, account).allowances.insert(spender, it);
            });
        }
    }
}

fn ask_settings(questions: &mut Questions, cast: &Cast) {
    let at = cast.dao.governor;
    questions.ask(at, Governor::votingDelayCall {}, |view, it| view.settings.voting_delay = it);
    questions.ask(at, Governor::votingPeriodCall {}, |view, it| view.settings.voting_period = it);
    questions.ask(at, Governor::proposalThresholdCall {}, |view, it| view.settings.threshold = it);
    questions.ask(at, Governor::lateQuorumVoteExtensionCall {}, |view, it| view.settings.extension = it.to());
    questions.ask(at, Governor::proposalGuardianCall {}, |view, it| view.settings.guardian = it);
    questions.ask(at, Governor::timelockCall {}, |view, it| view.settings.timelock = it);
    questions.ask(at, Governor::quorumNumerator_0Call {}, |view, it| view.settings.quorum = it);
    questions.ask(at, Governor::superQuorumNumerator_0Call {}, |view, it| view.settings.super_quorum = it);
    questions.ask(cast.dao.timelock, Timelock::getMinDelayCall {}, |view, it| view.settings.min_delay = it);
}

fn ask_roles(questions: &mut Questions, cast: &Cast) {
    for role in cast.roles() {
        for account in cast.role_holders() {
            questions.ask(cast.dao.timelock, Timelock::hasRoleCall { role, account }, move |view, holds| {
                if holds {
                    view.roles.insert((role, account));
                }
            });
        }
    }
}

fn ask_proposal(questions: &mut Questions, cast: &Cast, id: U256) {
    let at = cast.dao.governor;
    questions.ask(at, Governor::stateCall { proposalId: id }, move |v, it| plan(v, id).state = it);
    questions.ask(at, Governor::proposalSnapshotCall { proposalId: id }, move |v, it| plan(v, id).snapshot = it.to());
    questions.ask(at, Governor::proposalDeadlineCall { proposalId: id }, move |v, it| plan(v, id).deadline = it.to());
    questions.ask(at, Governor::proposalProposerCall { proposalId: id }, move |v, it| plan(v, id).proposer = it);
    questions.ask(at, Governor::proposalEtaCall { proposalId: id }, move |v, it| plan(v, id).eta = it.to());
    questions.ask(at, Governor::proposalVotesCall { proposalId: id }, move |v, it| {
        plan(v, id).votes = [it.againstVotes, it.forVotes, it.abstainVotes];
    });
    questions.ask(at, Governor::proposalDetailsCall { proposalId: id }, move |v, it| {
        use alloy::sol_types::SolValue;
        let content = (it.targets, it.values, it.calldatas, it.descriptionHash);
        plan(v, id).details = keccak256(content.abi_encode_params());
    });
    for account in cast.accounts() {
        questions.ask(at, Governor::usedVotesCall { proposalId: id, account }, move |v, it| {
            plan(v, id).used.insert(account, it);
        });
    }
}

fn ask_past(questions: &mut Questions, cast: &Cast, snapshot: u64) {
    let (token, at, timepoint) = (cast.dao.token, cast.dao.governor, U256::from(snapshot));
    let past = move |view: &mut View, keep: &mut dyn FnMut(&mut Past)| keep(view.past.entry(snapshot).or_default());
    questions.ask(token, VotingToken::getPastTotalSupplyCall { timepoint }, move |v, it| {
        past(v, &mut |past| past.supply = it);
    });
    questions.ask(at, Governor::quorumCall { timepoint }, move |v, it| past(v, &mut |past| past.quorum = it));
    questions.ask(at, Governor::superQuorumCall { timepoint }, move |v, it| {
        past(v, &mut |past| past.super_quorum = it);
    });
    for account in cast.accounts() {
        questions.ask(token, VotingToken::getPastVotesCall { account, timepoint }, move |v, it| {
            past(v, &mut |past| {
                past.votes.insert(account, it);
            });
        });
    }
}

fn ask_operation(questions: &mut Questions, cast: &Cast, id: B256) {
    let at = cast.dao.timelock;
    questions.ask(at, Timelock::getTimestampCall { id }, move |v, it| operation(v, id).timestamp = it);
    questions.ask(at, Timelock::getOperationStateCall { id }, move |v, it| operation(v, id).state = it);
    questions.ask(at, Timelock::isOperationCall { id }, move |v, it| operation(v, id).known = it);
    questions.ask(at, Timelock::isOperationPendingCall { id }, move |v, it| operation(v, id).pending = it);
    questions.ask(at, Timelock::isOperationReadyCall { id }, move |v, it| operation(v, id).ready = it);
    questions.ask(at, Timelock::isOperationDoneCall { id }, move |v, it| operation(v, id).done = it);
}
