//! `consilium registry`: batches of pointers, made and proven offline, and the registry on a chain.

mod access;
mod batch;
mod custody;
mod pointers;
mod signed;

use std::path::PathBuf;

use alloy::primitives::{Address, B256};
use clap::{Args, Subcommand};
use consilium_deploy::registry::{Registry, Sent};
use consilium_deploy::signing::address;
use consilium_deploy::{Chain, Deployment, Name, Sender};
use eyre::{Result, WrapErr, eyre};
use serde_json::{Value, json};

use crate::say::{answer, say};
use crate::{EXIT_CODES, Key, Node};

/// The registry's name in a record.
const NAME: Name = Name::new("data-pointer-registry");

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a batch of a list of pointers: its Merkle root, its manifest and its proofs. Asks no node.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Batch(batch::Make),
    /// Print a pointer of a batch and its proof. Asks no node.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Prove(batch::Prove),
    /// Publish the root of a batch, as its custodian.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Publish(batch::Publish),
    /// Register a pointer of a batch by its proof. Any account may.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Individualize(batch::Individualize),
    /// Make a key to encrypt a record with, and print the commitment to it. Asks no node.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Key(access::MakeKey),
    /// Register a pointer, as its custodian.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Register(pointers::Register),
    /// Say what the registry knows of a pointer. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Show(pointers::Show),
    /// Erase a pointer, as its custodian or its subject.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Erase(pointers::Erase),
    /// Refuse a pointer that was never registered, as its subject: it never will be.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Refuse(pointers::Refuse),
    /// Offer a pointer to another custodian, as its custodian.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Offer(custody::Offer),
    /// Take an offer back, as the pointer's custodian.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Withdraw(custody::Offered),
    /// Take a pointer over that is offered to you, as a custodian.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Accept(custody::Offered),
    /// Sign an act, offline, to a file that others can relay. Asks no node.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Sign(Box<signed::Sign>),
    /// Bring signed acts to the registry. What would not be performed is left out, with the reason.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Relay(signed::Relay),
    /// Ask for the key of a record. The answer is wrapped for a key of X25519, which is made unless one is given.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Request(access::Ask),
    /// Wrap a record's key for a request, and record the answer, as the pointer's custodian.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Deliver(access::Deliver),
    /// Decline a request that the subject's consent does not permit any more, as the pointer's custodian.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Decline(access::Decline),
    /// Open a wrapped key, if it is the one that the custodian recorded. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Open(access::Open),
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Batch(make) => make.run(),
        Command::Prove(prove) => prove.run(),
        Command::Publish(publish) => publish.run().await,
        Command::Individualize(individualize) => individualize.run().await,
        Command::Key(make) => make.run(),
        Command::Register(register) => register.run().await,
        Command::Show(show) => show.run().await,
        Command::Erase(erase) => erase.run().await,
        Command::Refuse(refuse) => refuse.run().await,
        Command::Offer(offer) => offer.run().await,
        Command::Withdraw(offered) => offered.withdraw().await,
        Command::Accept(offered) => offered.accept().await,
        Command::Sign(sign) => sign.run(),
        Command::Relay(relay) => relay.run().await,
        Command::Request(ask) => ask.run().await,
        Command::Deliver(deliver) => deliver.run().await,
        Command::Decline(decline) => decline.run().await,
        Command::Open(open) => open.run().await,
    }
}

/// The registry, and its chain.
#[derive(Args)]
struct At {
    /// The data pointer registry; else the one in the record of the chain's deployment.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    contract: Option<Address>,
    /// Where `deploy` keeps the record of each chain's deployment.
    #[arg(long, value_name = "FOLDER", default_value = "deployments", conflicts_with = "contract")]
    records: PathBuf,
    #[command(flatten)]
    node: Node,
}

impl At {
    /// The registry there.
    async fn open(&self) -> Result<Registry> {
        let chain = Chain::connect(&self.node.rpc_url).await?;
        let contract = match self.contract {
            Some(contract) => contract,
            None => self.recorded(chain.id())?,
        };
        Registry::open(&chain, contract).await
    }

    fn recorded(&self, id: u64) -> Result<Address> {
        let folder = self.records.display();
        let missing = || eyre!("{folder} has no record of a deployment on chain {id}: give --contract, or --records");
        let record = Deployment::read(&self.records, id)?.ok_or_else(missing)?;
        record.address(NAME).wrap_err_with(|| {
            format!("{} names no data pointer registry: give --contract", Deployment::path(&self.records, id).display())
        })
    }
}

/// The registry, its chain, the account that sends, and how the answer is printed.
#[derive(Args)]
struct By {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    key: Key,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl By {
    async fn open(self) -> Result<(Registry, Sender, Told)> {
        let registry = self.at.open().await?;
        let key = self.key.key(registry.chain().id())?;
        let sender = registry.chain().clone().with_key(key)?;
        Ok((registry, sender, Told(self.json)))
    }
}

/// Prints what was done; as JSON, if it is true.
struct Told(bool);

impl Told {
    /// A line and the transaction, or the members of an object and the transaction.
    fn done(&self, line: &str, mut value: Value, sent: &Sent) -> Result<()> {
        let Sent { transaction, gas_used } = sent;
        if let (true, Some(members)) = (self.0, value.as_object_mut()) {
            members.insert("transaction".to_owned(), json!(transaction));
            members.insert("gasUsed".to_owned(), json!(gas_used));
            return answer(&serde_json::to_string_pretty(&value)?);
        }
        say!("{line}");
        say!("{gas_used} gas, transaction {transaction}");
        Ok(())
    }
}

/// The id of a pointer or a request.
fn id(text: &str) -> Result<B256, &'static str> {
    let id = text.strip_prefix("0x").and_then(|digits| digits.parse().ok());
    id.ok_or("this is not an id: write 0x and 64 hexadecimal digits")
}
