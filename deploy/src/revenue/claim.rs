//! Brings proofs of an epoch for its payees, and signs for another account.

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolEventInterface, SolStruct, eip712_domain};
use consilium_bindings::RevenueSplitter::{self as abi, RevenueSplitterEvents};
use eyre::{Result, ensure, eyre};

use super::epoch::{Epoch, Row};
use super::errors::in_words;
use super::node::Splitter;
use crate::chain::Sender;
use crate::config::moment::Moment;
use crate::contract::Sent;
use crate::signing::{Assertion, challenge};

/// What an account signs so that its part goes to another one.
mod signed {
    alloy::sol! {
        #[derive(Debug, PartialEq, Eq)]
        struct Claim {
            uint32 epoch;
            uint256 index;
            uint256 amount;
            address to;
            uint256 nonce;
            uint48 deadline;
            address relayer;
        }
    }
}

/// A claim of a row that its account signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    claim: signed::Claim,
    account: Address,
    digest: B256,
}

/// The row of an account in the epoch of a number, which must be the folder's.
async fn proven(splitter: &Splitter, epoch: &Epoch, number: u32, account: Address) -> Result<(Row, Vec<B256>)> {
    let found = splitter.read(abi::epochCall { number }).await?;
    ensure!(found.state != 0, "there is no epoch {number}: correct the number");
    ensure!(
        (found.root, found.manifest) == (epoch.root(), epoch.manifest()),
        "epoch {number} was published from another folder: name that one, or correct the number"
    );
    ensure!(found.state == 1, "epoch {number} was disabled, or what was left of it was recovered");
    let (row, proof) = epoch.prove(account)?;
    let is_claimed = splitter.read(abi::isClaimedCall { number, index: row.index }).await?;
    ensure!(!is_claimed, "the part of {account} was claimed: there is nothing to do");
    Ok((row, proof))
}

/// Pays an account its part of an epoch. Any account may send it, unless the row is for its account alone. Returns what
/// was paid.
///
/// # Errors
/// If the epoch or the splitter refuses it, in words, or the node does not answer.
pub async fn claim(
    splitter: &Splitter,
    sender: &Sender,
    epoch: &Epoch,
    number: u32,
    account: Address,
) -> Result<(U256, Sent)> {
    let (row, proof) = proven(splitter, epoch, number, account).await?;
    ensure!(
        !row.is_alone() || sender.account() == account,
        "nobody but {account} claims this: let it send, or sign for another account by --to"
    );
    let Row { index, amount, .. } = row;
    let receipt = splitter.send(sender, abi::claimCall { number, index, account, amount, proof }).await?;
    let event: abi::Claimed = splitter.event(&receipt)?;
    Ok((event.amount, Sent::of(&receipt)))
}

/// The same for several accounts in one transaction: of each, what it was paid, or why it was skipped.
///
/// # Errors
/// As [`claim`], where that is not the matter of one account.
pub async fn claim_many(
    splitter: &Splitter,
    sender: &Sender,
    epoch: &Epoch,
    number: u32,
    accounts: &[Address],
) -> Result<(Vec<(Address, Result<U256, String>)>, Sent)> {
    let (mut rows, mut claims) = (Vec::new(), Vec::new());
    for &account in accounts {
        let (row, proof) = proven(splitter, epoch, number, account).await?;
        let Row { index, amount, .. } = row;
        claims.push(abi::Claim { index, account, amount, proof });
        rows.push(row);
    }
    let receipt = splitter.send(sender, abi::claimManyCall { number, claims }).await?;
    let own = receipt.logs().iter().filter(|log| log.address() == splitter.address());
    let events: Vec<_> = own.filter_map(|log| RevenueSplitterEvents::decode_log(&log.inner).ok()).collect();
    let told = rows.into_iter().map(|row| {
        let outcome = events.iter().find_map(|log| match &log.data {
            RevenueSplitterEvents::Claimed(event) if event.index == row.index => Some(Ok(event.amount)),
            RevenueSplitterEvents::ClaimSkipped(event) if event.index == row.index => {
                Some(Err(in_words(&event.reason)))
            }
            _ => None,
        });
        let unheard = || Err("the transaction does not tell of it: look at it by another node".to_owned());
        (row.account, outcome.unwrap_or_else(unheard))
    });
    Ok((told.collect(), Sent::of(&receipt)))
}

