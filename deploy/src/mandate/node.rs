//! The contract on a chain, and what it says of its holders.

use std::collections::BTreeSet;
use std::ops::Deref;

use alloy::primitives::{Address, U256};
use alloy::rpc::types::Filter;
use consilium_bindings::Mandate as abi;
use eyre::Result;

use super::errors::in_words;
use crate::chain::Chain;
use crate::config::moment::Moment;
use crate::contract::{Contract, Kind};
use crate::parts::mandate::NAME;

/// What it is. Nothing is signed for it.
static KIND: Kind = Kind { name: NAME, domain: None, in_words };

/// The mandates of a DAO, and the chain they are on.
#[derive(Clone, Debug)]
pub struct Mandates(Contract);

/// Somebody's mandate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Who has it, or had it.
    pub holder: Address,
    /// The first second in which it has ended.
    pub until: Moment,
    /// Whether it is running.
    pub running: bool,
    /// The seconds between reports; 0 for none.
    pub report_every: u32,
    /// The last second in which the next report is in time; none if none is owed.
    pub due: Option<Moment>,
    /// Whether that has passed.
    pub overdue: bool,
    /// The next missed date that is not logged.
    pub missed: Option<Moment>,
    /// What it may spend.
    pub purses: Vec<Purse>,
}

/// An allowance of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purse {
    /// Zero for ether.
    pub token: Address,
    /// How much in each period, in the smallest unit.
    pub limit: U256,
    /// How much of that is left now.
    pub left: U256,
    /// In seconds.
    pub period: u32,
    /// When the next period begins.
    pub refills_at: Moment,
}

impl Deref for Mandates {
    type Target = Contract;

    fn deref(&self) -> &Contract {
        &self.0
    }
}

impl Mandates {
    /// Finds the contract at an address. Another one could answer anything, and is refused.
    ///
    /// # Errors
    /// If there is none, or the node does not answer.
    pub async fn open(chain: &Chain, at: Address) -> Result<Self> {
        let contract = Contract::open(&KIND, chain, at).await?;
        let nobody = abi::missedCall { holder: Address::ZERO };
        match contract.read(nobody).await {
            Ok(due) if due.is_zero() => Ok(Self(contract)),
            _ => Err(contract.stranger()),
        }
    }

    /// Everybody who has or had a mandate.
    ///
    /// # Errors
    /// If the node does not serve the events.
    pub async fn holders(&self) -> Result<Vec<Address>> {
        let head = self.chain().head().await?;
        let granted = self.events::<abi::MandateGranted>(Filter::new(), head).await?;
        let mut seen = BTreeSet::new();
        Ok(granted.into_iter().map(|(event, _)| event.holder).filter(|holder| seen.insert(*holder)).collect())
    }

    /// Somebody's mandate with all its allowances; none if it never had one.
    ///
    /// # Errors
    /// If the node does not answer, or does not serve the events.
    pub async fn held(&self, holder: Address) -> Result<Option<Held>> {
        let terms = self.read(abi::mandateCall { holder }).await?;
        if terms.number == 0 {
            return Ok(None);
        }
        let mut purses = Vec::new();
        for token in self.tokens(holder).await? {
            let found = self.read(abi::allowanceCall { holder, token }).await?;
            if !found.limit.is_zero() {
                let (limit, left, period) = (found.limit, found.left, found.period);
                purses.push(Purse { token, limit, left, period, refills_at: Moment(found.refillsAt.to()) });
            }
        }
        Ok(Some(Held {
            holder,
            until: Moment(terms.until.to()),
            running: self.read(abi::isRunningCall { holder }).await?,
            report_every: terms.reportEvery,
            due: moment(terms.due.to()),
            overdue: self.read(abi::isOverdueCall { holder }).await?,
            missed: moment(self.read(abi::missedCall { holder }).await?.to()),
            purses,
        }))
    }

    /// What a holder's last report logged.
    pub(super) async fn last_report(&self, holder: Address) -> Result<Option<abi::Reported>> {
        let head = self.chain().head().await?;
        let filed = self.events::<abi::Reported>(Filter::new().topic1(holder.into_word()), head).await?;
        Ok(filed.into_iter().next_back().map(|(event, _)| event))
    }

    /// The tokens of which a holder ever had an allowance.
    async fn tokens(&self, holder: Address) -> Result<BTreeSet<Address>> {
        let head = self.chain().head().await?;
        let set = self.events::<abi::AllowanceSet>(Filter::new().topic1(holder.into_word()), head).await?;
        Ok(set.into_iter().map(|(event, _)| event.token).collect())
    }
}

/// A date, as views give it: 0 for none.
fn moment(seconds: u64) -> Option<Moment> {
    (seconds != 0).then_some(Moment(seconds))
}
