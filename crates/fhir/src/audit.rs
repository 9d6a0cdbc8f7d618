//! The access log to FHIR AuditEvents.
//!
//! The events follow HL7's example of a decision about consent: a query (DICOM 110112) that an actor asked for, which
//! the chain answered. Accounts are identifiers; nothing about a person is added.

use alloy_primitives::{Address, B256, U256};
use serde_json::{Value, json};

use crate::addresses::URI;
use crate::instant::{self, LAST};
use crate::{Addresses, Version, Vocabulary};

const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const OUTCOMES: &str = "http://terminology.hl7.org/CodeSystem/audit-event-outcome";
const ENTITY_TYPES: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ENTITY_ROLES: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const ROLE_CLASSES: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";
/// The system of what FHIR has no codes for: numbers of the contract.
const OURS: &str = "https://github.com/consilium-dao/consilium/fhir";

/// The first reason that refuses.
const FIRST_REFUSAL: u8 = 16;

/// An entry of the access log: the event AccessRecorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Whose data it was about.
    pub grantor: Address,
    /// The entry's number in the grantor's log.
    pub number: u64,
    /// Who asked.
    pub actor: Address,
    /// Who recorded it.
    pub recorder: Address,
    /// The organisation that the actor acted for; zero for nobody else.
    pub on_behalf_of: Address,
    /// The class of data.
    pub data_class: u8,
    /// The purpose.
    pub purpose: u8,
    /// Why it was permitted (below 16) or refused.
    pub reason: u8,
    /// The grantee of the provision that decided; zero if none did.
    pub grantee: Address,
    /// The number of that provision.
    pub provision: u32,
    /// What the recorder knows the access by.
    pub request: B256,
    /// When, in seconds.
    pub time: u64,
    /// The hash of this entry and all before it.
    pub head: B256,
}

impl Access {
    /// Whether the access was permitted.
    #[must_use]
    pub const fn is_permitted(&self) -> bool {
        self.reason < FIRST_REFUSAL
    }
}

/// Which log entries are from.
#[derive(Clone, Debug)]
pub struct Log<'a> {
    /// The contract that keeps it.
    pub contract: Address,
    /// How accounts are named. Only the chain of it counts here.
    pub addresses: &'a Addresses,
    /// The tables of the deployment.
    pub vocabulary: &'a Vocabulary,
}

/// Entries as a Bundle of AuditEvents.
#[must_use]
pub fn audit_bundle(entries: &[Access], version: Version, log: &Log<'_>) -> Value {
    let entry =
        |access: &Access| json!({ "fullUrl": uuid(access.head), "resource": audit_event(access, version, log) });
    let entries: Vec<Value> = entries.iter().map(entry).collect();
    if entries.is_empty() {
        return json!({ "resourceType": "Bundle", "type": "collection" });
    }
    json!({ "resourceType": "Bundle", "type": "collection", "entry": entries })
}

/// An entry as an AuditEvent.
#[must_use]
pub fn audit_event(access: &Access, version: Version, log: &Log<'_>) -> Value {
    let writer = Writer { version, log };
    let permitted = access.is_permitted();
    let id = format!("{:x}-{}", access.grantor, access.number);
    let recorded = instant::write(access.time.min(LAST));
    let query = json!({ "system": DICOM, "code": "110112", "display": "Query" });
    let (outcome, outcome_words) = if permitted { ("0", "Success") } else { ("4", "Minor failure") };
    let purpose = json!([writer.purpose(access.purpose)]);
    let agents = writer.agents(access, &purpose);
    let source = json!({ "observer": writer.who(access.recorder) });
    let entities = writer.entities(access);
    match version {
        Version::R4 => json!({
            "resourceType": "AuditEvent",
            "id": id,
            "type": query,
            "action": "E",
            "recorded": recorded,
            "outcome": outcome,
            "outcomeDesc": format!("{}: {}", access.reason, reason(access.reason)),
            "purposeOfEvent": purpose,
            "agent": agents,
            "source": source,
            "entity": entities,
        }),
        Version::R5 => json!({
            "resourceType": "AuditEvent",
            "id": id,
            "code": { "coding": [query] },
            "action": "E",
            "recorded": recorded,
            "outcome": {
                "code": { "system": OUTCOMES, "code": outcome, "display": outcome_words },
                "detail": [{
                    "coding": [{ "system": format!("{OURS}/reason"), "code": access.reason.to_string() }],
                    "text": reason(access.reason),
                }],
            },
            "authorization": purpose,
            "patient": writer.who(access.grantor),
            "agent": agents,
            "source": source,
            "entity": entities,
        }),
    }
}

/// Why the contract answered so, in words that follow "because".
#[must_use]
pub const fn reason(reason: u8) -> &'static str {
    match reason {
        1 => "a provision permits it",
        2 => "the actor is the grantor",
        3 => "the actor has declared an emergency",
        16 => "no provision permits it",
        17 => "the provision that would permit it has not begun",
        18 => "the provision that would permit it has ended",
        19 => "the provision that would permit it is older than policy lets it be",
        20 => "the provision that would permit it names other things too, and policy asks for a consent of its own",
        21 => "a provision denies it",
        22 => "the actor is not a member of the organisation",
        23 => "the organisation is not admitted",
        24 => "policy refuses the organisation's jurisdiction",
        _ => "of a reason that this version does not know",
    }
}

