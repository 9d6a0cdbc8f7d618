//! The methods, by group. [`call`] is the list of what there is.

mod access_list;
mod arbdebug;
mod blocks;
mod call;
mod config;
mod database;
mod debug;
mod fee_defaults;
mod fees;
mod fill;
mod hardhat;
mod identity;
mod lists;
mod logs;
mod overrides;
mod proof;
mod raw;
mod request;
mod resend;
mod send;
mod simulate;
mod state;
mod subscribe;
mod time;

use super::{error::RpcError, node::Node, params::Params, subscription::Subscriber};
use crate::ArbosVersion;
use serde_json::Value;
use std::sync::Arc;

/// Runs a method; its result as JSON text.
pub(super) async fn call(
    node: &Arc<Node>,
    method: &str,
    params: Params,
    session: Option<&Subscriber>,
) -> Result<String, RpcError> {
    let params = match &node.hardhat {
        Some(hardhat) => match hardhat::call(node, hardhat, method, params).await {
            Ok(result) => return result.map(|value| value.to_string()),
            Err(params) => params,
        },
        None => params,
    };
    let chain = &node.chain;
    let result: Value = match method {
        "web3_clientVersion" => identity::client_version(chain, params)?,
        "web3_sha3" => identity::sha3(params)?,
        "net_version" => identity::net_version(params)?,
        "rpc_modules" => identity::modules(params)?,
        "eth_config" => config::config(chain, params)?,
        "eth_chainId" => identity::chain_id(params)?,
        "eth_syncing" => identity::syncing(params)?,
        "eth_accounts" => identity::accounts(params)?,
        "txpool_content" => identity::txpool_content(params)?,
        "txpool_status" | "txpool_inspect" => identity::no_pool(params)?,
        "txpool_contentFrom" => identity::no_pool_of(params)?,
        "arb_maintenanceStatus" => identity::maintenance(params)?,
        "arb_checkPublisherHealth" => identity::publisher_health(params)?,
        "eth_sign" | "eth_sendTransaction" | "eth_signTransaction" => return Err(RpcError::failed("unknown account")),

        "eth_blockNumber" => blocks::number(chain, params)?,
        "eth_getBlockByNumber" => blocks::by_number(chain, params)?,
        "eth_getBlockByHash" => blocks::by_hash(chain, params)?,
        "eth_getHeaderByNumber" => blocks::header_by_number(chain, params)?,
        "eth_getHeaderByHash" => blocks::header_by_hash(chain, params)?,
        "eth_getBlockReceipts" => blocks::receipts(chain, params)?,
        "eth_getBlockTransactionCountByNumber" => blocks::count_by_number(chain, params)?,
        "eth_getBlockTransactionCountByHash" => blocks::count_by_hash(chain, params)?,
        "eth_getUncleCountByBlockNumber" => blocks::uncles_by_number(chain, params)?,
        "eth_getUncleCountByBlockHash" => blocks::uncles_by_hash(chain, params)?,
        "eth_getUncleByBlockNumberAndIndex" => blocks::uncle_by_number(params)?,
        "eth_getUncleByBlockHashAndIndex" => blocks::uncle_by_hash(params)?,
        "eth_getTransactionByHash" => blocks::transaction(chain, params)?,
        "eth_getTransactionByBlockNumberAndIndex" => blocks::transaction_by_number(chain, params)?,
        "eth_getTransactionByBlockHashAndIndex" => blocks::transaction_by_block(chain, params)?,
        "eth_getRawTransactionByHash" | "debug_getRawTransaction" => blocks::raw(chain, params)?,
        "eth_getRawTransactionByBlockNumberAndIndex" => blocks::raw_by_number(chain, params)?,
        "eth_getRawTransactionByBlockHashAndIndex" => blocks::raw_by_block(chain, params)?,
        "eth_getTransactionReceipt" => blocks::receipt(chain, params)?,

        "eth_getBalance" => state::balance(chain, params)?,
        "eth_getCode" => state::code(chain, params)?,
        "eth_getStorageAt" => state::storage(chain, params)?,
        "eth_getProof" => proof::get(chain, params).await?,
        "eth_getTransactionCount" => state::nonce(chain, params)?,

        "eth_gasPrice" => fees::gas_price(chain, params)?,
        "eth_maxPriorityFeePerGas" => fees::tip(params)?,
        "eth_blobBaseFee" => fees::blob(params)?,
        "eth_feeHistory" => fees::history(chain, params)?,

        "eth_call" => call::call(chain, params).await?,
        "eth_estimateGas" => call::estimate(chain, params).await?,
        "eth_createAccessList" => access_list::create(chain, params).await?,
        "eth_simulateV1" => simulate::simulate(chain, params).await?,
        "eth_fillTransaction" => fill::fill(chain, params).await?,
        "eth_resend" => resend::resend(chain, params).await?,
        "eth_sendRawTransaction" => send::raw(chain, params).await?,
        // Nitro v3.10 has it, and v3.9 does not.
        "eth_sendRawTransactionSync" if chain.head().arbos.version >= ArbosVersion::V60 => {
            send::and_wait(chain, params).await?
        }
        "eth_sendRawTransactionConditional" => send::conditional(chain, params).await?,
        "eth_pendingTransactions" => identity::accounts(params)?,

        "eth_getLogs" => logs::get(chain, params)?,
        "eth_newFilter" => logs::new_filter(node, params)?,
        "eth_newBlockFilter" => logs::new_block_filter(node, params)?,
        "eth_newPendingTransactionFilter" => logs::new_pending_filter(node, params)?,
        "eth_getFilterChanges" => logs::changes(node, params)?,
        "eth_getFilterLogs" => logs::filter_logs(node, params)?,
        "eth_uninstallFilter" => logs::uninstall(node, params)?,
        "eth_subscribe" => subscribe::subscribe(chain, params, session)?,
        "eth_unsubscribe" => subscribe::unsubscribe(params, session)?,

        "debug_traceTransaction" => debug::trace_transaction(chain, params).await?,
        "debug_traceBlockByNumber" => debug::trace_block_by_number(chain, params).await?,
        "debug_traceBlockByHash" => debug::trace_block_by_hash(chain, params).await?,
        "debug_traceBlock" => debug::trace_raw_block(chain, params).await?,
        "debug_intermediateRoots" => debug::intermediate_roots(chain, params).await?,
        "debug_standardTraceBlockToFile" => debug::trace_to_file(chain, params)?,
        "debug_traceCall" => debug::trace_call(chain, params).await?,

        "debug_getRawHeader" => raw::header(chain, params)?,
        "debug_getRawBlock" => raw::block(chain, params)?,
        "debug_getRawReceipts" => raw::receipts(chain, params)?,
        "debug_getBadBlocks" => raw::bad_blocks(params)?,
        "debug_accountRange" => raw::account_range(chain, params)?,
        "debug_dbGet" => database::get(params)?,
        "debug_preimage" => database::preimage(params)?,
        "debug_getAccessibleState" => database::accessible_state(chain, params)?,
        "arbdebug_pricingModel" => arbdebug::pricing_model(chain, params)?,
        "arbdebug_timeoutQueueHistory" => arbdebug::timeout_queue_history(chain, params)?,
        "arbdebug_timeoutQueue" => arbdebug::timeout_queue(chain, params)?,
        "arb_getRawBlockMetadata" => raw::metadata(chain, params)?,

        "evm_increaseTime" | "anvil_increaseTime" => time::increase(chain, params).await?,
        "evm_setNextBlockTimestamp" | "anvil_setNextBlockTimestamp" => time::set_next(chain, params).await?,
        "evm_mine" => time::mine(chain, params).await?,
        "hardhat_mine" | "anvil_mine" => time::mine_many(chain, params).await?,
        "evm_snapshot" | "anvil_snapshot" => time::snapshot(chain, params).await?,
        "evm_revert" | "anvil_revert" => time::revert(chain, params).await?,
        "devnode_setL1BlockNumber" => time::set_l1_block(chain, params).await?,

        _ => return Err(RpcError::no_method(method)),
    };
    Ok(result.to_string())
}
