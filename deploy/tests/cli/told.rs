//! What the command tells about itself, what it refuses of a command line, and how it ends.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use devnode::DevNode;

use super::{consilium, refusal, run, settings, unanswered};

/// Every command.
const TASKS: [&str; 5] = ["deploy", "verify", "permissions", "renew", "consent"];

/// Asserts that a command line is not understood, and gives what is said.
#[track_caller]
fn usage(arguments: &[&str]) -> String {
    let output = run(consilium(arguments));
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn it_is_called_consilium() {
    let expected = format!("consilium {}\n", env!("CARGO_PKG_VERSION"));
    let version = |arguments: &[&str]| String::from_utf8(run(consilium(arguments)).stdout).expect("text");
    assert_eq!(version(&["--version"]), expected);
    for task in TASKS {
        assert_eq!(version(&[task, "--version"]), expected);
    }
}

#[test]
fn every_help_text_has_the_exit_codes() {
    let help = |arguments: &[&str]| String::from_utf8(run(consilium(arguments)).stdout).expect("text");
    let texts = TASKS.map(|task| help(&[task, "--help"]));
    for text in texts.iter().chain([&help(&["--help"]), &help(&["deploy", "-h"])]) {
        assert!(text.contains("Exit codes:"), "{text}");
        for code in ["    0  done", "    1  refused or failed", "    2  the command line", "  130  stopped by Ctrl-C"] {
            assert!(text.contains(code), "{code}: {text}");
        }
    }
    let usage = help(&["deploy", "--help"]);
    assert!(usage.contains("Usage: consilium deploy [OPTIONS]"), "{usage}");
}

/// What would be ignored is refused.
#[test]
fn settings_and_addresses_are_not_given_together() {
    let contract = "governor=0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    for (option, value) in [("--config", "dao.toml"), ("--artifacts", "target/stylus")] {
        let said = usage(&["permissions", "--contract", contract, option, value]);
        assert!(said.contains("cannot be used with") && said.contains("--contract") && said.contains(option), "{said}");
    }
}

#[test]
fn a_contract_is_named_by_an_address_with_a_right_checksum() {
    for (written, reason) in [
        ("0x70997970C51812dc3A010C7d01b50e0d17dc79c8", "the checksum of the address is wrong (EIP-55)"),
        ("0x70997970c51812dc3a010c7d01b50e0d17dc79C8", "the checksum of the address is wrong (EIP-55)"),
        ("70997970C51812dc3A010C7d01b50e0d17dc79C8", "this is not an address: write 0x and 40 hexadecimal digits"),
        ("0x0x997970C51812dc3A010C7d01b50e0d17dc79C8", "this is not an address"),
        ("0x7099", "this is not an address"),
    ] {
        let said = usage(&["permissions", "--contract", &format!("governor={written}")]);
        assert!(said.contains(reason), "{written}: {said}");
    }
    let said = usage(&["verify", "--founding", "0x7099"]);
    assert!(said.contains("this is not a transaction: write 0x and 64 hexadecimal digits"), "{said}");
    // One that has no checksum is taken, and then there is no node.
    let node = DevNode::spawn().expect("a node").http_url();
    for written in [
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
        "0x70997970C51812DC3A010C7D01B50E0D17DC79C8",
    ] {
        let named = format!("governor={written}");
        let error = refusal(run(consilium(&["permissions", "--contract", &named, "--rpc-url", &node])));
        assert!(error.starts_with("error: no node answers at "), "{error}");
    }
}

