//! A node that fails in the middle of a run: what was paid before is told.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alloy::primitives::Address;
use eyre::Result;
use serde_json::{Value, json};

use super::revenue;
use super::scene::*;
use crate::answer;
use crate::consent::scene::told;
use crate::{pending, refusal, run_by};

/// Reads a message of HTTP with its length.
fn message(from: &mut TcpStream) -> Vec<u8> {
    let (mut read, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&read).to_ascii_lowercase();
        if let Some(head) = text.find("\r\n\r\n") {
            let length = text.split("content-length:").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
            if read.len() >= head + 4 + length.unwrap_or(0) {
                return read;
            }
        }
        match from.read(&mut part) {
            Ok(count) if count > 0 => read.extend_from_slice(&part[..count]),
            _ => return read,
        }
    }
}

fn body(message: &[u8]) -> String {
    String::from_utf8_lossy(message).split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
}

/// A node that passes everything on to another one, and answers no call any more as soon as it has taken a
/// transaction; its URL.
fn failing(node: &str) -> String {
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", server.local_addr().expect("an address"));
    let node = node.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let has_sent = Arc::new(AtomicBool::new(false));
    std::thread::spawn(move || {
        for connection in server.incoming() {
            let Ok(mut connection) = connection else { return };
            let (node, has_sent) = (node.clone(), has_sent.clone());
            std::thread::spawn(move || {
                let asked = message(&mut connection);
                let Ok(request) = serde_json::from_str::<Value>(&body(&asked)) else { return };
                let method = request["method"].as_str().unwrap_or_default().to_owned();
                let reply = if method == "eth_call" && has_sent.load(Ordering::SeqCst) {
                    let error = json!({ "code": -32_000, "message": "the node is tired" });
                    json!({ "jsonrpc": "2.0", "id": request["id"], "error": error }).to_string()
                } else {
                    let mut upstream = TcpStream::connect(&node).expect("the node listens");
                    upstream.write_all(&asked).expect("passed on");
                    body(&message(&mut upstream))
                };
                has_sent.fetch_or(method == "eth_sendRawTransaction", Ordering::SeqCst);
                let _ = connection.write_all(answer("200 OK", &reply).as_bytes());
            });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_before_a_failure_is_told() -> Result<()> {
    let scene = Scene::start().await?;
    scene.with_publisher().await?;
    let _ = scene.does(&scene.payer, &["pay", "1000", "--class", "8"]);
    let url = failing(&scene.records.chain.url());
    let output = run_by(&scene.payer, revenue(&["release", "--all", "--json"]), scene.at, &url);
    let found: Value = crate::parsed(&told(&output));
    assert_eq!(found["payees"].as_array().map(Vec::len), Some(1), "{found}");
    assert!(["600", "300"].map(|paid| json!(paid)).contains(&found["payees"][0]["paid"]), "{found}");
    assert!(refusal(output).contains("the node is tired"));

    // 51 payees are paid in two transactions, of which the second is not sent.
    let people: Vec<_> = (1..=51_u8).map(|byte| Address::repeat_byte(byte).to_string()).collect();
    let rows: Vec<_> = people.iter().map(|payee| format!("{payee},1,")).collect();
    let folder = scene.built("epoch", &rows, &[]);
    let number = scene.opened(&folder).await?;
    let url = failing(&scene.records.chain.url());
    let words = ["claim", &folder, "--number", &number, "--payee", &people.join(","), "--json"];
    let output = run_by(&scene.payer, revenue(&words), scene.at, &url);
    let found: Value = crate::parsed(&told(&output));
    let paid = found["payees"].as_array().expect("payees");
    assert!(paid.len() == 50 && paid.iter().all(|one| one["paid"] == "1"), "{found}");
    assert!(refusal(output).contains("the node is tired"));
    Ok(())
}

/// When the call can be made is known from the announcement itself.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_announced_before_a_failure_is_told() -> Result<()> {
    const DELAY: u32 = 600;
    let scene = Scene::start().await?;
    scene.with_publisher_after(DELAY).await?;
    scene.fund(10).await?;
    let folder = scene.built("epoch", &[format!("{},10,", Address::repeat_byte(1))], &[]);
    let url = failing(&scene.records.chain.url());
    let words = ["epoch", "publish", &folder, "--deadline", "+90d", "--json"];
    let output = run_by(&scene.publisher, revenue(&words), scene.at, &url);
    let announced: Value = crate::parsed(&pending(&output));
    let from = scene.records.chain.now().await? + u64::from(DELAY);
    assert_eq!((&announced["from"], &announced["until"]), (&json!(from), &json!(from + 7 * 86_400)), "{announced}");
    assert!(announced["transaction"].as_str().is_some_and(|hash| hash.starts_with("0x")), "{announced}");
    Ok(())
}
