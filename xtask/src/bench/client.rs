//! A JSON-RPC client that costs next to nothing, so that what is measured is the node: one connection that is kept open, one
//! request in flight, requests that are put together before the clock starts.

use eyre::{OptionExt, Result, WrapErr, bail, ensure};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json, value::RawValue};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A node that takes longer than this for an answer is broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request in the bytes that go over the connection.
#[derive(Debug)]
pub(crate) struct Request(Vec<u8>);

impl Request {
    /// A method with its parameters, a list.
    pub(crate) fn new(method: &str, params: impl Serialize) -> Self {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        Self([head, body].concat().into_bytes())
    }
}

/// What the node answers a request with.
#[derive(Deserialize)]
struct Answer<'a> {
    error: Option<Value>,
    /// None if it is `null`.
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

/// A connection to a node on this machine.
#[derive(Debug)]
pub(crate) struct Client(BufReader<TcpStream>);

impl Client {
    pub(crate) fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request and waits for its result.
    pub(crate) fn send<T: DeserializeOwned>(&mut self, request: &Request) -> Result<T> {
        self.0.get_mut().write_all(&request.0)?;
        let body = self.body()?;
        let answer: Answer<'_> = serde_json::from_slice(&body).wrap_err("the node's answer is no JSON-RPC")?;
        if let Some(error) = answer.error {
            bail!("the node refused a request: {error}");
        }
        Ok(serde_json::from_str(answer.result.map_or("null", RawValue::get))?)
    }

    /// Reads an answer's body.
    fn body(&mut self) -> Result<Vec<u8>> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        ensure!(line.starts_with("HTTP/1.1 200 "), "the node answered {line:?}");
        let mut length = None;
        while line != "\r\n" {
            line.clear();
            ensure!(self.0.read_line(&mut line)? > 0, "the node closed the connection");
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse()?);
            }
        }
        let mut body = vec![0; length.ok_or_eyre("an answer without its length")?];
        self.0.read_exact(&mut body)?;
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::{Client, Request};
    use alloy::primitives::U64;
    use devnode::{CHAIN_ID, DevNode};

    #[test]
    fn one_connection_takes_answers_nulls_and_errors() {
        let node = DevNode::spawn().unwrap();
        let mut client = Client::connect(node.address().port()).unwrap();
        let chain_id = Request::new("eth_chainId", [(); 0]);
        assert_eq!(client.send::<U64>(&chain_id).unwrap(), U64::from(CHAIN_ID));
        let block = Request::new("eth_getBlockByNumber", ("0xffff", false));
        assert_eq!(client.send::<Option<U64>>(&block).unwrap(), None);
        let error = client.send::<U64>(&Request::new("eth_nonsense", [(); 0])).unwrap_err().to_string();
        assert!(error.contains("-32601"), "{error}");
        assert_eq!(client.send::<U64>(&chain_id).unwrap(), U64::from(CHAIN_ID));
    }
}
