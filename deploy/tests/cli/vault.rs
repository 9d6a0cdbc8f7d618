//! `consilium vault` on a chain that is upgraded: of two programs one waits for an activation, and the other is dead.

mod doubts;
mod silent;

use std::process::Output;

use alloy::primitives::{Address, U256, hex};
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use consilium_deploy::config::moment::Moment;
use consilium_deploy::vault::Vault;
use devnode::ArbosVersion;
use eyre::Result;
use harness::actor::{Actor, actors};
use harness::chain::{Account, Chain};
use harness::front;
use harness::raw_program::{self, LASTING, MORTAL};
use nitro::{ARB_OWNER, ARB_WASM, ArbOwner, ArbWasm};
use serde_json::{Value, json};

use crate::consent::scene::{Desk, done};
use crate::{consilium, refusal, run, run_by, unanswered};

const DAY: u64 = 86_400;

/// A vault, made by the command.
struct Scene {
    chain: Chain,
    anyone: Account,
    vault: Address,
    owner: Address,
    lasting: Address,
    mortal: Address,
    heir: Address,
}

impl Scene {
    async fn start() -> Result<Self> {
        let chain = Chain::start_with(ArbosVersion::V51)?;
        let (lasting, mortal) =
            (raw_program::deploy(&chain, LASTING).await?, raw_program::deploy(&chain, MORTAL).await?);
        let people = actors(&chain, 2).await?;
        let (owner, heir) = (people[0], people[1]);
        let anyone = chain.account("anyone").await?;
        let mut scene = Self { chain, anyone, vault: Address::ZERO, owner, lasting, mortal, heir };
        let output = scene.creates_it();
        let made: Value = crate::parsed(&done(&output));
        // It is told before it is sent what no DAO wants.
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let warnings = [
            format!("warning: the owner {owner} does not answer as a timelock: "),
            format!("warning: the owner {owner} is not among the programs: "),
            format!("warning: none of the programs is a governor whose timelock is {owner}: "),
        ];
        assert!(said.lines().zip(&warnings).all(|(line, warning)| line.starts_with(warning)), "{said}");
        assert!(said.lines().nth(3).is_some_and(|line| line.starts_with("sent 0x")), "{said}");
        assert_eq!(made["warnings"].as_array().map(Vec::len), Some(3));
        scene.vault = made["vault"].as_str().expect("an address").parse()?;
        Ok(scene)
    }

    /// Creates the scene's vault.
    fn creates_it(&self) -> Output {
        let [owner, heir] = [self.owner, self.heir].map(|address| address.to_string());
        let programs = format!("{},{}", self.lasting, self.mortal);
        let terms = ["--death-days", "14", "--escape-days", "14", "--reports", "3"];
        self.creates(&[&["--owner", &owner, "--program", &programs, "--heir", &heir][..], &terms].concat())
    }

    fn creates(&self, words: &[&str]) -> Output {
        let mut command = consilium(&["vault", "create", "--json", "--rpc-url", &self.chain.url()]);
        command.args(words).env("CONSILIUM_PRIVATE_KEY", self.anyone.signer.to_bytes().to_string());
        tokio::task::block_in_place(|| run(command))
    }

    fn runs(&self, words: &[&str]) -> Output {
        run_by(&self.anyone, consilium(&[&["vault"], words].concat()), self.vault, &self.chain.url())
    }

