//! What chain owners set is what everybody reads, and nobody else sets it.

use crate::chain::{Chain, DAY};
use alloy_primitives::{Address, TxKind, U256};
use alloy_sol_types::{SolCall, sol};
use devnode::ArbosVersion;
use harness::wire::Wallet;
use nitro::{ARB_GAS_INFO, ARB_NATIVE_TOKEN_MANAGER as NATIVE_TOKEN, ARB_OWNER, ARB_OWNER_PUBLIC, ARB_WASM};

sol! {
    function addChainOwner(address newOwner) external;
    function removeChainOwner(address ownerToRemove) external;
    function getAllChainOwners() external view returns (address[]);
    function isChainOwner(address account) external view returns (bool);
    function setSpeedLimit(uint64 limit) external;
    function setMaxTxGasLimit(uint64 limit) external;
    function getMaxTxGasLimit() external view returns (uint256);
    function setMinimumL2BaseFee(uint256 priceInWei) external;
    function getMinimumGasPrice() external view returns (uint256);
    function setL2GasPricingInertia(uint64 sec) external;
    function getPricingInertia() external view returns (uint64);
    function setL1PricePerUnit(uint256 pricePerUnit) external;
    function getL1BaseFeeEstimate() external view returns (uint256);
    function setPerBatchGasCharge(int64 cost) external;
    function getPerBatchGasCharge() external view returns (int64);
    function setBrotliCompressionLevel(uint64 level) external;
    function getBrotliCompressionLevel() external view returns (uint64);
    function setInkPrice(uint32 price) external;
    function inkPrice() external view returns (uint32);
    function setWasmMinInitGas(uint8 gas, uint16 cached) external;
    function minInitGas() external view returns (uint64 gas, uint64 cached);
    function setWasmExpiryDays(uint16 numDays) external;
    function expiryDays() external view returns (uint16);
    function scheduleArbOSUpgrade(uint64 newVersion, uint64 timestamp) external;
    function getScheduledUpgrade() external view returns (uint64 arbosVersion, uint64 scheduledForTimestamp);
    function setCalldataPriceIncrease(bool enable) external;
    function isCalldataPriceIncreaseEnabled() external view returns (bool);
    function setGasPricingConstraints(uint64[3][] constraints) external;
    function getGasPricingConstraints() external view returns (uint64[3][] constraints);
    function setNativeTokenManagementFrom(uint64 timestamp) external;
    function addNativeTokenOwner(address newOwner) external;
    function mintNativeToken(uint256 amount) external;
    function burnNativeToken(uint256 amount) external;
    function getL1PricingSurplus() external view returns (int256);

    event OwnerActs(bytes4 indexed method, address indexed owner, bytes data);
    event NativeTokenMinted(address indexed to, uint256 amount);
}

#[test]
fn what_is_set_is_read() {
    let chain = Chain::new();
    let act = |call: &[u8]| assert!(chain.send(&Wallet::dev(), TxKind::Call(ARB_OWNER), 0, call).is_ok());
    act(&setMaxTxGasLimitCall { limit: 40_000_000 }.abi_encode());
    assert_eq!(chain.read(ARB_GAS_INFO, &getMaxTxGasLimitCall {}), U256::from(40_000_000));
    act(&setMinimumL2BaseFeeCall { priceInWei: U256::from(200_000_000) }.abi_encode());
    assert_eq!(chain.read(ARB_GAS_INFO, &getMinimumGasPriceCall {}), U256::from(200_000_000));
    act(&setL2GasPricingInertiaCall { sec: 51 }.abi_encode());
    assert_eq!(chain.read(ARB_GAS_INFO, &getPricingInertiaCall {}), 51);
    act(&setL1PricePerUnitCall { pricePerUnit: U256::from(7) }.abi_encode());
    assert_eq!(chain.read(ARB_GAS_INFO, &getL1BaseFeeEstimateCall {}), U256::from(7));
    act(&setPerBatchGasChargeCall { cost: -5 }.abi_encode());
    assert_eq!(chain.read(ARB_GAS_INFO, &getPerBatchGasChargeCall {}), -5);
    act(&setBrotliCompressionLevelCall { level: 11 }.abi_encode());
    assert_eq!(chain.read(ARB_OWNER_PUBLIC, &getBrotliCompressionLevelCall {}), 11);
    act(&setInkPriceCall { price: 20_000 }.abi_encode());
    assert_eq!(chain.read(ARB_WASM, &inkPriceCall {}), 20_000);
    act(&setWasmMinInitGasCall { gas: 129, cached: 33 }.abi_encode());
    let least = chain.read(ARB_WASM, &minInitGasCall {});
    assert_eq!((least.gas, least.cached), (256, 64), "rounded up to whole units");
    act(&setWasmExpiryDaysCall { numDays: 9 }.abi_encode());
    assert_eq!(chain.read(ARB_WASM, &expiryDaysCall {}), 9);
    act(&scheduleArbOSUpgradeCall { newVersion: 99, timestamp: 1 << 40 }.abi_encode());
    let upgrade = chain.read(ARB_OWNER_PUBLIC, &getScheduledUpgradeCall {});
    assert_eq!((upgrade.arbosVersion, upgrade.scheduledForTimestamp), (99, 1 << 40));
    act(&setCalldataPriceIncreaseCall { enable: true }.abi_encode());
    assert!(chain.read(ARB_OWNER_PUBLIC, &isCalldataPriceIncreaseEnabledCall {}));
    assert!(chain.read(ARB_GAS_INFO, &getL1PricingSurplusCall {}).is_positive(), "fees were collected at the start");
}

