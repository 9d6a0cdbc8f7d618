//! Brings proofs of an epoch for its payees, and signs for another account.

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::rpc::types::TransactionReceipt;
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolEventInterface, SolStruct};
use consilium_bindings::RevenueSplitter::{self as abi, RevenueSplitterEvents};
use eyre::{Result, ensure, eyre};

use super::epoch::{Epoch, Row};
use super::errors::in_words;
use super::loss::Payout;
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

/// Whom a signed claim pays, and who brings it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Who is paid.
    pub to: Address,
    /// Until when the signature is good, in seconds since 1970.
    pub deadline: u64,
    /// Who alone may bring it; zero for anybody. Only a message that names somebody takes a loss.
    pub relayer: Address,
}

/// Whether the epoch of a number can be claimed, and is the folder's.
async fn is_its_folder(splitter: &Splitter, epoch: &Epoch, number: u32) -> Result<()> {
    let found = splitter.read(abi::epochCall { number }).await?;
    ensure!(found.state != 0, "there is no epoch {number}: correct the number");
    ensure!(
        (found.root, found.manifest) == (epoch.root(), epoch.manifest()),
        "epoch {number} was published from another folder: name that one, or correct the number"
    );
    ensure!(
        (found.token, found.total) == (epoch.token(), epoch.total()),
        "epoch {number} pays {}, and the folder says {}: do not use it, and ask who published it",
        super::amount(found.total, found.token),
        super::amount(epoch.total(), epoch.token())
    );
    ensure!(found.state == 1, "epoch {number} was disabled, or what was left of it was recovered");
    Ok(())
}

/// Refuses an epoch that is not claimed yet, or not any more: with the time.
async fn is_open(splitter: &Splitter, number: u32) -> Result<()> {
    let found = splitter.read(abi::epochCall { number }).await?;
    let (now, from, deadline) = (splitter.now().await?, found.claimableFrom.to(), found.deadline.to());
    ensure!(
        now >= from,
        "epoch {number} is claimed from {} on: until then it can be disabled. Run it again then",
        Moment(from)
    );
    ensure!(
        now <= deadline,
        "epoch {number} could be claimed until {}: what is left of it goes back by a decision of the DAO",
        Moment(deadline)
    );
    Ok(())
}

/// The row of an account, or why it is not paid.
async fn row_of(
    splitter: &Splitter,
    epoch: &Epoch,
    number: u32,
    account: Address,
) -> Result<Result<(Row, Vec<B256>), String>> {
    let (row, proof) = match epoch.prove(account) {
        Ok(found) => found,
        Err(reason) => return Ok(Err(format!("{reason:#}"))),
    };
    if splitter.read(abi::isClaimedCall { number, index: row.index }).await? {
        return Ok(Err(format!("the part of {account} was claimed: there is nothing to do")));
    }
    Ok(Ok((row, proof)))
}

/// The row of an account in the epoch of a number, which must be the folder's.
async fn proven(splitter: &Splitter, epoch: &Epoch, number: u32, account: Address) -> Result<(Row, Vec<B256>)> {
    is_its_folder(splitter, epoch, number).await?;
    row_of(splitter, epoch, number, account).await?.map_err(|reason| eyre!(reason))
}

/// Pays an account its part of an epoch. Any account may send it, unless the row is for its account alone. The sender
/// itself gives up a part of what it is owed only if it agrees, by `at_a_loss`; nobody does for another account.
///
/// # Errors
/// If the epoch or the splitter refuses it, in words, or the node does not answer.
pub async fn claim(
    splitter: &Splitter,
    sender: &Sender,
    epoch: &Epoch,
    number: u32,
    account: Address,
    at_a_loss: bool,
) -> Result<Payout> {
    let (row, proof) = proven(splitter, epoch, number, account).await?;
    is_open(splitter, number).await?;
    ensure!(
        !row.is_alone() || sender.account() == account,
        "nobody but {account} claims this: let it send, or sign for another account by --to"
    );
    if sender.account() == account {
        splitter.agree(epoch.token(), account, at_a_loss).await?;
    }
    let Row { index, amount, .. } = row;
    let receipt = splitter.send(sender, abi::claimCall { number, index, account, amount, proof }).await?;
    let event: abi::Claimed = splitter.event(&receipt)?;
    Ok(payout(splitter, epoch, account, &receipt, event.amount))
}

