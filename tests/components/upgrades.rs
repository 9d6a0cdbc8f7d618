//! Upgrades of a proxy: ours and OpenZeppelin's, each behind a proxy and under an authority.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol,
    sol_types::{SolCall, SolError, SolEvent, SolValue},
};
use eyre::Result;
use harness::{
    actor::{Actor, actors},
    answer::Answer,
    chain::Chain,
    deploy, peers, raw_program, twins,
};

use crate::managed::{managers, obey};
use crate::twins::{Parts::*, Twins};

sol! {
    #[allow(missing_docs)]
    interface Upgrades {
        event Upgraded(address indexed implementation);
        event Ran(address this, address sender, uint256 value);
        error UUPSUnauthorizedCallContext();
        error UUPSUnsupportedProxiableUUID(bytes32 slot);
        error ERC1967InvalidImplementation(address implementation);
        error ERC1967NonPayable();
        error FailedCall();
        function upgradeToAndCall(address newImplementation, bytes data) external payable;
        function proxiableUUID() external view returns (bytes32);
        function UPGRADE_INTERFACE_VERSION() external view returns (string);
        function initialize(address admin) external;
        function run() external payable returns (uint256);
        function write(uint256 slot, uint256 word) external payable;
        function echo(bool succeeds, bytes data) external payable;
    }
}
use Upgrades::*;

/// The ways of `AnyImplementation.sol`.
const ANSWER: u8 = 0;
const REFUSE: u8 = 1;
const TOO_SHORT: u8 = 2;
const TOO_LONG: u8 = 3;
const BURN: u8 = 4;

fn slot() -> B256 {
    (U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::from(1)).into()
}

/// The storage of the example begins here: `#[entrypoint(erc7201 = "consilium.storage.Parts")]`.
fn root() -> U256 {
    let number = U256::from_be_bytes(keccak256("consilium.storage.Parts").0) - U256::from(1);
    U256::from_be_bytes(keccak256(number.to_be_bytes::<32>()).0) & !U256::from(0xff)
}

/// Behind a proxy each: twins that are proxies, and their implementations.
async fn behind_proxies() -> Result<(Twins, [Address; 2])> {
    let chain = Chain::start()?;
    let actors = actors(&chain, 2).await?;
    let (admin, stranger) = (actors[0], actors[1]);
    let arguments = admin.abi_encode();
    let [ours, program] = deploy::proxied(&chain, "components-example", &arguments).await?;
    let implementations = [program, peers::create(&chain, "PeerParts", &arguments).await?];
    let initialize = Bytes::from(initializeCall { admin }.abi_encode());
    let peer = peers::create(&chain, "PeerProxy", &(implementations[1], initialize).abi_encode_params()).await?;
    let twins = twins::Twins::new(chain, [ours, peer], actors)?;
    twins.stands_for(ours, peer);
    let twins = Twins { twins, admin, stranger };
    // Both obey our access manager, in which the admin may do all.
    obey(&twins, managers(&twins).await?[0]).await?;
    Ok((twins, implementations))
}

async fn any(twins: &Twins, way: u8, answer: B256) -> Result<Address> {
    peers::create(&twins.chain, "AnyImplementation", &(U256::from(way), answer).abi_encode()).await
}

fn upgrade(newImplementation: Address, data: impl Into<Bytes>) -> upgradeToAndCallCall {
    upgradeToAndCallCall { newImplementation, data: data.into() }
}

