//! A node in front of another node, which answers some requests by itself.

use std::sync::Arc;
use std::time::Duration;

use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use consilium_deploy::client;
use eyre::{Result, ensure};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How long the node behind may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a node in front of another answers by itself: by method and parameters, given the answer of the one behind.
/// None leaves it unchanged.
type Alter = dyn Fn(&str, &Value, &Value) -> Option<Value> + Send + Sync;

/// A node in front of the one at `url`, and its own URL.
///
/// # Errors
/// Where no port is free.
pub async fn node(
    url: String,
    alter: impl Fn(&str, &Value, &Value) -> Option<Value> + Send + Sync + 'static,
) -> Result<String> {
    let server = TcpListener::bind("127.0.0.1:0").await?;
    let own = format!("http://{}", server.local_addr()?);
    // The first client of a process brings its TLS along.
    let behind = ProviderBuilder::default().connect_reqwest(client(PATIENCE)?, url.parse()?).erased();
    let alter: Arc<Alter> = Arc::new(alter);
    tokio::spawn(async move {
        while let Ok((connection, _)) = server.accept().await {
            tokio::spawn(serve(connection, behind.clone(), alter.clone()));
        }
    });
    Ok(own)
}

async fn serve(mut connection: TcpStream, behind: DynProvider, alter: Arc<Alter>) -> Result<()> {
    let mut read = Vec::new();
    loop {
        let end = loop {
            if let Some(at) = read.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            ensure!(connection.read_buf(&mut read).await? > 0, "closed");
        };
        let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let length = length.unwrap_or_default();
        while read.len() < end + length {
            ensure!(connection.read_buf(&mut read).await? > 0, "closed");
        }
        let request: Value = serde_json::from_slice(&read[end..end + length])?;
        read.drain(..end + length);
        let method = request["method"].as_str().unwrap_or_default().to_owned();
        let answer: Result<Value, _> = behind.raw_request(method.clone().into(), request["params"].clone()).await;
        let answer = match answer {
            Ok(result) => json!({ "result": result }),
            Err(error) => json!({ "error": error.as_error_resp().expect("an answer") }),
        };
        let mut answer = alter(&method, &request["params"], &answer).unwrap_or(answer);
        match answer[HTTP].as_u64() {
            None => {}
            Some(0) => return Ok(()),
            Some(status) => {
                let head = format!("HTTP/1.1 {status} Unserved\r\ncontent-length: 0\r\n\r\n");
                connection.write_all(head.as_bytes()).await?;
                continue;
            }
        }
        answer["jsonrpc"] = "2.0".into();
        answer["id"] = request["id"].clone();
        let body = answer.to_string();
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        connection.write_all(&[head.as_bytes(), body.as_bytes()].concat()).await?;
    }
}

/// The member of an answer that is none of JSON-RPC: its status.
const HTTP: &str = "http";

/// An answer of HTTP with a status and nothing else.
pub fn http(status: u16) -> Value {
    json!({ HTTP: status })
}

/// No answer: the connection is closed.
pub fn closed() -> Value {
    http(0)
}

/// A refusal.
pub fn error(message: &str) -> Value {
    json!({ "error": { "code": -32000, "message": message } })
}
