//! Epochs, claims against them, and signatures.

use std::collections::BTreeSet;

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol_types::{SolCall, SolError},
};
use consilium_bindings::RevenueSplitter as S;
use harness::{merkle::pair, walk::signers::account_of};

use crate::claims::leaf;
use crate::signed::{Terms, domain, hash};

use super::entitlement::cut;
use super::model::{Answer, Context, Model, Outcome, ensure};
use super::state::{DISABLED, Epoch, PUBLISHED, RECOVERED, time};

/// Who is paid a claim, whether the account says so itself, whether it takes a loss, and whether with little gas.
#[derive(Clone, Copy)]
struct Way {
    to: Address,
    own: bool,
    at_a_loss: bool,
    little: bool,
}

/// The root that a proof leads to.
fn proven(claim: &S::Claim) -> B256 {
    let first = leaf(claim.index, claim.account, claim.amount);
    claim.proof.iter().fold(first, |node, other| pair(node, *other))
}

impl Model {
    // ------------------------------------------------------------------------------------------------ epochs

    pub(super) fn publish(&mut self, context: Context<'_>, call: &S::publishEpochCall) -> Outcome<u32> {
        let &S::publishEpochCall { token, total, root, manifest, deadline } = call;
        let (from, end) = (context.now + u64::from(self.state.window), deadline.to::<u64>());
        let is_in_time = end > from && end >> 40 == 0;
        ensure(!root.is_zero() && !total.is_zero() && is_in_time, S::SplitterInvalidEpoch {})?;
        let same = |epoch: &Epoch| epoch.root == root && epoch.manifest == manifest && epoch.state != DISABLED;
        if let Some(place) = self.state.epochs.iter().rposition(same) {
            return Err(S::SplitterEpochPublished { number: place as u32 + 1 }.abi_encode());
        }
        if !token.is_zero() {
            let look = self.observe(token)?;
            ensure(look.balance >= look.owed, S::SplitterShort { token })?;
        }
        let due = self.state.due(token, self.contract, true, U256::ZERO);
        ensure(total <= due, S::SplitterPoolTooSmall { due })?;
        let pool = self.contract;
        *self.state.book_mut(token).paid.entry(pool).or_default() += total;
        let (state, deadline, claimed) = (PUBLISHED, end, BTreeSet::new());
        let epoch = Epoch { state, token, from, deadline, total, remaining: total, root, manifest, claimed };
        self.state.epochs.push(epoch);
        let (number, claimableFrom, deadline) = (self.state.epochs.len() as u32, time(from), time(end));
        self.log(S::EpochPublished { number, token, root, manifest, total, claimableFrom, deadline });
        Ok(number)
    }

    fn epoch(&mut self, number: u32) -> Option<&mut Epoch> {
        self.state.epochs.get_mut((number as usize).checked_sub(1)?)
    }

    pub(super) fn disable(&mut self, context: Context<'_>, number: u32) -> Outcome {
        let in_window = |epoch: &&mut Epoch| epoch.state == PUBLISHED && context.now < epoch.from;
        let epoch = self.epoch(number).filter(in_window);
        let epoch = epoch.ok_or_else(|| S::SplitterNotInWindow { number }.abi_encode())?;
        let (token, amount) = (epoch.token, epoch.remaining);
        (epoch.state, epoch.remaining) = (DISABLED, U256::ZERO);
        self.state.book_mut(token).given += amount;
        self.log(S::EpochDisabled { number, amount });
        Ok(())
    }

    pub(super) fn recover(&mut self, context: Context<'_>, number: u32) -> Outcome {
        let is_over = |epoch: &&mut Epoch| epoch.state == PUBLISHED && context.now > epoch.deadline;
        let epoch = self.epoch(number).filter(is_over);
        let epoch = epoch.ok_or_else(|| S::SplitterNotEnded { number }.abi_encode())?;
        let (token, remaining) = (epoch.token, epoch.remaining);
        epoch.state = RECOVERED;
        let mut balance = self.balance_for(token)?;
        let way = Way { to: self.state.treasury, own: false, at_a_loss: false, little: false };
        let paid = self.pays_out(context, number, token, remaining, way, &mut balance)?;
        self.log(S::EpochRecovered { number, to: way.to, amount: paid });
        self.loses(token, way.to, remaining - paid);
        Ok(())
    }

    fn balance_for(&self, token: Address) -> Outcome<U256> {
        if token.is_zero() { Ok(U256::ZERO) } else { self.balance(token) }
    }

    /// Pays an amount of an epoch: what left.
    fn pays_out(
        &mut self,
        context: Context<'_>,
        number: u32,
        token: Address,
        amount: U256,
        way: Way,
        balance: &mut U256,
    ) -> Outcome<U256> {
        let remaining = self.state.epoch(number).map(|epoch| epoch.remaining).unwrap_or_default();
        ensure(amount <= remaining, S::SplitterEpochExhausted { number, remaining })?;
        let owed = if token.is_zero() { U256::ZERO } else { self.state.book(token).owed };
        ensure(way.at_a_loss || *balance >= owed, S::SplitterShort { token })?;
        let paid = cut(amount, *balance, owed);
        ensure(!paid.is_zero(), S::SplitterNothingDue { account: way.to })?;
        // What is called back meanwhile sees it paid.
        if let Some(epoch) = self.epoch(number) {
            epoch.remaining -= amount;
        }
        self.state.book_mut(token).owed -= amount;
        let (moved, after) = self.sends(context, token, way.to, paid, *balance, way.little)?;
        *balance = after;
        Ok(moved)
    }

    // ------------------------------------------------------------------------------------------------ claims

