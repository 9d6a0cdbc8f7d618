//! The base fee, the L1 fee, and who gets them.

use crate::chain::Chain;
use alloy_primitives::{TxKind, U256, hex};
use alloy_sol_types::sol;
use harness::wire::{Wallet, number};
use nitro::{ARB_GAS_INFO, ARB_OWNER};
use serde_json::json;

sol! {
    function setSpeedLimit(uint64 limit) external;
    function setL2GasPricingInertia(uint64 sec) external;
    function setL2GasBacklogTolerance(uint64 sec) external;
    function setGasPricingConstraints(uint64[3][] constraints) external;
    function getGasPricingConstraints() external view returns (uint64[3][] constraints);
    function setL1PricePerUnit(uint256 pricePerUnit) external;
    function setNetworkFeeAccount(address account) external;
    function setInfraFeeAccount(address account) external;
}

const MIN_BASE_FEE: u64 = 100_000_000;

/// Burns about 4 million gas: a loop that runs out of it.
fn burn_gas(chain: &Chain) {
    assert!(!chain.send(&Wallet::dev(), TxKind::Create, 0, &hex!("5b5f56")).is_ok());
}

#[test]
fn the_base_fee_rises_with_demand_and_falls_with_time() {
    let chain = Chain::new();
    assert!(chain.act(ARB_OWNER, &setSpeedLimitCall { limit: 1_000_000 }).is_ok());
    assert!(chain.act(ARB_OWNER, &setL2GasPricingInertiaCall { sec: 10 }).is_ok());
    assert!(chain.act(ARB_OWNER, &setL2GasBacklogToleranceCall { sec: 1 }).is_ok());
    assert_eq!(chain.base_fee(), MIN_BASE_FEE);
    for _ in 0..3 {
        burn_gas(&chain);
    }
    chain.wait(0);
    chain.wait(0);
    let high = chain.base_fee();
    assert!(high > MIN_BASE_FEE * 3 / 2, "about 14 million gas above a second's 1 million, over 10: {high}");
    chain.wait(60);
    chain.wait(0);
    assert_eq!(chain.base_fee(), MIN_BASE_FEE);
}

/// Since ArbOS 61: 60 gave back what the price had fallen by since the header was made, and 51 knows no such refund
/// (OffchainLabs/nitro, `system_tests`, `TestMultiGasRefundWithoutConstraints`).
#[test]
fn a_sender_pays_the_price_of_the_header_while_it_falls() {
    let chain = Chain::new();
    assert!(chain.act(ARB_OWNER, &setSpeedLimitCall { limit: 100_000 }).is_ok());
    let sender = Wallet::number(1);
    chain.fund(&sender);
    burn_gas(&chain);
    chain.wait(0);
    assert!(chain.act(ARB_OWNER, &setSpeedLimitCall { limit: 7_000_000 }).is_ok());
    let before = chain.balance(sender.address());
    let receipts = [(); 10].map(|()| chain.send(&sender, TxKind::Call(sender.address()), 0, &[]));
    let prices = receipts.each_ref().map(|receipt| number(&receipt.0["effectiveGasPrice"]));
    assert!(prices[0] > prices[9], "{prices:?}");
    let paid: u64 = receipts.iter().zip(prices).map(|(receipt, price)| receipt.gas() * price).sum();
    assert_eq!(before - chain.balance(sender.address()), U256::from(paid));
}

#[test]
fn constraints_take_the_place_of_the_speed_limit() {
    let chain = Chain::new();
    let constraints = vec![[1_000_000, 10, 0], [2_000_000, 5, 7]];
    assert!(chain.act(ARB_OWNER, &setGasPricingConstraintsCall { constraints: constraints.clone() }).is_ok());
    let read = chain.read(ARB_GAS_INFO, &getGasPricingConstraintsCall {});
    let limits = |list: &[[u64; 3]]| list.iter().map(|[target, window, _]| (*target, *window)).collect::<Vec<_>>();
    assert_eq!(limits(&read), limits(&constraints));
    for _ in 0..3 {
        burn_gas(&chain);
    }
    chain.wait(0);
    chain.wait(0);
    assert!(chain.base_fee() > MIN_BASE_FEE * 2);
    chain.wait(60);
    chain.wait(0);
    assert_eq!(chain.base_fee(), MIN_BASE_FEE);
    assert!(chain.act(ARB_OWNER, &setGasPricingConstraintsCall { constraints: vec![] }).is_ok());
    assert!(chain.read(ARB_GAS_INFO, &getGasPricingConstraintsCall {}).is_empty());
}

#[test]
fn fees_go_where_owners_send_them() {
    let chain = Chain::new();
    let (network, infrastructure) = (Wallet::number(1).address(), Wallet::number(2).address());
    assert!(chain.act(ARB_OWNER, &setNetworkFeeAccountCall { account: network }).is_ok());
    assert!(chain.act(ARB_OWNER, &setL1PricePerUnitCall { pricePerUnit: U256::from(10u64.pow(9)) }).is_ok());
    let pool = nitro::L1_PRICER_FUNDS;

    let before = [network, infrastructure, pool].map(|account| chain.balance(account));
    let receipt = chain.send(&Wallet::dev(), TxKind::Call(Wallet::number(3).address()), 1, &[]);
    let (price, l1_gas) = (number(&receipt.0["effectiveGasPrice"]), number(&receipt.0["gasUsedForL1"]));
    assert!(l1_gas > 10_000);
    assert_eq!(receipt.gas(), 21_000 + l1_gas);
    let gained = |before: &[U256; 3]| {
        let after = [network, infrastructure, pool].map(|account| chain.balance(account));
        std::array::from_fn::<_, 3, _>(|k| (after[k] - before[k]).to::<u64>())
    };
    assert_eq!(gained(&before), [21_000 * price, 0, l1_gas * price]);

    assert!(chain.act(ARB_OWNER, &setInfraFeeAccountCall { account: infrastructure }).is_ok());
    let before = [network, infrastructure, pool].map(|account| chain.balance(account));
    let receipt = chain.send(&Wallet::dev(), TxKind::Call(Wallet::number(3).address()), 1, &[]);
    let l1_gas = number(&receipt.0["gasUsedForL1"]);
    assert_eq!(gained(&before), [0, 21_000 * MIN_BASE_FEE, l1_gas * price], "the least price is the infrastructure's");
}

#[test]
fn a_gas_limit_must_cover_the_l1_part() {
    let chain = Chain::new();
    assert!(chain.act(ARB_OWNER, &setL1PricePerUnitCall { pricePerUnit: U256::from(10u64.pow(9)) }).is_ok());
    let dev = Wallet::dev();
    let nonce = chain.client.number("eth_getTransactionCount", json!([dev.address(), "latest"]));
    let raw = dev.transfer(nonce, Wallet::number(1).address(), 1);
    let refused = chain.client.try_call("eth_sendRawTransaction", json!([raw])).unwrap_err();
    assert_eq!(refused["message"], "intrinsic gas too low");
}
