//! Proposals as the tests make them: the same actions on both sides, with the side's own addresses in them.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol_types::{SolCall, SolValue},
};
use eyre::Result;
use harness::answer::Answer;

use crate::calls::*;
use crate::twins::{Governors, Side};

/// Whom an action calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum To {
    Governor,
    Token,
    Account(Address),
}

/// A call that a proposal makes.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub(crate) to: To,
    pub(crate) value: U256,
    pub(crate) data: Vec<u8>,
}

/// A proposal.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) actions: Vec<Action>,
    pub(crate) description: String,
}

impl Plan {
    pub(crate) fn new(description: &str) -> Self {
        Self { actions: Vec::new(), description: description.into() }
    }

    /// A proposal to pay `value` wei to an account that has nothing yet.
    pub(crate) fn payment(description: &str, value: u64) -> Self {
        Self::new(description).paying(Address::repeat_byte(0x77), value)
    }

    pub(crate) fn paying(mut self, to: Address, value: u64) -> Self {
        self.actions.push(Action { to: To::Account(to), value: U256::from(value), data: Vec::new() });
        self
    }

    pub(crate) fn calling(mut self, to: To, call: impl SolCall) -> Self {
        self.actions.push(Action { to, value: U256::ZERO, data: call.abi_encode() });
        self
    }

    pub(crate) fn targets(&self, side: &Side) -> Vec<Address> {
        let target = |action: &Action| match action.to {
            To::Governor => side.governor,
            To::Token => side.token,
            To::Account(account) => account,
        };
        self.actions.iter().map(target).collect()
    }

    pub(crate) fn values(&self) -> Vec<U256> {
        self.actions.iter().map(|action| action.value).collect()
    }

    pub(crate) fn calldatas(&self) -> Vec<Bytes> {
        self.actions.iter().map(|action| action.data.clone().into()).collect()
    }

    pub(crate) fn description_hash(&self) -> B256 {
        keccak256(&self.description)
    }

    /// The id by its definition.
    pub(crate) fn id(&self, side: &Side) -> U256 {
        let details = (self.targets(side), self.values(), self.calldatas(), self.description_hash());
        keccak256(details.abi_encode_params()).into()
    }

    /// The timelock's salt, by OpenZeppelin's definition.
    pub(crate) fn salt(&self, side: &Side) -> B256 {
        let mut governor = B256::ZERO;
        governor[..20].copy_from_slice(side.governor.as_slice());
        governor ^ self.description_hash()
    }

    /// The timelock's id of the operation, by its definition.
    pub(crate) fn operation(&self, side: &Side) -> B256 {
        let operation = (self.targets(side), self.values(), self.calldatas(), B256::ZERO, self.salt(side));
        keccak256(operation.abi_encode_params())
    }

    pub(crate) fn propose_call(&self, side: &Side) -> proposeCall {
        proposeCall {
            targets: self.targets(side),
            values: self.values(),
            calldatas: self.calldatas(),
            description: self.description.clone(),
        }
    }

    pub(crate) fn queue_call(&self, side: &Side) -> queue_0Call {
        queue_0Call {
            targets: self.targets(side),
            values: self.values(),
            calldatas: self.calldatas(),
            descriptionHash: self.description_hash(),
        }
    }

    pub(crate) fn execute_call(&self, side: &Side) -> execute_0Call {
        execute_0Call {
            targets: self.targets(side),
            values: self.values(),
            calldatas: self.calldatas(),
            descriptionHash: self.description_hash(),
        }
    }

    pub(crate) fn cancel_call(&self, side: &Side) -> cancel_0Call {
        cancel_0Call {
            targets: self.targets(side),
            values: self.values(),
            calldatas: self.calldatas(),
            descriptionHash: self.description_hash(),
        }
    }
}

/// What is done with a plan, on both sides.
impl Governors {
    /// Says which ids of the two sides stand for each other.
    pub(crate) fn introduce(&self, plan: &Plan) {
        self.stands_for(word(plan.id(&self.ours)), word(plan.id(&self.peer)));
        self.stands_for(plan.operation(&self.ours), plan.operation(&self.peer));
        self.stands_for(plan.salt(&self.ours), plan.salt(&self.peer));
    }

    pub(crate) async fn propose(&self, actor: usize, plan: &Plan) -> Result<Answer> {
        self.introduce(plan);
        self.call(actor, |side| plan.propose_call(side)).await
    }

    pub(crate) async fn vote(&self, actor: usize, plan: &Plan, support: u8) -> Result<Answer> {
        self.call(actor, |side| castVoteCall { proposalId: plan.id(side), support }).await
    }

    pub(crate) async fn queue(&self, plan: &Plan) -> Result<Answer> {
        self.call(0, |side| queue_1Call { proposalId: plan.id(side) }).await
    }

    pub(crate) async fn execute(&self, plan: &Plan) -> Result<Answer> {
        self.call(0, |side| execute_1Call { proposalId: plan.id(side) }).await
    }

