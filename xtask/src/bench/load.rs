//! What a node takes through JSON-RPC, and what it holds of it: transfers a second, time to the receipt, time of a call,
//! memory, and whether any of it changes as the chain grows.

use super::client::{Client, Endpoint, Request};
use super::node::Node;
use crate::project;
use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy::eips::Encodable2718;
use alloy::network::TxSignerSync;
use alloy::primitives::{Address, B256, Bytes, TxHash, TxKind, U64, U256, keccak256, utils::parse_ether};
use alloy::providers::Provider;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use consilium_deploy::{Artifacts, Chain, Config, DEV_CHAIN, Deployment, Holder, Sender, Silent, deploy, dev_key};
use eyre::{OptionExt, Result, ensure};
use serde::Deserialize;
use serde_json::json;
use std::thread;
use std::time::{Duration, Instant};

/// Accounts that send at once, each through a connection of its own.
pub(crate) const SENDERS: usize = 16;
/// Transfers of all senders in a measurement, each in a block of its own.
pub(crate) const TRANSFERS: u64 = 10_000;
/// The chain is measured once more from about this block on.
pub(crate) const LATE: u64 = 90_000;
/// Seconds.
const HOUR: u64 = 3_600;
/// JSON-RPC's code for a method that a node does not have.
const UNKNOWN_METHOD: &str = "-32601";
/// A hundred times the least base fee of a Nitro chain, in wei.
const MAX_FEE: u128 = 10_000_000_000;
/// Repetitions of what is measured one by one.
const REPETITIONS: u64 = 200;

alloy::sol! {
    interface Token {
        function transfer(address to, uint256 value) external returns (bool);
        function balanceOf(address account) external view returns (uint256);
    }
}

/// What was measured.
#[derive(Debug)]
pub(crate) struct Load {
    /// Transfers of ether.
    pub(crate) evm: Rate,
    /// Transfers of our voting token, in the first [`TRANSFERS`] blocks.
    pub(crate) stylus: Rate,
    /// The same in as many blocks from [`LATE`] on.
    pub(crate) stylus_late: Rate,
    /// Memory after the first [`TRANSFERS`] of the token, in bytes.
    pub(crate) memory: u64,
    /// Memory that each later block takes, with one transfer in it, in bytes.
    pub(crate) block: u64,
    /// From sending a token transfer until its receipt is there; the median.
    pub(crate) receipt: Duration,
    /// A `balanceOf` by eth_call; the median.
    pub(crate) call: Duration,
}

/// How fast transfers are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) a_second: u64,
    /// The node's processor time for one, which says what it could do if it had the machine for itself.
    pub(crate) processor: Duration,
}

/// Measures a node that nothing else uses.
pub(crate) async fn measure(node: &Node) -> Result<Load> {
    let mut crew = Crew::hire(&node.endpoint()).await?;
    let used = || node.processor();
    let stylus = crew.stylus(TRANSFERS, used)?;
    let (memory, first) = (node.memory()?, crew.head().await?);
    let receipt = crew.until_receipt()?;
    let call = crew.call()?;
    let evm = crew.ether(TRANSFERS, used)?;
    while let missing @ 1.. = LATE.saturating_sub(crew.head().await?) {
        crew.stylus(missing.min(TRANSFERS), used)?;
    }
    let stylus_late = crew.stylus(TRANSFERS, used)?;
    let block = (node.memory()? - memory) / (crew.head().await? - first);
    Ok(Load { evm, stylus, stylus_late, memory, block, receipt, call })
}

/// The senders at a node, and what they send: the same client whatever the node.
#[derive(Debug)]
pub(crate) struct Crew {
    deployer: Sender,
    senders: Vec<Account>,
    token: Address,
}

impl Crew {
    /// Funds the senders from the development account and deploys a DAO whose token they hold.
    pub(crate) async fn hire(node: &Endpoint) -> Result<Self> {
        let deployer = Chain::connect(&node.url()).await?.with_key(dev_key())?;
        let senders = senders(node)?;
        for sender in &senders {
            deployer.send(sender.key.address(), Bytes::new(), parse_ether("1")?).await?;
        }
        let token = dao(&deployer, &senders).await?.address("voting-token")?;
        Ok(Self { deployer, senders, token })
    }

