//! `consilium registry`: batches of pointers, made and proven offline, and the registry on a chain.

mod access;
mod batch;
mod custody;
mod many;
mod offices;
mod pointers;
mod schemas;
mod signed;

use clap::Subcommand;
use consilium_deploy::registry::Registry;
use consilium_deploy::{Name, Sender};
use eyre::Result;

use crate::at::{At, By, Restrictedly, Told};
use crate::exit::EXIT_CODES;

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
    /// Clear where the manifest of a batch is, as its custodian. The root stays.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    ClearManifest(batch::Clear),
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
    /// Ask for the keys of a list of records, 50 in a transaction. What would be refused is left out, with the reason.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    RequestMany(many::Ask),
    /// Wrap a record's key for a request, and record the answer, as the pointer's custodian.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Deliver(access::Deliver),
    /// Decline a request that the subject's consent does not permit any more, as the pointer's custodian.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Decline(access::Decline),
    /// Count a request whose answer is overdue. Any account may.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Overdue(access::Overdue),
    /// Open a wrapped key, if it is the one that the custodian recorded. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Open(access::Open),
    /// Admit a custodian until a time, as an admitter; or say what to propose where the DAO itself admits.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Admit(offices::Admit),
    /// Remove a custodian at once, likewise. It keeps its pointers, and registers nothing more.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Remove(offices::Remove),
    /// Propose a schema of records; activate, deprecate and supersede schemas as a curator, or say what to propose.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Schema {
        #[command(subcommand)]
        command: schemas::Command,
    },
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Batch(make) => make.run(),
        Command::Prove(prove) => prove.run(),
        Command::Publish(publish) => publish.run().await,
        Command::ClearManifest(clear) => clear.run().await,
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
        Command::RequestMany(ask) => ask.run().await,
        Command::Deliver(deliver) => deliver.run().await,
        Command::Decline(decline) => decline.run().await,
        Command::Overdue(overdue) => overdue.run().await,
        Command::Open(open) => open.run().await,
        Command::Admit(admit) => admit.run().await,
        Command::Remove(remove) => remove.run().await,
        Command::Schema { command } => schemas::run(command).await,
    }
}

impl At {
    /// The registry there.
    async fn registry(&self) -> Result<Registry> {
        let (chain, contract) = self.find(NAME).await?;
        Registry::open(&chain, contract).await
    }
}

impl By {
    async fn registry(self) -> Result<(Registry, Sender, Told)> {
        let registry = self.at.registry().await?;
        let (sender, told) = self.sender(registry.chain())?;
        Ok((registry, sender, told))
    }
}

impl Restrictedly {
    async fn registry(self) -> Result<(Registry, Option<Sender>, Told)> {
        let registry = self.by.at.registry().await?;
        let (sender, told) = self.sender(registry.chain())?;
        Ok((registry, sender, told))
    }
}
