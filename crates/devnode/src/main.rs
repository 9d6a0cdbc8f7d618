//! `devnode`: a local Arbitrum Nitro chain with Stylus.

use clap::Parser;
use devnode::DevNode;
use std::net::{IpAddr, Ipv4Addr};

/// A local Arbitrum Nitro chain with Stylus, for development and tests. It keeps everything in memory and ends with Ctrl-C.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Start as `nitro --dev` does: only the development account has ether, nothing is deployed.
    #[arg(long)]
    bare: bool,
    /// Address to listen on.
    #[arg(long, default_value_t = Ipv4Addr::LOCALHOST.into())]
    host: IpAddr,
    /// Port for JSON-RPC over HTTP and WebSocket; 0 takes a free one.
    #[arg(long, default_value_t = 8547)]
    port: u16,
}

fn main() -> eyre::Result<()> {
    let Arguments { bare, host, port } = Arguments::parse();
    let node = DevNode::builder().bare(bare).host(host).port(port).spawn()?;
    println!("listening on {} (HTTP and WebSocket), chain id {}", node.address(), devnode::CHAIN_ID);
    println!("development account {}", devnode::DEV_ACCOUNT);
    println!("its private key     {}", devnode::DEV_KEY);
    wait_for_interrupt()
}

fn wait_for_interrupt() -> eyre::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    Ok(runtime.block_on(tokio::signal::ctrl_c())?)
}
