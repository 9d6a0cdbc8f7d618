//! Programs expire after a year, and all of them when the Stylus version is raised. A dead program fails whatever calls it, and
//! anyone may renew one program and leave another dead. Time goes on meanwhile.
//!
//! Safe since a dead program is a failure to whoever calls it and never an answer: nothing is decided, cancelled or lost until
//! all that an action needs is alive. What has fallen due meanwhile can be executed by whoever renews first, so the
//! guardian renews and cancels in one transaction: `docs/operations.md` has the steps.

use std::sync::Arc;

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    rpc::types::TransactionReceipt,
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::Governor;
use consilium_deploy::config::Config;
use devnode::ArbosVersion;
use eyre::Result;
use harness::{
    chain::{Account, Chain},
    dao::{Dao, Proposal, State, whole},
    deploy::{CONSTRUCTOR, code, init_code},
    raw_program::{self, DATA_FEE, activate},
};
use nitro::{ARB_WASM, ArbWasm};

use crate::contracts::{Bundle, create, create_with};
use crate::every_state::Proposals;

/// Where grants go.
const PRACTICE: Address = Address::repeat_byte(0x50);

/// How programs die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Death {
    /// A year passes.
    Expiry,
    /// ArbOS is upgraded, and with it the Stylus version.
    Upgrade,
}

impl Death {
    const ALL: [Self; 2] = [Self::Expiry, Self::Upgrade];

    /// A DAO that will die so.
    async fn dao(self, change: impl FnOnce(&mut Config)) -> Result<Dao> {
        let chain = match self {
            Self::Expiry => Chain::start()?,
            Self::Upgrade => Chain::start_with(ArbosVersion::V51)?,
        };
        Dao::found(Arc::new(chain), change).await
    }

    async fn comes(self, dao: &Dao) -> Result<()> {
        match self {
            Self::Expiry => dao.chain.let_programs_expire().await,
            Self::Upgrade => dao.chain.upgrade_arbos().await,
        }
    }
}

/// Renews a program, as anyone may.
async fn renew(dao: &Dao, program: Address) -> Result<()> {
    assert!(activate(&dao.deployer, program).await?.status(), "anyone may renew");
    Ok(())
}

/// Sends a call that must fail without a trace.
async fn fails(dao: &Dao, by: &Account, to: Address, call: impl SolCall) -> Result<()> {
    let receipt = by.send(to, call.abi_encode()).await?;
    assert!(!receipt.status() && receipt.logs().is_empty());
    assert!(
        dao.attempt(by, to, &call).await.is_ok_and(|answer| answer.is_err()),
        "it reverts, and does not run out of gas"
    );
    Ok(())
}

/// What time alone makes of a state: votes end and delays pass, and nothing else.
fn a_year_later(state: State) -> State {
    match state {
        // 150,000 votes for of a supply of a million reached the quorum before.
        State::Active => State::Succeeded,
        State::Pending => State::Defeated,
        other => other,
    }
}

/// Through both deaths nothing is lost, decided or cancelled: what is stored is the same afterwards, and states are what time
/// makes of them. While all is dead nothing can be done, nor while only some are alive.
#[tokio::test]
async fn every_state_survives() -> Result<()> {
    for death in Death::ALL {
        let dao = death.dao(|_| {}).await?;
        let (proposals, before) = (Proposals::make(&dao).await?, dao.treasury().await?);
        let facts = proposals.facts(&dao).await?;
        death.comes(&dao).await?;
        let (ready, pending) = (proposals.named("ready"), proposals.named("pending"));
        let execute = || Governor::execute_1Call { proposalId: ready.id() };
        let around = || ready.execute_batch(Default::default(), ready.salt(dao.governor));
        let all_gas = async |to, data: Vec<u8>| -> Result<()> {
            let receipt = dao.members[0].send(to, data).await?;
            assert!(!receipt.status(), "{death:?}");
            Ok(())
        };
        all_gas(dao.governor, execute().abi_encode()).await?;
        all_gas(dao.timelock, around().abi_encode()).await?;

        // The governor alone, then with the token: what the timelock has is not guessed at.
        renew(&dao, dao.governor).await?;
        fails(&dao, &dao.members[0], dao.governor, Governor::cancel_1Call { proposalId: pending.id() }).await?;
        fails(&dao, &dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: ready.id() }).await?;
        renew(&dao, dao.token).await?;
        fails(&dao, &dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: ready.id() }).await?;
        fails(&dao, &dao.deployer, dao.governor, execute()).await?;
        fails(
            &dao,
            &dao.deployer,
            dao.governor,
            Governor::queue_1Call { proposalId: proposals.named("succeeded").id() },
        )
        .await?;
        fails(&dao, &dao.deployer, dao.governor, Governor::stateCall { proposalId: ready.id() }).await?;

        renew(&dao, dao.timelock).await?;
        assert_eq!((proposals.facts(&dao).await?, dao.treasury().await?), (facts, before), "{death:?}");
        let after = |state| if death == Death::Expiry { a_year_later(state) } else { state };
        proposals.are(&dao, after).await?;

        // And life goes on.
        dao.execute(ready.id()).await?;
        dao.queue(proposals.named("succeeded").id()).await?;
        dao.enact(&Proposal::new("Afterwards").paying(PRACTICE, whole(1))).await?;
    }
    Ok(())
}

