//! Provisions to a FHIR Consent.

use alloy_primitives::{Address, U256};
use serde_json::{Map, Value, json};

use crate::addresses::URI;
use crate::instant::{self, LAST};
use crate::vocabulary::{categories, has};
use crate::{Addresses, Provision, Version, Vocabulary};

const LOINC: &str = "http://loinc.org";
const ROLES: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const ACTIONS: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
const SCOPES: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const ACTS: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// What an export needs to know besides the provisions.
#[derive(Clone, Debug)]
pub struct Header<'a> {
    /// How accounts are named. Only the chain of it counts here.
    pub addresses: &'a Addresses,
    /// The tables of the deployment.
    pub vocabulary: &'a Vocabulary,
    /// When the consent was given, in seconds.
    pub date: Option<u64>,
}

/// Why provisions cannot be said as a FHIR Consent. `index` is the provision's place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// There are no provisions.
    #[error("there are no provisions. Export at least one")]
    Empty,
    /// There are several grantors.
    #[error("provision {index} is of another grantor. A Consent is about one patient: export them one by one")]
    Grantors {
        /// Which.
        index: usize,
    },
    /// A number has no code.
    #[error("provision {index} has {what} {number}, which the tables do not have. Give the deployment's vocabulary")]
    NoCode {
        /// Which.
        index: usize,
        /// A class, or a purpose.
        what: &'static str,
        /// Its number.
        number: u8,
    },
    /// It covers nothing.
    #[error("provision {index} has no class, no purpose or no time. Leave it out")]
    Nothing {
        /// Which.
        index: usize,
    },
    /// FHIR writes years of four digits.
    #[error("provision {index} begins or ends after the year 9999. Export it without that time")]
    TooLate {
        /// Which.
        index: usize,
    },
    /// The deny takes nothing away from what is exported.
    #[error(
        "provision {index} denies what none of the others permits. A Consent has exceptions to a base decision, and the \
         base decision is to deny: export it with the permit that it limits"
    )]
    NoPermit {
        /// Which.
        index: usize,
    },
    /// FHIR would deny more.
    #[error("provision {index} denies a code and not all narrower ones, which FHIR's codes cannot say. Deny them too")]
    Narrower {
        /// Which.
        index: usize,
    },
}

/// Provisions such that none has both groups of data and sensitive categories, unless it has all of them. Together they
/// mean the same. FHIR has one element for either, and two elements of a rule must both be met.
#[must_use]
pub fn separate(provisions: &[Provision], vocabulary: &Vocabulary) -> Vec<Provision> {
    let parts = |provision: &Provision| {
        let all = provision.classes == everything(provision.deny, vocabulary);
        let parts = [provision.classes & !categories(), provision.classes & categories()];
        let parts: Vec<U256> =
            if all || parts.iter().any(U256::is_zero) { vec![provision.classes] } else { parts.into() };
        parts.into_iter().map(|classes| Provision { classes, ..provision.clone() }).collect::<Vec<_>>()
    };
    provisions.iter().flat_map(parts).collect()
}

/// What a rule without a limit to data is for: a permit for all that has a code, a deny for all.
fn everything(deny: bool, vocabulary: &Vocabulary) -> U256 {
    if deny { U256::MAX } else { vocabulary.known_classes() }
}

/// Writes a grantor's provisions as one Consent: the base decision is deny, the permits are exceptions to it, and below
/// each permit is what the denies take away from it. Imported again, it permits what the provisions permit. It is also
/// equal to them where each deny is within every permit that it meets.
///
/// # Errors
/// If there is a provision that a Consent cannot say.
pub fn export(provisions: &[Provision], version: Version, header: &Header<'_>) -> Result<Value, ExportError> {
    let grantor = provisions.first().ok_or(ExportError::Empty)?.grantor;
    for (index, provision) in provisions.iter().enumerate() {
        check(provision, index, grantor, header)?;
    }
    let writer = Writer { version, header };
    let denies = || provisions.iter().enumerate().filter(|(_, provision)| provision.deny);
    let permits: Vec<_> = provisions.iter().filter(|provision| !provision.deny).collect();
    if let ([only], [], Version::R4) = (provisions, permits.as_slice(), version) {
        return writer.lone_deny(only);
    }
    let mut meets = vec![false; provisions.len()];
    let mut rules = Vec::new();
    for permit in permits {
        for permit in separate(std::slice::from_ref(permit), header.vocabulary) {
            let mut exceptions = Vec::new();
            for (index, deny) in denies() {
                let Some(part) = common(deny, &permit) else { continue };
                if let Some(meets) = meets.get_mut(index) {
                    *meets = true;
                }
                exceptions.extend(writer.exceptions(&part, &permit).ok_or(ExportError::Narrower { index })?);
            }
            let mut rule = writer.rule(&permit, None);
            if !exceptions.is_empty() {
                rule.insert("provision".into(), exceptions.into());
            }
            rules.push(Value::Object(rule));
        }
    }
    if let Some((index, _)) = denies().find(|(index, _)| meets.get(*index) == Some(&false)) {
        return Err(ExportError::NoPermit { index });
    }
    Ok(writer.document(grantor, rules))
}

fn check(provision: &Provision, index: usize, grantor: Address, header: &Header<'_>) -> Result<(), ExportError> {
    let vocabulary = header.vocabulary;
    let ends_first = provision.expiry != 0 && provision.expiry <= provision.not_before;
    if provision.grantor != grantor {
        return Err(ExportError::Grantors { index });
    }
    if provision.classes.is_zero() || provision.purposes == 0 || ends_first {
        return Err(ExportError::Nothing { index });
    }
    if provision.expiry > LAST || provision.not_before > LAST {
        return Err(ExportError::TooLate { index });
    }
    let first = |mask: U256| u8::try_from(mask.trailing_zeros()).ok();
    let classes = provision.classes & !vocabulary.known_classes();
    if let (Some(number), false) = (first(classes), provision.deny && provision.classes == U256::MAX) {
        return Err(ExportError::NoCode { index, what: "class", number });
    }
    let purposes = U256::from(provision.purposes & !vocabulary.known_purposes());
    if let (Some(number), false) = (first(purposes), provision.deny && provision.purposes == u64::MAX) {
        return Err(ExportError::NoCode { index, what: "purpose", number });
    }
    Ok(())
}

/// The part of a deny that takes away from a permit.
fn common(deny: &Provision, permit: &Provision) -> Option<Provision> {
    let expiry = match (deny.expiry, permit.expiry) {
        (0, end) | (end, 0) => end,
        (a, b) => a.min(b),
    };
    let part = Provision {
        classes: deny.classes & permit.classes,
        purposes: deny.purposes & permit.purposes,
        not_before: deny.not_before.max(permit.not_before),
        expiry,
        ..deny.clone()
    };
    let empty = part.classes.is_zero() || part.purposes == 0 || (expiry != 0 && expiry <= part.not_before);
    (!empty).then_some(part)
}

struct Writer<'a> {
    version: Version,
    header: &'a Header<'a>,
}

impl Writer<'_> {
    /// A deny below a permit. `None` where its codes would deny more of the permit than it does.
    fn exceptions(&self, part: &Provision, permit: &Provision) -> Option<Vec<Value>> {
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
    fn lone_deny(&self, deny: &Provision) -> Result<Value, ExportError> {
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

    fn document(&self, grantor: Address, rules: Vec<Value>) -> Value {
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
    fn rule(&self, provision: &Provision, above: Option<&Provision>) -> Map<String, Value> {
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
