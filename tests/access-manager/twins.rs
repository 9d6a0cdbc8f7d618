//! Two managers, ours and OpenZeppelin's, each with a target of its own, and who deals with them.

use std::ops::Deref;
use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, LogData, U256, keccak256};
use alloy::sol_types::{SolCall, SolEvent, SolValue};
use eyre::Result;
use harness::actor::actors;
use harness::answer::Answer;
use harness::chain::Chain;
use harness::deploy;
use harness::peers::Peer;
use harness::twins::Twins;

use crate::setup::{
    ADMIN, CREW, Manager, Target, WATCH, constructor, grant, selector, set_function_role, set_guardian, time,
};

/// Who makes a call: each is a contract.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    /// Holds ADMIN_ROLE without a delay.
    Admin,
    /// Holds CREW with a delay, once [`Managers::with_crew`] has set it up.
    Crew,
    /// Holds CREW without a delay.
    Quick,
    /// Holds WATCH, the guardian of CREW.
    Guardian,
    /// Holds nothing.
    Stranger,
}

/// The delay of [`Who::Crew`] in CREW, in seconds.
pub(crate) const CREW_DELAY: u32 = 3_600;

/// A manager and what it guards.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub(crate) manager: Address,
    /// A ManagedTarget.
    pub(crate) target: Address,
    /// A Consumer.
    pub(crate) consumer: Address,
    /// A Reenterer.
    pub(crate) reenterer: Address,
}

/// Both managers.
pub(crate) struct Managers(Twins<Side>);

impl Deref for Managers {
    type Target = Twins<Side>;

    fn deref(&self) -> &Twins<Side> {
        &self.0
    }
}

impl Managers {
    /// Both, freshly deployed: nobody but [`Who::Admin`] has a role.
    pub(crate) async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let actors = actors(&chain, 5).await?;
        let arguments = actors[Who::Admin as usize].abi_encode();
        let peer = chain.create(Peer::load("PeerAccessManager")?.init_code(&arguments)).await?;
        let ours = deploy::program(&chain, "access-manager", &constructor(actors[Who::Admin as usize])).await?;
        let (ours, peer) = (guarding(&chain, ours).await?, guarding(&chain, peer).await?);
        let twins = Twins::new(chain, [ours, peer], actors)?;
        twins.stands_for(ours.manager, peer.manager);
        twins.stands_for(ours.target, peer.target);
        twins.stands_for(ours.consumer, peer.consumer);
        twins.stands_for(ours.reenterer, peer.reenterer);
        Ok(Self(twins))
    }

    /// The same with roles: CREW may call all functions of the target, WATCH cancels for it.
    pub(crate) async fn with_crew() -> Result<Self> {
        let twins = Self::start().await?;
        let functions = [
            selector::<Target::noteCall>(),
            selector::<Target::failCall>(),
            selector::<Target::reenterCall>(),
            selector::<Target::hugeCall>(),
            selector::<Target::burnCall>(),
        ];
        twins.call_each(Who::Admin, |side| set_function_role(side.target, &functions, CREW)).await?.succeeded();
        twins.call(Who::Admin, set_guardian(CREW, WATCH)).await?.succeeded();
        for (role, who, delay) in [(CREW, Who::Crew, CREW_DELAY), (CREW, Who::Quick, 0), (WATCH, Who::Guardian, 0)] {
            twins.call(Who::Admin, grant(role, twins.actor(who), delay)).await?.succeeded();
        }
        Ok(twins)
    }

    /// An account.
    pub(crate) fn actor(&self, who: Who) -> Address {
        self.actors[who as usize]
    }

    /// Makes a call on both managers.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn call(&self, who: Who, call: impl Into<Vec<u8>>) -> Result<Answer> {
        let call = call.into();
        self.call_each(who, |_| call.clone()).await
    }

    /// Makes calls on both managers that depend on the side.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn call_each(&self, who: Who, call: impl Fn(&Side) -> Vec<u8>) -> Result<Answer> {
        self.at(who as usize, |side| (side.manager, call(side))).await
    }

    /// Makes calls on both targets.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn on_target(&self, who: Who, call: impl Fn(&Side) -> Vec<u8>) -> Result<Answer> {
        self.at(who as usize, |side| (side.target, call(side))).await
    }

    /// The same at a second.
    ///
    /// # Errors
    /// Where they differ, or that second is past.
    pub(crate) async fn call_at(&self, second: u64, who: Who, call: impl Into<Vec<u8>>) -> Result<Answer> {
        self.set_time(second).await?;
        self.call(who, call).await
    }

    /// A second that is not past for a while: what happens then is said by `set_time` and `call_at`.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub(crate) async fn soon(&self) -> Result<u64> {
        Ok(self.now().await? + 1_000)
    }

    /// Lets the ids of an operation stand for each other: they hash addresses that differ.
    pub(crate) fn alike(&self, operation: &Operation) {
        self.stands_for(operation.id(&self.ours), operation.id(&self.peer));
    }

    /// Schedules an operation on both.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn schedule(&self, who: Who, operation: &Operation, when: u64) -> Result<Answer> {
        self.alike(operation);
        self.call_each(who, |side| operation.schedule(side, when)).await
    }

    /// Executes an operation on both.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn execute(&self, who: Who, operation: &Operation) -> Result<Answer> {
        self.alike(operation);
        self.call_each(who, |side| operation.execute(side)).await
    }

    /// Executes an operation on both with ether, that the actor gets before.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn execute_paying(&self, who: Who, operation: &Operation, wei: u64) -> Result<Answer> {
        self.alike(operation);
        self.sender.send_with(self.actor(who), Bytes::new(), 2 * wei).await?;
        self.paying(who as usize, wei, |side| (side.manager, operation.execute(side))).await
    }

    /// Cancels an operation on both.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn cancel(&self, who: Who, operation: &Operation) -> Result<Answer> {
        self.alike(operation);
        self.call_each(who, |side| operation.cancel(side)).await
    }

    /// Asks both when an operation may be executed, and expects this.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn expect_schedule(&self, operation: &Operation, when: u64) -> Result<()> {
        let ask = |side: &Side| Manager::getScheduleCall { id: operation.id(side) }.abi_encode();
        self.call_each(Who::Stranger, ask).await?.returned(U256::from(when));
        Ok(())
    }

    /// Asks both how often an operation was scheduled, and expects this.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn expect_nonce(&self, operation: &Operation, nonce: u32) -> Result<()> {
        let ask = |side: &Side| Manager::getNonceCall { id: operation.id(side) }.abi_encode();
        self.call_each(Who::Stranger, ask).await?.returned(nonce);
        Ok(())
    }
}

