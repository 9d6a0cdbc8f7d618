//! Our proxy and OpenZeppelin's before the same implementation: each call is answered alike, and ours is cheaper.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::sol;
use alloy::sol_types::{SolCall, SolError, SolEvent, SolValue};
use consilium_deploy::{proxy_code, proxy_init_code};
use eyre::{OptionExt, Result};
use harness::actor::{Actor, actors};
use harness::chain::{Account, Chain};
use harness::peers;

sol! {
    #[allow(missing_docs)]
    interface AnyImplementation {
        event Ran(address this, address sender, uint256 value);
        event Upgraded(address indexed implementation);
        error ERC1967InvalidImplementation(address implementation);
        function run() external payable returns (uint256);
        function write(uint256 slot, uint256 word) external payable;
        function read(uint256 slot) external view returns (uint256 word);
        function echo(bool succeeds, bytes data) external payable;
    }
}
use AnyImplementation::*;

/// keccak256("eip1967.proxy.implementation") - 1.
fn slot() -> U256 {
    U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::from(1)
}

/// An implementation, our proxy and OpenZeppelin's.
async fn proxies(chain: &Chain) -> Result<(Address, [Address; 2])> {
    let implementation = peers::create(chain, "AnyImplementation", &(U256::ZERO, B256::ZERO).abi_encode()).await?;
    let ours = chain.create(proxy_init_code(implementation)).await?;
    // OpenZeppelin's refuses a creation without a call.
    let arguments = (implementation, Bytes::from(runCall {}.abi_encode())).abi_encode_params();
    Ok((implementation, [ours, peers::create(chain, "PeerProxy", &arguments).await?]))
}

#[tokio::test(flavor = "multi_thread")]
async fn its_creation_sets_the_slot_and_logs() -> Result<()> {
    let chain = Chain::start()?;
    let (implementation, [ours, peer]) = proxies(&chain).await?;
    assert_eq!(chain.dev.get_code_at(ours).await?, proxy_code());
    for proxy in [ours, peer] {
        assert_eq!(chain.storage(proxy, slot()).await?, implementation.into_word());
    }
    let logs = chain.dev.get_logs(&alloy::rpc::types::Filter::new().address(ours).from_block(0)).await?;
    let upgraded = Upgraded { implementation }.encode_log_data();
    assert_eq!(logs.iter().map(|log| log.data().clone()).collect::<Vec<_>>(), [upgraded]);

    // As OpenZeppelin's: an account without code is no implementation.
    let nobody = Address::repeat_byte(0x99);
    let request = alloy::rpc::types::TransactionRequest::default();
    let create = alloy::network::TransactionBuilder::with_deploy_code(request, proxy_init_code(nobody));
    let refused = chain.dev.call(create).await.expect_err("refused");
    let data = refused.as_error_resp().and_then(|payload| payload.as_revert_data()).ok_or_eyre("a reason")?;
    assert_eq!(data, ERC1967InvalidImplementation { implementation: nobody }.abi_encode());
    Ok(())
}

/// Answers, refusals, storage, ether and logs.
#[tokio::test(flavor = "multi_thread")]
async fn its_calls_are_answered_as_openzeppelin_s() -> Result<()> {
    let chain = Chain::start()?;
    let (_, proxies) = proxies(&chain).await?;
    let actor = actors(&chain, 1).await?[0];
    chain.dev_account()?.send_with(actor, Bytes::new(), 1_000_000).await?;
    let odd = Bytes::from((0..77).collect::<Vec<u8>>());
    let long = Bytes::from(vec![0xab; 5_000]);
    let words = [
        echoCall { succeeds: true, data: odd.clone() }.abi_encode(),
        echoCall { succeeds: false, data: odd }.abi_encode(),
        echoCall { succeeds: true, data: long.clone() }.abi_encode(),
        echoCall { succeeds: false, data: long }.abi_encode(),
        echoCall { succeeds: true, data: Bytes::new() }.abi_encode(),
        echoCall { succeeds: false, data: Bytes::new() }.abi_encode(),
        writeCall { slot: U256::from(7), word: U256::from(8) }.abi_encode(),
        readCall { slot: U256::from(7) }.abi_encode(),
        readCall { slot: slot() }.abi_encode(),
        runCall {}.abi_encode(),
        // No function, too short for one, and ether alone.
        vec![1, 2, 3, 4],
        vec![1],
        vec![],
    ];
    let mut answered = 0;
    for value in [0, 5] {
        for data in &words {
            let mut answers = Vec::new();
            for proxy in proxies {
                let act = Actor::actCall { target: proxy, value: U256::from(value), data: data.clone().into() };
                let receipt = chain.dev_account()?.send(actor, act.abi_encode()).await?;
                assert!(receipt.status());
                let mut answer = harness::answer::Answer::all(&receipt, actor).remove(0);
                for log in &mut answer.logs {
                    assert_eq!(log.address, proxy, "the proxy logs, and not its implementation");
                    let ran = Ran { this: proxy, sender: actor, value: U256::from(value) };
                    assert_eq!(log.data, ran.encode_log_data());
                    log.address = Address::ZERO;
                    log.data = Ran { this: Address::ZERO, ..ran }.encode_log_data();
                }
                answers.push(answer);
            }
            assert_eq!(answers[0], answers[1], "{}", Bytes::from(data.clone()));
            answered += usize::from(answers[0].success);
        }
    }
    assert_eq!(answered, 14);
    for proxy in proxies {
        assert_eq!(chain.storage(proxy, U256::from(7)).await?, B256::with_last_byte(8));
    }
    assert_eq!(chain.dev.get_balance(proxies[0]).await?, chain.dev.get_balance(proxies[1]).await?);
    Ok(())
}

/// Gas of a creation, and of a call of nothing.
#[tokio::test(flavor = "multi_thread")]
async fn it_is_cheaper_than_openzeppelin_s() -> Result<()> {
    let chain = Chain::start()?;
    let (implementation, [ours, peer]) = proxies(&chain).await?;
    let account = chain.dev_account()?;
    let empty = echoCall { succeeds: true, data: Bytes::new() }.abi_encode();
    let arguments = (implementation, Bytes::from(empty.clone())).abi_encode_params();
    let created = [
        creation(&chain, proxy_init_code(implementation)).await?,
        creation(&chain, peers::Peer::load("PeerProxy")?.init_code(&arguments)).await?,
    ];
    let gas = async |account: &Account, to| Ok::<u64, eyre::Report>(account.send(to, empty.clone()).await?.gas_used);
    let bare = gas(&account, implementation).await?;
    let called = [gas(&account, ours).await? - bare, gas(&account, peer).await? - bare];
    println!("gas of our proxy and OpenZeppelin's: creation {created:?}, added to a call {called:?}");
    assert!(created[0] < created[1] && called[0] < called[1], "{created:?} {called:?}");
    // A cold slot, a cold account and little else.
    assert!(called[0] < 2_100 + 2_600 + 150, "{called:?}");
    Ok(())
}

async fn creation(chain: &Chain, code: Bytes) -> Result<u64> {
    let request = alloy::rpc::types::TransactionRequest::default();
    let request = alloy::network::TransactionBuilder::with_deploy_code(request, code);
    let receipt = chain.dev.send_transaction(request).await?.get_receipt().await?;
    assert!(receipt.status());
    Ok(receipt.gas_used)
}
