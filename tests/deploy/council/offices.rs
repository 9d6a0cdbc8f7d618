//! Offices of a part that the library does not know: rows of the access manager's table, from the founding on.

use alloy::sol_types::SolCall;
use consilium_bindings::AccessManager;
use consilium_deploy::{Artifacts, Config, Part, parts};
use eyre::Result;

use super::scene::{PROXIED, Scene, TERM, account, file, section};
use crate::fourth::{Example, Fourth, OFFICER, PLAIN};
use crate::setup::Site;

const PUSH: [u8; 4] = Example::pushCall::SELECTOR;
const LATEST: [u8; 4] = Example::latestCall::SELECTOR;

/// The settings of a DAO with a council and the part.
fn config(part: &'static Fourth) -> Result<Config> {
    let [member, slow] = ["member", "slow member"].map(account);
    let text = file(&section(member, slow, "2040-01-01"))? + "\n[components-example]\nlevel = 3\n";
    let all: Vec<&'static dyn Part> = [parts::ALL, &[part]].concat();
    Ok(Config::parse_with(&text, "dao.toml", &all)?)
}

#[tokio::test]
async fn an_office_of_a_part_is_founded_proven_and_named_when_the_dao_changes_it() -> Result<()> {
    static PART: Fourth = Fourth { offices: &[(77, "pusher", &[PUSH])], ..PROXIED };
    let mut site = Site::new()?;
    site.config = config(&PART)?;
    site.config.token_mut().holders[0].address = account("voter");
    site.artifacts = Artifacts::load(harness::deploy::programs(), &site.config)?;
    assert_eq!(site.config.notes().len(), 1, "{:?}", site.config.notes());
    let scene = Scene::found(site, TERM).await?;
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let answer = |subject: &str| proof.checks.iter().find(|check| check.subject == subject).map(|check| &*check.found);
    let found = answer("members of the role of \"pusher\"").expect("a fact");
    assert_eq!(found, format!("{OFFICER} (after 7 seconds, for ever)"));
    let functions = answer("functions with a role in the access manager").expect("a fact");
    assert!(functions.contains(" for role 77"), "{functions}");
    let asks = |account, answer: &str| {
        let start = format!("access_manager.canCall({account}, components-example, ");
        proof.checks.iter().any(|check| check.subject.starts_with(&start) && check.found == answer)
    };
    assert!(asks(OFFICER, "after 7 seconds") && asks(account("member"), "never"), "{proof}");

    let revoke = AccessManager::revokeRoleCall { roleId: 77, account: OFFICER };
    scene.decide("nobody pushes", scene.manager, revoke.abi_encode()).await?;
    let failures: Vec<String> = scene.site.verify().await?.failures().map(ToString::to_string).collect();
    assert_eq!(failures.len(), 3, "{failures:?}");
    assert!(failures[0].starts_with("members of the role of \"pusher\" is nobody, not "), "{failures:?}");
    assert!(failures[1].ends_with(" is never, not after 7 seconds"), "{failures:?}");
    assert_eq!(failures[2], "access_manager.table: how often it was changed since the founding is 1, not 0");
    Ok(())
}

#[test]
fn an_office_has_a_role_to_itself_and_a_function_one_office() -> Result<()> {
    static ADMIN: Fourth = Fourth { offices: &[(0, "king", &[PUSH])], ..PROXIED };
    static COUNCIL: Fourth = Fourth { offices: &[(1, "king", &[PUSH])], ..PROXIED };
    static PUBLIC: Fourth = Fourth { offices: &[(u64::MAX, "king", &[PUSH])], ..PROXIED };
    static TWICE: Fourth = Fourth { offices: &[(7, "king", &[PUSH]), (7, "queen", &[LATEST])], ..PROXIED };
    static SHARED: Fourth = Fourth { offices: &[(7, "king", &[PUSH]), (8, "queen", &[PUSH])], ..PROXIED };
    static HOLDER: Fourth = Fourth { offices: &[(7, "king", &[PUSH])], holds: &[7, 8], ..PROXIED };
    for (part, reason) in [
        (&HOLDER, "the components example is to hold role 8, which is no office of this DAO"),
        (&ADMIN, "role 0 is no role for the office \"king\" of the components example"),
        (&COUNCIL, "role 1 is no role for the office \"king\" of the components example"),
        (&PUBLIC, "role 18446744073709551615 is no role for the office \"king\" of the components example"),
        (&TWICE, "the offices \"king\" and \"queen\" have one role, 7"),
        (&SHARED, "the components example gives a function to two offices"),
    ] {
        let error = config(part).expect_err(reason).to_string();
        assert!(error.ends_with(reason), "{error}");
    }
    static ALONE: Fourth = Fourth { offices: &[(7, "king", &[PUSH])], ..PLAIN };
    let devnet = std::fs::read_to_string(harness::root().join("deploy/config/devnet.toml"))?;
    let text = devnet + "\n[components-example]\nlevel = 3\n";
    let all: Vec<&'static dyn Part> = [parts::ALL, &[&ALONE]].concat();
    let error = Config::parse_with(&text, "dao.toml", &all).expect_err("no table").to_string();
    assert!(error.ends_with("there is no access manager, in whose table offices are: add its section"), "{error}");
    Ok(())
}
