//! Our token and OpenZeppelin's Solidity token side by side: every call is made on both in one transaction, by the same
//! caller, and must be answered alike, in return data, revert data and events.

use alloy::{
    primitives::{Address, B256, Bytes, LogData, U256},
    sol,
    sol_types::{SolCall, SolEvent},
};
use eyre::{Result, ensure};
use test_support::{
    chain::{Account, Chain},
    deploy,
    peers::{Peer, token_arguments},
};

use crate::setup::{NAME, arguments};

sol! {
    interface Actor {
        event Answered(uint256 indexed index, bool success, bytes data);
        function each(address[] targets, bytes[] calls) external;
    }
}

/// What a call did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) success: bool,
    pub(crate) data: Bytes,
    pub(crate) logs: Vec<LogData>,
}

/// The two tokens and the accounts that hold them.
pub(crate) struct Twins {
    pub(crate) chain: Chain,
    pub(crate) ours: Address,
    pub(crate) peer: Address,
    /// Contracts that call both tokens.
    pub(crate) actors: Vec<Address>,
    /// Accounts that sign; they hold tokens, too.
    pub(crate) signers: Vec<Account>,
    sender: Account,
}

/// One call, the same for both tokens but where it carries a signature, which is for one of them.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) ours: Vec<u8>,
    pub(crate) peer: Vec<u8>,
    /// Words that stand for each other in the answers: what one signature recovers and what the other does.
    pub(crate) alike: Vec<Alike>,
}

/// Our word, and the peer's in its place.
pub(crate) type Alike = (B256, B256);

impl<C: SolCall> From<C> for Call {
    fn from(call: C) -> Self {
        let data = call.abi_encode();
        Self::raw(data)
    }
}

impl Call {
    /// Any calldata, the same for both.
    pub(crate) fn raw(data: Vec<u8>) -> Self {
        Self { ours: data.clone(), peer: data, alike: Vec::new() }
    }
}

impl Answer {
    /// The peer's answer in our words.
    fn translated(mut self, alike: &[Alike]) -> Self {
        let ours = |word: B256| alike.iter().find(|(_, peer)| *peer == word).map_or(word, |(ours, _)| *ours);
        for log in &mut self.logs {
            *log = LogData::new_unchecked(log.topics().iter().copied().map(ours).collect(), log.data.clone());
        }
        // Revert data is a selector and words; return data of these calls holds nothing to translate.
        if !self.success && self.data.len() % 32 == 4 {
            let words = self.data[4..].chunks(32).map(|word| ours(B256::from_slice(word)));
            self.data = [self.data[..4].to_vec(), words.flat_map(|word| word.0).collect()].concat().into();
        }
        self
    }
}

impl Twins {
    /// Both tokens, freshly created, with `each` units for every actor and signer.
    pub(crate) async fn start(timestamp_clock: bool, actors: usize, signers: usize, each: U256) -> Result<Self> {
        let chain = Chain::start()?;
        let actor = Peer::load("Actor")?;
        let mut made = Self {
            ours: Address::ZERO,
            peer: Address::ZERO,
            actors: Vec::new(),
            signers: Vec::new(),
            sender: chain.dev_account()?,
            chain,
        };
        for _ in 0..actors {
            made.actors.push(made.chain.create(actor.bytecode.clone()).await?);
        }
        for index in 0..signers {
            made.signers.push(made.chain.account(&format!("signer {index}")).await?);
        }
        let holders: Vec<_> = made.holders().into_iter().map(|holder| (holder, each)).collect();
        let peer = Peer::load(if timestamp_clock { "PeerTokenTime" } else { "PeerTokenBlocks" })?;
        made.peer = made.chain.create(peer.init_code(&token_arguments(NAME, "HXV", &holders))).await?;
        made.ours = deploy::program(&made.chain, "voting-token", &arguments(&holders, timestamp_clock)).await?;
        Ok(made)
    }

    /// Everyone who was given tokens: the actors, then the signers.
    pub(crate) fn holders(&self) -> Vec<Address> {
        self.actors.iter().copied().chain(self.signers.iter().map(Account::address)).collect()
    }

    /// Makes the calls as `actor`, each on both tokens, and returns what was answered, once for both.
    ///
    /// # Errors
    /// Where the two differ.
    pub(crate) async fn call(&self, actor: usize, calls: &[Call]) -> Result<Vec<Answer>> {
        let targets = calls.iter().flat_map(|_| [self.ours, self.peer]).collect();
        let data = calls.iter().flat_map(|call| [call.ours.clone().into(), call.peer.clone().into()]).collect();
        let each = Actor::eachCall { targets, calls: data };
        let receipt = self.sender.send(self.actors[actor], each.abi_encode()).await?;
        ensure!(receipt.status(), "the actor itself ran out of gas");

        let (mut answers, mut logs) = (Vec::new(), Vec::new());
        for log in receipt.logs() {
            if log.address() != self.actors[actor] {
                logs.push(log.data().clone());
                continue;
            }
            let Actor::Answered { success, data, .. } = Actor::Answered::decode_log_data(log.data())?;
            answers.push(Answer { success, data, logs: std::mem::take(&mut logs) });
        }
        ensure!(answers.len() == 2 * calls.len(), "an answer is missing");
        let mut agreed = Vec::new();
        for (call, pair) in calls.iter().zip(answers.chunks(2)) {
            let (ours, peer) = (pair[0].clone(), pair[1].clone().translated(&call.alike));
            ensure!(ours == peer, "{}\nours {ours:?}\npeer {peer:?}", alloy::hex::encode(&call.ours));
            agreed.push(ours);
        }
        Ok(agreed)
    }
}
