//! A patient without ether: signs with a passkey what shall happen to its consents, and a clinic brings that to the
//! chain.

use super::care::{LABORATORY, MEDICATION};
use super::clock::now;
use super::dao::Dao;
use super::passkey::Passkey;
use super::story::Story;
use alloy::primitives::{Address, B256, U256, aliases::U48, keccak256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::{SolCall, SolStruct, eip712_domain};
use consilium_bindings::Consent;
use eyre::{Context, Result};

/// What a patient signs.
mod typed {
    alloy::sol! {
        struct Grant {
            address grantor; address grantee; uint256 classes; uint64 purposes; bool deny; uint48 notBefore;
            uint48 expiry; bytes32 document; uint256 nonce; uint48 deadline; address relayer;
        }
        struct Revoke {
            address grantor; address grantee; uint32 number; uint256 nonce; uint48 deadline; address relayer;
        }
    }
}

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

    /// The terms of the next message: its nonce, and an hour to bring it.
    async fn terms(&self, dao: &Dao) -> Result<(U256, U48)> {
        let nonce = Consent::new(dao.consent, &dao.node).nonces_0(self.account()).call().await?;
        Ok((nonce, U48::from(now(&dao.node).await? + 3_600)))
    }

    /// Has the clinic bring what the patient signed, and pay for it.
    async fn relay(
        &self,
        dao: &Dao,
        act: Vec<u8>,
        typed: &impl SolStruct,
        nonce: U256,
        deadline: U48,
    ) -> Result<TransactionReceipt> {
        let domain = eip712_domain! {
            name: "Consilium Consent",
            version: "1",
            chain_id: dao.config.chain.id,
            verifying_contract: dao.consent,
        };
        let signed = Consent::SignedAct {
            signer: self.0.signer(),
            act: act.into(),
            nonce,
            deadline,
            relayer: Address::ZERO,
            signature: self.0.sign(typed.eip712_signing_hash(&domain))?,
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
        let (nonce, deadline) = self.terms(dao).await?;
        let (grantor, relayer) = (self.account(), Address::ZERO);
        let classes = U256::from(1_u64 << MEDICATION | 1 << LABORATORY);
        let (purposes, not_before, expiry) = (1_u64 << purpose, U48::ZERO, U48::from(now(&dao.node).await? + YEAR));
        let document = keccak256("the form that the patient read");
        let provision =
            Consent::Provision { grantee, classes, purposes, deny: false, notBefore: not_before, expiry, document };
        let act = Consent::grantCall { grantor, provision }.abi_encode();
        let typed = typed::Grant {
            grantor,
            grantee,
            classes,
            purposes,
            deny: false,
            notBefore: not_before,
            expiry,
            document,
            nonce,
            deadline,
            relayer,
        };
        let receipt = self.relay(dao, act, &typed, nonce, deadline).await?;
        let granted: Consent::ConsentGranted = story.event(&receipt, dao.consent)?;
        let found = (granted.grantor, granted.grantee, granted.number, granted.purposes, granted.by);
        story.same("ConsentGranted", found, (grantor, grantee, 1, purposes, grantor))?;
        Ok(receipt)
    }

    /// The patient takes the first consent for somebody back.
    pub(super) async fn revoke(&self, dao: &Dao, grantee: Address, story: &mut Story) -> Result<TransactionReceipt> {
        let (nonce, deadline) = self.terms(dao).await?;
        let (grantor, number) = (self.account(), 1);
        let act = Consent::revokeCall { grantor, grantee, number }.abi_encode();
        let typed = typed::Revoke { grantor, grantee, number, nonce, deadline, relayer: Address::ZERO };
        let receipt = self.relay(dao, act, &typed, nonce, deadline).await?;
        let revoked: Consent::ConsentRevoked = story.event(&receipt, dao.consent)?;
        story.same("ConsentRevoked", (revoked.grantor, revoked.grantee, revoked.number), (grantor, grantee, number))?;
        Ok(receipt)
    }
}
