//! Events of a contract, and the block it appeared in.

use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use eyre::{Result, eyre};

use crate::chain::Chain;
use crate::explain::{explain, is_unserved};

/// A range of more blocks than this is halved also where the node, or what stands before it, breaks off: it may take too
/// long, or be too much for one answer.
const WIDE: u64 = 10_000;

/// Collects what `filter` matches in a range of blocks. Where the node finds the range too large it is halved.
pub(crate) async fn collect(chain: &Chain, filter: &Filter, from: u64, to: u64) -> Result<Vec<Log>> {
    let mut found = Vec::new();
    // The earliest range is on top.
    let mut ranges = vec![(from, to)];
    while let Some((from, to)) = ranges.pop() {
        match chain.provider().get_logs(&filter.clone().from_block(from).to_block(to)).await {
            Ok(logs) => found.extend(logs),
            Err(error) if from < to && (error.is_error_resp() || to - from > WIDE && is_unserved(&error)) => {
                if !error.is_error_resp() {
                    // A node that is down is not asked for each half.
                    chain.head().await?;
                }
                let middle = from + (to - from) / 2;
                ranges.extend([(middle + 1, to), (from, middle)]);
            }
            Err(error) => return Err(eyre!("the events of blocks {from} to {to} are not served: {}", explain(&error))),
        }
    }
    Ok(found)
}

/// Where an event is on the chain: block, index of the transaction, index of the event. None of an event that is in no
/// block yet.
pub(crate) fn place(log: &Log) -> Option<(u64, u64, u64)> {
    Some((log.block_number?, log.transaction_index?, log.log_index?))
}

/// The block that a contract appeared in, by looking where its code begins; none where the node has no old states and so
/// cannot say.
pub(crate) async fn appearance(chain: &Chain, contract: Address, head: u64) -> Result<Option<u64>> {
    let (mut absent, mut present) = (0, head);
    while absent < present {
        let middle = absent + (present - absent) / 2;
        match chain.provider().get_code_at(contract).number(middle).await {
            Ok(code) if code.is_empty() => absent = middle + 1,
            Ok(_) => present = middle,
            Err(error) if error.is_error_resp() => return Ok(None),
            Err(error) => {
                return Err(eyre!("could not read the code at {contract} in block {middle}: {}", explain(&error)));
            }
        }
    }
    Ok(Some(present))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use devnode::DevNode;
    use harness::front::{http, node};
    use serde_json::json;

    use super::*;

    /// A node that answers with 502 to a range that is wider than so many blocks, and counts them all.
    async fn narrow(behind: &DevNode, most: u64) -> Result<(Chain, Arc<AtomicU64>)> {
        // The first connection of a process chooses how TLS is done.
        Chain::connect(&behind.http_url()).await?;
        let (asked, count) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let found = count.clone();
        let url = node(behind.http_url(), move |method, params, _| {
            let number = |name: &str| {
                let text = params[0][name].as_str().expect("a number");
                u64::from_str_radix(text.trim_start_matches("0x"), 16).expect("a number")
            };
            (method == "eth_getLogs").then(|| {
                assert!(asked.fetch_add(1, Ordering::SeqCst) < 200, "it gives up");
                let width = number("toBlock") - number("fromBlock") + 1;
                if width > most {
                    return http(502);
                }
                count.fetch_add(width, Ordering::SeqCst);
                json!({ "result": [] })
            })
        });
        Ok((Chain::connect(&url.await?).await?, found))
    }

    #[tokio::test]
    async fn a_wide_range_is_halved_where_the_answer_breaks_off() -> Result<()> {
        let behind = DevNode::spawn()?;
        let (chain, count) = narrow(&behind, 20_000).await?;
        assert!(collect(&chain, &Filter::new(), 0, 999_999).await?.is_empty());
        assert_eq!(count.load(Ordering::SeqCst), 1_000_000);

        let (chain, _) = narrow(&behind, 0).await?;
        let error = collect(&chain, &Filter::new(), 0, 999_999).await.expect_err("no range is served").to_string();
        assert!(error.starts_with("the events of blocks 0 to 7812 are not served: "), "{error}");
        Ok(())
    }
}
