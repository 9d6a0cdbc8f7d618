//! Very many grantors, each with a key, a little ether and one transaction that makes ten provisions.

use std::{
    ops::RangeInclusive,
    time::{Duration, Instant},
};

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::Encodable2718,
    primitives::{Address, B256, Bytes, TxKind, U64, U256, keccak256},
    providers::Provider,
    rpc::client::BatchRequest,
    signers::{SignerSync, local::PrivateKeySigner},
    sol_types::SolCall,
};
use consilium_bindings::Consent::*;
use eyre::{Result, ensure};
use harness::{gas_table::calldata, process::Process};
use nitro::{CHAIN_ID, DEV_ACCOUNT, DEV_KEY};
use serde::Deserialize;

use super::life::{CLINIC, Stage};
use crate::world::*;

/// Provisions of a grantor.
pub(super) const TEN: u64 = 10;
/// Grantors whose transactions are sent at once.
pub(super) const BATCH: u64 = 100;
/// Doctors whom grantors name one by one.
const DOCTORS: u64 = 1_000;
/// Gas of a transaction at most.
const GAS: u64 = 1_500_000;
/// Wei a gas at most: ten times the least base fee.
const MAX_FEE: u128 = 1_000_000_000;
/// Seconds that pass between two batches. ArbOS lets a chain use 7,000,000 gas a second before its base fee rises.
const PAUSE: u64 = 30;

/// What a grantor paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paid {
    pub(super) gas: u64,
    /// The part of it for calldata.
    pub(super) calldata: u64,
}

/// How very many grantors granted.
pub(super) struct Filled {
    pub(super) paid: Vec<Paid>,
    /// Wall time.
    pub(super) seconds: u64,
    /// Microseconds of processor time for a grantor of the first tenth: the chain's, and what the client takes.
    pub(super) first_time: u64,
    /// Of the last tenth.
    pub(super) last_time: u64,
}

/// Whom all grantors name.
#[derive(Clone, Copy)]
pub(super) struct Named {
    pub(super) contract: Address,
    pub(super) hospital: Address,
    pub(super) roles: [Address; 2],
}

impl Named {
    /// A grantor's ten provisions: three for one hospital, two for roles, one for a clinic, which all grantors name, and
    /// four for doctors of its own choice.
    pub(super) fn ten(&self, grantor: Address, choice: u64) -> Vec<u8> {
        let doctor = |index| Address::from_word(keccak256(format!("doctor {}", (choice + index) % DOCTORS)));
        let of = |provision, number: u8| Provision { classes: classes(&[LABS, number]), ..provision };
        let [role, other] = self.roles;
        let of_hospital = [1, 2, 3].map(|number| of(permit(self.hospital), number));
        let of_doctors = [0, 1, 2, 3].map(|index| permit(doctor(index)));
        let others = [permit(role), of(denial(other), HIV), permit(CLINIC)];
        let all = of_hospital.into_iter().chain(others).chain(of_doctors);
        let data = all.map(|provision| grantCall { grantor, provision }.abi_encode().into()).collect();
        multicallCall { data }.abi_encode()
    }
}

/// A grantor's transaction, and the one that gives it the ether for that.
struct Signed {
    gift: Bytes,
    grants: Bytes,
    hash: B256,
    calldata: u64,
}

/// What is read of a receipt.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    status: U64,
    gas_used: U64,
}

fn key(index: u64) -> Result<PrivateKeySigner> {
    Ok(PrivateKeySigner::from_bytes(&keccak256(format!("grantor {index}")))?)
}

fn signed(
    by: &PrivateKeySigner,
    nonce: u64,
    gas_limit: u64,
    to: Address,
    value: U256,
    input: Bytes,
) -> Result<TxEnvelope> {
    let to = TxKind::Call(to);
    let (chain_id, max_fee_per_gas) = (CHAIN_ID, MAX_FEE);
    let transaction = TxEip1559 { chain_id, nonce, gas_limit, max_fee_per_gas, to, value, input, ..Default::default() };
    let signature = by.sign_hash_sync(&transaction.signature_hash())?;
    Ok(transaction.into_signed(signature).into())
}

