//! Reads a list row by row: CSV with a line of names, or JSON Lines. No more than a row is in memory.

mod bad;
mod draft;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use csv_core::{ReadRecordResult, Reader};
use eyre::{Result, WrapErr, ensure, eyre};
use serde::de::IgnoredAny;

use crate::files;
use draft::{field, twice, unknown};

pub use bad::{BadRow, BadRows};
pub(crate) use draft::{Draft, Members, lacks};

/// The most bytes of a row. One that makes sense has less than a thousand.
const LONGEST: u64 = 1 << 16;

/// What some programs write before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What to say of other bytes.
const NO_TEXT: &str = "it is not text in UTF-8: save the file so";

/// What the rows of a list are.
pub(crate) trait Kind {
    /// The word for one, as "pointer".
    const NAME: &'static str;
    /// Its fields: those that a bare list of values has, in its order, and then others.
    const FIELDS: &'static [&'static str];
    /// How many values a bare list has.
    const MEMBERS: usize;
    /// The columns that no other can stand for.
    const NEEDED: &'static [&'static str];
}

/// What is found at a line, from 1: a row that was not checked, or why there is none.
pub(crate) type Found<'a, K> = (u64, Result<Draft<'a, K>, String>);

/// Hands each row of a file to `each`; `-` is standard input.
///
/// # Errors
/// If it cannot be read, its names are not those of the kind, or a row has no end.
pub(crate) fn read<K: Kind>(path: &Path, each: impl FnMut(Found<'_, K>) -> Result<()>) -> Result<()> {
    let shown = path.display();
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).wrap_err_with(|| format!("{shown} cannot be read"))?)
    };
    read_lines(Lines { input: BufReader::new(input), text: Vec::new(), number: 0 }, each)
        .wrap_err_with(|| shown.to_string())
}

