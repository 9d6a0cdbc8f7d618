//! Records that stay where they are: a laboratory registers a pointer to a result, a specialist asks for its key, the
//! hospital takes it over, the patient has it erased, and the schema of results is replaced by a vote.

use super::care::{self, Care, LABORATORY, TREAT};
use super::clock::now;
use super::dao::{Dao, Member, Officers};
use super::election::Action;
use super::revenue::Revenue;
use super::story::Story;
use crate::project;
use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48, keccak256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol;
use alloy::sol_types::{Eip712Domain, SolCall, SolError, SolStruct, eip712_domain};
use consilium_bindings::DataPointerRegistry as Registry;
use consilium_deploy::registry::{EncryptionKey, Registry as Client};
use eyre::{Context, Result};
use gateway::{Custodian, Deed, Kept, Vault, fetch, serve};
use tokio::net::TcpListener;

/// Places in the list of members: who pays for what others sign, and the two custodians.
const HOSPITAL: usize = 0;
const CLINIC: usize = 1;
const LAB: usize = 2;

/// The schemas in the order in which they are proposed, with the versions of FHIR that they are of.
const OLD: u32 = 1;
const NEW: u32 = 2;
const PROFILE: &str = "http://hl7.org/fhir/StructureDefinition/Observation";

const YEAR: u64 = 365 * 24 * 60 * 60;

/// Codes of the multicodec table, and the kind of a locator that is a CID of the digest itself.
const SHA2_256: u64 = 0x12;
const RAW: u64 = 0x55;
const OWN_CID: u8 = 1;

/// The record: a synthetic bundle of FHIR.
const BUNDLE: &[u8] = include_bytes!("../../../examples/gateway/bundle.json");

/// The consent's reason where nothing permits.
const NO_CONSENT: u8 = 16;

/// A pointer's states.
const REGISTERED: u8 = 1;
const ERASED: u8 = 3;

sol! {
    struct RequestAccess {
        address actor; bytes32 id; uint8 purpose; address onBehalfOf; bytes32 encryptionKey;
        uint256 nonce; uint48 deadline; address relayer;
    }
    struct Erase { bytes32 id; uint256 nonce; uint48 deadline; address relayer; }
}

/// Somebody proposes a schema of results, which means nothing before the DAO activates it.
pub(crate) async fn propose_schema(dao: &Dao, number: u32, story: &mut Story) -> Result<()> {
    let by = &dao.members[CLINIC];
    let (version, content) = (number, keccak256(format!("Observation, as FHIR has it, version {number}")));
    let call = Registry::proposeSchemaCall { url: keccak256(PROFILE), version, content, dataClass: LABORATORY };
    let receipt = send(dao, by, &call).await?;
    let proposed: Registry::SchemaProposed = story.event(&receipt, dao.registry)?;
    story.same("SchemaProposed", (proposed.number, proposed.proposer), (number, by.address()))?;
    story.told(format!("propose version {version} of the schema of results"), by.name, &receipt, "");
    Ok(())
}

/// What the DAO decides before records are kept.
pub(crate) async fn opening(dao: &Dao) -> Result<Vec<Action>> {
    let until = U48::from(now(&dao.node).await? + YEAR);
    let admit = |member: usize| Registry::admitCustodianCall { account: dao.members[member].address(), until };
    Ok(vec![
        Action::call(dao.registry, &admit(LAB)),
        Action::call(dao.registry, &admit(HOSPITAL)),
        Action::call(dao.registry, &Registry::activateSchemaCall { number: OLD }),
    ])
}

/// What the DAO decides when a newer schema has been proposed.
pub(crate) fn upgrade(dao: &Dao) -> [Action; 2] {
    [
        Action::call(dao.registry, &Registry::activateSchemaCall { number: NEW }),
        Action::call(dao.registry, &Registry::supersedeSchemaCall { number: OLD, successor: NEW }),
    ]
}

/// A result under a schema, whose record is nowhere.
fn result(dao: &Dao, care: &Care, text: &str, schema: u32) -> Registry::Pointer {
    Registry::Pointer {
        subject: care.patient.account(),
        custodian: dao.members[LAB].address(),
        dataClass: LABORATORY,
        schema,
        hashCode: SHA2_256,
        digest: keccak256(text),
        locatorKind: OWN_CID,
        locatorCodec: RAW,
        locator: B256::ZERO,
        encryption: 1,
        keyCommitment: keccak256(format!("the key of {text}")),
        previous: B256::ZERO,
    }
}

