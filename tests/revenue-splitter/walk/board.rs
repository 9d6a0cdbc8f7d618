//! What the DAO and the authority do, and what happens to tokens.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolCall,
};
use consilium_bindings::RevenueSplitter as S;
use harness::walk::authority::Authority;

use crate::world::Token as T;

use super::World;
use super::drawing::{LISTS, amount, hash};
use super::people::{ACTORS, DAO};
use super::state::time;
use super::steps::Told;
use super::tokens::MOODS;

impl World {
    pub(super) fn by_authority(&self, to: u8) -> Vec<u8> {
        let newAuthority = if to == 0 { self.people.signers[0].account() } else { self.people.authority };
        let data = S::setAuthorityCall { newAuthority }.abi_encode();
        let all = |data: Vec<u8>| S::multicallCall { data: vec![data.into()] }.abi_encode();
        let data = if to == 3 { all(data) } else { data }.into();
        Authority::callAsCall { target: self.people.contract, data }.abi_encode()
    }

    /// What a token is told, and by whom.
    pub(super) fn told(&self, what: &Told) -> (usize, Vec<u8>) {
        let people = &self.people;
        match what {
            Told::Mint { to, amount: of } => {
                let to = people.actors[usize::from(*to) % ACTORS];
                (DAO, T::mintCall { to, amount: U256::from(amount(*of)) }.abi_encode())
            }
            Told::Transfer { by, amount: of } => {
                let call = T::transferCall { to: people.contract, amount: U256::from(amount(*of)) };
                (usize::from(*by) % ACTORS, call.abi_encode())
            }
            Told::Approve { by } => {
                let call = T::approveCall { spender: people.contract, amount: U256::MAX };
                (usize::from(*by) % ACTORS, call.abi_encode())
            }
            Told::Mood { mood } => (DAO, T::beCall { mood: mood % MOODS }.abi_encode()),
            Told::Ban { account, yes } => (DAO, T::banCall { account: people.payee(*account), yes: *yes }.abi_encode()),
            Told::Rebase { percent } => {
                let percent = [50, 80, 99, 101, 125, 200][usize::from(*percent) % 6];
                (DAO, T::rebaseCall { percent: U256::from(percent) }.abi_encode())
            }
            Told::Arm { call } => {
                let (to, data) = people.armed(*call);
                (DAO, T::armCall { to, data }.abi_encode())
            }
        }
    }

    /// The call that sets a table, with a flaw.
    pub(super) fn table(&self, table: &[(u8, u16)], listed: u8, flaw: u8) -> Vec<u8> {
        let (mut recipients, mut basisPoints, mut left) = (Vec::new(), Vec::new(), 10_000_u16);
        for (who, share) in table {
            let (who, share) = (self.people.payee(*who), 1 + share % 6_000);
            if !recipients.contains(&who) && share < left {
                recipients.push(who);
                basisPoints.push(share);
                left -= share;
            }
        }
        // The rest is somebody's who is not in it yet.
        let rest = self.people.payees().into_iter().rev().find(|payee| !recipients.contains(payee));
        recipients.push(rest.unwrap_or_default());
        basisPoints.push(left);
        let mut tokens: Vec<_> =
            (0..3).filter(|bit| listed >> bit & 1 == 1).map(|place| self.people.tokens[place]).collect();
        match flaw {
            1 => basisPoints[0] += 1,
            2 => basisPoints.push(0),
            3 => recipients[0] = Address::ZERO,
            4 => recipients.push(recipients[0]),
            5 => tokens.push(self.people.actors[0]),
            6 => tokens.extend_from_within(..),
            7 => (recipients, basisPoints) = (Vec::new(), Vec::new()),
            _ => {}
        }
        S::setTableCall { recipients, basisPoints, tokens }.abi_encode()
    }

    /// The call that publishes an epoch, with a flaw.
    pub(super) fn epoch(&self, asset: u8, (list, part): (u8, u8), deadline: u8, flaw: u8, now: u64) -> Vec<u8> {
        let (state, token, list) = (&self.model.state, self.people.asset(asset), list % LISTS);
        let look = state.balance(token, self.people.contract).map(|balance| state.look(token, balance));
        let noticed = look.map(|look| look.noticed).unwrap_or_default();
        let pool = state.due(token, self.people.contract, true, noticed);
        let sum = self.people.sum(list);
        let total = match part {
            0 => pool,
            1 => pool + U256::ONE,
            2 => sum.saturating_sub(U256::ONE).min(pool),
            _ => sum.min(pool),
        };
        let from = now + u64::from(state.window);
        let deadline =
            [from + 1, from + 100, from + 3_600, from + 86_400, from + 2_592_000][usize::from(deadline).min(4)];
        let (root, manifest) = (self.lists[usize::from(list)].tree.root(), hash("manifest", u64::from(part)));
        let deadline = time(deadline);
        let mut call = S::publishEpochCall { token, total, root, manifest, deadline };
        match flaw {
            1 => call.root = B256::ZERO,
            2 => call.total = U256::ZERO,
            3 => call.deadline = time(from),
            4 => call.deadline = time(1 << 40),
            5 => call.total = U256::MAX,
            6 => call.token = self.people.actors[0],
            _ => {}
        }
        call.abi_encode()
    }
}
