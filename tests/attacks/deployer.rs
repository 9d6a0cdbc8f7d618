//! A deployer who kept the keys: of the contracts, or of the roles that hand out roles.
//!
//! Safe because the deployer has no power at any time ([`super::deployer_window`]): the timelock administers itself, no
//! contract has an owner or can be changed, and no constructor runs twice. Who holds what follows from the events alone.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256, U256, aliases::U48, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::Filter;
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::{Construct, Governor, Timelock, VotingToken};
use eyre::{Result, ensure};
use harness::dao::{Dao, Proposal, whole};
use harness::deploy;
use nitro::STYLUS_DEPLOYER;

const ADMIN: B256 = B256::ZERO;

#[tokio::test]
async fn the_deployer_takes_no_role_back() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let deployer = &dao.deployer;
    let account = deployer.address();
    let lacks = |role: B256| Timelock::AccessControlUnauthorizedAccount { account, neededRole: role };
    for role in [ADMIN, keccak256("PROPOSER_ROLE"), keccak256("EXECUTOR_ROLE"), keccak256("CANCELLER_ROLE")] {
        let grant = Timelock::grantRoleCall { role, account };
        dao.refuses(deployer, dao.timelock, grant, lacks(ADMIN)).await?;
        // Nor does it take one from those who have it.
        for holder in [dao.governor, dao.timelock] {
            let revoke = Timelock::revokeRoleCall { role, account: holder };
            dao.refuses(deployer, dao.timelock, revoke, lacks(ADMIN)).await?;
            let renounce = Timelock::renounceRoleCall { role, callerConfirmation: holder };
            dao.refuses(deployer, dao.timelock, renounce, Timelock::AccessControlBadConfirmation {}).await?;
        }
    }
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

#[tokio::test]
async fn the_deployer_changes_no_setting() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let deployer = &dao.deployer;
    let only = || Governor::GovernorOnlyExecutor { account: deployer.address() };
    let (address, number) = (deployer.address(), U256::from(1));
    let governor = dao.governor;
    dao.refuses(deployer, governor, Governor::updateTimelockCall { newTimelock: address }, only()).await?;
    dao.refuses(deployer, governor, Governor::setProposalGuardianCall { newProposalGuardian: address }, only()).await?;
    dao.refuses(deployer, governor, Governor::setVotingDelayCall { newVotingDelay: U48::ZERO }, only()).await?;
    dao.refuses(deployer, governor, Governor::setVotingPeriodCall { newVotingPeriod: 1 }, only()).await?;
    dao.refuses(deployer, governor, Governor::setProposalThresholdCall { newProposalThreshold: number }, only())
        .await?;
    dao.refuses(deployer, governor, Governor::updateQuorumNumeratorCall { newQuorumNumerator: number }, only()).await?;
    let early = Governor::updateSuperQuorumNumeratorCall { newSuperQuorumNumerator: number };
    dao.refuses(deployer, governor, early, only()).await?;
    let late = Governor::setLateQuorumVoteExtensionCall { newVoteExtension: U48::ZERO };
    dao.refuses(deployer, governor, late, only()).await?;
    let call = VotingToken::transferCall { to: address, value: whole(1) }.abi_encode().into();
    let relay = Governor::relayCall { target: dao.token, value: U256::ZERO, data: call };
    dao.refuses(deployer, governor, relay, only()).await?;
    // The deployer minted the tokens and has none.
    let none = VotingToken::ERC20InsufficientBalance { sender: address, balance: U256::ZERO, needed: whole(1) };
    let take = VotingToken::transferCall { to: address, value: whole(1) };
    dao.refuses(deployer, dao.token, take, none).await?;
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// A constructor is a function of a Stylus program, and knows no deployer: a program that was deployed without it belongs to whoever calls
/// it first. So code and constructor go into one transaction.
#[tokio::test]
async fn a_constructor_runs_for_whoever_calls_it_first() -> Result<()> {
    let dao = Dao::start().await?;
    let stranger = dao.stranger("mallory").await?;
    let timelock = dao.chain.create(deploy::init_code(&deploy::code("timelock")?)).await?;
    let construct = |account: Address| {
        let (proposers, executors) = (vec![account], vec![account]);
        Timelock::constructorCall { minDelay: U256::ZERO, proposers, executors, admin: account }.init_data()
    };
    ensure!(stranger.send(timelock, construct(stranger.address())).await?.status());
    ensure!(!dao.deployer.send(timelock, construct(dao.deployer.address())).await?.status());
    let admin = Timelock::hasRoleCall { role: ADMIN, account: stranger.address() };
    assert!(dao.read(timelock, admin).await?);
    Ok(())
}

