//! Putting a program in the chain's cache, where each call of it costs less.
//!
//! A bid can succeed and cache nothing (a chain may have registered a cache manager that does nothing), so what counts
//! is what ArbWasmCache says afterwards.

use alloy::primitives::{Address, B256, U256, utils::format_ether};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;
use eyre::{Result, WrapErr};
use nitro::{ARB_OWNER_PUBLIC, ARB_WASM_CACHE, ArbOwnerPublic, ArbWasmCache, CacheManager};

use crate::chain::{Chain, Sender};
use crate::explain::explain_call;

/// How an attempt to cache ended.
pub(crate) enum Caching {
    /// It was cached before.
    Already,
    /// It is cached since this transaction.
    Sent(Box<TransactionReceipt>),
    /// It is not cached.
    Refused(String),
}

/// Caches a program: by the least bid that a cache manager takes, or, for a chain owner, by hand.
pub(crate) async fn cache(sender: &Sender, program: Address, code_hash: B256, max_bid: U256) -> Result<Caching> {
    if is_cached(sender.chain(), code_hash).await? {
        return Ok(Caching::Already);
    }
    let wasm_cache = ArbWasmCache::new(ARB_WASM_CACHE, sender.provider());
    let managers = wasm_cache.allCacheManagers().call().await.map_err(explain_call);
    let managers = managers.wrap_err("could not ask for the chain's cache managers")?;
    let mut reason = "the chain has no cache manager".to_owned();
    // The last one registered is the one in use.
    for manager in managers.into_iter().rev() {
        let tried = bid(sender, manager, program, max_bid).await;
        if is_cached(sender.chain(), code_hash).await? {
            return Ok(cached(tried));
        }
        reason = match tried {
            Ok(_) => format!("the cache manager {manager} took the bid and cached nothing"),
            Err(error) => format!("the cache manager {manager} refused the bid: {error:#}"),
        };
    }
    let owner = ArbOwnerPublic::new(ARB_OWNER_PUBLIC, sender.provider());
    let is_owner = owner.isChainOwner(sender.account()).call().await.map_err(explain_call);
    if is_owner.wrap_err("could not ask whether the sender is a chain owner")? {
        let call = ArbWasmCache::cacheProgramCall { program };
        let tried = sender.send(ARB_WASM_CACHE, call.abi_encode().into(), U256::ZERO).await.map(Box::new);
        if is_cached(sender.chain(), code_hash).await? {
            return Ok(cached(tried));
        }
        reason += &match tried {
            Ok(_) => ", and the chain owner's own call cached nothing".to_owned(),
            Err(error) => format!(", and the chain owner's own call failed: {error:#}"),
        };
    }
    Ok(Caching::Refused(reason))
}

/// It is cached after an attempt. Where that failed, somebody else was faster, or the answer was lost.
fn cached(tried: Result<Box<TransactionReceipt>>) -> Caching {
    tried.map_or(Caching::Already, Caching::Sent)
}

/// Whether the chain has a program in its cache.
pub(crate) async fn is_cached(chain: &Chain, code_hash: B256) -> Result<bool> {
    let wasm_cache = ArbWasmCache::new(ARB_WASM_CACHE, chain.provider());
    let cached = wasm_cache.codehashIsCached(code_hash).call().await.map_err(explain_call);
    cached.wrap_err("could not ask whether a program is cached")
}

async fn bid(sender: &Sender, manager: Address, program: Address, max_bid: U256) -> Result<Box<TransactionReceipt>> {
    let least = CacheManager::new(manager, sender.provider()).getMinBid(program).call().await;
    let least = U256::from(least.map_err(explain_call).wrap_err("could not ask for the least bid")?);
    eyre::ensure!(least <= max_bid, "it asks for {} ether, which is more than cache.max_bid", format_ether(least));
    let call = CacheManager::placeBidCall { program };
    sender.send(manager, call.abi_encode().into(), least).await.map(Box::new)
}
