//! Reads a list of pointers row by row: CSV with a line of names, or JSON Lines. No more than a row is in memory.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder, Trim};
use eyre::{Result, WrapErr, bail, ensure, eyre};

use super::pointer::{Draft, FIELDS, field, unknown};
use crate::files;

/// The most bytes of a row. A pointer's are below a thousand.
const LONGEST: usize = 1 << 16;

/// What some programs write before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What is found at a line, from 1: a pointer that was not checked, or why there is none.
pub(super) type Found<'a> = (u64, Result<Draft<'a>, String>);

/// Hands each row of a file to `each`; `-` is standard input.
///
/// # Errors
/// If it cannot be read, its names are not a pointer's, or a row has no end.
pub(super) fn read(path: &Path, each: impl FnMut(Found<'_>) -> Result<()>) -> Result<()> {
    let shown = path.display();
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).wrap_err_with(|| format!("{shown} cannot be read"))?)
    };
    let left = Rc::new(Cell::new(usize::MAX));
    let mut input = BufReader::new(Bounded { input, left: left.clone() });
    let start = input.fill_buf().wrap_err_with(|| format!("{shown} cannot be read"))?;
    let mark = if start.starts_with(MARK) { MARK.len() } else { 0 };
    let first = start.iter().skip(mark).find(|byte| !byte.is_ascii_whitespace()).copied();
    let is_json = matches!(first, Some(b'{' | b'['));
    input.consume(mark);
    let done = if is_json { json(input, &left, each) } else { csv(input, &left, each) };
    done.wrap_err_with(|| format!("{shown}"))
}

/// A line each.
fn json<R: BufRead>(
    mut input: R,
    left: &Cell<usize>,
    mut each: impl FnMut(Found<'_>) -> Result<()>,
) -> Result<()> {
    let mut text = Vec::new();
    for line in 1.. {
        text.clear();
        left.set(LONGEST);
        if input.read_until(b'\n', &mut text).wrap_err_with(|| format!("line {line}"))? == 0 {
            break;
        }
        let row = text.trim_ascii();
        if row.is_empty() {
            continue;
        }
        let value = serde_json::from_slice(row).map_err(|error| in_a_line(&error));
        each((line, value.and_then(Draft::of_json)))?;
    }
    Ok(())
}

/// What is wrong with the JSON of one line: its number is said already.
fn in_a_line(error: &serde_json::Error) -> String {
    files::json(error).replace("line 1, ", "")
}

fn csv<R: Read>(input: R, left: &Cell<usize>, mut each: impl FnMut(Found<'_>) -> Result<()>) -> Result<()> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::All).from_reader(input);
    let mut record = ByteRecord::new();
    left.set(LONGEST);
    ensure!(
        reader.read_byte_record(&mut record).map_err(unread)?,
        "it is empty: write a line of names and a line for each pointer"
    );
    let columns = record.iter().map(column).collect::<Result<Vec<_>>>()?;
    for (place, name) in FIELDS.iter().enumerate() {
        let count = columns.iter().filter(|found| **found == place).count();
        ensure!(count < 2, "line 1 names the column `{name}` twice: delete one");
        let is_needed = matches!(*name, "subject" | "custodian" | "dataClass" | "schema" | "encryption" | "keyCommitment");
        ensure!(count == 1 || !is_needed, "line 1 lacks the column `{name}`: the first line has the columns' names");
    }
    loop {
        left.set(LONGEST);
        if !reader.read_byte_record(&mut record).map_err(unread)? {
            return Ok(());
        }
        let line = record.position().map_or(0, csv::Position::line);
        each((line, row(&record, &columns)))?;
    }
}

fn column(name: &[u8]) -> Result<usize> {
    let name = String::from_utf8_lossy(name);
    field(&name).ok_or_else(|| eyre!("line 1: {}", unknown(&name)))
}

fn row<'a>(record: &'a ByteRecord, columns: &[usize]) -> Result<Draft<'a>, String> {
    if record.len() != columns.len() {
        return Err(format!(
            "it has {} values, and the first line has {} names: give a value for each",
            record.len(),
            columns.len()
        ));
    }
    let mut draft = Draft::default();
    for (place, value) in columns.iter().zip(record) {
        let value = std::str::from_utf8(value).map_err(|_| "it is not text in UTF-8: save the file so".to_owned())?;
        draft.set(*place, value)?;
    }
    Ok(draft)
}

fn unread(error: csv::Error) -> eyre::Report {
    let line = error.position().map(|position| format!("line {}: ", position.line())).unwrap_or_default();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => eyre!("{line}{error}"),
        kind => eyre!("{line}{kind:?}"),
    }
}

/// Fails where a row takes more than is left for it: a quote that is not closed would take in the rest of the file.
struct Bounded<R> {
    input: R,
    left: Rc<Cell<usize>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::other(format!(
                "a row begins here that has no end within {LONGEST} bytes: close its quotes, or name the right file"
            )));
        }
        let count = self.input.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(count));
        Ok(count)
    }
}

/// Reads a file of one pointer, in either form.
///
/// # Errors
/// If it cannot be read, or has none or several.
pub(super) fn read_one<T>(path: &Path, read_row: impl Fn(Draft<'_>) -> Result<T, String>) -> Result<T> {
    let mut found = None;
    read(path, |(line, row)| {
        let one = row.and_then(&read_row).map_err(|reason| eyre!("line {line}: {reason}"))?;
        if found.replace(one).is_some() {
            bail!("line {line}: there is a pointer before this one: give a file of one");
        }
        Ok(())
    })?;
    found.ok_or_else(|| eyre!("{} has no pointer: write a line of JSON, or two of CSV", path.display()))
}

#[cfg(test)]
mod tests;
