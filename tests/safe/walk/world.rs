//! Who there is, what is known of the Safe, and the call that a step means.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;
use harness::of_transaction;
use harness::walk::{Call, Cast, Done, Question};

use super::steps::{Sign, Step, Transaction, What};
use crate::helpers::Newer;
use crate::transaction::{By, SafeTx, call, in_given_order, signatures};
use crate::twins::{Helpers, NAMED_SLOTS, SENTINEL, key, setup};

/// How many accounts make calls.
pub(crate) const ACTORS: usize = 4;
/// How many have keys.
const KEYS: usize = 5;

/// What is known while a script runs.
pub(crate) struct World {
    pub(super) safe: Address,
    /// Everybody: actors, accounts with keys, helpers, and who is nobody.
    pub(crate) people: Vec<Address>,
    pub(super) actors: Vec<Address>,
    pub(super) helpers: Vec<Address>,
    keys: Vec<PrivateKeySigner>,
    /// As the views said last.
    pub(crate) owners: Vec<Address>,
    pub(super) modules: Vec<Address>,
    threshold: usize,
    nonce: U256,
    /// What was approved last.
    approved: Option<(SafeTx, B256)>,
    /// Whether code may have written a threshold that is none.
    wild: bool,
}

impl World {
    pub(crate) fn new(cast: &Cast) -> Self {
        let mut keys: Vec<_> = (0..KEYS as u8).map(key).collect();
        keys.sort_by_key(PrivateKeySigner::address);
        let mut people = cast.actors.clone();
        people.extend(keys.iter().map(PrivateKeySigner::address));
        people.extend(&cast.helpers);
        people.extend([SENTINEL, Address::ZERO, cast.contract]);
        let owners = [keys[0].address(), cast.actors[0], keys[1].address(), cast.helpers[0], cast.actors[1]];
        Self {
            safe: cast.contract,
            people,
            actors: cast.actors.clone(),
            helpers: cast.helpers.clone(),
            keys,
            owners: owners.to_vec(),
            modules: Vec::new(),
            threshold: 2,
            nonce: U256::ZERO,
            approved: None,
            wild: false,
        }
    }

    pub(super) fn person(&self, number: u8) -> Address {
        self.people[usize::from(number) % self.people.len()]
    }

    // ----------------------------------------------------------------------------------------------- calls

    pub(crate) fn call(&mut self, step: &Step) -> Call {
        let mut by = usize::from(step.by) % ACTORS;
        let (mut to, mut wei) = (self.safe, 0);
        if let What::Execute { sign, .. } | What::ExecuteApproved { sign } = &step.what {
            // An owner that makes calls signs by sending.
            let sender = self.signers(sign).into_iter().find_map(|who| self.actors.iter().position(|it| *it == who));
            by = sender.unwrap_or(by);
        }
        let data = match &step.what {
            What::Execute { transaction, sign } => self.execution(self.transaction(transaction), sign),
            What::ExecuteApproved { sign } => match self.approved.clone() {
                Some((transaction, _)) => self.execution(transaction, sign),
                None => Safe::nonceCall {}.abi_encode(),
            },
            What::Approve { transaction } => {
                let transaction = self.transaction(transaction);
                let hashToApprove = transaction.hash(self.safe);
                self.approved = Some((transaction, hashToApprove));
                Safe::approveHashCall { hashToApprove }.abi_encode()
            }
            What::Module { transaction, answers } => {
                let SafeTx { to, value, data, operation, .. } = self.transaction(transaction);
                if *answers {
                    Safe::execTransactionFromModuleReturnDataCall { to, value, data, operation }.abi_encode()
                } else {
                    Safe::execTransactionFromModuleCall { to, value, data, operation }.abi_encode()
                }
            }
            What::Direct { act } => {
                let act = self.act(act);
                to = act.to;
                act.data.to_vec()
            }
            What::Simulate { act } => {
                let SafeTx { to: targetContract, data: calldataPayload, .. } = self.act(act);
                Safe::simulateAndRevertCall { targetContract, calldataPayload }.abi_encode()
            }
            What::Check { sign, needed } => {
                let tx = self.approved.clone().map_or_else(|| call(self.safe, []), |(transaction, _)| transaction);
                let (data, dataHash) = (Bytes::from([3; 9]), tx.hash(self.safe));
                let (signatures, requiredSignatures) = (self.signed(dataHash, sign).into(), U256::from(*needed));
                Safe::checkNSignaturesCall { dataHash, data, signatures, requiredSignatures }.abi_encode()
            }
            What::CheckFor { sign, needed, executor } => {
                let dataHash = self.approved.as_ref().map_or(B256::ZERO, |(_, hash)| *hash);
                let (signatures, requiredSignatures) = (self.signed(dataHash, sign).into(), U256::from(*needed));
                let executor = self.person(*executor);
                Newer::checkNSignaturesCall { executor, dataHash, signatures, requiredSignatures }.abi_encode()
            }
            What::Setup { owners, threshold, to } => {
                let owners: Vec<_> = owners.iter().map(|owner| self.person(*owner)).collect();
                let (to, data) = match to {
                    Some(act) => {
                        let act = self.act(act);
                        (act.to, act.data)
                    }
                    None => (Address::ZERO, Bytes::new()),
                };
                Safe::setupCall { to, data, ..setup(&owners, u64::from(*threshold)) }.abi_encode()
            }
            What::Unknown { data } => data.clone(),
            What::Ether { wei: some } => {
                wei = u64::from(*some);
                Vec::new()
            }
            What::Tell { mode, of_modules } => {
                to = self.helpers[if *of_modules { 5 } else { 2 }];
                let errand = Safe::changeThresholdCall { threshold: U256::ONE }.abi_encode().into();
                Helpers::setCall { mode: U256::from(*mode), errand }.abi_encode()
            }
        };
        Call { by, to, wei, data: data.into(), share: None }
    }