impl Message {
    /// The claim of an account's row for another one, with the account's next nonce.
    ///
    /// # Errors
    /// As [`claim`], or if the deadline is no time of the contract's.
    pub async fn new(
        splitter: &Splitter,
        epoch: &Epoch,
        number: u32,
        account: Address,
        to: Address,
        deadline: u64,
    ) -> Result<Self> {
        ensure!(deadline >> 48 == 0, "the deadline is too far away: give an earlier one");
        let (row, _) = proven(splitter, epoch, number, account).await?;
        let nonce = splitter.read(abi::nonces_0Call { owner: account }).await?;
        let claim = signed::Claim {
            epoch: number,
            index: row.index,
            amount: row.amount,
            to,
            nonce,
            deadline: U48::from(deadline),
            // Nobody gains by bringing it first: it says to whom the money goes.
            relayer: Address::ZERO,
        };
        let domain = eip712_domain! {
            name: "Consilium Revenue Splitter",
            version: "1",
            chain_id: splitter.chain().id(),
            verifying_contract: splitter.address(),
        };
        let digest = claim.eip712_signing_hash(&domain);
        Ok(Self { claim, account, digest })
    }

    /// What is signed.
    pub const fn digest(&self) -> B256 {
        self.digest
    }

    /// The digest as a passkey's challenge, in base64url.
    pub fn challenge(&self) -> String {
        challenge(self.digest)
    }

    /// What it says, for who signs it.
    pub fn words(&self) -> String {
        let signed::Claim { epoch, index, amount, to, nonce, deadline, .. } = &self.claim;
        format!(
            "claims {amount} of {} in epoch {epoch} (index {index}) to {to}, until {}, with nonce {nonce}",
            self.account,
            Moment(deadline.to())
        )
    }

    /// The signature by a key, and its signer.
    ///
    /// # Errors
    /// If it is another account's key.
    pub fn sign(&self, key: &PrivateKeySigner) -> Result<(Bytes, Bytes)> {
        let by = key.address();
        ensure!(by == self.account, "the key is that of {by}, and {} has to sign", self.account);
        Ok((by.into_array().into(), key.sign_hash_sync(&self.digest)?.as_bytes().into()))
    }

    /// The signature that a passkey made, and its signer.
    ///
    /// # Errors
    /// If it is of another passkey or of another message.
    pub fn assert(&self, assertion: &Assertion) -> Result<(Bytes, Bytes)> {
        assertion.check(self.digest).map_err(|reason| eyre!("the passkey's assertion: {reason}"))?;
        let signer = assertion.signer();
        let by = Address::from_word(alloy::primitives::keccak256(&signer));
        ensure!(by == self.account, "the passkey is that of {by}, and {} has to sign", self.account);
        Ok((signer, assertion.signature()))
    }
}

/// Pays an account's part of an epoch to the account that the message names. Any account may send it. Returns what was
/// paid.
///
/// # Errors
/// As [`claim`].
pub async fn claim_signed(
    splitter: &Splitter,
    sender: &Sender,
    epoch: &Epoch,
    message: &Message,
    (signer, signature): (Bytes, Bytes),
) -> Result<(U256, Sent)> {
    let Message { claim, account, .. } = message;
    let (row, proof) = epoch.prove(*account)?;
    let Row { index, account, amount } = row;
    let call = abi::claimSignedCall {
        number: claim.epoch,
        claim: abi::Claim { index, account, amount, proof },
        to: claim.to,
        signed: abi::Signed { signer, nonce: claim.nonce, deadline: claim.deadline, relayer: claim.relayer, signature },
    };
    let receipt = splitter.send(sender, call).await?;
    let event: abi::Claimed = splitter.event(&receipt)?;
    Ok((event.amount, Sent::of(&receipt)))
}
