//! The JSON of a Consent.

use alloy_primitives::{Address, U256};
use serde_json::{Map, Value, json};

use super::{ExportError, Header, everything, separate};
use crate::addresses::URI;
use crate::instant::{self, LAST};
use crate::vocabulary::has;
use crate::{Provision, Version};

const LOINC: &str = "http://loinc.org";
const ROLES: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const ACTIONS: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
const SCOPES: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const ACTS: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// Writes a Consent in one version of FHIR.
pub(super) struct Writer<'a> {
    pub(super) version: Version,
    pub(super) header: &'a Header<'a>,
}

impl Writer<'_> {
    /// A deny below a permit. `None` where its codes would deny more of the permit than it does.
    pub(super) fn exceptions(&self, part: &Provision, permit: &Provision) -> Option<Vec<Value>> {
        let vocabulary = self.header.vocabulary;
        let classes = vocabulary.with_narrower_classes(part.classes) & permit.classes;
        let purposes = vocabulary.with_narrower_purposes(part.purposes) & permit.purposes;
        if classes != part.classes || purposes != part.purposes {
            return None;
        }
        let same = part.classes == permit.classes;
        let parts = if same { vec![part.clone()] } else { separate(std::slice::from_ref(part), vocabulary) };
        let rule = |part: &Provision| Value::Object(self.rule(part, Some(permit)));
        Some(parts.iter().map(rule).collect())
    }

    /// R4 alone can say one deny by itself: its root rule has limits.
    pub(super) fn lone_deny(&self, deny: &Provision) -> Result<Value, ExportError> {
        let vocabulary = self.header.vocabulary;
        let closed = vocabulary.with_narrower_classes(deny.classes) == deny.classes
            && vocabulary.with_narrower_purposes(deny.purposes) == deny.purposes;
        if !closed {
            return Err(ExportError::Narrower { index: 0 });
        }
        match separate(std::slice::from_ref(deny), vocabulary).as_slice() {
            [deny] => Ok(self.resource(deny.grantor, Value::Object(self.rule(deny, None)))),
            _ => Err(ExportError::NoPermit { index: 0 }),
        }
    }

    pub(super) fn document(&self, grantor: Address, rules: Vec<Value>) -> Value {
        match self.version {
            Version::R4 => self.resource(grantor, json!({ "type": "deny", "provision": rules })),
            Version::R5 => self.resource(grantor, rules.into()),
        }
    }

    fn resource(&self, grantor: Address, provision: Value) -> Value {
        let category = json!([{ "coding": [{ "system": LOINC, "code": "59284-0", "display": "Patient Consent" }] }]);
        let date = self.header.date.map(|date| instant::write(date.min(LAST)));
        let mut resource = match self.version {
            Version::R4 => json!({
                "resourceType": "Consent",
                "status": "active",
                "scope": { "coding": [{ "system": SCOPES, "code": "patient-privacy" }] },
                "category": category,
                "patient": self.reference(grantor),
                "dateTime": date,
                "policyRule": { "coding": [{ "system": ACTS, "code": "OPTOUT" }] },
                "provision": provision,
            }),
            Version::R5 => json!({
                "resourceType": "Consent",
                "status": "active",
                "category": category,
                "subject": self.reference(grantor),
                "date": date.as_ref().and_then(|date| date.split('T').next()),
                "decision": "deny",
                "provision": provision,
            }),
        };
        if let Some(members) = resource.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        resource
    }

    fn reference(&self, address: Address) -> Value {
        json!({ "identifier": { "system": URI, "value": self.header.addresses.uri(address) } })
    }

    /// A rule. What it shares with the permit above it is left out.
    pub(super) fn rule(&self, provision: &Provision, above: Option<&Provision>) -> Map<String, Value> {
        let vocabulary = self.header.vocabulary;
        let mut rule = Map::new();
        let mut put = |name: &str, value: Value| {
            let _ = rule.insert(name.to_owned(), value);
        };
        if self.version == Version::R4 {
            put("type", if provision.deny { "deny" } else { "permit" }.into());
        }
        let mut period = Map::new();
        if provision.not_before != 0 {
            let _ = period.insert("start".into(), instant::write(provision.not_before).into());
        }
        if provision.expiry != 0 {
            // FHIR's end is inclusive.
            let _ = period.insert("end".into(), instant::write(provision.expiry - 1).into());
        }
        if !period.is_empty() {
            put("period", period.into());
        }
        let role = json!({ "coding": [{ "system": ROLES, "code": "IRCP", "display": "information recipient" }] });
        put("actor", json!([{ "role": role, "reference": self.reference(provision.grantee) }]));
        put("action", json!([{ "coding": [{ "system": ACTIONS, "code": "access" }] }]));
        let purposes = if provision.deny { u64::MAX } else { vocabulary.known_purposes() };
        if provision.purposes != above.map_or(purposes, |above| above.purposes) {
            let rows = vocabulary.purposes.rows.iter();
            let rows = rows.filter(|row| has(U256::from(provision.purposes), row.index));
            let system = vocabulary.purposes.system.as_deref();
            put("purpose", rows.map(|row| json!({ "system": system, "code": row.code })).collect());
        }
        let classes = everything(provision.deny, vocabulary);
        if provision.classes != above.map_or(classes, |above| above.classes) {
            self.data(provision.classes).into_iter().for_each(|(name, value)| put(name, value));
        }
        rule
    }

    /// Codes of classes: of groups, or of categories.
    fn data(&self, classes: U256) -> Vec<(&'static str, Value)> {
        let vocabulary = self.header.vocabulary;
        let (mut types, mut kinds) = (Vec::new(), Vec::new());
        for row in vocabulary.classes.rows.iter().filter(|row| has(classes, row.index)) {
            let system = match self.version {
                Version::R4 => vocabulary.classes.systems.first(),
                Version::R5 => vocabulary.classes.systems.last(),
            };
            match row.codes.first().and_then(|code| code.rsplit_once('|')) {
                Some((system, code)) => kinds.push(json!({ "system": system, "code": code })),
                None => types.extend(row.types(self.version).map(|code| json!({ "system": system, "code": code }))),
            }
        }
        let rows = vocabulary.categories.rows.iter().filter(|row| has(classes, row.index));
        let system = vocabulary.categories.system.as_deref();
        let labels: Vec<Value> = rows.map(|row| json!({ "system": system, "code": row.code })).collect();
        let mut data = vec![("securityLabel", labels)];
        match self.version {
            Version::R4 => data.push(("class", types.into_iter().chain(kinds).collect())),
            // A rule with both elements would mean data that is both. FHIR's binding of types is extensible.
            Version::R5 if types.is_empty() => data.push(("documentType", kinds)),
            Version::R5 => data.push(("resourceType", types.into_iter().chain(kinds).collect())),
        }
        data.retain(|(_, codes)| !codes.is_empty());
        data.into_iter().map(|(name, codes)| (name, codes.into())).collect()
    }
}
