//! The side of who asked: fetches the ciphertext and the wrapped key, checks both against the registry, and decrypts.

use std::time::Duration;

use alloy::primitives::B256;
use consilium_bindings::DataPointerRegistry as abi;
use consilium_deploy::registry::{EncryptionKey, Registry, WrappedKey, cid_of, open};
use eyre::{OptionExt, Result, WrapErr, ensure, eyre};
use sha2::{Digest, Sha256};

use crate::cipher::decrypt;

const PATIENCE: Duration = Duration::from_secs(20);

/// The code of sha2-256, by which this gateway's ciphertexts are found.
const SHA2_256: u64 = 0x12;

/// The record of a pointer that was asked for with `key`, from the gateway at a URL. The gateway is not trusted.
///
/// # Errors
/// If the request was not answered, the record was erased, or the gateway gives something else.
pub async fn fetch(
    registry: &Registry,
    gateway: &str,
    id: B256,
    request: B256,
    key: &EncryptionKey,
) -> Result<Vec<u8>> {
    let found = registry.read(abi::contentsCall { id }).await?;
    ensure!(found.hashCode == SHA2_256, "the record {id} was erased, or is not one of this gateway");
    let place = abi::Manifest {
        hashCode: found.hashCode,
        digest: found.digest,
        locatorKind: found.locatorKind,
        locatorCodec: found.locatorCodec,
        locator: found.locator,
    };
    let cid = cid_of(&place).ok_or_eyre("the record is not found by a CID")?;

    let wrapped = get(gateway, &format!("answers/{id}/{request}")).await.wrap_err("the request has no answer")?;
    let wrapped: WrappedKey = serde_json::from_slice(&wrapped).wrap_err("the gateway gives no wrapped key")?;
    let asked = wrapped.asked();
    ensure!((asked.id, asked.request) == (id, request), "the gateway gives the answer to another request");
    let opened = open(registry, &wrapped, key).await?;

    let ciphertext = get(gateway, &format!("records/{cid}")).await.wrap_err("the record is not there")?;
    let digest = B256::new(Sha256::digest(&ciphertext).into());
    ensure!(digest == found.digest, "the gateway gives another ciphertext than the registry has the hash of");
    decrypt(opened.key(), &ciphertext)
}

async fn get(gateway: &str, path: &str) -> Result<Vec<u8>> {
    let url = format!("{}/{path}", gateway.trim_end_matches('/'));
    let answer = consilium_deploy::client(PATIENCE)?.get(&url).send().await.map_err(|error| eyre!("{error}"))?;
    ensure!(answer.status().is_success(), "{url}: {}", answer.status());
    Ok(answer.bytes().await?.to_vec())
}
