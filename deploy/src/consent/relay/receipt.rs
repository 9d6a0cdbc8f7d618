//! What a receipt says of each act that was sent: by the contract's events alone.

use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::{Log, TransactionReceipt};
use alloy::sol_types::SolEvent;
use consilium_bindings::Consent as abi;

use super::super::Signed;
use super::super::act::Act;
use super::super::errors::in_words;
use super::{Outcome, skipped};

/// Reads it. The acts are performed in their order, so their events are in their order too.
pub(super) fn read(receipt: &TransactionReceipt, contract: Address, acts: &[&Signed]) -> Vec<Outcome> {
    if !receipt.status() {
        let reason = format!(
            "the transaction {} reverted, so nothing of it was performed: look at it before you try again, since you \
             paid for its gas",
            receipt.transaction_hash
        );
        return acts.iter().map(|_| skipped(reason.clone())).collect();
    }
    let logs: Vec<&Log> = receipt.logs().iter().filter(|log| log.address() == contract).collect();
    let skip_of = |index: usize| {
        let mut skips = logs.iter().filter_map(|log| abi::ActSkipped::decode_log(&log.inner).ok());
        skips.find(|skip| skip.index == U256::from(index)).map(|skip| in_words(&skip.reason))
    };
    let mut rest = logs.as_slice();
    acts.iter()
        .enumerate()
        .map(|(index, act)| {
            if let Some(reason) = skip_of(index) {
                return skipped(reason);
            }
            let expected = act.act().map(|act| event(&act));
            let is_its = |log: &&Log| expected.is_some() && topics(log) == expected;
            match rest.iter().position(is_its).and_then(|place| rest.get(place..)?.split_first()) {
                Some((log, later)) => {
                    rest = later;
                    let granted = abi::ConsentGranted::decode_log(&log.inner).ok();
                    Outcome::Performed { provision: granted.map(|granted| granted.number) }
                }
                None => skipped(format!(
                    "the receipt of the transaction {} has no event of it: look at it by another node",
                    receipt.transaction_hash
                )),
            }
        })
        .collect()
}

/// The event of a performed act, and its first topic, which is the grantor.
fn event(act: &Act) -> (B256, B256) {
    let (signature, grantor) = match act {
        Act::Grant(call) => (abi::ConsentGranted::SIGNATURE_HASH, call.grantor),
        Act::Amend(call) => (abi::ConsentAmended::SIGNATURE_HASH, call.grantor),
        Act::Revoke(call) => (abi::ConsentRevoked::SIGNATURE_HASH, call.grantor),
        Act::RevokeGrantee(call) => (abi::ConsentsRevoked::SIGNATURE_HASH, call.grantor),
        Act::RevokeAll(call) => (abi::AllConsentsRevoked::SIGNATURE_HASH, call.grantor),
        Act::SetRepresentative(call) => (abi::RepresentativeSet::SIGNATURE_HASH, call.grantor),
        Act::SetRecovery(call) => (abi::RecoverySet::SIGNATURE_HASH, call.grantor),
        Act::StartRecovery(call) => (abi::RecoveryStarted::SIGNATURE_HASH, call.grantor),
        Act::VetoRecovery(call) => (abi::RecoveryVetoed::SIGNATURE_HASH, call.grantor),
    };
    (signature, grantor.into_word())
}

fn topics(log: &Log) -> Option<(B256, B256)> {
    match log.topics() {
        [signature, first, ..] => Some((*signature, *first)),
        _ => None,
    }
}
