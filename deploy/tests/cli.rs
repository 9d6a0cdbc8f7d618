//! The command as a person runs it: what it prints, and how it ends.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use devnode::DevNode;
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

/// Asserts that a run failed with one line on standard error, and gives it.
#[track_caller]
fn refusal(output: Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let error = String::from_utf8(output.stderr).expect("text");
    assert!(error.starts_with("error: ") && error.trim_end().lines().count() == 1, "{error}");
    error.trim_end().to_owned()
}

fn run(mut command: Command) -> Output {
    command.output().expect("the command runs")
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
    let place = ["--rpc-url", &url, "--records", &folder];

    let output = run(consilium(&[&["deploy"], &place[..]].concat()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    assert!(text.starts_with("Deploying to chain 412346 from 0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E\n"), "{text}");
    for line in ["done  deploy the governor: ", "done  give up the deployer's role: ", "done  read back and prove: "] {
        assert_eq!(text.matches(line).count(), 1, "{line} in {text}");
    }
    assert!(records.path().join("412346.json").is_file());

    let output = run(consilium(&[&["deploy"], &place[..]].concat()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("done before  deploy the governor\n"), "{text}");

    let output = run(consilium(&[&["verify"], &place[..]].concat()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("holders of PROPOSER_ROLE"), "{output:?}");
    assert!(!text.contains(" NO "), "{text}");

    let (_file, config) = settings("min_delay = 120", "min_delay = 121");
    let output = run(consilium(&[&["verify", "--config", &config], &place[..]].concat()));
    assert!(refusal(output).starts_with("error: the deployment is not what was configured: "));
}

#[test]
fn settings_are_refused_by_file_and_line() {
    for (from, to, reason) in [
        ("min_delay = 120", "min_delay = 0", "the timelock's delay is zero"),
        ("min_delay", "min_dealy", "unknown field `min_dealy`"),
        ("\"200_000\"", "\"2_000_000\"", "with this amount the holders have more than the supply"),
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
    assert_eq!(error, format!("error: {url} is a node of chain 412346, and the configuration is for chain 42161"));
    drop(node);
    for task in ["deploy", "verify"] {
        let error = refusal(run(consilium(&[task, "--rpc-url", &url])));
        assert!(error.starts_with(&format!("error: no node answers at {url}: ")), "{error}");
    }
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
    assert!(error.contains("voting-token.code cannot be read; `cargo xtask build` makes it"), "{error}");
}
