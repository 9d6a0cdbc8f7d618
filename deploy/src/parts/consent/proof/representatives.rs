//! The representatives whom the DAO appointed: each may decide for a patient who has not asked for it.

use std::collections::BTreeMap;

use alloy::rpc::types::Log;
use consilium_bindings::Consent as abi;

use crate::config::moment::Moment;
use crate::consent::Names;
use crate::permissions::event;
use crate::proof::Proof;
use crate::shown::shortened;

/// The most of them that are named.
const MOST_NAMED: usize = 10;

/// The most characters of the classes, and of the purposes, of one.
const LONGEST_SCOPE: usize = 120;

/// Names those who may act at a time, in the order of their appointments. `logs` are all events since the founding.
/// Nobody but the DAO changes an appointment before it ends, so its last event says how it is.
pub(super) fn tell(proof: &mut Proof, logs: &[Log], now: u64) {
    let mut last = BTreeMap::new();
    for (place, set) in logs.iter().filter_map(event::<abi::RepresentativeSet>).enumerate() {
        last.insert((set.grantor, set.representative), (place, set));
    }
    let mut appointed: Vec<_> =
        last.into_values().filter(|(_, set)| set.appointed && now < set.until.to::<u64>()).collect();
    appointed.sort_unstable_by_key(|(place, _)| *place);
    let names = Names::standard();
    for (_, set) in appointed.iter().take(MOST_NAMED) {
        proof.note(format!(
            "the DAO appointed {} to act for {} until {}: for {}, for {}",
            set.representative,
            set.grantor,
            Moment(set.until.to()),
            shortened(&names.classes_in_words(set.classes), LONGEST_SCOPE),
            shortened(&names.purposes_in_words(set.purposes), LONGEST_SCOPE)
        ));
    }
    let more = appointed.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        proof.note(format!("the DAO appointed {more} representatives more, who may act now: the events name them"));
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::aliases::U48;
    use alloy::primitives::{Address, U256};
    use alloy::sol_types::SolEvent;

    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn set(grantor: u8, representative: u8, until: u64, appointed: bool) -> Log {
        let event = abi::RepresentativeSet {
            grantor: Address::repeat_byte(grantor),
            representative: Address::repeat_byte(representative),
            classes: U256::from(1 << 8),
            purposes: 1,
            until: U48::from(until),
            appointed,
        };
        let inner = alloy::primitives::Log { address: Address::ZERO, data: event.encode_log_data() };
        Log { inner, ..Log::default() }
    }

    fn told(logs: &[Log]) -> Vec<String> {
        let mut proof = Proof::default();
        tell(&mut proof, logs, NOW);
        proof.notes
    }

    #[test]
    fn those_who_may_act_now_are_named_in_full() {
        let later = NOW + 1;
        let logs = [
            set(9, 2, later, true),
            // A patient's own.
            set(1, 3, later, false),
            // Ended by time, and by the DAO.
            set(1, 4, NOW, true),
            set(1, 5, later, true),
            set(1, 5, 0, true),
            // The DAO's after the patient's, and the patient's after the DAO's.
            set(1, 6, later, false),
            set(1, 6, later, true),
            set(1, 7, NOW, true),
            set(1, 7, later, false),
        ];
        let line = |grantor: u8, representative: u8| {
            format!(
                "the DAO appointed {} to act for {} until 2027-01-15T08:00:01Z: for LABORATORY (8), for TREAT (0)",
                Address::repeat_byte(representative),
                Address::repeat_byte(grantor)
            )
        };
        assert_eq!(told(&logs), [line(9, 2), line(1, 6)]);
    }

    #[test]
    fn many_are_counted_and_a_wide_scope_is_cut() {
        let all: Vec<_> = (1..=13).map(|number| set(number, 200, NOW + 1, true)).collect();
        assert_eq!(told(&all[..10]).len(), 10);
        let notes = told(&all);
        assert_eq!(notes.len(), 11);
        assert!(notes[9].contains(&Address::repeat_byte(10).to_string()), "{notes:?}");
        assert_eq!(notes[10], "the DAO appointed 3 representatives more, who may act now: the events name them");

        let mut wide = set(1, 2, NOW + 1, true);
        let mut event = event::<abi::RepresentativeSet>(&wide).expect("one");
        event.classes = U256::MAX - U256::from(1);
        wide.inner.data = event.encode_log_data();
        let notes = told(&[wide]);
        assert!(notes[0].chars().count() < 400 && notes[0].contains('…'), "{notes:?}");
    }
}
