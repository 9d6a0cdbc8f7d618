//! A pointer is offered to another custodian, and accepted.

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256};
use consilium_bindings::DataPointerRegistry as R;
use eyre::Result;
use harness::chain::Account;
use harness::records::STORE;

use super::scene::*;
use crate::consent::scene::{done, somebody};
use crate::refusal;

impl Scene {
    /// A hospital that is admitted as a custodian; the patient has not let it store anything.
    async fn hospital(&self) -> Result<Account> {
        let hospital = self.chain.account("hospital").await?;
        let until = U48::from(self.chain.now().await? + 1_000_000);
        self.sends(&self.dao, self.at, R::admitCustodianCall { account: hospital.address(), until }).await?;
        Ok(hospital)
    }

    async fn custodian_of(&self, id: &str) -> Result<Address> {
        Ok(self.reads(R::statusCall { id: id.parse()? }).await?.custodian)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pointer_is_offered_taken_back_offered_again_and_accepted() -> Result<()> {
    let scene = Scene::start().await?;
    let (hospital, (id, _)) = (scene.hospital().await?, scene.registered("result.json"));
    let (lab, to) = (scene.lab.address(), hospital.address().to_string());
    let (offer, accept, withdraw) =
        (["offer", "--id", &id, "--to", &to], ["accept", "--id", &id], ["withdraw", "--id", &id]);

    let error = refusal(scene.runs(&scene.lab, &withdraw));
    assert!(error.contains(&format!("the pointer {id} is offered to nobody")), "{error}");
    let error = refusal(scene.runs(&hospital, &accept));
    let reason = format!("the pointer {id} is not offered to {to}, or the offer has ended");
    assert!(error.contains(&reason) && error.ends_with("(RegistryNoOffer)"), "{error}");

    let told = done(&scene.runs(&scene.lab, &offer));
    assert!(told.starts_with(&format!("offered {id} to {to}: it is yours until {to} accepts it\n")), "{told}");
    let words = done(&scene.runs(&scene.doctor, &["show", "--id", &id]));
    assert!(words.contains(&format!("\nit is offered to the custodian {to}")), "{words}");
    let error = refusal(scene.runs(&scene.doctor, &withdraw));
    assert!(error.ends_with("(RegistryUnauthorized)"), "{error}");
    let taken = scene.does(&scene.lab, &withdraw);
    assert_eq!((taken["id"].as_str(), account(&taken["offeredTo"])), (Some(&*id), hospital.address()));
    let error = refusal(scene.runs(&hospital, &accept));
    assert!(error.ends_with("(RegistryNoOffer)"), "{error}");

    let offered = scene.does(&scene.lab, &offer);
    assert_eq!((account(&offered["from"]), account(&offered["to"])), (lab, hospital.address()));
    // The consent is asked of who takes it over.
    let error = refusal(scene.runs(&hospital, &accept));
    assert!(error.ends_with("(RegistrationRefused)"), "{error}");
    assert_eq!(scene.custodian_of(&id).await?, lab);
    scene.permits(hospital.address(), STORE).await?;
    let told = done(&scene.runs(&hospital, &accept));
    assert!(told.starts_with(&format!("took {id} over from {lab}\n")), "{told}");
    assert_eq!(scene.custodian_of(&id).await?, hospital.address());

    // What it had, it offers no more.
    let error = refusal(scene.runs(&scene.lab, &["offer", "--id", &id, "--to", &to]));
    assert!(error.contains("hands over") && error.ends_with("(RegistryUnauthorized)"), "{error}");
    let back = scene.does(&hospital, &["offer", "--id", &id, "--to", &lab.to_string()]);
    assert_eq!(account(&back["to"]), lab);
    let back = scene.does(&scene.lab, &accept);
    assert_eq!((account(&back["from"]), account(&back["to"])), (hospital.address(), lab));
    assert_eq!(scene.custodian_of(&id).await?, lab);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pointer_is_offered_to_another_custodian_and_to_nobody_else() -> Result<()> {
    let scene = Scene::start().await?;
    let (id, _) = scene.registered("result.json");
    let [own, nobody, zero] = [scene.lab.address(), somebody("nobody"), Address::ZERO].map(|to| to.to_string());
    for (of, to, reason) in [
        (&*id, &*own, "has the pointer: name another custodian by --to"),
        (&id, &zero, "the zero address is nobody's: `consilium registry withdraw` takes an offer back"),
        (
            &id,
            &nobody,
            "is not an admitted custodian: the DAO admits it, by `consilium registry admit` (RegistryNotAdmitted)",
        ),
        (&B256::repeat_byte(1).to_string(), &nobody, "(RegistryNoSuchPointer)"),
    ] {
        let error = refusal(scene.runs(&scene.lab, &["offer", "--id", of, "--to", to]));
        assert!(error.ends_with(reason), "{error}");
    }
    assert_eq!(scene.reads(R::custodyOfferCall { id: id.parse()? }).await?, Address::ZERO);
    Ok(())
}
