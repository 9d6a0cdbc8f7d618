//! What the DAO decides: first who keeps records and how, then a grant, a higher quorum, a stricter policy of consents,
//! a newer schema of records and a new table of revenue. Balances and settings are afterwards what was decided.

use super::care;
use super::dao::Dao;
use super::election::{Action, Ballot, Motion};
use super::interfaces::Governor;
use super::purse;
use super::records;
use super::revenue;
use super::story::Story;
use alloy::primitives::{Address, Bytes, U256, address, utils::parse_ether};
use alloy::providers::Provider;
use eyre::Result;

/// Who gets the grant: nobody has its key.
const GRANTEE: Address = address!("0x2500000000000000000000000000000000000025");
/// Part of the supply that must take part in a vote from then on, in percent.
pub(crate) const NEW_QUORUM: u64 = 6;

/// The first motion: records can be kept.
pub(crate) async fn records(dao: &Dao) -> Result<Motion> {
    const BALLOTS: &[Ballot] = &[(0, 1, "we keep records anyway"), (2, 1, "we are ready"), (3, 1, "if we are asked")];
    Ok(Motion {
        title: "two custodians and a schema of laboratory results",
        description: "# Keep records\n\nAdmits the laboratory and the hospital as custodians for a year, and activates \
                      the first schema of laboratory results.",
        actions: records::opening(dao).await?,
        ballots: BALLOTS,
        quorum_percent: u64::from(dao.config.governor().quorum_percent),
        outcome: "custodians are admitted, the schema is active",
    })
}

/// The second motion. Two vote for it, one against, one abstains.
pub(crate) async fn grant(dao: &Dao) -> Result<Motion> {
    const BALLOTS: &[Ballot] = &[
        (0, 1, "the gateway pays for itself"),
        (1, 0, "the quorum is high enough"),
        (2, 2, "we sell gateways"),
        (3, 1, "our records, our gateway"),
    ];
    let raise_quorum = Governor::updateQuorumNumeratorCall { newQuorumNumerator: U256::from(NEW_QUORUM) };
    let policy = care::tightened(dao).await?;
    let mut actions = vec![
        Action { target: GRANTEE, value: amount(), data: Bytes::new() },
        Action::call(dao.governor, &raise_quorum),
        Action { target: dao.consent, value: U256::ZERO, data: policy },
    ];
    actions.extend(records::upgrade(dao));
    actions.push(revenue::next_table(dao)?);
    actions.push(purse::filling(dao)?);
    Ok(Motion {
        title: "a grant, a quorum of 6 %, a policy, a schema, a table",
        description: "# Connect the rural practice\n\nGrants 2.5 ETH to the rural practice for its records gateway, \
                      raises the quorum to 6 percent, ends all consents to public health, replaces the schema of \
                      laboratory results by its next version, gives patients 70 percent of what data earns \
                      from then on, and puts 2 ETH into the mandate contract.",
        actions,
        ballots: BALLOTS,
        quorum_percent: u64::from(dao.config.governor().quorum_percent),
        outcome: "paid, the quorum is 6 %, all else is new",
    })
}

/// What the second motion changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    treasury: U256,
    grantee: U256,
    purse: U256,
    governor: U256,
    quorum: U256,
}

/// How it is now: ether in wei, the quorum in percent.
pub(crate) async fn found(dao: &Dao) -> Result<Found> {
    let balance = async |account| dao.node.get_balance(account).await;
    Ok(Found {
        treasury: balance(dao.timelock).await?,
        grantee: balance(GRANTEE).await?,
        purse: balance(dao.mandate).await?,
        governor: balance(dao.governor).await?,
        quorum: Governor::new(dao.governor, &dao.node).quorumNumerator().call().await?,
    })
}

/// The second motion changed what it was to change, and nothing else.
pub(crate) async fn was_granted(dao: &Dao, before: Found, story: &mut Story) -> Result<()> {
    let promised = Found {
        treasury: before.treasury - amount() - purse::filled()?,
        grantee: before.grantee + amount(),
        purse: before.purse + purse::filled()?,
        governor: U256::ZERO,
        quorum: U256::from(NEW_QUORUM),
    };
    story.same("the quorum before", before.quorum, U256::from(dao.config.governor().quorum_percent))?;
    story.same("balances and the quorum", found(dao).await?, promised)
}

/// The grant, in wei.
fn amount() -> U256 {
    parse_ether("2.5").expect("an amount")
}
