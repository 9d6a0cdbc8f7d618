//! What policy leaves of a permit: a grant is performed whatever the policy is, and counts only as far as that lets it.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};
use consilium_bindings::Consent as abi;
use eyre::Result;

use super::names::Names;
use super::{Act, Signed, read};
use crate::chain::Chain;
use crate::config::moment::Moment;

/// Seconds of a day.
const DAY: u64 = 86_400;

/// The days of a purpose whose permits have no limit.
const NO_LIMIT: u16 = u16::MAX;

/// The policy of a consent contract, at a time.
pub struct Narrowing {
    policy: abi::Policy,
    longest: [u16; 64],
    now: u64,
}

impl Narrowing {
    /// Reads it at the newest block.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn read(chain: &Chain, contract: Address) -> Result<Self> {
        let block = chain.head().await?;
        let found = read(chain, contract, abi::policyCall {}, block).await?;
        Ok(Self { policy: found.policy, longest: found.longest, now: chain.time(block).await? })
    }

    /// What of a permit does not count, in sentences.
    pub fn of(&self, act: &Signed, names: &Names) -> Vec<String> {
        match act.act() {
            Some(Act::Grant(call)) => self.of_provision(&call.provision, names),
            Some(Act::Amend(call)) => self.of_provision(&call.provision, names),
            _ => Vec::new(),
        }
    }

    fn of_provision(&self, provision: &abi::Provision, names: &Names) -> Vec<String> {
        if provision.deny {
            return Vec::new();
        }
        let (purposes, classes) = (provision.purposes, provision.classes);
        if purposes == u64::MAX {
            return vec![
                "policy may close some purposes, ask for a consent of their own or end them earlier: `consilium consent \
                 ask` says so of each"
                    .to_owned(),
            ];
        }
        let mut notes = Vec::new();
        let days = |purpose: &u8| self.longest[usize::from(*purpose)];
        let of = |mask: u64| (0..64_u8).filter(move |purpose| mask >> purpose & 1 == 1);
        let mask = |purposes: &mut dyn Iterator<Item = u8>| purposes.fold(0, |mask, purpose| mask | 1_u64 << purpose);
        let closed = mask(&mut of(purposes).filter(|purpose| days(purpose) == 0));
        if closed != 0 {
            notes.push(format!(
                "policy lets nobody consent to {}: that does not count",
                names.purposes_in_words(closed)
            ));
        }
        let separate = purposes & self.policy.separatePurposes;
        if separate != 0 && separate != purposes {
            notes.push(format!(
                "policy asks for a consent of its own for {}: this one names other purposes too, and does not count for it",
                names.purposes_in_words(separate)
            ));
        }
        let separate = classes & U256::from_limbs([0, 0, 0, self.policy.separateClasses]);
        if classes != U256::MAX && !separate.is_zero() && separate != classes {
            notes.push(format!(
                "policy asks for a consent of its own for {}: this one names other classes too, and does not count for it",
                names.classes_in_words(separate)
            ));
        }
        let begin = match provision.notBefore.to() {
            0 => self.now,
            begin => begin,
        };
        let expiry = provision.expiry.to::<u64>();
        let mut ends = BTreeMap::<u64, u64>::new();
        for purpose in of(purposes) {
            let end = begin.saturating_add(u64::from(days(&purpose)) * DAY);
            if !matches!(days(&purpose), 0 | NO_LIMIT) && (expiry == 0 || end < expiry) {
                *ends.entry(end).or_default() |= 1 << purpose;
            }
        }
        let ended = |(end, purposes): (u64, u64)| {
            format!("policy ends it for {} at {} already", names.purposes_in_words(purposes), Moment(end))
        };
        notes.extend(ends.into_iter().map(ended));
        notes
    }
}

#[cfg(test)]
mod tests;
