//! Two DAOs, on two chains that are alike.

use std::{collections::HashMap, rc::Rc};

use alloy::{
    primitives::{Address, Bytes, hex},
    signers::local::PrivateKeySigner,
};
use eyre::{Result, ensure};

use super::{
    calldata::{Function, interfaces},
    exceptions::Answer,
    people::People,
    setup::Setup,
    side::{CONTRACTS, Constructed, Side, address_of},
    views::{Question, row},
};
use crate::{
    driven::{Mined, answers, development_key, sign},
    peers::Peer,
};

/// Whose contracts a side has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Those of this project.
    Ours,
    /// OpenZeppelin's.
    OpenZeppelin,
    /// OpenZeppelin's with faults: large allowances are not used up, and what is no function may be taken. For the tests
    /// that faults are found; on timestamps alone.
    Forgetful,
}

impl Suite {
    /// The peer that plays the part of our contract `name`.
    pub(super) fn peer(self, name: &str, setup: &Setup) -> &'static str {
        match name {
            "timelock" => "PeerTimelock",
            "governor" => "PeerGovernor",
            _ if self == Self::Forgetful => "ForgetfulToken",
            _ if setup.timestamps => "PeerTokenTime",
            _ => "PeerTokenBlocks",
        }
    }
}

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Ours,
    Peer,
}

/// A contract of the DAO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Contract {
    Token,
    Timelock,
    Governor,
}

/// The two sides, and what is the same on both.
pub struct Pair {
    ours: Side,
    peer: Side,
    pub(super) people: People,
    /// Token, timelock and governor.
    pub(super) dao: [Address; 3],
    sender: PrivateKeySigner,
    nonce: u64,
    names: HashMap<[u8; 4], String>,
    /// The functions of token, timelock and governor.
    pub(super) interfaces: Rc<[Vec<Function>; 3]>,
}

impl Pair {
    /// Starts two chains with `ours` and `peer`.
    ///
    /// # Errors
    /// Where the contracts are not built, or the peers cannot be.
    pub fn start(ours: Suite, peer: Suite) -> Result<Self> {
        let (ours, peer) = (Side::start(ours)?, Side::start(peer)?);
        ensure!(ours.made == peer.made && ours.nonce == peer.nonce, "the two chains were not set up alike");
        let [token, timelock, governor] = CONTRACTS.map(address_of);
        let dao = [token?, timelock?, governor?];
        let people = People::new(&ours.made, dao)?;
        let (sender, names, interfaces) = (development_key()?, names()?, Rc::new(interfaces()?));
        Ok(Self { nonce: ours.nonce, ours, peer, people, dao, sender, names, interfaces })
    }

    /// Makes both DAOs anew.
    pub(super) fn begin(&mut self, setup: &Setup) -> Result<[Vec<Constructed>; 2]> {
        self.nonce = self.ours.nonce;
        Ok([self.ours.begin(setup, &self.people)?, self.peer.begin(setup, &self.people)?])
    }

    /// Sends the same transaction to both, at the same time.
    pub(super) fn send(&mut self, to: Address, value: u64, data: Bytes, time: u64) -> Result<[Mined; 2]> {
        let transaction = sign(&self.sender, self.nonce, to.into(), value, data)?;
        self.nonce += 1;
        Ok([self.ours.node.send(&transaction, time)?, self.peer.node.send(&transaction, time)?])
    }

    /// Sends each its own transaction to the same contract, at the same time.
    pub(super) fn send_each(&mut self, to: Address, [ours, peer]: [Bytes; 2], time: u64) -> Result<[Mined; 2]> {
        let [ours, peer] = [ours, peer].map(|data| sign(&self.sender, self.nonce, to.into(), 0, data));
        self.nonce += 1;
        Ok([self.ours.node.send(&ours?, time)?, self.peer.node.send(&peer?, time)?])
    }

    /// What a contract on one of the sides answers.
    pub(super) fn call(&mut self, suite: Which, to: Address, data: &[u8]) -> Result<Vec<u8>> {
        let side = if suite == Which::Ours { &mut self.ours } else { &mut self.peer };
        Ok(hex::decode(side.node.read(to, &hex::encode_prefixed(data))?)?)
    }

    pub(super) fn wait(&mut self, time: u64, block: u64) -> Result<()> {
        self.ours.node.wait(time, block)?;
        self.peer.node.wait(time, block)
    }

    /// Asks both the same questions; the answers as they come, to be compared whole.
    pub(super) fn read(&mut self, questions: &str) -> Result<[String; 2]> {
        let reader = self.people.reader;
        Ok([self.ours.node.read(reader, questions)?, self.peer.node.read(reader, questions)?])
    }

    /// What fresh DAOs answer when they are asked one question.
    ///
    /// # Errors
    /// Where a chain fails.
    pub fn ask(&mut self, setup: &Setup, contract: Contract, call: &[u8]) -> Result<[Answer; 2]> {
        let [ours, _] = self.begin(setup)?;
        ensure!(ours.iter().all(|contract| contract.refusal.is_none()), "there is no DAO with these settings");
        let question = Question { to: self.dao[contract as usize], data: call.to_vec() };
        let [ours, peer] = self.read(&row(&[question]))?;
        Ok([answers(&ours)?.remove(0), answers(&peer)?.remove(0)])
    }

    /// The name of a function or an error, where it is one of the DAO's.
    pub(super) fn name(&self, data: &[u8]) -> String {
        let Some(selector) = data.first_chunk() else { return "(nothing)".to_owned() };
        self.names.get(selector).cloned().unwrap_or_else(|| hex::encode_prefixed(selector))
    }
}

/// What the selectors of the three contracts stand for.
fn names() -> Result<HashMap<[u8; 4], String>> {
    let mut names = HashMap::from([([0x4e, 0x48, 0x7b, 0x71], "Panic".to_owned())]);
    for peer in ["PeerTokenTime", "PeerTimelock", "PeerGovernor", "Reenterer"] {
        let abi = Peer::load(peer)?.abi;
        names.extend(abi.functions().map(|function| (function.selector().0, function.name.clone())));
        names.extend(abi.errors().map(|error| (error.selector().0, error.name.clone())));
    }
    Ok(names)
}
