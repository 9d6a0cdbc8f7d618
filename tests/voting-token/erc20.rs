//! ERC-20: each function, its event, and each way it refuses.

use alloy::{
    primitives::{Address, U256},
    sol_types::{SolCall, SolEvent},
};
use consilium_bindings::VotingToken::*;
use eyre::Result;

use crate::setup::{Who::*, *};

#[tokio::test]
async fn it_says_what_it_is() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    tokens.read(nameCall {}).await?.returned(NAME.to_string());
    tokens.read(symbolCall {}).await?.returned("HXV".to_string());
    tokens.read(decimalsCall {}).await?.returned(unit(18));
    tokens.read(totalSupplyCall {}).await?.returned(unit(SUPPLY));
    assert_eq!(tokens.balances().await?, units([SUPPLY_OF_ALICE, SUPPLY_OF_BOB, 0]));
    Ok(())
}

#[tokio::test]
async fn transfer_moves_tokens_and_logs() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [from, _, to] = tokens.accounts();
    let answer = tokens.call(Alice, transferCall { to, value: unit(7) }).await?;
    answer.returned(true);
    answer.logged([Transfer { from, to, value: unit(7) }.encode_log_data()]);
    assert_eq!(tokens.balances().await?, units([SUPPLY_OF_ALICE - 7, SUPPLY_OF_BOB, 7]));
    tokens.read(totalSupplyCall {}).await?.returned(unit(SUPPLY));
    Ok(())
}

#[tokio::test]
async fn transfer_to_oneself_and_of_nothing_changes_nothing_but_logs() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let alice = tokens.account(Alice);
    for value in [SUPPLY_OF_ALICE, 0].map(unit) {
        let answer = tokens.call(Alice, transferCall { to: alice, value }).await?;
        answer.logged([Transfer { from: alice, to: alice, value }.encode_log_data()]);
        assert_eq!(tokens.balances().await?, units([SUPPLY_OF_ALICE, SUPPLY_OF_BOB, 0]));
    }
    Ok(())
}

#[tokio::test]
async fn transfer_refuses() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [alice, bob, _] = tokens.accounts();
    let (balance, needed) = (unit(SUPPLY_OF_ALICE), unit(SUPPLY_OF_ALICE + 1));
    let too_much = tokens.call(Alice, transferCall { to: bob, value: needed }).await?;
    too_much.refused(ERC20InsufficientBalance { sender: alice, balance, needed });
    // The receiver is checked before the balance, the sender before the receiver.
    let to_nobody = transferCall { to: Address::ZERO, value: needed };
    let answer = tokens.call(Alice, to_nobody.clone()).await?;
    answer.refused(ERC20InvalidReceiver { receiver: Address::ZERO });
    let answer = tokens.ask(Address::ZERO, |token| (*token, to_nobody.abi_encode())).await?;
    answer.refused(ERC20InvalidSender { sender: Address::ZERO });
    Ok(())
}

#[tokio::test]
async fn approve_sets_the_allowance_and_logs() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [owner, spender, _] = tokens.accounts();
    for value in [5, 3, 0].map(unit) {
        let answer = tokens.call(Alice, approveCall { spender, value }).await?;
        answer.returned(true);
        answer.logged([Approval { owner, spender, value }.encode_log_data()]);
        tokens.read(allowanceCall { owner, spender }).await?.returned(value);
        tokens.read(allowanceCall { owner: spender, spender: owner }).await?.returned(U256::ZERO);
    }
    Ok(())
}

#[tokio::test]
async fn approve_refuses_the_zero_address() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let approve = approveCall { spender: Address::ZERO, value: unit(1) };
    let answer = tokens.call(Alice, approve.clone()).await?;
    answer.refused(ERC20InvalidSpender { spender: Address::ZERO });
    let answer = tokens.ask(Address::ZERO, |token| (*token, approve.abi_encode())).await?;
    answer.refused(ERC20InvalidApprover { approver: Address::ZERO });
    Ok(())
}

#[tokio::test]
async fn transfer_from_uses_up_the_allowance() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [alice, bob, carol] = tokens.accounts();
    tokens.call(Alice, approveCall { spender: bob, value: unit(10) }).await?.succeeded();
    let answer = tokens.call(Bob, transferFromCall { from: alice, to: carol, value: unit(4) }).await?;
    answer.returned(true);
    answer.logged([Transfer { from: alice, to: carol, value: unit(4) }.encode_log_data()]);
    tokens.read(allowanceCall { owner: alice, spender: bob }).await?.returned(unit(6));
    assert_eq!(tokens.balances().await?, units([SUPPLY_OF_ALICE - 4, SUPPLY_OF_BOB, 4]));
    Ok(())
}

#[tokio::test]
async fn an_allowance_without_limit_stays() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [alice, bob, _] = tokens.accounts();
    tokens.call(Alice, approveCall { spender: bob, value: U256::MAX }).await?.succeeded();
    tokens.call(Bob, transferFromCall { from: alice, to: bob, value: unit(4) }).await?.succeeded();
    tokens.read(allowanceCall { owner: alice, spender: bob }).await?.returned(U256::MAX);
    Ok(())
}

#[tokio::test]
async fn transfer_from_refuses() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let [alice, bob, _] = tokens.accounts();
    tokens.call(Alice, approveCall { spender: bob, value: unit(10_000) }).await?.succeeded();
    let spend = async |from, to, value| tokens.call(Bob, transferFromCall { from, to, value }).await;
    let (allowance, needed) = (unit(10_000), unit(10_001));
    spend(alice, bob, needed).await?.refused(ERC20InsufficientAllowance { spender: bob, allowance, needed });
    let (balance, needed) = (unit(SUPPLY_OF_ALICE), unit(10_000));
    spend(alice, bob, needed).await?.refused(ERC20InsufficientBalance { sender: alice, balance, needed });
    spend(alice, Address::ZERO, unit(1)).await?.refused(ERC20InvalidReceiver { receiver: Address::ZERO });
    // Zero tokens of the zero address: the empty allowance is enough, but the zero address approves nothing.
    let answer = spend(Address::ZERO, bob, U256::ZERO).await?;
    answer.refused(ERC20InvalidApprover { approver: Address::ZERO });
    Ok(())
}
