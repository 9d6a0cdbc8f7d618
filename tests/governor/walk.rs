//! A random walk: proposals of every kind are made, voted on, moved on and called off, by everyone, at any time. Both
//! governors must answer alike at each step, and read alike after it. The seed is fixed.

use alloy::primitives::{Bytes, U256, aliases::U48};
use alloy::sol_types::SolCall;
use eyre::{Result, WrapErr};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::calls::*;
use crate::proposals::{Plan, To};
use crate::setup::Settings;
use crate::twins::{Answer, Twins};

const ACTORS: usize = 4;
const VOTES: [u64; ACTORS + 1] = [40, 25, 15, 15, 5];

/// What happens next. Proposals are counted from the last one made.
#[derive(Clone, Debug)]
enum Step {
    Propose {
        actor: usize,
        content: Content,
    },
    Again {
        actor: usize,
        plan: usize,
    },
    Vote {
        actor: usize,
        plan: usize,
        support: u8,
    },
    Split {
        actor: usize,
        plan: usize,
        votes: [u8; 3],
    },
    Queue {
        plan: usize,
    },
    Execute {
        plan: usize,
    },
    Cancel {
        actor: usize,
        plan: usize,
    },
    Transfer {
        from: usize,
        to: usize,
        value: u64,
    },
    Wait {
        time: u64,
    },
    /// What the last proposal waits for: time, votes, or to be moved on. If it is over, a new one.
    Onward {
        actor: usize,
        support: u8,
        content: Content,
    },
}

/// What a proposal does.
#[derive(Clone, Debug)]
enum Content {
    Nothing,
    Payment(u64),
    Delay(u64),
    Period(u32),
    Threshold(u64),
    Extension(u64),
    Quorum(u64),
    SuperQuorum(u64),
    Guardian(usize),
    Calls(Vec<(u8, u64)>),
}

