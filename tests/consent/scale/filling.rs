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
use eyre::{OptionExt, Result, ensure};
use harness::gas_table::calldata;
use nitro::{CHAIN_ID, DEV_ACCOUNT, DEV_KEY};
use serde::Deserialize;

use super::life::{CLINIC, Stage};
use crate::world::*;

/// Provisions of a grantor.
pub(super) const TEN: u64 = 10;
/// Grantors whose transactions are sent at once.
const BATCH: u64 = 100;
/// Doctors whom grantors name one by one.
const DOCTORS: u64 = 1_000;
/// Gas of a transaction at most.
const GAS: u64 = 1_500_000;
/// Wei a gas at most: ten times the least base fee.
const MAX_FEE: u128 = 1_000_000_000;
/// Seconds that pass between two batches. ArbOS lets a chain use 7,000,000 gas a second before its base fee rises.
const PAUSE: u64 = 30;

/// What was granted.
pub(super) struct Filled {
    /// The least and the most gas that a transaction took, less its calldata.
    pub(super) gas: RangeInclusive<u64>,
    /// The grantor that came last.
    pub(super) last: Address,
    /// Wall time of all.
    pub(super) seconds: u64,
    /// Microseconds that the first tenth of the transactions took, each.
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

impl Stage {
    /// So many grantors make ten provisions each.
    pub(super) async fn fill(&self, grantors: u64) -> Result<Filled> {
        let (named, dev) = (self.named(), &self.world.chain.dev);
        let nonce = dev.get_transaction_count(DEV_ACCOUNT).await?;
        let batch = move |from: u64| {
            let to = (from + BATCH - 1).min(grantors);
            tokio::task::spawn_blocking(move || prepare(named, from..=to, nonce + from - 1))
        };
        let (mut gas, mut times, begun) = (u64::MAX..=0, Vec::new(), Instant::now());
        let mut next = batch(1);
        for from in (1..=grantors).step_by(BATCH as usize) {
            let now = next.await??;
            // Signed while the chain works.
            next = batch(from + BATCH);
            let sent = Instant::now();
            for used in self.bring(&now).await? {
                gas = *gas.start().min(&used)..=*gas.end().max(&used);
            }
            times.push(sent.elapsed() / now.len() as u32);
        }
        let tenth = times.len().div_ceil(10);
        let mean = |times: &[Duration]| (times.iter().sum::<Duration>() / tenth as u32).as_micros() as u64;
        Ok(Filled {
            gas,
            last: key(grantors)?.address(),
            seconds: begun.elapsed().as_secs(),
            first_time: mean(times.get(..tenth).ok_or_eyre("no grantor")?),
            last_time: mean(&times[times.len() - tenth..]),
        })
    }

    /// Sends a batch, in which everything must succeed; the gas of each grantor's transaction, less its calldata.
    async fn bring(&self, all: &[Signed]) -> Result<Vec<u64>> {
        let (mut batch, mut receipts) = (BatchRequest::new(self.world.chain.dev.client()), Vec::new());
        let _ = batch.add_call::<_, U64>("evm_increaseTime", &(PAUSE,))?;
        for Signed { gift, grants, hash, .. } in all {
            let gift = batch.add_call::<_, B256>("eth_sendRawTransaction", &(gift,))?;
            let sent = batch.add_call::<_, B256>("eth_sendRawTransaction", &(grants,))?;
            receipts.push((gift, sent, batch.add_call::<_, Receipt>("eth_getTransactionReceipt", &(hash,))?));
        }
        batch.send().await?;
        let mut gas = Vec::new();
        for ((gift, sent, receipt), Signed { hash, calldata, .. }) in receipts.into_iter().zip(all) {
            gift.await?;
            ensure!(sent.await? == *hash, "the node calls a transaction otherwise");
            let Receipt { status, gas_used } = receipt.await?;
            ensure!(status == U64::ONE, "transaction {hash} reverted");
            gas.push(gas_used.to::<u64>() - calldata);
        }
        Ok(gas)
    }
}
