//! What a message touches, as a list that it can bring along (EIP-2930; go-ethereum: internal/ethapi/api.go).

use super::simulate::Simulation;
use crate::{
    CHAIN_ID,
    evm::{Message, Outcome, Refusal},
    trace::{TouchedSlots, Wanted},
};
use alloy::eips::eip2930::{AccessList, AccessListItem};
use alloy_primitives::{B256, U256, map::AddressSet};

impl Simulation {
    /// Gives a message the list of all that it touches (EIP-2930), and says what comes of it with that list. Not listed are
    /// accounts without slots that are warm in any case: its sender, its recipient, the precompiles, who delegates.
    ///
    /// `nonce` is the sender's, which names the contract that a creation makes. The list is Nitro's: it names the slots of
    /// programs, and those of ArbOS that a precompile reads, under their caller.
    ///
    /// # Errors
    /// If it would not begin; the message then has the list that was tried.
    pub fn fill_access_list(&self, message: &mut Message, nonce: u64) -> Result<Outcome, Refusal> {
        let warm = self.warm(message, nonce);
        let mut known = TouchedSlots::new();
        for AccessListItem { address, storage_keys } in message.access_list.iter() {
            known.entry(*address).or_default().extend(storage_keys.iter().map(|key| U256::from_be_bytes(key.0)));
        }
        loop {
            known.retain(|address, slots| !slots.is_empty() || !warm.contains(address));
            let items = known.iter().map(|(address, slots)| AccessListItem {
                address: *address,
                storage_keys: slots.iter().map(|slot| B256::from(*slot)).collect(),
            });
            message.access_list = AccessList(items.collect());
            // All rounds together have the time of one request.
            let wanted = Wanted { touched: true, timeout: self.deadline.left(), ..Wanted::bare() };
            let (outcome, trace) = self.trace(message.clone(), wanted)?;
            let before = known.clone();
            for (address, slots) in trace.touched {
                if !slots.is_empty() || !warm.contains(&address) {
                    known.entry(address).or_default().extend(slots);
                }
            }
            // What is warm changes the gas that is left, and so may change the way that the code takes.
            if known == before {
                return Ok(outcome);
            }
        }
    }

    /// Accounts that are warm before a message runs.
    fn warm(&self, message: &Message, nonce: u64) -> AddressSet {
        let to = message.to.to().copied().unwrap_or_else(|| message.from.create(nonce));
        let authorizations =
            message.authorizations.iter().flatten().filter(|item| {
                (item.chain_id.is_zero() || item.chain_id == U256::from(CHAIN_ID)) && item.nonce < u64::MAX
            });
        let authorities = authorizations.filter_map(|item| item.recover_authority().ok());
        let precompiles = self.runtime.warm_precompiles(self.block.version).iter().copied();
        precompiles.chain([message.from, to]).chain(authorities).collect()
    }
}
