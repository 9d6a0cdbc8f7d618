//! ERC-5805: delegation, the votes it moves, and what was true at a past timepoint.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, LogData, U256, aliases::U48, keccak256},
    providers::Provider,
    rpc::types::{TransactionRequest, state::StateOverridesBuilder},
    sol_types::{SolCall, SolEvent, SolValue},
};
use consilium_bindings::VotingToken::*;
use eyre::Result;
use harness::answer::Answer;

use crate::setup::{Who::*, *};

const NOBODY: Address = Address::ZERO;

fn changed(delegator: Address, [from, to]: [Address; 2]) -> LogData {
    DelegateChanged { delegator, fromDelegate: from, toDelegate: to }.encode_log_data()
}

fn moved(delegate: Address, votes: [u64; 2]) -> LogData {
    let [previous, new] = votes.map(unit);
    DelegateVotesChanged { delegate, previousVotes: previous, newVotes: new }.encode_log_data()
}

fn transferred(from: Address, to: Address, value: u64) -> LogData {
    Transfer { from, to, value: unit(value) }.encode_log_data()
}

impl Tokens {
    async fn delegate(&self, who: Who, delegatee: Address) -> Result<Answer> {
        self.call(who, delegateCall { delegatee }).await
    }

    async fn transfer(&self, who: Who, to: Address, value: u64) -> Result<Answer> {
        self.call(who, transferCall { to, value: unit(value) }).await
    }

    /// A checkpoint of an account: its timepoint and its votes.
    async fn checkpoint(&self, account: Address, pos: u32) -> Result<(u64, U256)> {
        let found = self.read(checkpointsCall { account, pos }).await?.output::<checkpointsCall>();
        Ok((found._key.to(), U256::from(found._value)))
    }
}

#[tokio::test]
async fn tokens_do_not_vote_until_delegated() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    assert_eq!(tokens.votes().await?, units([0, 0, 0]));
    let account = tokens.account(Alice);
    tokens.read(delegatesCall { account }).await?.returned(NOBODY);
    tokens.read(numCheckpointsCall { account }).await?.returned(U256::ZERO);
    tokens.read(checkpointsCall { account, pos: 0 }).await?.panicked(0x32);
    Ok(())
}

#[tokio::test]
async fn delegating_to_oneself_gives_votes_and_logs() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let alice = tokens.account(Alice);
    let answer = tokens.delegate(Alice, alice).await?;
    answer.logged([changed(alice, [NOBODY, alice]), moved(alice, [0, SUPPLY_OF_ALICE])]);
    tokens.read(delegatesCall { account: alice }).await?.returned(alice);
    assert_eq!(tokens.votes().await?, units([SUPPLY_OF_ALICE, 0, 0]));
    assert_eq!(tokens.checkpoint(alice, 0).await?, (tokens.now().await?, unit(SUPPLY_OF_ALICE)));
    Ok(())
}

#[tokio::test]
async fn another_delegation_moves_the_votes_from_the_old_delegatee() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [alice, bob, carol] = tokens.accounts();
    tokens.delegate(Alice, bob).await?.succeeded();
    let answer = tokens.delegate(Alice, carol).await?;
    let [lost, won] = [moved(bob, [SUPPLY_OF_ALICE, 0]), moved(carol, [0, SUPPLY_OF_ALICE])];
    answer.logged([changed(alice, [bob, carol]), lost, won]);
    // To nobody: the votes are gone, the tokens are not.
    let answer = tokens.delegate(Alice, NOBODY).await?;
    answer.logged([changed(alice, [carol, NOBODY]), moved(carol, [SUPPLY_OF_ALICE, 0])]);
    assert_eq!(tokens.votes().await?, units([0, 0, 0]));
    assert_eq!(tokens.balances().await?, units([SUPPLY_OF_ALICE, SUPPLY_OF_BOB, 0]));
    Ok(())
}

#[tokio::test]
async fn delegating_to_the_same_again_or_without_tokens_moves_no_votes() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [alice, bob, carol] = tokens.accounts();
    tokens.delegate(Alice, bob).await?.succeeded();
    tokens.delegate(Alice, bob).await?.logged([changed(alice, [bob, bob])]);
    tokens.delegate(Carol, bob).await?.logged([changed(carol, [NOBODY, bob])]);
    tokens.read(numCheckpointsCall { account: bob }).await?.returned(unit(1));
    Ok(())
}

