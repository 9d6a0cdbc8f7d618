//! The call that a step means.

use alloy::{
    primitives::{Address, B256, Bytes, U256, aliases::U48},
    sol_types::SolCall,
};
use consilium_bindings::Mandate as M;
use harness::walk::{Call, Todo, authority::Authority};

use crate::wild::PLAIN;
use crate::world::{OddPayee, Token as T, grant, time};

use super::World;
use super::people::{ACTORS, DAO, HOLDERS, PAYER, restricted};
use super::steps::{Own, Step};

/// The last second that can be said.
const LAST: u64 = (1 << 48) - 1;

/// Amounts, small ones often.
fn amount(of: u8) -> u128 {
    match of {
        0..120 => [1, 2, 5, 10, 20][usize::from(of % 5)],
        120..200 => [40, 60, 99, 100, 150][usize::from(of % 5)],
        200..240 => u128::from(of),
        240..246 => 0,
        246..251 => 5_000,
        _ => u128::MAX - u128::from(255 - of),
    }
}

/// Limits, mostly of several payments.
fn limit_of(of: u8) -> u128 {
    match of {
        0..100 => [30, 100, 150, 200, 1_000][usize::from(of % 5)],
        _ => amount(of),
    }
}

impl World {
    /// What a step means now.
    pub(super) fn resolve(&mut self, step: &Step, now: u64) -> Todo {
        let actor = |by: &u8| usize::from(*by) % ACTORS;
        let (contract, wild) = (self.people.contract, self.people.tokens[1]);
        let call = |by, to, wei, data: Vec<u8>| Todo::Call(Call { by, to, wei, data: data.into(), share: None });
        match step {
            Step::Wait { seconds } => Todo::Wait((*seconds).into()),
            Step::Until { which, late } => {
                let ahead = self.model.rules.seconds_that_matter(now);
                let Some(second) = ahead.get(usize::from(*which) % ahead.len().max(1)) else { return Todo::Nothing };
                let wait = second + u64::from(late % 3) - 1 - now;
                // Some ends are far away.
                if wait == 0 || wait > 10_000 { Todo::Nothing } else { Todo::Wait(wait) }
            }
            // A token that uses up so much gas comes to its senses first: damaged calls get little.
            Step::Damage { .. } if self.model.wild.is_heavy() => {
                call(DAO, wild, 0, T::beCall { mood: PLAIN }.abi_encode())
            }
            Step::Damage { by, seed } => Todo::Damage(actor(by), *seed),
            Step::Do { by, own } => {
                let by = self.better(actor(by), own, now);
                let (wei, data) = self.data(own, now);
                call(by, contract, wei, data)
            }
            Step::Mood { mood } => call(DAO, wild, 0, T::beCall { mood: *mood }.abi_encode()),
            Step::Mint { which, amount: of } => {
                let token = self.people.tokens[usize::from(*which) % 2];
                // Balances are kept small: nothing overflows.
                let amount = U256::from(amount(*of % 251));
                call(DAO, token, 0, T::mintCall { to: contract, amount }.abi_encode())
            }
            Step::Ban { who, yes } => {
                call(DAO, wild, 0, T::banCall { account: self.people.payee(who % 4), yes: *yes }.abi_encode())
            }
            Step::Arm { call: armed } => {
                let data = self.armed(*armed);
                call(DAO, wild, 0, T::armCall { to: contract, data }.abi_encode())
            }
            Step::Payee { which, mood, call: armed } => {
                let (to, data) = (contract, self.armed(*armed));
                call(
                    DAO,
                    self.people.odd[usize::from(*which) % 2],
                    0,
                    OddPayee::beCall { mood: *mood, to, data }.abi_encode(),
                )
            }
            Step::Allow { who, which, kind } => {
                // The odd ones too: they call back.
                let all: Vec<_> = self.people.actors[1..].iter().chain(&self.people.odd).copied().collect();
                let caller = if *who == 0 { self.people.actors[DAO] } else { all[usize::from(*who) % all.len()] };
                let selector = restricted()[usize::from(*which) % restricted().len()];
                call(DAO, self.people.authority, 0, Authority::allowCall { caller, selector, kind: *kind }.abi_encode())
            }
            Step::Authority { to } => {
                let newAuthority = if *to == 0 { Address::repeat_byte(0x77) } else { self.people.authority };
                let data = M::setAuthorityCall { newAuthority }.abi_encode().into();
                call(DAO, self.people.authority, 0, Authority::callAsCall { target: contract, data }.abi_encode())
            }
        }
    }

