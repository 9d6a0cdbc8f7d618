//! JSON-RPC over HTTP and WebSocket.
//!
//! The server is axum's; what is said over it is our own, since a Nitro node's answers (ids of any kind, `GET` requests,
//! batches that are shortened item by item) go beyond what the libraries for JSON-RPC allow.

mod batch;
mod error;
mod filters;
mod http;
mod json;
mod methods;
mod params;
mod revert;
mod socket;
mod wire;

pub use error::RpcError;

use crate::chain::Chain;
use filters::Filters;
use std::sync::Arc;
use tokio::net::TcpListener;

/// What the methods work on.
#[derive(Debug)]
struct Node {
    chain: Chain,
    filters: Filters,
}

/// Serves a chain until `stop` is ready.
pub(crate) async fn serve(
    listener: TcpListener,
    chain: Chain,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let node = Arc::new(Node { chain, filters: Filters::default() });
    axum::serve(NoDelay(listener), http::router(node)).with_graceful_shutdown(stop).await
}
