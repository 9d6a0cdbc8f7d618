//! What `consilium permissions` prints, as text and as JSON, before and after the DAO changed its table.

use std::fs;

use alloy::primitives::{B256, FixedBytes, aliases::U48, keccak256};
use alloy::sol_types::SolCall;
use consilium_bindings::{AccessManager, Governor, Timelock};
use consilium_deploy::config::moment::Moment;
use consilium_deploy::parts::access_manager::COUNCIL_ROLE;
use consilium_deploy::{Permissions, parts, permissions, permissions_of};
use eyre::{Result, ensure};
use harness::root;

use super::scene::Scene;
use crate::setup::Site;

/// 2040-01-01T00:00:00Z: the same in every run.
const END: u64 = 2_208_988_800;

/// What is different in each run or with each build, made the same.
fn stable(text: &str, found: &Permissions) -> String {
    let mut text = text.to_owned();
    for (number, contract) in found.contracts.iter().enumerate() {
        for spelled in [contract.address.to_string(), contract.address.to_string().to_lowercase()] {
            text = text.replace(&spelled, &format!("0x{}", number.to_string().repeat(40)));
        }
    }
    text = text.replace(&found.time.to_string(), "2026-11-28T00:00:00Z");
    // A change of a grant delay waits five days from the block that has it, which is the last.
    text = text.replace(&Moment(found.time.0 + 5 * 86_400).to_string(), "2026-12-03T00:00:00Z");
    text = text.replace(&format!("\"seconds\": {},", found.time.0), "\"seconds\": 1795824000,");
    text = text.replace(&format!("block {},", found.block), "block 1,");
    text.replace(&format!("\"block\": {},", found.block), "\"block\": 1,")
}

/// Compares with a golden file. `CONSILIUM_WRITE_GOLDEN` writes it.
fn compare(name: &str, found: &str) -> Result<()> {
    let path = root().join("tests/deploy/council/golden").join(name);
    if std::env::var_os("CONSILIUM_WRITE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().expect("a folder"))?;
        fs::write(&path, found)?;
    }
    let golden = fs::read_to_string(&path)?;
    ensure!(golden == found, "{name} differs; with CONSILIUM_WRITE_GOLDEN=1 the test writes:\n{found}");
    Ok(())
}

fn compare_both(name: &str, found: &Permissions) -> Result<()> {
    compare(&format!("{name}.txt"), &stable(&found.to_string(), found))?;
    compare(&format!("{name}.json"), &(stable(&serde_json::to_string_pretty(found)?, found) + "\n"))
}

#[tokio::test]
async fn the_table_is_the_golden_one_before_and_after_changes() -> Result<()> {
    let mut site = Site::new()?;
    Scene::until(&mut site, END).await?;
    let scene = Scene::found(site, END).await?;
    let chain = scene.site.chain().await?;
    let before = permissions(&chain, &scene.site.config, &scene.site.artifacts).await?;
    compare_both("founded", &before)?;

    // From the governor's address alone, the same.
    let named = [("governor".to_owned(), scene.governor)];
    let by_address = permissions_of(&chain, &named, parts::ALL).await?;
    ensure!(by_address.powers == before.powers, "{by_address}");
    ensure!(by_address.notes.last().is_some_and(|note| note.contains("was not compared with the programs")));

    let calls = [
        AccessManager::labelRoleCall { roleId: COUNCIL_ROLE, label: "council\u{1b}[2J".to_owned() }.abi_encode(),
        AccessManager::setGrantDelayCall { roleId: COUNCIL_ROLE, newDelay: 86_400 }.abi_encode(),
        AccessManager::revokeRoleCall { roleId: COUNCIL_ROLE, account: scene.member.account() }.abi_encode(),
        AccessManager::grantRoleUntilCall {
            roleId: 7,
            account: scene.stranger.account(),
            executionDelay: 3_600,
            until: U48::from(END + 1),
        }
        .abi_encode(),
        AccessManager::setRoleGuardianCall { roleId: 7, guardian: COUNCIL_ROLE }.abi_encode(),
        AccessManager::setTargetFunctionRoleCall {
            target: scene.governor,
            selectors: vec![FixedBytes(Governor::relayCall::SELECTOR), FixedBytes([1, 2, 3, 4])],
            roleId: 7,
        }
        .abi_encode(),
        AccessManager::setTargetFunctionRoleCall {
            target: scene.stranger.account(),
            selectors: vec![FixedBytes([5, 6, 7, 8])],
            roleId: u64::MAX,
        }
        .abi_encode(),
        AccessManager::setTargetFunctionRoleCall {
            target: scene.member.account(),
            selectors: vec![FixedBytes([5, 6, 7, 8])],
            roleId: 7,
        }
        .abi_encode(),
        AccessManager::setTargetClosedCall { target: scene.member.account(), closed: true }.abi_encode(),
        AccessManager::setTargetFunctionRoleCall {
            target: scene.manager,
            selectors: vec![FixedBytes(AccessManager::grantRoleCall::SELECTOR)],
            roleId: 7,
        }
        .abi_encode(),
    ];
    let all = AccessManager::multicallCall { data: calls.into_iter().map(Into::into).collect() };
    scene.decide("change the table", scene.manager, all.abi_encode()).await?;
    let after = permissions(&chain, &scene.site.config, &scene.site.artifacts).await?;
    compare_both("changed", &after)
}

/// Nobody is said to stop what nobody can stop, and a vote is not said to be needed where it is not.
#[tokio::test]
async fn a_guardian_without_members_and_a_second_proposer_are_noted() -> Result<()> {
    let scene = Scene::new().await?;
    let chain = scene.site.chain().await?;
    let notes = async || -> Result<Vec<String>> {
        Ok(permissions(&chain, &scene.site.config, &scene.site.artifacts).await?.notes)
    };
    let gone = "nobody can cancel a proposal through the access manager now".to_owned();
    ensure!(!notes().await?.contains(&gone));
    let revoke = |account| AccessManager::revokeRoleCall { roleId: COUNCIL_ROLE, account }.abi_encode().into();
    let data = vec![revoke(scene.member.account()), revoke(scene.slow.account())];
    scene.decide("no council", scene.manager, AccessManager::multicallCall { data }.abi_encode()).await?;
    ensure!(notes().await?.contains(&gone), "{:?}", notes().await?);

    let proposer = scene.stranger.account();
    let grant = Timelock::grantRoleCall { role: keccak256("PROPOSER_ROLE"), account: proposer };
    scene.decide("a second proposer", scene.timelock, grant.abi_encode()).await?;
    let said = format!("{proposer} schedules in the timelock without a vote");
    ensure!(notes().await?.iter().any(|note| note.starts_with(&said)), "{:?}", notes().await?);
    Ok(())
}

/// Two DAOs on one chain: what the governor of one names is compared with what was named.
#[tokio::test]
async fn a_contract_of_another_dao_is_noted() -> Result<()> {
    let mut scene = Scene::new().await?;
    fs::remove_file(scene.site.file())?;
    scene.site.config.chain.salt = B256::repeat_byte(1);
    let other = scene.site.finish().await?.address("timelock")?;
    let named = [("governor".to_owned(), scene.governor), ("timelock".to_owned(), other)];
    let found = permissions_of(&scene.site.chain().await?, &named, parts::ALL).await?;
    let note = format!(
        "the governor names {0} as its timelock, which is not among these contracts: `--contract timelock={0}` reads it",
        scene.timelock
    );
    ensure!(found.notes.contains(&note), "{:?}", found.notes);
    ensure!(found.contracts.len() == 3, "the manager is found by the governor's guardian: {:?}", found.contracts);
    Ok(())
}
