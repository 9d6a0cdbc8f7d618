//! What a call does, by the rules of the interface's text: the state after it, what it logs, and what it returns or
//! reverts with.

use alloy::{
    primitives::{Address, Bytes, FixedBytes, LogData, U256},
    sol_types::{SolCall, SolError, SolEvent, SolInterface},
};
use consilium_bindings::RevenueSplitter as S;
use consilium_bindings::RevenueSplitter::RevenueSplitterCalls as Calls;
use harness::walk::{
    authority::{Authority, Kinds},
    is_arbos,
    signers::Signed,
};

use super::entitlement::{ALL, settled};
use super::people::{Registry, restricted};
use super::state::State;
use super::tokens::answers_anything;

/// What a call returns or reverts with.
pub(super) type Answer = Result<Vec<u8>, Vec<u8>>;
/// What a part of one does, or reverts with.
pub(super) type Outcome<T = ()> = Result<T, Vec<u8>>;

/// The state, and what there is around it.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) state: State,
    pub(super) kinds: Kinds,
    /// What was logged since it was last looked at.
    pub(super) logs: Vec<LogData>,
    pub(super) contract: Address,
    pub(super) implementation: Address,
    pub(super) authority: Address,
    pub(super) registry: Address,
    pub(super) wallet: Address,
    /// Whether a call of the contract is running.
    pub(super) inside: bool,
}

/// Who calls, with how much, and when; what was signed, and whose code there is.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) by: Address,
    pub(super) wei: U256,
    pub(super) now: u64,
    pub(super) signed: &'a Signed,
    pub(super) code: &'a [Address],
}

pub(super) fn ensure(holds: bool, error: impl SolError) -> Outcome {
    if holds { Ok(()) } else { Err(error.abi_encode()) }
}

impl Model {
    pub(super) fn log(&mut self, event: impl SolEvent) {
        self.logs.push(event.encode_log_data());
    }

    /// Makes a call. One that fails changes nothing. Nothing is said of views and of what cannot be decoded.
    pub(super) fn call(&mut self, context: Context<'_>, data: &[u8]) -> Option<Answer> {
        let before = self.clone();
        let answer = self.try_call(context, data);
        if !matches!(answer, Some(Ok(_))) {
            *self = before;
        }
        answer
    }

    fn try_call(&mut self, context: Context<'_>, data: &[u8]) -> Option<Answer> {
        self.state.ether += context.wei;
        if data.is_empty() {
            self.arrives(context.by, context.wei);
            return Some(Ok(Vec::new()));
        }
        let call = Calls::abi_decode_validate(data).ok()?;
        let takes =
            matches!(call, Calls::pay(_) | Calls::payLicence(_) | Calls::fundPool(_) | Calls::upgradeToAndCall(_));
        if !takes && !context.wei.is_zero() {
            return Some(Err(Vec::new()));
        }
        self.run(context, &call, data)
    }

    /// What the authority does in its own name.
    pub(super) fn by_authority(&mut self, context: Context<'_>, data: &[u8]) -> Option<Answer> {
        let call = Authority::callAsCall::abi_decode(data).ok()?;
        if call.target != self.contract {
            return None;
        }
        let answer = self.call(Context { by: self.authority, ..context }, &call.data)?;
        Some(answer.map(|data| Authority::callAsCall::abi_encode_returns(&data.into())))
    }

    /// What the registry is told.
    pub(super) fn by_registry(&mut self, data: &[u8]) {
        if let Ok(call) = Registry::muteCall::abi_decode(data) {
            self.state.mute = call.yes;
        } else if let Ok(call) = Registry::knowCall::abi_decode(data) {
            let known = (call.custodian, call.dataClass, call.actor);
            self.state.requests.insert((call.pointer, call.request), known);
            self.state.pointers.insert(call.pointer, known);
        }
    }

    fn run(&mut self, context: Context<'_>, call: &Calls, data: &[u8]) -> Option<Answer> {
        let is_guarded = matches!(
            call,
            Calls::pay(_)
                | Calls::payLicence(_)
                | Calls::fundPool(_)
                | Calls::notice(_)
                | Calls::release_0(_)
                | Calls::release_1(_)
                | Calls::claim(_)
                | Calls::claimMany(_)
                | Calls::claimSigned(_)
        );
        if is_guarded && self.inside {
            return Some(Err(S::ReentrancyGuardReentrantCall {}.abi_encode()));
        }
        let done = |result: Outcome| result.map(|()| Vec::new());
        let word = |result: Outcome<U256>| result.map(|number| number.to_be_bytes_vec());
        Some(match call {
            Calls::pay(call) => word(self.pay(context, call.token, call.amount, &call.source)),
            Calls::payLicence(call) => word(self.pay_licence(context, call)),
            Calls::fundPool(call) => word(self.fund(context, call.token, call.amount)),
            Calls::notice(call) => word(self.notice(call.token)),
            Calls::release_0(call) => done(self.release(context, call.account)),
            Calls::release_1(call) => done(self.release_token(context, call.token, call.account)),
            Calls::claim(call) => done(self.claim(context, call)),
            Calls::claimMany(call) => self.claim_many(context, call),
            Calls::claimSigned(call) => done(self.claim_signed(context, call)),
            Calls::multicall(_) if context.by == self.authority => {
                Err(S::AccessManagedUnauthorized { caller: context.by }.abi_encode())
            }
            Calls::multicall(call) => {
                let mut results = Vec::new();
                for data in &call.data {
                    // Without data it is no function, and takes no ether; and an upgrade is a call of its own.
                    let is_none = data.is_empty() || data.starts_with(&S::upgradeToAndCallCall::SELECTOR);
                    let answer = if is_none { Err(Vec::new()) } else { self.call(context, data)? };
                    match answer {
                        Ok(result) => results.push(Bytes::from(result)),
                        Err(reason) if reason.is_empty() => return Some(Err(S::FailedCall {}.abi_encode())),
                        Err(reason) => return Some(Err(reason)),
                    }
                }
                Ok(S::multicallCall::abi_encode_returns(&results))
            }
            Calls::setAuthority(call) => done(self.set_authority(context, call.newAuthority)),
            restrictedly => {
                let selector = FixedBytes::<4>::from_slice(data.get(..4)?);
                if !restricted().contains(&selector) {
                    return None;
                }
                if let Err(refusal) = self.kinds.pass(context.by, selector) {
                    return Some(Err(refusal));
                }
                // What such a precompile makes of the question for its slot is not followed.
                if matches!(restrictedly, Calls::upgradeToAndCall(call) if answers_anything(call.newImplementation)) {
                    return None;
                }
                let is_guarded = matches!(
                    restrictedly,
                    Calls::setTable(_) | Calls::publishEpoch(_) | Calls::disableEpoch(_) | Calls::recoverEpoch(_)
                );
                if is_guarded && self.inside {
                    return Some(Err(S::ReentrancyGuardReentrantCall {}.abi_encode()));
                }
                self.restricted(context, restrictedly)
            }
        })
    }