    /// One who may, mostly.
    fn better(&self, by: usize, own: &Own, now: u64) -> usize {
        let rules = &self.model.rules;
        let reports = |holder| rules.holder(holder).owed().is_some();
        let may_spend = |holder, money| {
            let has = rules.allowance(holder, self.people.money(money), now).is_some_and(|(_, left)| left != 0);
            has && (by == 0 || !rules.holder(holder).is_overdue(now))
        };
        match own {
            Own::Send { .. } => PAYER,
            Own::Spend { money, .. } if by < 4 => self.holder_that(by, |holder| may_spend(holder, *money)),
            Own::Report { .. } if by < 4 => self.holder_that(by, reports),
            Own::Spend { .. } | Own::Report { .. } | Own::Mark { .. } | Own::SetAuthority { .. } => by,
            _ if by < ACTORS - 1 => DAO,
            _ => by,
        }
    }

    /// A holder that fits and calls, by its place among the actors.
    fn holder_that(&self, by: usize, fits: impl Fn(Address) -> bool) -> usize {
        let all: Vec<_> = (1..=HOLDERS).filter(|place| fits(self.people.actors[*place])).collect();
        if all.is_empty() { 1 + by % HOLDERS } else { all[by % all.len()] }
    }

    /// What is called back while money moves.
    fn armed(&self, which: u8) -> Bytes {
        let (own, holder) = (u8::from(which.is_multiple_of(2)), self.people.holder(which / 8));
        let data = match which % 8 {
            0 | 1 => M::spendCall { token: Address::ZERO, to: self.people.payee(own), amount: U256::ONE }.abi_encode(),
            2 => M::reportCall { hash: B256::repeat_byte(7), locator: String::new() }.abi_encode(),
            3 => M::markOverdueCall { holder }.abi_encode(),
            4 => M::recoverCall { token: Address::ZERO, to: self.people.payee(own), amount: U256::ONE }.abi_encode(),
            5 => M::endMandateCall { holder }.abi_encode(),
            6 => M::setAllowanceCall { holder, token: Address::ZERO, limit: 70, period: 30 }.abi_encode(),
            _ => Vec::new(),
        };
        data.into()
    }

    /// The wei and the calldata of a function.
    fn data(&self, own: &Own, now: u64) -> (u64, Vec<u8>) {
        let people = &self.people;
        let free = |data| (0, data);
        match own {
            Own::Send { amount: of } => (amount(*of % 251) as u64, Vec::new()),
            Own::Grant { who, term, every, first } => {
                let first = if *first == 0 { 0 } else { now + u64::from(*first) - 1 };
                free(grant(people.holder(*who), now + u64::from(*term), *every, first).abi_encode())
            }
            Own::GrantForEver { who, last } => {
                let (every, first) = if *last { (7, LAST) } else { (u32::MAX, now + 1) };
                free(grant(people.holder(*who), LAST, every, first).abi_encode())
            }
            Own::End { who } => free(M::endMandateCall { holder: people.holder(*who) }.abi_encode()),
            Own::Allow { who, money, limit, period } => {
                let (mut holder, token, limit) = (people.holder(*who), people.money(*money), limit_of(*limit));
                let running: Vec<_> =
                    people.holders().into_iter().filter(|one| self.model.rules.holder(*one).is_running(now)).collect();
                if *who < 3 && !running.is_empty() {
                    holder = running[usize::from(*who) % running.len()];
                }
                free(M::setAllowanceCall { holder, token, limit, period: *period }.abi_encode())
            }
            Own::Spend { money, to, amount: of } => {
                let (token, to, amount) = (people.money(*money), people.payee(*to), U256::from(amount(*of)));
                free(M::spendCall { token, to, amount }.abi_encode())
            }
            Own::Report { flaw } => {
                let hash = if *flaw == 1 { B256::ZERO } else { B256::with_last_byte(1 + flaw) };
                let locator = if *flaw == 2 { String::new() } else { crate::world::LOCATOR.to_owned() };
                free(M::reportCall { hash, locator }.abi_encode())
            }
            Own::Mark { who } => free(M::markOverdueCall { holder: people.holder(*who) }.abi_encode()),
            Own::Recover { money, to, amount: of } => {
                let (token, to) = (people.money(*money), people.payee(*to));
                // The largest is more than 128 bits.
                let amount = if *of == u8::MAX { U256::MAX } else { U256::from(amount(*of)) };
                free(M::recoverCall { token, to, amount }.abi_encode())
            }
            Own::SetAuthority { to } => free(M::setAuthorityCall { newAuthority: people.payee(*to) }.abi_encode()),
            Own::Upgrade { to, wei } => {
                let newImplementation = if to % 2 == 0 { people.implementation } else { people.payee(to / 2) };
                let data = M::upgradeToAndCallCall { newImplementation, data: Bytes::new() }.abi_encode();
                (u64::from(*wei), data)
            }
        }
    }
}

/// As the interface has it.
pub(super) fn second(second: u64) -> U48 {
    time(second)
}
