//! What requests and their answers do, hand-overs and signatures, by the rules of the interface's text.

use alloy::{
    primitives::{Address, B256, Bytes, FixedBytes, U256, keccak256},
    sol_types::{Eip712Domain, SolCall, SolError, SolValue},
    uint,
};
use consilium_bindings::{Consent as C, DataPointerRegistry as D};
use harness::walk::signers::account_of;

use crate::signing::{Terms, domain, request_hash};

use super::model::{Answer, Context, Model, ensure};
use super::state::{Asked, Known, Offer, REGISTERED, time};

/// The keys of order 8.
const ORDER_8: [U256; 2] = [
    uint!(325606250916557431795983626356110631294008115727848805560023387167927233504_U256),
    uint!(39382357235489614581723060781553021112529911719440698176882885853963445705823_U256),
];

/// The id of a request that was made at a second.
pub(super) fn request_id(request: &D::Request, actor: Address, at: u64) -> B256 {
    let &D::Request { id, purpose, onBehalfOf, encryptionKey } = request;
    keccak256((id, actor, onBehalfOf, U256::from(purpose), encryptionKey, U256::from(at)).abi_encode())
}

/// Whether a key of X25519, a number with its lowest byte first and without its highest bit, is of small order: 0, 1,
/// those of order 8, and what is next to p = 2^255 - 19. <https://cr.yp.to/ecdh.html#validate> lists them so.
pub(super) fn is_of_small_order(key: B256) -> bool {
    let number = U256::from_le_bytes(key.0) & (U256::MAX >> 1usize);
    let p = (U256::ONE << 255usize) - U256::from(19);
    number <= U256::ONE || number.abs_diff(p) <= U256::ONE || ORDER_8.contains(&number)
}

impl Model {
    // --------------------------------------------------------------------------------------------------- asking

    pub(super) fn request(&mut self, context: Context<'_>, request: &D::Request) -> Answer {
        let actor = context.by;
        self.requestable(context, request, actor)?;
        Ok(D::requestAccessCall::abi_encode_returns(&self.asks(context, request, actor)?))
    }

    pub(super) fn request_many(&mut self, context: Context<'_>, requests: &[D::Request]) -> Answer {
        let actor = context.by;
        let mut ids = Vec::new();
        for request in requests {
            let refusal = match self.requestable(context, request, actor) {
                Err(refusal) => Some(refusal),
                Ok(()) => self.permitted(context, request, actor).err(),
            };
            if let Some(reason) = refusal {
                self.log(D::AccessSkipped { id: request.id, actor, reason: Bytes::from(reason) });
                ids.push(B256::ZERO);
            } else {
                ids.push(self.asks(context, request, actor)?);
            }
        }
        Ok(D::requestAccessManyCall::abi_encode_returns(&ids))
    }

    pub(super) fn request_signed(&mut self, context: Context<'_>, call: &D::requestAccessSignedCall) -> Answer {
        let D::requestAccessSignedCall { request, actor, signed } = call;
        self.requestable(context, request, *actor)?;
        ensure(account_of(&signed.signer) == *actor, D::RegistryInvalidSignature { signer: *actor })?;
        self.signature(context, *actor, signed, |terms, domain| request_hash(*actor, request, terms, domain))?;
        Ok(D::requestAccessSignedCall::abi_encode_returns(&self.asks(context, request, *actor)?))
    }

    fn existing(&self, id: B256) -> Result<&Known, Vec<u8>> {
        self.state.existing(id).ok_or_else(|| D::RegistryNoSuchPointer { id }.abi_encode())
    }

    fn requestable(&self, context: Context<'_>, request: &D::Request, actor: Address) -> Result<(), Vec<u8>> {
        self.existing(request.id)?;
        ensure(!is_of_small_order(request.encryptionKey), D::RegistryInvalidEncryptionKey {})?;
        let requestId = request_id(request, actor, context.now);
        let is_new = !self.state.requests.contains_key(&(request.id, requestId));
        ensure(is_new, D::RegistryRequestExists { requestId })
    }

