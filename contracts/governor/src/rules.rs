//! The rules of governance as pure functions: no storage, no calls, no logs. They get what they decide on as arguments.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Panic, Revert, ensure};

use crate::abi::*;
use crate::words::{Core, Shares, Tally};

/// The largest timepoint or time there is (`uint48`).
pub(crate) const MAX_TIME: u64 = (1 << 48) - 1;

/// What quorums are counted in: percent of the supply.
pub(crate) const DENOMINATOR: u8 = 100;

/// The states of a proposal, in IGovernor's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    /// The snapshot is still to come.
    Pending,
    /// Voting is open.
    Active,
    /// Canceled, here or in the timelock.
    Canceled,
    /// Voting ended without quorum or without a majority.
    Defeated,
    /// To be queued.
    Succeeded,
    /// In the timelock.
    Queued,
    /// Never reached: what is queued in this kind of timelock does not expire.
    Expired,
    /// Executed, through the governor or in the timelock.
    Executed,
}

impl State {
    /// The bit of this state in a set of states.
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// Reverts unless this is one of the `expected` states.
    pub(crate) fn expect(self, id: U256, expected: u8) -> Result<(), Revert> {
        ensure!(
            self.bit() & expected != 0,
            GovernorUnexpectedProposalState {
                proposal_id: &id,
                current: self as u8,
                expected_states: B256::with_last_byte(expected),
            }
        );
        Ok(())
    }
}

/// The states in which a proposal can be canceled: all that are not terminal, and defeat.
pub(crate) const CANCELABLE: u8 = !(State::Canceled.bit() | State::Expired.bit() | State::Executed.bit());

/// The state of a proposal at `now`. Everything but the core is read only where it matters.
///
/// Where OpenZeppelin's governor compares the votes with the quorum each time, this one remembers that quorum was
/// reached ([`Core::quorum_reached`]), and asks for the super-quorum only then. That is the same: the flag is brought up
/// to date by each vote, a quorum at a past snapshot never changes, and it is never more than the super-quorum. Where
/// nobody voted there is no majority either, even if the quorum is zero.
///
/// What was queued had succeeded, and stays so: nobody votes on it any more, and time only closes the vote. So neither the
/// votes against nor the super-quorum matter then.
pub(crate) fn state(
    core: &Core,
    now: u64,
    ayes: impl FnOnce() -> Tally,
    noes: impl FnOnce() -> U256,
    super_quorum: impl FnOnce() -> Result<U256, Revert>,
    in_timelock: impl FnOnce() -> Result<State, Revert>,
) -> Result<State, Revert> {
    if core.start >= now {
        return Ok(State::Pending);
    }
    let open = deadline(core)? >= now;
    let short = if open { State::Active } else { State::Defeated };
    if !core.quorum_reached {
        return Ok(short);
    }
    let ayes = ayes();
    if ayes.eta != 0 {
        return in_timelock();
    }
    let short_of_votes = ayes.votes <= noes() || (open && ayes.votes < super_quorum()?);
    Ok(if short_of_votes { short } else { State::Succeeded })
}

/// The last timepoint of voting.
///
/// Panics as checked `uint48` arithmetic does, for snapshots some 9 million years ahead.
#[inline(always)]
pub(crate) fn deadline(core: &Core) -> Result<u64, Revert> {
    within_time(core.start + core.duration)
}

/// Remembers that a vote at `now` reached quorum, and moves a deadline that is closer than `extension`.
/// Returns the new deadline, if it moved.
///
/// The duration stays below 2^33: `now` is not after the deadline, and neither an extension nor a voting period is ever
/// set to more than `uint32` holds.
pub(crate) fn reach_quorum(core: &mut Core, now: u64, extension: u64) -> Result<Option<u64>, Revert> {
    let extended = within_time(now + extension)?;
    let late = extended > deadline(core)?;
    core.quorum_reached = true;
    if !late {
        return Ok(None);
    }
    core.duration = extended - core.start;
    Ok(Some(extended))
}

/// Both addends are below 2^48, so `u64` cannot overflow; `uint48` can.
fn within_time(time: u64) -> Result<u64, Revert> {
    ensure!(time <= MAX_TIME, Panic::Arithmetic);
    Ok(time)
}

/// The end of the queue of governance calls after one more. It never wraps: gas does not bound how many calls a proposal
/// has, since a slot that is written again is cheap and a chain may allow a transaction any amount of gas. The queue ends at
/// 2^16 - 1 calls. One that finds no place is never allowed, so that the whole execution is undone.
pub(crate) fn next_call(end: u16) -> u16 {
    end.saturating_add(1)
}

/// Narrows to the width of times, `uint48`.
#[inline(always)]
pub(crate) fn to_time(value: U256) -> Result<u64, Revert> {
    ensure!(value <= U256::from(MAX_TIME), SafeCastOverflowedUintDowncast { bits: 48, value: &value });
    Ok(value.to::<u64>())
}

/// The kind of a vote that is split by its parameters.
const FRACTIONAL: u8 = 255;

/// How many votes go against, for, and to abstention; in this order, as `support` counts them.
pub(crate) type Split = [U256; 3];

