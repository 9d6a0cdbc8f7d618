//! A node that compresses its answers where a request accepts it, as Nitro's server does.

use flate2::{Compression, write::GzEncoder};
use harness::fidelity::{Exceptions, Mask, Recording, Selection, data_dir, replay};
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

/// The step of the recording whose request accepts gzip.
const STEP: &str = "rpc/http: header: gzip accepted";

fn serve(body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = answer(stream, &body);
        }
    });
    url
}

fn answer(stream: TcpStream, body: &str) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut length, mut accepted, mut line) = (0, false, String::new());
    while line.trim() != "" || line.is_empty() {
        line.clear();
        stream.read_line(&mut line)?;
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        accepted |= lower.starts_with("accept-encoding:") && lower.contains("gzip");
    }
    stream.read_exact(&mut vec![0; length])?;
    assert!(accepted, "the recorded header is sent");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body.as_bytes())?;
    let body = encoder.finish()?;
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked";
    write!(stream.get_mut(), "{head}\r\n\r\n{:x}\r\n", body.len())?;
    stream.get_mut().write_all(&body)?;
    stream.get_mut().write_all(b"\r\n0\r\n\r\n")
}

#[test]
fn compressed_answers_are_compared_as_what_they_hold() {
    let recording = Recording::open(&data_dir().join("nitro-v3.9.8.raw.jsonl.gz")).expect("the recording");
    let entries: Vec<_> = recording.entries.into_iter().filter(|entry| entry.step == STEP).collect();
    assert_eq!(entries.len(), 1);
    let recording = Recording { entries };
    let mask: Mask = serde_json::from_value(json!([])).expect("no rules");
    let differences = |body: &str| {
        let url = serve(body.to_owned());
        let none = Exceptions::default();
        let report = replay(&url, &recording, None, &mask, &none, &Selection::default(), |_, _| ()).expect("a replay");
        report.differences().count()
    };
    assert_eq!(differences("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x64aba\"}\n"), 0);
    assert_eq!(differences("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}\n"), 1);
}
