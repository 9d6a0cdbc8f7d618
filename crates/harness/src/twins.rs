//! Ours and OpenZeppelin's on one chain: an actor makes each call on both in one transaction, so that both see the same
//! caller, time and block. The answers must be the same. The twins' addresses, and hashes of them, count as equal.

use std::cell::RefCell;

use alloy::{
    primitives::{Address, B256, Bytes, Log, LogData, U256, hex},
    sol_types::SolCall,
};
use eyre::{Result, ensure};

use crate::{
    actor::Actor,
    answer::Answer,
    chain::{Account, Chain},
};

/// A call as each side makes it: whom to call, and the calldata.
pub type Call<'a, S> = dyn Fn(&S) -> (Address, Vec<u8>) + 'a;

/// Two sides, and the actors that call both. A side is an address, or several.
pub struct Twins<S> {
    /// The chain of both.
    pub chain: Chain,
    /// Ours.
    pub ours: S,
    /// OpenZeppelin's.
    pub peer: S,
    /// Contracts that call both.
    pub actors: Vec<Address>,
    /// The account behind the actors.
    pub sender: Account,
    /// Bytes of ours, and the peer's bytes that mean the same.
    alike: RefCell<Vec<(Vec<u8>, Vec<u8>)>>,
}

/// Lets a folder's own twins, which have these in their field `twins`, be used as these.
#[macro_export]
macro_rules! deref_to_twins {
    ($own:ty, $side:ty) => {
        impl ::std::ops::Deref for $own {
            type Target = $crate::twins::Twins<$side>;

            fn deref(&self) -> &Self::Target {
                &self.twins
            }
        }
    };
}

impl<S> Twins<S> {
    /// Twins that are on a chain already.
    ///
    /// # Errors
    /// Where the chain has no development account.
    pub fn new(chain: Chain, [ours, peer]: [S; 2], actors: Vec<Address>) -> Result<Self> {
        let sender = chain.dev_account()?;
        Ok(Self { chain, ours, peer, actors, sender, alike: RefCell::default() })
    }

    /// Says that these bytes, wherever they are in an answer, mean the same.
    pub fn stands_for(&self, ours: impl AsRef<[u8]>, peer: impl AsRef<[u8]>) {
        let (ours, peer) = (ours.as_ref().to_vec(), peer.as_ref().to_vec());
        if ours != peer {
            self.alike.borrow_mut().push((ours, peer));
        }
    }

    /// Calls anything, on each side, as `actor`; what both answered.
    ///
    /// # Errors
    /// Where they differ.
    pub async fn at(&self, actor: usize, call: impl Fn(&S) -> (Address, Vec<u8>)) -> Result<Answer> {
        let mut answers = self.each(actor, &[&call]).await?;
        Ok(answers.remove(0))
    }

    /// Calls what both sides share, once, as `actor`.
    ///
    /// # Errors
    /// Where it reverts.
    pub async fn once(&self, actor: usize, target: Address, data: Vec<u8>) -> Result<()> {
        let answers = self.send(actor, vec![target], vec![data.into()]).await?;
        ensure!(answers[0].success, "reverted with {}", answers[0].data);
        Ok(())
    }

    /// Makes several calls, each on both sides, in one transaction; what both answered.
    ///
    /// # Errors
    /// Where they differ.
    pub async fn each(&self, actor: usize, calls: &[&Call<'_, S>]) -> Result<Vec<Answer>> {
        let sides = calls.iter().flat_map(|call| [call(&self.ours), call(&self.peer)]);
        let (targets, data) = sides.map(|(target, data)| (target, Bytes::from(data))).unzip();
        let answers = self.send(actor, targets, data).await?;
        calls.iter().zip(answers.chunks(2)).map(|(call, pair)| self.agreed(call, &pair[0], &pair[1])).collect()
    }

    /// Makes a call on each side with so much wei of the actor's own, in two transactions at one second.
    ///
    /// # Errors
    /// Where they differ.
    pub async fn paying(&self, actor: usize, wei: u64, call: impl Fn(&S) -> (Address, Vec<u8>)) -> Result<Answer> {
        let (second, by) = (self.now().await? + 1, self.actors[actor]);
        let mut answers = Vec::new();
        for side in [&self.ours, &self.peer] {
            let (target, data) = call(side);
            self.set_time(second).await?;
            let act = Actor::actCall { target, value: U256::from(wei), data: data.into() };
            let receipt = self.sender.send(by, act.abi_encode()).await?;
            ensure!(receipt.status(), "the actor itself failed");
            answers.extend(Answer::all(&receipt, by));
        }
        ensure!(answers.len() == 2, "an answer is missing");
        self.agreed(&call, &answers[0], &answers[1])
    }

    /// Asks both as `from`, without a transaction and so as any address; what both answered.
    ///
    /// # Errors
    /// Where they differ, or the node does not run the call.
    pub async fn ask(&self, from: Address, call: impl Fn(&S) -> (Address, Vec<u8>)) -> Result<Answer> {
        let mut answers = Vec::new();
        for (to, data) in [call(&self.ours), call(&self.peer)] {
            answers.push(self.chain.ask(from, to, data).await?);
        }
        self.agreed(&call, &answers[0], &answers[1])
    }

    /// The answer of both, to the call that each was made.
    fn agreed(&self, call: &Call<'_, S>, ours: &Answer, peer: &Answer) -> Result<Answer> {
        let (ours, peer) = (ours.clone(), self.translate(peer));
        let calldata = hex::encode(call(&self.ours).1);
        ensure!(ours == peer, "calldata {calldata}\nours {ours:#?}\npeer {peer:#?}");
        Ok(ours)
    }

    /// Calls anything, on each side, as `actor`; what ours answered, and what the peer answered, which may differ.
    ///
    /// # Errors
    /// Where the actor itself fails.
    pub async fn apart(&self, actor: usize, call: impl Fn(&S) -> (Address, Vec<u8>)) -> Result<[Answer; 2]> {
        let [(our_target, ours), (peer_target, peers)] = [call(&self.ours), call(&self.peer)];
        let answers = self.send(actor, vec![our_target, peer_target], vec![ours.into(), peers.into()]).await?;
        Ok([answers[0].clone(), self.translate(&answers[1])])
    }

    /// Lets an actor make calls in one transaction.
    async fn send(&self, actor: usize, targets: Vec<Address>, calls: Vec<Bytes>) -> Result<Vec<Answer>> {
        let (actor, count) = (self.actors[actor], calls.len());
        let receipt = self.sender.send(actor, Actor::eachCall { targets, calls }.abi_encode()).await?;
        ensure!(receipt.status(), "the actor itself failed");
        let answers = Answer::all(&receipt, actor);
        ensure!(answers.len() == count, "an answer is missing");
        Ok(answers)
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

    /// Lets `time` pass.
    ///
    /// # Errors
    /// Where the node cannot move time.
    pub async fn pass(&self, time: u64) -> Result<()> {
        self.chain.advance(time).await
    }

    /// The next call is made at `time`, in seconds since 1970.
    ///
    /// # Errors
    /// Where that is past, or the node cannot move time.
    pub async fn set_time(&self, time: u64) -> Result<()> {
        self.chain.set_time(time).await
    }

    /// The present, in seconds since 1970.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn now(&self) -> Result<u64> {
        self.chain.now().await
    }
}
