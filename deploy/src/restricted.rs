//! Calls that the access manager decides about: the sender makes one at once, or announces it and makes it after its
//! delay, or the DAO makes it by a proposal.

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, Bytes, FixedBytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, TransactionReceipt};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::AccessManager::{self, AccessManagerInstance, OperationScheduled};
use consilium_bindings::Consent::authorityCall;
use eyre::{Result, WrapErr, bail, ensure, eyre};
use serde_json::{Value, json};

use crate::chain::Sender;
use crate::config::moment::Moment;
use crate::contract::{Contract, Sent};
use crate::explain::explain_call;
use crate::logs;
use crate::parts::access_manager::ADMIN_ROLE;

/// What became of a call that the access manager decides about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restricted<T> {
    /// It was made.
    Made(T),
    /// It was announced: the same sender makes it later.
    Announced {
        /// The first second at which it can be made.
        from: u64,
        /// The first second at which that is too late.
        until: u64,
        /// The transaction that announced it; none if an earlier run did, and the delay is not over.
        sent: Option<Sent>,
    },
    /// Nothing was sent: the DAO makes it.
    Propose {
        /// What to propose.
        proposal: Proposal,
        /// Whether nobody wanted to send it.
        was_asked_for: bool,
    },
}

/// The call that a proposal makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The contract.
    pub target: Address,
    /// The call.
    pub calldata: Bytes,
    /// A text that says what it does.
    pub description: String,
}

impl Proposal {
    /// For programs: the arguments of `propose`.
    pub fn json(&self) -> Value {
        let Self { target, calldata, description } = self;
        json!({ "targets": [target], "values": ["0"], "calldatas": [calldata], "description": description })
    }
}

impl<T> Restricted<T> {
    /// With something else of what was made.
    pub(crate) fn map<U>(self, of: impl FnOnce(T) -> Result<U>) -> Result<Restricted<U>> {
        Ok(match self {
            Self::Made(made) => Restricted::Made(of(made)?),
            Self::Announced { from, until, sent } => Restricted::Announced { from, until, sent },
            Self::Propose { proposal, was_asked_for } => Restricted::Propose { proposal, was_asked_for },
        })
    }
}

/// A time in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// In seconds since 1970.
    pub at: u64,
    /// Whether it was said as a time from now: it is another one in each run, and a sender with a delay means the one that
    /// it has announced.
    pub is_from_now: bool,
}

impl Time {
    /// As contracts take it.
    ///
    /// # Errors
    /// If it is not a time of theirs; `what` names it.
    pub(crate) fn word(self, what: &str) -> Result<U48> {
        ensure!(self.at >> 40 == 0, "{what} is too far away: give an earlier one");
        Ok(U48::from(self.at))
    }

    /// What a call that was announced has to have here to be the same.
    pub(crate) fn or(self, announced: U48) -> U48 {
        if self.is_from_now { announced } else { U48::from(self.at) }
    }
}

/// A call that somebody asks for.
pub(crate) struct Asked<'a, C> {
    /// Whose function it is.
    pub(crate) contract: &'a Contract,
    pub(crate) call: C,
    /// What the function does, as "publish epochs".
    pub(crate) what: &'a str,
    /// What a proposal says that it does.
    pub(crate) description: String,
    /// The second before which it has to be made, and which time in it says so, as "the deadline".
    pub(crate) before: Option<(u64, &'a str)>,
}