/// What a manager guards.
async fn guarding(chain: &Chain, manager: Address) -> Result<Side> {
    let target = chain.create(Peer::load("ManagedTarget")?.init_code(&manager.abi_encode())).await?;
    let consumer = chain.create(Peer::load("Consumer")?.bytecode).await?;
    let reenterer = chain.create(Peer::load("Reenterer")?.bytecode).await?;
    Ok(Side { manager, target, consumer, reenterer })
}

/// Whom an operation calls with what, on a side.
type OfSide<T> = Arc<dyn Fn(&Side) -> T + Send + Sync>;

/// A call that waits.
#[derive(Clone)]
pub(crate) struct Operation {
    caller: OfSide<Address>,
    call: OfSide<(Address, Vec<u8>)>,
}

impl Operation {
    /// A call by `caller`, on each side.
    pub(crate) fn new(caller: Address, call: impl Fn(&Side) -> (Address, Vec<u8>) + Send + Sync + 'static) -> Self {
        Self { caller: Arc::new(move |_| caller), call: Arc::new(call) }
    }

    /// A call by the target, which anybody can let call what it may.
    pub(crate) fn by_target(call: impl Fn(&Side) -> (Address, Vec<u8>) + Send + Sync + 'static) -> Self {
        Self { caller: Arc::new(|side| side.target), call: Arc::new(call) }
    }

    /// A call of the target.
    pub(crate) fn on_target(caller: Address, data: Vec<u8>) -> Self {
        Self::new(caller, move |side| (side.target, data.clone()))
    }

    /// A call of the manager itself.
    pub(crate) fn on_manager(caller: Address, data: Vec<u8>) -> Self {
        Self::new(caller, move |side| (side.manager, data.clone()))
    }

    pub(crate) fn target(&self, side: &Side) -> Address {
        (self.call)(side).0
    }

    pub(crate) fn data(&self, side: &Side) -> Vec<u8> {
        (self.call)(side).1
    }

    /// Its id, worked out without a manager.
    pub(crate) fn id(&self, side: &Side) -> B256 {
        let (target, data) = (self.call)(side);
        keccak256(((self.caller)(side), target, Bytes::from(data)).abi_encode_params())
    }

    pub(crate) fn schedule(&self, side: &Side, when: u64) -> Vec<u8> {
        let (target, data) = (self.call)(side);
        Manager::scheduleCall { target, data: data.into(), when: time(when) }.abi_encode()
    }

    pub(crate) fn execute(&self, side: &Side) -> Vec<u8> {
        let (target, data) = (self.call)(side);
        Manager::executeCall { target, data: data.into() }.abi_encode()
    }

    pub(crate) fn cancel(&self, side: &Side) -> Vec<u8> {
        let (target, data) = (self.call)(side);
        Manager::cancelCall { caller: (self.caller)(side), target, data: data.into() }.abi_encode()
    }

    /// The event of its schedule on our side.
    pub(crate) fn scheduled(&self, side: &Side, nonce: u32, when: u64) -> LogData {
        let (target, data) = (self.call)(side);
        let (operationId, schedule, caller) = (self.id(side), time(when), (self.caller)(side));
        Manager::OperationScheduled { operationId, nonce, schedule, caller, target, data: data.into() }
            .encode_log_data()
    }

    pub(crate) fn executed(&self, side: &Side, nonce: u32) -> LogData {
        Manager::OperationExecuted { operationId: self.id(side), nonce }.encode_log_data()
    }

    pub(crate) fn canceled(&self, side: &Side, nonce: u32) -> LogData {
        Manager::OperationCanceled { operationId: self.id(side), nonce }.encode_log_data()
    }
}

/// The refusal of an account that lacks a role.
pub(crate) fn lacks(msgsender: Address, role: u64) -> Manager::AccessManagerUnauthorizedAccount {
    Manager::AccessManagerUnauthorizedAccount { msgsender, roleId: role }
}

/// The refusal of an account that is not an admin.
pub(crate) fn no_admin(account: Address) -> Manager::AccessManagerUnauthorizedAccount {
    lacks(account, ADMIN)
}