/// Counts a vote: of an account with `weight` votes, of which `used` were cast before.
pub(crate) fn count(voter: Address, support: u8, weight: U256, used: U256, params: &[u8]) -> Result<Split, Revert> {
    ensure!(used < weight, GovernorAlreadyCastVote { voter: &voter });
    let remaining = weight - used;
    let mut split = Split::default();
    match support {
        0..=2 if params.is_empty() => split[usize::from(support)] = remaining,
        FRACTIONAL if params.len() == 48 => {
            for (votes, part) in split.iter_mut().zip(params.chunks_exact(16)) {
                *votes = B256::left_padding_from(part).into();
            }
            let cast = total(&split);
            ensure!(
                cast <= remaining,
                GovernorExceedRemainingWeight { voter: &voter, used_votes: &cast, remaining_weight: &remaining }
            );
        }
        0..=2 | FRACTIONAL => return Err(GovernorInvalidVoteParams {}.into()),
        _ => return Err(GovernorInvalidVoteType {}.into()),
    }
    Ok(split)
}

/// All votes of a split: one whole, or three of 128 bits; neither overflows.
pub(crate) fn total(split: &Split) -> U256 {
    split[0] + split[1] + split[2]
}

/// Adds votes to a tally.
///
/// More than 2^208 - 1 are refused. OpenZeppelin's own votes end there; only a token that counts otherwise gets to it.
pub(crate) fn add_votes(tally: &mut Tally, votes: U256) -> Result<(), Revert> {
    let sum = tally.votes.checked_add(votes).ok_or(Panic::Arithmetic)?;
    ensure!(sum.bit_len() <= 208, SafeCastOverflowedUintDowncast { bits: 208, value: &sum });
    tally.votes = sum;
    Ok(())
}

/// `percent` of `supply`, rounded down. `percent` is at most 100, so the quotient fits.
///
/// It divides byte by byte: a general division of 256 bits would be an eighth of the program.
pub(crate) fn share(supply: U256, percent: u8) -> U256 {
    let mut digits = supply.to_be_bytes::<32>();
    let mut carry = 0;
    for digit in digits.iter_mut().rev() {
        carry += u32::from(*digit) * u32::from(percent);
        *digit = carry as u8;
        carry >>= 8;
    }
    // What the product has above 256 bits is less than the divisor: it is the first remainder.
    for digit in &mut digits {
        carry = carry << 8 | u32::from(*digit);
        *digit = (carry / u32::from(DENOMINATOR)) as u8;
        carry %= u32::from(DENOMINATOR);
    }
    U256::from_be_bytes(digits)
}

/// Checks a new quorum, in percent, against the super-quorum it must not exceed.
pub(crate) fn check_quorum(quorum: U256, super_quorum: u8) -> Result<u8, Revert> {
    ensure!(
        quorum <= U256::from(super_quorum),
        GovernorInvalidQuorumTooLarge { quorum_numerator: &quorum, super_quorum_numerator: super_quorum }
    );
    first_quorum(quorum)
}

/// Checks a quorum, in percent, before there is a super-quorum.
pub(crate) fn first_quorum(quorum: U256) -> Result<u8, Revert> {
    let too_large = GovernorInvalidQuorumFraction { quorum_numerator: &quorum, quorum_denominator: DENOMINATOR };
    Ok(percentage(quorum).ok_or(too_large)?)
}

/// Checks a new super-quorum, in percent, against the quorum it must not fall below.
pub(crate) fn check_super_quorum(super_quorum: U256, quorum: u8) -> Result<u8, Revert> {
    let super_quorum_numerator = &super_quorum;
    let percent = percentage(super_quorum)
        .ok_or(GovernorInvalidSuperQuorumFraction { super_quorum_numerator, denominator: DENOMINATOR })?;
    ensure!(percent >= quorum, GovernorInvalidSuperQuorumTooSmall { super_quorum_numerator, quorum_numerator: quorum });
    Ok(percent)
}

/// `value`, if it is at most the whole.
fn percentage(value: U256) -> Option<u8> {
    (value <= U256::from(DENOMINATOR)).then(|| value.to::<u8>())
}

/// The checkpoint in force at `timepoint` among `count` superseded ones, which `read` gives in the order of their time.
/// The zero checkpoint before the first.
pub(crate) fn shares_at(count: u32, timepoint: u64, read: impl Fn(u32) -> Shares) -> Shares {
    let mut found = Shares::default();
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        let checkpoint = read(middle);
        if checkpoint.since <= timepoint {
            found = checkpoint;
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    found
}

/// Whether `proposer` may propose under `description`: it does not end with `#proposer=0x` and 40 hex digits, or these
/// are its address. Protects a proposal from being submitted, and canceled, by someone who saw it coming.
pub(crate) fn may_propose(proposer: Address, description: &[u8]) -> bool {
    let Some((_, suffix)) = description.split_at_checked(description.len().wrapping_sub(52)) else { return true };
    let Some(digits) = suffix.strip_prefix(b"#proposer=0x") else { return true };
    let mut named = Address::ZERO;
    for (byte, pair) in named.iter_mut().zip(digits.chunks_exact(2)) {
        for digit in pair {
            let Some(value) = char::from(*digit).to_digit(16) else { return true };
            *byte = *byte << 4 | value as u8;
        }
    }
    named == proposer
}

/// The timelock's salt for a proposal. It holds the governor's address, so that governors that share a timelock do not
/// meet in one operation.
pub(crate) fn salt(governor: Address, description_hash: B256) -> B256 {
    let mut salt = description_hash;
    for (byte, part) in salt.iter_mut().zip(governor) {
        *byte ^= part;
    }
    salt
}

#[cfg(test)]
mod tests;
