//! `consilium safe propose`.

use std::path::PathBuf;

use alloy::primitives::{Address, Bytes, U256};
use clap::Args;
use consilium_deploy::Chain;
use consilium_deploy::safe::{Facts, Names, Operation, Proposal, Safe, Transaction, calldata, keys};
use consilium_deploy::signing::{Place, account, address};
use eyre::{OptionExt as _, Result, WrapErr as _, ensure, eyre};
use serde_json::{Value, json};

use super::Records;
use super::told::{UNCHECKED, json_of, say_all, with};
use crate::Node;
use crate::at::print;
use crate::say::say;

#[derive(Args)]
pub(crate) struct Propose {
    /// The Safe.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    safe: Address,
    /// The target of its call.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    to: Address,
    /// The wei to send along.
    #[arg(long, value_name = "WEI", value_parser = whole, default_value = "0")]
    value: U256,
    /// The calldata.
    #[arg(long, value_name = "HEX", value_parser = data)]
    data: Option<Bytes>,
    /// A function in place of calldata, as "transfer(address,uint256)"; its arguments are the last words.
    #[arg(long, value_name = "SIGNATURE", conflicts_with = "data")]
    call: Option<String>,
    /// The arguments of the function. Lists are written in brackets. An address may be a public key on P-256.
    #[arg(value_name = "ARGUMENT", requires = "call")]
    arguments: Vec<String>,
    /// Run the target's code as the Safe's own, as Safe's MultiSend needs: such code can take the whole Safe.
    #[arg(long)]
    allow_delegatecall: bool,
    /// The Safe's nonce that it takes; the next one if it is not said.
    #[arg(long, value_name = "NUMBER", value_parser = whole)]
    nonce: Option<U256>,
    #[command(flatten)]
    gas: Gas,
    #[command(flatten)]
    offline: Offline,
    /// The file to write, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    records: Records,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

/// Gas and refund. Without them a transaction that fails is undone, and nobody is paid for sending it.
#[derive(Args)]
struct Gas {
    /// The gas that the call gets at least; if it fails then, the nonce is used up.
    #[arg(long, value_name = "GAS", value_parser = whole, default_value = "0")]
    safe_tx_gas: U256,
    /// Gas that is paid for in addition to what the call uses.
    #[arg(long, value_name = "GAS", value_parser = whole, default_value = "0")]
    base_gas: U256,
    /// What whoever sends it is paid for a unit of gas.
    #[arg(long, value_name = "AMOUNT", value_parser = whole, default_value = "0")]
    gas_price: U256,
    /// What it is paid in; ether if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    gas_token: Option<Address>,
    /// Who is paid; whoever sends it if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    refund_receiver: Option<Address>,
}

/// What a node would say.
#[derive(Args)]
struct Offline {
    /// Ask no node: the next four say what it would.
    #[arg(long, requires_all = ["chain", "safe_version", "owners", "threshold", "nonce"])]
    offline: bool,
    /// The id of the Safe's chain. A node of another one is refused.
    #[arg(long, value_name = "ID")]
    chain: Option<u64>,
    /// The Safe's version, as 1.4.1.
    #[arg(long, value_name = "VERSION", requires = "offline")]
    safe_version: Option<String>,
    /// Its owners, with commas: addresses, or public keys of owners on P-256.
    #[arg(long, value_name = "ADDRESSES", value_parser = account, value_delimiter = ',', requires = "offline")]
    owners: Vec<Address>,
    /// How many of them have to sign.
    #[arg(long, value_name = "NUMBER", requires = "offline")]
    threshold: Option<u64>,
}

impl Propose {
    pub(crate) async fn run(self) -> Result<()> {
        let data = match (&self.data, &self.call) {
            (_, Some(signature)) => calldata(signature, &self.arguments).map_err(|reason| eyre!(reason))?,
            (data, None) => data.clone().unwrap_or_default(),
        };
        // What the Safe does to itself makes owners.
        let signature = self.call.as_ref().filter(|_| self.to == self.safe);
        let keys = signature.map(|signature| keys(signature, &self.arguments)).unwrap_or_default();
        let (mut warning, mut asked) = (None, None);
        let (place, known, next) = match self.offline.known(self.safe)? {
            Some((place, known)) => {
                warning = known.expect_p256(self.safe, &keys)?;
                (place, known, self.nonce.unwrap_or_default())
            }
            None => {
                let chain = Chain::connect(&self.node.rpc_url).await?;
                self.offline.chain.map_or(Ok(()), |id| chain.expect_id(id))?;
                let safe = Safe::open(&chain, self.safe).await?;
                let state = safe.state().await?;
                safe.expect_p256(&keys).await?;
                if let Some(nonce) = self.nonce {
                    state.before(nonce)?;
                }
                if !data.is_empty() || self.allow_delegatecall {
                    safe.expect_code(self.to).await?;
                }
                asked = Some(safe.clone());
                (safe.place(), state.facts, state.nonce)
            }
        };
        let names = self.records.names(place.chain)?;
        let transaction = self.transaction(data, next);
        let proposal = Proposal::new(place, known, transaction, &names)?;
        if let Some(safe) = asked {
            safe.expect_libraries(&proposal).await?;
        }
        proposal.write_new(&self.out)?;
        self.tell(&proposal, &names, warning)
    }

    fn transaction(&self, data: Bytes, next: U256) -> Transaction {
        let Gas { safe_tx_gas, base_gas, gas_price, gas_token, refund_receiver } = self.gas;
        Transaction {
            to: self.to,
            value: self.value,
            data,
            operation: if self.allow_delegatecall { Operation::DelegateCall } else { Operation::Call },
            safe_tx_gas,
            base_gas,
            gas_price,
            gas_token: gas_token.unwrap_or_default(),
            refund_receiver: refund_receiver.unwrap_or_default(),
            nonce: self.nonce.unwrap_or(next),
        }
    }

    fn tell(&self, proposal: &Proposal, names: &Names, warning: Option<String>) -> Result<()> {
        if self.json {
            let told = with(json_of(proposal, names), json!({ "file": self.out, "warning": warning }));
            let unchecked = if self.offline.offline { json!({ "notChecked": UNCHECKED }) } else { Value::Null };
            return print(&with(told, unchecked));
        }
        say_all(proposal, names);
        if let Some(warning) = warning {
            say!("{warning}");
        }
        if self.offline.offline {
            say!("{UNCHECKED}");
        }
        let facts = proposal.known();
        say!("written to {}; {} of {} owners have to sign", self.out.display(), facts.threshold, facts.owners.len());
        Ok(())
    }
}

impl Offline {
    fn known(&self, safe: Address) -> Result<Option<(Place, Facts)>> {
        if !self.offline {
            return Ok(None);
        }
        let missing = "give --chain, --safe-version, --owners and --threshold";
        let facts = Facts {
            version: self.safe_version.clone().ok_or_eyre(missing)?,
            owners: self.owners.clone(),
            threshold: self.threshold.ok_or_eyre(missing)?,
        };
        Ok(Some((Place { chain: self.chain.ok_or_eyre(missing)?, contract: safe }, facts)))
    }
}

/// A whole number of any size.
fn whole(text: &str) -> Result<U256> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    ensure!(is_digits, "this is not a whole number: write it in digits");
    U256::from_str_radix(text, 10).wrap_err("this number is too large")
}

/// Calldata.
fn data(text: &str) -> Result<Bytes, &'static str> {
    let bytes = text.strip_prefix("0x").and_then(|digits| alloy::hex::decode(digits).ok());
    bytes.map(Bytes::from).ok_or("this is not data: write 0x and an even number of hexadecimal digits")
}
