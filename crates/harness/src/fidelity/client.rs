//! A small HTTP client on one persistent connection.
//!
//! The recording has requests that a proper client refuses to send (a GET with a body, no content type), and replaying
//! six thousand requests wants no connection each.

use super::{HttpAnswer, HttpRequest};
use eyre::{Context, Result, bail, ensure};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of one node.
#[derive(Debug)]
pub struct Client {
    host: String,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    /// A client of the node at an `http://host:port` address. Connects at the first request.
    ///
    /// # Errors
    /// If the address is of another form.
    pub fn new(url: &str) -> Result<Self> {
        let Some(host) = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/')) else {
            bail!("a node's address begins with http://, and this is {url}");
        };
        ensure!(!host.contains('/'), "a node's address has no path, and this is {url}");
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        Ok(Self { host, connection: None })
    }

    /// Sends a JSON-RPC request and gives back `{"result": ..}` or `{"error": ..}`.
    ///
    /// # Errors
    /// If the node cannot be reached, or answers with something else than JSON-RPC.
    pub fn call(&mut self, id: u64, method: &str, params: &Value) -> Result<Value> {
        let body = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string();
        let headers = [("Content-Type", "application/json")];
        let answer = self.exchange("POST", &headers, &body).wrap_err_with(|| format!("{method} (request {id})"))?;
        let Ok(Value::Object(mut answer)) = serde_json::from_str(&answer.body) else {
            bail!("{method} (request {id}) was answered with status {} and {:?}", answer.status, answer.body);
        };
        Ok(match answer.remove("error") {
            Some(error) if !error.is_null() => json!({ "error": error }),
            _ => json!({ "result": answer.remove("result").unwrap_or_default() }),
        })
    }

    /// Sends requests together and gives back their results, in order.
    ///
    /// # Errors
    /// If the node cannot be reached, or answers one of them with an error.
    pub fn batch(&mut self, requests: &[(&str, Value)]) -> Result<Vec<Value>> {
        let body = |(id, (method, params)): (usize, &(&str, Value))| json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        let body = Value::Array(requests.iter().enumerate().map(body).collect()).to_string();
        let answer = self.exchange("POST", &[("Content-Type", "application/json")], &body)?;
        let answers: Vec<Value> = serde_json::from_str(&answer.body)
            .wrap_err_with(|| format!("a batch was answered with status {} and {:?}", answer.status, answer.body))?;
        ensure!(answers.len() == requests.len(), "{} requests have {} answers", requests.len(), answers.len());
        let result = |(mut answer, (method, _)): (Value, &(&str, Value))| match answer.get("error") {
            Some(error) => bail!("{method}: {error}"),
            None => Ok(answer["result"].take()),
        };
        answers.into_iter().zip(requests).map(result).collect()
    }

    /// Sends a request below JSON-RPC.
    ///
    /// # Errors
    /// If the node cannot be reached, or does not speak HTTP.
    pub fn http(&mut self, request: &HttpRequest) -> Result<HttpAnswer> {
        let headers: Vec<_> =
            request.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect();
        self.exchange(&request.verb, &headers, &request.body)
    }

    /// One request and its answer. A kept connection that the node has closed meanwhile is replaced once.
    fn exchange(&mut self, verb: &str, headers: &[(&str, &str)], body: &str) -> Result<HttpAnswer> {
        if let Some(kept) = self.connection.take()
            && let Ok(answer) = self.try_exchange(kept, verb, headers, body)
        {
            return Ok(answer);
        }
        let stream =
            TcpStream::connect(&self.host).wrap_err_with(|| format!("cannot connect to the node at {}", self.host))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        self.try_exchange(BufReader::new(stream), verb, headers, body)
    }

    fn try_exchange(
        &mut self,
        mut connection: BufReader<TcpStream>,
        verb: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<HttpAnswer> {
        let mut request = format!("{verb} / HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request += &format!("Host: {}\r\n", self.host);
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Accept: */*\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        connection.get_mut().write_all(request.as_bytes())?;
        let (answer, keep) = read_answer(&mut connection, verb)?;
        self.connection = keep.then_some(connection);
        Ok(answer)
    }
}

/// Reads an answer, and whether the connection may be used again.
fn read_answer(from: &mut BufReader<TcpStream>, verb: &str) -> Result<(HttpAnswer, bool)> {
    let first = read_line(from)?;
    let status: u16 =
        first.split(' ').nth(1).unwrap_or_default().parse().wrap_err_with(|| format!("not HTTP: {first:?}"))?;
    let (mut length, mut chunked, mut keep, mut content_type) = (None, false, true, None);
    let mut encoding = None;
    loop {
        let line = read_line(from)?;
        let Some((name, value)) = line.split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(value.parse::<usize>()?),
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "connection" => keep = !value.eq_ignore_ascii_case("close"),
            "content-encoding" => encoding = Some(value.to_ascii_lowercase()),
            "content-type" => content_type = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut body = Vec::new();
    if verb == "HEAD" || status == 204 || status == 304 {
        // No body follows, whatever the headers say.
    } else if chunked {
        loop {
            let size = usize::from_str_radix(read_line(from)?.split(';').next().unwrap_or_default().trim(), 16)?;
            let start = body.len();
            body.resize(start + size, 0);
            from.read_exact(&mut body[start..])?;
            read_line(from)?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = length {
        body.resize(length, 0);
        from.read_exact(&mut body)?;
    } else {
        keep = false;
        from.read_to_end(&mut body)?;
    }
    let body = decoded(body, encoding.as_deref())?;
    Ok((HttpAnswer { status, content_type, body: String::from_utf8_lossy(&body).into_owned() }, keep))
}

/// The body as it was before it was compressed. Some recorded requests accept gzip, and Nitro then sends it.
fn decoded(body: Vec<u8>, encoding: Option<&str>) -> Result<Vec<u8>> {
    match encoding {
        None | Some("identity") => Ok(body),
        Some("gzip") => {
            let mut plain = Vec::new();
            MultiGzDecoder::new(&body[..]).read_to_end(&mut plain).wrap_err("an answer that is no gzip")?;
            Ok(plain)
        }
        Some(other) => bail!("the node's answer is encoded as {other}, which nobody asked for"),
    }
}

fn read_line(from: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = String::new();
    ensure!(from.read_line(&mut line)? > 0, "the node closed the connection");
    line.truncate(line.trim_end().len());
    Ok(line)
}