/// A constructor must not run a second time, for anybody.
#[tokio::test]
async fn no_constructor_runs_twice() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let mine = dao.deployer.address();
    let timelock =
        Timelock::constructorCall { minDelay: U256::ZERO, proposers: vec![mine], executors: vec![mine], admin: mine };
    let token = VotingToken::constructorCall {
        name: "Mine".into(),
        symbol: "M".into(),
        holders: vec![mine],
        amounts: vec![whole(1)],
        timestampClock: true,
    };
    let governor = Governor::constructorCall {
        name: "Mine".into(),
        token: dao.token,
        timelock: mine,
        votingDelay: U48::ZERO,
        votingPeriod: 1,
        proposalThreshold: U256::ZERO,
        quorumNumerator: U256::ZERO,
        superQuorumNumerator: U256::ZERO,
        lateQuorumVoteExtension: U48::ZERO,
        proposalGuardian: mine,
    };
    let empty_token = VotingToken::constructorCall { holders: Vec::new(), amounts: Vec::new(), ..token.clone() };
    for (contract, init_data) in [
        (dao.timelock, timelock.init_data()),
        (dao.token, token.init_data()),
        (dao.token, empty_token.init_data()),
        (dao.governor, governor.init_data()),
    ] {
        let receipt = dao.deployer.send(contract, init_data).await?;
        ensure!(!receipt.status() && receipt.logs().is_empty(), "the constructor of {contract} ran again");
    }
    let supply = dao.read(dao.token, VotingToken::totalSupplyCall {}).await?;
    assert_eq!(supply, dao.config.token().supply);
    assert_eq!(dao.read(dao.governor, Governor::timelockCall {}).await?, dao.timelock);
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// The events of the timelock show who holds which role: the governor its three roles, the timelock the administration, and
/// nobody else anything, the factory that ran the constructors included.
#[tokio::test]
async fn the_events_tell_that_nobody_else_holds_anything() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let mut holders = BTreeSet::new();
    let filter = Filter::new().address(dao.timelock).from_block(0);
    for log in dao.chain.dev.get_logs(&filter).await? {
        match log.topic0() {
            Some(&Timelock::RoleGranted::SIGNATURE_HASH) => {
                let granted = Timelock::RoleGranted::decode_log_data(log.data())?;
                holders.insert((granted.role, granted.account));
            }
            Some(&Timelock::RoleRevoked::SIGNATURE_HASH) => {
                let revoked = Timelock::RoleRevoked::decode_log_data(log.data())?;
                holders.remove(&(revoked.role, revoked.account));
            }
            _ => {}
        }
    }
    let mut expected: BTreeSet<(B256, Address)> = ["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"]
        .into_iter()
        .map(|role| (keccak256(role), dao.governor))
        .collect();
    expected.insert((ADMIN, dao.timelock));
    assert_eq!(holders, expected);
    assert!(!holders.iter().any(|(_, account)| [STYLUS_DEPLOYER, dao.deployer.address()].contains(account)));
    // What the members want done is done without the deployer.
    let grant = Proposal::new("A grant").paying(Address::repeat_byte(0x50), whole(1));
    dao.enact(&grant).await?;
    assert_eq!(before.ether - dao.treasury().await?.ether, whole(1));
    Ok(())
}
