//! What comes in, what payees are paid, and the calls that move money.

use alloy::{
    primitives::{Address, Bytes, U256},
    sol_types::SolError,
};
use consilium_bindings::RevenueSplitter as S;

use super::entitlement::cut;
use super::model::{Context, Model, Outcome, ensure};
use super::people::Registry;
use super::state::Look;
use super::tokens::{CALL_BACK, GIVE_BACK, Moved, answers_anything, takes_ether};

/// What a payment did: what left the contract, and what of the token is left.
pub(super) type Sent = (U256, U256);

impl Model {
    // --------------------------------------------------------------------------------------------- coming in

    /// Ether that came by itself.
    pub(super) fn arrives(&mut self, from: Address, amount: U256) {
        self.receive(Address::ZERO, amount);
        self.log(S::PaymentReceived { from, amount });
    }

    /// The current table receives so much.
    fn receive(&mut self, asset: Address, amount: U256) {
        let version = self.state.version();
        let book = self.state.book_mut(asset);
        *book.received.entry(version).or_default() += amount;
        book.owed += amount;
    }

    pub(super) fn balance(&self, token: Address) -> Outcome<U256> {
        let balance = self.state.balance(token, self.contract);
        balance.ok_or_else(|| S::SplitterTokenUnreadable { token }.abi_encode())
    }

    /// Looks at a token: what came by itself is noticed.
    pub(super) fn observe(&mut self, token: Address) -> Outcome<Look> {
        let balance = self.balance(token)?;
        Ok(self.observe_at(token, balance))
    }

    fn observe_at(&mut self, token: Address, balance: U256) -> Look {
        let (look, version) = (self.state.look(token, balance), self.state.version());
        let seen = self.state.book(token).seen;
        let earlier = self.state.received(seen, token, U256::ZERO);
        if seen != version && !earlier.is_zero() {
            self.log(S::TableClosed { version: seen, token, received: earlier });
        }
        self.state.book_mut(token).seen = version;
        if !look.noticed.is_zero() {
            self.receive(token, look.noticed);
            self.log(S::Noticed { token, version, amount: look.noticed });
        }
        look
    }

    /// Takes an amount of the caller: what there was before, and how much came.
    fn take(&mut self, context: Context<'_>, token: Address, amount: U256) -> Outcome<(U256, U256)> {
        let Context { by, wei: value, .. } = context;
        if token.is_zero() {
            ensure(value == amount && !value.is_zero(), S::SplitterWrongValue { value })?;
            return Ok((U256::ZERO, amount));
        }
        ensure(value.is_zero(), S::SplitterWrongValue { value })?;
        let (before, to) = (self.balance(token)?, self.contract);
        let yes = self.moves(context, token, by, to, amount, false);
        ensure(yes, S::SplitterTransferFailed { token, to, amount })?;
        let received = self.balance(token)?.saturating_sub(before).min(amount);
        ensure(!received.is_zero(), S::SplitterNothingReceived { token })?;
        Ok((before, received))
    }

    pub(super) fn pay(
        &mut self,
        context: Context<'_>,
        token: Address,
        amount: U256,
        source: &S::Source,
    ) -> Outcome<U256> {
        let (before, received) = self.take(context, token, amount)?;
        if token.is_zero() {
            self.arrives(context.by, received);
        } else {
            self.observe_at(token, before);
            let is_counted = received <= self.state.countable(token);
            ensure(is_counted, S::SplitterNothingReceived { token })?;
            self.receive(token, received);
        }
        let (payer, version) = (context.by, self.state.version());
        let &S::Source { dataClass, licence, request } = source;
        self.log(S::RevenueReceived { token, payer, licence, dataClass, request, amount: received, version });
        Ok(received)
    }

    pub(super) fn pay_licence(&mut self, context: Context<'_>, call: &S::payLicenceCall) -> Outcome<U256> {
        let &S::payLicenceCall { token, amount, licence, pointer, request } = call;
        let registry = self.state.registry;
        ensure(!registry.is_zero(), S::SplitterInvalidRegistry { registry })?;
        // Nobody else answers these questions.
        if registry != self.registry {
            return Err(Vec::new());
        }
        ensure(!self.state.mute, Registry::NotNow {})?;
        let known = self.state.requests.get(&(pointer, request)).filter(|(_, _, actor)| !actor.is_zero());
        let (_, _, actor) = known.copied().ok_or_else(|| S::SplitterNoSuchRequest { pointer, request }.abi_encode())?;
        let (custodian, dataClass, _) = self.state.pointers.get(&pointer).copied().unwrap_or_default();
        let received = self.pay(context, token, amount, &S::Source { dataClass, licence, request })?;
        self.log(S::LicencePaid { request, pointer, custodian, actor, licence, token, amount: received });
        Ok(received)
    }

