//! The call that a step means.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::RevenueSplitter as S;
use harness::walk::{Call, Todo, authority::Authority};

use crate::wild::PLAIN;
use crate::world::{OddPayee, Token as T};

use super::World;
use super::drawing::{amount, hash};
use super::people::{ACTORS, DAO, GUARDIAN, PAYER, Registry, restricted};
use super::state::{Epoch, PUBLISHED};
use super::steps::{Own, Step};
use super::tokens::HEAVY;

/// Requests, and the pointers that they are for.
fn request(which: u8) -> (B256, B256) {
    (hash("pointer", (which % 2).into()), hash("request", (which % 3).into()))
}

impl World {
    /// What a step means now.
    pub(super) fn resolve(&mut self, step: &Step, now: u64) -> Todo {
        self.pending.clear();
        self.turn += 1;
        let actor = |by: &u8| usize::from(*by) % ACTORS;
        let contract = self.people.contract;
        let call = |by, to, wei, data: Vec<u8>| Todo::Call(Call { by, to, wei, data: data.into(), share: None });
        match step {
            Step::Wait { seconds } => Todo::Wait((*seconds).into()),
            Step::Until { which, late } => {
                let ahead = self.model.state.seconds_that_matter(now);
                let Some(second) = ahead.get(usize::from(*which) % ahead.len().max(1)) else { return Todo::Nothing };
                let wait = second + u64::from(late % 3) - 1 - now;
                // Some ends are far away.
                if wait == 0 || wait > 10_000_000 { Todo::Nothing } else { Todo::Wait(wait) }
            }
            Step::Damage { by, seed } => match self.heavy() {
                // A token that uses up so much gas comes to its senses first: damaged calls get little.
                Some(token) => call(DAO, token, 0, T::beCall { mood: PLAIN }.abi_encode()),
                None => Todo::Damage(actor(by), *seed),
            },
            Step::Do { by, own } => {
                let by = self.better(actor(by), own);
                let (wei, data) = self.data(by, own, now);
                call(by, contract, wei, data)
            }
            Step::Multicall { by, all } => {
                // The first call says who is best.
                let by = all.first().map_or(actor(by), |own| self.better(actor(by), own));
                let most = if self.heavy().is_some() { 1 } else { all.len() };
                let data = all.iter().take(most).map(|own| Bytes::from(self.data(by, own, now).1)).collect();
                call(by, contract, 0, S::multicallCall { data }.abi_encode())
            }
            Step::Token { which, what } => {
                let token = self.people.tokens[usize::from(*which) % self.people.tokens.len()];
                let (by, data) = self.told(what);
                call(by, token, 0, data)
            }
            Step::Payee { which, mood, call: armed } => {
                let odd = self.people.odd[usize::from(*which) % 2];
                let (to, data) = self.people.armed(*armed);
                call(DAO, odd, 0, OddPayee::beCall { mood: mood % 7, to, data }.abi_encode())
            }
            Step::Registry { request: which, mute } => {
                let (pointer, request) = request(*which);
                let data = if *mute || self.model.state.mute {
                    Registry::muteCall { yes: *mute }.abi_encode()
                } else {
                    let (custodian, actor) = (self.people.actors[5], self.people.actors[usize::from(which % 8)]);
                    let dataClass = which % 9;
                    Registry::knowCall { pointer, request, custodian, dataClass, actor }.abi_encode()
                };
                call(DAO, self.people.registry, 0, data)
            }
            Step::Allow { who, which, kind } => {
                let all = restricted();
                let (caller, selector) = (self.people.actors[actor(who)], all[usize::from(*which) % all.len()]);
                call(DAO, self.people.authority, 0, Authority::allowCall { caller, selector, kind: *kind }.abi_encode())
            }
            Step::Authority { to } => call(DAO, self.people.authority, 0, self.by_authority(*to)),
        }
    }

    /// A token that uses so much gas that little is not enough.
    fn heavy(&self) -> Option<Address> {
        let heavy = |token: &&Address| self.model.state.tokens.get(*token).is_some_and(|of| HEAVY.contains(&of.mood));
        self.people.tokens.iter().find(heavy).copied()
    }

    /// One who may, mostly.
    fn better(&self, by: usize, own: &Own) -> usize {
        match own {
            _ if by >= 6 => by,
            Own::Send { .. } | Own::Pay { .. } | Own::PayLicence { .. } | Own::Fund { .. } if by < 4 => PAYER,
            Own::Disable { .. } => GUARDIAN,
            Own::SetTable { .. }
            | Own::Publish { .. }
            | Own::Recover { .. }
            | Own::SetTreasury { .. }
            | Own::SetRegistry { .. }
            | Own::SetWindow { .. }
            | Own::Upgrade { .. } => DAO,
            // The payee itself, at times: only it is paid where a token is short.
            Own::ReleaseToken { account, .. } if by < 3 => {
                let account = self.people.payee(*account);
                self.people.actors.iter().position(|actor| *actor == account).unwrap_or(by)
            }
            _ => by,
        }
    }

