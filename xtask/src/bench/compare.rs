//! Compares the devnode with another node, a Nitro: both get the same transactions from the same client in the same run, by turns.
//!
//! Of the other node only the URL is known, so its memory and its start are not measured.

use super::client::{Endpoint, Request};
use super::load::{Crew, SENDERS};
use alloy::primitives::{Address, U64, U256, utils::format_ether, utils::parse_ether};
use consilium_deploy::{DEV_CHAIN, dev_key};
use eyre::{Result, WrapErr, ensure};
use std::time::Duration;

/// What the development account of the other node must have: the senders' ether, and the deployment's gas.
const NEEDED: &str = "20";

/// A node that was found fit to be measured.
#[derive(Debug)]
pub(crate) struct Other {
    endpoint: Endpoint,
    /// What it calls itself.
    pub(crate) version: String,
}

/// What was measured of both, the devnode's first.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) version: String,
    /// Transfers in each measurement of a rate.
    pub(crate) transfers: u64,
    /// Transfers of ether a second, in each round.
    pub(crate) ether: Vec<[u64; 2]>,
    /// Transfers of our voting token a second, in each round.
    pub(crate) stylus: Vec<[u64; 2]>,
    pub(crate) receipt: [Duration; 2],
    pub(crate) call: [Duration; 2],
}

impl Other {
    /// Looks at the node before anything is measured or sent.
    ///
    /// # Errors
    /// Where the URL is none, nobody answers, the chain is not a devnode's, or its development account is poor.
    pub(crate) fn find(url: &str) -> Result<Self> {
        let endpoint = Endpoint::parse(url).wrap_err("--nitro-url")?;
        let mut node = endpoint.connect().wrap_err("--nitro-url")?;
        let chain: U64 =
            node.send(&Request::new("eth_chainId", [(); 0])).wrap_err("--nitro-url: no node answers there")?;
        ensure!(
            chain == U64::from(DEV_CHAIN),
            "--nitro-url: this is a node of chain {chain}; the bench pays with the public key of Nitro's devnodes, so it \
             measures chain {DEV_CHAIN} alone (start Nitro with --dev)"
        );
        let account: Address = dev_key().address();
        let balance: U256 = node.send(&Request::new("eth_getBalance", (account, "latest")))?;
        ensure!(
            balance >= parse_ether(NEEDED)?,
            "--nitro-url: the development account {account} has {} ether there and the bench needs {NEEDED}: send it \
             some, or restart the node",
            format_ether(balance)
        );
        let version = node.send(&Request::new("web3_clientVersion", [(); 0]))?;
        Ok(Self { endpoint, version })
    }

    /// Measures the devnode at `devnode` and this node by turns: `rounds` times so many transfers of each kind.
    ///
    /// # Errors
    /// Where a transfer fails.
    pub(crate) async fn measure(self, devnode: &Endpoint, rounds: usize, transfers: u64) -> Result<Comparison> {
        let Self { endpoint, version } = self;
        let mut crews = [Crew::hire(devnode).await?, Crew::hire(&endpoint).await.wrap_err("--nitro-url")?];
        let unknown = || Ok(Duration::ZERO);
        let (mut ether, mut stylus) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ether.push(both(&mut crews, |crew| Ok(crew.ether(transfers, unknown)?.a_second))?);
            stylus.push(both(&mut crews, |crew| Ok(crew.stylus(transfers, unknown)?.a_second))?);
        }
        let receipt = both(&mut crews, Crew::until_receipt)?;
        let call = both(&mut crews, Crew::call)?;
        let transfers = transfers.div_ceil(SENDERS as u64) * SENDERS as u64;
        Ok(Comparison { version, transfers, ether, stylus, receipt, call })
    }
}

/// Measures one node after the other, so that neither takes the other's processor.
fn both<T>([devnode, other]: &mut [Crew; 2], measure: impl Fn(&mut Crew) -> Result<T>) -> Result<[T; 2]> {
    Ok([measure(devnode)?, measure(other).wrap_err("--nitro-url")?])
}

#[cfg(test)]
mod tests {
    use super::Other;
    use crate::bench::client::Endpoint;
    use alloy::primitives::utils::parse_ether;
    use consilium_deploy::{Chain, dev_key};
    use devnode::DevNode;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    #[tokio::test(flavor = "multi_thread")]
    async fn two_nodes_are_measured_by_turns() {
        let (first, second) = (DevNode::spawn().unwrap(), DevNode::spawn().unwrap());
        let devnode = Endpoint::local(first.address().port());
        // The second time the senders are known there, and their tokens are.
        for _ in 0..2 {
            let other = Other::find(&second.http_url()).unwrap();
            let measured = other.measure(&devnode, 2, 30).await.unwrap();
            assert_eq!(measured.transfers, 32);
            assert_eq!((measured.ether.len(), measured.stylus.len()), (2, 2));
            assert!(measured.ether.iter().chain(&measured.stylus).flatten().all(|rate| *rate > 0), "{measured:?}");
            assert!(measured.version.contains("devnode"), "{measured:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_node_that_cannot_be_measured_is_refused() {
        let refusal = |url: &str| format!("{:#}", Other::find(url).unwrap_err());
        assert!(refusal("nonsense").starts_with("--nitro-url: the bench takes a URL like http://"));
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert!(refusal(&format!("http://127.0.0.1:{free}")).contains("no node answers at 127.0.0.1"));

        let node = DevNode::spawn().unwrap();
        let dev = Chain::connect(&node.http_url()).await.unwrap().with_key(dev_key()).unwrap();
        let balance = alloy::providers::Provider::get_balance(dev.chain().provider(), dev_key().address());
        let all = balance.await.unwrap() - parse_ether("19").unwrap();
        dev.send(alloy::primitives::Address::repeat_byte(1), Default::default(), all).await.unwrap();
        let poor = refusal(&node.http_url());
        assert!(poor.contains("has 18.99") && poor.contains("needs 20"), "{poor}");
    }

    #[test]
    fn a_node_of_another_chain_is_refused() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.local_addr().unwrap());
        let serve = std::thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let _ = stream.read(&mut [0; 1_024]).unwrap();
            let body = r#"{"jsonrpc":"2.0","id":1,"result":"0xa4b1"}"#;
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        });
        let refusal = Other::find(&url).unwrap_err().to_string();
        assert!(refusal.contains("chain 42161") && refusal.contains("chain 412346 alone"), "{refusal}");
        serve.join().unwrap();
    }
}
