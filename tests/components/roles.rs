//! Roles and token receivers.

use alloy::primitives::{Address, B256, Bytes, FixedBytes, U256, keccak256};
use eyre::Result;

use crate::twins::{Parts::*, Twins};

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_granted_used_and_taken_away() -> Result<()> {
    let twins = Twins::start().await?;
    let (role, stranger) = (keccak256("WORKER_ROLE"), twins.stranger);
    let lacks = |role| AccessControlUnauthorizedAccount { account: stranger, neededRole: role };
    twins.call(DEFAULT_ADMIN_ROLECall {}).await?.returned(B256::ZERO);
    twins.call(WORKER_ROLECall {}).await?.returned(role);
    twins.call(getRoleAdminCall { role }).await?.returned(B256::ZERO);
    twins.call(workCall {}).await?.refused(lacks(role));
    twins.call(workOpenCall {}).await?.refused(lacks(role));
    let grant = |account| grantRoleCall { role, account };
    twins.call(grant(stranger)).await?.refused(lacks(B256::ZERO));
    for logs in [1, 0] {
        assert_eq!(twins.call_by(twins.admin, grant(stranger)).await?.logs.len(), logs);
    }
    twins.call(hasRoleCall { role, account: stranger }).await?.returned(true);
    twins.call(workCall {}).await?.succeeded();
    twins.call(workOpenCall {}).await?.succeeded();
    twins.call(revokeRoleCall { role, account: stranger }).await?.refused(lacks(B256::ZERO));
    let wrong = renounceRoleCall { role, callerConfirmation: twins.admin };
    twins.call(wrong).await?.refused(AccessControlBadConfirmation {});
    assert_eq!(twins.call(renounceRoleCall { role, callerConfirmation: stranger }).await?.logs.len(), 1);
    twins.call(workCall {}).await?.refused(lacks(role));
    twins.call_by(twins.admin, grant(Address::ZERO)).await?.succeeded();
    twins.call(workCall {}).await?.refused(lacks(role));
    twins.call(workOpenCall {}).await?.succeeded();
    for logs in [1, 0] {
        let revoke = revokeRoleCall { role, account: Address::ZERO };
        assert_eq!(twins.call_by(twins.admin, revoke).await?.logs.len(), logs);
    }
    twins.call(workOpenCall {}).await?.refused(lacks(role));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_token_is_taken() -> Result<()> {
    let twins = Twins::start().await?;
    let (operator, from, data) = (twins.admin, twins.stranger, Bytes::from_static(b"note"));
    let (id, value) = (U256::from(3), U256::MAX);
    let selector = |text: &str| FixedBytes::<4>::from_slice(&keccak256(text)[..4]);
    let one = onERC721ReceivedCall { operator, from, tokenId: id, data: data.clone() };
    twins.call(one).await?.returned(selector("onERC721Received(address,address,uint256,bytes)"));
    let some = onERC1155ReceivedCall { operator, from, id, value, data: data.clone() };
    twins.call(some).await?.returned(selector("onERC1155Received(address,address,uint256,uint256,bytes)"));
    let batch = onERC1155BatchReceivedCall { operator, from, ids: vec![id, id], values: vec![value], data };
    let name = "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)";
    twins.call(batch).await?.returned(selector(name));
    Ok(())
}