#[tokio::test]
async fn a_transfer_moves_votes_between_delegatees() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [alice, bob, carol] = tokens.accounts();
    tokens.delegate(Alice, alice).await?.succeeded();
    tokens.delegate(Bob, carol).await?.succeeded();
    let answer = tokens.transfer(Alice, bob, 100).await?;
    let lost = moved(alice, [SUPPLY_OF_ALICE, SUPPLY_OF_ALICE - 100]);
    answer.logged([transferred(alice, bob, 100), lost, moved(carol, [SUPPLY_OF_BOB, SUPPLY_OF_BOB + 100])]);
    // Between two holders of one delegatee no vote moves.
    tokens.delegate(Alice, carol).await?.succeeded();
    tokens.transfer(Alice, bob, 1).await?.logged([transferred(alice, bob, 1)]);
    assert_eq!(tokens.votes().await?, units([0, 0, SUPPLY_OF_ALICE + SUPPLY_OF_BOB]));
    Ok(())
}

#[tokio::test]
async fn only_the_side_that_delegates_has_votes_to_move() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [alice, bob, carol] = tokens.accounts();
    tokens.delegate(Alice, alice).await?.succeeded();
    tokens.transfer(Alice, carol, 10).await?.succeeded();
    assert_eq!(tokens.votes().await?, units([SUPPLY_OF_ALICE - 10, 0, 0]));
    tokens.transfer(Bob, alice, 20).await?.succeeded();
    assert_eq!(tokens.votes().await?, units([SUPPLY_OF_ALICE + 10, 0, 0]));
    tokens.transfer(Bob, carol, 5).await?.succeeded();
    assert_eq!(tokens.votes().await?, units([SUPPLY_OF_ALICE + 10, 0, 0]));
    assert_eq!(tokens.balances().await?, units([SUPPLY_OF_ALICE + 10, SUPPLY_OF_BOB - 25, 15]));
    tokens.read(delegatesCall { account: bob }).await?.returned(NOBODY);
    Ok(())
}

