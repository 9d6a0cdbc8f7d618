//! Owners and the threshold.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;
use eyre::Result;

use crate::twins::{Helpers, SENTINEL, Safes, event, gs};

fn add(owner: Address, threshold: u64) -> Safe::addOwnerWithThresholdCall {
    Safe::addOwnerWithThresholdCall { owner, threshold: U256::from(threshold) }
}

fn remove(prevOwner: Address, owner: Address, threshold: u64) -> Safe::removeOwnerCall {
    Safe::removeOwnerCall { prevOwner, owner, threshold: U256::from(threshold) }
}

fn swap(prevOwner: Address, oldOwner: Address, newOwner: Address) -> Safe::swapOwnerCall {
    Safe::swapOwnerCall { prevOwner, oldOwner, newOwner }
}

fn threshold(threshold: u64) -> Safe::changeThresholdCall {
    Safe::changeThresholdCall { threshold: U256::from(threshold) }
}

/// Safes whose actor number 2 is a module, and so can see what they refuse.
pub(crate) async fn with_module() -> Result<Safes> {
    let safes = Safes::start().await?;
    safes.change(Safe::enableModuleCall { module: safes.actors[2] }).await?;
    Ok(safes)
}

#[tokio::test]
async fn an_owner_is_added_before_all_others() -> Result<()> {
    let safes = with_module().await?;
    let owner = safes.keys[5].address();
    let answer = safes.itself(add(owner, 3)).await?;
    let logs = &answer.succeeded().logs;
    assert_eq!(logs[0].data, event(Safe::AddedOwner { owner }));
    assert_eq!(logs[1].data, event(Safe::ChangedThreshold { threshold: U256::from(3) }));
    assert_eq!(logs.len(), 3);
    let owners = safes.view(Safe::getOwnersCall {}).await?.output::<Safe::getOwnersCall>();
    assert_eq!(owners[0], owner);
    assert_eq!(owners[1..], safes.owners());
    Ok(())
}

#[tokio::test]
async fn who_cannot_be_an_owner_is_not_added() -> Result<()> {
    let safes = with_module().await?;
    let fresh = safes.keys[5].address();
    for (call, number) in [
        (add(Address::ZERO, 2), 203),
        (add(SENTINEL, 2), 203),
        (add(safes.owners()[1], 2), 204),
        (add(fresh, 7), 201),
        (add(fresh, 0), 202),
    ] {
        assert_eq!(safes.refusal(call).await?, gs(number));
    }
    let itself = |safe| add(safe, 2);
    let answer = safes
        .at(2, |side| (side.safe, from_module(side.safe, itself(side.safe))))
        .await?
        .output::<Safe::execTransactionFromModuleReturnDataCall>();
    assert_eq!(answer.returnData[..], gs(203));
    // The same threshold is no change, and logs none.
    assert_eq!(safes.itself(add(fresh, 2)).await?.succeeded().logs.len(), 2);
    // As many as there are now is the most.
    safes.change(add(safes.keys[6].address(), 7)).await?;
    Ok(())
}

/// A module lets the Safe call itself.
fn from_module(safe: Address, call: impl alloy::sol_types::SolCall) -> Vec<u8> {
    use alloy::sol_types::SolCall;
    let data = call.abi_encode().into();
    Safe::execTransactionFromModuleReturnDataCall { to: safe, value: U256::ZERO, data, operation: 0 }.abi_encode()
}

#[tokio::test]
async fn an_owner_is_removed_from_every_place_of_the_list() -> Result<()> {
    let safes = with_module().await?;
    let owners = safes.owners();
    // The last, the first of them that does not sign, and then with a new threshold.
    let answer = safes.itself(remove(owners[3], owners[4], 2)).await?;
    assert_eq!(answer.succeeded().logs[0].data, event(Safe::RemovedOwner { owner: owners[4] }));
    assert_eq!(answer.logs.len(), 2);
    safes.change(remove(owners[1], owners[2], 2)).await?;
    let answer = safes.itself(remove(SENTINEL, owners[0], 1)).await?;
    assert_eq!(answer.succeeded().logs[1].data, event(Safe::ChangedThreshold { threshold: U256::ONE }));
    let left = safes.view(Safe::getOwnersCall {}).await?.output::<Safe::getOwnersCall>();
    assert_eq!(left, [owners[1], owners[3]]);
    Ok(())
}

#[tokio::test]
async fn a_removal_that_does_not_fit_the_list_is_refused() -> Result<()> {
    let safes = with_module().await?;
    let owners = safes.owners();
    let stranger = safes.keys[7].address();
    for (call, number) in [
        (remove(SENTINEL, owners[0], 5), 201),
        (remove(SENTINEL, owners[0], 0), 202),
        (remove(SENTINEL, Address::ZERO, 2), 203),
        (remove(stranger, Address::ZERO, 2), 203),
        (remove(owners[4], SENTINEL, 2), 203),
        (remove(SENTINEL, owners[1], 2), 205),
        (remove(owners[0], owners[0], 2), 205),
        (remove(owners[1], owners[0], 2), 205),
        (remove(Address::ZERO, owners[0], 2), 205),
        (remove(stranger, owners[0], 2), 205),
        (remove(SENTINEL, stranger, 2), 205),
    ] {
        assert_eq!(safes.refusal(call).await?, gs(number));
    }
    Ok(())
}

