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
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    /// Body.
    pub(crate) body: String,
}

/// One connection to a node.
#[derive(Debug)]
pub(crate) struct Client {
    address: SocketAddr,
}

impl Client {
    pub(crate) fn new(node: &DevNode) -> Self {
        Self::at(node.address())
    }

    pub(crate) fn at(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Sends bytes as they are, and reads until the node closes.
    pub(crate) fn raw(&self, request: &[u8]) -> Answer {
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
    pub(crate) fn post(&self, body: &str) -> Answer {
        self.post_bytes(body.as_bytes())
    }

    /// Posts a body, which may be anything, as JSON.
    pub(crate) fn post_bytes(&self, body: &[u8]) -> Answer {
        let length = body.len();
        let head = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n"
        );
        self.raw(&[head.as_bytes(), body].concat())
    }

    /// Calls a method: its result, or its error.
    pub(crate) fn try_call(&self, method: &str, params: Value) -> Result<Value, Value> {
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
    pub(crate) fn call(&self, method: &str, params: Value) -> Value {
        self.try_call(method, params.clone()).unwrap_or_else(|error| panic!("{method}{params}: {error}"))
    }

    /// A quantity that a method answers.
    pub(crate) fn number(&self, method: &str, params: Value) -> u64 {
        number(&self.call(method, params))
    }

    /// Time of the newest block.
    pub(crate) fn time(&self) -> u64 {
        number(&self.call("eth_getBlockByNumber", json!(["latest", false]))["timestamp"])
    }
}

/// A quantity as a number.
pub(crate) fn number(value: &Value) -> u64 {
    u64::from_str_radix(value.as_str().unwrap().strip_prefix("0x").unwrap(), 16).unwrap()
}
