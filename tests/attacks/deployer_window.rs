//! A deployer who uses the time of the deployment: takes a role, schedules or approves something, gives the role back, and
//! finishes as if nothing had happened.
//!
//! Safe because there is no such time. The contracts come into being in one transaction, each with the others' addresses
//! from the start, so nobody needs a role to connect them. A DAO that was made in another way, with an admin for a while,
//! is at other addresses, and no proof takes it for this one.

use std::ops::ControlFlow;

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::{Timelock, VotingToken};
use consilium_deploy::{
    Artifacts, Chain as Node, Config, Deployment, Done, Executors, Plan, Progress, Silent, Step, deploy, dev_key,
    verify,
};
use eyre::{Result, ensure};
use harness::chain::Chain;
use harness::dao::{Dao, Proposal, whole};
use harness::root;

const ADMIN: B256 = B256::ZERO;

/// What a deployer with a key and a pause would do: take a role, use it, give it back. Here there is no pause in which a
/// role could be had.
#[tokio::test]
async fn there_is_no_moment_to_schedule_or_to_delegate_in() -> Result<()> {
    let (chain, config) = (Chain::start()?, config()?);
    let artifacts = artifacts(&config)?;
    let (deployer, plan) = (chain.dev_account()?, Plan::new(&config, &artifacts)?);
    let (mine, timelock, token) = (deployer.address(), plan.of("timelock").address, plan.of("voting-token").address);
    let records = tempfile::tempdir()?;
    let role = |name: &str| keccak256(name);
    let grab = |role: B256| Timelock::grantRoleCall { role, account: mine }.abi_encode();
    let take = VotingToken::transferCall { to: mine, value: config.treasury() }.abi_encode();
    let approve = VotingToken::approveCall { spender: mine, value: U256::MAX }.abi_encode();
    let delegate = VotingToken::delegateCall { delegatee: mine }.abi_encode();
    let schedule = |data: &[u8]| {
        let data = Bytes::copy_from_slice(data);
        let (predecessor, salt, delay) = (B256::ZERO, B256::ZERO, U256::from(config.timelock().min_delay));
        Timelock::scheduleCall { target: token, value: U256::ZERO, data, predecessor, salt, delay }.abi_encode()
    };

    let steps: Vec<Step> = Step::all(&plan).into_iter().filter(|step| *step != Step::Prove).collect();
    for step in steps {
        let mut stop = StopAfter(step);
        let sender = Node::connect(&chain.url()).await?.with_key(dev_key())?;
        let stopped = deploy(&sender, &config, &artifacts, records.path(), &mut stop).await;
        ensure!(stopped.is_err_and(|error| error.to_string().starts_with("stopped after ")), "{step}");
        let attempts = [
            grab(ADMIN),
            grab(role("PROPOSER_ROLE")),
            grab(role("EXECUTOR_ROLE")),
            schedule(&take),
            schedule(&approve),
            schedule(&delegate),
        ];
        for attempt in attempts {
            let receipt = deployer.send(timelock, attempt).await?;
            // Before the founding there is nobody to hear it; afterwards it is refused.
            let stands = step != Step::Prepare;
            ensure!(receipt.status() != stands && receipt.logs().is_empty(), "after \"{step}\"");
        }
    }
    let sender = Node::connect(&chain.url()).await?.with_key(dev_key())?;
    let deployment = deploy(&sender, &config, &artifacts, records.path(), &mut Silent).await?;
    ensure!(deployment.complete && deployment.address("timelock")? == timelock);
    let proof = verify(&Node::connect(&chain.url()).await?, &config, &artifacts, None).await?;
    proof.ensure()?;
    ensure!(proof.notes.iter().any(|note| note.contains(" 0 calls were scheduled")), "{:?}", proof.notes);
    Ok(())
}

