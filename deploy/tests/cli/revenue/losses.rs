//! A token that has lost value: nobody takes a loss without saying so, and what was given up is told.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::RevenueSplitter as S;
use eyre::Result;
use harness::chain::Account;
use harness::peers;
use serde_json::json;

use super::scene::*;
use crate::consent::scene::told;
use crate::refusal;

alloy::sol! {
    /// What a wild token is told.
    interface Wild {
        function mint(address to, uint256 amount) external;
        function rebase(uint256 percent) external;
        function be(uint8 mood) external;
    }
}

/// The mood in which `balanceOf` reverts.
const BLIND: u8 = 13;
/// The mood in which the token does what it should.
const PLAIN: u8 = 0;

impl Scene {
    /// A token of which 10,000 were paid. Anybody may take it of anybody.
    async fn wild(&self) -> Result<Address> {
        let token = peers::create(&self.records.chain, "WildToken", &[]).await?;
        self.tells(token, Wild::mintCall { to: self.payer.address(), amount: U256::from(1_000_000) }).await?;
        let source = S::Source { dataClass: 8, licence: Default::default(), request: Default::default() };
        self.tells(self.at, S::payCall { token, amount: U256::from(10_000), source }).await?;
        Ok(token)
    }

    /// The payer calls a contract.
    async fn tells(&self, to: Address, call: impl SolCall) -> Result<()> {
        assert!(self.payer.send(to, call.abi_encode()).await?.status());
        Ok(())
    }

