//! The constructor: what it leaves, what it refuses, and that it runs once.

use alloy::{
    primitives::{Address, U256, address},
    providers::Provider,
    sol_types::{SolConstructor, SolError, SolEvent},
};
use consilium_bindings::VotingToken::*;
use eyre::Result;
use harness::{chain::Chain, deploy};

use crate::setup::*;

const HOLDER: Address = address!("00000000000000000000000000000000000000a1");

/// What a deployment with these arguments reverts with: the constructor's own data, out of StylusDeployer's wrapping.
async fn refusal(chain: &Chain, arguments: &[u8]) -> Result<Vec<u8>> {
    let request = deploy::deployment("voting-token", arguments)?;
    let error = chain.dev.call(request).await.expect_err("the deployment succeeded");
    let data = error.as_error_resp().and_then(|payload| payload.as_revert_data()).expect("a revert");
    Ok(nitro::StylusDeployer::ContractInitializationError::abi_decode(&data)?.data.to_vec())
}

#[tokio::test]
async fn every_first_holder_is_told() -> Result<()> {
    let chain = Chain::start()?;
    let other = address!("00000000000000000000000000000000000000a2");
    let holders = [(HOLDER, unit(3)), (other, unit(4)), (HOLDER, unit(5))];
    let receipt = deploy::try_program(&chain, "voting-token", &arguments(&holders, true)).await?;
    assert!(receipt.status());
    let told: Vec<_> = receipt.logs().iter().filter_map(|log| Transfer::decode_log(&log.inner).ok()).collect();
    let told: Vec<_> = told.iter().map(|log| (log.from, log.to, log.value)).collect();
    let expected: Vec<_> = holders.iter().map(|(holder, amount)| (Address::ZERO, *holder, *amount)).collect();
    assert_eq!(told, expected);
    Ok(())
}

#[tokio::test]
async fn a_token_without_holders_is_empty() -> Result<()> {
    let chain = Chain::start()?;
    let at = deploy::program(&chain, "voting-token", &arguments(&[], true)).await?;
    let token = VotingTokenInstance::new(at, chain.dev.clone());
    assert_eq!(token.totalSupply().call().await?, U256::ZERO);
    chain.advance(5).await?;
    assert_eq!(token.getPastTotalSupply(timepoint(&chain).await? - unit(1)).call().await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn long_names_are_kept_whole() -> Result<()> {
    let chain = Chain::start()?;
    let name = "A name that does not fit in the thirty-one bytes of a single slot of storage";
    let constructor = constructorCall { name: name.into(), ..constructor(vec![HOLDER], vec![unit(1)], true) };
    let at = deploy::program(&chain, "voting-token", &constructor.abi_encode()).await?;
    let token = VotingTokenInstance::new(at, chain.dev.clone());
    assert_eq!(token.name().call().await?, name);
    assert_eq!(token.eip712Domain().call().await?.name, name);
    Ok(())
}

#[tokio::test]
async fn the_constructor_refuses() -> Result<()> {
    let chain = Chain::start()?;
    let cap = (U256::from(1) << 208) - unit(1);
    let nobody = arguments(&[(HOLDER, unit(1)), (Address::ZERO, unit(1))], true);
    assert_eq!(refusal(&chain, &nobody).await?, ERC20InvalidReceiver { receiver: Address::ZERO }.abi_encode());
    let too_much = arguments(&[(HOLDER, cap), (HOLDER, unit(1))], true);
    let expected = ERC20ExceededSafeSupply { increasedSupply: cap + unit(1), cap }.abi_encode();
    assert_eq!(refusal(&chain, &too_much).await?, expected);
    let past_a_word = arguments(&[(HOLDER, unit(1)), (HOLDER, U256::MAX)], true);
    assert_eq!(refusal(&chain, &past_a_word).await?, panic_data(0x11));
    let uneven = constructor(vec![HOLDER], vec![unit(1), unit(2)], true).abi_encode();
    let expected = VotingTokenUnevenHolders { holders: unit(1), amounts: unit(2) }.abi_encode();
    assert_eq!(refusal(&chain, &uneven).await?, expected);
    Ok(())
}

#[tokio::test]
async fn the_whole_cap_can_be_held_and_voted() -> Result<()> {
    let token = Token::on_time().await?;
    let cap = (U256::from(1) << 208) - unit(1);
    let holders = [(token.alice.address(), cap)];
    let at = deploy::program(&token.chain, "voting-token", &arguments(&holders, true)).await?;
    let whole = VotingTokenInstance::new(at, token.alice.provider.clone());
    send(whole.delegate(token.bob.address())).await?;
    assert_eq!(whole.getVotes(token.bob.address()).call().await?, cap);
    Ok(())
}

#[tokio::test]
async fn it_is_created_once() -> Result<()> {
    let token = Token::on_time().await?;
    let again = [deploy::CONSTRUCTOR.to_vec(), arguments(&[(token.carol.address(), unit(1_000_000))], true)].concat();
    let receipt = token.carol.send(token.at, again).await?;
    assert!(!receipt.status());
    assert_eq!(token.balances().await?, units([SUPPLY_OF_ALICE, SUPPLY_OF_BOB, 0]));
    Ok(())
}
