//! Where ours differs from OpenZeppelin's on purpose. This is the whole list: two points about malformed calldata, one about
//! names, three about tokens that are none, two about numbers, and one about more than OpenZeppelin's have.
//!
//! The numbers need no code here, since no script gets to them: a tally ends at 2^208 - 1 (`tests/attacks/checkpoint_overflow.rs`),
//! the history of the quorums after 65,535 changes (`tests/attacks/quorum_history.rs`), and a proposal that would be due after 2^48
//! seconds is refused by ours before it asks the timelock, which may have another reason.
//!
//! The last two about tokens need none either, since no script goes on with such a token. OpenZeppelin's asks the token for its clock
//! each time, and takes any failure for a token without one. Ours finds out in the constructor, and refuses a clock that fails
//! later, or tells less than before, with `ERC6372InconsistentClock`; one that comes later is not followed. On Stylus a call
//! can be made to fail by whoever likes (`docs/stylus-assumptions.md`). `tests/governor/fickle.rs` shows each case.
//!
//! OpenZeppelin's `state()` asks the token for the past supply each time: while a vote is open for the super-quorum, and after
//! it for the quorum. Ours asks for the super-quorum only where there is a quorum and a majority, and remembers that the quorum
//! was reached. With a token that keeps ERC-5805, where the past never changes, both come to the same. With one that refuses to
//! tell a past supply, or tells another later, `state()` of ours answers where OpenZeppelin's reverts, and does not change
//! where that of OpenZeppelin's does: `tests/governor/fickle.rs` shows each case.
//!
//! Ours hashes the id of the timelock's operation itself, and refuses `queue` where the timelock has not got it then. It takes the
//! time of a vote from `getPastVotesAndSupply` where the token offers that, and not from `clock()`. And what was queued is not
//! counted again, whatever the token tells of the past later. No script has a timelock or a token for which these differ:
//! `tests/attacks/lying_timelock.rs`, `tests/governor/at_once.rs` and `tests/governor/early.rs` have.
//!
//! Our token answers two functions that OpenZeppelin's does not have: `getPastVotesAndSupply`, and `supportsInterface`, which
//! says so. No script calls them at a token: one that is asked whether it takes tokens would say no in one DAO, and refuse in
//! the other. `tests/voting-token` tests both.

use consilium_abi_syntax::{Type, TypeKind};
use encodings::decode;

use super::{
    people::CONTRACTS,
    setup::{Oddity, Setup},
    side::Constructed,
};

/// Bytes of a name. Longer ones OpenZeppelin's constructors refuse with `StringTooLong`, since they keep the name in one word
/// beside its length; ours keep them whole. `tests/differential` shows both.
pub const LONGEST_NAME: u8 = 31;

/// Whether what became of two governors with an odd token is as it should be, though not alike. OpenZeppelin's is refused
/// without data at its first look at the clock of a token that has no code. So is ours, but it looks at the other arguments
/// first, and may have something to say about those; and it can be its own token, since a program has its code when its
/// constructor runs, and a Solidity contract does not.
pub(super) fn is_intended_deployment(setup: &Setup, ours: &[Constructed], peer: &[Constructed]) -> bool {
    let odd_token = setup.oddities.iter().find_map(|oddity| match oddity {
        Oddity::Token(person) => Some(*person),
        _ => None,
    });
    match (ours, peer, odd_token) {
        ([our_token, our_timelock, ours], [token, timelock, peer], Some(odd)) => {
            let as_it_should = ours.refusal.is_some() || odd == CONTRACTS[2];
            let without_data = peer.refusal.as_ref().is_some_and(Vec::is_empty);
            (our_token, our_timelock) == (token, timelock) && as_it_should && without_data
        }
        _ => false,
    }
}

/// What a call answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it succeeded.
    pub success: bool,
    /// What it returned, or reverted with.
    pub data: Vec<u8>,
}

/// Malformed calldata is refused by both, by ours without data and before anything else. Solidity has other words for it in
/// two cases:
///
/// - `Panic(0x41)` where a length is so large that memory for it cannot even be counted;
/// - whatever the function refuses first, a role or the lengths of lists, where the fault is in an element of a list in
///   calldata: Solidity looks at those only when it comes to them.
///
/// `arguments` is the calldata after the selector, which a plain decoder after the specification must refuse, too.
pub fn is_intended(ours: &Answer, peer: &Answer, inputs: &[Type], arguments: &[u8]) -> bool {
    !ours.success && !peer.success && ours.data.is_empty() && decode(inputs, arguments).is_none()
}

/// Solidity compares an offset in a list or a struct of calldata as a signed number, so that one of 2^255 or more passes, and
/// what it finds there is mostly nothing: the element is read as empty. The specification knows no such offsets, and ours
/// refuses them. Such calls are not made in comparisons, since the two sides would go on from different states;
/// `tests/differential` has one that shows what each does.
pub fn has_negative_offset(inputs: &[Type], arguments: &[u8]) -> bool {
    // Solidity refuses those of the arguments themselves.
    dynamic(inputs, 0).any(|(of, head)| {
        let at = number(arguments, head);
        at.is_some_and(|at| is_negative_within(of, arguments, at))
    })
}

/// The types that are found by an offset, and where each offset is.
fn dynamic<'a>(types: impl IntoIterator<Item = &'a Type>, begin: usize) -> impl Iterator<Item = (&'a Type, usize)> {
    let heads = types.into_iter().scan(begin, |next, of| {
        let head = *next;
        *next = head.saturating_add(32 * of.head_words());
        Some((of, head))
    });
    heads.filter(|(of, _)| of.is_dynamic())
}

fn number(arguments: &[u8], at: usize) -> Option<usize> {
    let word = arguments.get(at..at.checked_add(32)?)?;
    let is_small = word[..24].iter().all(|byte| *byte == 0);
    is_small.then(|| u64::from_be_bytes(word[24..].try_into().unwrap_or_default()))?.try_into().ok()
}

/// Whether what is at `at` has an offset below zero, at any depth.
fn is_negative_within(of: &Type, arguments: &[u8], at: usize) -> bool {
    let within = |(of, head): (&Type, usize), begin: usize| {
        arguments.get(head).is_some_and(|byte| *byte >= 0x80)
            || number(arguments, head)
                .is_some_and(|offset| is_negative_within(of, arguments, begin.saturating_add(offset)))
    };
    match &of.kind {
        TypeKind::Array(of) => {
            let begin = at.saturating_add(32);
            let all = number(arguments, at).unwrap_or_default().min(arguments.len() / 32);
            dynamic(std::iter::repeat_n(&**of, all), begin).any(|element| within(element, begin))
        }
        TypeKind::FixedArray(of, all) => {
            dynamic(std::iter::repeat_n(&**of, (*all).into()), at).any(|element| within(element, at))
        }
        TypeKind::Struct(_, fields) => dynamic(fields, at).any(|field| within(field, at)),
        _ => false,
    }
}
