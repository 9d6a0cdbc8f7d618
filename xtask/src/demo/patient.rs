//! A patient without ether: signs with a passkey what shall happen to its consents, and a clinic brings that to the
//! chain.

use super::care::{LABORATORY, MEDICATION};
use super::clock::now;
use super::dao::Dao;
use super::story::Story;
use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48, keccak256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;
use consilium_bindings::Consent;
use consilium_deploy::consent::Act;
use consilium_deploy::signing::{Place, Signable as _, Terms};
use eyre::{Context, Result};
use harness::passkey::Passkey;

/// Where the patient uses the passkey.
const SITE: &str = "health.example";

const YEAR: u64 = 365 * 24 * 60 * 60;

/// A patient.
#[derive(Debug)]
pub(super) struct Patient(Passkey);

impl Patient {
    /// One whose passkey is made from a seed.
    pub(super) fn new(seed: B256) -> Result<Self> {
        Ok(Self(Passkey::new(seed)?))
    }

    /// The account by which the contract knows it.
    pub(super) fn account(&self) -> Address {
        self.0.account()
    }

    /// The public key that contracts take as its signer.
    pub(super) fn signer(&self) -> Bytes {
        self.0.signer()
    }

    /// Where it uses the passkey.
    pub(super) const fn site(&self) -> &'static str {
        SITE
    }

    /// The passkey's signature of a hash.
    pub(super) fn signs(&self, hash: B256) -> Result<Bytes> {
        self.0.sign(hash, SITE)
    }

    /// Has the clinic bring what the patient signs, and pay for it. There is an hour to bring it.
    async fn relay(&self, dao: &Dao, act: Act) -> Result<TransactionReceipt> {
        let nonce = Consent::new(dao.consent, &dao.node).nonces_0(self.account()).call().await?;
        let terms = Terms { nonce, deadline: now(&dao.node).await? + 3_600, relayer: Address::ZERO };
        let place = Place { chain: dao.config.chain.id, contract: dao.consent };
        let signed = Consent::SignedAct {
            signer: self.0.signer(),
            act: act.calldata(),
            nonce,
            deadline: U48::from(terms.deadline),
            relayer: terms.relayer,
            signature: self.0.sign(act.digest(&place, &terms), SITE)?,
        };
        let call = Consent::actCall { signed }.abi_encode();
        dao.members[1].sender.send(dao.consent, call.into(), U256::ZERO).await.context("relay a signed act")
    }

    /// The patient permits medicines and laboratory results for a purpose and a year.
    pub(super) async fn consent(
        &self,
        dao: &Dao,
        grantee: Address,
        purpose: u8,
        story: &mut Story,
    ) -> Result<TransactionReceipt> {
        let grantor = self.account();
        let purposes = 1_u64 << purpose;
        let provision = Consent::Provision {
            grantee,
            classes: U256::from(1_u64 << MEDICATION | 1 << LABORATORY),
            purposes,
            deny: false,
            notBefore: U48::ZERO,
            expiry: U48::from(now(&dao.node).await? + YEAR),
            document: keccak256("the form that the patient read"),
        };
        let receipt = self.relay(dao, Act::Grant(Consent::grantCall { grantor, provision })).await?;
        let granted: Consent::ConsentGranted = story.event(&receipt, dao.consent)?;
        let found = (granted.grantor, granted.grantee, granted.number, granted.purposes, granted.by);
        story.same("ConsentGranted", found, (grantor, grantee, 1, purposes, grantor))?;
        Ok(receipt)
    }

    /// The patient takes the first consent for somebody back.
    pub(super) async fn revoke(&self, dao: &Dao, grantee: Address, story: &mut Story) -> Result<TransactionReceipt> {
        let (grantor, number) = (self.account(), 1);
        let revoke = Consent::revokeCall { grantor, grantee, number };
        let receipt = self.relay(dao, Act::Revoke(revoke)).await?;
        let revoked: Consent::ConsentRevoked = story.event(&receipt, dao.consent)?;
        story.same("ConsentRevoked", (revoked.grantor, revoked.grantee, revoked.number), (grantor, grantee, number))?;
        Ok(receipt)
    }
}
