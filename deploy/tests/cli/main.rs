//! The command as a person runs it: what it prints, and how it ends.

mod consent;
#[cfg(target_os = "linux")]
mod huge;
mod mandate;
mod meant;
mod passkey;
mod registry;
mod revenue;
mod safe;
mod told;
mod vault;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use alloy::primitives::Address;
use devnode::DevNode;
use harness::chain::Account;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The repository's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("deploy/ stands in the repository").to_owned()
}

/// `consilium` in the repository's folder, with nothing of this process's settings.
fn consilium(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_consilium"));
    command.args(arguments).current_dir(root());
    for variable in ["CONSILIUM_RPC_URL", "CONSILIUM_PRIVATE_KEY", "CONSILIUM_KEYSTORE_PASSWORD"] {
        command.env_remove(variable);
    }
    command
}

/// Asserts that a run failed with one line on standard error besides what it sent, and gives it.
#[track_caller]
fn refusal(output: Output) -> String {
    failure(output, 1)
}

/// Asserts that a question was not answered, with one line on standard error, and gives it.
#[track_caller]
fn unanswered(output: Output) -> String {
    failure(output, 4)
}

/// Asserts that nothing failed and that it is not done either, and gives what was printed.
#[track_caller]
fn pending(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(3) && said.lines().all(|line| line.starts_with("sent 0x")), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn failure(output: Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    let said = String::from_utf8(output.stderr).expect("text");
    let is_before = |line: &&str| line.starts_with("sent 0x") || line.starts_with("warning: ");
    let error: String = said.split_inclusive('\n').skip_while(is_before).collect();
    assert!(error.starts_with("error: ") && error.trim_end().lines().count() == 1, "{error}");
    error.trim_end().to_owned()
}

/// What was printed as JSON, or is in a file of it. Each address in it has its checksum; compare it as serde writes one.
#[track_caller]
fn parsed(text: &str) -> Value {
    let found: Value = serde_json::from_str(text).expect("JSON");
    let again = consilium_deploy::json::pretty(&found).expect("JSON");
    assert_eq!(serde_json::from_str::<Value>(&again).expect("JSON"), found, "an address has no checksum");
    without_checksums(found)
}

fn without_checksums(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() == 42 && text.starts_with("0x") => {
            text.parse::<Address>().map_or(Value::String(text), |address| json!(address))
        }
        Value::Array(list) => list.into_iter().map(without_checksums).collect(),
        Value::Object(members) => members.into_iter().map(|(key, member)| (key, without_checksums(member))).collect(),
        other => other,
    }
}

fn run(mut command: Command) -> Output {
    command.output().expect("the command runs")
}

/// Runs a command as an account, for a contract on the node at a URL.
fn run_by(by: &Account, mut command: Command, contract: Address, url: &str) -> Output {
    command.args(["--contract", &contract.to_string(), "--rpc-url", url]);
    command.env("CONSILIUM_PRIVATE_KEY", by.signer.to_bytes().to_string());
    tokio::task::block_in_place(|| run(command))
}

/// The devnet's settings with one text replaced, as a file.
fn settings(from: &str, to: &str) -> (TempDir, String) {
    let text = std::fs::read_to_string(root().join("deploy/config/devnet.toml")).expect("the devnet's settings");
    assert!(text.contains(from), "{from}");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("dao.toml");
    std::fs::write(&file, text.replacen(from, to, 1)).expect("written");
    let name = file.display().to_string();
    (folder, name)
}

