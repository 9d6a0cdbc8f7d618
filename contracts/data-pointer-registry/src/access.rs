//! Requests for the keys of records, and their answers.
//!
//! A request is one word. Its place follows from the pointer and the request's id together, so that who answers shows
//! which pointer it is about.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, keccak256};
use consilium_abi::{List, Revert, encode, ensure};
use stylus_sdk::prelude::*;

use crate::DataPointerRegistry;
use crate::abi::*;
use crate::rules;
use crate::storage::{Asked, Custodian, Record, Settings};

impl DataPointerRegistry {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn access_request(&self, id: B256, request_id: B256) -> (Address, u64, bool, bool, bool) {
        let Asked { actor, due_by, delivered, overdue, declined, .. } = self.asked(id, request_id);
        (actor, due_by, delivered, overdue, declined)
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn request_access(
        &mut self,
        id: B256,
        purpose: u8,
        on_behalf_of: Address,
        encryption_key: B256,
    ) -> Result<B256, Revert> {
        let request = Request { id, purpose, on_behalf_of, encryption_key };
        let actor = self.vm().msg_sender();
        let (request_id, record) = self.requestable(&request, actor)?;
        self.add_request(&request, request_id, actor, &record, &self.settings())?;
        Ok(request_id)
    }

    /// The consent is asked before it records, so that what is refused leaves no trace: else strangers could fill a
    /// subject's log.
    pub(crate) fn request_access_many(&mut self, requests: List<'_, Request>) -> Result<Vec<B256>, Revert> {
        let (actor, settings) = (self.vm().msg_sender(), self.settings());
        let mut request_ids = Vec::with_capacity(requests.len());
        for request in requests {
            let refusal = match self.requestable(&request, actor) {
                Err(refusal) => Some(refusal),
                Ok((request_id, record)) => {
                    let refusal = self.refusal(&request, actor, &record, &settings)?;
                    if refusal.is_none() {
                        self.add_request(&request, request_id, actor, &record, &settings)?;
                        request_ids.push(request_id);
                    }
                    refusal.map(Into::into)
                }
            };
            if let Some(refusal) = refusal {
                AccessSkipped { id: request.id, actor, reason: refusal.data() }.log(self);
                request_ids.push(B256::ZERO);
            }
        }
        Ok(request_ids)
    }

    pub(crate) fn deliver_key(&mut self, id: B256, request_id: B256, wrapped_key_hash: B256) -> Result<(), Revert> {
        let custodian = self.vm().msg_sender();
        let (_, asked) = self.unanswered(id, request_id, custodian)?;
        self.answer(id, request_id, Asked { delivered: true, ..asked });
        KeyDelivered { id, request_id, custodian, wrapped_key_hash }.log(self);
        Ok(())
    }

    /// The consent is asked now, about all that was asked then.
    pub(crate) fn decline_key(
        &mut self,
        id: B256,
        request_id: B256,
        purpose: u8,
        on_behalf_of: Address,
        encryption_key: B256,
        asked_at: u64,
    ) -> Result<(), Revert> {
        let custodian = self.vm().msg_sender();
        let (record, asked) = self.unanswered(id, request_id, custodian)?;
        let request = Request { id, purpose, on_behalf_of, encryption_key };
        let is_it = request_hash(&request, asked.actor, asked_at) == request_id;
        ensure!(is_it, RegistryNoSuchRequest { request_id });
        let refusal = self.refusal(&request, asked.actor, &record, &self.settings())?;
        let Some(AccessRefused { reason, .. }) = refusal else {
            return Err(RegistryStillPermitted { request_id }.into());
        };

        self.answer(id, request_id, Asked { declined: true, ..asked });
        KeyDeclined { id, request_id, custodian, reason }.log(self);
        Ok(())
    }

    /// An erased pointer has no key that could be delivered, so its requests are nobody's fault.
    pub(crate) fn mark_overdue(&mut self, id: B256, request_id: B256) -> Result<(), Revert> {
        self.existing(id)?;
        let asked = self.existing_request(id, request_id)?;
        let due_by = asked.due_by;
        let is_overdue = asked.is_open() && !asked.overdue && self.vm().block_timestamp() > due_by;
        ensure!(is_overdue, RegistryNotOverdue { request_id, due_by });
        self.set_asked(id, request_id, &Asked { overdue: true, ..asked });
        self.count_overdue(id, request_id, asked.custodian);
        Ok(())
    }

    // ------------------------------------------------------------------------------------------------ checks