fn read_lines<K: Kind>(mut lines: Lines<impl BufRead>, mut each: impl FnMut(Found<'_, K>) -> Result<()>) -> Result<()> {
    let mut columns = None;
    let (mut is_json, mut csv) = (false, Csv::new());
    while let Some((line, text)) = lines.next(K::NAME)? {
        if let (None, false) = (&columns, is_json) {
            is_json = matches!(text.first(), Some(b'{' | b'['));
            if !is_json {
                let names = csv.values(text).map_err(|reason| eyre!("the first line: {reason}"))?;
                columns = Some(columns_of::<K>(&names)?);
                continue;
            }
        }
        match &columns {
            None => {
                let text = std::str::from_utf8(text).map_err(|_| NO_TEXT.to_owned());
                each((line, text.and_then(Draft::of_json)))?;
            }
            Some(columns) => {
                each((line, csv.values(text).and_then(|values| row(&values, columns))))?;
            }
        }
    }
    ensure!(is_json || columns.is_some(), "it is empty: write a line of names and a line for each {}", K::NAME);
    Ok(())
}

/// Lines that are not blank, with their numbers. A value of a row has no line's end in it, so a quote that is not
/// closed spoils its own line alone.
struct Lines<R> {
    input: R,
    text: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// `name` is the word for what a row is.
    fn next(&mut self, name: &str) -> Result<Option<(u64, &[u8])>> {
        loop {
            self.number += 1;
            self.text.clear();
            let read = self.input.by_ref().take(LONGEST).read_until(b'\n', &mut self.text);
            let count = read.wrap_err_with(|| format!("line {}", self.number))? as u64;
            ensure!(
                count < LONGEST,
                "line {} has more than {LONGEST} bytes: write a line for each {name}, or name the right file",
                self.number
            );
            let start = if self.number == 1 && self.text.starts_with(MARK) { MARK.len() } else { 0 };
            let is_blank = self.text.iter().skip(start).all(u8::is_ascii_whitespace);
            if count == 0 {
                return Ok(None);
            }
            if !is_blank {
                return Ok(Some((self.number, self.text.get(start..).unwrap_or_default().trim_ascii())));
            }
        }
    }
}

/// Takes lines of CSV apart. Making the reader takes longer than a line, so there is one for all.
struct Csv {
    reader: Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Csv {
    fn new() -> Self {
        Self { reader: Reader::new(), bytes: Vec::new(), ends: Vec::new() }
    }

    /// The values of a line.
    fn values(&mut self, text: &[u8]) -> Result<Vec<&[u8]>, String> {
        // No line has more bytes or values in it than it has bytes, and one value more.
        self.bytes.resize(text.len().max(self.bytes.len()), 0);
        self.ends.resize((text.len() + 1).max(self.ends.len()), 0);
        self.reader.reset();
        let (found, _, bytes, ends) = self.reader.read_record(text, &mut self.bytes, &mut self.ends);
        if !matches!(found, ReadRecordResult::InputEmpty) {
            return Err("it has a line's end in it: delete it".to_owned());
        }
        let rest = (self.bytes.get_mut(bytes..), self.ends.get_mut(ends..));
        let (Some(more_bytes), Some(more_ends)) = rest else { return Err("it cannot be read".to_owned()) };
        // Nothing more: that is the line's end.
        let (_, _, _, more) = self.reader.read_record(&[], more_bytes, more_ends);
        let mut begin = 0;
        let value = |end: &usize| {
            let value = self.bytes.get(begin..*end).unwrap_or_default().trim_ascii();
            begin = *end;
            value
        };
        Ok(self.ends.get(..ends + more).unwrap_or_default().iter().map(value).collect())
    }
}

/// The columns that the first line names.
fn columns_of<K: Kind>(values: &[&[u8]]) -> Result<Vec<usize>> {
    let columns = values.iter().map(|name| column::<K>(name)).collect::<Result<Vec<_>>>()?;
    for (place, name) in K::FIELDS.iter().enumerate() {
        let count = columns.iter().filter(|found| **found == place).count();
        ensure!(count < 2, "the first line names the column `{name}` twice: delete one");
        let is_needed = K::NEEDED.contains(name);
        ensure!(count == 1 || !is_needed, "the first line lacks the column `{name}`: it has the columns' names");
    }
    Ok(columns)
}

fn column<K: Kind>(name: &[u8]) -> Result<usize> {
    let name = String::from_utf8_lossy(name);
    field::<K>(&name).ok_or_else(|| eyre!("the first line: {}", unknown::<K>(&name)))
}

fn row<'a, K: Kind>(values: &[&'a [u8]], columns: &[usize]) -> Result<Draft<'a, K>, String> {
    if values.len() != columns.len() {
        return Err(format!(
            "it has {} values, and the first line has {} names: give a value for each",
            values.len(),
            columns.len()
        ));
    }
    let mut draft = Draft::default();
    for (place, value) in columns.iter().zip(values) {
        let value = std::str::from_utf8(value).map_err(|_| NO_TEXT.to_owned())?;
        draft.set(*place, value)?;
    }
    Ok(draft)
}

/// Reads a file of one row: JSON, also in a member that has the kind's name, or CSV.
///
/// # Errors
/// If it cannot be read, or has none or several.
pub(crate) fn read_one<K: Kind, T>(path: &Path, read_row: impl Fn(Draft<'_, K>) -> Result<T, String>) -> Result<T> {
    let shown = path.display();
    let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{shown} cannot be read"))?;
    // A person writes an object in several lines.
    if serde_json::from_str::<IgnoredAny>(&text).is_ok() {
        let members = serde_json::from_str(&text).map_or_else(|_| Vec::new(), |Members(members)| members);
        let mut named = members.iter().filter(|(name, _)| name == K::NAME).map(|(_, value)| value.get());
        let row = match (named.next(), named.next()) {
            (Some(_), Some(_)) => Err(twice(K::NAME)),
            (row, _) => Ok(row.unwrap_or(&text)),
        };
        return row.and_then(Draft::of_json).and_then(read_row).map_err(|reason| eyre!("{shown}: {reason}"));
    }
    let (mut found, name) = (None, K::NAME);
    let lines = Lines { input: text.as_bytes(), text: Vec::new(), number: 0 };
    read_lines(lines, |(line, row)| {
        let one = row.and_then(&read_row).map_err(|reason| eyre!("line {line}: {reason}"))?;
        ensure!(found.replace(one).is_none(), "line {line}: there is a {name} before this one: give a file of one");
        Ok(())
    })
    .wrap_err_with(|| shown.to_string())?;
    found.ok_or_else(|| eyre!("{shown} has no {name}: write an object of JSON, or two lines of CSV"))
}

#[cfg(test)]
mod tests;
