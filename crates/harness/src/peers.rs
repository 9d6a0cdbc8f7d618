//! OpenZeppelin's and Safe's Solidity contracts, to be deployed beside ours on the same chain: compiled from `tests/peers`, or
//! as a package brings them compiled.
//!
//! The first use compiles them (half a minute, by npm's `solc`, which needs node 18 or newer); later uses read
//! `target/peers`. `tests/peers/compile.js` notices by itself when a source or a setting has changed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use alloy::{
    json_abi::JsonAbi,
    primitives::{Address, Bytes, U256},
    sol_types::SolValue,
};
use eyre::{Context, OptionExt, Result, eyre};
use serde::Deserialize;

use crate::{chain::Chain, deploy, npm, root};

/// A compiled peer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Peer {
    /// Its interface, as `solc` prints it.
    pub abi: JsonAbi,
    /// Its creation code, without constructor arguments.
    pub bytecode: Bytes,
    /// Size of the code it leaves on the chain, in bytes.
    pub deployed_bytes: usize,
}

impl Peer {
    /// The peer called `name` in `tests/peers/src` or in a contract's `tests/<contract>/solidity`. A contract's
    /// manifest says which one is its own (`peer`).
    ///
    /// # Errors
    /// Where node or npm is missing, a source does not compile, or no contract has that name.
    pub fn load(name: &str) -> Result<Self> {
        let file = compiled()?.join(format!("{name}.json"));
        let text = fs::read_to_string(&file).wrap_err_with(|| format!("no peer is called {name}"))?;
        serde_json::from_str(&text).wrap_err_with(|| format!("{} is not what compile.js writes", file.display()))
    }

    /// The data of a transaction that creates the peer: its code, then its constructor's arguments.
    pub fn init_code(&self, arguments: &[u8]) -> Bytes {
        [&self.bytecode[..], arguments].concat().into()
    }

    /// The call that sets up a peer behind a proxy.
    ///
    /// # Errors
    /// Where it has no function `initialize`.
    pub fn initialize(&self, arguments: &[u8]) -> Result<Bytes> {
        let functions = self.abi.function("initialize").ok_or_eyre("the peer has no function initialize")?;
        let selector = functions.first().ok_or_eyre("the peer has no function initialize")?.selector();
        Ok([&selector[..], arguments].concat().into())
    }
}

/// Creates the peer called `name` on a chain, with its constructor's ABI-encoded arguments; its address.
///
/// # Errors
/// As [`Peer::load`], and where the constructor reverts.
pub async fn create(chain: &Chain, name: &str, arguments: &[u8]) -> Result<Address> {
    chain.create(Peer::load(name)?.init_code(arguments)).await
}

/// Creates the peer called `name` behind a proxy of ours, initialised with these ABI-encoded arguments; the proxy's
/// address and the peer's.
///
/// # Errors
/// As [`create`], where the peer has no function `initialize`, and where that reverts.
pub async fn proxied(chain: &Chain, name: &str, arguments: &[u8]) -> Result<[Address; 2]> {
    let program = create(chain, name, &[]).await?;
    let proxy = deploy::proxy(chain, program, Peer::load(name)?.initialize(arguments)?).await?;
    Ok([proxy, program])
}

/// The constructor arguments that [`Peer`] tokens share: name, symbol, holders and their amounts.
pub fn token_arguments(name: &str, symbol: &str, holders: &[(Address, U256)]) -> Vec<u8> {
    let (addresses, amounts): (Vec<_>, Vec<_>) = holders.iter().copied().unzip();
    (name, symbol, addresses, amounts).abi_encode_params()
}

/// The folder of compiled peers, and of the repository's Solidity examples, made or brought up to date once in a
/// process.
///
/// # Errors
/// Where node or npm is missing, or a source does not compile.
pub fn compiled() -> Result<&'static Path> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match FOLDER.get_or_init(|| compile().map_err(|error| format!("{error:#}"))) {
        Ok(folder) => Ok(folder),
        Err(reason) => Err(eyre!("{reason}")),
    }
}

fn compile() -> Result<PathBuf> {
    let sources = npm::installed("peers")?;
    let out = root().join("target/peers");
    let _turn = npm::turn("peers")?;
    npm::run(Command::new("node").arg("compile.js").arg(&out).current_dir(&sources))?;
    Ok(out)
}
