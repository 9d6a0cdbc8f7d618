//! The replayer against a server that plays a recording back: it must find what was changed, and nothing else.

use harness::fidelity::{Exceptions, Mask, Recording, Report, Selection, replay};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// Requests that the server saw, in order.
type Seen = Arc<Mutex<Vec<Value>>>;

/// Serves one connection after the other; `answer` makes the response's body out of a request.
fn serve(answer: impl Fn(&Value) -> Value + Send + 'static) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = serve_one(stream, &answer, &log);
        }
    });
    (url, seen)
}

fn serve_one(stream: TcpStream, answer: &impl Fn(&Value) -> Value, log: &Seen) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let request: Value = serde_json::from_slice(&body).expect("a request");
        log.lock().expect("no panic").push(request.clone());
        let body = answer(&request).to_string();
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.get_mut().write_all((head + &body).as_bytes())?;
    }
}

fn recording(lines: Value) -> Recording {
    let entries = lines.as_array().expect("a list").iter().cloned().map(serde_json::from_value);
    Recording { entries: entries.collect::<Result<_, _>>().expect("entries") }
}

fn run(url: &str, recording: &Recording, selection: &Selection) -> Report {
    let mask: Mask = serde_json::from_value(json!([])).expect("no rules");
    replay(url, recording, None, &mask, &Exceptions::default(), selection, |_, _| ()).expect("a replay")
}

#[test]
fn exactly_what_differs_is_reported() {
    let (url, _) = serve(|request| json!({ "id": request["id"], "result": request["params"][0] }));
    let recording = recording(json!([
        { "n": 1, "step": "a/one", "method": "m", "params": ["0x1"], "result": "0x1" },
        { "n": 2, "step": "a/two", "method": "m", "params": ["0x2"], "result": "0x3" },
        { "n": 3, "step": "b/three", "method": "m", "params": ["0x4"], "error": { "code": 1, "message": "no" } },
    ]));
    let report = run(&url, &recording, &Selection::default());
    let found: Vec<_> = report.differences().map(|it| (it.n, it.path.as_str())).collect();
    assert_eq!(found, [(2, "result"), (3, "error"), (3, "result")]);
    let group = &report.groups[0];
    assert_eq!(
        (group.name.as_str(), group.requests, group.compared, group.steps.len(), group.differing.len()),
        ("a", 2, 2, 2, 1)
    );
}

#[test]
fn a_selection_is_compared_and_all_before_it_is_sent() {
    let (url, seen) = serve(|_| json!({ "result": null }));
    let recording = recording(json!([
        { "n": 1, "step": "a/one", "method": "m", "params": [], "result": 1 },
        { "n": 2, "step": "b/two", "method": "m", "params": [], "result": 1 },
        { "n": 3, "step": "b/three", "method": "m", "params": [], "result": 1 },
        { "n": 4, "step": "c/four", "method": "m", "params": [], "result": 1 },
    ]));
    let selection = Selection::new(vec!["b".into()], Some("two")).expect("a selection");
    let report = run(&url, &recording, &selection);
    assert_eq!(report.differences().map(|it| it.n).collect::<Vec<_>>(), [2]);
    assert_eq!(seen.lock().expect("no panic").len(), 2, "what comes after the selection is not sent");
}

#[test]
fn values_that_only_the_node_knows_are_taken_from_its_answers() {
    let (url, seen) = serve(|request| match request["method"].as_str() {
        Some("make") => json!({ "result": { "ids": ["0xmine"] } }),
        _ => json!({ "result": true }),
    });
    let recording = recording(json!([
        { "n": 1, "step": "a/one", "method": "make", "params": [], "result": { "ids": ["0xmine"] } },
        { "n": 2, "step": "a/two", "method": "use", "params": [{ "id": "0xtheirs" }], "result": true,
          "take": [{ "to": [0, "id"], "n": 1, "path": ["result", "ids", 0] }] },
        { "n": 3, "step": "a/three", "method": "use", "params": ["0xtheirs"], "result": true,
          "take": [{ "to": [0], "n": 1, "path": ["result", "none"] }] },
    ]));
    let report = run(&url, &recording, &Selection::default());
    assert_eq!(report.differences().count(), 0);
    let seen = seen.lock().expect("no panic");
    assert_eq!(seen[1]["params"], json!([{ "id": "0xmine" }]));
    assert_eq!(seen[2]["params"], json!(["0xtheirs"]), "what the answer lacks stays as recorded");
}

