//! A node that is driven by signed transactions, each mined at a second that is said: what the machines that compare two
//! chains are made of.

use std::collections::{BTreeMap, BTreeSet};

use alloy::{
    consensus::{SignableTransaction, TxEnvelope, TxLegacy},
    eips::eip2718::Encodable2718,
    network::TxSignerSync,
    primitives::{Address, B256, Bytes, Log, LogData, TxKind, U256},
    signers::local::PrivateKeySigner,
};
use devnode::DevNode;
use eyre::{OptionExt, Result, bail};
use serde_json::{Value, json};

use crate::{
    differential::exceptions::Answer,
    fidelity::Client,
    slots::{self, Touched},
};

/// When the chains begin, in seconds since 1970: later than the wall clock, so that only scripts move time.
pub(crate) const BEGINNING: u64 = 4_000_000_000;
const GAS: u64 = 30_000_000;

/// A node of one's own, and a connection to it.
pub(crate) struct Driven {
    _node: DevNode,
    rpc: Client,
}

/// A signed transaction.
pub(crate) struct Transaction {
    raw: String,
    hash: B256,
}

/// What a transaction did.
pub(crate) struct Mined {
    pub(crate) success: bool,
    pub(crate) logs: Vec<Log>,
}

impl Driven {
    /// A fresh node.
    pub(crate) fn start() -> Result<Self> {
        Self::of(DevNode::spawn()?)
    }

    /// A fresh node where contracts may have any size.
    pub(crate) fn start_without_limit() -> Result<Self> {
        Self::of(DevNode::builder().unlimited_code_size(true).spawn()?)
    }

    fn of(node: DevNode) -> Result<Self> {
        let rpc = Client::new(&node.http_url())?;
        Ok(Self { _node: node, rpc })
    }

    /// Makes an empty block at `time` and `block`.
    pub(crate) fn wait(&mut self, time: u64, block: u64) -> Result<()> {
        let requests = [("devnode_setL1BlockNumber", json!([block])), ("evm_mine", json!([{ "timestamp": time }]))];
        self.rpc.batch(&requests)?;
        Ok(())
    }

    /// Mines the transaction at `time`, and then asks all the questions.
    pub(crate) fn send(&mut self, transaction: &Transaction, time: u64) -> Result<Mined> {
        let requests = [
            ("evm_setNextBlockTimestamp", json!([time])),
            ("eth_sendRawTransaction", json!([transaction.raw])),
            ("eth_getTransactionReceipt", json!([transaction.hash])),
        ];
        Mined::read(&self.rpc.batch(&requests)?[2])
    }

    /// The slots that a transaction would touch at `time`, by account.
    pub(crate) fn touched(
        &mut self,
        from: Address,
        to: Address,
        input: &Bytes,
        time: u64,
    ) -> Result<BTreeMap<Address, BTreeSet<U256>>> {
        let call = json!({ "from": from, "to": to, "input": input, "gas": format!("{GAS:#x}") });
        let mut options = slots::tracer();
        options["blockOverrides"] = json!({ "time": format!("{time:#x}") });
        Ok(Touched::read(self.ask("debug_traceCall", json!([call, "latest", options]))?)?.slots)
    }

    /// What is in slots of an account.
    pub(crate) fn storage(&mut self, account: Address, slots: &[U256]) -> Result<Vec<B256>> {
        let requests: Vec<_> =
            slots.iter().map(|slot| ("eth_getStorageAt", json!([account, slot, "latest"]))).collect();
        let words = requests.chunks(200).map(|some| self.rpc.batch(some));
        let words = words.collect::<Result<Vec<_>>>()?.into_iter().flatten();
        words.map(|word| Ok(serde_json::from_value(word)?)).collect()
    }

    /// What a contract answers, as it came.
    pub(crate) fn read(&mut self, contract: Address, input: &str) -> Result<String> {
        let request = json!([{ "to": contract, "input": input }, "latest"]);
        match self.ask("eth_call", request)? {
            Value::String(answers) => Ok(answers),
            other => bail!("eth_call answers with data, not {other}"),
        }
    }

    /// The result of a request.
    pub(crate) fn ask(&mut self, method: &'static str, params: Value) -> Result<Value> {
        Ok(self.rpc.batch(&[(method, params)])?.remove(0))
    }

    /// The whole answer to a request, be it an error.
    pub(crate) fn answer(&mut self, method: &'static str, params: &Value) -> Result<Value> {
        self.rpc.call(1, method, params)
    }
}

impl Mined {
    fn read(receipt: &Value) -> Result<Self> {
        let logs = receipt["logs"].as_array().ok_or_eyre("a receipt has logs")?;
        let read = |log: &Value| -> Result<Log> {
            let topics = log["topics"].as_array().ok_or_eyre("a log has topics")?;
            let topics = topics.iter().map(|topic| Ok(text(topic)?.parse()?)).collect::<Result<Vec<_>>>()?;
            let data = LogData::new_unchecked(topics, text(&log["data"])?.parse()?);
            Ok(Log { address: text(&log["address"])?.parse()?, data })
        };
        Ok(Self { success: receipt["status"] == json!("0x1"), logs: logs.iter().map(read).collect::<Result<_>>()? })
    }
}

/// Signs a transaction that the sender of this key makes on either chain.
pub(crate) fn sign(by: &PrivateKeySigner, nonce: u64, to: TxKind, value: u64, input: Bytes) -> Result<Transaction> {
    let (chain_id, gas_price, value) = (Some(devnode::CHAIN_ID), 1_000_000_000, U256::from(value));
    let mut transaction = TxLegacy { chain_id, nonce, gas_price, gas_limit: GAS, to, value, input };
    let signature = by.sign_transaction_sync(&mut transaction)?;
    let signed = TxEnvelope::from(transaction.into_signed(signature));
    Ok(Transaction { raw: alloy::hex::encode_prefixed(signed.encoded_2718()), hash: *signed.tx_hash() })
}

/// Who sends everything but creations.
pub(crate) fn development_key() -> Result<PrivateKeySigner> {
    Ok(PrivateKeySigner::from_bytes(&devnode::DEV_KEY)?)
}

/// The reader's answers, told apart.
pub(crate) fn answers(row: &str) -> Result<Vec<Answer>> {
    let bytes = alloy::hex::decode(row)?;
    let (mut rest, mut answers) = (&bytes[..], Vec::new());
    while let Some((&[success, a, b, c, d], tail)) = rest.split_first_chunk() {
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let (data, next) = tail.split_at_checked(length).ok_or_eyre("an answer is cut off")?;
        answers.push(Answer { success: success == 1, data: data.to_vec() });
        rest = next;
    }
    Ok(answers)
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().ok_or_eyre("hexadecimal digits were expected")
}

/// A number of JSON-RPC.
pub(crate) fn quantity(value: &Value) -> Result<u64> {
    Ok(u64::from_str_radix(text(value)?.trim_start_matches("0x"), 16)?)
}