#[tokio::test]
async fn the_past_stays_as_it_was() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [account, bob, _] = tokens.accounts();
    let before = tokens.timepoint().await?;
    tokens.pass(10).await?;
    tokens.delegate(Alice, account).await?.succeeded();
    // More than five checkpoints, so that both ways of the lookup are taken.
    let mut known = vec![(tokens.timepoint().await?, SUPPLY_OF_ALICE)];
    for change in 1..=12 {
        tokens.pass(10).await?;
        tokens.transfer(Alice, bob, 1).await?.succeeded();
        known.push((tokens.timepoint().await?, SUPPLY_OF_ALICE - change));
    }
    tokens.pass(10).await?;

    tokens.read(numCheckpointsCall { account }).await?.returned(unit(13));
    let past = async |timepoint| tokens.read(getPastVotesCall { account, timepoint }).await;
    past(before).await?.returned(U256::ZERO);
    for (at, votes) in known {
        past(at).await?.returned(unit(votes));
        past(at + unit(9)).await?.returned(unit(votes));
        tokens.read(getPastTotalSupplyCall { timepoint: at }).await?.returned(unit(SUPPLY));
    }
    tokens.read(getPastTotalSupplyCall { timepoint: U256::ZERO }).await?.returned(U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn changes_at_one_timepoint_share_a_checkpoint() -> Result<()> {
    let tokens = Tokens::on_blocks().await?;
    let [account, bob, _] = tokens.accounts();
    tokens.chain.set_block_number(1_000).await?;
    tokens.delegate(Alice, account).await?.succeeded();
    for _ in 0..3 {
        tokens.transfer(Alice, bob, 1).await?.succeeded();
    }
    tokens.read(numCheckpointsCall { account }).await?.returned(unit(1));
    assert_eq!(tokens.checkpoint(account, 0).await?, (1_000, unit(SUPPLY_OF_ALICE - 3)));

    tokens.chain.set_block_number(1_001).await?;
    tokens.transfer(Alice, bob, 1).await?.succeeded();
    tokens.read(numCheckpointsCall { account }).await?.returned(unit(2));
    let past = getPastVotesCall { account, timepoint: unit(1_000) };
    tokens.read(past).await?.returned(unit(SUPPLY_OF_ALICE - 3));
    tokens.read(checkpointsCall { account, pos: 2 }).await?.panicked(0x32);
    Ok(())
}

#[tokio::test]
async fn the_present_and_the_future_are_not_told() -> Result<()> {
    let tokens = Tokens::on_blocks().await?;
    let [alice, _, carol] = tokens.accounts();
    tokens.chain.set_block_number(50).await?;
    tokens.delegate(Alice, alice).await?.succeeded();
    for timepoint in [unit(50), unit(51), U256::MAX] {
        let early = ERC5805FutureLookup { timepoint, clock: U48::from(50) };
        // Of an account with checkpoints, of one without, and of the supply.
        for account in [alice, carol] {
            tokens.read(getPastVotesCall { account, timepoint }).await?.refused(early.clone());
        }
        tokens.read(getPastTotalSupplyCall { timepoint }).await?.refused(early);
    }
    tokens.read(getPastVotesCall { account: alice, timepoint: unit(49) }).await?.returned(U256::ZERO);
    Ok(())
}

/// One call answers what the clock, past votes and past supply answer, of an account with checkpoints and of one without,
/// and refuses what they refuse. OpenZeppelin's token does not have it, so ours is asked alone.
#[tokio::test]
async fn all_at_once_is_what_each_answers() -> Result<()> {
    for tokens in [Tokens::on_time().await?, Tokens::on_blocks().await?] {
        let accounts = tokens.accounts();
        let clock = async || -> Result<U256> {
            Ok(U256::from(tokens.read(clockCall {}).await?.output::<clockCall>().to::<u64>()))
        };
        tokens.chain.set_block_number(2_000).await?;
        tokens.delegate(Alice, accounts[0]).await?.succeeded();
        let first = clock().await?;
        tokens.chain.set_block_number(2_010).await?;
        tokens.pass(10).await?;
        tokens.transfer(Alice, accounts[1], 1).await?.succeeded();
        let second = clock().await?;
        tokens.chain.set_block_number(2_020).await?;
        tokens.pass(10).await?;

        let ask = async |call: Vec<u8>| tokens.chain.ask(tokens.account(Alice), tokens.ours, call).await;
        let now = clock().await?;
        for (account, timepoint) in accounts.into_iter().flat_map(|account| {
            [U256::ZERO, first, second, now - unit(1), now, U256::MAX].map(|timepoint| (account, timepoint))
        }) {
            let votes = ask(getPastVotesCall { account, timepoint }.abi_encode()).await?;
            let all = ask(getPastVotesAndSupplyCall { account, timepoint }.abi_encode()).await?;
            if timepoint >= now {
                all.refused_with(&votes.data);
                continue;
            }
            let supply = ask(getPastTotalSupplyCall { timepoint }.abi_encode()).await?;
            let votes = votes.output::<getPastVotesCall>();
            all.returned((now, votes, supply.output::<getPastTotalSupplyCall>()));
        }
        let says = async |id: [u8; 4]| -> Result<bool> {
            let answer = ask(supportsInterfaceCall { interfaceId: id.into() }.abi_encode()).await?;
            Ok(answer.output::<supportsInterfaceCall>())
        };
        let ids = [[0x01, 0xff, 0xc9, 0xa7], [0xda, 0x28, 0x7a, 0x1d], getPastVotesAndSupplyCall::SELECTOR];
        for id in ids {
            assert!(says(id).await?, "{id:02x?}");
        }
        assert!(!says([0xff; 4]).await? && !says([0; 4]).await?);
    }
    Ok(())
}

/// The slot of a checkpoint: this test holds the storage layout, too.
fn checkpoint_slot(account: Address, position: u32) -> B256 {
    const CHECKPOINTS: u64 = 6;
    let key = (U256::from_be_bytes(account.into_word().0) << 32) | U256::from(position);
    keccak256((key, U256::from(CHECKPOINTS)).abi_encode())
}

/// OpenZeppelin's guard, for a chain whose clock jumps back: here the last checkpoint is moved ahead. Ours alone, since the
/// two keep checkpoints in different slots.
#[tokio::test]
async fn a_clock_that_goes_backwards_stops_the_votes() -> Result<()> {
    let tokens = Tokens::on_blocks().await?;
    let [alice, bob, _] = tokens.accounts();
    tokens.chain.set_block_number(50).await?;
    tokens.delegate(Alice, alice).await?.succeeded();
    let slot = checkpoint_slot(alice, 0);
    let word = |key: u64| B256::from((unit(SUPPLY_OF_ALICE) << 48) | U256::from(key));
    assert_eq!(tokens.chain.storage(tokens.ours, slot.into()).await?, word(50));

    let transfer = transferCall { to: bob, value: unit(1) }.abi_encode();
    let request = TransactionRequest::default().with_from(alice).with_to(tokens.ours).with_input(transfer);
    let with_key = async |key| {
        let ahead = StateOverridesBuilder::default().with_state_diff(tokens.ours, [(slot, word(key))]).build();
        Answer::asked(tokens.chain.dev.call(request.clone()).overrides(ahead).await)
    };
    with_key(50).await?.returned(true);
    with_key(51).await?.refused(CheckpointUnorderedInsertion {});
    Ok(())
}

#[tokio::test]
async fn the_zero_address_has_no_votes_and_no_history() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    tokens.read(getVotesCall { account: NOBODY }).await?.returned(U256::ZERO);
    tokens.read(numCheckpointsCall { account: NOBODY }).await?.returned(U256::ZERO);
    tokens.read(balanceOfCall { account: NOBODY }).await?.returned(U256::ZERO);
    Ok(())
}