/// A result is kept, asked for, read, handed over and erased. Its pointer proves what was there.
pub(crate) async fn keep(
    dao: &Dao,
    officers: &Officers,
    care: &mut Care,
    revenue: &mut Revenue,
    story: &mut Story,
) -> Result<()> {
    let registry = Registry::new(dao.registry, &dao.node);
    let store = registry.storePurpose().call().await?;
    let (lab, hospital) = (&dao.members[LAB], &dao.members[HOSPITAL]);
    let mut gateway = Gateway::start(dao).await?;

    let early = registry.register(result(dao, care, "a result", OLD)).from(lab.address()).call().await;
    story.refused("registration without consent", early, Registry::RegistrationRefused::SELECTOR)?;
    story.noted("register a result: refused, the patient was not asked", lab.name, "");
    for custodian in [lab, hospital] {
        let receipt = care.patient.consent(dao, custodian.address(), store, story).await?;
        let step = format!("consent by passkey: the {}, to keep records", custodian.name);
        story.told(step, "patient", &receipt, "the clinic pays the gas");
    }
    let Kept { id, sent, .. } = gateway.custodian.store(care.patient.account(), LABORATORY, OLD, BUNDLE).await?;
    let pointer = gateway.pointer(dao, id).await?;
    story.same("the pointer's id", registry.idOf(pointer.clone()).call().await?, id)?;
    story.line("encrypt and register a result", lab.name, sent.transaction, sent.gas_used, "no data on the chain");

    let key = EncryptionKey::random();
    let request = ask(dao, care, id, &key, story).await?;
    story.same("the gateway's turn", gateway.custodian.turn().await?, vec![Deed::Answered(request)])?;
    story.noted("deliver the key, wrapped for the specialist", lab.name, "the registry has its hash");
    let read = fetch(&gateway.registry, &gateway.url, id, request, &key).await.context("fetch the record")?;
    story.same("the record that the specialist reads", read.as_slice(), BUNDLE)?;
    story.noted("fetch, open and decrypt the result", "specialist", "as the laboratory wrote it");
    let parties = (lab.address(), care.specialist.address());
    revenue.licence(dao, (id, request), parties, story).await?;

    // The patient revokes after it was asked again, and before the gateway answers.
    let late = ask(dao, care, id, &EncryptionKey::random(), story).await?;
    care::revoke(dao, officers, care, story).await?;
    let declined = vec![Deed::Declined(late, NO_CONSENT)];
    story.same("the gateway's next turn", gateway.custodian.turn().await?, declined)?;
    story.noted("decline to deliver the key", lab.name, "no consent in force");

    let receipt = send(dao, lab, &Registry::offerCustodyCall { id, to: hospital.address() }).await?;
    story.told("offer the result to the hospital", lab.name, &receipt, "");
    let receipt = send(dao, hospital, &Registry::acceptCustodyCall { id }).await?;
    let moved: Registry::CustodyTransferred = story.event(&receipt, dao.registry)?;
    story.same("CustodyTransferred", (moved.from, moved.to), (lab.address(), hospital.address()))?;
    story.told("take the result over", hospital.name, &receipt, "the patient permits it");

    erase(dao, care, &pointer, id, story).await?;
    story.same("the gateway's last turn", gateway.custodian.turn().await?, vec![Deed::Destroyed(id)])?;
    story.noted("destroy the key and the ciphertext", lab.name, "");
    Ok(())
}

/// The laboratory's gateway, as `examples/gateway` has it, and where it hands out ciphertexts and wrapped keys.
struct Gateway {
    custodian: Custodian,
    registry: Client,
    url: String,
}

impl Gateway {
    async fn start(dao: &Dao) -> Result<Self> {
        let folder = project::root().join("target/demo/vault");
        // What an earlier demo left there is of another chain.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let lab = dao.members[LAB].sender.clone();
        let registry = Client::open(lab.chain(), dao.registry).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        tokio::spawn(serve(listener, Vault::open(&folder)?));
        let custodian = Custodian::new(registry.clone(), lab, Vault::open(&folder)?).await?;
        Ok(Self { custodian, registry, url })
    }

    /// The pointer that was registered, as whoever keeps it would have it.
    async fn pointer(&self, dao: &Dao, id: B256) -> Result<Registry::Pointer> {
        let registry = Registry::new(dao.registry, &dao.node);
        let (status, found) = (registry.status(id).call().await?, registry.contents(id).call().await?);
        Ok(Registry::Pointer {
            subject: status.subject,
            custodian: status.custodian,
            dataClass: status.dataClass,
            schema: status.schema,
            hashCode: found.hashCode,
            digest: found.digest,
            locatorKind: found.locatorKind,
            locatorCodec: found.locatorCodec,
            locator: found.locator,
            encryption: found.encryption,
            keyCommitment: found.keyCommitment,
            previous: B256::ZERO,
        })
    }
}

