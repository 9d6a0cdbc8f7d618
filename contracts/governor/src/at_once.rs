//! All that a vote asks of the token, in one call: the time, the voter's votes, and the supply at the snapshot.
//!
//! A token says by ERC-165 that it offers that, and the constructor finds it out once. It saves gas and decides nothing: where a
//! token does not say so, or the call fails for whatever reason, each question is asked by the standard's own function,
//! and a failure of that is an error, as ever.

use alloy_primitives::{Address, U256};
use consilium_abi::{Chain, decode};
use consilium_components::past_votes::PAST_VOTES_INTERFACE_ID;
use consilium_components::receivers::ERC165_INTERFACE_ID;

use crate::Governor;
use crate::abi::*;
use crate::words::Core;

/// `supportsInterface(bytes4)`: the standard's one function, so its id.
const SUPPORTS_INTERFACE: [u8; 4] = ERC165_INTERFACE_ID;
/// The most gas that it may use.
const ERC165_GAS: u64 = 30_000;

/// What the token has told.
pub(crate) struct Told {
    /// The time.
    pub(crate) now: u64,
    /// The voter's votes at the snapshot.
    pub(crate) votes: U256,
    /// All votes at the snapshot.
    pub(crate) supply: U256,
}

impl Governor {
    /// Whether a token says, by the procedure of ERC-165, that it answers all at once. For the constructor. A failure is a
    /// no: such a token is asked by the standard's functions.
    pub(crate) fn offers_all_at_once(&self, token: Address) -> bool {
        let supports = |id: [u8; 4]| -> Option<bool> {
            let mut question = [0; 36];
            question[..4].copy_from_slice(&SUPPORTS_INTERFACE);
            question[4..8].copy_from_slice(&id);
            let answer = self.static_call_with_gas(ERC165_GAS, token, &question, 32).ok()?;
            decode!(&answer => (bool))
        };
        // Who fails at the id that nobody has does not keep to the standard.
        supports(ERC165_INTERFACE_ID) == Some(true)
            && supports([0xff; 4]) == Some(false)
            && supports(PAST_VOTES_INTERFACE_ID) == Some(true)
    }

    /// What the token tells about a vote on a proposal; none where it does not offer that, or does not answer, or where
    /// the proposal is over or does not exist, whatever the time. A time that is not to be believed is no answer: see
    /// [`Governor::clock`].
    pub(crate) fn ask_at_once(&self, voter: Address, core: &Core) -> Option<Told> {
        let voting = self.voting();
        if !voting.answers_at_once || core.start == 0 || core.executed || core.canceled {
            return None;
        }
        let token = IPastVotes::at(voting.token);
        let (now, votes, supply) = token.get_past_votes_and_supply(self, voter, U256::from(core.start)).ok()?;
        (now >= voting.since).then_some(Told { now, votes, supply })
    }
}
