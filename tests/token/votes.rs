//! ERC-5805: delegation, the votes it moves, and what was true at a past timepoint.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, U256, keccak256},
    providers::Provider,
    rpc::types::{TransactionRequest, state::StateOverridesBuilder},
    sol_types::{SolCall, SolError, SolValue},
};
use consilium_bindings::VotingToken::*;
use eyre::Result;

use crate::setup::*;

#[tokio::test]
async fn tokens_do_not_vote_until_delegated() -> Result<()> {
    let token = Token::on_time().await?;
    assert_eq!(token.votes().await?, units([0, 0, 0]));
    let alice = token.alice.address();
    assert_eq!(token.read().delegates(alice).call().await?, Address::ZERO);
    assert_eq!(token.read().numCheckpoints(alice).call().await?, 0);
    assert_reverts_raw(token.read().checkpoints(alice, 0).call().await, panic_data(0x32));
    Ok(())
}

#[tokio::test]
async fn delegating_to_oneself_gives_votes_and_logs() -> Result<()> {
    let token = Token::on_time().await?;
    let alice = token.alice.address();
    let receipt = send(token.by(&token.alice).delegate(alice)).await?;
    assert_logs(
        &receipt,
        token.at,
        &[
            &DelegateChanged { delegator: alice, fromDelegate: Address::ZERO, toDelegate: alice },
            &DelegateVotesChanged { delegate: alice, previousVotes: U256::ZERO, newVotes: unit(SUPPLY_OF_ALICE) },
        ],
    );
    assert_eq!(token.read().delegates(alice).call().await?, alice);
    assert_eq!(token.votes().await?, units([SUPPLY_OF_ALICE, 0, 0]));
    let now = token.chain.now().await?;
    let first = token.read().checkpoints(alice, 0).call().await?;
    assert_eq!((first._key.to::<u64>(), U256::from(first._value)), (now, unit(SUPPLY_OF_ALICE)));
    Ok(())
}

#[tokio::test]
async fn delegating_anew_moves_the_votes_from_the_old_delegatee() -> Result<()> {
    let token = Token::on_time().await?;
    let [alice, bob, carol] = [&token.alice, &token.bob, &token.carol].map(|account| account.address());
    send(token.by(&token.alice).delegate(bob)).await?;
    let receipt = send(token.by(&token.alice).delegate(carol)).await?;
    assert_logs(
        &receipt,
        token.at,
        &[
            &DelegateChanged { delegator: alice, fromDelegate: bob, toDelegate: carol },
            &DelegateVotesChanged { delegate: bob, previousVotes: unit(SUPPLY_OF_ALICE), newVotes: U256::ZERO },
            &DelegateVotesChanged { delegate: carol, previousVotes: U256::ZERO, newVotes: unit(SUPPLY_OF_ALICE) },
        ],
    );
    // To nobody: the votes are gone, the tokens are not.
    let receipt = send(token.by(&token.alice).delegate(Address::ZERO)).await?;
    assert_logs(
        &receipt,
        token.at,
        &[
            &DelegateChanged { delegator: alice, fromDelegate: carol, toDelegate: Address::ZERO },
            &DelegateVotesChanged { delegate: carol, previousVotes: unit(SUPPLY_OF_ALICE), newVotes: U256::ZERO },
        ],
    );
    assert_eq!(token.votes().await?, units([0, 0, 0]));
    assert_eq!(token.balances().await?, units([SUPPLY_OF_ALICE, SUPPLY_OF_BOB, 0]));
    Ok(())
}

