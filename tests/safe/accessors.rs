//! Reading storage, and simulating.

use alloy::primitives::{Address, U256, keccak256};
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;
use eyre::Result;

use crate::twins::{Helpers, NAMED_SLOTS, SENTINEL, Safes};

fn storage(offset: U256, length: u64) -> Safe::getStorageAtCall {
    Safe::getStorageAtCall { offset, length: U256::from(length) }
}

fn simulate(targetContract: Address, data: Vec<u8>) -> Safe::simulateAndRevertCall {
    Safe::simulateAndRevertCall { targetContract, calldataPayload: data.into() }
}

#[tokio::test]
async fn storage_is_read_by_words() -> Result<()> {
    let safes = Safes::start().await?;
    for length in [0, 1, 2, 9, 40] {
        let words = safes.view(storage(U256::ONE, length)).await?.output::<Safe::getStorageAtCall>();
        assert_eq!(words.len() as u64, 32 * length);
    }
    let word = safes.view(storage(U256::from(4), 1)).await?.output::<Safe::getStorageAtCall>();
    assert_eq!(U256::from_be_slice(&word), U256::from(2));
    // The code's address is there too.
    safes.view(storage(U256::ZERO, 1)).await?.succeeded();
    for name in NAMED_SLOTS {
        safes.view(storage(keccak256(name).into(), 1)).await?.succeeded();
    }
    // Behind the last slot comes the first.
    safes.view(storage(U256::MAX, 1)).await?.succeeded();
    safes.view(storage(U256::MAX, 8)).await?.succeeded();
    safes.view(storage(U256::MAX - U256::ONE, 3)).await?.succeeded();
    Ok(())
}

#[tokio::test]
async fn a_simulation_tells_what_happened_and_undoes_it() -> Result<()> {
    let safes = Safes::start().await?;
    let target = safes.target;
    let data: Vec<u8> = (0..77).collect();
    for length in [0, 1, 32, 77] {
        for (call, success) in [
            (Helpers::echoCall { data: data[..length].to_vec().into() }.abi_encode(), 1),
            (Helpers::failCall { data: data[..length].to_vec().into() }.abi_encode(), 0),
        ] {
            let expected = [
                &U256::from(success).to_be_bytes::<32>()[..],
                &U256::from(length).to_be_bytes::<32>(),
                &data[..length],
            ];
            safes.call(2, simulate(target, call)).await?.refused_with(&expected.concat());
        }
    }
    let store = Helpers::storeCall { slot: U256::from(4), word: U256::ZERO.into() }.abi_encode();
    let done = [U256::ONE.to_be_bytes::<32>(), U256::ZERO.to_be_bytes()].concat();
    safes.call(2, simulate(target, store)).await?.refused_with(&done);
    // Code sees the Safe's storage; the code of a Safe itself, run in it, does so too.
    let get = Safe::getThresholdCall {}.abi_encode();
    let answer = safes.each_raw(2, |side| simulate(side.singleton, get.clone()).abi_encode()).await?;
    assert_eq!(answer.data[64..], U256::from(2).to_be_bytes::<32>());
    // An account without code does nothing.
    safes.call(2, simulate(SENTINEL, vec![])).await?;
    safes.call(2, simulate(Address::repeat_byte(7), vec![1])).await?.refused_with(&done);
    Ok(())
}

/// The Safe would be the caller of its own functions there: what it changes is undone.
#[tokio::test]
async fn a_simulation_in_which_the_safe_calls_itself_changes_nothing() -> Result<()> {
    let safes = Safes::start().await?;
    let calls = vec![Safe::changeThresholdCall { threshold: U256::ONE }.abi_encode().into()];
    let call = Helpers::callSelfCall { calls }.abi_encode();
    let answer = safes.call(2, simulate(safes.target, call)).await?;
    assert_eq!(answer.data[..32], U256::ONE.to_be_bytes::<32>());
    safes.view(Safe::getThresholdCall {}).await?.returned(U256::from(2));
    Ok(())
}
