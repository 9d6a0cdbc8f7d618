//! Each contract as a program: its size, its peer's, and what entering it costs. And how many programs a node compiles.

use super::load::deployed;
use crate::project;
use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use consilium_deploy::{Chain, dev_key};
use devnode::{DevNode, ProgramCounts};
use eyre::{Result, ensure};
use harness::{deploy, peers::Peer};
use nitro::{ARB_WASM, ARB_WASM_CACHE, ArbWasm, ArbWasmCache};

/// Gas to enter a program.
#[derive(Clone, Copy)]
pub(crate) struct InitGas {
    pub(crate) uncached: u64,
    pub(crate) cached: u64,
}

impl InitGas {
    /// Puts a program into the chain's cache, and says what entering it costs. The development account owns the chain and
    /// so may cache without a bid.
    pub(crate) async fn cache(chain: &harness::chain::Chain, program: Address) -> Result<Self> {
        let gas = ArbWasm::new(ARB_WASM, &chain.dev).programInitGas(program).call().await?;
        let cache = ArbWasmCache::cacheProgramCall { program }.abi_encode();
        let receipt = chain.dev_account()?.send(ARB_WASM_CACHE, cache).await?;
        ensure!(receipt.status(), "{program} was not cached");
        Ok(Self { uncached: gas.gas, cached: gas.gasWhenCached })
    }
}

/// A contract as a program.
pub(crate) struct Program {
    /// As in sentences.
    pub(crate) name: String,
    /// The size of its code.
    pub(crate) bytes: usize,
    /// That of the Solidity contract it is measured against, if its manifest names one.
    pub(crate) peer: Option<usize>,
    pub(crate) init_gas: InitGas,
}

/// Every contract.
pub(crate) async fn of_contracts(chain: &harness::chain::Chain) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for contract in project::contracts()? {
        let name = contract.name.kebab();
        let at = deploy::unconstructed(chain, name).await?;
        programs.push(Program {
            name: contract.name.words(),
            bytes: deploy::code(name)?.len(),
            peer: contract.metadata.peer.map(|peer| Peer::load(&peer)).transpose()?.map(|peer| peer.deployed_bytes),
            init_gas: InitGas::cache(chain, at).await?,
        });
    }
    Ok(programs)
}

/// Deploys our contracts on a fresh chain, then on another that is started with what the first one compiled.
pub(crate) async fn measure() -> Result<[ProgramCounts; 2]> {
    let folder = project::root().join("target/bench-programs");
    // What an earlier run left there must not count.
    let _ = std::fs::remove_dir_all(&folder);
    let start = async || {
        let node = DevNode::builder().program_cache(folder.clone()).spawn()?;
        let deployer = Chain::connect(&node.http_url()).await?.with_key(dev_key())?;
        deployed(&deployer, None).await?;
        eyre::Ok(node.programs())
    };
    Ok([start().await?, start().await?])
}
