//! The allow-list: a second Safe of the same owners, with a larger threshold, calls what the DAO listed, after a delay,
//! until its end, and nothing else.

mod joint;

use alloy::primitives::{Address, B256, Bytes, FixedBytes, U256, aliases::U48};
use alloy::sol_types::SolCall;
use consilium_bindings::{AccessManager, Governor, RevenueSplitter};
use consilium_deploy::config::moment::Moment;
use consilium_deploy::parts::access_manager::{ADMIN_ROLE, COUNCIL_ROLE, RESPONDER_ROLE};
use consilium_deploy::parts::revenue_splitter::PUBLISHER_ROLE;
use consilium_deploy::{Config, permissions};
use eyre::{OptionExt, Result, ensure};
use harness::safes;

use super::{OWNERS, THRESHOLD, access, account, file, keys, owners, safe_contracts, take};
use crate::council::scene::Scene;
use crate::setup::Site;

/// Seconds that the responders wait: less than the timelock's delay.
const DELAY: u64 = 60;

/// Safe's word for a transaction that failed.
const FAILED: &str = "GS013";

/// What is on the list.
const ALLOWED: &str = "{ contract = \"revenue-splitter\", function = \"disableEpoch(uint32)\" }";

/// How long an epoch can be disabled.
const WINDOW: u64 = 172_800;

/// A tree that nobody claims of.
const ROOT: B256 = B256::repeat_byte(1);

/// What comes to the splitter, and what an epoch pays out, in wei.
const INCOME: u64 = 10_000;
const TOTAL: u64 = 4_000;

/// A section of a splitter whose guardians nobody is, and that has a publisher. Its last epoch has its window before the
/// end of the responders.
fn splitter(until: u64) -> String {
    let (publisher, until) = (account("publisher"), Moment(until - WINDOW));
    format!(
        "[revenue-splitter]\nwindow = {WINDOW}\ntable = [{{ to = \"pool\", basis_points = 10_000 }}]\n\
         publishers = [{{ address = \"{publisher}\", until = {until} }}]\n"
    )
}

/// A founded DAO whose responders are all owners of the council together.
struct Responders {
    scene: Scene,
    /// Safe's factory.
    factory: Address,
    singleton: Address,
    /// The responders' Safe.
    safe: Address,
    council: Address,
    splitter: Address,
}

/// [access] with responders.
fn with_responders(until: u64, allowed: &str) -> String {
    let until_date = Moment(until);
    format!(
        "{}responders = [{{ safe = \"responders\", delay = {DELAY}, until = {until_date} }}]\nallowed = [{allowed}]\n",
        access(until)
    )
}

/// Both Safes, of the same owners.
fn both() -> String {
    safes::section("council", &owners(), THRESHOLD) + &safes::section("responders", &owners(), OWNERS)
}

fn epoch(root: B256) -> Vec<u8> {
    let (token, manifest) = (Address::ZERO, B256::repeat_byte(2));
    let (total, deadline) = (U256::from(TOTAL), U48::from(4_000_000_000_u64));
    RevenueSplitter::publishEpochCall { token, total, root, manifest, deadline }.abi_encode()
}

fn disable(number: u32) -> Vec<u8> {
    RevenueSplitter::disableEpochCall { number }.abi_encode()
}

impl Responders {
    async fn new() -> Result<Self> {
        let mut site = Site::new()?;
        let (contracts, until) = safe_contracts(&site).await?;
        let text = format!("{}{}{}{}", with_responders(until, ALLOWED), contracts.section(), both(), splitter(until));
        take(&mut site, &text).await?;
        assert!(site.config.notes().iter().all(|note| !note.contains("larger threshold")), "{:?}", site.config.notes());
        let at = |number: usize| site.config.safe().and_then(|settings| settings.safes[number].address);
        let (council, safe) = (at(0).ok_or_eyre("resolved")?, at(1).ok_or_eyre("resolved")?);
        let plan = site.plan();
        let (splitter, singleton) = (plan.of("revenue-splitter").address, plan.of("safe").address);
        let scene = Scene::found(site, until).await?;
        scene.stranger.send(splitter, Bytes::new(), U256::from(INCOME)).await?;
        Ok(Self { scene, factory: contracts.factory, singleton, safe, council, splitter })
    }

