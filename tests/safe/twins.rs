//! Two Safes, ours and Safe's own, each behind a proxy that Safe's own factory made, with the same owners.

use std::cell::{Cell, RefCell};

use alloy::primitives::{Address, B256, LogData, U256, keccak256};
use alloy::providers::Provider;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{Revert, SolCall, SolError, SolEvent};
use consilium_bindings::Safe;
use eyre::{Result, ensure};
use harness::actor::actors;
use harness::answer::Answer;
use harness::chain::Chain;
use harness::layout::Layout;
pub(crate) use harness::safes::setup;
use harness::twins::Twins;
use harness::{deploy, peers, safes};

pub(crate) use crate::helpers::{Helpers, Token};
use crate::transaction::{By, SafeTx, signatures};
use crate::version;
pub(crate) use crate::version::NAMED_SLOTS;

/// The first and the last of a list.
pub(crate) const SENTINEL: Address = Address::with_last_byte(1);

/// One of the two.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    /// The proxy.
    pub safe: Address,
    /// Its code.
    pub singleton: Address,
}

/// Both Safes and who deals with them.
pub(crate) struct Safes {
    twins: Twins<Side>,
    /// Owners with a key, in the order of their addresses.
    pub keys: Vec<PrivateKeySigner>,
    /// An owner that is a contract.
    pub signer: Address,
    /// What the Safes call.
    pub target: Address,
    /// The factory of both.
    pub factory: Address,
    /// Accounts whose entries in the lists are compared.
    people: RefCell<Vec<Address>>,
    /// Hashes whose approvals are compared: ours, and what means the same to the peer.
    hashes: RefCell<Vec<[B256; 2]>>,
    salt: Cell<u64>,
}

harness::deref_to_twins!(Safes, Side);

/// `Error("GS…")`.
pub(crate) fn gs(number: u16) -> Vec<u8> {
    Revert::from(format!("GS{number:03}")).abi_encode()
}

/// A key of the tests, always the same.
pub(crate) fn key(number: u8) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&keccak256([number])).expect("a key")
}

impl Safes {
    /// Both singletons, and a proxy of each that nobody has set up.
    pub(crate) async fn bare() -> Result<Self> {
        Self::bare_on(Chain::start()?).await
    }

    async fn bare_on(chain: Chain) -> Result<Self> {
        let actors = actors(&chain, 3).await?;
        let ours = deploy::program(&chain, version::PROGRAM, &[]).await?;
        let peer = peers::create(&chain, version::PEER, &[]).await?;
        let factory = peers::create(&chain, version::FACTORY, &[]).await?;
        let signer = peers::create(&chain, "SafeSigner", &[]).await?;
        let target = peers::create(&chain, "SafeTarget", &[]).await?;
        let nowhere = [ours, peer].map(|singleton| Side { safe: Address::ZERO, singleton });
        let twins = Twins::new(chain, nowhere, actors)?;
        twins.stands_for(ours, peer);
        let mut keys: Vec<_> = (0..9).map(key).collect();
        keys.sort_by_key(PrivateKeySigner::address);
        let mut people = twins.actors.clone();
        people.extend(keys.iter().map(PrivateKeySigner::address));
        people.extend([Address::ZERO, SENTINEL, signer, target, factory]);
        let (people, hashes, salt) = (people.into(), RefCell::default(), Cell::new(0));
        let mut safes = Self { twins, keys, signer, target, factory, people, hashes, salt };
        safes.renew(&[]).await?;
        Ok(safes)
    }

    /// Safes of three owners with keys, one actor and one contract, of whom two have to sign. They have ether.
    pub(crate) async fn start() -> Result<Self> {
        Self::start_on(Chain::start()?).await
    }

    /// The same on another chain.
    pub(crate) async fn start_on(chain: Chain) -> Result<Self> {
        let safes = Self::bare_on(chain).await?;
        let owners = safes.owners();
        safes.call(1, setup(&owners, 2)).await?.succeeded();
        safes.fund(1_000_000).await?;
        Ok(safes)
    }

