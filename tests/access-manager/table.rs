//! What OpenZeppelin's manager does not have: it is constructed with its whole table. And how the table is kept: five
//! functions of a target with its own word, the rest elsewhere, to be read as one.

use std::collections::HashMap;

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, FixedBytes, LogData, U256, aliases::U48},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::{SolCall, SolConstructor, SolError, SolEvent},
};
use consilium_bindings::{
    AccessManager::{self, *},
    Construct,
};
use eyre::{Result, ensure};
use harness::{chain::Chain, declared::call, deploy};
use nitro::{ARB_WASM, ArbWasm::activateProgramCall};

const ADMIN: Address = Address::repeat_byte(0xad);
const COUNCIL: Address = Address::repeat_byte(0xc0);
const TARGET: Address = Address::repeat_byte(0x7a);
const PUBLIC_ROLE: u64 = u64::MAX;

fn selector(n: u8) -> FixedBytes<4> {
    FixedBytes([n, 0xbe, 0xef, n])
}

fn grant(roleId: u64, account: Address, executionDelay: u32, until: u64) -> InitialGrant {
    InitialGrant { roleId, account, executionDelay, until: U48::from(until) }
}

fn function(target: Address, selector: FixedBytes<4>, roleId: u64) -> InitialFunction {
    InitialFunction { target, selector, roleId }
}

