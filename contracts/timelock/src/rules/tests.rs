//! Properties of the rules.

use alloc::vec::Vec;

use alloy_primitives::keccak256;
use consilium_abi::Args;
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
fn each_state_is_a_bit() {
    let bits = [State::Unset, State::Waiting, State::Ready, State::Done].map(State::bit);
    assert_eq!(bits, [1, 2, 4, 8]);
}

/// Numbers as `abi.encode` lays them out, one after the other.
fn words(numbers: impl IntoIterator<Item = U256>) -> Vec<u8> {
    numbers.into_iter().flat_map(|number| number.to_be_bytes::<32>()).collect()
}

proptest! {
    /// An id is the hash of `abi.encode(target, value, data, predecessor, salt)`; of a batch, of its lists.
    #[test]
    fn ids_hash_what_solidity_encodes(
        target in any_u256(), value in any_u256(), predecessor in any_u256(), salt in any_u256(),
        data in proptest::collection::vec(any::<u8>(), 0..70),
    ) {
        let target: U256 = target >> 96;
        let address = Address::from_word(target.into());
        let [before, apart] = [predecessor, salt].map(B256::from);
        let number = |number: usize| U256::from(number);
        let mut payload = data.clone();
        payload.resize(data.len().next_multiple_of(32), 0);

        let head = words([target, value, number(160), predecessor, salt, number(data.len())]);
        prop_assert_eq!(id(address, value, &data, before, apart), keccak256([&head[..], &payload].concat()));

        // Three lists of one: their offsets, then each with its length; the last with the offset of its only item.
        let head = words([number(160), number(224), number(288), predecessor, salt]);
        let lists = words([number(1), target, number(1), value, number(1), number(32), number(data.len())]);
        let encoded = [&head[..], &lists, &payload].concat();
        let batch = Args::new(&encoded);
        let hashed = batch_id(batch.get(0), batch.get(1), batch.get(2), before, apart);
        prop_assert_eq!(hashed, keccak256(&encoded));
    }

    /// Scheduled means waiting until the very second it is ready, and ready from then on.
    #[test]
    fn an_operation_waits_exactly_its_delay(now in 2..=u64::MAX, delay: u64, later: u64) {
        let ready_at = ready_at(now, U256::from(delay)).expect("no overflow of 256 bits");
        let expected = if later.checked_sub(now).is_some_and(|passed| passed >= delay) { State::Ready } else { State::Waiting };
        prop_assert_eq!(State::of(ready_at, later), expected);
    }

    /// The very second: chance alone hardly ever looks there.
    #[test]
    fn an_operation_becomes_ready_in_its_second(now in 2..1u64 << 62, delay in 0..1u64 << 62) {
        let ready_at = ready_at(now, U256::from(delay)).expect("no overflow of 256 bits");
        let ready = now + delay;
        for (time, expected) in [(ready - 1, State::Waiting), (ready, State::Ready), (ready + 1, State::Ready)] {
            prop_assert_eq!(State::of(ready_at, time), expected);
        }
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
