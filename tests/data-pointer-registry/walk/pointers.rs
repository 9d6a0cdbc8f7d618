//! What registering, erasing and refusing do, and batches, by the rules of the interface's text.

use alloy::{
    primitives::{Address, B256},
    sol_types::{SolCall, SolError},
};
use consilium_bindings::DataPointerRegistry as D;
use harness::merkle::pair;

use crate::signing::{erase_hash, refuse_hash, register_hash};
use crate::world::id;

use super::model::{Answer, Context, Model, ensure};
use super::state::{ACTIVE, Batch, DEPRECATED, ERASED, Known, REFUSED, REGISTERED, REPLACED, nothing};

/// Whether digest, locator and their codes belong together, by the text.
fn check(hash: u64, digest: B256, kind: u8, codec: u64, locator: B256) -> Result<(), Vec<u8>> {
    let hashes = [0x12, 0x1e, 0x1b, 0xb220];
    ensure(hashes.contains(&hash) && !digest.is_zero(), D::RegistryInvalidDigest { hashCode: hash })?;
    let is_cid = matches!(kind, 1 | 2) && [0x55, 0x70, 0x71].contains(&codec);
    let is_other = matches!(kind, 3 | 4) && codec == 0;
    let fits = (is_cid || is_other) && locator.is_zero() == (kind == 1);
    ensure(fits, D::RegistryInvalidLocator { kind, codec })
}

/// Whether a pointer could ever be registered.
pub(super) fn well_formed(pointer: &D::Pointer) -> Result<(), Vec<u8>> {
    let &D::Pointer { hashCode, digest, locatorKind, locatorCodec, locator, keyCommitment, .. } = pointer;
    check(hashCode, digest, locatorKind, locatorCodec, locator)?;
    ensure(!keyCommitment.is_zero(), D::RegistryInvalidKeyCommitment {})
}

impl Model {
    // ---------------------------------------------------------------------------------------------- registering

    pub(super) fn register(&mut self, context: Context<'_>, pointer: &D::Pointer) -> Answer {
        self.registering(context, pointer)?;
        self.registrable(context, pointer)?;
        let reason = self.right(context, pointer.subject, pointer.custodian, pointer.dataClass)?;
        Ok(D::registerCall::abi_encode_returns(&self.add(pointer, true, 0, reason)))
    }

    pub(super) fn register_signed(&mut self, context: Context<'_>, call: &D::registerSignedCall) -> Answer {
        let pointer = &call.pointer;
        self.registering(context, pointer)?;
        self.registrable(context, pointer)?;
        let key = context.consent.key(pointer.subject);
        self.signature(context, key, &call.signed, |terms, domain| register_hash(pointer, terms, domain))?;
        Ok(D::registerSignedCall::abi_encode_returns(&self.add(pointer, true, 0, 0)))
    }

    pub(super) fn individualize(&mut self, context: Context<'_>, call: &D::individualizeCall) -> Answer {
        let pointer = &call.pointer;
        self.admitted(context, pointer.custodian)?;
        self.registrable(context, pointer)?;
        let id = id(pointer);
        ensure(self.is_proven(pointer, call.batch, &call.proof), D::RegistryInvalidProof { id })?;
        let reason = self.right(context, pointer.subject, pointer.custodian, pointer.dataClass)?;
        Ok(D::individualizeCall::abi_encode_returns(&self.add(pointer, false, call.batch, reason)))
    }

    fn registering(&self, context: Context<'_>, pointer: &D::Pointer) -> Result<(), Vec<u8>> {
        ensure(context.by == pointer.custodian, D::RegistryUnauthorized { account: context.by })?;
        self.admitted(context, context.by)
    }

    pub(super) fn admitted(&self, context: Context<'_>, account: Address) -> Result<(), Vec<u8>> {
        ensure(self.state.is_admitted(account, context.now), D::RegistryNotAdmitted { account })
    }

