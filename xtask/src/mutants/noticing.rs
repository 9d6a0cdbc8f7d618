//! The tests that run on a chain, as programs: built once, run on other contracts each time, ended at the first failure.

use crate::{command, project};
use eyre::{Context, OptionExt, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// How the tests are told where the programs are (`crates/harness/src/deploy.rs`).
const PROGRAMS: &str = "CONSILIUM_PROGRAMS";

/// Test programs, by name.
pub(super) struct Tests(BTreeMap<String, PathBuf>);

/// How a test program ended.
#[derive(Debug)]
pub(super) enum End {
    Passed,
    /// The first test that failed.
    Failed(String),
    /// No test ended for too long.
    Endless,
}

/// What cargo says of each thing that it has built.
#[derive(Deserialize)]
struct Built {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Tests {
    /// Builds the tests of these names, and copies them to where a later build does not change them.
    pub(super) fn build(names: &[&str]) -> Result<Self> {
        let mut cargo = command::cargo();
        cargo.args(["test", "--workspace", "--locked", "--no-run", "--message-format", "json-render-diagnostics"]);
        cargo.args(names.iter().flat_map(|name| ["--test", name]));
        let folder = project::root().join("target/mutants/tests");
        fs::create_dir_all(&folder)?;
        let mut tests = BTreeMap::new();
        for line in command::output(&mut cargo)?.lines() {
            let built: Built = serde_json::from_str(line).wrap_err("cargo's messages are not as expected")?;
            if let ("compiler-artifact", Some(target), Some(program)) =
                (built.reason.as_str(), built.target, built.executable)
                && target.kind == ["test"]
            {
                let copy = folder.join(&target.name);
                fs::copy(&program, &copy).wrap_err_with(|| program.display().to_string())?;
                tests.insert(target.name, copy);
            }
        }
        for name in names {
            ensure!(tests.contains_key(*name), "cargo built no test {name}");
        }
        Ok(Self(tests))
    }

    /// Runs the tests of a program whose names contain a text, on the programs in a folder, until a test fails or none ends
    /// for so long.
    pub(super) fn run(&self, name: &str, about: &str, programs: &Path, silence: Duration) -> Result<End> {
        self.start(name, programs, silence, &[about])
    }

    /// Runs one of its tests alone.
    pub(super) fn run_one(&self, name: &str, test: &str, programs: &Path, silence: Duration) -> Result<End> {
        self.start(name, programs, silence, &["--exact", test])
    }

    fn start(&self, name: &str, programs: &Path, silence: Duration, arguments: &[&str]) -> Result<End> {
        let program = self.0.get(name).ok_or_eyre("an unknown test program")?;
        let mut command = Command::new(program);
        command.args(arguments);
        command.env(PROGRAMS, programs).current_dir(project::root());
        watch(&mut command, silence).with_context(|| format!("cannot run {}", program.display()))
    }
}

/// Runs a test program until it says that a test has failed, or nothing for so long.
fn watch(command: &mut Command, silence: Duration) -> Result<End> {
    let mut running = Running(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?);
    let lines = BufReader::new(running.0.stdout.take().ok_or_eyre("its output is not there")?).lines();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
    loop {
        match receiver.recv_timeout(silence) {
            Ok(line) => {
                if let Some(test) = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED")) {
                    return Ok(End::Failed(test.to_owned()));
                }
            }
            Err(RecvTimeoutError::Timeout) => return Ok(End::Endless),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let status = running.0.wait()?;
    Ok(if status.success() { End::Passed } else { End::Failed(format!("the run: {status}")) })
}

/// A child that does not outlive its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::{End, watch};
    use std::process::Command;
    use std::time::Duration;

    fn end(script: &str, silence: Duration) -> End {
        watch(Command::new("sh").args(["-c", script]), silence).unwrap()
    }

    #[test]
    fn the_first_failure_ends_a_run() {
        let long = Duration::from_secs(60);
        let failing = end("echo 'test a::b ... ok'; echo 'test a::c ... FAILED'; exec sleep 1000", long);
        assert!(matches!(&failing, End::Failed(test) if test == "a::c"), "{failing:?}");
        let passing = end("echo 'test a::b ... ok'", long);
        assert!(matches!(passing, End::Passed), "{passing:?}");
        let broken = end("exit 3", long);
        assert!(matches!(&broken, End::Failed(reason) if reason.contains('3')), "{broken:?}");
        let endless = end("exec sleep 1000", Duration::from_millis(50));
        assert!(matches!(endless, End::Endless), "{endless:?}");
    }
}