    /// The owners that [`Self::start`] sets up.
    pub(crate) fn owners(&self) -> Vec<Address> {
        let mut owners: Vec<_> = self.keys[..3].iter().map(PrivateKeySigner::address).collect();
        owners.extend([self.actors[0], self.signer]);
        owners
    }

    /// The first two owners with keys.
    pub(crate) fn two(&self) -> [By; 2] {
        [0, 1].map(|at| By::Key(self.keys[at].clone()))
    }

    /// Makes another proxy of each singleton, by Safe's factory, which sets it up by this calldata where there is some.
    pub(crate) async fn renew(&mut self, initializer: &[u8]) -> Result<()> {
        let mut sides = Vec::new();
        for Side { singleton, .. } in [self.twins.ours, self.twins.peer] {
            sides.push(Side { safe: self.proxy(singleton, initializer).await?, singleton });
        }
        (self.twins.ours, self.twins.peer) = (sides[0], sides[1]);
        self.stands_for(sides[0].safe, sides[1].safe);
        Ok(())
    }

    /// A proxy of a singleton that nobody has set up.
    pub(crate) async fn proxy_of(&self, singleton: Address) -> Result<Address> {
        self.proxy(singleton, &[]).await
    }

    async fn proxy(&self, singleton: Address, initializer: &[u8]) -> Result<Address> {
        self.salt.set(self.salt.get() + 1);
        safes::proxy(&self.sender, self.factory, singleton, initializer.to_vec(), self.salt.get()).await
    }

    /// Compares the entries of this account too from now on.
    pub(crate) fn know(&self, account: Address) {
        self.people.borrow_mut().push(account);
    }

    /// Calls a function of both Safes, as an actor, and compares their storage.
    pub(crate) async fn call(&self, actor: usize, call: impl SolCall) -> Result<Answer> {
        self.raw(actor, call.abi_encode()).await
    }

    /// The same with any calldata.
    pub(crate) async fn raw(&self, actor: usize, data: Vec<u8>) -> Result<Answer> {
        self.each_raw(actor, |_| data.clone()).await
    }

    /// The same with calldata of each.
    pub(crate) async fn each_raw(&self, actor: usize, data: impl Fn(&Side) -> Vec<u8>) -> Result<Answer> {
        let answer = self.at(actor, |side| (side.safe, data(side))).await?;
        self.same_storage().await?;
        Ok(answer)
    }

    /// Asks both Safes, as nobody.
    pub(crate) async fn view(&self, call: impl SolCall) -> Result<Answer> {
        let data = call.abi_encode();
        self.ask(Address::ZERO, |side| (side.safe, data.clone())).await
    }

    /// The nonce of both.
    pub(crate) async fn nonce(&self) -> Result<U256> {
        Ok(self.view(Safe::nonceCall {}).await?.output::<Safe::nonceCall>())
    }

    /// The hash of a transaction for each, with the present nonce; the two stand for each other.
    pub(crate) async fn hashes(&self, transaction: impl Fn(&Side) -> SafeTx) -> Result<[B256; 2]> {
        let nonce = self.nonce().await?;
        let hash = |side: &Side| SafeTx { nonce, ..transaction(side) }.hash(side.safe);
        let hashes = [hash(&self.ours), hash(&self.peer)];
        self.stands_for(hashes[0], hashes[1]);
        self.hashes.borrow_mut().push(hashes);
        Ok(hashes)
    }

    /// Executes a transaction on both, sent by an actor and signed by these.
    pub(crate) async fn execute(&self, actor: usize, transaction: SafeTx, by: &[By]) -> Result<Answer> {
        self.execute_each(actor, |_| transaction.clone(), |hash| signatures(hash, by)).await
    }