/// Signs for some grantors. The development account's next nonce is `nonce`.
fn prepare(named: Named, grantors: RangeInclusive<u64>, nonce: u64) -> Result<Vec<Signed>> {
    let dev = PrivateKeySigner::from_bytes(&DEV_KEY)?;
    let each = |(index, nonce)| {
        let (grantor, gift) = (key(index)?, U256::from(GAS) * U256::from(MAX_FEE));
        let gift = signed(&dev, nonce, 21_000, grantor.address(), gift, Bytes::new())?;
        let data = named.ten(grantor.address(), 4 * index);
        let calldata = calldata(&data);
        let grants = signed(&grantor, 0, GAS, named.contract, U256::ZERO, data.into())?;
        let hash = *grants.tx_hash();
        Ok(Signed { gift: gift.encoded_2718().into(), grants: grants.encoded_2718().into(), hash, calldata })
    };
    grantors.zip(nonce..).map(each).collect()
}

/// Processor time of this process; 0 where the system is not Linux.
fn processor() -> Duration {
    Process::own().processor().unwrap_or_default()
}

/// A grantor's address.
pub(super) fn grantor(index: u64) -> Result<Address> {
    Ok(key(index)?.address())
}

impl Stage {
    /// Some grantors, [`BATCH`] at most, make ten provisions each.
    pub(super) async fn sent(&self, grantors: RangeInclusive<u64>) -> Result<Vec<Paid>> {
        self.bring(&prepare(self.named(), grantors, self.nonce().await?)?).await
    }

    /// The same of very many.
    pub(super) async fn fill(&self, grantors: RangeInclusive<u64>) -> Result<Filled> {
        let (named, nonce, first, last) = (self.named(), self.nonce().await?, *grantors.start(), *grantors.end());
        let batch = move |from: u64| {
            let grantors = from..=(from + BATCH - 1).min(last);
            tokio::task::spawn_blocking(move || prepare(named, grantors, nonce + from - first))
        };
        let (mut paid, begun) = (Vec::new(), Instant::now());
        let mut times = vec![processor()];
        let mut next = batch(first);
        for from in (first..=last).step_by(BATCH as usize) {
            let now = next.await??;
            // Signed while the chain works.
            next = batch(from + BATCH);
            paid.extend(self.bring(&now).await?);
            times.push(processor());
        }
        let tenth = times.len().div_ceil(10).min(times.len() - 1);
        let each = |from: usize| (times[from + tenth] - times[from]).as_micros() as u64 / (tenth as u64 * BATCH);
        let (first_time, last_time) = (each(0), each(times.len() - 1 - tenth));
        Ok(Filled { paid, seconds: begun.elapsed().as_secs(), first_time, last_time })
    }

    /// The development account's next nonce.
    async fn nonce(&self) -> Result<u64> {
        Ok(self.world.chain.dev.get_transaction_count(DEV_ACCOUNT).await?)
    }

    /// Sends a batch, in which everything must succeed; what each grantor paid.
    async fn bring(&self, all: &[Signed]) -> Result<Vec<Paid>> {
        let (mut batch, mut receipts) = (BatchRequest::new(self.world.chain.dev.client()), Vec::new());
        let time = batch.add_call::<_, i64>("evm_increaseTime", &(PAUSE,))?;
        for Signed { gift, grants, hash, .. } in all {
            let gift = batch.add_call::<_, B256>("eth_sendRawTransaction", &(gift,))?;
            let sent = batch.add_call::<_, B256>("eth_sendRawTransaction", &(grants,))?;
            receipts.push((gift, sent, batch.add_call::<_, Receipt>("eth_getTransactionReceipt", &(hash,))?));
        }
        batch.send().await?;
        time.await?;
        let mut paid = Vec::new();
        for ((gift, sent, receipt), &Signed { hash, calldata, .. }) in receipts.into_iter().zip(all) {
            gift.await?;
            ensure!(sent.await? == hash, "the node calls a transaction otherwise");
            let Receipt { status, gas_used } = receipt.await?;
            ensure!(status == U64::ONE, "transaction {hash} reverted");
            paid.push(Paid { gas: gas_used.to(), calldata });
        }
        Ok(paid)
    }
}