    #[track_caller]
    fn does(&self, words: &[&str]) -> Value {
        crate::parsed(&done(&self.runs(&[words, &["--json"]].concat())))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_is_created_shown_and_reported_on_until_the_heir_may_escape() -> Result<()> {
    let scene = Scene::start().await?;
    let shown = done(&scene.runs(&["show"]));
    // As the other commands, it finds the contract in the record of the deployment.
    let desk = Desk::new();
    let record = |vault: Value| {
        let record = json!({
            "chainId": nitro::CHAIN_ID, "deployer": Address::ZERO, "complete": true, "founder": Address::ZERO,
            "contracts": {}, "vault": vault, "founding": null, "transactions": [], "settings": {},
        });
        let file = desk.file("412346.json", record.to_string());
        let mut command = consilium(&["vault", "show", "--records", &desk.path(""), "--rpc-url", &scene.chain.url()]);
        (file, tokio::task::block_in_place(|| command.output().expect("the command runs")))
    };
    assert_eq!(done(&record(json!(scene.vault)).1), shown);
    let (file, without) = record(Value::Null);
    assert_eq!(unanswered(without), format!("error: {file} names no vault: give --contract"));
    assert!(shown.contains("14 days, 3 reports at least") && shown.contains("20000000 gas"), "{shown}");
    assert_eq!(shown.matches("active; nothing is reported").count(), 2, "{shown}");
    let told = done(&scene.runs(&["report"]));
    assert_eq!(told.matches("is alive").count(), 2, "{told}");

    scene.chain.upgrade_arbos().await?;
    let shown = done(&scene.runs(&["show"]));
    assert_eq!(shown.matches("inactive, ").count(), 2, "{shown}");
    // The first report brings the one back, and says that it could not bring back the other.
    let told = scene.does(&["report"]);
    assert_eq!((&told["programs"][0]["alive"], &told["programs"][1]["alive"]), (&true.into(), &false.into()), "{told}");
    assert_eq!(told["programs"][1]["reportAgainBy"], scene.chain.now().await? + 7 * DAY);
    let mortal = scene.mortal.to_string();
    let why = done_or(&scene.runs(&["report", "--program", &mortal]));
    assert!(why.contains("the program was reported within a day"), "{why}");
    let early = refusal(scene.runs(&["escape", "--program", &mortal]));
    assert!(early.ends_with("is not confirmed"), "{early}");

    for _ in 0..3 {
        scene.chain.advance(5 * DAY).await?;
        let told = done(&scene.runs(&["report", "--program", &mortal]));
        assert!(told.contains("CANNOT BE ACTIVATED"), "{told}");
    }
    let shown = scene.does(&["show"]);
    let from = shown["programs"][1]["escapableFrom"].as_u64().expect("it is confirmed");
    assert_eq!(from, scene.chain.now().await? + 14 * DAY);
    assert!(done(&scene.runs(&["show"])).contains("DEATH CONFIRMED"));
    let call = scene.does(&["escape", "--program", &mortal]);
    assert_eq!(call["from"], scene.heir.to_string().to_lowercase());
    let data = alloy::primitives::hex::encode_prefixed(Vault::escapeCall { program: scene.mortal }.abi_encode());
    assert_eq!((&call["data"], &call["notBefore"]), (&data.into(), &from.into()));
    Ok(())
}

/// A week and a second of silence voids everything, also where a timer reports once a week.
#[tokio::test(flavor = "multi_thread")]
async fn reports_that_came_too_late_are_told_as_void() -> Result<()> {
    let scene = Scene::start().await?;
    scene.chain.upgrade_arbos().await?;
    let mortal = scene.mortal.to_string();
    let report = ["report", "--program", mortal.as_str()];
    let first = done(&scene.runs(&report));
    let now = scene.chain.now().await?;
    let by = Moment(now + 7 * DAY).to_string();
    assert!(first.contains(&format!("; report again by {by}, or all are void")) && !first.contains("VOID"), "{first}");
    assert!(done(&scene.runs(&["show"])).contains(&format!("; report again by {by}, or all are void")));
    scene.chain.advance(7 * DAY).await?;
    let told = scene.does(&report);
    assert_eq!((&told["programs"][0]["reports"], &told["programs"][0]["void"]), (&json!(2), &Value::Null), "{told}");

    let last = scene.chain.now().await?;
    scene.chain.advance(7 * DAY + 1).await?;
    let void = format!("; earlier reports are VOID (2, the last at {}): ", Moment(last));
    let shown = done(&scene.runs(&["show"]));
    assert!(shown.contains(&format!("nothing is reported{void}")), "{shown}");
    let shown = scene.does(&["show"]);
    assert_eq!(shown["programs"][1]["void"]["reports"], 2, "{shown}");
    assert_eq!(shown["programs"][0]["void"], Value::Null, "{shown}");
    let told = done(&scene.runs(&report));
    assert!(told.contains("CANNOT BE ACTIVATED: report 1 since") && told.contains(&void), "{told}");
    assert!(done(&scene.runs(&["show"])).contains(&void));

    // What the owner voids is no silence.
    let call = Vault::executeCall { target: scene.heir, value: U256::ZERO, data: Default::default() };
    let act = Actor::actCall { target: scene.vault, value: U256::ZERO, data: call.abi_encode().into() };
    assert!(scene.chain.dev_account()?.send(scene.owner, act.abi_encode()).await?.status());
    assert!(!done(&scene.runs(&["show"])).contains("VOID"));
    Ok(())
}

/// Where an attempt has too little gas for an activation, it fails as that of a dead program.
#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_activated_is_not_reported_dead_for_too_little_gas() -> Result<()> {
    let scene = Scene::start().await?;
    scene.chain.upgrade_arbos().await?;
    let set = ArbOwner::setWasmActivationGasCall { gas: 20_000_000 }.abi_encode();
    assert!(scene.chain.dev_account()?.send(ARB_OWNER, set).await?.status());
    let told = done_or(&scene.runs(&["report"]));
    let (lasting, mortal) = told.trim().split_once('\n').expect("two lines");
    let refused = format!("{}  NOT REPORTED: an activation may take 25000000 gas on this chain now", scene.lasting);
    assert!(lasting.starts_with(&refused) && lasting.contains("run `consilium renew`"), "{told}");
    // What the chain refuses whatever it is offered is dead.
    assert!(mortal.starts_with(&format!("{}  CANNOT BE ACTIVATED: report 1 since", scene.mortal)), "{told}");
    // A tired node is no proof of that.
    let alter = |method: &str, params: &Value, _: &Value| {
        let is_its = params[0]["to"].as_str().is_some_and(|to| to.parse() == Ok(ARB_WASM));
        let is_activation =
            is_its && params[0].to_string().contains(&hex::encode(ArbWasm::activateProgramCall::SELECTOR));
        (method == "eth_call" && is_activation).then(|| front::error("busy"))
    };
    let url = front::node(scene.chain.url(), alter).await?;
    let words = ["vault", "report", "--program", &scene.lasting.to_string()];
    let told = done_or(&run_by(&scene.anyone, consilium(&words), scene.vault, &url));
    assert!(told.contains("NOT REPORTED: could not ask for the fee of an activation: busy"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_that_help_nobody_are_refused_before_anything_is_sent() -> Result<()> {
    let scene = Scene::start().await?;
    let [owner, program, heir] = [scene.owner, scene.lasting, scene.heir].map(|address| address.to_string());
    let creates = |words: &[&str]| {
        scene.creates(&[&["--owner", &owner, "--program", &program, "--heir", &heir][..], words].concat())
    };
    let before = scene.chain.dev.get_transaction_count(scene.anyone.address()).await?;
    for words in [
        ["--death-days", "13"],
        ["--death-days", "366"],
        ["--death-days", "49726"],
        ["--escape-days", "13"],
        ["--escape-days", "366"],
        ["--reports", "0"],
        ["--activation-gas", "9999999"],
    ] {
        assert_eq!(creates(&words).status.code(), Some(2), "{words:?}");
    }
    let error = refusal(creates(&["--activation-gas", "27000000"]));
    let words =
        "--activation-gas is too high: a report needs 27000000 gas and a fourth more, and a transaction can have";
    assert!(error.contains(words), "{error}");
    scene.chain.upgrade_arbos().await?;
    let set = ArbOwner::setWasmActivationGasCall { gas: 15_000_001 }.abi_encode();
    assert!(scene.chain.dev_account()?.send(ARB_OWNER, set).await?.status());
    let error = refusal(creates(&[]));
    assert!(error.contains("--activation-gas is too low: an activation may take 20000001 gas"), "{error}");
    assert_eq!(scene.chain.dev.get_transaction_count(scene.anyone.address()).await?, before);
    Ok(())
}

/// The address follows from the arguments, so a lost answer costs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_vault_is_created_once() -> Result<()> {
    let scene = Scene::start().await?;
    let account = scene.anyone.address();
    let before = scene.chain.dev.get_transaction_count(account).await?;
    let again: Value = crate::parsed(&done(&scene.creates_it()));
    assert_eq!((&again["vault"], &again["transaction"]), (&json!(scene.vault), &Value::Null));
    assert_eq!(scene.chain.dev.get_transaction_count(account).await?, before);

    // What its owner has changed is not what was asked for.
    let call = Vault::setProgramsCall { newPrograms: vec![scene.lasting] };
    let act = Actor::actCall { target: scene.vault, value: U256::ZERO, data: call.abi_encode().into() };
    assert!(scene.chain.dev_account()?.send(scene.owner, act.abi_encode()).await?.status());
    let output = scene.creates_it();
    let told = done_or(&output);
    assert!(told.contains("CHANGED: it was created so before"), "{told}");

    // Without a factory there is none, and nothing is sent.
    let nowhere = Address::repeat_byte(3).to_string();
    let [owner, program, heir] = [scene.owner, scene.lasting, scene.heir].map(|address| address.to_string());
    let words = ["--owner", &owner, "--program", &program, "--heir", &heir, "--factory", &nowhere];
    let error = refusal(scene.creates(&words));
    assert!(error.contains(&format!("there is no CREATE2 factory at {nowhere}")), "{error}");
    Ok(())
}

/// What a command said that failed.
fn done_or(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_arguments_are_refused_in_words() -> Result<()> {
    let scene = Scene::start().await?;
    let [owner, program, heir] = [scene.heir, scene.lasting, scene.vault].map(|address| address.to_string());
    let account = scene.anyone.address().to_string();
    for (owner, program, heir, days, words) in [
        (&account, &program, &heir, "30", "the owner is the DAO's timelock"),
        (&owner, &heir, &heir, "30", "there is no active Stylus program at"),
        (&owner, &program, &account, "30", "nothing was sent: the vault's heir 0x"),
        (&owner, &program, &program, "30", "nothing was sent: the vault's heir needs Stylus: "),
    ] {
        let output = scene.creates(&[
            "--owner",
            owner,
            "--program",
            program,
            "--heir",
            heir,
            "--death-days",
            days,
            "--reports",
            "2",
        ]);
        let error = refusal(output);
        assert!(error.contains(words), "{error}");
    }
    let elsewhere = scene.lasting;
    let output = run_by(&scene.anyone, consilium(&["vault", "show"]), elsewhere, &scene.chain.url());
    assert!(unanswered(output).contains("is no vault"));
    let stranger = scene.heir.to_string();
    let output = scene.runs(&["report", "--program", &stranger]);
    assert!(done_or(&output).contains("the vault does not watch"));
    Ok(())
}
