//! Our timelock and OpenZeppelin's side by side: each call is made on both in one transaction, by the same caller and at
//! the same second, and must be answered alike, in return data, revert data and events.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, LogData, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol;
use alloy::sol_types::{SolCall, SolError, SolEvent, SolValue};
use eyre::{Result, ensure};
use harness::chain::{Account, Chain};
use harness::deploy;
use harness::peers::Peer;

use crate::setup::{MIN_DELAY, Operation, constructor};

sol! {
    interface Actor {
        event Answered(uint256 indexed index, bool success, bytes data);
        function each(address[] targets, bytes[] calls) external;
    }
}

/// What a call did. Logs are those of everything it ran, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub success: bool,
    pub data: Bytes,
    pub logs: Vec<LogData>,
}

impl Answer {
    /// Asserts that the call reverted with just this error.
    #[track_caller]
    pub(crate) fn refused(&self, error: impl SolError) {
        assert!(!self.success, "the call was answered with {}", self.data);
        assert_eq!(self.data, error.abi_encode());
    }

    /// Asserts that the call succeeded, with just these events.
    #[track_caller]
    pub(crate) fn logged(&self, logs: impl IntoIterator<Item = LogData>) {
        assert!(self.success, "the call reverted with {}", self.data);
        assert_eq!(self.logs, logs.into_iter().collect::<Vec<_>>());
    }

    /// Asserts that the call returned just this value.
    #[track_caller]
    pub(crate) fn returned(&self, value: impl SolValue) {
        assert!(self.success, "the call reverted with {}", self.data);
        assert_eq!(self.data, value.abi_encode());
    }

    /// The peer's answer with our words in place of its own.
    fn translated(self, alike: &[(B256, B256)]) -> Self {
        let ours = |data: &[u8]| {
            let mut data = data.to_vec();
            for (ours, peer) in alike {
                while let Some(at) = data.windows(32).position(|word| word == peer.0) {
                    data[at..at + 32].copy_from_slice(&ours.0);
                }
            }
            Bytes::from(data)
        };
        let log = |log: &LogData| {
            let topics = log.topics().iter().map(|topic| B256::from_slice(&ours(&topic.0))).collect();
            LogData::new_unchecked(topics, ours(&log.data))
        };
        Self { success: self.success, data: ours(&self.data), logs: self.logs.iter().map(log).collect() }
    }
}

/// Who makes a call: each is a contract.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    /// Holds PROPOSER_ROLE and CANCELLER_ROLE.
    Proposer,
    /// Holds EXECUTOR_ROLE.
    Executor,
    /// Holds DEFAULT_ADMIN_ROLE.
    Admin,
    /// Holds nothing.
    Stranger,
}

/// The twins and who deals with them.
pub(crate) struct Twins {
    pub chain: Chain,
    pub ours: Address,
    pub peer: Address,
    actors: [Address; 4],
    sender: Account,
    /// Our word, and the peer's in its place.
    alike: Vec<(B256, B256)>,
}

