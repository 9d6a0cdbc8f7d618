//! The two chains.

use std::collections::BTreeSet;

use alloy::{
    primitives::{Address, B256, Bytes, TxKind, U256, hex},
    signers::local::PrivateKeySigner,
    sol_types::SolCall,
};
use eyre::{Result, ensure};
use nitro::{ARB_WASM, ArbWasm::activateProgramCall, CACHE_MANAGER, CacheManager::placeBidCall};
use serde_json::{Value, json};

use super::{Cast, Walk};
use crate::{
    deploy::{CONSTRUCTOR, code, init_code},
    driven::{BEGINNING, Driven, Mined, development_key, quantity, sign},
    peers::Peer,
    raw_program::DATA_FEE,
};

/// Wei that each actor has.
const PURSE: u64 = 1_000_000_000;

/// One chain: the contract or its peer, the helpers and the actors.
struct Side {
    node: Driven,
    snapshot: Value,
}

/// Both chains.
pub struct Pair {
    sides: [Side; 2],
    sender: PrivateKeySigner,
    /// The sender's nonce after the set-up, and now.
    nonces: [u64; 2],
    /// Who there is.
    pub cast: Cast,
    /// Asks many questions at once.
    reader: Address,
    /// The slots of ours that were touched, where they are listed.
    slots: Option<BTreeSet<U256>>,
    /// When the last step happened, in seconds since 1970.
    pub now: u64,
}

/// Sends the transactions of the set-up.
struct Setup<'a> {
    node: &'a mut Driven,
    sender: &'a PrivateKeySigner,
    nonce: u64,
}

impl Setup<'_> {
    fn send(&mut self, to: TxKind, wei: u64, data: Bytes) -> Result<()> {
        let mined = self.node.send(&sign(self.sender, self.nonce, to, wei, data)?, BEGINNING)?;
        self.nonce += 1;
        ensure!(mined.success, "a transaction of the set-up reverted");
        Ok(())
    }

    fn create(&mut self, code: Bytes) -> Result<Address> {
        let made = self.sender.address().create(self.nonce);
        self.send(TxKind::Create, 0, code)?;
        Ok(made)
    }
}

impl Pair {
    /// Starts two chains, with ours on the first and the peer on the second.
    ///
    /// # Errors
    /// Where the contract is not built, or the peer cannot be.
    pub fn start<W: Walk>() -> Result<Self> {
        let sender = development_key()?;
        let (ours, cast, nonce, reader) = Self::side::<W>(&sender, true)?;
        let (peer, of_peer, peer_nonce, _) = Self::side::<W>(&sender, false)?;
        ensure!(cast.contract == of_peer.contract && cast.helpers == of_peer.helpers, "the chains are not alike");
        ensure!(nonce == peer_nonce, "the chains are not alike");
        let slots = (W::LISTS_SLOTS || W::STORES_ALIKE).then(BTreeSet::new);
        Ok(Self { sides: [ours, peer], sender, nonces: [nonce; 2], cast, reader, slots, now: BEGINNING })
    }

    fn side<W: Walk>(sender: &PrivateKeySigner, ours: bool) -> Result<(Side, Cast, u64, Address)> {
        let mut node = if W::PEER_EXCEEDS_LIMIT { Driven::start_without_limit()? } else { Driven::start()? };
        let nonce = quantity(&node.ask("eth_getTransactionCount", json!([sender.address(), "latest"]))?)?;
        let mut setup = Setup { node: &mut node, sender, nonce };
        let (actor, mut actors) = (Peer::load("Actor")?.bytecode, Vec::new());
        for _ in 0..W::ACTORS {
            actors.push(setup.create(actor.clone())?);
        }
        for actor in &actors {
            setup.send((*actor).into(), PURSE, Bytes::new())?;
        }
        let reader = setup.create(Peer::load("Reader")?.bytecode)?;
        let mut helpers = Vec::new();
        let first = setup.nonce;
        for (name, arguments) in W::before(&|number| sender.address().create(first + number as u64)) {
            helpers.push(setup.create(Peer::load(name)?.init_code(&arguments))?);
        }
        let implementation = sender.address().create(setup.nonce);
        // Behind a proxy: the code, two transactions for a program, then the proxy.
        let contract = if W::BEHIND_PROXY { sender.address().create(setup.nonce + 3) } else { implementation };
        let mut cast = Cast { contract, implementation, actors, helpers };
        let [arguments, of_peer] = W::arguments(&cast);
        if ours {
            let program = implementation;
            setup.create(init_code(&code(W::PROGRAM)?))?;
            setup.send(ARB_WASM.into(), DATA_FEE, activateProgramCall { program }.abi_encode().into())?;
            // As a deployment ends: entering programs costs about what it costs with EVM code.
            setup.send(CACHE_MANAGER.into(), 0, placeBidCall { program }.abi_encode().into())?;
        } else {
            let arguments = if W::BEHIND_PROXY { &[] } else { &of_peer[..] };
            setup.create(Peer::load(W::PEER)?.init_code(arguments))?;
            for _ in 0..2 {
                setup.send(sender.address().into(), 0, Bytes::new())?;
            }
        }
        if W::BEHIND_PROXY {
            setup.create(W::proxy(implementation))?;
        }
        let constructor = if W::IS_SET_UP { arguments } else { [&CONSTRUCTOR[..], &arguments].concat() };
        match (ours, W::BEHIND_PROXY) {
            (true, _) => setup.send(contract.into(), 0, constructor.into())?,
            (false, true) => setup.send(contract.into(), 0, of_peer.into())?,
            (false, false) => setup.send(sender.address().into(), 0, Bytes::new())?,
        }
        for (name, arguments) in W::helpers(contract) {
            cast.helpers.push(setup.create(Peer::load(name)?.init_code(&arguments))?);
        }
        let nonce = setup.nonce;
        let snapshot = node.ask("evm_snapshot", json!([]))?;
        Ok((Side { node, snapshot }, cast, nonce, reader))
    }