    /// What a command that fails prints, and its error.
    #[track_caller]
    fn fails(&self, by: &Account, words: &[&str]) -> (String, String) {
        let output = self.runs(by, words);
        (told(&output), refusal(output))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payee_is_paid_at_a_loss_only_if_it_says_so() -> Result<()> {
    let scene = Scene::start().await?;
    let token = scene.wild().await?;
    scene.tells(token, Wild::rebaseCall { percent: U256::from(80) }).await?;
    let (of, anna, ben) = (token.to_string(), scene.anna.address(), scene.ben.address());

    // Neither for itself nor for another one.
    let (said, error) = scene.fails(&scene.anna, &["release", "--all", "--token", &of]);
    let loss = format!("NOT PAID  {anna}: the splitter has less of {token} than it owes: {anna} would be paid less");
    assert!(said.contains(&loss) && said.contains("or give --at-a-loss"), "{said}");
    assert!(said.contains(&format!("NOT PAID  {ben}: the splitter has less of {token} than it owes: wait")), "{said}");
    assert_eq!(error, "error: 2 of 2 payees were not paid: the lines above say why");
    assert_eq!((scene.has(token, anna).await?, scene.has(token, scene.at).await?), (0, 8_000));
    let (said, _) = scene.fails(&scene.ben, &["release", "--payee", &anna.to_string(), "--token", &of, "--at-a-loss"]);
    assert!(said.contains("(SplitterShort)"), "{said}");

    let paid = scene.does(&scene.anna, &["release", "--payee", &anna.to_string(), "--token", &of, "--at-a-loss"]);
    assert_eq!((&paid["payees"][0]["paid"], &paid["payees"][0]["lost"]), (&json!("4800"), &json!("1200")));
    let words = scene.says(&scene.ben, &["release", "--payee", &ben.to_string(), "--token", &of, "--at-a-loss"]);
    let expected = format!("paid 2400 units of {token} to {ben}, and 600 units of {token} were given up: ");
    assert!(words.starts_with(&expected), "{words}");
    assert_eq!((scene.has(token, anna).await?, scene.has(token, ben).await?), (4_800, 2_400));

    // A statement tells the one from the other.
    let found = scene.does(&scene.payer, &["statement", &anna.to_string(), "--token", &of]);
    let found = &found["tokens"][0];
    assert_eq!((&found["earned"], &found["released"]), (&json!("6000"), &json!("4800")));
    assert_eq!((&found["lost"], &found["due"], &found["short"]), (&json!("1200"), &json!("0"), &json!("0")));
    let words = scene.says(&scene.payer, &["statement", &anna.to_string(), "--token", &of]);
    assert!(words.contains("of which 4800 were paid, 1200 were given up and 0 are due"), "{words}");
    Ok(())
}

/// A token that does not answer keeps no other from being told.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_cannot_be_read_is_told() -> Result<()> {
    let scene = Scene::start().await?;
    let token = scene.wild().await?;
    let anna = scene.anna.address().to_string();
    let _ = scene.does(&scene.payer, &["pay", "10", "--class", "8"]);
    scene.tells(token, Wild::beCall { mood: BLIND }).await?;
    let found = scene.does(&scene.payer, &["statement", &anna]);
    assert_eq!((&found["tokens"][0]["earned"], &found["unreadable"]), (&json!("6"), &json!([token])));
    assert_eq!(found["tokens"].as_array().map(Vec::len), Some(1));
    let words = scene.says(&scene.payer, &["statement", &anna]);
    assert!(words.contains("earned 6 wei") && words.contains(&format!("\nthe token {token}: it does not")), "{words}");
    scene.tells(token, Wild::beCall { mood: PLAIN }).await?;
    let found = scene.does(&scene.payer, &["statement", &anna]);
    assert_eq!((&found["tokens"][1]["earned"], &found["unreadable"]), (&json!("6000"), &json!([])));
    Ok(())
}

/// Anybody pays in a token that answers each question otherwise. It keeps no other from being told.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_contradicts_itself_is_told() -> Result<()> {
    let scene = Scene::start().await?;
    let token = peers::create(&scene.records.chain, "UnsteadyToken", &[]).await?;
    let source = S::Source { dataClass: 8, licence: Default::default(), request: Default::default() };
    scene.tells(scene.at, S::payCall { token, amount: U256::from(10_000), source }).await?;
    let _ = scene.does(&scene.payer, &["pay", "10", "--class", "8"]);
    let anna = scene.anna.address().to_string();
    let found = scene.does(&scene.payer, &["statement", &anna]);
    assert_eq!(found["contradicts"][0]["token"], json!(token), "{found}");
    assert_eq!((&found["tokens"][0]["earned"], found["tokens"].as_array().map(Vec::len)), (&json!("6"), Some(1)));
    let words = scene.says(&scene.payer, &["statement", &anna]);
    let told = format!("\nthe token {token}: its numbers contradict each other, so nothing is said of it: ");
    assert!(words.contains("earned 6 wei") && words.contains(&told), "{words}");
    // Whoever asks for it gets an error.
    let (_, error) = scene.fails(&scene.payer, &["statement", &anna, "--token", &token.to_string()]);
    assert!(error.ends_with(&format!("of the token {token}: ask another node")), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_an_epoch_is_taken_at_a_loss_only_by_who_says_so() -> Result<()> {
    let scene = Scene::start().await?;
    scene.with_publisher().await?;
    let token = scene.wild().await?;
    let people = [&scene.anna, &scene.ben, &scene.payer].map(Account::address);
    let rows = [(400, ""), (300, "yes"), (300, "")];
    let rows = people.iter().zip(rows).map(|(who, (amount, alone))| format!("{who},{amount},{alone}"));
    let rows: Vec<_> = rows.collect();
    let folder = scene.built("epoch", &rows, &["--token", &token.to_string()]);
    let number = scene.opened(&folder).await?;
    scene.tells(token, Wild::rebaseCall { percent: U256::from(80) }).await?;
    let [anna, ben, payer] = people.map(|who| who.to_string());
    let with = |more: &[&str]| -> Vec<String> {
        let words = [&["claim", folder.as_str(), "--number", &number], more].concat();
        words.into_iter().map(str::to_owned).collect()
    };
    let fails = |by: &Account, more: &[&str]| {
        let words = with(more);
        scene.fails(by, &words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let does = |by: &Account, more: &[&str]| {
        let words = with(more);
        scene.does(by, &words.iter().map(String::as_str).collect::<Vec<_>>())
    };

    let would = |who: &str| format!("the splitter has less of {token} than it owes: {who} would be paid less");
    for (by, who) in [(&scene.anna, &anna), (&scene.ben, &ben)] {
        let (_, error) = fails(by, &["--payee", who]);
        assert!(error.contains(&would(who)), "{error}");
    }
    let (said, error) = fails(&scene.anna, &["--payee", &[anna.as_str(), &payer].join(",")]);
    assert!(said.contains(&format!("NOT PAID  {anna}: {}", would(&anna))), "{said}");
    assert!(said.contains(&format!("NOT PAID  {payer}: ")) && error.contains("2 of 2 payees"), "{said}{error}");
    assert_eq!(scene.has(token, people[0]).await?, 0);

    let paid = does(&scene.anna, &["--payee", &anna, "--at-a-loss"]);
    assert_eq!((&paid["paid"], &paid["lost"]), (&json!("320"), &json!("80")));

    // By a signature: only one that names who brings it, and only if that one agrees.
    let to = Address::repeat_byte(0xb1);
    let signed = ["--payee", &ben, "--to", &to.to_string()].map(str::to_owned);
    let signed: Vec<_> = signed.iter().map(String::as_str).collect();
    let (_, error) = fails(&scene.ben, &signed);
    assert!(error.contains("by a signature that names who brings it (SplitterShort)"), "{error}");
    let (_, error) = fails(&scene.ben, &[&signed[..], &["--relayer", &ben]].concat());
    assert!(error.contains(&would(&ben)), "{error}");
    let (_, error) = fails(&scene.ben, &[&signed[..], &["--relayer", &anna, "--at-a-loss"]].concat());
    assert!(error.contains(&format!("only {anna} may bring this message")), "{error}");
    let challenge = ["--at-a-loss", "--challenge", "--deadline", "2099-01-01"];
    let (_, error) = fails(&scene.ben, &[&signed[..], &challenge].concat());
    assert!(error.contains("give --relayer, the same twice"), "{error}");
    let paid = does(&scene.ben, &[&signed[..], &["--at-a-loss"]].concat());
    assert_eq!((&paid["paid"], &paid["lost"], scene.has(token, to).await?), (&json!("240"), &json!("60"), 240));

    // What was given up of an epoch is not what was given up of a table.
    let found = scene.does(&scene.payer, &["statement", &ben, "--token", &token.to_string()]);
    let found = &found["tokens"][0];
    assert_eq!((&found["claims"][0]["amount"], &found["claims"][0]["lost"]), (&json!("240"), &json!("60")));
    assert_eq!((&found["released"], &found["lost"], &found["due"]), (&json!("0"), &json!("0"), &json!("2400")));
    Ok(())
}