#[tokio::test]
async fn delegating_to_the_same_again_or_without_tokens_moves_no_votes() -> Result<()> {
    let token = Token::on_time().await?;
    let [alice, bob, carol] = [&token.alice, &token.bob, &token.carol].map(|account| account.address());
    send(token.by(&token.alice).delegate(bob)).await?;
    let receipt = send(token.by(&token.alice).delegate(bob)).await?;
    assert_logs(&receipt, token.at, &[&DelegateChanged { delegator: alice, fromDelegate: bob, toDelegate: bob }]);
    let receipt = send(token.by(&token.carol).delegate(bob)).await?;
    assert_logs(
        &receipt,
        token.at,
        &[&DelegateChanged { delegator: carol, fromDelegate: Address::ZERO, toDelegate: bob }],
    );
    assert_eq!(token.read().numCheckpoints(bob).call().await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_transfer_moves_votes_between_delegatees() -> Result<()> {
    let token = Token::on_time().await?;
    let [alice, bob, carol] = [&token.alice, &token.bob, &token.carol].map(|account| account.address());
    send(token.by(&token.alice).delegate(alice)).await?;
    send(token.by(&token.bob).delegate(carol)).await?;
    let receipt = send(token.by(&token.alice).transfer(bob, unit(100))).await?;
    assert_logs(
        &receipt,
        token.at,
        &[
            &Transfer { from: alice, to: bob, value: unit(100) },
            &DelegateVotesChanged {
                delegate: alice,
                previousVotes: unit(SUPPLY_OF_ALICE),
                newVotes: unit(SUPPLY_OF_ALICE - 100),
            },
            &DelegateVotesChanged {
                delegate: carol,
                previousVotes: unit(SUPPLY_OF_BOB),
                newVotes: unit(SUPPLY_OF_BOB + 100),
            },
        ],
    );
    // Between two holders of one delegatee no vote moves.
    send(token.by(&token.alice).delegate(carol)).await?;
    let receipt = send(token.by(&token.alice).transfer(bob, unit(1))).await?;
    assert_logs(&receipt, token.at, &[&Transfer { from: alice, to: bob, value: unit(1) }]);
    assert_eq!(token.votes().await?, units([0, 0, SUPPLY]));
    Ok(())
}

#[tokio::test]
async fn only_the_side_that_delegates_has_votes_to_move() -> Result<()> {
    let token = Token::on_time().await?;
    let [alice, bob, carol] = [&token.alice, &token.bob, &token.carol].map(|account| account.address());
    send(token.by(&token.alice).delegate(alice)).await?;
    send(token.by(&token.alice).transfer(carol, unit(10))).await?;
    assert_eq!(token.votes().await?, units([SUPPLY_OF_ALICE - 10, 0, 0]));
    send(token.by(&token.bob).transfer(alice, unit(20))).await?;
    assert_eq!(token.votes().await?, units([SUPPLY_OF_ALICE + 10, 0, 0]));
    send(token.by(&token.bob).transfer(carol, unit(5))).await?;
    assert_eq!(token.votes().await?, units([SUPPLY_OF_ALICE + 10, 0, 0]));
    assert_eq!(token.balances().await?, units([SUPPLY_OF_ALICE + 10, SUPPLY_OF_BOB - 25, 15]));
    assert_eq!(token.read().delegates(bob).call().await?, Address::ZERO);
    Ok(())
}

#[tokio::test]
async fn the_past_stays_as_it_was() -> Result<()> {
    let token = Token::on_time().await?;
    let (alice, bob) = (token.alice.address(), token.bob.address());
    let before = timepoint(&token.chain).await?;
    token.chain.advance(10).await?;
    send(token.by(&token.alice).delegate(alice)).await?;
    // More than five checkpoints, so that both ways of the lookup are taken.
    let mut known = vec![(timepoint(&token.chain).await?, SUPPLY_OF_ALICE)];
    for change in 1..=12 {
        token.chain.advance(10).await?;
        send(token.by(&token.alice).transfer(bob, unit(1))).await?;
        known.push((timepoint(&token.chain).await?, SUPPLY_OF_ALICE - change));
    }
    token.chain.advance(10).await?;

    let read = token.read();
    assert_eq!(read.numCheckpoints(alice).call().await?, 13);
    assert_eq!(read.getPastVotes(alice, before).call().await?, U256::ZERO);
    for (at, votes) in known {
        for (timepoint, expected) in [(at, unit(votes)), (at + unit(9), unit(votes))] {
            assert_eq!(read.getPastVotes(alice, timepoint).call().await?, expected, "at {timepoint}");
        }
        assert_eq!(read.getPastTotalSupply(at).call().await?, unit(SUPPLY));
    }
    assert_eq!(read.getPastTotalSupply(U256::ZERO).call().await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn changes_at_one_timepoint_share_a_checkpoint() -> Result<()> {
    let token = Token::on_blocks().await?;
    let (alice, bob) = (token.alice.address(), token.bob.address());
    token.chain.set_block_number(1_000).await?;
    send(token.by(&token.alice).delegate(alice)).await?;
    for _ in 0..3 {
        send(token.by(&token.alice).transfer(bob, unit(1))).await?;
    }
    assert_eq!(token.read().numCheckpoints(alice).call().await?, 1);
    let only = token.read().checkpoints(alice, 0).call().await?;
    assert_eq!((only._key.to::<u64>(), U256::from(only._value)), (1_000, unit(SUPPLY_OF_ALICE - 3)));

    token.chain.set_block_number(1_001).await?;
    send(token.by(&token.alice).transfer(bob, unit(1))).await?;
    assert_eq!(token.read().numCheckpoints(alice).call().await?, 2);
    assert_eq!(token.read().getPastVotes(alice, unit(1_000)).call().await?, unit(SUPPLY_OF_ALICE - 3));
    assert_reverts_raw(token.read().checkpoints(alice, 2).call().await, panic_data(0x32));
    Ok(())
}

#[tokio::test]
async fn the_present_and_the_future_are_not_told() -> Result<()> {
    let token = Token::on_blocks().await?;
    token.chain.set_block_number(50).await?;
    send(token.by(&token.alice).delegate(token.alice.address())).await?;
    let now = alloy::primitives::aliases::U48::from(50);
    for timepoint in [unit(50), unit(51), U256::MAX] {
        let refused = || ERC5805FutureLookup { timepoint, clock: now };
        // Asked of an account with checkpoints, of one without, and of the supply.
        assert_reverts(token.read().getPastVotes(token.alice.address(), timepoint).call().await, refused());
        assert_reverts(token.read().getPastVotes(token.carol.address(), timepoint).call().await, refused());
        assert_reverts(token.read().getPastTotalSupply(timepoint).call().await, refused());
    }
    assert_eq!(token.read().getPastVotes(token.alice.address(), unit(49)).call().await?, U256::ZERO);
    Ok(())
}

/// The slot of a checkpoint: this test holds the storage layout, too.
fn checkpoint_slot(account: Address, position: u32) -> B256 {
    const CHECKPOINTS: u64 = 6;
    let key = (U256::from_be_bytes(account.into_word().0) << 32) | U256::from(position);
    keccak256((key, U256::from(CHECKPOINTS)).abi_encode())
}

/// OpenZeppelin's guard, which a chain whose clock jumps back would meet: here the last checkpoint is moved ahead.
#[tokio::test]
async fn a_clock_that_goes_backwards_stops_the_votes() -> Result<()> {
    let token = Token::on_blocks().await?;
    token.chain.set_block_number(50).await?;
    send(token.by(&token.alice).delegate(token.alice.address())).await?;
    let slot = checkpoint_slot(token.alice.address(), 0);
    let stored = token.chain.storage(token.at, slot.into()).await?;
    let word = |key: u64| B256::from((unit(SUPPLY_OF_ALICE) << 48) | U256::from(key));
    assert_eq!(stored, word(50));

    let transfer = transferCall { to: token.bob.address(), value: unit(1) };
    let request = TransactionRequest::default()
        .with_from(token.alice.address())
        .with_to(token.at)
        .with_input(transfer.abi_encode());
    for (key, refused) in [(50, false), (51, true)] {
        let ahead = StateOverridesBuilder::default().with_state_diff(token.at, [(slot, word(key))]).build();
        let outcome = token.chain.dev.call(request.clone()).overrides(ahead).await;
        match outcome {
            Ok(data) => assert!(!refused, "{data}"),
            Err(error) => {
                let data = error.as_error_resp().and_then(|payload| payload.as_revert_data());
                assert_eq!(data, refused.then(|| CheckpointUnorderedInsertion {}.abi_encode().into()));
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_zero_address_has_no_votes_and_no_history() -> Result<()> {
    let token = Token::on_time().await?;
    let read = token.read();
    assert_eq!(read.getVotes(Address::ZERO).call().await?, U256::ZERO);
    assert_eq!(read.numCheckpoints(Address::ZERO).call().await?, 0);
    assert_eq!(read.balanceOf(Address::ZERO).call().await?, U256::ZERO);
    Ok(())
}
