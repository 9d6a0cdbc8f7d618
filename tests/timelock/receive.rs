//! Ether and tokens coming in, and ERC-165.

use alloy::primitives::{Address, FixedBytes, U256};
use alloy::providers::Provider;
use alloy::sol;
use alloy::sol_types::SolCall;
use eyre::{Result, ensure};
use harness::peers;
use nitro::CACHE_MANAGER;

use crate::setup::{Timelock, supports};
use crate::twins::{Timelocks, Who};

#[tokio::test]
async fn ether_is_taken_from_anybody() -> Result<()> {
    let twins = Timelocks::start().await?;
    twins.fund(123).await?;
    for timelock in [twins.ours, twins.peer] {
        assert_eq!(twins.chain.dev.get_balance(timelock).await?, U256::from(123));
        // Ether for a function that is not there is not.
        assert!(!twins.pay(timelock, vec![1, 2, 3, 4], U256::from(1)).await?.status());
        assert!(!twins.pay(timelock, vec![1], U256::from(1)).await?.status());
    }
    Ok(())
}

#[tokio::test]
async fn tokens_are_taken_by_the_standards() -> Result<()> {
    let twins = Timelocks::start().await?;
    let (operator, from) = (Address::repeat_byte(1), Address::repeat_byte(2));
    let (one, data) = (U256::ONE, vec![5; 70]);
    // A four-byte value is at the head of its word.
    let word = |selector: [u8; 4]| FixedBytes::<32>::right_padding_from(&selector);

    let call = Timelock::onERC721ReceivedCall { operator, from, tokenId: one, data: data.clone().into() };
    let answer = twins.call(Who::Stranger, call.abi_encode()).await?;
    answer.returned(word(Timelock::onERC721ReceivedCall::SELECTOR));

    let call = Timelock::onERC1155ReceivedCall { operator, from, id: one, value: one, data: data.clone().into() };
    let answer = twins.call(Who::Stranger, call.abi_encode()).await?;
    answer.returned(word(Timelock::onERC1155ReceivedCall::SELECTOR));

    let (ids, values) = (vec![one, one], vec![one, one]);
    let call = Timelock::onERC1155BatchReceivedCall { operator, from, ids, values, data: data.into() };
    let answer = twins.call(Who::Stranger, call.abi_encode()).await?;
    answer.returned(word(Timelock::onERC1155BatchReceivedCall::SELECTOR));
    Ok(())
}

#[tokio::test]
async fn interfaces_are_told_by_erc165() -> Result<()> {
    let twins = Timelocks::start().await?;
    for (id, supported) in [
        ([0x01, 0xff, 0xc9, 0xa7], true),  // IERC165
        ([0x79, 0x65, 0xdb, 0x0b], true),  // IAccessControl
        ([0x4e, 0x23, 0x12, 0xe0], true),  // IERC1155Receiver
        ([0x15, 0x0b, 0x7a, 0x02], false), // IERC721Receiver has no id by the standard
        ([0xff, 0xff, 0xff, 0xff], false),
        ([0, 0, 0, 0], false),
    ] {
        twins.call(Who::Stranger, supports(id)).await?.returned(supported);
    }
    Ok(())
}

sol! {
    function pay(address to, uint256 amount) external;
    function placeBid(address program) external payable;
}

/// `transfer` and `send` of Solidity leave 2,300 gas to who is paid, and so does WETH9 when it is unwrapped. The treasury
/// takes ether that comes so, once its program is cached.
#[tokio::test]
async fn ether_is_taken_with_the_stipend_alone() -> Result<()> {
    let twins = Timelocks::start().await?;
    let sender = twins.chain.dev_account()?;
    ensure!(sender.send(CACHE_MANAGER, placeBidCall { program: twins.ours }.abi_encode()).await?.status());
    let payer = peers::create(&twins.chain, "Payer", &[]).await?;
    ensure!(sender.send_with(payer, Vec::new(), 100).await?.status());
    for timelock in [twins.peer, twins.ours] {
        let pay = payCall { to: timelock, amount: U256::from(40) };
        let receipt = sender.send(payer, pay.abi_encode()).await?;
        assert!(receipt.status(), "{timelock} is not paid");
        assert_eq!(twins.chain.dev.get_balance(timelock).await?, U256::from(40));
    }
    Ok(())
}