    /// The same with a transaction that depends on the Safe's address, and any signatures.
    pub(crate) async fn execute_each(
        &self,
        actor: usize,
        transaction: impl Fn(&Side) -> SafeTx,
        signatures: impl Fn(B256) -> Vec<u8>,
    ) -> Result<Answer> {
        let hashes = self.hashes(&transaction).await?;
        let hash = |side: &Side| if side.safe == self.ours.safe { hashes[0] } else { hashes[1] };
        self.each_raw(actor, |side| transaction(side).execution(signatures(hash(side)))).await
    }

    /// Lets two owners execute a call of the Safe to itself.
    pub(crate) async fn itself(&self, call: impl SolCall) -> Result<Answer> {
        let data = call.abi_encode();
        let two = self.two();
        self.execute_each(1, |side| crate::transaction::call(side.safe, data.clone()), |hash| signatures(hash, &two))
            .await
    }

    /// The same, which must succeed.
    pub(crate) async fn change(&self, call: impl SolCall) -> Result<()> {
        self.itself(call).await?.succeeded();
        Ok(())
    }

    /// What a Safe's call to itself reverts with, if a module makes it: the Safe's own transactions hide it.
    pub(crate) async fn refusal(&self, call: impl SolCall) -> Result<Vec<u8>> {
        let data = call.abi_encode();
        let answer = self
            .at(2, |side| {
                let call = Safe::execTransactionFromModuleReturnDataCall {
                    to: side.safe,
                    value: U256::ZERO,
                    data: data.clone().into(),
                    operation: 0,
                };
                (side.safe, call.abi_encode())
            })
            .await?;
        let answer = answer.output::<Safe::execTransactionFromModuleReturnDataCall>();
        ensure!(!answer.success, "it succeeded");
        self.same_storage().await?;
        Ok(answer.returnData.to_vec())
    }

    /// Sends ether to both.
    pub(crate) async fn fund(&self, wei: u64) -> Result<()> {
        for side in [self.ours, self.peer] {
            ensure!(self.sender.send_with(side.safe, Vec::new(), wei).await?.status(), "{} refused ether", side.safe);
        }
        Ok(())
    }

    /// The ether of an account.
    pub(crate) async fn balance(&self, account: Address) -> Result<U256> {
        Ok(self.chain.dev.get_balance(account).await?)
    }

    /// Compares the storage of both, slot by slot: the eight of the layout and a few behind them, the entries of all
    /// known people in the lists, and their approvals of all known hashes.
    pub(crate) async fn same_storage(&self) -> Result<()> {
        let mut slots = Vec::new();
        let layout = Layout::of(version::PROGRAM, &self.chain, self.ours.safe)?;
        for slot in 0..12 {
            slots.push((format!("slot {slot}"), [U256::from(slot); 2]));
        }
        for name in NAMED_SLOTS {
            slots.push((name.to_owned(), [keccak256(name).into(); 2]));
        }
        for account in self.people.borrow().iter() {
            for map in ["safe.modules", "safe.owners"] {
                slots.push((format!("{map} {account}"), [layout.value(map, &[account.into_word()])?; 2]));
            }
            for hashes in self.hashes.borrow().iter() {
                let of_account = layout.value("safe.approved_hashes", &[account.into_word()])?;
                let both = hashes.map(|hash| Layout::nested(of_account, hash));
                slots.push((format!("approval of {account}"), both));
            }
        }
        for (name, [ours, peer]) in slots {
            let found = self.chain.storage(self.ours.safe, ours).await?;
            let expected = self.chain.storage(self.peer.safe, peer).await?;
            let singletons = [self.ours, self.peer].map(|side| side.singleton.into_word());
            let is_own_code = name == "slot 0" && [found, expected] == singletons;
            ensure!(found == expected || is_own_code, "{name}: {found} against {expected}");
        }
        Ok(())
    }
}

/// The event as it is logged.
pub(crate) fn event(event: impl SolEvent) -> LogData {
    event.encode_log_data()
}