    fn registrable(&self, context: Context<'_>, pointer: &D::Pointer) -> Result<(), Vec<u8>> {
        well_formed(pointer)?;
        let &D::Pointer { encryption: number, schema, dataClass, previous, .. } = pointer;
        let code = self.state.encryptions.get(&number).copied().unwrap_or_default();
        ensure(!code.is_zero(), D::RegistryUnknownEncryption { number })?;
        let in_use = self.state.schema(schema).is_some_and(|schema| {
            let state = schema.state;
            let lasts = state == ACTIVE || state == DEPRECATED && context.now < schema.sunset.to::<u64>();
            lasts && schema.dataClass == dataClass
        });
        ensure(in_use, D::RegistrySchemaNotInUse { number: schema, dataClass })?;
        let id = id(pointer);
        ensure(self.state.state(id) == 0, D::RegistryPointerExists { id })?;
        let fits = |known: &Known| {
            let is_same = known.pointer.subject == pointer.subject && known.custodian == pointer.custodian;
            is_same && known.pointer.dataClass == pointer.dataClass && known.state == REGISTERED
        };
        let fits = previous.is_zero() || self.state.pointers.get(&previous).is_some_and(fits);
        ensure(fits, D::RegistryInvalidPrevious { previous })
    }

    /// By a provision or as the subject itself; an emergency is not enough.
    pub(super) fn right(
        &self,
        context: Context<'_>,
        subject: Address,
        custodian: Address,
        class: u8,
    ) -> Result<u8, Vec<u8>> {
        let of = (subject, custodian, Address::ZERO, class, self.state.store_purpose);
        let (permitted, reason, grantee, number) = context.consent.ask(of, true);
        let is_right = permitted && matches!(reason, 1 | 2);
        ensure(is_right, D::RegistrationRefused { reason, grantee, number })?;
        Ok(reason)
    }

    fn add(&mut self, pointer: &D::Pointer, stored: bool, batch: u32, reason: u8) -> B256 {
        let id = id(pointer);
        let &D::Pointer { subject, custodian, dataClass, schema, previous, .. } = pointer;
        let known = Known {
            pointer: pointer.clone(),
            state: REGISTERED,
            custodian,
            stored,
            successor: B256::ZERO,
            tombstone: (Address::ZERO, 0),
        };
        self.state.pointers.insert(id, known);
        self.state.lists.entry(subject).or_default().push(id);
        if let Some(before) = self.state.pointers.get_mut(&previous) {
            (before.state, before.successor) = (REPLACED, id);
        }
        self.log(D::PointerRegistered { id, subject, custodian, dataClass, schema, previous, batch, reason });
        id
    }

    // ------------------------------------------------------------------------------------ erasing and refusing

    pub(super) fn erase(&mut self, context: Context<'_>, id: B256) -> Result<(), Vec<u8>> {
        let account = context.by;
        let known = self.state.existing(id).ok_or_else(|| D::RegistryNoSuchPointer { id }.abi_encode())?;
        let may = account == known.custodian || account == context.consent.key(known.pointer.subject);
        ensure(may, D::RegistryUnauthorized { account })?;
        self.bury(context, id, account);
        Ok(())
    }

    pub(super) fn erase_signed(&mut self, context: Context<'_>, call: &D::eraseSignedCall) -> Result<(), Vec<u8>> {
        let id = call.id;
        let known = self.state.existing(id).ok_or_else(|| D::RegistryNoSuchPointer { id }.abi_encode())?;
        let key = context.consent.key(known.pointer.subject);
        self.signature(context, key, &call.signed, |terms, domain| erase_hash(id, terms, domain))?;
        self.bury(context, id, key);
        Ok(())
    }

    fn bury(&mut self, context: Context<'_>, id: B256, by: Address) {
        let Some(known) = self.state.pointers.get_mut(&id) else { return };
        (known.state, known.stored, known.tombstone) = (ERASED, false, (by, context.now));
        let (&D::Pointer { subject, dataClass, schema, .. }, custodian) = (&known.pointer, known.custodian);
        self.state.offers.remove(&id);
        self.log(D::PointerErased { id, subject, custodian, dataClass, schema, by });
    }

    pub(super) fn refuse(&mut self, context: Context<'_>, pointer: &D::Pointer) -> Result<(), Vec<u8>> {
        self.refusable(pointer)?;
        let key = context.consent.key(pointer.subject);
        ensure(context.by == key, D::RegistryUnauthorized { account: context.by })?;
        self.refused(context, pointer, key);
        Ok(())
    }

    pub(super) fn refuse_signed(
        &mut self,
        context: Context<'_>,
        call: &D::refusePointerSignedCall,
    ) -> Result<(), Vec<u8>> {
        let pointer = &call.pointer;
        self.refusable(pointer)?;
        let key = context.consent.key(pointer.subject);
        self.signature(context, key, &call.signed, |terms, domain| refuse_hash(id(pointer), terms, domain))?;
        self.refused(context, pointer, key);
        Ok(())
    }

