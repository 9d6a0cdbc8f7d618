//! Which of the acts are sent, and with how much gas.
//!
//! | what can sink a batch | what is done |
//! |---|---|
//! | wallets that use up all gas of the call | the acts are asked one after the other |
//! | a wallet that says yes in the call and no in the estimate | the wallets are estimated one by one |
//! | an act whose time ends after the newest block and before the next one | the acts are estimated one by one |
//! | more wallets or bytes than fit into a transaction | what is too much is left out |
//! | a wallet that says yes until it is in the transaction | it gets its gas, and no other act loses any |
//!
//! A wallet here is any signer whose code decides: a contract (ERC-1271), an account that delegates to code (EIP-7702),
//! or a verifier (ERC-7913).

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, Bytes};
use alloy::sol_types::SolCall;
use consilium_bindings::Consent as abi;
use eyre::{Report, Result, ensure, eyre};

use super::super::Signed;
use super::{NoEstimate, Node, choose};
use crate::signing::Proven;

/// The most acts of wallets in a transaction: each is given [`WALLET_GAS`].
const MOST_WALLETS: usize = 16;

/// What a wallet may use up: the contract's limit, and the sixty-fourth part that the call keeps back.
const WALLET_GAS: u64 = 1_016_000;

/// The most bytes of calldata: a Nitro node takes transactions of 95,000 bytes.
const MOST_BYTES: usize = 90_000;

/// The acts that are to be sent, by their places in the list that was given.
pub(super) struct Batch<'a> {
    pub(super) node: Node<'a>,
    acts: &'a [Signed],
    /// In the order given.
    pub(super) live: Vec<usize>,
    /// Those that are not sent, and why.
    pub(super) left_out: Vec<(usize, String)>,
    /// Those that wallets sign.
    wallets: BTreeSet<usize>,
}

impl<'a> Batch<'a> {
    pub(super) const fn new(node: Node<'a>, acts: &'a [Signed], live: Vec<usize>) -> Self {
        Self { node, acts, live, left_out: Vec::new(), wallets: BTreeSet::new() }
    }

    /// Whether code that nobody trusts says who signed an act.
    pub(super) fn runs_code(&self, place: usize) -> bool {
        self.wallets.contains(&place)
    }

    /// Leaves out what would not be performed or stops the others, and gives the gas limit of the rest. It ends, since
    /// at least one act is left out in every second round.
    pub(super) async fn settle(&mut self, now: u64) -> Result<u64> {
        let mut has_failed = false;
        loop {
            self.find_wallets(now).await?;
            let block = self.node.sender.chain().head().await?;
            let before = self.left_out.len();
            self.leave_out_refused(block).await?;
            self.leave_out_surplus();
            if self.live.is_empty() {
                return Ok(0);
            }
            if self.left_out.len() > before {
                has_failed = false;
                continue;
            }
            match self.estimate(&self.live).await? {
                Ok(gas) => return Ok(gas.saturating_add(self.spare())),
                // The chain may have gone on since the call.
                Err(_) if !has_failed => has_failed = true,
                Err(why) => {
                    self.leave_out_fickle(&why).await?;
                    has_failed = false;
                }
            }
        }
    }

    /// A key's account can get code at any time.
    async fn find_wallets(&mut self, now: u64) -> Result<()> {
        let mut has_code = BTreeMap::new();
        for place in &self.live {
            let Some(act) = self.acts.get(*place) else { continue };
            let is_wallet = match (act.check(now), act.key_account()) {
                (Ok(Proven::OnChain), _) => true,
                (_, None) => false,
                (_, Some(account)) => match has_code.get(&account) {
                    Some(known) => *known,
                    None => {
                        let found = !self.node.sender.chain().code(account).await?.is_empty();
                        has_code.insert(account, found);
                        found
                    }
                },
            };
            if is_wallet {
                self.wallets.insert(*place);
            }
        }
        Ok(())
    }

