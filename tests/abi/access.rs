//! Every guarded function of every contract, called by a stranger on the deployed programs. The list is read from the
//! declarations: a new guarded function is covered by itself.

use alloy::{
    primitives::{Address, Bytes, U256, aliases::U48},
    sol_types::SolConstructor,
};
use consilium_abi_syntax::{Function, Guard, Interface, TypeKind, selector};
use consilium_bindings::{AccessManager, Governor, Timelock, VotingToken};
use consilium_deploy::Executors;
use eyre::{OptionExt, Result, bail, ensure};
use harness::{
    chain::Chain,
    dao::Dao,
    declared::{call, calldata},
    deploy, root,
};

/// Where the contract of this name stands.
type Places<'a> = &'a [(&'a str, Address)];

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused_after_the_hand_over() -> Result<()> {
    let dao = Dao::with(|config| config.timelock_mut().executors = Executors::Governor(Vec::new())).await?;
    let manager = manager(&dao.chain, dao.timelock).await?;
    let places = [
        ("Governor", dao.governor),
        ("Timelock", dao.timelock),
        ("VotingToken", dao.token),
        ("AccessManager", manager),
    ];
    refused(&dao.chain, &places).await
}

/// The deployer is the timelock's admin still, and nobody has a role there.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused_before_the_hand_over() -> Result<()> {
    let chain = Chain::start()?;
    let deployer = chain.dev_account()?.address();
    let timelock = Timelock::constructorCall {
        minDelay: U256::from(100),
        proposers: Vec::new(),
        executors: Vec::new(),
        admin: deployer,
    };
    let timelock = deploy::program(&chain, "timelock", &timelock.abi_encode()).await?;
    let token = VotingToken::constructorCall {
        name: "Token".into(),
        symbol: "T".into(),
        holders: vec![timelock],
        amounts: vec![U256::from(1_000_000)],
        timestampClock: true,
    };
    let token = deploy::program(&chain, "voting-token", &token.abi_encode()).await?;
    let governor = Governor::constructorCall {
        name: "Governor".into(),
        token,
        timelock,
        votingDelay: U48::from(10),
        votingPeriod: 100,
        proposalThreshold: U256::ZERO,
        quorumNumerator: U256::from(4),
        superQuorumNumerator: U256::from(50),
        lateQuorumVoteExtension: U48::from(10),
        proposalGuardian: Address::ZERO,
    };
    let governor = deploy::program(&chain, "governor", &governor.abi_encode()).await?;
    let manager = manager(&chain, deployer).await?;
    let places = [("Governor", governor), ("Timelock", timelock), ("VotingToken", token), ("AccessManager", manager)];
    refused(&chain, &places).await
}

/// A manager with one admin and no other rule.
async fn manager(chain: &Chain, admin: Address) -> Result<Address> {
    let call = AccessManager::constructorCall { initialAdmin: admin, grants: Vec::new(), functions: Vec::new() };
    deploy::program(chain, "access-manager", &call.abi_encode()).await
}

/// Calls every guarded function with arguments that are well formed, and expects the declared refusal.
async fn refused(chain: &Chain, places: Places<'_>) -> Result<()> {
    let stranger = Address::repeat_byte(0x57);
    let mut asked = 0;
    for (_, interface) in consilium_abi_syntax::contracts(root())? {
        let name = interface.contract_name();
        let place = places.iter().find(|(contract, _)| *contract == name);
        let (_, at) = place.ok_or_eyre(format!("say where {name} stands"))?;
        for function in interface.all_functions() {
            let Some(guard) = interface.guard_of(function) else { continue };
            let signature = function.signature();
            let expected = refusal(chain, *at, &interface, function, guard, stranger).await?;
            let found = call(chain, *at, stranger, 0, calldata(function)).await?.err();
            ensure!(found.as_ref() == Some(&expected), "{name}.{signature}: expected {expected}, found {found:?}");
            asked += 1;
        }
    }
    ensure!(asked > 0, "no function is guarded");
    Ok(())
}

/// The guard's error with what it says about the stranger: its address, and the role it lacks.
async fn refusal(
    chain: &Chain,
    at: Address,
    interface: &Interface,
    function: &Function,
    guard: &Guard,
    stranger: Address,
) -> Result<Bytes> {
    let error = interface.all_errors().find(|error| error.name == guard.error).ok_or_eyre("a declared error")?;
    let mut data = error.selector().to_vec();
    for param in &error.params {
        match (&param.ty.kind, function.constant()) {
            (TypeKind::Address, _) => data.extend(stranger.into_word()),
            // A role by its number: calls that say nothing concern role 0, ADMIN_ROLE, which is its own admin.
            (TypeKind::Uint(64), None) => data.extend([0; 32]),
            // The contract itself answers what the constant is: PROPOSER_ROLE().
            (TypeKind::FixedBytes(32), Some(constant)) => {
                let value = call(chain, at, stranger, 0, selector(&format!("{constant}()")).to_vec()).await?;
                let Ok(value) = value else { bail!("{constant}() is not answered") };
                data.extend(value);
            }
            _ => bail!("{}: teach this test what {} tells", function.signature(), error.signature()),
        }
    }
    Ok(data.into())
}
