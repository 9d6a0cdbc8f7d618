//! Registering, superseding, erasing and refusing.
//!
//! Everything is checked before anything is written.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{List, Revert, encode, ensure};
use consilium_components::access_managed::ObeysAuthority;
use consilium_components::merkle;
use consilium_components::multicall;
use stylus_sdk::prelude::*;

use crate::DataPointerRegistry;
use crate::abi::*;
use crate::rules::{self, Codes, ERASED, Malformed, REFUSED, REGISTERED, REPLACED};
use crate::storage::{Offer, Record, Settings, Tombstone};

impl DataPointerRegistry {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn id_of(pointer: Pointer) -> B256 {
        id(&pointer)
    }

    pub(crate) fn status(&self, id: B256) -> Status {
        self.told(&self.record(id))
    }

    pub(crate) fn contents(&self, id: B256) -> Contents {
        let record = self.record(id);
        let codes = record.codes();
        Contents {
            hash_code: codes.hash_code(),
            digest: self.digest(id),
            locator_kind: codes.kind,
            locator_codec: codes.codec_code(),
            locator: self.locator(id),
            encryption: record.encryption,
            key_commitment: self.key_commitment(id),
        }
    }

    pub(crate) fn successor(&self, id: B256) -> B256 {
        self.stored_successor(id)
    }

    pub(crate) fn tombstone(&self, id: B256) -> (Address, u64) {
        let Tombstone { by, at } = self.stored_tombstone(id);
        (by, at)
    }

    pub(crate) fn pointers_of(&self, subject: Address, start: U256, limit: U256) -> Vec<B256> {
        let page = rules::page(self.stored_pointer_count(subject), start, limit);
        page.map(|place| self.stored_pointer(subject, place)).collect()
    }