/// The token is dead, governor and timelock are renewed by somebody who would have the governor count blocks: by L1's block
/// number a queued proposal would be pending, its proposer could delete the operation, and with a threshold of zero anyone
/// could use up the id of somebody's proposal.
#[tokio::test]
async fn a_dead_token_is_not_a_token_without_a_clock() -> Result<()> {
    for death in Death::ALL {
        let dao = death.dao(|config| config.governor_mut().proposal_threshold = U256::ZERO).await?;
        let grant = Proposal::new("A grant").paying(PRACTICE, whole(2));
        let id = dao.pass_vote(&grant).await?;
        dao.queue(id).await?;
        death.comes(&dao).await?;
        renew(&dao, dao.governor).await?;
        renew(&dao, dao.timelock).await?;

        let honest = Proposal::new("To be proposed in time").paying(PRACTICE, whole(3));
        let by = &dao.members[0];
        let refused = || Governor::ERC6372InconsistentClock {};
        dao.refuses(by, dao.governor, Governor::cancel_1Call { proposalId: id }, refused()).await?;
        dao.refuses(&dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: id }, refused()).await?;
        dao.refuses(by, dao.governor, honest.propose(), refused()).await?;
        dao.refuses(by, dao.governor, Governor::castVoteCall { proposalId: id, support: 1 }, refused()).await?;
        dao.refuses(by, dao.governor, Governor::execute_1Call { proposalId: id }, refused()).await?;
        dao.refuses(by, dao.governor, Governor::stateCall { proposalId: id }, refused()).await?;
        dao.refuses(by, dao.governor, Governor::clockCall {}, refused()).await?;
        dao.refuses(by, dao.governor, Governor::CLOCK_MODECall {}, refused()).await?;
        assert_ne!(dao.operation_state(grant.operation(dao.governor)).await?, 0, "the operation is there");

        renew(&dao, dao.token).await?;
        assert_eq!(dao.read(dao.governor, Governor::CLOCK_MODECall {}).await?, "mode=timestamp");
        assert_eq!(dao.state(id).await?, State::Queued);
        dao.propose(by, &honest).await?;
        assert!(dao.snapshot(honest.id()).await? > dao.chain.now().await?);
        dao.wait(id).await?;
        dao.execute(id).await?;
    }
    Ok(())
}

/// Whether the token has a clock is found out by the constructor. A token that is dead there, never was activated, or stands
/// behind a proxy that fails with it, is not taken for one without a clock.
#[tokio::test]
async fn no_governor_comes_to_be_on_a_dead_token() -> Result<()> {
    for death in Death::ALL {
        let dao = death.dao(|_| {}).await?;
        let proxy = create_with(&dao, "Facade", &dao.token.abi_encode()).await?;
        death.comes(&dao).await?;
        renew(&dao, dao.governor).await?;
        // Another program that does nothing, and that nobody has activated.
        let asleep = dao.chain.create(init_code(&raw_program::code(IDLE)?)).await?;
        for token in [dao.token, proxy, asleep] {
            let receipt = found(&dao, token).await?;
            assert!(!receipt.status(), "{death:?} of {token}");
        }
        renew(&dao, dao.token).await?;
        for token in [dao.token, proxy] {
            let receipt = found(&dao, token).await?;
            assert!(receipt.status(), "{token}");
        }
    }
    Ok(())
}

