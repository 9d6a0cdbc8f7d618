//! Executing transactions of the owners.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe;
use eyre::Result;

use crate::transaction::{SafeTx, call, delegate, signatures};
use crate::twins::{Helpers, Safes, event, gs, setup};
use crate::version::{self, undone};

fn log(data: &[u8]) -> Vec<u8> {
    Helpers::logCall { data: data.to_vec().into() }.abi_encode()
}

fn fail(data: &[u8]) -> Vec<u8> {
    Helpers::failCall { data: data.to_vec().into() }.abi_encode()
}

#[tokio::test]
async fn a_call_is_made_in_the_name_of_the_safe() -> Result<()> {
    let safes = Safes::start().await?;
    let tx = SafeTx { value: U256::from(77), ..call(safes.target, log(b"hello")) };
    let hash = safes.hashes(|_| tx.clone()).await?[0];
    let answer = safes.execute(2, tx, &safes.two()).await?;
    answer.returned(true);
    let data = b"hello".into();
    let did = Helpers::Did { me: safes.target, sender: safes.ours.safe, value: U256::from(77), data };
    answer.logged([event(did), event(Safe::ExecutionSuccess { txHash: hash, payment: U256::ZERO })]);
    assert_eq!(safes.nonce().await?, U256::ONE);
    Ok(())
}

#[tokio::test]
async fn code_is_run_in_the_safes_own_storage() -> Result<()> {
    let safes = Safes::start().await?;
    let answer = safes.execute(2, delegate(safes.target, log(b"hello")), &safes.two()).await?;
    let data = b"hello".into();
    let did = Helpers::Did { me: safes.ours.safe, sender: safes.actors[2], value: U256::ZERO, data };
    assert_eq!(answer.logs[0].data, event(did));
    assert_eq!(answer.logs[0].address, safes.ours.safe);
    // Every slot of the layout but the first, which is the proxy's.
    for slot in [3u64, 4, 5, 6, 9, 10] {
        let word = if slot == 5 { U256::from(40) } else { U256::from(2) };
        let store = Helpers::storeCall { slot: U256::from(slot), word: word.into() }.abi_encode();
        safes.execute(2, delegate(safes.target, store), &safes.two()).await?.returned(true);
        assert_eq!(safes.chain.storage(safes.ours.safe, U256::from(slot)).await?, B256::from(word));
    }
    // A nonce that code has written is the next one.
    assert_eq!(safes.nonce().await?, U256::from(43));
    Ok(())
}

