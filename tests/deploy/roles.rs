//! The proof of roles finds whoever should hold nothing, and the deployer keeps its role until all is well.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use consilium_deploy::{Contract, Deployment, Role, Step};
use eyre::Result;

use crate::setup::{Site, Timelock};

const INTRUDER: Address = Address::repeat_byte(0x66);

/// A deployment that stopped before the hand-over, and its timelock.
async fn unfinished() -> Result<(Site, Address)> {
    let site = Site::new()?;
    site.stop_after(&site.sender().await?, Step::Cache(Contract::Governor)).await?;
    let record = Deployment::read(site.records(), site.config.chain.id)?.expect("a record");
    Ok((site, record.address(Contract::Timelock)))
}

/// Sends a call of the timelock as the deployer, its admin still.
async fn send(site: &Site, timelock: Address, call: Vec<u8>) -> Result<()> {
    let request = TransactionRequest::default().with_to(timelock).with_input(call);
    let sender = site.sender().await?;
    let receipt = sender.chain().provider().send_transaction(request).await?.get_receipt().await?;
    assert!(receipt.status());
    Ok(())
}

#[tokio::test]
async fn an_unfinished_deployment_is_not_proven() -> Result<()> {
    let (site, timelock) = unfinished().await?;
    let proof = site.verify().await?;
    let failures: Vec<String> = proof.failures().map(ToString::to_string).collect();
    let deployer = site.sender().await?.account();
    assert_eq!(failures.len(), 2, "{failures:?}");
    assert!(failures[0].starts_with("holders of DEFAULT_ADMIN_ROLE is "), "{failures:?}");
    assert!(
        failures[0].contains(&deployer.to_string()) && failures[0].ends_with(&format!("not {timelock}")),
        "{failures:?}"
    );
    assert_eq!(failures[1], format!("timelock.hasRole(DEFAULT_ADMIN_ROLE, {deployer}) is true, not false"));
    let error = proof.ensure().expect_err("not proven").to_string();
    assert!(error.starts_with("the deployment is not what was configured: "), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_role_too_many_stops_the_hand_over() -> Result<()> {
    // The last is no role of a timelock at all.
    for role in [Role::Admin.id(), Role::Proposer.id(), Role::Canceller.id(), Role::Executor.id(), B256::repeat_byte(7)]
    {
        let (site, timelock) = unfinished().await?;
        send(&site, timelock, Timelock::grantRoleCall { role, account: INTRUDER }.abi_encode()).await?;
        let error = format!("{:#}", site.finish().await.expect_err("an intruder"));
        assert!(error.starts_with("could not give up the deployer's role: "), "{error}");
        assert!(error.contains(&INTRUDER.to_string()), "{error}");
        assert!(!Deployment::read(site.records(), site.config.chain.id)?.expect("a record").complete);

        // The deployer can still mend it.
        send(&site, timelock, Timelock::revokeRoleCall { role, account: INTRUDER }.abi_encode()).await?;
        assert!(site.finish().await?.complete);
        site.verify().await?.ensure()?;
    }
    Ok(())
}

#[tokio::test]
async fn a_role_too_few_is_granted_again() -> Result<()> {
    let (site, timelock) = unfinished().await?;
    let governor =
        Deployment::read(site.records(), site.config.chain.id)?.expect("a record").address(Contract::Governor);
    let role = Role::Canceller.id();
    send(&site, timelock, Timelock::revokeRoleCall { role, account: governor }.abi_encode()).await?;
    assert!(site.verify().await?.failures().any(|check| check.subject == "holders of CANCELLER_ROLE"));
    assert!(site.finish().await?.complete);
    site.verify().await?.ensure()
}

#[tokio::test]
async fn other_settings_than_those_deployed_are_found() -> Result<()> {
    let mut site = Site::new()?;
    site.finish().await?;
    site.config.timelock.min_delay += 1;
    // The addresses commit to every argument of a constructor.
    let failures: Vec<String> = site.verify().await?.failures().map(|check| check.subject.clone()).collect();
    assert!(failures.contains(&"address of the timelock".to_owned()), "{failures:?}");
    assert!(failures.contains(&"address of the governor".to_owned()), "{failures:?}");
    Ok(())
}