    pub(super) fn claim(&mut self, context: Context<'_>, call: &S::claimCall) -> Outcome {
        let S::claimCall { number, index, account, amount, proof } = call.clone();
        let own = account == context.by;
        let way = Way { to: account, own, at_a_loss: own, little: false };
        self.claims(context, number, &S::Claim { index, account, amount, proof }, way)
    }

    fn claims(&mut self, context: Context<'_>, number: u32, claim: &S::Claim, way: Way) -> Outcome {
        let index = claim.index;
        let is_proven = self.state.epoch(number).is_some_and(|epoch| epoch.root == proven(claim));
        ensure(is_proven, S::SplitterInvalidProof { number, index })?;
        let token = self.open(context, number)?;
        let mut balance = self.balance_for(token)?;
        self.claims_one(context, number, claim, way, &mut balance)
    }

    /// The token of an epoch that can be claimed.
    fn open(&self, context: Context<'_>, number: u32) -> Outcome<Address> {
        let is_open = |epoch: &&Epoch| epoch.state == PUBLISHED && (epoch.from..=epoch.deadline).contains(&context.now);
        let epoch = self.state.epoch(number).filter(is_open);
        epoch.map(|epoch| epoch.token).ok_or_else(|| S::SplitterNotOpen { number }.abi_encode())
    }

    fn claims_one(
        &mut self,
        context: Context<'_>,
        number: u32,
        claim: &S::Claim,
        way: Way,
        balance: &mut U256,
    ) -> Outcome {
        let &S::Claim { index, account, amount, .. } = claim;
        let token = self.state.epoch(number).map(|epoch| epoch.token).unwrap_or_default();
        let is_new = self.epoch(number).is_some_and(|epoch| epoch.claimed.insert(index));
        ensure(is_new, S::SplitterAlreadyClaimed { number, index })?;
        ensure(way.own || !index.bit(255), S::SplitterSignatureNeeded { account })?;
        let paid = self.pays_out(context, number, token, amount, way, balance)?;
        self.log(S::Claimed { number, index, account, to: way.to, amount: paid });
        self.loses(token, account, amount - paid);
        Ok(())
    }

    pub(super) fn claim_many(&mut self, context: Context<'_>, call: &S::claimManyCall) -> Answer {
        let number = call.number;
        let token = self.open(context, number)?;
        let mut balance = self.balance_for(token)?;
        let mut done = Vec::new();
        for claim in &call.claims {
            let &S::Claim { index, account: to, amount, .. } = claim;
            let own = to == context.by;
            let way = Way { to, own, at_a_loss: own, little: true };
            let is_proven = self.state.epoch(number).is_some_and(|epoch| epoch.root == proven(claim));
            let before = self.clone();
            let result = ensure(is_proven, S::SplitterInvalidProof { number, index })
                .and_then(|()| self.claims_one(context, number, claim, way, &mut balance));
            done.push(result.is_ok());
            if let Err(reason) = result {
                // What the token moved all the same would stay: then nothing of the whole does.
                let now = self.balance_for(token)?;
                ensure(now >= balance, S::SplitterTransferFailed { token, to, amount })?;
                balance = now;
                // A token that moved nothing has still called what it was armed with.
                let (tokens, logs) = (std::mem::take(&mut self.state.tokens), std::mem::take(&mut self.logs));
                *self = Self { logs, ..before };
                self.state.tokens = tokens;
                self.log(S::ClaimSkipped { number, index, reason: Bytes::from(reason) });
            }
        }
        Ok(S::claimManyCall::abi_encode_returns(&done))
    }

    // -------------------------------------------------------------------------------------------- signatures

    pub(super) fn claim_signed(&mut self, context: Context<'_>, call: &S::claimSignedCall) -> Outcome {
        let S::claimSignedCall { number, claim, to, signed } = call;
        self.signature(context, claim.account, signed, |terms, domain| hash(*number, claim, *to, terms, domain))?;
        let at_a_loss = !signed.relayer.is_zero();
        self.claims(context, *number, claim, Way { to: *to, own: true, at_a_loss, little: false })
    }

    /// Uses up a signature of an account.
    fn signature(
        &mut self,
        context: Context<'_>,
        account: Address,
        signed: &S::Signed,
        hash: impl FnOnce(Terms, &alloy::sol_types::Eip712Domain) -> B256,
    ) -> Outcome {
        let &S::Signed { signer: ref bytes, nonce, deadline, relayer, ref signature } = signed;
        ensure(context.now <= deadline.to::<u64>(), S::SplitterExpiredSignature { deadline })?;
        ensure(relayer.is_zero() || relayer == context.by, S::SplitterWrongRelayer { relayer })?;
        let signer = account_of(bytes);
        let key: U256 = nonce >> 64usize;
        let currentNonce = self.state.nonce(signer, key);
        ensure(nonce == currentNonce, S::InvalidAccountNonce { account: signer, currentNonce })?;
        let invalid = || S::SplitterInvalidSignature { signer };
        ensure(signer == account, invalid())?;
        let hash = hash(Terms { nonce, deadline, relayer }, &domain(self.contract, devnode::CHAIN_ID));
        let site = context.signed.check(bytes, hash, signature).ok_or_else(|| invalid().abi_encode())?;
        if let Some(site) = site {
            let is_new = !self.state.sites.contains_key(&signer);
            let pinned = *self.state.sites.entry(signer).or_insert(site);
            ensure(pinned == site, invalid())?;
            if is_new {
                self.log(S::SitePinned { key: signer, site });
            }
        }
        *self.state.nonces.entry((signer, key)).or_default() += 1;
        Ok(())
    }
}