#[test]
fn it_deploys_and_verifies() {
    let node = DevNode::spawn().expect("a node");
    let records = tempfile::tempdir().expect("a folder");
    let (url, folder) = (node.http_url(), records.path().display().to_string());
    let place = ["--rpc-url", &url];
    let with_records = ["deploy", "--rpc-url", &url, "--records", &folder];

    let output = run(consilium(&with_records));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    let first = format!("Deploying to chain 412346 from {}\n", nitro::DEV_ACCOUNT);
    assert!(text.starts_with(&first), "{text}");
    for line in ["done  create the Founder: ", "done  found the DAO: ", "done  read back and prove: "] {
        assert_eq!(text.matches(line).count(), 1, "{line} in {text}");
    }
    assert!(records.path().join("412346.json").is_file());

    let output = run(consilium(&with_records));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("done before  found the DAO\n"), "{text}");
    assert!(text.contains("not needed   renew the governor\n"), "{text}");

    let output = run(consilium(&[&["renew"], &place[..]].concat()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("not needed   renew the timelock\n"), "{text}");

    // Nothing that the deployer kept is asked for.
    std::fs::remove_dir_all(records.path()).expect("removed");

    let output = run(consilium(&[&["verify"], &place[..]].concat()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("holders of PROPOSER_ROLE"), "{output:?}");
    assert!(!text.contains(" NO "), "{text}");

    let (_file, config) = settings("min_delay = 120", "min_delay = 121");
    let output = run(consilium(&[&["verify", "--config", &config], &place[..]].concat()));
    assert!(refusal(output).starts_with("error: no DAO of these settings and programs stands on chain 412346: "));
}

/// Who reads the output may go away: the deployment goes on to its end, and the exit code says how it ended.
#[test]
fn it_needs_no_listener() {
    let node = DevNode::spawn().expect("a node");
    let records = tempfile::tempdir().expect("a folder");
    let (url, folder) = (node.http_url(), records.path().display().to_string());
    let deaf = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = consilium(arguments);
        command.stdout(writer.try_clone().expect("a pipe")).stderr(writer);
        run(command).status.code()
    };
    assert_eq!(deaf(&["deploy", "--rpc-url", &url, "--records", &folder]), Some(0));
    let record = std::fs::read_to_string(records.path().join("412346.json")).expect("a record");
    assert!(record.contains("\"complete\": true"), "{record}");
    assert_eq!(deaf(&["verify", "--rpc-url", &url]), Some(0));
    let (_file, config) = settings("least_days = 90", "least_days = 364");
    assert_eq!(deaf(&["renew", "--config", &config, "--rpc-url", &url]), Some(1));
}