#[tokio::test]
async fn a_transaction_that_promises_nothing_is_undone_when_it_fails() -> Result<()> {
    let safes = Safes::start().await?;
    let much = U256::from(2_000_000);
    for (tx, reason) in [
        (call(safes.target, fail(b"reason")), &b"reason"[..]),
        (delegate(safes.target, fail(b"reason")), b"reason"),
        (SafeTx { value: much, ..call(safes.target, log(b"")) }, b""),
        (SafeTx { value: U256::MAX, ..call(safes.keys[4].address(), []) }, b""),
        (call(safes.target, Helpers::burnCall {}.abi_encode()), b""),
    ] {
        safes.execute(2, tx, &safes.two()).await?.refused_with(&undone(reason));
    }
    assert_eq!(safes.nonce().await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_transaction_that_promises_gas_uses_its_nonce_up_when_it_fails() -> Result<()> {
    let safes = Safes::start().await?;
    for tx in [call(safes.target, fail(b"reason")), delegate(safes.target, fail(b"reason"))] {
        let tx = SafeTx { safeTxGas: U256::from(50_000), ..tx };
        let hash = safes.hashes(|_| tx.clone()).await?[0];
        let answer = safes.execute(2, tx, &safes.two()).await?;
        answer.returned(false);
        answer.logged([event(Safe::ExecutionFailure { txHash: hash, payment: U256::ZERO })]);
    }
    assert_eq!(safes.nonce().await?, U256::from(2));
    Ok(())
}

#[tokio::test]
async fn accounts_without_code_and_precompiles_are_called() -> Result<()> {
    let safes = Safes::start().await?;
    let receiver = Address::repeat_byte(0x55);
    let tx = SafeTx { value: U256::from(5), ..call(receiver, [1, 2, 3]) };
    safes.execute(2, tx, &safes.two()).await?.returned(true);
    assert_eq!(safes.balance(receiver).await?, U256::from(10), "5 of each");
    for tx in [
        delegate(receiver, [1, 2, 3]),
        call(Address::with_last_byte(2), [1]),
        delegate(Address::with_last_byte(4), [1]),
        call(Address::ZERO, []),
        SafeTx { value: U256::from(1), ..call(Address::ZERO, []) },
    ] {
        safes.execute(2, tx, &safes.two()).await?.returned(true);
    }
    Ok(())
}

#[tokio::test]
async fn ether_that_comes_with_a_transaction_stays_or_goes_on() -> Result<()> {
    let safes = Safes::start().await?;
    let tx = SafeTx { value: U256::from(1_000_003), ..call(safes.target, log(b"")) };
    let hashes = safes.hashes(|_| tx.clone()).await?;
    let (funder, two) = (safes.actors[1], safes.two());
    safes.sender.send_with(funder, [], 1_000).await?;
    let answer = safes
        .paying(1, 3, |side| {
            let hash = if side.safe == safes.ours.safe { hashes[0] } else { hashes[1] };
            (side.safe, tx.execution(signatures(hash, &two)))
        })
        .await?;
    answer.returned(true);
    assert_eq!(safes.balance(safes.ours.safe).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_safe_that_was_not_set_up_executes_nothing() -> Result<()> {
    let safes = Safes::bare().await?;
    safes.execute(1, call(safes.target, log(b"")), &[]).await?.refused_with(&gs(1));
    safes.execute(1, call(safes.target, log(b"")), &safes.two()).await?.refused_with(&gs(1));
    Ok(())
}

/// The answers of views of a Safe that was not set up are refusals without data, or say that there is nothing.
#[tokio::test]
async fn a_safe_that_was_not_set_up_has_no_owners_and_modules() -> Result<()> {
    let safes = Safes::bare().await?;
    let answer = safes.view(Safe::getOwnersCall {}).await;
    assert!(answer.is_err() || !answer?.success);
    safes.view(Safe::getThresholdCall {}).await?.returned(U256::ZERO);
    safes.view(Safe::isModuleEnabledCall { module: safes.target }).await?.returned(false);
    safes.call(1, Safe::approveHashCall { hashToApprove: B256::ZERO }).await?.refused_with(&gs(30));
    Ok(())
}

#[tokio::test]
async fn a_transaction_is_executed_once() -> Result<()> {
    let safes = Safes::start().await?;
    let tx = call(safes.target, log(b"once"));
    let hashes = safes.hashes(|_| tx.clone()).await?;
    let two = safes.two();
    let execution = |side: &crate::twins::Side| {
        let hash = if side.safe == safes.ours.safe { hashes[0] } else { hashes[1] };
        tx.execution(signatures(hash, &two))
    };
    safes.each_raw(1, execution).await?.returned(true);
    // The signatures are of nonce 0. Whoever they seem to be of now is no owner.
    safes.each_raw(1, execution).await?.refused_with(&gs(26));
    Ok(())
}

#[tokio::test]
async fn hashes_are_those_of_eip_712() -> Result<()> {
    let safes = Safes::start().await?;
    let separator = |safe: Address| {
        let ty = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
        keccak256((ty, U256::from(nitro::CHAIN_ID), safe).abi_encode())
    };
    safes.stands_for(separator(safes.ours.safe), separator(safes.peer.safe));
    safes.view(Safe::domainSeparatorCall {}).await?.returned(separator(safes.ours.safe));
    if version::IS_OLD {
        safes.view(Safe::getChainIdCall {}).await?.returned(U256::from(nitro::CHAIN_ID));
    }
    assert_eq!(safes.view(Safe::VERSIONCall {}).await?.output::<Safe::VERSIONCall>(), version::NUMBER);
    let all = SafeTx {
        to: Address::repeat_byte(1),
        value: U256::from(2),
        data: vec![3; 37].into(),
        operation: 1,
        safeTxGas: U256::from(4),
        baseGas: U256::from(5),
        gasPrice: U256::from(6),
        gasToken: Address::repeat_byte(7),
        refundReceiver: Address::repeat_byte(8),
        nonce: U256::from(9),
    };
    let of_last_nonce = SafeTx { operation: 0, nonce: U256::MAX, data: vec![].into(), ..all.clone() };
    let of_no_operation = [2, 255].map(|operation| SafeTx { operation, ..all.clone() });
    for tx in [all, of_last_nonce].into_iter().chain(of_no_operation) {
        // What is never executed has a hash in one of the versions.
        let has_hash = tx.operation < 2 || !version::IS_OLD;
        let SafeTx { to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce } =
            tx.clone();
        safes.stands_for(tx.hash(safes.ours.safe), tx.hash(safes.peer.safe));
        let hash = Safe::getTransactionHashCall {
            to,
            value,
            data: data.clone(),
            operation,
            safeTxGas,
            baseGas,
            gasPrice,
            gasToken,
            refundReceiver,
            nonce,
        };
        let answer = safes.view(hash).await?;
        if !has_hash {
            answer.refused_with(&[]);
            continue;
        }
        answer.returned(tx.hash(safes.ours.safe));
        let encoded = Safe::encodeTransactionDataCall {
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
        if version::IS_OLD {
            let bytes = safes.view(encoded).await?.output::<Safe::encodeTransactionDataCall>();
            assert_eq!(keccak256(bytes), tx.hash(safes.ours.safe));
        }
    }
    Ok(())
}

/// A transaction that calls the Safe's `execTransaction` runs another one, with the next nonce.
#[tokio::test]
async fn a_transaction_executes_another_one() -> Result<()> {
    let safes = Safes::start().await?;
    let inner = SafeTx { nonce: U256::ONE, ..call(safes.target, log(b"inner")) };
    let two = safes.two();
    safes.stands_for(inner.hash(safes.ours.safe), inner.hash(safes.peer.safe));
    let execution = |safe| inner.execution(signatures(inner.hash(safe), &two));
    let answer =
        safes.execute_each(1, |side| call(side.safe, execution(side.safe)), |hash| signatures(hash, &two)).await?;
    answer.returned(true);
    assert_eq!(answer.logs.len(), 3, "the target's, the inner one's, the outer one's");
    assert_eq!(safes.nonce().await?, U256::from(2));
    // The same nonce does not run within itself.
    let same = SafeTx { nonce: U256::from(2), ..call(safes.target, log(b"same")) };
    let execution = |safe| same.execution(signatures(same.hash(safe), &two));
    let answer =
        safes.execute_each(1, |side| call(side.safe, execution(side.safe)), |hash| signatures(hash, &two)).await?;
    answer.refused_with(&undone(&gs(26)));
    Ok(())
}

#[tokio::test]
async fn many_owners_sign() -> Result<()> {
    let safes = Safes::bare().await?;
    let owners: Vec<_> = safes.keys.iter().map(|key| key.address()).collect();
    safes.call(1, setup(&owners, 9)).await?.succeeded();
    let by: Vec<_> = safes.keys.iter().cloned().map(crate::transaction::By::Key).collect();
    safes.execute(1, call(safes.target, log(b"all")), &by).await?.returned(true);
    safes.execute(1, call(safes.target, log(b"all")), &by[1..]).await?.refused_with(&gs(20));
    Ok(())
}
