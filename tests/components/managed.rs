//! Functions that an authority restricts: ours and OpenZeppelin's, each under our access manager, under OpenZeppelin's, and
//! under authorities that answer oddly or not at all.

use alloy::{
    primitives::{Address, Bytes, FixedBytes, U256},
    sol,
    sol_types::{SolCall, SolConstructor, SolError, SolEvent, SolValue},
};
use consilium_bindings::AccessManager;
use consilium_bindings::AccessManager::{
    AccessManagerNotReady, AccessManagerNotScheduled, OperationExecuted, scheduleCall, setTargetClosedCall,
    setTargetFunctionRoleCall,
};
use eyre::{Result, ensure};
use harness::{actor::Actor, answer::Answer, deploy, peers::Peer};

use crate::twins::{Parts::*, Twins};

sol! {
    interface OddAuthority {
        event Consumed(address target, address caller, bytes data, bytes4 consuming);
        function set(bytes answer, uint8 way, bool refusesToConsume) external;
        function handOver(address heir) external;
    }
}

const ANSWER: u8 = 0;
const REFUSE: u8 = 1;
const BURN: u8 = 2;
const WORKER: u64 = 7;

pub(crate) fn work() -> workManagedCall {
    workManagedCall {
        amount: U256::from(3),
        note: Bytes::from_static(b"a note of more than thirty-two bytes, and odd"),
    }
}

/// Our manager and OpenZeppelin's, whose admin is the admin of the twins.
pub(crate) async fn managers(twins: &Twins) -> Result<[Address; 2]> {
    let initialAdmin = twins.admin;
    let ours = AccessManager::constructorCall { initialAdmin, grants: Vec::new(), functions: Vec::new() };
    let ours = deploy::program(&twins.chain, "access-manager", &ours.abi_encode()).await?;
    let theirs = Peer::load("PeerAccessManager")?.init_code(&initialAdmin.abi_encode());
    Ok([ours, twins.chain.create(theirs).await?])
}

/// Lets an actor call something that is no twin, which must not fail.
pub(crate) async fn act(twins: &Twins, by: Address, target: Address, call: impl SolCall) -> Result<()> {
    let act = Actor::actCall { target, value: U256::ZERO, data: call.abi_encode().into() };
    let receipt = twins.chain.dev_account()?.send(by, act.abi_encode()).await?;
    let answered = receipt.logs().iter().rev().find(|log| log.address() == by).map(|log| log.data().clone());
    let answered = Actor::Answered::decode_log_data(&answered.unwrap_or_default())?;
    ensure!(receipt.status() && answered.success, "refused: {}", answered.data);
    Ok(())
}

/// What both answer to a call of the stranger, where each has operations of its own.
async fn each(twins: &Twins, data: Vec<u8>) -> Result<[Answer; 2]> {
    twins.apart(twins.number(twins.stranger)?, |twin| (*twin, data.clone())).await
}

