//! Safe's own handler and libraries, beside the program.

use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe;
use eyre::{Result, ensure};
use harness::peers;
use nitro::{CACHE_MANAGER, CacheManager};

use crate::transaction::{delegate, signatures};
use crate::twins::{Helpers, Safes, Side};

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
    safes.change(Safe::setFallbackHandlerCall { handler: own }).await?;

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

/// Who asks by ERC-165 gives 30,000 gas (OpenZeppelin's `ERC165Checker`). Of a program that is not cached the answer takes
/// some 27,300.
#[tokio::test]
async fn a_question_of_erc_165_fits_in_its_gas() -> Result<()> {
    let safes = Safes::start().await?;
    let own = peers::create(&safes.chain, "CompatibilityFallbackHandler", &[]).await?;
    safes.change(Safe::setFallbackHandlerCall { handler: own }).await?;
    let checker = peers::create(&safes.chain, "SafeChecker", &[]).await?;
    let asks = async |gas: u64| -> Result<[bool; 2]> {
        let mut found = [false; 2];
        for (side, found) in [safes.ours, safes.peer].iter().zip(&mut found) {
            let (account, id, gas) = (side.safe, [1, 0xff, 0xc9, 0xa7].into(), U256::from(gas));
            let call = Helpers::answersCall { account, id, gas }.abi_encode();
            *found = safes.chain.ask(Address::ZERO, checker, call).await?.output::<Helpers::answersCall>();
        }
        Ok(found)
    };
    assert_eq!(asks(28_000).await?, [true, true]);
    assert_eq!(asks(26_000).await?, [false, true]);
    let bid = CacheManager::placeBidCall { program: safes.ours.singleton }.abi_encode();
    ensure!(safes.sender.send(CACHE_MANAGER, bid).await?.status(), "the program was not cached");
    assert_eq!(asks(20_000).await?, [true, true]);
    Ok(())
}