    pub(crate) fn pointer_count(&self, subject: Address) -> u64 {
        self.stored_pointer_count(subject)
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn register(&mut self, pointer: Pointer) -> Result<B256, Revert> {
        let custodian = self.registering(&pointer)?;
        let (id, settings) = (id(&pointer), self.settings());
        let codes = self.registrable(id, &pointer, custodian)?;
        let reason = self.right_to_store(pointer.subject, pointer.custodian, pointer.data_class, &settings)?;
        self.add_with_contents(id, &pointer, custodian, codes, reason);
        Ok(id)
    }

    pub(crate) fn erase(&mut self, id: B256) -> Result<(), Revert> {
        let (record, by) = (self.existing(id)?, self.vm().msg_sender());
        self.may_erase(&record, by)?;
        self.bury(id, &record, by);
        Ok(())
    }

    pub(crate) fn refuse_pointer(&mut self, pointer: Pointer) -> Result<(), Revert> {
        let (id, custodian) = self.refusable(&pointer)?;
        let account = self.vm().msg_sender();
        ensure!(account == self.key_of(pointer.subject)?, RegistryUnauthorized { account });
        self.refuse(id, &pointer, custodian, account);
        Ok(())
    }

    pub(crate) fn multicall(&mut self, data: List<'_, &[u8]>) -> Result<Vec<Vec<u8>>, Revert> {
        self.not_authority()?;
        multicall::multicall_at_rest(self, data)
    }

    // ------------------------------------------------------------------------------------------------ checks

    /// The number of the caller, an admitted custodian who registers a pointer of its own.
    pub(crate) fn registering(&self, pointer: &Pointer) -> Result<u32, Revert> {
        let account = self.vm().msg_sender();
        ensure!(account == pointer.custodian, RegistryUnauthorized { account });
        Ok(self.admitted(account)?.number)
    }

    /// Refuses a pointer that cannot be registered now, whatever its subject says. `custodian` is the number of its
    /// custodian.
    pub(crate) fn registrable(&self, id: B256, pointer: &Pointer, custodian: u32) -> Result<Codes, Revert> {
        let codes = well_formed(pointer)?;
        let &Pointer { subject, encryption: number, previous, .. } = pointer;
        ensure!(!self.stored_encryption(number).is_zero(), RegistryUnknownEncryption { number });
        self.schema_in_use(pointer.schema, pointer.data_class)?;
        ensure!(self.record(id).state == 0, RegistryPointerExists { id });
        if !previous.is_zero() {
            let before = self.record(previous);
            let fits = before.state == REGISTERED
                && before.subject == subject
                && before.custodian == custodian
                && before.data_class == pointer.data_class;
            ensure!(fits, RegistryInvalidPrevious { previous });
        }
        Ok(codes)
    }

    /// Refuses a custodian whom the subject's consent does not let store this class. Returns the consent's reason.
    pub(crate) fn right_to_store(
        &self,
        subject: Address,
        custodian: Address,
        data_class: u8,
        settings: &Settings,
    ) -> Result<u8, Revert> {
        let (consent, purpose) = (IConsent::at(settings.consent), settings.store_purpose);
        let (permitted, reason, grantee, number) =
            consent.is_permitted(self, subject, custodian, Address::ZERO, data_class, purpose)?;
        ensure!(permitted && rules::gives_right(reason), RegistrationRefused { reason, grantee, number });
        Ok(reason)
    }

    /// The id of a pointer that its subject can refuse, and the number of the custodian that it names. Without a
    /// custodian nobody could ever register it.
    pub(crate) fn refusable(&self, pointer: &Pointer) -> Result<(B256, u32), Revert> {
        well_formed(pointer)?;
        let account = pointer.custodian;
        let custodian = self.stored_custodian(account).number;
        ensure!(custodian != 0, RegistryNotAdmitted { account });
        let id = id(pointer);
        ensure!(self.record(id).state == 0, RegistryPointerExists { id });
        Ok((id, custodian))
    }

    /// A pointer that was registered and not erased.
    pub(crate) fn existing(&self, id: B256) -> Result<Record, Revert> {
        let record = self.record(id);
        ensure!(record.exists(), RegistryNoSuchPointer { id });
        Ok(record)
    }

    /// Refuses an account that is neither a pointer's custodian nor its subject's key.
    pub(crate) fn may_erase(&self, record: &Record, account: Address) -> Result<(), Revert> {
        if self.holder(record, account).is_ok() {
            return Ok(());
        }
        ensure!(account == self.key_of(record.subject)?, RegistryUnauthorized { account });
        Ok(())
    }

    /// Who acts as a subject, by the consent.
    pub(crate) fn key_of(&self, subject: Address) -> Result<Address, Revert> {
        IConsent::at(self.settings().consent).key_of(self, subject)
    }

    // ------------------------------------------------- UNGUARDED: the callers of these have checked that they may

    /// Stores a pointer with its contents.
    pub(crate) fn add_with_contents(&mut self, id: B256, pointer: &Pointer, custodian: u32, codes: Codes, reason: u8) {
        let Codes { hash, kind, codec } = codes;
        let contents = Record { encryption: pointer.encryption, hash, kind, codec, ..Record::default() };
        self.add(id, pointer, Record { custodian, ..contents }, 0, reason);
        self.set_contents(id, pointer.digest, pointer.locator, pointer.key_commitment);
    }

    /// Stores a pointer, of which `record` has what the pointer itself does not say.
    pub(crate) fn add(&mut self, id: B256, pointer: &Pointer, record: Record, batch: u32, reason: u8) {
        let &Pointer { subject, custodian, data_class, schema, previous, .. } = pointer;
        self.set_record(id, &Record { subject, data_class, schema, state: REGISTERED, ..record });
        self.add_pointer(subject, id);
        if !previous.is_zero() {
            self.set_record(previous, &Record { state: REPLACED, ..self.record(previous) });
            self.set_successor(previous, id);
        }
        PointerRegistered { id, subject, custodian, data_class, schema, previous, batch, reason }.log(self);
    }

    /// Leaves nothing of a pointer but its tombstone.
    pub(crate) fn bury(&mut self, id: B256, record: &Record, by: Address) {
        let &Record { subject, custodian, data_class, schema, .. } = record;
        self.set_record(id, &Record { subject, custodian, data_class, schema, state: ERASED, ..Record::default() });
        self.clear_contents(id, record);
        self.set_offer(id, &Offer::default());
        self.write_tombstone(id, &Tombstone { by, at: self.vm().block_timestamp() });
        let custodian = self.account(custodian);
        PointerErased { id, subject, custodian, data_class, schema, by }.log(self);
    }

    /// Leaves a tombstone where no pointer was.
    pub(crate) fn refuse(&mut self, id: B256, pointer: &Pointer, custodian: u32, by: Address) {
        let &Pointer { subject, custodian: account, data_class, schema, .. } = pointer;
        self.set_record(id, &Record { subject, custodian, data_class, schema, state: REFUSED, ..Record::default() });
        self.write_tombstone(id, &Tombstone { by, at: self.vm().block_timestamp() });
        PointerRefused { id, subject, custodian: account, data_class, schema }.log(self);
    }

    /// What is told of a pointer.
    pub(crate) fn told(&self, record: &Record) -> Status {
        let &Record { subject, custodian, data_class, schema, state, .. } = record;
        let custodian = if state == 0 { Address::ZERO } else { self.account(custodian) };
        Status { state, subject, custodian, data_class, schema }
    }
}

/// The id of a pointer: the leaf that `@openzeppelin/merkle-tree` makes of its members.
pub(crate) fn id(pointer: &Pointer) -> B256 {
    merkle::leaf(&words(pointer))
}

/// A pointer's members, each in a word.
pub(crate) fn words(pointer: &Pointer) -> Vec<u8> {
    let &Pointer { subject, custodian, data_class, schema, hash_code, digest, locator_kind, locator_codec, .. } =
        pointer;
    let &Pointer { locator, encryption, key_commitment, previous, .. } = pointer;
    encode!(
        (address, address, uint8, uint32, uint64, bytes32, uint8, uint64, bytes32, uint16, bytes32, bytes32) =>
        subject, custodian, data_class, schema, hash_code, digest, locator_kind, locator_codec, locator, encryption,
        key_commitment, previous
    )
}

/// Refuses a pointer that is never registered, whatever the chain says.
pub(crate) fn well_formed(pointer: &Pointer) -> Result<Codes, Revert> {
    let &Pointer { hash_code, digest, locator_kind, locator_codec, locator, key_commitment, .. } = pointer;
    let codes = codes(hash_code, digest, locator_kind, locator_codec, locator)?;
    ensure!(!key_commitment.is_zero(), RegistryInvalidKeyCommitment {});
    Ok(codes)
}

/// The codes of a digest and a locator, or why there are none.
pub(crate) fn codes(hash_code: u64, digest: B256, kind: u8, codec: u64, locator: B256) -> Result<Codes, Revert> {
    rules::codes(hash_code, digest, kind, codec, locator).map_err(|wrong| match wrong {
        Malformed::Digest => RegistryInvalidDigest { hash_code }.into(),
        Malformed::Locator => RegistryInvalidLocator { kind, codec }.into(),
    })
}
