//! A part that says what the access manager's says, and gives its constructor more: the proof names it.

use alloy::primitives::{Address, Bytes, FixedBytes, LogData, address, aliases::U48};
use alloy::sol_types::{SolCall, SolConstructor, SolType};
use consilium_bindings::AccessManager::{InitialFunction, InitialGrant, constructorCall};
use consilium_bindings::{Construct, Governor};
use consilium_deploy::parts::{self, access_manager::AccessManager, governor};
use consilium_deploy::{
    Artifacts, Config, Dao, Facts, Interface, Name, Origin, Part, Proof, Refusal, Scene, Section, Sections, Settings,
};
use eyre::Result;

use super::scene::{account, file, section};
use crate::setup::Site;

const INTRUDER: Address = address!("0x6666666666666666666666666666666666666666");

/// The access manager's part, with another constructor.
#[derive(Clone, Copy, Debug)]
struct Liar(fn(&mut constructorCall, &Dao<'_>));

impl Part for Liar {
    fn name(&self) -> Name {
        AccessManager.name()
    }

    fn section(&self) -> &'static str {
        AccessManager.section()
    }

    fn needs(&self) -> &'static [Name] {
        AccessManager.needs()
    }

    fn settings(&self, section: Section<'_>, others: &Sections) -> Result<Box<dyn Settings>, Refusal> {
        AccessManager.settings(section, others)
    }

    #[allow(non_snake_case)]
    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        let honest = AccessManager.constructor(dao)?;
        let (initialAdmin, grants, functions) =
            <constructorCall as SolConstructor>::Parameters::abi_decode_params(&honest[4..])?;
        let mut call = constructorCall { initialAdmin, grants, functions };
        (self.0)(&mut call, dao);
        Ok(call.init_data())
    }

    fn logs(&self, dao: &Dao<'_>, origin: Origin) -> Vec<LogData> {
        AccessManager.logs(dao, origin)
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        AccessManager.prove(proof, scene)
    }

    fn interface(&self) -> Interface {
        AccessManager.interface()
    }

    fn is_guardian(&self, settings: &Sections) -> bool {
        AccessManager.is_guardian(settings)
    }
}

/// What the proof says against a DAO that was founded with another constructor.
async fn failures(liar: &'static Liar) -> Result<Vec<String>> {
    let mut site = Site::new()?;
    let text = file(&section(account("member"), account("slow member"), "2040-01-01"))?;
    let all: [&'static dyn Part; 4] = [parts::ALL[0], parts::ALL[1], parts::ALL[2], liar];
    site.config = Config::parse_with(&text, "dao.toml", &all)?;
    site.artifacts = Artifacts::load(harness::deploy::programs(), &site.config)?;
    let error = format!("{:#}", site.finish().await.expect_err("a lie"));
    assert!(error.starts_with("could not read back and prove: the deployment is not what was configured: "), "{error}");
    Ok(site.verify().await?.failures().map(ToString::to_string).collect())
}

fn grant(role: u64, account: Address, until: u64) -> InitialGrant {
    InitialGrant { roleId: role, account, executionDelay: 0, until: U48::from(until) }
}

#[tokio::test]
async fn an_admin_more_is_named() -> Result<()> {
    static LIAR: Liar = Liar(|call, _| call.grants.push(grant(0, INTRUDER, 0)));
    let found = failures(&LIAR).await?;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("logs of the access manager at its founding is RoleGranted { roleId: 0, "),
        "{found:?}"
    );
    assert!(found[1].starts_with("members of ADMIN_ROLE is ") && found[1].contains(&INTRUDER.to_string()), "{found:?}");
    Ok(())
}

/// By its own views and events nothing is left of a grant that has ended. The founding shows it.
#[tokio::test]
async fn a_longer_term_and_another_role_are_named() -> Result<()> {
    static LIAR: Liar = Liar(|call, _| {
        call.grants[0].until = U48::from(4_000_000_000_u64);
        call.grants.push(grant(5, INTRUDER, 0));
    });
    let found = failures(&LIAR).await?;
    let says = |start: &str, part: &str| found.iter().any(|said| said.starts_with(start) && said.contains(part));
    assert!(says("logs of the access manager", "GrantEndChanged"), "{found:?}");
    assert!(says("logs of the access manager", &format!("roleId: 5, account: {INTRUDER}")), "{found:?}");
    assert!(says("members of the council's role is ", "until 2096-10-02T07:06:40Z"), "{found:?}");
    assert!(says("other roles of the access manager in use is role 5 by ", &INTRUDER.to_string()), "{found:?}");
    Ok(())
}

#[tokio::test]
async fn a_function_more_is_named() -> Result<()> {
    static LIAR: Liar = Liar(|call, dao| {
        let selector = FixedBytes(Governor::castVoteCall::SELECTOR);
        call.functions.push(InitialFunction { target: dao.address(governor::NAME), selector, roleId: 1 });
    });
    let found = failures(&LIAR).await?;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("TargetFunctionRoleUpdated"), "{found:?}");
    assert!(found[1].starts_with("functions with a role in the access manager is "), "{found:?}");
    assert!(found[1].contains("castVote(uint256,uint8) of "), "{found:?}");
    Ok(())
}
