//! The engine knows no contract: a [fourth part](Fourth) is planned, founded, proven and renewed like the others.

use std::collections::BTreeSet;

use alloy::primitives::Address;
use consilium_bindings::Governor;
use consilium_deploy::{Artifacts, Config, Deployment, Done, Name, Part, Plan, Role, Step, deploy, parts, renew};
use eyre::Result;
use harness::root;

use crate::fourth::{Fourth, Level, NAME, PLAIN};
use crate::setup::{self, Site, Timelock, Watch};

/// The devnet's settings, with a text after them.
fn file(section: &str) -> Result<String> {
    Ok(std::fs::read_to_string(root().join("deploy/config/devnet.toml"))? + section)
}

/// The same without the section of the council's account.
fn without_council(section: &str) -> Result<String> {
    Ok(setup::without_council(&file(section)?))
}

/// Reads settings for the core and more parts.
fn config(section: &str, more: &[&'static dyn Part]) -> Result<Config> {
    Ok(Config::parse_with(&file(section)?, "dao.toml", &[parts::ALL, more].concat())?)
}

const SECTION: &str = "\n[components-example]\nlevel = 3\n";

#[tokio::test]
async fn a_part_that_the_library_does_not_know_is_deployed_proven_and_renewed() -> Result<()> {
    let site = Site::of(config(SECTION, &[&PLAIN])?)?;
    assert_eq!(site.config.sections.get::<Level>(), Some(&Level { level: 3 }));
    let mut watch = Watch::default();
    let deployment = site.deploy(&site.sender().await?, &mut watch).await?;
    assert!(deployment.complete);
    assert_eq!(watch.planned.len(), 2 + 4 + 4 + 1);
    assert!(matches!(watch.done(Step::Cache(NAME)), Some(Done::Sent(_))), "{:?}", watch.finished);

    // It stands, with the others, and the record has it and its settings.
    let stands: Vec<Address> = site.deployed().await?;
    assert_eq!(stands.len(), 4);
    assert_eq!(stands[3], deployment.address(NAME)?);
    let record = Deployment::read(site.records(), site.config.chain.id)?.expect("a record");
    assert_eq!(
        record.contracts.keys().collect::<Vec<_>>(),
        ["components-example", "governor", "timelock", "voting-token"]
    );
    assert_eq!(record.settings["components-example"]["level"], 3);

    let proof = site.verify().await?;
    proof.ensure()?;
    for subject in
        ["code hash of the components example", "logs of the components example at its founding", "example.latest"]
    {
        assert!(proof.checks.iter().any(|check| check.subject == subject), "{subject}");
    }

    // It is renewed before the timelock.
    let order = ["voting-token", "governor", "components-example", "timelock"].map(|name| Step::Renew(name.into()));
    site.pass(300).await?;
    assert!(site.verify().await?.failures().any(|check| check.subject == "activation left to the components example"));
    let mut watch = Watch::default();
    renew(&site.sender().await?, &site.config, &site.artifacts, &mut watch).await?;
    assert_eq!(watch.finished.iter().map(|(step, _)| *step).collect::<Vec<_>>(), order);
    assert!(watch.finished.iter().all(|(_, done)| matches!(done, Done::Sent(_))), "{:?}", watch.finished);
    site.verify().await?.ensure()
}

/// It goes on after every step, as the core alone does.
#[tokio::test]
async fn a_deployment_with_an_optional_part_goes_on_after_each_step() -> Result<()> {
    let site = Site::of(config(SECTION, &[&PLAIN])?)?;
    let sender = site.sender().await?;
    let before = site.sent().await?;
    for step in Step::all(&site.plan()).into_iter().filter(|step| *step != Step::Prove) {
        site.stop_after(&sender, step).await?;
    }
    assert!(site.finish().await?.complete);
    assert_eq!(site.sent().await? - before, 2 + 4);
    site.verify().await?.ensure()
}

#[tokio::test]
async fn a_file_without_its_section_deploys_without_it() -> Result<()> {
    let (without, core) = (Site::of(config("", &[&PLAIN])?)?, Site::new()?);
    assert_eq!(without.config, core.config);
    assert_eq!(without.plan().founding_call(), core.plan().founding_call(), "the very same DAO");
    assert!(without.config.sections.get::<Level>().is_none());
    let deployment = without.finish().await?;
    assert_eq!(without.deployed().await?.len(), 3);
    let error = deployment.address(NAME).expect_err("not deployed").to_string();
    assert_eq!(error, "the deployment has no components example");
    without.verify().await?.ensure()?;

    // The DAO with it is another one, at other addresses, and its record is not gone on with.
    let with = config(SECTION, &[&PLAIN])?;
    let artifacts = Artifacts::load(harness::deploy::programs(), &with)?;
    let plan = Plan::new(&with, &artifacts)?;
    let addresses = |plan: &Plan| {
        let contracts = plan.contracts().iter().map(|planned| planned.address);
        contracts.chain([plan.founder()]).collect::<BTreeSet<_>>()
    };
    assert!(addresses(&plan).is_disjoint(&addresses(&core.plan())));
    let (sender, mut watch) = (without.sender().await?, Watch::default());
    let other = deploy(&sender, &with, &artifacts, without.records(), &mut watch).await;
    let error = other.expect_err("another DAO").to_string();
    let differ = "with other settings or programs (components-example, the program of the components example)";
    assert!(error.contains(differ), "{error}");

    // Nor is that of the DAO with it by a file that has lost the section.
    let records = tempfile::tempdir()?;
    assert!(deploy(&sender, &with, &artifacts, records.path(), &mut Watch::default()).await?.complete);
    let lost = deploy(&sender, &without.config, &artifacts, records.path(), &mut watch).await;
    let error = lost.expect_err("another DAO").to_string();
    assert!(error.contains("with other settings or programs (components-example): "), "{error}");
    Ok(())
}

/// The part says that its constructor logs nothing; it logs the admin's role and the authority.
#[tokio::test]
async fn a_constructor_that_logs_more_than_planned_fails_the_proof() -> Result<()> {
    static LIAR: Fourth = Fourth { honest: false, ..PLAIN };
    let site = Site::of(config(SECTION, &[&LIAR])?)?;
    let error = format!("{:#}", site.finish().await.expect_err("an unplanned event"));
    let (start, end) =
        ("logs of the components example at its founding is RoleGranted { role: 0x00", "}, not as planned");
    assert!(error.contains(start) && error.contains(end), "{error}");
    let failures = site.verify().await?.failures().count();
    assert_eq!(failures, 2);
    Ok(())
}

#[tokio::test]
async fn a_part_without_its_program_is_refused_before_anything_is_sent() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for name in ["timelock", "voting-token", "governor"] {
        std::fs::write(folder.path().join(name).with_extension("code"), harness::deploy::code(name)?)?;
    }
    let with = config(SECTION, &[&PLAIN])?;
    let error = Artifacts::load(folder.path(), &with).expect_err("missing").to_string();
    assert!(error.ends_with("components-example.code cannot be read; `cargo xtask build` makes it"), "{error}");
    // The core's are enough where the file has no section.
    let mut site = Site::of(config("", &[&PLAIN])?)?;
    site.artifacts = Artifacts::load(folder.path(), &site.config)?;
    site.config = with;
    let expected = "there is no program of the components example: `cargo xtask build` makes it";
    assert_eq!(site.refusal().await?, expected);
    assert_eq!(site.verify().await.expect_err("no program").to_string(), expected);
    assert!(!site.file().exists());
    Ok(())
}

