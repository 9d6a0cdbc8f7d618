//! Tornado Cash, May 2023: members voted for a proposal whose code they had read, its author destroyed that code with
//! `selfdestruct`, put other code at the same address with `create2` and `create`, and that was executed with all the
//! power of the governance.
//!
//! What protects:
//! - The timelock calls, it never delegatecalls: code that it calls acts as itself, not as the DAO. Whatever is hidden there
//!   can take no more than the call hands over, its ether and what the same proposal approves.
//! - A contract that was there when members voted is there when it is executed: since EIP-6780 `selfdestruct` clears only
//!   in the transaction of the creation.
//! - What is left: an address that had no code yet when members voted, and a contract that changes its code by design (a
//!   proxy). Against the first a batch begins with a check of the code's hash, and is refused as a whole. Against the
//!   second there is no check by code: the change is seen in the timelock's delay, and the guardian cancels.

use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolError, SolValue};
use consilium_bindings::{Governor, Timelock};
use eyre::{OptionExt, Result};
use harness::answer::events;
use harness::chain::Account;
use harness::dao::{Dao, Proposal, State, whole};
use harness::peers::Peer;

use crate::contracts::{CodeGuard, Egg, Facade, Metamorph, Nest, create, create_with};

/// Where the honest code passes the grant on to.
const PRACTICE: Address = Address::repeat_byte(0x50);

/// A DAO, and mallory with the means to put code at one address again and again.
struct Stage {
    dao: Dao,
    mallory: Account,
    metamorph: Address,
    honest: Bytes,
    cuckoo: Bytes,
}

impl Stage {
    async fn start() -> Result<Self> {
        let dao = Dao::start().await?;
        let mallory = dao.stranger("mallory").await?;
        let metamorph = create(&dao, "Metamorph").await?;
        let (honest, cuckoo) = (Peer::load("Egg")?.bytecode, Peer::load("CuckooEgg")?.bytecode);
        Ok(Self { dao, mallory, metamorph, honest, cuckoo })
    }

    /// The nest's address, which follows from its code.
    fn nest(&self) -> Result<Address> {
        let code = Peer::load("Nest")?.bytecode;
        Ok(self.metamorph.create2(alloy::primitives::B256::ZERO, keccak256(&code)))
    }

    /// Where the nest's first creation stands.
    fn egg(&self) -> Result<Address> {
        Ok(self.nest()?.create(1))
    }

    /// Puts code there, if there is none.
    async fn lay(&self, code: &Bytes) -> Result<()> {
        self.dao.does(&self.mallory, self.metamorph, Metamorph::nestCall {}).await?;
        self.dao.does(&self.mallory, self.nest()?, Nest::layCall { code: code.clone() }).await?;
        Ok(())
    }

    async fn code(&self, at: Address) -> Result<Bytes> {
        Ok(self.dao.chain.dev.get_code_at(at).await?)
    }

    /// The hash of the honest code that will be there.
    async fn honest_code(&self) -> Result<alloy::primitives::B256> {
        let model = create(&self.dao, "Egg").await?;
        Ok(keccak256(self.code(model).await?))
    }

    /// A grant of 2 ether by way of the contract at `by`.
    fn grant(&self, by: Address) -> Proposal {
        Proposal::new("Connect the practice").sending(by, whole(2), Egg::grantCall {}.abi_encode())
    }
}

/// The attack as it was made. The code that was voted on cannot be taken away any more.
#[tokio::test]
async fn code_that_was_there_stays_there() -> Result<()> {
    let stage = Stage::start().await?;
    let (dao, egg) = (&stage.dao, stage.egg()?);
    let before = dao.treasury().await?;
    stage.lay(&stage.honest).await?;
    let voted_on = stage.code(egg).await?;
    assert!(!voted_on.is_empty());
    let id = dao.pass_vote(&stage.grant(egg)).await?;
    dao.queue(id).await?;

    dao.does(&stage.mallory, egg, Egg::burnCall {}).await?;
    dao.does(&stage.mallory, stage.nest()?, Nest::burnCall {}).await?;
    assert_eq!(stage.code(egg).await?, voted_on, "selfdestruct no longer clears code");
    // Nothing else can be put there either.
    assert_eq!(dao.attempt(&stage.mallory, stage.metamorph, &Metamorph::nestCall {}).await?, Err(Bytes::new()));
    let lay = Nest::layCall { code: stage.cuckoo.clone() };
    dao.does(&stage.mallory, stage.nest()?, lay).await?;
    assert_eq!(stage.code(egg).await?, voted_on, "what is laid now stands elsewhere");

    dao.wait(id).await?;
    dao.execute(id).await?;
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, after.tokens), (whole(2), before.tokens));
    assert_eq!(dao.chain.dev.get_balance(PRACTICE).await?, whole(2), "the grant went where members sent it");
    Ok(())
}

