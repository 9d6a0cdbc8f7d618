//! What an import answers.

use std::fmt;

use alloy_primitives::{Address, B256, U256};

/// What a grantor permits or denies a grantee, as the contract stores it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provision {
    /// Whose data it is about.
    pub grantor: Address,
    /// Who may or may not see it.
    pub grantee: Address,
    /// The mask of classes and sensitive categories.
    pub classes: U256,
    /// The mask of purposes.
    pub purposes: u64,
    /// It denies. A deny beats every permit.
    pub deny: bool,
    /// The first second at which it holds; 0 for now.
    pub not_before: u64,
    /// The first second at which it no longer holds; 0 for no end.
    pub expiry: u64,
    /// The SHA-256 of the document's bytes: see [`crate::document_sha256`].
    pub document: B256,
}

/// A document that was translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// What goes on chain, all for one grantor.
    pub provisions: Vec<Provision>,
    /// What the person who signs must see, besides the provisions.
    pub shown: Shown,
    /// What to know about the translation.
    pub cautions: Vec<Caution>,
    /// The elements that the provisions and [`Shown`] come from, by their paths.
    pub used: Vec<String>,
    /// The elements that stay in the document only.
    pub kept: Vec<Kept>,
}

/// What the person who signs must see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The patient: a reference, an identifier or a name.
    pub patient: String,
    /// When the consent was given, as the document has it.
    pub date: Option<String>,
    /// Who gave it: the patient, or somebody for the patient.
    pub grantors: Vec<String>,
    /// The policies and regulations that it names.
    pub policies: Vec<String>,
    /// The kinds of consent that it says to be.
    pub categories: Vec<String>,
    /// Who verified it, and when.
    pub verifications: Vec<String>,
}

/// Something to know about a translation that is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caution {
    /// The element, as FHIRPath.
    pub path: String,
    /// What to know.
    pub text: String,
}

/// An element that stays in the document only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The element, as FHIRPath. All below it stays too.
    pub path: String,
    /// Why nothing on chain is needed for it.
    pub why: &'static str,
}

/// An element that cannot be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The element, as FHIRPath.
    pub path: String,
    /// Why.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}. {}.", self.path, self.problem, self.remedy)
    }
}

/// A document that cannot be translated: all reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// One for each element that cannot be translated; at least one.
    pub refusals: Vec<Refusal>,
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "The document cannot be translated.")?;
        self.refusals.iter().try_for_each(|refusal| write!(formatter, "\n{refusal}"))
    }
}

impl std::error::Error for Refused {}