/// A URN from a hash: a UUID of version 8, which leaves its content to the maker.
fn uuid(head: B256) -> String {
    let high = U256::from_be_bytes(head.0) >> 128_usize;
    let fixed = high.to::<u128>() & !(0xf << 76 | 0x3 << 62) | 0x8 << 76 | 0x2 << 62;
    let hex = format!("{fixed:032x}");
    let (a, rest) = hex.split_at(8);
    let (b, rest) = rest.split_at(4);
    let (c, rest) = rest.split_at(4);
    let (d, e) = rest.split_at(4);
    format!("urn:uuid:{a}-{b}-{c}-{d}-{e}")
}

struct Writer<'a> {
    version: Version,
    log: &'a Log<'a>,
}

impl Writer<'_> {
    fn who(&self, address: Address) -> Value {
        json!({ "identifier": { "system": URI, "value": self.log.addresses.uri(address) } })
    }

    fn purpose(&self, number: u8) -> Value {
        let table = &self.log.vocabulary.purposes;
        match (table.row(number), &table.system) {
            (Some(row), Some(system)) => {
                json!({ "coding": [{ "system": system, "code": row.code, "display": row.name }] })
            }
            _ => json!({ "coding": [{ "system": format!("{OURS}/purpose"), "code": number.to_string() }] }),
        }
    }

    fn agents(&self, access: &Access, purpose: &Value) -> Vec<Value> {
        let purposes = match self.version {
            Version::R4 => "purposeOfUse",
            Version::R5 => "authorization",
        };
        let mut actor = json!({
            "type": { "coding": [{ "system": DICOM, "code": "110152", "display": "Destination Role ID" }] },
            "who": self.who(access.actor),
            "requestor": true,
            purposes: purpose,
        });
        if let (false, Some(members)) = (access.grantee.is_zero(), actor.as_object_mut()) {
            let contract = self.log.addresses.uri(self.log.contract);
            let policy = format!("{contract}#{}/{}/{}", access.grantor, access.grantee, access.provision);
            let _ = members.insert("policy".into(), json!([policy]));
        }
        let mut agents = vec![actor];
        if !access.on_behalf_of.is_zero() {
            agents.push(json!({
                "type": { "coding": [{ "system": ROLE_CLASSES, "code": "PROV", "display": "healthcare provider" }] },
                "who": self.who(access.on_behalf_of),
                "requestor": false,
            }));
        }
        agents
    }

    fn entities(&self, access: &Access) -> Vec<Value> {
        let patient = json!({
            "what": self.who(access.grantor),
            "role": self.coded(ENTITY_ROLES, "1", "Patient"),
        });
        let mut request = json!({
            "what": { "identifier": { "system": format!("{OURS}/request"), "value": access.request.to_string() } },
            "role": self.coded(ENTITY_ROLES, "24", "Query"),
            "detail": [
                self.detail("data class", self.log.vocabulary.class(access.data_class).map_or_else(
                    || access.data_class.to_string(),
                    |row| row.code.clone(),
                )),
            ],
        });
        let label = self.log.vocabulary.categories.row(access.data_class);
        if let (Some(row), Some(members)) = (label, request.as_object_mut()) {
            let system = &self.log.vocabulary.categories.system;
            let label = json!({ "system": system, "code": row.code, "display": row.name });
            // R4 and R5 call it the same; R5 has concepts where R4 has codings.
            let label = if self.version == Version::R5 { json!({ "coding": [label] }) } else { label };
            let _ = members.insert("securityLabel".into(), json!([label]));
        }
        let chain = json!({
            "what": { "identifier": { "system": URI, "value": self.log.addresses.uri(self.log.contract) } },
            "role": self.coded(ENTITY_ROLES, "13", "Security Resource"),
            "detail": [
                self.detail("number", access.number.to_string()),
                self.detail("head", access.head.to_string()),
            ],
        });
        let mut entities = vec![patient, request, chain];
        if self.version == Version::R4 {
            // R5 has no type of entities any more.
            for (entity, (code, words)) in
                entities.iter_mut().zip([("1", "Person"), ("2", "System Object"), ("2", "System Object")])
            {
                if let Some(members) = entity.as_object_mut() {
                    let _ = members.insert("type".into(), self.coded(ENTITY_TYPES, code, words));
                }
            }
        }
        entities
    }

    /// A coding in R4, a concept in R5.
    fn coded(&self, system: &str, code: &str, display: &str) -> Value {
        let coding = json!({ "system": system, "code": code, "display": display });
        if self.version == Version::R5 { json!({ "coding": [coding] }) } else { coding }
    }

    fn detail(&self, kind: &str, value: String) -> Value {
        match self.version {
            Version::R4 => json!({ "type": kind, "valueString": value }),
            Version::R5 => json!({ "type": { "text": kind }, "valueString": value }),
        }
    }
}