    /// What the consent says; its reason.
    fn says(
        &self,
        context: Context<'_>,
        request: &D::Request,
        actor: Address,
        hope: bool,
    ) -> Result<D::AccessRefused, u8> {
        let Some(known) = self.state.existing(request.id) else { return Err(0) };
        let &D::Pointer { subject, dataClass, .. } = &known.pointer;
        let of = (subject, actor, request.onBehalfOf, dataClass, request.purpose);
        let (permitted, reason, grantee, number) = context.consent.ask(of, hope);
        if permitted { Err(reason) } else { Ok(D::AccessRefused { reason, grantee, number }) }
    }

    fn permitted(&self, context: Context<'_>, request: &D::Request, actor: Address) -> Result<(), Vec<u8>> {
        match self.says(context, request, actor, true) {
            Ok(refusal) => Err(refusal.abi_encode()),
            Err(_) => Ok(()),
        }
    }

    /// Stores a request, and records it in the consent.
    fn asks(&mut self, context: Context<'_>, request: &D::Request, actor: Address) -> Result<B256, Vec<u8>> {
        let &D::Request { id, purpose, onBehalfOf, encryptionKey } = request;
        self.kinds.pass(self.contract, FixedBytes(C::recordCall::SELECTOR))?;
        self.permitted(context, request, actor)?;
        let (at, custodian) = (context.now, self.existing(id)?.custodian);
        let due = at + u64::from(self.state.answer_within);
        let requestId = request_id(request, actor, at);
        let [delivered, overdue, declined] = [false; 3];
        let asked = Asked { request: request.clone(), actor, custodian, at, due, delivered, overdue, declined };
        self.state.requests.insert((id, requestId), asked);
        self.state.order.push((id, requestId));
        let dueBy = time(due);
        self.log(D::AccessRequested { id, custodian, actor, requestId, onBehalfOf, purpose, encryptionKey, dueBy });
        Ok(requestId)
    }

    // ------------------------------------------------------------------------------------------------ answering

    /// A request that is still open, of which the caller was asked, or whose pointer it has.
    fn unanswered(&self, context: Context<'_>, id: B256, requestId: B256) -> Result<Asked, Vec<u8>> {
        let account = context.by;
        let known = self.existing(id)?;
        let asked = self.state.requests.get(&(id, requestId));
        let may = account == known.custodian || asked.is_some_and(|asked| asked.custodian == account);
        ensure(may, D::RegistryUnauthorized { account })?;
        let asked = asked.ok_or_else(|| D::RegistryNoSuchRequest { requestId }.abi_encode())?;
        ensure(!asked.delivered && !asked.declined, D::RegistryAlreadyDelivered { requestId })?;
        Ok(asked.clone())
    }

    pub(super) fn deliver(&mut self, context: Context<'_>, call: &D::deliverKeyCall) -> Result<(), Vec<u8>> {
        let &D::deliverKeyCall { id, requestId, wrappedKeyHash } = call;
        let asked = self.unanswered(context, id, requestId)?;
        if context.now > asked.due {
            self.overdue(id, requestId);
        }
        if let Some(asked) = self.state.requests.get_mut(&(id, requestId)) {
            asked.delivered = true;
        }
        self.log(D::KeyDelivered { id, requestId, custodian: context.by, wrappedKeyHash });
        Ok(())
    }

    pub(super) fn decline(&mut self, context: Context<'_>, call: &D::declineKeyCall) -> Result<(), Vec<u8>> {
        let &D::declineKeyCall { id, requestId, purpose, onBehalfOf, encryptionKey, askedAt } = call;
        let asked = self.unanswered(context, id, requestId)?;
        let request = D::Request { id, purpose, onBehalfOf, encryptionKey };
        let is_it = asked.request == request && asked.at == askedAt.to::<u64>();
        ensure(is_it, D::RegistryNoSuchRequest { requestId })?;
        let refusal = self.says(context, &request, asked.actor, false);
        let refusal = refusal.map_err(|_| D::RegistryStillPermitted { requestId }.abi_encode())?;
        if context.now > asked.due {
            self.overdue(id, requestId);
        }
        if let Some(asked) = self.state.requests.get_mut(&(id, requestId)) {
            asked.declined = true;
        }
        self.log(D::KeyDeclined { id, requestId, custodian: context.by, reason: refusal.reason });
        Ok(())
    }

