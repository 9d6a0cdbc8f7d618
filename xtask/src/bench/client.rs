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

/// Where a node listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Name or address, and port.
    host: String,
    /// What the URL has behind it; at least a slash.
    path: String,
}

impl Endpoint {
    /// A node on this machine.
    pub(crate) fn local(port: u16) -> Self {
        Self { host: format!("127.0.0.1:{port}"), path: "/".to_owned() }
    }

    /// The endpoint of an `http` URL. This client speaks nothing else: encryption would be measured with the node.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let rest = url.strip_prefix("http://").ok_or_eyre("the bench takes a URL like http://127.0.0.1:8547")?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        ensure!(!host.is_empty() && !host.contains('@'), "the bench takes a URL like http://127.0.0.1:8547");
        let port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let host = if port { host.to_owned() } else { format!("{host}:80") };
        Ok(Self { host, path: if path.is_empty() { "/".to_owned() } else { path.to_owned() } })
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.host, self.path)
    }

    /// A connection of its own to it.
    pub(crate) fn connect(&self) -> Result<Client> {
        let stream = TcpStream::connect(&self.host).wrap_err_with(|| format!("no node answers at {}", self.host))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Client { stream: BufReader::new(stream), path: self.path.clone(), host: self.host.clone() })
    }
}

/// A request, put together.
#[derive(Debug)]
pub(crate) struct Request(String);

impl Request {
    /// A method with its parameters, a list.
    pub(crate) fn new(method: &str, params: impl Serialize) -> Self {
        Self(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string())
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

/// A connection to a node.
#[derive(Debug)]
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    host: String,
    path: String,
}

impl Client {
    /// Sends a request and waits for its result.
    pub(crate) fn send<T: DeserializeOwned>(&mut self, request: &Request) -> Result<T> {
        let (Self { host, path, .. }, Request(body)) = (&self, request);
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let body = self.body()?;
        let answer: Answer<'_> = serde_json::from_slice(&body).wrap_err("the node's answer is no JSON-RPC")?;
        if let Some(error) = answer.error {
            bail!("the node refused a request: {error}");
        }
        Ok(serde_json::from_str(answer.result.map_or("null", RawValue::get))?)
    }

    /// Reads an answer's body.
    fn body(&mut self) -> Result<Vec<u8>> {
        let status = self.line()?;
        ensure!(status.starts_with("HTTP/1.1 200 "), "the node answered {status:?}");
        let mut length = None;
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.trim().parse()?);
            }
        }
        match length {
            Some(length) => self.bytes(length),
            None => self.chunks(),
        }
    }

    /// A body of unknown length: chunks, each with its length in front, the last one empty. Go's server sends long answers so.
    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let length = self.line()?;
            let length = usize::from_str_radix(&length, 16).wrap_err("an answer without its length")?;
            body.extend(self.bytes(length)?);
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line)? > 0, "the node closed the connection");
        Ok(line.trim_end().to_owned())
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, Request};
    use alloy::primitives::U64;
    use devnode::{CHAIN_ID, DevNode};
    use std::io::{Read, Write};
    use std::net::TcpListener;

    #[test]
    fn one_connection_takes_answers_nulls_and_errors() {
        let node = DevNode::spawn().unwrap();
        let mut client = Endpoint::local(node.address().port()).connect().unwrap();
        let chain_id = Request::new("eth_chainId", [(); 0]);
        assert_eq!(client.send::<U64>(&chain_id).unwrap(), U64::from(CHAIN_ID));
        let block = Request::new("eth_getBlockByNumber", ("0xffff", false));
        assert_eq!(client.send::<Option<U64>>(&block).unwrap(), None);
        let error = client.send::<U64>(&Request::new("eth_nonsense", [(); 0])).unwrap_err().to_string();
        assert!(error.contains("-32601"), "{error}");
        assert_eq!(client.send::<U64>(&chain_id).unwrap(), U64::from(CHAIN_ID));
    }

    #[test]
    fn an_answer_comes_in_chunks() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Endpoint::local(server.local_addr().unwrap().port());
        let serve = std::thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let _ = stream.read(&mut [0; 1_024]).unwrap();
            let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                          b\r\n{\"result\":\"\r\n5\r\n0x7\"}\r\n0\r\n\r\n";
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let mut client = endpoint.connect().unwrap();
        assert_eq!(client.send::<U64>(&Request::new("eth_chainId", [(); 0])).unwrap(), U64::from(7));
        serve.join().unwrap();
    }

    #[test]
    fn a_url_says_where_a_node_listens() {
        let parsed = |url| Endpoint::parse(url).map(|endpoint| endpoint.url()).map_err(|error| error.to_string());
        assert_eq!(parsed("http://127.0.0.1:8547"), Ok("http://127.0.0.1:8547/".to_owned()));
        assert_eq!(parsed("http://nitro/rpc/v1"), Ok("http://nitro:80/rpc/v1".to_owned()));
        for bad in ["", "nonsense", "https://example.org", "ws://127.0.0.1:8548", "http://", "http://user:word@host"] {
            assert!(parsed(bad).unwrap_err().contains("http://127.0.0.1:8547"), "{bad}");
        }
    }
}
