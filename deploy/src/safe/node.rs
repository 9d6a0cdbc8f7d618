//! A Safe on a chain.

use alloy::eips::BlockId;
use alloy::network::TransactionBuilder as _;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::Provider as _;
use alloy::rpc::types::{Filter, TransactionRequest};
use alloy::sol_types::{SolCall, SolEvent as _};
use consilium_bindings::Safe as abi;
use eyre::{OptionExt as _, Result, bail, ensure, eyre};

use super::proposal::{Facts, Proposal};
use super::reasons;
use super::signature::{Confirmation, Kind};
use super::transaction::domain;
use super::words::{self, Library};
use crate::chain::Chain;
use crate::explain::{explain, is_execution, revert_data};
use crate::logs;
use crate::signing::Place;

/// Why a Safe does not take a good signature of an owner whose key is on P-256.
pub(super) const NO_P256: &str = "it takes no signature by a key on P-256, as no Safe of version 1.4.1 and not Safe's own 1.5.0 does: \
                       our Safe of version 1.5.0 does";

/// A Safe, and the chain it is on.
#[derive(Clone, Debug)]
pub struct Safe {
    chain: Chain,
    at: Address,
}

/// What a Safe is at a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Version, owners and threshold.
    pub facts: Facts,
    /// The nonce of the transaction that it executes next.
    pub nonce: U256,
}

impl Safe {
    /// Finds the Safe at an address. What is none, or hashes otherwise than a Safe on this chain, is refused.
    ///
    /// # Errors
    /// If there is none, or the node does not answer.
    pub async fn open(chain: &Chain, at: Address) -> Result<Self> {
        ensure!(
            !chain.code(at).await?.is_empty(),
            "there is no contract at {at} on chain {}: correct the address, or take a node of the right chain",
            chain.id()
        );
        let safe = Self { chain: chain.clone(), at };
        let separator = safe.read(abi::domainSeparatorCall {}, BlockId::latest()).await?;
        ensure!(separator == domain(&safe.place()), safe.stranger());
        Ok(safe)
    }

    /// The Safe of a file, on the chain that the file is for.
    ///
    /// # Errors
    /// As [`Safe::open`] and [`Safe::expect_libraries`], if the node is of another chain, or if the Safe hashes the
    /// transaction otherwise.
    pub async fn of(chain: &Chain, proposal: &Proposal) -> Result<Self> {
        let place = proposal.place();
        ensure!(
            place.chain == chain.id(),
            "it is for chain {}, and the node is of chain {}: take a node of chain {}",
            place.chain,
            chain.id(),
            place.chain
        );
        let safe = Self::open(chain, place.contract).await?;
        let hash = safe.read(proposal.transaction().hash_call(), BlockId::latest()).await?;
        ensure!(
            hash == proposal.hashes().transaction,
            "the Safe {} gives this transaction the hash {hash}: do not sign, and ask another node",
            safe.at
        );
        safe.expect_libraries(proposal).await?;
        Ok(safe)
    }

    /// Where it is.
    pub const fn place(&self) -> Place {
        Place { chain: self.chain.id(), contract: self.at }
    }

    /// The chain it is on.
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// All of it in one block.
    ///
    /// # Errors
    /// If it is of a version that is not known here, was not set up, or the node does not answer.
    pub async fn state(&self) -> Result<State> {
        let block = BlockId::number(self.chain.head().await?);
        let version = self.read(abi::VERSIONCall {}, block).await?;
        let owners = self.read(abi::getOwnersCall {}, block).await?;
        let threshold = self.read(abi::getThresholdCall {}, block).await?;
        let nonce = self.read(abi::nonceCall {}, block).await?;
        let threshold = u64::try_from(threshold).map_err(|_| self.stranger())?;
        let facts = Facts { version, owners, threshold };
        facts.check().map_err(|reason| eyre!("{} is no Safe that is known here: {reason}", self.at))?;
        Ok(State { facts, nonce })
    }