/// Code that is shown and taken away in one transaction still leaves its address free. A proposal that begins with a
/// check of the code that members read is refused when other code is there.
#[tokio::test]
async fn code_that_comes_later_is_checked_by_its_hash() -> Result<()> {
    let stage = Stage::start().await?;
    let (dao, egg) = (&stage.dao, stage.egg()?);
    let before = dao.treasury().await?;
    let guard = create(dao, "CodeGuard").await?;
    dao.does(&stage.mallory, stage.metamorph, Metamorph::flickerCall { code: stage.honest.clone() }).await?;
    assert!(stage.code(egg).await?.is_empty(), "within one transaction selfdestruct still clears");

    let expected = stage.honest_code().await?;
    let check = CodeGuard::requireCodeCall { account: egg, expected };
    let mut checked = Proposal::new("Connect the practice, if the code is what we read").calling(guard, check);
    let grant = stage.grant(egg);
    checked = checked.sending(grant.targets[0], grant.values[0], grant.calldatas[0].clone());
    let id = dao.ripen(&checked).await?;

    stage.lay(&stage.cuckoo).await?;
    let found = keccak256(stage.code(egg).await?);
    let wrong = CodeGuard::WrongCode { account: egg, found, expected };
    dao.refuses(&dao.deployer, dao.governor, Governor::execute_1Call { proposalId: id }, wrong).await?;
    assert_eq!(dao.state(id).await?, State::Queued);
    dao.does(&dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: id }).await?;
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// Without that check the hidden code is run, and gets what the call hands over: here nothing. It is nobody: what it asks
/// of the timelock is refused, though the timelock itself is calling it.
#[tokio::test]
async fn hidden_code_has_no_power_of_the_dao() -> Result<()> {
    let stage = Stage::start().await?;
    let (dao, egg) = (&stage.dao, stage.egg()?);
    let before = dao.treasury().await?;
    let plan = Proposal::new("Ask the contract").calling(egg, Egg::grantCall {});
    let id = dao.ripen(&plan).await?;
    stage.lay(&stage.cuckoo).await?;
    let receipt = dao.execute(id).await?;

    let tried: Vec<Egg::Tried> = events(&receipt, egg)?;
    let no_admin =
        Timelock::AccessControlUnauthorizedAccount { account: egg, neededRole: Default::default() }.abi_encode();
    let nobody = Timelock::TimelockUnauthorizedCaller { caller: egg }.abi_encode();
    let answers: Vec<_> = tried.into_iter().map(|tried| (tried.success, tried.data.to_vec())).collect();
    assert_eq!(answers, [(false, no_admin.clone()), (false, no_admin), (false, nobody)]);
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// A proxy changes its code by design, and no hash of its own code tells. The change is public; the delay is there to see it.
#[tokio::test]
async fn a_proxy_that_changes_is_seen_in_the_delay() -> Result<()> {
    let stage = Stage::start().await?;
    let dao = &stage.dao;
    let before = dao.treasury().await?;
    let (honest, cuckoo) = (create(dao, "Egg").await?, create(dao, "CuckooEgg").await?);
    // Its owner is who creates it.
    let facade = create_with(dao, "Facade", &(honest,).abi_encode_params()).await?;
    let hash = keccak256(stage.code(facade).await?);
    let id = dao.pass_vote(&stage.grant(facade)).await?;
    dao.queue(id).await?;

    let upgrade = dao.does(&dao.deployer, facade, Facade::upgradeCall { next: cuckoo }).await?;
    assert_eq!(keccak256(stage.code(facade).await?), hash, "the hash of a proxy's code tells nothing");
    let seen: Vec<Facade::Upgraded> = events(&upgrade, facade)?;
    assert_eq!(seen.first().ok_or_eyre("an upgrade is logged")?.implementation, cuckoo);
    dao.does(&dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: id }).await?;

    dao.wait(id).await?;
    assert!(dao.attempt(&dao.deployer, dao.governor, &Governor::execute_1Call { proposalId: id }).await?.is_err());
    assert_eq!(dao.treasury().await?, before);
    assert_eq!(dao.chain.dev.get_balance(facade).await?, U256::ZERO);
    Ok(())
}
