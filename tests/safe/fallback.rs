//! Ether that comes in, and calls of functions that a Safe does not have.

use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe;
use eyre::Result;
use harness::peers;

use crate::transaction::{delegate, signatures};
use crate::twins::{Helpers, NAMED_SLOTS, Safes, Side, event, gs};

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

/// Safe's own handler: ERC-1271 of both versions over signed messages, tokens' receivers, simulation.
#[tokio::test]
async fn safes_own_handler_and_libraries_work() -> Result<()> {
    alloy::sol! {
        interface Handler {
            function getMessageHash(bytes message) external view returns (bytes32);
            function isValidSignature(bytes data, bytes signature) external view returns (bytes4);
            function simulate(address target, bytes data) external returns (bytes);
            function onERC1155Received(address, address, uint256, uint256, bytes) external returns (bytes4);
            function supportsInterface(bytes4 id) external view returns (bool);
            function getModules() external view returns (address[]);
        }
        interface Library {
            function signMessage(bytes data) external;
            function multiSend(bytes transactions) external payable;
        }
        interface Accessor {
            function simulate(address to, uint256 value, bytes data, uint8 operation) external returns (uint256 gas, bool success, bytes returned);
        }
        /// ERC-1271 by hash: another function of the same name.
        interface ByHash {
            function isValidSignature(bytes32 hash, bytes signature) external view returns (bytes4);
        }
    }
    let safes = Safes::start().await?;
    let own = peers::create(&safes.chain, "CompatibilityFallbackHandler", &[]).await?;
    let library = peers::create(&safes.chain, "SignMessageLib", &[]).await?;
    let multi = peers::create(&safes.chain, "MultiSend", &[]).await?;
    let accessor = peers::create(&safes.chain, "SimulateTxAccessor", &[]).await?;
    safes.change(handler(own)).await?;

    // A message that the owners sign by a transaction.
    let data: Bytes = keccak256("a message").to_vec().into();
    let hash = |safe: Address| {
        let ty = keccak256("SafeMessage(bytes message)");
        let domain = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
        let domain = keccak256((domain, U256::from(nitro::CHAIN_ID), safe).abi_encode());
        let message = keccak256((ty, keccak256(data.abi_encode())).abi_encode());
        keccak256([&[0x19, 1], &domain[..], &message[..]].concat())
    };
    safes.stands_for(hash(safes.ours.safe), hash(safes.peer.safe));
    let signature = Bytes::new();
    let by_data = Handler::isValidSignatureCall { data: data.abi_encode().into(), signature: signature.clone() };
    let refused = safes.raw(2, by_data.abi_encode()).await?;
    assert!(!refused.success);
    let sign = Library::signMessageCall { data: data.abi_encode().into() }.abi_encode();
    let answer = safes.execute(2, delegate(library, sign), &safes.two()).await?;
    let signed = answer.event::<Safe::SignMsg>().msgHash;
    assert_eq!(signed, hash(safes.ours.safe));
    let is_signed = |safe| Safe::signedMessagesCall { hash: hash(safe) }.abi_encode();
    safes.ask(Address::ZERO, |side| (side.safe, is_signed(side.safe))).await?.returned(U256::ONE);
    // The same by signatures: the handler asks the Safe, by a static call.
    let second: Bytes = keccak256("another message").to_vec().into();
    let message = |safe: Address| {
        let ty = keccak256("SafeMessage(bytes message)");
        let message = keccak256((ty, keccak256(second.abi_encode())).abi_encode());
        let domain = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
        let domain = keccak256((domain, U256::from(nitro::CHAIN_ID), safe).abi_encode());
        keccak256([&[0x19, 1], &domain[..], &message[..]].concat())
    };
    let two = safes.two();
    for (by, success) in [(&two[..], true), (&two[..1], false)] {
        let call = |side: &Side| {
            let (data, signature) = (second.abi_encode().into(), signatures(message(side.safe), by).into());
            Handler::isValidSignatureCall { data, signature }.abi_encode()
        };
        assert_eq!(safes.each_raw(2, call).await?.success, success);
    }
    for call in [
        by_data.abi_encode(),
        ByHash::isValidSignatureCall { hash: keccak256("a message"), signature }.abi_encode(),
        Handler::getMessageHashCall { message: data.abi_encode().into() }.abi_encode(),
        Handler::supportsInterfaceCall { id: [1, 0xff, 0xc9, 0xa7].into() }.abi_encode(),
        Handler::getModulesCall {}.abi_encode(),
        Handler::onERC1155ReceivedCall { _0: own, _1: own, _2: U256::ONE, _3: U256::ONE, _4: Bytes::new() }
            .abi_encode(),
    ] {
        let _ = safes.raw(2, call).await?;
    }
    // A simulation reverts to its caller, the handler, which returns what was found. How much gas it took differs.
    let echo = Helpers::echoCall { data: vec![1, 2, 3].into() }.abi_encode();
    for operation in 0..2 {
        let (to, value, data) = (safes.target, U256::ZERO, echo.clone().into());
        let data = Accessor::simulateCall { to, value, data, operation }.abi_encode().into();
        let simulate = Handler::simulateCall { target: accessor, data }.abi_encode();
        for answer in safes.apart(2, |side| (side.safe, simulate.clone())).await? {
            let found = answer.output::<Handler::simulateCall>();
            let found = Accessor::simulateCall::abi_decode_returns(&found)?;
            assert_eq!((found.success, found.returned.to_vec()), (true, vec![1, 2, 3]));
        }
    }
    // Two calls in one transaction.
    let part = |data: &[u8]| {
        [&[0][..], safes.target.as_slice(), &[0; 32], &U256::from(data.len()).to_be_bytes::<32>(), data].concat()
    };
    let log = Helpers::logCall { data: b"one of two".into() }.abi_encode();
    let transactions = [part(&log), part(&log)].concat().into();
    let send = Library::multiSendCall { transactions }.abi_encode();
    let answer = safes.execute(2, delegate(multi, send), &safes.two()).await?;
    assert_eq!(answer.succeeded().logs.len(), 3);
    Ok(())
}
