//! The manager's rules, without a chain: delays that change later, times, which roles a target's functions are for, and
//! what the manager's own functions ask for.

use alloy_primitives::{Address, B256, FixedBytes, keccak256};
use consilium_abi::{Panic, Revert, decode, encode};

/// Administers the manager.
pub(crate) const ADMIN_ROLE: u64 = 0;
/// Is held by everybody.
pub(crate) const PUBLIC_ROLE: u64 = u64::MAX;
/// How long an operation can be executed once it is ready, in seconds.
pub(crate) const EXPIRATION: u32 = 7 * 24 * 60 * 60;
/// How long a change of a grant delay or an admin delay waits at least, in seconds.
pub(crate) const MIN_SETBACK: u32 = 5 * 24 * 60 * 60;

// ---------------------------------------------------------------------------------------------------------- times

/// The time `seconds` after `timepoint`, which has 48 bits.
///
/// # Errors
/// As in Solidity's checked `uint48`: the panic of arithmetic.
pub(crate) fn after(timepoint: u64, seconds: u32) -> Result<u64, Panic> {
    let time = timepoint + u64::from(seconds);
    if time >> 48 == 0 { Ok(time) } else { Err(Panic::Arithmetic) }
}

/// Whether an operation that became ready at `timepoint` has been ready for too long.
pub(crate) fn is_expired(timepoint: u64, now: u64) -> Result<bool, Panic> {
    Ok(after(timepoint, EXPIRATION)? <= now)
}

/// A number of seconds that may change at a known time: OpenZeppelin's `Time.Delay`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delay {
    /// The value before `effect`.
    pub(crate) before: u32,
    /// The value from `effect` on.
    pub(crate) after: u32,
    /// When the value changes, in 48 bits.
    pub(crate) effect: u64,
}

impl Delay {
    /// A delay that has always had this value.
    pub(crate) fn of(seconds: u32) -> Self {
        Self { before: 0, after: seconds, effect: 0 }
    }

    /// The value at `now`.
    pub(crate) fn get(self, now: u64) -> u32 {
        if self.effect <= now { self.after } else { self.before }
    }

    /// As seen at `now`: once the change has happened nothing is pending.
    pub(crate) fn seen(self, now: u64) -> Self {
        if self.effect <= now { Self { before: self.after, after: 0, effect: 0 } } else { self }
    }

    /// A change to `value`, decided at `now`. It applies after `min_setback` at least, and one to less not before the
    /// time has passed by which it shortens the delay: nobody gets round a delay by shortening it.
    pub(crate) fn update(self, value: u32, min_setback: u32, now: u64) -> Result<Self, Panic> {
        let before = self.get(now);
        let setback = min_setback.max(before.saturating_sub(value));
        Ok(Self { before, after: value, effect: after(now, setback)? })
    }
}

/// In 112 bits: `effect`, `before`, `after`, the last in the low-order bits.
impl From<u128> for Delay {
    fn from(bits: u128) -> Self {
        Self { before: (bits >> 32) as u32, after: bits as u32, effect: (bits >> 64) as u64 }
    }
}

impl From<Delay> for u128 {
    fn from(delay: Delay) -> Self {
        Self::from(delay.effect) << 64 | Self::from(delay.before) << 32 | Self::from(delay.after)
    }
}

/// Whether a grant with this end is over; zero is no end.
pub(crate) fn has_ended(until: u64, now: u64) -> bool {
    until != 0 && until <= now
}

// ------------------------------------------------------------------------------------------------------ functions

/// A function's selector.
pub(crate) type Selector = FixedBytes<4>;

/// `setAuthority(address)` of a target.
pub(crate) const SET_AUTHORITY: Selector = FixedBytes([0x7a, 0x9e, 0x5e, 0x4b]);

/// Up to five functions with their roles, of 16 bits, in 30 bytes: most targets need no more. So `canCall` learns from one
/// word whether a target is closed, and for which role a function is.
///
/// An entry is a selector and a role. One with role 0 is free: ADMIN_ROLE is what a function without an entry is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Functions(pub(crate) FixedBytes<30>);

impl Functions {
    const ENTRY: usize = 6;

    /// The role of a function that has an entry.
    pub(crate) fn get(&self, selector: Selector) -> Option<u64> {
        self.entries().find(|(of, _)| *of == selector).map(|(_, role)| role.into())
    }

