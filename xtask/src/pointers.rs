//! `cargo xtask bench --pointers`: what a batch of very many pointers takes. It runs the command that people run, built
//! for release, and measures it from outside.

use crate::{command, contract_tests::grouped, project};
use eyre::{Context, OptionExt, Result, ensure};
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The marks of the README between which the table stands.
const MARKS: [&str; 2] =
    ["<!-- pointers: made by `cargo xtask bench --pointers`, do not edit -->", "<!-- /pointers -->"];

/// How often the memory is looked at. Linux keeps the most that a process held, so only its last moment is missed.
const PAUSE: Duration = Duration::from_millis(5);

/// What a run took.
struct Row {
    what: String,
    seconds: f64,
    /// The most memory that it held, in MB.
    memory: u64,
}

/// Makes a batch of so many pointers, proves all of them and one, and writes the table into the README.
///
/// # Errors
/// If a command fails, the system is not Linux, or README.md has lost the marks.
pub(crate) fn bench(count: u64) -> Result<()> {
    ensure!(count > 0, "a batch has at least one pointer");
    let mut cargo = command::cargo();
    command::run(cargo.args(["build", "--release", "--locked", "-p", "consilium-deploy", "--bin", "consilium"]))?;
    let program = target().join("release/consilium");
    let folder = target().join("bench/pointers");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let (list, batch, proofs) = (folder.join("list.csv"), folder.join("batch"), folder.join("proofs.jsonl"));
    write_list(&list, count)?;
    let made = |words: &[&str], out: &Path| -> Result<(f64, u64)> {
        let mut command = Command::new(&program);
        command.args(["registry"]).args(words).stdout(File::create(out)?);
        measured(&mut command)
    };
    let (list_name, batch_name) = (list.display().to_string(), batch.display().to_string());
    let one = folder.join("one.txt");
    let mut rows = Vec::new();
    let mut add = |what: String, (seconds, memory): (f64, u64)| rows.push(Row { what, seconds, memory });
    let size = grouped(fs::metadata(&list)?.len() / 1_000_000);
    add(
        format!("`batch`: checks a CSV of {size} MB, writes root, list and proofs"),
        made(&["batch", &list_name, "--out", &batch_name], &one)?,
    );
    let all = made(&["prove", &batch_name, "--all"], &proofs)?;
    let first = fs::File::open(&proofs).map(std::io::BufReader::new)?;
    let first = std::io::BufRead::lines(first).next().ok_or_eyre("no proof was printed")??;
    let id = first.split('"').nth(3).ok_or_eyre("a line of proofs begins with the id")?.to_owned();
    let size = grouped(fs::metadata(&proofs)?.len() / 1_000_000);
    add(format!("`prove --all`: checks every proof, prints {size} MB"), all);
    add("`prove --id`: one proof".to_owned(), made(&["prove", &batch_name, "--id", &id], &one)?);
    fs::remove_dir_all(&folder)?;
    let text = table(count, &rows)?;
    println!("{text}");
    let file = project::root().join("README.md");
    let readme = fs::read_to_string(&file)?;
    let new = crate::contract_tests::between(&readme, MARKS, &text)
        .ok_or_eyre("README.md has lost the marks of the pointers' table")?;
    Ok(fs::write(file, new)?)
}

fn target() -> std::path::PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project::root().join("target"), Into::into)
}

/// Laboratory results of different people, each with a CID of its own.
fn write_list(path: &Path, count: u64) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "subject,custodian,dataClass,schema,encryption,keyCommitment,cid")?;
    for number in 0..count {
        let hash = |what: &str| hex::encode(Sha256::digest(format!("{what} {number}")));
        let (digest, commitment, person) = (hash("record"), hash("commitment"), hash("person"));
        // CIDv1, raw, sha2-256 of 32 bytes, in base16.
        writeln!(
            out,
            "0x{},0x000000000000000000000000000000000000c0de,LABORATORY,1,1,0x{commitment},f01551220{digest}",
            &person[..40]
        )?;
    }
    Ok(out.flush()?)
}

/// Runs a command to its end: the seconds, and the most memory that it held.
fn measured(command: &mut Command) -> Result<(f64, u64)> {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn().wrap_err("the command cannot be started")?;
    let file = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let status = loop {
        let text = fs::read_to_string(&file).wrap_err("memory is measured on Linux")?;
        if let Some(line) = text.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
            most = line.trim().trim_end_matches(" kB").parse()?;
        }
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(PAUSE);
    };
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok((start.elapsed().as_secs_f64(), most * 1_024 / 1_000_000))
}

fn table(count: u64, rows: &[Row]) -> Result<String> {
    let mut text = String::new();
    writeln!(text, "| {} pointers | seconds | peak memory, MB |\n|---|--:|--:|", grouped(count))?;
    for Row { what, seconds, memory } in rows {
        writeln!(text, "| {what} | {seconds:.2} | {} |", grouped(*memory))?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{MARKS, Row, measured, table};
    use crate::{contract_tests::between, project};
    use std::process::Command;

    #[test]
    fn the_table_has_what_was_measured() {
        let rows = [Row { what: "`batch`".into(), seconds: 12.345, memory: 1_234 }];
        let text = table(1_000_000, &rows).unwrap();
        assert!(text.starts_with("| 1,000,000 pointers | seconds | peak memory, MB |\n"), "{text}");
        assert!(text.ends_with("| `batch` | 12.35 | 1,234 |\n"), "{text}");
    }

    #[test]
    fn a_run_is_measured_and_a_failed_one_refused() {
        let (seconds, _) = measured(Command::new("sleep").arg("0.05")).unwrap();
        assert!(seconds >= 0.05, "{seconds}");
        assert!(measured(&mut Command::new("false")).is_err());
    }

    #[test]
    fn the_readme_has_the_marks() {
        let text = std::fs::read_to_string(project::root().join("README.md")).unwrap();
        assert!(between(&text, MARKS, "").is_some());
    }
}
