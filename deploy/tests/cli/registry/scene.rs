//! The harness's registry, and a folder for people's files.

use std::ops::Deref;
use std::process::Output;

use alloy::primitives::{Address, keccak256};
use eyre::Result;
use harness::chain::Account;
pub(crate) use harness::records::TREAT;
use harness::records::{Records, SCHEMA};
use serde_json::{Value, json};

use super::registry;
use crate::consent::scene::{Desk, done};
use crate::{pending, run_by};

/// A chain with a registry, people, and their files.
pub(crate) struct Scene {
    records: Records,
    pub(crate) desk: Desk,
}

impl Deref for Scene {
    type Target = Records;

    fn deref(&self) -> &Records {
        &self.records
    }
}

impl Scene {
    pub(crate) async fn start() -> Result<Self> {
        Ok(Self { records: Records::start().await?, desk: Desk::new() })
    }

    /// Runs `consilium registry` as an account.
    pub(crate) fn runs(&self, by: &Account, words: &[&str]) -> Output {
        run_by(by, registry(words), self.at, &self.chain.url())
    }

    /// The same, which must succeed and print JSON.
    #[track_caller]
    pub(crate) fn does(&self, by: &Account, words: &[&str]) -> Value {
        let output = self.runs(by, &[words, &["--json"]].concat());
        crate::parsed(&done(&output))
    }

    /// The same of what is not done yet, and said so by the exit code.
    #[track_caller]
    pub(crate) fn leaves(&self, by: &Account, words: &[&str]) -> Value {
        let output = self.runs(by, &[words, &["--json"]].concat());
        crate::parsed(&pending(&output))
    }

    /// Writes a pointer to a laboratory result of the patient to a file.
    pub(crate) fn pointer(&self, name: &str, commitment: &str) -> String {
        let value = json!({
            "subject": self.patient.address(),
            "dataClass": "LABORATORY",
            "schema": SCHEMA,
            "cid": format!("f01551220{:x}", keccak256(name)),
            "encryption": 1,
            "keyCommitment": commitment,
        });
        self.desk.file(name, serde_json::to_string_pretty(&value).expect("JSON"))
    }

    /// A result that is registered, with the file of its key; its id.
    #[track_caller]
    pub(crate) fn registered(&self, name: &str) -> (String, String) {
        let key = self.desk.path(&format!("{name}.key"));
        let made = done(&registry(&["key", "--out", &key, "--json"]).output().expect("the command runs"));
        let made: Value = crate::parsed(&made);
        let file = self.pointer(name, made["keyCommitment"].as_str().expect("a commitment"));
        let id = self.does(&self.lab, &["register", &file])["id"].as_str().expect("an id").to_owned();
        (id, key)
    }
}

/// An account of an answer.
#[track_caller]
pub(crate) fn account(value: &Value) -> Address {
    value.as_str().and_then(|text| text.parse().ok()).expect("an account")
}