/// No file moves the terminal's cursor: not by its name, not by what it has.
#[test]
fn control_characters_of_files_do_not_reach_the_terminal() {
    let shown = |arguments: &[&str]| {
        let said = refusal(run(consilium(arguments)));
        assert!(!said.chars().any(char::is_control), "{said:?}");
        assert!(said.contains("\\u{1b}[2J"), "{said:?}");
    };
    let (_folder, config) = settings("may_be = []", "may_be = [\"\\u001b[2J\\r\\n\\u009b\"]");
    shown(&["deploy", "--config", &config]);
    shown(&["deploy", "--config", "no\u{1b}[2J\nfile.toml"]);
    shown(&["deploy", "--artifacts", "no\u{1b}[2J\nfolder"]);
    let node = DevNode::spawn().expect("a node");
    let records = tempfile::tempdir().expect("a folder");
    std::fs::write(records.path().join("412346.json"), "{ \"\\u001b[2J\": 1 }").expect("written");
    let folder = records.path().display().to_string();
    shown(&["deploy", "--rpc-url", &node.http_url(), "--records", &folder]);
    let keystore = records.path().join("key.json").display().to_string();
    std::fs::write(&keystore, "{}").expect("written");
    shown(&["deploy", "--rpc-url", &node.http_url(), "--keystore", &keystore, "--password-file", "no\u{1b}[2J"]);
}

/// Ctrl-C while a step runs: the step ends, the exit code says what stopped it, and the next run goes on.
#[test]
fn it_stops_after_a_step_with_the_code_of_ctrl_c() {
    let node = DevNode::spawn().expect("a node");
    let records = tempfile::tempdir().expect("a folder");
    let (url, folder) = (node.http_url(), records.path().display().to_string());
    let arguments = ["deploy", "--rpc-url", &url, "--records", &folder];
    let mut command =
        consilium(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command runs");
    let mut lines = BufReader::new(command.stdout.take().expect("its output")).lines();
    lines
        .find(|line| line.as_ref().is_ok_and(|line| line.contains("create the Founder")))
        .expect("a step")
        .expect("read");
    assert!(Command::new("kill").args(["-INT", &command.id().to_string()]).status().expect("kill runs").success());
    lines.for_each(drop);
    let output = command.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("error: stopped after the step \"") && said.contains("run it again to go on"), "{said}");
    assert!(run(consilium(&arguments)).status.success());
}

/// Who only reads is stopped at once, with the same code.
#[test]
fn it_stops_reading_with_the_code_of_ctrl_c() {
    for task in ["verify", "permissions"] {
        let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", server.local_addr().expect("an address"));
        let command = consilium(&[task, "--rpc-url", &url])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs");
        // It has asked, and is not answered.
        let mut silent = server.accept().expect("a connection").0;
        assert!(std::io::Read::read(&mut silent, &mut [0; 4096]).expect("a request") > 0);
        assert!(Command::new("kill").args(["-INT", &command.id().to_string()]).status().expect("kill runs").success());
        let output = command.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{output:?}");
    }
}

/// Half a folder does not stay, and what is in a whole one is its owner's alone.
#[cfg(target_os = "linux")]
#[test]
fn what_is_half_written_goes_with_ctrl_c() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("epoch").display().to_string();
    let mut command = consilium(&["revenue", "epoch", "build", "-", "--out", &out])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let status = format!("/proc/{}/status", command.id());
    let listens = || {
        let status = std::fs::read_to_string(&status).expect("a process");
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("its signals");
        // The second one is that of Ctrl-C.
        u64::from_str_radix(caught.trim(), 16).expect("a mask") & 2 != 0
    };
    let begun = || folder.path().read_dir().expect("a folder").next();
    let partial = loop {
        match begun() {
            Some(partial) if listens() => break partial.expect("a folder"),
            _ => std::thread::sleep(std::time::Duration::from_millis(5)),
        }
    };
    assert_eq!(partial.metadata().expect("its mode").permissions().mode() & 0o777, 0o700);
    assert!(Command::new("kill").args(["-INT", &command.id().to_string()]).status().expect("kill runs").success());
    // Its list goes on.
    let stdin = command.stdin.take();
    let output = command.wait_with_output().expect("it ends");
    drop(stdin);
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert!(begun().is_none(), "{:?}", begun());
}

