//! Ether that comes in, and calls of functions that a Safe does not have.

use alloy::primitives::{Address, Bytes, U256, hex, keccak256};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe;
use eyre::Result;
use harness::peers;

use crate::transaction::delegate;
use crate::twins::{Helpers, NAMED_SLOTS, Safes, event, gs};

fn handler(handler: Address) -> Safe::setFallbackHandlerCall {
    Safe::setFallbackHandlerCall { handler }
}

/// Calldata that names no function of a Safe.
fn unknown() -> Vec<Vec<u8>> {
    vec![
        vec![0],
        vec![1, 2, 3],
        vec![0; 4],
        vec![0xde, 0xad, 0xbe, 0xef],
        vec![0xde, 0xad, 0xbe, 0xef, 0xee],
        vec![0xff; 100],
        // A Stylus constructor's selector, alone and with arguments.
        vec![0x55, 0x85, 0x25, 0x8d],
        vec![0x55, 0x85, 0x25, 0x8d, 0, 0, 0],
        // Three bytes of `getOwners()`: the caller's first byte, put behind, must not make it four.
        Safe::getOwnersCall::SELECTOR[..3].to_vec(),
        // onERC721Received, isValidSignature, and what the proxy itself answers is not here.
        vec![0x15, 0x0b, 0x7a, 0x02],
        vec![0x20, 0xc1, 0x3b, 0x0b, 1],
    ]
}

#[tokio::test]
async fn ether_is_taken_and_logged() -> Result<()> {
    let safes = Safes::start().await?;
    safes.sender.send_with(safes.actors[1], [], 1_000).await?;
    for wei in [0, 1, 400] {
        let answer = safes.paying(1, wei, |side| (side.safe, vec![])).await?;
        answer.logged([event(Safe::SafeReceived { sender: safes.actors[1], value: U256::from(wei) })]);
    }
    Ok(())
}

/// At the singleton itself, through what delegates to it and was never set up, and by a call that must change nothing.
#[tokio::test]
async fn ether_comes_on_unusual_ways() -> Result<()> {
    let safes = Safes::start().await?;
    let sender = safes.sender.address();
    for singleton in [safes.ours.singleton, safes.peer.singleton] {
        // A minimal proxy (EIP-1167).
        let code =
            ["3d602d80600a3d3981f3363d3d373d3d3d363d73", &hex::encode(singleton), "5af43d82803e903d91602b57fd5bf3"];
        let clone = safes.chain.create(hex::decode(code.concat())?).await?;
        for (to, wei) in [(singleton, 3), (clone, 4), (clone, 0)] {
            let receipt = safes.sender.send_with(to, [], wei).await?;
            let logs: Vec<_> = receipt.logs().iter().map(|log| (log.address(), log.data().clone())).collect();
            assert_eq!(logs, [(to, event(Safe::SafeReceived { sender, value: U256::from(wei) }))]);
        }
        // Answers whether a static call without data succeeded.
        let code = ["60218060095f395ff35f5f5f5f73", &hex::encode(clone), "5afa5f5260205ff3"];
        let asker = safes.chain.create(hex::decode(code.concat())?).await?;
        let answer = safes.chain.ask(Address::ZERO, asker, []).await?;
        assert_eq!((answer.success, U256::from_be_slice(&answer.data)), (true, U256::ZERO));
    }
    Ok(())
}

#[tokio::test]
async fn without_a_handler_every_call_is_answered_with_nothing() -> Result<()> {
    let safes = Safes::start().await?;
    for data in unknown() {
        let answer = safes.raw(2, data).await?;
        assert!(answer.succeeded().data.is_empty() && answer.logs.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn a_handler_gets_the_calldata_and_the_caller() -> Result<()> {
    let safes = Safes::start().await?;
    let made = peers::create(&safes.chain, "SafeHandler", &[]).await?;
    let answer = safes.itself(handler(made)).await?;
    assert_eq!(answer.succeeded().logs[0].data, event(Safe::ChangedFallbackHandler { handler: made }));
    for data in unknown() {
        let answer = safes.raw(2, data.clone()).await?;
        let all: Bytes = [&data[..], safes.actors[2].as_slice()].concat().into();
        let expected = (safes.ours.safe, U256::ZERO, all).abi_encode_params();
        assert_eq!(answer.success, data.get(4) != Some(&0xee));
        assert_eq!(answer.data[..], expected);
    }
    // Ether is not for functions that a Safe does not have.
    safes.sender.send_with(safes.actors[1], [], 1_000).await?;
    for data in unknown() {
        safes.paying(1, 1, |side| (side.safe, data.clone())).await?.refused_with(&[]);
    }
    safes.change(handler(Address::ZERO)).await?;
    assert!(safes.raw(2, vec![1, 2, 3]).await?.succeeded().data.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_handler_is_not_the_safe() -> Result<()> {
    let safes = crate::owners::with_module().await?;
    let answer = safes
        .each_raw(2, |side| {
            let (value, data) = (U256::ZERO, handler(side.safe).abi_encode().into());
            Safe::execTransactionFromModuleReturnDataCall { to: side.safe, value, data, operation: 0 }.abi_encode()
        })
        .await?;
    assert_eq!(answer.output::<Safe::execTransactionFromModuleReturnDataCall>().returnData[..], gs(400));
    // An account without code answers nothing; a contract without the function refuses.
    safes.change(handler(Address::repeat_byte(9))).await?;
    assert!(safes.raw(2, vec![9; 10]).await?.succeeded().data.is_empty());
    safes.change(handler(safes.target)).await?;
    safes.raw(2, vec![9; 10]).await?.refused_with(&[]);
    Ok(())
}

/// The slot's other bytes do not count but for the question whether there is a handler.
#[tokio::test]
async fn a_handler_s_slot_with_other_bytes() -> Result<()> {
    let safes = Safes::start().await?;
    let made = peers::create(&safes.chain, "SafeHandler", &[]).await?;
    let slot = keccak256(NAMED_SLOTS[0]).into();
    let mut word = made.into_word();
    word[3] = 7;
    let mut nobody = Address::ZERO.into_word();
    nobody[3] = 7;
    for (word, answers) in [(word, true), (nobody, false)] {
        let store = Helpers::storeCall { slot, word }.abi_encode();
        safes.execute(2, delegate(safes.target, store), &safes.two()).await?.returned(true);
        assert_eq!(!safes.raw(2, vec![4; 4]).await?.succeeded().data.is_empty(), answers);
    }
    Ok(())
}