    /// Transfers of ether. `used` says how much processor time the node has used so far.
    pub(crate) fn ether(&mut self, transfers: u64, used: impl Fn() -> Result<Duration>) -> Result<Rate> {
        throughput(&mut self.senders, transfers, used, |to| (to, U256::from(1), Bytes::new()))
    }

    /// Transfers of our voting token.
    pub(crate) fn stylus(&mut self, transfers: u64, used: impl Fn() -> Result<Duration>) -> Result<Rate> {
        throughput(&mut self.senders, transfers, used, transfer_of(self.token))
    }

    pub(crate) fn until_receipt(&mut self) -> Result<Duration> {
        until_receipt(&mut self.senders[0], transfer_of(self.token))
    }

    pub(crate) fn call(&mut self) -> Result<Duration> {
        call(&mut self.senders[0], self.token)
    }

    async fn head(&self) -> Result<u64> {
        Ok(self.deployer.chain().provider().get_block_number().await?)
    }
}

/// A transfer of the token to whoever is paid.
fn transfer_of(token: Address) -> impl Fn(Address) -> (Address, U256, Bytes) {
    move |to| (token, U256::ZERO, Bytes::from(Token::transferCall { to, value: U256::from(1) }.abi_encode()))
}

/// An account with a connection of its own.
#[derive(Debug)]
struct Account {
    key: PrivateKeySigner,
    node: Client,
    nonce: u64,
    /// Whom it pays.
    payee: Address,
}

/// A transaction, ready to be sent and to be asked for.
struct Signed {
    hash: TxHash,
    send: Request,
    receipt: Request,
}

/// What is read of a receipt.
#[derive(Deserialize)]
struct Receipt {
    status: U64,
}

impl Account {
    fn sign(&mut self, (to, value, input): (Address, U256, Bytes)) -> Result<Signed> {
        let mut transaction = TxEip1559 {
            chain_id: DEV_CHAIN,
            nonce: self.nonce,
            gas_limit: 1_000_000,
            max_fee_per_gas: MAX_FEE,
            to: TxKind::Call(to),
            value,
            input,
            ..Default::default()
        };
        self.nonce += 1;
        let signature = self.key.sign_transaction_sync(&mut transaction)?;
        let transaction = TxEnvelope::from(transaction.into_signed(signature));
        let hash = *transaction.tx_hash();
        let send = Request::new("eth_sendRawTransaction", [Bytes::from(transaction.encoded_2718())]);
        Ok(Signed { hash, send, receipt: Request::new("eth_getTransactionReceipt", [hash]) })
    }

    fn send(&mut self, transaction: &Signed) -> Result<()> {
        let hash: B256 = self.node.send(&transaction.send)?;
        ensure!(hash == transaction.hash, "the node calls transaction {} {hash}", transaction.hash);
        Ok(())
    }

