//! Properties of the rules.

use alloy_primitives::keccak256;
use proptest::prelude::*;

use super::*;

fn any_u256() -> impl Strategy<Value = U256> {
    any::<[u64; 4]>().prop_map(U256::from_limbs)
}

#[test]
fn roles_are_the_hashes_of_their_names() {
    assert_eq!(PROPOSER_ROLE, keccak256("PROPOSER_ROLE"));
    assert_eq!(EXECUTOR_ROLE, keccak256("EXECUTOR_ROLE"));
    assert_eq!(CANCELLER_ROLE, keccak256("CANCELLER_ROLE"));
}

#[test]
fn sets_of_states_are_bitmaps() {
    let set = |states: &[State]| U256::from_be_bytes(State::set(states).0);
    assert_eq!(set(&[State::Unset]), U256::from(1));
    assert_eq!(set(&[State::Waiting, State::Ready]), U256::from(6));
    assert_eq!(set(&[State::Done]), U256::from(8));
}

#[test]
fn overflow_is_soliditys_panic() {
    assert_eq!(OVERFLOW[..4], keccak256("Panic(uint256)")[..4]);
    assert_eq!(U256::from_be_slice(&OVERFLOW[4..]), U256::from(0x11));
}

proptest! {
    /// Scheduled means waiting until the very second it is ready, and ready from then on.
    #[test]
    fn an_operation_waits_exactly_its_delay(now in 2..=u64::MAX, delay: u64, later: u64) {
        let ready_at = ready_at(now, U256::from(delay)).expect("no overflow of 256 bits");
        let expected = if later.checked_sub(now).is_some_and(|passed| passed >= delay) { State::Ready } else { State::Waiting };
        prop_assert_eq!(State::of(ready_at, later), expected);
    }

    /// A delay that cannot be kept is refused rather than cut short.
    #[test]
    fn no_delay_overflows(now: u64, delay in any_u256()) {
        match ready_at(now, delay) {
            Some(ready_at) => prop_assert!(ready_at >= delay && ready_at >= U256::from(now)),
            None => prop_assert!(U256::MAX - delay < U256::from(now)),
        }
    }

    /// Zero and one are taken, so no time that is ever scheduled at can be mistaken for them.
    #[test]
    fn scheduled_is_neither_unset_nor_done(now in 2..=u64::MAX, delay: u64, later: u64) {
        let ready_at = ready_at(now, U256::from(delay)).expect("no overflow of 256 bits");
        prop_assert!(matches!(State::of(ready_at, later), State::Waiting | State::Ready));
        prop_assert_eq!(State::of(U256::ZERO, later), State::Unset);
        prop_assert_eq!(State::of(DONE, later), State::Done);
    }
}