/// The deployer makes the same contracts by hand, with itself as the timelock's admin for a while, uses that, gives it up, and
/// shows the settings. Every view answers as configured. The proof looks elsewhere, and finds nothing.
#[tokio::test]
async fn a_dao_that_had_an_admin_is_not_taken_for_this_one() -> Result<()> {
    let (chain, config) = (Chain::start()?, config()?);
    let artifacts = artifacts(&config)?;
    let deployer = chain.dev_account()?;
    let mine = deployer.address();
    let nobody: Vec<Address> = Vec::new();
    let delay = U256::from(config.timelock().min_delay);
    let arguments = (delay, nobody.clone(), nobody, mine).abi_encode_params();
    let timelock = harness::deploy::program(&chain, "timelock", &arguments).await?;
    let (mut holders, mut amounts): (Vec<Address>, Vec<U256>) =
        config.token().holders.iter().map(|holder| (holder.address, holder.amount)).unzip();
    holders.push(timelock);
    amounts.push(config.treasury());
    let arguments = (&config.token().name, &config.token().symbol, holders, amounts, true).abi_encode_params();
    let token = harness::deploy::program(&chain, "voting-token", &arguments).await?;
    let settings = config.governor();
    let arguments = (
        &settings.name,
        token,
        timelock,
        U256::from(settings.voting_delay),
        U256::from(settings.voting_period),
        settings.proposal_threshold,
        U256::from(settings.quorum_percent),
        U256::from(settings.super_quorum_percent),
        U256::from(settings.late_quorum_extension),
        config.council,
    );
    let governor = harness::deploy::program(&chain, "governor", &arguments.abi_encode_params()).await?;

    let does = async |data: Vec<u8>| -> Result<()> {
        ensure!(deployer.send(timelock, data).await?.status());
        Ok(())
    };
    let roles = ["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"].map(keccak256);
    for role in roles {
        does(Timelock::grantRoleCall { role, account: governor }.abi_encode()).await?;
        does(Timelock::grantRoleCall { role, account: mine }.abi_encode()).await?;
    }
    let data = VotingToken::approveCall { spender: mine, value: U256::MAX }.abi_encode().into();
    let (value, predecessor, salt) = (U256::ZERO, B256::ZERO, B256::ZERO);
    does(Timelock::scheduleCall { target: token, value, data, predecessor, salt, delay }.abi_encode()).await?;
    for role in roles {
        does(Timelock::renounceRoleCall { role, callerConfirmation: mine }.abi_encode()).await?;
    }
    does(Timelock::renounceRoleCall { role: ADMIN, callerConfirmation: mine }.abi_encode()).await?;

    let node = Node::connect(&chain.url()).await?;
    let error = verify(&node, &config, &artifacts, None).await.expect_err("another DAO").to_string();
    let planned = Plan::new(&config, &artifacts)?.of("timelock").address;
    ensure!(
        error.starts_with("no DAO of these settings and programs stands") && error.contains(&planned.to_string()),
        "{error}"
    );
    ensure!(planned != timelock);
    Ok(())
}