/// A part has the roles that it says, and is the guardian where it says so; nobody else names it.
#[tokio::test]
async fn a_part_is_guardian_and_executor_without_being_named() -> Result<()> {
    static POWERFUL: Fourth = Fourth { guardian: true, roles: &[Role::Executor], ..PLAIN };
    let site =
        Site::of(Config::parse_with(&without_council(SECTION)?, "dao.toml", &[parts::ALL, &[&POWERFUL]].concat())?)?;
    let deployment = site.finish().await?;
    let (provider, fourth) = (site.chain().await?.provider().clone(), deployment.address(NAME)?);
    let governor = Governor::new(deployment.address("governor")?, &provider);
    assert_eq!(governor.proposalGuardian().call().await?, fourth);
    let timelock = Timelock::new(deployment.address("timelock")?, &provider);
    for role in Role::ALL {
        assert_eq!(timelock.hasRole(role.id(), fourth).call().await?, role == Role::Executor, "{}", role.name());
    }
    site.verify().await?.ensure()
}

/// OpenZeppelin's constructor makes a canceller of each proposer and of nobody else.
#[tokio::test]
async fn roles_that_no_constructor_grants_are_refused() -> Result<()> {
    static CANCELLER: Fourth = Fourth { roles: &[Role::Canceller], ..PLAIN };
    static ADMINISTRATOR: Fourth = Fourth { roles: &[Role::Admin], ..PLAIN };
    let site = Site::of(config(SECTION, &[&CANCELLER])?)?;
    let error = format!("{:#}", Plan::new(&site.config, &site.artifacts).expect_err("refused"));
    assert!(error.contains("gives the roles of proposer and canceller to the same contracts"), "{error}");
    let site = Site::of(config(SECTION, &[&ADMINISTRATOR])?)?;
    let error = format!("{:#}", Plan::new(&site.config, &site.artifacts).expect_err("refused"));
    assert!(error.contains("the timelock alone is its admin"), "{error}");
    Ok(())
}

