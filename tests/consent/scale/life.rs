//! What grantors and those around them do and ask, everything once, by people who did nothing before.

use std::time::Instant;

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, U256, keccak256},
    providers::Provider,
    rpc::types::TransactionRequest,
    signers::local::PrivateKeySigner,
    sol_types::SolCall,
};
use consilium_bindings::Consent::*;
use eyre::{Result, ensure};
use harness::{chain::Account, passkey::Passkey, peers};
use nitro::{CACHE_MANAGER, CacheManager};

use super::filling::Named;
use crate::{gas::Asker, lists::tree, signing::*, world::*};

/// A grantee that is an account, the same for everybody.
pub(super) const CLINIC: Address = Address::repeat_byte(5);
/// A grantee of one provision.
const SPECIALIST: Address = Address::repeat_byte(6);
/// Who has a role.
const HOLDER: Address = Address::repeat_byte(8);
/// Whom nobody names.
const NOBODY: Address = Address::repeat_byte(9);
/// Roles that grantors name.
const ROLES: [u8; 2] = [3, 4];
/// A time that never comes.
const FAR: u64 = 0x0101_0101_0101;
/// Questions whose median is taken.
const REPETITIONS: usize = 201;

fn key(name: &str) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&keccak256(name)).expect("a number below the order")
}

fn grant(grantor: Address, grantee: Address) -> grantCall {
    grantCall { grantor, provision: permit(grantee) }
}

/// A consent, cached, and whom everybody names.
pub(super) struct Stage {
    pub(super) world: World,
    asker: Address,
    hospital: Account,
    roles: [Address; 2],
}

impl Stage {
    pub(super) async fn set() -> Result<Self> {
        let world = World::start().await?;
        let bid = CacheManager::placeBidCall { program: world.implementation }.abi_encode();
        ensure!(world.chain.dev_account()?.send(CACHE_MANAGER, bid).await?.status(), "the program is not cached");
        let asker = peers::create(&world.chain, "ConsentAsker", &[]).await?;
        let hospital = world.hospital().await?;
        let mut roles = [Address::ZERO; 2];
        for (role, grantee) in ROLES.into_iter().zip(&mut roles) {
            *grantee = world.read(roleGranteeCall { role }).await?;
        }
        // Of the two, the one that provisions permit.
        world.does(&world.dao, setRoleCall { role: ROLES[0], account: HOLDER, until: time(FAR) }).await?;
        let stage = Self { world, asker, hospital, roles };
        // An actor's first emergency makes a counter of its own, once.
        stage.gas(&stage.world.dao, stage.emergency(NOBODY).abi_encode()).await?;
        Ok(stage)
    }

    pub(super) fn named(&self) -> Named {
        Named { contract: self.world.at, hospital: self.hospital.address(), roles: self.roles }
    }

    fn emergency(&self, grantor: Address) -> declareEmergencyCall {
        declareEmergencyCall { grantor, classes: classes(&[LABS]), reason: 1, statement: DOCUMENT }
    }

    async fn person(&self, name: &str) -> Result<Account> {
        self.world.chain.account_with(&format!("scale {name}"), 1).await
    }

    /// Sends a transaction, which must succeed; its gas.
    async fn gas(&self, by: &Account, data: Vec<u8>) -> Result<u64> {
        let receipt = by.send(self.world.at, data).await?;
        ensure!(receipt.status(), "transaction {} reverted", receipt.transaction_hash);
        Ok(receipt.gas_used)
    }

    /// What a question takes from another contract.
    async fn used(&self, question: Vec<u8>) -> Result<u64> {
        let ask = Asker::askCall { consent: self.world.at, question: question.into() };
        let request = TransactionRequest::default().with_to(self.asker).with_input(ask.abi_encode());
        let answer = Asker::askCall::abi_decode_returns(&self.world.chain.dev.call(request).await?)?;
        ensure!(answer.success, "a question was not answered");
        Ok(answer.used.to())
    }

