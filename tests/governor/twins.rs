//! Two governors, ours and OpenZeppelin's, each with a timelock of its own, on one token.
//!
//! An actor makes each call on both in one transaction, so that both see the same caller, time and block. The answers
//! must be the same but for the twins' addresses and what is hashed from them, which stand for each other.

use std::cell::RefCell;

use alloy::{
    primitives::{Address, B256, Bytes, Log, LogData, U256, keccak256},
    sol_types::{SolCall, SolConstructor, SolError, SolEvent},
};
use consilium_bindings::Timelock;
use eyre::{Result, ensure};
use harness::{
    chain::{Account, Chain},
    deploy,
    peers::{Peer, token_arguments},
};

use crate::calls::*;
use crate::setup::Settings;

/// A call as each side makes it: whom to call, and the calldata.
pub(crate) type Call<'a> = dyn Fn(&Side) -> (Address, Vec<u8>) + 'a;

/// One of the two.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub(crate) governor: Address,
    pub(crate) timelock: Address,
    pub(crate) token: Address,
}

/// What a call did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) success: bool,
    pub(crate) data: Bytes,
    pub(crate) logs: Vec<Log>,
}

/// Both governors, and the accounts that hold votes.
pub(crate) struct Twins {
    pub(crate) chain: Chain,
    pub(crate) ours: Side,
    pub(crate) peer: Side,
    /// Contracts that call both.
    pub(crate) actors: Vec<Address>,
    /// An account with a key, which has votes too.
    pub(crate) signer: Account,
    sender: Account,
    /// Bytes of ours, and those of the peer that stand for the same.
    alike: RefCell<Vec<(Vec<u8>, Vec<u8>)>>,
}

impl Twins {
    /// Both governors, freshly made, and a token whose votes are `votes`, one number for each actor and the last for the
    /// signer, delegated to themselves.
    pub(crate) async fn start(settings: &Settings, votes: &[u64]) -> Result<Self> {
        let chain = Chain::start()?;
        let sender = chain.dev_account()?;
        let signer = chain.account("a governor's signer").await?;
        let actor = Peer::load("Actor")?;
        let mut actors = Vec::new();
        for _ in 1..votes.len() {
            actors.push(chain.create(actor.bytecode.clone()).await?);
        }
        let holders = actors.iter().copied().chain([signer.address()]).zip(votes.iter().map(|&v| U256::from(v)));
        let token = Peer::load(settings.token)?;
        let arguments = token_arguments("Vote", "V", &holders.collect::<Vec<_>>());
        let token = chain.create(token.init_code(&arguments)).await?;

        let (ours, peer) =
            (Self::timelock(&chain, &sender, settings).await?, Self::timelock(&chain, &sender, settings).await?);
        let governor = deploy::program(&chain, "governor", &settings.arguments(token, ours)).await?;
        let ours = Side { governor, timelock: ours, token };
        let governor = Peer::load("PeerGovernor")?.init_code(&settings.arguments(token, peer));
        let peer = Side { governor: chain.create(governor).await?, timelock: peer, token };
        for side in [ours, peer] {
            for role in ["PROPOSER_ROLE", "CANCELLER_ROLE"] {
                let grant = Timelock::grantRoleCall { role: keccak256(role), account: side.governor };
                ensure!(sender.send(side.timelock, grant.abi_encode()).await?.status(), "{role} was not granted");
            }
        }

        let twins = Self { chain, ours, peer, actors, signer, sender, alike: RefCell::default() };
        twins.stands_for(ours.governor.to_vec(), peer.governor.to_vec());
        twins.stands_for(ours.timelock.to_vec(), peer.timelock.to_vec());
        for actor in 0..twins.actors.len() {
            let delegate = Token::delegateCall { delegatee: twins.actors[actor] };
            twins.once(actor, token, delegate.abi_encode()).await?;
        }
        let delegate = Token::delegateCall { delegatee: twins.signer.address() };
        ensure!(twins.signer.send(token, delegate.abi_encode()).await?.status(), "the signer did not delegate");
        twins.pass(1).await?;
        Ok(twins)
    }

    async fn timelock(chain: &Chain, sender: &Account, settings: &Settings) -> Result<Address> {
        let nobody: Vec<Address> = Vec::new();
        let anyone = vec![Address::ZERO];
        let constructor = Timelock::constructorCall {
            minDelay: U256::from(settings.delay),
            proposers: nobody,
            executors: anyone,
            admin: sender.address(),
        };
        chain.create(Peer::load("PeerTimelock")?.init_code(&constructor.abi_encode())).await
    }

    /// Says that these bytes, wherever they are in an answer, mean the same.
    pub(crate) fn stands_for(&self, ours: Vec<u8>, peer: Vec<u8>) {
        if ours != peer {
            self.alike.borrow_mut().push((ours, peer));
        }
    }

    /// Calls both governors as `actor`, and returns what both answered.
    pub(crate) async fn call<C: SolCall>(&self, actor: usize, call: impl Fn(&Side) -> C) -> Result<Answer> {
        self.at(actor, |side| (side.governor, call(side).abi_encode())).await
    }

    /// Calls anything, on each side, as `actor`.
    pub(crate) async fn at(&self, actor: usize, call: impl Fn(&Side) -> (Address, Vec<u8>)) -> Result<Answer> {
        let mut answers = self.each(actor, &[&call]).await?;
        Ok(answers.remove(0))
    }

