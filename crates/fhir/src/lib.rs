#![doc = include_str!("../README.md")]

mod addresses;
mod audit;
mod export;
mod import;
mod instant;
mod json;
mod reading;
mod report;
mod vocabulary;

pub use addresses::Addresses;
pub use audit::{Access, Log, audit_bundle, audit_event, reason};
pub use export::{ExportError, Header, export, separate};
pub use import::{Context, document_sha256, import};
pub use report::{Caution, Imported, Kept, Provision, Refusal, Refused, Shown};
pub use vocabulary::{FIRST_CATEGORY, Row, Table, Vocabulary, VocabularyError};

/// A version of FHIR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 4.0.1.
    R4,
    /// 5.0.0.
    R5,
}
