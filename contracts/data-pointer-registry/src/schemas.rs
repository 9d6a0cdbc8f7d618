//! Schemas of records: anybody proposes one, and the DAO decides. Nothing goes through all of them.

use alloy_primitives::B256;
use consilium_abi::{Panic, Revert, ensure};
use stylus_sdk::prelude::*;

use crate::DataPointerRegistry;
use crate::abi::*;
use crate::rules::{self, ACTIVE, DEPRECATED, PROPOSED, SUPERSEDED};
use crate::storage::{SchemaWord, Settings};

impl DataPointerRegistry {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn schema(&self, number: u32) -> Schema {
        let SchemaWord { state, data_class, version, sunset, successor } = self.stored_schema(number);
        let (url, content) = self.schema_hashes(number);
        Schema { state, data_class, version, sunset, successor, url, content }
    }

    pub(crate) fn schema_count(&self) -> u32 {
        self.settings().schemas
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn propose_schema(
        &mut self,
        url: B256,
        version: u32,
        content: B256,
        data_class: u8,
    ) -> Result<u32, Revert> {
        let settings = self.settings();
        let number = settings.schemas.checked_add(1).ok_or(Panic::Arithmetic)?;

        self.set_settings(&Settings { schemas: number, ..settings });
        self.write_schema(number, &SchemaWord { state: PROPOSED, data_class, version, ..SchemaWord::default() });
        self.set_schema_hashes(number, url, content);

        let proposer = self.vm().msg_sender();
        SchemaProposed { number, proposer, data_class, url, version, content }.log(self);
        Ok(number)
    }

    pub(crate) fn activate_schema(&mut self, number: u32) -> Result<(), Revert> {
        let schema = self.stored_schema(number);
        ensure!(schema.state == PROPOSED, RegistryInvalidSchema { number });
        self.write_schema(number, &SchemaWord { state: ACTIVE, ..schema });
        SchemaActivated { number }.log(self);
        Ok(())
    }

    pub(crate) fn deprecate_schema(&mut self, number: u32, sunset: u64) -> Result<(), Revert> {
        let schema = self.stored_schema(number);
        ensure!(rules::is_governed(schema.state), RegistryInvalidSchema { number });
        self.write_schema(number, &SchemaWord { state: DEPRECATED, sunset, ..schema });
        SchemaDeprecated { number, sunset }.log(self);
        Ok(())
    }

    pub(crate) fn supersede_schema(&mut self, number: u32, successor: u32) -> Result<(), Revert> {
        let (old, new) = (self.stored_schema(number), self.stored_schema(successor));
        ensure!(rules::is_governed(old.state), RegistryInvalidSchema { number });
        let fits = successor != number && new.state == ACTIVE && new.data_class == old.data_class;
        ensure!(fits, RegistryInvalidSchema { number: successor });
        self.write_schema(number, &SchemaWord { state: SUPERSEDED, successor, ..old });
        SchemaSuperseded { number, successor }.log(self);
        Ok(())
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Refuses a schema under which nothing of a class is registered now.
    pub(crate) fn schema_in_use(&self, number: u32, data_class: u8) -> Result<(), Revert> {
        let schema = self.stored_schema(number);
        let is_in_use = rules::is_in_use(&schema, self.vm().block_timestamp()) && schema.data_class == data_class;
        ensure!(is_in_use, RegistrySchemaNotInUse { number, data_class });
        Ok(())
    }
}
