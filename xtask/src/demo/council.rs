//! The council is a Safe of three owners, two of whom have to sign. It stops a malicious proposal within a minute of its
//! success, and after the end of its term it cannot stop its own replacement.

use super::clock::{ChainClock, Clock, now};
use super::dao::Dao;
use super::election::{self, Action, Ballot, Motion, Proposal, State, state};
use super::motions::NEW_QUORUM;
use super::outcome;
use super::purse;
use super::story::Story;
use alloy::primitives::{Address, Bytes, U256, aliases::U48, keccak256};
use alloy::providers::Provider;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{Revert, SolCall, SolError};
use consilium_bindings::{AccessManager, Governor, Safe};
use consilium_deploy::config::moment::Moment;
use consilium_deploy::parts::access_manager::COUNCIL_ROLE;
use eyre::{Context, OptionExt, Result, ensure};
use harness::safes::{self, SafeContracts};

/// How long the council's term is, in seconds: 60 days. The other stories take fewer.
pub(crate) const TERM: u64 = 60 * 86_400;

/// In which time it acts, in seconds.
const AT_ONCE: u64 = 60;

/// How many owners there are, and how many have to sign.
const OWNERS: usize = 3;
const THRESHOLD: usize = 2;

/// Who votes for what the council stops, and for its replacement.
const BALLOTS: &[Ballot] = &[(0, 1, "I own enough"), (3, 1, "somebody has our key")];
const AGREED: &[Ballot] = &[(0, 1, "its term is over"), (1, 1, "as we agreed"), (3, 1, "it served us well")];

/// The keys of the owners: the whole world can make them.
fn keys() -> Result<Vec<PrivateKeySigner>> {
    let key = |number| PrivateKeySigner::from_bytes(&keccak256(format!("demo council owner {number}")));
    Ok((0..OWNERS).map(key).collect::<Result<_, _>>()?)
}

/// Settings whose council is a Safe until then, in place of the accounts that they name.
pub(crate) fn settings(text: &str, contracts: &SafeContracts, until: u64) -> Result<String> {
    let start = text.find("council = [\n").ok_or_eyre("the settings name no council")?;
    let end = start + text[start..].find("\n]\n").ok_or_eyre("the council has no end")? + 3;
    let owners: Vec<Address> = keys()?.iter().map(PrivateKeySigner::address).collect();
    Ok(format!(
        "{}council = [{{ safe = \"council\", until = {} }}]\n{}\n{}{}{}",
        &text[..start],
        Moment(until),
        &text[end..],
        contracts.section(),
        safes::section("council", &owners, THRESHOLD),
        purse::section(until)?
    ))
}

/// A proposal to empty the treasury succeeds, and the council cancels it.
pub(crate) async fn stop(dao: &Dao, clock: &ChainClock, story: &mut Story) -> Result<()> {
    let thief = Address::from_word(keccak256("thief"));
    let loot = dao.node.get_balance(dao.timelock).await?;
    let motion = Motion {
        title: "the whole treasury to a thief",
        description: "# Rebalance\n\nMoves idle funds to a more efficient account.",
        actions: vec![Action { target: thief, value: loot, data: Bytes::new() }],
        ballots: BALLOTS,
        quorum_percent: u64::from(dao.config.governor().quorum_percent),
        outcome: "the treasury is empty",
    };
    let proposal = election::propose(dao, motion, clock, story).await?;
    election::vote(dao, &proposal, clock, story).await?;
    let eta = outcome::queue(dao, &proposal, story).await?;
    let queued = now(&dao.node).await?;

    let one = execution(dao, &proposal, THRESHOLD - 1).await?;
    refused(dao, "one owner alone cancels", &one, story).await?;
    story.noted("cancel with one signature: refused", "one owner", State::Queued);
    let both = execution(dao, &proposal, THRESHOLD).await?;
    let receipt = dao.members[4].sender.send(dao.council, both.abi_encode().into(), U256::ZERO).await;
    let receipt = receipt.context("the council cancels")?;
    let done: Safe::ExecutionSuccess = story.event(&receipt, dao.council)?;
    story.same("the council paid for gas", done.payment, U256::ZERO)?;
    let cancelled: Governor::ProposalCanceled = story.event(&receipt, dao.governor)?;
    story.same("ProposalCanceled", cancelled.proposalId, proposal.id)?;
    story.same("cancelled within a minute", now(&dao.node).await? <= queued + AT_ONCE, true)?;
    let state = state(dao, proposal.id, State::Canceled, story).await?;
    story.told(format!("cancel it: {THRESHOLD} of {OWNERS} owners of the Safe sign"), "council", &receipt, state);

    clock.until(eta, "the timelock's delay").await?;
    let governor = Governor::new(dao.governor, &dao.node);
    let late = governor.execute_1(proposal.id).from(dao.members[0].address()).call().await;
    story.refused("execution of what was cancelled", late, Governor::GovernorUnexpectedProposalState::SELECTOR)?;
    story.same("the treasury", dao.node.get_balance(dao.timelock).await?, loot)?;
    story.noted("execute it: refused, the treasury is whole", dao.members[0].name, state);
    Ok(())
}