    /// Questions about a grantor with the ten provisions.
    pub(super) async fn questions(&self, grantor: Address) -> Result<Vec<(&'static str, u64)>> {
        let (doctor, hospital) = (self.world.doctor.address(), self.hospital.address());
        let asked = |actor, onBehalfOf| isPermittedCall { grantor, actor, onBehalfOf, dataClass: LABS, purpose: TREAT };
        let mut all = Vec::new();
        for (what, question, expected) in [
            ("isPermitted: a grantee", asked(CLINIC, Address::ZERO), 1),
            ("isPermitted: a member of an organisation", asked(doctor, hospital), 1),
            ("isPermitted: a holder of a role", asked(HOLDER, Address::ZERO), 1),
            ("isPermitted: nobody", asked(NOBODY, Address::ZERO), 16),
        ] {
            let reason = self.world.read(question.clone()).await?.reason;
            ensure!(reason == expected, "{what}: the reason is {reason}");
            all.push((what, self.used(question.abi_encode()).await?));
        }
        let (actor, onBehalfOf, purpose) = (doctor, hospital, TREAT);
        let many = permittedClassesCall { grantor, actor, onBehalfOf, classes: U256::MAX, purpose };
        all.push(("permittedClasses: a member", self.used(many.abi_encode()).await?));
        let question = Question { grantor, actor, onBehalfOf, dataClass: LABS, purpose };
        let ten = arePermittedCall { questions: vec![question; 10] };
        all.push(("arePermitted: ten questions", self.used(ten.abi_encode()).await?));
        let explain = explainCall { grantor, actor, onBehalfOf, dataClass: LABS, purpose };
        all.push(("explain: a member", self.used(explain.abi_encode()).await?));
        let three = provisionsCall { grantor, grantee: hospital };
        ensure!(self.world.read(three.clone()).await?.len() == 3, "the grantor has other provisions");
        all.push(("provisions: three", self.used(three.abi_encode()).await?));
        Ok(all)
    }

    /// Microseconds of a question by eth_call; the median.
    pub(super) async fn time(&self, grantor: Address) -> Result<u64> {
        let (actor, onBehalfOf) = (self.world.doctor.address(), self.hospital.address());
        let question = isPermittedCall { grantor, actor, onBehalfOf, dataClass: LABS, purpose: TREAT };
        let mut times = Vec::new();
        for _ in 0..REPETITIONS {
            let begun = Instant::now();
            ensure!(self.world.read(question.clone()).await?.permitted, "the question is refused");
            times.push(begun.elapsed());
        }
        times.sort();
        Ok(times[REPETITIONS / 2].as_micros() as u64)
    }

    /// A grant that a new key signs for itself.
    fn by_key(&self, name: &str) -> SignedAct {
        let account = Account { signer: key(name), provider: self.world.chain.dev.clone() };
        signed_in(&self.world.domain(), &account, &grant(account.address(), CLINIC), terms())
    }

    /// The same by a new passkey.
    fn by_passkey(&self, name: &str) -> SignedAct {
        let key = Passkey::new(keccak256(name)).expect("a number below the order");
        let act = grant(key.account(), CLINIC);
        let signature = key.sign(act.hash(terms(), &self.world.domain()), "clinic.example").expect("it signs");
        unsigned(&key.signer(), &act, terms(), signature)
    }

