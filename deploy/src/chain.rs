//! A connection to a node: reading, sending, and saying in one sentence what went wrong.

use std::fmt;
use std::time::{Duration, Instant};

use alloy::network::{EthereumWallet, TransactionBuilder};
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::transports::http::reqwest;
use eyre::{Report, Result, WrapErr, ensure, eyre};

use crate::explain::{explain, explain_with, is_silence, unreachable};
use crate::part::Part;
use crate::parts;
use crate::redact;

/// How long to wait for a transaction to be in a block. Arbitrum's sequencer takes a quarter of a second.
const RECEIPT_TIMEOUT: Duration = Duration::from_secs(180);

/// How long a node may take for an answer. The longest that is asked of it is the estimate of an activation, a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// A node of the chain that is meant, for reading.
#[derive(Clone)]
pub struct Chain {
    url: String,
    id: u64,
    patience: Duration,
    provider: DynProvider,
}

/// A node and the account that sends.
#[derive(Clone, Debug)]
pub struct Sender {
    chain: Chain,
    account: Address,
    is_once: bool,
    tell: Option<fn(B256)>,
    waits: Duration,
}

/// Not derived: the URL may have a key.
impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain").field("url", &redact::url(&self.url)).field("id", &self.id).finish_non_exhaustive()
    }
}

impl Chain {
    /// Connects to the node at `url`.
    ///
    /// # Errors
    /// If the URL is none, or the node does not answer.
    pub async fn connect(url: &str) -> Result<Self> {
        Self::connect_within(url, PATIENCE).await
    }

    /// Connects to a node that may take so long for each answer, now and later.
    ///
    /// # Errors
    /// If the URL is none, or the node does not answer in that time.
    pub async fn connect_within(url: &str, patience: Duration) -> Result<Self> {
        redact::remember(url);
        let provider = ProviderBuilder::default().connect_reqwest(client(patience)?, parse(url)?).erased();
        let id = provider.get_chain_id().await.map_err(|error| {
            if is_silence(&error) {
                return eyre!("no node answers at {}: it has been silent for {patience:?}", redact::url(url));
            }
            unreachable(url, &error)
        })?;
        Ok(Self { url: url.to_owned(), id, patience, provider })
    }

    /// Refuses to go on where the node is of another chain than is meant.
    ///
    /// # Errors
    /// If the ids differ.
    pub fn expect_id(&self, id: u64) -> Result<()> {
        let (url, own) = (redact::url(&self.url), self.id);
        ensure!(own == id, "{url} is a node of chain {own}, and chain {id} is meant");
        Ok(())
    }

    /// EIP-155 chain id.
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// For calls that read.
    pub const fn provider(&self) -> &DynProvider {
        &self.provider
    }

    /// Sends from the account of a key from now on.
    ///
    /// # Errors
    /// If the URL is none.
    pub fn with_key(self, key: PrivateKeySigner) -> Result<Sender> {
        let account = key.address();
        // The nonce is asked for each time: an interrupted run may have sent something that this one knows nothing of.
        let provider = ProviderBuilder::default()
            .with_gas_estimation()
            .with_simple_nonce_management()
            .with_chain_id(self.id)
            .wallet(EthereumWallet::from(key))
            .connect_reqwest(client(self.patience)?, parse(&self.url)?)
            .erased();
        Ok(Sender { chain: Self { provider, ..self }, account, is_once: false, tell: None, waits: RECEIPT_TIMEOUT })
    }

    /// The code at an address, empty if there is none.
    pub(crate) async fn code(&self, address: Address) -> Result<Bytes> {
        self.provider
            .get_code_at(address)
            .await
            .map_err(|error| eyre!("could not read the code at {address}: {}", explain(&error)))
    }

    /// A word of an account's storage.
    pub(crate) async fn storage(&self, address: Address, slot: B256) -> Result<B256> {
        let found = self.provider.get_storage_at(address, slot.into()).await;
        Ok(found.map_err(|error| eyre!(explain(&error)))?.into())
    }

    /// The time of a block, in seconds since 1970.
    pub(crate) async fn time(&self, block: u64) -> Result<u64> {
        let found = self.provider.get_block_by_number(block.into()).await;
        let found = found.map_err(|error| eyre!("could not read block {block}: {}", explain(&error)))?;
        let found = found.ok_or_else(|| eyre!("the node does not serve block {block}: ask a node that does"))?;
        Ok(found.header.timestamp)
    }

    /// The number of the newest block.
    pub(crate) async fn head(&self) -> Result<u64> {
        let asked = self.provider.get_block_number().await;
        asked.map_err(|error| eyre!("could not ask for the newest block: {}", explain(&error)))
    }
}

impl Sender {
    /// The chain it sends to.
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The account it sends from.
    pub const fn account(&self) -> Address {
        self.account
    }

