//! Properties of the rules, and of the state against a model that remembers nothing.

use alloc::format;
use alloc::string::String;

use proptest::prelude::*;

use super::*;

fn any_address() -> impl Strategy<Value = Address> {
    any::<[u8; 20]>().prop_map(Address::from)
}

/// Small and huge numbers, and what lies between.
fn any_votes() -> impl Strategy<Value = U256> {
    prop_oneof![
        (0u64..4).prop_map(U256::from),
        any::<u128>().prop_map(U256::from),
        any::<[u8; 26]>().prop_map(|bytes| U256::from_be_slice(&bytes)),
        any::<[u8; 32]>().prop_map(U256::from_be_bytes),
    ]
}

/// The kinds of vote there are, and others.
fn any_support() -> impl Strategy<Value = u8> {
    prop_oneof![3 => 0u8..3, 3 => Just(255u8), 1 => any::<u8>()]
}

/// None, three numbers of 128 bits (small ones too), or anything.
fn any_params() -> impl Strategy<Value = alloc::vec::Vec<u8>> {
    let part = prop_oneof![0u128..4, any::<u128>()];
    let split =
        proptest::array::uniform3(part).prop_map(|parts| parts.iter().flat_map(|part| part.to_be_bytes()).collect());
    prop_oneof![2 => Just(alloc::vec![]), 2 => split, 1 => proptest::collection::vec(any::<u8>(), 0..80)]
}

/// A proposal by OpenZeppelin's definitions: quorum and super-quorum are compared each time, and the extended deadline is
/// kept next to the first one.
struct Model {
    start: u64,
    duration: u64,
    extended: u64,
    votes: [u64; 3],
    quorum: u64,
    super_quorum: u64,
    eta: u64,
}

impl Model {
    fn deadline(&self) -> u64 {
        self.extended.max(self.start + self.duration)
    }

    fn quorum_reached(&self) -> bool {
        self.quorum <= self.votes[1] + self.votes[2]
    }

    fn succeeded(&self) -> bool {
        self.votes[1] > self.votes[0]
    }

    fn state(&self, now: u64) -> State {
        let decided = if self.eta == 0 { State::Succeeded } else { State::Queued };
        if self.start >= now {
            State::Pending
        } else if self.deadline() >= now {
            if self.votes[1] < self.super_quorum || !self.succeeded() { State::Active } else { decided }
        } else if !self.quorum_reached() || !self.succeeded() {
            State::Defeated
        } else {
            decided
        }
    }

    fn vote(&mut self, now: u64, kind: usize, votes: u64, extension: u64) -> Option<u64> {
        self.votes[kind] += votes;
        let mut log = None;
        if self.extended == 0 && self.quorum_reached() {
            let extended = now + extension;
            log = (extended > self.deadline()).then_some(extended);
            self.extended = extended;
        }
        log
    }
}

/// The same proposal by the rules of this contract.
struct Ours {
    core: Core,
    tallies: [Tally; 3],
}

impl Ours {
    fn state(&self, now: u64, super_quorum: u64) -> State {
        state(
            &self.core,
            now,
            || self.tallies[1],
            || self.tallies[0].votes,
            || Ok(U256::from(super_quorum)),
            || Ok(State::Queued),
        )
        .unwrap()
    }