    /// Waits for a receipt; a transfer that reverted is no transfer.
    fn receipt(&mut self, transaction: &Signed) -> Result<()> {
        let begun = Instant::now();
        loop {
            if let Some(receipt) = self.node.send::<Option<Receipt>>(&transaction.receipt)? {
                ensure!(receipt.status == U64::ONE, "transfer {} reverted", transaction.hash);
                return Ok(());
            }
            ensure!(begun.elapsed() < Duration::from_secs(30), "no receipt of {} in 30 seconds", transaction.hash);
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// The senders, each paying the next.
fn senders(node: &Endpoint) -> Result<Vec<Account>> {
    let keys = (0..SENDERS).map(|index| Ok(PrivateKeySigner::from_bytes(&keccak256(format!("bench sender {index}")))?));
    let keys: Vec<_> = keys.collect::<Result<_>>()?;
    let payees = keys.iter().cycle().skip(1).map(PrivateKeySigner::address);
    let account = |(key, payee): (&PrivateKeySigner, Address)| {
        let mut node = node.connect()?;
        // A chain that is measured a second time knows these senders.
        let nonce: U64 = node.send(&Request::new("eth_getTransactionCount", (key.address(), "latest")))?;
        Ok(Account { key: key.clone(), node, nonce: nonce.to(), payee })
    };
    keys.iter().zip(payees).map(account).collect()
}

/// Our contracts, the token held by the senders, all cached as a deployment leaves them.
async fn dao(deployer: &Sender, senders: &[Account]) -> Result<Deployment> {
    let amount = parse_ether("1000")?;
    let holder = |sender: &Account| Holder { address: sender.key.address(), amount };
    deployed(deployer, Some(senders.iter().map(holder).collect())).await
}

/// Our contracts, the token held as devnet.toml says, if by nobody else.
pub(super) async fn deployed(deployer: &Sender, holders: Option<Vec<Holder>>) -> Result<Deployment> {
    let mut config = Config::load(project::root().join("deploy/config/devnet.toml"))?;
    if let Some(holders) = holders {
        config.token_mut().holders = holders;
    }
    let records = project::root().join("target/bench");
    // What an earlier run left there is of no use to this one.
    let _ = std::fs::remove_dir_all(&records);
    deploy(deployer, &config, &Artifacts::load(project::artifacts(), &config)?, &records, &mut Silent).await
}

/// All senders send at once, each waiting for an answer before its next; the time ends when all are in blocks.
fn throughput(
    senders: &mut [Account],
    transfers: u64,
    processor: impl Fn() -> Result<Duration>,
    what: impl Fn(Address) -> (Address, U256, Bytes),
) -> Result<Rate> {
    // The base fee rises with the gas that is used a second: on a devnode more than a thousandfold in this measurement, if time
    // did not pass between its parts. A real node cannot move time, and is not fast enough to need it.
    let moved = senders[0].node.send::<i64>(&Request::new("evm_increaseTime", [HOUR]));
    ensure!(moved.as_ref().err().is_none_or(|error| error.to_string().contains(UNKNOWN_METHOD)), "{moved:?}");
    let each = transfers.div_ceil(SENDERS as u64);
    let mut work = Vec::new();
    for sender in senders {
        let payee = sender.payee;
        let signed = (0..each).map(|_| sender.sign(what(payee))).collect::<Result<Vec<_>>>()?;
        work.push((sender, signed));
    }
    let (begun, used) = (Instant::now(), processor()?);
    thread::scope(|scope| {
        let threads: Vec<_> =
            work.into_iter().map(|(sender, signed)| scope.spawn(move || send_all(sender, &signed))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no sender panics"))
    })?;
    let (time, used) = (begun.elapsed(), processor()? - used);
    let sent = SENDERS as f64 * each as f64;
    Ok(Rate { a_second: (sent / time.as_secs_f64()) as u64, processor: used.div_f64(sent) })
}

fn send_all(sender: &mut Account, transactions: &[Signed]) -> Result<()> {
    for transaction in transactions {
        sender.send(transaction)?;
    }
    // By their nonces, the last one is in a block only after all others.
    sender.receipt(transactions.last().ok_or_eyre("nothing was sent")?)
}

fn until_receipt(sender: &mut Account, what: impl Fn(Address) -> (Address, U256, Bytes)) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..REPETITIONS {
        let transaction = sender.sign(what(sender.payee))?;
        let begun = Instant::now();
        sender.send(&transaction)?;
        sender.receipt(&transaction)?;
        times.push(begun.elapsed());
    }
    Ok(median(times))
}

fn call(account: &mut Account, token: Address) -> Result<Duration> {
    let input = Bytes::from(Token::balanceOfCall { account: account.key.address() }.abi_encode());
    let request = Request::new("eth_call", (json!({ "to": token, "input": input }), "latest"));
    let mut times = Vec::new();
    for _ in 0..REPETITIONS {
        let begun = Instant::now();
        let balance: Bytes = account.node.send(&request)?;
        times.push(begun.elapsed());
        ensure!(balance.len() == 32, "balanceOf answered {balance}");
    }
    Ok(median(times))
}

/// The middle one.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
