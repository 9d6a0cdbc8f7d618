//! What a call of an actor did, and the assertions about it.

use alloy::{
    primitives::{Address, Bytes, Log, LogData, U256, hex},
    rpc::types::TransactionReceipt,
    sol_types::{Panic, SolCall, SolError, SolEvent, SolValue},
    transports::TransportResult,
};
use eyre::Result;

use crate::actor::Actor;

/// The events of one kind that `by` logged in a transaction, in order.
///
/// # Errors
/// Where a log is not what the interface says.
pub fn events<E: SolEvent>(receipt: &TransactionReceipt, by: Address) -> Result<Vec<E>> {
    events_among(receipt.logs().iter().map(|log| &log.inner), by)
}

/// The same, among any logs.
///
/// # Errors
/// Where a log is not what the interface says.
pub fn events_among<'a, E: SolEvent>(logs: impl IntoIterator<Item = &'a Log>, by: Address) -> Result<Vec<E>> {
    let logs = logs.into_iter().filter(|log| log.address == by && log.topics().first() == Some(&E::SIGNATURE_HASH));
    Ok(logs.map(|log| E::decode_log_data(&log.data)).collect::<Result<_, _>>()?)
}

/// What a call did. Logs are those of everything it ran, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it succeeded.
    pub success: bool,
    /// Its return data, or what it reverted with.
    pub data: Bytes,
    /// What was logged.
    pub logs: Vec<Log>,
}

impl Answer {
    /// The answers to the calls that an actor made in a transaction. A target may be an actor too; only the outermost one
    /// answers for a call.
    ///
    /// # Panics
    /// Where a log of the actor is none that `Actor.sol` makes.
    pub fn all(receipt: &TransactionReceipt, actor: Address) -> Vec<Self> {
        let (mut answers, mut logs) = (Vec::new(), Vec::new());
        for log in receipt.logs() {
            if log.address() != actor || log.topic0() != Some(&Actor::Answered::SIGNATURE_HASH) {
                logs.push(log.inner.clone());
                continue;
            }
            let answered = Actor::Answered::decode_log_data(log.data()).expect("an actor's answer");
            let (success, data) = (answered.success, answered.data);
            answers.push(Self { success, data, logs: std::mem::take(&mut logs) });
        }
        answers
    }

    /// The answer to a call without a transaction, which leaves no logs: what it returned, or what it reverted with.
    ///
    /// # Errors
    /// Where the node did not run the call to an answer of the contract: it refused it, or the gas ran out.
    pub fn asked(outcome: TransportResult<Bytes>) -> Result<Self> {
        let (success, data) = match outcome {
            Ok(data) => (true, data),
            Err(error) => match error.as_error_resp().filter(|payload| payload.message.contains("revert")) {
                Some(payload) => (false, payload.as_revert_data().unwrap_or_default()),
                None => return Err(error.into()),
            },
        };
        Ok(Self { success, data, logs: Vec::new() })
    }

    /// The call succeeded.
    #[track_caller]
    pub fn succeeded(&self) -> &Self {
        assert!(self.success, "the call reverted with {}", self.data);
        self
    }

    /// The call succeeded and returned just this value.
    #[track_caller]
    pub fn returned(&self, value: impl SolValue) {
        assert_eq!(self.succeeded().data, value.abi_encode());
    }

    /// The call succeeded; what it returned.
    #[track_caller]
    pub fn output<C: SolCall>(&self) -> C::Return {
        assert!(self.success, "{} reverted with {}", C::SIGNATURE, self.data);
        C::abi_decode_returns_validate(&self.data).expect("return data is what the interface says")
    }

    /// The call succeeded, with just these events, whoever logged them.
    #[track_caller]
    pub fn logged(&self, logs: impl IntoIterator<Item = LogData>) {
        let found: Vec<_> = self.succeeded().logs.iter().map(|log| log.data.clone()).collect();
        assert_eq!(found, logs.into_iter().collect::<Vec<_>>());
    }

    /// The one event of its kind that was logged.
    #[track_caller]
    pub fn event<E: SolEvent>(&self) -> E {
        let mut found = self.logs.iter().filter(|log| log.topics().first() == Some(&E::SIGNATURE_HASH));
        let event = found.next().unwrap_or_else(|| panic!("{} was not logged: {:?}", E::SIGNATURE, self.logs));
        assert!(found.next().is_none(), "{} was logged twice", E::SIGNATURE);
        E::decode_log_data(&event.data).expect("the log is what the interface says")
    }

    /// The call reverted with just this error, and logged nothing.
    #[track_caller]
    pub fn refused(&self, error: impl SolError) {
        self.refused_with(&error.abi_encode());
    }

    /// The call reverted with just this data, and logged nothing.
    #[track_caller]
    pub fn refused_with(&self, data: &[u8]) {
        assert!(!self.success, "the call was answered with {}, not refused with {}", self.data, hex::encode(data));
        assert_eq!(hex::encode(&self.data), hex::encode(data));
        assert!(self.logs.is_empty(), "a call that failed has logged");
    }

    /// The call reverted with `Panic(code)`, and logged nothing.
    #[track_caller]
    pub fn panicked(&self, code: u8) {
        self.refused(Panic { code: U256::from(code) });
    }
}
