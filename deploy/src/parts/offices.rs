//! The offices of all parts are rows of one table: no two of them may be in each other's way.

use std::collections::{BTreeMap, BTreeSet};

use super::access_manager::{self, ADMIN_ROLE, COUNCIL_ROLE, PUBLIC_ROLE, RESPONDER_ROLE};
use crate::config::Sections;

/// The roles of the access manager that no part's office has: the admin's, the council's, the responders' and everybody's.
const RESERVED_ROLES: [u64; 4] = [ADMIN_ROLE, COUNCIL_ROLE, RESPONDER_ROLE, PUBLIC_ROLE];

/// Each office has a role of the access manager to itself, each function is of one office, and what a contract holds is an
/// office.
pub(crate) fn check(sections: &Sections) -> Result<(), String> {
    let mut roles = BTreeMap::new();
    for part in sections.parts() {
        let mut functions = BTreeSet::new();
        for office in part.offices_in_manager(sections) {
            let (role, name) = (office.role, office.name);
            if RESERVED_ROLES.contains(&role) {
                return Err(format!("role {role} is no role for the office \"{name}\" of the {}", part.name()));
            }
            if let Some(other) = roles.insert(role, name) {
                return Err(format!("the offices \"{other}\" and \"{name}\" have one role, {role}"));
            }
            if !office.functions.iter().all(|function| functions.insert(*function)) {
                return Err(format!("the {} gives a function to two offices", part.name()));
            }
        }
    }
    for part in sections.parts() {
        if let Some(role) = part.roles_in_manager().iter().find(|role| !roles.contains_key(role)) {
            return Err(format!("the {} is to hold role {role}, which is no office of this DAO", part.name()));
        }
    }
    let has_manager = sections.parts().any(|part| part.name() == access_manager::NAME);
    if !roles.is_empty() && !has_manager {
        return Err(format!("there is no {}, in whose table offices are: add its section", access_manager::NAME));
    }
    Ok(())
}
