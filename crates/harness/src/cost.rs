//! What a transaction costs, and what of it nobody could save.

use alloy::{
    eips::BlockId,
    primitives::{Address, U256, address},
    providers::Provider,
    rpc::types::{Log, trace::geth::CallFrame},
};
use eyre::{OptionExt, Result, ensure};
use serde_json::{Value, json};
use std::ops::Add;

use crate::{
    chain::Account,
    gas_table::calldata,
    slots::{self, Touched},
};

/// What each transaction pays before it runs.
const TRANSACTION: u64 = 21_000;
/// The first touch of a slot (EIP-2929).
const COLD_SLOAD: u64 = 2_100;
/// Writing a slot that was zero, beside the touch (EIP-2200).
const SSTORE_SET: u64 = 20_000;
/// Writing a slot that was not, beside the touch (EIP-2929).
const SSTORE_RESET: u64 = 2_900;
/// What clearing a slot gives back (EIP-3529).
const CLEARED: u64 = 4_800;
/// Refunds are at most this part of the gas (EIP-3529).
const REFUND_QUOTIENT: u64 = 5;
/// The first touch of an account (EIP-2929), and a call with ether, less the stipend that an account without code gives
/// back.
const VALUE: u64 = 2_600 + 9_000 - 2_300;
/// The same to an account that was never used (EIP-161), beside it.
const NEW_ACCOUNT: u64 = 25_000;
/// Precompiles that check a signature, which a program could not do for less: ecrecover, and P256VERIFY (RIP-7212).
const SIGNATURE_CHECKS: [Address; 2] =
    [Address::with_last_byte(1), address!("0x0000000000000000000000000000000000000100")];
/// A log, and each of its topics.
const LOG: u64 = 375;
/// A byte of a log's data.
const LOG_BYTE: u64 = 8;

/// A transaction that was sent, in gas.
#[derive(Clone, Copy, Debug)]
pub struct Cost<const N: usize> {
    /// What it used.
    pub used: u64,
    /// What it would have used with the same calldata, the same slots touched once each, the same logs, the same
    /// signatures checked, the same ether sent on and nothing else: no code, no other calls.
    pub floor: u64,
    /// How often each of the contracts that were asked about was called.
    pub calls: [u64; N],
}

impl<const N: usize> Cost<N> {
    /// Sends `data` to `to`, which must succeed, and looks how often it calls each of `contracts`.
    ///
    /// # Errors
    /// Where the node does not answer, or the transaction reverts.
    pub async fn of(who: &Account, to: Address, data: Vec<u8>, contracts: [Address; N]) -> Result<Self> {
        Self::paying(who, to, data, 0, contracts).await
    }

    /// The same with so many wei sent along.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub async fn paying(who: &Account, to: Address, data: Vec<u8>, wei: u64, contracts: [Address; N]) -> Result<Self> {
        let node = &who.provider;
        // At the second of the last block, however fast a test runs: what a slot costs can depend on the time.
        let head = node.get_block(BlockId::latest()).await?.ok_or_eyre("a chain has a block")?.header.timestamp;
        let _: Value = node.raw_request("evm_setNextBlockTimestamp".into(), (head,)).await?;
        let receipt = who.send_with(to, data.clone(), wei).await?;
        let hash = receipt.transaction_hash;
        ensure!(receipt.status(), "transaction {hash} reverted");

