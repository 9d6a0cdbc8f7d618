//! A DAO with a proposal in each state there is.

use alloy::primitives::{Address, U256};
use consilium_bindings::{Governor, Timelock};
use eyre::Result;
use harness::dao::{Dao, Proposal, State, whole};

/// Where grants go.
const PRACTICE: Address = Address::repeat_byte(0x50);

/// A proposal in each state there is.
pub(crate) struct Proposals {
    all: Vec<(Proposal, State)>,
}

impl Proposals {
    pub(crate) async fn make(dao: &Dao) -> Result<Self> {
        let plan = |name: &str| Proposal::new(name).paying(PRACTICE, whole(1));
        let [executed, canceled, defeated, ready, queued, succeeded, active, pending] =
            ["executed", "canceled", "defeated", "ready", "queued", "succeeded", "active", "pending"].map(plan);
        dao.enact(&executed).await?;
        let id = dao.propose(&dao.members[0], &canceled).await?;
        dao.does(&dao.members[0], dao.governor, Governor::cancel_1Call { proposalId: id }).await?;
        let id = dao.propose(&dao.members[0], &defeated).await?;
        dao.close(id).await?;
        dao.ripen(&ready).await?;
        for plan in [&queued, &succeeded] {
            dao.propose(&dao.members[0], plan).await?;
        }
        dao.open(succeeded.id()).await?;
        for plan in [&queued, &succeeded] {
            dao.vote(&dao.members[0], plan.id(), 1).await?;
        }
        dao.close(succeeded.id()).await?;
        dao.propose(&dao.members[0], &active).await?;
        dao.open(active.id()).await?;
        dao.vote(&dao.members[1], active.id(), 1).await?;
        dao.propose(&dao.members[0], &pending).await?;
        dao.queue(queued.id()).await?;
        let all = vec![
            (executed, State::Executed),
            (canceled, State::Canceled),
            (defeated, State::Defeated),
            (ready, State::Queued),
            (queued, State::Queued),
            (succeeded, State::Succeeded),
            (active, State::Active),
            (pending, State::Pending),
        ];
        let this = Self { all };
        this.are(dao, |state| state).await?;
        Ok(this)
    }

    /// Each is in the state that `after` makes of the one it was in.
    pub(crate) async fn are(&self, dao: &Dao, after: impl Fn(State) -> State) -> Result<()> {
        for (plan, state) in &self.all {
            assert_eq!(dao.state(plan.id()).await?, after(*state), "{}", plan.description);
        }
        Ok(())
    }

    pub(crate) fn named(&self, name: &str) -> &Proposal {
        &self.all.iter().find(|(plan, _)| plan.description == name).expect("a proposal").0
    }

    /// What is stored of each: votes, deadline, eta, and the timelock's state.
    pub(crate) async fn facts(&self, dao: &Dao) -> Result<Vec<([U256; 3], u64, U256, U256)>> {
        let mut facts = Vec::new();
        for (plan, _) in &self.all {
            let id = plan.id();
            let eta = dao.read(dao.governor, Governor::proposalEtaCall { proposalId: id }).await?;
            let ready = Timelock::getTimestampCall { id: plan.operation(dao.governor) };
            facts.push((dao.tally(id).await?, dao.deadline(id).await?, eta, dao.read(dao.timelock, ready).await?));
        }
        Ok(facts)
    }
}
