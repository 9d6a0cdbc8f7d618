//! Stylus programs written by hand, for what no compiler makes; and the lives of programs: activated, expired, of another version.

use std::io::Write;

use alloy::{
    network::TransactionBuilder,
    primitives::Address,
    providers::Provider,
    rpc::types::{TransactionReceipt, TransactionRequest},
    sol_types::SolCall,
};
use brotlic::{BrotliEncoderOptions, CompressorWriter, Quality};
use eyre::{Result, ensure};
use nitro::{ARB_OWNER, ARB_WASM, ArbOwner, ArbWasm, PROGRAM_WITHOUT_DICTIONARY};

use crate::{
    chain::{Account, Chain},
    deploy::init_code,
};

/// More than the fee for a program's data; what is left comes back.
pub const DATA_FEE: u64 = 10_000_000_000_000_000;
/// A day more than a program lives without being renewed.
const LIFE: u64 = 366 * 86_400;

/// A program that every version of Stylus takes. It answers nothing.
pub const LASTING: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 1)
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;

/// A program whose function has two results: Stylus version 2 takes it, and version 3 refuses it. It answers nothing.
pub const MORTAL: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 1)
    (func $two (result i32 i32) i32.const 0 i32.const 0)
    (func (export "user_entrypoint") (param i32) (result i32) call $two drop))"#;

/// The deployed code of a program in WebAssembly's text format.
///
/// # Errors
/// Where the text is not WebAssembly.
pub fn code(text: &str) -> Result<Vec<u8>> {
    compressed(&wat::parse_str(text)?)
}

/// The deployed code of a program. It is compressed otherwise than `cargo xtask build` does it: a built program gets another
/// code hash by it.
///
/// # Errors
/// Where the compressor fails.
pub fn compressed(wasm: &[u8]) -> Result<Vec<u8>> {
    let encoder = BrotliEncoderOptions::new().quality(Quality::new(9)?).build()?;
    let mut writer = CompressorWriter::with_encoder(encoder, Vec::new());
    writer.write_all(wasm)?;
    Ok([&PROGRAM_WITHOUT_DICTIONARY[..], &writer.into_inner().map_err(|error| eyre::eyre!("{error}"))?].concat())
}

/// Deploys and activates a program in WebAssembly's text format.
///
/// # Errors
/// Where it is none that Stylus takes.
pub async fn deploy(chain: &Chain, text: &str) -> Result<Address> {
    let program = chain.create(init_code(&code(text)?)).await?;
    let receipt = activate(&chain.dev_account()?, program).await?;
    ensure!(receipt.status(), "the program was not activated");
    Ok(program)
}

/// Activates a program, as anyone may.
///
/// # Errors
/// Where the node refuses the transaction.
pub async fn activate(by: &Account, program: Address) -> Result<TransactionReceipt> {
    by.send_with(ARB_WASM, ArbWasm::activateProgramCall { program }.abi_encode(), DATA_FEE).await
}

impl Chain {
    /// Lets all programs expire.
    ///
    /// # Errors
    /// Where the node cannot move time.
    pub async fn let_programs_expire(&self) -> Result<()> {
        self.advance(LIFE).await
    }

    /// Upgrades ArbOS from 51 to 61, as the chain's owner does, and as Arbitrum One was: the Stylus version is 3 instead of 2, and all programs must be
    /// activated again.
    ///
    /// # Errors
    /// Where the node refuses, or no upgrade happens.
    pub async fn upgrade_arbos(&self) -> Result<()> {
        let schedule = ArbOwner::scheduleArbOSUpgradeCall { newVersion: 61, timestamp: self.now().await? }.abi_encode();
        ensure!(self.dev_account()?.send(ARB_OWNER, schedule).await?.status(), "the upgrade was not scheduled");
        // It happens at the beginning of the next block.
        let _: serde_json::Value = self.rpc("evm_mine", ()).await?;
        let ask =
            TransactionRequest::default().with_to(ARB_WASM).with_input(ArbWasm::stylusVersionCall {}.abi_encode());
        let version = ArbWasm::stylusVersionCall::abi_decode_returns(&self.dev.call(ask).await?)?;
        ensure!(version == 3, "the chain was not upgraded: the Stylus version is {version}");
        Ok(())
    }
}