    /// A Safe calls a contract, by so many signatures.
    async fn by(&self, safe: Address, count: usize, to: Address, call: &[u8]) -> Result<Vec<u8>> {
        safes::signed(&self.scene.provider(), safe, to, call.to_vec(), &keys()[..count]).await
    }

    async fn does(&self, to: Address, call: &[u8]) -> Result<()> {
        let call = self.by(self.safe, OWNERS, to, call).await?;
        self.scene.send(&self.scene.stranger, self.safe, call).await?;
        Ok(())
    }

    async fn is_refused(&self, what: &str, to: Address, call: &[u8]) -> Result<()> {
        let call = self.by(self.safe, OWNERS, to, call).await?;
        let refused = self.scene.refused(&self.scene.stranger, self.safe, call).await;
        ensure!(refused.contains(FAILED), "{what}: {refused}");
        Ok(())
    }

    fn schedule(&self, call: &[u8]) -> Vec<u8> {
        let (target, data) = (self.splitter, call.to_vec().into());
        AccessManager::scheduleCall { target, data, when: U48::ZERO }.abi_encode()
    }

    fn execute(&self, call: &[u8]) -> Vec<u8> {
        AccessManager::executeCall { target: self.splitter, data: call.to_vec().into() }.abi_encode()
    }

    /// The publisher publishes an epoch.
    async fn publishes(&self, root: B256) -> Result<()> {
        let publisher = self.scene.site.sender_with("publisher", U256::from(10).pow(U256::from(17))).await?;
        self.scene.send(&publisher, self.splitter, epoch(root)).await?;
        Ok(())
    }

    /// What no epoch pays out.
    async fn pool(&self) -> Result<u64> {
        let splitter = RevenueSplitter::new(self.splitter, self.scene.provider());
        Ok(splitter.releasable_0(self.splitter).call().await?.to())
    }
}

#[tokio::test]
async fn responders_call_what_is_listed_after_their_delay_and_until_their_end() -> Result<()> {
    let dao = Responders::new().await?;
    let (scene, manager) = (&dao.scene, dao.scene.manager);
    scene.site.verify().await?.ensure()?;
    dao.publishes(ROOT).await?;
    assert_eq!(dao.pool().await?, INCOME - TOTAL);
    let call = disable(1);
    dao.is_refused("at once", manager, &dao.execute(&call)).await?;
    // The council's threshold is not enough, and the council's Safe is no responder.
    let fewer = dao.by(dao.safe, THRESHOLD, manager, &dao.schedule(&call)).await?;
    let refused = scene.refused(&scene.stranger, dao.safe, fewer).await;
    assert!(refused.contains("GS020"), "{refused}");
    let council = dao.by(dao.council, OWNERS, manager, &dao.schedule(&call)).await?;
    let refused = scene.refused(&scene.stranger, dao.council, council).await;
    assert!(refused.contains(FAILED), "{refused}");

    dao.does(manager, &dao.schedule(&call)).await?;
    dao.is_refused("before the delay", manager, &dao.execute(&call)).await?;
    scene.pass(DELAY).await?;
    dao.does(manager, &dao.execute(&call)).await?;
    assert_eq!(dao.pool().await?, INCOME);
    dao.is_refused("twice", manager, &dao.execute(&call)).await?;
    // Its use is no difference from the file.
    scene.site.verify().await?.ensure()?;

    // What was scheduled before the end cannot be executed after it. By the file no epoch has its window then: the DAO
    // renews the publisher alone, and the table says what follows.
    let notes = async || -> Result<Vec<String>> {
        let chain = scene.site.chain().await?;
        Ok(permissions(&chain, &scene.site.config, &scene.site.artifacts).await?.notes)
    };
    let alone = "accounts can call `publishEpoch` of the revenue splitter when nobody can call `disableEpoch` in time";
    assert!(notes().await?.iter().all(|note| !note.contains("publishEpoch")), "{:?}", notes().await?);
    let (account, until) = (account("publisher"), U48::from(scene.until));
    let renew = AccessManager::grantRoleUntilCall { roleId: PUBLISHER_ROLE, account, executionDelay: 0, until };
    scene.decide("the publisher stays", manager, renew.abi_encode()).await?;
    assert!(notes().await?.iter().any(|note| note.starts_with(alone)), "{:?}", notes().await?);
    scene.pass_to(scene.until - 2 * DELAY).await?;
    dao.publishes(ROOT).await?;
    let call = disable(2);
    dao.does(manager, &dao.schedule(&call)).await?;
    scene.pass_to(scene.until).await?;
    dao.is_refused("after its end", manager, &dao.execute(&call)).await?;
    dao.is_refused("after its end", manager, &dao.schedule(&call)).await?;
    assert_eq!(dao.pool().await?, INCOME - TOTAL);
    Ok(())
}

