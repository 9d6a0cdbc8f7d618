//! What the contract costs, ours and the peer's on one chain, both behind our proxy. Questions are asked by
//! another contract, with everything read for the first time.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use alloy::sol_types::{SolCall, SolConstructor};
use consilium_bindings::Consent as C;
use eyre::{Result, ensure};
use harness::chain::{Account, Chain};
use harness::cost::Cost;
use harness::gas_table::{Measured, Row, keep, rows};
use harness::passkey::Passkey;
use harness::peers;
use harness::{authority, deploy};
use nitro::{CACHE_MANAGER, CacheManager};

use crate::walk::acts::{hash, sign, time};

/// Gas that ours takes at most, cached; the transaction is part of what changes something.
const PROMISED: [(&str, u64); 8] = [
    ("isPermitted from another contract: a grantee", 20_300),
    ("isPermitted from another contract: a member of an organisation", 26_900),
    ("isPermitted: each further provision", 4_500),
    ("grant, the first", 103_500),
    ("grant by a passkey, the first", 121_500),
    ("relay of 20 grants, each, grantors seen before", 69_000),
    ("relay of 20 grants, each, new grantors", 86_500),
    ("revokeAll", 35_000),
];
/// Percent of the peer's that ours takes at most.
const RATIOS: [(&str, u64); 7] = [
    ("isPermitted from another contract: a grantee", 75),
    ("isPermitted from another contract: a member", 78),
    ("isPermitted: each further provision", 74),
    ("grant, the first", 80),
    ("grant", 97),
    ("relay", 61),
    ("amend", 92),
];
/// The same of all else: there both read and write the same number of slots, and that is nearly all that they pay.
const ELSE: u64 = 103;

/// Acts of a batch.
const BATCH: usize = 20;

sol! {
    interface Asker {
        function ask(address consent, bytes question) external view returns (uint256 used, bool success, bytes answer);
    }
}

/// A contract, and who deals with it. The admin is whom the authority lets pass.
struct Scene<'a> {
    chain: &'a Chain,
    admin: Account,
    grantor: Account,
    contract: Address,
    asker: Address,
}

fn policy() -> C::Policy {
    C::Policy {
        separatePurposes: 1 << 9,
        separateClasses: 1,
        emergencyPurposes: 1 << 3,
        refusedJurisdictions: 1 << 31,
        closedClasses: U256::from(1) << 255,
        openFor: 86_400,
        reviewWithin: 86_400,
        window: 86_400,
        limit: 3,
        recoveryDelay: 86_400,
        hook: Address::ZERO,
    }
}

fn provision(grantee: Address) -> C::Provision {
    C::Provision {
        grantee,
        classes: U256::from(0xff),
        purposes: 0xff,
        deny: false,
        notBefore: time(0),
        expiry: time(1 << 39),
        document: B256::repeat_byte(7),
    }
}

fn grant(grantor: Address, grantee: Address) -> Vec<u8> {
    C::grantCall { grantor, provision: provision(grantee) }.abi_encode()
}

impl<'a> Scene<'a> {
    async fn new(chain: &'a Chain, contract: Address) -> Result<Self> {
        let (admin, grantor) = (chain.dev_account()?, chain.account("grantor").await?);
        let asker = peers::create(chain, "ConsentAsker", &[]).await?;
        Ok(Self { chain, admin, grantor, contract, asker })
    }

    /// Sends a transaction, which must succeed; its gas.
    async fn gas(&self, by: &Account, data: Vec<u8>) -> Result<Cost<0>> {
        Cost::of(by, self.contract, data, []).await
    }

    /// What a question takes from another contract, and the reason that it answers.
    async fn ask(&self, grantor: Address, actor: Address, onBehalfOf: Address, purpose: u8) -> Result<(u64, u8)> {
        let question = C::isPermittedCall { grantor, actor, onBehalfOf, dataClass: 3, purpose }.abi_encode().into();
        let ask = Asker::askCall { consent: self.contract, question };
        let request = TransactionRequest::default().with_to(self.asker).with_input(ask.abi_encode());
        let answer = Asker::askCall::abi_decode_returns(&self.chain.dev.call(request).await?)?;
        ensure!(answer.success, "isPermitted did not answer");
        Ok((answer.used.to(), C::isPermittedCall::abi_decode_returns(&answer.answer)?.reason))
    }

