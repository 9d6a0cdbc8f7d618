//! Entries of the access log, for people and for programs.

use fhir::{Access, reason};
use serde_json::{Value, json};

use super::log::AccessLog;
use super::names::Names;
use super::words::account;
use crate::config::moment::Moment;

impl AccessLog {
    /// A line for each entry.
    pub fn lines(&self, names: &Names) -> Vec<String> {
        self.entries.iter().map(|entry| line(entry, names)).collect()
    }

    /// For programs: the entries, and what a check of them found.
    pub fn json(&self) -> Value {
        let verdict = self.verify();
        json!({
            "grantor": self.grantor,
            "block": self.block,
            "complete": verdict.is_complete(),
            "count": verdict.end.count,
            "head": verdict.end.head,
            "faults": verdict.faults,
            "entries": self.entries.iter().map(entry).collect::<Vec<_>>(),
        })
    }
}

fn line(entry: &Access, names: &Names) -> String {
    let answer = if entry.is_permitted() { "permitted" } else { "refused" };
    let by = if entry.on_behalf_of.is_zero() { String::new() } else { format!(" on behalf of {}", entry.on_behalf_of) };
    let provision = match entry.provision {
        0 => String::new(),
        number => format!(" (provision {number} for {})", account(entry.grantee)),
    };
    format!(
        "{} {} {}{by}: {} for {}: {answer}, because {}{provision}; request {}, recorded by {}",
        entry.number,
        Moment(entry.time),
        entry.actor,
        names.class_in_words(entry.data_class),
        names.purpose_in_words(entry.purpose),
        reason(entry.reason),
        entry.request,
        entry.recorder,
    )
}

fn entry(entry: &Access) -> Value {
    json!({
        "number": entry.number,
        "time": Moment(entry.time),
        "actor": entry.actor,
        "onBehalfOf": entry.on_behalf_of,
        "class": entry.data_class,
        "purpose": entry.purpose,
        "permitted": entry.is_permitted(),
        "reason": entry.reason,
        "words": reason(entry.reason),
        "provision": (entry.provision != 0).then(|| json!({ "grantee": entry.grantee, "number": entry.provision })),
        "request": entry.request,
        "recorder": entry.recorder,
        "head": entry.head,
    })
}