#[tokio::test]
async fn responders_do_nothing_that_is_not_listed_and_widen_nothing() -> Result<()> {
    let dao = Responders::new().await?;
    let (scene, manager, splitter) = (&dao.scene, dao.scene.manager, dao.splitter);
    let late = U48::from(scene.until + 1_000_000);
    let grant = |role, account| {
        AccessManager::grantRoleUntilCall { roleId: role, account, executionDelay: 0, until: late }.abi_encode()
    };
    let selectors = vec![FixedBytes(RevenueSplitter::setTreasuryCall::SELECTOR)];
    let role = |target| {
        let selectors = selectors.clone();
        AccessManager::setTargetFunctionRoleCall { target, selectors, roleId: RESPONDER_ROLE }.abi_encode()
    };
    let admin = |role, admin| AccessManager::setRoleAdminCall { roleId: role, admin }.abi_encode();
    let delay = AccessManager::setGrantDelayCall { roleId: RESPONDER_ROLE, newDelay: 0 }.abi_encode();
    let treasury = RevenueSplitter::setTreasuryCall { treasury: dao.safe }.abi_encode();
    let window = RevenueSplitter::setWindowCall { window: 0 }.abi_encode();
    let authority = RevenueSplitter::setAuthorityCall { newAuthority: dao.safe }.abi_encode();
    let upgrade = RevenueSplitter::upgradeToAndCallCall { newImplementation: dao.singleton, data: Bytes::new() };
    let closed = AccessManager::setTargetClosedCall { target: splitter, closed: true }.abi_encode();
    let moved = AccessManager::updateAuthorityCall { target: splitter, newAuthority: dao.safe }.abi_encode();
    let all = AccessManager::multicallCall { data: vec![grant(ADMIN_ROLE, dao.safe).into()] }.abi_encode();
    for (what, to, call) in [
        ("its date", manager, grant(RESPONDER_ROLE, dao.safe)),
        ("another responder", manager, grant(RESPONDER_ROLE, scene.stranger.account())),
        ("the council", manager, grant(COUNCIL_ROLE, dao.safe)),
        ("an admin", manager, grant(ADMIN_ROLE, dao.safe)),
        ("an admin in a batch", manager, all),
        ("a function", manager, role(splitter)),
        ("a function of the governor", manager, role(scene.governor)),
        ("a role's admin", manager, admin(RESPONDER_ROLE, RESPONDER_ROLE)),
        ("a grant delay", manager, delay),
        ("a closed target", manager, closed),
        ("another authority", manager, moved),
        ("another function at once", manager, dao.execute(&treasury)),
        ("another function later", manager, dao.schedule(&treasury)),
        ("an upgrade", manager, dao.schedule(&upgrade.abi_encode())),
        ("the splitter's authority", manager, dao.schedule(&authority)),
        ("a window that protects nobody", manager, dao.schedule(&window)),
        ("the list past the manager", splitter, disable(1)),
        ("the treasury past the manager", splitter, treasury.clone()),
    ] {
        dao.is_refused(what, to, &call).await?;
    }
    // Nor does a listed function of another target.
    let elsewhere = AccessManager::scheduleCall { target: scene.governor, data: disable(1).into(), when: U48::ZERO };
    dao.is_refused("another target", manager, &elsewhere.abi_encode()).await?;
    scene.site.verify().await?.ensure()
}

