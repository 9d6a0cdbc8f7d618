//! `consilium permissions` by addresses: of which kind a contract is, whether it can be called, and which holders have
//! code.

use alloy::primitives::{Address, B256, Bytes};
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::AccessManager;
use consilium_deploy::config::moment::Moment;
use consilium_deploy::parts::access_manager::COUNCIL_ROLE;
use consilium_deploy::{CREATE2_FACTORY, Party, init_code, parts, permissions, permissions_of};
use eyre::Result;
use harness::peers::Peer;
use serde_json::json;

use super::scene::Scene;

/// The refusal of an address that is named as a contract of a kind.
async fn refused(scene: &Scene, name: &str, address: Address) -> Result<String> {
    let named = [(name.to_owned(), address)];
    Ok(format!("{:#}", permissions_of(&scene.site.chain().await?, &named, parts::ALL).await.expect_err(name)))
}

#[tokio::test]
async fn a_contract_of_another_kind_is_told_which_it_is() -> Result<()> {
    let scene = Scene::new().await?;
    let token = scene.site.plan().of("voting-token").address;
    let all = [
        ("timelock", "a timelock", scene.timelock),
        ("voting-token", "a voting token", token),
        ("governor", "a governor", scene.governor),
        ("access-manager", "an access manager", scene.manager),
    ];
    for (name, kind, _) in all {
        for (other, is, address) in all.into_iter().filter(|(other, ..)| *other != name) {
            let said = format!(
                "what stands at {address} does not answer as {kind}, but as {is}: write --contract {other}={address}, or correct \
                 the address"
            );
            assert_eq!(refused(&scene, name, address).await?, said);
        }
    }
    // OpenZeppelin's, whose grants have no end.
    let creation = Peer::load("PeerAccessManager")?.init_code(&scene.timelock.abi_encode());
    scene.send(&scene.voter, CREATE2_FACTORY, [&[0; 32], &creation[..]].concat()).await?;
    let peer = CREATE2_FACTORY.create2_from_code(B256::ZERO, &creation);
    let error = refused(&scene, "access-manager", peer).await?;
    let start = format!("what stands at {peer} does not answer as an access manager of Consilium (getGrantEnd(");
    assert!(error.starts_with(&start) && error.ends_with("): correct the address"), "{error}");
    // One that answers every call with the number of PUBLIC_ROLE, and so is no access manager of Consilium.
    let code = alloy::primitives::hex!("67ffffffffffffffff5f5260205ff3");
    let creation = init_code(&code);
    scene.send(&scene.voter, CREATE2_FACTORY, [&[0; 32], &creation[..]].concat()).await?;
    let parrot = CREATE2_FACTORY.create2_from_code(B256::ZERO, &creation);
    let error = refused(&scene, "access-manager", parrot).await?;
    let start = format!("what stands at {parrot} does not answer as an access manager");
    assert!(error.starts_with(&start) && error.contains("its ADMIN_ROLE is 18446744073709551615"), "{error}");
    Ok(())
}

/// A program that has expired answers nothing: what helps is named, by either form of the command.
#[tokio::test]
async fn expired_programs_are_told_with_what_renews_them() -> Result<()> {
    let scene = Scene::new().await?;
    scene.site.pass(400).await?;
    let (chain, site) = (scene.site.chain().await?, &scene.site);
    let by_file = permissions(&chain, &site.config, &site.artifacts).await.expect_err("expired");
    for (name, error) in
        [("timelock", format!("{by_file:#}")), ("governor", refused(&scene, "governor", scene.governor).await?)]
    {
        assert!(error.starts_with(&format!("the program of the {name} at 0x")), "{error}");
        assert!(error.contains("cannot be called (") && error.contains("run `consilium renew`"), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn holders_with_code_are_marked_and_long_labels_are_cut() -> Result<()> {
    let scene = Scene::new().await?;
    let grant = AccessManager::grantRoleCall { roleId: COUNCIL_ROLE, account: CREATE2_FACTORY, executionDelay: 0 };
    let label = AccessManager::labelRoleCall { roleId: COUNCIL_ROLE, label: "\u{1b}[2Jcouncil ".repeat(200) };
    let data: Vec<Bytes> = vec![grant.abi_encode().into(), label.abi_encode().into()];
    scene.decide("a Safe", scene.manager, AccessManager::multicallCall { data }.abi_encode()).await?;
    let found = permissions(&scene.site.chain().await?, &scene.site.config, &scene.site.artifacts).await?;
    let holds = |party: Party| found.powers.iter().any(|power| power.holder == party);
    assert!(holds(Party::AccountWithCode(CREATE2_FACTORY)) && holds(Party::Account(scene.member.account())), "{found}");
    assert!(
        !holds(Party::Account(CREATE2_FACTORY)) && !holds(Party::AccountWithCode(scene.member.account())),
        "{found}"
    );

    let table = found.to_string();
    assert!(table.contains(&format!("{CREATE2_FACTORY} (has code)")), "{table}");
    assert!(table.contains("note: an account that has code is a contract, as a Safe is: "), "{table}");
    assert!(!table.contains('\u{1b}') && table.contains("…\""), "{table}");
    for row in table.lines().filter(|row| !row.starts_with("note: ")) {
        assert!(row.chars().count() < 260, "{row}");
    }
    let json = serde_json::to_value(&found)?;
    let powers = json["powers"].as_array().expect("powers");
    let holder = json!({ "accountWithCode": CREATE2_FACTORY.to_string().to_lowercase() });
    assert!(powers.iter().any(|power| power["holder"] == holder), "{json}");
    // The number and the date, and no other form.
    let until = json!({ "seconds": scene.until, "date": Moment(scene.until).to_string() });
    assert!(powers.iter().any(|power| power["until"] == until), "{json}");
    assert!(powers.iter().all(|power| power["until"].is_null() || power["until"].is_object()), "{json}");
    Ok(())
}
