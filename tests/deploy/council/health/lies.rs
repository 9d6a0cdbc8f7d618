//! A part that says what the consent's says, and gives its constructor something else: the proof names it.

use alloy::primitives::{Bytes, LogData};
use alloy::sol_types::{SolConstructor, SolType};
use consilium_bindings::Consent::constructorCall;
use consilium_bindings::Construct;
use consilium_deploy::parts::{self, consent::Consent};
use consilium_deploy::{
    Artifacts, Config, Dao, Facts, Interface, Name, Office, Origin, Part, Proof, Refusal, Scene, Section, Sections,
    Settings,
};
use eyre::Result;

use super::{consent, settings};
use crate::setup::Site;

/// The consent's part, with this change of its constructor's arguments.
#[derive(Clone, Copy, Debug)]
struct Liar(fn(&mut constructorCall));

/// The calldata of a constructor after a change.
#[expect(non_snake_case, reason = "the names of the parameters")]
fn changed(honest: &Bytes, change: fn(&mut constructorCall)) -> Result<Bytes> {
    let (initialAuthority, policy, longest, codes) =
        <constructorCall as SolConstructor>::Parameters::abi_decode_params(&honest[4..])?;
    let mut call = constructorCall { initialAuthority, policy, longest, codes };
    change(&mut call);
    Ok(call.init_data())
}

impl Part for Liar {
    fn name(&self) -> Name {
        Consent.name()
    }

    fn needs(&self) -> &'static [Name] {
        Consent.needs()
    }

    fn settings(&self, section: Section<'_>, others: &Sections) -> Result<Box<dyn Settings>, Refusal> {
        Consent.settings(section, others)
    }

    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        changed(&Consent.constructor(dao)?, self.0)
    }

    fn logs(&self, dao: &Dao<'_>, origin: Origin) -> Vec<LogData> {
        Consent.logs(dao, origin)
    }

    fn is_upgradeable(&self) -> bool {
        true
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Consent.prove(proof, scene)
    }

    fn interface(&self) -> Interface {
        Consent.interface()
    }

    fn offices_in_manager(&self, settings: &Sections) -> Vec<Office> {
        Consent.offices_in_manager(settings)
    }
}

/// What the proof says against a DAO that was founded with another constructor.
async fn failures(liar: &'static Liar) -> Result<Vec<String>> {
    let mut site = Site::new()?;
    let mut all = parts::ALL.to_vec();
    let place = all.iter().position(|part| part.name() == Consent.name()).expect("the consent");
    all[place] = liar;
    site.config = Config::parse_with(&settings(&consent()?)?, "dao.toml", &all)?;
    site.artifacts = Artifacts::load(harness::deploy::programs(), &site.config)?;
    let error = format!("{:#}", site.finish().await.expect_err("a lie"));
    assert!(error.starts_with("could not read back and prove: the deployment is not what was configured: "), "{error}");
    Ok(site.verify().await?.failures().map(ToString::to_string).collect())
}

#[tokio::test]
async fn a_wider_policy_is_named() -> Result<()> {
    static LIAR: Liar = Liar(|call| {
        call.policy.limit = 1_000;
        call.longest[4] = u16::MAX;
    });
    let found = failures(&LIAR).await?;
    // What the constructor logged, and what it should have logged.
    assert_eq!(found.len(), 4, "{found:?}");
    let logs = "logs of the consent at its founding is ";
    assert!(found[0].starts_with(&format!("{logs}PolicySet {{")), "{found:?}");
    assert!(found[1].starts_with(&format!("{logs}missing, not PolicySet {{")), "{found:?}");
    assert_eq!(found[2], "consent.policy: emergencies in a window is 1000, not 3");
    assert!(found[3].contains("HRESCH without end"), "{found:?}");
    Ok(())
}

/// A patient that reads TREAT would permit research.
#[tokio::test]
async fn codes_that_are_exchanged_are_named() -> Result<()> {
    static LIAR: Liar = Liar(|call| {
        let [treat, research] = [0, 1].map(|run| {
            let mut runs = call.codes.iter().enumerate().filter(|(_, codes)| codes.table == 1);
            runs.nth(run).expect("a run").0
        });
        let code = call.codes[treat].codes[0];
        call.codes[treat].codes[0] = std::mem::replace(&mut call.codes[research].codes[0], code);
    });
    let found = failures(&LIAR).await?;
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(found[..4].iter().all(|said| said.starts_with("logs of the consent at its founding is ")), "{found:?}");
    let codes = "codes of the purposes is 0 = HRESCH instead of TREAT, 4 = TREAT instead of HRESCH, not as founded";
    assert_eq!(found[4], codes);
    Ok(())
}
