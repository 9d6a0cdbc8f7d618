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

/// The variables by which cargo tells a program about its package.
const OF_CARGO: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// What a run took.
#[derive(Clone, Copy)]
struct Taken {
    seconds: f64,
    /// Of processor time: what else runs on the machine does not change it much.
    processor: f64,
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
    // What cargo said to this program would make another build of what a person's own cargo has built.
    let own = std::env::vars_os().map(|(name, _)| name);
    for name in own.filter(|name| name.to_str().is_some_and(|name| OF_CARGO.iter().any(|of| name.starts_with(of)))) {
        cargo.env_remove(name);
    }
    command::run(cargo.args(["build", "--release", "--locked", "-p", "consilium-deploy", "--bin", "consilium"]))?;
    let program = target().join("release/consilium");
    let folder = target().join("bench/pointers");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let (list, batch, proofs) = (folder.join("list.csv"), folder.join("batch"), folder.join("proofs.jsonl"));
    write_list(&list, count)?;
    let made = |words: &[&str], out: &Path| -> Result<Taken> {
        let mut command = Command::new(&program);
        command.args(["registry"]).args(words).stdout(File::create(out)?);
        measured(&mut command)
    };
    let (list_name, batch_name) = (list.display().to_string(), batch.display().to_string());
    let one = folder.join("one.txt");
    let mut rows = Vec::new();
    let mut add = |what: String, taken: Taken| rows.push((what, taken));
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

/// Runs a command to its end.
fn measured(command: &mut Command) -> Result<Taken> {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn().wrap_err("the command cannot be started")?;
    let folder = Path::new("/proc").join(child.id().to_string());
    let (mut memory, mut processor) = (0, 0.0);
    let status = loop {
        let read = |name| fs::read_to_string(folder.join(name)).wrap_err("processes are measured on Linux");
        if let Some(line) = read("status")?.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
            memory = line.trim().trim_end_matches(" kB").parse()?;
        }
        processor = processor_seconds(&read("stat")?).unwrap_or(processor);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(PAUSE);
    };
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(Taken { seconds: start.elapsed().as_secs_f64(), processor, memory: memory * 1_024 / 1_000_000 })
}

/// The processor time of a process, in its kernel and outside, which Linux counts in steps of 10 ms.
fn processor_seconds(stat: &str) -> Option<f64> {
    // After the program's name, which may have anything in it.
    let (_, numbers) = stat.rsplit_once(')')?;
    let ticks: Vec<f64> = numbers.split_whitespace().skip(11).take(2).filter_map(|tick| tick.parse().ok()).collect();
    (ticks.len() == 2).then(|| ticks.iter().sum::<f64>() / 100.0)
}

fn table(count: u64, rows: &[(String, Taken)]) -> Result<String> {
    let mut text = String::new();
    let count = grouped(count);
    writeln!(text, "| {count} pointers | seconds | of processor time | peak memory, MB |\n|---|--:|--:|--:|")?;
    for (what, Taken { seconds, processor, memory }) in rows {
        writeln!(text, "| {what} | {seconds:.2} | {processor:.2} | {} |", grouped(*memory))?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{MARKS, Taken, measured, processor_seconds, table};
    use crate::{contract_tests::between, project};
    use std::process::Command;

    #[test]
    fn the_table_has_what_was_measured() {
        let rows = [("`batch`".into(), Taken { seconds: 12.345, processor: 9.0, memory: 1_234 })];
        let text = table(1_000_000, &rows).unwrap();
        assert!(text.starts_with("| 1,000,000 pointers | seconds | of processor time | peak memory, MB |\n"), "{text}");
        assert!(text.ends_with("| `batch` | 12.35 | 9.00 | 1,234 |\n"), "{text}");
    }

    #[test]
    fn a_run_is_measured_and_a_failed_one_refused() {
        let taken = measured(Command::new("sleep").arg("0.05")).unwrap();
        assert!(taken.seconds >= 0.05 && taken.processor < taken.seconds, "{}", taken.seconds);
        assert_eq!(processor_seconds("7 (a ) b) S 1 1 1 1 1 1 1 1 1 1 150 50 0"), Some(2.0));
        assert_eq!(processor_seconds("7"), None);
        assert!(measured(&mut Command::new("false")).is_err());
    }

    #[test]
    fn the_readme_has_the_marks() {
        let text = std::fs::read_to_string(project::root().join("README.md")).unwrap();
        assert!(between(&text, MARKS, "").is_some());
    }
}