/// Both obey an authority from now on.
pub(crate) async fn obey(twins: &Twins, newAuthority: Address) -> Result<()> {
    let answer = twins.call_by(twins.admin, setAuthorityCall { newAuthority }).await?;
    answer.logged([AuthorityUpdated { authority: newAuthority }.encode_log_data()]);
    twins.call(authorityCall {}).await?.returned(newAuthority);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_authority_hands_over() -> Result<()> {
    let twins = Twins::start().await?;
    twins.call(authorityCall {}).await?.returned(twins.admin);
    twins.call(isConsumingScheduledOpCall {}).await?.returned(FixedBytes::<4>::ZERO);
    let [manager, _] = managers(&twins).await?;
    let by_stranger = twins.call(setAuthorityCall { newAuthority: manager }).await?;
    by_stranger.refused(AccessManagedUnauthorized { caller: twins.stranger });
    let nobody = Address::repeat_byte(0x99);
    let without_code = twins.call_by(twins.admin, setAuthorityCall { newAuthority: nobody }).await?;
    without_code.refused(AccessManagedInvalidAuthority { authority: nobody });
    obey(&twins, manager).await?;
    let too_late = twins.call_by(twins.admin, setAuthorityCall { newAuthority: twins.admin }).await?;
    too_late.refused(AccessManagedUnauthorized { caller: twins.admin });
    Ok(())
}

/// By role, by role and delay, and never while the target is closed: under either manager.
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_lets_pass_whom_its_table_names() -> Result<()> {
    for which in [0, 1] {
        let twins = Twins::start().await?;
        let manager = managers(&twins).await?[which];
        let (admin, stranger) = (twins.admin, twins.stranger);
        obey(&twins, manager).await?;
        let refusal = || AccessManagedUnauthorized { caller: stranger };
        // Without a rule it is for the admin.
        twins.call(work()).await?.refused(refusal());
        assert!(twins.call_by(admin, work()).await?.success);

        let selectors = vec![workManagedCall::SELECTOR.into()];
        for target in [twins.ours, twins.peer] {
            let rule = setTargetFunctionRoleCall { target, selectors: selectors.clone(), roleId: WORKER };
            act(&twins, admin, manager, rule).await?;
        }
        twins.call_by(admin, work()).await?.refused(AccessManagedUnauthorized { caller: admin });
        let grant = |executionDelay| AccessManager::grantRoleCall { roleId: WORKER, account: stranger, executionDelay };
        act(&twins, admin, manager, grant(0)).await?;
        twins.call(work()).await?.logged([]);
        for closed in [true, false] {
            for target in [twins.ours, twins.peer] {
                act(&twins, admin, manager, setTargetClosedCall { target, closed }).await?;
            }
            let answer = twins.call(work()).await?;
            if closed { answer.refused(refusal()) } else { assert!(answer.success) }
        }

        // With a delay, each has an operation of its own: its id names the target.
        act(&twins, admin, manager, grant(100)).await?;
        for answer in each(&twins, work().abi_encode()).await? {
            assert!(!answer.success);
            assert_eq!(answer.data[..4], AccessManagerNotScheduled::SELECTOR);
        }
        for target in [twins.ours, twins.peer] {
            let schedule = scheduleCall { target, data: work().abi_encode().into(), when: Default::default() };
            act(&twins, stranger, manager, schedule).await?;
        }
        for answer in each(&twins, work().abi_encode()).await? {
            assert!(!answer.success);
            assert_eq!(answer.data[..4], AccessManagerNotReady::SELECTOR);
        }
        twins.chain.advance(101).await?;
        let consumed = each(&twins, work().abi_encode()).await?;
        for (answer, target) in consumed.iter().zip([twins.ours, twins.peer]) {
            let operation = alloy::primitives::keccak256((stranger, target, work().abi_encode()).abi_encode_params());
            let executed = OperationExecuted { operationId: operation, nonce: 1 };
            answer.logged([executed.encode_log_data()]);
        }
        twins.call(isConsumingScheduledOpCall {}).await?.returned(FixedBytes::<4>::ZERO);
        for answer in each(&twins, work().abi_encode()).await? {
            assert_eq!(answer.data[..4], AccessManagerNotScheduled::SELECTOR, "consumed once");
        }
        // What else the caller sends along is another operation.
        let longer = [work().abi_encode(), vec![0]].concat();
        for answer in each(&twins, longer).await? {
            assert_eq!(answer.data[..4], AccessManagerNotScheduled::SELECTOR);
        }
    }
    Ok(())
}

/// Answers that are short, dirty or too long count as OpenZeppelin's `AuthorityUtils` counts them; no answer is a no.
#[tokio::test(flavor = "multi_thread")]
async fn odd_answers_are_read_alike() -> Result<()> {
    let twins = Twins::start().await?;
    let odd = twins.chain.create(Peer::load("OddAuthority")?.bytecode).await?;
    obey(&twins, odd).await?;
    let word = |number: u64| U256::from(number).to_be_bytes::<32>().to_vec();
    let (yes, no) = (word(1), word(0));
    let long = word(1 << 32);
    let refused = [
        vec![],
        vec![0; 31],
        no.clone(),
        [no.clone(), no.clone()].concat(),
        [no.clone(), long.clone()].concat(),
        [no.clone(), vec![255; 32]].concat(),
        [no.clone(), vec![0; 31]].concat(),
    ];
    let passed = [
        yes.clone(),
        vec![1],
        vec![0, 0, 0, 0, 5],
        word(2),
        vec![255; 32],
        [yes.clone(), word(9)].concat(),
        [yes.clone(), long].concat(),
        [yes.clone(), no.clone(), yes.clone()].concat(),
    ];
    let consumed = [
        [no.clone(), word(1)].concat(),
        [no.clone(), word(u32::MAX.into())].concat(),
        [no.clone(), vec![0; 31], vec![7, 9, 9]].concat(),
        // The last byte of the delay's word is missing: 1 << 8.
        [no.clone(), vec![0; 30], vec![1]].concat(),
    ];
    let set = |answer: Vec<u8>, way, refusesToConsume| {
        let set = OddAuthority::setCall { answer: answer.into(), way, refusesToConsume };
        act(&twins, twins.admin, odd, set)
    };
    let refusal = || AccessManagedUnauthorized { caller: twins.stranger };
    for answer in refused {
        set(answer, ANSWER, false).await?;
        twins.call(work()).await?.refused(refusal());
    }
    for answer in passed {
        set(answer, ANSWER, false).await?;
        assert!(twins.call(work()).await?.success);
    }
    for answer in consumed {
        set(answer.clone(), ANSWER, false).await?;
        let (target, caller, data) = (twins.ours, twins.stranger, work().abi_encode().into());
        let consuming = isConsumingScheduledOpCall::SELECTOR.into();
        let event = OddAuthority::Consumed { target, caller, data, consuming };
        twins.call(work()).await?.logged([event.encode_log_data()]);
        twins.call(isConsumingScheduledOpCall {}).await?.returned(FixedBytes::<4>::ZERO);
        // The authority's refusal is passed on, and leaves nothing open.
        set(answer, ANSWER, true).await?;
        let operationId = alloy::primitives::keccak256(work().abi_encode());
        twins.call(work()).await?.refused(AccessManagerNotReady { operationId });
        twins.call(isConsumingScheduledOpCall {}).await?.returned(FixedBytes::<4>::ZERO);
    }
    for way in [REFUSE, BURN] {
        for answer in [vec![], yes.clone(), [no.clone(), word(1)].concat()] {
            set(answer, way, false).await?;
            twins.call(work()).await?.refused(refusal());
        }
    }
    Ok(())
}

/// An authority that hands over while it consumes an operation has handed over, and the operation goes on as before.
#[tokio::test(flavor = "multi_thread")]
async fn an_authority_may_hand_over_meanwhile() -> Result<()> {
    let twins = Twins::start().await?;
    let odd = twins.chain.create(Peer::load("OddAuthority")?.bytecode).await?;
    let [heir, _] = managers(&twins).await?;
    obey(&twins, odd).await?;
    let answer = (false, 1u32).abi_encode_params().into();
    act(&twins, twins.admin, odd, OddAuthority::setCall { answer, way: ANSWER, refusesToConsume: false }).await?;
    act(&twins, twins.admin, odd, OddAuthority::handOverCall { heir }).await?;
    let (target, caller, data) = (twins.ours, twins.stranger, work().abi_encode().into());
    let consuming = isConsumingScheduledOpCall::SELECTOR.into();
    let consumed = OddAuthority::Consumed { target, caller, data, consuming };
    let updated = AuthorityUpdated { authority: heir };
    twins.call(work()).await?.logged([updated.encode_log_data(), consumed.encode_log_data()]);
    twins.call(authorityCall {}).await?.returned(heir);
    twins.call(isConsumingScheduledOpCall {}).await?.returned(FixedBytes::<4>::ZERO);
    twins.call(work()).await?.refused(AccessManagedUnauthorized { caller: twins.stranger });
    Ok(())
}

/// With whatever gas: a stranger does not pass because the authority was starved, and who may pass is at worst refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_starved_authority_lets_nobody_pass() -> Result<()> {
    let twins = Twins::start().await?;
    let [manager, _] = managers(&twins).await?;
    obey(&twins, manager).await?;
    let (mut passed, mut refused, mut drained) = (0, 0, 0);
    for allowance in (5_000..60_000).step_by(500) {
        for by in [twins.stranger, twins.admin] {
            let data = work().abi_encode().into();
            let spare =
                Actor::spareCall { target: twins.ours, value: U256::ZERO, data, allowance: U256::from(allowance) };
            let receipt = twins.chain.dev_account()?.send(by, spare.abi_encode()).await?;
            let log = receipt.logs().iter().rev().find(|log| log.address() == by).map(|log| log.data().clone());
            let answered = Actor::Answered::decode_log_data(&log.unwrap_or_default())?;
            let refusal = AccessManagedUnauthorized { caller: by }.abi_encode();
            match (answered.success, answered.data) {
                (true, _) => {
                    assert_eq!(by, twins.admin, "a stranger passed with {allowance} gas");
                    passed += 1;
                }
                (false, data) if data == refusal => refused += 1,
                (false, data) => {
                    assert!(data.is_empty(), "{data}");
                    drained += 1;
                }
            }
        }
    }
    assert!(passed > 0 && refused > 0 && drained > 0, "{passed} passed, {refused} refused, {drained} drained");
    Ok(())
}