    pub(super) fn fund(&mut self, context: Context<'_>, token: Address, amount: U256) -> Outcome<U256> {
        let (before, received) = self.take(context, token, amount)?;
        if !token.is_zero() {
            self.observe_at(token, before);
            let is_counted = received <= self.state.countable(token);
            ensure(is_counted, S::SplitterNothingReceived { token })?;
        }
        let book = self.state.book_mut(token);
        book.given += received;
        book.owed += received;
        self.log(S::PoolFunded { token, from: context.by, amount: received });
        Ok(received)
    }

    pub(super) fn notice(&mut self, token: Address) -> Outcome<U256> {
        Ok(self.observe(token)?.noticed)
    }

    // ---------------------------------------------------------------------------------------------- releases

    pub(super) fn release(&mut self, context: Context<'_>, account: Address) -> Outcome {
        let is_pool = account == self.contract;
        let amount = self.state.due(Address::ZERO, account, is_pool, U256::ZERO);
        ensure(!amount.is_zero(), S::SplitterNothingDue { account })?;
        let book = self.state.book_mut(Address::ZERO);
        *book.paid.entry(account).or_default() += amount;
        book.owed -= amount;
        self.log(S::PaymentReleased { to: account, amount });
        self.sends(context, Address::ZERO, account, amount, U256::ZERO, false)?;
        Ok(())
    }

    pub(super) fn release_token(&mut self, context: Context<'_>, token: Address, account: Address) -> Outcome {
        let look = self.observe(token)?;
        let due = self.state.due(token, account, account == self.contract, U256::ZERO);
        let is_short = look.balance < look.owed;
        ensure(!is_short || account == context.by, S::SplitterShort { token })?;
        let amount = cut(due, look.balance, look.owed);
        ensure(!amount.is_zero(), S::SplitterNothingDue { account })?;
        let (moved, _) = self.sends(context, token, account, amount, look.balance, false)?;
        // What is paid less because too little is there is given up; what a token rounds is not.
        let gone = if is_short { due } else { moved };
        let book = self.state.book_mut(token);
        *book.paid.entry(account).or_default() += gone;
        book.owed -= gone;
        self.log(S::ERC20PaymentReleased { token, to: account, amount: moved });
        self.loses(token, account, gone - moved);
        Ok(())
    }

    pub(super) fn loses(&mut self, token: Address, account: Address, amount: U256) {
        if !amount.is_zero() {
            self.log(S::LossTaken { token, account, amount });
        }
    }

    // ------------------------------------------------------------------------------------------------ moving

    /// Sends an amount: what left, and what is left of the token.
    pub(super) fn sends(
        &mut self,
        context: Context<'_>,
        token: Address,
        to: Address,
        amount: U256,
        before: U256,
        little: bool,
    ) -> Outcome<Sent> {
        let can_be_paid = !to.is_zero() && to != self.contract;
        ensure(can_be_paid, S::SplitterInvalidRecipient { account: to })?;
        let failed = || S::SplitterTransferFailed { token, to, amount };
        if token.is_zero() {
            ensure(self.pays_ether(context, to, amount), failed())?;
            return Ok((amount, before));
        }
        ensure(self.moves(context, token, self.contract, to, amount, little), failed())?;
        let after = self.balance(token)?;
        let moved = before.saturating_sub(after);
        ensure(!moved.is_zero() && moved <= amount, failed())?;
        Ok((moved, after))
    }

    /// Whether a token moved something and says yes.
    fn moves(
        &mut self,
        context: Context<'_>,
        token: Address,
        from: Address,
        to: Address,
        amount: U256,
        little: bool,
    ) -> bool {
        let by = self.contract;
        debug_assert!(answers_anything(token) || self.state.tokens.contains_key(&token), "it was not asked first");
        let Some(known) = self.state.tokens.get_mut(&token) else { return false };
        let Some(Moved { yes, called }) = known.moves(by, from, to, amount, little) else { return false };
        if let Some((target, data)) = called {
            self.called_back(context, token, target, &data);
        }
        yes
    }

    /// A token or a payee calls meanwhile: all but ether by itself is refused.
    pub(super) fn called_back(&mut self, context: Context<'_>, by: Address, target: Address, data: &Bytes) {
        if target == self.contract {
            let before = std::mem::replace(&mut self.inside, true);
            self.call(Context { by, wei: U256::ZERO, ..context }, data);
            self.inside = before;
        }
    }

    /// Whether an account takes ether of the contract.
    fn pays_ether(&mut self, context: Context<'_>, to: Address, amount: U256) -> bool {
        let others = [self.authority, self.registry];
        let is_deaf = others.contains(&to) || self.state.tokens.contains_key(&to) || to == self.wallet;
        if is_deaf || !takes_ether(to) {
            return false;
        }
        let odd = self.state.odd.get(&to).cloned();
        if odd.as_ref().is_some_and(|odd| !odd.takes()) {
            return false;
        }
        self.state.ether -= amount;
        match odd {
            Some(odd) if odd.mood == CALL_BACK => self.called_back(context, to, self.contract, &odd.payload),
            Some(odd) if odd.mood == GIVE_BACK => {
                self.state.ether += amount;
                self.arrives(to, amount);
            }
            _ => {}
        }
        true
    }
}