    fn execution(&self, transaction: SafeTx, sign: &Sign) -> Vec<u8> {
        let nonce = transaction.nonce + U256::from(sign.ahead);
        let hash = SafeTx { nonce, ..transaction.clone() }.hash(self.safe);
        transaction.execution(self.signed(hash, sign))
    }

    fn signed(&self, hash: B256, sign: &Sign) -> Vec<u8> {
        let way = |at: usize| sign.ways[at % sign.ways.len()];
        let by = |(at, account): (usize, Address)| match self.keys.iter().find(|key| key.address() == account) {
            Some(key) if way(at).is_multiple_of(3) => By::EthSign(key.clone()),
            Some(key) => By::Key(key.clone()),
            // Now and then it answers otherwise than by yes.
            None if account == self.helpers[0] => By::Contract(account, vec![way(at) % 24]),
            None => By::Approval(account),
        };
        let by: Vec<_> = self.signers(sign).into_iter().enumerate().map(by).collect();
        if sign.sorted { signatures(hash, &by) } else { in_given_order(hash, &by) }
    }

    /// Who signs: as many as are needed, mostly such that it suffices. Of owners that make calls one is enough, since
    /// the others would have to have approved; the rest comes last.
    fn signers(&self, sign: &Sign) -> Vec<Address> {
        if let Some(who) = &sign.who {
            return who.iter().map(|number| self.person(*number)).collect();
        }
        let first = usize::from(sign.ways[0]) % self.owners.len().max(1);
        let mut owners: Vec<_> = self.owners.iter().cycle().skip(first).take(self.owners.len()).copied().collect();
        let sender = owners.iter().copied().find(|owner| self.actors.contains(owner));
        let is_key = |owner: &Address| self.keys.iter().any(|key| key.address() == *owner);
        owners.sort_by_key(|owner| match owner {
            owner if is_key(owner) || *owner == self.helpers[0] => 0,
            owner if Some(*owner) == sender => u8::from(sign.ways[0].is_multiple_of(2)),
            _ => 2,
        });
        owners.truncate(self.threshold);
        owners
    }

    fn transaction(&self, transaction: &Transaction) -> SafeTx {
        let Transaction { act, delegate, promised } = transaction;
        let act = self.act(act);
        let safeTxGas = U256::from(if *promised { 150_000 } else { 0 });
        let operation = act.operation | u8::from(*delegate);
        SafeTx { operation, safeTxGas, nonce: self.nonce, ..act }
    }

    // ----------------------------------------------------------------------------------------------- views

    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut calls = vec![
            Safe::nonceCall {}.abi_encode(),
            Safe::getThresholdCall {}.abi_encode(),
            Safe::getOwnersCall {}.abi_encode(),
            Safe::getModulesPaginatedCall { start: SENTINEL, pageSize: U256::from(30) }.abi_encode(),
            Safe::domainSeparatorCall {}.abi_encode(),
            Safe::getStorageAtCall { offset: U256::ZERO, length: U256::from(12) }.abi_encode(),
        ];
        for name in NAMED_SLOTS {
            calls.push(Safe::getStorageAtCall { offset: keccak256(name).into(), length: U256::ONE }.abi_encode());
        }
        for &account in &self.people {
            calls.push(Safe::isOwnerCall { owner: account }.abi_encode());
            calls.push(Safe::isModuleEnabledCall { module: account }.abi_encode());
            calls.push(Safe::getModulesPaginatedCall { start: account, pageSize: U256::from(2) }.abi_encode());
            if let Some((_, hash)) = self.approved {
                calls.push(Safe::approvedHashesCall { owner: account, hash }.abi_encode());
            }
        }
        if let Some((transaction, _)) = &self.approved {
            let hash = of_transaction!(transaction => Safe::getTransactionHashCall { nonce: transaction.nonce });
            calls.push(hash.abi_encode());
        }
        let mut all: Vec<_> = calls.into_iter().map(|data| Question { to: self.safe, data }).collect();
        // Ether.
        all.extend([self.safe, self.helpers[1]].map(|to| Question { to, data: Vec::new() }));
        all
    }

    /// Takes down what the views say; and what must hold whatever happened.
    pub(crate) fn look(&mut self, done: &Done<'_>) -> Option<String> {
        let said = |at: usize| done.after.get(at).map(|(_, answer)| answer.data.as_slice()).unwrap_or_default();
        self.nonce = U256::try_from_be_slice(said(0))?;
        self.threshold = U256::try_from_be_slice(said(1))?.to();
        self.owners = Safe::getOwnersCall::abi_decode_returns(said(2)).ok()?;
        self.modules = Safe::getModulesPaginatedCall::abi_decode_returns(said(3)).ok()?.array;
        let was = |at: usize| done.before.get(at).map(|(_, answer)| answer.data.as_slice()).unwrap_or_default();
        let refused = done.answer.is_some_and(|answer| !answer.success);
        if refused && (0..4).any(|at| was(at) != said(at)) {
            return Some("a call that was refused changed a view".to_owned());
        }
        let unique: BTreeSet<_> = self.owners.iter().collect();
        let nobody = [Address::ZERO, SENTINEL, self.safe];
        if unique.len() != self.owners.len() || nobody.iter().any(|who| unique.contains(who)) {
            return Some(format!("these are no owners: {:?}", self.owners));
        }
        // Code that writes a threshold is the owners' own doing.
        self.wild |= done.logs.is_empty() && was(1) != said(1);
        if !self.wild && self.threshold > self.owners.len() {
            return Some(format!("{} of {:?} have to sign", self.threshold, self.owners));
        }
        None
    }
}
