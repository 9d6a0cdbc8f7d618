//! The command as a person runs it.

use std::process::Command;

/// A refusal is a line, whatever the environment asks of Rust's errors.
#[test]
fn a_refusal_is_one_line() {
    let zero = format!("0x{}", "00".repeat(32));
    let contract = "0x0000000000000000000000000000000000000001";
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
    command.args(["read", "--contract", contract, "--id", &zero, "--request", &zero, "--key-file", "/none.json"]);
    let output = command.env("RUST_BACKTRACE", "1").output().expect("the command runs");
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: ") && said.contains("/none.json") && said.lines().count() == 1, "{said}");
}

/// A class is a code, as in all other commands, or a number.
#[test]
fn a_class_is_a_code_or_a_number() {
    let [contract, subject] = ["0x0000000000000000000000000000000000000001"; 2];
    let run = |class: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
        command.args(["store", "--contract", contract, "--subject", subject, "--vault", "/none", "--schema", "1"]);
        command.args(["--class", class, "/none/record.json"]).output().expect("the command runs")
    };
    // The record is read next.
    assert_eq!(["LABORATORY", "8", "BLOOD"].map(|class| run(class).status.code()), [Some(1), Some(1), Some(2)]);
}