/// Settings stay such that the walk can go on: not everyone's votes are needed, voting is open long enough to vote.
fn contents() -> impl Strategy<Value = Content> {
    prop_oneof![
        2 => Just(Content::Nothing),
        2 => (0u64..3).prop_map(Content::Payment),
        1 => (0u64..60).prop_map(Content::Delay),
        1 => prop_oneof![Just(0u32), 150u32..300].prop_map(Content::Period),
        1 => (0u64..14).prop_map(Content::Threshold),
        1 => (0u64..400).prop_map(Content::Extension),
        2 => prop_oneof![3 => 0u64..60, 1 => 90u64..110].prop_map(Content::Quorum),
        2 => (0u64..110).prop_map(Content::SuperQuorum),
        1 => (0..ACTORS + 1).prop_map(Content::Guardian),
        2 => proptest::collection::vec((0u8..3, 0u64..14), 0..4).prop_map(Content::Calls),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let (actor, plan) = (0..ACTORS, prop_oneof![4 => Just(0usize), 1 => 1usize..4]);
    prop_oneof![
        40 => (actor.clone(), prop_oneof![6 => Just(1u8), 1 => Just(0), 1 => Just(2)], contents())
            .prop_map(|(actor, support, content)| Step::Onward { actor, support, content }),
        2 => (actor.clone(), contents()).prop_map(|(actor, content)| Step::Propose { actor, content }),
        1 => (actor.clone(), plan.clone()).prop_map(|(actor, plan)| Step::Again { actor, plan }),
        8 => (actor.clone(), plan.clone(), prop_oneof![6 => Just(1u8), 2 => Just(0), 2 => Just(2), 1 => any::<u8>()])
            .prop_map(|(actor, plan, support)| Step::Vote { actor, plan, support }),
        3 => (actor.clone(), plan.clone(), any::<[u8; 3]>())
            .prop_map(|(actor, plan, votes)| Step::Split { actor, plan, votes: votes.map(|v| v % 20) }),
        2 => plan.clone().prop_map(|plan| Step::Queue { plan }),
        2 => plan.clone().prop_map(|plan| Step::Execute { plan }),
        1 => (actor.clone(), plan).prop_map(|(actor, plan)| Step::Cancel { actor, plan }),
        2 => (actor.clone(), actor, 0u64..4).prop_map(|(from, to, value)| Step::Transfer { from, to, value }),
        4 => prop_oneof![6 => 3u64..25, 1 => 100u64..400].prop_map(|time| Step::Wait { time }),
    ]
}

struct Walk {
    twins: Twins,
    plans: Vec<Plan>,
}

impl Walk {
    fn plan(&self, back: usize) -> Option<&Plan> {
        self.plans.get(self.plans.len().checked_sub(back + 1)?)
    }

    fn make(&self, content: &Content) -> Plan {
        let plan = Plan::new(&format!("Proposal {} of {content:?}", self.plans.len()));
        let number = |n: u64| U256::from(n);
        match *content {
            Content::Nothing => plan,
            Content::Payment(wei) => plan.paying(alloy::primitives::Address::repeat_byte(0x77), wei),
            Content::Delay(time) => plan.calling(To::Governor, setVotingDelayCall { newVotingDelay: U48::from(time) }),
            Content::Period(time) => plan.calling(To::Governor, setVotingPeriodCall { newVotingPeriod: time }),
            Content::Threshold(votes) => {
                plan.calling(To::Governor, setProposalThresholdCall { newProposalThreshold: number(votes) })
            }
            Content::Extension(time) => {
                plan.calling(To::Governor, setLateQuorumVoteExtensionCall { newVoteExtension: U48::from(time) })
            }
            Content::Quorum(share) => {
                plan.calling(To::Governor, updateQuorumNumeratorCall { newQuorumNumerator: number(share) })
            }
            Content::SuperQuorum(share) => {
                plan.calling(To::Governor, updateSuperQuorumNumeratorCall { newSuperQuorumNumerator: number(share) })
            }
            Content::Guardian(actor) => {
                let guardian = self.twins.actors.get(actor).copied().unwrap_or_default();
                plan.calling(To::Governor, setProposalGuardianCall { newProposalGuardian: guardian })
            }
            Content::Calls(ref calls) => calls.iter().fold(plan, |plan, &(kind, n)| match kind {
                0 => plan.calling(To::Governor, setVotingDelayCall { newVotingDelay: U48::from(n) }),
                1 => plan.calling(To::Governor, setProposalThresholdCall { newProposalThreshold: number(n) }),
                _ => plan.calling(To::Governor, nameCall {}),
            }),
        }
    }

    /// Takes a step; says whether something happened on the chain, and whether it succeeded.
    async fn take(&mut self, step: &Step) -> Result<Option<bool>> {
        let twins = &self.twins;
        let answer = match *step {
            Step::Wait { time } => {
                twins.pass(time).await?;
                return Ok(None);
            }
            Step::Onward { actor, support, ref content } => {
                let last = self.plan(0).cloned();
                let state = match &last {
                    Some(plan) => twins.call(0, |s| stateCall { proposalId: plan.id(s) }).await?,
                    None => Answer { success: false, data: Bytes::new(), logs: Vec::new() },
                };
                let state =
                    if state.success { State::try_from(state.returned::<stateCall>())? } else { State::Executed };
                match (state, last) {
                    (State::Pending, _) => {
                        twins.pass(61).await?;
                        return Ok(None);
                    }
                    (State::Active, Some(plan)) => {
                        let voted = twins.vote(actor, &plan, support).await?;
                        if !voted.success {
                            twins.pass(60).await?;
                        }
                        voted
                    }
                    (State::Succeeded, Some(plan)) => twins.queue(&plan).await?,
                    (State::Queued, Some(plan)) => {
                        twins.pass(20).await?;
                        twins.execute(&plan).await?
                    }
                    _ => {
                        let plan = self.make(content);
                        let answer = twins.propose(actor, &plan).await?;
                        self.plans.push(plan);
                        answer
                    }
                }
            }
            Step::Propose { actor, ref content } => {
                let plan = self.make(content);
                let answer = twins.propose(actor, &plan).await?;
                self.plans.push(plan);
                answer
            }
            Step::Transfer { from, to, value } => {
                let transfer = Token::transferCall { to: twins.actors[to], value: U256::from(value) };
                twins.once(from, twins.ours.token, transfer.abi_encode()).await?;
                return Ok(None);
            }
            Step::Again { plan, .. }
            | Step::Vote { plan, .. }
            | Step::Split { plan, .. }
            | Step::Queue { plan }
            | Step::Execute { plan }
            | Step::Cancel { plan, .. } => {
                let Some(plan) = self.plan(plan) else { return Ok(None) };
                match *step {
                    Step::Again { actor, .. } => twins.propose(actor, plan).await?,
                    Step::Vote { actor, support, .. } => twins.vote(actor, plan, support).await?,
                    Step::Queue { .. } => twins.queue(plan).await?,
                    Step::Execute { .. } => twins.execute(plan).await?,
                    Step::Cancel { actor, .. } => twins.cancel(actor, plan).await?,
                    Step::Split { actor, votes, .. } => {
                        let params: Bytes = votes.iter().flat_map(|v| u128::from(*v).to_be_bytes()).collect();
                        let (support, reason) = (255, String::new());
                        twins
                            .call(actor, |s| castVoteWithReasonAndParamsCall {
                                proposalId: plan.id(s),
                                support,
                                reason: reason.clone(),
                                params: params.clone(),
                            })
                            .await?
                    }
                    _ => unreachable!("handled above"),
                }
            }
        };
        Ok(Some(answer.success))
    }
}

async fn walk(seed: &[u8; 32], length: usize) -> Result<()> {
    let settings = Settings {
        voting_delay: 5,
        voting_period: 200,
        threshold: 5,
        quorum: 30,
        super_quorum: 80,
        extension: 50,
        delay: 20,
        ..Settings::default()
    };
    let mut walk = Walk { twins: Twins::start(&settings, &VOTES).await?, plans: Vec::new() };
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, seed));
    let (mut taken, mut done, mut executed) = (Vec::new(), 0, 0);
    for _ in 0..length {
        let step = steps().new_tree(&mut runner).expect("a step").current();
        taken.push(step.clone());
        let outcome = async {
            let success = walk.take(&step).await?;
            let Some(plan) = walk.plan(0) else { return Ok((success, false)) };
            walk.twins.compare(plan).await?;
            let state = walk.twins.call(0, |s| stateCall { proposalId: plan.id(s) }).await?;
            let ended =
                success == Some(true) && state.success && state.returned::<stateCall>() == State::Executed as u8;
            Ok::<_, eyre::Report>((success, ended))
        };
        let (success, ended) = outcome.await.wrap_err_with(|| format!("after {taken:#?}"))?;
        done += usize::from(success == Some(true));
        executed += usize::from(ended);
    }
    // A walk on which nothing succeeds compares nothing.
    assert!(done > length / 4 && executed > length / 50, "{done} of {length} steps succeeded, {executed} executions");
    Ok(())
}

#[tokio::test]
async fn both_walk_alike() -> Result<()> {
    walk(b"the first walk of both governors", 150).await
}

#[tokio::test]
async fn both_walk_alike_elsewhere() -> Result<()> {
    walk(b"another walk, of another 32 byte", 150).await
}