    /// Gives a function a role. False if there is no room for it here: then it has no entry.
    pub(crate) fn set(&mut self, selector: Selector, role: u64) -> bool {
        let role = u16::try_from(role);
        let is_own = |entry: &[u8]| entry[..4] == selector.0 && entry[4..] != [0, 0];
        let is_free = |entry: &[u8]| entry[4..] == [0, 0];
        let own = self.0.chunks_exact(Self::ENTRY).position(is_own);
        let place = match role {
            Ok(0) | Err(_) => own,
            Ok(_) => own.or_else(|| self.0.chunks_exact(Self::ENTRY).position(is_free)),
        };
        let Some(place) = place else { return role == Ok(0) };
        let mut entry = [0; Self::ENTRY];
        entry[..4].copy_from_slice(&selector.0);
        entry[4..].copy_from_slice(&role.unwrap_or(0).to_be_bytes());
        if let Some(to) = self.0.chunks_exact_mut(Self::ENTRY).nth(place) {
            to.copy_from_slice(&entry);
        }
        role.is_ok()
    }

    fn entries(&self) -> impl Iterator<Item = (Selector, u16)> {
        self.0.chunks_exact(Self::ENTRY).filter_map(|entry| {
            let role = u16::from_be_bytes([entry[4], entry[5]]);
            (role != 0).then(|| (Selector::from_slice(&entry[..4]), role))
        })
    }
}

// ------------------------------------------------------------------------------------- the manager's own functions

/// What a function of the manager asks of who calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Restriction {
    /// ADMIN_ROLE.
    Admin,
    /// ADMIN_ROLE, and the admin delay of this target.
    AdminOfTarget(Address),
    /// The admin role of this role.
    AdminOfRole(u64),
    /// Nothing of its own: it is for the role that was set for it, as a function of any target.
    None,
}

/// What the manager's function that `data` calls asks for. `data` is at least a selector.
///
/// # Errors
/// Without data, if the argument that decides is not there: as Solidity's decoder.
pub(crate) fn restriction(selector: Selector, data: &[u8]) -> Result<Restriction, Revert> {
    let first = data.get(4..36);
    Ok(match u32::from_be_bytes(selector.0) {
        LABEL_ROLE | SET_ROLE_ADMIN | SET_ROLE_GUARDIAN | SET_GRANT_DELAY | SET_TARGET_ADMIN_DELAY => {
            Restriction::Admin
        }
        UPDATE_AUTHORITY | SET_TARGET_CLOSED | SET_TARGET_FUNCTION_ROLE => {
            Restriction::AdminOfTarget(first.and_then(|first| decode!(first => (address))).ok_or_else(Revert::empty)?)
        }
        GRANT_ROLE | GRANT_ROLE_UNTIL | REVOKE_ROLE => {
            Restriction::AdminOfRole(first.and_then(|first| decode!(first => (uint64))).ok_or_else(Revert::empty)?)
        }
        _ => Restriction::None,
    })
}

/// `labelRole(uint64,string)`.
const LABEL_ROLE: u32 = 0x8535_51b8;
/// `setRoleAdmin(uint64,uint64)`.
const SET_ROLE_ADMIN: u32 = 0x30ca_e187;
/// `setRoleGuardian(uint64,uint64)`.
const SET_ROLE_GUARDIAN: u32 = 0x5296_2952;
/// `setGrantDelay(uint64,uint32)`.
const SET_GRANT_DELAY: u32 = 0xa64d_95ce;
/// `setTargetAdminDelay(address,uint32)`.
const SET_TARGET_ADMIN_DELAY: u32 = 0xd22b_5989;
/// `updateAuthority(address,address)`.
const UPDATE_AUTHORITY: u32 = 0x18ff_183c;
/// `setTargetClosed(address,bool)`.
const SET_TARGET_CLOSED: u32 = 0x167b_d395;
/// `setTargetFunctionRole(address,bytes4[],uint64)`.
const SET_TARGET_FUNCTION_ROLE: u32 = 0x08d6_122d;
/// `grantRole(uint64,address,uint32)`.
const GRANT_ROLE: u32 = 0x25c4_71a0;
/// `grantRoleUntil(uint64,address,uint32,uint48)`.
const GRANT_ROLE_UNTIL: u32 = 0xcfc1_8437;
/// `revokeRole(uint64,address)`.
const REVOKE_ROLE: u32 = 0xb7d2_b162;

/// The selector of calldata.
///
/// # Errors
/// Without data, if it is too short: as Solidity's slice.
pub(crate) fn selector_of(data: &[u8]) -> Result<Selector, Revert> {
    data.first_chunk().map(|selector| Selector::new(*selector)).ok_or_else(Revert::empty)
}

/// The id of an operation: who calls what how, hashed.
pub(crate) fn operation_id(caller: Address, target: Address, data: &[u8]) -> B256 {
    keccak256(encode!((address, address, bytes) => caller, target, data))
}

/// What is kept while a call is executed: the function of the target, hashed.
pub(crate) fn execution_id(target: Address, selector: Selector) -> B256 {
    keccak256(encode!((address, bytes4) => target, selector))
}

#[cfg(test)]
mod tests;