    pub(super) fn mark_overdue(&mut self, context: Context<'_>, id: B256, requestId: B256) -> Result<(), Vec<u8>> {
        self.existing(id)?;
        let asked = self.state.requests.get(&(id, requestId));
        let asked = asked.ok_or_else(|| D::RegistryNoSuchRequest { requestId }.abi_encode())?;
        let is_open = !asked.delivered && !asked.declined && !asked.overdue;
        let dueBy = time(asked.due);
        ensure(is_open && context.now > asked.due, D::RegistryNotOverdue { requestId, dueBy })?;
        self.overdue(id, requestId);
        Ok(())
    }

    /// Counts an answer that is late, once, for the custodian that was asked.
    fn overdue(&mut self, id: B256, requestId: B256) {
        let Some(asked) = self.state.requests.get_mut(&(id, requestId)).filter(|asked| !asked.overdue) else { return };
        asked.overdue = true;
        let custodian = asked.custodian;
        if let Some(stored) = self.state.custodian_mut(custodian) {
            stored.overdue += 1;
        }
        self.log(D::AnswerOverdue { id, requestId, custodian });
    }

    // ---------------------------------------------------------------------------------------------- handing over

    pub(super) fn offer(&mut self, context: Context<'_>, id: B256, to: Address) -> Result<(), Vec<u8>> {
        let from = context.by;
        let known = self.existing(id)?;
        ensure(known.state == REGISTERED, D::RegistrySuperseded { id })?;
        ensure(known.custodian == from, D::RegistryUnauthorized { account: from })?;
        self.admitted(context, from)?;
        if to.is_zero() {
            self.state.offers.remove(&id);
        } else {
            self.admitted(context, to)?;
            let terms = [self.state.term(from), self.state.term(to)];
            self.state.offers.insert(id, Offer { to, terms });
        }
        self.log(D::CustodyOffered { id, from, to });
        Ok(())
    }

    pub(super) fn accept(&mut self, context: Context<'_>, id: B256) -> Result<(), Vec<u8>> {
        let to = context.by;
        let is_offered = self.state.offered(id, context.now) == Some(to);
        ensure(is_offered, D::RegistryNoOffer { id, account: to })?;
        let known = self.existing(id)?;
        let (subject, class, from) = (known.pointer.subject, known.pointer.dataClass, known.custodian);
        self.right(context, subject, to, class)?;
        if let Some(known) = self.state.pointers.get_mut(&id) {
            known.custodian = to;
        }
        self.state.offers.remove(&id);
        self.log(D::CustodyTransferred { id, from, to });
        Ok(())
    }

    // ----------------------------------------------------------------------------------------------- signatures

    /// Uses up a signature of `by` under a hash of the terms.
    pub(super) fn signature(
        &mut self,
        context: Context<'_>,
        by: Address,
        signed: &D::Signed,
        hash: impl FnOnce(Terms, &Eip712Domain) -> B256,
    ) -> Result<(), Vec<u8>> {
        let &D::Signed { signer: ref bytes, nonce, deadline, relayer, ref signature } = signed;
        ensure(context.now <= deadline.to::<u64>(), D::RegistryExpiredSignature { deadline })?;
        ensure(relayer.is_zero() || relayer == context.by, D::RegistryWrongRelayer { relayer })?;
        let signer = account_of(bytes);
        ensure(signer == by, D::RegistryInvalidSignature { signer })?;
        let key: U256 = nonce >> 64usize;
        let currentNonce = self.state.nonce(signer, key);
        ensure(nonce == currentNonce, D::InvalidAccountNonce { account: signer, currentNonce })?;
        let hash = hash(Terms { nonce, deadline, relayer }, &domain(self.contract, devnode::CHAIN_ID));
        let invalid = || D::RegistryInvalidSignature { signer }.abi_encode();
        let site = context.signed.check(bytes, hash, signature).ok_or_else(invalid)?;
        if let Some(site) = site {
            let here = self.state.sites.get(&signer).copied();
            match context.consent.site(signer).or(here) {
                Some(pinned) if pinned != site => return Err(invalid()),
                Some(_) => {}
                None => {
                    self.state.sites.insert(signer, site);
                    self.log(D::SitePinned { key: signer, site });
                }
            }
        }
        *self.state.nonces.entry((signer, key)).or_default() += 1;
        Ok(())
    }
}
