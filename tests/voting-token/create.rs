//! The constructor: what it leaves, what it refuses, and that it runs once.

use alloy::{
    primitives::{Address, U256, address},
    providers::Provider,
    sol_types::{SolCall, SolConstructor, SolError},
};
use consilium_bindings::VotingToken::*;
use eyre::{OptionExt, Result};
use harness::{
    answer::{Answer, events},
    chain::Chain,
    deploy,
};
use nitro::{STYLUS_DEPLOYER, StylusDeployer};

use crate::setup::*;

const HOLDER: Address = address!("00000000000000000000000000000000000000a1");

/// The answer of the constructor to these arguments, out of StylusDeployer's wrapping.
async fn constructed(chain: &Chain, arguments: &[u8]) -> Result<Answer> {
    let request = deploy::deployment("voting-token", arguments)?;
    let mut answer = Answer::asked(chain.dev.call(request).await)?;
    if !answer.success {
        answer.data = StylusDeployer::ContractInitializationError::abi_decode(&answer.data)?.data;
    }
    Ok(answer)
}

/// What a view of ours alone answers.
async fn read<C: SolCall>(chain: &Chain, token: Address, call: C) -> Result<C::Return> {
    Ok(chain.ask(HOLDER, token, call.abi_encode()).await?.output::<C>())
}

#[tokio::test]
async fn every_first_holder_is_told() -> Result<()> {
    let chain = Chain::start()?;
    let other = address!("00000000000000000000000000000000000000a2");
    let holders = [(HOLDER, unit(3)), (other, unit(4)), (HOLDER, unit(5))];
    let receipt = deploy::try_program(&chain, "voting-token", &arguments(&holders, true)).await?;
    assert!(receipt.status());
    let deployed = events::<StylusDeployer::ContractDeployed>(&receipt, STYLUS_DEPLOYER)?;
    let token = deployed.first().ok_or_eyre("StylusDeployer logs")?.deployedContract;
    let expected = holders.map(|(to, value)| Transfer { from: Address::ZERO, to, value });
    assert_eq!(events::<Transfer>(&receipt, token)?, expected);
    assert_eq!(receipt.logs().iter().filter(|log| log.address() == token).count(), expected.len());
    Ok(())
}

#[tokio::test]
async fn a_token_without_holders_is_empty() -> Result<()> {
    let chain = Chain::start()?;
    let token = deploy::program(&chain, "voting-token", &arguments(&[], true)).await?;
    assert_eq!(read(&chain, token, totalSupplyCall {}).await?, U256::ZERO);
    chain.advance(5).await?;
    let timepoint = unit(chain.now().await? - 1);
    assert_eq!(read(&chain, token, getPastTotalSupplyCall { timepoint }).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn long_names_are_kept_whole() -> Result<()> {
    let chain = Chain::start()?;
    let name = "A name that does not fit in the thirty-one bytes of a single slot of storage";
    let constructor = constructorCall { name: name.into(), ..constructor(vec![HOLDER], vec![unit(1)], true) };
    let token = deploy::program(&chain, "voting-token", &constructor.abi_encode()).await?;
    assert_eq!(read(&chain, token, nameCall {}).await?, name);
    assert_eq!(read(&chain, token, eip712DomainCall {}).await?.name, name);
    Ok(())
}

#[tokio::test]
async fn the_constructor_refuses() -> Result<()> {
    let chain = Chain::start()?;
    let cap = (U256::from(1) << 208) - unit(1);
    constructed(&chain, &arguments(&[(HOLDER, cap)], true)).await?.succeeded();
    let nobody = arguments(&[(HOLDER, unit(1)), (Address::ZERO, unit(1))], true);
    constructed(&chain, &nobody).await?.refused(ERC20InvalidReceiver { receiver: Address::ZERO });
    let too_much = arguments(&[(HOLDER, cap), (HOLDER, unit(1))], true);
    let expected = ERC20ExceededSafeSupply { increasedSupply: cap + unit(1), cap };
    constructed(&chain, &too_much).await?.refused(expected);
    let past_a_word = arguments(&[(HOLDER, unit(1)), (HOLDER, U256::MAX)], true);
    constructed(&chain, &past_a_word).await?.panicked(0x11);
    let uneven = constructor(vec![HOLDER], vec![unit(1), unit(2)], true).abi_encode();
    let expected = VotingTokenUnevenHolders { holders: unit(1), amounts: unit(2) };
    constructed(&chain, &uneven).await?.refused(expected);
    Ok(())
}

#[tokio::test]
async fn the_whole_cap_can_be_held_and_voted() -> Result<()> {
    let chain = Chain::start()?;
    let holder = chain.account("the only holder").await?;
    let cap = (U256::from(1) << 208) - unit(1);
    let token = deploy::program(&chain, "voting-token", &arguments(&[(holder.address(), cap)], true)).await?;
    assert!(holder.send(token, delegateCall { delegatee: HOLDER }.abi_encode()).await?.status());
    assert_eq!(read(&chain, token, getVotesCall { account: HOLDER }).await?, cap);
    Ok(())
}

#[tokio::test]
async fn it_is_created_once() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let again = [(tokens.account(Who::Carol), unit(1_000_000))];
    let again = [deploy::CONSTRUCTOR.to_vec(), arguments(&again, true)].concat();
    assert!(!tokens.sender.send(tokens.ours, again).await?.status());
    assert_eq!(tokens.balances().await?, units([SUPPLY_OF_ALICE, SUPPLY_OF_BOB, 0]));
    Ok(())
}