    /// The wei and the calldata of a function that an actor calls.
    fn data(&mut self, by: usize, own: &Own, now: u64) -> (u64, Vec<u8>) {
        let people = &self.people;
        // A payment is of what is sent along, but for a flaw.
        let paying = |asset: u8, of: u8, flaw: u8| {
            let (token, of) = (people.asset(asset), amount(of));
            let wei = match flaw {
                1 => of + 1,
                2 => 1,
                _ if token.is_zero() => of,
                _ => 0,
            };
            (token, U256::from(of), wei)
        };
        let free = |data| (0, data);
        match own {
            Own::Send { amount: of } => (amount(*of), Vec::new()),
            Own::Pay { asset, amount, flaw } => {
                let (token, amount, wei) = paying(*asset, *amount, *flaw);
                let (licence, request) = (hash("licence", (*flaw).into()), request(*flaw).1);
                let source = S::Source { dataClass: *flaw, licence, request };
                (wei, S::payCall { token, amount, source }.abi_encode())
            }
            Own::PayLicence { asset, amount, request: which } => {
                let (token, amount, wei) = paying(*asset, *amount, 0);
                let ((pointer, request), licence) = (request(*which), hash("licence", (*which).into()));
                (wei, S::payLicenceCall { token, amount, licence, pointer, request }.abi_encode())
            }
            Own::Fund { asset, amount, flaw } => {
                let (token, amount, wei) = paying(*asset, *amount, *flaw);
                (wei, S::fundPoolCall { token, amount }.abi_encode())
            }
            Own::Notice { asset } => free(S::noticeCall { token: people.asset(*asset) }.abi_encode()),
            Own::Release { account } => free(S::release_0Call { account: people.payee(*account) }.abi_encode()),
            Own::ReleaseToken { asset, account } => {
                let (token, account) = (people.asset(*asset), people.payee(*account));
                free(S::release_1Call { token, account }.abi_encode())
            }
            Own::SetTable { table, listed, flaw } => free(self.table(table, *listed, *flaw)),
            Own::Publish { asset, list, part, deadline, flaw } => {
                free(self.epoch(*asset, (*list, *part), *deadline, *flaw, now))
            }
            Own::Disable { which } => {
                let in_window = |epoch: &Epoch| epoch.state == PUBLISHED && now < epoch.from;
                free(S::disableEpochCall { number: self.epoch_that(*which, in_window) }.abi_encode())
            }
            Own::Recover { which } => {
                let is_over = |epoch: &Epoch| epoch.state == PUBLISHED && now > epoch.deadline;
                free(S::recoverEpochCall { number: self.epoch_that(*which, is_over) }.abi_encode())
            }
            Own::Claim { of } => {
                let number = self.open_epoch(of.which, now);
                let S::Claim { index, account, amount, proof } = self.drawn_claim(number, of.row, of.flaw);
                free(S::claimCall { number, index, account, amount, proof }.abi_encode())
            }
            Own::ClaimMany { which, rows } => {
                let number = self.open_epoch(*which, now);
                let claims = rows.iter().map(|(row, flaw)| self.drawn_claim(number, *row, *flaw)).collect();
                free(S::claimManyCall { number, claims }.abi_encode())
            }
            Own::ClaimSigned { of, to, signing } => {
                let number = self.open_epoch(of.which, now);
                // A row of one who signs, mostly.
                let row = if of.row < 5 { 5 } else { of.row };
                let (claim, to) = (self.drawn_claim(number, row, of.flaw), self.people.payee(*to));
                let signed = self.sign(by, (number, &claim, to), signing, now);
                free(S::claimSignedCall { number, claim, to, signed }.abi_encode())
            }
            Own::SetTreasury { to } => {
                let treasury = if *to > 250 { Address::ZERO } else { people.payee(*to) };
                free(S::setTreasuryCall { treasury }.abi_encode())
            }
            Own::SetRegistry { to } => {
                let registry = match to % 8 {
                    0 => Address::ZERO,
                    1 => people.payee(to / 8),
                    _ => people.registry,
                };
                free(S::setRegistryCall { registry }.abi_encode())
            }
            Own::SetWindow { window } => {
                let window = [1_000, 0, 60, 60, 0, 300, 1, 100_000, u32::MAX][usize::from(*window) % 9];
                free(S::setWindowCall { window }.abi_encode())
            }
            Own::Upgrade { to } => {
                let newImplementation = if to % 2 == 0 { people.implementation } else { people.payee(to / 2) };
                free(S::upgradeToAndCallCall { newImplementation, data: Bytes::new() }.abi_encode())
            }
            Own::SetAuthority { to } => free(S::setAuthorityCall { newAuthority: people.payee(*to) }.abi_encode()),
        }
    }
}
