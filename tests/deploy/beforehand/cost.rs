//! What is asked of the node and of the sender before the first transaction.

use alloy::sol_types::SolCall;
use consilium_deploy::Deployment;
use nitro::{ARB_OWNER, ArbOwner};

use super::*;
use crate::refuse::asked_for;

/// The largest transaction that a sequencer takes, in bytes, and Arbitrum's limit of gas.
const LARGEST: usize = 85_000;
const MOST_GAS: u64 = 32_000_000;

/// Arbitrum's limit is what all this is for: no transaction reaches it, by far.
#[tokio::test]
async fn no_transaction_is_near_the_limits() -> Result<()> {
    for settings in ["health", "council", "devnet"] {
        let site = Site::of(Config::load(root().join(format!("deploy/config/{settings}.toml")))?)?;
        let deployment = site.finish().await?;
        let bytes = site.plan().founding_call().len();
        let founding = deployment.transactions.iter().find(|sent| Some(sent.hash) == deployment.founding);
        println!("{settings}: {} gas, {bytes} bytes", founding.expect("sent").gas_used);
        for sent in &deployment.transactions {
            println!("  {}: {} gas", sent.step, sent.gas_used);
            assert!(sent.gas_used < MOST_GAS * 4 / 5, "{}", sent.step);
        }
        assert!(bytes < LARGEST * 4 / 5, "{bytes} bytes");
    }
    Ok(())
}

/// What the rehearsal says is enough, and not much more than what is spent. A second DAO pays for no program.
#[tokio::test]
async fn what_is_asked_for_pays_for_the_programs_too() -> Result<()> {
    let mut site = site()?;
    let mut spent = Vec::new();
    for salt in [1, 2] {
        site.config.chain.salt = B256::repeat_byte(salt);
        let asked = asked_for(&site).await?;
        let sender = site.sender_with(&format!("exact {salt}"), asked).await?;
        let deployment: Deployment = site.deploy(&sender, &mut Watch::default()).await?;
        assert!(deployment.complete);
        let left = sender.chain().provider().get_balance(sender.account()).await?;
        let used = asked - left;
        // The upper end of the gas price, a fifth more gas, and renewals that are not needed.
        assert!(asked < used * U256::from(4), "{asked} asked, {used} used");
        spent.push(deployment.transactions.iter().map(|sent| sent.gas_used).sum::<u64>());
        std::fs::remove_file(site.file())?;
    }
    println!("gas of a deployment: {} with new programs, {} with those that stand", spent[0], spent[1]);
    assert!(spent[0] > spent[1] + 14_000_000, "{spent:?}");
    Ok(())
}

/// The founding is executed before anything is sent: while its programs are missing, and when they stand.
#[tokio::test]
async fn a_setting_that_a_constructor_refuses_costs_nothing() -> Result<()> {
    let mut site = site()?;
    let last = *names(&site).last().expect("a program");
    for is_active in [false, true] {
        if is_active {
            site.stop_after(&site.sender().await?, Step::Activate(last)).await?;
            std::fs::remove_file(site.file())?;
        }
        let good = site.config.clone();
        site.config.data_pointer_registry_mut().expect("the section").store_purpose = 64;
        let expected = "the chain refuses the DAO: execution reverted: the data pointer registry's constructor reverted with \
                        RegistryInvalidPurpose { purpose: 64 }";
        assert_eq!(site.refusal().await?, expected);
        site.config = good.clone();
        site.config.governor_mut().voting_period = 0;
        assert!(site.refusal().await?.contains("GovernorInvalidVotingPeriod { votingPeriod: 0 }"));
        site.config = good;
        assert!(!site.file().exists(), "nothing was begun");
    }
    deployed(&site).await?;
    Ok(())
}

/// The rehearsal is a call, which may have more gas than a transaction. The chain's limit counts all the same, whether the
/// programs stand or not.
#[tokio::test]
async fn a_founding_beyond_the_chains_limit_is_refused_before_the_programs_are_paid() -> Result<()> {
    let whole = site()?;
    let deployment = whole.finish().await?;
    let founding = deployment.transactions.iter().find(|sent| Some(sent.hash) == deployment.founding);
    let gas = founding.expect("sent").gas_used;
    let last = *names(&whole).last().expect("a program");
    for (limit, is_active, refusal) in [
        (gas - 100_000, false, Some(" do not fit into one transaction on this chain, and ")),
        (gas - 1_000_000, false, Some("the founding takes ")),
        (gas - 1_000_000, true, Some("the founding takes ")),
        (gas + 200_000, false, None),
    ] {
        let mut site = site()?;
        if is_active {
            site.stop_after(&site.sender().await?, Step::Activate(last)).await?;
            std::fs::remove_file(site.file())?;
        }
        let call = ArbOwner::setMaxTxGasLimitCall { limit }.abi_encode();
        site.sender().await?.send(ARB_OWNER, call.into(), U256::ZERO).await?;
        let Some(said) = refusal else {
            deployed(&site).await?;
            continue;
        };
        let error = site.refusal().await?;
        assert!(error.contains(said), "{error}");
        // With fewer holders it does not say that a holder is too many.
        site.config.token_mut().holders.truncate(1);
        assert!(!site.refusal().await?.contains("holders"), "{error}");
    }
    Ok(())
}

/// A program that the chain does not take is refused by its name.
#[tokio::test]
async fn a_program_behind_a_proxy_that_the_chain_does_not_take_is_named() -> Result<()> {
    let mut site = site()?;
    site.artifacts.insert("consent", Program::new(vec![0xef, 0xf0, 0, 0, 1])?);
    let error = site.refusal().await?;
    assert!(error.starts_with("the chain refuses the program"), "{error}");
    Ok(())
}
