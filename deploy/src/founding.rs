//! The founding: the one transaction in which the DAO comes into being, sent or found on the chain.

use alloy::network::{ReceiptResponse, TransactionResponse};
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log, TransactionReceipt};
use alloy::sol_types::SolEvent;
use eyre::{OptionExt, Result, WrapErr, bail, ensure, eyre};

use crate::activation;
use crate::beforehand;
use crate::chain::{Chain, Sender};
use crate::config::Config;
use crate::explain::explain;
use crate::founder::Founder;
use crate::logs;
use crate::parts::safe;
use crate::plan::Plan;

/// How far a plan has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// Nothing of it stands.
    Nothing,
    /// The Founder stands. It has created nothing yet, and can create nothing else.
    Prepared,
    /// The DAO stands, all of it.
    Founded,
}

/// The founding of a DAO, as the chain has it.
#[derive(Clone, Debug)]
pub(crate) struct Founding {
    /// The transaction.
    pub(crate) transaction: B256,
    /// Its block.
    pub(crate) block: u64,
    /// Where it was logged, as [`logs::place`] has it.
    pub(crate) place: (u64, u64, u64),
    /// The time of the block, in seconds since 1970.
    pub(crate) timestamp: u64,
    /// The account that sent it.
    pub(crate) sender: Address,
    /// Who called the Founder: the sender, or a contract of its.
    pub(crate) caller: Address,
    /// All that was logged until the DAO stood, in order. What the same transaction did afterwards is as any later one.
    pub(crate) logs: Vec<Log>,
}

/// Looks at the chain how far a plan has come. The programs that stand before the founding do not count: they are of no DAO.
/// The addresses commit to all of the plan, so code there is the planned one.
pub(crate) async fn state(chain: &Chain, plan: &Plan) -> Result<State> {
    if !chain.code(plan.first().address).await?.is_empty() {
        return Ok(State::Founded);
    }
    Ok(if chain.code(plan.founder()).await?.is_empty() { State::Nothing } else { State::Prepared })
}

/// Creates the Founder.
pub(crate) async fn prepare(sender: &Sender, plan: &Plan) -> Result<TransactionReceipt> {
    sender.send(plan.charter.factory, plan.preparing_call(), U256::ZERO).await
}

/// Creates the DAO: all of it, or nothing.
pub(crate) async fn found(sender: &Sender, config: &Config, plan: &Plan) -> Result<TransactionReceipt> {
    beforehand::expect_active(sender.chain(), plan).await?;
    safe::expect(sender.chain(), config, plan).await?;
    let fee = fee(sender.chain(), plan).await?;
    let parts: Vec<_> = config.founded().collect();
    sender.send_to(plan.founder(), plan.charter.call.clone(), fee, &parts).await
}

/// The data fees of all activations in the founding: those of the programs that stand before it are active by then.
pub(crate) async fn fee(chain: &Chain, plan: &Plan) -> Result<U256> {
    let mut sum = U256::ZERO;
    for planned in plan.contracts().iter().filter(|planned| !planned.stands_before()) {
        sum = sum.saturating_add(activation::fee(chain, &planned.program).await?);
    }
    Ok(sum)
}

/// Finds the founding of a DAO that stands. `hint` is the transaction where somebody says so: it is asked for and used
/// only if the chain says that this plan's Founder did its work in it.
pub(crate) async fn locate(chain: &Chain, plan: &Plan, hint: Option<B256>) -> Result<Founding> {
    if let Some(hash) = hint
        && let Some(founding) = at(chain, plan, hash).await?
    {
        return Ok(founding);
    }
    let filter = Filter::new().address(plan.founder()).event_signature(Founder::Founded::SIGNATURE_HASH);
    let head = chain.head().await?;
    let mut found = Vec::new();
    if let Some(block) = logs::appearance(chain, plan.first().address, head).await? {
        found = logs::collect(chain, &filter, block, block).await?;
    }
    if found.is_empty() {
        // The node has no old states, or none that can be relied on: look at every event there is.
        found = logs::collect(chain, &filter, 0, head).await?;
    }
    let hash = found.first().and_then(|log| log.transaction_hash);
    let Some(hash) = hash else {
        bail!(
            "the DAO stands, and the node does not serve the event of its founding: ask a node that serves old events or \
             old states"
        );
    };
    at(chain, plan, hash).await?.ok_or_eyre("the node contradicts itself about the founding: ask another node")
}

/// Refuses a transaction that somebody names as the founding and that is not.
pub(crate) async fn expect(chain: &Chain, plan: &Plan, transaction: B256) -> Result<()> {
    ensure!(
        at(chain, plan, transaction).await?.is_some(),
        "the transaction {transaction} did not found this DAO, or the node does not know it: correct --founding, or leave it \
         out, and the founding is looked for"
    );
    Ok(())
}

/// The founding in a transaction, if it is one.
async fn at(chain: &Chain, plan: &Plan, hash: B256) -> Result<Option<Founding>> {
    let provider = chain.provider();
    let asked = |error| eyre!("could not look up the transaction {hash}: {}", explain(&error));
    let receipt = provider.get_transaction_receipt(hash).await.map_err(asked)?;
    let transaction = provider.get_transaction_by_hash(hash).await.map_err(asked)?;
    let (Some(receipt), Some(transaction)) = (receipt, transaction) else { return Ok(None) };
    let is_founded =
        |log: &Log| log.address() == plan.founder() && log.topic0() == Some(&Founder::Founded::SIGNATURE_HASH);
    let mut logs = receipt.logs().to_vec();
    let (Some(last), Some(block)) = (logs.iter().position(is_founded), receipt.block_number()) else {
        return Ok(None);
    };
    let founded = &logs[last];
    let caller = founded.log_decode::<Founder::Founded>().wrap_err("a malformed Founded")?.inner.sender;
    let place = logs::place(founded).ok_or_eyre("the node does not say where the founding was logged")?;
    logs.truncate(last);
    let timestamp = chain.time(block).await?;
    Ok(Some(Founding { transaction: hash, block, place, timestamp, sender: transaction.from(), caller, logs }))
}
