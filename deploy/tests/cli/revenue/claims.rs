//! Claims: one, many, by signature of a key and of a passkey, and what is refused.

use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use consilium_bindings::RevenueSplitter as S;
use consilium_deploy::config::moment::Moment;
use eyre::Result;

use super::scene::*;
use crate::consent::scene::{KEYSTORE_ACCOUNT, told};
use crate::passkey::Passkey;
use crate::{refusal, run_by};

/// Where passkeys are used.
const SITE: &str = "pay.example";

async fn ether(scene: &Scene, account: Address) -> Result<u64> {
    Ok(scene.records.chain.dev.get_balance(account).await?.to())
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_claims_for_payees_one_by_one_and_many_at_once() -> Result<()> {
    let scene = Scene::start().await?;
    scene.with_publisher().await?;
    scene.fund(1_000).await?;
    let people: Vec<_> = (1..=53_u8).map(Address::repeat_byte).collect();
    let rows: Vec<_> = people.iter().map(|payee| format!("{payee},{},", 10)).collect();
    let alone = scene.anna.address();
    let folder = scene.built("epoch", &[rows, vec![format!("{alone},70,yes")]].concat(), &[]);
    let published = scene.does(&scene.publisher, &["epoch", "publish", &folder, "--deadline", "+90d"]);
    let number = published["epoch"].to_string();
    let claim = |more: &[&str]| {
        let words = [&["claim", folder.as_str(), "--number", &number], more].concat();
        scene.runs(&scene.payer, &words)
    };
    let first = people[0].to_string();
    let error = refusal(claim(&["--payee", &first]));
    let opened = scene.reads(S::epochCall { number: 1 }).await?;
    let from = Moment(opened.claimableFrom.to());
    assert!(error.contains(&format!("epoch 1 is claimed from {from} on: until then it can be disabled")), "{error}");
    scene.records.chain.advance(u64::from(WINDOW) + 1).await?;

    let paid = scene.does(&scene.payer, &["claim", &folder, "--number", &number, "--payee", &first]);
    assert_eq!((paid["paid"].as_str(), ether(&scene, people[0]).await?), (Some("10"), 10));
    let error = refusal(claim(&["--payee", &first]));
    assert!(error.contains(&format!("the part of {first} was claimed: there is nothing to do")), "{error}");
    let error = refusal(claim(&["--payee", &Address::repeat_byte(99).to_string()]));
    assert!(error.contains("has no payee "), "{error}");
    let error = refusal(claim(&["--payee", &alone.to_string()]));
    assert!(error.contains(&format!("nobody but {alone} claims this: let it send, or sign")), "{error}");

    // Two transactions, and the one that is skipped is told; so is the first, which keeps nobody from being paid.
    let mut others: Vec<_> = people.iter().map(Address::to_string).collect();
    others.push(alone.to_string());
    let output = claim(&["--payee", &others.join(",")]);
    let text = told(&output);
    assert_eq!(text.lines().filter(|line| line.starts_with("paid 10 wei to 0x")).count(), 52, "{text}");
    assert_eq!(text.lines().filter(|line| line.contains(" gas, transaction 0x")).count(), 2, "{text}");
    assert!(text.contains(&format!("NOT PAID  {first}: the part of {first} was claimed: there is")), "{text}");
    assert!(text.contains(&format!("NOT PAID  {alone}: only {alone} itself claims this")), "{text}");
    assert_eq!(refusal(output), "error: 2 of 54 payees were not paid: the lines above say why");
    // Whoever was claimed for meanwhile, or is not listed, is told: here nobody is left, and nothing is sent.
    let stranger = Address::repeat_byte(99).to_string();
    let output = claim(&["--payee", &[first.as_str(), &stranger].join(","), "--json"]);
    let found: serde_json::Value = crate::parsed(&told(&output));
    let reason = |place: usize| found["payees"][place]["refused"].as_str().expect("a reason").to_owned();
    assert!(reason(0).contains("was claimed: there is nothing to do"), "{found}");
    assert!(reason(1).contains("has no payee ") && found["payees"][1]["transaction"].is_null(), "{found}");
    assert_eq!(refusal(output), "error: 2 of 2 payees were not paid: the lines above say why");
    for payee in &people {
        assert_eq!(ether(&scene, *payee).await?, 10);
    }
    // It sends by itself.
    let paid = scene.does(&scene.anna, &["claim", &folder, "--number", &number, "--payee", &alone.to_string()]);
    assert_eq!(paid["paid"], "70");
    let epoch = scene.reads(S::epochCall { number: 1 }).await?;
    assert_eq!(epoch.remaining, U256::ZERO);

    let error = refusal(scene.runs(&scene.payer, &["claim", &folder, "--number", "2", "--payee", &first]));
    assert!(error.contains("there is no epoch 2: correct the number"), "{error}");
    let other = scene.built("other", &[format!("{first},1,")], &[]);
    let error = refusal(scene.runs(&scene.payer, &["claim", &other, "--number", "1", "--payee", &first]));
    assert!(error.contains("epoch 1 was published from another folder: name that one"), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payee_signs_for_another_account() -> Result<()> {
    let scene = Scene::start().await?;
    scene.with_publisher().await?;
    scene.fund(1_000).await?;
    let key = Passkey::new(9);
    let payees = [scene.ben.address(), KEYSTORE_ACCOUNT.parse()?, key.account()];
    let rows = [(0, 100, ""), (1, 200, ""), (2, 300, "yes")];
    let rows = rows.map(|(who, amount, alone)| format!("{},{amount},{alone}", payees[who]));
    let folder = scene.built("epoch", &rows, &[]);
    let number = scene.opened(&folder).await?;
    let [ben, keystore, passkey] = payees.map(|payee| payee.to_string());
    let to = |byte| Address::repeat_byte(byte).to_string();
    let claim = |payee: &str, to: &str, more: &[&str]| -> Vec<String> {
        let words = ["claim", &folder, "--number", &number, "--payee", payee, "--to", to];
        [&words, more].concat().into_iter().map(str::to_owned).collect()
    };
    let does = |by, words: Vec<String>| scene.does(by, &words.iter().map(String::as_str).collect::<Vec<_>>());
    let refused =
        |by, words: Vec<String>| refusal(scene.runs(by, &words.iter().map(String::as_str).collect::<Vec<_>>()));

    // The key that sends is the payee's.
    let error = refused(&scene.payer, claim(&ben, &to(0xb1), &[]));
    assert!(error.contains(&format!("the key is that of {}, and {ben} has to sign", scene.payer.address())), "{error}");
    let paid = does(&scene.ben, claim(&ben, &to(0xb1), &[]));
    assert_eq!((paid["paid"].as_str(), ether(&scene, Address::repeat_byte(0xb1)).await?), (Some("100"), 100));

    // The payee's keystore signs, and another account sends.
    let [_, file, _, password] = scene.desk.keystore();
    let options = ["--payee-keystore", file.as_str(), "--payee-password-file", password.as_str()];
    // The password of the environment is that of the keystore that sends.
    let both = ["--keystore", file.as_str(), "--payee-keystore", file.as_str()];
    let words = claim(&keystore, &to(0xb2), &both);
    let mut command = super::revenue(&words.iter().map(String::as_str).collect::<Vec<_>>());
    command.env("CONSILIUM_KEYSTORE_PASSWORD", std::fs::read_to_string(&password)?.trim());
    let error = refusal(run_by(&scene.payer, command, scene.at, &scene.records.chain.url()));
    assert_eq!(error, "error: the password of the payee's keystore is not known: give --payee-password-file");
    let paid = does(&scene.payer, claim(&keystore, &to(0xb2), &options));
    assert_eq!((paid["paid"].as_str(), ether(&scene, Address::repeat_byte(0xb2)).await?), (Some("200"), 200));

    // A passkey signs a challenge.
    let deadline = (scene.records.chain.now().await? + 5_000).to_string();
    let until = ["--deadline", deadline.as_str()];
    let error = refused(&scene.payer, claim(&passkey, &to(0xb3), &["--challenge"]));
    assert!(error.contains("what a passkey signs has to be the same twice: give --deadline"), "{error}");
    let error = refused(&scene.payer, claim(&passkey, &to(0xb3), &["--deadline", "+1d", "--challenge"]));
    assert!(error.contains("+1d is another time in each run: give --deadline as seconds or a date"), "{error}");
    let asked = does(&scene.payer, claim(&passkey, &to(0xb3), &[&until[..], &["--challenge"]].concat()));
    assert!(asked["says"].as_str().expect("words").starts_with(&format!("claims 300 of {passkey} in epoch 1")));
    let made = key.asserts(&asked, SITE);
    let made = scene.desk.file("assertion.json", made);
    let signed = [&until[..], &["--assertion", &made]].concat();
    // To another account it is another message.
    let error = refused(&scene.payer, claim(&passkey, &to(0xb4), &signed));
    assert!(error.contains("the passkey's assertion: it is for another challenge"), "{error}");
    let paid = does(&scene.payer, claim(&passkey, &to(0xb3), &signed));
    assert_eq!((paid["paid"].as_str(), ether(&scene, Address::repeat_byte(0xb3)).await?), (Some("300"), 300));
    let stranger = Passkey::new(8);
    let folder = scene.built("next", &[format!("{passkey},1,yes")], &[]);
    let number = scene.opened(&folder).await?;
    let words = ["claim", &folder, "--number", &number, "--payee", &passkey, "--to", &to(0xb3), "--deadline", "+1d"];
    let later = (scene.records.chain.now().await? + 5_000).to_string();
    let words = [&words[..9], &[&later]].concat();
    let asked = scene.does(&scene.payer, &[&words[..], &["--challenge"]].concat());
    let made = stranger.asserts(&asked, SITE);
    let made = scene.desk.file("stranger.json", made);
    let error = refusal(scene.runs(&scene.payer, &[&words[..], &["--assertion", &made]].concat()));
    assert!(error.contains("the passkey is that of 0x") && error.ends_with(" has to sign"), "{error}");
    Ok(())
}
