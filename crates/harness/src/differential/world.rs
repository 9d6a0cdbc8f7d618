//! What is known while a script runs: who there is, what was proposed and scheduled, what time it is, and what both sides
//! answered when they were asked last.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol_types::SolValue,
};

use super::{
    action::{Amount, Skew},
    exceptions::Answer,
    people::People,
    side::FIRST_BLOCK,
    views::Question,
};
use crate::driven::BEGINNING;

/// The clocks, the accounts, and all that a script has made so far.
pub(super) struct World {
    pub(super) people: People,
    pub(super) token: Address,
    pub(super) timelock: Address,
    pub(super) governor: Address,
    /// Whether the token counts seconds.
    pub(super) timestamps: bool,
    pub(super) time: u64,
    pub(super) block: u64,
    pub(super) proposals: Vec<Proposal>,
    /// Those of proposals among them.
    pub(super) operations: Vec<Operation>,
    /// The proposal that was moved on to its execution last, whether or not it could be.
    pub(super) tried: Option<U256>,
    /// What the next call gets of the gas that it needs, in 128ths, where it is scarce.
    pub(super) share: Option<u16>,
    /// The last questions, and what both sides answered.
    pub(super) seen: (Vec<Question>, Vec<Answer>),
}

/// Lists of calls, as `propose` and `scheduleBatch` take them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Calls {
    pub(super) targets: Vec<Address>,
    pub(super) values: Vec<U256>,
    pub(super) calldatas: Vec<Bytes>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proposal {
    pub(super) calls: Calls,
    pub(super) description: String,
    pub(super) id: U256,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) calls: Calls,
    /// Whether it is a batch, or its first call alone.
    pub(super) batch: bool,
    pub(super) predecessor: B256,
    pub(super) salt: B256,
    pub(super) id: B256,
}

impl World {
    pub(super) fn new(people: People, [token, timelock, governor]: [Address; 3], timestamps: bool) -> Self {
        Self {
            people,
            token,
            timelock,
            governor,
            timestamps,
            time: BEGINNING,
            block: FIRST_BLOCK,
            proposals: Vec::new(),
            operations: Vec::new(),
            tried: None,
            share: None,
            seen: Default::default(),
        }
    }

    /// The token's clock.
    pub(super) fn clock(&self) -> u64 {
        if self.timestamps { self.time } else { self.block }
    }

    /// A proposal counted back from the last.
    pub(super) fn proposal(&self, back: u8) -> Option<&Proposal> {
        self.proposals.iter().nth_back(back.into())
    }

    /// Its id, or that of none.
    pub(super) fn proposal_id(&self, back: u8) -> U256 {
        self.proposal(back).map_or(U256::from(0xdead), |proposal| proposal.id)
    }

    /// An operation counted back from the last.
    pub(super) fn operation(&self, back: u8) -> Option<&Operation> {
        self.operations.iter().nth_back(back.into())
    }

    /// Its id, or that of none.
    pub(super) fn operation_id(&self, back: u8) -> B256 {
        self.operation(back).map_or(B256::repeat_byte(0xde), |operation| operation.id)
    }

    /// Notes a proposal, and the operation that it becomes.
    pub(super) fn add_proposal(&mut self, proposal: Proposal) {
        let mut governor = B256::ZERO;
        governor[..20].copy_from_slice(self.governor.as_slice());
        let salt = governor ^ keccak256(&proposal.description);
        self.add_operation(Operation::new(proposal.calls.clone(), true, B256::ZERO, salt));
        if !self.proposals.contains(&proposal) {
            self.proposals.push(proposal);
        }
    }

    pub(super) fn add_operation(&mut self, operation: Operation) {
        if !self.operations.contains(&operation) {
            self.operations.push(operation);
        }
    }

    /// What a view answered after the last step, where it was asked and did not revert.
    pub(super) fn known(&self, question: &Question) -> Option<U256> {
        let at = self.seen.0.iter().position(|asked| asked == question)?;
        let answer = self.seen.1.get(at).filter(|answer| answer.success)?;
        Some(U256::from_be_bytes(*answer.data.first_chunk::<32>()?))
    }
}

impl Calls {
    pub(super) fn new(calls: impl Iterator<Item = (Address, u64, Vec<u8>)>, skew: Skew) -> Self {
        let (mut targets, mut values, mut calldatas) = (Vec::new(), Vec::new(), Vec::new());
        for (target, value, data) in calls {
            targets.push(target);
            values.push(U256::from(value));
            calldatas.push(Bytes::from(data));
        }
        match skew {
            Skew::None => {}
            Skew::Targets => drop(targets.pop()),
            Skew::Values => drop(values.pop()),
            Skew::Calldatas => drop(calldatas.pop()),
        }
        Self { targets, values, calldatas }
    }
}

impl Proposal {
    pub(super) fn new(calls: Calls, description: String) -> Self {
        let Calls { targets, values, calldatas } = &calls;
        let details = (targets.clone(), values.clone(), calldatas.clone(), keccak256(&description));
        let id = keccak256(details.abi_encode_params()).into();
        Self { calls, description, id }
    }
}

impl Operation {
    pub(super) fn new(calls: Calls, batch: bool, predecessor: B256, salt: B256) -> Self {
        let mut operation = Self { calls, batch, predecessor, salt, id: B256::ZERO };
        let details = match operation.single() {
            None => {
                let Calls { targets, values, calldatas } = &operation.calls;
                (targets.clone(), values.clone(), calldatas.clone(), predecessor, salt).abi_encode_params()
            }
            Some((target, value, data)) => (target, value, data, predecessor, salt).abi_encode_params(),
        };
        operation.id = keccak256(details);
        operation
    }

    /// The one call, where it is no batch.
    pub(super) fn single(&self) -> Option<(Address, U256, Bytes)> {
        let Calls { targets, values, calldatas } = &self.calls;
        (!self.batch).then(|| {
            let (target, value) = (targets.first().copied(), values.first().copied());
            (target.unwrap_or_default(), value.unwrap_or_default(), calldatas.first().cloned().unwrap_or_default())
        })
    }
}

/// What a script's number stands for.
pub(super) fn amount(amount: Amount) -> U256 {
    match amount {
        u64::MAX => U256::MAX,
        _ if amount >> 62 == 0 => U256::from(amount),
        _ => U256::from(1) << (amount % 256) as usize,
    }
}
