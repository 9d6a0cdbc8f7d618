//! Random settings, most of them odd: what a file may say deploys and verifies.

use std::collections::BTreeSet;

use alloy::primitives::{Address, U256, keccak256};
use alloy::sol;
use consilium_deploy::Config;
use eyre::{Result, ensure};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::setup::Site;

sol! {
    #[sol(rpc)]
    interface Governor {
        function quorum(uint256 timepoint) external view returns (uint256);
        function clock() external view returns (uint48);
    }
}

/// Settings that were drawn: those that a file may say are deployed.
const DRAWN: usize = 400;

/// So many are deployed at most: each takes a second.
const DEPLOYED: usize = 25;

/// Holders by their amounts, in the smallest unit; and what the treasury gets.
fn tokens() -> impl Strategy<Value = (Vec<u128>, u128)> {
    let amount = prop_oneof![Just(1u128), 1..100u128, Just(10u128.pow(18)), 1..u64::MAX as u128, Just(u128::MAX >> 8)];
    let treasury = prop_oneof![Just(0u128), 1..100u128, Just(10u128.pow(20)), Just(u128::MAX >> 4)];
    (prop::collection::vec(amount, 1..12), treasury)
}

/// What makes sense, mostly; else what stands at a border or beyond.
fn mostly<T: std::fmt::Debug>(
    sound: impl Strategy<Value = T>,
    odd: impl Strategy<Value = T>,
) -> impl Strategy<Value = T> {
    prop_oneof![12 => sound, 1 => odd]
}

fn span() -> impl Strategy<Value = u64> {
    let borders =
        prop_oneof![Just(0u64), Just(1), Just(2_628_000), Just(2_628_001), Just(31_536_000), Just(31_536_001)];
    mostly(1..1_000u64, borders)
}

fn percent() -> impl Strategy<Value = u64> {
    mostly(1..60u64, prop_oneof![Just(0u64), Just(100), Just(101), Just(256 + 4)])
}

fn text() -> impl Strategy<Value = String> {
    let borders = prop_oneof![Just("x".to_owned()), Just("é".repeat(64)), Just("n".repeat(129)), Just(" ".to_owned())];
    mostly("[a-zA-Z0-9äøπ]{1,40}", borders)
}

fn executors() -> impl Strategy<Value = String> {
    let named = |count: u8| {
        let names: Vec<String> = (1..=count).map(|number| format!("\"{}\"", Address::repeat_byte(number))).collect();
        format!("[{}]", names.join(", "))
    };
    let sound = prop_oneof![Just("[]".to_owned()), Just("[\"anyone\"]".to_owned()), (1..21u8).prop_map(named)];
    mostly(sound, Just(named(21)))
}

/// An amount of the smallest unit, as a file writes it.
fn whole(amount: u128) -> String {
    let unit = 10u128.pow(18);
    format!("{}.{:018}", amount / unit, amount % unit)
}

/// The text of a file.
fn file() -> impl Strategy<Value = String> {
    let governor = (span(), span(), span(), percent(), percent(), mostly(0..1_000u128, any::<u128>()));
    (tokens(), governor, span(), executors(), (text(), text(), text()), any::<bool>(), any::<u64>()).prop_map(
        |(
            (holders, treasury),
            (delay, period, late, quorum, early, threshold),
            wait,
            executors,
            names,
            blocks,
            salt,
        )| {
            let supply = holders.iter().sum::<u128>() + treasury;
            let holders: Vec<String> = holders
                .iter()
                .enumerate()
                .map(|(number, amount)| {
                    let address = Address::from_word(keccak256(number.to_be_bytes()));
                    format!("{{ address = \"{address}\", amount = \"{}\" }}", whole(*amount))
                })
                .collect();
            let clock = if blocks { "block-number" } else { "timestamp" };
            format!(
                "[chain]\nid = 412346\nsalt = \"{salt}\"\n\
                 [token]\nname = \"{}\"\nsymbol = \"{}\"\nsupply = \"{}\"\nclock = \"{clock}\"\nholders = [{}]\n\
                 [governor]\nname = \"{}\"\nvoting_delay = {delay}\nvoting_period = {period}\n\
                 proposal_threshold = \"{}\"\nquorum_percent = {quorum}\nsuper_quorum_percent = {}\n\
                 late_quorum_extension = {late}\n\
                 [timelock]\nmin_delay = {wait}\nexecutors = {executors}\n\
                 [council]\nguardian = \"{}\"\n[cache]\nmax_bid = \"0.01\"\n",
                names.0,
                names.1,
                whole(supply),
                holders.join(", "),
                names.2,
                whole(threshold % (supply + 2)),
                quorum + early,
                Address::repeat_byte(0x99),
            )
        },
    )
}

/// On one chain, so each needs an address of its own: the salt is drawn too.
#[tokio::test]
async fn what_a_file_may_say_deploys_and_verifies() -> Result<()> {
    let mut site = Site::new()?;
    let mut runner = TestRunner::deterministic();
    let (mut deployed, mut refusals) = (0, BTreeSet::new());
    for _ in 0..DRAWN {
        let text = file().new_tree(&mut runner).expect("a file").current();
        let config = match Config::parse(&text, "dao.toml") {
            Ok(config) => config,
            Err(refusal) => {
                refusals.insert(refusal.reason);
                continue;
            }
        };
        if deployed == DEPLOYED {
            continue;
        }
        deployed += 1;
        site.config = config;
        let result = site.finish().await;
        ensure!(result.is_ok(), "{:#}\n{text}", result.expect_err("refused"));
        site.verify().await?.ensure()?;
        can_decide(&site).await?;
        std::fs::remove_file(site.file())?;
    }
    assert!(deployed == DEPLOYED && refusals.len() > 10, "{deployed} deployed; refused: {refusals:#?}");
    Ok(())
}

/// The holders together can propose, and can reach the quorum, which is not zero.
async fn can_decide(site: &Site) -> Result<()> {
    let (config, chain) = (&site.config, site.chain().await?);
    let governor = Governor::new(site.plan().of("governor").address, chain.provider());
    site.pass(1).await?;
    let quorum = if config.token().clock == consilium_deploy::Clock::Timestamp {
        let now = governor.clock().call().await?;
        governor.quorum(U256::from(now) - U256::from(1)).call().await?
    } else {
        // L1's block does not move by itself: the supply of now is that of the only block there is.
        config.token().supply * U256::from(config.governor().quorum_percent) / U256::from(100)
    };
    let held = config.token().held();
    ensure!(!quorum.is_zero() && quorum <= held, "a quorum of {quorum}, of {held} that can vote");
    ensure!(config.governor().proposal_threshold <= held, "a threshold above {held}");
    Ok(())
}
