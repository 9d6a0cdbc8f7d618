//! `gateway`: `store` a record, `serve` those that are kept, `read` one as who asked for it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use alloy::primitives::{Address, B256};
use clap::{Args, Parser, Subcommand};
use consilium_deploy::consent::Names;
use consilium_deploy::registry::{EncryptionKey, Registry};
use consilium_deploy::{Chain, KeySource};
use eyre::{Result, WrapErr, bail};
use gateway::{Custodian, Deed, Vault, fetch, serve};
use tokio::net::TcpListener;

/// How often the chain is looked at.
const PAUSE: Duration = Duration::from_secs(1);

/// A custodian's gateway to its encrypted records. The account's key is in CONSILIUM_PRIVATE_KEY.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Encrypt a record, keep it, and register it.
    Store {
        #[command(flatten)]
        at: At,
        /// Where ciphertexts, keys and answers are kept.
        #[arg(long)]
        vault: PathBuf,
        /// Whose record it is.
        #[arg(long)]
        subject: Address,
        /// The class of data: a code or a number.
        #[arg(long, value_parser = class)]
        class: u8,
        /// The number of its schema.
        #[arg(long)]
        schema: u32,
        /// The record: a FHIR Bundle, say.
        record: PathBuf,
    },
    /// Answer requests, decline what is not permitted any more, and destroy what is erased. Serves by HTTP meanwhile.
    Serve {
        #[command(flatten)]
        at: At,
        /// Where ciphertexts, keys and answers are kept.
        #[arg(long)]
        vault: PathBuf,
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8560")]
        listen: SocketAddr,
    },
    /// Fetch and decrypt a record whose key was asked for, and print it.
    Read {
        #[command(flatten)]
        at: At,
        /// The custodian's gateway.
        #[arg(long, default_value = "http://127.0.0.1:8560")]
        gateway: String,
        /// The pointer's id.
        #[arg(long)]
        id: B256,
        /// The request's id, as `consilium registry request` prints it.
        #[arg(long)]
        request: B256,
        /// The file of the keys that were asked with.
        #[arg(long)]
        key_file: PathBuf,
    },
}

fn class(text: &str) -> Result<u8, String> {
    Names::standard().class(text)
}

/// The registry.
#[derive(Args)]
struct At {
    /// The data pointer registry.
    #[arg(long)]
    contract: Address,
    /// The node.
    #[arg(long, env = "CONSILIUM_RPC_URL", hide_env_values = true, default_value = "http://127.0.0.1:8547")]
    rpc_url: String,
}

impl At {
    async fn open(&self) -> Result<Registry> {
        Registry::open(&Chain::connect(&self.rpc_url).await?, self.contract).await
    }

    async fn custodian(&self, vault: Vault) -> Result<Custodian> {
        let registry = self.open().await?;
        let source = KeySource { keystore: None, password_file: None };
        let key = source.key(registry.chain().id(), || bail!("the key is in CONSILIUM_PRIVATE_KEY"))?;
        let sender = registry.chain().clone().with_key(key)?;
        Custodian::new(registry, sender, vault).await
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<()> {
    match command {
        Command::Store { at, vault, subject, class, schema, record } => {
            let bytes = std::fs::read(&record).wrap_err_with(|| format!("{} cannot be read", record.display()))?;
            let custodian = at.custodian(Vault::open(&vault)?).await?;
            let kept = custodian.store(subject, class, schema, &bytes).await?;
            println!("{} at {}", kept.id, kept.cid);
        }
        Command::Serve { at, vault, listen } => {
            let vault = Vault::open(&vault)?;
            let mut custodian = at.custodian(vault.clone()).await?;
            let listener = TcpListener::bind(listen).await.wrap_err_with(|| format!("cannot listen at {listen}"))?;
            println!("listening at http://{}", listener.local_addr()?);
            let server = tokio::spawn(serve(listener, vault));
            while !server.is_finished() {
                match custodian.turn().await {
                    Ok(deeds) => deeds.iter().for_each(tell),
                    // The node may answer again.
                    Err(error) => eprintln!("error: {error:#}"),
                }
                tokio::time::sleep(PAUSE).await;
            }
            server.await??;
        }
        Command::Read { at, gateway, id, request, key_file } => {
            let key = EncryptionKey::load(&key_file)?;
            let record = fetch(&at.open().await?, &gateway, id, request, &key).await?;
            std::io::Write::write_all(&mut std::io::stdout(), &record)?;
        }
    }
    Ok(())
}

fn tell(deed: &Deed) {
    match deed {
        Deed::Answered(request) => println!("answered {request}"),
        Deed::Declined(request, reason) => println!("declined {request}: reason {reason}"),
        Deed::Destroyed(id) => println!("destroyed {id}"),
        Deed::Failed(request, reason) => eprintln!("NOT DONE  {request}: {reason}"),
    }
}
