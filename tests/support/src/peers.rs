//! OpenZeppelin's Solidity contracts, compiled from `tests/peers`, to be deployed beside ours on the same chain.
//!
//! The first use compiles them (half a minute, by npm's `solc`, which needs node 18 or newer); later uses read
//! `target/peers`. `tests/peers/compile.js` notices by itself when a source or a setting has changed.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use alloy::{
    json_abi::JsonAbi,
    primitives::{Bytes, U256},
    sol_types::SolValue,
};
use eyre::{Context, Result, ensure, eyre};
use serde::Deserialize;

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
    /// The peer called `name` in `tests/peers/src`: `PeerTokenTime`, `PeerTokenBlocks`, `PeerGovernor`, `PeerTimelock`.
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
}

/// The constructor arguments that [`Peer`] tokens share: name, symbol, holders and their amounts.
pub fn token_arguments(name: &str, symbol: &str, holders: &[(alloy::primitives::Address, U256)]) -> Vec<u8> {
    let (addresses, amounts): (Vec<_>, Vec<_>) = holders.iter().copied().unzip();
    (name, symbol, addresses, amounts).abi_encode_params()
}

/// The folder of compiled peers, made or brought up to date once in a process.
fn compiled() -> Result<&'static Path> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match FOLDER.get_or_init(|| compile().map_err(|error| format!("{error:#}"))) {
        Ok(folder) => Ok(folder),
        Err(reason) => Err(eyre!("{reason}")),
    }
}

fn compile() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ stands in the repository");
    let (sources, out) = (root.join("tests/peers"), root.join("target/peers"));
    fs::create_dir_all(&out)?;
    // Test binaries may run side by side: one compiles, the others wait for it and find the work done.
    let lock = File::create(out.join(".lock"))?;
    lock.lock()?;
    if !sources.join("node_modules/solc").exists() {
        run(Command::new("npm").args(["ci", "--silent"]).current_dir(&sources))?;
    }
    run(Command::new("node").arg("compile.js").arg(&out).current_dir(&sources))?;
    Ok(out)
}

fn run(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let output = command.output().wrap_err_with(|| format!("{shown} (the Solidity peers need node 18 or newer)"))?;
    ensure!(output.status.success(), "{shown} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
