//! From the settings in the repository to a record that is read, handed over and erased, by the command alone.

use std::process::{Command, Output};

use alloy::primitives::{Address, keccak256};
use consilium_deploy::Deployment;
use eyre::{OptionExt, Result, ensure};
use harness::chain::{Account, Chain};
use serde_json::{Value, json};

use crate::consent::scene::{Desk, done};
use crate::{consilium, root};

/// A DAO of `health.toml`, and the folder of who uses it.
struct Place {
    chain: Chain,
    desk: Desk,
    records: String,
}

impl Place {
    /// Deploys it. One account has the registry's two offices.
    async fn deployed() -> Result<(Self, Account)> {
        let (chain, desk) = (Chain::start()?, Desk::new());
        let office = chain.account("office").await?;
        let mut settings = std::fs::read_to_string(root().join("deploy/config/health.toml"))?;
        for name in ["admitters", "curators"] {
            let member = format!("{name} = [{{ address = \"{}\", until = 2040-01-01T00:00:00Z }}]", office.address());
            let line = settings.lines().find(|line| line.starts_with(&format!("# {name} = [")));
            let line = line.ok_or_eyre("health.toml shows the office")?.to_owned();
            settings = settings.replace(&line, &member);
        }
        let (config, records) = (desk.file("my-dao.toml", settings), desk.path("deployments"));
        let place = Self { chain, desk, records };
        let output = place.ends(&mut consilium(&["deploy", "--config", &config, "--records", &place.records]));
        ensure!(done(&output).contains("done  read back and prove: "), "{output:?}");
        let output = place.ends(&mut consilium(&["verify", "--config", &config]));
        ensure!(output.status.success(), "{output:?}");
        Ok((place, office))
    }

    fn ends(&self, command: &mut Command) -> Output {
        command.args(["--rpc-url", &self.chain.url()]);
        tokio::task::block_in_place(|| command.output().expect("the command runs"))
    }

    /// Runs a command for the deployment as an account; it must succeed.
    #[track_caller]
    fn does(&self, by: &Account, words: &[&str]) -> String {
        let mut command = consilium(&[words, &["--records", &self.records]].concat());
        command.env("CONSILIUM_PRIVATE_KEY", by.signer.to_bytes().to_string());
        done(&self.ends(&mut command))
    }

    /// The same of a command that prints JSON.
    #[track_caller]
    fn says(&self, by: &Account, words: &[&str]) -> Value {
        crate::parsed(&self.does(by, &[words, &["--json"]].concat()))
    }

    /// Signs as an account, for the contract of this name in the record; the file.
    fn signs(&self, by: &Account, command: &str, contract: &'static str, words: &[&str]) -> Result<String> {
        let (at, file) =
            (self.at(contract)?.to_string(), self.desk.path(&format!("{}.json", keccak256(words.join(" ")))));
        let mut command = consilium(&[&[command, "sign"], words].concat());
        command.args(["--contract", &at, "--chain", "412346", "--out", &file]);
        command.env("CONSILIUM_PRIVATE_KEY", by.signer.to_bytes().to_string());
        let _ = done(&command.output()?);
        Ok(file)
    }

    fn at(&self, contract: &'static str) -> Result<Address> {
        let record = Deployment::read(self.records.as_ref(), nitro::CHAIN_ID)?.ok_or_eyre("a record")?;
        record.address(contract)
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_registered_read_handed_over_and_erased_in_a_new_dao() -> Result<()> {
    let (place, office) = Place::deployed().await?;
    let (patient, doctor) = (place.chain.account("patient").await?, place.chain.account("doctor").await?);
    let (lab, hospital) = (place.chain.account("lab").await?, place.chain.account("hospital").await?);
    for custodian in [&lab, &hospital] {
        let account = custodian.address().to_string();
        place.does(&office, &["registry", "admit", "--account", &account, "--until", "+365d"]);
    }
    let schema = place.desk.file("schema.json", "a schema");
    let words = ["registry", "schema", "propose", &schema, "--url", "https://schema.example", "--version", "1"];
    let proposed = place.says(&doctor, &[&words[..], &["--class", "LABORATORY"]].concat());
    let number = proposed["schema"].to_string();
    place.does(&office, &["registry", "schema", "activate", "--number", &number]);

    // The patient signs, and the laboratory pays.
    let mut consents = Vec::new();
    for (number, (who, purpose)) in
        [(&lab, "RECORDMGT"), (&hospital, "RECORDMGT"), (&doctor, "TREAT")].iter().enumerate()
    {
        let (grantor, grantee) = (patient.address().to_string(), who.address().to_string());
        let number = number.to_string();
        let words = ["grant", "--grantor", &grantor, "--grantee", &grantee, "--classes", "LABORATORY", "--purposes"];
        let more = [*purpose, "--expiry", "+30d", "--nonce", &number];
        consents.push(place.signs(&patient, "consent", "consent", &[&words[..], &more].concat())?);
    }
    let files = consents.iter().map(String::as_str);
    place.does(&lab, &["consent", "relay"].into_iter().chain(files).collect::<Vec<_>>());

    let key = place.desk.path("record.key");
    let made: Value = crate::parsed(&done(&consilium(&["registry", "key", "--out", &key, "--json"]).output()?));
    let pointer = json!({
        "subject": patient.address().to_string(),
        "dataClass": "LABORATORY",
        "schema": 1,
        "cid": format!("f01551220{:x}", keccak256("a ciphertext")),
        "encryption": 1,
        "keyCommitment": made["keyCommitment"],
    });
    let pointer = place.desk.file("pointer.json", pointer.to_string());
    let id = text(&place.says(&lab, &["registry", "register", &pointer])["id"]);

    let (keys, wrapped, opened) =
        (place.desk.path("doctor.keys"), place.desk.path("wrapped.json"), place.desk.path("opened.key"));
    let actor = doctor.address().to_string();
    let words = ["request", "--id", &id, "--actor", &actor, "--purpose", "TREAT", "--key-file", &keys, "--nonce", "0"];
    let asked = place.signs(&doctor, "registry", "data-pointer-registry", &words)?;
    let request = text(&place.says(&lab, &["registry", "relay", &asked])[0]["request"]);
    let deliver = ["--id", &id, "--request", &request, "--record-key", &key, "--out", &wrapped];
    place.says(&lab, &[&["registry", "deliver"], &deliver[..]].concat());
    place.says(&doctor, &["registry", "open", &wrapped, "--key-file", &keys, "--out", &opened]);
    assert_eq!(std::fs::read_to_string(&opened)?, std::fs::read_to_string(&key)?);

    place.says(&lab, &["registry", "offer", "--id", &id, "--to", &hospital.address().to_string()]);
    place.says(&hospital, &["registry", "accept", "--id", &id]);
    let words = ["erase", "--id", &id, "--nonce", "0"];
    let erase = place.signs(&patient, "registry", "data-pointer-registry", &words)?;
    place.does(&hospital, &["registry", "relay", &erase]);
    let shown = place.says(&doctor, &["registry", "show", "--id", &id]);
    let (custodian, gone_by): (Address, Address) =
        (text(&shown["custodian"]).parse()?, text(&shown["goneBy"]).parse()?);
    assert_eq!((shown["state"].as_u64(), custodian, gone_by), (Some(3), hospital.address(), patient.address()));
    assert_eq!(shown["requests"][0]["delivered"], true);
    Ok(())
}
