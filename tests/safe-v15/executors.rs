//! Signatures that are checked for an executor, who need not be the caller.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolCall;
use consilium_bindings::{Safe, SafeV15};
use eyre::Result;

use crate::transaction::{By, signatures};
use crate::twins::{Safes, gs};

const HASH: B256 = B256::repeat_byte(0x1f);

fn check(executor: Address, signatures: Vec<u8>) -> SafeV15::checkSignatures_0Call {
    SafeV15::checkSignatures_0Call { executor, dataHash: HASH, signatures: signatures.into() }
}

fn check_n(executor: Address, signatures: Vec<u8>, needed: u64) -> SafeV15::checkNSignatures_0Call {
    let requiredSignatures = U256::from(needed);
    SafeV15::checkNSignatures_0Call { executor, dataHash: HASH, signatures: signatures.into(), requiredSignatures }
}

#[test]
fn the_functions_are_those_with_an_executor() {
    for (selector, text) in [
        (SafeV15::checkSignatures_0Call::SELECTOR, "checkSignatures(address,bytes32,bytes)"),
        (SafeV15::checkNSignatures_0Call::SELECTOR, "checkNSignatures(address,bytes32,bytes,uint256)"),
        (SafeV15::setModuleGuardCall::SELECTOR, "setModuleGuard(address)"),
    ] {
        assert_eq!(selector, keccak256(text)[..4]);
    }
}

#[tokio::test]
async fn an_executor_needs_no_other_approval() -> Result<()> {
    let safes = Safes::start().await?;
    let owner = safes.actors[0];
    let signed = signatures(HASH, &[By::Key(safes.keys[0].clone()), By::Approval(owner)]);
    // Whoever calls: a stranger, and the owner itself.
    for actor in [2, 0] {
        safes.call(actor, check(owner, signed.clone())).await?.succeeded();
        safes.call(actor, check_n(owner, signed.clone(), 2)).await?.succeeded();
        for executor in [Address::ZERO, safes.actors[1], safes.keys[0].address()] {
            safes.call(actor, check(executor, signed.clone())).await?.refused_with(&gs(25));
            safes.call(actor, check_n(executor, signed.clone(), 2)).await?.refused_with(&gs(25));
        }
    }
    // An approval on the chain is everybody's.
    safes.call(0, Safe::approveHashCall { hashToApprove: HASH }).await?.succeeded();
    safes.call(2, check(Address::ZERO, signed.clone())).await?.succeeded();
    // Those who are no owners approve nothing by executing.
    let stranger = signatures(HASH, &[By::Key(safes.keys[0].clone()), By::Approval(safes.actors[1])]);
    safes.call(2, check(safes.actors[1], stranger)).await?.refused_with(&gs(26));
    Ok(())
}

/// The functions of 1.4.1 are there, and count the caller; the data is not looked at.
#[tokio::test]
async fn the_older_functions_count_the_caller() -> Result<()> {
    let safes = Safes::start().await?;
    let signed = signatures(HASH, &[By::Key(safes.keys[0].clone()), By::Approval(safes.actors[0])]);
    for data in [vec![], vec![1], vec![7; 66]] {
        let (data, signatures) = (data.into(), signed.clone().into());
        let call = Safe::checkSignaturesCall { dataHash: HASH, data, signatures };
        safes.call(0, call.clone()).await?.succeeded();
        safes.call(2, call).await?.refused_with(&gs(25));
    }
    Ok(())
}

#[tokio::test]
async fn what_else_is_refused_is_the_same() -> Result<()> {
    let safes = Safes::bare().await?;
    safes.call(2, check(Address::ZERO, vec![])).await?.refused_with(&gs(1));
    safes.call(2, check_n(Address::ZERO, vec![], 0)).await?.succeeded();
    safes.call(2, check_n(Address::ZERO, vec![], 1)).await?.refused_with(&gs(20));
    let safes = Safes::start().await?;
    safes.call(2, check(Address::ZERO, signatures(HASH, &safes.two()))).await?.succeeded();
    safes.call(2, check(Address::ZERO, signatures(HASH, &safes.two()[..1]))).await?.refused_with(&gs(20));
    safes.call(2, check(Address::ZERO, signatures(B256::ZERO, &safes.two()))).await?.refused_with(&gs(26));
    Ok(())
}