#[tokio::test]
async fn an_owner_is_replaced_in_its_place() -> Result<()> {
    let safes = with_module().await?;
    let mut owners = safes.owners();
    for (at, new) in [(4, 5), (0, 6), (2, 7)] {
        let before = if at == 0 { SENTINEL } else { owners[at - 1] };
        let (old, new) = (owners[at], safes.keys[new].address());
        let answer = safes.refusal_or(swap(before, old, new)).await?;
        assert_eq!(answer.logs[0].data, event(Safe::RemovedOwner { owner: old }));
        assert_eq!(answer.logs[1].data, event(Safe::AddedOwner { owner: new }));
        owners[at] = new;
        assert_eq!(safes.view(Safe::getOwnersCall {}).await?.output::<Safe::getOwnersCall>(), owners);
    }
    Ok(())
}

impl Safes {
    /// Lets the module make the Safe call itself; what both answered.
    async fn refusal_or(&self, call: impl alloy::sol_types::SolCall + Clone) -> Result<harness::answer::Answer> {
        self.each_raw(2, |side| from_module(side.safe, call.clone())).await
    }
}

#[tokio::test]
async fn a_replacement_that_does_not_fit_is_refused() -> Result<()> {
    let safes = with_module().await?;
    let owners = safes.owners();
    let fresh = safes.keys[7].address();
    for (call, number) in [
        (swap(SENTINEL, owners[0], Address::ZERO), 203),
        (swap(SENTINEL, owners[0], SENTINEL), 203),
        (swap(SENTINEL, owners[0], owners[1]), 204),
        (swap(SENTINEL, owners[0], owners[0]), 204),
        (swap(SENTINEL, Address::ZERO, fresh), 203),
        (swap(owners[4], SENTINEL, fresh), 203),
        (swap(owners[1], owners[0], fresh), 205),
        (swap(SENTINEL, fresh, safes.keys[6].address()), 205),
    ] {
        assert_eq!(safes.refusal(call).await?, gs(number));
    }
    let answer = safes.each_raw(2, |side| from_module(side.safe, swap(SENTINEL, owners[0], side.safe))).await?;
    assert_eq!(answer.output::<Safe::execTransactionFromModuleReturnDataCall>().returnData[..], gs(203));
    Ok(())
}

/// Code that runs as the Safe can write a number of owners that the list has not: the list is then cut by no answer, and
/// filled up with nobody.
#[tokio::test]
async fn a_number_of_owners_that_is_wrong_is_noticed() -> Result<()> {
    let safes = with_module().await?;
    let mut owners = safes.owners();
    let say = |count: usize| {
        let (slot, word) = (U256::from(3), U256::from(count).into());
        let data = Helpers::storeCall { slot, word }.abi_encode().into();
        Safe::execTransactionFromModuleCall { to: safes.target, value: U256::ZERO, data, operation: 1 }
    };
    for fewer in [owners.len() - 1, 0] {
        safes.call(2, say(fewer)).await?.returned(true);
        safes.view(Safe::getOwnersCall {}).await?.refused_with(&[]);
    }
    safes.call(2, say(owners.len() + 2)).await?.returned(true);
    owners.resize(owners.len() + 2, Address::ZERO);
    safes.view(Safe::getOwnersCall {}).await?.returned(owners);
    Ok(())
}

#[tokio::test]
async fn a_threshold_is_one_to_all_owners() -> Result<()> {
    let safes = with_module().await?;
    for (number, code) in [(0, 202), (6, 201), (u64::MAX, 201)] {
        assert_eq!(safes.refusal(threshold(number)).await?, gs(code));
    }
    let answer = safes.itself(threshold(1)).await?;
    assert_eq!(answer.succeeded().logs[0].data, event(Safe::ChangedThreshold { threshold: U256::ONE }));
    // The same again is logged again.
    assert_eq!(safes.itself(threshold(1)).await?.succeeded().logs.len(), 2);
    safes.change(threshold(5)).await?;
    Ok(())
}

#[tokio::test]
async fn only_the_safe_itself_changes_it() -> Result<()> {
    let safes = with_module().await?;
    let owners = safes.owners();
    let [fresh, target] = [safes.keys[7].address(), safes.target];
    // An owner, a stranger and a module.
    for actor in 0..3 {
        safes.call(actor, add(fresh, 2)).await?.refused_with(&gs(31));
        safes.call(actor, remove(SENTINEL, owners[0], 2)).await?.refused_with(&gs(31));
        safes.call(actor, swap(SENTINEL, owners[0], fresh)).await?.refused_with(&gs(31));
        safes.call(actor, threshold(1)).await?.refused_with(&gs(31));
        safes.call(actor, Safe::enableModuleCall { module: target }).await?.refused_with(&gs(31));
        let prevModule = SENTINEL;
        safes.call(actor, Safe::disableModuleCall { prevModule, module: safes.actors[2] }).await?.refused_with(&gs(31));
        safes.call(actor, Safe::setGuardCall { guard: Address::ZERO }).await?.refused_with(&gs(31));
        safes.call(actor, Safe::setFallbackHandlerCall { handler: target }).await?.refused_with(&gs(31));
    }
    Ok(())
}