impl<C: SolCall> Asked<'_, C> {
    fn propose<T>(self, was_asked_for: bool) -> Restricted<T> {
        let Self { contract, call, description, .. } = self;
        let proposal = Proposal { target: contract.address(), calldata: call.abi_encode().into(), description };
        Restricted::Propose { proposal, was_asked_for }
    }

    /// Makes it as the sender, as far as the access manager lets it; without a sender it is what to propose. Of calls
    /// that the sender has announced, one that `is_same` is made: a time from now is another one in each run.
    pub(crate) async fn make(
        self,
        sender: Option<&Sender>,
        is_same: impl Fn(&C) -> bool,
    ) -> Result<Restricted<TransactionReceipt>> {
        let Some(sender) = sender else { return Ok(self.propose(true)) };
        let (contract, account) = (self.contract, sender.account());
        let at = contract.read(authorityCall {}).await?;
        let unasked = || format!("could not ask the authority {at} of the {}", contract.name());
        let manager = AccessManager::new(at, sender.chain().provider());
        let selector = FixedBytes(C::SELECTOR);
        let may = manager.canCall(account, contract.address(), selector).call().await.map_err(explain_call);
        let may = may.wrap_err_with(unasked)?;
        if may.immediate {
            return contract.send(sender, self.call).await.map(Restricted::Made);
        }
        if may.delay == 0 {
            let role = manager.getTargetFunctionRole(contract.address(), selector).call().await.map_err(explain_call);
            let (role, what) = (role.wrap_err_with(unasked)?, self.what);
            ensure!(
                role == ADMIN_ROLE,
                "{account} may not {what}: let a member of role {role} of the access manager {at} do it"
            );
            return Ok(self.propose(false));
        }
        let found = announced(contract, sender, &manager, is_same).await;
        match found.wrap_err_with(|| format!("could not look for what {account} has announced"))? {
            None => {
                let from = contract.now().await?.saturating_add(may.delay.into());
                if let Some((_, what)) = self.before.filter(|(before, _)| *before <= from) {
                    bail!(
                        "{account} can {} from {} on, and then {what} is too early: give a later one",
                        self.what,
                        Moment(from)
                    );
                }
                self.announce(sender, &manager).await
            }
            Some((from, _)) if from > contract.now().await? => {
                let lasts = manager.expiration().call().await.map_err(explain_call).wrap_err_with(unasked)?;
                Ok(Restricted::Announced { from, until: from.saturating_add(lasts.into()), sent: None })
            }
            Some((_, call)) => contract.send(sender, call).await.map(Restricted::Made),
        }
    }

    async fn announce<P: Provider>(
        self,
        sender: &Sender,
        manager: &AccessManagerInstance<P>,
    ) -> Result<Restricted<TransactionReceipt>> {
        let data = self.call.abi_encode().into();
        let call = AccessManager::scheduleCall { target: self.contract.address(), data, when: Default::default() };
        // Before it is sent: then the receipt tells the rest.
        let lasts = manager.expiration().call().await.map_err(explain_call)?;
        let receipt = sender.send(*manager.address(), call.abi_encode().into(), U256::ZERO).await?;
        let scheduled = receipt.logs().iter().find_map(|log| OperationScheduled::decode_log(&log.inner).ok());
        let from = scheduled.map(|event| event.schedule.to::<u64>()).ok_or_else(|| {
            let hash = receipt.transaction_hash;
            eyre!("the transaction {hash} does not tell when the call can be made: look at it by another node")
        })?;
        let until = from.saturating_add(lasts.into());
        Ok(Restricted::Announced { from, until, sent: Some(Sent::of(&receipt)) })
    }
}

/// The newest such call of the sender's that is announced, and neither made nor too late: from when on it can be made.
async fn announced<C: SolCall, P: Provider>(
    contract: &Contract,
    sender: &Sender,
    manager: &AccessManagerInstance<P>,
    is_same: impl Fn(&C) -> bool,
) -> Result<Option<(u64, C)>> {
    let (chain, at) = (contract.chain(), *manager.address());
    let head = chain.head().await?;
    let first = logs::appearance(chain, at, head).await?.unwrap_or(0);
    let filter = Filter::new().address(at).event_signature(OperationScheduled::SIGNATURE_HASH);
    for log in logs::collect(chain, &filter, first, head).await?.iter().rev() {
        let Ok(event) = OperationScheduled::decode_log(&log.inner) else { continue };
        if (event.caller, event.target) != (sender.account(), contract.address()) {
            continue;
        }
        let Ok(call) = C::abi_decode_validate(&event.data.data) else { continue };
        if !is_same(&call) {
            continue;
        }
        let from = manager.getSchedule(event.operationId).call().await.map_err(explain_call)?.to::<u64>();
        if from != 0 {
            return Ok(Some((from, call)));
        }
    }
    Ok(None)
}
