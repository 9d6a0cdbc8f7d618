//! What the manager's table cannot list, the DAO approves call by call.

use alloy::primitives::{Address, B256, U256, aliases::U48, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::{AccessManager, RevenueSplitter, Safe};
use consilium_deploy::parts::access_manager::{ADMIN_ROLE, COUNCIL_ROLE};
use consilium_deploy::parts::revenue_splitter::PUBLISHER_ROLE;
use eyre::{Result, ensure};
use harness::safes;

use super::{DELAY, INCOME, ROOT, Responders, TOTAL, WINDOW, account, disable, epoch};

/// What a table of functions cannot say, the DAO says call by call: a Safe of timelock and responders is an admin for a
/// time, and the timelock has approved these transactions alone.
#[tokio::test]
async fn what_the_table_cannot_list_the_dao_approves_call_by_call() -> Result<()> {
    let dao = Responders::new().await?;
    let (scene, manager) = (&dao.scene, dao.scene.manager);
    let joint = dao.joint().await?;
    let until = U48::from(scene.until);
    let closed = |target| AccessManager::setTargetClosedCall { target, closed: true }.abi_encode();
    let revoke = |role, account| AccessManager::revokeRoleCall { roleId: role, account }.abi_encode();
    let publisher = account("publisher");
    let (stop, other) = (revoke(PUBLISHER_ROLE, publisher), revoke(COUNCIL_ROLE, dao.council));
    let admin = AccessManager::grantRoleUntilCall { roleId: ADMIN_ROLE, account: joint, executionDelay: 0, until };
    scene.decide("an admin for a time, with the timelock", manager, admin.abi_encode()).await?;
    for (what, call) in [("revoke the publisher", &stop), ("revoke the council", &other)] {
        let hash = dao.hash(joint, call, 0).await?;
        let approve = Safe::approveHashCall { hashToApprove: hash };
        scene.decide(what, joint, approve.abi_encode()).await?;
    }

    // Neither of the two alone, nor what was not approved, nor what was approved for later.
    let refused = async |call: &[u8], nonce: u64, why: &str| -> Result<()> {
        let said = scene.refused(&scene.stranger, joint, dao.joint_call(joint, call, nonce).await?).await;
        ensure!(said.contains(why), "{said}");
        Ok(())
    };
    refused(&stop, 0, "GS025").await?;
    let grant = AccessManager::grantRoleCall { roleId: ADMIN_ROLE, account: dao.safe, executionDelay: 0 }.abi_encode();
    for call in [grant, closed(scene.governor), closed(dao.splitter)] {
        let approve = Safe::approveHashCall { hashToApprove: dao.hash(joint, &call, 0).await? };
        dao.does(joint, &approve.abi_encode()).await?;
        refused(&call, 0, "GS025").await?;
    }
    for call in [&stop, &other] {
        let approve = Safe::approveHashCall { hashToApprove: dao.hash(joint, call, 0).await? };
        dao.does(joint, &approve.abi_encode()).await?;
    }
    dao.publishes(ROOT).await?;
    let execute = dao.joint_call(joint, &stop, 0).await?;
    scene.send(&scene.stranger, joint, execute.clone()).await?;
    let manager = AccessManager::new(manager, scene.provider());
    assert!(!manager.hasRole(PUBLISHER_ROLE, publisher).call().await?.isMember);
    // It publishes no other epoch, and who stops its last one still can.
    scene.alone(dao.splitter, vec![("nobody", epoch(B256::repeat_byte(3)))], &["publisher"]).await?;
    dao.does(scene.manager, &dao.schedule(&disable(1))).await?;
    scene.pass(DELAY).await?;
    dao.does(scene.manager, &dao.execute(&disable(1))).await?;
    assert_eq!(dao.pool().await?, INCOME);
    // One of the calls that were approved for a nonce is executed, once.
    let again = scene.refused(&scene.stranger, joint, execute).await;
    assert!(again.contains("GS025"), "{again}");
    refused(&other, 0, "GS025").await?;
    assert!(manager.hasRole(COUNCIL_ROLE, dao.council).call().await?.isMember);
    // The DAO appoints it again, and its other decisions were never in doubt.
    let until = U48::from(scene.until - WINDOW);
    let again =
        AccessManager::grantRoleUntilCall { roleId: PUBLISHER_ROLE, account: publisher, executionDelay: 0, until };
    scene.decide("the publisher again", scene.manager, again.abi_encode()).await?;
    dao.publishes(ROOT).await?;
    scene.pass_to(scene.until).await?;
    assert!(!manager.hasRole(ADMIN_ROLE, joint).call().await?.isMember);
    Ok(())
}

/// A closed target refuses those who stop as well, and what is open to everybody goes on: an epoch that waits is claimed.
#[tokio::test]
async fn a_closed_target_stops_who_stops_and_no_claim() -> Result<()> {
    let dao = Responders::new().await?;
    let (scene, manager) = (&dao.scene, dao.scene.manager);
    let (thief, amount) = (Address::repeat_byte(0x7f), U256::from(TOTAL));
    // A tree of one leaf.
    let root = keccak256(keccak256((U256::ZERO, thief, amount).abi_encode()));
    dao.publishes(root).await?;
    let close = AccessManager::setTargetClosedCall { target: dao.splitter, closed: true };
    scene.decide("close the splitter", manager, close.abi_encode()).await?;
    dao.is_refused("the guardian", manager, &dao.schedule(&disable(1))).await?;
    scene.pass(WINDOW).await?;
    let claim = RevenueSplitter::claimCall { number: 1, index: U256::ZERO, account: thief, amount, proof: Vec::new() };
    scene.send(&scene.stranger, dao.splitter, claim.abi_encode()).await?;
    assert_eq!(scene.provider().get_balance(thief).await?, amount);
    Ok(())
}

impl Responders {
    /// A Safe that needs the timelock and the responders.
    async fn joint(&self) -> Result<Address> {
        let setup = safes::setup(&[self.scene.timelock, self.safe], 2).abi_encode();
        let create = safes::proxy_call(self.singleton, setup, 0);
        safes::made(&self.scene.send(&self.scene.stranger, self.factory, create).await?, self.factory)
    }

    /// The hash of the joint Safe's call of the manager.
    async fn hash(&self, joint: Address, call: &[u8], nonce: u64) -> Result<B256> {
        let (zero, nobody) = (U256::ZERO, Address::ZERO);
        let safe = Safe::new(joint, self.scene.provider());
        let (to, data) = (self.scene.manager, call.to_vec().into());
        let nonce = U256::from(nonce);
        Ok(safe.getTransactionHash(to, zero, data, 0, zero, zero, zero, nobody, nobody, nonce).call().await?)
    }

    /// Its execution by what both owners have approved.
    async fn joint_call(&self, joint: Address, call: &[u8], nonce: u64) -> Result<Vec<u8>> {
        let id = self.scene.site.config.chain.id;
        let mut execution = safes::at_nonce(id, joint, U256::from(nonce), self.scene.manager, call.to_vec(), &[])?;
        let mut owners = [self.scene.timelock, self.safe];
        owners.sort();
        execution.signatures = owners.into_iter().flat_map(safes::approval).collect::<Vec<u8>>().into();
        Ok(execution.abi_encode())
    }
}
