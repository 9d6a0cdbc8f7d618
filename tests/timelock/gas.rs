//! What people do with the timelock costs about what it costs with OpenZeppelin's, once the program is cached.
//!
//! Both touch the same slots. Entering a cached program costs some 900 gas more than entering EVM code; what is encoded,
//! hashed and logged afterwards costs less, so a batch of three is cheaper already.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolCall;
use eyre::{Result, ensure};
use harness::chain::Chain;
use harness::deploy;
use harness::peers;
use nitro::{CACHE_MANAGER, CacheManager};

use crate::setup::{MIN_DELAY, Operation, PROPOSER, Timelock, constructor, grant};

/// Percent by which a call may cost more than with the peer.
const TOLERANCE: u64 = 4;

#[tokio::test]
async fn nothing_costs_much_more_than_with_the_peer() -> Result<()> {
    let chain = Chain::start()?;
    let sender = chain.dev_account()?;
    let owner = sender.address();
    let arguments = constructor(MIN_DELAY, vec![owner], vec![Address::ZERO], owner);
    let peer = peers::create(&chain, "PeerTimelock", &arguments).await?;
    let ours = deploy::program(&chain, "timelock", &arguments).await?;
    let bid = CacheManager::placeBidCall { program: ours }.abi_encode();
    ensure!(sender.send(CACHE_MANAGER, bid).await?.status());

    let target = Address::repeat_byte(0x11);
    let single = Operation::new(target, [1; 68]).salted(1);
    let dropped = Operation::new(target, []).salted(2);
    let batch = (vec![target; 3], vec![U256::ZERO; 3], vec![Bytes::from([1; 68]); 3]);
    let (targets, values, payloads) = batch.clone();
    let (predecessor, salt, delay) = (B256::ZERO, B256::ZERO, U256::from(MIN_DELAY));
    let schedule_batch = Timelock::scheduleBatchCall { targets, values, payloads, predecessor, salt, delay };
    let (targets, values, payloads) = batch;
    let execute_batch = Timelock::executeBatchCall { targets, values, payloads, predecessor, salt };

    let early = [
        ("schedule", single.schedule(MIN_DELAY)),
        ("scheduleBatch", schedule_batch.abi_encode()),
        ("schedule, no data", dropped.schedule(MIN_DELAY)),
        ("cancel", dropped.cancel()),
        ("grantRole", grant(PROPOSER, target)),
    ];
    let late = [("execute", single.execute()), ("executeBatch", execute_batch.abi_encode())];
    let mut dearer = Vec::new();
    for (calls, wait) in [(early.to_vec(), MIN_DELAY), (late.to_vec(), 0)] {
        for (name, call) in calls {
            let mut gas = [0; 2];
            for (timelock, gas) in [ours, peer].into_iter().zip(&mut gas) {
                let receipt = sender.send(timelock, call.clone()).await?;
                ensure!(receipt.status(), "{name} reverted");
                *gas = receipt.gas_used;
            }
            println!("{name}: {} against {}", gas[0], gas[1]);
            if gas[0] * 100 > gas[1] * (100 + TOLERANCE) {
                dearer.push(format!("{name}: {} against {}", gas[0], gas[1]));
            }
        }
        chain.advance(wait).await?;
    }
    assert!(dearer.is_empty(), "{dearer:?}");
    Ok(())
}
