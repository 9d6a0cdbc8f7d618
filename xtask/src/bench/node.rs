//! The devnode as a program: how fast it is there, how little it holds.

use crate::project;
use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use eyre::{Context, OptionExt, Result, bail};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A devnode in a process of its own. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Node {
    process: Child,
    port: u16,
    /// From the process's start to its first answer.
    pub(crate) first_answer: Duration,
}

impl Node {
    /// Starts one on a free port and waits for its first answer.
    pub(crate) fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let program = project::root().join("target/debug/devnode");
        let mut command = Command::new(&program);
        // Whatever an earlier start left on this machine must not count.
        command.args(["--port", &port.to_string(), "--program-cache", "off"]).stdout(Stdio::null());
        let begun = Instant::now();
        let process = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let mut node = Self { process, port, first_answer: Duration::ZERO };
        while !answers(port) {
            if begun.elapsed() > Duration::from_secs(10) {
                bail!("the devnode gave no answer in 10 seconds");
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        node.first_answer = begun.elapsed();
        Ok(node)
    }

    /// Its JSON-RPC.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A connection of its own to it.
    pub(crate) fn connect(&self) -> Result<DynProvider> {
        Ok(ProviderBuilder::default().connect_http(self.url().parse()?).erased())
    }

    /// The memory it holds, in bytes (Linux: VmRSS).
    pub(crate) fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or_eyre("no VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether a request is answered, asked by as little client as there can be: a client's own start is not the node's.
fn answers(port: u16) -> bool {
    const BODY: &str = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}"#;
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close";
        write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.contains("\"result\""))
}
