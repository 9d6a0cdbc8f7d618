//! A signed act: its file, and its check without a node.

use std::fmt::Write as _;
use std::marker::PhantomData;
use std::path::Path;

use alloy::primitives::{Address, B256, Bytes, Signature, U256, keccak256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use eyre::{Result, WrapErr, bail, ensure, eyre};
use serde::{Deserialize, Serialize};

use super::passkey::{self, Assertion};
use super::{Place, Signable, Terms, words};
use crate::config::moment::Moment;
use crate::consent::Names;
use crate::files;

/// The most seconds that a deadline can have.
const LAST: u64 = (1 << 48) - 1;

/// The most bytes of a signature and its signer that are relayed. A passkey's are below a thousand.
const LONGEST_SIGNATURE: usize = 8_192;

/// An act with all that is signed, as a file has it; its signature may be missing yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, bound = "")]
pub struct Signed<A> {
    format: String,
    /// For people. No program reads it: [`Signed::words`] tells the act itself.
    says: Vec<String>,
    chain_id: u64,
    contract: Address,
    act: Bytes,
    nonce: U256,
    deadline: u64,
    relayer: Address,
    digest: B256,
    signer: Option<Bytes>,
    signature: Option<Bytes>,
    #[serde(skip)]
    kind: PhantomData<A>,
}

/// What a check without a node finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proven {
    /// The signer signed it.
    Signed,
    /// Only the chain can say: the signer is a contract, or has a verifier (ERC-1271, ERC-7913).
    OnChain,
}

impl<A: Signable> Signed<A> {
    /// An act that nobody has signed.
    ///
    /// # Errors
    /// If the deadline is no time of the contract's.
    pub fn new(act: &A, place: Place, terms: Terms, names: &Names) -> Result<Self> {
        ensure!(terms.deadline <= LAST, "the deadline is too far away: give an earlier one");
        let mut says = vec![act.words(names)];
        says.extend(words::terms(&place, &terms));
        Ok(Self {
            format: A::FORMAT.to_owned(),
            says,
            chain_id: place.chain,
            contract: place.contract,
            act: act.encode(),
            nonce: terms.nonce,
            deadline: terms.deadline,
            relayer: terms.relayer,
            digest: act.digest(&place, &terms),
            signer: None,
            signature: None,
            kind: PhantomData,
        })
    }

    /// With what it says of itself made from the act again: whoever made a file may have written something else there.
    pub fn retold(mut self, names: &Names) -> Self {
        self.says = vec![self.act_in_words(names)];
        self.says.extend(words::terms(&self.place(), &self.terms()));
        self
    }

    /// Signs it by a key.
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn sign(mut self, key: &PrivateKeySigner) -> Result<Self> {
        let signature = key.sign_hash_sync(&self.digest)?;
        self.signer = Some(key.address().into_array().into());
        self.signature = Some(signature.as_bytes().into());
        Ok(self)
    }

    /// Adds what a passkey signed.
    ///
    /// # Errors
    /// If the contract would not take it.
    pub fn with_assertion(mut self, assertion: &Assertion) -> Result<Self> {
        assertion.check(self.digest).map_err(|reason| eyre!("the passkey's assertion: {reason}"))?;
        self.signer = Some(assertion.signer());
        self.signature = Some(assertion.signature());
        Ok(self)
    }

