//! Events of a contract, and the block it appeared in.

use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use eyre::{Result, eyre};

use crate::chain::Chain;
use crate::explain::explain;

/// Collects what `filter` matches in a range of blocks. Where the node finds the range too large it is halved.
pub(crate) async fn collect(chain: &Chain, filter: &Filter, from: u64, to: u64) -> Result<Vec<Log>> {
    let mut found = Vec::new();
    // The earliest range is on top.
    let mut ranges = vec![(from, to)];
    while let Some((from, to)) = ranges.pop() {
        match chain.provider().get_logs(&filter.clone().from_block(from).to_block(to)).await {
            Ok(logs) => found.extend(logs),
            Err(error) if error.is_error_resp() && from < to => {
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
