//! A node that takes requests and does not answer: from the beginning, or from the middle of a deployment on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use consilium_deploy::{Chain, Deployment, Silent, deploy, dev_key};
use eyre::{Result, eyre};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

use crate::setup::Site;

/// Long enough for every answer that comes.
const PATIENCE: Duration = Duration::from_secs(3);

#[tokio::test]
async fn a_node_that_never_answers_is_given_up() -> Result<()> {
    // Connections are made, by the system, and nobody reads what comes.
    let silent = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", silent.local_addr()?);
    let error = format!("{:#}", Chain::connect_within(&url, PATIENCE).await.expect_err("silence"));
    assert_eq!(error, format!("no node answers at {url}: it has been silent for 3s"));
    Ok(())
}

/// Passes on what comes to a node until so many transactions have been sent, and then swallows everything.
async fn falls_silent_after(transactions: usize, node: &str) -> Result<String> {
    let proxy = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", proxy.local_addr()?);
    let node = node.strip_prefix("http://").ok_or_else(|| eyre!("{node} is no plain URL"))?.to_owned();
    let sent = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((client, _)) = proxy.accept().await {
            tokio::spawn(pass_on(client, node.clone(), transactions, sent.clone()));
        }
    });
    Ok(url)
}

async fn pass_on(client: TcpStream, node: String, most: usize, sent: Arc<AtomicUsize>) -> Result<()> {
    let (mut requests, mut back) = client.into_split();
    let (mut answers, mut forth) = TcpStream::connect(node).await?.into_split();
    tokio::spawn(async move { copy(&mut answers, &mut back).await });
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = requests.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        // A request's method stands at the beginning of its body, in one piece.
        const METHOD: &[u8] = b"eth_sendRawTransaction";
        if buffer[..count].windows(METHOD.len()).any(|window| window == METHOD) {
            sent.fetch_add(1, Ordering::SeqCst);
        }
        if sent.load(Ordering::SeqCst) <= most {
            forth.write_all(&buffer[..count]).await?;
        }
    }
}

/// The deployment stops with a sentence, its record says how far it came, and the next run goes on from there.
#[tokio::test]
async fn a_node_that_falls_silent_stops_the_deployment_and_no_more() -> Result<()> {
    let site = Site::new()?;
    let url = falls_silent_after(1, &site.node.http_url()).await?;
    let sender = Chain::connect_within(&url, PATIENCE).await?.with_key(dev_key())?;
    let stopped = deploy(&sender, &site.config, &site.artifacts, site.records(), &mut Silent).await;
    let error = format!("{:#}", stopped.expect_err("silence"));
    assert!(error.starts_with("could not ") && error.ends_with(": the node has fallen silent"), "{error}");
    let record = Deployment::read(site.records(), site.config.chain.id)?.ok_or_else(|| eyre!("no record"))?;
    assert!(!record.complete);
    assert_eq!(record.transactions.len(), 1);

    assert!(site.finish().await?.complete);
    site.verify().await?.ensure()
}