    // ------------------------------------------------------------------------------------------- the DAO's

    fn restricted(&mut self, context: Context<'_>, call: &Calls) -> Answer {
        match call {
            Calls::setTable(call) => self.set_table(call)?,
            Calls::publishEpoch(call) => {
                return self.publish(context, call).map(|number| S::publishEpochCall::abi_encode_returns(&number));
            }
            Calls::disableEpoch(call) => self.disable(context, call.number)?,
            Calls::recoverEpoch(call) => self.recover(context, call.number)?,
            Calls::setTreasury(call) => {
                let account = call.treasury;
                let can_be_paid = !account.is_zero() && account != self.contract;
                ensure(can_be_paid, S::SplitterInvalidRecipient { account })?;
                self.state.treasury = account;
                self.log(S::TreasurySet { treasury: account });
            }
            Calls::setRegistry(call) => {
                let registry = call.registry;
                let has_code = context.code.contains(&registry) || is_arbos(registry);
                ensure(registry.is_zero() || has_code, S::SplitterInvalidRegistry { registry })?;
                self.state.registry = registry;
                self.log(S::RegistrySet { registry });
            }
            Calls::setWindow(call) => {
                self.state.window = call.window;
                self.log(S::WindowSet { window: call.window });
            }
            Calls::upgradeToAndCall(call) => self.upgrade(context, call)?,
            other => unreachable!("{other:?} is not restricted"),
        }
        Ok(Vec::new())
    }

    fn set_table(&mut self, call: &S::setTableCall) -> Outcome {
        let version = self.state.version();
        let mut closed = Vec::new();
        for token in &call.tokens {
            if closed.contains(token) {
                continue;
            }
            self.observe(*token)?;
            let received = self.state.received(version, *token, U256::ZERO);
            self.log(S::TableClosed { version, token: *token, received });
            self.state.book_mut(*token).seen = version + 1;
            closed.push(*token);
        }
        let received = self.state.received(version, Address::ZERO, U256::ZERO);
        self.log(S::TableClosed { version, token: Address::ZERO, received });

        let S::setTableCall { recipients, basisPoints, .. } = call;
        let invalid = || S::SplitterInvalidTable {};
        ensure(recipients.len() == basisPoints.len() && recipients.len() <= 256, invalid())?;
        let table: Vec<_> = recipients.iter().copied().zip(basisPoints.iter().copied()).collect();
        self.log(S::TableSet { version: version + 1, payees: U256::from(table.len()) });
        for (place, (account, share)) in table.iter().enumerate() {
            let is_new = !table[..place].iter().any(|(earlier, _)| earlier == account);
            ensure(!account.is_zero() && is_new && *share != 0, invalid())?;
            self.log(S::PayeeAdded { account: *account, shares: U256::from(*share) });
        }
        ensure(table.iter().map(|(_, share)| u64::from(*share)).sum::<u64>() == ALL, invalid())?;
        // The parts of the replaced table are all that came under it.
        let parts = self.state.tables.last().into_iter().flatten();
        let parts = parts.map(|(account, _)| settled(&self.state.tables[version as usize - 1], *account, received));
        assert_eq!(parts.sum::<U256>(), received, "the model itself loses something");
        self.state.tables.push(table);
        Ok(())
    }

    fn set_authority(&mut self, context: Context<'_>, authority: Address) -> Outcome {
        ensure(context.by == self.authority, S::AccessManagedUnauthorized { caller: context.by })?;
        ensure(context.code.contains(&authority), S::AccessManagedInvalidAuthority { authority })?;
        self.log(S::AuthorityUpdated { authority });
        Ok(())
    }

    /// To the same code: what another one would do is not the contract's.
    fn upgrade(&mut self, context: Context<'_>, call: &S::upgradeToAndCallCall) -> Outcome {
        let implementation = call.newImplementation;
        if implementation != self.implementation {
            let error = S::ERC1967InvalidImplementation { implementation }.abi_encode();
            let has_code = context.code.contains(&implementation) || is_arbos(implementation);
            return Err(if has_code { error } else { Vec::new() });
        }
        self.log(S::Upgraded { implementation });
        ensure(!call.data.is_empty() || context.wei.is_zero(), S::ERC1967NonPayable {})
    }
}
