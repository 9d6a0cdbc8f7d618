//! Codings, concepts and references.

use alloy_primitives::Address;

use crate::Addresses;
use crate::reading::Element;

/// A code, its system, and where it is.
pub(super) struct Code<'a> {
    pub(super) system: &'a str,
    pub(super) code: &'a str,
    pub(super) at: Element<'a>,
}

impl Code<'_> {
    /// Refuses it.
    pub(super) fn unknown(&self, what: &str) {
        self.at.refuse(
            format!("{}|{} is no {what} of the tables", self.system, self.code),
            format!("Use a code of the tables, or a vocabulary that has this {what}"),
        );
    }
}

/// A Coding.
pub(super) fn coding<'a>(at: Element<'a>) -> Option<Code<'a>> {
    at.common();
    at.keep_members(&[
        ("version", "the version of a code system, whose codes keep their meaning"),
        ("display", "words for a code"),
        ("userSelected", "how a code was chosen"),
    ]);
    let (system, code) = (at.text("system"), at.text("code"));
    let (Some(system), Some(code)) = (system, code) else {
        if !at.has("system") || !at.has("code") {
            at.refuse("a coding without a system and a code", "Say it with a code");
        }
        return None;
    };
    Some(Code { system, code, at })
}

/// The codes of a CodeableConcept, which all mean the same by FHIR's rule.
pub(super) fn concept<'a>(at: &Element<'a>) -> Vec<Code<'a>> {
    at.common();
    if !at.has("coding") {
        at.refuse("words without a code", "Say it with a code");
        return Vec::new();
    }
    at.keep_members(&[("text", "words for a code")]);
    at.objects("coding").into_iter().filter_map(coding).collect()
}

/// The address of a Reference.
pub(super) fn address(at: &Element<'_>, addresses: &Addresses) -> Option<Address> {
    at.common();
    at.keep_members(&[("display", "words for a reference"), ("type", "what a reference is to")]);
    let by_reference = at.text("reference");
    let by_identifier = at.object("identifier").and_then(|identifier| {
        identifier.common();
        identifier.keep_members(&[
            ("use", "about an identifier"),
            ("type", "about an identifier"),
            ("period", "about an identifier"),
            ("assigner", "about an identifier"),
        ]);
        Some((identifier.text("system").unwrap_or(""), identifier.text("value")?))
    });
    let found = by_reference.and_then(|reference| addresses.of_reference(reference));
    let also = by_identifier.and_then(|(system, value)| addresses.of_identifier(system, value));
    match (found, also) {
        (Some(a), Some(b)) if a != b => {
            at.refuse("its reference and its identifier have different addresses", "Correct the addresses given");
            None
        }
        (Some(address), _) | (None, Some(address)) => Some(address),
        (None, None) => {
            let name = by_reference.map(str::to_owned);
            let name = name.or_else(|| by_identifier.map(|(system, value)| format!("{system}|{value}")));
            at.refuse(
                match &name {
                    Some(name) => format!("nobody said which address {name} has"),
                    None => "a reference without a reference and an identifier".to_owned(),
                },
                match name {
                    Some(name) => format!("Give the address of {name}"),
                    None => "Name somebody by a reference or an identifier".to_owned(),
                },
            );
            None
        }
    }
}

/// A Reference in words. All of it counts as shown.
pub(super) fn reference_in_words(at: &Element<'_>) -> String {
    let reference = at.text("reference").map(str::to_owned);
    let identifier = at.object("identifier").and_then(|identifier| {
        Some(format!("{}|{}", identifier.text("system").unwrap_or(""), identifier.text("value")?))
    });
    let display = at.text("display").map(str::to_owned);
    at.used();
    reference.or(identifier).or(display).unwrap_or_default()
}

/// A CodeableConcept in words. All of it counts as shown.
pub(super) fn concept_in_words(at: &Element<'_>) -> String {
    let codings = at.objects("coding");
    let codes = codings.iter().map(|coding| {
        let (system, code) = (coding.text("system").unwrap_or(""), coding.text("code").unwrap_or(""));
        format!("{system}|{code}")
    });
    let codes = codes.collect::<Vec<_>>().join(", ");
    let text = at.text("text");
    at.used();
    if codes.is_empty() { text.unwrap_or_default().to_owned() } else { codes }
}
