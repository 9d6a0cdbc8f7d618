//! Where everything will stand, known before anything is sent.
//!
//! The StylusDeployer creates by CREATE2, from a salt that it hashes together with the constructor's arguments. So an
//! address commits to the program's code and to every argument: code at the planned address proves both, whoever
//! sent the transaction, and a deployment that was interrupted finds by itself what it has already done.

use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48, b256, keccak256};
use alloy::sol_types::{SolCall, SolValue};
use serde::{Deserialize, Serialize};

use crate::artifacts::{Artifacts, Program};
use crate::config::{Clock, Config, Executors};
use crate::interfaces::StylusDeployer;

/// Selector of a Stylus constructor: the first four bytes of keccak-256 of `constructor()`, whatever its arguments.
pub const CONSTRUCTOR_SELECTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

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

/// One contract of the plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its code.
    pub program: Program,
    /// What its constructor is called with.
    pub init_data: Bytes,
    /// Where it will stand.
    pub address: Address,
}

/// A whole deployment.
///
/// The timelock comes first, since the governor's constructor and the treasury's share of the token need its address.
/// It cannot name the governor as proposer in turn: each address would follow from the other. So the deployer is its
/// admin for the few transactions that it takes to grant the governor its roles, and then renounces.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The timelock.
    pub timelock: Planned,
    /// The voting token.
    pub token: Planned,
    /// The governor.
    pub governor: Planned,
    salt: B256,
}

impl Plan {
    /// Works out the plan of `deployer`, the account that sends the transactions.
    pub fn new(config: &Config, artifacts: &Artifacts, deployer: Address) -> Self {
        let planned = |program: &Program, init_data: Bytes| Planned {
            address: address_of(config.chain.stylus_deployer, config.chain.salt, program, &init_data),
            program: program.clone(),
            init_data,
        };
        let timelock = planned(&artifacts.timelock, timelock_init(config, deployer));
        let token = planned(&artifacts.token, token_init(config, timelock.address));
        let governor = planned(&artifacts.governor, governor_init(config, token.address, timelock.address));
        Self { timelock, token, governor, salt: config.chain.salt }
    }

    /// One of its contracts.
    pub const fn of(&self, contract: Contract) -> &Planned {
        match contract {
            Contract::Timelock => &self.timelock,
            Contract::Token => &self.token,
            Contract::Governor => &self.governor,
        }
    }

    /// The call to the StylusDeployer that deploys, activates and constructs a contract.
    pub(crate) fn deploy_call(&self, contract: Contract) -> Bytes {
        self.call(contract, self.of(contract).init_data.clone())
    }

    /// As [`Plan::deploy_call`], but nothing is constructed: for estimates alone.
    pub(crate) fn deploy_call_without_constructor(&self, contract: Contract) -> Bytes {
        self.call(contract, Bytes::new())
    }

    fn call(&self, contract: Contract, init_data: Bytes) -> Bytes {
        let bytecode = self.of(contract).program.init_code();
        let call =
            StylusDeployer::deployCall { bytecode, initData: init_data, initValue: U256::ZERO, salt: self.salt };
        call.abi_encode().into()
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

/// The address that the StylusDeployer's CREATE2 gives.
fn address_of(stylus_deployer: Address, salt: B256, program: &Program, init_data: &[u8]) -> Address {
    let salt = keccak256([salt.as_slice(), init_data].concat());
    stylus_deployer.create2(salt, keccak256(program.init_code()))
}

fn timelock_init(config: &Config, deployer: Address) -> Bytes {
    let executors = match &config.timelock.executors {
        Executors::Anyone => vec![Address::ZERO],
        Executors::Governor(others) => others.clone(),
    };
    constructor((U256::from(config.timelock.min_delay), Vec::<Address>::new(), executors, deployer).abi_encode_params())
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
    constructor((token.name.clone(), token.symbol.clone(), holders, amounts, timestamps).abi_encode_params())
}

fn governor_init(config: &Config, token: Address, timelock: Address) -> Bytes {
    let governor = &config.governor;
    constructor(
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

fn constructor(arguments: Vec<u8>) -> Bytes {
    [&CONSTRUCTOR_SELECTOR[..], &arguments].concat().into()
}

#[cfg(test)]
mod tests;
