//! Malformed calldata and unknown selectors. `tests/differential` sends ether to functions that accept none.

use alloy::sol_types::SolCall;
use eyre::Result;

use crate::setup::{MIN_DELAY, Operation, PROPOSER, Timelock, grant, has};
use crate::twins::{Timelocks, Who};

#[tokio::test]
async fn unknown_selectors_are_refused_without_a_reason() -> Result<()> {
    let twins = Timelocks::start().await?;
    for call in [vec![0xde, 0xad, 0xbe, 0xef], vec![0; 4], vec![0xff; 100], vec![1], vec![0x01, 0xff, 0xc9]] {
        let answer = twins.call(Who::Stranger, call).await?;
        assert!(!answer.success && answer.data.is_empty(), "{answer:?}");
    }
    Ok(())
}

#[tokio::test]
async fn calldata_that_is_cut_short_is_refused_at_every_length() -> Result<()> {
    let twins = Timelocks::start().await?;
    let whole = Operation::new(twins.actor(Who::Stranger), [1; 40]).schedule(MIN_DELAY);
    // Solidity accepts a last word of `bytes` without its padding.
    let padding = 24;
    for length in (4..whole.len() - padding).step_by(11) {
        let answer = twins.call(Who::Proposer, &whole[..length]).await?;
        assert!(!answer.success && answer.data.is_empty(), "{length} bytes: {answer:?}");
    }
    assert!(twins.call(Who::Proposer, &whole[..whole.len() - padding]).await?.success);
    Ok(())
}

#[tokio::test]
async fn an_address_with_dirty_bits_is_refused() -> Result<()> {
    let twins = Timelocks::start().await?;
    let stranger = twins.actor(Who::Stranger);
    for mut call in [grant(PROPOSER, stranger), has(PROPOSER, stranger)] {
        call[36] = 1; // the highest byte of the account's word
        let answer = twins.call(Who::Admin, call).await?;
        assert!(!answer.success && answer.data.is_empty(), "{answer:?}");
    }
    let mut call = Timelock::supportsInterfaceCall { interfaceId: [1, 0xff, 0xc9, 0xa7].into() }.abi_encode();
    *call.last_mut().expect("a word") = 1; // below the four bytes
    let answer = twins.call(Who::Stranger, call).await?;
    assert!(!answer.success && answer.data.is_empty(), "{answer:?}");
    Ok(())
}

#[tokio::test]
async fn offsets_and_lengths_out_of_the_calldata_are_refused() -> Result<()> {
    let twins = Timelocks::start().await?;
    let whole = Operation::new(twins.actor(Who::Stranger), [1; 40]).schedule(MIN_DELAY);
    // The offset of `data` is the third word; its length follows the six.
    for word in [2, 6] {
        for byte in [0, 23, 24, 29, 30] {
            let mut call = whole.clone();
            call[4 + 32 * word + byte] = 0xff;
            let answer = twins.call(Who::Proposer, call).await?;
            assert!(!answer.success && answer.data.is_empty(), "word {word}, byte {byte}: {answer:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn more_calldata_than_there_are_arguments_is_taken() -> Result<()> {
    let twins = Timelocks::start().await?;
    let mut call = has(PROPOSER, twins.actor(Who::Proposer));
    call.extend([7; 50]);
    twins.call(Who::Stranger, call).await?.returned(true);
    Ok(())
}
