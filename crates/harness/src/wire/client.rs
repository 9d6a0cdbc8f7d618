//! A node and a client that sends exactly what it is told to.

use devnode::DevNode;
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// An answer below JSON-RPC.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: String,
}

/// One connection to a node.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
}

impl Client {
    /// A client of a node in this process.
    pub fn new(node: &DevNode) -> Self {
        Self::at(node.address())
    }

    /// A client of whatever listens there.
    pub fn at(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Sends bytes as they are, and reads until the node closes.
    pub fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        // The node may refuse before it has read everything.
        let _ = stream.write_all(request);
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
        let text = String::from_utf8_lossy(&text).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, body: body.to_owned() }
    }

    /// Posts a body as JSON.
    pub fn post(&self, body: &str) -> Answer {
        self.post_bytes(body.as_bytes())
    }

    /// Posts a body, which may be anything, as JSON.
    pub fn post_bytes(&self, body: &[u8]) -> Answer {
        let length = body.len();
        let head = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n"
        );
        self.raw(&[head.as_bytes(), body].concat())
    }

    /// Calls a method: its result, or its error.
    pub fn try_call(&self, method: &str, params: Value) -> Result<Value, Value> {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer = self.post(&request.to_string());
        assert_eq!(answer.status, 200, "{answer:?}");
        let mut answer: Value = serde_json::from_str(&answer.body).unwrap();
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["result"].take()),
        }
    }

    /// Calls a method that must succeed.
    pub fn call(&self, method: &str, params: Value) -> Value {
        self.try_call(method, params.clone()).unwrap_or_else(|error| panic!("{method}{params}: {error}"))
    }

    /// A quantity that a method answers.
    pub fn number(&self, method: &str, params: Value) -> u64 {
        number(&self.call(method, params))
    }

    /// Time of the newest block.
    pub fn time(&self) -> u64 {
        number(&self.call("eth_getBlockByNumber", json!(["latest", false]))["timestamp"])
    }
}

/// A quantity as a number.
pub fn number(value: &Value) -> u64 {
    u64::from_str_radix(value.as_str().unwrap().strip_prefix("0x").unwrap(), 16).unwrap()
}
