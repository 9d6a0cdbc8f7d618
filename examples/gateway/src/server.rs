//! Hands out ciphertexts and wrapped keys. Whoever has no private key that was asked with can do nothing with either,
//! so there is nothing to log in to.

use std::path::PathBuf;

use alloy::primitives::B256;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Router, serve as run};
use eyre::{Result, WrapErr};
use tokio::net::TcpListener;

use crate::vault::Vault;

/// The longest name of a file: a CID of 32 bytes in base 16.
const LONGEST: usize = 80;

/// Serves `/records/CID` and `/answers/ID/REQUEST`, until the program ends.
///
/// # Errors
/// If the network fails.
pub async fn serve(listener: TcpListener, vault: Vault) -> Result<()> {
    let app = Router::new().route("/records/{name}", get(record)).route("/answers/{id}/{request}", get(answer));
    run(listener, app.with_state(vault)).await.wrap_err("the server has failed")
}

async fn record(State(vault): State<Vault>, Path(cid): Path<String>) -> Result<Vec<u8>, StatusCode> {
    // No name leads out of the folder, or to what is not whole.
    let is_plain = cid.len() <= LONGEST && cid.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_plain { read(vault.record(&cid)).await } else { Err(StatusCode::NOT_FOUND) }
}

async fn answer(State(vault): State<Vault>, Path((id, request)): Path<(B256, B256)>) -> Result<Vec<u8>, StatusCode> {
    read(vault.answer(id, request)).await
}

async fn read(path: PathBuf) -> Result<Vec<u8>, StatusCode> {
    tokio::fs::read(path).await.map_err(|_| StatusCode::NOT_FOUND)
}
