//! What the splitter's events tell, up to a block.

use std::collections::{BTreeMap, BTreeSet};

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::{Filter, Log};
use consilium_bindings::RevenueSplitter as abi;
use eyre::{OptionExt, Result};

use super::super::node::Splitter;
use super::Claimed;

/// Licence, request and class of a payment.
type Tag = (B256, B256, u8);

/// The block of an event, and its place there.
fn place(log: &Log) -> Result<(u64, u64)> {
    log.block_number.zip(log.log_index).ok_or_eyre("the node does not say where an event is: ask another node")
}

/// All that statements need.
pub(super) struct Events {
    /// By table and token: how much came from which source.
    told: BTreeMap<(u32, Address), BTreeMap<Tag, U256>>,
    /// Who claimed what.
    claimed: Vec<(Address, Claimed)>,
    recovered: Vec<(Address, u32, U256)>,
    /// What payees gave up, by token and account.
    lost: BTreeMap<(Address, Address), U256>,
    /// The token of each epoch.
    epochs: BTreeMap<u32, Address>,
    /// Ether, those of epochs, and then in the order in which they came.
    tokens: Vec<Address>,
    /// Of a table and token that nobody paid with a source.
    none: BTreeMap<Tag, U256>,
}

impl Events {
    pub(super) async fn read(splitter: &Splitter, block: u64) -> Result<Self> {
        let mut told: BTreeMap<_, BTreeMap<Tag, U256>> = BTreeMap::new();
        let mut came = Vec::new();
        for (event, log) in splitter.events::<abi::RevenueReceived>(Filter::new(), block).await? {
            let tag = (event.licence, event.request, event.dataClass);
            *told.entry((event.version, event.token)).or_default().entry(tag).or_default() += event.amount;
            came.push((place(&log)?, event.token));
        }
        for (event, log) in splitter.events::<abi::Noticed>(Filter::new(), block).await? {
            came.push((place(&log)?, event.token));
        }
        let mut epochs = BTreeMap::new();
        for (event, _) in splitter.events::<abi::EpochPublished>(Filter::new(), block).await? {
            epochs.insert(event.number, event.token);
        }
        let claimed = splitter.events::<abi::Claimed>(Filter::new(), block).await?;
        let (mut claims, mut places) = (Vec::with_capacity(claimed.len()), BTreeMap::new());
        for (event, log) in claimed {
            let abi::Claimed { number: epoch, index, account, to, amount } = event;
            places.insert(place(&log)?, claims.len());
            claims.push((account, Claimed { epoch, index, to, amount, lost: U256::ZERO }));
        }
        let mut lost = BTreeMap::<_, U256>::new();
        for (event, log) in splitter.events::<abi::LossTaken>(Filter::new(), block).await? {
            // A loss by a claim is logged right after the claim, and every other one is a payee's.
            let (number, index) = place(&log)?;
            let before = index.checked_sub(1).and_then(|index| places.get(&(number, index)));
            match before.and_then(|place| claims.get_mut(*place)).filter(|(account, _)| *account == event.account) {
                Some((_, claim)) => claim.lost = event.amount,
                None => *lost.entry((event.token, event.account)).or_default() += event.amount,
            }
        }
        let recovered = splitter.events::<abi::EpochRecovered>(Filter::new(), block).await?;
        let recovered = recovered.into_iter().map(|(event, _)| (event.to, event.number, event.amount));
        let recovered = recovered.collect();
        // The contract is asked about each epoch only where a node kept its event back.
        let count = splitter.read_at(abi::epochCountCall {}, BlockId::from(block)).await?;
        for number in 1..=count {
            if let std::collections::btree_map::Entry::Vacant(unknown) = epochs.entry(number) {
                let epoch = splitter.read_at(abi::epochCall { number }, BlockId::from(block)).await?;
                unknown.insert(epoch.token);
            }
        }
        came.sort_unstable();
        let all =
            [Address::ZERO].into_iter().chain(epochs.values().copied()).chain(came.into_iter().map(|(_, token)| token));
        let mut seen = BTreeSet::new();
        let tokens = all.filter(|token| seen.insert(*token)).collect();
        Ok(Self { told, claimed: claims, recovered, lost, epochs, tokens, none: BTreeMap::new() })
    }

    /// Ether, and the tokens that were heard of: first those of epochs, which the DAO chose.
    pub(super) fn tokens(&self) -> Vec<Address> {
        self.tokens.clone()
    }

    /// How much came under a table in a token, by source.
    pub(super) fn of(&self, version: u32, token: Address) -> &BTreeMap<Tag, U256> {
        self.told.get(&(version, token)).unwrap_or(&self.none)
    }

    fn is_of(&self, epoch: u32, token: Address) -> bool {
        self.epochs.get(&epoch) == Some(&token)
    }

    /// What an account claimed in a token.
    pub(super) fn claims(&self, account: Address, token: Address) -> Vec<Claimed> {
        let own = self.claimed.iter().filter(|(by, claim)| *by == account && self.is_of(claim.epoch, token));
        own.map(|(_, claim)| claim.clone()).collect()
    }

    /// What an account gave up of a token as a payee.
    pub(super) fn lost(&self, account: Address, token: Address) -> U256 {
        self.lost.get(&(token, account)).copied().unwrap_or_default()
    }

    /// What an account got as the treasury in a token.
    pub(super) fn recovered(&self, account: Address, token: Address) -> Vec<(u32, U256)> {
        let own = self.recovered.iter().filter(|(to, epoch, _)| *to == account && self.is_of(*epoch, token));
        own.map(|(_, epoch, amount)| (*epoch, *amount)).collect()
    }
}
