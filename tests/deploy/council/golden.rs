//! What `consilium permissions` prints, as text and as JSON, before and after the DAO changed its table.

use std::fs;

use alloy::primitives::{B256, FixedBytes, aliases::U48};
use alloy::sol_types::SolCall;
use consilium_bindings::{AccessManager, Governor};
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
    ];
    let all = AccessManager::multicallCall { data: calls.into_iter().map(Into::into).collect() };
    scene.decide("change the table", scene.manager, all.abi_encode()).await?;
    let after = permissions(&chain, &scene.site.config, &scene.site.artifacts).await?;
    compare_both("changed", &after)
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