    async fn question(&self, grantor: Address, actor: Address, onBehalfOf: Address, expected: u8) -> Result<u64> {
        let (used, reason) = self.ask(grantor, actor, onBehalfOf, 3).await?;
        ensure!(reason == expected, "the reason is {reason} and not {expected}");
        Ok(used)
    }

    /// What a question takes, of a grantor that nothing is about.
    async fn first_question(&self) -> Result<u64> {
        self.question(self.admin.address(), Address::repeat_byte(4), Address::ZERO, 16).await
    }

    /// A grant by a passkey, brought by somebody else.
    async fn by_passkey(&self, grantee: Address, nonce: u64) -> Result<Cost<0>> {
        let key = Passkey::new(B256::repeat_byte(7))?;
        let (signer, act) = (key.signer(), grant(key.account(), grantee));
        let (nonce, deadline) = (U256::from(nonce), 1 << 40);
        let hash = hash(self.contract, &act, nonce, deadline, Address::ZERO).expect("a grant can be signed");
        let signature = key.sign(hash, "clinic.example")?;
        let (deadline, relayer) = (time(deadline), Address::ZERO);
        let signed = C::SignedAct { signer, act: act.into(), nonce, deadline, relayer, signature };
        self.gas(&self.admin, C::actCall { signed }.abi_encode()).await
    }

    /// A batch of grants, one by each of so many keys, who have used so many nonces; gas of each.
    async fn batch(&self, grantee: Address, nonce: u64) -> Result<Cost<0>> {
        let mut signed = Vec::new();
        for index in 0..BATCH {
            let key = PrivateKeySigner::from_bytes(&B256::from(U256::from(index + 1_000)))?;
            let act = grant(key.address(), grantee);
            let (nonce, deadline) = (U256::from(nonce), 1 << 40);
            let hash = hash(self.contract, &act, nonce, deadline, Address::ZERO).expect("a grant can be signed");
            signed.push(C::SignedAct {
                signer: Bytes::copy_from_slice(key.address().as_slice()),
                act: act.into(),
                nonce,
                deadline: time(deadline),
                relayer: Address::ZERO,
                signature: sign(&key, hash)?,
            });
        }
        let relay = C::relayCall { signed }.abi_encode();
        let request = TransactionRequest::default().with_to(self.contract).with_input(relay.clone());
        let done = C::relayCall::abi_decode_returns(&self.chain.dev.call(request).await?)?;
        ensure!(done.iter().all(|done| *done), "an act was skipped");
        let all = self.gas(&self.admin, relay).await?;
        Ok(Cost { used: all.used / BATCH as u64, floor: all.floor / BATCH as u64, ..all })
    }

