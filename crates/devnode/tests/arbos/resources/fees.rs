//! What senders pay where resources have prices of their own.

use super::{ALL, Constraint, Used, counting, fees, set, used};
use crate::chain::{Chain, Receipt};
use alloy_primitives::{Address, TxKind, U256, hex};
use alloy_sol_types::sol;
use devnode::{
    ArbosVersion,
    ArbosVersion::{V60, V61},
    evm::Resource,
};
use harness::wire::{Wallet, number};
use nitro::ARB_OWNER;

sol! {
    function setMinimumL2BaseFee(uint256 priceInWei) external;
}

/// A chain that counts, on which growth of the state costs e times as much, and stays so.
fn chain(version: ArbosVersion) -> Chain {
    let chain = counting(version);
    let (window, target) = (1_000, 1_000_000_000);
    let mut constraints: Vec<Constraint> =
        ALL.iter().map(|resource| (vec![(*resource as u8, 1)], u32::MAX, super::TARGET, 0)).collect();
    constraints.push((vec![(Resource::StorageGrowth as u8, 1)], window, target, u64::from(window) * target));
    set(&chain, constraints);
    // Its price holds from the block after the next.
    chain.wait(0);
    chain.wait(0);
    chain
}

/// What a transaction uses, what it pays for that by the prices of its block, and what its sender has paid.
fn pays(chain: &Chain, act: impl FnOnce() -> Receipt) -> (Used, Receipt, U256, U256) {
    let sender = Wallet::number(1).address();
    let before = chain.balance(sender);
    let (used, receipt) = used(chain, act);
    let cost = used.iter().zip(fees(chain)).map(|(gas, fee)| fee * U256::from(*gas)).sum();
    (used, receipt, cost, before - chain.balance(sender))
}

#[test]
fn each_resource_costs_its_own_price() {
    for version in [V60, V61] {
        let chain = chain(version);
        let fees = fees(&chain);
        let [computation, growth] = [Resource::Computation, Resource::StorageGrowth].map(|r| fees[r as usize - 1]);
        assert!(growth > computation * U256::from(26) / U256::from(10), "{fees:?}");
        assert_eq!(U256::from(chain.base_fee()), growth, "the dearest is the block's");
        let slot = TxKind::Call(chain.deploy(&hex!("60015f5500")).contract());
        let nobody = TxKind::Call(Address::repeat_byte(7));
        for (what, to) in [("a transfer", nobody), ("a new slot", slot), ("a slot as it was", slot)] {
            let (used, receipt, cost, paid) = pays(&chain, || chain.send(&Wallet::number(1), to, 0, &[]));
            assert!(receipt.is_ok());
            assert_eq!(paid, cost, "{version}, {what}: {used:?}");
            let full = U256::from(receipt.gas() * number(&receipt.0["effectiveGasPrice"]));
            assert!(paid < full, "{version}, {what}");
        }
    }
}

/// Refunds of EVM code are not taken off what 60 prices, so that they save nothing where all costs the same, until 61.
#[test]
fn refunds_of_code_and_of_prices() {
    for version in [V60, V61] {
        let chain = chain(version);
        let slot = TxKind::Call(chain.deploy(&hex!("5f355f55")).contract());
        assert!(chain.send(&Wallet::number(1), slot, 0, &[1; 32]).is_ok());
        let (used, receipt, cost, paid) = pays(&chain, || chain.send(&Wallet::number(1), slot, 0, &[]));
        assert_eq!(used.iter().sum::<u64>() - receipt.gas(), 4_800);
        let price = number(&receipt.0["effectiveGasPrice"]);
        let full = U256::from(receipt.gas() * price);
        let expected = if version == V60 { cost } else { cost - U256::from(4_800 * price) };
        assert_eq!(paid, expected.min(full), "{version}");
    }
}

/// 60 goes on to pay back by the last prices after the last constraint is removed.
#[test]
fn prices_stay_with_60() {
    for version in [V60, V61] {
        let chain = chain(version);
        set(&chain, vec![]);
        assert!(chain.act(ARB_OWNER, &setMinimumL2BaseFeeCall { priceInWei: U256::from(1_000_000_000) }).is_ok());
        chain.wait(0);
        chain.wait(0);
        let sender = Wallet::number(1);
        let before = chain.balance(sender.address());
        let receipt = chain.send(&sender, TxKind::Call(sender.address()), 0, &[]);
        let price = number(&receipt.0["effectiveGasPrice"]);
        assert_eq!(price, 1_000_000_000);
        let paid = before - chain.balance(sender.address());
        let expected = if version == V60 { 100_000_000 } else { price };
        assert_eq!(paid, U256::from(21_000 * expected), "{version}");
    }
}
