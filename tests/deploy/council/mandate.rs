//! Mandates from the founding on. What holds:
//!
//! 1. The founding gives them as the section says, and each act of a holder leaves the proof whole.
//! 2. A holder holds no role. All that is restricted needs a vote, and what the DAO changes is a difference that the proof
//!    names.
//! 3. A holder of a Safe's name is that Safe.

use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48, hex};
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use consilium_bindings::Mandate as M;
use consilium_deploy::config::moment::Moment;
use consilium_deploy::parts::mandate::NAME;
use consilium_deploy::{Party, permissions};
use eyre::Result;
use harness::safes::{self, SafeContracts};

use super::health::{settings, site};
use super::scene::{Scene, TERM, account};
use crate::setup::{Site, Watch};
use crate::vault::contract;

const EVERY: u64 = 86_400;
const PERIOD: u32 = 3_600;

/// The time of a site's chain.
async fn now(site: &Site) -> Result<u64> {
    let chain = site.chain().await?;
    let block = chain.provider().get_block(alloy::eips::BlockId::latest()).await?.expect("a block");
    Ok(block.header.timestamp)
}

/// The section: one who reports, and one who spends 5,000 wei a period.
fn section(reporter: &str, treasurer: &str, now: u64) -> String {
    let (until, first) = (Moment(now + TERM), Moment(now + EVERY));
    format!(
        "[mandate]\n[[mandate.holders]]\n{reporter}\nuntil = {until}\nreport_every = {EVERY}\nfirst_report = {first}\n\
         [[mandate.holders]]\n{treasurer}\nuntil = {until}\n\
         allowances = [{{ limit = \"0.000000000000005\", period = {PERIOD} }}]\n"
    )
}

/// A DAO with mandates, when its settings were written, and where the contract stands.
async fn founded() -> Result<(Scene, u64, Address)> {
    let begun = now(&Site::new()?).await?;
    let [reporter, treasurer] = ["reporter", "treasurer"].map(|name| format!("address = \"{}\"", account(name)));
    let scene = Scene::found(site(&settings(&section(&reporter, &treasurer, begun))?)?, TERM).await?;
    let at = scene.site.plan().of(NAME).address;
    Ok((scene, begun, at))
}

fn spend(amount: u64) -> Vec<u8> {
    M::spendCall { token: Address::ZERO, to: Address::repeat_byte(0xbe), amount: U256::from(amount) }.abi_encode()
}

fn report() -> Vec<u8> {
    M::reportCall { hash: B256::repeat_byte(1), locator: "ipfs://report".to_owned() }.abi_encode()
}

#[tokio::test]
async fn holders_pay_and_report_and_the_proof_stays_whole() -> Result<()> {
    let (scene, begun, at) = founded().await?;
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let (reporter, treasurer) = (account("reporter"), account("treasurer"));
    for (subject, found) in [
        ("logs of the mandate at its founding".to_owned(), "5 planned events".to_owned()),
        ("mandate.authority".to_owned(), scene.manager.to_string()),
        (format!("mandate of {reporter}: its next report"), Moment(begun + EVERY).to_string()),
        (format!("allowance of {treasurer} in ether: its limit"), "5000".to_owned()),
        ("mandates: how many were granted".to_owned(), "2".to_owned()),
    ] {
        let check = proof.checks.iter().find(|check| check.subject == subject);
        let check = check.unwrap_or_else(|| panic!("{subject}: {:?}", proof.checks));
        assert_eq!(check.found, found, "{subject}");
    }

    let ether = U256::from(10).pow(U256::from(17));
    let [reporter, treasurer] =
        [scene.site.sender_with("reporter", ether).await?, scene.site.sender_with("treasurer", ether).await?];
    scene.stranger.send(at, Bytes::new(), U256::from(50_000)).await?;
    scene.send(&treasurer, at, spend(5_000)).await?;
    let more = scene.refused(&treasurer, at, spend(1)).await;
    assert!(more.contains("MandateExceeded"), "{more}");
    scene.pass(PERIOD.into()).await?;
    scene.send(&treasurer, at, spend(5_000)).await?;
    let none = scene.refused(&reporter, at, spend(1)).await;
    assert!(none.contains("MandateExceeded"), "{none}");

    scene.pass_to(begun + EVERY + 1).await?;
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let overdue = format!("the report that {} owed by {} is overdue", reporter.account(), Moment(begun + EVERY));
    assert!(proof.notes.contains(&overdue), "{:?}", proof.notes);
    scene.send(&scene.stranger, at, M::markOverdueCall { holder: reporter.account() }.abi_encode()).await?;
    scene.send(&reporter, at, report()).await?;
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let note = "since its founding the holders of mandates paid 2 times and reported 1 times, 1 missed dates were logged, \
                and the DAO took money back 0 times";
    assert!(proof.notes.iter().any(|found| found == note), "{:?}", proof.notes);
    let next = format!("mandate of {}: its next report", reporter.account());
    let check = proof.checks.iter().find(|check| check.subject == next).expect("the next report");
    assert_eq!(check.found, Moment(begun + 2 * EVERY).to_string());

    // After the end nothing that was promised is missing.
    scene.send(&reporter, at, report()).await?;
    scene.pass_to(begun + TERM).await?;
    scene.site.verify().await?.ensure()
}

