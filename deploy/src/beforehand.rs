//! The programs that stand before the founding: those behind proxies, ours and Safe's.
//!
//! A program behind a proxy has no storage, no ether and no power: the proxy has them. So it need not come into being with
//! the DAO, and all programs together are more than one transaction takes. Each is created by the CREATE2 factory and
//! activated, in two transactions of its own.
//!
//! Its address follows from its code alone: the salt is always zero. So it does not matter who creates it. Another DAO
//! may have done so, or a stranger a moment ago: the code is compared byte for byte, and taken. The founding fails as a
//! whole where a program is missing or cannot run, because the proxy's constructor runs it.
//!
//! **Nobody constructs it.** Its constructor refuses to run without a proxy. Where one does not refuse, whoever calls it has
//! a contract of their own at the program's address: it cannot be upgraded, and the proxies do not read its storage. So it is
//! with the singleton of the Safes, until it is closed.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::rpc::types::TransactionReceipt;
use eyre::{Result, bail, ensure};

use crate::activation::{self, Renewal};
use crate::artifacts::Program;
use crate::chain::{Chain, Sender};
use crate::plan::{Plan, Planned};
use crate::running::Running;

/// The salt of every program.
const SALT: B256 = B256::ZERO;

/// Where a program stands or will stand.
pub(crate) fn address(factory: Address, program: &Program) -> Address {
    factory.create2(SALT, keccak256(program.init_code()))
}

/// What the factory takes to create a program.
pub(crate) fn factory_call(program: &Program) -> Bytes {
    [SALT.as_slice(), &program.init_code()].concat().into()
}

/// The contracts of a plan whose programs stand before the founding.
pub(crate) fn programs(plan: &Plan) -> impl Iterator<Item = &Planned> {
    plan.contracts().iter().filter(|planned| planned.stands_before())
}

/// Whether the program of a contract stands.
///
/// # Errors
/// If other code stands at its address: a true CREATE2 factory cannot put it there.
pub(crate) async fn stands(chain: &Chain, planned: &Planned) -> Result<bool> {
    let found = chain.code(planned.implementation).await?;
    ensure!(
        found.is_empty() || found == *planned.program.code(),
        "what stands at {} is not the program of the {}: correct chain.create2_factory, or ask another node",
        planned.implementation,
        planned.part.name()
    );
    Ok(!found.is_empty())
}

/// Creates the program of a contract.
pub(crate) async fn create(sender: &Sender, plan: &Plan, planned: &Planned) -> Result<TransactionReceipt> {
    sender.send(plan.charter.factory, factory_call(&planned.program), U256::ZERO).await
}

/// Activates the program of a contract that is not active, and renews one that has fewer days left than `least`.
pub(crate) async fn activate(sender: &Sender, planned: &Planned, least: u64) -> Result<Renewal> {
    ensure!(
        stands(sender.chain(), planned).await?,
        "the node does not see the program of the {} yet: it lags behind the chain; run it again",
        planned.part.name()
    );
    activation::renew(sender, &running(planned), least).await
}

/// Refuses to found a DAO whose proxies would run a program that is missing or cannot run now.
pub(crate) async fn expect_active(chain: &Chain, plan: &Plan) -> Result<()> {
    for planned in programs(plan) {
        let name = planned.part.name();
        if !stands(chain, planned).await? {
            bail!("the node does not see the program of the {name} yet: it lags behind the chain; run it again");
        }
        if let Some(reason) = activation::death(chain, planned.program.code_hash()).await? {
            bail!("the program of the {name} cannot be called ({reason}): run it again, which activates it");
        }
    }
    Ok(())
}

fn running(planned: &Planned) -> Running {
    Running { address: planned.implementation, code_hash: planned.program.code_hash(), is_program: true }
}
