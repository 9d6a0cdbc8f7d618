//! What the manager costs, ours and OpenZeppelin's on one chain.
//!
//! A restricted function asks canCall each time it is called, so that is what matters most: from another contract, with
//! everything read for the first time.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue};
use eyre::{Result, ensure};
use harness::chain::{Account, Chain};
use harness::cost::Cost;
use harness::deploy;
use harness::gas_table::{Measured, keep, rows};
use harness::peers::Peer;
use nitro::{CACHE_MANAGER, CacheManager};

use crate::setup::{CREW, Manager, Target, close, constructor, grant, note, revoke, selector, set_function_role, time};

/// Percent of OpenZeppelin's that ours takes at most. What a new slot, the slots that have to be read, the log and the
/// transaction itself cost is the same for both, and is nearly all of granting, scheduling and cancelling.
const PROMISED: [(&str, u64); 4] = [("canCall", 80), ("execute", 86), ("schedule", 94), ("grantRole", 98)];
/// Gas that canCall takes in all from another contract.
const CAN_CALL: u64 = 12_000;

const DELAY: u32 = 3_600;

sol! {
    interface Asker {
        function ask(address manager, address caller, address target, bytes4 selector)
            external view returns (uint256 used, bool success, bytes answer);
    }
}

/// A manager, what it guards, and who deals with it.
struct Scene<'a> {
    chain: &'a Chain,
    admin: Account,
    crew: Account,
    manager: Address,
    target: Address,
    asker: Address,
}

impl<'a> Scene<'a> {
    async fn new(chain: &'a Chain, manager: Address) -> Result<Self> {
        let (admin, crew) = (chain.dev_account()?, chain.account("crew").await?);
        let target = chain.create(Peer::load("ManagedTarget")?.init_code(&manager.abi_encode())).await?;
        let asker = chain.create(Peer::load("Asker")?.bytecode).await?;
        Ok(Self { chain, admin, crew, manager, target, asker })
    }

    /// Sends a transaction, which must succeed; its gas.
    async fn gas(&self, by: &Account, to: Address, data: Vec<u8>) -> Result<Measured> {
        Ok(Cost::<0>::of(by, to, data, []).await?.into())
    }

    /// What canCall takes from another contract.
    async fn can_call(&self, account: Address) -> Result<Measured> {
        let (manager, target) = (self.manager, self.target);
        let ask = Asker::askCall { manager, caller: account, target, selector: selector::<Target::noteCall>() };
        let request = TransactionRequest::default().with_to(self.asker).with_input(ask.abi_encode());
        let answer = Asker::askCall::abi_decode_returns(&self.chain.dev.call(request).await?)?;
        ensure!(answer.success && answer.answer.len() == 64, "canCall did not answer");
        Ok(answer.used.to::<u64>().into())
    }

    /// Does everything once.
    async fn run(&self) -> Result<Vec<(&'static str, Measured)>> {
        let (admin, crew, manager) = (&self.admin, &self.crew, self.manager);
        let (someone, quick) = (Address::repeat_byte(5), self.admin.address());
        let mut all = Vec::new();
        let functions = [selector::<Target::noteCall>()];
        let of = async |name, by: &Account, to, data| Ok::<_, eyre::Report>((name, self.gas(by, to, data).await?));
        let roles = set_function_role(self.target, &functions, CREW);
        all.push(of("setTargetFunctionRole", admin, manager, roles).await?);
        all.push(of("grantRole", admin, manager, grant(CREW, crew.address(), DELAY)).await?);
        all.push(of("grantRole, another delay", admin, manager, grant(CREW, crew.address(), DELAY + 1)).await?);
        self.gas(admin, manager, grant(CREW, quick, 0)).await?;
        self.gas(admin, manager, grant(CREW, someone, 0)).await?;
        all.push(of("revokeRole", admin, manager, revoke(CREW, someone)).await?);
        let (target, data) = (self.target, Bytes::from(note(7)));
        let schedule = |data: &Bytes| Manager::scheduleCall { target, data: data.clone(), when: time(0) }.abi_encode();
        let execute = |data: &Bytes| Manager::executeCall { target, data: data.clone() }.abi_encode();
        let others = [8, 9].map(|number| Bytes::from(note(number)));
        all.push(of("schedule", crew, manager, schedule(&data)).await?);
        for other in &others {
            self.gas(crew, manager, schedule(other)).await?;
        }
        let cancel = Manager::cancelCall { caller: crew.address(), target, data: others[1].clone() };
        all.push(of("cancel", crew, manager, cancel.abi_encode()).await?);
        self.chain.advance(u64::from(DELAY) + 1).await?;
        all.push(of("execute, scheduled", crew, manager, execute(&data)).await?);
        all.push(of("a scheduled call of the target itself", crew, target, others[0].to_vec()).await?);
        all.push(of("execute, at once", admin, manager, execute(&data)).await?);
        all.push(of("a restricted call, at once", admin, target, note(7)).await?);
        all.push(of("setTargetClosed", admin, manager, close(Address::repeat_byte(3), true)).await?);
        all.push(("canCall from another contract: now", self.can_call(quick).await?));
        all.push(("canCall from another contract: after a delay", self.can_call(crew.address()).await?));
        all.push(("canCall from another contract: not at all", self.can_call(someone).await?));
        Ok(all)
    }
}

#[tokio::test]
async fn what_it_costs_is_less_than_with_the_peer() -> Result<()> {
    let mut measured = Vec::new();
    for cached in [false, true] {
        let chain = Chain::start()?;
        let admin = chain.dev_account()?;
        let ours = deploy::program(&chain, "access-manager", &constructor(admin.address())).await?;
        if cached {
            let bid = CacheManager::placeBidCall { program: ours }.abi_encode();
            ensure!(admin.send(CACHE_MANAGER, bid).await?.status());
        }
        measured.push(Scene::new(&chain, ours).await?.run().await?);
        if cached {
            let arguments = admin.address().abi_encode();
            let peer = chain.create(Peer::load("PeerAccessManager")?.init_code(&arguments)).await?;
            measured.push(Scene::new(&chain, peer).await?.run().await?);
        }
    }
    let rows = rows(&measured);
    keep("access-manager", &rows)?;
    let mut dearer = Vec::new();
    for row in &rows {
        let most = PROMISED.iter().find(|(action, _)| row.action.starts_with(action)).map_or(100, |(_, most)| *most);
        let can_call = row.action.starts_with("canCall");
        if row.cached * 100 > row.peer.unwrap_or_default() * most || (can_call && row.cached >= CAN_CALL) {
            dearer.push(format!("{row:?}"));
        }
    }
    assert!(dearer.is_empty(), "{dearer:#?}");
    Ok(())
}