    /// What wallets may use up. A key's account may get code until the transaction is in a block, so it counts here.
    fn spare(&self) -> u64 {
        let can_run_code =
            |place: &&usize| self.runs_code(**place) || self.acts.get(**place).is_some_and(|act| !act.is_passkey());
        let count = self.live.iter().filter(can_run_code).count().min(MOST_WALLETS);
        WALLET_GAS.saturating_mul(count as u64)
    }

    fn leave_out(&mut self, places: &[usize], reason: &str) {
        self.live.retain(|place| !places.contains(place));
        self.left_out.extend(places.iter().map(|place| (*place, reason.to_owned())));
    }

    /// Leaves out what the contract would not perform at a block.
    async fn leave_out_refused(&mut self, block: u64) -> Result<()> {
        let (kept, refused) = self.tried(&self.live, block).await?;
        self.live = kept;
        self.left_out.extend(refused);
        Ok(())
    }

    /// Leaves out what does not fit into one transaction.
    fn leave_out_surplus(&mut self) {
        let wallets: Vec<_> = self.live.iter().copied().filter(|place| self.runs_code(*place)).collect();
        if let Some(surplus) = wallets.get(MOST_WALLETS..) {
            self.leave_out(surplus, &surplus_of_wallets());
        }
        while let Some(last) = self.live.last().copied()
            && self.bytes() > MOST_BYTES
        {
            let reason =
                format!("the others fill a transaction, which takes {MOST_BYTES} bytes: bring it in another run");
            self.leave_out(&[last], &reason);
        }
    }

    /// The bytes of the longer of the two calls.
    fn bytes(&self) -> usize {
        let acts = choose(self.acts, &self.live);
        let signed = acts.iter().map(|act| act.for_contract()).collect();
        all(&acts).len().max(abi::relayCall { signed }.abi_encode().len())
    }

    /// The acts that would be performed at a block, one after the other, and the others with the reasons.
    async fn tried(&self, places: &[usize], block: u64) -> Result<(Vec<usize>, Vec<(usize, String)>)> {
        let Ok(done) = self.relayed(places, block).await? else { return self.tried_one_by_one(places, block).await };
        let (mut kept, mut refused) = (Vec::new(), Vec::new());
        for (place, done) in places.iter().zip(done) {
            if done {
                kept.push(*place);
            } else {
                refused.push((*place, self.reason(&kept, *place, block).await?));
            }
        }
        Ok((kept, refused))
    }

    /// The same for acts that cannot be tried in one call, as when wallets use up its gas.
    async fn tried_one_by_one(&self, places: &[usize], block: u64) -> Result<(Vec<usize>, Vec<(usize, String)>)> {
        let (mut kept, mut refused) = (Vec::new(), Vec::new());
        for place in places {
            let wallets = kept.iter().filter(|place| self.runs_code(**place)).count();
            if self.runs_code(*place) && wallets >= MOST_WALLETS {
                refused.push((*place, surplus_of_wallets()));
                continue;
            }
            let tried = [&kept[..], &[*place]].concat();
            match self.relayed(&tried, block).await? {
                Ok(done) if done.last() == Some(&true) => kept.push(*place),
                Ok(_) => refused.push((*place, self.reason(&kept, *place, block).await?)),
                Err(why) => refused.push((*place, format!("the node cannot try it: {why}: bring it in another run"))),
            }
        }
        Ok((kept, refused))
    }

    /// Which of the acts the contract would perform; or why the node cannot say it.
    async fn relayed(&self, places: &[usize], block: u64) -> Result<Result<Vec<bool>, String>> {
        let acts = choose(self.acts, places);
        let signed = acts.iter().map(|act| act.for_contract()).collect();
        let answer = self.node.ask(abi::relayCall { signed }, block).await?;
        if let Ok(done) = &answer {
            ensure!(done.len() == acts.len(), "the contract answers for {} acts of {}", done.len(), acts.len());
        }
        Ok(answer)
    }

