//! The decoder and encoder of `consilium-abi` against those that `solc` generates, run on the chain.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, keccak256},
    providers::{Provider, ProviderBuilder},
    rpc::types::TransactionRequest,
    signers::local::PrivateKeySigner,
    sol_types::SolValue,
};
use devnode::DevNode;
use eyre::{Result, ensure, eyre};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use test_support::peers::Peer;

use crate::support::{
    cases::case,
    lists::{LISTS, again},
};

const CASES: usize = 3000;
/// The devnode's public development key.
const DEVELOPER: &str = "b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659";

/// Four calls in five carry damaged arguments. Both must refuse the same ones and read the rest alike.
#[tokio::test(flavor = "multi_thread")]
async fn damaged_calls_are_read_or_refused_alike() -> Result<()> {
    let node = DevNode::spawn()?;
    let developer: PrivateKeySigner = DEVELOPER.parse()?;
    let provider = ProviderBuilder::new().wallet(developer).connect_http(node.http_url().parse()?);
    let twin = twin(&provider).await?;
    // The same cases on every run.
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut accepted, mut refused) = (0, 0);
    for number in 0..CASES {
        let case = case().new_tree(&mut runner).expect("no case is rejected").current();
        let arguments = if number % 5 == 0 { case.valid() } else { case.damaged() };
        let index = LISTS.iter().position(|list| *list == case.list).expect("one of the lists");
        let theirs = call(&provider, twin, index, &arguments).await?;
        let ours = again(case.list, &arguments);
        ensure!(ours == theirs, "{} {}\nours   {ours:02x?}\ntheirs {theirs:02x?}", case.list, Bytes::from(arguments));
        *(if ours.is_some() { &mut accepted } else { &mut refused }) += 1;
    }
    // A comparison of one kind only would prove little.
    ensure!(accepted > CASES / 4 && refused > CASES / 4, "{accepted} accepted, {refused} refused");
    Ok(())
}

/// Deploys the twin.
async fn twin(provider: &impl Provider) -> Result<Address> {
    let code = Peer::load("AbiTwin")?.init_code(&[]);
    let receipt =
        provider.send_transaction(TransactionRequest::default().with_deploy_code(code)).await?.get_receipt().await?;
    ensure!(receipt.status(), "the twin does not deploy");
    receipt.contract_address.ok_or_else(|| eyre!("no address in the receipt of a deployment"))
}

/// What the twin makes of the arguments: their encoding, or nothing where it reverts.
async fn call(provider: &impl Provider, twin: Address, index: usize, arguments: &[u8]) -> Result<Option<Vec<u8>>> {
    let list = LISTS[index].replace(' ', "");
    let selector = &keccak256(format!("list{index}{list}"))[..4];
    let data: Bytes = [selector, arguments].concat().into();
    let transaction = TransactionRequest::default().with_to(twin).with_input(data);
    match provider.call(transaction).await {
        Ok(returned) => Ok(Some(Bytes::abi_decode(&returned)?.to_vec())),
        // A revert is an answer; a node that does not answer is a failure of the test.
        Err(error) if error.as_error_resp().is_some() => Ok(None),
        Err(error) => Err(error.into()),
    }
}