/// Ctrl-C while the node is asked what it would take: nothing is sent any more.
#[test]
fn it_stops_at_once_where_nothing_was_sent() {
    use std::io::{Read, Write};
    let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", server.local_addr().expect("an address"));
    let records = tempfile::tempdir().expect("a folder");
    let command = consilium(&["deploy", "--rpc-url", &url, "--records", &records.path().display().to_string()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the command runs");
    // Its first question is for the chain's id. The next one is not answered.
    let hear = || {
        let mut connection = server.accept().expect("a connection").0;
        assert!(connection.read(&mut [0; 4096]).expect("a request") > 0);
        connection
    };
    let id = answer("200 OK", r#"{"jsonrpc":"2.0","id":0,"result":"0x64aba"}"#);
    hear().write_all(id.as_bytes()).expect("answered");
    let silent = hear();
    let pid = command.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
    let output = command.wait_with_output().expect("it ends");
    // Or it was ended by the signal itself, before it listened.
    assert!(matches!(output.status.code(), Some(130) | None) && output.stderr.is_empty(), "{output:?}");
    assert_eq!(records.path().read_dir().expect("a folder").count(), 0, "nothing was begun");
    drop(silent);
}

#[test]
fn settings_are_refused_by_file_and_line() {
    for (from, to, reason) in [
        ("min_delay = 120", "min_delay = 0", "the timelock's delay is zero"),
        ("min_delay", "min_dealy", "has no key `min_dealy`"),
        ("\"200_000\"", "\"2_000_000\"", "with this amount the holders have more than the supply"),
        ("late_quorum_extension = 120", "late_quorum_extension = 301", "is longer than the voting period"),
        ("0xf39Fd6e5", "0xf39fd6e5", "the checksum of a holder is wrong"),
    ] {
        let (_folder, config) = settings(from, to);
        let line = std::fs::read_to_string(&config).expect("read").lines().position(|line| line.contains(to));
        let line = line.expect("a line") + 1;
        let error = refusal(run(consilium(&["deploy", "--config", &config])));
        assert!(error.starts_with(&format!("error: {config}:{line}:")) && error.contains(reason), "{error}");
    }
}

#[test]
fn a_node_that_is_down_or_of_another_chain_is_refused() {
    let node = DevNode::spawn().expect("a node");
    let url = node.http_url();
    let (_folder, config) = settings("id = 412346", "id = 42161");
    let error = refusal(run(consilium(&["deploy", "--config", &config, "--rpc-url", &url])));
    assert_eq!(error, format!("error: {url} is a node of chain 412346, and chain 42161 is meant"));
    drop(node);
    for (task, code) in [("deploy", 1), ("verify", 4)] {
        let error = failure(run(consilium(&[task, "--rpc-url", &url])), code);
        assert!(error.starts_with(&format!("error: no node answers at {url}: ")), "{error}");
    }
}

/// What is wrong with the URL is said: another kind of server, no scheme, TLS where there is none.
#[test]
fn what_is_no_node_is_told_from_one_that_is_down() {
    let page = answering(answer("200 OK", "<html>not a node</html>"));
    let node = DevNode::spawn().expect("a node");
    let authority = node.http_url().trim_start_matches("http://").to_owned();
    let begins = "it begins with neither http:// nor https://";
    for (url, reason) in [
        (format!("http://127.0.0.1:{page}"), "what answers there speaks no JSON-RPC, as a web page does not"),
        ("localhost:9547".to_owned(), begins),
        ("127.0.0.1:9547".to_owned(), begins),
        (format!("ws://{authority}"), begins),
        (format!("https://{authority}"), "it may speak HTTP without TLS, so write http:// in place of https://"),
    ] {
        let error = refusal(run(consilium(&["renew", "--rpc-url", &url])));
        assert!(error.ends_with(reason), "{url}: {error}");
    }
    // Nobody is asked for the password of a keystore that is not there.
    let error = refusal(run(consilium(&["renew", "--rpc-url", &node.http_url(), "--keystore", "/none/key.json"])));
    assert_eq!(error, "error: there is no keystore /none/key.json");
}

#[test]
fn keys_come_from_the_environment_and_are_never_shown() {
    let node = DevNode::spawn().expect("a node");
    let url = node.http_url();
    let secret = "0x00000000000000000000000000000000000000000000000000000000000000zz";
    let mut command = consilium(&["deploy", "--rpc-url", &url]);
    command.env("CONSILIUM_PRIVATE_KEY", secret);
    let error = refusal(run(command));
    assert_eq!(error, "error: CONSILIUM_PRIVATE_KEY is no private key: 64 hexadecimal digits");

    // A good key is taken, and its account has nothing.
    let records = tempfile::tempdir().expect("a folder");
    let mut command = consilium(&["deploy", "--rpc-url", &url, "--records", &records.path().display().to_string()]);
    command.env("CONSILIUM_PRIVATE_KEY", "0x0000000000000000000000000000000000000000000000000000000000000001");
    let error = refusal(run(command));
    assert!(error.starts_with("error: 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf has 0.0"), "{error}");
    assert_eq!(records.path().read_dir().expect("a folder").count(), 0, "nothing is recorded");
}

/// A command line that is not understood is quoted, and a URL in it is not.
#[test]
fn a_url_in_the_wrong_place_is_not_repeated() {
    let url = "https://alice:s3same@node.example/v2/0badc0ffee0ddf00d";
    for arguments in [vec!["verify", url], vec![url], vec!["deploy", "--rpc", url], vec!["verify", "--founding", url]] {
        let output = run(consilium(&arguments));
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let said = format!("{output:?}");
        assert!(said.contains("error: ") && !said.contains("s3same") && !said.contains("0badc0ffee"), "{said}");
    }
    assert!(run(consilium(&["--help"])).status.success() && run(consilium(&["--version"])).status.success());
}

#[test]
fn a_key_on_the_command_line_is_no_option() {
    for option in ["--private-key", "--key"] {
        let output = run(consilium(&["deploy", option, "0x01"]));
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn missing_programs_say_what_makes_them() {
    let empty = tempfile::tempdir().expect("a folder");
    let error = refusal(run(consilium(&["deploy", "--artifacts", &empty.path().display().to_string()])));
    assert!(error.contains("timelock.code cannot be read; `cargo xtask build` makes it"), "{error}");
}

/// A record that is none: each is refused with what to do, and nothing is sent or lost.
#[test]
fn a_record_of_another_shape_is_refused() {
    let node = DevNode::spawn().expect("a node");
    let (url, records) = (node.http_url(), tempfile::tempdir().expect("a folder"));
    let file = records.path().join("412346.json");
    let arguments = ["deploy", "--rpc-url", &url, "--records", &records.path().display().to_string()];
    assert!(run(consilium(&arguments)).status.success());
    let good = std::fs::read_to_string(&file).expect("a record");
    let whole: serde_json::Value = serde_json::from_str(&good).expect("JSON");

    let mut bad: Vec<(String, Vec<u8>)> = vec![
        ("empty".into(), vec![]),
        ("cut".into(), good.as_bytes()[..good.len() / 2].to_vec()),
        ("no object".into(), b"[]".to_vec()),
        ("without members".into(), b"{}".to_vec()),
    ];
    for name in ["timelock", "voting-token", "governor"] {
        let mut record = whole.clone();
        record["contracts"].as_object_mut().expect("contracts").remove(name).expect(name);
        bad.push((format!("without the {name}"), record.to_string().into()));
    }
    for name in whole.as_object().expect("an object").keys() {
        let mut record = whole.clone();
        record[name] = "something else".into();
        // The settings are for people: any JSON will do.
        if name != "settings" {
            bad.push((format!("with another {name}"), record.to_string().into()));
        }
    }
    for (what, text) in bad {
        std::fs::write(&file, &text).expect("written");
        let error = refusal(run(consilium(&arguments)));
        assert!(
            error.contains("412346.json is not a deployment's record (") && error.contains("move it away"),
            "{what}: {error}"
        );
        assert_eq!(std::fs::read(&file).expect("still there"), text, "{what}");
    }
    std::fs::write(&file, [0xff, 0xfe]).expect("written");
    assert!(refusal(run(consilium(&arguments))).contains("412346.json cannot be read: "));
    std::fs::write(&file, good.replace("\"chainId\": 412346", "\"chainId\": 42161")).expect("written");
    assert!(
        refusal(run(consilium(&arguments))).ends_with(" is a record of chain 42161, not of chain 412346: move it away")
    );

    // Earlier versions named the voting token otherwise. What they recorded is gone on with, and named as now.
    std::fs::write(&file, good.replace("\"voting-token\"", "\"token\"")).expect("written");
    let output = run(consilium(&arguments));
    assert!(String::from_utf8_lossy(&output.stdout).contains("done before  found the DAO\n"), "{output:?}");
    assert_eq!(std::fs::read_to_string(&file).expect("a record"), good);

    // Moved away, it is not missed.
    std::fs::remove_file(&file).expect("removed");
    let output = run(consilium(&arguments));
    assert!(String::from_utf8_lossy(&output.stdout).contains("done before  found the DAO\n"), "{output:?}");
}

/// An HTTP answer.
fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// A server that answers every request with the same HTTP answer.
fn answering(answer: String) -> u16 {
    use std::io::{Read, Write};
    let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = server.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for connection in server.incoming() {
            let Ok(mut connection) = connection else { return };
            let _ = connection.read(&mut [0; 4096]);
            let _ = connection.write_all(answer.as_bytes());
        }
    });
    port
}

/// The key of a node's URL is in no message: not the transport's, not the node's own, not of what is no URL.
#[test]
fn keys_in_urls_are_never_shown() {
    const LOGIN: &str = "s3same-open";
    const KEY: &str = "0badc0ffee0ddf00d";
    let echo = answer("401 Unauthorized", &format!("no account alice, no {LOGIN}, no {KEY}"));
    let garbage = answer("200 OK", "garbage");
    let error = serde_json::json!({ "code": -32000, "message": format!("{KEY} is over its limit, so is {LOGIN}") });
    let refused = answer("200 OK", &serde_json::json!({ "jsonrpc": "2.0", "id": 0, "error": error }).to_string());
    let closed = DevNode::spawn().expect("a node").http_url();
    let mut authorities: Vec<String> =
        [echo, garbage, refused].map(|text| format!("127.0.0.1:{}", answering(text))).into();
    authorities.push(closed.trim_start_matches("http://").to_owned());
    for authority in authorities {
        for url in [
            format!("http://alice:{LOGIN}@{authority}/v2/{KEY}"),
            format!("http://alice:{LOGIN}@{authority}/?apikey={KEY}"),
            format!("htp:alice:{LOGIN}@{authority}/{KEY}"),
            format!("alice {LOGIN} {authority} {KEY}"),
        ] {
            for task in ["deploy", "verify", "renew"] {
                let output = run(consilium(&[task, "--rpc-url", &url]));
                assert_eq!(output.status.code(), Some(if task == "verify" { 4 } else { 1 }), "{output:?}");
                let mut by_variable = consilium(&[task]);
                by_variable.env("CONSILIUM_RPC_URL", &url);
                let mut help = consilium(&[task, "--help"]);
                help.env("CONSILIUM_RPC_URL", &url);
                for output in [output, run(by_variable), run(help)] {
                    let said = format!("{output:?}");
                    for secret in ["s3same", "0badc0ffee"] {
                        assert!(!said.contains(secret), "{task} with {url}: {said}");
                    }
                }
            }
        }
    }
}
