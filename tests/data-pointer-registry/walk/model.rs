//! What a call does, by the rules of the interface's text: the state after it, what it logs, and what it returns or
//! reverts with.

use alloy::{
    primitives::{Address, Bytes, FixedBytes, LogData},
    sol_types::{SolCall, SolError, SolEvent, SolInterface},
};
use consilium_bindings::DataPointerRegistry as D;
use consilium_bindings::DataPointerRegistry::DataPointerRegistryCalls as Calls;
use harness::walk::{
    authority::{Authority, Kinds},
    signers::Signed,
};

use super::consent::Consent;
use super::people::restricted;
use super::state::{ACTIVE, Custodian, DEPRECATED, PROPOSED, SUPERSEDED, State, time};

/// What a call returns or reverts with.
pub(super) type Answer = Result<Vec<u8>, Vec<u8>>;

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
}

/// Who calls, and when; what the consent says, what was signed, and whose code there is.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) by: Address,
    pub(super) now: u64,
    pub(super) consent: &'a Consent,
    pub(super) signed: &'a Signed,
    pub(super) code: &'a [Address],
}

pub(super) fn ensure(holds: bool, error: impl SolError) -> Result<(), Vec<u8>> {
    if holds { Ok(()) } else { Err(error.abi_encode()) }
}

impl Model {
    pub(super) fn log(&mut self, event: impl SolEvent) {
        self.logs.push(event.encode_log_data());
    }