/// The specialist signs a request, without ether; the request's id.
async fn ask(dao: &Dao, care: &mut Care, id: B256, key: &EncryptionKey, story: &mut Story) -> Result<B256> {
    let (lab, actor) = (&dao.members[LAB], care.specialist.address());
    let request = Registry::Request { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: key.public() };
    let (nonce, deadline) = terms(dao, actor).await?;
    let typed = RequestAccess {
        actor,
        id,
        purpose: request.purpose,
        onBehalfOf: request.onBehalfOf,
        encryptionKey: request.encryptionKey,
        nonce,
        deadline,
        relayer: Address::ZERO,
    };
    let signature = care.specialist_signs(typed.eip712_signing_hash(&domain(dao)))?;
    let signed = signed(actor.to_vec().into(), (nonce, deadline), signature);
    let call = Registry::requestAccessSignedCall { request, actor, signed };
    let receipt = send(dao, &dao.members[CLINIC], &call).await?;
    care.counted();
    let asked: Registry::AccessRequested = story.event(&receipt, dao.registry)?;
    story.same("AccessRequested", (asked.id, asked.actor, asked.custodian), (id, actor, lab.address()))?;
    story.told("ask for the result's key, by signature", "specialist", &receipt, "permitted and recorded");
    Ok(asked.requestId)
}

/// The patient has the result erased by its passkey. The pointer, which the patient kept, still has the id of the
/// tombstone: so it proves what was there.
async fn erase(dao: &Dao, care: &Care, pointer: &Registry::Pointer, id: B256, story: &mut Story) -> Result<()> {
    let registry = Registry::new(dao.registry, &dao.node);
    let patient = care.patient.account();
    story.same("the digest before", registry.contents(id).call().await?.digest, pointer.digest)?;
    let (nonce, deadline) = terms(dao, patient).await?;
    let typed = Erase { id, nonce, deadline, relayer: Address::ZERO };
    let signature = care.patient.signs(typed.eip712_signing_hash(&domain(dao)))?;
    let signed = signed(care.patient.signer(), (nonce, deadline), signature);
    let receipt = send(dao, &dao.members[CLINIC], &Registry::eraseSignedCall { id, signed }).await?;
    let erased: Registry::PointerErased = story.event(&receipt, dao.registry)?;
    story.same("PointerErased", (erased.id, erased.subject, erased.by), (id, patient, patient))?;
    story.told("erase the result by passkey", "patient", &receipt, "the clinic pays the gas");

    let contents = registry.contents(id).call().await?;
    let zero = B256::ZERO;
    story.same("what is left", [contents.digest, contents.locator, contents.keyCommitment], [zero; 3])?;
    let status = registry.status(id).call().await?;
    story.same("the state", (status.state, status.subject), (ERASED, patient))?;
    let tombstone = registry.tombstone(id).call().await?;
    story.same("the tombstone", tombstone.by, patient)?;
    story.same("what the id stood for", registry.idOf(pointer.clone()).call().await?, id)?;
    story.noted("prove by the tombstone which pointer was erased", "patient", "its id is the pointer's");
    Ok(())
}

/// After the second decision: nothing is registered under the old schema, and under the new one it is.
pub(crate) async fn after(dao: &Dao, care: &Care, story: &mut Story) -> Result<()> {
    let registry = Registry::new(dao.registry, &dao.node);
    let lab = &dao.members[LAB];
    let schema = registry.schema(OLD).call().await?;
    story.same("the old schema's successor", schema.successor, NEW)?;
    let late = registry.register(result(dao, care, "a later result", OLD)).from(lab.address()).call().await;
    story.refused("registration under the old schema", late, Registry::RegistrySchemaNotInUse::SELECTOR)?;
    story.noted("register under the old schema: refused", lab.name, "");
    let pointer = result(dao, care, "a later result", NEW);
    let receipt = send(dao, lab, &Registry::registerCall { pointer }).await?;
    let registered: Registry::PointerRegistered = story.event(&receipt, dao.registry)?;
    story.same("its schema", registered.schema, NEW)?;
    let status = registry.status(registered.id).call().await?;
    story.same("its state", status.state, REGISTERED)?;
    story.told("register under the new schema", lab.name, &receipt, "the vote upgraded it");
    Ok(())
}

async fn send(dao: &Dao, by: &Member, call: &impl SolCall) -> Result<TransactionReceipt> {
    let sent = by.sender.send(dao.registry, call.abi_encode().into(), U256::ZERO);
    sent.await.with_context(|| format!("the {} calls the registry", by.name))
}

/// The next nonce of a signer, and an hour to bring what it signs.
async fn terms(dao: &Dao, signer: Address) -> Result<(U256, U48)> {
    let nonce = Registry::new(dao.registry, &dao.node).nonces_0(signer).call().await?;
    Ok((nonce, U48::from(now(&dao.node).await? + 3_600)))
}

fn signed(signer: Bytes, (nonce, deadline): (U256, U48), signature: Bytes) -> Registry::Signed {
    Registry::Signed { signer, nonce, deadline, relayer: Address::ZERO, signature }
}

/// Where signatures count.
fn domain(dao: &Dao) -> Eip712Domain {
    eip712_domain! {
        name: "Consilium Data Pointer Registry",
        version: "1",
        chain_id: dao.config.chain.id,
        verifying_contract: dao.registry,
    }
}
