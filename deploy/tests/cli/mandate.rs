//! `consilium mandate` as a holder, as a Safe's owner and as anybody runs it.

use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use alloy::primitives::{Address, U256, aliases::U48, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use consilium_bindings::{Construct, Mandate as M};
use eyre::Result;
use harness::chain::{Account, Chain};
use harness::{authority, deploy, front, peers};
use serde_json::{Value, json};

use crate::consent::scene::{done, told};
use crate::{consilium, refusal, run_by};

const EVERY: u32 = 10_000;
const PERIOD: u32 = 1_000;

/// Mandates of Anna, who spends 1,000 wei in each period and reports, and of an account that stands for a Safe.
struct Scene {
    chain: Chain,
    anna: Account,
    anyone: Account,
    safe: Account,
    at: Address,
    begun: u64,
}

impl Scene {
    async fn start() -> Result<Self> {
        let chain = Chain::start()?;
        let [anna, anyone, safe] =
            [chain.account("anna").await?, chain.account("anyone").await?, chain.account("safe").await?];
        let program = deploy::unconstructed(&chain, "mandate").await?;
        let begun = chain.now().await?;
        let mandate = |holder: &Account, reports: bool| M::InitialMandate {
            holder: holder.address(),
            until: U48::from(begun + 100_000),
            reportEvery: if reports { EVERY } else { 0 },
            firstReportBy: U48::from(if reports { begun + u64::from(EVERY) } else { 0 }),
        };
        let allowance = |holder: &Account| M::InitialAllowance {
            holder: holder.address(),
            token: Address::ZERO,
            limit: 1_000,
            period: PERIOD,
        };
        let call = M::constructorCall {
            initialAuthority: authority::letting(&chain, anyone.address()).await?,
            mandates: vec![mandate(&anna, true), mandate(&safe, false)],
            allowances: vec![allowance(&anna), allowance(&safe)],
        };
        let at = deploy::proxy(&chain, program, call.init_data()).await?;
        assert!(anyone.send_with(at, Vec::new(), 5_000).await?.status());
        Ok(Self { chain, anna, anyone, safe, at, begun })
    }

    fn runs(&self, by: &Account, words: &[&str]) -> Output {
        run_by(by, consilium(&[&["mandate"], words].concat()), self.at, &self.chain.url())
    }

    /// The same, which must succeed and print JSON.
    #[track_caller]
    fn does(&self, by: &Account, words: &[&str]) -> Value {
        crate::parsed(&done(&self.runs(by, &[words, &["--json"]].concat())))
    }

    /// The same, for people.
    #[track_caller]
    fn says(&self, by: &Account, words: &[&str]) -> String {
        done(&self.runs(by, words))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_pays_and_reports_and_everybody_sees_it() -> Result<()> {
    let scene = Scene::start().await?;
    let (anna, to) = (&scene.anna, Address::repeat_byte(0xbe).to_string());
    let refills = scene.begun + u64::from(PERIOD);
    let paid = scene.does(anna, &["spend", "400", "--to", &to]);
    assert_eq!((&paid["left"], &paid["refillsAt"]["seconds"]), (&json!("600"), &json!(refills)));
    assert!(paid["transaction"].is_string() && paid["gasUsed"].is_u64());
    let said = scene.says(anna, &["spend", "500", "--to", &to]);
    assert!(said.starts_with(&format!("paid 500 wei to {to}; 100 wei are left until ")), "{said}");
    let more = refusal(scene.runs(anna, &["spend", "101", "--to", &to]));
    let left = "100 wei left in this period: spend less, or wait until it is refilled (MandateExceeded)";
    assert_eq!(more, format!("error: {} has {left}", anna.address()));
    let none = refusal(scene.runs(&scene.anyone, &["spend", "1", "--to", &to]));
    assert!(none.contains("has no mandate, or it has ended"), "{none}");

    // Too early to count, then in time, from a file.
    let early = scene.says(anna, &["report", "--hash", &keccak256("a").to_string()]);
    assert!(early.contains("it moves no date: the next report is due by"), "{early}");
    scene.chain.advance_to(scene.begun + u64::from(EVERY) + 1).await?;
    let overdue = refusal(scene.runs(anna, &["spend", "1", "--to", &to]));
    assert!(overdue.contains("spends nothing until it reports"), "{overdue}");
    let shown = scene.does(anna, &["show"]);
    assert_eq!(shown["holders"][0]["overdue"], true);
    assert_eq!(shown["holders"][1]["due"], Value::Null);
    let logged = scene.does(&scene.anyone, &["overdue"]);
    assert_eq!(logged["logged"].as_array().expect("a list").len(), 1);
    assert_eq!(logged["logged"][0]["due"]["seconds"], scene.begun + u64::from(EVERY));
    let nothing = scene.says(&scene.anyone, &["overdue", "--holder", &anna.address().to_string()]);
    assert_eq!(nothing.trim(), "no report is overdue that is not logged yet");

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("report.md");
    std::fs::write(&file, "# Report\n")?;
    let filed = scene.does(anna, &["report", &file.display().to_string(), "--locator", "ipfs://report"]);
    assert_eq!(filed["hash"], json!(keccak256("# Report\n")));
    assert_eq!(filed["nextDue"]["seconds"], scene.begun + 2 * u64::from(EVERY));
    let shown = scene.says(anna, &["show", "--holder", &anna.address().to_string()]);
    for line in ["ether: 1000 of 1000 wei left until ", "its next report is due by "] {
        assert!(shown.contains(line), "{shown}");
    }
    let never = refusal(scene.runs(anna, &["show", "--holder", &to]));
    assert_eq!(never, format!("error: {to} never had a mandate"));
    Ok(())
}

/// The node took the transaction, and its answer was lost. A second payment would be paid, and a second report would cover
/// the interval that runs.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_to_be_looked_for_first() -> Result<()> {
    let scene = Scene::start().await?;
    let (anna, to) = (&scene.anna, Address::repeat_byte(0xbe).to_string());
    let hash = keccak256("a").to_string();
    let doubt = format!(
        ": look first whether a transaction of {} is in a block: a second run does it a second time",
        anna.address()
    );
    let (spend, report) = (["spend", "400", "--to", &to], ["report", "--hash", &hash]);
    // The report is late.
    for (at, words) in [(10, &spend[..]), (EVERY + 10, &report)] {
        scene.chain.advance_to(scene.begun + u64::from(at)).await?;
        let (account, dev) = (anna.address(), &scene.chain.dev);
        let before = dev.get_transaction_count(account).await?;
        let lost = |asked: &str, _: &Value, _: &Value| {
            (asked == "eth_sendRawTransaction").then(|| front::error("upstream timed out"))
        };
        let url = front::node(scene.chain.url(), lost).await?;
        let error = refusal(run_by(anna, consilium(&[&["mandate"], words].concat()), scene.at, &url));
        assert!(error.ends_with(&doubt), "{error}");
        // It was made.
        assert_eq!(dev.get_transaction_count(account).await?, before + 1);
    }
    // The next one is due.
    let error = refusal(scene.runs(anna, &report));
    let filed = format!("the last report of {} has this hash, so it was filed", anna.address());
    assert!(error.contains(&filed) && error.ends_with("add --again"), "{error}");
    let other = scene.does(anna, &["report", "--hash", &keccak256("b").to_string()]);
    assert_eq!(other["nextDue"]["seconds"], scene.begun + 3 * u64::from(EVERY));
    // Only the last one counts, and whoever means it says so.
    scene.does(anna, &report);
    scene.does(anna, &[&report[..], &["--again"]].concat());
    let safe = anna.address().to_string();
    let error = refusal(scene.runs(&scene.anyone, &[&report[..], &["--safe", &safe]].concat()));
    assert!(error.contains(&filed), "{error}");
    Ok(())
}

/// For a Safe nothing is sent: the call is tried as the Safe's, and printed for its owners.
#[tokio::test(flavor = "multi_thread")]
async fn a_safe_gets_the_call_that_its_owners_sign() -> Result<()> {
    let scene = Scene::start().await?;
    let (safe, to) = (scene.safe.address().to_string(), Address::repeat_byte(0xbe));
    let words = ["spend", "400", "--to", &to.to_string(), "--safe", &safe];
    let call = M::spendCall { token: Address::ZERO, to, amount: U256::from(400) }.abi_encode();
    let data = alloy::primitives::Bytes::from(call.clone());
    let printed = scene.does(&scene.anyone, &words);
    assert_eq!(printed, json!({ "safe": scene.safe.address(), "to": scene.at, "value": "0", "data": data }));
    let said = scene.says(&scene.anyone, &words);
    let command = format!("consilium safe propose --safe {safe} --to {} --data {data} --out FILE", scene.at);
    assert!(said.starts_with("nothing was sent: ") && said.contains(&command), "{said}");
    assert!(scene.safe.send(scene.at, call).await?.status());
    let more = refusal(scene.runs(&scene.anyone, &["spend", "601", "--to", &to.to_string(), "--safe", &safe]));
    assert!(more.contains("600 wei left in this period"), "{more}");
    let none = refusal(scene.runs(&scene.anyone, &["report", "--hash", &keccak256("a").to_string(), "--safe", &safe]));
    assert!(none.contains("owes no report"), "{none}");
    Ok(())
}

/// The command ends with an error where more is left than one run logs, or where the node falls silent. What it logged
/// until then is told.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_logged_is_told_though_more_is_left() -> Result<()> {
    let scene = Scene::start().await?;
    // Dates at 10,000, 20,000 and so on until 100,000, which is the end.
    scene.chain.advance_to(scene.begun + 200_000).await?;
    let sent = AtomicUsize::new(0);
    let tired = move |asked: &str, _: &Value, _: &Value| {
        let is_third = asked == "eth_sendRawTransaction" && sent.fetch_add(1, Ordering::Relaxed) == 2;
        is_third.then(|| front::error("too many requests"))
    };
    let url = front::node(scene.chain.url(), tired).await?;
    let output = run_by(&scene.anyone, consilium(&["mandate", "overdue"]), scene.at, &url);
    assert_eq!(told(&output).matches("did not report by").count(), 2, "{output:?}");
    assert!(refusal(output).ends_with("too many requests"));
    // The third one was taken as well.
    let rest = scene.does(&scene.anyone, &["overdue"]);
    assert_eq!(rest["logged"].as_array().expect("a list").len(), 7, "{rest}");
    Ok(())
}

/// A date after the end is not due, so it is not told as the next one.
#[tokio::test(flavor = "multi_thread")]
async fn after_the_last_report_of_a_mandate_no_other_is_due() -> Result<()> {
    let scene = Scene::start().await?;
    let (anna, hash) = (&scene.anna, |word: &str| keccak256(word).to_string());
    scene.chain.advance_to(scene.begun + 99_000).await?;
    let last = scene.does(anna, &["report", "--hash", &hash("a")]);
    assert_eq!(last["nextDue"]["seconds"], scene.begun + 100_000, "{last}");
    let none = scene.says(anna, &["report", "--hash", &hash("b")]);
    assert!(none.contains("; no other report is due until the mandate ends\n"), "{none}");
    assert!(scene.says(anna, &["show"]).contains("it owes no report"));
    let none = scene.does(anna, &["report", "--hash", &hash("c")]);
    assert_eq!(none["nextDue"], Value::Null);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_contract_is_refused() -> Result<()> {
    let mut scene = Scene::start().await?;
    scene.at = peers::create(&scene.chain, "WildToken", &[]).await?;
    let said = refusal(scene.runs(&scene.anyone, &["show"]));
    assert!(said.contains("does not answer as a mandate"), "{said}");
    Ok(())
}