    fn vote(&mut self, now: u64, kind: usize, votes: u64, extension: u64, quorum: u64) -> Option<u64> {
        add_votes(&mut self.tallies[kind], U256::from(votes)).unwrap();
        if self.core.quorum_reached || self.tallies[1].votes + self.tallies[2].votes < U256::from(quorum) {
            return None;
        }
        reach_quorum(&mut self.core, now, extension).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// At every moment of every course of votes, the state, the deadline and the extension logged are the model's.
    #[test]
    fn state_is_openzeppelins(
        start in 1u64..50,
        duration in 1u64..40,
        extension in 0u64..40,
        quorum in 0u64..60,
        more in 0u64..60,
        votes in proptest::collection::vec((0u64..15, 0usize..3, 0u64..40), 0..12),
        queued: bool,
    ) {
        let super_quorum = quorum + more;
        let mut model =
            Model { start, duration, extended: 0, votes: [0; 3], quorum, super_quorum, eta: 0 };
        let core = Core {
            proposer: Address::ZERO, start, duration, executed: false, canceled: false, quorum_reached: false,
        };
        let mut ours = Ours { core, tallies: Default::default() };
        let mut now = start;
        for (pause, kind, weight) in votes {
            now += pause;
            prop_assert_eq!(ours.state(now, super_quorum), model.state(now));
            if model.state(now) == State::Active {
                let expected = model.vote(now, kind, weight, extension);
                prop_assert_eq!(ours.vote(now, kind, weight, extension, quorum), expected);
            }
            prop_assert_eq!(deadline(&ours.core).unwrap(), model.deadline());
        }
        for later in start.saturating_sub(2)..model.deadline() + 3 {
            prop_assert_eq!(ours.state(later, super_quorum), model.state(later), "at {}", later);
            if queued && model.state(later) == State::Succeeded {
                model.eta = 1;
                ours.tallies[1].eta = 1;
            }
        }
    }

    /// A vote casts what its voter has left, or the part of it that its parameters name, and never more. What is refused,
    /// and with which error, is exactly what OpenZeppelin's counting refuses.
    #[test]
    fn no_vote_counts_twice(
        voter in any_address(), support in any_support(), weight in any_votes(), used in any_votes(), params in any_params(),
    ) {
        let remaining = weight.saturating_sub(used);
        let whole = |kind: u8| core::array::from_fn(|place| if place == usize::from(kind) { remaining } else { U256::ZERO });
        let expected: Result<Split, Revert> = match (support, params.len()) {
            _ if remaining.is_zero() => Err(GovernorAlreadyCastVote { voter }.into()),
            (0..3, 0) => Ok(whole(support)),
            (255, 48) => {
                let parts: Split = core::array::from_fn(|place| U256::from_be_slice(&params[16 * place..16 * place + 16]));
                let used_votes = parts[0] + parts[1] + parts[2];
                let exceeded = GovernorExceedRemainingWeight { voter, used_votes, remaining_weight: remaining };
                if used_votes <= remaining { Ok(parts) } else { Err(exceeded.into()) }
            }
            (0..3 | 255, _) => Err(GovernorInvalidVoteParams {}.into()),
            _ => Err(GovernorInvalidVoteType {}.into()),
        };
        prop_assert_eq!(count(voter, support, weight, used, &params), expected);
    }

    /// To the last vote, and not one more.
    #[test]
    fn a_split_may_use_up_what_is_left(
        voter in any_address(), parts in any::<[u64; 3]>(), used in any::<u64>(), spare in 0u64..2,
    ) {
        let sum = parts.iter().copied().map(u128::from).sum::<u128>();
        let params: alloc::vec::Vec<u8> = parts.iter().flat_map(|part| u128::from(*part).to_be_bytes()).collect();
        let (used, sum, spare) = (U256::from(used), U256::from(sum), U256::from(spare));
        prop_assume!(!sum.is_zero());
        let cast = count(voter, 255, used + sum + spare, used, &params).map(|split| total(&split));
        prop_assert_eq!(cast, Ok(sum));
        let weight = used + sum - U256::ONE;
        let refused = if sum == U256::ONE {
            GovernorAlreadyCastVote { voter }.into()
        } else {
            GovernorExceedRemainingWeight { voter, used_votes: sum, remaining_weight: sum - U256::ONE }.into()
        };
        prop_assert_eq!(count(voter, 255, weight, used, &params), Err(refused));
    }

    /// Tallies add up exactly, or refuse.
    #[test]
    fn tallies_are_exact(votes in any::<[u8; 26]>(), eta in 0..=MAX_TIME, more in any_votes()) {
        let before = U256::from_be_slice(&votes);
        let mut tally = Tally { votes: before, eta };
        let limit = U256::ONE << 208;
        match (before.checked_add(more), add_votes(&mut tally, more)) {
            (None, result) => prop_assert_eq!(result, Err(Panic::Arithmetic.into())),
            (Some(sum), Ok(())) => {
                prop_assert!(sum < limit);
                prop_assert_eq!(tally, Tally { votes: sum, eta });
            }
            (Some(value), result) => {
                prop_assert!(value >= limit);
                prop_assert_eq!(result, Err(SafeCastOverflowedUintDowncast { bits: 208, value }.into()));
                prop_assert_eq!(tally, Tally { votes: before, eta });
            }
        }
    }

    /// A share is the product, exact, rounded down; computed here in 512 bits.
    #[test]
    fn shares_are_exact(supply in any_votes(), percent in 0..=DENOMINATOR) {
        let product: alloy_primitives::U512 = supply.widening_mul(U256::from(percent));
        let expected = product / alloy_primitives::U512::from(DENOMINATOR);
        prop_assert_eq!(alloy_primitives::U512::from(share(supply, percent)), expected);
    }

    /// What is accepted leaves `quorum <= super-quorum <= 100`, and nothing else is refused.
    #[test]
    fn shares_keep_their_order(value in prop_oneof![(0u64..110).prop_map(U256::from), any_votes()], other in 0..=DENOMINATOR) {
        let whole = U256::from(DENOMINATOR);
        let bound = U256::from(other);
        prop_assert_eq!(check_quorum(value, other).map(U256::from).ok(), (value <= bound).then_some(value));
        prop_assert_eq!(check_quorum(bound, other), Ok(other));
        prop_assert_eq!(first_quorum(value).map(U256::from).ok(), (value <= whole).then_some(value));
        prop_assert_eq!(
            check_super_quorum(value, other).map(U256::from).ok(),
            (value >= bound && value <= whole).then_some(value)
        );
    }

    /// A look-up finds what a search from the end finds.
    #[test]
    fn checkpoints_are_found(times in proptest::collection::btree_set(0u64..300, 0..40), timepoint in 0u64..320) {
        let checkpoints: alloc::vec::Vec<_> = times
            .into_iter()
            .enumerate()
            .map(|(i, since)| Shares { since, quorum: i as u8, super_quorum: 100 })
            .collect();
        let expected = checkpoints.iter().rev().find(|c| c.since <= timepoint).copied().unwrap_or_default();
        let mut reads = core::cell::Cell::new(0);
        let found = shares_at(checkpoints.len() as u32, timepoint, |i| {
            reads.set(reads.get() + 1);
            checkpoints[i as usize]
        });
        prop_assert_eq!(found, expected);
        prop_assert!(*reads.get_mut() <= 6, "40 checkpoints take {} reads", reads.get());
    }

    /// The suffix of a description binds its proposer, in any case of its digits, whatever stands before it.
    #[test]
    fn a_named_proposer_is_alone(named in any_address(), other in any_address(), before: String, upper: bool) {
        let digits = if upper { hex(named).to_uppercase() } else { hex(named) };
        let description = format!("{before}#proposer=0x{digits}");
        prop_assert!(may_propose(named, description.as_bytes()));
        prop_assert_eq!(may_propose(other, description.as_bytes()), other == named);
        // Anything behind it makes it no suffix.
        let longer = format!("{description}\n");
        prop_assert!(may_propose(other, longer.as_bytes()));
    }

    /// A suffix that is not exactly right binds nobody.
    #[test]
    fn a_broken_suffix_binds_nobody(named in any_address(), other in any_address(), at in 0usize..52, to in any::<u8>()) {
        let mut description = format!("Why not? #proposer=0x{}", hex(named)).into_bytes();
        let start = description.len() - 52;
        let digit = at >= 12 && to.is_ascii_hexdigit();
        prop_assume!(other != named && !digit && description[start + at] != to);
        description[start + at] = to;
        prop_assert!(may_propose(other, &description));
    }

    /// Short descriptions name nobody.
    #[test]
    fn short_descriptions_bind_nobody(proposer in any_address(), description in proptest::collection::vec(any::<u8>(), 0..52)) {
        prop_assert!(may_propose(proposer, &description));
    }

    /// Deadlines and extensions past `uint48` panic; all others are sums.
    #[test]
    fn times_do_not_overflow(
        // Near the limit, so that both sides of it are seen.
        start in MAX_TIME - (1 << 34)..=MAX_TIME,
        duration in 1..1u64 << 33,
        voted in any::<u64>(),
        extension in 0..1u64 << 33,
    ) {
        // While the vote is open.
        let now = start + 1 + voted % duration;
        let mut core = Core {
            proposer: Address::ZERO, start, duration, executed: false, canceled: false, quorum_reached: false,
        };
        let end = deadline(&core);
        prop_assert_eq!(end.is_ok(), start + duration <= MAX_TIME);
        if let Ok(end) = end {
            prop_assert_eq!(end, start + duration);
            match reach_quorum(&mut core, now, extension) {
                Ok(moved) => {
                    prop_assert!(core.quorum_reached);
                    prop_assert_eq!(moved, (now + extension > end).then_some(now + extension));
                    prop_assert_eq!(deadline(&core).unwrap(), end.max(now + extension));
                }
                Err(error) => {
                    prop_assert!(now + extension > MAX_TIME);
                    prop_assert_eq!(error, Panic::Arithmetic.into());
                }
            }
        }
    }

    /// Salts of different governors differ, and each is its own inverse.
    #[test]
    fn salts_keep_governors_apart(governor in any_address(), other in any_address(), hash in any::<[u8; 32]>()) {
        let hash = B256::from(hash);
        prop_assert_eq!(salt(governor, salt(governor, hash)), hash);
        prop_assert_eq!(salt(governor, hash) == salt(other, hash), governor == other);
        prop_assert_eq!(&salt(governor, hash)[20..], &hash[20..]);
    }
}

fn hex(address: Address) -> String {
    address.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn cancelable_is_all_but_the_ends() {
    for (state, cancelable) in [
        (State::Pending, true),
        (State::Active, true),
        (State::Canceled, false),
        (State::Defeated, true),
        (State::Succeeded, true),
        (State::Queued, true),
        (State::Expired, false),
        (State::Executed, false),
    ] {
        let result = state.expect(U256::from(7), CANCELABLE);
        assert_eq!(result.is_ok(), cancelable, "{state:?}");
        if let Err(error) = result {
            let expected_states = B256::with_last_byte(0x3b);
            let proposal_id = U256::from(7);
            assert_eq!(
                error,
                GovernorUnexpectedProposalState { proposal_id, current: state as u8, expected_states }.into()
            );
        }
    }
}

/// The last second of `uint48` is a time; the next is a panic.
#[test]
fn times_end_where_uint48_does() {
    assert_eq!(MAX_TIME, 0xffff_ffff_ffff);
    let mut core = Core {
        proposer: Address::ZERO,
        start: MAX_TIME - 1,
        duration: 1,
        executed: false,
        canceled: false,
        quorum_reached: false,
    };
    assert_eq!(deadline(&core), Ok(MAX_TIME));
    assert_eq!(deadline(&Core { duration: 2, ..core }), Err(Panic::Arithmetic.into()));
    assert_eq!(reach_quorum(&mut core, MAX_TIME, 1), Err(Panic::Arithmetic.into()));
    assert_eq!(reach_quorum(&mut core, MAX_TIME, 0), Ok(None));
}

#[test]
fn times_are_narrowed_with_their_value() {
    assert_eq!(to_time(U256::from(MAX_TIME)), Ok(MAX_TIME));
    let value = U256::from(MAX_TIME) + U256::ONE;
    assert_eq!(to_time(value), Err(SafeCastOverflowedUintDowncast { bits: 48, value }.into()));
}

/// The queue of governance calls is full at some point, and does not begin again over what is in it.
#[test]
fn the_queue_of_calls_never_wraps() {
    assert_eq!([0, 1, u16::MAX - 1, u16::MAX].map(next_call), [1, 2, u16::MAX, u16::MAX]);
}
