//! Deployments that come to their end.

use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::sol;
use consilium_deploy::{Clock, Deployment, Done, Executors, Role, Step};
use devnode::{ArbosVersion, DevNode};
use eyre::Result;

use crate::setup::{Site, Timelock, Watch};

sol! {
    #[sol(rpc)]
    interface Token {
        function balanceOf(address account) external view returns (uint256);
        function clock() external view returns (uint48);
    }

    #[sol(rpc)]
    interface Governor {
        function clock() external view returns (uint48);
        function proposalGuardian() external view returns (address);
    }
}

#[tokio::test]
async fn a_dao_stands_as_configured() -> Result<()> {
    let site = Site::new()?;
    let mut watch = Watch::default();
    let deployment = site.deploy(&site.sender().await?, &mut watch).await?;

    assert!(deployment.complete);
    assert_eq!(watch.planned, Step::all(&site.plan()));
    assert_eq!(watch.finished.iter().map(|(step, _)| *step).collect::<Vec<_>>(), watch.planned);
    let created = site.plan().contracts().iter().map(|planned| planned.address).collect::<Vec<_>>();
    assert_eq!(site.deployed().await?, created);
    assert!(deployment.contracts.values().all(|deployed| created.contains(&deployed.address)));
    assert_eq!(Deployment::read(site.records(), site.config.chain.id)?.as_ref(), Some(&deployment));

    let provider = site.chain().await?.provider().clone();
    let token = Token::new(deployment.address("voting-token")?, &provider);
    for holder in &site.config.token().holders {
        assert_eq!(token.balanceOf(holder.address).call().await?, holder.amount);
    }
    let timelock = deployment.address("timelock")?;
    assert_eq!(token.balanceOf(timelock).call().await?, site.config.treasury());
    let governor = Governor::new(deployment.address("governor")?, &provider);
    assert_eq!(governor.proposalGuardian().call().await?, site.config.council);
    assert_eq!(governor.clock().call().await?, token.clock().call().await?);

    let roles = Timelock::new(timelock, &provider);
    for role in Role::ALL {
        assert!(!roles.hasRole(role.id(), deployment.deployer).call().await?, "{}", role.name());
        assert!(!roles.hasRole(role.id(), site.config.council).call().await?, "{}", role.name());
        let holder = if role == Role::Admin { timelock } else { *governor.address() };
        assert!(roles.hasRole(role.id(), holder).call().await?, "{}", role.name());
    }

    let proof = site.verify().await?;
    proof.ensure()?;
    assert!(proof.checks.len() > 40, "{} checks", proof.checks.len());
    let cached = proof.notes.iter().filter(|note| note.contains(" is cached, and expires in 36"));
    assert_eq!(cached.count(), 3, "{:?}", proof.notes);
    let by = format!("founded by {} in block ", deployment.deployer);
    assert!(proof.notes.iter().any(|note| note.starts_with(&by)), "{:?}", proof.notes);
    assert_eq!(Some(proof.founding), deployment.founding);
    Ok(())
}

#[tokio::test]
async fn running_it_again_sends_nothing() -> Result<()> {
    let site = Site::new()?;
    let deployment = site.finish().await?;
    let sent = site.sent().await?;
    let mut watch = Watch::default();
    assert_eq!(site.deploy(&site.sender().await?, &mut watch).await?, deployment);
    assert_eq!(site.sent().await?, sent);
    for (step, done) in watch.finished {
        assert!(matches!(done, Done::Already | Done::Proven { .. }), "{step}: {done:?}");
    }
    Ok(())
}