    /// Tells the hash of each transaction as soon as the node has taken it, before it is in a block.
    #[must_use]
    pub fn telling(self, tell: fn(B256)) -> Self {
        Self { tell: Some(tell), ..self }
    }

    /// Waits so long for a transaction to be in a block, in place of three minutes.
    #[must_use]
    pub fn waiting(self, waits: Duration) -> Self {
        Self { waits, ..self }
    }

    /// For a call that does the same again when it is made again, as a payment does. Where it is not known whether it was
    /// made, the error says what to look for first.
    pub(crate) fn once(&self) -> Self {
        Self { is_once: true, ..self.clone() }
    }

    pub(crate) fn provider(&self) -> &DynProvider {
        self.chain.provider()
    }

    /// Sends a transaction and waits until it is in a block.
    ///
    /// # Errors
    /// If it would revert (nothing is sent then), if it is refused, if it reverts, or if the node does not say within
    /// three minutes that it is in a block.
    pub async fn send(&self, to: Address, input: Bytes, value: U256) -> Result<TransactionReceipt> {
        self.send_to(to, input, value, parts::ALL).await
    }

    /// As [`Sender::send`]; a revert is explained by the errors of these parts.
    pub(crate) async fn send_to(
        &self,
        to: Address,
        input: Bytes,
        value: U256,
        parts: &[&dyn Part],
    ) -> Result<TransactionReceipt> {
        let request =
            TransactionRequest::default().with_from(self.account).with_to(to).with_input(input).with_value(value);
        let gas = self.provider().estimate_gas(request.clone()).await;
        let gas = gas.map_err(|error| {
            eyre!("could not estimate the gas of a transaction to {to}: {}", explain_with(&error, parts))
        })?;
        let receipt = self.transact(request.with_gas_limit(gas_limit(gas)), parts).await?;
        ensure!(receipt.status(), "the transaction {} reverted", receipt.transaction_hash);
        Ok(receipt)
    }

    /// Sends a transaction whose gas is known, and waits until it is in a block, where it may have reverted.
    pub(crate) async fn transact(
        &self,
        request: TransactionRequest,
        parts: &[&dyn Part],
    ) -> Result<TransactionReceipt> {
        let to = TransactionBuilder::to(&request).unwrap_or_default();
        let sent = self.provider().send_transaction(request).await;
        let sent = sent.map_err(|error| {
            self.in_doubt(format!("could not send a transaction to {to}: {}", explain_with(&error, parts)))
        })?;
        if let Some(tell) = self.tell {
            tell(*sent.tx_hash());
        }
        self.receipt(*sent.tx_hash()).await
    }

    /// The error of a transaction that may be in a block all the same.
    fn in_doubt(&self, said: String) -> Report {
        if self.is_once {
            let account = self.account;
            return eyre!(
                "{said}: look first whether a transaction of {account} is in a block: a second run does it a second time"
            );
        }
        eyre!(said)
    }

    /// Waits for the receipt. A node that fails to answer is asked again: the transaction was sent already.
    async fn receipt(&self, hash: B256) -> Result<TransactionReceipt> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(10);
        loop {
            let asked = self.provider().get_transaction_receipt(hash).await;
            if let Ok(Some(receipt)) = asked {
                return Ok(receipt);
            }
            if start.elapsed() >= self.waits {
                let said = match asked {
                    Ok(_) => format!("the transaction {hash} is in no block after {} seconds", self.waits.as_secs()),
                    Err(error) => format!(
                        "the transaction {hash} was sent, and the node does not say whether it is in a block: {}",
                        explain(&error)
                    ),
                };
                let to_do = if self.is_once { "" } else { ": run it again, with another node if this one stays so" };
                return Err(self.in_doubt(said + to_do));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }
}

/// The gas limit of a transaction that was estimated at so much: the state may move until it is in a block. The sender must
/// be able to pay all of it.
pub(crate) const fn gas_limit(estimate: u64) -> u64 {
    estimate.saturating_add(estimate / 5)
}

/// An HTTP client that waits for an answer as long as `patience` allows: a node that falls silent must not stop a deployment
/// for ever.
///
/// # Errors
/// Where the system's certificates cannot be read.
pub fn client(patience: Duration) -> Result<reqwest::Client> {
    // For the whole process, once: reqwest is built without a TLS library of its own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(patience).build().wrap_err("no HTTP client can be made")
}

/// What is no URL is not quoted: it may be a key.
fn parse<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(url: &str) -> Result<T> {
    let begins = |scheme: &str| url.get(..scheme.len()).is_some_and(|found| found.eq_ignore_ascii_case(scheme));
    ensure!(
        begins("http://") || begins("https://"),
        "this is no URL of a node, as http://127.0.0.1:8547 is one: it begins with neither http:// nor https://"
    );
    url.parse().wrap_err("this is no URL of a node, as http://127.0.0.1:8547 is one")
}
