//! Everybody who takes part in a walk, and the contracts of the DAO.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    sol_types::SolConstructor,
};
use consilium_bindings::Timelock;
use eyre::Result;
use harness::{
    chain::Account,
    dao::{Dao, Proposal, whole},
    deploy, peers,
};

pub(crate) const ROLES: [&str; 4] = ["", "PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"];
/// Where payments go.
pub(crate) const PAYEE: Address = Address::repeat_byte(0x77);

/// A role's id, by its place in [`ROLES`].
pub(crate) fn role(place: usize) -> B256 {
    if place == 0 { B256::ZERO } else { keccak256(ROLES[place]) }
}

/// Everybody, and where everything stands.
#[derive(Clone)]
pub(crate) struct Cast {
    /// Its timelock is the one that the governor has.
    pub(crate) dao: Dao,
    /// The one that the DAO begins with, and one that it may move to.
    pub(crate) timelocks: [Address; 2],
    /// Reads many views by one call.
    pub(crate) reader: Address,
    /// Refuses every call.
    pub(crate) silent: Address,
    pub(crate) mallory: Account,
    /// Holds the timelock's roles as the governor does, by a decision.
    pub(crate) clerk: Account,
}

impl Cast {
    pub(crate) async fn assemble() -> Result<Self> {
        let dao = Dao::start().await?;
        let (mallory, clerk) = (dao.stranger("mallory").await?, dao.stranger("clerk").await?);
        let reader = peers::create(&dao.chain, "Reader", &[]).await?;
        let silent = peers::create(&dao.chain, "Silent", &[]).await?;
        let mut appoint = Proposal::new("Appoint a clerk");
        for place in 1..4 {
            appoint =
                appoint.calling(dao.timelock, Timelock::grantRoleCall { role: role(place), account: clerk.address() });
        }
        dao.enact(&appoint).await?;
        let timelocks = [dao.timelock, second_timelock(&dao, clerk.address()).await?];
        Ok(Self { dao, timelocks, reader, silent, mallory, clerk })
    }

    /// The same people with the timelock that the governor has now.
    pub(crate) fn moved(&self, timelock: Address) -> Self {
        Self { dao: Dao { timelock, ..self.dao.clone() }, ..self.clone() }
    }

    /// The order of [`crate::actions::PEOPLE`].
    pub(crate) fn person(&self, place: usize) -> &Account {
        match place {
            5 => &self.mallory,
            6 => &self.dao.guardian,
            7 => &self.clerk,
            member => &self.dao.members[member],
        }
    }

    /// All who ever have tokens.
    pub(crate) fn accounts(&self) -> Vec<Address> {
        let members = self.dao.members.iter().map(Account::address);
        members.chain([self.mallory.address(), self.dao.governor]).chain(self.timelocks).collect()
    }

    /// All who are ever allowed to spend another's.
    pub(crate) fn spenders(&self) -> [Address; 2] {
        [self.mallory.address(), self.dao.members[0].address()]
    }

    pub(crate) fn roles(&self) -> [B256; 4] {
        [0, 1, 2, 3].map(role)
    }

    /// All who could hold a role.
    pub(crate) fn role_holders(&self) -> Vec<Address> {
        let people = (0..crate::actions::PEOPLE).map(|place| self.person(place).address());
        people.chain([self.dao.governor, self.dao.deployer.address(), Address::ZERO]).chain(self.timelocks).collect()
    }
}

/// A timelock that nobody uses yet, with what a treasury needs: the governor and the clerk have their roles there.
async fn second_timelock(dao: &Dao, clerk: Address) -> Result<Address> {
    let trusted = vec![dao.governor, clerk];
    let constructor = Timelock::constructorCall {
        minDelay: U256::from(100),
        proposers: trusted.clone(),
        executors: trusted,
        admin: Address::ZERO,
    };
    let timelock = deploy::program(&dao.chain, "timelock", &constructor.abi_encode()).await?;
    dao.fund(timelock, whole(1)).await?;
    dao.give(&dao.members[0], timelock, whole(20_000)).await?;
    Ok(timelock)
}