    /// Makes a call. One that fails changes nothing. Nothing is said of views and of what cannot be decoded.
    pub(super) fn call(&mut self, context: Context<'_>, data: &[u8]) -> Option<Answer> {
        let call = Calls::abi_decode_validate(data).ok()?;
        let before = self.clone();
        let answer = self.run(context, &call, data);
        if !matches!(answer, Some(Ok(_))) {
            *self = before;
        }
        answer
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

    fn run(&mut self, context: Context<'_>, call: &Calls, data: &[u8]) -> Option<Answer> {
        let done = |result: Result<(), Vec<u8>>| result.map(|()| Vec::new());
        Some(match call {
            Calls::register(call) => self.register(context, &call.pointer),
            Calls::registerSigned(call) => self.register_signed(context, call),
            Calls::erase(call) => done(self.erase(context, call.id)),
            Calls::eraseSigned(call) => done(self.erase_signed(context, call)),
            Calls::refusePointer(call) => done(self.refuse(context, &call.pointer)),
            Calls::refusePointerSigned(call) => done(self.refuse_signed(context, call)),
            Calls::publishRoot(call) => self.publish_root(context, call),
            Calls::clearManifest(call) => done(self.clear_manifest(context, call.batch)),
            Calls::individualize(call) => self.individualize(context, call),
            Calls::requestAccess(call) => {
                let &D::requestAccessCall { id, purpose, onBehalfOf, encryptionKey } = call;
                self.request(context, &D::Request { id, purpose, onBehalfOf, encryptionKey })
            }
            Calls::requestAccessMany(call) => self.request_many(context, &call.requests),
            Calls::requestAccessSigned(call) => self.request_signed(context, call),
            Calls::deliverKey(call) => done(self.deliver(context, call)),
            Calls::declineKey(call) => done(self.decline(context, call)),
            Calls::markOverdue(call) => done(self.mark_overdue(context, call.id, call.requestId)),
            Calls::offerCustody(call) => done(self.offer(context, call.id, call.to)),
            Calls::acceptCustody(call) => done(self.accept(context, call.id)),
            Calls::proposeSchema(call) => Ok(self.propose(context, call)),
            Calls::multicall(_) if context.by == self.authority => {
                Err(D::AccessManagedUnauthorized { caller: context.by }.abi_encode())
            }
            Calls::multicall(call) => {
                let mut results = Vec::new();
                for data in &call.data {
                    if data.starts_with(&D::upgradeToAndCallCall::SELECTOR) {
                        return Some(Err(D::FailedCall {}.abi_encode()));
                    }
                    match self.call(context, data)? {
                        Ok(result) => results.push(Bytes::from(result)),
                        Err(reason) if reason.is_empty() => return Some(Err(D::FailedCall {}.abi_encode())),
                        Err(reason) => return Some(Err(reason)),
                    }
                }
                Ok(D::multicallCall::abi_encode_returns(&results))
            }
            Calls::setAuthority(call) => done(self.set_authority(context, call.newAuthority)),
            restrictedly => {
                let selector = FixedBytes::<4>::from_slice(data.get(..4)?);
                if !restricted().contains(&selector) {
                    return None;
                }
                done(self.kinds.pass(context.by, selector).and_then(|()| self.restricted(context, restrictedly)))
            }
        })
    }

    // ------------------------------------------------------------------------------------------- the DAO's

    fn restricted(&mut self, context: Context<'_>, call: &Calls) -> Result<(), Vec<u8>> {
        match call {
            Calls::admitCustodian(call) => self.admit(context, call.account, call.until.to()),
            Calls::activateSchema(call) => {
                let number = call.number;
                self.schema(number, &[PROPOSED])?.state = ACTIVE;
                self.log(D::SchemaActivated { number });
                Ok(())
            }
            Calls::deprecateSchema(call) => {
                let &D::deprecateSchemaCall { number, sunset } = call;
                let schema = self.schema(number, &[ACTIVE, DEPRECATED])?;
                (schema.state, schema.sunset) = (DEPRECATED, sunset);
                self.log(D::SchemaDeprecated { number, sunset });
                Ok(())
            }
            Calls::supersedeSchema(call) => {
                let &D::supersedeSchemaCall { number, successor } = call;
                let class = self.schema(number, &[ACTIVE, DEPRECATED])?.dataClass;
                let next = self.state.schema(successor);
                let fits = next.is_some_and(|next| next.state == ACTIVE && next.dataClass == class);
                ensure(fits && successor != number, D::RegistryInvalidSchema { number: successor })?;
                let schema = self.schema(number, &[ACTIVE, DEPRECATED])?;
                (schema.state, schema.successor) = (SUPERSEDED, successor);
                self.log(D::SchemaSuperseded { number, successor });
                Ok(())
            }
            Calls::setStorePurpose(call) => {
                let purpose = call.purpose;
                ensure(purpose < 64, D::RegistryInvalidPurpose { purpose })?;
                self.state.store_purpose = purpose;
                self.log(D::StorePurposeSet { purpose });
                Ok(())
            }
            Calls::setAnswerWithin(call) => {
                self.state.answer_within = call.period;
                self.log(D::AnswerWithinSet { period: call.period });
                Ok(())
            }
            Calls::setEncryption(call) => {
                let &D::setEncryptionCall { number, code } = call;
                ensure(number != 0, D::RegistryUnknownEncryption { number })?;
                self.state.encryptions.insert(number, code);
                self.log(D::EncryptionSet { number, code });
                Ok(())
            }
            Calls::upgradeToAndCall(call) => self.upgrade(context, call),
            other => unreachable!("{other:?} is not restricted"),
        }
    }

    fn admit(&mut self, context: Context<'_>, account: Address, until: u64) -> Result<(), Vec<u8>> {
        if self.state.custodian(account).is_none() {
            self.state.custodians.push(Custodian { account, until: 0, term: 0, batches: 0, overdue: 0 });
        }
        let place = self.state.custodians.iter().position(|custodian| custodian.account == account);
        let place = place.unwrap_or_default();
        let custodian = &mut self.state.custodians[place];
        if custodian.until <= context.now {
            custodian.term += 1;
        }
        custodian.until = until;
        let number = D::CustodianAdmitted { account, number: number(place as u64 + 1), until: time(until) };
        self.log(number);
        Ok(())
    }

    /// A schema in one of these states.
    fn schema(&mut self, number: u32, states: &[u8]) -> Result<&mut D::Schema, Vec<u8>> {
        let schema = self.state.schemas.get_mut((number as usize).wrapping_sub(1));
        let schema = schema.filter(|schema| states.contains(&schema.state));
        schema.ok_or_else(|| D::RegistryInvalidSchema { number }.abi_encode())
    }

    fn propose(&mut self, context: Context<'_>, call: &D::proposeSchemaCall) -> Vec<u8> {
        let &D::proposeSchemaCall { url, version, content, dataClass } = call;
        let (state, sunset) = (PROPOSED, time(0));
        self.state.schemas.push(D::Schema { state, dataClass, version, sunset, successor: 0, url, content });
        let (number, proposer) = (self.state.schemas.len() as u32, context.by);
        self.log(D::SchemaProposed { number, proposer, dataClass, url, version, content });
        D::proposeSchemaCall::abi_encode_returns(&number)
    }

    fn set_authority(&mut self, context: Context<'_>, authority: Address) -> Result<(), Vec<u8>> {
        ensure(context.by == self.authority, D::AccessManagedUnauthorized { caller: context.by })?;
        ensure(context.code.contains(&authority), D::AccessManagedInvalidAuthority { authority })?;
        self.log(D::AuthorityUpdated { authority });
        Ok(())
    }

    /// To the same code: what another one would do is not the contract's.
    fn upgrade(&mut self, context: Context<'_>, call: &D::upgradeToAndCallCall) -> Result<(), Vec<u8>> {
        let implementation = call.newImplementation;
        if implementation != self.implementation {
            let error = D::ERC1967InvalidImplementation { implementation }.abi_encode();
            let has_code = context.code.contains(&implementation) || harness::walk::is_arbos(implementation);
            return Err(if has_code { error } else { Vec::new() });
        }
        self.log(D::Upgraded { implementation });
        Ok(())
    }
}

/// A number as the interface has it.
pub(super) fn number(of: u64) -> alloy::primitives::aliases::U24 {
    alloy::primitives::aliases::U24::from(of)
}