/// Its term ends by itself. All owners together cannot stop what the members decide then.
pub(crate) async fn end(dao: &Dao, clock: &ChainClock, story: &mut Story) -> Result<()> {
    if clock.is_real() {
        story.noted(format!("its term ends at {}: a real clock is not moved", Moment(dao.until)), "council", "");
        return Ok(());
    }
    let heir = Address::from_word(keccak256("heir"));
    let until = U48::from(dao.until + TERM);
    let grant = |account| AccessManager::grantRoleUntilCall { roleId: COUNCIL_ROLE, account, executionDelay: 0, until };
    let motion = Motion {
        title: "another council",
        description: "# Another council\n\nThe term of the first council is over.",
        actions: vec![Action::call(dao.manager, &grant(heir))],
        ballots: AGREED,
        quorum_percent: NEW_QUORUM,
        outcome: "there is another council",
    };
    clock.until(dao.until, "the end of the council's term").await?;
    let proposal = election::propose(dao, motion, clock, story).await?;
    for count in [THRESHOLD, OWNERS] {
        let call = execution(dao, &proposal, count).await?;
        refused(dao, "the council cancels after its term", &call, story).await?;
    }
    story.noted(format!("after {} cancel another council: refused", Moment(dao.until)), "council", State::Pending);
    election::vote(dao, &proposal, clock, story).await?;
    outcome::carry_out(dao, &proposal, clock, story).await?;
    let manager = AccessManager::new(dao.manager, &dao.node);
    for (account, is_member) in [(dao.council, false), (heir, true)] {
        let found = manager.hasRole(COUNCIL_ROLE, account).call().await?.isMember;
        story.same(format!("whether {account} is the council"), found, is_member)?;
    }
    Ok(())
}

/// The Safe's transaction that cancels a proposal, signed by so many owners.
async fn execution(dao: &Dao, proposal: &Proposal, count: usize) -> Result<Safe::execTransactionCall> {
    let cancel = Governor::cancel_1Call { proposalId: proposal.id }.abi_encode();
    let call = AccessManager::executeCall { target: dao.governor, data: cancel.into() }.abi_encode();
    signed(dao, dao.manager, call, count).await
}

/// The Safe's next transaction, signed by so many owners.
async fn signed(dao: &Dao, to: Address, call: Vec<u8>, count: usize) -> Result<Safe::execTransactionCall> {
    let nonce = Safe::new(dao.council, &dao.node).nonce().call().await?;
    let keys = keys()?;
    ensure!(count <= keys.len(), "the council has {} owners", keys.len());
    safes::at_nonce(dao.config.chain.id, dao.council, nonce, to, call, &keys[..count])
}

/// The call that files a report of the council's, signed by enough owners.
pub(super) async fn report(dao: &Dao, call: Vec<u8>) -> Result<Safe::execTransactionCall> {
    signed(dao, dao.mandate, call, THRESHOLD).await
}

/// The Safe refuses with a text, as it does everything.
async fn refused(dao: &Dao, what: &str, call: &Safe::execTransactionCall, story: &mut Story) -> Result<()> {
    let safe = Safe::new(dao.council, &dao.node);
    let said = safe.call_builder(call).from(dao.members[4].address()).call().await;
    story.refused(what, said, Revert::SELECTOR)
}