#[test]
fn a_list_that_makes_no_sense_is_refused_by_its_line() -> Result<()> {
    let text = |access: &str, guardians: &str| -> Result<String> {
        file(&format!("{access}[safe]\n{}{}{guardians}", both(), splitter(2_000_000_000)))
    };
    let refused = |allowed: &str, guardians: &str| -> Result<String> {
        let text = text(&with_responders(2_000_000_000, allowed), guardians)?;
        let error = Config::parse(&text, "dao.toml").expect_err(allowed);
        let place = text.lines().position(|line| line.starts_with("allowed = ")).expect("the line") + 1;
        assert_eq!(error.place.map(|place| place.0), Some(place), "{error}");
        Ok(error.reason)
    };
    let entry = |contract: &str, function: &str| format!("{{ contract = \"{contract}\", function = \"{function}\" }}");
    let unknown = refused(&entry("granary", "open()"), "")?;
    assert_eq!(unknown, "this DAO has no contract \"granary\": correct it, or add its section");
    let own = refused(&entry("access-manager", "setTargetClosed(address,bool)"), "")?;
    assert!(own.starts_with("the access manager's own functions do not follow its table"), "{own}");
    let cancel = refused(&entry("governor", Governor::cancel_1Call::SIGNATURE), "")?;
    assert_eq!(cancel, "cancel(uint256) is the council's: make the responders members of `council` too");
    let other = refused(&entry("timelock", "updateDelay(uint256)"), "")?;
    assert!(
        other.ends_with(
            "is no function of the timelock that the table decides about; these can be listed: there is none"
        ),
        "{other}"
    );
    let missing = refused(&entry("revenue-splitter", "disableEpoch(uint256)"), "")?;
    let listable = format!("can be listed: {}, disableEpoch(uint32)", RevenueSplitter::publishEpochCall::SIGNATURE);
    assert!(missing.ends_with(&listable), "{missing}");
    let reserved = refused(&entry("revenue-splitter", "setWindow(uint32)"), "")?;
    assert!(reserved.starts_with("setWindow(uint32) is always for the DAO's decisions: "), "{reserved}");
    let upgrade = refused(&entry("revenue-splitter", "upgradeToAndCall(address,bytes)"), "")?;
    assert!(upgrade.ends_with("replaces all of the revenue splitter: only a vote may do that"), "{upgrade}");
    let guardians = "guardians = [{ safe = \"council\", until = 2040-01-01 }]\n";
    let taken = refused(&entry("revenue-splitter", "disableEpoch(uint32)"), guardians)?;
    assert!(taken.starts_with("disableEpoch(uint32) is for \"guardians\": "), "{taken}");
    assert_eq!(refused(&format!("{ALLOWED}, {ALLOWED}"), "")?, "disableEpoch(uint32) is listed twice");
    assert_eq!(refused("", "")?, "`allowed` is empty: name a function, or leave out `responders`");

    let alone = |line: &str| -> Result<String> {
        Ok(Config::parse(&text(&format!("{}{line}", access(2_000_000_000)), "")?, "dao.toml").expect_err(line).reason)
    };
    assert_eq!(alone(&format!("allowed = [{ALLOWED}]\n"))?, "`allowed` is for `responders`: add them");
    let lonely = alone("responders = [{ safe = \"responders\" }]\n")?;
    assert_eq!(lonely, "`responders` may call what `allowed` says: add it");
    let slow = alone(&format!("responders = [{{ safe = \"responders\", delay = 120 }}]\nallowed = [{ALLOWED}]\n"))?;
    assert!(slow.starts_with("a member's delay is not shorter than the timelock's, 120 seconds"), "{slow}");

    // A Safe that needs no more signatures than the council is noted.
    let easy = both().replace(&format!("threshold = {OWNERS}"), &format!("threshold = {THRESHOLD}"));
    let text = file(&format!("{}[safe]\n{easy}{}", with_responders(2_000_000_000, ALLOWED), splitter(2_000_000_000)))?;
    let notes = Config::parse(&text, "dao.toml")?.notes();
    assert!(notes.iter().any(|note| note.ends_with("give what changes more the larger threshold")), "{notes:?}");
    Ok(())
}