/// What of the restricted functions is for whom: nobody, without a vote.
fn calls() -> Vec<(&'static str, Vec<u8>)> {
    let (holder, to) = (account("treasurer"), account("stranger"));
    let until = U48::from(4_000_000_000_u64);
    let grant = M::grantMandateCall { holder, until, reportEvery: 0, firstReportBy: U48::ZERO };
    let allow = M::setAllowanceCall { holder, token: Address::ZERO, limit: u128::MAX, period: 1 };
    [
        grant.abi_encode(),
        M::endMandateCall { holder }.abi_encode(),
        allow.abi_encode(),
        M::recoverCall { token: Address::ZERO, to, amount: U256::ONE }.abi_encode(),
        M::setAuthorityCall { newAuthority: to }.abi_encode(),
        M::upgradeToAndCallCall { newImplementation: to, data: Bytes::new() }.abi_encode(),
    ]
    .map(|call| ("nobody", call))
    .into()
}

#[tokio::test]
async fn only_votes_change_mandates_and_the_proof_names_each_change() -> Result<()> {
    let (scene, _, at) = founded().await?;
    scene.alone(at, calls(), &["reporter", "treasurer", "member", "voter", "stranger"]).await?;
    let chain = scene.site.chain().await?;
    let found = permissions(&chain, &scene.site.config, &scene.site.artifacts).await?;
    let held = |name: &str| {
        let of = |power: &&consilium_deploy::Power| power.holder == Party::Account(account(name));
        found.powers.iter().filter(of).collect::<Vec<_>>()
    };
    assert!(held("reporter").is_empty());
    let [spends] = held("treasurer")[..] else { panic!("one power") };
    assert_eq!(spends.functions, [M::spendCall::SIGNATURE]);
    assert!(spends.until.is_some());

    let (holder, token) = (account("treasurer"), Address::ZERO);
    scene.stranger.send(at, Bytes::new(), U256::from(50_000)).await?;
    let allow = M::setAllowanceCall { holder, token, limit: 7_000, period: PERIOD };
    scene.decide("a larger allowance", at, allow.abi_encode()).await?;
    scene.decide("take back", at, M::recoverCall { token, to: holder, amount: U256::from(9) }.abi_encode()).await?;
    let limit = format!("allowance of {holder} in ether: its limit is 7000, not 5000");
    assert_eq!(scene.failures().await?, [limit, "mandates: how many allowances were set is 2, not 1".to_owned()]);
    scene.decide("the end", at, M::endMandateCall { holder }.abi_encode()).await?;
    let failures = scene.failures().await?;
    assert!(failures[0].starts_with(&format!("mandate of {holder}: its end is ")), "{failures:?}");
    assert_eq!(failures[2], "mandates: how many were ended is 1, not 0");
    Ok(())
}

#[tokio::test]
async fn the_program_is_upgraded_by_a_vote() -> Result<()> {
    let (scene, _, _) = founded().await?;
    scene.upgrades(NAME, "mandate").await
}

/// A limit with other decimals than the token's is another amount; what does not answer is no token. Both are refused
/// before anything is sent. Short periods are noted.
#[tokio::test]
async fn the_decimals_of_a_token_are_asked_before_anything_is_sent() -> Result<()> {
    let mut site = Site::new()?;
    let token = contract(&site, &hex!("60065f5260205ff3")).await?;
    let nothing = contract(&site, &[0]).await?;
    let now = now(&site).await?;
    let text = |token: Address, decimals: u8| {
        settings(&format!(
            "[mandate]\n[[mandate.holders]]\naddress = \"{}\"\nuntil = {}\nallowances = [{{ token = \"{token}\", \
             decimals = {decimals}, limit = \"5\", period = 30 }}]\n",
            account("treasurer"),
            Moment(now + TERM)
        ))
    };
    for (token, decimals, words) in [
        (token, 18, format!("the token {token} has 6 decimals, and not 18: correct the number")),
        (nothing, 6, format!("what stands at {nothing} does not say how many decimals it has")),
    ] {
        super::safe::take_whole(&mut site, &text(token, decimals)?).await?;
        let error = site.refusal().await?;
        assert!(error.starts_with("dao.toml:") && error.contains(&words), "{error}");
    }
    super::safe::take_whole(&mut site, &text(token, 6)?).await?;
    let mut watch = Watch::default();
    site.deploy(&site.sender().await?, &mut watch).await?;
    let note = format!("an allowance of {} is full again each 30 seconds", account("treasurer"));
    assert!(watch.noted.iter().any(|noted| noted.starts_with(&note)), "{:?}", watch.noted);
    Ok(())
}

/// The Safes of the settings hold mandates, and nothing else.
#[tokio::test]
async fn safes_of_the_settings_hold_mandates() -> Result<()> {
    let mut site = Site::new()?;
    let contracts = SafeContracts::create(site.sender().await?.chain().provider()).await?;
    let [council, treasury] = ["council", "treasury"].map(|name| safes::section(name, &[account(name)], 1));
    let section = section("safe = \"council\"", "safe = \"treasury\"", now(&site).await?);
    let text = settings(&format!("{}{council}{treasury}\n{section}", contracts.section()))?;
    super::safe::take_whole(&mut site, &text).await?;
    let scene = Scene::found(site, TERM).await?;
    scene.site.verify().await?.ensure()?;
    let safes = scene.site.config.safe().expect("Safes");
    let mandate = M::new(scene.site.plan().of(NAME).address, scene.provider());
    for (safe, left) in safes.safes.iter().zip([0_u64, 5_000]) {
        let holder = safe.address.expect("an address");
        assert!(mandate.isRunning(holder).call().await?);
        assert_eq!(mandate.allowance(holder, Address::ZERO).call().await?.left, U256::from(left));
    }
    Ok(())
}