#[test]
fn lists_of_parts_that_cannot_be_told_apart_are_refused() -> Result<()> {
    static SAME_SECTION: Fourth = Fourth { name: Name::new("another-example"), ..PLAIN };
    static CHAIN: Fourth = Fourth { section: "chain", ..PLAIN };
    static TOKEN: Fourth = Fourth { section: "token", ..PLAIN };
    static SHOUTED: Fourth = Fourth { name: Name::new("Components Example"), ..PLAIN };
    static LONELY: Fourth = Fourth { needs: &[Name::new("granary")], ..PLAIN };
    static GUARDIAN: Fourth = Fourth { guardian: true, ..PLAIN };
    static REGENT: Fourth = Fourth { name: Name::new("regent"), section: "regent", guardian: true, ..PLAIN };
    let with = |section: &str, more: &[&'static dyn Part]| config(section, more).expect_err("refused").to_string();
    let two = "dao.toml: two parts are named \"components-example\": rename one";
    assert_eq!(with("", &[&PLAIN, &TOKEN]), two);
    let taken = |section: &str, part: &str| {
        format!("dao.toml: the section [{section}] of the part \"{part}\" is another's: name another section")
    };
    assert_eq!(with("", &[&PLAIN, &SAME_SECTION]), taken("components-example", "another-example"));
    assert_eq!(with("", &[&CHAIN]), taken("chain", "components-example"));
    assert_eq!(with("", &[&TOKEN]), taken("token", "components-example"));
    let name = "dao.toml: \"Components Example\" is no name of a part: write it as \"voting-token\"";
    assert_eq!(with("", &[&SHOUTED]), name);
    let need = "dao.toml: there is no granary, which the components example needs: add its section";
    assert_eq!(with(SECTION, &[&LONELY]), need);
    let both = format!("{SECTION}[regent]\nlevel = 1\n");
    let guardians = "dao.toml: there is one proposal guardian, and the components example and the regent would be it";
    let all = [parts::ALL, &[&GUARDIAN, &REGENT]].concat();
    let error = Config::parse_with(&without_council(&both)?, "dao.toml", &all).expect_err("two guardians");
    assert_eq!(error.to_string(), guardians);
    // The council's account is not the guardian where a part is.
    let place = file("")?.lines().position(|line| line.starts_with("guardian = ")).expect("a guardian") + 1;
    let one = format!(
        "dao.toml:{place}:12: there is one proposal guardian, and by [components-example] it is the components example: leave \
         out [council], or what names a council there"
    );
    assert_eq!(with(SECTION, &[&GUARDIAN]), one);
    let missing = Config::parse_with(&without_council(SECTION)?, "dao.toml", &[parts::ALL, &[&PLAIN]].concat());
    let missing = missing.expect_err("no guardian").to_string();
    assert!(missing.starts_with("dao.toml:1:1: there is no section [council]: add it with its keys"), "{missing}");
    Ok(())
}

/// A section's refusals have their line, as those of the core.
#[test]
fn an_optional_section_is_checked() -> Result<()> {
    let start = file("")?.lines().count();
    let with = |section: &str| config(section, &[&PLAIN]).expect_err("refused").to_string();
    assert_eq!(with("\n[components-example]\nlevel = 10\n"), format!("dao.toml:{}:9: the level is above 9", start + 3));
    let unknown = with("\n[components-example]\nlevle = 1\n");
    let said = "[components-example] has no key `levle` here: correct it, or leave it out; the keys are `level`";
    assert_eq!(unknown, format!("dao.toml:{}:1: {said}", start + 3));
    let missing = with("\n[components-example]\n");
    assert!(missing.ends_with("[components-example] has no `level`: add it, for example `level = …`"), "{missing}");
    // Who does not know the part refuses its section.
    let error = Config::parse(&file(SECTION)?, "dao.toml").expect_err("unknown").to_string();
    assert!(
        error.starts_with(&format!("dao.toml:{}:2: there is no section [components-example]: correct it, ", start + 2)),
        "{error}"
    );
    Ok(())
}