fn payout(splitter: &Splitter, epoch: &Epoch, account: Address, receipt: &TransactionReceipt, paid: U256) -> Payout {
    Payout { paid, lost: splitter.lost(receipt, epoch.token(), account), sent: Sent::of(receipt) }
}

/// The same for several accounts in one transaction: of each, what it was paid, or why it was not. There is no
/// transaction where none can be paid.
///
/// # Errors
/// As [`claim`], where that is not the matter of one account.
pub async fn claim_many(
    splitter: &Splitter,
    sender: &Sender,
    epoch: &Epoch,
    number: u32,
    accounts: &[Address],
    at_a_loss: bool,
) -> Result<(Vec<(Address, Result<Payout, String>)>, Option<Sent>)> {
    is_its_folder(splitter, epoch, number).await?;
    is_open(splitter, number).await?;
    let (mut rows, mut claims, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for &account in accounts {
        // Anybody may have claimed for it a moment ago: that is no reason not to pay the others.
        let (row, proof) = match row_of(splitter, epoch, number, account).await? {
            Ok(found) => found,
            Err(reason) => {
                all.push((account, Err(reason)));
                continue;
            }
        };
        if sender.account() == account
            && let Err(reason) = splitter.agree(epoch.token(), account, at_a_loss).await
        {
            all.push((account, Err(format!("{reason:#}"))));
            continue;
        }
        let Row { index, amount, .. } = row;
        claims.push(abi::Claim { index, account, amount, proof });
        rows.push(row);
    }
    if claims.is_empty() {
        return Ok((all, None));
    }
    let receipt = splitter.send(sender, abi::claimManyCall { number, claims }).await?;
    let own = receipt.logs().iter().filter(|log| log.address() == splitter.address());
    let events: Vec<_> = own.filter_map(|log| RevenueSplitterEvents::decode_log(&log.inner).ok()).collect();
    let told = rows.into_iter().map(|row| {
        let outcome = events.iter().find_map(|log| match &log.data {
            RevenueSplitterEvents::Claimed(event) if event.index == row.index => {
                Some(Ok(payout(splitter, epoch, row.account, &receipt, event.amount)))
            }
            RevenueSplitterEvents::ClaimSkipped(event) if event.index == row.index => {
                Some(Err(in_words(&event.reason)))
            }
            _ => None,
        });
        let unheard = || Err("the transaction does not tell of it: look at it by another node".to_owned());
        (row.account, outcome.unwrap_or_else(unheard))
    });
    all.extend(told);
    Ok((all, Some(Sent::of(&receipt))))
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
        Recipient { to, deadline, relayer }: Recipient,
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
            relayer,
        };
        let digest = claim.eip712_signing_hash(&splitter.domain());
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
        let signed::Claim { epoch, index, amount, to, nonce, deadline, relayer } = &self.claim;
        // Nobody gains by bringing it first: it says to whom the money goes.
        let by =
            if relayer.is_zero() { String::new() } else { format!(", brought by {relayer} alone, also at a loss") };
        format!(
            "claims {amount} of {} in epoch {epoch} (index {index}) to {to}, until {}, with nonce {nonce}{by}",
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

/// Pays an account's part of an epoch to the account that the message names. Any account may send it, unless the
/// message names another one. A loss is taken only by a message that names who brings it, and if that one agrees.
///
/// # Errors
/// As [`claim`].
pub async fn claim_signed(
    splitter: &Splitter,
    sender: &Sender,
    epoch: &Epoch,
    message: &Message,
    (signer, signature): (Bytes, Bytes),
    at_a_loss: bool,
) -> Result<Payout> {
    let Message { claim, account, .. } = message;
    is_open(splitter, claim.epoch).await?;
    if !claim.relayer.is_zero() {
        splitter.agree(epoch.token(), *account, at_a_loss).await?;
    }
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
    Ok(payout(splitter, epoch, account, &receipt, event.amount))
}