/// What is in the slot of both.
async fn runs(twins: &Twins, implementations: [Address; 2]) -> Result<()> {
    for (proxy, implementation) in [twins.ours, twins.peer].into_iter().zip(implementations) {
        assert_eq!(twins.chain.storage(proxy, slot().into()).await?, implementation.into_word());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_implementation_is_no_proxy() -> Result<()> {
    let twins = Twins::start().await?;
    twins.call(proxiableUUIDCall {}).await?.returned(slot());
    twins.call(UPGRADE_INTERFACE_VERSIONCall {}).await?.returned("5.0.0".to_owned());
    let next = any(&twins, ANSWER, slot()).await?;
    for by in [twins.admin, twins.stranger] {
        twins.call_by(by, upgrade(next, [])).await?.refused(UUPSUnauthorizedCallContext {});
    }
    runs(&twins, [Address::ZERO; 2]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_is_upgraded_by_whom_the_authority_lets_pass() -> Result<()> {
    let (twins, before) = behind_proxies().await?;
    twins.call(proxiableUUIDCall {}).await?.refused(UUPSUnauthorizedCallContext {});
    twins.call(UPGRADE_INTERFACE_VERSIONCall {}).await?.returned("5.0.0".to_owned());
    twins.call(pushCall { key: 5.try_into()?, value: 77.try_into()? }).await?.succeeded();
    let next = any(&twins, ANSWER, slot()).await?;
    let refused = twins.call(upgrade(next, [])).await?;
    refused.refused(AccessManagedUnauthorized { caller: twins.stranger });
    runs(&twins, before).await?;

    let upgraded = twins.call_by(twins.admin, upgrade(next, [])).await?;
    upgraded.logged([Upgraded { implementation: next }.encode_log_data()]);
    upgraded.returned(());
    runs(&twins, [next; 2]).await?;
    // This one has no way to go on, but for a write of the slot: back to the first, whose storage is kept.
    for (number, implementation) in before.into_iter().enumerate() {
        let back = writeCall { slot: slot().into(), word: implementation.into_word().into() }.abi_encode();
        let proxy = [twins.ours, twins.peer][number];
        assert!(twins.sender.send(proxy, back).await?.status());
    }
    twins.call(latestCall {}).await?.returned(U256::from(77));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_call_after_an_upgrade_runs_the_new_code() -> Result<()> {
    let (twins, _) = behind_proxies().await?;
    let next = any(&twins, ANSWER, slot()).await?;
    twins.chain.dev_account()?.send_with(twins.admin, Bytes::new(), 1_000).await?;
    let call = upgrade(next, runCall {}.abi_encode()).abi_encode();
    let upgraded = twins.paying(0, 5, |proxy| (*proxy, call.clone())).await?;
    let ran = Ran { this: twins.ours, sender: twins.admin, value: U256::from(5) };
    upgraded.logged([Upgraded { implementation: next }.encode_log_data(), ran.encode_log_data()]);
    upgraded.returned(());
    runs(&twins, [next; 2]).await
}

/// From ours to OpenZeppelin's contract and back, in the storage of one proxy.
#[tokio::test(flavor = "multi_thread")]
async fn programs_and_evm_contracts_follow_each_other() -> Result<()> {
    let (twins, [program, contract]) = behind_proxies().await?;
    twins.call_by(twins.admin, pushCall { key: 5.try_into()?, value: 77.try_into()? }).await?.succeeded();
    // OpenZeppelin's keeps its authority elsewhere: it is told the same one.
    let manager = twins.call(authorityCall {}).await?.output::<authorityCall>();
    let to_contract = upgrade(contract, initializeCall { admin: manager }.abi_encode()).abi_encode();
    for answer in twins.apart(0, |proxy| (*proxy, to_contract.clone())).await? {
        answer.succeeded();
    }
    runs(&twins, [contract; 2]).await?;
    let to_program = upgrade(program, useNonceCall { owner: Address::ZERO }.abi_encode()).abi_encode();
    for answer in twins.apart(0, |proxy| (*proxy, to_program.clone())).await? {
        answer.succeeded();
    }
    runs(&twins, [program; 2]).await?;
    // Its namespace is as it was left; the other proxy's has only the nonce.
    let latest = latestCall {}.abi_encode();
    let [ours, peer] = twins.apart(1, |proxy| (*proxy, latest.clone())).await?;
    ours.returned(U256::from(77));
    peer.returned(U256::ZERO);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_upgraded_to_is_refused() -> Result<()> {
    let (twins, before) = behind_proxies().await?;
    let to = async |next: Address| twins.call_by(twins.admin, upgrade(next, [])).await;
    let other = B256::repeat_byte(7);
    let next = any(&twins, ANSWER, other).await?;
    to(next).await?.refused(UUPSUnsupportedProxiableUUID { slot: other });
    for way in [REFUSE, BURN] {
        let next = any(&twins, way, slot()).await?;
        to(next).await?.refused(ERC1967InvalidImplementation { implementation: next });
    }
    // No answer of this function: a precompile's, none, and half of one.
    let hash = to(Address::with_last_byte(2)).await?;
    assert_eq!(hash.data[..4], UUPSUnsupportedProxiableUUID::SELECTOR);
    for silent in [Address::repeat_byte(0x99), any(&twins, TOO_SHORT, slot()).await?] {
        let answer = to(silent).await?;
        assert!(!answer.success && answer.data.is_empty(), "{answer:?}");
    }
    // The twins themselves: a proxy is no implementation.
    for answer in twins.apart(0, |proxy| (*proxy, upgrade(*proxy, []).abi_encode())).await? {
        answer.refused(ERC1967InvalidImplementation { implementation: twins.ours });
    }
    runs(&twins, before).await?;
    // More than a word is an answer.
    let long = any(&twins, TOO_LONG, slot()).await?;
    to(long).await?.succeeded();
    runs(&twins, [long; 2]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_undoes_the_upgrade() -> Result<()> {
    let (twins, before) = behind_proxies().await?;
    let next = any(&twins, ANSWER, slot()).await?;
    let reason = Bytes::from_static(b"any reason at all, of more than thirty-two bytes");
    let fail = |data: Bytes| upgrade(next, echoCall { succeeds: false, data }.abi_encode());
    let answer = twins.call_by(twins.admin, fail(reason.clone())).await?;
    assert!(!answer.success);
    assert_eq!(answer.data, reason);
    twins.call_by(twins.admin, fail(Bytes::new())).await?.refused(FailedCall {});
    // Ether that nothing takes.
    twins.chain.dev_account()?.send_with(twins.admin, Bytes::new(), 1_000).await?;
    let paid = twins.paying(0, 1, |proxy| (*proxy, upgrade(next, []).abi_encode())).await?;
    paid.refused(ERC1967NonPayable {});
    runs(&twins, before).await?;
    // A call that returns nothing is enough.
    let empty = echoCall { succeeds: true, data: Bytes::new() }.abi_encode();
    twins.call_by(twins.admin, upgrade(next, empty)).await?.succeeded();
    runs(&twins, [next; 2]).await
}

/// Programs that cannot run: never activated, and expired.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_cannot_run_is_refused() -> Result<()> {
    let (twins, before) = behind_proxies().await?;
    // The same program in other bytes, so that its activation is its own.
    let wasm = std::fs::read(deploy::programs().join("components-example.wasm"))?;
    let code = raw_program::compressed(&wasm)?;
    assert_ne!(keccak256(&code), keccak256(deploy::code("components-example")?));
    let next = twins.chain.create(deploy::init_code(&code)).await?;
    let sleeping = twins.call_by(twins.admin, upgrade(next, [])).await?;
    sleeping.refused(ERC1967InvalidImplementation { implementation: next });

    let sender = twins.chain.dev_account()?;
    // Nitro takes the gas of that call but 1/64, which is enough to say why.
    let data = Bytes::from(upgrade(next, []).abi_encode());
    let spare = Actor::spareCall { target: twins.ours, value: U256::ZERO, data, allowance: U256::from(1_000_000) };
    let receipt = sender.send(twins.admin, spare.abi_encode()).await?;
    let scarce = Answer::all(&receipt, twins.admin).remove(0);
    scarce.refused(ERC1967InvalidImplementation { implementation: next });

    assert!(raw_program::activate(&sender, next).await?.status());
    twins.chain.let_programs_expire().await?;
    // The running program is renewed, and its authority; the new one is not.
    let manager = Address::from_word(twins.chain.storage(twins.ours, root() + U256::from(4)).await?);
    for running in [before[0], manager] {
        assert!(raw_program::activate(&sender, running).await?.status());
    }
    let expired = twins.call_by(twins.admin, upgrade(next, [])).await?;
    expired.refused(ERC1967InvalidImplementation { implementation: next });
    runs(&twins, before).await?;

    assert!(raw_program::activate(&sender, next).await?.status());
    twins.call_by(twins.admin, upgrade(next, [])).await?.succeeded();
    runs(&twins, [next; 2]).await
}

/// The fields are in the namespace and slot 0 on is empty. Outside are the proxy's slot and the constructor's mark.
#[tokio::test(flavor = "multi_thread")]
async fn the_storage_is_in_its_namespace() -> Result<()> {
    let (twins, [implementation, _]) = behind_proxies().await?;
    let word = async |slot: U256| twins.chain.storage(twins.ours, slot).await;
    for number in 0..16 {
        assert_eq!(word(U256::from(number)).await?, B256::ZERO);
    }
    let manager: Address = twins.call(authorityCall {}).await?.output::<authorityCall>();
    assert_eq!(word(root() + U256::from(4)).await?, manager.into_word(), "the authority is the fifth field");
    assert_eq!(word(keccak256("stylus_constructor").into()).await?[0], 1);
    assert_eq!(word(slot().into()).await?, implementation.into_word());
    // Nobody constructs a proxy a second time, nor its implementation.
    let again = [&deploy::CONSTRUCTOR, &twins.stranger.abi_encode()[..]].concat();
    for to in [twins.ours, implementation] {
        assert!(!twins.sender.send(to, again.clone()).await?.status());
    }
    Ok(())
}
