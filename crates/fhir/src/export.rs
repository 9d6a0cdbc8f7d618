//! Provisions to a FHIR Consent.

mod writer;

use alloy_primitives::{Address, U256};
use serde_json::Value;

use writer::Writer;

use crate::instant::LAST;
use crate::vocabulary::{categories, has};
use crate::{Addresses, Provision, Row, Version, Vocabulary};

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
        "provision {index} denies what none of the others permits. A Consent has exceptions to a base decision, and \
         the base decision is to deny: export it with the permit that it limits"
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
        check(provision, index, grantor, version, header)?;
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

fn check(
    provision: &Provision,
    index: usize,
    grantor: Address,
    version: Version,
    header: &Header<'_>,
) -> Result<(), ExportError> {
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
    // A class that this version has no code for would be left out, and a rule without any is for everything.
    let nameless = |row: &&Row| row.codes.is_empty() && row.types(version).next().is_none();
    let mut rows = vocabulary.classes.rows.iter().filter(|row| has(provision.classes, row.index));
    if let (Some(row), false) = (rows.find(nameless), provision.classes == everything(provision.deny, vocabulary)) {
        return Err(ExportError::NoCode { index, what: "class", number: row.index });
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
