//! The devnode as a program: how fast it is there, how little it holds.

use super::client::{Endpoint, Request};
use crate::project;
use alloy::primitives::U64;
use eyre::{Context, Result, bail};
use harness::process::Process;
use std::net::TcpListener;
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

    /// Where it listens.
    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint::local(self.port)
    }

    /// The memory it holds, in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        Process::of(self.process.id()).memory()
    }

    /// Processor time that it has used, of all its threads.
    pub(crate) fn processor(&self) -> Result<Duration> {
        Process::of(self.process.id()).processor()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether a request is answered.
fn answers(port: u16) -> bool {
    let ask = || Endpoint::local(port).connect()?.send::<U64>(&Request::new("eth_chainId", [(); 0]));
    ask().is_ok()
}
