//! The contracts that `consilium deploy` knows, a file each.
//!
//! A new one is two lines here, its module and its place in the list.

#[cfg(test)]
mod example;
pub(crate) mod offices;

pub mod access_manager;
pub mod consent;
pub mod data_pointer_registry;
pub mod governor;
pub mod mandate;
pub mod revenue_splitter;
pub mod safe;
pub mod timelock;
pub mod voting_token;

use crate::part::Part;

/// All, in the order they are created: the governor's constructor asks the token for the time, the consent's looks
/// for its authority's code, the registry's asks the consent, and the splitter's looks for the registry's code.
pub const ALL: &[&dyn Part] = &[
    &timelock::Timelock,
    &voting_token::VotingToken,
    &governor::Governor,
    &access_manager::AccessManager,
    &consent::Consent,
    &data_pointer_registry::DataPointerRegistry,
    &revenue_splitter::RevenueSplitter,
    &mandate::Mandate,
    &safe::Safe,
];