    /// Does everything once.
    async fn run(&self) -> Result<Vec<(&'static str, Measured)>> {
        let (admin, grantor, me) = (&self.admin, &self.grantor, self.grantor.address());
        let (grantee, second, nobody) = (Address::repeat_byte(5), Address::repeat_byte(6), Address::repeat_byte(9));
        let (org, member) = (self.chain.account("organisation").await?, Address::repeat_byte(8));
        let mut all = Vec::new();
        all.push(("grant, the first", self.gas(grantor, grant(me, grantee)).await?.into()));
        let direct = self.question(me, grantee, Address::ZERO, 1).await?;
        all.push(("isPermitted from another contract: a grantee", direct.into()));
        all.push(("grant, for another grantee", self.gas(grantor, grant(me, org.address())).await?.into()));
        let (organization, until) = (org.address(), time(1 << 40));
        let admit = C::setOrganizationCall { organization, until, jurisdiction: 1 };
        self.gas(admin, admit.abi_encode()).await?;
        self.gas(&org, C::setMemberCall { member, until: time(1 << 40) }.abi_encode()).await?;
        let by_member = self.question(me, member, org.address(), 1).await?;
        all.push(("isPermitted from another contract: a member of an organisation", by_member.into()));
        all.push((
            "isPermitted from another contract: nobody",
            self.question(me, nobody, Address::ZERO, 16).await?.into(),
        ));
        all.push(("grant, a second provision of the pair", self.gas(grantor, grant(me, grantee)).await?.into()));
        for _ in 0..3 {
            self.gas(grantor, grant(me, grantee)).await?;
        }
        let five = self.question(me, grantee, Address::ZERO, 1).await?;
        all.push(("isPermitted: each further provision", ((five - direct) / 4).into()));
        let amend = C::amendCall { grantor: me, number: 3, provision: provision(grantee) };
        all.push(("amend", self.gas(grantor, amend.abi_encode()).await?.into()));
        let revoke = C::revokeCall { grantor: me, grantee, number: 2 };
        all.push(("revoke", self.gas(grantor, revoke.abi_encode()).await?.into()));
        let revoke = C::revokeGranteeCall { grantor: me, grantee };
        all.push(("revokeGrantee", self.gas(grantor, revoke.abi_encode()).await?.into()));
        all.push(("revokeAll", self.gas(grantor, C::revokeAllCall { grantor: me }.abi_encode()).await?.into()));
        all.push(("grant by a passkey, the first", self.by_passkey(grantee, 0).await?.into()));
        all.push(("grant by a passkey, for another grantee", self.by_passkey(second, 1).await?.into()));
        all.push(("relay of 20 grants, each, new grantors", self.batch(grantee, 0).await?.into()));
        all.push(("relay of 20 grants, each, grantors seen before", self.batch(second, 1).await?.into()));
        let record = || {
            let (actor, onBehalfOf, request) = (grantee, Address::ZERO, B256::repeat_byte(1));
            C::recordCall { grantor: me, actor, onBehalfOf, dataClass: 3, purpose: 3, request }.abi_encode()
        };
        all.push(("record, the first", self.gas(admin, record()).await?.into()));
        all.push(("record", self.gas(admin, record()).await?.into()));
        let declare = || {
            let (classes, reason, statement) = (U256::from(0xff), 1, B256::repeat_byte(2));
            C::declareEmergencyCall { grantor: me, classes, reason, statement }.abi_encode()
        };
        all.push(("declareEmergency, the first", self.gas(admin, declare()).await?.into()));
        all.push(("declareEmergency", self.gas(admin, declare()).await?.into()));
        let opened = self.question(me, admin.address(), Address::ZERO, 3).await?;
        all.push(("isPermitted from another contract: in an emergency", opened.into()));
        Ok(all)
    }
}

#[tokio::test]
async fn what_it_costs_is_less_than_with_the_peer() -> Result<()> {
    let (mut measured, mut through_proxy) = (Vec::new(), Vec::new());
    for cached in [false, true] {
        let chain = Chain::start_without_limit()?;
        let admin = chain.dev_account()?;
        let initialAuthority = authority::letting(&chain, admin.address()).await?;
        let arguments =
            C::constructorCall { initialAuthority, policy: policy(), longest: [365; 64], codes: Vec::new() }
                .abi_encode();
        let ours = deploy::unconstructed(&chain, "consent").await?;
        if cached {
            let bid = CacheManager::placeBidCall { program: ours }.abi_encode();
            ensure!(admin.send(CACHE_MANAGER, bid).await?.status());
        }
        // The same question to the program and to a proxy, neither of which is constructed: only the proxy differs.
        let proxy = deploy::unconstructed_proxy(&chain, ours).await?;
        let [bare, proxied] = [ours, proxy].map(|at| Scene::new(&chain, at));
        through_proxy.push(proxied.await?.first_question().await? - bare.await?.first_question().await?);
        let ours = deploy::proxy(&chain, ours, [&deploy::CONSTRUCTOR[..], &arguments].concat()).await?;
        measured.push(Scene::new(&chain, ours).await?.run().await?);
        if cached {
            let [peer, _] = peers::proxied(&chain, "PeerConsent", &arguments).await?;
            measured.push(Scene::new(&chain, peer).await?.run().await?);
        }
    }
    let mut rows = rows(&measured);
    let [uncached, cached] = through_proxy[..] else { unreachable!("two deployments") };
    rows.push(Row { action: "isPermitted: what the proxy adds".to_owned(), peer: None, uncached, cached, floor: None });
    keep("consent", &rows)?;
    let dear = |row: &&Row| {
        let promised = PROMISED.iter().find(|(action, _)| row.action == *action);
        let ratio = RATIOS.iter().find(|(action, _)| row.action.starts_with(action));
        promised.is_some_and(|(_, most)| row.cached > *most)
            || row.peer.is_some_and(|peer| row.cached * 100 > peer * ratio.map_or(ELSE, |(_, most)| *most))
    };
    let dear: Vec<_> = rows.iter().filter(dear).collect();
    assert!(dear.is_empty(), "{dear:#?}");
    Ok(())
}
