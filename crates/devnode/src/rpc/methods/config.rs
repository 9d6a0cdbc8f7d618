//! `eth_config` (EIP-7910): what the chain is made of.

use crate::{
    CHAIN_ID,
    arbos::{self, HISTORY_STORAGE},
    chain::Chain,
    evm,
    rpc::{error::RpcError, json, params::Params},
};
use serde_json::{Map, Value, json};

/// The configuration that the newest block has. An upgrade of ArbOS is no fork with a time, so none comes next.
pub(super) fn config(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    let genesis = chain.block(0).ok_or_else(RpcError::internal)?;
    let named = |address| evm::precompile_name(address).or_else(|| arbos::precompile_name(address));
    let precompiles = chain.precompiles().iter().filter_map(|address| Some((named(*address)?, *address)));
    let precompiles: Map<_, _> = precompiles.map(|(name, at)| (name.to_owned(), json::address(at))).collect();
    Ok(json!({
        "current": {
            "activationTime": 0,
            "blobSchedule": null,
            "chainId": json::number(CHAIN_ID),
            // All forks are in the first block, so its hash alone makes the id (EIP-2124).
            "forkId": json::data(&crc32(genesis.hash.as_slice()).to_be_bytes()),
            "precompiles": precompiles,
            "systemContracts": { "HISTORY_STORAGE_ADDRESS": json::address(HISTORY_STORAGE) },
        },
        "next": null,
        "last": null,
    }))
}

/// The checksum of IEEE 802.3.
fn crc32(bytes: &[u8]) -> u32 {
    let shifted = |sum: u32, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
    !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), shifted))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the checksum's catalogues, and EIP-2124's first id: that of Ethereum's first block.
    #[test]
    fn checksums_are_those_of_everybody() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let ethereum = alloy_primitives::b256!("d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3");
        assert_eq!(crc32(ethereum.as_slice()), 0xfc64_ec04);
    }
}
