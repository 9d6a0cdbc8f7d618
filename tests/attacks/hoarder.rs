//! A program with 112 open pages, which makes calls for whoever asks it. Under it the entry of another program costs more than
//! a million gas, so that a call runs out of gas while one part in 64 is left to the program that made it.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, U256},
    providers::Provider,
    rpc::types::{TransactionReceipt, TransactionRequest},
    sol_types::SolCall,
};
use eyre::Result;
use harness::{chain::Account, dao::Dao, raw_program};

/// More than any call under it needs.
pub(crate) const PLENTY: u64 = 30_000_000;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Hoarder {
    pub(crate) address: Address,
}

impl Hoarder {
    pub(crate) async fn start(dao: &Dao) -> Result<Self> {
        Ok(Self { address: raw_program::deploy(&dao.chain, include_str!("hoarder.wat")).await? })
    }

    fn request(&self, to: Address, call: &[u8], gas: u64) -> TransactionRequest {
        let input = Bytes::from([to.as_slice(), call].concat());
        TransactionRequest::default().with_to(self.address).with_input(input).with_gas_limit(gas)
    }

    /// Makes a call with so much gas, and says whether it succeeded.
    pub(crate) async fn send(
        &self,
        by: &Account,
        to: Address,
        call: &impl SolCall,
        gas: u64,
    ) -> Result<TransactionReceipt> {
        self.send_data(by, to, &call.abi_encode(), 0, gas).await
    }

    /// The same with plain calldata and value.
    pub(crate) async fn send_data(
        &self,
        by: &Account,
        to: Address,
        call: &[u8],
        value: u64,
        gas: u64,
    ) -> Result<TransactionReceipt> {
        let request = self.request(to, call, gas).with_value(U256::from(value));
        Ok(by.provider.send_transaction(request).await?.get_receipt().await?)
    }

    /// What a call with so much gas would answer in the next block; nothing where it fails.
    pub(crate) async fn asks(&self, dao: &Dao, to: Address, call: &impl SolCall, gas: u64) -> Option<Bytes> {
        dao.chain.dev.call(self.request(to, &call.abi_encode(), gas)).pending().await.ok()
    }
}

/// Gas limits from the least that enters the hoarder to where nothing is scarce: dense where one entry is starved after
/// another, a step of a part in 100 each.
pub(crate) fn limits() -> impl Iterator<Item = u64> {
    std::iter::successors(Some(200_000u64), |gas| Some(gas + gas / 100)).take_while(|gas| *gas < PLENTY)
}
