//! Who has which address.

use std::collections::BTreeMap;

use alloy_primitives::Address;

/// The system of identifiers that are URIs.
pub(crate) const URI: &str = "urn:ietf:rfc:3986";

/// The addresses of FHIR references and identifiers.
///
/// A key is a reference as documents have it (`Practitioner/13`), or an identifier as `system|value`. An account of the
/// chain needs no entry: its identifier is the URI `eip155:CHAIN:ADDRESS` (CAIP-10) of the system `urn:ietf:rfc:3986`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    chain: u64,
    known: BTreeMap<String, Address>,
}

impl Addresses {
    /// No addresses but those of a chain, by its id.
    #[must_use]
    pub fn of_chain(chain: u64) -> Self {
        Self { chain, known: BTreeMap::new() }
    }

    /// Adds an address.
    pub fn insert(&mut self, key: impl Into<String>, address: Address) -> &mut Self {
        self.known.insert(key.into(), address);
        self
    }

    pub(crate) fn of_reference(&self, reference: &str) -> Option<Address> {
        self.known.get(reference).copied()
    }

    pub(crate) fn of_identifier(&self, system: &str, value: &str) -> Option<Address> {
        let account = || value.strip_prefix(&format!("eip155:{}:", self.chain))?.parse().ok();
        let known = self.known.get(&format!("{system}|{value}")).copied();
        known.or_else(|| if system == URI { account() } else { None })
    }

    /// The identifier of an account.
    #[must_use]
    pub fn uri(&self, address: Address) -> String {
        format!("eip155:{}:{}", self.chain, address.to_checksum(None))
    }
}