/// A program that answers nothing.
const IDLE: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 1)
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;

/// Makes another governor on a token: its program is active, as the DAO's is the same.
async fn found(dao: &Dao, token: Address) -> Result<TransactionReceipt> {
    let governor = dao.chain.create(init_code(&code("governor")?)).await?;
    let [delay, period, quorum, super_quorum] = [60, 300, 4, 50].map(U256::from);
    let arguments = (
        "A governor".to_owned(),
        token,
        dao.timelock,
        delay,
        period,
        U256::ZERO,
        quorum,
        super_quorum,
        U256::ZERO,
        Address::ZERO,
    );
    dao.deployer.send(governor, [&CONSTRUCTOR[..], &arguments.abi_encode_params()].concat()).await
}

/// What fell due while all was dead is cancelled before anyone can execute it: the guardian renews and cancels in one
/// transaction. The guardian is a contract here, as a Safe is.
#[tokio::test]
async fn the_guardian_renews_and_cancels_in_one_transaction() -> Result<()> {
    for death in Death::ALL {
        let dao = death.dao(|_| {}).await?;
        let guardian = create(&dao, "Bundle").await?;
        let set = Governor::setProposalGuardianCall { newProposalGuardian: guardian };
        dao.enact(&Proposal::new("A Safe as the guardian").calling(dao.governor, set)).await?;
        let before = dao.treasury().await?;
        let theft = Proposal::new("A theft").paying(Address::repeat_byte(0xba), whole(50));
        let id = dao.ripen(&theft).await?;
        death.comes(&dao).await?;

        let activation = |program| ArbWasm::activateProgramCall { program }.abi_encode();
        let mut steps: Vec<(Address, u64, Vec<u8>)> =
            [dao.token, dao.governor, dao.timelock].map(|program| (ARB_WASM, DATA_FEE, activation(program))).into();
        steps.push((dao.governor, 0, Governor::cancel_1Call { proposalId: id }.abi_encode()));
        let bundle = Bundle::runCall {
            targets: steps.iter().map(|(to, ..)| *to).collect(),
            values: steps.iter().map(|(_, value, _)| U256::from(*value)).collect(),
            calls: steps.into_iter().map(|(_, _, call)| Bytes::from(call)).collect(),
        };
        dao.fund(guardian, U256::from(3 * DATA_FEE)).await?;
        let receipt = dao.deployer.send(guardian, bundle.abi_encode()).await?;
        assert!(receipt.status(), "{death:?}");

        assert_eq!(dao.state(id).await?, State::Canceled);
        let canceled = Governor::GovernorUnexpectedProposalState {
            proposalId: id,
            current: State::Canceled as u8,
            expectedStates: B256::with_last_byte(1 << State::Queued as u8),
        };
        dao.refuses(&dao.members[0], dao.governor, Governor::execute_1Call { proposalId: id }, canceled).await?;
        assert_eq!(dao.operation_state(theft.operation(dao.governor)).await?, 0);
        assert_eq!(dao.treasury().await?, before);
    }
    Ok(())
}

/// What never dies needs no rescue: anyone keeps the programs alive, for the fee of their data.
#[tokio::test]
async fn anyone_keeps_the_programs_alive() -> Result<()> {
    let dao = Dao::start().await?;
    let id = dao.ripen(&Proposal::new("A grant").paying(PRACTICE, whole(2))).await?;
    let stranger = dao.stranger("stranger").await?;
    for _ in 0..2 {
        dao.chain.advance(200 * 86_400).await?;
        for name in ["voting-token", "timelock", "governor"] {
            let call = ArbWasm::codehashKeepaliveCall { codehash: keccak256(code(name)?) };
            let receipt = stranger.send_with(ARB_WASM, call.abi_encode(), DATA_FEE).await?;
            assert!(receipt.status(), "{name}");
        }
    }
    assert_eq!(dao.state(id).await?, State::Queued);
    dao.execute(id).await?;
    Ok(())
}
