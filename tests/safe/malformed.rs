//! Malformed calldata. Safe 1.4.1 was compiled by Solidity 0.7, whose decoder does not look at bits that a type does
//! not use; ours refuses them, as every contract of the suite.

use std::path::Path;

use alloy::primitives::{Bytes, U256};
use alloy::sol_types::SolCall;
use consilium_abi_syntax::{Mutability, contracts};
use consilium_bindings::Safe;
use eyre::Result;
use harness::declared::{call as ask, calldata};
use harness::root;

use crate::transaction::{SafeTx, call, signatures};
use crate::twins::{Safes, Side, gs, setup};
use crate::version::{IS_OLD, PROGRAM};

#[tokio::test]
async fn an_operation_above_one_is_refused_without_data() -> Result<()> {
    let safes = crate::owners::with_module().await?;
    let (to, value) = (safes.target, U256::ZERO);
    for operation in [2, 3, 255] {
        let tx = SafeTx { operation, ..call(to, []) };
        // Where it has a hash, the signatures are checked first.
        let refused = if IS_OLD { vec![] } else { gs(20) };
        safes.execute(2, tx.clone(), &safes.two()[..1]).await?.refused_with(&refused);
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

/// Asked by the Safe itself, so that none refuses for another reason.
#[tokio::test]
async fn ether_is_for_transactions_alone() -> Result<()> {
    let safes = Safes::start().await?;
    safes.fund(1_000).await?;
    let contracts = contracts(root())?;
    let folder = Path::new("contracts").join(PROGRAM);
    let (_, interface) = contracts.iter().find(|(file, _)| file.starts_with(&folder)).expect("the Safe's declarations");
    let mut refusing = 0;
    for function in interface.all_functions().filter(|function| function.mutability != Mutability::Payable) {
        let name = function.signature();
        for at in [safes.ours.safe, safes.peer.safe] {
            let [without, with] = [0, 1].map(|wei| ask(&safes.chain, at, at, wei, calldata(function)));
            let (without, with) = (without.await?, with.await?);
            assert_eq!(with, Err(Bytes::new()), "{name} of {at}");
            assert_ne!(with, without, "{name}: this test cannot tell why it is refused");
        }
        refusing += 1;
    }
    assert!(refusing > 20, "{refusing} functions");
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