    /// Everything once.
    pub(super) async fn life(&self) -> Result<Vec<(&'static str, u64)>> {
        let World { chain, dao, stranger, .. } = &self.world;
        // Emergencies of before count no longer.
        chain.advance(2 * DAY).await?;
        let mut acts = Vec::new();
        let mut does = async |what: &'static str, by: &Account, data: Vec<u8>| {
            acts.push((what, self.gas(by, data).await?));
            eyre::Ok(())
        };
        let (grantor, mother) = (self.person("grantor").await?, self.person("mother").await?);
        let (me, representative, doctor) = (grantor.address(), mother.address(), self.world.doctor.address());
        does("grant, the first", &grantor, grant(me, CLINIC).abi_encode()).await?;
        does("grant, for another grantee", &grantor, grant(me, doctor).abi_encode()).await?;
        does("grant, a second provision of the pair", &grantor, grant(me, doctor).abi_encode()).await?;
        does("grant, for a role", &grantor, grant(me, self.roles[0]).abi_encode()).await?;
        let amend = amendCall { grantor: me, number: 2, provision: denial(doctor) };
        does("amend", &grantor, amend.abi_encode()).await?;
        does("revoke", &grantor, revokeCall { grantor: me, grantee: doctor, number: 1 }.abi_encode()).await?;
        let (classes, purposes, until) = (U256::MAX, u64::MAX, time(FAR));
        let set = setRepresentativeCall { grantor: me, representative, classes, purposes, until };
        does("setRepresentative", &grantor, set.abi_encode()).await?;
        does("grant, by a representative", &mother, grant(me, SPECIALIST).abi_encode()).await?;
        let revoke = revokeGranteeCall { grantor: me, grantee: CLINIC };
        does("revokeGrantee", &grantor, revoke.abi_encode()).await?;
        let record = || {
            let (actor, onBehalfOf, request) = (SPECIALIST, Address::ZERO, DOCUMENT);
            recordCall { grantor: me, actor, onBehalfOf, dataClass: LABS, purpose: TREAT, request }.abi_encode()
        };
        does("record, the first", dao, record()).await?;
        does("record", dao, record()).await?;
        let declare = self.emergency(me);
        let id = self.world.asked(dao.address(), declare.clone()).await?.output::<declareEmergencyCall>();
        does("declareEmergency", dao, declare.abi_encode()).await?;
        let review = reviewEmergencyCall { id, justified: true, statement: DOCUMENT };
        does("reviewEmergency", dao, review.abi_encode()).await?;
        does("revokeAll", &grantor, revokeAllCall { grantor: me }.abi_encode()).await?;
        does("grant, after revokeAll", &grantor, grant(me, CLINIC).abi_encode()).await?;

        let recovery = setRecoveryCall { grantor: me, recoverer: representative };
        does("setRecovery", &grantor, recovery.abi_encode()).await?;
        let start = || startRecoveryCall { grantor: me, newKey: NOBODY }.abi_encode();
        does("startRecovery", &mother, start()).await?;
        does("vetoRecovery", &grantor, vetoRecoveryCall { grantor: me }.abi_encode()).await?;
        does("startRecovery, after a veto", &mother, start()).await?;
        chain.advance(2 * DAY).await?;
        does("finishRecovery", stranger, finishRecoveryCall { grantor: me }.abi_encode()).await?;

        let act = |signed| actCall { signed }.abi_encode();
        does("act: a grant by a key, the first", stranger, act(self.by_key("a key"))).await?;
        let passkey = self.by_passkey("a passkey");
        does("act: a grant by a passkey, the first", stranger, act(passkey)).await?;
        let signed: Vec<_> = (0..20).map(|index| self.by_key(&format!("key {index}"))).collect();
        let done = self.world.asked(stranger.address(), relayCall { signed: signed.clone() }).await?;
        ensure!(done.output::<relayCall>() == [true; 20], "an act was skipped");
        does("relay of 20 grants, new grantors", stranger, relayCall { signed }.abi_encode()).await?;

        let (practice, nurse) = (self.person("practice").await?, self.person("nurse").await?.address());
        let admit = setOrganizationCall { organization: practice.address(), until, jurisdiction: 1 };
        does("setOrganization", dao, admit.abi_encode()).await?;
        does("setMember", &practice, setMemberCall { member: me, until }.abi_encode()).await?;
        let root = tree(&[(nurse, FAR)]).root();
        does("setMembers", &practice, setMembersCall { root }.abi_encode()).await?;
        let (organization, proof) = (practice.address(), Vec::<B256>::new());
        let prove = proveMemberCall { organization, member: nurse, until, proof };
        does("proveMember", stranger, prove.abi_encode()).await?;
        does("setRole", dao, setRoleCall { role: ROLES[0], account: nurse, until }.abi_encode()).await?;
        let appoint = appointRepresentativeCall { grantor: nurse, representative, classes, purposes, until };
        does("appointRepresentative", dao, appoint.abi_encode()).await?;

        Ok(acts)
    }
}

/// The first nonce, a deadline that never comes, and anybody as relayer.
fn terms() -> Terms {
    Terms { nonce: U256::ZERO, deadline: time(FAR), relayer: Address::ZERO }
}
