//! A node in this process: its threads, its port, and how it ends.

use crate::{
    ArbosVersion,
    arbos::ArbOs,
    chain::{Chain, Style, calls_may_run_here},
    evm::{MAX_CODE, Runtime, STACK_BYTES},
    genesis::{self, Genesis},
    rpc,
    stylus::{ProgramCounts, Programs},
};
use eyre::{WrapErr, eyre};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    thread,
    time::Duration,
};
use tokio::{net::TcpListener, runtime, sync::oneshot};

/// Threads that take requests and are never busy with a call. Blocks have a thread of their own.
const FREE_THREADS: usize = 2;

/// What a node is to be, before it starts.
#[derive(Debug, Clone)]
pub struct DevNodeBuilder {
    genesis: Genesis,
    version: ArbosVersion,
    style: Style,
    code_limit: usize,
    interval: Option<u64>,
    host: IpAddr,
    port: u16,
    program_cache: Option<PathBuf>,
}

impl Default for DevNodeBuilder {
    fn default() -> Self {
        Self {
            genesis: Genesis::default(),
            version: ArbosVersion::default(),
            style: Style::default(),
            code_limit: MAX_CODE,
            interval: None,
            host: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            program_cache: None,
        }
    }
}

impl DevNodeBuilder {
    /// Whether to start as `nitro --dev` does, with nothing but a funded account, or (the default) as nitro-devnode leaves
    /// a chain: with the CREATE2 factory, the StylusDeployer and a cache manager, and free of L1 fees.
    pub fn bare(mut self, bare: bool) -> Self {
        self.genesis = if bare { Genesis::Bare } else { Genesis::Devnode };
        self
    }

    /// The version of ArbOS that the chain starts with; 61 by default, as Arbitrum One has it.
    pub fn arbos_version(mut self, version: ArbosVersion) -> Self {
        self.version = version;
        self
    }

    /// Whether to behave as Hardhat's network does, so that test suites made for that run unchanged: with its accounts, its
    /// methods that change the state, one number and at least one second a block. False by default: as a Nitro node.
    pub fn hardhat(mut self, hardhat: bool) -> Self {
        self.style = if hardhat { Style::Hardhat } else { Style::Nitro };
        self
    }

    /// Whether contracts may have any size. False by default: 24,576 bytes, as on every chain (EIP-170).
    pub fn unlimited_code_size(mut self, unlimited: bool) -> Self {
        self.code_limit = if unlimited { usize::MAX } else { MAX_CODE };
        self
    }

    /// Seconds from each block to the next, whatever the wall clock says; 0 is a clock that stands until somebody moves it.
    /// `None`, the default, follows the wall clock. As `anvil_setBlockTimestampInterval`, from the first block on.
    pub fn block_timestamp_interval(mut self, seconds: impl Into<Option<u64>>) -> Self {
        self.interval = seconds.into();
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

    /// Keeps compiled programs in a folder, so that later nodes need not compile them; `None`, the default, keeps them in
    /// this process alone. The folder must belong to the user who runs the node, with nobody else writing to it: what lies
    /// there is run. Where it cannot be used, a warning is logged, and the node does without.
    pub fn program_cache(mut self, folder: impl Into<Option<PathBuf>>) -> Self {
        self.program_cache = folder.into();
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
        let programs = self.program_cache.as_deref().map_or_else(Programs::shared, Programs::kept_in)?;
        let runtime = Runtime::new(ArbOs::default(), Arc::clone(&programs), self.code_limit);
        let workers = thread::available_parallelism().map_or(2, usize::from).max(2);
        let chain = Chain::start(runtime, genesis::state(self.version, self.style), self.style, workers)
            .wrap_err("cannot start the chain's threads")?;
        let (genesis, interval) = (self.genesis, self.interval);
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let server = thread::Builder::new()
            .name("devnode".into())
            .spawn(move || serve(listener, chain, genesis, interval, workers, stopped, &ready))
            .wrap_err("cannot start the server's thread")?;
        is_ready.recv().map_err(|_| eyre!("the server ended before it began"))??;
        Ok(DevNode { address, programs, stop: Some(stop), server: Some(server) })
    }
}

/// How long a stopping node waits for a call that executes.
const STOPPING: Duration = Duration::from_secs(10);

fn serve(
    listener: std::net::TcpListener,
    chain: Chain,
    genesis: Genesis,
    interval: Option<u64>,
    calls: usize,
    stopped: oneshot::Receiver<()>,
    ready: &std::sync::mpsc::Sender<eyre::Result<()>>,
) {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(calls + FREE_THREADS)
        .thread_name("devnode-rpc")
        .thread_stack_size(STACK_BYTES)
        .on_thread_start(calls_may_run_here)
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
            chain.sequencer().set_timestamp_interval(interval).await;
            chain.sequencer().begin().await;
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
    // Connections that are still open are cut, and not waited for. Threads are: one that is left to itself while it ends
    // may crash the process, since glibc's pthread_detach reads what that thread has freed by then (its bug 19951).
    runtime.shutdown_timeout(STOPPING);
}

/// A running node. Dropping it stops it.
#[derive(Debug)]
pub struct DevNode {
    address: SocketAddr,
    programs: Arc<Programs>,
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

    /// How many programs were compiled for it, and how many found on disk. Nodes without a folder share what they compile,
    /// and the count of it.
    pub fn programs(&self) -> ProgramCounts {
        self.programs.counts()
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