    /// Reads a file, and checks that it is whole: that the digest is the act's.
    ///
    /// # Errors
    /// If it cannot be read, has another form, or contradicts itself.
    pub fn load(path: &Path) -> Result<Self> {
        let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&text).map_err(|reason| {
            eyre!("{} is not a signed act: {reason}: name a file that `{} sign` wrote", path.display(), A::COMMAND)
        })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let found: Self = serde_json::from_str(text).map_err(|error| files::json(&error))?;
        if found.format != A::FORMAT {
            return Err(format!("its format is not \"{}\"", A::FORMAT));
        }
        let act = A::decode(&found.act).ok_or("its act is not the calldata of one that can be signed")?;
        if found.deadline > LAST {
            return Err("its deadline is too far away".to_owned());
        }
        if act.digest(&found.place(), &found.terms()) != found.digest {
            return Err(
                "its digest is not that of its act: something in it was changed, so let it be signed again".to_owned()
            );
        }
        if found.signer.is_some() != found.signature.is_some() {
            return Err("it has a signer without a signature, or the other way round".to_owned());
        }
        Ok(found)
    }

    /// Writes it to a file that is not there yet: what somebody signed before is not lost.
    ///
    /// # Errors
    /// If there is such a file, or it cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<()> {
        files::write_new(path, self, 0o666)
    }

    /// What it does, for which contract, and until when, from what is signed.
    pub fn words(&self, names: &Names) -> Vec<String> {
        let mut told = vec![self.act_in_words(names)];
        told.extend(words::terms(&self.place(), &self.terms()));
        told.extend(self.signed_by());
        told
    }

    /// Who signed it, in words.
    pub fn signed_by(&self) -> Option<String> {
        let passkey = if self.is_passkey() { ", a passkey" } else { "" };
        self.account().map(|account| format!("signed by {account}{passkey}"))
    }

    /// What it does.
    pub fn act_in_words(&self, names: &Names) -> String {
        self.act().map_or_else(String::new, |act| act.words(names))
    }

    /// The act; none only in a value that no file and no act gave.
    pub fn act(&self) -> Option<A> {
        A::decode(&self.act)
    }

    /// The contract that it is for.
    pub const fn place(&self) -> Place {
        Place { chain: self.chain_id, contract: self.contract }
    }

    /// What else is signed.
    pub const fn terms(&self) -> Terms {
        Terms { nonce: self.nonce, deadline: self.deadline, relayer: self.relayer }
    }

    /// What is signed.
    pub const fn digest(&self) -> B256 {
        self.digest
    }

    /// The digest as a passkey's challenge, in base64url.
    pub fn challenge(&self) -> String {
        passkey::challenge(self.digest)
    }

    /// The account that its signer is on the chain, if it is signed.
    pub fn account(&self) -> Option<Address> {
        let signer: &[u8] = self.signer.as_ref()?;
        match <[u8; 20]>::try_from(signer) {
            Ok(account) => Some(account.into()),
            Err(_) => Some(Address::from_word(keccak256(signer))),
        }
    }

    /// Whether a passkey signed it.
    pub(crate) fn is_passkey(&self) -> bool {
        self.signer.as_ref().is_some_and(|signer| signer.len() == 64)
    }

    /// The account that is its signer itself, and no hash of a key.
    pub(crate) fn key_account(&self) -> Option<Address> {
        <[u8; 20]>::try_from(self.signer.as_ref()?.as_ref()).ok().map(Address::from)
    }

    /// Checks it at a time, as the contract does, and as far as that can be done without a node.
    ///
    /// # Errors
    /// Why it is not good: it is not signed, its time is over, or its signer did not sign it.
    pub fn check(&self, now: u64) -> Result<Proven> {
        let (Some(signer), Some(signature)) = (&self.signer, &self.signature) else {
            bail!("nobody has signed it: give it to `{} sign --unsigned`", A::COMMAND);
        };
        self.ensure_signer()?;
        ensure!(now <= self.deadline, "its signature was good until {}: let it be signed again", Moment(self.deadline));
        if let Ok(key) = <[u8; 64]>::try_from(signer.as_ref()) {
            let assertion = Assertion::of_signature(key, signature);
            let assertion =
                assertion.ok_or_else(|| eyre!("its signature is not a passkey's: let it be signed again"))?;
            assertion.check(self.digest).map_err(|reason| eyre!("its signature: {reason}"))?;
            return Ok(Proven::Signed);
        }
        ensure!(signer.len() >= 20, "its signer is too short to be one: let it be signed again");
        let recovered = Signature::from_raw(signature).ok().filter(|signature| signature.normalize_s().is_none());
        let recovered = recovered.and_then(|signature| signature.recover_address_from_prehash(&self.digest).ok());
        // Another signature may be what a contract wallet takes.
        Ok(if recovered == self.account() { Proven::Signed } else { Proven::OnChain })
    }

    /// The account that signed it has to be the one that the act names, where it names one.
    fn ensure_signer(&self) -> Result<()> {
        let wanted = self.act().and_then(|act| act.signer());
        if let (Some(wanted), Some(found)) = (wanted, self.account()) {
            ensure!(wanted == found, "{wanted} has to sign it, and {found} did: let {wanted} sign it");
        }
        Ok(())
    }

    /// Why it cannot be brought to a contract now by this sender, as far as that is known without a node.
    pub(crate) fn refusal(&self, place: Place, now: u64, sender: Address) -> Option<String> {
        let own = self.place();
        if own.chain != place.chain {
            let (own, chain) = (own.chain, place.chain);
            return Some(format!(
                "it is for chain {own}, and the node is of chain {chain}: take a node of chain {own}"
            ));
        }
        if own.contract != place.contract {
            return Some(format!("it is for the contract {}: bring it there, by --contract", own.contract));
        }
        if let Err(error) = self.check(now) {
            return Some(error.to_string());
        }
        let length: usize = [&self.signer, &self.signature].into_iter().flatten().map(|bytes| bytes.len()).sum();
        if length > LONGEST_SIGNATURE {
            return Some(format!(
                "its signature has {length} bytes, which is more than {LONGEST_SIGNATURE}: have it signed again"
            ));
        }
        let relayer = self.relayer;
        let is_other = !relayer.is_zero() && relayer != sender;
        is_other.then(|| format!("only {relayer} may bring it, and {sender} sends: let {relayer} relay it"))
    }

    /// The bytes that a contract takes: those of the act, of the signer and of the signature.
    pub(crate) fn parts(&self) -> (Bytes, Bytes, Bytes) {
        (self.act.clone(), self.signer.clone().unwrap_or_default(), self.signature.clone().unwrap_or_default())
    }

    /// For a person: a line for each thing.
    pub fn summary(&self, names: &Names) -> String {
        let mut text = String::new();
        for line in self.words(names) {
            let _ = writeln!(text, "{line}");
        }
        text.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests;
