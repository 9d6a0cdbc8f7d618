//! On the EVM a view that costs 3,000 gas cannot be made to fail by its caller's caller: of the gas that is there, one part in
//! 64 stays behind, and with so little nothing else could be done. On Stylus entering a program has a price that the outermost
//! caller sets, by the memory pages that it holds open: more than a million gas. So a call can fail, and its caller go on.
//!
//! Each test makes one call at gas limits from far too little to plenty. Safe since no contract takes a failed call for an
//! answer, but where the answer is a refusal: `docs/stylus-assumptions.md` lists all of them.

use alloy::{
    primitives::{Address, Bytes, U256},
    providers::Provider,
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::{Governor, VotingToken};
use eyre::Result;
use harness::{
    dao::{Dao, Proposal, State, whole},
    deploy::{self, CONSTRUCTOR},
    peers,
};

use crate::hoarder::{Hoarder, PLENTY, limits};

/// Where grants go.
const PRACTICE: Address = Address::repeat_byte(0x50);

/// A DAO, and a hoarder who may propose.
async fn with_hoarder() -> Result<(Dao, Hoarder)> {
    let dao = Dao::start().await?;
    let hoarder = Hoarder::start(&dao).await?;
    let delegate = VotingToken::delegateCall { delegatee: hoarder.address };
    dao.does(&dao.members[4], dao.token, delegate).await?;
    dao.pass(1).await?;
    Ok((dao, hoarder))
}

/// The proposer of an active proposal may not cancel it where there is a guardian: the vote is open. With the clock starved,
/// the time would be L1's block number, and the proposal pending.
#[tokio::test]
async fn an_open_vote_is_not_cancelled_by_starving_the_clock() -> Result<()> {
    let (dao, hoarder) = with_hoarder().await?;
    let grant = Proposal::new("A grant").paying(PRACTICE, whole(2));
    let proposed = hoarder.send(&dao.deployer, dao.governor, &grant.propose(), PLENTY).await?;
    assert!(proposed.status(), "the hoarder proposes");
    let id = grant.id();
    let cancel = Governor::cancel_1Call { proposalId: id };
    assert!(hoarder.asks(&dao, dao.governor, &cancel, PLENTY).await.is_some(), "while it is pending it may");

    dao.open(id).await?;
    dao.vote(&dao.members[0], id, 1).await?;
    for gas in limits() {
        assert_eq!(hoarder.asks(&dao, dao.governor, &cancel, gas).await, None, "with {gas} gas");
    }
    // The limit at which it once worked, sent.
    assert!(!hoarder.send(&dao.deployer, dao.governor, &cancel, 4_850_000).await?.status());
    assert_eq!(dao.state(id).await?, State::Active);
    Ok(())
}

/// A view answers what is so, or nothing.
#[tokio::test]
async fn no_view_lies_when_it_is_starved() -> Result<()> {
    let (dao, hoarder) = with_hoarder().await?;
    let id = dao.propose(&dao.members[0], &Proposal::new("A grant").paying(PRACTICE, whole(2))).await?;
    dao.open(id).await?;
    dao.vote(&dao.members[0], id, 1).await?;
    let (state, mode) = (Governor::stateCall { proposalId: id }, Governor::CLOCK_MODECall {});
    let quorum = Governor::quorumCall { timepoint: U256::from(dao.snapshot(id).await?) };
    let honest = [state.abi_encode(), mode.abi_encode(), quorum.abi_encode()];
    let mut answered = [0; 3];
    for gas in limits() {
        let answers = [
            hoarder.asks(&dao, dao.governor, &state, gas).await,
            hoarder.asks(&dao, dao.governor, &mode, gas).await,
            hoarder.asks(&dao, dao.governor, &quorum, gas).await,
        ];
        for ((answer, honest), answered) in answers.into_iter().zip(&honest).zip(&mut answered) {
            let Some(answer) = answer else { continue };
            let request =
                alloy::rpc::types::TransactionRequest::default().to(dao.governor).input(honest.clone().into());
            assert_eq!(answer, dao.chain.dev.call(request).pending().await?, "with {gas} gas");
            *answered += 1;
        }
    }
    assert!(answered.iter().all(|answered| *answered > 10), "each answers with enough gas: {answered:?}");
    Ok(())
}

/// A vote asks the token once, and where that fails by the standard's functions, with what gas is left. It casts all votes or
/// none.
#[tokio::test]
async fn a_starved_vote_counts_all_or_nothing() -> Result<()> {
    let (dao, hoarder) = with_hoarder().await?;
    let id = dao.propose(&dao.members[0], &Proposal::new("A grant").paying(PRACTICE, whole(2))).await?;
    dao.open(id).await?;
    let past =
        VotingToken::getPastVotesCall { account: hoarder.address, timepoint: U256::from(dao.snapshot(id).await?) };
    let weight = dao.read(dao.token, past).await?;
    assert!(weight > U256::ZERO);
    let vote = Governor::castVoteCall { proposalId: id, support: 1 };
    let mut cast = 0;
    for gas in limits() {
        let Some(answer) = hoarder.asks(&dao, dao.governor, &vote, gas).await else { continue };
        assert_eq!(U256::from_be_slice(&answer), weight, "with {gas} gas");
        cast += 1;
    }
    assert!(cast > 10, "with enough gas it votes");
    Ok(())
}

/// With a threshold of zero anyone may propose, and what was proposed once cannot be again. At a starved clock the snapshot
/// would be a block number, long past, and the honest proposal of the same content defeated at once.
#[tokio::test]
async fn nothing_is_proposed_at_a_starved_clock() -> Result<()> {
    let dao = Dao::with(|config| config.governor_mut().proposal_threshold = U256::ZERO).await?;
    let hoarder = Hoarder::start(&dao).await?;
    let grant = Proposal::new("A grant").paying(PRACTICE, whole(2));
    let mut proposed = false;
    for gas in limits() {
        // What goes wrong leaves nothing, so that the next limit is tried on the same state.
        if hoarder.send(&dao.deployer, dao.governor, &grant.propose(), gas).await?.status() {
            proposed = true;
            break;
        }
    }
    assert!(proposed, "with enough gas it is proposed");
    assert_eq!(dao.state(grant.id()).await?, State::Pending);
    assert!(dao.snapshot(grant.id()).await? > dao.chain.now().await?);
    Ok(())
}

/// Whether the token has a clock is found out by the constructor. Starved there, it would not find it, and the governor
/// would count blocks for ever.
#[tokio::test]
async fn no_governor_comes_to_be_with_a_starved_clock() -> Result<()> {
    let (dao, hoarder) = with_hoarder().await?;
    let code = deploy::code("governor")?;
    // Its program is active already, as the DAO's is the same.
    let governor = dao.chain.create(deploy::init_code(&code)).await?;
    let arguments = (
        "A governor".to_owned(),
        dao.token,
        dao.timelock,
        U256::from(60),
        U256::from(300),
        U256::ZERO,
        U256::from(4),
        U256::from(50),
        U256::ZERO,
        Address::ZERO,
    );
    let construct = [&CONSTRUCTOR[..], &arguments.abi_encode_params()].concat();
    let mut born = None;
    for gas in limits() {
        if hoarder.send_data(&dao.deployer, governor, &construct, 0, gas).await?.status() {
            born = Some(gas);
            break;
        }
    }
    assert!(born.is_some(), "with enough gas it is made");
    assert_eq!(dao.read(governor, Governor::CLOCK_MODECall {}).await?, "mode=timestamp", "made with {born:?} gas");
    assert_eq!(dao.read(governor, Governor::clockCall {}).await?.to::<u64>(), dao.chain.now().await?);
    Ok(())
}

/// A vote by signature is counted whole or not at all, be it an account's (the precompile ecrecover is starved) or a wallet's
/// (ERC-1271). A failure is taken for a bad signature, and what it used up comes back with the revert.
#[tokio::test]
async fn a_starved_signature_is_a_bad_one() -> Result<()> {
    let (dao, hoarder) = with_hoarder().await?;
    let wallet = peers::create(&dao.chain, "Wallet", &[]).await?;
    dao.does(&dao.members[3], dao.token, VotingToken::delegateCall { delegatee: wallet }).await?;
    dao.pass(1).await?;
    let id = dao.propose(&dao.members[0], &Proposal::new("A grant").paying(PRACTICE, whole(2))).await?;
    dao.open(id).await?;
    let member = &dao.members[1];
    let signed = dao.ballot(member, id, 1, U256::ZERO, dao.config.chain.id)?.signature;
    for (voter, signature, weight) in
        [(member.address(), signed, whole(150_000)), (wallet, Bytes::from_static(b"yes"), whole(75_000))]
    {
        let before = dao.tally(id).await?[1];
        let vote = Governor::castVoteBySigCall { proposalId: id, support: 1, voter, signature };
        let mut cast = false;
        for gas in limits() {
            cast = hoarder.send(&dao.deployer, dao.governor, &vote, gas).await?.status();
            let nonce = dao.read(dao.governor, Governor::noncesCall { owner: voter }).await?;
            let votes = dao.tally(id).await?[1] - before;
            assert_eq!((nonce, votes), if cast { (U256::ONE, weight) } else { Default::default() }, "with {gas} gas");
            if cast {
                break;
            }
        }
        assert!(cast, "with enough gas it is cast");
    }
    Ok(())
}

/// The token asks ecrecover as well: a permit or a delegation counts whole or not at all.
#[tokio::test]
async fn a_starved_permit_changes_nothing() -> Result<()> {
    let (dao, hoarder) = with_hoarder().await?;
    let (owner, zero) = (&dao.members[1], U256::ZERO);
    let permit = dao.permit(owner, owner.address(), (PRACTICE, whole(3)), (zero, U256::MAX))?;
    let delegation = dao.delegation(owner, PRACTICE, U256::ONE, U256::MAX, dao.config.chain.id)?;
    let facts = async || -> Result<(U256, U256, Address)> {
        let allowance = VotingToken::allowanceCall { owner: owner.address(), spender: PRACTICE };
        let delegates = VotingToken::delegatesCall { account: owner.address() };
        let nonce = dao.read(dao.token, VotingToken::noncesCall { owner: owner.address() }).await?;
        Ok((nonce, dao.read(dao.token, allowance).await?, dao.read(dao.token, delegates).await?))
    };
    let two = U256::from(2);
    let calls = [
        (permit.abi_encode(), (U256::ONE, whole(3), owner.address())),
        (delegation.abi_encode(), (two, whole(3), PRACTICE)),
    ];
    for (call, after) in calls {
        let before = facts().await?;
        let mut done = false;
        for gas in limits() {
            done = hoarder.send_data(&dao.deployer, dao.token, &call, 0, gas).await?.status();
            assert_eq!(facts().await?, if done { after } else { before }, "with {gas} gas");
            if done {
                break;
            }
        }
        assert!(done, "with enough gas it is taken");
    }
    Ok(())
}

/// An execution is done whole or not at all: where one of its calls was starved, all is undone and can be tried again.
#[tokio::test]
async fn a_starved_execution_is_undone() -> Result<()> {
    let (dao, hoarder) = with_hoarder().await?;
    let before = dao.treasury().await?;
    let threshold = Governor::setProposalThresholdCall { newProposalThreshold: whole(5) };
    let move_tokens = VotingToken::transferCall { to: PRACTICE, value: whole(7) };
    let relayed = Governor::relayCall {
        target: dao.token,
        value: U256::ZERO,
        data: VotingToken::delegateCall { delegatee: PRACTICE }.abi_encode().into(),
    };
    let plan = Proposal::new("Three programs in one execution")
        .paying(PRACTICE, whole(2))
        .calling(dao.token, move_tokens)
        .calling(dao.governor, threshold)
        .calling(dao.governor, relayed);
    let id = dao.ripen(&plan).await?;
    let execute = Governor::execute_1Call { proposalId: id };
    let mut executed = false;
    for gas in limits() {
        executed = hoarder.send(&dao.deployer, dao.governor, &execute, gas).await?.status();
        if executed {
            break;
        }
        assert_eq!((dao.state(id).await?, dao.treasury().await?), (State::Queued, before), "with {gas} gas");
        assert_eq!(dao.operation_state(plan.operation(dao.governor)).await?, 2, "with {gas} gas");
    }
    assert!(executed, "with enough gas it is executed");
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, before.tokens - after.tokens), (whole(2), whole(7)));
    assert_eq!(dao.read(dao.governor, Governor::proposalThresholdCall {}).await?, whole(5));
    let delegatee = dao.read(dao.token, VotingToken::delegatesCall { account: dao.governor }).await?;
    assert_eq!(delegatee, PRACTICE);
    Ok(())
}