    fn refusable(&self, pointer: &D::Pointer) -> Result<(), Vec<u8>> {
        well_formed(pointer)?;
        let account = pointer.custodian;
        ensure(self.state.custodian(account).is_some(), D::RegistryNotAdmitted { account })?;
        let id = id(pointer);
        ensure(self.state.state(id) == 0, D::RegistryPointerExists { id })
    }

    fn refused(&mut self, context: Context<'_>, pointer: &D::Pointer, by: Address) {
        let &D::Pointer { subject, custodian, dataClass, schema, .. } = pointer;
        let (tombstone, successor) = ((by, context.now), B256::ZERO);
        let pointer = pointer.clone();
        let id = id(&pointer);
        let known = Known { pointer, state: REFUSED, custodian, stored: false, successor, tombstone };
        self.state.pointers.insert(id, known);
        self.log(D::PointerRefused { id, subject, custodian, dataClass, schema });
    }

    // -------------------------------------------------------------------------------------------------- batches

    pub(super) fn publish_root(&mut self, context: Context<'_>, call: &D::publishRootCall) -> Answer {
        let &D::publishRootCall { batch, root, ref manifest, count } = call;
        let by = context.by;
        self.admitted(context, by)?;
        ensure(!root.is_zero() && count != 0, D::RegistryInvalidRoot {})?;
        let &D::Manifest { hashCode, digest, locatorKind, locatorCodec, locator } = manifest;
        check(hashCode, digest, locatorKind, locatorCodec, locator)?;
        let opened = self.state.custodian(by).map_or(0, |custodian| custodian.batches);
        ensure(batch <= opened, D::RegistryNoSuchBatch { custodian: by, batch })?;
        let number = if batch == 0 { opened + 1 } else { batch };
        let old = self.state.batches.get(&(by, number));
        let (least, version) = old.map_or((0, 0), |old| (old.count, old.version));
        ensure(count >= least, D::RegistryShrunkBatch { batch, count: least })?;
        if let Some(custodian) = self.state.custodian_mut(by) {
            custodian.batches = custodian.batches.max(number);
        }
        let (version, term, manifest) = (version + 1, self.state.term(by), manifest.clone());
        self.state.batches.insert((by, number), Batch { root, count, version, term, manifest });
        self.log(D::RootPublished { custodian: by, batch: number, version, root, count });
        Ok(D::publishRootCall::abi_encode_returns(&number))
    }

    pub(super) fn clear_manifest(&mut self, context: Context<'_>, batch: u32) -> Result<(), Vec<u8>> {
        let custodian = context.by;
        let stored = self.state.batches.get_mut(&(custodian, batch));
        let stored = stored.ok_or_else(|| D::RegistryNoSuchBatch { custodian, batch }.abi_encode())?;
        stored.manifest = no_manifest();
        self.log(D::ManifestCleared { custodian, batch });
        Ok(())
    }

    /// Whether a proof leads from a pointer to the root of a batch of its custodian.
    fn is_proven(&self, pointer: &D::Pointer, batch: u32, proof: &[B256]) -> bool {
        let reached = proof.iter().fold(id(pointer), |node, other| pair(node, *other));
        let batch = self.state.batches.get(&(pointer.custodian, batch));
        batch.is_some_and(|batch| batch.root == reached && batch.term == self.state.term(pointer.custodian))
    }

    /// What is told of a pointer of a batch.
    pub(super) fn status_of(&self, pointer: &D::Pointer, batch: u32, proof: &[B256]) -> D::Status {
        let id = id(pointer);
        if self.state.state(id) != 0 {
            return self.state.status(id);
        }
        let &D::Pointer { subject, custodian, dataClass, schema, .. } = pointer;
        if well_formed(pointer).is_ok() && self.is_proven(pointer, batch, proof) {
            return D::Status { state: REGISTERED, subject, custodian, dataClass, schema };
        }
        nothing()
    }
}

/// What is left of a manifest that was cleared.
pub(super) fn no_manifest() -> D::Manifest {
    D::Manifest { hashCode: 0, digest: B256::ZERO, locatorKind: 0, locatorCodec: 0, locator: B256::ZERO }
}