    /// What an owner should know of the targets, those of a batch too, before signing: a call of nothing succeeds.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn warning(&self, proposal: &Proposal) -> Result<Option<String>> {
        let mut empty = Vec::new();
        for target in proposal.targets() {
            if self.chain.code(target).await?.is_empty() {
                empty.push(target);
            }
        }
        let listed = words::listed(&empty);
        let warning = format!("WARNING: there is no contract at {listed}: the call would do nothing and succeed");
        Ok((!empty.is_empty()).then_some(warning))
    }

    /// Which of these owners have approved a hash on the chain.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn approvals(&self, owners: &[Address], hash: B256) -> Result<Vec<Address>> {
        let mut approved = Vec::new();
        for owner in owners {
            let found = self.read(abi::approvedHashesCall { owner: *owner, hash }, BlockId::latest()).await?;
            if !found.is_zero() {
                approved.push(*owner);
            }
        }
        Ok(approved)
    }

    /// Why the Safe does not take an owner's signature; none where it does. Whether it takes keys on P-256, and whether a
    /// contract signed, is for the Safe to say.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn objection(&self, proposal: &Proposal, confirmation: &Confirmation) -> Result<Option<String>> {
        let hashes = proposal.hashes();
        let kind = confirmation.check(hashes.transaction);
        if matches!(kind, Ok(Kind::Key(_))) {
            return Ok(None);
        }
        let call = abi::checkNSignaturesCall {
            dataHash: hashes.transaction,
            data: hashes.preimage(),
            signatures: confirmation.signature.clone(),
            requiredSignatures: U256::ONE,
        };
        let request = TransactionRequest::default().with_to(self.at).with_input(call.abi_encode());
        Ok(self.simulate(request).await?.err().map(|data| {
            // It took it for another key's, which would be no owner's.
            let unknown = kind == Ok(Kind::P256) && reasons::is(&data, "GS026");
            if unknown { NO_P256.to_owned() } else { reasons::in_words(&data) }
        }))
    }

    /// The transaction that executed a hash, and whether its call succeeded; none where no block has it.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn execution(&self, hash: B256) -> Result<Option<(B256, bool)>> {
        let head = self.chain.head().await?;
        let from = logs::appearance(&self.chain, self.at, head).await?.unwrap_or(0);
        let kinds = vec![abi::ExecutionSuccess::SIGNATURE_HASH, abi::ExecutionFailure::SIGNATURE_HASH];
        let filter = Filter::new().address(self.at).event_signature(kinds).topic1(hash);
        let found = logs::collect(&self.chain, &filter, from, head).await?;
        Ok(found.first().and_then(|log| {
            let is_success = log.topic0() == Some(&abi::ExecutionSuccess::SIGNATURE_HASH);
            log.transaction_hash.map(|transaction| (transaction, is_success))
        }))
    }

    /// What a view answers in a block.
    pub(super) async fn read<C: SolCall>(&self, view: C, block: BlockId) -> Result<C::Return> {
        let request = TransactionRequest::default().with_to(self.at).with_input(view.abi_encode());
        let said = self.chain.provider().call(request).block(block).await;
        let said = said.map_err(|error| match revert_data(&error) {
            Some(_) => self.stranger(),
            None => eyre!("could not call {}: {}", self.at, explain(&error)),
        })?;
        C::abi_decode_returns_validate(&said).map_err(|_| self.stranger())
    }

    /// What a call of an account answers, or what it reverts with.
    pub(super) async fn simulate(&self, request: TransactionRequest) -> Result<Result<Bytes, Bytes>> {
        match self.chain.provider().call(request).await {
            Ok(answer) => Ok(Ok(answer)),
            Err(error) => match revert_data(&error) {
                Some(data) => Ok(Err(data)),
                // Some nodes say nothing of a revert without data.
                None if is_execution(&error) => Ok(Err(Bytes::new())),
                None => bail!("could not call {}: {}", self.at, explain(&error)),
            },
        }
    }

    /// Refuses a target without code: its calldata would be lost, and the call succeed.
    ///
    /// # Errors
    /// If there is none, or the node does not answer.
    pub async fn expect_code(&self, target: Address) -> Result<()> {
        ensure!(
            !self.chain.code(target).await?.is_empty(),
            "there is no contract at {target} on chain {}: a call would do nothing and succeed, so correct the address",
            self.chain.id()
        );
        Ok(())
    }

    /// Refuses a batch by what is not Safe's, and is at the address that Safe's library has on ordinary chains: by that address
    /// the words of a transaction know it.
    ///
    /// # Errors
    /// If another code is there, or the node does not answer.
    pub async fn expect_libraries(&self, proposal: &Proposal) -> Result<()> {
        for target in proposal.targets() {
            let Some(Library { name, version, code_hash, .. }) = Library::at(target) else { continue };
            let code = self.chain.code(target).await?;
            // Of nothing there is a warning.
            ensure!(
                code.is_empty() || keccak256(&code) == code_hash,
                "{target} is the address of Safe's {name} {version}, and on chain {} other code is there, which may do anything: \
                 do not sign, and name another contract",
                self.chain.id()
            );
        }
        Ok(())
    }

    fn stranger(&self) -> eyre::Report {
        eyre!(
            "what stands at {} does not answer as a Safe of version 1.4.1 or 1.5.0 on chain {}: correct the address; or \
             its program has expired, and `consilium renew` renews it",
            self.at,
            self.chain.id()
        )
    }
}

impl State {
    /// Refuses a transaction whose nonce was used. How many transactions come before it.
    ///
    /// # Errors
    /// If it was executed, or another one in its place.
    pub fn before(&self, nonce: U256) -> Result<U256> {
        nonce.checked_sub(self.nonce).ok_or_eyre(format!(
            "its nonce {nonce} is used, the Safe's next is {}: it was executed, or another one in its place. See \
             `consilium safe show`",
            self.nonce
        ))
    }
}
