//! The constructor, and what a fresh manager says of itself.

use alloy::primitives::{Address, LogData, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::{SolCall, SolEvent, SolValue};
use eyre::Result;
use harness::chain::Chain;
use harness::deploy;
use harness::peers::Peer;

use crate::setup::{
    ADMIN, CREW, EXPIRATION, Manager, PUBLIC, SETBACK, access, constructor, grant_delay, has, member, multicall, time,
};
use crate::twins::{Managers, Side, Who};

/// What a contract logged.
fn logs(logs: &[Log], contract: Address) -> Vec<LogData> {
    logs.iter().filter(|log| log.address() == contract).map(|log| log.data().clone()).collect()
}

#[tokio::test]
async fn the_first_admin_is_granted_its_role_at_once() -> Result<()> {
    let chain = Chain::start()?;
    let admin = Address::repeat_byte(9);
    let arguments = admin.abi_encode();
    let receipt = deploy::try_program(&chain, "access-manager", &constructor(admin)).await?;
    let granted = receipt.logs().iter().find(|log| log.topic0() == Some(&Manager::RoleGranted::SIGNATURE_HASH));
    let ours = granted.expect("the admin is granted its role").address();
    let at = receipt.block_number.expect("a block");
    let at = chain.dev.get_block(at.into()).await?.expect("a block").header.timestamp;
    let peer = chain.create(Peer::load("PeerAccessManager")?.init_code(&arguments)).await?;
    let peer_at = chain.now().await?;
    let theirs = chain.dev.get_logs(&Filter::new().address(peer)).await?;
    let expected = |since| {
        let (roleId, account, delay, newMember) = (ADMIN, admin, 0, true);
        vec![Manager::RoleGranted { roleId, account, delay, since: time(since), newMember }.encode_log_data()]
    };
    assert_eq!(logs(receipt.logs(), ours), expected(at));
    assert_eq!(logs(&theirs, peer), expected(peer_at));
    Ok(())
}

#[tokio::test]
async fn nobody_is_no_first_admin() -> Result<()> {
    let chain = Chain::start()?;
    let arguments = Address::ZERO.abi_encode();
    assert!(!deploy::try_program(&chain, "access-manager", &constructor(Address::ZERO)).await?.status());
    assert!(chain.create(Peer::load("PeerAccessManager")?.init_code(&arguments)).await.is_err());
    Ok(())
}

#[tokio::test]
async fn the_constructor_runs_once() -> Result<()> {
    let twins = Managers::start().await?;
    let stranger = twins.actor(Who::Stranger);
    let call = [&deploy::CONSTRUCTOR[..], &constructor(stranger)].concat();
    assert!(!twins.sender.send(twins.ours.manager, call.clone()).await?.status());
    // Nor is it a function that a multicall, or the manager itself, could call.
    for who in [Who::Admin, Who::Stranger] {
        twins.call(who, multicall([call.clone()])).await?.refused(Manager::FailedCall {});
    }
    let by_itself = |side: &Side| Manager::executeCall { target: side.manager, data: call.clone().into() }.abi_encode();
    twins.call_each(Who::Admin, by_itself).await?.refused(Manager::FailedCall {});
    twins.call(Who::Stranger, has(ADMIN, stranger)).await?.returned(member(false, 0));
    Ok(())
}

#[tokio::test]
async fn a_fresh_manager_is_as_constructed() -> Result<()> {
    let twins = Managers::start().await?;
    let reads = |call: Vec<u8>| twins.call(Who::Stranger, call);
    reads(Manager::ADMIN_ROLECall {}.abi_encode()).await?.returned(ADMIN);
    reads(Manager::PUBLIC_ROLECall {}.abi_encode()).await?.returned(PUBLIC);
    reads(Manager::expirationCall {}.abi_encode()).await?.returned(U256::from(EXPIRATION));
    reads(Manager::minSetbackCall {}.abi_encode()).await?.returned(U256::from(SETBACK));
    for who in [Who::Admin, Who::Crew, Who::Stranger] {
        let account = twins.actor(who);
        reads(has(ADMIN, account)).await?.returned(member(matches!(who, Who::Admin), 0));
        reads(has(CREW, account)).await?.returned(member(false, 0));
        reads(has(PUBLIC, account)).await?.returned(member(true, 0));
        reads(access(PUBLIC, account)).await?.returned((U256::ZERO, 0u32, 0u32, U256::ZERO));
    }
    for role in [ADMIN, CREW, PUBLIC] {
        reads(grant_delay(role)).await?.returned(0u32);
        reads(Manager::getRoleAdminCall { roleId: role }.abi_encode()).await?.returned(ADMIN);
        reads(Manager::getRoleGuardianCall { roleId: role }.abi_encode()).await?.returned(ADMIN);
    }
    Ok(())
}
