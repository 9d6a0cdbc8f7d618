//! Safe 1.5.0's own handler and libraries, beside the program.

use alloy::primitives::{Address, B256, FixedBytes, U256, keccak256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe;
use eyre::Result;
use harness::peers;

use crate::transaction::{By, SafeTx, call, delegate, signatures};
use crate::twins::{Helpers, Safes, Side};

sol! {
    interface Handler {
        function isValidSignature(bytes32 hash, bytes signature) external view returns (bytes4);
        function encodeTransactionData(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, uint256 nonce) external view returns (bytes);
        function supportsInterface(bytes4 id) external view returns (bool);
        function getModules() external view returns (address[]);
    }
    interface Library {
        function signMessage(bytes data) external;
        function multiSend(bytes transactions) external payable;
    }
}

const ASKED: B256 = B256::repeat_byte(0x51);

/// What the owners of a Safe sign so that the Safe has signed `ASKED`.
fn message(safe: Address) -> B256 {
    let ty = keccak256("SafeMessage(bytes message)");
    let domain = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    let domain = keccak256((domain, U256::from(nitro::CHAIN_ID), safe).abi_encode());
    let message = keccak256((ty, keccak256(ASKED)).abi_encode());
    keccak256([&[0x19, 1], &domain[..], &message[..]].concat())
}

/// A yes of ERC-1271.
fn magic() -> FixedBytes<4> {
    Handler::isValidSignatureCall::SELECTOR.into()
}

async fn with_handler() -> Result<Safes> {
    let safes = Safes::start().await?;
    let handler = peers::create(&safes.chain, "CompatibilityFallbackHandler150", &[]).await?;
    safes.change(Safe::setFallbackHandlerCall { handler }).await?;
    Ok(safes)
}

/// The handler asks the Safe by `checkSignatures(address,bytes32,bytes)`, in nobody's name.
#[tokio::test]
async fn a_safe_signs_by_its_owners() -> Result<()> {
    let safes = with_handler().await?;
    safes.stands_for(message(safes.ours.safe), message(safes.peer.safe));
    let ask = |by: Vec<By>| {
        move |side: &Side| {
            let signature = signatures(message(side.safe), &by).into();
            Handler::isValidSignatureCall { hash: ASKED, signature }.abi_encode()
        }
    };
    let two = safes.two().to_vec();
    safes.each_raw(2, ask(two.clone())).await?.returned(magic());
    assert!(!safes.each_raw(2, ask(two[..1].to_vec())).await?.success);
    // The caller's own approval does not count: the Safe's caller is the handler.
    let own = [two[0].clone(), By::Approval(safes.actors[0])].to_vec();
    assert!(!safes.each_raw(0, ask(own)).await?.success);
    // By a transaction of the owners, and Safe's own library.
    assert!(!safes.each_raw(2, ask(Vec::new())).await?.success);
    let library = peers::create(&safes.chain, "SignMessageLib150", &[]).await?;
    let sign = Library::signMessageCall { data: ASKED.abi_encode().into() }.abi_encode();
    let answer = safes.execute(2, delegate(library, sign), &two).await?;
    assert_eq!(answer.event::<Safe::SignMsg>().msgHash, message(safes.ours.safe));
    safes.each_raw(2, ask(Vec::new())).await?.returned(magic());
    Ok(())
}

/// What 1.5.0's singleton has no more, the handler answers.
#[tokio::test]
async fn the_handler_encodes_transactions() -> Result<()> {
    let safes = with_handler().await?;
    let tx = SafeTx { nonce: U256::from(9), ..call(safes.target, [1, 2, 3]) };
    let SafeTx { to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce } =
        tx.clone();
    let encode = Handler::encodeTransactionDataCall {
        to,
        value,
        data,
        operation,
        safeTxGas,
        baseGas,
        gasPrice,
        gasToken,
        refundReceiver,
        nonce,
    };
    let [ours, peer] = safes.apart(2, |side| (side.safe, encode.abi_encode())).await?;
    for (answer, safe) in [(ours, safes.ours.safe), (peer, safes.peer.safe)] {
        assert_eq!(keccak256(answer.output::<Handler::encodeTransactionDataCall>()), tx.hash(safe));
    }
    for call in [
        Handler::supportsInterfaceCall { id: [1, 0xff, 0xc9, 0xa7].into() }.abi_encode(),
        Handler::getModulesCall {}.abi_encode(),
    ] {
        safes.raw(2, call).await?.succeeded();
    }
    // Two calls in one transaction.
    let multi = peers::create(&safes.chain, "MultiSend150", &[]).await?;
    let log = Helpers::logCall { data: b"one of two".into() }.abi_encode();
    let part = |data: &[u8]| {
        [&[0][..], safes.target.as_slice(), &[0; 32], &U256::from(data.len()).to_be_bytes::<32>(), data].concat()
    };
    let transactions = [part(&log), part(&log)].concat().into();
    let send = Library::multiSendCall { transactions }.abi_encode();
    assert_eq!(safes.execute(2, delegate(multi, send), &safes.two()).await?.succeeded().logs.len(), 3);
    Ok(())
}