impl Twins {
    /// Both timelocks, freshly deployed.
    pub(crate) async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let actor = Peer::load("Actor")?;
        let mut actors = [Address::ZERO; 4];
        for made in &mut actors {
            *made = chain.create(actor.bytecode.clone()).await?;
        }
        let [proposer, executor, admin, _] = actors;
        let arguments = constructor(MIN_DELAY, vec![proposer], vec![executor], admin);
        let peer = chain.create(Peer::load("PeerTimelock")?.init_code(&arguments)).await?;
        let ours = deploy::program(&chain, "timelock", &arguments).await?;
        let sender = chain.dev_account()?;
        Ok(Self { chain, ours, peer, actors, sender, alike: vec![(ours.into_word(), peer.into_word())] })
    }

    /// An account.
    pub(crate) fn actor(&self, who: Who) -> Address {
        self.actors[who as usize]
    }

    /// Makes a call on both.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn call(&self, who: Who, call: impl Into<Vec<u8>>) -> Result<Answer> {
        let call = call.into();
        self.call_each(who, |_| call.clone()).await
    }

    /// Makes calls on both that depend on the timelock's address.
    ///
    /// # Errors
    /// Where they differ.
    pub(crate) async fn call_each(&self, who: Who, call: impl Fn(Address) -> Vec<u8>) -> Result<Answer> {
        let timelocks = [self.ours, self.peer];
        let calls = timelocks.map(|timelock| call(timelock).into()).to_vec();
        let each = Actor::eachCall { targets: timelocks.to_vec(), calls }.abi_encode();
        let receipt = self.sender.send(self.actor(who), each).await?;
        ensure!(receipt.status(), "the actor itself ran out of gas");

        let (mut answers, mut logs) = (Vec::new(), Vec::new());
        for log in receipt.logs() {
            // A target may be an actor too; only the outermost one answers for the call.
            let answered = Actor::Answered::decode_log_data(log.data());
            match answered {
                Ok(answer) if log.address() == self.actor(who) => {
                    let logs = std::mem::take(&mut logs);
                    answers.push(Answer { success: answer.success, data: answer.data, logs });
                }
                _ => logs.push(log.data().clone()),
            }
        }
        let [ours, peer]: [Answer; 2] = answers.try_into().map_err(|_| eyre::eyre!("an answer is missing"))?;
        let peer = peer.translated(&self.alike);
        ensure!(ours == peer, "{}\nours {ours:?}\npeer {peer:?}", Bytes::from(call(self.ours)));
        Ok(ours)
    }

    /// Lets the ids of an operation on the timelock itself stand for each other: they hash its address.
    pub(crate) fn alike(&mut self, operation: impl Fn(Address) -> Operation) {
        self.alike_words(operation(self.ours).id(), operation(self.peer).id());
    }

    /// Lets our word stand for the peer's in its answers.
    pub(crate) fn alike_words(&mut self, ours: B256, peer: B256) {
        if ours != peer {
            self.alike.push((ours, peer));
        }
    }

    /// Schedules an operation on both and waits until it is ready.
    ///
    /// # Errors
    /// Where they differ, or refuse it.
    pub(crate) async fn ready(&mut self, operation: impl Fn(Address) -> Operation) -> Result<()> {
        self.alike(&operation);
        let answer = self.call_each(Who::Proposer, |timelock| operation(timelock).schedule(MIN_DELAY)).await?;
        ensure!(answer.success, "not scheduled: {}", answer.data);
        self.chain.advance(MIN_DELAY).await
    }

    /// Sets the time of the next call, in seconds since 1970.
    ///
    /// # Errors
    /// Where the node cannot.
    pub(crate) async fn next_at(&self, timestamp: u64) -> Result<()> {
        let _: serde_json::Value = self.chain.rpc("evm_setNextBlockTimestamp", (timestamp,)).await?;
        Ok(())
    }

    /// Sends ether to both.
    ///
    /// # Errors
    /// Where one does not take it.
    pub(crate) async fn fund(&self, wei: u64) -> Result<()> {
        for timelock in [self.ours, self.peer] {
            let receipt = self.pay(timelock, Vec::new(), U256::from(wei)).await?;
            ensure!(receipt.status(), "{timelock} refused ether");
        }
        Ok(())
    }

    /// Sends ether and a call from the account behind the actors, and waits for the receipt, whatever its status.
    ///
    /// # Errors
    /// Where the node refuses the transaction.
    pub(crate) async fn pay(&self, to: Address, data: Vec<u8>, value: U256) -> Result<TransactionReceipt> {
        let request = TransactionRequest::default().with_to(to).with_input(data).with_value(value);
        let sent = self.sender.provider.send_transaction(request.with_gas_limit(2_000_000)).await?;
        Ok(sent.get_receipt().await?)
    }

    /// The account behind the actors.
    pub(crate) fn sender(&self) -> &Account {
        &self.sender
    }
}
