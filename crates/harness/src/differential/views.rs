//! Every question that is asked after a step.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    sol_types::SolCall,
};
use consilium_bindings::{Governor as G, Timelock as L, VotingToken as T};

use super::world::World;

/// A view: whom to ask, and the calldata. Without calldata, the balance in wei.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The contract.
    pub to: Address,
    /// The calldata.
    pub data: Vec<u8>,
}

/// Calldata of a function whose arguments are words.
pub(super) fn calldata(selector: [u8; 4], words: &[U256]) -> Vec<u8> {
    let mut data = selector.to_vec();
    words.iter().for_each(|word| data.extend(word.to_be_bytes::<32>()));
    data
}

/// A number's word, or an account's.
pub(super) fn word(account: Address) -> U256 {
    account.into_word().into()
}

/// The roles, in the order in which scripts number them.
pub(super) fn roles() -> [B256; 4] {
    [B256::ZERO, keccak256("PROPOSER_ROLE"), keccak256("EXECUTOR_ROLE"), keccak256("CANCELLER_ROLE")]
}

/// The questions as the reader takes them.
pub(crate) fn row(questions: &[Question]) -> String {
    let mut row = Vec::new();
    for Question { to, data } in questions {
        row.extend(to);
        row.extend((data.len() as u16).to_be_bytes());
        row.extend(data);
    }
    alloy::hex::encode_prefixed(row)
}

/// All of them.
pub(super) fn questions(world: &World) -> Vec<Question> {
    let mut all = Vec::new();
    of_token(world, &mut all);
    of_governor(world, &mut all);
    of_timelock(world, &mut all);
    // The zero address is where the chain puts fees, and gas is not compared.
    let accounts = world.people.list.iter().filter(|account| !account.is_zero());
    all.extend(accounts.map(|&to| Question { to, data: Vec::new() }));
    all
}

fn of_token(world: &World, all: &mut Vec<Question>) {
    let mut ask = |selector, words: &[U256]| all.push(Question { to: world.token, data: calldata(selector, words) });
    for plain in [
        T::nameCall::SELECTOR,
        T::symbolCall::SELECTOR,
        T::decimalsCall::SELECTOR,
        T::totalSupplyCall::SELECTOR,
        T::clockCall::SELECTOR,
        T::CLOCK_MODECall::SELECTOR,
        T::DOMAIN_SEPARATORCall::SELECTOR,
        T::eip712DomainCall::SELECTOR,
    ] {
        ask(plain, &[]);
    }
    let now = world.clock();
    for back in [0, 1, 7, 60] {
        ask(T::getPastTotalSupplyCall::SELECTOR, &[U256::from(now - back)]);
    }
    for &account in &world.people.list {
        let account = word(account);
        for of_account in [
            T::balanceOfCall::SELECTOR,
            T::getVotesCall::SELECTOR,
            T::delegatesCall::SELECTOR,
            T::numCheckpointsCall::SELECTOR,
            T::noncesCall::SELECTOR,
        ] {
            ask(of_account, &[account]);
        }
        for back in [1, 13] {
            ask(T::getPastVotesCall::SELECTOR, &[account, U256::from(now - back)]);
        }
    }
    for &owner in world.people.holders() {
        ask(T::checkpointsCall::SELECTOR, &[word(owner), U256::ZERO]);
        for &spender in &world.people.list[..super::people::HOLDERS + 1] {
            ask(T::allowanceCall::SELECTOR, &[word(owner), word(spender)]);
        }
    }
}

fn of_governor(world: &World, all: &mut Vec<Question>) {
    let mut ask = |selector, words: &[U256]| all.push(Question { to: world.governor, data: calldata(selector, words) });
    for plain in [
        G::nameCall::SELECTOR,
        G::versionCall::SELECTOR,
        G::tokenCall::SELECTOR,
        G::timelockCall::SELECTOR,
        G::clockCall::SELECTOR,
        G::CLOCK_MODECall::SELECTOR,
        G::COUNTING_MODECall::SELECTOR,
        G::BALLOT_TYPEHASHCall::SELECTOR,
        G::EXTENDED_BALLOT_TYPEHASHCall::SELECTOR,
        G::eip712DomainCall::SELECTOR,
        G::votingDelayCall::SELECTOR,
        G::votingPeriodCall::SELECTOR,
        G::proposalThresholdCall::SELECTOR,
        G::lateQuorumVoteExtensionCall::SELECTOR,
        G::proposalGuardianCall::SELECTOR,
        G::quorumDenominatorCall::SELECTOR,
        G::quorumNumerator_0Call::SELECTOR,
        G::superQuorumNumerator_0Call::SELECTOR,
        G::proposalCountCall::SELECTOR,
    ] {
        ask(plain, &[]);
    }
    let now = world.clock();
    for back in [0, 1, 30] {
        for at_time in [
            G::quorumCall::SELECTOR,
            G::superQuorumCall::SELECTOR,
            G::quorumNumerator_1Call::SELECTOR,
            G::superQuorumNumerator_1Call::SELECTOR,
        ] {
            ask(at_time, &[U256::from(now - back)]);
        }
    }
    for &account in &world.people.list {
        ask(G::noncesCall::SELECTOR, &[word(account)]);
        ask(G::getVotesCall::SELECTOR, &[word(account), U256::from(now - 1)]);
    }
    for (index, proposal) in world.proposals.iter().enumerate() {
        for of_proposal in [
            G::stateCall::SELECTOR,
            G::proposalSnapshotCall::SELECTOR,
            G::proposalDeadlineCall::SELECTOR,
            G::proposalProposerCall::SELECTOR,
            G::proposalEtaCall::SELECTOR,
            G::proposalNeedsQueuingCall::SELECTOR,
            G::proposalVotesCall::SELECTOR,
            G::proposalDetailsCall::SELECTOR,
        ] {
            ask(of_proposal, &[proposal.id]);
        }
        ask(G::proposalDetailsAtCall::SELECTOR, &[U256::from(index)]);
        for &voter in world.people.holders() {
            ask(G::hasVotedCall::SELECTOR, &[proposal.id, word(voter)]);
            ask(G::usedVotesCall::SELECTOR, &[proposal.id, word(voter)]);
        }
    }
}

fn of_timelock(world: &World, all: &mut Vec<Question>) {
    let mut ask = |selector, words: &[U256]| all.push(Question { to: world.timelock, data: calldata(selector, words) });
    for plain in [
        L::getMinDelayCall::SELECTOR,
        L::DEFAULT_ADMIN_ROLECall::SELECTOR,
        L::PROPOSER_ROLECall::SELECTOR,
        L::EXECUTOR_ROLECall::SELECTOR,
        L::CANCELLER_ROLECall::SELECTOR,
    ] {
        ask(plain, &[]);
    }
    for role in roles() {
        ask(L::getRoleAdminCall::SELECTOR, &[role.into()]);
        for &account in &world.people.list {
            ask(L::hasRoleCall::SELECTOR, &[role.into(), word(account)]);
        }
    }
    for operation in &world.operations {
        for of_operation in [
            L::getTimestampCall::SELECTOR,
            L::getOperationStateCall::SELECTOR,
            L::isOperationCall::SELECTOR,
            L::isOperationPendingCall::SELECTOR,
            L::isOperationReadyCall::SELECTOR,
            L::isOperationDoneCall::SELECTOR,
        ] {
            ask(of_operation, &[operation.id.into()]);
        }
    }
}
