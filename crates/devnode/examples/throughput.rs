//! How fast a node takes transactions and answers calls: `cargo run -p devnode --example throughput [url]`.
//!
//! Signs everything first, so that the client costs as little as it can, and sends each sender's transactions one after
//! the other over a connection of its own. Without a URL it starts a node in this process.

#[path = "../tests/common/wallet.rs"]
mod wallet;

use devnode::DevNode;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};
use wallet::Wallet;

const SENDERS: u64 = 16;
const EACH: u64 = 500;

fn main() -> eyre::Result<()> {
    let (address, _node) = match std::env::args().nth(1) {
        Some(url) => (url.trim_start_matches("http://").trim_end_matches('/').to_owned(), None),
        None => {
            let node = DevNode::spawn()?;
            (node.address().to_string(), Some(node))
        }
    };
    let mut client = Connection::open(&address)?;
    let dev = Wallet::dev();
    let count = client.call("eth_getTransactionCount", &format!("\"{}\",\"latest\"", dev.address()))?;
    let first = u64::from_str_radix(count.trim_matches('"').trim_start_matches("0x"), 16)?;
    let senders: Vec<_> = (0..SENDERS).map(Wallet::number).collect();
    for (nonce, sender) in (first..).zip(&senders) {
        client.call(
            "eth_sendRawTransaction",
            &format!("\"{}\"", dev.transfer(nonce, sender.address(), 10u128.pow(18))),
        )?;
    }
    let sink = dev.address();
    let signed: Vec<Vec<String>> = senders
        .iter()
        .map(|sender| (0..EACH).map(|nonce| format!("\"{}\"", sender.transfer(nonce, sink, 1))).collect())
        .collect();

    let begin = Instant::now();
    let mut latencies: Vec<Duration> = thread::scope(|scope| {
        let threads: Vec<_> = signed
            .iter()
            .map(|transactions| {
                let address = address.clone();
                scope.spawn(move || -> eyre::Result<Vec<Duration>> {
                    let mut client = Connection::open(&address)?;
                    transactions
                        .iter()
                        .map(|raw| {
                            let begin = Instant::now();
                            client.call("eth_sendRawTransaction", raw)?;
                            Ok(begin.elapsed())
                        })
                        .collect()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no sender panics")).collect::<eyre::Result<Vec<_>>>()
    })?
    .concat();
    let elapsed = begin.elapsed();
    latencies.sort();
    println!("{SENDERS} senders: {:.0} transfers a second", (SENDERS * EACH) as f64 / elapsed.as_secs_f64());
    println!(
        "  answered after {:?} (median), {:?} (99%)",
        latencies[latencies.len() / 2],
        latencies[latencies.len() * 99 / 100]
    );

    let mut alone = Vec::new();
    for nonce in first + SENDERS..first + SENDERS + 200 {
        let raw = format!("\"{}\"", dev.transfer(nonce, sink, 1));
        let begin = Instant::now();
        let hash = client.call("eth_sendRawTransaction", &raw)?;
        client.call("eth_getTransactionReceipt", &hash)?;
        alone.push(begin.elapsed());
    }
    println!("one sender: receipt after {:?} (median)", median(alone));

    let call = format!("{{\"to\":\"{sink}\"}},\"latest\"");
    let calls = (0..500).map(|_| {
        let begin = Instant::now();
        client.call("eth_call", &call).map(|_| begin.elapsed())
    });
    println!("eth_call: {:?} (median)", median(calls.collect::<eyre::Result<_>>()?));
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A connection that is kept open.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: &str) -> eyre::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Calls a method with parameters as JSON text; the result as JSON text.
    fn call(&mut self, method: &str, params: &str) -> eyre::Result<String> {
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":[{params}]}}"#);
        let request = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.get_mut().write_all(request.as_bytes())?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        let body = String::from_utf8(body)?;
        match body.split_once("\"result\":") {
            Some((_, result)) => Ok(result.trim_end().trim_end_matches('}').to_owned()),
            None => Err(eyre::eyre!("{method}: {body}")),
        }
    }
}