    /// Goes back to where nothing has happened yet.
    pub(super) fn begin(&mut self) -> Result<()> {
        for Side { node, snapshot } in &mut self.sides {
            ensure!(node.ask("evm_revert", json!([snapshot]))? == json!(true), "a chain did not go back");
            *snapshot = node.ask("evm_snapshot", json!([]))?;
        }
        (self.nonces[1], self.now) = (self.nonces[0], BEGINNING);
        self.slots.iter_mut().for_each(BTreeSet::clear);
        Ok(())
    }

    /// Sends each side its own data to the same contract, at the present second.
    pub(super) fn send(&mut self, to: Address, [ours, peer]: [Bytes; 2]) -> Result<[Mined; 2]> {
        let nonce = self.nonces[1];
        self.nonces[1] += 1;
        let [first, second] = &mut self.sides;
        if let Some(slots) = &mut self.slots {
            let (from, contract) = (self.sender.address(), self.cast.contract);
            slots.extend(first.node.touched(from, to, &ours, self.now)?.remove(&contract).unwrap_or_default());
        }
        let ours = first.node.send(&sign(&self.sender, nonce, to.into(), 0, ours)?, self.now)?;
        let peer = second.node.send(&sign(&self.sender, nonce, to.into(), 0, peer)?, self.now)?;
        Ok([ours, peer])
    }

    /// Lets time pass, and makes a block then.
    pub(super) fn wait(&mut self, seconds: u64) -> Result<()> {
        self.now += seconds;
        for side in &mut self.sides {
            side.node.ask("evm_mine", json!([{ "timestamp": self.now }]))?;
        }
        Ok(())
    }

    /// What is in the slots of ours that were touched.
    pub(super) fn storage(&mut self) -> Result<Vec<B256>> {
        self.storage_of(0)
    }

    fn storage_of(&mut self, side: usize) -> Result<Vec<B256>> {
        let contract = self.cast.contract;
        let slots = self.slots.iter().flatten().copied().collect::<Vec<_>>();
        self.sides[side].node.storage(contract, &slots)
    }

    /// How the two differ in the slots that ours touched, if they do.
    pub(super) fn compare_storage(&mut self) -> Result<Option<String>> {
        let [ours, peer] = [self.storage_of(0)?, self.storage_of(1)?];
        let all = self.slots.iter().flatten().zip(ours.iter().zip(&peer));
        let different = all.filter(|(_, (ours, peer))| ours != peer);
        let lines: String =
            different.map(|(slot, (ours, peer))| format!("slot {slot:#x}\n  ours {ours}\n  peer {peer}\n")).collect();
        Ok((!lines.is_empty()).then_some(lines))
    }

    /// What a contract on a side answers.
    pub(super) fn call(&mut self, side: usize, to: Address, data: &[u8]) -> Result<Vec<u8>> {
        Ok(hex::decode(self.sides[side].node.read(to, &hex::encode_prefixed(data))?)?)
    }

    /// Asks both the same questions; the answers as they come.
    pub(super) fn read(&mut self, questions: &str) -> Result<[String; 2]> {
        let reader = self.reader;
        let [ours, peer] = &mut self.sides;
        Ok([ours.node.read(reader, questions)?, peer.node.read(reader, questions)?])
    }
}
