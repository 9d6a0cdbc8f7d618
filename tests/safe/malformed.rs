//! Malformed calldata. Safe 1.4.1 was compiled by Solidity 0.7, whose decoder does not look at bits that a type does
//! not use; ours refuses them, as every contract of the suite.

use alloy::primitives::{B256, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;
use eyre::Result;

use crate::transaction::{SafeTx, call, signatures};
use crate::twins::{Safes, Side, gs, setup};

#[tokio::test]
async fn an_operation_above_one_is_refused_without_data() -> Result<()> {
    let safes = crate::owners::with_module().await?;
    let (to, value) = (safes.target, U256::ZERO);
    for operation in [2, 3, 255] {
        let tx = SafeTx { operation, ..call(to, []) };
        safes.execute(2, tx.clone(), &safes.two()).await?.refused_with(&[]);
        // Of who is no module, that comes first.
        for (actor, refused) in [(1, gs(104)), (2, vec![])] {
            let data = vec![].into();
            let call = Safe::execTransactionFromModuleCall { to, value, data, operation };
            safes.call(actor, call).await?.refused_with(&refused);
            let data = vec![].into();
            let call = Safe::execTransactionFromModuleReturnDataCall { to, value, data, operation };
            safes.call(actor, call).await?.refused_with(&refused);
        }
    }
    Ok(())
}

#[tokio::test]
async fn calldata_that_is_cut_short_is_refused() -> Result<()> {
    let safes = Safes::start().await?;
    let tx = call(safes.target, [1; 40]);
    let hashes = safes.hashes(|_| tx.clone()).await?;
    let two = safes.two();
    let whole = |side: &Side| {
        let hash = if side.safe == safes.ours.safe { hashes[0] } else { hashes[1] };
        tx.execution(signatures(hash, &two))
    };
    let length = whole(&safes.ours).len();
    // The last word of the signatures is not filled: its padding may be missing.
    for cut in (4..length - 62).step_by(29) {
        let answer = safes.each_raw(2, |side| whole(side)[..cut].to_vec()).await?;
        assert!(!answer.success && answer.data.is_empty(), "{cut} bytes: {answer:?}");
    }
    Ok(())
}

#[tokio::test]
async fn offsets_and_lengths_beyond_the_calldata_are_refused() -> Result<()> {
    let safes = Safes::bare().await?;
    let whole = setup(&safes.owners(), 2).abi_encode();
    // The offsets of the owners and of the data, and the lengths behind them.
    for word in [0, 3, 8] {
        for byte in [0, 8, 23, 24, 28, 29] {
            let mut call = whole.clone();
            call[4 + 32 * word + byte] = 0xff;
            let answer = safes.raw(1, call).await?;
            assert!(!answer.success && answer.data.is_empty(), "word {word}, byte {byte}");
        }
    }
    safes.raw(1, whole).await?.succeeded();
    Ok(())
}

#[tokio::test]
async fn ether_is_for_transactions_alone() -> Result<()> {
    let safes = Safes::start().await?;
    safes.sender.send_with(safes.actors[1], [], 1_000).await?;
    for data in [
        setup(&safes.owners(), 1).abi_encode(),
        Safe::nonceCall {}.abi_encode(),
        Safe::approveHashCall { hashToApprove: B256::ZERO }.abi_encode(),
        Safe::getOwnersCall {}.abi_encode(),
        Safe::changeThresholdCall { threshold: U256::ONE }.abi_encode(),
    ] {
        safes.paying(1, 1, |side| (side.safe, data.clone())).await?.refused_with(&[]);
    }
    Ok(())
}

/// Where ours is stricter: Safe 1.4.1 reads an address out of any word.
#[tokio::test]
async fn dirty_bits_of_an_address_are_refused_here_alone() -> Result<()> {
    let safes = Safes::start().await?;
    let mut data = Safe::isOwnerCall { owner: safes.owners()[0] }.abi_encode();
    data[4] = 1;
    let [ours, peer] = safes.apart(2, |side| (side.safe, data.clone())).await?;
    ours.refused_with(&[]);
    peer.returned(true);
    Ok(())
}
