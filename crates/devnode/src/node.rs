//! A node in this process: its threads, its port, and how it ends.

use crate::{
    arbos::ArbOs,
    chain::Chain,
    genesis::{self, Genesis},
    rpc,
    stylus::Runtime,
};
use eyre::{WrapErr, eyre};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    thread,
};
use tokio::{net::TcpListener, runtime, sync::oneshot};

/// Threads that take requests; blocks and calls have threads of their own.
const SERVING_THREADS: usize = 2;

/// What a node is to be, before it starts.
#[derive(Debug, Clone)]
pub struct DevNodeBuilder {
    genesis: Genesis,
    host: IpAddr,
    port: u16,
}

impl Default for DevNodeBuilder {
    fn default() -> Self {
        Self { genesis: Genesis::default(), host: Ipv4Addr::LOCALHOST.into(), port: 0 }
    }
}

impl DevNodeBuilder {
    /// Whether to start as `nitro --dev` does, with nothing but a funded account, or (the default) as nitro-devnode leaves
    /// a chain: with the CREATE2 factory, the StylusDeployer and a cache manager, and free of L1 fees.
    pub fn bare(mut self, bare: bool) -> Self {
        self.genesis = if bare { Genesis::Bare } else { Genesis::Devnode };
        self
    }

    /// The address to listen on; 127.0.0.1 by default.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// The port to listen on; 0, the default, takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Starts the node. It answers when this returns.
    ///
    /// # Errors
    /// If the port is taken or threads cannot be started.
    pub fn spawn(self) -> eyre::Result<DevNode> {
        let asked = SocketAddr::new(self.host, self.port);
        let listener = std::net::TcpListener::bind(asked)
            .wrap_err_with(|| format!("cannot listen on {asked}: is another node running there?"))?;
        listener.set_nonblocking(true).wrap_err("cannot set the port up")?;
        let address = listener.local_addr().wrap_err("cannot read the port's number")?;
        let runtime = Runtime::new(ArbOs::default())?;
        let workers = thread::available_parallelism().map_or(2, usize::from).max(2);
        let chain = Chain::start(runtime, genesis::state(), workers).wrap_err("cannot start the chain's threads")?;
        let genesis = self.genesis;
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let server = thread::Builder::new()
            .name("devnode".into())
            .spawn(move || serve(listener, chain, genesis, stopped, &ready))
            .wrap_err("cannot start the server's thread")?;
        is_ready.recv().map_err(|_| eyre!("the server ended before it began"))??;
        Ok(DevNode { address, stop: Some(stop), server: Some(server) })
    }
}

fn serve(
    listener: std::net::TcpListener,
    chain: Chain,
    genesis: Genesis,
    stopped: oneshot::Receiver<()>,
    ready: &std::sync::mpsc::Sender<eyre::Result<()>>,
) {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(SERVING_THREADS)
        .thread_name("devnode-rpc")
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = ready.send(Err(error.into()));
            return;
        }
    };
    runtime.block_on(async move {
        let prepared = async {
            genesis.prepare(&chain).await?;
            Ok(TcpListener::from_std(listener)?)
        };
        match prepared.await {
            Err(error) => {
                let _ = ready.send(Err(error));
            }
            Ok(listener) => {
                let _ = ready.send(Ok(()));
                tokio::select! {
                    _ = rpc::serve(listener, chain) => {}
                    _ = stopped => {}
                }
            }
        }
    });
    // Connections that are still open are cut, not waited for.
    runtime.shutdown_background();
}

/// A running node. Dropping it stops it.
#[derive(Debug)]
pub struct DevNode {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: Option<thread::JoinHandle<()>>,
}

impl DevNode {
    /// Starts a node on a free port of this machine, in the state that nitro-devnode leaves.
    ///
    /// # Errors
    /// As [`DevNodeBuilder::spawn`].
    pub fn spawn() -> eyre::Result<Self> {
        Self::builder().spawn()
    }

    /// To start one otherwise.
    pub fn builder() -> DevNodeBuilder {
        DevNodeBuilder::default()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL for JSON-RPC over HTTP.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its URL for JSON-RPC over WebSocket, on the same port.
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.address)
    }
}

impl Drop for DevNode {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            let _ = stop.send(());
        }
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}
