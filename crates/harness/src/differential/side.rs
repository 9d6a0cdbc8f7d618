//! One DAO on a chain of its own.

use std::collections::{HashMap, hash_map::Entry};

use alloy::{
    primitives::{Address, Bytes, Log, TxKind, U256},
    signers::local::PrivateKeySigner,
    sol_types::SolCall,
};
use eyre::{Context, OptionExt, Result, ensure};
use nitro::{ARB_WASM, ArbWasm::activateProgramCall, CACHE_MANAGER, CacheManager::placeBidCall};
use serde_json::{Value, json};

use super::{
    pair::Suite,
    people::{ACTORS, key},
    setup::Setup,
};
use crate::{
    deploy::{CONSTRUCTOR, code, init_code},
    driven::{BEGINNING, Driven, Mined, Transaction, development_key, quantity, sign},
    peers::Peer,
};

/// What `block.number` reads at first.
pub(super) const FIRST_BLOCK: u64 = 1_000;

const ETHER: u64 = 1_000_000_000_000_000_000;
/// More than the fee for a program's data; ArbWasm returns what is left.
const DATA_FEE: u64 = ETHER / 100;
/// Contracts that both sides have, beside the actors.
const HELPERS: [&str; 5] = ["Wallet", "Silent", "Reenterer", "Reader", "Burner"];

/// The DAO's contracts in the order of their creation: each has a deployer of its own, so that its address is known before.
pub(super) const CONTRACTS: [&str; 3] = ["voting-token", "timelock", "governor"];

pub(super) struct Side {
    pub(super) node: Driven,
    suite: Suite,
    /// Those that were needed so far.
    peers: HashMap<&'static str, Peer>,
    snapshot: Value,
    /// What [`super::people::People::new`] takes.
    pub(super) made: Vec<Address>,
    /// The development account's next nonce after the set-up.
    pub(super) nonce: u64,
}

/// What a constructor did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Constructed {
    pub(super) name: &'static str,
    pub(super) logs: Vec<Log>,
    /// What it reverted with, where it did.
    pub(super) refusal: Option<Vec<u8>>,
}

impl Side {
    /// A chain with everybody on it and no DAO yet.
    pub(super) fn start(suite: Suite) -> Result<Self> {
        let node = Driven::start()?;
        let (peers, snapshot, made) = (HashMap::new(), Value::Null, Vec::new());
        let mut side = Self { node, suite, peers, snapshot, made, nonce: 0 };
        side.node.ask("devnode_setL1BlockNumber", json!([FIRST_BLOCK]))?;
        let dev = development_key()?;
        let nonce = side.node.ask("eth_getTransactionCount", json!([dev.address(), "latest"]))?;
        side.nonce = quantity(&nonce)?;
        for name in [["Actor"; ACTORS].as_slice(), &HELPERS].concat() {
            side.made.push(dev.address().create(side.nonce));
            side.by_dev(&dev, TxKind::Create, 0, Peer::load(name)?.bytecode)?;
        }
        for actor in 0..ACTORS {
            side.by_dev(&dev, side.made[actor].into(), ETHER, Bytes::new())?;
        }
        for name in CONTRACTS {
            let deployer = deployer(name)?;
            side.by_dev(&dev, deployer.address().into(), ETHER, Bytes::new())?;
            if suite == Suite::Ours {
                let program = deployer.address().create(0);
                side.sure(&sign(&deployer, 0, TxKind::Create, 0, init_code(&code(name)?))?)?;
                let activate = activateProgramCall { program }.abi_encode().into();
                side.sure(&sign(&deployer, 1, ARB_WASM.into(), DATA_FEE, activate)?)?;
                // As a deployment ends: entering programs costs about what it costs with EVM code.
                let cache = placeBidCall { program }.abi_encode().into();
                side.sure(&sign(&deployer, 2, CACHE_MANAGER.into(), 0, cache)?)?;
            }
        }
        side.snapshot = side.node.ask("evm_snapshot", json!([]))?;
        Ok(side)
    }

    /// Goes back to the beginning and makes a DAO, as far as its constructors let themselves be called.
    pub(super) fn begin(&mut self, setup: &Setup, people: &super::people::People) -> Result<Vec<Constructed>> {
        let back = self.node.ask("evm_revert", json!([self.snapshot]))?;
        ensure!(back == json!(true), "the chain did not go back");
        self.snapshot = self.node.ask("evm_snapshot", json!([]))?;
        let mut all: Vec<Constructed> = Vec::new();
        while let Some(&name) = CONTRACTS.get(all.len()).filter(|_| all.iter().all(|one| one.refusal.is_none())) {
            let constructed = self.construct(name, setup, people);
            all.push(constructed.wrap_err_with(|| format!("the constructor of the {name}"))?);
        }
        Ok(all)
    }

    fn construct(&mut self, name: &'static str, setup: &Setup, people: &super::people::People) -> Result<Constructed> {
        let deployer = deployer(name)?;
        let arguments = setup.arguments(name, people, self.suite == Suite::Ours);
        let (nonce, to, input) = if self.suite == Suite::Ours {
            (3, TxKind::Call(deployer.address().create(0)), [&CONSTRUCTOR[..], &arguments].concat().into())
        } else {
            (0, TxKind::Create, self.peer(self.suite.peer(name, setup))?.init_code(&arguments))
        };
        let wei = setup.wei(name);
        let mined = self.node.send(&sign(&deployer, nonce, to, wei, input.clone())?, BEGINNING)?;
        let refusal = if mined.success { None } else { Some(self.refusal(deployer.address(), to, wei, &input)?) };
        Ok(Constructed { name, logs: mined.logs, refusal })
    }

    fn peer(&mut self, name: &'static str) -> Result<&Peer> {
        match self.peers.entry(name) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(Peer::load(name)?)),
        }
    }

    /// What a call or a creation reverts with.
    fn refusal(&mut self, from: Address, to: TxKind, wei: u64, input: &Bytes) -> Result<Vec<u8>> {
        let request = json!([{ "from": from, "to": to.to(), "value": U256::from(wei), "input": input }, "latest"]);
        let answer = self.node.answer("eth_call", &request)?;
        let error = answer.get("error").ok_or_eyre("what reverted in a transaction succeeded in a call")?;
        let data = error.get("data").and_then(Value::as_str).unwrap_or("0x");
        alloy::hex::decode(data).wrap_err_with(|| format!("{error} has no revert data"))
    }

    fn by_dev(&mut self, dev: &PrivateKeySigner, to: TxKind, value: u64, data: Bytes) -> Result<()> {
        let transaction = sign(dev, self.nonce, to, value, data)?;
        self.nonce += 1;
        self.sure(&transaction).map(drop)
    }

    fn sure(&mut self, transaction: &Transaction) -> Result<Mined> {
        let mined = self.node.send(transaction, BEGINNING)?;
        ensure!(mined.success, "a transaction of the set-up reverted");
        Ok(mined)
    }
}

/// Where the contract `name` is, on both sides.
pub(super) fn address_of(name: &str) -> Result<Address> {
    Ok(deployer(name)?.address().create(0))
}

fn deployer(name: &str) -> Result<PrivateKeySigner> {
    key(&format!("differential: deployer of the {name}"))
}
