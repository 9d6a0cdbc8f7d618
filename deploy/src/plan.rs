//! Where everything will stand, known before anything is sent, and who will hold which role.

mod template;

use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48, b256};
use alloy::sol_types::SolValue;
use serde::{Deserialize, Serialize};

use crate::artifacts::{Artifacts, Program};
use crate::config::{Clock, Config, Executors};
use crate::founder::Charter;

/// Selector of a Stylus constructor: the first four bytes of keccak-256 of
/// `stylus_constructor()`, whatever its arguments.
const CONSTRUCTOR_SELECTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

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
    /// All, in the order they are created: the governor's constructor asks the token for the time.
    pub const ALL: [Self; 3] = [Self::Timelock, Self::Token, Self::Governor];

    /// All, in the order they are renewed. The token comes first: without it the governor cannot tell the time. The
    /// timelock comes last: as long as it is dead nothing is executed, and when it lives again the guardian's
    /// way to cancel, through governor and token, is open already.
    pub const RENEWAL: [Self; 3] = [Self::Token, Self::Governor, Self::Timelock];

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

/// A contract of a plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its code.
    pub program: Program,
    /// What its constructor is called with.
    pub constructor: Bytes,
    /// Where it stands or will stand.
    pub address: Address,
}

/// A whole deployment: who creates what, with which arguments, and where it will stand. All of it follows from the
/// settings and the programs, and nothing from who deploys.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The timelock.
    pub timelock: Planned,
    /// The voting token.
    pub token: Planned,
    /// The governor.
    pub governor: Planned,
    pub(crate) charter: Charter,
}

impl Plan {
    /// Works out the plan.
    pub fn new(config: &Config, artifacts: &Artifacts) -> Self {
        let parts = Contract::ALL.map(|contract| {
            template::part(artifacts.of(contract).init_code(), |addresses| constructor(config, contract, addresses))
        });
        let charter = Charter::new(config.chain.create2_factory, config.chain.salt, parts.into());
        let addresses = [0, 1, 2].map(|number| charter.program(number));
        let [timelock, token, governor] = Contract::ALL.map(|contract| Planned {
            program: artifacts.of(contract).clone(),
            constructor: constructor(config, contract, &addresses),
            address: addresses[contract as usize],
        });
        Self { timelock, token, governor, charter }
    }

    /// One of its contracts.
    pub const fn of(&self, contract: Contract) -> &Planned {
        match contract {
            Contract::Timelock => &self.timelock,
            Contract::Token => &self.token,
            Contract::Governor => &self.governor,
        }
    }

    /// The contract that creates the others, in one transaction.
    pub const fn founder(&self) -> Address {
        self.charter.address
    }

    /// The call of the Founder that founds the DAO. Any account or contract may send it, with ether for the data fees.
    pub const fn founding_call(&self) -> &Bytes {
        &self.charter.call
    }

    /// Who holds a role from the founding on.
    pub fn holders(&self, config: &Config, role: Role) -> Vec<Address> {
        match role {
            Role::Admin => vec![self.timelock.address],
            Role::Proposer | Role::Canceller => vec![self.governor.address],
            Role::Executor => executors(config, self.governor.address),
        }
    }
}

/// A constructor's calldata; the addresses are in the order of [`Contract::ALL`].
fn constructor(config: &Config, contract: Contract, &[timelock, token, governor]: &[Address; 3]) -> Bytes {
    let arguments = match contract {
        Contract::Timelock => timelock_arguments(config, governor),
        Contract::Token => token_arguments(config, timelock),
        Contract::Governor => governor_arguments(config, token, timelock),
    };
    [&CONSTRUCTOR_SELECTOR[..], &arguments].concat().into()
}

fn executors(config: &Config, governor: Address) -> Vec<Address> {
    match &config.timelock.executors {
        Executors::Anyone => vec![Address::ZERO],
        Executors::Governor(others) => others.iter().copied().chain([governor]).collect(),
    }
}

/// No admin but the timelock itself: the zero address stands for nobody.
fn timelock_arguments(config: &Config, governor: Address) -> Vec<u8> {
    let delay = U256::from(config.timelock.min_delay);
    (delay, vec![governor], executors(config, governor), Address::ZERO).abi_encode_params()
}

fn token_arguments(config: &Config, timelock: Address) -> Vec<u8> {
    let token = &config.token;
    let (mut holders, mut amounts): (Vec<Address>, Vec<U256>) =
        token.holders.iter().map(|holder| (holder.address, holder.amount)).unzip();
    let treasury = config.treasury();
    if !treasury.is_zero() {
        holders.push(timelock);
        amounts.push(treasury);
    }
    let timestamps = token.clock == Clock::Timestamp;
    (token.name.clone(), token.symbol.clone(), holders, amounts, timestamps).abi_encode_params()
}

fn governor_arguments(config: &Config, token: Address, timelock: Address) -> Vec<u8> {
    let governor = &config.governor;
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
        .abi_encode_params()
}

#[cfg(test)]
mod tests;
