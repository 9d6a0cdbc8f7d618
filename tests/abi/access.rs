//! Every guarded function of every contract, called by a stranger on the deployed programs. The list is read from the
//! declarations: a new guarded function is covered by itself.

use std::collections::BTreeMap;

use alloy::primitives::{Address, Bytes};
use alloy::sol_types::{Revert, SolError};
use consilium_abi_syntax::{Function, Guard, Interface, Refusal, TypeKind, selector};
use consilium_deploy::Executors;
use eyre::{OptionExt, Result, bail, ensure};
use harness::{
    chain::Chain,
    dao::{Dao, places::before_their_constructors},
    declared::{call, calldata},
    root,
};

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused_after_the_founding() -> Result<()> {
    let dao = Dao::with(|config| config.timelock_mut().executors = Executors::Governor(Vec::new())).await?;
    refused(&dao.chain, &dao.places().await?).await
}

/// No constructor has run: nobody has a role, and nothing has an owner.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused_before_the_constructors() -> Result<()> {
    let chain = Chain::start()?;
    refused(&chain, &before_their_constructors(&chain).await?).await
}

/// Calls every guarded function with arguments that are well formed, and expects the declared refusal.
async fn refused(chain: &Chain, places: &BTreeMap<String, Address>) -> Result<()> {
    let stranger = Address::repeat_byte(0x57);
    let mut asked = 0;
    for (_, interface) in consilium_abi_syntax::contracts(root())? {
        let name = interface.contract_name();
        let at = places[&name];
        for function in interface.all_functions() {
            let Some(guard) = interface.guard_of(function) else { continue };
            // It asks whether a call is running, and lets everybody pass: what it refuses is tested with its contracts.
            if guard.name == "non_reentrant" {
                continue;
            }
            let signature = function.signature();
            let expected = refusal(chain, at, &interface, function, guard, stranger).await?;
            let found = call(chain, at, stranger, 0, calldata(function)).await?.err();
            ensure!(found.as_ref() == Some(&expected), "{name}.{signature}: expected {expected}, found {found:?}");
            asked += 1;
        }
    }
    ensure!(asked > 0, "no function is guarded");
    Ok(())
}

/// The guard's error with what it says about the stranger: its address, and the role it lacks.
async fn refusal(
    chain: &Chain,
    at: Address,
    interface: &Interface,
    function: &Function,
    guard: &Guard,
    stranger: Address,
) -> Result<Bytes> {
    let name = match &guard.refusal {
        Refusal::Error(name) => name,
        Refusal::Reason(reason) => return Ok(Revert::from(reason.value()).abi_encode().into()),
    };
    let error = interface.all_errors().find(|error| error.name == *name).ok_or_eyre("a declared error")?;
    let mut data = error.selector().to_vec();
    for param in &error.params {
        match (&param.ty.kind, function.constant()) {
            (TypeKind::Address, _) => data.extend(stranger.into_word()),
            // A role by its number: calls that say nothing concern role 0, which is its own admin.
            (TypeKind::Uint(64), None) => data.extend([0; 32]),
            // The contract itself answers what the constant is: PROPOSER_ROLE().
            (TypeKind::FixedBytes(32), Some(constant)) => {
                let value = call(chain, at, stranger, 0, selector(&format!("{constant}()")).to_vec()).await?;
                let Ok(value) = value else { bail!("{constant}() is not answered") };
                data.extend(value);
            }
            _ => bail!("{}: teach this test what {} tells", function.signature(), error.signature()),
        }
    }
    Ok(data.into())
}
