//! JSON-RPC over HTTP and WebSocket.
//!
//! The server is axum's; what is said over it is our own, since a Nitro node's answers (ids of any kind, `GET` requests,
//! batches that are shortened item by item) go beyond what the libraries for JSON-RPC allow.

mod batch;
mod error;
mod filters;
mod hardhat;
mod http;
mod json;
mod log_query;
mod members;
mod methods;
mod node;
mod node_interface;
mod param;
mod params;
mod revert;
mod socket;
mod subscription;
mod typed_data;
mod value;
mod wire;

use crate::chain::{Chain, Style};
use axum::serve::ListenerExt;
use filters::Filters;
use hardhat::Hardhat;
use node::Node;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves a chain for as long as it is awaited.
pub(crate) async fn serve(listener: TcpListener, chain: Chain) -> std::io::Result<()> {
    let hardhat = (chain.style() == Style::Hardhat).then(Hardhat::new);
    let node = Arc::new(Node { chain, filters: Filters::default(), hardhat });
    // An answer is one small packet: it must not wait for more.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, http::router(node)).await
}