/// Asks a view.
async fn ask<C: SolCall>(chain: &Chain, manager: Address, view: C) -> Result<C::Return> {
    match call(chain, manager, Address::ZERO, 0, view.abi_encode()).await? {
        Ok(answer) => Ok(C::abi_decode_returns(&answer)?),
        Err(reason) => eyre::bail!("reverted with {reason}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_table_is_there_from_the_beginning() -> Result<()> {
    let chain = Chain::start()?;
    let end = chain.now().await? + 100_000;
    let grants = vec![grant(1, COUNCIL, 60, end), grant(2, COUNCIL, 0, 0), grant(0, COUNCIL, 9, end)];
    let functions = vec![function(TARGET, selector(1), 1), function(TARGET, selector(2), PUBLIC_ROLE)];
    let constructor = AccessManager::constructorCall { initialAdmin: ADMIN, grants, functions };
    let receipt = deploy::try_program(&chain, "access-manager", &constructor.abi_encode()).await?;
    ensure!(receipt.status(), "not constructed");
    let granted = receipt.logs().iter().find(|log| log.topic0() == Some(&RoleGranted::SIGNATURE_HASH));
    let manager = granted.expect("it logs").address();

    // It logs what the functions log, in the order of the lists.
    let since = U48::from(chain.now().await?);
    let logs = receipt.logs().iter().filter(|log| log.address() == manager).map(|log| log.data().clone());
    let granted = |roleId, account, delay| RoleGranted { roleId, account, delay, since, newMember: true };
    let ends = |roleId| GrantEndChanged { roleId, account: COUNCIL, until: U48::from(end) };
    let assigned = |n, roleId| TargetFunctionRoleUpdated { target: TARGET, selector: selector(n), roleId };
    let expected = [
        granted(0, ADMIN, 0).encode_log_data(),
        granted(1, COUNCIL, 60).encode_log_data(),
        ends(1).encode_log_data(),
        granted(2, COUNCIL, 0).encode_log_data(),
        granted(0, COUNCIL, 9).encode_log_data(),
        ends(0).encode_log_data(),
        assigned(1, 1).encode_log_data(),
        assigned(2, PUBLIC_ROLE).encode_log_data(),
    ];
    assert_eq!(logs.collect::<Vec<LogData>>(), expected);

    // Who deployed it, and by what, has no power.
    for nobody in [chain.dev_account()?.address(), nitro::STYLUS_DEPLOYER, manager, Address::ZERO] {
        for roleId in [0, 1, 2] {
            ensure!(!ask(&chain, manager, hasRoleCall { roleId, account: nobody }).await?.isMember, "{nobody}");
        }
    }
    let may = |caller, n| canCallCall { caller, target: TARGET, selector: selector(n) };
    let answers = [(COUNCIL, 1, (false, 60)), (COUNCIL, 2, (true, 0)), (COUNCIL, 3, (false, 9)), (ADMIN, 3, (true, 0))];
    for (caller, n, expected) in answers {
        let answer = ask(&chain, manager, may(caller, n)).await?;
        assert_eq!((answer.immediate, answer.delay), expected, "{caller} {n}");
    }
    // The council's power ends by itself, at its second, and the admin's does not.
    for (time, has) in [(end - 1, true), (end, false)] {
        chain.advance_to(time).await?;
        for (roleId, expected) in [(0, has), (1, has), (2, true)] {
            let held = ask(&chain, manager, hasRoleCall { roleId, account: COUNCIL }).await?;
            assert_eq!(held.isMember, expected, "role {roleId} at {time}");
        }
        let answer = ask(&chain, manager, may(COUNCIL, 1)).await?;
        assert_eq!((answer.immediate, answer.delay), (false, if has { 60 } else { 0 }));
    }
    ensure!(ask(&chain, manager, hasRoleCall { roleId: 0, account: ADMIN }).await?.isMember);
    assert_eq!(ask(&chain, manager, getGrantEndCall { roleId: 1, account: COUNCIL }).await?, U48::from(end));
    assert_eq!(ask(&chain, manager, getGrantEndCall { roleId: 0, account: ADMIN }).await?, U48::ZERO);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_wrong_is_refused() -> Result<()> {
    let chain = Chain::start()?;
    let program = chain.create(deploy::init_code(&deploy::code("access-manager")?)).await?;
    let activation = TransactionRequest::default()
        .with_to(ARB_WASM)
        .with_value(U256::from(10).pow(U256::from(16)))
        .with_input(activateProgramCall { program }.abi_encode());
    ensure!(chain.dev.send_transaction(activation).await?.get_receipt().await?.status(), "not activated");
    // What is asked, is asked at the time of the next block, however long this test takes.
    let now = chain.now().await? + 100;
    chain.set_time(now).await?;
    let construct = async |initialAdmin, grants, functions| {
        let constructor = AccessManager::constructorCall { initialAdmin, grants, functions };
        call(&chain, program, COUNCIL, 0, constructor.init_data().to_vec()).await
    };
    let refused = |answer: Result<Bytes, Bytes>, error: Vec<u8>| assert_eq!(answer, Err(error.into()));

    let good = function(TARGET, selector(1), 1);
    assert_eq!(construct(ADMIN, vec![grant(1, COUNCIL, 0, 0)], vec![good.clone()]).await?, Ok(Bytes::new()));
    let nobody = AccessManagerInvalidInitialAdmin { initialAdmin: Address::ZERO };
    refused(construct(Address::ZERO, vec![], vec![]).await?, nobody.abi_encode());
    let second = AccessManagerInvalidInitialAddress { index: U256::from(1) };
    let grants = vec![grant(1, COUNCIL, 0, 0), grant(1, Address::ZERO, 0, 0)];
    refused(construct(ADMIN, grants, vec![]).await?, second.abi_encode());
    let functions = vec![good.clone(), function(Address::ZERO, selector(1), 1)];
    refused(construct(ADMIN, vec![], functions).await?, second.abi_encode());
    let public = AccessManagerLockedRole { roleId: PUBLIC_ROLE };
    refused(construct(ADMIN, vec![grant(PUBLIC_ROLE, COUNCIL, 0, 0)], vec![]).await?, public.abi_encode());
    for until in [1, now - 1, now] {
        let early = AccessManagerEndTooEarly { until: U48::from(until), start: U48::from(now) };
        refused(construct(ADMIN, vec![grant(1, COUNCIL, 0, until)], vec![]).await?, early.abi_encode());
    }
    let permanent = AccessManagerPermanentAdmin { account: ADMIN };
    refused(construct(ADMIN, vec![grant(0, ADMIN, 0, now + 1000)], vec![]).await?, permanent.abi_encode());
    let set_authority: FixedBytes<4> = alloy::primitives::keccak256("setAuthority(address)")[..4].try_into()?;
    let locked = AccessManagerLockedFunction { selector: set_authority };
    refused(construct(ADMIN, vec![], vec![good, function(TARGET, set_authority, 1)]).await?, locked.abi_encode());
    Ok(())
}

/// Roles of any size, more functions than have room, set, changed and taken away: what is read is what was set last.
#[tokio::test(flavor = "multi_thread")]
async fn many_functions_are_one_table() -> Result<()> {
    let chain = Chain::start()?;
    let admin = chain.dev_account()?;
    let constructor =
        AccessManager::constructorCall { initialAdmin: admin.address(), grants: Vec::new(), functions: Vec::new() };
    let manager = deploy::program(&chain, "access-manager", &constructor.abi_encode()).await?;
    let zero = FixedBytes::ZERO;
    let all: Vec<_> = (0..8).map(selector).chain([zero]).collect();
    let steps: [(&[FixedBytes<4>], u64); 9] = [
        (&all[..3], 1),
        (&[zero], 65_535),
        (&all, 2),
        (&all[4..6], PUBLIC_ROLE),
        (&all[..2], 65_536),
        (&all[6..8], 3),
        (&[all[5], zero, all[5]], 0),
        (&all[3..8], 7),
        (&all, 0),
    ];
    let mut expected = HashMap::new();
    for (selectors, roleId) in steps {
        let set = setTargetFunctionRoleCall { target: TARGET, selectors: selectors.to_vec(), roleId };
        let receipt = admin.send(manager, set.abi_encode()).await?;
        ensure!(receipt.status(), "not set");
        let logged = selectors.iter().map(|selector| {
            TargetFunctionRoleUpdated { target: TARGET, selector: *selector, roleId }.encode_log_data()
        });
        let logs: Vec<_> = receipt.logs().iter().map(|log| log.data().clone()).collect();
        assert_eq!(logs, logged.collect::<Vec<_>>());
        expected.extend(selectors.iter().map(|selector| (*selector, roleId)));
        for closed in [true, false] {
            // The flag is in the same word, and disturbs nothing.
            let close = setTargetClosedCall { target: TARGET, closed };
            ensure!(admin.send(manager, close.abi_encode()).await?.status(), "not closed or opened");
            for selector in &all {
                let view = getTargetFunctionRoleCall { target: TARGET, selector: *selector };
                let role = expected.get(selector).copied().unwrap_or(0);
                assert_eq!(ask(&chain, manager, view).await?, role, "{selector}");
                let other = getTargetFunctionRoleCall { target: COUNCIL, selector: *selector };
                assert_eq!(ask(&chain, manager, other).await?, 0, "another target");
                let may = canCallCall { caller: COUNCIL, target: TARGET, selector: *selector };
                assert_eq!(ask(&chain, manager, may).await?.immediate, role == PUBLIC_ROLE && !closed, "{selector}");
            }
        }
    }
    Ok(())
}