#[test]
fn what_would_do_harm_is_not_sent() {
    let (url, seen) = serve(|_| json!({ "result": 1 }));
    let recording = recording(json!([
        { "n": 1, "step": "a/mine", "method": "evm_mine", "params": [], "error": { "code": -32601, "message": "no" } },
        { "n": 2, "step": "a/two", "method": "m", "params": [], "result": 1 },
    ]));
    let mask: Mask = serde_json::from_value(json!([])).expect("no rules");
    let exceptions: Exceptions =
        toml::from_str("[[exception]]\nrecordings = ['r']\nstep = 'a/mine'\nskip = true\nwhy = 'we have it'")
            .expect("exceptions");
    let report =
        replay(&url, &recording, None, &mask, &exceptions, &Selection::default(), |_, _| ()).expect("a replay");
    assert_eq!((report.differences().count(), report.excepted), (0, vec![1]));
    assert_eq!(seen.lock().expect("no panic").len(), 1);
}

#[test]
fn what_chance_decides_is_sent_and_not_compared() {
    let (url, seen) = serve(|_| json!({ "result": "other" }));
    let recording = recording(json!([
        { "n": 1, "step": "a/race", "method": "send", "params": ["0x1"], "result": "x", "race": true },
        { "n": 2, "step": "a/race", "method": "send", "params": ["0x2"], "result": "x", "race": true },
        { "n": 3, "step": "a/race", "method": "receipt", "params": [], "result": "x", "race": true },
    ]));
    assert_eq!(run(&url, &recording, &Selection::default()).differences().count(), 0);
    assert_eq!(seen.lock().expect("no panic").len(), 3);
}

#[test]
fn a_receipt_that_is_late_is_waited_for() {
    let asked = Mutex::new(0);
    let (url, _) = serve(move |request| {
        if request["method"] == "eth_sendRawTransaction" {
            return json!({ "result": "0xhash" });
        }
        let mut asked = asked.lock().expect("no panic");
        *asked += 1;
        json!({ "result": if *asked < 3 { Value::Null } else { json!("here") } })
    });
    let recording = recording(json!([
        { "n": 1, "step": "a/one", "method": "eth_sendRawTransaction", "params": ["0x02"], "result": "0xhash" },
        { "n": 2, "step": "a/one", "method": "eth_getTransactionReceipt", "params": ["0xhash"], "result": "here" },
    ]));
    assert_eq!(run(&url, &recording, &Selection::default()).differences().count(), 0);
}

#[test]
fn the_receipt_of_a_refused_transaction_is_not_waited_for() {
    let (url, seen) = serve(|_| json!({ "result": null }));
    let recording = recording(json!([
        { "n": 1, "step": "a/one", "method": "eth_getTransactionReceipt", "params": ["0xhash"], "result": "here" },
    ]));
    assert_eq!(run(&url, &recording, &Selection::default()).differences().count(), 1);
    assert_eq!(seen.lock().expect("no panic").len(), 1);
}

#[test]
fn a_node_that_is_not_there_is_an_error() {
    let recording = recording(json!([{ "n": 1, "step": "a/one", "method": "m", "params": [], "result": 1 }]));
    let mask: Mask = serde_json::from_value(json!([])).expect("no rules");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let failed = replay(&url, &recording, None, &mask, &Exceptions::default(), &Selection::default(), |_, _| ());
    assert!(format!("{:?}", failed.expect_err("nobody answers")).contains("cannot connect"));
}