#[tokio::test]
async fn anyone_or_named_accounts_execute() -> Result<()> {
    let named = Address::repeat_byte(0x22);
    for executors in [Executors::Anyone, Executors::Governor(vec![named])] {
        let mut site = Site::new()?;
        site.config.timelock_mut().executors = executors.clone();
        let deployment = site.finish().await?;
        let timelock = Timelock::new(deployment.address("timelock")?, site.chain().await?.provider().clone());
        let open = executors == Executors::Anyone;
        let governor = deployment.address("governor")?;
        for (account, holds) in [(Address::ZERO, open), (named, !open), (governor, !open)] {
            assert_eq!(timelock.hasRole(Role::Executor.id(), account).call().await?, holds, "{account}");
        }
        site.verify().await?.ensure()?;
    }
    Ok(())
}

#[tokio::test]
async fn a_token_by_blocks_and_without_a_treasury() -> Result<()> {
    let mut site = Site::new()?;
    site.config.token_mut().clock = Clock::BlockNumber;
    let treasury = site.config.treasury();
    site.config.token_mut().supply -= treasury;
    let deployment = site.finish().await?;
    let provider = site.chain().await?.provider().clone();
    let token = Token::new(deployment.address("voting-token")?, provider);
    assert_eq!(token.balanceOf(deployment.address("timelock")?).call().await?, U256::ZERO);
    site.verify().await?.ensure()
}

#[tokio::test]
async fn two_daos_differ_by_their_salt() -> Result<()> {
    let mut site = Site::new()?;
    let first = site.finish().await?;
    std::fs::remove_file(site.file())?;
    site.config.chain.salt = alloy::primitives::B256::repeat_byte(1);
    let second = site.finish().await?;
    for contract in site.names() {
        assert_ne!(first.address(contract)?, second.address(contract)?);
    }
    assert_eq!(site.deployed().await?.len(), 6);
    site.verify().await?.ensure()
}

/// Takes all cache managers from the chain.
async fn without_cache_managers(site: &Site) -> Result<()> {
    use alloy::network::TransactionBuilder;
    use alloy::rpc::types::TransactionRequest;
    use alloy::sol_types::SolCall;
    let call = nitro::ArbOwner::removeWasmCacheManagerCall { manager: nitro::CACHE_MANAGER };
    let request = TransactionRequest::default().with_to(nitro::ARB_OWNER).with_input(call.abi_encode());
    let sender = site.sender().await?;
    let receipt = sender.chain().provider().send_transaction(request).await?.get_receipt().await?;
    assert!(receipt.status());
    Ok(())
}

#[tokio::test]
async fn without_a_cache_manager_the_chain_owner_caches() -> Result<()> {
    let site = Site::new()?;
    without_cache_managers(&site).await?;
    let mut watch = Watch::default();
    site.deploy(&site.sender().await?, &mut watch).await?;
    for contract in site.names() {
        assert!(matches!(watch.done(Step::Cache(contract)), Some(Done::Sent(_))), "{contract:?}");
    }
    assert_eq!(site.verify().await?.notes.iter().filter(|note| note.contains(" is cached")).count(), 3);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_cached_is_said_and_the_deployment_stands() -> Result<()> {
    let site = Site::new()?;
    without_cache_managers(&site).await?;
    let sender = site.sender_with("no chain owner", U256::from(10).pow(U256::from(18))).await?;
    let mut watch = Watch::default();
    assert!(site.deploy(&sender, &mut watch).await?.complete);
    for contract in site.names() {
        match watch.done(Step::Cache(contract)) {
            Some(Done::Skipped { reason }) => assert_eq!(reason, "the chain has no cache manager"),
            other => panic!("{contract:?}: {other:?}"),
        }
    }
    let proof = site.verify().await?;
    proof.ensure()?;
    assert_eq!(proof.notes.iter().filter(|note| note.contains(" is not cached")).count(), 3, "{:?}", proof.notes);
    Ok(())
}

/// A chain that has not been upgraded: other prices of activation, and Stylus version 2.
#[tokio::test]
async fn a_dao_on_arbos_51() -> Result<()> {
    let mut site = Site::new()?;
    site.node = DevNode::builder().arbos_version(ArbosVersion::V51).spawn()?;
    assert!(site.finish().await?.complete);
    site.verify().await?.ensure()
}
