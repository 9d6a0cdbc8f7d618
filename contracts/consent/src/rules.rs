//! The rules as pure functions.

use alloy_primitives::{Address, U256, address};
use consilium_abi::Panic;

use crate::storage::{Rules, Terms};

/// A limit of days that is none.
const NO_LIMIT: u16 = u16::MAX;

/// The address that stands for role 0; the last byte is the role. It begins with "ROLE", and nobody has its key.
const ROLE: Address = address!("524f4c4500000000000000000000000000000000");

/// The number of roles.
pub(crate) const ROLES: u8 = 32;
/// The number of purposes.
pub(crate) const PURPOSES: u8 = 64;

/// Why a question is answered so; those below 16 permit. [`crate::question`] says which counts where several apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Reason {
    /// A provision permits.
    Permits = 1,
    /// The actor is the grantor.
    Own = 2,
    /// An emergency was declared.
    Emergency = 3,
    /// No provision permits.
    NoConsent = 16,
    /// One that would has not begun.
    NotBegun = 17,
    /// One that would has ended.
    Ended = 18,
    /// One that would is older than policy lets it be.
    TooOld = 19,
    /// One that would names other things too, and policy asks for a consent of its own.
    NotSeparate = 20,
    /// A provision denies.
    Denies = 21,
    /// The actor is no member of the organisation.
    NoMember = 22,
    /// The organisation is not admitted.
    NotAdmitted = 23,
    /// Policy refuses the organisation's jurisdiction.
    Jurisdiction = 24,
}

impl Reason {
    pub(crate) fn permits(self) -> bool {
        self < Self::NoConsent
    }
}

/// The mask of a number.
pub(crate) fn bit(number: u8) -> U256 {
    // By limbs, as below: shifts of 256 bits are loops.
    let mut limbs = [0; 4];
    limbs[usize::from(number >> 6)] = 1 << (number & 63);
    U256::from_limbs(limbs)
}

/// What a provision says at `now` of a purpose, but for its classes. A denial says nothing before it begins and after it
/// ends: it would not have permitted.
pub(crate) fn in_force(terms: &Terms, purpose: u8, now: u64) -> Option<Reason> {
    if terms.purposes >> purpose & 1 == 0 {
        return None;
    }
    let is_early = now < terms.not_before;
    let is_in = !is_early && !has_ended(terms.expiry, now);
    match (is_in, terms.deny) {
        (true, true) => Some(Reason::Denies),
        (true, false) => Some(Reason::Permits),
        (false, true) => None,
        (false, false) => Some(if is_early { Reason::NotBegun } else { Reason::Ended }),
    }
}

/// Whether something that ends at `end`, or never if that is 0, has ended.
pub(crate) fn has_ended(end: u64, now: u64) -> bool {
    end != 0 && end <= now
}

/// The separate classes of a policy as a mask of classes. They are sensitive ones, which begin at 192.
fn separate_classes(rules: &Rules) -> U256 {
    U256::from_limbs([0, 0, 0, rules.separate_classes])
}

/// Which classes a permit of `classes` and `purposes` counts for, by the rule of separate consents: for a separate purpose
/// only if all its purposes are separate, for a separate class only if all its classes are.
pub(crate) fn counts_for(rules: &Rules, classes: U256, purposes: u64, purpose: u8) -> U256 {
    let separate = rules.separate_purposes;
    if separate >> purpose & 1 == 1 && purposes & !separate != 0 {
        return U256::ZERO;
    }
    let separate = separate_classes(rules);
    if (classes & !separate).is_zero() { classes } else { classes & !separate }
}

/// Until when a permit that began at `not_before` counts, by a limit of days; 0 for ever. `None` for no time at all.
pub(crate) fn limit(not_before: u64, days: u16) -> Option<u64> {
    match days {
        0 => None,
        NO_LIMIT => Some(0),
        days => Some(not_before + u64::from(days) * 86_400),
    }
}

/// The earlier of two ends, of which 0 is none.
pub(crate) fn earlier(a: u64, b: u64) -> u64 {
    match (a, b) {
        (0, end) | (end, 0) => end,
        (a, b) => a.min(b),
    }
}

/// The count after this one, in the 24 bits that counts are stored in, as Solidity counts a `uint24`. A count that does not
/// fit would stop the program, and take the gas of a whole batch.
pub(crate) fn next(count: u32) -> Result<u32, Panic> {
    let next = count + 1;
    if next >> 24 == 0 { Ok(next) } else { Err(Panic::Arithmetic) }
}

/// The address that stands for a role.
pub(crate) fn role_grantee(role: u8) -> Address {
    let mut address = ROLE;
    address[19] = role;
    address
}

/// The role that an address stands for.
pub(crate) fn role_of(grantee: Address) -> Option<u8> {
    let role = grantee[19];
    (role < ROLES && grantee == role_grantee(role)).then_some(role)
}

/// The roles of a mask.
pub(crate) fn roles(mask: u32) -> impl Iterator<Item = u8> {
    let mut rest = mask;
    core::iter::from_fn(move || {
        let role = (rest != 0).then(|| rest.trailing_zeros() as u8);
        rest &= rest.wrapping_sub(1);
        role
    })
}

#[cfg(test)]
mod tests;
