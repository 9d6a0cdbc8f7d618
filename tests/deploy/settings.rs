//! What constructors refuse is refused before anything is sent, and the corrected settings go on in the same folder.

use alloy::primitives::{Address, B256, U256, keccak256};
use consilium_deploy::{Deployment, Executors, Holder, Step};
use eyre::Result;

use crate::setup::{Site, Watch};

/// A way to spoil settings, as no file could: the chain alone is left to refuse them.
type Spoil = fn(&mut consilium_deploy::Config);

#[tokio::test]
async fn whatever_a_constructor_refuses_costs_nothing() -> Result<()> {
    let cases: [(Spoil, &str); 7] = [
        (
            |config| config.governor_mut().late_quorum_extension = 301,
            "the governor's constructor reverted with GovernorPreventLateQuorumVoteExtensionTooLarge",
        ),
        (
            |config| config.governor_mut().voting_period = 0,
            "the governor's constructor reverted with GovernorInvalidVotingPeriod",
        ),
        (
            |config| config.governor_mut().quorum_percent = 101,
            "the governor's constructor reverted with GovernorInvalidQuorum",
        ),
        (
            |config| config.governor_mut().super_quorum_percent = 3,
            "the governor's constructor reverted with GovernorInvalidSuperQuorum",
        ),
        (
            |config| config.token_mut().supply = U256::MAX >> 1,
            "the voting token's constructor reverted with ERC20ExceededSafeSupply",
        ),
        (
            |config| config.token_mut().holders[0].address = Address::ZERO,
            "the voting token's constructor reverted with ERC20InvalidReceiver",
        ),
        // It is not that four are too many.
        (
            |config| config.token_mut().holders[4].address = Address::ZERO,
            "the voting token's constructor reverted with ERC20InvalidReceiver",
        ),
    ];
    let mut site = Site::new()?;
    let good = site.config.clone();
    for (spoil, reason) in cases {
        spoil(&mut site.config);
        let error = site.refusal().await?;
        assert!(error.starts_with("the chain refuses the DAO: ") && error.contains(reason), "{error}");
        assert!(!site.file().exists(), "nothing was begun");
        site.config = good.clone();
    }
    assert!(site.finish().await?.complete);
    Ok(())
}

/// The Founder stands and has founded nothing: a corrected file takes the place of the one that was begun.
#[tokio::test]
async fn a_record_of_nothing_that_stands_is_superseded() -> Result<()> {
    let mut site = Site::new()?;
    site.stop_after(&site.sender().await?, Step::Prepare).await?;
    let begun = std::fs::read(site.file())?;
    site.config.governor_mut().voting_period += 1;
    assert!(site.finish().await?.complete);
    assert_eq!(std::fs::read(site.file().with_extension("json.old"))?, begun);
    site.verify().await?.ensure()
}

#[tokio::test]
async fn the_record_of_a_dao_that_stands_is_kept() -> Result<()> {
    let mut site = Site::new()?;
    site.finish().await?;
    let record = std::fs::read(site.file())?;
    site.config.timelock_mut().executors = Executors::Anyone;
    site.config.governor_mut().voting_period += 1;
    site.config.cache.max_bid += U256::from(1);
    let expected = format!(
        "{} is the record of a DAO that stands, with other settings or programs (governor.voting_period, timelock.executors): \
         take those, or found another DAO with another --records folder",
        site.file().display()
    );
    assert_eq!(site.refusal().await?, expected);
    assert_eq!(std::fs::read(site.file())?, record);
    // In another folder they found another DAO, with the same salt: every setting enters every address.
    std::fs::remove_file(site.file())?;
    assert!(site.finish().await?.complete);
    assert_eq!(site.deployed().await?.len(), 6);
    Ok(())
}

/// Somebody else has founded this very DAO: it is found, and nothing is paid twice.
#[tokio::test]
async fn a_dao_that_somebody_else_founded_is_found() -> Result<()> {
    let site = Site::new()?;
    let other = site.sender_with("another deployer", U256::from(10).pow(U256::from(18))).await?;
    let theirs = site.deploy(&other, &mut Watch::default()).await?;
    std::fs::remove_file(site.file())?;
    let before = site.sent().await?;
    let ours = site.finish().await?;
    assert_eq!(site.sent().await?, before);
    assert_eq!((ours.contracts, ours.founding), (theirs.contracts, theirs.founding));
    assert!(ours.transactions.is_empty() && theirs.transactions.len() > 1);
    Ok(())
}

/// The limit is measured, and named exactly: one holder more is refused, and that many are taken.
#[tokio::test]
async fn too_many_holders_are_counted_before_anything_is_paid() -> Result<()> {
    let mut site = Site::new()?;
    site.config.token_mut().holders = (0..2_000u64)
        .map(|number| Holder {
            address: Address::from_word(keccak256(number.to_be_bytes())),
            amount: U256::from(1 + number),
        })
        .collect();
    let error = site.refusal().await?;
    let all = "2000 holders do not fit into one transaction on this chain, and ";
    let most: usize = error.strip_prefix(all).and_then(|rest| rest.split(' ').next()).expect(&error).parse()?;
    assert!(
        error.ends_with(&format!(" do: list {most} at most, and let the treasury hand out the rest by proposals")),
        "{error}"
    );
    site.config.token_mut().holders.truncate(most + 1);
    assert!(site.refusal().await?.starts_with(&format!("{} holders do not fit", most + 1)));
    site.config.token_mut().holders.truncate(most);
    assert!(site.finish().await?.complete);
    site.verify().await?.ensure()?;
    // What operations.md names, about: the programs' sizes move it.
    assert!((600..800).contains(&most), "{most} holders");
    Ok(())
}

/// A finished DAO's salt, with other settings, by another deployer: another DAO, and nothing shared.
#[tokio::test]
async fn a_salt_belongs_to_nobody() -> Result<()> {
    let mut site = Site::new()?;
    let first = site.finish().await?;
    std::fs::remove_file(site.file())?;
    site.config.council = Address::repeat_byte(0x44);
    let other = site.sender_with("another deployer", U256::from(10).pow(U256::from(18))).await?;
    let second = site.deploy(&other, &mut Watch::default()).await?;
    let all: std::collections::BTreeSet<_> = [first, second]
        .iter()
        .flat_map(|dao: &Deployment| dao.contracts.values())
        .map(|deployed| deployed.address)
        .collect();
    assert_eq!(all.len(), 6);
    assert_ne!(site.config.chain.salt, B256::ZERO);
    site.verify().await?.ensure()
}
