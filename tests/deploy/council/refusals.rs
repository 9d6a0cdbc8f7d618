//! What is refused: a section that makes no sense, and a council that the chain or the deployer does not allow.

use alloy::primitives::Address;
use alloy::providers::Provider;
use consilium_deploy::{Artifacts, Config, parts, permissions, permissions_of};
use eyre::Result;
use serde_json::json;

use super::scene::{Scene, account, file, section};
use crate::setup::{Site, Watch};
use harness::front::node;

const ONE: &str = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720";

/// The refusal of a section, without the file's name.
fn refusal(section: &str) -> Result<(usize, String)> {
    let text = file(section)?;
    let error = Config::parse(&text, "dao.toml").expect_err(section);
    let first = text.lines().position(|line| line == "[access]").expect("the section");
    Ok((error.place.expect("a place").0 - first, error.reason))
}

#[test]
fn a_section_is_checked_line_by_line() -> Result<()> {
    let with = |members: &str| format!("[access]\ncouncil = [\n{members}\n]\n");
    let many: Vec<String> =
        (1..=21u8).map(|byte| format!("{{ address = \"{}\" }}", Address::repeat_byte(byte))).collect();
    for (section, line, reason) in [
        (with(""), 2, "the council is empty: leave it out, or name a member".to_owned()),
        (with(&many.join(",\n")), 2, "the council has more than 20 members: name a Safe".to_owned()),
        (
            with(&format!("{{ address = \"{}\" }}", Address::ZERO)),
            3,
            "a member of the council is the zero address".to_owned(),
        ),
        (
            with(&format!("{{ address = \"{ONE}\" }},\n{{ address = \"{ONE}\", delay = 5 }}")),
            4,
            format!("{ONE} is listed twice"),
        ),
        (
            with(&format!("{{ address = \"{ONE}\", delay = 120 }}")),
            3,
            "a member's delay is not shorter than the timelock's, 120 seconds: a proposal that is queued would be executed \
             before the member could cancel it"
                .to_owned(),
        ),
        (
            with(&format!("{{ address = \"{ONE}\", until = \"2030-01-01\" }}")),
            3,
            "the end of a membership is no date: write it as 2027-06-30T00:00:00Z without quotes, or as seconds since 1970"
                .to_owned(),
        ),
        (
            with(&format!("{{ address = \"{ONE}\", until = 1800000000000 }}")),
            3,
            "the end of a membership is after the year 2099: write seconds since 1970 and not milliseconds, or a date"
                .to_owned(),
        ),
    ] {
        assert_eq!(refusal(&section)?, (line, reason), "{section}");
    }
    let (line, reason) = refusal(&with(&format!("{{ address = \"{ONE}\", dealy = 5 }}")))?;
    assert!(line == 3 && reason.contains("has no key `dealy`"), "{line}: {reason}");
    let good = Config::parse(&file(&with(&format!("{{ address = \"{ONE}\", delay = 119 }}")))?, "dao.toml")?;
    assert_eq!(good.council, Address::ZERO);
    assert_eq!(good.offices_of(ONE.parse()?), ["council"]);
    assert_eq!(good.notes().len(), 1, "{:?}", good.notes());
    Ok(())
}

/// The guardian is one: an account of [council], or the manager with a council.
#[test]
fn both_kinds_of_council_are_refused_and_so_is_none() -> Result<()> {
    let devnet = std::fs::read_to_string(harness::root().join("deploy/config/devnet.toml"))?;
    let both = format!("{devnet}\n[access]\ncouncil = [{{ address = \"{ONE}\" }}]\n");
    let error = Config::parse(&both, "dao.toml").expect_err("both").to_string();
    let expected = "there is one proposal guardian, and by [access] it is the access manager: leave out [council], or what \
                    names a council there";
    assert!(error.ends_with(expected), "{error}");
    let error = Config::parse(&file("[access]\n")?, "dao.toml").expect_err("none").to_string();
    assert!(error.contains("there is no section [council]") && error.ends_with("a council in [access]"), "{error}");
    // A manager without a council leaves the guardian to [council].
    let with = Config::parse(&format!("{devnet}\n[access]\n"), "dao.toml")?;
    assert_eq!(with.council, ONE.parse::<Address>()?);
    assert_eq!(with.parts().count(), 4);
    Ok(())
}

#[tokio::test]
async fn a_manager_without_a_council_is_proven_too() -> Result<()> {
    let devnet = std::fs::read_to_string(harness::root().join("deploy/config/devnet.toml"))?;
    let site = Site::of(Config::parse(&format!("{devnet}\n[access]\n"), "dao.toml")?)?;
    site.finish().await?;
    site.verify().await?.ensure()
}

