//! Assertions that a software authenticator and a browser's side of WebAuthn make during the test (`tests/passkeys`).

use std::process::Command;

use alloy::primitives::{B256, Bytes, U256, hex};
use eyre::{Context, Result, ensure};
use harness::npm;
use p256::ecdsa::Signature;
use serde::Deserialize;
use serde_json::json;

use super::key::{Assertion, halves, has_signed, sha256, twin};
use crate::twins::Twins;

#[derive(Deserialize)]
struct Passkey {
    key: Bytes,
    assertions: Vec<Response>,
}

/// What a browser hands over.
#[derive(Deserialize)]
struct Response {
    #[serde(rename = "authenticatorData")]
    data: Bytes,
    #[serde(rename = "clientDataJSON")]
    text: Bytes,
    signature: Bytes,
}

impl Response {
    /// As a wallet makes it ready for a contract: it looks for the indexes and takes the low `s`.
    fn assertion(&self, key: &[u8]) -> Result<Assertion> {
        let find = |what: &str| String::from_utf8_lossy(&self.text).find(what).map(U256::from).unwrap_or_default();
        let signature = Signature::from_der(&self.signature).map_err(|error| eyre::eyre!("{error}"))?;
        let [r, s] = halves(signature.normalize_s().unwrap_or(signature));
        Ok(Assertion {
            r,
            s,
            challenge_index: find(r#""challenge":""#),
            type_index: find(r#""type":""#),
            data: self.data.to_vec(),
            text: self.text.to_vec(),
            key: key.to_vec(),
        })
    }
}

/// Makes a passkey for a domain and lets it sign.
fn sign(rp_id: &str, origin: &str, challenges: &[B256], verified: bool) -> Result<Passkey> {
    let challenges: Vec<_> = challenges.iter().map(hex::encode).collect();
    let input = json!({ "rpId": rp_id, "origin": origin, "challenges": challenges, "verified": verified });
    let folder = npm::installed("passkeys")?;
    let output = Command::new("node").arg("sign.js").arg(input.to_string()).current_dir(folder).output()?;
    ensure!(output.status.success(), "sign.js failed:\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).wrap_err("sign.js prints something else")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_authenticator_signs_is_taken() -> Result<()> {
    let twins = Twins::start().await?;
    let challenges: Vec<_> = (0..24u64).map(|number| sha256(number.to_be_bytes())).collect();
    let Passkey { key, assertions } = sign("dao.example", "https://vote.dao.example", &challenges, true)?;
    let mut high = 0;
    for (index, (challenge, response)) in challenges.iter().zip(&assertions).enumerate() {
        let assertion = response.assertion(&key)?;
        let ask = |assertion: &Assertion, hash: B256| {
            let mut call = has_signed(&key, assertion.encode());
            call.hash = hash;
            call
        };
        twins.call(ask(&assertion, *challenge)).await?.returned((true, sha256("dao.example")));
        let other = challenges[(index + 1) % challenges.len()];
        twins.call(ask(&assertion, other)).await?.returned((false, B256::ZERO));
        let unchanged = twin(assertion.s);
        twins.call(ask(&Assertion { s: unchanged, ..assertion }, *challenge)).await?.returned((false, B256::ZERO));
        let made = Signature::from_der(&response.signature).map_err(|error| eyre::eyre!("{error}"))?;
        high += u32::from(halves(made)[1] == unchanged);
    }
    // The authenticator itself makes high ones; that it makes none of 24 happens once in sixteen million runs.
    ensure!(high > 0 && assertions.len() == 24, "{high} of {} signatures were high", assertions.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_that_is_not_verified_has_not_signed() -> Result<()> {
    let twins = Twins::start().await?;
    let challenge = sha256("unverified");
    let Passkey { key, assertions } = sign("dao.example", "https://dao.example", &[challenge], false)?;
    let assertion = assertions[0].assertion(&key)?;
    assert_eq!(assertion.data[32] & 5, 1, "the authenticator says that the user is present and not verified");
    let mut call = has_signed(&key, assertion.encode());
    call.hash = challenge;
    twins.call(call).await?.returned((false, B256::ZERO));
    Ok(())
}
