//! HTTP and WebSocket on one port: what is let in, what is refused, how answers are framed.
//!
//! Statuses and texts are those of a Nitro node (golden recording, `rpc/http: …`).

use super::{batch, node::Node, socket, wire};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, Request, State, ws::WebSocketUpgrade},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{net::IpAddr, sync::Arc};

/// Longest request body in bytes.
const LONGEST_BODY: usize = 5 << 20;

pub(super) fn router(node: Arc<Node>) -> Router {
    Router::new().fallback(handle).with_state(node)
}

async fn handle(State(node): State<Arc<Node>>, request: Request) -> Response {
    if !host_is_local(request.headers()) {
        return text(StatusCode::FORBIDDEN, "invalid host specified");
    }
    if request.headers().get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket")) {
        return upgrade(node, request).await;
    }
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    match *request.method() {
        Method::GET if length.unwrap_or(0) == 0 && !is_chunked(request.headers()) => {
            return StatusCode::OK.into_response();
        }
        Method::PUT | Method::DELETE => return text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed"),
        _ => {}
    }
    if let Some(length) = length.filter(|length| *length > LONGEST_BODY) {
        return too_large(length);
    }
    if request.method() == Method::OPTIONS {
        return json(Bytes::new());
    }
    if !is_json(request.headers()) {
        return text(StatusCode::UNSUPPORTED_MEDIA_TYPE, "invalid content type, only application/json is supported");
    }
    match to_bytes(request.into_body(), LONGEST_BODY).await {
        Ok(body) => json(batch::answer(&node, wire::read(&body), None).await.into()),
        Err(_) => too_large(LONGEST_BODY + 1),
    }
}

async fn upgrade(node: Arc<Node>, request: Request) -> Response {
    // A browser's page is not a client of a node on this machine: like Nitro without --ws.origins.
    if request.headers().contains_key(header::ORIGIN) {
        return text(StatusCode::FORBIDDEN, "origin not allowed");
    }
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade
            .max_message_size(socket::LONGEST_MESSAGE)
            .max_frame_size(socket::LONGEST_MESSAGE)
            .on_upgrade(move |socket| socket::serve(node, socket)),
        Err(refused) => refused.into_response(),
    }
}

/// Against pages that resolve their own name to this machine (DNS rebinding): an IP or `localhost` only.
fn host_is_local(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return true };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok()
}

fn is_chunked(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING)
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else { return false };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["application/json", "application/json-rpc", "application/jsonrequest"].contains(&kind.as_str())
}

fn too_large(length: usize) -> Response {
    text(StatusCode::PAYLOAD_TOO_LARGE, &format!("content length too large ({length}>{LONGEST_BODY})"))
}

fn text(status: StatusCode, line: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{line}\n")).into_response()
}

fn json(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], Body::from(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_hosts_are_served() {
        let local = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            host_is_local(&headers)
        };
        for host in ["127.0.0.1:8547", "localhost:8547", "LOCALHOST", "[::1]:8547", "10.0.0.7"] {
            assert!(local(host), "{host}");
        }
        for host in ["example.com", "example.com:8547", "localhost.example.com", ""] {
            assert!(!local(host), "{host}");
        }
        assert!(host_is_local(&HeaderMap::new()));
    }
}
