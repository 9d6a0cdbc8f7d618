//! Checks entries of a grantor's access log against the end that the contract stores: a pure function.
//!
//! Each entry's hash is made of the hash before it and the entry itself, so the last one commits to all. The check
//! walks from the first entry: each must follow from the one before it, and the last must be the contract's.

use std::fmt;

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolValue;
use eyre::{Result, ensure};
use fhir::Access;
use serde::Serialize;

/// The end of a log, as the contract stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct End {
    /// The number of entries.
    pub count: u64,
    /// The hash of the last one and all before it; zero if there is none.
    pub head: B256,
}

/// What is wrong with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "fault")]
pub enum Fault {
    /// Entries that the contract counts were not given.
    Missing {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// The entry is not what was recorded, or does not follow from the one before it, which then is not.
    Forged {
        /// Its number.
        number: u64,
    },
    /// The entry has a number that the contract has not counted to.
    TooMany {
        /// Its number.
        number: u64,
    },
    /// The entry was given more than once.
    Repeated {
        /// Its number.
        number: u64,
    },
    /// The entry was given after a later one.
    Misplaced {
        /// Its number.
        number: u64,
    },
    /// The entry is of another grantor's log.
    Foreign {
        /// Its number.
        number: u64,
    },
    /// All entries follow from each other, and the last has another hash than the contract: one of them is forged at
    /// least, and the hashes of all after it were made to fit.
    OtherEnd,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The end that the contract stores.
    pub end: End,
    /// The first of the entries up to the end that are proven to be what was recorded, if any is. What comes before
    /// them may be forged where there is a fault.
    pub proven_from: Option<u64>,
    /// All faults, in the order of the entries.
    pub faults: Vec<Fault>,
}

/// The hash of an entry, after the hash before it.
fn head(before: B256, entry: &Access) -> B256 {
    let number = U256::from;
    keccak256(
        (
            before,
            entry.grantor,
            number(entry.number),
            entry.actor,
            entry.recorder,
            entry.on_behalf_of,
            U256::from(entry.data_class),
            U256::from(entry.purpose),
            U256::from(entry.reason),
            entry.grantee,
            U256::from(entry.provision),
            entry.request,
            number(entry.time),
        )
            .abi_encode(),
    )
}

/// Checks a grantor's entries, in the order in which they were given, against the end of the log.
pub fn verify_log(grantor: Address, entries: &[Access], end: End) -> Verdict {
    let (chain, mut faults) = sorted(grantor, entries, end);
    let (mut before, mut next) = (Some(B256::ZERO), 1);
    // The hashes that follow one from the other, from the last fault to the end.
    let mut unbroken = None;
    for entry in chain {
        if entry.number > next {
            faults.push(Fault::Missing { first: next, last: entry.number - 1 });
            (before, unbroken) = (None, None);
        }
        match before {
            Some(before) if head(before, entry) != entry.head => {
                faults.push(Fault::Forged { number: entry.number });
                unbroken = None;
            }
            Some(_) => unbroken = unbroken.or(Some(entry.number)),
            // What it follows from is not there, so only its successor tells whether its hash is right.
            None => unbroken = None,
        }
        (before, next) = (Some(entry.head), entry.number.saturating_add(1));
    }
    if next <= end.count {
        faults.push(Fault::Missing { first: next, last: end.count });
        unbroken = None;
    } else if before.is_some_and(|last| last != end.head) {
        faults.push(Fault::OtherEnd);
        unbroken = None;
    }
    faults.sort_by_key(Fault::place);
    Verdict { end, proven_from: unbroken, faults }
}

/// The entries of the log in their order, each once, and what was wrong with the order.
fn sorted(grantor: Address, entries: &[Access], end: End) -> (Vec<&Access>, Vec<Fault>) {
    let (mut chain, mut faults, mut highest) = (Vec::<&Access>::new(), Vec::new(), 0);
    for entry in entries {
        let number = entry.number;
        if entry.grantor != grantor {
            faults.push(Fault::Foreign { number });
        } else if number == 0 || number > end.count {
            faults.push(Fault::TooMany { number });
        } else {
            if number < highest {
                faults.push(Fault::Misplaced { number });
            }
            highest = highest.max(number);
            chain.push(entry);
        }
    }
    chain.sort_by_key(|entry| entry.number);
    chain.dedup_by(|later, earlier| {
        let is_same = later.number == earlier.number;
        if is_same {
            faults.push(Fault::Repeated { number: later.number });
        }
        is_same
    });
    (chain, faults)
}

impl Fault {
    /// The number of the entry that it is about, or the first of them.
    const fn place(&self) -> u64 {
        match self {
            Self::Missing { first, .. } => *first,
            Self::Forged { number }
            | Self::TooMany { number }
            | Self::Repeated { number }
            | Self::Misplaced { number }
            | Self::Foreign { number } => *number,
            Self::OtherEnd => u64::MAX,
        }
    }
}

impl Verdict {
    /// Whether the entries are the whole log, each as it was recorded.
    pub const fn is_complete(&self) -> bool {
        self.faults.is_empty()
    }

    /// Refuses a log with a fault.
    ///
    /// # Errors
    /// With each fault.
    pub fn ensure(&self) -> Result<()> {
        let faults: Vec<_> = self.faults.iter().map(ToString::to_string).collect();
        ensure!(
            self.is_complete(),
            "the log is not what was recorded: {}. The node has lost events or lies: ask another node",
            faults.join(", ")
        );
        Ok(())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { first, last } if first == last => write!(f, "entry {first} is missing"),
            Self::Missing { first, last } => write!(f, "entries {first} to {last} are missing"),
            Self::Forged { number: 1 } => f.write_str("entry 1 is forged"),
            Self::Forged { number } => {
                write!(f, "entry {number} does not follow from entry {}: it is forged, or one before it is", number - 1)
            }
            Self::TooMany { number } => write!(f, "entry {number} is not one that the contract has counted"),
            Self::Repeated { number } => write!(f, "entry {number} is there more than once"),
            Self::Misplaced { number } => write!(f, "entry {number} comes after a later one"),
            Self::Foreign { number } => write!(f, "an entry {number} is of another grantor's log"),
            Self::OtherEnd => f.write_str("the last entry's hash is not the contract's: an entry is forged"),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let End { count, head } = self.end;
        if self.is_complete() {
            let entries = if count == 1 { "entry" } else { "entries" };
            return write!(
                f,
                "complete: {count} {entries}, each as it was recorded, up to the hash {head}. That this is the last hash \
                 is what this node says: compare it with another's"
            );
        }
        write!(f, "NOT complete: the contract has counted {count} entries, up to the hash {head}")?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n{fault}"))?;
        match self.proven_from {
            Some(first) => write!(f, "\nproven are the entries {first} to {count}"),
            None => f.write_str("\nno entry is proven"),
        }
    }
}

#[cfg(test)]
mod tests;