    /// Calls what both sides share, once, as `actor`.
    pub(crate) async fn once(&self, actor: usize, target: Address, data: Vec<u8>) -> Result<()> {
        let sent = Actor::eachCall { targets: vec![target], calls: vec![data.into()] };
        let receipt = self.sender.send(self.actors[actor], sent.abi_encode()).await?;
        let last = receipt.logs().last().expect("the actor logs an answer");
        let answer = Actor::Answered::decode_log_data(last.data())?;
        ensure!(answer.success, "reverted with {}", answer.data);
        Ok(())
    }

    /// Makes several calls, each on both sides, in one transaction, and returns what both answered.
    pub(crate) async fn each(&self, actor: usize, calls: &[&Call<'_>]) -> Result<Vec<Answer>> {
        let (targets, data): (Vec<_>, Vec<_>) =
            calls.iter().flat_map(|call| [call(&self.ours), call(&self.peer)]).unzip();
        let sent = Actor::eachCall { targets, calls: data.into_iter().map(Bytes::from).collect() };
        let receipt = self.sender.send(self.actors[actor], sent.abi_encode()).await?;
        ensure!(receipt.status(), "the actor itself failed");

        let (mut answers, mut logs) = (Vec::new(), Vec::new());
        for log in receipt.logs() {
            if log.address() != self.actors[actor] || log.topic0() != Some(&Actor::Answered::SIGNATURE_HASH) {
                logs.push(log.inner.clone());
                continue;
            }
            let Actor::Answered { success, data, .. } = Actor::Answered::decode_log_data(log.data())?;
            answers.push(Answer { success, data, logs: std::mem::take(&mut logs) });
        }
        ensure!(answers.len() == 2 * calls.len(), "an answer is missing");
        let mut agreed = Vec::new();
        for (call, pair) in calls.iter().zip(answers.chunks(2)) {
            let (ours, peer) = (pair[0].clone(), self.translate(&pair[1]));
            let calldata = alloy::hex::encode(call(&self.ours).1);
            ensure!(ours == peer, "calldata {calldata}\nours {ours:#?}\npeer {peer:#?}");
            agreed.push(ours);
        }
        Ok(agreed)
    }

    /// The peer's answer in our terms.
    fn translate(&self, answer: &Answer) -> Answer {
        let logs = answer.logs.iter().map(|log| {
            let topics = log.topics().iter().map(|topic| B256::from_slice(&self.in_our_terms(topic.as_slice())));
            let data = LogData::new_unchecked(topics.collect(), self.in_our_terms(&log.data.data).into());
            Log { address: Address::from_slice(&self.in_our_terms(log.address.as_slice())), data }
        });
        Answer { success: answer.success, data: self.in_our_terms(&answer.data).into(), logs: logs.collect() }
    }

    fn in_our_terms(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for (ours, peer) in self.alike.borrow().iter() {
            let mut at = 0;
            while let Some(found) = bytes[at..].windows(peer.len()).position(|window| window == peer) {
                at += found;
                bytes[at..at + peer.len()].copy_from_slice(ours);
                at += peer.len();
            }
        }
        bytes
    }

    /// Lets `time` pass on the token's clock, and on the timelocks'.
    pub(crate) async fn pass(&self, time: u64) -> Result<()> {
        self.chain.advance(time).await
    }

    /// The next call is made at `time`, in seconds.
    pub(crate) async fn set_time(&self, time: u64) -> Result<()> {
        let _: serde_json::Value = self.chain.rpc("evm_setNextBlockTimestamp", (time,)).await?;
        Ok(())
    }

    /// The present, in seconds.
    pub(crate) async fn now(&self) -> Result<u64> {
        self.chain.now().await
    }
}

impl Answer {
    /// What a call returned. Panics with the revert data if it reverted.
    #[track_caller]
    pub(crate) fn returned<C: SolCall>(&self) -> C::Return {
        assert!(self.success, "{} reverted with {}", C::SIGNATURE, self.data);
        C::abi_decode_returns_validate(&self.data).expect("return data is what the interface says")
    }

    /// The call succeeded.
    #[track_caller]
    pub(crate) fn succeeded(&self) -> &Self {
        assert!(self.success, "reverted with {}", self.data);
        self
    }

    /// The call reverted with exactly this error.
    #[track_caller]
    pub(crate) fn reverted<E: SolError>(&self, error: E) {
        self.reverted_with(&error.abi_encode());
    }

    /// The call reverted with exactly this data, and logged nothing.
    #[track_caller]
    pub(crate) fn reverted_with(&self, data: &[u8]) {
        assert!(!self.success, "succeeded, and should have reverted with {}", alloy::hex::encode(data));
        assert_eq!(alloy::hex::encode(&self.data), alloy::hex::encode(data));
        assert!(self.logs.is_empty());
    }

    /// The call reverted with `Panic(code)`.
    #[track_caller]
    pub(crate) fn panicked(&self, code: u8) {
        self.reverted(alloy::sol_types::Panic { code: U256::from(code) });
    }

    /// The event among the logs of the governor. Panics unless there is exactly one.
    #[track_caller]
    pub(crate) fn logged<E: SolEvent>(&self) -> E {
        let mut found = self.logs.iter().filter(|log| log.topics().first() == Some(&E::SIGNATURE_HASH));
        let event = found.next().unwrap_or_else(|| panic!("{} was not logged: {:?}", E::SIGNATURE, self.logs));
        assert!(found.next().is_none(), "{} was logged twice", E::SIGNATURE);
        E::decode_log_data(&event.data).expect("the log is what the interface says")
    }
}
