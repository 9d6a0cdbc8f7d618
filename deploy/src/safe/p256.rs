//! Owners with keys on P-256. Only our Safe of version 1.5.0 takes their signatures. Under every other singleton they are
//! owners that can never sign, and a Safe that lacks such a signature is locked for ever.

use alloy::network::TransactionBuilder as _;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall as _;
use consilium_bindings::Safe as abi;
use eyre::{Result, ensure, eyre};

use super::node::{NO_P256, Safe};
use super::proposal::{Facts, Proposal};
use super::signature::{Confirmation, Kind};
use super::{Names, reasons, words};

impl Safe {
    /// Refuses to have owners with keys on P-256 where the Safe can never take their signatures. Its version does not say
    /// whether it does, so it is asked.
    ///
    /// # Errors
    /// If there is such an account, and the Safe does not take its signature, or the node does not answer.
    pub async fn expect_p256(&self, accounts: &[Address]) -> Result<()> {
        let Some(account) = accounts.first() else { return Ok(()) };
        ensure!(self.takes_p256().await?, hopeless(*account, self.place().contract, NO_P256));
        Ok(())
    }

    /// One that takes them looks for what belongs to such a signature, and finds it in a place where none can be. Another one
    /// takes it for a key's, and that is no owner.
    async fn takes_p256(&self) -> Result<bool> {
        let call = abi::checkNSignaturesCall {
            dataHash: B256::ZERO,
            data: Bytes::new(),
            signatures: Confirmation::misplaced_p256(),
            requiredSignatures: U256::ONE,
        };
        let request = TransactionRequest::default().with_to(self.place().contract).with_input(call.abi_encode());
        Ok(self.simulate(request).await?.is_err_and(|data| reasons::is(&data, "GS021")))
    }
}

impl Facts {
    /// The same without a node. Where the version does not decide it, a warning says so.
    ///
    /// # Errors
    /// If there is such an account, and no Safe of the version takes its signature.
    pub fn expect_p256(&self, safe: Address, accounts: &[Address]) -> Result<Option<String>> {
        let Some(account) = accounts.first() else { return Ok(None) };
        self.take(Kind::P256).map_err(|reason| eyre!(hopeless(*account, safe, &reason)))?;
        Ok(Some(format!(
            "WARNING: whether the Safe takes signatures by keys on P-256 was not asked: ours of version {} does, and Safe's \
             own never takes one of {account}",
            self.version
        )))
    }
}

impl Proposal {
    /// What to know before signing and executing: a delegated call can write another singleton into the Safe's slot 0. The
    /// account `signer` signs by a key on P-256 now.
    pub fn warning(&self, signer: Option<Address>) -> Option<String> {
        let hash = self.hashes().transaction;
        let by_p256 = self.signatures().iter().filter(|made| made.check(hash) == Ok(Kind::P256));
        let mut owners: Vec<_> = by_p256.map(|made| made.owner).collect();
        owners.extend(signer.filter(|signer| !owners.contains(signer)));
        if owners.is_empty() || !self.told(&Names::default()).moves {
            return None;
        }
        Some(format!(
            "WARNING: its delegated call may move the Safe to another singleton, and {} signs by a key on P-256: under Safe's \
             own 1.5.0 and every 1.4.1 such an owner can never sign, and a Safe that lacks its signature is locked for ever",
            words::listed(&owners)
        ))
    }
}

fn hopeless(account: Address, safe: Address, reason: &str) -> String {
    format!("{account} has a key on P-256, and the Safe {safe} could never take its signature: {reason}")
}
