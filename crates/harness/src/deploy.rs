//! Stylus programs on a test's chain: the very bytes `cargo xtask build` leaves in `target/stylus`, deployed, activated
//! and constructed in one transaction by StylusDeployer, as `consilium deploy` does it.

use std::{fs, path::PathBuf};

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, Bytes, U256},
    providers::Provider,
    rpc::types::{TransactionReceipt, TransactionRequest},
    sol_types::{SolCall, SolEvent},
};
pub use consilium_bindings::CONSTRUCTOR_SELECTOR as CONSTRUCTOR;
pub use consilium_deploy::init_code;
use consilium_deploy::proxy_init_code;
use eyre::{Context, OptionExt, Result, ensure};
use nitro::{ARB_WASM, ArbWasm, STYLUS_DEPLOYER, StylusDeployer};

use crate::{chain::Chain, root};

/// The activation's data fee is below this; StylusDeployer returns what is left.
const FEE_LIMIT: u64 = 10_000_000_000_000_000;

/// The folder of the programs: `target/stylus`, or what `CONSILIUM_PROGRAMS` names. `cargo xtask mutants` has changed
/// programs tested by it.
pub fn programs() -> PathBuf {
    let built = || root().join("target/stylus");
    std::env::var_os("CONSILIUM_PROGRAMS").map_or_else(built, PathBuf::from)
}

/// The deployed code of the program `name`, from [`programs`].
///
/// # Errors
/// Where it was not built.
pub fn code(name: &str) -> Result<Vec<u8>> {
    let file = programs().join(format!("{name}.code"));
    fs::read(&file).wrap_err_with(|| format!("{} is missing: run cargo xtask build", file.display()))
}

/// Deploys the program `name` with its constructor's ABI-encoded arguments and returns where it stands.
///
/// # Errors
/// Where it was not built, or its constructor reverts.
pub async fn program(chain: &Chain, name: &str, arguments: &[u8]) -> Result<Address> {
    let receipt = try_program(chain, name, arguments).await?;
    ensure!(receipt.status(), "the constructor of {name} reverted");
    let deployed = receipt.logs().iter().find(|log| log.address() == STYLUS_DEPLOYER);
    let event = StylusDeployer::ContractDeployed::decode_log(&deployed.ok_or_eyre("StylusDeployer logs")?.inner)?;
    Ok(event.deployedContract)
}

/// Deploys the program `name` behind a proxy, both constructed with these arguments, as a DAO is founded; the proxy's
/// address and the program's.
///
/// # Errors
/// Where it was not built, or its constructor reverts.
pub async fn proxied(chain: &Chain, name: &str, arguments: &[u8]) -> Result<[Address; 2]> {
    let implementation = program(chain, name, arguments).await?;
    let constructor = [&CONSTRUCTOR, arguments].concat();
    Ok([proxy(chain, implementation, constructor).await?, implementation])
}

/// A proxy that runs the program at `implementation`, constructed by this calldata.
///
/// # Errors
/// Where the constructor reverts.
pub async fn proxy(chain: &Chain, implementation: Address, constructor: impl Into<Bytes>) -> Result<Address> {
    let proxy = unconstructed_proxy(chain, implementation).await?;
    let constructed = chain.dev_account()?.send(proxy, constructor).await?;
    ensure!(constructed.status(), "the constructor of {implementation} reverted behind the proxy");
    Ok(proxy)
}

/// A proxy that runs the program at `implementation`, and that whoever comes first constructs.
///
/// # Errors
/// Where the node refuses the transaction.
pub async fn unconstructed_proxy(chain: &Chain, implementation: Address) -> Result<Address> {
    chain.create(proxy_init_code(implementation)).await
}

/// The same as [`program`], returning the receipt whatever its status.
///
/// # Errors
/// Where it was not built or the node refuses the transaction.
pub async fn try_program(chain: &Chain, name: &str, arguments: &[u8]) -> Result<TransactionReceipt> {
    let request = deployment(name, arguments)?.with_gas_limit(30_000_000);
    Ok(chain.dev.send_transaction(request).await?.get_receipt().await?)
}

/// The transaction that deploys `name`, to send, call or estimate.
///
/// # Errors
/// Where it was not built.
pub fn deployment(name: &str, arguments: &[u8]) -> Result<TransactionRequest> {
    let call = StylusDeployer::deployCall {
        bytecode: init_code(&code(name)?),
        initData: [&CONSTRUCTOR, arguments].concat().into(),
        initValue: U256::ZERO,
        salt: B256::ZERO,
    };
    Ok(TransactionRequest::default()
        .with_to(STYLUS_DEPLOYER)
        .with_value(U256::from(FEE_LIMIT))
        .with_input(call.abi_encode()))
}

/// The program `name`, activated, whose constructor has not run.
///
/// # Errors
/// Where it was not built, or the chain does not activate it.
pub async fn unconstructed(chain: &Chain, name: &str) -> Result<Address> {
    let program = chain.create(init_code(&code(name)?)).await?;
    // The same code may stand elsewhere already: it is activated once.
    if ArbWasm::new(ARB_WASM, &chain.dev).programInitGas(program).call().await.is_ok() {
        return Ok(program);
    }
    let activation = TransactionRequest::default()
        .with_to(ARB_WASM)
        .with_value(U256::from(FEE_LIMIT))
        .with_input(ArbWasm::activateProgramCall { program }.abi_encode());
    let receipt = chain.dev.send_transaction(activation).await?.get_receipt().await?;
    ensure!(receipt.status(), "{name} is not activated");
    Ok(program)
}