    pub(crate) async fn cancel(&self, actor: usize, plan: &Plan) -> Result<Answer> {
        self.call(actor, |side| cancel_1Call { proposalId: plan.id(side) }).await
    }

    /// The state of a proposal that exists.
    pub(crate) async fn state(&self, plan: &Plan) -> Result<State> {
        let state = self.call(0, |side| stateCall { proposalId: plan.id(side) }).await?.output::<stateCall>();
        Ok(State::try_from(state)?)
    }

    /// Proposes, and waits until voting is open.
    pub(crate) async fn open(&self, plan: &Plan) -> Result<()> {
        self.propose(0, plan).await?.succeeded();
        self.pass(101).await
    }

    /// Proposes, passes by the votes of actor 0, and waits until voting is closed.
    pub(crate) async fn pass_plan(&self, plan: &Plan) -> Result<()> {
        self.open(plan).await?;
        self.vote(0, plan, 1).await?.succeeded();
        self.pass(1_000).await
    }

    /// Brings a proposal into the timelock, and waits until its delay is over.
    pub(crate) async fn ripen(&self, plan: &Plan) -> Result<()> {
        self.pass_plan(plan).await?;
        self.queue(plan).await?.succeeded();
        self.pass(500).await
    }

    /// Carries a proposal from beginning to end.
    pub(crate) async fn enact(&self, plan: &Plan) -> Result<Answer> {
        self.ripen(plan).await?;
        self.execute(plan).await
    }

    /// Compares everything that can be read of a proposal, and of the governors.
    pub(crate) async fn compare(&self, plan: &Plan) -> Result<()> {
        fn to(side: &Side, call: impl SolCall) -> (Address, Vec<u8>) {
            (side.governor, call.abi_encode())
        }
        let now = U256::from(self.now().await?);
        let account = self.actors[0];
        self.each(
            0,
            &[
                &|s| to(s, stateCall { proposalId: plan.id(s) }),
                &|s| to(s, proposalSnapshotCall { proposalId: plan.id(s) }),
                &|s| to(s, proposalDeadlineCall { proposalId: plan.id(s) }),
                &|s| to(s, proposalProposerCall { proposalId: plan.id(s) }),
                &|s| to(s, proposalEtaCall { proposalId: plan.id(s) }),
                &|s| to(s, proposalNeedsQueuingCall { proposalId: plan.id(s) }),
                &|s| to(s, proposalVotesCall { proposalId: plan.id(s) }),
                &|s| to(s, hasVotedCall { proposalId: plan.id(s), account }),
                &|s| to(s, usedVotesCall { proposalId: plan.id(s), account }),
                &|s| to(s, proposalDetailsCall { proposalId: plan.id(s) }),
                &|s| to(s, proposalDetailsAtCall { index: U256::ZERO }),
                &|s| to(s, proposalCountCall {}),
            ],
        )
        .await?;
        self.each(
            0,
            &[
                &|s| to(s, nameCall {}),
                &|s| to(s, versionCall {}),
                &|s| to(s, tokenCall {}),
                &|s| to(s, timelockCall {}),
                &|s| to(s, clockCall {}),
                &|s| to(s, CLOCK_MODECall {}),
                &|s| to(s, COUNTING_MODECall {}),
                &|s| to(s, BALLOT_TYPEHASHCall {}),
                &|s| to(s, EXTENDED_BALLOT_TYPEHASHCall {}),
                &|s| to(s, eip712DomainCall {}),
                &|s| to(s, votingDelayCall {}),
                &|s| to(s, votingPeriodCall {}),
                &|s| to(s, proposalThresholdCall {}),
                &|s| to(s, lateQuorumVoteExtensionCall {}),
                &|s| to(s, proposalGuardianCall {}),
                &|s| to(s, quorumDenominatorCall {}),
                &|s| to(s, quorumNumerator_0Call {}),
                &|s| to(s, superQuorumNumerator_0Call {}),
                &|s| to(s, noncesCall { owner: account }),
            ],
        )
        .await?;
        for back in [0u64, 1, 700, 5_000, u64::MAX] {
            let timepoint = now.saturating_sub(U256::from(back));
            self.each(
                0,
                &[
                    &|s| to(s, quorumCall { timepoint }),
                    &|s| to(s, superQuorumCall { timepoint }),
                    &|s| to(s, quorumNumerator_1Call { timepoint }),
                    &|s| to(s, superQuorumNumerator_1Call { timepoint }),
                    &|s| to(s, getVotesCall { account, timepoint }),
                    &|s| to(s, getVotesWithParamsCall { account, timepoint, params: Bytes::from_static(b"any") }),
                ],
            )
            .await?;
        }
        Ok(())
    }
}

pub(crate) fn word(number: U256) -> Vec<u8> {
    number.to_be_bytes::<32>().to_vec()
}
