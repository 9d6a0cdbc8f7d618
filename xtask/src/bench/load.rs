//! What a node takes through JSON-RPC, and what it holds of it: transfers a second, time to the receipt, time of a call,
//! memory, and whether any of it changes as the chain grows.

use super::node::Node;
use crate::project;
use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy::eips::Encodable2718;
use alloy::network::TxSignerSync;
use alloy::primitives::{Address, Bytes, TxHash, TxKind, U256, keccak256, utils::parse_ether};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use consilium_deploy::{
    Artifacts, Chain, Config, Contract, DEV_CHAIN, Deployment, Holder, Sender, Silent, deploy, dev_key,
};
use eyre::{OptionExt, Result, ensure};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// As many as Nitro's own figures were measured with.
const SENDERS: usize = 16;
/// Transfers of all senders in a measurement, each in a block of its own.
pub(crate) const TRANSFERS: u64 = 10_000;
/// The chain is measured once more from about this block on.
pub(crate) const LATE: u64 = 90_000;
/// Seconds.
const HOUR: u64 = 3_600;
/// Repetitions of what is measured one by one.
const REPETITIONS: u64 = 200;

alloy::sol! {
    #[sol(rpc)]
    interface ArbWasm {
        function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
    }
    interface Token {
        function transfer(address to, uint256 value) external returns (bool);
        function balanceOf(address account) external view returns (uint256);
    }
}

/// What was measured.
#[derive(Debug)]
pub(crate) struct Load {
    /// Transfers of ether a second.
    pub(crate) evm: u64,
    /// Transfers of our voting token a second, in the first [`TRANSFERS`] blocks.
    pub(crate) stylus: u64,
    /// The same in as many blocks from [`LATE`] on.
    pub(crate) stylus_late: u64,
    /// Memory after the first [`TRANSFERS`] of the token, in bytes.
    pub(crate) memory: u64,
    /// Memory that each later block takes, with one transfer in it, in bytes.
    pub(crate) block: u64,
    /// From sending a token transfer until its receipt is there; the median.
    pub(crate) receipt: Duration,
    /// A `balanceOf` by eth_call; the median.
    pub(crate) call: Duration,
    /// What entering each of our programs costs, not cached and cached, in gas.
    pub(crate) init_gas: BTreeMap<Contract, (u64, u64)>,
}

/// Measures a node that nothing else uses.
pub(crate) async fn measure(node: &Node) -> Result<Load> {
    let deployer = Chain::connect(&node.url()).await?.with_key(dev_key())?;
    let mut senders = senders(node)?;
    for sender in &senders {
        deployer.send(sender.key.address(), Bytes::new(), parse_ether("1")?).await?;
    }
    let dao = dao(&deployer, &senders).await?;
    let token = dao.address(Contract::Token);
    let ether = |to| (to, U256::from(1), Bytes::new());
    let transfer = |to| (token, U256::ZERO, Bytes::from(Token::transferCall { to, value: U256::from(1) }.abi_encode()));
    let stylus = throughput(&mut senders, TRANSFERS, transfer).await?;
    let (memory, first) = (node.memory()?, deployer.chain().provider().get_block_number().await?);
    let receipt = until_receipt(&mut senders[0], transfer).await?;
    let call = call(&senders[0], token).await?;
    let init_gas = init_gas(&deployer, &dao).await?;
    let evm = throughput(&mut senders, TRANSFERS, ether).await?;
    let head = async || deployer.chain().provider().get_block_number().await;
    while let missing @ 1.. = LATE.saturating_sub(head().await?) {
        throughput(&mut senders, missing.min(TRANSFERS), transfer).await?;
    }
    let stylus_late = throughput(&mut senders, TRANSFERS, transfer).await?;
    let block = (node.memory()? - memory) / (head().await? - first);
    Ok(Load { evm, stylus, stylus_late, memory, block, receipt, call, init_gas })
}

/// An account with a connection of its own.
#[derive(Clone, Debug)]
struct Account {
    key: PrivateKeySigner,
    node: DynProvider,
    nonce: u64,
    /// Whom it pays.
    payee: Address,
}

impl Account {
    /// The next transaction, signed, as eth_sendRawTransaction takes it.
    fn sign(&mut self, (to, value, input): (Address, U256, Bytes)) -> Result<Vec<u8>> {
        let mut transaction = TxEip1559 {
            chain_id: DEV_CHAIN,
            nonce: self.nonce,
            gas_limit: 1_000_000,
            max_fee_per_gas: 1_000_000_000,
            to: TxKind::Call(to),
            value,
            input,
            ..Default::default()
        };
        self.nonce += 1;
        let signature = self.key.sign_transaction_sync(&mut transaction)?;
        Ok(TxEnvelope::from(transaction.into_signed(signature)).encoded_2718())
    }
}

