//! Many pointers by one Merkle root. A leaf is a pointer's id, so a pointer has the same id in a tree and by itself.
//!
//! A batch belongs to a custodian, and a pointer is proven against a batch of the custodian that it names: nobody
//! publishes pointers in the name of another one.

use alloy_primitives::{Address, B256};
use consilium_abi::{List, Panic, Revert, ensure};
use consilium_components::merkle;
use stylus_sdk::prelude::*;

use crate::DataPointerRegistry;
use crate::abi::*;
use crate::pointers::{codes, id, well_formed};
use crate::rules::{Codes, REGISTERED};
use crate::storage::{Batch, Custodian, Record};

impl DataPointerRegistry {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn batch(&self, custodian: Address, batch: u32) -> (B256, u64, u32, Manifest) {
        let key = (self.stored_custodian(custodian).number, batch);
        let word = self.stored_batch(key);
        let codes = word.codes();
        let (digest, locator) = self.manifest(key);
        let manifest = Manifest {
            hash_code: codes.hash_code(),
            digest,
            locator_kind: codes.kind,
            locator_codec: codes.codec_code(),
            locator,
        };
        (self.root(key), word.count, word.version, manifest)
    }

    pub(crate) fn status_of(&self, pointer: Pointer, batch: u32, proof: List<'_, B256>) -> (B256, Status) {
        let id = id(&pointer);
        let record = self.record(id);
        if record.state != 0 {
            return (id, self.told(&record));
        }
        let &Pointer { subject, data_class, schema, .. } = &pointer;
        let custodian = self.stored_custodian(pointer.custodian);
        let is_one = well_formed(&pointer).is_ok() && self.is_proven(id, &custodian, batch, proof);
        let leaf =
            Record { subject, custodian: custodian.number, data_class, schema, state: REGISTERED, ..Record::default() };
        (id, self.told(&if is_one { leaf } else { Record::default() }))
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn publish_root(
        &mut self,
        batch: u32,
        root: B256,
        manifest: Manifest,
        count: u64,
    ) -> Result<u32, Revert> {
        let account = self.vm().msg_sender();
        let custodian = self.admitted(account)?;
        let Manifest { hash_code, digest, locator_kind, locator_codec, locator } = manifest;
        ensure!(!root.is_zero() && count != 0, RegistryInvalidRoot {});
        let Codes { hash, kind, codec } = codes(hash_code, digest, locator_kind, locator_codec, locator)?;
        let is_new = batch == 0;
        let number = if is_new { custodian.batches.checked_add(1).ok_or(Panic::Arithmetic)? } else { batch };
        ensure!(is_new || batch <= custodian.batches, RegistryNoSuchBatch { custodian: account, batch });
        let key = (custodian.number, number);
        let old = self.stored_batch(key);
        ensure!(count >= old.count, RegistryShrunkBatch { batch, count: old.count });
        let version = old.version.checked_add(1).ok_or(Panic::Arithmetic)?;

        if is_new {
            self.set_custodian(account, &Custodian { batches: number, ..custodian });
        }
        self.write_batch(key, &Batch { count, version, term: custodian.term, hash, kind, codec });
        self.set_root(key, root);
        self.set_manifest(key, digest, locator);

        RootPublished { custodian: account, batch: number, version, root, count }.log(self);
        Ok(number)
    }

    pub(crate) fn clear_manifest(&mut self, batch: u32) -> Result<(), Revert> {
        let custodian = self.vm().msg_sender();
        let Custodian { number, batches, .. } = self.stored_custodian(custodian);
        ensure!(batch != 0 && batch <= batches, RegistryNoSuchBatch { custodian, batch });
        let key = (number, batch);
        let Batch { count, version, term, .. } = self.stored_batch(key);

        self.write_batch(key, &Batch { count, version, term, ..Batch::default() });
        self.set_manifest(key, B256::ZERO, B256::ZERO);

        ManifestCleared { custodian, batch }.log(self);
        Ok(())
    }

    /// What the contract itself decides by is stored, and not the contents: one word.
    pub(crate) fn individualize(
        &mut self,
        pointer: Pointer,
        batch: u32,
        proof: List<'_, B256>,
    ) -> Result<B256, Revert> {
        let custodian = self.admitted(pointer.custodian)?;
        let (id, settings) = (id(&pointer), self.settings());
        self.registrable(id, &pointer, custodian.number)?;
        ensure!(self.is_proven(id, &custodian, batch, proof), RegistryInvalidProof { id });
        let reason = self.right_to_store(pointer.subject, pointer.custodian, pointer.data_class, &settings)?;
        self.add(id, &pointer, Record { custodian: custodian.number, ..Record::default() }, batch, reason);
        Ok(id)
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Whether a proof leads from a leaf to the root of a batch. A batch that was never opened has a root of zero, to
    /// which nothing leads. A root counts in the term in which it was published: whoever published it may be why the
    /// custodian was removed.
    fn is_proven(&self, leaf: B256, custodian: &Custodian, batch: u32, proof: List<'_, B256>) -> bool {
        let key = (custodian.number, batch);
        merkle::verify(proof, self.root(key), leaf) && self.stored_batch(key).term == custodian.term
    }
}
