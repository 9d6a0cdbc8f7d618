//! Restricted functions while their manager executes them, and while their manager is dead.

use alloy::sol_types::SolCall;
use consilium_bindings::AccessManager;
use eyre::Result;
use harness::raw_program::activate;

use crate::managed::{act, managers, obey, work};
use crate::twins::{Parts::*, Twins};

/// While a manager executes a call it is the caller, and only for that call: under either manager.
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_executes_what_it_lets_pass() -> Result<()> {
    for which in [0, 1] {
        let twins = Twins::start().await?;
        let manager = managers(&twins).await?[which];
        let (admin, stranger) = (twins.admin, twins.stranger);
        obey(&twins, manager).await?;
        let execute = |target| AccessManager::executeCall { target, data: work().abi_encode().into() };
        for target in [twins.ours, twins.peer] {
            act(&twins, admin, manager, execute(target)).await?;
            assert!(act(&twins, stranger, manager, execute(target)).await.is_err());
            // The execution of something else, and the authority of a target, are no leave for this.
            let nested = execute(target).abi_encode();
            let nested = AccessManager::executeCall { target: manager, data: nested.into() };
            assert!(act(&twins, admin, manager, nested).await.is_err());
            let data = setAuthorityCall { newAuthority: admin }.abi_encode().into();
            assert!(act(&twins, stranger, manager, AccessManager::executeCall { target, data }).await.is_err());
            let update = || AccessManager::updateAuthorityCall { target, newAuthority: admin };
            assert!(act(&twins, stranger, manager, update()).await.is_err());
            act(&twins, admin, manager, update()).await?;
            assert!(act(&twins, admin, manager, update()).await.is_err(), "it obeys another");
        }
        twins.call(authorityCall {}).await?.returned(admin);
    }
    Ok(())
}

/// An authority that has expired lets nobody pass and hands nothing over, until anybody renews it; then its table is as
/// before.
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_authority_lets_nobody_pass() -> Result<()> {
    let twins = Twins::start().await?;
    let [manager, _] = managers(&twins).await?;
    let (admin, stranger) = (twins.admin, twins.stranger);
    obey(&twins, manager).await?;
    assert!(twins.call_by(admin, work()).await?.success);
    twins.chain.let_programs_expire().await?;
    let anybody = twins.chain.account("anybody").await?;
    assert!(activate(&anybody, twins.ours).await?.status());
    for caller in [admin, stranger] {
        twins.call_by(caller, work()).await?.refused(AccessManagedUnauthorized { caller });
        twins
            .call_by(caller, setAuthorityCall { newAuthority: admin })
            .await?
            .refused(AccessManagedUnauthorized { caller });
    }
    twins.call(isConsumingScheduledOpCall {}).await?.returned(alloy::primitives::FixedBytes::<4>::ZERO);
    let update = |target| AccessManager::updateAuthorityCall { target, newAuthority: admin };
    assert!(act(&twins, admin, manager, update(twins.ours)).await.is_err());
    assert!(activate(&anybody, manager).await?.status());
    twins.call(work()).await?.refused(AccessManagedUnauthorized { caller: stranger });
    assert!(twins.call_by(admin, work()).await?.success);
    act(&twins, admin, manager, update(twins.ours)).await
}
