//! `devnode`: a local Arbitrum Nitro chain with Stylus.

use clap::Parser;
use devnode::{ArbosVersion, DevNode};
use std::{
    env,
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// A local Arbitrum Nitro chain with Stylus, for development and tests. It keeps everything in memory and ends with Ctrl-C.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Start as `nitro --dev` does: only the development account has ether, nothing is deployed.
    #[arg(long)]
    bare: bool,
    /// Behave as Hardhat's network, so that JavaScript test suites run unchanged: its 20 accounts with 10,000 ether each, its
    /// methods (impersonation, setBalance, mine, automine and the like), `block.number` that counts the blocks, each at least
    /// a second after the last.
    #[arg(long)]
    hardhat: bool,
    /// Let contracts have any size, as Hardhat's `allowUnlimitedContractSize`; otherwise 24,576 bytes.
    #[arg(long)]
    unlimited_code_size: bool,
    /// Version of ArbOS that the chain starts with: 51, 60 or 61.
    #[arg(long, value_name = "VERSION", default_value_t = ArbosVersion::default())]
    arbos: ArbosVersion,
    /// Address to listen on.
    #[arg(long, default_value_t = Ipv4Addr::LOCALHOST.into())]
    host: IpAddr,
    /// Port for JSON-RPC over HTTP and WebSocket; 0 takes a free one.
    #[arg(long, default_value_t = 8547)]
    port: u16,
    /// Where compiled programs are kept for the next start, or `off`. By default in the user's folder for caches; what lies
    /// there is run, so nobody else may be able to write to it.
    #[arg(long, value_name = "DIR|off")]
    program_cache: Option<PathBuf>,
}

fn main() -> eyre::Result<()> {
    let Arguments { bare, hardhat, unlimited_code_size, arbos, host, port, program_cache } = Arguments::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter()).init();
    let program_cache = match program_cache {
        Some(word) if word.as_os_str() == "off" => None,
        Some(folder) => Some(folder),
        None => user_cache().map(|caches| caches.join("consilium-devnode/programs")),
    };
    let node = DevNode::builder()
        .bare(bare)
        .hardhat(hardhat)
        .unlimited_code_size(unlimited_code_size)
        .arbos_version(arbos)
        .host(host)
        .port(port)
        .program_cache(program_cache)
        .spawn()?;
    println!("listening on {} (HTTP and WebSocket), chain id {}", node.address(), devnode::CHAIN_ID);
    println!("development account {}", devnode::DEV_ACCOUNT);
    println!("its private key     {}", devnode::DEV_KEY);
    if hardhat {
        println!("20 accounts of the mnemonic \"{}\"", devnode::MNEMONIC);
    }
    wait_for_interrupt()
}

/// What is logged: warnings, unless `RUST_LOG` says otherwise.
fn filter() -> EnvFilter {
    EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy()
}

/// The user's folder for caches, by the platform's convention.
fn user_cache() -> Option<PathBuf> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return absolute("LOCALAPPDATA");
    }
    let below = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
    absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(below)))
}

fn wait_for_interrupt() -> eyre::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    Ok(runtime.block_on(tokio::signal::ctrl_c())?)
}