/// What an intruder was given later is found too, whatever the deployer's record says: its file names a later transaction
/// for the founding, and is not believed.
#[tokio::test]
async fn a_forged_record_hides_no_intruder() -> Result<()> {
    let dao = Dao::start().await?;
    let artifacts = artifacts(&dao.config)?;
    let intruder = dao.stranger("intruder").await?;
    let role = keccak256("PROPOSER_ROLE");
    let gift = Proposal::new("A proposer, by a vote that nobody looked at")
        .calling(dao.timelock, Timelock::grantRoleCall { role, account: intruder.address() })
        .calling(dao.token, VotingToken::approveCall { spender: intruder.address(), value: whole(1) })
        .calling(dao.token, VotingToken::delegateCall { delegatee: intruder.address() });
    dao.enact(&gift).await?;
    let later = intruder.send(intruder.address(), Vec::new()).await?.transaction_hash;

    let records = tempfile::tempdir()?;
    let sender = Node::connect(&dao.chain.url()).await?.with_key(dev_key())?;
    let again = async || deploy(&sender, &dao.config, &artifacts, records.path(), &mut Silent).await;
    let honest = format!("{:#}", again().await.expect_err("an intruder"));
    let file = Deployment::path(records.path(), dao.config.chain.id);
    let mut record: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
    record["founding"] = later.to_string().into();
    std::fs::write(&file, record.to_string())?;
    let forged = format!("{:#}", again().await.expect_err("an intruder"));
    ensure!(forged == honest, "{forged}\n{honest}");

    std::fs::remove_dir_all(records.path())?;
    let proof = verify(&Node::connect(&dao.chain.url()).await?, &dao.config, &artifacts, None).await?;
    let failures: Vec<String> = proof.failures().map(ToString::to_string).collect();
    let expected = [
        "timelock.roles: how often one was granted or revoked since the founding".to_owned(),
        "holders of PROPOSER_ROLE".to_owned(),
        format!("timelock.hasRole(PROPOSER_ROLE, {})", intruder.address()),
        "allowances of the treasury's tokens".to_owned(),
        "delegate of the treasury's tokens".to_owned(),
    ];
    ensure!(failures.len() == expected.len(), "{failures:?}");
    for (failure, subject) in failures.iter().zip(expected) {
        ensure!(failure.starts_with(&subject) && honest.contains(failure), "{failure}");
    }
    Ok(())
}

/// The deployer is guardian, executor or holder only where the settings say so.
#[tokio::test]
async fn the_deployer_is_nothing_in_the_dao_unless_it_is_said() -> Result<()> {
    type Change = fn(&mut Config, Address);
    let (chain, artifacts) = (Chain::start()?, artifacts(&config()?)?);
    let mine = chain.dev_account()?.address();
    let sender = Node::connect(&chain.url()).await?.with_key(dev_key())?;
    let changes: [(&str, Change); 3] = [
        ("holder", |config, mine| config.token_mut().holders[0].address = mine),
        ("executor", |config, mine| config.timelock_mut().executors = Executors::Governor(vec![mine])),
        ("guardian", |config, mine| config.council = mine),
    ];
    for (name, change) in changes {
        let mut config = config()?;
        change(&mut config, mine);
        let records = tempfile::tempdir()?;
        let error = deploy(&sender, &config, &artifacts, records.path(), &mut Silent).await.expect_err("a part");
        let expected = format!(
            "{mine} deploys, and these settings name it as {name}: deploy from another account, or allow it by \
             deployer.may_be = [\"{name}\"]"
        );
        ensure!(error.to_string() == expected, "{error}");
        ensure!(records.path().read_dir()?.count() == 0, "something was begun");

        config.deployer.may_be = vec![name];
        ensure!(deploy(&sender, &config, &artifacts, records.path(), &mut Silent).await?.complete);
        let node = Node::connect(&chain.url()).await?;
        verify(&node, &config, &artifacts, None).await?.ensure()?;
        // Whoever verifies by settings that do not allow it is told.
        config.deployer.may_be.clear();
        let proof = verify(&node, &config, &artifacts, None).await?;
        let failures: Vec<String> = proof.failures().map(ToString::to_string).collect();
        ensure!(
            failures == [format!("what {mine}, which founded it, is in the DAO is {name}, not nothing")],
            "{failures:?}"
        );
    }
    Ok(())
}

/// Stops a deployment after a step.
struct StopAfter(Step);

impl Progress for StopAfter {
    fn finished(&mut self, step: Step, _: &Done) -> ControlFlow<()> {
        if step == self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// The devnet's settings.
fn config() -> Result<Config> {
    Ok(Config::load(root().join("deploy/config/devnet.toml"))?)
}

fn artifacts(config: &Config) -> Result<Artifacts> {
    Artifacts::load(harness::deploy::programs(), config)
}