        let block = receipt.block_number.ok_or_eyre("a receipt without its block")?;
        let touched = node.raw_request("debug_traceTransaction".into(), (hash, slots::tracer())).await?;
        let mut storage = Gas::default();
        for (account, slots) in Touched::read(touched)?.slots {
            for key in slots {
                let at = async |block| node.get_storage_at(account, key).number(block).await;
                storage = storage + slot(at(block - 1).await?, at(block).await?);
            }
        }
        let call: CallFrame =
            node.raw_request("debug_traceTransaction".into(), (hash, json!({ "tracer": "callTracer" }))).await?;
        let calls = contracts.map(|contract| call.iter().filter(|call| call.to == Some(contract)).count() as u64);
        let mut sent = Gas::default();
        for payment in
            call.iter().skip(1).filter(|call| call.typ == "CALL" && call.value.is_some_and(|wei| !wei.is_zero()))
        {
            let account = payment.to.ok_or_eyre("a call has a target")?;
            let has_been = node.get_balance(account).number(block - 1).await? != U256::ZERO
                || node.get_transaction_count(account).number(block - 1).await? != 0;
            sent = sent + Gas { used: VALUE + if has_been { 0 } else { NEW_ACCOUNT }, refund: 0 };
        }
        let checked = call.iter().filter(|call| call.to.is_some_and(|to| SIGNATURE_CHECKS.contains(&to)));
        let checks = Gas { used: checked.map(|check| check.gas_used.saturating_to::<u64>()).sum(), refund: 0 };
        let floor = (transaction(&data) + storage + logs(receipt.logs()) + checks + sent).less_refund();
        Ok(Self { used: receipt.gas_used, floor, calls })
    }
}

/// Gas, and what is given back of it at the end.
#[derive(Clone, Copy, Debug, Default)]
struct Gas {
    used: u64,
    refund: u64,
}

impl Add for Gas {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { used: self.used + other.used, refund: self.refund + other.refund }
    }
}

impl Gas {
    fn less_refund(self) -> u64 {
        self.used - self.refund.min(self.used / REFUND_QUOTIENT)
    }
}

fn transaction(data: &[u8]) -> Gas {
    Gas { used: TRANSACTION + calldata(data), refund: 0 }
}

/// A slot that is touched once, and written if it changes.
fn slot(before: U256, after: U256) -> Gas {
    let (write, refund) = match (before.is_zero(), after.is_zero()) {
        _ if before == after => (0, 0),
        (true, _) => (SSTORE_SET, 0),
        (false, true) => (SSTORE_RESET, CLEARED),
        (false, false) => (SSTORE_RESET, 0),
    };
    Gas { used: COLD_SLOAD + write, refund }
}

fn logs(logs: &[Log]) -> Gas {
    let log = |log: &Log| LOG * (1 + log.topics().len() as u64) + LOG_BYTE * log.data().data.len() as u64;
    Gas { used: logs.iter().map(log).sum(), refund: 0 }
}

#[cfg(test)]
mod tests {
    use super::Cost;
    use crate::chain::Chain;
    use alloy::primitives::{U256, hex};
    use alloy::sol_types::SolValue;

    /// Writes its two arguments to slots 0 and 1, reads slot 2, logs a word under one topic.
    const CODE: [u8; 21] = hex!("5f355f5560203560015560025450600760205fa100");
    /// What its other opcodes cost, a word of memory among them.
    const COMPUTING: u64 = 32;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_floor_is_all_but_what_is_computed() {
        let chain = Chain::start().unwrap();
        let dev = chain.dev_account().unwrap();
        // Copies what follows its 11 bytes, and returns it.
        let deploy = [hex!("6015600b5f3960155ff300").as_slice(), &CODE].concat();
        let contract = chain.create(deploy).await.unwrap();
        let cost = async |first: u64, second: u64| {
            let arguments = (U256::from(first), U256::from(second)).abi_encode();
            Cost::of(&dev, contract, arguments, [contract, contract, dev.address()]).await.unwrap()
        };
        let both_set = cost(1, 1).await;
        assert_eq!(both_set.floor, 21_000 + 2 * 16 + 62 * 4 + 2 * 22_100 + 2_100 + 2 * 375 + 32 * 8);
        assert_eq!(both_set.calls, [1, 1, 0]);
        let changed_and_cleared = cost(2, 0).await;
        assert_eq!(changed_and_cleared.floor, 21_000 + 16 + 63 * 4 + 2 * 5_000 + 2_100 + 2 * 375 + 32 * 8 - 4_800);
        let neither = cost(2, 0).await;
        assert_eq!(neither.floor, 21_000 + 16 + 63 * 4 + 3 * 2_100 + 2 * 375 + 32 * 8);
        for cost in [both_set, changed_and_cleared] {
            assert_eq!(cost.used, cost.floor + COMPUTING);
        }
        // An SSTORE that changes nothing costs a warm read beside the touch.
        assert_eq!(neither.used, neither.floor + COMPUTING + 2 * 100);
    }
}
