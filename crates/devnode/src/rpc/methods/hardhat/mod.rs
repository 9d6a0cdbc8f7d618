//! What Hardhat's network has and a Nitro node has not, by the names of Hardhat, Anvil and Ganache. All of it is there
//! only where the node was told to behave so.

mod accounts;
mod done;
mod mining;
mod pool;
mod sending;
mod signing;
mod state;

use crate::rpc::{error::RpcError, hardhat::Hardhat, node::Node, params::Params};
use serde_json::Value;

/// Runs a method, or gives its parameters back if it is another one.
pub(super) async fn call(
    node: &Node,
    hardhat: &Hardhat,
    method: &str,
    params: Params,
) -> Result<Result<Value, RpcError>, Params> {
    let chain = &node.chain;
    let prefixes = ["hardhat_", "anvil_", "ganache_"];
    let word = prefixes.iter().find_map(|prefix| method.strip_prefix(prefix));
    let result = match (word, method) {
        (_, "web3_clientVersion") => mining::client_version(chain, params),
        (Some("metadata"), _) => mining::metadata(chain, hardhat, params),
        (Some("reset"), _) => mining::reset(chain, hardhat, params).await,
        (Some("setLoggingEnabled"), _) => mining::set_logging(params),

        (_, "eth_accounts" | "eth_requestAccounts") => accounts::list(hardhat, params),
        (Some("impersonateAccount"), _) => accounts::impersonate(hardhat, params),
        (Some("stopImpersonatingAccount"), _) => accounts::stop_impersonating(hardhat, params),
        (Some("autoImpersonateAccount"), _) => accounts::impersonate_all(hardhat, params),
        (_, "eth_sign") => signing::sign(hardhat, params),
        (_, "personal_sign") => signing::personal_sign(hardhat, params),
        (_, "eth_signTypedData_v4" | "eth_signTypedData") => signing::sign_typed_data(hardhat, params),
        (_, "eth_sendTransaction") => sending::send(chain, hardhat, params).await,
        (_, "eth_sendUnsignedTransaction") => sending::send_unsigned(chain, hardhat, params).await,
        (_, "eth_sendRawTransaction") => sending::send_raw(chain, params).await,

        (Some("setBalance"), _) | (_, "evm_setAccountBalance") => state::set_balance(chain, params).await,
        (Some("setCode"), _) | (_, "evm_setAccountCode") => state::set_code(chain, params).await,
        (Some("setStorageAt"), _) | (_, "evm_setAccountStorageAt") => state::set_storage(chain, params).await,
        (Some("setNonce"), _) | (_, "evm_setAccountNonce") => state::set_nonce(chain, params).await,
        (Some("setNextBlockBaseFeePerGas"), _) => state::set_base_fee(chain, params).await,
        (Some("setCoinbase"), _) => state::set_coinbase(chain, params).await,
        (_, "eth_coinbase") => state::coinbase(chain, params).await,
        (Some("setPrevRandao"), _) => state::set_randao(chain, params).await,
        (Some("setBlockGasLimit"), _) | (_, "evm_setBlockGasLimit") => state::set_gas_limit(chain, params).await,

        (_, "evm_setAutomine") | (Some("setAutomine"), _) => mining::set_automine(chain, params).await,
        (Some("getAutomine"), _) => mining::automine(chain, params).await,
        (_, "evm_setIntervalMining") => mining::set_interval(chain, params).await,
        (_, "anvil_setBlockTimestampInterval") => mining::set_timestamp_interval(chain, params).await,
        (_, "anvil_removeBlockTimestampInterval") => mining::remove_timestamp_interval(chain, params).await,

        (Some("dropTransaction"), _) => pool::drop(chain, params).await,
        (_, "eth_getTransactionByHash") => return pool::transaction(chain, params),
        (_, "eth_getTransactionCount") => return pool::nonce(chain, params),
        (_, "eth_pendingTransactions") => pool::pending(chain, params),
        (_, "eth_getRawTransactionByHash" | "debug_getRawTransaction") => return pool::raw(chain, params),
        (_, "txpool_content") => pool::content(chain, params),
        (_, "txpool_contentFrom") => pool::content_from(chain, params),
        (_, "txpool_status") => pool::status(chain, params),
        (_, "txpool_inspect") => pool::inspect(chain, params),
        // Hardhat has no such method. Blocks are never of the same second here, so that gas for the last block's time would
        // be too little each time; clients that do not find it estimate for the next block.
        (_, "eth_fillTransaction") => Err(RpcError::no_method(method)),
        (_, "devnode_setL1BlockNumber") => {
            Err(RpcError::failed("block.number counts the blocks here; start the node without --hardhat to set it"))
        }

        _ => return Err(params),
    };
    Ok(result)
}
