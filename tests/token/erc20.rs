//! ERC-20: each function, its event, and each way it refuses.

use alloy::primitives::{Address, U256};
use consilium_bindings::VotingToken::*;
use eyre::Result;

use crate::setup::*;

#[tokio::test]
async fn it_says_what_it_is() -> Result<()> {
    let token = Token::on_time().await?;
    let read = token.read();
    assert_eq!(read.name().call().await?, NAME);
    assert_eq!(read.symbol().call().await?, "HXV");
    assert_eq!(read.decimals().call().await?, 18);
    assert_eq!(read.totalSupply().call().await?, unit(SUPPLY));
    assert_eq!(token.balances().await?, units([SUPPLY_OF_ALICE, SUPPLY_OF_BOB, 0]));
    Ok(())
}

#[tokio::test]
async fn transfer_moves_tokens_and_logs() -> Result<()> {
    let token = Token::on_time().await?;
    let (from, to) = (token.alice.address(), token.carol.address());
    assert!(token.by(&token.alice).transfer(to, unit(7)).call().await?);
    let receipt = send(token.by(&token.alice).transfer(to, unit(7))).await?;
    assert_logs(&receipt, token.at, &[&Transfer { from, to, value: unit(7) }]);
    assert_eq!(token.balances().await?, units([SUPPLY_OF_ALICE - 7, SUPPLY_OF_BOB, 7]));
    assert_eq!(token.read().totalSupply().call().await?, unit(SUPPLY));
    Ok(())
}

#[tokio::test]
async fn transfer_to_oneself_and_of_nothing_changes_nothing_but_logs() -> Result<()> {
    let token = Token::on_time().await?;
    let alice = token.alice.address();
    for value in [SUPPLY_OF_ALICE, 0].map(unit) {
        let receipt = send(token.by(&token.alice).transfer(alice, value)).await?;
        assert_logs(&receipt, token.at, &[&Transfer { from: alice, to: alice, value }]);
        assert_eq!(token.balances().await?, units([SUPPLY_OF_ALICE, SUPPLY_OF_BOB, 0]));
    }
    Ok(())
}

#[tokio::test]
async fn transfer_refuses() -> Result<()> {
    let token = Token::on_time().await?;
    let (alice, bob) = (token.alice.address(), token.bob.address());
    let by_alice = token.by(&token.alice);
    let (balance, needed) = (unit(SUPPLY_OF_ALICE), unit(SUPPLY_OF_ALICE + 1));
    assert_reverts(
        by_alice.transfer(bob, needed).call().await,
        ERC20InsufficientBalance { sender: alice, balance, needed },
    );
    // The receiver is looked at before the balance, the sender before the receiver.
    assert_reverts(
        by_alice.transfer(Address::ZERO, needed).call().await,
        ERC20InvalidReceiver { receiver: Address::ZERO },
    );
    assert_reverts(
        token.read().transfer(Address::ZERO, needed).from(Address::ZERO).call().await,
        ERC20InvalidSender { sender: Address::ZERO },
    );
    Ok(())
}

#[tokio::test]
async fn approve_sets_the_allowance_and_logs() -> Result<()> {
    let token = Token::on_time().await?;
    let (owner, spender) = (token.alice.address(), token.bob.address());
    for value in [5, 3, 0].map(unit) {
        assert!(token.by(&token.alice).approve(spender, value).call().await?);
        let receipt = send(token.by(&token.alice).approve(spender, value)).await?;
        assert_logs(&receipt, token.at, &[&Approval { owner, spender, value }]);
        assert_eq!(token.read().allowance(owner, spender).call().await?, value);
        assert_eq!(token.read().allowance(spender, owner).call().await?, U256::ZERO);
    }
    Ok(())
}

#[tokio::test]
async fn approve_refuses_the_zero_address() -> Result<()> {
    let token = Token::on_time().await?;
    assert_reverts(
        token.by(&token.alice).approve(Address::ZERO, unit(1)).call().await,
        ERC20InvalidSpender { spender: Address::ZERO },
    );
    assert_reverts(
        token.read().approve(Address::ZERO, unit(1)).from(Address::ZERO).call().await,
        ERC20InvalidApprover { approver: Address::ZERO },
    );
    Ok(())
}

#[tokio::test]
async fn transfer_from_uses_up_the_allowance() -> Result<()> {
    let token = Token::on_time().await?;
    let (alice, bob, carol) = (token.alice.address(), token.bob.address(), token.carol.address());
    send(token.by(&token.alice).approve(bob, unit(10))).await?;
    assert!(token.by(&token.bob).transferFrom(alice, carol, unit(4)).call().await?);
    let receipt = send(token.by(&token.bob).transferFrom(alice, carol, unit(4))).await?;
    assert_logs(&receipt, token.at, &[&Transfer { from: alice, to: carol, value: unit(4) }]);
    assert_eq!(token.read().allowance(alice, bob).call().await?, unit(6));
    assert_eq!(token.balances().await?, units([SUPPLY_OF_ALICE - 4, SUPPLY_OF_BOB, 4]));
    Ok(())
}

#[tokio::test]
async fn an_allowance_without_limit_stays() -> Result<()> {
    let token = Token::on_time().await?;
    let (alice, bob) = (token.alice.address(), token.bob.address());
    send(token.by(&token.alice).approve(bob, U256::MAX)).await?;
    send(token.by(&token.bob).transferFrom(alice, bob, unit(4))).await?;
    assert_eq!(token.read().allowance(alice, bob).call().await?, U256::MAX);
    Ok(())
}

#[tokio::test]
async fn transfer_from_refuses() -> Result<()> {
    let token = Token::on_time().await?;
    let (alice, bob) = (token.alice.address(), token.bob.address());
    send(token.by(&token.alice).approve(bob, unit(10_000))).await?;
    let by_bob = token.by(&token.bob);
    assert_reverts(
        by_bob.transferFrom(alice, bob, unit(10_001)).call().await,
        ERC20InsufficientAllowance { spender: bob, allowance: unit(10_000), needed: unit(10_001) },
    );
    assert_reverts(
        by_bob.transferFrom(alice, bob, unit(10_000)).call().await,
        ERC20InsufficientBalance { sender: alice, balance: unit(SUPPLY_OF_ALICE), needed: unit(10_000) },
    );
    assert_reverts(
        by_bob.transferFrom(alice, Address::ZERO, unit(1)).call().await,
        ERC20InvalidReceiver { receiver: Address::ZERO },
    );
    // Nothing out of nobody's pocket: the empty allowance is enough, but the zero address approves nothing.
    assert_reverts(
        by_bob.transferFrom(Address::ZERO, bob, U256::ZERO).call().await,
        ERC20InvalidApprover { approver: Address::ZERO },
    );
    Ok(())
}