    /// Why an act is not performed after others. `relay` of the others never reverts, so what reverts is this act.
    async fn reason(&self, before: &[usize], place: usize, block: u64) -> Result<String> {
        let signed = choose(self.acts, before).iter().map(|act| act.for_contract()).collect();
        let mut data: Vec<Bytes> = vec![abi::relayCall { signed }.abi_encode().into()];
        data.extend(choose(self.acts, &[place]).into_iter().map(one));
        let answer = self.node.ask(abi::multicallCall { data }, block).await?;
        Ok(answer.err().unwrap_or_else(|| "the node answers differently each time: try again".to_owned()))
    }

    /// The gas limit of acts without what wallets may use up; or why there is none.
    async fn estimate(&self, places: &[usize]) -> Result<Result<u64, NoEstimate>> {
        self.node.estimate(all(&choose(self.acts, places))).await
    }

    /// Leaves out what the estimate fails with, where the call says that all acts would be performed. `whole` is why it
    /// fails. What is left out is judged by an estimate without it that succeeds, and one with it that fails.
    async fn leave_out_fickle(&mut self, whole: &NoEstimate) -> Result<()> {
        let (wallets, keys): (Vec<usize>, Vec<usize>) = self.live.iter().partition(|place| self.runs_code(**place));
        // Without those that need an act of a wallet before them.
        let block = self.node.sender.chain().head().await?;
        let (keys, _) = self.tried(&keys, block).await?;
        if !keys.is_empty()
            && let Err(why) = self.estimate(&keys).await?
        {
            return self.leave_out_late(&keys, &why).await;
        }
        ensure!(!wallets.is_empty(), nothing_sent(whole));
        let signers: BTreeSet<_> = wallets.iter().filter_map(|place| self.signer(*place)).collect();
        let before = self.live.len();
        for signer in signers {
            let own: Vec<_> = wallets.iter().copied().filter(|place| self.signer(*place) == Some(signer)).collect();
            let mut tried = [&keys[..], &own].concat();
            tried.sort_unstable();
            if let Err(why) = self.estimate(&tried).await? {
                self.leave_out(&own, &changed(&why));
            }
        }
        if self.live.len() == before {
            let reason = format!(
                "the node cannot estimate the gas of all acts whose signers are contracts or have verifiers together: \
                 {}: bring it by itself",
                whole.words
            );
            self.leave_out(&wallets, &reason);
        }
        Ok(())
    }

    /// The same among acts of keys, which answer alike each time but have ends: the estimate is of a later time than
    /// the call. `whole` is why the estimate of all of them fails.
    async fn leave_out_late(&mut self, keys: &[usize], whole: &NoEstimate) -> Result<()> {
        ensure!(whole.is_revert, nothing_sent(whole));
        let before = self.live.len();
        let mut kept = Vec::new();
        for place in keys {
            let tried = [&kept[..], &[*place]].concat();
            let Err(why) = self.estimate(&tried).await? else {
                kept = tried;
                continue;
            };
            // It may be one before it, whose end has come meanwhile.
            if !kept.is_empty() && self.estimate(&kept).await?.is_err() {
                break;
            }
            self.leave_out(&[*place], &changed(&why));
        }
        ensure!(self.live.len() < before, nothing_sent(whole));
        Ok(())
    }

    fn signer(&self, place: usize) -> Option<Address> {
        self.acts.get(place).and_then(Signed::account)
    }
}

fn surplus_of_wallets() -> String {
    format!(
        "{MOST_WALLETS} others are signed by contracts or verifiers, each of which may use {WALLET_GAS} gas, and no \
         more fit into a transaction: bring it in another run"
    )
}

fn changed(why: &NoEstimate) -> String {
    format!(
        "the node said first that it would be performed, and when it estimated the gas: {}. So it was left out, and \
         cost nothing",
        why.words
    )
}

fn nothing_sent(why: &NoEstimate) -> Report {
    eyre!("nothing was sent: the gas cannot be estimated: {}", why.words)
}

/// The call that performs one act.
fn one(act: &Signed) -> Bytes {
    abi::actCall { signed: act.for_contract() }.abi_encode().into()
}

/// The call that performs all of them, or none.
fn all(acts: &[&Signed]) -> Bytes {
    abi::multicallCall { data: acts.iter().map(|act| one(act)).collect() }.abi_encode().into()
}