#[test]
fn what_makes_no_sense_is_not_set() {
    let chain = Chain::new();
    let refused = |call: &[u8]| assert!(!chain.send(&Wallet::dev(), TxKind::Call(ARB_OWNER), 0, call).is_ok());
    refused(&setSpeedLimitCall { limit: 0 }.abi_encode());
    refused(&setL2GasPricingInertiaCall { sec: 0 }.abi_encode());
    refused(&setBrotliCompressionLevelCall { level: 12 }.abi_encode());
    refused(&setInkPriceCall { price: 0 }.abi_encode());
    refused(&setInkPriceCall { price: 1 << 24 }.abi_encode());
    refused(&setGasPricingConstraintsCall { constraints: vec![[0, 1, 0]] }.abi_encode());
    refused(&removeChainOwnerCall { ownerToRemove: Wallet::number(3).address() }.abi_encode());
    assert_eq!(chain.read(ARB_WASM, &inkPriceCall {}), 10_000);
    assert_eq!(chain.read(ARB_GAS_INFO, &getGasPricingConstraintsCall {}), Vec::<[u64; 3]>::new());
}

/// ArbOS 60 has none (OffchainLabs/nitro `precompiles/ArbOwner.go`).
#[test]
fn arbos_51_has_a_limit_of_constraints() {
    for (version, taken) in [(ArbosVersion::V51, false), (ArbosVersion::V61, true)] {
        let many = setGasPricingConstraintsCall { constraints: vec![[1, 1, 0]; 21] };
        assert_eq!(Chain::with(version).act(ARB_OWNER, &many).is_ok(), taken, "{version}");
    }
}

#[test]
fn owners_come_and_go() {
    let chain = Chain::new();
    let other = Wallet::number(1);
    chain.fund(&other);
    let set = setSpeedLimitCall { limit: 5_000_000 }.abi_encode();
    let refused = chain.send(&other, TxKind::Call(ARB_OWNER), 0, &set);
    assert!(!refused.is_ok());

    let add = addChainOwnerCall { newOwner: other.address() };
    let receipt = chain.act(ARB_OWNER, &add);
    let act = receipt.event::<OwnerActs>();
    assert_eq!((act.owner, act.data.to_vec()), (Wallet::dev().address(), add.abi_encode()));
    assert!(receipt.gas() < 22_000, "what an owner does is free but for the transaction itself: {}", receipt.gas());
    assert!(chain.send(&other, TxKind::Call(ARB_OWNER), 0, &set).is_ok());

    let remove = removeChainOwnerCall { ownerToRemove: Wallet::dev().address() }.abi_encode();
    assert!(chain.send(&other, TxKind::Call(ARB_OWNER), 0, &remove).is_ok());
    assert!(!chain.act(ARB_OWNER, &add).is_ok(), "who was removed has no say");
    let owners = chain.read(ARB_OWNER_PUBLIC, &getAllChainOwnersCall {});
    assert_eq!(owners, [Address::ZERO, other.address()]);
    assert!(!chain.read(ARB_OWNER_PUBLIC, &isChainOwnerCall { account: Wallet::dev().address() }));
}

#[test]
fn ether_is_minted_only_after_a_week_of_notice() {
    let chain = Chain::new();
    let minter = Wallet::number(1);
    chain.fund(&minter);
    let now = chain.client.time();
    let from = |timestamp| setNativeTokenManagementFromCall { timestamp };
    assert!(!chain.act(ARB_OWNER, &from(now + 6 * DAY)).is_ok());
    assert!(chain.act(ARB_OWNER, &from(now + 8 * DAY)).is_ok());
    let add = addNativeTokenOwnerCall { newOwner: minter.address() };
    assert!(!chain.act(ARB_OWNER, &add).is_ok(), "not yet");
    chain.wait(9 * DAY);
    let mint = mintNativeTokenCall { amount: U256::from(5) }.abi_encode();
    assert!(!chain.send(&minter, TxKind::Call(NATIVE_TOKEN), 0, &mint).is_ok());
    assert!(chain.act(ARB_OWNER, &add).is_ok());
    let minted = chain.send(&minter, TxKind::Call(NATIVE_TOKEN), 0, &mint).events::<NativeTokenMinted>();
    assert_eq!(
        minted.iter().map(|event| (event.to, event.amount)).collect::<Vec<_>>(),
        [(minter.address(), U256::from(5))]
    );
    let burn = |amount| burnNativeTokenCall { amount }.abi_encode();
    assert!(!chain.send(&minter, TxKind::Call(NATIVE_TOKEN), 0, &burn(U256::MAX)).is_ok());
    assert!(chain.send(&minter, TxKind::Call(NATIVE_TOKEN), 0, &burn(U256::from(5))).is_ok());
}
