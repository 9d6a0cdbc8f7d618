//! The part of a Consent that is about the document.

use super::Context;
use super::coded::{concept_in_words, reference_in_words};
use super::filters::{Period, all_of, period};
use crate::Version;
use crate::reading::Element;
use crate::report::Shown;

/// What the document says of itself.
pub(super) struct Header {
    pub(super) shown: Shown,
    /// R5: the time of all rules that state none.
    pub(super) period: Period,
}

const SCOPES: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const CATEGORIES: &str = "http://terminology.hl7.org/CodeSystem/consentcategorycodes";
/// Kinds of consent that are about treatment, and not about who may see data.
const OF_TREATMENT: [&str; 4] = ["acd", "dnr", "hcd", "polst"];

const WORKFLOW: &str = "who administers the document";
const SOURCE: &str = "where the document comes from";

/// Reads it.
pub(super) fn read(root: &Element<'_>, version: Version, context: &Context<'_>) -> Header {
    root.common();
    root.text("resourceType");
    root.keep_members(&[
        ("meta", "about the resource"),
        ("language", "about the narrative"),
        ("text", "the narrative"),
        ("contained", "resources that other elements refer to"),
        ("identifier", "the document's identifiers"),
        ("sourceAttachment", SOURCE),
        ("sourceReference", SOURCE),
    ]);
    if let Some(rules) = root.member("implicitRules") {
        rules.refuse("rules outside of the document change its meaning", "State them in the document");
    }
    status(root);
    verification(root);
    let mut shown = Shown { verifications: verifications(root, version), ..Shown::default() };
    let (patient, date, grantor) = match version {
        Version::R4 => ("patient", "dateTime", "performer"),
        Version::R5 => ("subject", "date", "grantor"),
    };
    shown.patient = whose(root, patient, context);
    shown.date = root.text(date).map(str::to_owned);
    shown.grantors = root.objects(grantor).iter().map(reference_in_words).collect();
    shown.categories = categories(root);
    shown.policies = match version {
        Version::R4 => policies_r4(root),
        Version::R5 => policies_r5(root),
    };
    let mut effective = Period::default();
    match version {
        Version::R4 => {
            scope(root);
            root.keep_members(&[("organization", WORKFLOW)]);
        }
        Version::R5 => {
            root.keep_members(&[
                ("manager", WORKFLOW),
                ("controller", WORKFLOW),
                ("grantee", "for search only, by FHIR's rule: the actors of the rules count"),
            ]);
            effective = period(root, "period", context);
        }
    }
    Header { shown, period: effective }
}

fn status(root: &Element<'_>) {
    match root.text("status") {
        Some("active") => {}
        Some(status) => {
            if let Some(element) = root.member("status") {
                element.refuse(format!("a consent that is {status}"), "Only an active consent goes on chain");
            }
        }
        None if root.has("status") => {}
        None => root.lacks("status", "it is missing", "Say whether the consent is active"),
    }
}

fn verification(root: &Element<'_>) {
    for verification in root.objects("verification") {
        verification.common();
        match verification.boolean("verified") {
            Some(true) => {}
            Some(false) => {
                if let Some(element) = verification.member("verified") {
                    element.refuse("it was not verified with the patient", "Verify it, or remove the verification");
                }
            }
            None if verification.has("verified") => {}
            None => verification.lacks("verified", "it is missing", "Say whether it was verified"),
        }
    }
}

fn verifications(root: &Element<'_>, version: Version) -> Vec<String> {
    let of = |verification: &Element<'_>| {
        let mut words = Vec::new();
        for by in ["verifiedBy", "verifiedWith"] {
            words.extend(verification.object(by).map(|element| reference_in_words(&element)));
        }
        if let Some(kind) = verification.object("verificationType") {
            words.push(concept_in_words(&kind));
        }
        // One date in R4, a list of them in R5.
        match (version, verification.member("verificationDate")) {
            (Version::R5, Some(dates)) if dates.is_list() => dates.used(),
            _ => words.extend(verification.text("verificationDate").map(str::to_owned)),
        }
        words.join(", ")
    };
    root.objects("verification").iter().map(of).collect()
}

/// The patient, who has to be the grantor where an address is known.
fn whose(root: &Element<'_>, name: &str, context: &Context<'_>) -> String {
    let Some(patient) = root.object(name) else {
        if !root.has(name) {
            root.lacks(name, "it is missing", "Say whose data the consent is about");
        }
        return String::new();
    };
    let reference = patient.text("reference").and_then(|reference| context.addresses.of_reference(reference));
    let identifier = patient.object("identifier").and_then(|identifier| {
        let system = identifier.text("system").unwrap_or("");
        context.addresses.of_identifier(system, identifier.text("value")?)
    });
    let words = reference_in_words(&patient);
    for address in reference.into_iter().chain(identifier) {
        if address != context.grantor {
            patient.refuse(
                format!("{words} has the address {address}, and the grantor is {}", context.grantor),
                "Import it for the patient's own account",
            );
        }
    }
    if words.is_empty() {
        patient.refuse("a reference without content", "Say whose data the consent is about");
    }
    words
}

fn categories(root: &Element<'_>) -> Vec<String> {
    let words = |category: &Element<'_>| {
        for coding in category.objects("coding") {
            let code = coding.text("code").filter(|code| OF_TREATMENT.contains(code));
            if let (Some(CATEGORIES), Some(code)) = (coding.text("system"), code) {
                coding
                    .refuse(format!("a consent of the kind {code} is not about seeing data"), "Keep it off the chain");
                return String::new();
            }
        }
        concept_in_words(category)
    };
    root.objects("category").iter().map(words).collect()
}

fn scope(root: &Element<'_>) {
    let Some(scope) = root.object("scope") else {
        if !root.has("scope") {
            root.lacks("scope", "it is missing", "Say that it is a privacy consent: patient-privacy");
        }
        return;
    };
    let codes = super::coded::concept(&scope);
    if codes.is_empty() {
        return;
    }
    if !all_of(&codes, SCOPES, &["patient-privacy"]) {
        scope.refuse("a consent that is not about privacy", "Only who may see data goes on chain");
    }
}

fn policies_r4(root: &Element<'_>) -> Vec<String> {
    let mut policies: Vec<String> = Vec::new();
    for policy in root.objects("policy") {
        policy.common();
        let words = [policy.text("authority"), policy.text("uri")];
        policies.push(words.into_iter().flatten().collect::<Vec<_>>().join(" "));
    }
    if let Some(rule) = root.object("policyRule") {
        let words = concept_in_words(&rule);
        if words.ends_with("|OPTIN") {
            rule.caution(
                "the policy may let people see data whom no rule names; on chain nothing is permitted without a permit",
            );
        }
        policies.push(words);
    }
    policies
}

fn policies_r5(root: &Element<'_>) -> Vec<String> {
    let mut policies: Vec<String> = root.objects("regulatoryBasis").iter().map(concept_in_words).collect();
    if let Some(basis) = root.object("policyBasis") {
        basis.common();
        policies.extend(basis.object("reference").map(|reference| reference_in_words(&reference)));
        // The specification's page calls it `uri`, its 5.0.0 definition `url`.
        policies.extend(basis.text("url").map(str::to_owned));
        policies.extend(basis.text("uri").map(str::to_owned));
    }
    policies.extend(root.objects("policyText").iter().map(reference_in_words));
    policies
}
