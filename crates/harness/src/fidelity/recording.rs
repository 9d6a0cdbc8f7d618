//! The raw log: one request and its answer a line.

use eyre::{Context, Result as EyreResult};
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

/// A recording, in the order in which its requests were sent.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The requests with their answers.
    pub entries: Vec<Entry>,
}

/// One request and what Nitro answered.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Line")]
pub struct Entry {
    /// Number of the request, from 1.
    pub n: u64,
    /// What the request is a part of, as `group/name`.
    pub step: String,
    /// What was asked and answered.
    pub call: Call,
    /// Values to be taken from earlier answers of the node under test.
    pub take: Vec<Take>,
    /// The wording of an error is not compared, only that it is there.
    pub free: bool,
    /// Chance decides the outcome: nothing is compared.
    pub race: bool,
}

/// A request by JSON-RPC, or one below it.
#[derive(Debug, Clone)]
pub enum Call {
    /// Plain HTTP, to see how the server treats what is not a proper request.
    Http {
        /// The request as it went out.
        http: HttpRequest,
        /// The answer as it came.
        answer: HttpAnswer,
    },
    /// A JSON-RPC request.
    Rpc {
        /// The method's name.
        method: String,
        /// The parameters as they stood in the request.
        params: Value,
        /// The result, absent where there is an error.
        result: Value,
        /// The error object.
        error: Option<Value>,
    },
}

/// A request below JSON-RPC.
#[derive(Debug, Clone, Deserialize)]
pub struct HttpRequest {
    /// The HTTP method.
    pub verb: String,
    /// The headers that are given on purpose.
    pub headers: Map<String, Value>,
    /// The body.
    pub body: String,
}

/// An answer below JSON-RPC.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// The header Content-Type.
    pub content_type: Option<String>,
    /// The body as text.
    pub body: String,
}

/// A value of an earlier answer that has to go into the parameters.
#[derive(Debug, Clone, Deserialize)]
pub struct Take {
    /// Where in the parameters.
    pub to: Vec<Key>,
    /// The entry whose answer has it.
    pub n: u64,
    /// Where in that answer.
    pub path: Vec<Key>,
}

/// A step into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub enum Key {
    /// A position in a list.
    Index(usize),
    /// A key of an object.
    Name(String),
}

/// A line as it stands in the file. (Flattening and untagged enums would lose serde_json's exact numbers.)
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    n: u64,
    step: String,
    method: Option<String>,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<Value>,
    http: Option<HttpRequest>,
    answer: Option<HttpAnswer>,
    #[serde(default)]
    take: Vec<Take>,
    text: Option<String>,
    #[serde(default)]
    race: bool,
}

impl TryFrom<Line> for Entry {
    type Error = &'static str;

    fn try_from(line: Line) -> Result<Self, Self::Error> {
        let call = match (line.method, line.http, line.answer) {
            (Some(method), None, None) => {
                Call::Rpc { method, params: line.params, result: line.result, error: line.error }
            }
            (None, Some(http), Some(answer)) => Call::Http { http, answer },
            _ => return Err("an entry has either a method, or http and answer"),
        };
        let free = line.text.as_deref() == Some("free");
        Ok(Self { n: line.n, step: line.step, call, take: line.take, free, race: line.race })
    }
}

impl TryFrom<Value> for Key {
    type Error = &'static str;

    fn try_from(key: Value) -> Result<Self, Self::Error> {
        match key {
            Value::String(name) => Ok(Self::Name(name)),
            Value::Number(index) => {
                index.as_u64().and_then(|k| k.try_into().ok()).map(Self::Index).ok_or("a position is a whole number")
            }
            _ => Err("a key is a name or a position"),
        }
    }
}

impl Recording {
    /// Reads a gzipped raw log.
    ///
    /// # Errors
    /// If the file cannot be read, or a line is not an entry.
    pub fn open(path: &Path) -> EyreResult<Self> {
        let file = File::open(path).wrap_err_with(|| format!("cannot read the recording {}", path.display()))?;
        let entries = BufReader::new(GzDecoder::new(file))
            .lines()
            .enumerate()
            .map(|(at, line)| {
                let line = line?;
                serde_json::from_str(&line).wrap_err_with(|| format!("{} line {}", path.display(), at + 1))
            })
            .collect::<EyreResult<_>>()?;
        Ok(Self { entries })
    }

    /// The groups in the order of their first request.
    pub fn groups(&self) -> Vec<&str> {
        let mut groups = Vec::new();
        for entry in &self.entries {
            if !groups.contains(&entry.group()) {
                groups.push(entry.group());
            }
        }
        groups
    }
}

impl Entry {
    /// The part of the step before the slash.
    pub fn group(&self) -> &str {
        self.step.split('/').next().unwrap_or_default()
    }

    /// The method's name, `http` for what is below JSON-RPC.
    pub fn method(&self) -> &str {
        match &self.call {
            Call::Rpc { method, .. } => method,
            Call::Http { .. } => "http",
        }
    }

    /// The calldata of the call object in the parameters, empty if there is none.
    pub fn calldata(&self) -> &str {
        let Call::Rpc { params, .. } = &self.call else { return "" };
        ["input", "data"]
            .iter()
            .filter_map(|key| params.get(0)?.get(key)?.as_str())
            .find(|s| !s.is_empty())
            .unwrap_or("")
    }

    /// The recorded answer in the form that is compared.
    pub fn answer(&self) -> Value {
        match &self.call {
            Call::Http { answer, .. } => answer.to_compare(),
            Call::Rpc { error: Some(error), .. } => json!({ "error": error }),
            Call::Rpc { result, .. } => json!({ "result": result }),
        }
    }
}

impl HttpAnswer {
    /// The form that is compared: a body that is JSON is compared as JSON, so that blanks and the order of keys are free.
    pub fn to_compare(&self) -> Value {
        let body = serde_json::from_str(&self.body).unwrap_or_else(|_| Value::String(self.body.clone()));
        json!({ "http": { "status": self.status, "contentType": self.content_type, "body": body } })
    }
}
