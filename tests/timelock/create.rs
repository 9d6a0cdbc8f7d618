//! The constructor, and what a fresh timelock says of itself.

use alloy::primitives::{Address, LogData, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::{SolCall, SolEvent};
use eyre::Result;
use harness::chain::Chain;
use harness::deploy;
use harness::peers;

use crate::setup::{ADMIN, CANCELLER, EXECUTOR, MIN_DELAY, PROPOSER, Timelock, constructor, has};
use crate::twins::{Timelocks, Who};

/// The events of a constructor, in order.
async fn constructed(arguments: &[u8]) -> Result<[(Address, Vec<LogData>); 2]> {
    let chain = Chain::start()?;
    let ours = deploy::try_program(&chain, "timelock", arguments).await?;
    let address = ours.logs().iter().find(|log| log.topic0() == Some(&Timelock::RoleGranted::SIGNATURE_HASH));
    let address = address.expect("the timelock is its own admin").address();
    let peer = peers::create(&chain, "PeerTimelock", arguments).await?;
    let theirs = chain.dev.get_logs(&Filter::new().address(peer)).await?;
    Ok([(address, logs(ours.logs(), address)), (peer, logs(&theirs, peer))])
}

/// What a contract logged.
fn logs(logs: &[Log], contract: Address) -> Vec<LogData> {
    logs.iter().filter(|log| log.address() == contract).map(|log| log.data().clone()).collect()
}

/// What the constructor of a timelock at `timelock` logs when `factory` calls it.
fn expected(timelock: Address, factory: Address, [proposer, executor, admin]: [Address; 3]) -> Vec<LogData> {
    let granted = |role, account| Timelock::RoleGranted { role, account, sender: factory }.encode_log_data();
    let (oldDuration, newDuration) = (U256::ZERO, U256::from(MIN_DELAY));
    let delay = Timelock::MinDelayChange { oldDuration, newDuration }.encode_log_data();
    let mut logs = vec![granted(ADMIN, timelock)];
    if !admin.is_zero() {
        logs.push(granted(ADMIN, admin));
    }
    logs.extend([granted(PROPOSER, proposer), granted(CANCELLER, proposer), granted(EXECUTOR, executor), delay]);
    logs
}

#[tokio::test]
async fn the_constructor_grants_and_logs_as_the_peer_does() -> Result<()> {
    let [proposer, executor, admin] = [1, 2, 3].map(Address::repeat_byte);
    for admin in [admin, Address::ZERO] {
        let accounts = [proposer, executor, admin];
        // An account that is listed twice is granted once.
        let proposers = vec![proposer, proposer];
        let arguments = constructor(MIN_DELAY, proposers, vec![executor], admin);
        let [(ours, logs), (peer, peer_logs)] = constructed(&arguments).await?;
        let dev = nitro::DEV_ACCOUNT;
        assert_eq!(logs, expected(ours, nitro::STYLUS_DEPLOYER, accounts));
        assert_eq!(peer_logs, expected(peer, dev, accounts));
    }
    Ok(())
}

#[tokio::test]
async fn the_constructor_runs_once() -> Result<()> {
    let twins = Timelocks::start().await?;
    let stranger = twins.actor(Who::Stranger);
    let again = constructor(0, vec![stranger], vec![stranger], stranger);
    let call = [&deploy::CONSTRUCTOR[..], &again].concat();
    let receipt = twins.sender.send(twins.ours, call).await?;
    assert!(!receipt.status());
    twins.call(Who::Stranger, has(ADMIN, stranger)).await?.returned(false);
    twins.call(Who::Stranger, Timelock::getMinDelayCall {}.abi_encode()).await?.returned(U256::from(MIN_DELAY));
    Ok(())
}

#[tokio::test]
async fn a_fresh_timelock_is_as_constructed() -> Result<()> {
    let twins = Timelocks::start().await?;
    let reads = |call: Vec<u8>| twins.call(Who::Stranger, call);
    reads(Timelock::getMinDelayCall {}.abi_encode()).await?.returned(U256::from(MIN_DELAY));
    reads(Timelock::PROPOSER_ROLECall {}.abi_encode()).await?.returned(PROPOSER);
    reads(Timelock::EXECUTOR_ROLECall {}.abi_encode()).await?.returned(EXECUTOR);
    reads(Timelock::CANCELLER_ROLECall {}.abi_encode()).await?.returned(CANCELLER);
    reads(Timelock::DEFAULT_ADMIN_ROLECall {}.abi_encode()).await?.returned(ADMIN);
    for (role, holders) in [
        (PROPOSER, [true, false, false, false]),
        (CANCELLER, [true, false, false, false]),
        (EXECUTOR, [false, true, false, false]),
        (ADMIN, [false, false, true, false]),
    ] {
        for (who, holds) in [Who::Proposer, Who::Executor, Who::Admin, Who::Stranger].into_iter().zip(holders) {
            reads(has(role, twins.actor(who))).await?.returned(holds);
        }
        reads(Timelock::getRoleAdminCall { role }.abi_encode()).await?.returned(ADMIN);
        twins.call_each(Who::Stranger, |timelock| has(role, timelock)).await?.returned(role == ADMIN);
    }
    Ok(())
}