/// By its line, as what the file alone makes wrong. Once the DAO stands, an end that has passed stops nothing.
#[tokio::test]
async fn an_end_in_the_past_is_refused_by_its_line_before_anything_is_sent() -> Result<()> {
    let mut site = Site::new()?;
    Scene::until(&mut site, 1_600_000_000).await?;
    let text = file(&section(account("member"), account("slow member"), "2020-09-13T12:26:40Z"))?;
    let line = text.lines().position(|line| line.contains("until = ")).expect("an end") + 1;
    let error = site.refusal().await?;
    let start = format!("dao.toml:{line}:");
    let reason = "the membership ends at 2020-09-13T12:26:40Z, and the chain's time is 20";
    assert!(error.starts_with(&start) && error.contains(reason), "{error}");
    assert!(error.ends_with(" already: write a later `until`"), "{error}");

    let scene = Scene::new().await?;
    scene.pass_to(scene.until + 1).await?;
    let mut watch = Watch::default();
    assert!(scene.site.deploy(&scene.site.sender().await?, &mut watch).await?.complete);
    assert!(watch.noted.is_empty(), "{:?}", watch.noted);
    Ok(())
}

#[tokio::test]
async fn an_end_soon_after_the_founding_is_noted() -> Result<()> {
    let mut site = Site::new()?;
    let chain = site.chain().await?;
    let block = chain.provider().get_block(alloy::eips::BlockId::latest()).await?.expect("a block");
    Scene::until(&mut site, block.header.timestamp + 300).await?;
    let mut watch = Watch::default();
    assert!(site.deploy(&site.sender().await?, &mut watch).await?.complete);
    assert_eq!(watch.noted.len(), 2, "{:?}", watch.noted);
    let start = format!("{} is in the council until ", account("member"));
    let reason = "a proposal that is made now may be executed 600 seconds from now, when the membership has ended";
    assert!(watch.noted[0].starts_with(&start) && watch.noted[0].contains(reason), "{:?}", watch.noted);
    Ok(())
}

#[tokio::test]
async fn a_deployer_in_the_council_has_to_be_allowed() -> Result<()> {
    let mut site = Site::new()?;
    let deployer = site.sender().await?.account();
    let text = file(&section(account("member"), deployer, "2040-01-01"))?;
    site.config = Config::parse(&text, "dao.toml")?;
    site.artifacts = Artifacts::load(harness::deploy::programs(), &site.config)?;
    // It is a holder as well, in the devnet's file.
    site.config.token_mut().holders[0].address = account("voter");
    let error = site.refusal().await?;
    assert!(error.starts_with(&format!("{deployer} deploys, and these settings name it as council: ")), "{error}");
    site.config.deployer.may_be = vec!["council"];
    assert!(site.finish().await?.complete);
    // Who founds is asked about as everybody in the council is.
    site.verify().await?.ensure()
}

/// A node that has forgotten old events is told, and no table with less in it is printed.
#[tokio::test]
async fn a_pruned_node_and_a_wrong_address_are_told() -> Result<()> {
    let scene = Scene::new().await?;
    let (config, artifacts) = (&scene.site.config, &scene.site.artifacts);
    let pruned =
        node(scene.site.node.http_url(), |method, _, _| (method == "eth_getLogs").then(|| json!({ "result": [] })))
            .await?;
    let chain = consilium_deploy::Chain::connect(&pruned).await?;
    let error = format!("{:#}", permissions(&chain, config, artifacts).await.expect_err("no events"));
    let said =
        "the node does not serve the events of the timelock since its creation: ask a node that serves old events";
    assert!(error.ends_with(said), "{error}");
    let refusing = json!({ "error": { "code": -32000, "message": "pruned history unavailable" } });
    let pruned =
        node(scene.site.node.http_url(), move |method, _, _| (method == "eth_getLogs").then(|| refusing.clone()))
            .await?;
    let chain = consilium_deploy::Chain::connect(&pruned).await?;
    let error = format!("{:#}", permissions(&chain, config, artifacts).await.expect_err("no events"));
    assert!(error.ends_with("are not served: pruned history unavailable"), "{error}");

    let chain = scene.site.chain().await?;
    let of = async |name: &str, address: Address| {
        let named = [(name.to_owned(), address)];
        format!("{:#}", permissions_of(&chain, &named, parts::ALL).await.expect_err("refused"))
    };
    let nobody = scene.stranger.account();
    let empty = format!(
        "there is no contract at {nobody}, which is to be the governor: correct the address, or take a node of the right chain"
    );
    assert_eq!(of("governor", nobody).await, empty);
    let known: Vec<_> = parts::ALL.iter().map(|part| part.name().folder()).collect();
    let names = format!("there is no contract \"king\": name {}", known.join(", "));
    assert_eq!(of("king", scene.governor).await, names);
    let twice = [("governor".to_owned(), scene.governor), ("governor".to_owned(), scene.governor)];
    let error = permissions_of(&chain, &twice, parts::ALL).await.expect_err("twice").to_string();
    assert_eq!(error, "the governor is named twice");
    let missing = permissions(&chain, &Site::new()?.config, artifacts).await.expect_err("another DAO").to_string();
    assert!(missing.starts_with("no DAO of these settings and programs stands on chain"), "{missing}");
    Ok(())
}
