//! The DAO's policy, and the tables that say what numbers mean.

use alloy_primitives::{B256, FixedBytes};
use consilium_abi::{Revert, ensure};
use consilium_components::access_managed::ACCESS_MANAGED_INTERFACE_ID;
use consilium_components::eip712::EIP712_INTERFACE_ID;

use crate::Consent;
use crate::abi::*;
use crate::rules::{self, PURPOSES};
use crate::storage::{Counters, Glass, Rules};

/// The numbers of the tables: data classes, purposes, jurisdictions, reasons of emergencies, roles.
const TABLES: [u16; 5] = [256, 64, 32, 256, 32];
/// The table of jurisdictions.
pub(crate) const JURISDICTIONS: u8 = 2;
/// The table of roles.
pub(crate) const ROLES: u8 = 4;

/// `supportsInterface(bytes4)`.
const ERC165: [u8; 4] = [0x01, 0xff, 0xc9, 0xa7];
/// What others ask, as docs/erc-consent.md has it: `isPermitted`, `permittedClasses` and `arePermitted`.
const QUESTION: [u8; 4] = [0x4c, 0xd6, 0x40, 0x10];

impl Consent {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn policy(&self) -> (u32, Policy, [u16; 64]) {
        let (rules, glass, counters) = (self.rules(0), self.glass(), self.counters());
        let policy = Policy {
            separate_purposes: rules.separate_purposes,
            separate_classes: rules.separate_classes,
            emergency_purposes: rules.emergency_purposes,
            refused_jurisdictions: rules.refused_jurisdictions,
            closed_classes: self.closed_classes(),
            open_for: glass.open_for,
            review_within: glass.review_within,
            window: glass.window,
            limit: glass.limit,
            recovery_delay: counters.recovery_delay,
            hook: glass.hook,
        };
        let mut longest = [0; 64];
        for (days, purpose) in longest.iter_mut().zip(0..PURPOSES) {
            *days = self.rules(purpose).longest;
        }
        (counters.version, policy, longest)
    }

    pub(crate) fn code(&self, table: u8, number: u8) -> B256 {
        self.stored_code(table, number)
    }

    pub(crate) fn supports_interface(&self, id: FixedBytes<4>) -> bool {
        [ERC165, QUESTION, ACCESS_MANAGED_INTERFACE_ID, EIP712_INTERFACE_ID].contains(&id.0)
    }

    // ---------------------------------------------------------------------------------------------- changing

    /// The constructor calls it too. UNGUARDED there: its declaration restricts it.
    pub(crate) fn set_policy(&mut self, policy: Policy, longest: [u16; 64]) -> Result<(), Revert> {
        let Policy { open_for, review_within, window, limit, recovery_delay, hook, closed_classes, .. } = policy;
        ensure!((open_for | window) >> 24 == 0, ConsentInvalidPolicy {});

        let counters = self.counters();
        let version = rules::next(counters.version)?;
        let rules = Rules {
            longest: 0,
            separate_purposes: policy.separate_purposes,
            separate_classes: policy.separate_classes,
            emergency_purposes: policy.emergency_purposes,
            refused_jurisdictions: policy.refused_jurisdictions,
        };
        self.set_rules(&rules, &longest);
        self.set_glass(&Glass { open_for, review_within, window, limit, hook }, closed_classes);
        self.set_counters(&Counters { recovery_delay, version, ..counters });

        PolicySet { version, policy, longest }.log(self);
        Ok(())
    }

    /// The constructor calls it too. UNGUARDED there: its declaration restricts it.
    pub(crate) fn set_code(&mut self, table: u8, number: u8, code: B256) -> Result<(), Revert> {
        in_table(table, number)?;
        self.write_code(table, number, code);
        CodeSet { table, number, code }.log(self);
        Ok(())
    }
}

/// Refuses a number that a table does not have.
pub(crate) fn in_table(table: u8, number: u8) -> Result<(), Revert> {
    let is_there = TABLES.get(usize::from(table)).is_some_and(|numbers| u16::from(number) < *numbers);
    ensure!(is_there, ConsentInvalidCode { table, number });
    Ok(())
}

#[cfg(test)]
mod tests {
    use alloy_primitives::keccak256;

    use super::QUESTION;

    #[test]
    fn the_question_s_erc165_id() {
        let functions = [
            "isPermitted(address,address,address,uint8,uint8)",
            "permittedClasses(address,address,address,uint256,uint8)",
            "arePermitted((address,address,address,uint8,uint8)[])",
        ]
        .map(keccak256);
        let id = [0, 1, 2, 3].map(|i| functions.iter().fold(0, |id, selector| id ^ selector[i]));
        assert_eq!(QUESTION, id);
    }
}
