//! A DAO's settings: what its constructors are given.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolValue,
};
use serde::{Deserialize, Serialize};

use super::{
    action::{Amount, Person},
    people::{CONTRACTS, People},
    side,
    world::amount,
};

/// The token's name, part of its signing domain.
pub(super) const TOKEN_NAME: &str = "Health Exchange Vote";
/// The governor's name, part of its signing domain.
pub(super) const GOVERNOR_NAME: &str = "Health Exchange Governor";
/// What each holder has at first.
pub(super) const EACH: u64 = 1_000;

/// What the constructors are given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Setup {
    /// The token's clock: timestamps, or block numbers.
    pub timestamps: bool,
    pub voting_delay: u64,
    pub voting_period: u64,
    pub threshold: u64,
    pub quorum: u64,
    pub super_quorum: u64,
    pub extension: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<Person>,
    /// The timelock's, in seconds.
    pub delay: u64,
    /// Whether anybody may execute, or the governor and the second actor alone.
    pub open: bool,
    /// Whether the last actor administers the timelock.
    pub admin: bool,
    /// What nobody would deploy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub oddities: Vec<Oddity>,
}

/// Something odd in the arguments of the constructors; of several of a kind the first counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Oddity {
    /// The lists of holders, proposers and executors are empty.
    Nobody,
    /// The token's first holder is another.
    Holder(Person),
    /// And has so much.
    Amount(Amount),
    /// Token and governor have names of so many letters.
    Name(u8),
    /// The governor's token is something else.
    Token(Person),
    /// The governor's timelock is something else.
    Timelock(Person),
    /// The arguments of a contract end so many bytes early.
    #[allow(missing_docs)]
    Cut { place: u8, bytes: u8 },
    /// The constructor of a contract is sent a wei.
    Paid(u8),
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            timestamps: true,
            voting_delay: 5,
            voting_period: 200,
            threshold: 5,
            quorum: 30,
            super_quorum: 80,
            extension: 50,
            guardian: None,
            delay: 20,
            open: true,
            admin: false,
            oddities: Vec::new(),
        }
    }
}

impl Setup {
    /// The arguments of the constructor of `contract`; our token takes the clock beside the peer's.
    pub(super) fn arguments(&self, contract: &str, people: &People, ours: bool) -> Vec<u8> {
        let number = U256::from::<u64>;
        let [token, timelock, governor] = CONTRACTS.map(|person| people.person(person));
        let nobody = self.oddities.contains(&Oddity::Nobody);
        let names = [TOKEN_NAME, GOVERNOR_NAME].map(|name| {
            let odd =
                self.odd(|oddity| if let Oddity::Name(length) = oddity { Some(usize::from(*length)) } else { None });
            odd.map_or(name.to_owned(), |length| "n".repeat(length))
        });
        let person = |of: fn(&Oddity) -> Option<Person>| self.odd(of).map(|person| people.person(person));
        let mut arguments = match contract {
            "voting-token" => {
                let mut holders = if nobody { Vec::new() } else { people.holders().to_vec() };
                let mut amounts = vec![number(EACH); holders.len()];
                if let Some(first) = holders.first_mut() {
                    *first = person(|oddity| if let Oddity::Holder(who) = oddity { Some(*who) } else { None })
                        .unwrap_or(*first);
                    let odd = self.odd(|oddity| if let Oddity::Amount(much) = oddity { Some(*much) } else { None });
                    amounts[0] = odd.map_or(amounts[0], amount);
                }
                let [name, _] = names;
                if ours {
                    (name, "HXV", holders, amounts, self.timestamps).abi_encode_params()
                } else {
                    (name, "HXV", holders, amounts).abi_encode_params()
                }
            }
            "timelock" => {
                let mut proposers = vec![governor, people.list[0], people.reenterer()];
                let mut executors = if self.open { vec![Address::ZERO] } else { vec![governor, people.list[1]] };
                if nobody {
                    (proposers, executors) = Default::default();
                }
                let admin = if self.admin { people.actor(3) } else { Address::ZERO };
                (amount(self.delay), proposers, executors, admin).abi_encode_params()
            }
            _ => {
                let token =
                    person(|oddity| if let Oddity::Token(at) = oddity { Some(*at) } else { None }).unwrap_or(token);
                let of_timelock = person(|oddity| if let Oddity::Timelock(at) = oddity { Some(*at) } else { None });
                let [_, name] = names;
                (
                    name,
                    token,
                    of_timelock.unwrap_or(timelock),
                    number(self.voting_delay),
                    number(self.voting_period),
                    amount(self.threshold),
                    amount(self.quorum),
                    amount(self.super_quorum),
                    number(self.extension),
                    self.guardian.map_or(Address::ZERO, |guardian| people.person(guardian)),
                )
                    .abi_encode_params()
            }
        };
        let cut = self.odd(|oddity| match oddity {
            Oddity::Cut { place, bytes } if is_at(*place, contract) => Some(usize::from(*bytes)),
            _ => None,
        });
        arguments.truncate(arguments.len().saturating_sub(cut.unwrap_or_default()));
        arguments
    }

    /// What the constructor of `contract` is paid.
    pub(super) fn wei(&self, contract: &str) -> u64 {
        let paid = |oddity: &Oddity| matches!(oddity, Oddity::Paid(place) if is_at(*place, contract));
        self.oddities.iter().any(paid).into()
    }

    /// The first oddity that is one of these.
    fn odd<T>(&self, of: impl Fn(&Oddity) -> Option<T>) -> Option<T> {
        self.oddities.iter().find_map(of)
    }
}

/// Whether `contract` is the one at this place in the order of creation.
fn is_at(place: u8, contract: &str) -> bool {
    side::CONTRACTS[usize::from(place) % side::CONTRACTS.len()] == contract
}