/// The senders, each paying the next.
fn senders(node: &Node) -> Result<Vec<Account>> {
    let keys = (0..SENDERS).map(|index| Ok(PrivateKeySigner::from_bytes(&keccak256(format!("bench sender {index}")))?));
    let keys: Vec<_> = keys.collect::<Result<_>>()?;
    let payees = keys.iter().cycle().skip(1).map(PrivateKeySigner::address);
    let account = |(key, payee): (&PrivateKeySigner, Address)| {
        Ok(Account { key: key.clone(), node: node.connect()?, nonce: 0, payee })
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
        config.token.holders = holders;
    }
    let records = project::root().join("target/bench");
    // What an earlier run left there is of no use to this one.
    let _ = std::fs::remove_dir_all(&records);
    deploy(deployer, &config, &Artifacts::load(project::artifacts())?, &records, &mut Silent).await
}

async fn init_gas(deployer: &Sender, dao: &Deployment) -> Result<BTreeMap<Contract, (u64, u64)>> {
    let arb_wasm = ArbWasm::new(Address::with_last_byte(0x71), deployer.chain().provider());
    let mut all = BTreeMap::new();
    for contract in Contract::ALL {
        let gas = arb_wasm.programInitGas(dao.address(contract)).call().await?;
        all.insert(contract, (gas.gas, gas.gasWhenCached));
    }
    Ok(all)
}

/// All senders send at once, each waiting for an answer before its next; the time ends when all are in blocks.
async fn throughput(
    senders: &mut [Account],
    transfers: u64,
    what: impl Fn(Address) -> (Address, U256, Bytes),
) -> Result<u64> {
    // The base fee rises with the gas that is used a second, more than a thousandfold in this measurement if time did not
    // pass between its parts.
    senders[0].node.raw_request::<_, i64>("evm_increaseTime".into(), [HOUR]).await?;
    let each = transfers.div_ceil(SENDERS as u64);
    let mut work = Vec::new();
    for sender in senders.iter_mut() {
        let payee = sender.payee;
        let signed = (0..each).map(|_| sender.sign(what(payee))).collect::<Result<Vec<_>>>()?;
        work.push((sender.node.clone(), signed));
    }
    let begun = Instant::now();
    let tasks: Vec<_> = work.into_iter().map(|(node, signed)| tokio::spawn(send_all(node, signed))).collect();
    for task in tasks {
        task.await??;
    }
    Ok((senders.len() as f64 * each as f64 / begun.elapsed().as_secs_f64()) as u64)
}

async fn send_all(node: DynProvider, transactions: Vec<Vec<u8>>) -> Result<()> {
    let mut last = None;
    for transaction in transactions {
        last = Some(*node.send_raw_transaction(&transaction).await?.tx_hash());
    }
    // By their nonces, the last one is in a block only after all others.
    receipt(&node, last.ok_or_eyre("nothing was sent")?).await?;
    Ok(())
}

async fn until_receipt(sender: &mut Account, what: impl Fn(Address) -> (Address, U256, Bytes)) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..REPETITIONS {
        let signed = sender.sign(what(sender.payee))?;
        let begun = Instant::now();
        let hash = *sender.node.send_raw_transaction(&signed).await?.tx_hash();
        receipt(&sender.node, hash).await?;
        times.push(begun.elapsed());
    }
    Ok(median(times))
}

async fn call(account: &Account, token: Address) -> Result<Duration> {
    let input = Token::balanceOfCall { account: account.key.address() }.abi_encode();
    let request = TransactionRequest::default().to(token).input(Bytes::from(input).into());
    let mut times = Vec::new();
    for _ in 0..REPETITIONS {
        let begun = Instant::now();
        let balance = account.node.call(request.clone()).await?;
        times.push(begun.elapsed());
        ensure!(balance.len() == 32, "balanceOf answered {balance}");
    }
    Ok(median(times))
}

/// Waits for a receipt; a transfer that reverted is no transfer.
async fn receipt(node: &DynProvider, hash: TxHash) -> Result<TransactionReceipt> {
    let begun = Instant::now();
    loop {
        if let Some(receipt) = node.get_transaction_receipt(hash).await? {
            ensure!(receipt.status(), "transfer {hash} reverted");
            return Ok(receipt);
        }
        ensure!(begun.elapsed() < Duration::from_secs(30), "no receipt of {hash} in 30 seconds");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// The middle one.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
