//! Where everything will stand, known before anything is sent, and who will hold which role.

use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48, b256};
use alloy::sol_types::SolValue;
use serde::{Deserialize, Serialize};

use crate::artifacts::{Artifacts, Program};
use crate::config::{Clock, Config, Executors};
use crate::create::{Creation, constructor_call};

/// A contract of the DAO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contract {
    /// Treasury and executor.
    Timelock,
    /// Voting weight.
    Token,
    /// Proposals and votes.
    Governor,
}

impl Contract {
    /// All, in the order they are deployed: each needs the addresses of those before it.
    pub const ALL: [Self; 3] = [Self::Timelock, Self::Token, Self::Governor];

    /// Its name in sentences.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timelock => "timelock",
            Self::Token => "voting token",
            Self::Governor => "governor",
        }
    }
}

/// A role of the timelock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Grants and revokes every role, itself included.
    Admin,
    /// Schedules operations.
    Proposer,
    /// Cancels what is scheduled.
    Canceller,
    /// Executes what has waited.
    Executor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Proposer, Self::Canceller, Self::Executor];

    /// Its id, as OpenZeppelin's AccessControl and TimelockController have it: keccak-256 of the name, zero for the
    /// admin.
    pub const fn id(self) -> B256 {
        match self {
            Self::Admin => B256::ZERO,
            Self::Proposer => b256!("0xb09aa5aeb3702cfd50b6b62bc4532604938f21248a27a1d5ca736082b6819cc1"),
            Self::Canceller => b256!("0xfd643c72710c63c0180259aba6b2d05451e3591a24e58b62239378085726f783"),
            Self::Executor => b256!("0xd8aa0f3194971a2a116679f7c2090f6939c8d4e01a2a8d7e41d55e5351469e63"),
        }
    }

    /// Its name in the timelock's ABI.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "DEFAULT_ADMIN_ROLE",
            Self::Proposer => "PROPOSER_ROLE",
            Self::Canceller => "CANCELLER_ROLE",
            Self::Executor => "EXECUTOR_ROLE",
        }
    }
}

/// A whole deployment.
///
/// The timelock comes first, since the governor's constructor and the treasury's share of the token need its address.
/// It cannot name the governor as proposer in turn: each address would follow from the other. So the deployer is its
/// admin for the few transactions that it takes to grant the governor its roles, and then renounces.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The timelock.
    pub timelock: Creation,
    /// The voting token.
    pub token: Creation,
    /// The governor.
    pub governor: Creation,
}

impl Plan {
    /// Works out the plan of `deployer`, the account that sends the transactions.
    pub fn new(config: &Config, artifacts: &Artifacts, deployer: Address) -> Self {
        let planned = |program: &Program, constructor| {
            Creation::new(config.chain.stylus_deployer, config.chain.salt, program.clone(), constructor)
        };
        let timelock = planned(&artifacts.timelock, timelock_init(config, deployer));
        let token = planned(&artifacts.token, token_init(config, timelock.address));
        let governor = planned(&artifacts.governor, governor_init(config, token.address, timelock.address));
        Self { timelock, token, governor }
    }

    /// One of its contracts.
    pub const fn of(&self, contract: Contract) -> &Creation {
        match contract {
            Contract::Timelock => &self.timelock,
            Contract::Token => &self.token,
            Contract::Governor => &self.governor,
        }
    }

    /// Who holds a role when the deployment is finished.
    pub fn holders(&self, config: &Config, role: Role) -> Vec<Address> {
        match (role, &config.timelock.executors) {
            (Role::Admin, _) => vec![self.timelock.address],
            (Role::Proposer | Role::Canceller, _) => vec![self.governor.address],
            (Role::Executor, Executors::Anyone) => vec![Address::ZERO],
            (Role::Executor, Executors::Governor(others)) => {
                let mut holders = others.clone();
                holders.push(self.governor.address);
                holders
            }
        }
    }
}

fn timelock_init(config: &Config, deployer: Address) -> Bytes {
    let executors = match &config.timelock.executors {
        Executors::Anyone => vec![Address::ZERO],
        Executors::Governor(others) => others.clone(),
    };
    constructor_call(
        (U256::from(config.timelock.min_delay), Vec::<Address>::new(), executors, deployer).abi_encode_params(),
    )
}

fn token_init(config: &Config, timelock: Address) -> Bytes {
    let token = &config.token;
    let (mut holders, mut amounts): (Vec<Address>, Vec<U256>) =
        token.holders.iter().map(|holder| (holder.address, holder.amount)).unzip();
    let treasury = config.treasury();
    if !treasury.is_zero() {
        holders.push(timelock);
        amounts.push(treasury);
    }
    let timestamps = token.clock == Clock::Timestamp;
    constructor_call((token.name.clone(), token.symbol.clone(), holders, amounts, timestamps).abi_encode_params())
}

fn governor_init(config: &Config, token: Address, timelock: Address) -> Bytes {
    let governor = &config.governor;
    constructor_call(
        (
            governor.name.clone(),
            token,
            timelock,
            U48::from(governor.voting_delay),
            governor.voting_period,
            governor.proposal_threshold,
            U256::from(governor.quorum_percent),
            U256::from(governor.super_quorum_percent),
            U48::from(governor.late_quorum_extension),
            config.council,
        )
            .abi_encode_params(),
    )
}

#[cfg(test)]
mod tests;