/// Ctrl-C where a password is asked for: the terminal shows again what is typed.
#[cfg(target_os = "linux")]
#[test]
fn the_terminal_is_as_before_where_nobody_gives_the_password() {
    use std::io::{Read, Write};
    let folder = tempfile::tempdir().expect("a folder");
    let keystore = folder.path().join("key.json").display().to_string();
    std::fs::write(&keystore, "{}").expect("written");
    let program = env!("CARGO_BIN_EXE_consilium");
    let sign = format!(
        "{program} consent sign revoke-all --grantor 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --contract \
         0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --chain 1 --nonce 0 --keystore {keystore} --out {keystore}.signed"
    );
    // The shell goes on after Ctrl-C, and says how the terminal is.
    let script = format!("trap : INT; {sign}; echo \"code $?\"; stty -a");
    let mut terminal = Command::new("script")
        .args(["-qec", &script, "/dev/null"])
        .env_remove("CONSILIUM_KEYSTORE_PASSWORD")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("util-linux has script");
    let mut out = terminal.stdout.take().expect("its output");
    let mut said = String::new();
    let mut some = [0; 1024];
    while !said.contains("Password of the keystore: ") {
        let count = out.read(&mut some).expect("output");
        assert!(count > 0, "{said}");
        said += &String::from_utf8_lossy(&some[..count]);
    }
    let mut keys = terminal.stdin.take().expect("its input");
    keys.write_all(b"\x03").expect("typed");
    keys.flush().expect("typed");
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("output");
    assert!(terminal.wait().expect("it ends").success(), "{rest}");
    assert!(rest.contains("code 130"), "{rest}");
    let words: Vec<_> = rest.split(|letter: char| letter.is_whitespace() || letter == ';').collect();
    assert!(words.contains(&"echo") && !words.contains(&"-echo"), "{rest}");
}

/// An end that has passed is refused by its line, and one that is near is noted.
#[test]
fn ends_of_memberships_are_looked_at_before_anything_is_sent() {
    let council = std::fs::read_to_string(super::root().join("deploy/config/council.toml")).expect("the settings");
    let node = DevNode::spawn().expect("a node");
    let folder = tempfile::tempdir().expect("a folder");
    let (url, records) = (node.http_url(), folder.path().join("records").display().to_string());
    let file = folder.path().join("dao.toml").display().to_string();
    let deploy = |until: &str| {
        std::fs::write(&file, council.replace("2040-01-01T00:00:00Z", until)).expect("written");
        run(consilium(&["deploy", "--config", &file, "--rpc-url", &url, "--records", &records]))
    };
    let line = council.lines().position(|line| line.contains("until = ")).expect("an end") + 1;
    let error = refusal(deploy("2001-01-01T00:00:00Z"));
    let start =
        format!("error: {file}:{line}:71: the membership ends at 2001-01-01T00:00:00Z, and the chain's time is ");
    assert!(error.starts_with(&start) && error.ends_with(" already: write a later `until`"), "{error}");

    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let output = deploy(&(now + 86_400).to_string());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    let notes: Vec<&str> = text.lines().filter(|line| line.starts_with("note: 0x")).collect();
    assert!(notes.len() == 2 && notes[0].contains("which is less than 30 days from now"), "{text}");
}

/// A transaction that did not found the DAO is refused, and not silently left out.
#[test]
fn a_wrong_founding_is_refused() {
    let node = DevNode::spawn().expect("a node");
    let records = tempfile::tempdir().expect("a folder");
    let (url, folder) = (node.http_url(), records.path().display().to_string());
    let output = run(consilium(&["deploy", "--rpc-url", &url, "--records", &folder]));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let founding =
        text.lines().find_map(|line| line.trim().strip_prefix("founded in  ")).expect("the founding").to_owned();
    let verify = |transaction: &str| run(consilium(&["verify", "--rpc-url", &url, "--founding", transaction]));
    assert!(verify(&founding).status.success());
    let wrong = format!("0x{}", "01".repeat(32));
    let error = unanswered(verify(&wrong));
    assert!(error.starts_with(&format!("error: the transaction {wrong} did not found this DAO")), "{error}");
}
