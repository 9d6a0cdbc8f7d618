//! Schemas: anybody proposes, the DAO activates, deprecates and supersedes.

use alloy::{
    primitives::{B256, keccak256},
    sol_types::SolEvent,
};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;

use crate::world::*;

/// A schema as it is proposed.
fn proposed(version: u32, dataClass: u8) -> Schema {
    Schema {
        state: 1,
        dataClass,
        version,
        sunset: time(0),
        successor: 0,
        url: keccak256("https://schema.example"),
        content: keccak256(version.to_be_bytes()),
    }
}

fn propose(schema: &Schema) -> proposeSchemaCall {
    let &Schema { url, version, content, dataClass, .. } = schema;
    proposeSchemaCall { url, version, content, dataClass }
}

impl World {
    async fn has(&self, number: u32, expected: &Schema) -> Result<()> {
        assert_eq!(self.read(schemaCall { number }).await?, *expected);
        Ok(())
    }

    /// Whether a result can be registered under a schema.
    async fn takes(&self, schema: u32, takes: bool) -> Result<()> {
        let register = registerCall { pointer: Pointer { schema, ..self.result(1_000) } };
        if takes {
            self.asked(self.lab.address(), register).await?.succeeded();
            return Ok(());
        }
        let refusal = RegistrySchemaNotInUse { number: schema, dataClass: LABS };
        self.refuses(&self.lab, register, refusal).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_s_life() -> Result<()> {
    let world = World::start().await?;
    let none = Schema { state: 0, dataClass: 0, version: 0, url: B256::ZERO, content: B256::ZERO, ..proposed(0, 0) };
    world.has(2, &none).await?;
    let (number, proposer) = (2, world.stranger.address());
    let first = proposed(7, LABS);
    let Schema { url, version, content, dataClass, .. } = first.clone();
    let event = SchemaProposed { number, proposer, dataClass, url, version, content }.encode_log_data();
    assert_eq!(world.logs(&world.stranger, propose(&first), &[event]).await?, number);
    assert_eq!(world.read(schemaCountCall {}).await?, 2);
    world.has(number, &first).await?;
    world.takes(number, false).await?;

    let activated = SchemaActivated { number }.encode_log_data();
    world.logs(&world.dao, activateSchemaCall { number }, &[activated]).await?;
    world.has(number, &Schema { state: 2, ..first.clone() }).await?;
    world.takes(number, true).await?;
    let pointer = Pointer { schema: number, ..world.result(1) };
    let id = world.registers(&world.lab, &pointer).await?;

    // It ends to the second. The DAO may move the sunset.
    let end = world.chain.now().await? + 1_000;
    for sunset in [end + 50, end] {
        let event = SchemaDeprecated { number, sunset: time(sunset) }.encode_log_data();
        world.logs(&world.dao, deprecateSchemaCall { number, sunset: time(sunset) }, &[event]).await?;
        world.has(number, &Schema { state: 3, sunset: time(sunset), ..first.clone() }).await?;
    }
    world.chain.advance_to(end - 1).await?;
    world.takes(number, true).await?;
    world.chain.advance_to(end).await?;
    world.takes(number, false).await?;
    // What is registered under it stays readable, and can be asked for.
    assert_eq!(world.status(id).await?, in_state(&pointer, 1));
    assert_eq!(world.read(contentsCall { id }).await?, contents_of(&pointer));
    let onBehalfOf = alloy::primitives::Address::ZERO;
    let request = requestAccessCall { id, purpose: TREAT, onBehalfOf, encryptionKey: KEY };
    world.asked(world.patient.address(), request).await?.succeeded();

    let successor = SCHEMA;
    let event = SchemaSuperseded { number, successor }.encode_log_data();
    world.logs(&world.dao, supersedeSchemaCall { number, successor }, &[event]).await?;
    world.has(number, &Schema { state: 4, sunset: time(end), successor, ..first }).await?;
    world.takes(number, false).await?;
    world.takes(SCHEMA, true).await?;
    assert_eq!(world.status(id).await?, in_state(&pointer, 1));
    Ok(())
}

/// From each state, what the DAO can and cannot do.
#[tokio::test(flavor = "multi_thread")]
async fn schemas_go_one_way() -> Result<()> {
    let world = World::start().await?;
    let dao = &world.dao;
    let activate = |number| activateSchemaCall { number };
    let deprecate = |number| deprecateSchemaCall { number, sunset: time(1 << 40) };
    let supersede = |number, successor| supersedeSchemaCall { number, successor };
    let invalid = |number| RegistryInvalidSchema { number };
    for number in [0, 9, u32::MAX] {
        world.refuses(dao, activate(number), invalid(number)).await?;
        world.refuses(dao, deprecate(number), invalid(number)).await?;
        world.refuses(dao, supersede(number, SCHEMA), invalid(number)).await?;
        world.refuses(dao, supersede(SCHEMA, number), invalid(number)).await?;
    }
    // 2 is proposed, 3 of another class.
    world.does(&world.stranger, propose(&proposed(2, LABS))).await?;
    let other = world.schema(NOTES).await?;
    assert_eq!(other, 3);
    world.refuses(dao, deprecate(2), invalid(2)).await?;
    world.refuses(dao, supersede(2, SCHEMA), invalid(2)).await?;
    for successor in [2, 3, SCHEMA] {
        world.refuses(dao, supersede(SCHEMA, successor), invalid(successor)).await?;
    }
    world.refuses(dao, activate(SCHEMA), invalid(SCHEMA)).await?;
    world.does(dao, activate(2)).await?;
    world.does(dao, deprecate(2)).await?;
    world.refuses(dao, activate(2), invalid(2)).await?;
    // A deprecated schema replaces nothing.
    world.refuses(dao, supersede(SCHEMA, 2), invalid(2)).await?;
    world.does(dao, supersede(2, SCHEMA)).await?;
    world.refuses(dao, activate(2), invalid(2)).await?;
    world.refuses(dao, deprecate(2), invalid(2)).await?;
    world.refuses(dao, supersede(2, SCHEMA), invalid(2)).await
}

/// Proposals that nobody wants cost nobody but their proposer: registering takes the same gas after them.
#[tokio::test(flavor = "multi_thread")]
async fn proposals_harm_nobody() -> Result<()> {
    use alloy::sol_types::SolCall;
    let world = World::start().await?;
    world.registered(1).await?;
    let gas = async |number| {
        let register = registerCall { pointer: world.result(number) };
        Ok::<_, eyre::Report>(world.lab.send(world.at, register.abi_encode()).await?.gas_used)
    };
    let before = gas(2).await?;
    let data: Vec<_> = (0..60).map(|version| propose(&proposed(version, LABS)).abi_encode().into()).collect();
    world.does(&world.stranger, multicallCall { data }).await?;
    assert_eq!(world.read(schemaCountCall {}).await?, 61);
    let after = gas(3).await?;
    // Two hashes differ in how many bytes are zero.
    assert!(after.abs_diff(before) < 100, "{before} before, {after} after");
    Ok(())
}