    /// Refuses what cannot be asked, whatever the consent says. The request's id, and the pointer.
    pub(crate) fn requestable(&self, request: &Request, actor: Address) -> Result<(B256, Record), Revert> {
        let &Request { id, encryption_key, .. } = request;
        let record = self.existing(id)?;
        ensure!(rules::is_usable(encryption_key), RegistryInvalidEncryptionKey {});
        let request_id = request_hash(request, actor, self.vm().block_timestamp());
        ensure!(self.asked(id, request_id).actor.is_zero(), RegistryRequestExists { request_id });
        Ok((request_id, record))
    }

    /// The consent's refusal, if it refuses. Fails where the consent does not answer.
    fn refusal(
        &self,
        request: &Request,
        actor: Address,
        record: &Record,
        settings: &Settings,
    ) -> Result<Option<AccessRefused<Address>>, Revert> {
        let (consent, &Request { on_behalf_of, purpose, .. }) = (IConsent::at(settings.consent), request);
        let (permitted, reason, grantee, number) =
            consent.is_permitted(self, record.subject, actor, on_behalf_of, record.data_class, purpose)?;
        Ok((!permitted).then_some(AccessRefused { reason, grantee, number }))
    }

    /// A request that is neither answered nor declined, with its pointer. Refuses an account that is neither the
    /// pointer's custodian nor the one that was asked: who takes a pointer over chooses when, and who was asked before
    /// must still be able to answer.
    fn unanswered(&self, id: B256, request_id: B256, account: Address) -> Result<(Record, Asked), Revert> {
        let record = self.existing(id)?;
        let number = self.stored_custodian(account).number;
        // Nobody's number is 0, and nobody was asked where there is no request.
        let was_asked = number != 0 && self.asked(id, request_id).custodian == number;
        if !was_asked {
            self.holder(&record, account)?;
        }
        let asked = self.existing_request(id, request_id)?;
        ensure!(asked.is_open(), RegistryAlreadyDelivered { request_id });
        Ok((record, asked))
    }

    fn existing_request(&self, id: B256, request_id: B256) -> Result<Asked, Revert> {
        let asked = self.asked(id, request_id);
        ensure!(!asked.actor.is_zero(), RegistryNoSuchRequest { request_id });
        Ok(asked)
    }

    // ------------------------------------------------- UNGUARDED: the callers of these have checked that they may

    /// Stores a request and records it in the consent, which decides.
    pub(crate) fn add_request(
        &mut self,
        request: &Request,
        request_id: B256,
        actor: Address,
        record: &Record,
        settings: &Settings,
    ) -> Result<(), Revert> {
        let &Request { id, purpose, on_behalf_of, encryption_key } = request;
        let due_by = self.vm().block_timestamp() + u64::from(settings.answer_within);
        let asked = Asked { actor, due_by, custodian: record.custodian, ..Asked::default() };
        self.set_asked(id, request_id, &asked);

        let custodian = self.account(record.custodian);
        AccessRequested { id, custodian, actor, request_id, on_behalf_of, purpose, encryption_key, due_by }.log(self);

        let (subject, data_class) = (record.subject, record.data_class);
        let (permitted, reason, grantee, number) = IConsent::at(settings.consent).record(
            self,
            subject,
            actor,
            on_behalf_of,
            data_class,
            purpose,
            request_id,
        )?;
        ensure!(permitted, AccessRefused { reason, grantee, number });
        Ok(())
    }

    /// Stores a request that was answered now, and counts the answer if it is late and nobody has counted it. Waiting
    /// until the subject's permission ends is no way around that.
    fn answer(&mut self, id: B256, request_id: B256, answered: Asked) {
        let is_late = self.vm().block_timestamp() > answered.due_by;
        self.set_asked(id, request_id, &Asked { overdue: is_late, ..answered });
        if is_late && !answered.overdue {
            self.count_overdue(id, request_id, answered.custodian);
        }
    }

    /// Counts an answer that came late or not at all. The caller of this has marked the request.
    fn count_overdue(&mut self, id: B256, request_id: B256, custodian: u32) {
        let account = self.account(custodian);
        let custodian = self.stored_custodian(account);
        // 2^32 requests take longer than any chain lasts: each takes a transaction and a word of storage.
        let overdue = custodian.overdue.saturating_add(1);
        self.set_custodian(account, &Custodian { overdue, ..custodian });
        AnswerOverdue { id, request_id, custodian: account }.log(self);
    }
}

/// The id of a request, which was made at a second.
fn request_hash(request: &Request, actor: Address, asked_at: u64) -> B256 {
    let &Request { id, purpose, on_behalf_of, encryption_key } = request;
    keccak256(encode!(
        (bytes32, address, address, uint8, bytes32, uint64) =>
        id, actor, on_behalf_of, purpose, encryption_key, asked_at
    ))
}
